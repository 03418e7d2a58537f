package sink

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"github.com/utdrag/utdrag/filter/diag"
)

// Folder is a folder of this machine, or one that is mounted. It is both sink and [Store].
type Folder struct {
	Path string // must exist
	// Mode is the permission bits of the package and its receipt. 0: 0600.
	Mode    fs.FileMode
	Options Options
}

// Put delivers the package into the folder.
func (f *Folder) Put(ctx context.Context, name string, source Source) (*Receipt, error) {
	return put(ctx, name, source, f.Options, f.connect)
}

func (f *Folder) connect(context.Context) (shelf, error) {
	if f.Path == "" || f.Mode&^fs.ModePerm != 0 {
		return nil, misuse(codeSettings, "", "the folder to deliver into has no path, or a mode that is none")
	}
	s := &folderShelf{path: filepath.Clean(f.Path), mode: f.Mode}
	if s.mode == 0 {
		s.mode = 0o600
	}
	root, err := os.OpenRoot(s.path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil, external(codeFolder, "make it, or correct the order's delivery address", cause(err), "%s", s.where())
	}
	if err != nil {
		return nil, s.explain("opening", "it", err)
	}
	s.root = root
	return s, nil
}

// folderShelf works under an os.Root: a link that someone plants in the folder leads nowhere else.
type folderShelf struct {
	path string
	mode fs.FileMode
	root *os.Root
}

func (s *folderShelf) where() string { return "the folder " + s.path }

func (s *folderShelf) explain(what, name string, err error) error {
	if err == nil || diag.CodeOf(err) != "" {
		return err
	}
	code, advice := codeDisk, ""
	switch {
	case errors.Is(err, fs.ErrPermission):
		code, advice = codeDenied, "have its owner allow it, or correct the delivery address"
	case errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT):
		code, advice = codeFull, "make room, and run it again"
	}
	err = cause(err)
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		err = e.Err
	}
	return external(code, advice, err, "%s: %s %s", s.where(), what, name)
}

func (s *folderShelf) lstat(name string) (entry, error) {
	info, err := s.root.Lstat(name)
	if err != nil {
		return entry{}, s.explain("looking for", name, err)
	}
	return entryOf(info), nil
}

func entryOf(info fs.FileInfo) entry {
	return entry{info.Name(), info.Size(), info.ModTime(), info.Mode().IsRegular()}
}

func (s *folderShelf) list() ([]entry, error) {
	d, err := s.root.Open(".")
	if err != nil {
		return nil, s.explain("listing", "it", err)
	}
	defer d.Close()
	infos, err := d.Readdir(-1)
	if err != nil {
		return nil, s.explain("listing", "it", err)
	}
	entries := make([]entry, len(infos))
	for i, info := range infos {
		entries[i] = entryOf(info)
	}
	return entries, nil
}

func (s *folderShelf) create(name string) (shelfFile, error) {
	f, err := s.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, s.mode)
	if err != nil {
		return nil, s.explain("making", name, err)
	}
	if err := f.Chmod(s.mode); err != nil && runtime.GOOS != "windows" {
		_ = f.Close()
		return nil, s.explain("making", name, err)
	}
	return &folderFile{s, f}, nil
}

func (s *folderShelf) extend(name string) (shelfFile, error) {
	f, err := s.root.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return nil, s.explain("opening", name, err)
	}
	return &folderFile{s, f}, nil
}

func (s *folderShelf) open(name string) (readerAtCloser, error) {
	f, err := s.root.Open(name)
	if err != nil {
		return nil, s.explain("reading", name, err)
	}
	return f, nil
}

func (s *folderShelf) take(from, to string) error {
	return s.explain("renaming", from, s.root.Rename(from, to))
}

// publish links and then removes: link(2) replaces nothing. Some file systems have no links.
func (s *folderShelf) publish(from, to string) (remark string, err error) {
	err = s.root.Link(from, to)
	switch {
	case err == nil:
		if err := s.root.Remove(from); err != nil {
			remark = "an unfinished file of this run couldn't be removed"
		}
	case errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist):
		return "", s.explain("naming", to, err)
	default:
		if remark, err = s.renameNew(from, to); err != nil {
			return "", s.explain("naming", to, err)
		}
	}
	return remark, s.explain("making durable the name", to, s.sync())
}

// renameAfterLook is for systems that have no rename that replaces nothing.
func (s *folderShelf) renameAfterLook(from, to string) (string, error) {
	if _, err := s.root.Lstat(to); err == nil {
		return "", fs.ErrExist
	} else if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	return "the folder offers no way to name a file without replacing one; it was looked at right before", s.root.Rename(from, to)
}

// sync makes names durable. Windows has no such call; there the file system's journal does it.
func (s *folderShelf) sync() error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := s.root.Open(".")
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}

func (s *folderShelf) remove(name string) error {
	return s.explain("removing", name, s.root.Remove(name))
}

func (s *folderShelf) close() { _ = s.root.Close() }

type folderFile struct {
	shelf *folderShelf
	file  *os.File
}

func (f *folderFile) WriteAt(p []byte, off int64) (int, error) {
	n, err := f.file.WriteAt(p, off)
	return n, f.shelf.explain("writing", filepath.Base(f.file.Name()), err)
}

func (f *folderFile) flush() (string, error) {
	return "", f.shelf.explain("making durable", filepath.Base(f.file.Name()), f.file.Sync())
}

func (f *folderFile) Close() error {
	return f.shelf.explain("writing", filepath.Base(f.file.Name()), f.file.Close())
}
