package sink

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"
)

// Store is a folder that packages are fetched from: an [SFTP] or a [Folder]. Of its Options only Attempts, Sleep, Random
// and Progress matter here.
type Store interface {
	// List tells of the packages, the newest first. Files whose names a package can't have are passed over.
	List(ctx context.Context) ([]Item, error)
	// Fetch writes a package to w. A break is mended inside: w gets each byte once, in order. The package is held
	// against its receipt, if it has one; after an error, what w got isn't to be used.
	Fetch(ctx context.Context, name string, w io.Writer) (*Fetched, error)
	// Download fetches a package into a folder of this machine, under its own name, and replaces nothing. With a
	// receipt, it goes on with what an earlier run fetched.
	Download(ctx context.Context, name, folder string) (*Fetched, error)
}

// Item is a package in a Store.
type Item struct {
	Name       string
	Size       int64
	Changed    time.Time // by the clock of the folder's host
	HasReceipt bool
}

// Fetched is what came. Its hash is of the ciphertext: who sent it is told by the signature inside.
type Fetched struct {
	Bytes   int64
	SHA256  [sha256.Size]byte
	Receipt *Receipt // nil: there is none
}

// List, Fetch and Download make SFTP a Store.
func (s *SFTP) List(ctx context.Context) ([]Item, error) {
	connect, end, err := s.begin()
	if err != nil {
		return nil, err
	}
	defer end()
	return list(ctx, s.Options, connect)
}

// Fetch writes a package to w.
func (s *SFTP) Fetch(ctx context.Context, name string, w io.Writer) (*Fetched, error) {
	connect, end, err := s.begin()
	if err != nil {
		return nil, err
	}
	defer end()
	return fetch(ctx, s.Options, connect, name, w)
}

// Download fetches a package into a folder.
func (s *SFTP) Download(ctx context.Context, name, folder string) (*Fetched, error) {
	connect, end, err := s.begin()
	if err != nil {
		return nil, err
	}
	defer end()
	return download(ctx, s.Options, connect, name, folder)
}

// List tells of the packages.
func (f *Folder) List(ctx context.Context) ([]Item, error) { return list(ctx, f.Options, f.connect) }

// Fetch writes a package to w.
func (f *Folder) Fetch(ctx context.Context, name string, w io.Writer) (*Fetched, error) {
	return fetch(ctx, f.Options, f.connect, name, w)
}

// Download copies a package into another folder.
func (f *Folder) Download(ctx context.Context, name, folder string) (*Fetched, error) {
	return download(ctx, f.Options, f.connect, name, folder)
}

// fetching is one call on a Store. Its state outlives connections.
type fetching struct {
	Options
	connect connector
	name    string
	offset  int64
	seen    *entry // the package when it was first looked at
	receipt *Receipt
}

func newFetching(o Options, connect connector, name string) (*fetching, error) {
	if o.Order == "" {
		o.Order = "-" // a recipient has none
	}
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	return &fetching{Options: o, connect: connect, name: name}, nil
}

// attempt runs step until it is done, or until nothing is gained any more.
func (f *fetching) attempt(ctx context.Context, what string, step func(shelf) error) error {
	retry := &delivery{Options: f.Options}
	for failures := 0; ; {
		before := f.offset
		s, err := f.connect(ctx)
		if err == nil {
			err = step(s)
			s.close()
		}
		if ctx.Err() != nil {
			return canceled(ctx, what)
		}
		if err == nil || !transient(err) {
			return err
		}
		if f.offset > before {
			failures = 0
		}
		if failures++; failures >= f.Attempts {
			return err
		}
		wait, random := retry.backoff(failures)
		if random != nil {
			return random
		}
		if f.Sleep(ctx, wait) != nil {
			return canceled(ctx, what)
		}
	}
}

func list(ctx context.Context, o Options, connect connector) ([]Item, error) {
	f, err := newFetching(o, connect, "")
	if err != nil {
		return nil, err
	}
	var items []Item
	err = f.attempt(ctx, "listing packages", func(s shelf) error {
		all, err := s.list()
		if err != nil {
			return err
		}
		names := map[string]bool{}
		for _, e := range all {
			names[e.name] = e.regular
		}
		items = items[:0]
		for _, e := range all {
			if e.regular && CheckName(e.name) == nil {
				items = append(items, Item{e.name, e.size, e.changed, names[e.name+receiptSuffix]})
			}
		}
		return nil
	})
	slices.SortFunc(items, func(a, b Item) int {
		return cmp.Or(b.Changed.Compare(a.Changed), strings.Compare(b.Name, a.Name))
	})
	return items, err
}

// look finds the package, which must be the same one over every connection.
func (f *fetching) look(s shelf) error {
	e, err := s.lstat(f.name)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !e.regular {
		return external(codeMissing, "list what is there", fs.ErrNotExist, "%s has no package %s", s.where(), f.name)
	}
	if err != nil {
		return err
	}
	if f.seen == nil {
		r, err := readReceipt(s, f.name+receiptSuffix)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err == nil {
			if r.Package != f.name || r.Bytes != e.size {
				return f.changed(s)
			}
			f.receipt = r
		}
		f.seen = &e
	}
	if e.size != f.seen.size || !e.changed.Equal(f.seen.changed) {
		return f.changed(s)
	}
	return nil
}

func (f *fetching) changed(s shelf) error {
	return refused(codeChanged, "ask the sender, and compare with the receipt that the sender kept",
		"%s: %s isn't what its receipt says, or changed while it was fetched", s.where(), f.name)
}

// body writes on from where the last connection broke, and checks the whole at the end.
func (f *fetching) body(ctx context.Context, s shelf, h hash.Hash, w io.Writer) error {
	file, err := s.open(f.name)
	if err != nil {
		return err
	}
	defer file.Close()
	out := &keeper{w: io.MultiWriter(h, w), f: f}
	_, err = copyTo(ctx, out, &contents{file: file, offset: f.offset, size: f.seen.size})
	switch {
	case out.err != nil:
		return out.err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return f.changed(s)
	case err != nil:
		return err
	}
	if f.receipt != nil && f.receipt.SHA256 != hex.EncodeToString(h.Sum(nil)) {
		return f.changed(s)
	}
	return nil
}

// keeper counts, and keeps the writer's own error apart from the line's.
type keeper struct {
	w   io.Writer
	f   *fetching
	err error
}

func (k *keeper) Write(p []byte) (int, error) {
	n, err := k.w.Write(p)
	k.f.offset += int64(n)
	k.f.Progress(k.f.offset)
	k.err = err
	return n, err
}

func (f *fetching) fetched(h hash.Hash) *Fetched {
	return &Fetched{f.offset, [sha256.Size]byte(h.Sum(nil)), f.receipt}
}

func fetch(ctx context.Context, o Options, connect connector, name string, w io.Writer) (*Fetched, error) {
	if err := CheckName(name); err != nil {
		return nil, err
	}
	f, err := newFetching(o, connect, name)
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	err = f.attempt(ctx, "fetching "+name, func(s shelf) error {
		if err := f.look(s); err != nil {
			return err
		}
		return f.body(ctx, s, h, w)
	})
	if err != nil {
		return nil, err
	}
	return f.fetched(h), nil
}
