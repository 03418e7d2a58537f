package pack

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/utdrag/utdrag/internal/durable"
	"github.com/utdrag/utdrag/mask/value"
)

// noise is large, and doesn't compress.
func noise(size int64) value.Value {
	return value.NewLarge(value.Bytes, &value.Large{Size: size, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(io.LimitReader(rand.NewChaCha8([32]byte{}), size)), nil
	}})
}

func writeNoise(w *Writer, size int64) error {
	tw, err := w.Table(table("Noise", column("a", value.Binary)))
	if err != nil {
		return err
	}
	if err := tw.Write([]value.Value{noise(size)}); err != nil {
		return err
	}
	if _, err := tw.Close(""); err != nil {
		return err
	}
	_, err = w.Commit()
	return err
}

// A full disk, at whatever byte, is an error and leaves nothing.
func TestFailingStream(t *testing.T) {
	anna, bo, _ := keys(t)
	o := Options{Info: testInfo("sqlite"), Recipients: []*Recipient{anna.recipient}, Signer: bo.secret}
	var whole bytes.Buffer
	w, err := NewWriter(&whole, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := writeNoise(w, 1<<20); err != nil {
		t.Fatal(err)
	}
	for room := 0; room < whole.Len()-100; room += whole.Len() / 50 {
		w, err := NewWriter(&narrow{room: room}, o)
		if err == nil {
			err = writeNoise(w, 1<<20)
			w.Abort()
		}
		wantCode(t, err, codeDisk)
		if !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%v", err)
		}
	}
}

type narrow struct{ room int }

func (n *narrow) Write(p []byte) (int, error) {
	if n.room -= len(p); n.room < 0 {
		return 0, syscall.ENOSPC
	}
	return len(p), nil
}

// The same on a real file system that is full, both for a package and for what is taken out of one.
func TestFullDisk(t *testing.T) {
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("mounting a small file system needs root on Linux")
	}
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("can't mount a small file system: %s", out)
	}
	defer func() { _ = exec.Command("umount", dir).Run() }()
	anna, _, _ := keys(t)
	path := filepath.Join(dir, "p.gpg")
	w, err := Create(path, Options{Info: testInfo("sqlite"), Recipients: []*Recipient{anna.recipient}})
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, writeNoise(w, 8<<20), codeDisk)
	w.Abort()
	onlyThese(t, dir)

	var b bytes.Buffer
	w, err = NewWriter(&b, Options{Info: testInfo("sqlite"), Recipients: []*Recipient{anna.recipient}})
	if err != nil {
		t.Fatal(err)
	}
	if err := writeNoise(w, 2<<20); err != nil {
		t.Fatal(err)
	}
	p, err := Open(bytes.NewReader(b.Bytes()), Keys{Secrets: []*Secret{anna.secret}}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, p.Extract(filepath.Join(dir, "out")), codeDisk)
	onlyThese(t, dir)
}

// Nothing that exists is written over, even if it comes to be while the package is written.
func TestNeverOver(t *testing.T) {
	anna, _, _ := keys(t)
	o := Options{Info: testInfo("sqlite"), Recipients: []*Recipient{anna.recipient}}
	dir := t.TempDir()
	path := filepath.Join(dir, "p")
	w, err := Create(path, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = w.Commit()
	wantCode(t, err, codeExists)
	if content, err := os.ReadFile(path); err != nil || string(content) != "mine" {
		t.Errorf("%q, %v", content, err)
	}
	_, err = Create(path, o)
	wantCode(t, err, codeExists)
	onlyThese(t, dir, "p")
	_, err = Create(filepath.Join(dir, "missing", "p"), o)
	wantCode(t, err, codeDisk)
}

// A process that is killed in the middle leaves nothing at all.
func TestKilled(t *testing.T) {
	if path := os.Getenv("UTDRAG_TEST_KILL"); path != "" {
		anna, _, _ := keys(t)
		w, err := Create(path, Options{Info: testInfo("sqlite"), Recipients: []*Recipient{anna.recipient}})
		if err != nil {
			t.Fatal(err)
		}
		_ = writeNoise(w, 1<<40)
		return
	}
	if runtime.GOOS != "linux" {
		t.Skip("files without a name are Linux's")
	}
	dir := t.TempDir()
	if !durable.Unnamed(dir) {
		t.Skip("the file system has no files without a name")
	}
	cmd := exec.Command(os.Args[0], "-test.run", "^TestKilled$")
	cmd.Env = append(os.Environ(), "UTDRAG_TEST_KILL="+filepath.Join(dir, "p.gpg"))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	// It has written some megabytes when its own file shows it.
	deadline := time.Now().Add(20 * time.Second)
	for written := int64(0); written < 20<<20; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the child writes nothing")
		}
		written = 0
		fds, _ := filepath.Glob("/proc/" + strconv.Itoa(cmd.Process.Pid) + "/fd/*")
		for _, fd := range fds {
			if to, _ := os.Readlink(fd); strings.HasPrefix(to, dir) {
				if info, err := os.Stat(fd); err == nil {
					written = info.Size()
				}
			}
		}
	}
	onlyThese(t, dir)
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	onlyThese(t, dir)
}

// Gigabytes in one cell pass in bounded memory.
func TestBoundedMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("seals half a gigabyte")
	}
	anna, bo, _ := keys(t)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	w, err := NewWriter(&peak{}, Options{Info: testInfo("sqlite"), Recipients: []*Recipient{anna.recipient}, Signer: bo.secret})
	if err != nil {
		t.Fatal(err)
	}
	p := w.out.w.(*peak)
	p.base = before.HeapInuse
	if err := writeNoise(w, 256<<20); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	t.Logf("%d MB sealed; heap in use at most %.1f MB more than before", w.out.n>>20, float64(p.max)/(1<<20))
	if p.max > 40<<20 {
		t.Error("more than 40 MB")
	}
}

// The same for what is read: a part is held, and never a table.
func TestBoundedMemoryReading(t *testing.T) {
	if testing.Short() {
		t.Skip("seals a quarter of a gigabyte")
	}
	anna, _, _ := keys(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "p.gpg")
	w, err := Create(path, Options{Info: testInfo("sqlite"), Recipients: []*Recipient{anna.recipient}})
	if err != nil {
		t.Fatal(err)
	}
	if err := writeNoise(w, 128<<20); err != nil {
		t.Fatal(err)
	}
	w = nil
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	watched := &watchedFile{File: f, peak: peak{base: before.HeapInuse}}
	p, err := Open(watched, Keys{Secrets: []*Secret{anna.secret}}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	verifying := watched.peak.max
	if err := p.Extract(filepath.Join(dir, "out")); err != nil {
		t.Fatal(err)
	}
	t.Logf("heap in use at most %.1f MB more than before to verify, %.1f MB to unpack", float64(verifying)/(1<<20), float64(watched.peak.max)/(1<<20))
	if watched.peak.max > 60<<20 {
		t.Error("more than 60 MB")
	}
}

type watchedFile struct {
	*os.File
	peak peak
}

func (w *watchedFile) Read(p []byte) (int, error) {
	n, err := w.File.Read(p)
	_, _ = w.peak.Write(p[:n])
	return n, err
}

// peak throws away what it gets and looks at the heap now and then.
type peak struct {
	base, max uint64
	n         int
}

func (p *peak) Write(b []byte) (int, error) {
	if p.n += len(b); p.n > 8<<20 {
		p.n = 0
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		if m.HeapInuse > p.base {
			p.max = max(p.max, m.HeapInuse-p.base)
		}
	}
	return len(b), nil
}
