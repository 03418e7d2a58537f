package durable

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// SyncFolder has no counterpart; the file system's journal does it.
func SyncFolder(string) error { return nil }

// beyond is a byte far behind the end: a lock keeps others from reading the bytes that it covers.
func beyond() *windows.Overlapped { return &windows.Overlapped{OffsetHigh: 1 << 30} }

// TryLock takes the lock of an open file, exclusively or shared with others, and reports whether it was to be had. It ends with
// [Unlock], when the file is closed, or when the process dies.
func TryLock(f *os.File, exclusive bool) (bool, error) {
	flags := uint32(windows.LOCKFILE_FAIL_IMMEDIATELY)
	if exclusive {
		flags |= windows.LOCKFILE_EXCLUSIVE_LOCK
	}
	err := windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, beyond())
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return false, nil
	}
	return err == nil, err
}

// Unlock gives a lock back.
func Unlock(f *os.File) error {
	return windows.UnlockFileEx(windows.Handle(f.Fd()), 0, 1, 0, beyond())
}

// Spool makes a file, for its owner alone, that remove closes and removes. Windows takes no name away from an open file: a process that
// is killed leaves it, so only what is sealed is written there.
func Spool(folder string) (f *os.File, remove func() error, err error) {
	if f, err = os.CreateTemp(folder, spoolName); err != nil {
		return nil, nil, err
	}
	return f, func() error { return errors.Join(f.Close(), os.Remove(f.Name())) }, nil
}
