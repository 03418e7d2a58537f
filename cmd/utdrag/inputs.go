package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/run"
)

// unreadable says that a file can't be read. A name that is wrong is the user's affair, a disk that fails is not.
func unreadable(what string, err error) error {
	e := &diag.Error{Code: codeInput, Class: diag.External, Message: what + " can't be read", Err: bare(err)}
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errFolder) {
		e.Class, e.Advice = diag.Misuse, "check the name"
	}
	return e
}

var errFolder = errors.New("it is a folder")

// openFile opens a file to read.
func openFile(what, path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, unreadable(what, err)
	}
	if info, err := f.Stat(); err != nil || info.IsDir() {
		if err == nil {
			err = errFolder
		}
		return nil, unreadable(what, errors.Join(err, f.Close()))
	}
	return f, nil
}

// readFile reads a file of at most limit bytes, and one byte more of a larger one.
func readFile(what, path string, limit int64) ([]byte, error) {
	f, err := openFile(what, path)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, unreadable(what, err)
	}
	return text, nil
}

// readMap reads the schema map and shows its warnings. The map is known by its base name: a plan quotes it, and must
// not change with the folder that somebody stood in.
func (u *ui) readMap(path string) (*schemamap.Map, error) {
	text, err := readFile("the map "+path, path, schemamap.MaxSize)
	if err != nil {
		return nil, err
	}
	return u.parseMap(path, text)
}

func (u *ui) parseMap(path string, text []byte) (*schemamap.Map, error) {
	name := filepath.Base(path)
	u.maps[name] = mapText{path: path, text: text}
	m, found := schemamap.Parse(name, text)
	if found.Refused() {
		return nil, found
	}
	u.diagnostics(found)
	return m, nil
}

func readCatalog(path string) (*catalog.Catalog, error) {
	f, err := openFile("the catalog "+path, path)
	if err != nil {
		return nil, err
	}
	c, err := catalog.Read(f)
	return c, errors.Join(err, f.Close())
}

// takeCatalog takes the catalog from the source or the catalog file, whichever was named.
func (in *inputs) takeCatalog(ctx context.Context) (c *catalog.Catalog, err error) {
	if in.catalog != "" {
		return readCatalog(in.catalog)
	}
	if err := resolve(&in.source); err != nil {
		return nil, err
	}
	source, err := run.Open(ctx, in.source)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	return source.Catalog(ctx)
}

// makePlan plans, and shows warnings.
func (u *ui) makePlan(m *schemamap.Map, c *catalog.Catalog, r filter.Request) (*plan.Plan, error) {
	p, found := plan.Build(m, c, r)
	if found.Refused() {
		return nil, found
	}
	u.diagnostics(found)
	return p, nil
}

// sqliteFile is the file that a sqlite: URL names.
func sqliteFile(url string) (string, bool) {
	path, ok := strings.CutPrefix(url, "sqlite:")
	if !ok {
		return "", false
	}
	return strings.TrimPrefix(path, "//"), true
}

// isURL tells a database from a file: everything with a scheme is a database, and so is an environment variable that
// names one. A single letter is a Windows drive.
func isURL(text string) bool {
	scheme, rest, ok := strings.Cut(text, ":")
	return ok && len(scheme) > 1 && word.MatchString(scheme) && (scheme == "sqlite" || scheme == "env" || strings.HasPrefix(rest, "//"))
}

// samePlace reports whether two paths are the same file, or would be.
func samePlace(a, b string) bool {
	if a == "" || b == "" {
		return false
	}
	one, err := os.Stat(a)
	if err == nil {
		if other, err := os.Stat(b); err == nil {
			return os.SameFile(one, other)
		}
	}
	absolute, err := filepath.Abs(a)
	other, err2 := filepath.Abs(b)
	return err == nil && err2 == nil && absolute == other
}

// interruptible is a file whose reading stops when the context ends.
type interruptible struct {
	ctx context.Context
	io.ReadSeeker
}

func (i interruptible) Read(p []byte) (int, error) {
	if err := i.ctx.Err(); err != nil {
		return 0, err
	}
	return i.ReadSeeker.Read(p)
}

// trimNewline takes one end of line away.
func trimNewline(text []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r"))
}
