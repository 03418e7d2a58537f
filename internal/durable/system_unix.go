//go:build unix

package durable

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// SyncFolder makes the names in a folder durable.
func SyncFolder(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// TryLock takes the lock of an open file (flock(2)), exclusively or shared with others, and reports whether it was to be had. It ends
// with [Unlock], when the file is closed, or when the process dies. A file whose lock counts isn't removed: two could hold it then.
func TryLock(f *os.File, exclusive bool) (bool, error) {
	how := unix.LOCK_SH
	if exclusive {
		how = unix.LOCK_EX
	}
	for {
		switch err := unix.Flock(int(f.Fd()), how|unix.LOCK_NB); {
		case err == nil:
			return true, nil
		case errors.Is(err, unix.EINTR):
		case errors.Is(err, unix.EWOULDBLOCK):
			return false, nil
		default:
			return false, err
		}
	}
}

// Unlock gives a lock back.
func Unlock(f *os.File) error { return unix.Flock(int(f.Fd()), unix.LOCK_UN) }

// Spool makes a file, for its owner alone, that is gone when the process is, however that ends: its name is taken away before anything
// is written. Remove closes it.
func Spool(folder string) (f *os.File, remove func() error, err error) {
	if f, err = os.CreateTemp(folder, spoolName); err != nil { // mode 0600
		return nil, nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return f, f.Close, nil
}
