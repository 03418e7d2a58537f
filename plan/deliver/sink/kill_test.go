package sink

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/utdrag/utdrag/plan/deliver/sink/sshtest"
)

// errand is what the test's other process is to deliver.
type errand struct {
	Folder           string // of this machine; "": to the server
	Remote           string
	Port             int
	User, Known, Key string
	Size             int
	Streamed         bool
}

func (e errand) sink() Sink {
	if e.Folder != "" {
		return &Folder{Path: e.Folder, Options: quick()}
	}
	return &SFTP{Host: "127.0.0.1", Port: e.Port, User: e.User, Folder: e.Remote, HostKey: HostKey{KnownHosts: e.Known},
		Auth: Auth{KeyFiles: []string{e.Key}}, Options: quick()}
}

func (e errand) source() Source {
	if e.Streamed {
		return streamOf(sealed(e.Size))
	}
	return spoolOf(sealed(e.Size))
}

const errandVariable = "UTDRAG_TEST_ERRAND"

func TestMain(m *testing.M) {
	if text := os.Getenv(errandVariable); text != "" {
		var e errand
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			os.Exit(2)
		}
		source, sink := e.source(), e.sink()
		_, _ = os.Stdout.WriteString("ready\n")
		if _, err := sink.Put(context.Background(), packageName, source); err != nil {
			_, _ = os.Stderr.WriteString(err.Error() + "\n")
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// The process is killed at random points. The final name is never on anything but the whole package, and a rerun
// completes: the package and its receipt are there, and nothing else.
func TestKilled(t *testing.T) {
	kills := 40
	if n, err := strconv.Atoi(os.Getenv("UTDRAG_TEST_KILLS")); err == nil && n > 0 {
		kills = n
	}
	server := sshtest.Start(t, sshtest.Options{})
	key := sshtest.Key(t, "ed25519", "")
	server.Authorize(t, key)
	content := sealed(3 << 20)
	random := rand.New(rand.NewPCG(5, 3))
	var span [4]time.Duration // how long each kind takes, so that kills fall all over it
	died, named, receipted := 0, 0, 0
	for i := range kills {
		dir := t.TempDir()
		kind := i % 4
		e := errand{Remote: dir, Port: server.Port, User: server.User, Known: server.KnownHosts, Key: key,
			Size: len(content), Streamed: kind%2 == 1}
		if kind >= 2 {
			e.Folder = dir
		}
		if span[kind] == 0 {
			began := time.Now()
			if !perform(t, e, time.Hour) {
				t.Fatal("the errand doesn't work")
			}
			span[kind] = time.Since(began)
			for _, n := range names(t, dir) {
				_ = os.Remove(filepath.Join(dir, n))
			}
		}
		// The end, where names are given, is of most interest.
		at := time.Duration(random.Float64() * float64(span[kind]) * 1.2)
		if i%3 != 0 {
			at = time.Duration((0.6 + 0.5*random.Float64()) * float64(span[kind]))
		}
		began := time.Now()
		if !perform(t, e, at) {
			died++
		} else {
			span[kind] = (span[kind] + time.Since(began)) / 2 // the machine's other load comes and goes
		}
		if hasPackage(dir) {
			named++
			wantContent(t, dir, content)
			if _, err := os.Stat(filepath.Join(dir, packageName+receiptSuffix)); err == nil {
				receipted++
			}
		} else if _, err := os.Stat(filepath.Join(dir, packageName+receiptSuffix)); err == nil {
			t.Fatal("a receipt without a package")
		}
		r, err := e.sink().Put(t.Context(), packageName, e.source())
		if err != nil {
			t.Fatalf("kill %d, after %s of %s, the rerun: %v", i, at, span[kind], err)
		}
		wantContent(t, dir, content)
		for _, n := range names(t, dir) {
			// What a killed stream left is too young to be removed, unless the name was given.
			if p, ok := parsePartial(n); ok && (p.base == packageName || p.base == packageName+receiptSuffix) {
				t.Fatalf("kill %d: left %s", i, n)
			}
		}
		wantDelivered(t, dir, content, r)
	}
	t.Logf("%d runs, %d killed before the end, %d of all with the name, %d with the receipt", kills, died, named, receipted)
	if died < kills/4 {
		t.Errorf("only %d of %d were killed before the end", died, kills)
	}
}

// perform runs the errand in a process of its own and kills it after a time. It reports whether it had ended well.
func perform(t *testing.T, e errand, after time.Duration) bool {
	t.Helper()
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), errandVariable+"="+string(text))
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	if line, err := lines.ReadString('\n'); err != nil || line != "ready\n" {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		t.Fatalf("%q, %v", line, err)
	}
	timer := time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	_, _ = io.Copy(io.Discard, lines)
	err = cmd.Wait()
	if err != nil && said.Len() > 0 {
		t.Fatalf("it failed by itself: %s", said.String())
	}
	return err == nil
}
