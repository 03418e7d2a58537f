package sink

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/utdrag/utdrag/plan/deliver/sink/sshtest"
)

// A server without statvfs can't say that its disk is full.
func TestDiskFullUntold(t *testing.T) {
	content := sealed(3 << 20)
	server := faulty(t, sshtest.Faults{Full: 1 << 20})
	for _, source := range []Source{spoolOf(content), streamOf(content)} {
		_, err := toFaulty(server).Put(t.Context(), packageName, source)
		wantCode(t, err, codeServer)
		wantNames(t, server.Dir)
	}
}

func TestTaken(t *testing.T) {
	content, other := sealed(100_000), []byte("the recipient's own")
	real, fake := sshtest.Start(t, sshtest.Options{}), faulty(t, sshtest.Faults{Renames: true, NoLinks: true})
	for dir, s := range map[string]Sink{real.Dir: toServer(t, real), fake.Dir: toFaulty(fake)} {
		for _, name := range []string{packageName, packageName + receiptSuffix} {
			for _, source := range []Source{spoolOf(content), streamOf(content)} {
				write(t, filepath.Join(dir, name), other)
				_, err := s.Put(t.Context(), packageName, source)
				wantCode(t, err, codeTaken, name)
				wantNames(t, dir, name)
				if err := os.Remove(filepath.Join(dir, name)); err != nil {
					t.Fatal(err)
				}
			}
		}
		// Someone takes the name while the package is on its way.
		for _, name := range []string{packageName, packageName + receiptSuffix} {
			_, err := s.Put(t.Context(), packageName, Stream(func(w io.Writer) error {
				write(t, filepath.Join(dir, name), other)
				return streamOf(content)(w)
			}))
			wantCode(t, err, codeTaken)
			got, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil || !bytes.Equal(got, other) {
				t.Errorf("%s was overwritten: %v", name, err)
			}
			_ = os.Remove(filepath.Join(dir, packageName))
			_ = os.Remove(filepath.Join(dir, packageName+receiptSuffix))
		}
		if err := os.Mkdir(filepath.Join(dir, packageName), 0o700); err != nil {
			t.Fatal(err)
		}
		_, err := s.Put(t.Context(), packageName, spoolOf(content))
		wantCode(t, err, codeTaken)
	}
}

// A link that an earlier connection asked for may be made late, when it isn't expected any more. It is ours all the same.
func TestLateLink(t *testing.T) {
	f := &Folder{Path: t.TempDir(), Options: quick()}
	content := sealed(1000)
	connects := 0
	late := func(ctx context.Context) (shelf, error) {
		s, err := f.connect(ctx)
		connects++
		return &lateShelf{s, connects}, err
	}
	r, err := put(t.Context(), packageName, streamOf(content), quick(), late)
	if err != nil {
		t.Fatal(err)
	}
	wantDelivered(t, f.Path, content, r)
	if r.Attempts != 2 || r.Already {
		t.Errorf("%+v", r)
	}
}

// lateShelf loses the first connection's link, and makes it when the second one asks for its own.
type lateShelf struct {
	shelf
	connection int
}

func (s *lateShelf) publish(from, to string) (string, error) {
	if s.connection == 1 {
		return "", external(codeLost, "", errTransient, "the connection broke")
	}
	if root := s.shelf.(*folderShelf).root; !strings.HasSuffix(to, receiptSuffix) {
		if err := root.Link(from, to); err != nil {
			return "", err
		}
	}
	return s.shelf.publish(from, to)
}

// Where the server has no links, a rename has to do, and the outcome says so.
func TestRenameSaysSo(t *testing.T) {
	server := faulty(t, sshtest.Faults{Renames: true, NoLinks: true})
	content := sealed(1000)
	r, err := toFaulty(server).Put(t.Context(), packageName, streamOf(content))
	if err != nil {
		t.Fatal(err)
	}
	wantDelivered(t, server.Dir, content, r)
	if !slices.Contains(r.Remarks, looked) || !slices.ContainsFunc(r.Remarks, func(s string) bool { return strings.Contains(s, "fsync") }) {
		t.Errorf("remarks %q", r.Remarks)
	}
}

func TestDenied(t *testing.T) {
	content := spoolOf(sealed(1000))
	server := sshtest.Start(t, sshtest.Options{SFTP: "-R"})
	s := toServer(t, server)
	_, err := s.Put(t.Context(), packageName, content)
	wantCode(t, err, codeDenied)
	wantNames(t, server.Dir)

	s.Folder = filepath.Join(server.Dir, "none")
	_, err = s.Put(t.Context(), packageName, content)
	wantCode(t, err, codeFolder)
	_, err = (&Folder{Path: s.Folder, Options: quick()}).Put(t.Context(), packageName, content)
	wantCode(t, err, codeFolder)
}

// Servers that let one lay down but not read: the size has to do, unless reading back is demanded.
func TestNoReading(t *testing.T) {
	content := sealed(400_000)
	real, fake := sshtest.Start(t, sshtest.Options{SFTP: "-P read"}), faulty(t, sshtest.Faults{NoRead: true})
	a, b := toServer(t, real), toFaulty(fake)
	for dir, s := range map[string]*SFTP{real.Dir: a, fake.Dir: b} {
		s.Options.Verify = VerifyAlways
		_, err := s.Put(t.Context(), packageName, streamOf(content))
		wantCode(t, err, codeUnread)
		wantNames(t, dir)

		// What a broken run left can't be compared, so it isn't used.
		s.Options.Verify = VerifyIfAllowed
		sum := spoolOf(content).SHA256
		write(t, filepath.Join(dir, partial{packageName, orderMark("order-1"), hexOf(sum[:8]), "0123456789abcdef"}.String()), []byte("x"))
		r, err := s.Put(t.Context(), packageName, spoolOf(content))
		if err != nil {
			t.Fatal(err)
		}
		wantDelivered(t, dir, content, r)
		if r.Verified != VerifiedSize || len(r.Remarks) == 0 || r.Resumed != 0 {
			t.Errorf("%+v", r)
		}
		_, err = s.Put(t.Context(), packageName, spoolOf(content))
		wantCode(t, err, codeTaken)
	}
}

// A disk or server that alters a byte is found by reading back.
func TestAltered(t *testing.T) {
	content := sealed(1 << 20)
	server := faulty(t, sshtest.Faults{CorruptAt: 700_000})
	for _, source := range []Source{spoolOf(content), streamOf(content)} {
		_, err := toFaulty(server).Put(t.Context(), packageName, source)
		wantCode(t, err, codeAltered)
		wantNames(t, server.Dir)
	}
}

// A server that stops answering is left after the time set, and a slow one isn't.
func TestSlow(t *testing.T) {
	content := sealed(2 << 20)
	silent := faulty(t, sshtest.Faults{SilentAfter: 1 << 20})
	s := toFaulty(silent)
	s.Timeouts.Answer, s.Options.Attempts = 300*time.Millisecond, 2
	_, err := s.Put(t.Context(), packageName, spoolOf(content))
	wantCode(t, err, codeStalled)
	if hasPackage(silent.Dir) {
		t.Error("half a package has its name")
	}

	slow := faulty(t, sshtest.Faults{Slow: 10 * time.Millisecond})
	s = toFaulty(slow)
	s.Timeouts.Answer = 5 * time.Second
	r, err := s.Put(t.Context(), packageName, spoolOf(content))
	if err != nil {
		t.Fatal(err)
	}
	wantDelivered(t, slow.Dir, content, r)
}

// A peer that vanishes while the stream is being made is noticed by the keep-alive.
func TestKeepAlive(t *testing.T) {
	server := sshtest.Start(t, sshtest.Options{})
	s := toServer(t, server)
	line := sshtest.Cut(t, server.Address(), func(int) int64 { return -1 })
	var dead atomic.Bool
	s.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		if dead.Load() {
			return nil, errors.New("gone")
		}
		return through(line)(ctx, network, "")
	}
	s.Timeouts.KeepAlive = 20 * time.Millisecond
	_, err := s.Put(t.Context(), packageName, Stream(func(w io.Writer) error {
		dead.Store(true)
		line.Break()
		time.Sleep(200 * time.Millisecond)
		return streamOf(sealed(largestBlock))(w)
	}))
	wantCode(t, err, codeLost)
}

// Calling off ends it soon at any point, and leaves nothing of a stream.
func TestCancel(t *testing.T) {
	server := sshtest.Start(t, sshtest.Options{})
	content := sealed(2 << 20)
	before := runtime.NumGoroutine()
	for i := range 12 {
		dir := t.TempDir()
		s := toServer(t, server)
		s.Folder = dir
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*5*time.Millisecond)
		r, err := s.Put(ctx, packageName, streamOf(content))
		cancel()
		if err == nil {
			wantDelivered(t, dir, content, r)
			continue
		}
		wantCode(t, err, codeCanceled)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
		if hasPackage(dir) {
			wantContent(t, dir, content)
			continue
		}
		// While it isn't known whether the name was given, file and receipt stay for the rerun; otherwise nothing does.
		if left := names(t, dir); len(left) > 0 {
			if info, err := os.Stat(filepath.Join(dir, left[len(left)-1])); len(left) != 2 || err != nil || info.Size() != int64(len(content)) {
				t.Errorf("left: %q", left)
			}
		}
	}
	for range 200 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines are left of %d deliveries", runtime.NumGoroutine()-before, 12)
}

// The producer's own error comes out as it is, and a panic leaves nothing.
func TestProducerFails(t *testing.T) {
	server := sshtest.Start(t, sshtest.Options{})
	s := toServer(t, server)
	own := errors.New("the source failed")
	_, err := s.Put(t.Context(), packageName, Stream(func(w io.Writer) error {
		_, _ = w.Write(sealed(600_000))
		return own
	}))
	if err != own {
		t.Errorf("%v", err)
	}
	wantNames(t, server.Dir)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was hidden")
			}
		}()
		_, _ = s.Put(t.Context(), packageName, Stream(func(io.Writer) error { panic("x") }))
	}()
	wantNames(t, server.Dir)
}

func TestSources(t *testing.T) {
	f := &Folder{Path: t.TempDir(), Options: quick()}
	changed := spoolOf([]byte("abc"))
	changed.Content = bytes.NewReader([]byte("abd"))
	short := spoolOf([]byte("abc"))
	short.Size = 4
	for _, source := range []Source{nil, Stream(nil), (*Spool)(nil), &Spool{}, changed, short} {
		_, err := f.Put(t.Context(), packageName, source)
		wantCode(t, err, codeSource)
	}
	for _, name := range []string{"", ".", "..", "a/b", `a\b`, ".hidden", "-x", "å", "a b", "con", "LPT1.txt", "a.", "x.receipt.json", strings.Repeat("a", 129)} {
		_, err := f.Put(t.Context(), name, spoolOf(nil))
		wantCode(t, err, codeName)
	}
	wantNames(t, f.Path)
}

// Leftovers: of the same order and old enough, or of this package; nothing else is touched.
func TestLeftovers(t *testing.T) {
	server := sshtest.Start(t, sshtest.Options{})
	s := toServer(t, server)
	old := time.Now().Add(-72 * time.Hour)
	lay := func(base, order string, aged bool) string {
		name := partial{base, orderMark(order), streamed, "00000000000000ff"}.String()
		write(t, filepath.Join(server.Dir, name), []byte("x"))
		if aged {
			if err := os.Chtimes(filepath.Join(server.Dir, name), old, old); err != nil {
				t.Fatal(err)
			}
		}
		return name
	}
	lay("gone-1", "order-1", true)
	lay(packageName, "order-1", false)
	stays := []string{lay("young", "order-1", false), lay("others", "order-2", true), ".partial", packageName, packageName + receiptSuffix}
	write(t, filepath.Join(server.Dir, ".partial"), nil)
	if _, err := s.Put(t.Context(), packageName, streamOf(sealed(10))); err != nil {
		t.Fatal(err)
	}
	wantNames(t, server.Dir, stays...)
}

// An unfinished file that exists isn't written into by whoever makes one.
func TestUnfinishedIsOurs(t *testing.T) {
	server := sshtest.Start(t, sshtest.Options{})
	s := toServer(t, server)
	s.Options.Random = bytes.NewReader(make([]byte, 100))
	name := partial{packageName, orderMark("order-1"), streamed, strings.Repeat("0", 16)}.String()
	write(t, filepath.Join(server.Dir, name), []byte("another's"))
	_, err := s.Put(t.Context(), packageName, streamOf(sealed(10)))
	wantCode(t, err, codeServer)
	if got, err := os.ReadFile(filepath.Join(server.Dir, name)); err != nil || string(got) != "another's" {
		t.Errorf("%q, %v", got, err)
	}
}

// Another run that takes over the unfinished file ends this one, not the other way round.
func TestOvertaken(t *testing.T) {
	server := sshtest.Start(t, sshtest.Options{})
	s := toServer(t, server)
	content := sealed(3 * smallestBlock)
	s.Options.Progress = func(int64) {
		for _, n := range names(t, server.Dir) {
			_ = os.Rename(filepath.Join(server.Dir, n), filepath.Join(server.Dir, "taken"))
		}
	}
	_, err := s.Put(t.Context(), packageName, spoolOf(content))
	wantCode(t, err, codeOvertaken)
	wantNames(t, server.Dir, "taken")
}

// Memory stays the same whatever the size.
func TestMemory(t *testing.T) {
	server := sshtest.Start(t, sshtest.Options{})
	s := toServer(t, server)
	block := sealed(1 << 20)
	var most uint64
	s.Options.Progress = func(int64) {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		most = max(most, m.HeapAlloc)
	}
	const blocks = 200
	r, err := s.Put(t.Context(), packageName, Stream(func(w io.Writer) error {
		for range blocks {
			if _, err := w.Write(block); err != nil {
				return err
			}
		}
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	if r.Bytes != blocks<<20 || most > 64<<20 {
		t.Errorf("%d bytes, %d MB of memory", r.Bytes, most>>20)
	}
}
