//go:build unix

package receive_test

import (
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/utdrag/utdrag/plan/deliver/receive"
)

// A pipe isn't a package, and isn't waited for.
func TestAttackAPackageThatIsAPipe(t *testing.T) {
	d := newDesk(t)
	pipe := filepath.Join(t.TempDir(), "p.pgp")
	if unix.Mkfifo(pipe, 0o600) != nil {
		t.Skip("no pipes with a name here")
	}
	done := make(chan error, 1)
	go func() {
		_, err := receive.Receive(t.Context(), receive.From{File: pipe}, d.sqlite("x.db"), d.options)
		done <- err
	}()
	select {
	case err := <-done:
		demandCode(t, err, "UD504")
	case <-time.After(10 * time.Second):
		t.Fatal("it waits for ever")
	}
}
