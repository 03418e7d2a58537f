package sink

import (
	"context"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/utdrag/utdrag/plan/deliver/sink/sshtest"
)

// The line breaks at every tenth of the file; each connection brings it one tenth further. A spool arrives all the same.
func TestCutSpool(t *testing.T) {
	content := sealed(5 << 20)
	for _, verify := range []Verify{VerifyIfAllowed, VerifySize} {
		server := sshtest.Start(t, sshtest.Options{})
		s := toServer(t, server)
		s.Options.Verify = verify
		tenth := int64(len(content) / 10)
		line := sshtest.Cut(t, server.Address(), func(n int) int64 {
			if n >= 10 {
				return -1
			}
			return tenth + 300_000 // a handshake, and what the last block had to repeat
		})
		s.Dial = through(line)
		var furthest int64
		s.Options.Progress = func(n int64) {
			furthest = max(furthest, n)
			if hasPackage(server.Dir) {
				t.Error("it has its name before it is whole")
			}
		}
		r, err := s.Put(t.Context(), packageName, spoolOf(content))
		if err != nil {
			t.Fatal(err)
		}
		wantDelivered(t, server.Dir, content, r)
		if line.Breaks.Load() < 5 || furthest != int64(len(content)) {
			t.Errorf("%d breaks, %d bytes", line.Breaks.Load(), furthest)
		}
	}
}

// One break at each tenth, in a delivery of its own: a spool goes on, a stream fails and leaves nothing.
func TestCutOnce(t *testing.T) {
	server := sshtest.Start(t, sshtest.Options{})
	content := sealed(1 << 20)
	for tenth := range 11 {
		at := int64(len(content)*tenth/10) + 2000
		for _, source := range []Source{spoolOf(content), streamOf(content)} {
			dir := t.TempDir()
			s := toServer(t, server)
			s.Folder = dir
			line := sshtest.Cut(t, server.Address(), func(n int) int64 {
				if n == 0 {
					return at
				}
				return -1
			})
			s.Dial = through(line)
			r, err := s.Put(t.Context(), packageName, source)
			if _, spooled := source.(*Spool); spooled || err == nil {
				if err != nil {
					t.Fatalf("tenth %d: %v", tenth, err)
				}
				wantDelivered(t, dir, content, r)
				continue
			}
			wantCode(t, err, codeLost)
			wantNames(t, dir)
			if r, err = s.Put(t.Context(), packageName, source); err != nil {
				t.Fatalf("tenth %d, again: %v", tenth, err)
			}
			wantDelivered(t, dir, content, r)
		}
	}
}

// through leads every connection over the line.
func through(line *sshtest.Line) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, (&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: line.Port}).String())
	}
}

// A line that never gets further is given up, and what came stays for the next run.
func TestCutForGood(t *testing.T) {
	server := sshtest.Start(t, sshtest.Options{})
	s := toServer(t, server)
	content := sealed(3 << 20)
	line := sshtest.Cut(t, server.Address(), func(n int) int64 {
		if n == 0 {
			return 2 << 20
		}
		return 100
	})
	s.Dial = through(line)
	var waits []time.Duration
	s.Options.Sleep = func(_ context.Context, d time.Duration) error { waits = append(waits, d); return nil }
	_, err := s.Put(t.Context(), packageName, spoolOf(content))
	wantCode(t, err, codeConnect)
	if len(waits) != 6-1 || !slices.IsSorted(waits) && waits[4] < 4*time.Second {
		t.Errorf("waits: %v", waits)
	}
	left := names(t, server.Dir)
	if len(left) != 1 || !strings.HasPrefix(left[0], "."+packageName+".utdrag-partial-") {
		t.Fatalf("left: %q", left)
	}
	s.Dial = nil
	r, err := s.Put(t.Context(), packageName, spoolOf(content))
	if err != nil {
		t.Fatal(err)
	}
	wantDelivered(t, server.Dir, content, r)
	if r.Resumed < smallestBlock {
		t.Errorf("resumed at %d", r.Resumed)
	}
}

// What an earlier run left is compared, not believed: holes and altered bytes are written again, what is too long is not used.
func TestResumeCompares(t *testing.T) {
	content := sealed(1 << 20)
	mark := func(name string) string {
		sum := spoolOf(content).SHA256
		return partial{name, orderMark("order-1"), hexOf(sum[:8]), "0123456789abcdef"}.String()
	}
	for name, left := range map[string][]byte{
		"prefix":  content[:700_000],
		"hole":    slices.Concat(content[:500_000], make([]byte, 100_000), content[600_000:900_000]),
		"altered": slices.Concat([]byte{^content[0]}, content[1:]),
		"long":    slices.Concat(content, []byte("x")),
		"whole":   content,
		"empty":   nil,
	} {
		t.Run(name, func(t *testing.T) {
			server := sshtest.Start(t, sshtest.Options{})
			s := toServer(t, server)
			write(t, filepath.Join(server.Dir, mark(packageName)), left)
			r, err := s.Put(t.Context(), packageName, spoolOf(content))
			if err != nil {
				t.Fatal(err)
			}
			wantDelivered(t, server.Dir, content, r)
			want := map[string]int64{"prefix": 700_000, "hole": 500_000, "whole": 1 << 20}[name]
			if r.Resumed != want {
				t.Errorf("resumed at %d, want %d", r.Resumed, want)
			}
		})
	}
}
