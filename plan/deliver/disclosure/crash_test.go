//go:build unix

package disclosure

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"

	"github.com/utdrag/utdrag/filter/diag"
)

// child is another process that writes to a log: the test's own binary, run again. It appends as often as it is told and
// says each number and hash when Append has returned.
func child(mode string) int {
	l, err := childLog()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 3
	}
	times, _ := strconv.Atoi(os.Getenv("DISCLOSURE_TIMES"))
	steps := 0
	l.step = func(step string) error {
		if steps++; mode == "die" && rand.N(25) == 0 {
			if step == "record write" { // as if the write were torn
				f, _ := os.OpenFile(l.path, os.O_WRONLY|os.O_APPEND, 0)
				_, _ = f.WriteString(`{"disclosure_log":1,"log":"0707`[:1+rand.N(30)])
			}
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
		return nil
	}
	for range times {
		r, err := l.Append(context.Background(), refusal())
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 3
		}
		line, err := encode(r)
		if err != nil {
			return 3
		}
		fmt.Println(r.Sequence, digest(line))
	}
	return 0
}

func childLog() (*Log, error) {
	text, err := os.ReadFile(os.Getenv("DISCLOSURE_KEY"))
	if err != nil {
		return nil, err
	}
	e, err := openpgp.ReadEntity(packet.NewReader(bytes.NewReader(text)))
	if err != nil {
		return nil, err
	}
	o := testOptions()
	o.Signer, o.Keys, o.Now = newKey(e), []Verifier{newKey(e)}, time.Now
	return Open(os.Getenv("DISCLOSURE_LOG"), o)
}

func childOf(t *testing.T, l *Log, mode string, times int) *exec.Cmd {
	t.Helper()
	key := filepath.Join(filepath.Dir(l.path), "region.key")
	if _, err := os.Stat(key); err != nil {
		var b bytes.Buffer
		if err := entities()[0].SerializePrivateWithoutSigning(&b, nil); err != nil {
			t.Fatal(err)
		}
		overwrite(t, key, b.Bytes())
	}
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "DISCLOSURE_CHILD="+mode, "DISCLOSURE_LOG="+l.path, "DISCLOSURE_KEY="+key, "DISCLOSURE_TIMES="+strconv.Itoa(times))
	c.Stderr = os.Stderr
	return c
}

// Killed a hundred times, half of them at a time of nobody's choosing and half between two steps: the log verifies or is
// repaired, and holds every record that Append had returned for.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("a hundred processes")
	}
	l := newTestLog(t)
	l.options.Now = time.Now
	promised := make(map[string]string)
	repaired, unanchored := 0, 0
	for i := range 100 {
		mode := []string{"append", "die"}[i%2]
		c := childOf(t, l, mode, 1<<20)
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		if mode == "append" {
			time.AfterFunc(30*time.Millisecond+rand.N(60*time.Millisecond), func() { _ = c.Process.Kill() })
		}
		for s := bufio.NewScanner(out); s.Scan(); {
			number, hash, ok := strings.Cut(s.Text(), " ")
			if ok && len(hash) == 64 { // the last line may be torn itself
				promised[number] = hash
			}
		}
		if err := c.Wait(); err == nil || c.ProcessState.ExitCode() != -1 {
			t.Fatalf("the child wasn't killed: %v", err)
		}
		report := verifyLog(t, l)
		for _, d := range report.Findings {
			switch d.Code {
			case codeTorn:
				if _, err := l.Repair(t.Context()); err != nil {
					t.Fatal(err)
				}
				repaired++
			case codeUnanchored:
				unanchored++
			default:
				t.Fatal(d)
			}
		}
	}
	if _, err := l.Append(t.Context(), refusal()); err != nil {
		t.Fatal(err)
	}
	report := verifyLog(t, l)
	wantSound(t, report, report.Last)
	all := linesOf(read(t, l.path))
	for number, hash := range promised {
		n, err := strconv.Atoi(number)
		if err != nil || n > len(all) || digest(bytes.TrimSuffix(all[n-1], []byte("\n"))) != hash {
			t.Errorf("record %s is lost", number)
		}
	}
	if len(promised) == 0 || repaired == 0 {
		t.Errorf("the test tests little: %d records promised, %d repairs", len(promised), repaired)
	}
	t.Logf("%d records, %d of them promised; %d repairs, %d ends unanchored", report.Last, len(promised), repaired, unanchored)
}

// Two processes, and two goroutines of one, append at once.
func TestTwoAtOnce(t *testing.T) {
	l := newTestLog(t)
	l.options.Now = time.Now
	const each = 40
	children := []*exec.Cmd{childOf(t, l, "append", each), childOf(t, l, "append", each)}
	for _, c := range children {
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
	}
	done := make(chan error)
	for range 2 {
		go func() {
			for range each {
				if _, err := l.Append(context.Background(), refusal()); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	for _, c := range children {
		if err := c.Wait(); err != nil {
			t.Error(err)
		}
	}
	report := verifyLog(t, l)
	if report.Findings.Refused() || report.Records != 1+4*each || report.Last != report.Records {
		t.Errorf("%+v", report)
	}
}

// Each step fails in turn, with the disk full. Nothing is promised that isn't there, and when there is room again the
// next append goes through without a repair.
func TestEachStepFails(t *testing.T) {
	for _, step := range []string{"record write", "record written", "record synced", "anchor create", "anchor written", "anchor renamed"} {
		l := newTestLog(t, startedFor(tallmo))
		l.step = func(s string) error {
			if s == step {
				return syscall.ENOSPC
			}
			return nil
		}
		_, err := l.Append(t.Context(), delivered())
		want := codeHalfDone
		if strings.HasPrefix(step, "record wr") {
			want = codeDisk
		}
		wantCode(t, err, want)
		if report := verifyLog(t, l); report.Findings.Refused() {
			t.Errorf("%s: %v", step, report.Findings)
		}
		l.step = nil
		if _, err := l.Append(t.Context(), refusal()); err != nil {
			t.Errorf("%s: %v", step, err)
		}
		report := verifyLog(t, l)
		wantSound(t, report, report.Last)
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(l.path), ".*")); len(left) != 0 {
			t.Errorf("%s leaves %v", step, left)
		}
	}
}

// The same on a real file system that is full: a piece of a record that didn't fit is taken back.
func TestFullDisk(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("mounting a small file system needs root on Linux")
	}
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("can't mount a small file system: %s", out)
	}
	defer func() { _ = exec.Command("umount", dir).Run() }()
	l, err := Create(filepath.Join(dir, "x.log"), testOptions())
	if err != nil {
		t.Fatal(err)
	}
	d := delivered()
	for i := range 300 {
		d.Units = append(d.Units, fmt.Sprintf("SE5500000020-X%d", i))
	}
	var promised int64
	for {
		r, err := l.Append(t.Context(), d)
		if err != nil {
			if code := diag.CodeOf(err); code != codeDisk && code != codeHalfDone {
				t.Fatal(err)
			}
			break
		}
		promised = r.Sequence
	}
	if report := verifyLog(t, l); report.Findings.Refused() || report.Last < promised || promised < 5 {
		t.Errorf("%d promised, %+v", promised, report)
	}
	if _, err := l.Append(t.Context(), d); diag.CodeOf(err) != codeDisk {
		t.Error(err)
	}
	if out, err := exec.Command("mount", "-o", "remount,size=1m", dir).CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
	if _, err := l.Append(t.Context(), refusal()); err != nil {
		t.Fatal(err)
	}
	report := verifyLog(t, l)
	wantSound(t, report, report.Last)
	if out, err := exec.Command("mount", "-o", "remount,ro", dir).CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
	_, err = l.Append(t.Context(), refusal())
	wantCode(t, err, codeDisk)
	wantSound(t, verifyLog(t, l), report.Last)
}
