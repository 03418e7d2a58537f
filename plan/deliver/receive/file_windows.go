package receive

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// tryLock locks the first byte of an open file.
func tryLock(f *os.File) (bool, error) {
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_FAIL_IMMEDIATELY|windows.LOCKFILE_EXCLUSIVE_LOCK, 0, 1, 0, &windows.Overlapped{})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return false, nil
	}
	return err == nil, err
}

// syncFolder has no counterpart; the file system's journal does it.
func syncFolder(string) error { return nil }

// newSpool makes a file that is removed at the end. A process that is killed leaves it, sealed.
func newSpool(folder string) (f *os.File, remove func() error, err error) {
	if f, err = os.CreateTemp(folder, ".utdrag-spool-*"); err != nil {
		return nil, nil, err
	}
	return f, func() error { return errors.Join(f.Close(), os.Remove(f.Name())) }, nil
}
