package sink

import (
	"math"

	"golang.org/x/sys/unix"
)

// renameNew renames where links don't exist (FAT, some network file systems).
func (s *folderShelf) renameNew(from, to string) (string, error) {
	d, err := s.root.Open(".")
	if err != nil {
		return "", err
	}
	defer d.Close()
	fd := int(d.Fd())
	switch err := unix.Renameat2(fd, from, fd, to, unix.RENAME_NOREPLACE); err {
	case nil:
		return "", nil
	case unix.ENOSYS, unix.EINVAL:
		return s.renameAfterLook(from, to)
	default:
		return "", err
	}
}

func (s *folderShelf) free() (int64, bool) {
	d, err := s.root.Open(".")
	if err != nil {
		return 0, false
	}
	defer d.Close()
	var fs unix.Statfs_t
	if err := unix.Fstatfs(int(d.Fd()), &fs); err != nil || fs.Bsize <= 0 || fs.Blocks == 0 {
		return 0, false
	}
	return room(fs.Bavail, uint64(fs.Bsize))
}

func room(blocks, size uint64) (int64, bool) {
	if size != 0 && blocks > math.MaxInt64/size {
		return math.MaxInt64, true
	}
	return int64(blocks * size), true
}
