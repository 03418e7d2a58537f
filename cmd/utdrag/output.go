package main

import (
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/utdrag/utdrag/filter/diag"
)

// output is where a result goes: a file, or standard output where no file is named.
type output struct {
	path  string
	force bool
	// inputs are the files that the command reads.
	inputs []string
}

// check refuses an output that can't be, before any work is done for it.
func (o *output) check() error {
	if o.path == "" {
		return nil
	}
	for _, input := range o.inputs {
		if samePlace(o.path, input) {
			return misuse(codeSame, "choose another name", "the output %s is also an input", o.path)
		}
	}
	info, err := os.Lstat(o.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return unwritable(o.path, err)
	case !o.force:
		return misuse(codeExists, "choose another name, or replace it with --force", "%s exists", o.path)
	case !info.Mode().IsRegular():
		return misuse(codeExists, "choose another name", "%s exists and is not a regular file", o.path)
	}
	return nil
}

// write lets a function write the result. A file has its name when it is whole and durable, and not before.
func (u *ui) write(o *output, content func(io.Writer) error) error {
	if o.path == "" {
		return content(u.out)
	}
	if err := o.check(); err != nil {
		return err
	}
	temporary := filepath.Join(filepath.Dir(o.path), "."+filepath.Base(o.path)+".utdrag-partial-"+rand.Text()[:12])
	f, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return unwritable(o.path, err)
	}
	failed := &latched{w: f}
	err = content(failed)
	if failed.err != nil {
		err = unwritable(o.path, failed.err)
	}
	if err == nil {
		err = unwritable(o.path, f.Sync())
	}
	if closing := f.Close(); err == nil {
		err = unwritable(o.path, closing)
	}
	if err == nil {
		err = o.publish(temporary)
	}
	if err != nil {
		_ = os.Remove(temporary)
	}
	return err
}

// publish gives the finished file its name. Without force it replaces nothing, whatever came there meanwhile.
func (o *output) publish(temporary string) error {
	var err error
	if o.force {
		err = os.Rename(temporary, o.path)
	} else if err = os.Link(temporary, o.path); err == nil {
		err = os.Remove(temporary)
	} else if !errors.Is(err, fs.ErrExist) { // a file system without links
		if _, taken := os.Lstat(o.path); errors.Is(taken, fs.ErrNotExist) {
			err = os.Rename(temporary, o.path)
		} else {
			err = fs.ErrExist
		}
	}
	if err == nil {
		err = syncFolder(filepath.Dir(o.path))
	}
	return unwritable(o.path, err)
}

// syncFolder makes a new name durable. Windows has no such call and needs none.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func unwritable(path string, err error) error {
	if err == nil {
		return nil
	}
	e := &diag.Error{Code: codeOutput, Class: diag.External, Message: path + " can't be written", Err: bare(err)}
	if errors.Is(err, fs.ErrNotExist) {
		e.Class, e.Advice = diag.Misuse, "make its folder first"
	}
	return e
}
