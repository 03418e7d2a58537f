package disclosure

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// openPlain opens a file that exists.
func openPlain(path string, flags int) (*os.File, error) { return os.OpenFile(path, flags, 0) }

// tryLock locks a byte far behind the end: a lock keeps others from reading the bytes that it covers.
func tryLock(f *os.File, exclusive bool) (bool, error) {
	flags := uint32(windows.LOCKFILE_FAIL_IMMEDIATELY)
	if exclusive {
		flags |= windows.LOCKFILE_EXCLUSIVE_LOCK
	}
	err := windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, &windows.Overlapped{OffsetHigh: 1 << 30})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return false, nil
	}
	return err == nil, err
}

// openToAll can't tell from the mode bits, which Go makes up on Windows.
func openToAll(os.FileInfo) bool { return false }

// syncFolder has no counterpart; the file system's journal does it.
func syncFolder(string) error { return nil }

func unlock(f *os.File) error {
	return windows.UnlockFileEx(windows.Handle(f.Fd()), 0, 1, 0, &windows.Overlapped{OffsetHigh: 1 << 30})
}
