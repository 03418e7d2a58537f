package main

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/durable"
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
	begin := durable.Create
	if o.force {
		begin = durable.Replacing
	}
	f, err := begin(o.path, 0o666)
	if err != nil {
		return unwritable(o.path, err)
	}
	failed := &latched{w: f}
	err = content(failed)
	if failed.err != nil {
		err = unwritable(o.path, failed.err)
	}
	if err != nil {
		f.Abort()
		return err
	}
	return unwritable(o.path, f.Commit())
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
