package sink

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"

	"github.com/utdrag/utdrag/filter/diag"
)

// download fetches into a folder of this machine. The unfinished file there is claimed as in a delivery.
func download(ctx context.Context, o Options, connect connector, name, folder string) (_ *Fetched, err error) {
	if err := CheckName(name); err != nil {
		return nil, err
	}
	f, err := newFetching(o, connect, name)
	if err != nil {
		return nil, err
	}
	near, err := (&Folder{Path: folder}).connect(ctx)
	if err != nil {
		return nil, err
	}
	defer near.close()
	d := &delivery{Options: f.Options, name: name}
	if _, err := near.lstat(name); err == nil {
		return nil, d.taken(near, name)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}

	var file shelfFile
	h := sha256.New()
	defer func() {
		if file != nil {
			_ = file.Close()
		}
		// Without a receipt nobody could tell later whether what came is of the same package.
		if err != nil && d.partial != "" && (f.receipt == nil || diag.CodeOf(err) == codeChanged) {
			_ = near.remove(d.partial)
		}
	}()
	err = f.attempt(ctx, "fetching "+name, func(s shelf) error {
		if err := f.look(s); err != nil {
			return err
		}
		if file == nil {
			var err error
			if file, err = f.openNear(ctx, near, d, h); err != nil {
				return err
			}
		}
		return f.body(ctx, s, h, &appender{file, f})
	})
	if err != nil {
		return nil, err
	}
	err = d.close(file)
	file = nil
	if err != nil {
		return nil, err
	}
	if _, err := near.publish(d.partial, name); errors.Is(err, fs.ErrExist) {
		return nil, d.taken(near, name)
	} else if err != nil {
		return nil, err
	}
	d.partial, d.published = "", true
	if e, err := near.lstat(name); err == nil {
		d.clean(near, e.changed)
	}
	return f.fetched(h), nil
}

// openNear opens the file to write to, and takes what it holds into the hash. If that turns out to be something else, the
// hash at the end differs, and the file is removed.
func (f *fetching) openNear(ctx context.Context, near shelf, d *delivery, h hash.Hash) (shelfFile, error) {
	if f.receipt == nil {
		return d.begin(near, streamed)
	}
	mark := f.receipt.SHA256[:16]
	if err := d.claim(near, mark); err != nil {
		return nil, err
	}
	if d.partial == "" {
		return d.begin(near, mark)
	}
	e, err := near.lstat(d.partial)
	if err != nil {
		return nil, err
	}
	if e.size > f.seen.size {
		if err := near.remove(d.partial); err != nil {
			return nil, err
		}
		return d.begin(near, mark)
	}
	old, err := near.open(d.partial)
	if err != nil {
		return nil, err
	}
	defer old.Close()
	n, err := copyTo(ctx, h, &contents{file: old, size: e.size})
	if err != nil {
		return nil, external(codeDisk, "", cause(err), "%s: reading what was fetched before", near.where())
	}
	f.offset = n
	return near.extend(d.partial)
}

// appender writes at the offset that the fetching has reached.
type appender struct {
	file io.WriterAt
	f    *fetching
}

func (a *appender) Write(p []byte) (int, error) { return a.file.WriteAt(p, a.f.offset) }

// Sum is the hash in the form that a receipt has.
func (f *Fetched) Sum() string { return hex.EncodeToString(f.SHA256[:]) }
