package sqlite

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/utdrag/utdrag/internal/durable"
)

// partialPart stands in the name of a file in the making.
const partialPart = ".utdrag-partial-"

// working is the file that a target is written to before it has its final name.
type working struct {
	final string
	open  string   // the name by which SQLite opens it
	file  *os.File // our own descriptor of it
	// hidden is set once the file has no name. Then its content is copied to a file that can be given one: Linux gives
	// no new name to a file that lost its last.
	hidden bool
}

// newWorking makes the file under a name that begins with a dot, readable by its owner only.
func newWorking(final string) (*working, error) {
	if final == "" || filepath.Base(final) == "." || filepath.Base(final) == string(filepath.Separator) {
		return nil, unavailable(os.ErrInvalid, final)
	}
	if _, err := os.Lstat(final); err == nil {
		return nil, exists(final)
	} else if !errors.Is(err, os.ErrNotExist) {
		return nil, unavailable(err, final)
	}
	directory, name := filepath.Split(final)
	open := filepath.Join(directory, fmt.Sprintf(".%s"+partialPart+"%d-%s", name, os.Getpid(), rand.Text()[:8]))
	file, err := os.OpenFile(open, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, unavailable(err, final)
	}
	return &working{final: final, open: open, file: file}, nil
}

func (w *working) base() string { return filepath.Base(w.final) }

// hide takes the file's name away, where a nameless file can be made final. SQLite has it open, and is told to open no other.
func (w *working) hide() error {
	if !durable.Unnamed(filepath.Dir(w.final)) {
		return nil
	}
	if err := os.Remove(w.open); err != nil {
		return unavailable(err, w.final)
	}
	w.hidden = true
	return nil
}

// publish makes the file durable under its final name, which must not be taken.
func (w *working) publish(ctx context.Context) error {
	var err error
	if w.hidden {
		err = publishUnnamed(ctx, w.file, w.final)
		w.file.Close()
	} else {
		err = w.publishNamed()
	}
	if err != nil {
		w.discard()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return unavailable(err, w.final)
	}
	return nil
}

// publishUnnamed copies a file to a new one that has no name until it is complete and on disk.
func publishUnnamed(ctx context.Context, src *os.File, final string) error {
	dst, err := durable.Create(final, 0o600)
	if err != nil {
		return err
	}
	if err := copyFile(ctx, dst, src); err != nil {
		dst.Abort()
		return err
	}
	return dst.Commit()
}

func (w *working) publishNamed() error {
	if err := errors.Join(w.file.Sync(), w.file.Close()); err != nil {
		return err
	}
	if err := durable.RenameNew(w.open, w.final); err != nil {
		return err
	}
	return durable.SyncFolder(filepath.Dir(w.final))
}

// discard leaves nothing of the file.
func (w *working) discard() error {
	w.file.Close()
	if w.hidden {
		return nil
	}
	if err := os.Remove(w.open); err != nil && !errors.Is(err, os.ErrNotExist) {
		return unavailable(err, w.final)
	}
	return nil
}

// copyFile copies all of src, and stops when the context ends.
func copyFile(ctx context.Context, dst io.Writer, src *os.File) error {
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return err
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		// io.CopyN of two files lets the kernel copy, or share the blocks where the file system can.
		switch n, err := io.CopyN(dst, src, 64<<20); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case n == 0:
			return io.ErrNoProgress
		}
	}
}
