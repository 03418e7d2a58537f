package durable

import (
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// openUnnamed makes a file without a name (O_TMPFILE, open(2)), which vanishes with the process. It reports false where the file
// system can't, or where /proc, by which it gets a name, isn't there.
func openUnnamed(folder string, mode fs.FileMode) (*os.File, bool) {
	fd, err := unix.Open(folder, unix.O_TMPFILE|unix.O_WRONLY|unix.O_CLOEXEC, uint32(mode.Perm()))
	if err != nil {
		return nil, false
	}
	f := os.NewFile(uintptr(fd), folder)
	itself, err := f.Stat()
	if err == nil {
		var through os.FileInfo
		if through, err = os.Stat(procName(f)); err == nil && os.SameFile(through, itself) {
			return f, true
		}
	}
	_ = f.Close()
	return nil, false
}

func procName(f *os.File) string { return fmt.Sprintf("/proc/self/fd/%d", f.Fd()) }

// linkUnnamed names the file. linkat replaces nothing.
func linkUnnamed(f *os.File, path string) error {
	err := unix.Linkat(unix.AT_FDCWD, procName(f), unix.AT_FDCWD, path, unix.AT_SYMLINK_FOLLOW)
	if err != nil {
		return &os.LinkError{Op: "linkat", Old: "the finished file", New: path, Err: err}
	}
	return nil
}

func renameNew(from, to string) error {
	err := unix.Renameat2(unix.AT_FDCWD, from, unix.AT_FDCWD, to, unix.RENAME_NOREPLACE)
	switch err {
	case nil:
		return nil
	case unix.ENOSYS, unix.EINVAL:
		return renameNewPortably(from, to)
	}
	return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
}
