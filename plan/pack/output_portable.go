package pack

import (
	"errors"
	"io/fs"
	"os"
	"runtime"
)

// renameNewPortably renames and replaces nothing. For a file, the new name is a link, which fails where the name is
// taken. A folder can't be linked; there, the look before the rename leaves a moment in which an empty folder of that
// name, made by someone else, would be replaced.
func renameNewPortably(from, to string) error {
	info, err := os.Lstat(from)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		if err := os.Link(from, to); err != nil {
			return err
		}
		return os.Remove(from)
	}
	if _, err := os.Lstat(to); err == nil {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: fs.ErrExist}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Rename(from, to)
}

// syncFolder makes a new name durable. Windows has no such call; there the file system's journal does it.
func syncFolder(folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
