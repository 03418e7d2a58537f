package sqlite

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

var errDiskFull error = unix.ENOSPC

// unnamed makes a file without a name in a directory.
func unnamed(directory string) (*os.File, error) {
	fd, err := unix.Open(directory, unix.O_TMPFILE|unix.O_RDWR|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), "unnamed"), nil
}

func descriptor(f *os.File) string { return "/proc/self/fd/" + strconv.FormatUint(uint64(f.Fd()), 10) }

// canPublishUnnamed reports whether the file system has unnamed files and /proc is there to name them through.
func canPublishUnnamed(directory string) bool {
	f, err := unnamed(directory)
	if err != nil {
		return false
	}
	defer f.Close()
	through, err := os.Stat(descriptor(f))
	if err != nil {
		return false
	}
	itself, err := f.Stat()
	return err == nil && os.SameFile(through, itself)
}

// publishUnnamed copies a file to a new one that has no name until it is complete and on disk.
func publishUnnamed(ctx context.Context, src *os.File, final string) error {
	directory := filepath.Dir(final)
	dst, err := unnamed(directory)
	if err != nil {
		return err
	}
	defer dst.Close()
	if err := copyFile(ctx, dst, src); err != nil {
		return err
	}
	if err := dst.Sync(); err != nil {
		return err
	}
	if err := unix.Linkat(unix.AT_FDCWD, descriptor(dst), unix.AT_FDCWD, final, unix.AT_SYMLINK_FOLLOW); err != nil {
		return err
	}
	if err := syncDirectory(directory); err != nil {
		// The name may not survive a power failure, and the caller is told that there is no file.
		return errors.Join(err, os.Remove(final))
	}
	return nil
}
