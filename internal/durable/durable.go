// Package durable makes files of which there is all or nothing: what is written has its name when it is whole and on the disk, and not
// before, whenever the process is killed or the power fails. It also holds what the systems do differently: names that replace nothing,
// files that vanish with the process, locks.
//
// Errors are the operating system's; who calls knows what it was about.
package durable

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// spoolName is the pattern of a spooled file.
const spoolName = ".utdrag-spool-*"

// PartialMark stands in the name of each file and folder in the making, which begins with a dot.
const PartialMark = ".utdrag-partial"

// Partial is a name in the same folder, of its own, for what will have the name path.
func Partial(path string) string { return hidden(path) + "-" + rand.Text()[:12] }

func hidden(path string) string {
	return filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+PartialMark)
}

// File is a file in the making.
type File struct {
	f    *os.File
	path string
	// temporary is its name until then; "" where the system can do without.
	temporary string
	replaces  bool
}

// Create begins a file that gets the name path when it is committed. It replaces nothing, whatever comes there meanwhile: where
// something has the name, the error is [fs.ErrExist]. A killed process leaves nothing where the system has files without a name
// (Linux, on most file systems), and elsewhere what it had written, under a name that [PartialMark] tells.
func Create(path string, mode fs.FileMode) (*File, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := vacant(path); err != nil {
		return nil, err
	}
	if f, ok := openUnnamed(filepath.Dir(path), mode); ok {
		return &File{f: f, path: path}, nil
	}
	return createNamed(path, mode)
}

func createNamed(path string, mode fs.FileMode) (*File, error) {
	return create(path, Partial(path), mode, false)
}

// Replacing begins a file that takes the place of what has the name path, if anything has, when it is committed.
func Replacing(path string, mode fs.FileMode) (*File, error) {
	return create(path, Partial(path), mode, true)
}

func create(path, temporary string, mode fs.FileMode, replaces bool) (*File, error) {
	f, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return nil, err
	}
	return &File{f: f, path: path, temporary: temporary, replaces: replaces}, nil
}

func (f *File) Write(p []byte) (int, error) { return f.f.Write(p) }

// Commit makes the file durable and gives it its name. After an error what had the name has it, or nothing has; save that a file that
// replaced another stands where only its name can't be made durable.
func (f *File) Commit() error {
	err := f.f.Sync()
	if err == nil && f.temporary == "" {
		err = linkUnnamed(f.f, f.path)
	}
	if closing := f.f.Close(); err == nil {
		err = closing
	}
	if err == nil && f.temporary != "" {
		if f.replaces {
			err = os.Rename(f.temporary, f.path)
		} else {
			err = RenameNew(f.temporary, f.path)
		}
	}
	if err == nil {
		if err = SyncFolder(filepath.Dir(f.path)); err != nil && !f.replaces {
			_ = os.Remove(f.path) // the name might not survive a power failure, and whoever asked is told that there is none
		}
	}
	if err != nil && f.temporary != "" {
		_ = os.Remove(f.temporary)
	}
	return err
}

// Abort leaves nothing of it.
func (f *File) Abort() {
	_ = f.f.Close()
	if f.temporary != "" {
		_ = os.Remove(f.temporary)
	}
}

// Replace puts a small file, readable by its owner alone, in the place of another. The caller holds a lock that keeps others from
// doing the same: what a killed process left in the making is taken over.
func Replace(path string, text []byte) error {
	temporary := hidden(path)
	if err := os.Remove(temporary); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := create(path, temporary, 0o600, true)
	if err != nil {
		return err
	}
	if _, err := f.Write(text); err != nil {
		f.Abort()
		return err
	}
	return f.Commit()
}

// Unnamed reports whether a file made in the folder by [Create] has no name until it is committed.
func Unnamed(folder string) bool {
	f, ok := openUnnamed(folder, 0o600)
	if ok {
		_ = f.Close()
	}
	return ok
}

// RenameNew renames a file or folder and replaces nothing: where something has the name, the error is [fs.ErrExist].
func RenameNew(from, to string) error { return renameNew(from, to) }

// renameNewPortably gives a file its new name as a link, which fails where the name is taken. A folder can't be linked, and some file
// systems have no links; there, the look before the rename leaves a moment in which an empty folder or a file, made by someone else,
// would be replaced.
func renameNewPortably(from, to string) error {
	info, err := os.Lstat(from)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		if err := os.Link(from, to); err == nil {
			return os.Remove(from)
		} else if errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := vacant(to); err != nil {
		return err
	}
	return os.Rename(from, to)
}

// vacant tells of a name that is taken.
func vacant(path string) error {
	_, err := os.Lstat(path)
	switch {
	case err == nil:
		return &fs.PathError{Op: "create", Path: path, Err: fs.ErrExist}
	case errors.Is(err, fs.ErrNotExist):
		return nil
	}
	return err
}
