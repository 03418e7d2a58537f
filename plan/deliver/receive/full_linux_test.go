package receive_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/utdrag/utdrag/plan/deliver/receive"
	"github.com/utdrag/utdrag/plan/deliver/sink"
)

// small is a file system with room for so much.
func small(t *testing.T, size string) string {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skip("no small file system can be made here:", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, 0) })
	return dir
}

func demandNames(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	check(t, err)
	if len(entries) != len(want) {
		t.Fatalf("%v, want %q", entries, want)
	}
	for i, e := range entries {
		if e.Name() != want[i] {
			t.Fatalf("%v, want %q", entries, want)
		}
	}
}

// The disk fills where the database is made, where the copy before is, where ciphertext is kept, and where the state is. What was
// there stays, nothing else does, and with room the same package is received.
func TestDiskFull(t *testing.T) {
	first, large := making{order: orderAt(1)}.make(t), making{order: orderAt(2), patients: 9000}.make(t)
	d := newDesk(t)
	d.options.Replace = true
	disk := small(t, "400k")
	target := "sqlite:" + filepath.Join(disk, "tallmo.db")
	d.loads(first, target, 5)
	_, err := d.take(large, target)
	demandCode(t, err, "UE022")
	demandNames(t, disk, "tallmo.db")
	if n := count(t, filepath.Join(disk, "tallmo.db"), "SELECT count(*) FROM Visit"); n != 5 {
		t.Errorf("%d visits, want 5", n)
	}

	d.options.Spool = small(t, "16k")
	area := t.TempDir()
	making{order: orderAt(3), patients: 9000, to: filepath.Join(area, "p.pgp")}.make(t)
	_, err = receive.Receive(t.Context(), receive.From{Store: &sink.Folder{Path: area}}, d.sqlite("x.db"), d.options)
	demandCode(t, err, "UD503")
	demandNames(t, d.options.Spool)

	state := d.options.State
	d.options.State = filepath.Join(small(t, "4k"), "received.json")
	check(t, os.WriteFile(filepath.Join(filepath.Dir(d.options.State), "filler"), make([]byte, 4096), 0o600))
	_, err = d.take(large, d.sqlite("x.db"))
	demandCode(t, err, "UD510")
	demandNames(t, filepath.Dir(d.options.State), "filler", "received.json.lock")

	d.options.State = state
	d.loads(large, d.sqlite("x.db"), 9000)
}
