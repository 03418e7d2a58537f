// Package sqlite is the engine for SQLite files.
//
// [Open] opens a file to take rows from, [Create] makes a new one to load them into, and [Dialect] writes SQLite's SQL
// with no file at hand. Cells travel in their storage class, exactly: a DATE that was stored as text is that text, a
// BOOLEAN stored as 1 is the integer 1.
//
// A source is opened read-only, by its path, and must exist. A snapshot is one read transaction on a connection of its
// own: everything read through it is one state of the file. In a file that isn't in WAL mode nobody else can commit
// while it lasts. Work tables live in the connection's temp database, which like everything temporary (sorting,
// statement journals) is in memory: SQLite writes no copy of the data to disk on the source's side.
//
// A target is described at [Create].
//
// What SQLite's schema text says and the PRAGMAs don't (names of constraints, checks, collations) is read by a strict
// parser and held against the PRAGMAs; where they disagree the catalog is refused. So are virtual tables, collations
// that an application defines, and foreign keys without a key that they reference.
package sqlite

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	lib "modernc.org/sqlite/lib"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/sqlite/capi"
	"github.com/utdrag/utdrag/mask/value"
)

// Name is the engine's name, and Scheme what its URLs begin with.
const (
	Name   = "sqlite"
	Scheme = "sqlite:"
)

const mainSchema = "main"

// Path returns the file that a sqlite:FILE URL names. The rest of the URL is the path as it is: no escapes, no options.
func Path(url string) (string, error) {
	path, ok := strings.CutPrefix(url, Scheme)
	if !ok || path == "" {
		return "", failure(codeURL, diag.Misuse, "write sqlite:FILE", nil, "this is not the URL of a SQLite file")
	}
	// sqlite:///abs and sqlite://rel are habits from elsewhere; a path is a path.
	if rest, ok := strings.CutPrefix(path, "//"); ok {
		path = rest
	}
	if path == "" || path == ":memory:" || strings.IndexByte(path, 0) >= 0 {
		return "", failure(codeURL, diag.Misuse, "write sqlite:FILE", nil, "this is not the URL of a SQLite file")
	}
	return path, nil
}

type source struct {
	path string
	conn *capi.Conn
}

var _ engine.Source = (*source)(nil)

// Open opens a SQLite file by its sqlite: URL, to be read. It creates nothing.
func Open(ctx context.Context, url string) (engine.Source, error) {
	path, err := Path(url)
	if err != nil {
		return nil, err
	}
	return OpenFile(ctx, path)
}

// OpenFile is Open by path.
func OpenFile(ctx context.Context, path string) (engine.Source, error) {
	conn, err := connect(ctx, path)
	if err != nil {
		return nil, err
	}
	return &source{path: path, conn: conn}, nil
}

// connect opens a file read-only and reads its header.
func connect(ctx context.Context, path string) (*capi.Conn, error) {
	base := filepath.Base(path)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, failure(codeMissing, diag.External, "check the path; a source is never created", nil, "there is no file %s", base)
	case err != nil:
		return nil, failure(codeOpen, diag.External, "", cause(err), "%s can't be looked at", base)
	case !info.Mode().IsRegular():
		return nil, failure(codeOpen, diag.External, "", nil, "%s is not a regular file", base)
	case info.Size() == 0:
		return nil, failure(codeNotSQLite, diag.External, "", nil, "%s is empty", base)
	}
	conn, err := capi.Open(path, capi.ReadOnly)
	if err != nil {
		return nil, wrap(ctx, err, "opening %s", base)
	}
	if err = prepareConn(conn); err == nil {
		_, err = conn.Strings("SELECT count(*) FROM sqlite_schema")
	}
	if err != nil {
		conn.Close()
		if e, ok := errors.AsType[*capi.Error](err); ok && e.Primary() == lib.SQLITE_NOTADB {
			return nil, failure(codeNotSQLite, diag.External, "an encrypted file must be decrypted first", err, "%s is not a SQLite database", base)
		}
		return nil, wrap(ctx, err, "reading %s", base)
	}
	return conn, nil
}

// cause strips the path from an error of the operating system's: what failed is named by its base name only.
func cause(err error) error {
	if e, ok := errors.AsType[*os.PathError](err); ok {
		return e.Err
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		return e.Err
	}
	return err
}

// prepareConn sets what every connection of ours has. No plaintext goes to a temporary file.
func prepareConn(conn *capi.Conn) error {
	for _, pragma := range []string{"temp_store = MEMORY", "cache_size = -4096", "cell_size_check = ON", "mmap_size = 0", "recursive_triggers = OFF"} {
		if err := conn.Exec("PRAGMA " + pragma); err != nil {
			return err
		}
	}
	if err := conn.CreateFunction(hmacFunction, 4, hmacNumber); err != nil {
		return err
	}
	rows, err := conn.Strings("PRAGMA temp_store")
	if err == nil && (len(rows) != 1 || rows[0][0] != "2") {
		err = &capi.Error{Code: lib.SQLITE_ERROR, Reason: "temporary tables can't be kept in memory", Offset: -1}
	}
	return err
}

// Catalog describes the file.
func (s *source) Catalog(ctx context.Context) (*catalog.Catalog, error) {
	if s.conn == nil {
		return nil, ended("the source")
	}
	stop := context.AfterFunc(ctx, s.conn.Interrupt)
	defer stop()
	if err := s.conn.Exec("BEGIN"); err != nil {
		return nil, wrap(ctx, err, "beginning to read")
	}
	c, err := introspect(s.conn)
	return c, wrap(ctx, errors.Join(err, s.conn.Exec("COMMIT")), "reading the catalog")
}

// Begin opens a snapshot on a connection of its own, so that several may be open at a time.
func (s *source) Begin(ctx context.Context, terms engine.Terms) (engine.Snapshot, error) {
	if s.conn == nil {
		return nil, ended("the source")
	}
	conn, err := connect(ctx, s.path)
	if err != nil {
		return nil, err
	}
	snap, err := begin(ctx, conn, slices.Concat(terms.Work, terms.Stages))
	if err != nil {
		conn.Close()
		return nil, err
	}
	snap.owned = true
	return snap, nil
}

// Close closes the source. Snapshots that are open stay so.
func (s *source) Close() error {
	if s.conn == nil {
		return nil
	}
	err := s.conn.Close()
	s.conn = nil
	return wrap(context.Background(), err, "closing")
}

func ended(what string) error {
	return failure(codeEnded, diag.Misuse, "", nil, "%s is used after it was closed, or after it failed", what)
}

// Snapshot is engine.Snapshot, with what SQLite can do besides.
type Snapshot struct {
	conn   *capi.Conn
	owned  bool // Close closes the connection
	closed bool
	utf8   bool // texts are stored as they are read
	rows   *rows
}

var _ engine.Snapshot = (*Snapshot)(nil)

func begin(ctx context.Context, conn *capi.Conn, work []string) (*Snapshot, error) {
	for _, statement := range work {
		if _, err := execute(ctx, conn, statement, nil); err != nil {
			return nil, wrap(ctx, err, "making work tables")
		}
	}
	stop := context.AfterFunc(ctx, conn.Interrupt)
	defer stop()
	if err := conn.Exec("BEGIN"); err != nil {
		return nil, wrap(ctx, err, "beginning a read transaction")
	}
	// BEGIN alone takes no lock: the snapshot is the state at the first read.
	if _, err := conn.Strings("SELECT count(*) FROM sqlite_schema"); err != nil {
		return nil, wrap(ctx, err, "beginning a read transaction")
	}
	encoding, err := conn.Strings("PRAGMA encoding")
	if err != nil {
		return nil, wrap(ctx, err, "beginning a read transaction")
	}
	return &Snapshot{conn: conn, utf8: len(encoding) == 1 && encoding[0][0] == "UTF-8"}, nil
}

// Kind is "sqlite read transaction".
func (*Snapshot) Kind() string { return "sqlite read transaction" }

// Catalog describes the database as the snapshot sees it.
func (s *Snapshot) Catalog(ctx context.Context) (*catalog.Catalog, error) {
	if err := s.usable(); err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, s.conn.Interrupt)
	defer stop()
	c, err := introspect(s.conn)
	return c, wrap(ctx, err, "reading the catalog")
}

// Exec runs one statement on work tables.
func (s *Snapshot) Exec(ctx context.Context, statement string, args ...value.Value) (int64, error) {
	if err := s.usable(); err != nil {
		return 0, err
	}
	n, err := execute(ctx, s.conn, statement, args)
	return n, wrap(ctx, err, "running a statement")
}

func execute(ctx context.Context, conn *capi.Conn, statement string, args []value.Value) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	stmt, err := conn.Prepare(statement)
	if err != nil {
		return 0, err
	}
	defer stmt.Close()
	if err := stmt.Bind(args); err != nil {
		return 0, err
	}
	stop := context.AfterFunc(ctx, conn.Interrupt)
	defer stop()
	before := conn.TotalChanges()
	for {
		if more, err := stmt.Step(); err != nil {
			return 0, err
		} else if !more {
			break
		}
	}
	return conn.TotalChanges() - before, nil
}

func (s *Snapshot) usable() error {
	if s.closed {
		return ended("the snapshot")
	}
	return nil
}

// Close ends the snapshot. Its work tables go with it.
func (s *Snapshot) Close() error {
	if s.closed {
		return nil
	}
	for s.rows != nil {
		s.rows.Close()
	}
	s.closed = true
	if s.owned {
		return wrap(context.Background(), s.conn.Close(), "ending the snapshot")
	}
	return wrap(context.Background(), s.dropWork(), "ending the snapshot")
}

// dropWork removes the work tables from a connection that lives on.
func (s *Snapshot) dropWork() error {
	tables, err := s.conn.Strings("SELECT name FROM temp.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
	if err != nil {
		return err
	}
	for _, row := range tables {
		if err := s.conn.Exec("DROP TABLE " + (Dialect{}).Work(row[0])); err != nil {
			return err
		}
	}
	return s.conn.Exec("COMMIT")
}
