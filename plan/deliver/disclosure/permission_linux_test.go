package disclosure

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// asNobody runs f on a thread of its own that isn't root's, and which ends with it.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	if os.Getuid() != 0 {
		f()
		return
	}
	done := make(chan bool)
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the thread dies with the goroutine
		const nobody = 65534
		if _, _, e := unix.RawSyscall(unix.SYS_SETRESUID, ^uintptr(0), nobody, ^uintptr(0)); e != 0 {
			t.Error(e)
			return
		}
		f()
	}()
	<-done
}

// Who may not write to the log or its folder gets an error, and the log is as it was.
func TestPermissions(t *testing.T) {
	dir, err := os.MkdirTemp("", "disclosure")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	l, err := Create(filepath.Join(dir, "x.log"), testOptions())
	if err != nil {
		t.Fatal(err)
	}
	set := func(path string, mode os.FileMode) {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	text := read(t, l.path)
	set(dir, 0o555)
	set(l.path, 0o444)
	set(l.anchor, 0o444)
	asNobody(t, func() {
		_, err := l.Append(t.Context(), refusal())
		wantCode(t, err, codeDisk)
		wantSound(t, verifyLog(t, l), 1) // reading is enough to verify
		_, err = Create(filepath.Join(dir, "y.log"), testOptions())
		wantCode(t, err, codeDisk)
	})
	set(l.path, 0o400)
	asNobody(t, func() {
		if os.Getuid() != 0 {
			return // the owner reads it
		}
		_, err := VerifyFile(t.Context(), l.path, "", Verification{Keys: l.options.Keys})
		wantCode(t, err, codeDisk)
	})
	if !bytes.Equal(text, read(t, l.path)) {
		t.Error("the log was changed")
	}

	// The log may be written to and its folder not: the record is there, and the error says so.
	if os.Getuid() == 0 {
		if err := os.Chown(l.path, 65534, -1); err != nil {
			t.Fatal(err)
		}
	}
	set(l.path, 0o644)
	asNobody(t, func() {
		_, err := l.Append(t.Context(), refusal())
		wantCode(t, err, codeHalfDone)
		_, err = l.Append(t.Context(), refusal())
		wantCode(t, err, codeDisk) // and never two ahead
	})
	set(dir, 0o755)
	if _, err := l.Append(t.Context(), refusal()); err != nil {
		t.Fatal(err)
	}
	wantSound(t, verifyLog(t, l), 3)
}
