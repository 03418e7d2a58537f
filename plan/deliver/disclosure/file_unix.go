//go:build unix

package disclosure

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// openPlain opens a file that exists and isn't a symbolic link. A pipe doesn't make it wait.
func openPlain(path string, flags int) (*os.File, error) {
	return os.OpenFile(path, flags|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
}

// tryLock takes the lock of an open file (flock(2)), which ends when the file is closed or the process dies.
func tryLock(f *os.File, exclusive bool) (bool, error) {
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

// openToAll reports whether others than the owner and its group may write to it.
func openToAll(info os.FileInfo) bool { return info.Mode().Perm()&0o002 != 0 }

// syncFolder makes a new name durable.
func syncFolder(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

func unlock(f *os.File) error { return unix.Flock(int(f.Fd()), unix.LOCK_UN) }
