package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/sqlite/capi"
	"github.com/utdrag/utdrag/mask/value"
)

// target is a new database. Its first error is final: a copy that lacks what failed is no copy.
type target struct {
	dialect Dialect
	conn    *capi.Conn
	file    *working // nil for one in memory
	tables  []catalog.Table
	loader  *loader
	reader  *Snapshot
	begun   bool
	ended   bool
	failed  error
}

var _ engine.Target = (*target)(nil)

// Create begins a new SQLite file, which must not be there yet: nothing is ever overwritten.
//
// On Linux, where the file system has unnamed files (O_TMPFILE), the rows go to a file that has no name, so that no
// plaintext is left on disk however the process ends. [engine.Target.Commit] copies it to another unnamed file in the
// same directory, brings that to the disk and gives it its final name, which fails if the name was taken meanwhile. There
// must be room for two copies. Elsewhere the rows go to a file .NAME.utdrag-partial-… beside the final one, which is
// given the final name by Commit and removed by Abort, but is left behind by a process that is killed. In both cases
// only the owner can read the file, and until Commit has succeeded the final name is not there.
//
// While rows are loaded, foreign keys are not checked; Index checks all of them. Checks, keys and NOT NULL are checked row by row.
//
// A large binary cell is written in pieces, where SQLite can: in a rowid table without generated columns, into a column that
// no key, check or foreign key mentions. Elsewhere, and for large texts, the cell is held in memory whole while it is
// written. So is one, by SQLite itself, that other columns' content follows in the row.
func Create(ctx context.Context, path string) (engine.Target, error) {
	return create(ctx, path, Dialect{})
}

// CreateURL is Create by sqlite: URL, for a copy of a database whose default schema is home: see [Dialect].
func CreateURL(ctx context.Context, url, home string) (engine.Target, error) {
	path, err := Path(url)
	if err != nil {
		return nil, err
	}
	return create(ctx, path, Dialect{Home: home})
}

func create(ctx context.Context, path string, d Dialect) (engine.Target, error) {
	file, err := newWorking(path)
	if err != nil {
		return nil, err
	}
	conn, err := capi.Open(file.open, capi.ReadWrite)
	if err != nil {
		file.discard()
		return nil, wrap(ctx, err, "making %s", file.base())
	}
	return newTarget(ctx, conn, file, d)
}

// Memory begins a new database in memory, for loading a package to verify it. Commit keeps nothing of it.
func Memory(ctx context.Context, home string) (engine.Target, error) {
	conn, err := capi.Open(":memory:", capi.Create)
	if err != nil {
		return nil, wrap(ctx, err, "making a database in memory")
	}
	return newTarget(ctx, conn, nil, Dialect{Home: home})
}

func newTarget(ctx context.Context, conn *capi.Conn, file *working, d Dialect) (engine.Target, error) {
	t := &target{conn: conn, file: file, dialect: d}
	err := prepareConn(conn)
	// Nothing may reopen or accompany the file: no lock given up, no journal on disk. The journal in memory stays empty,
	// for it keeps the pages that were there before, and none were. The file is made durable when it is made final.
	for _, pragma := range []string{"encoding = 'UTF-8'", "locking_mode = EXCLUSIVE", "journal_mode = MEMORY", "synchronous = OFF",
		"foreign_keys = OFF", "cache_size = -4096", "auto_vacuum = NONE"} {
		var said [][]string
		if err == nil {
			said, err = conn.Strings("PRAGMA " + pragma)
		}
		if err == nil && strings.HasPrefix(pragma, "journal_mode") && (len(said) != 1 || said[0][0] != "memory") {
			err = failure(codeTarget, diag.External, "", nil, "SQLite can't keep its journal in memory")
		}
	}
	if err == nil {
		err = conn.Exec("BEGIN EXCLUSIVE")
	}
	if err == nil && file != nil {
		err = file.hide()
	}
	if err != nil {
		t.Abort()
		return nil, wrap(ctx, err, "making a database")
	}
	t.begun = true
	return t, nil
}

// fail keeps the first error: afterwards there is nothing to do but Abort.
func (t *target) fail(ctx context.Context, err error, doing string, args ...any) error {
	if err == nil {
		return nil
	}
	err = wrap(ctx, err, doing, args...)
	if t.failed == nil {
		t.failed = err
	}
	return err
}

func (t *target) usable() error {
	switch {
	case t.ended:
		return ended("the target")
	case t.failed != nil:
		return failure(codeEnded, diag.Misuse, "abort it, and start over", t.failed, "the target is used after it failed")
	case t.loader != nil:
		return failure(codeEnded, diag.Misuse, "", nil, "the target is used while a table is still being loaded")
	case t.reader != nil && !t.reader.closed:
		return failure(codeEnded, diag.Misuse, "", nil, "the target is used while it is still being verified")
	}
	t.reader = nil
	return nil
}

// Create makes the tables.
func (t *target) Create(ctx context.Context, d engine.Definition) error {
	if err := t.usable(); err != nil {
		return err
	}
	if _, err := (Dialect{}).Prepare(d); err != nil {
		return t.fail(ctx, err, "")
	}
	for i := range d.Tables {
		table := t.placed(&d.Tables[i])
		if table.Schema != mainSchema && table.Schema != "" {
			return t.fail(ctx, failure(codeTarget, diag.Refused, "a SQLite file has one schema", nil, "table %s can't be made in a SQLite file", table.Name), "")
		}
		statement, err := Dialect{}.CreateTable("", table)
		if err == nil {
			_, err = execute(ctx, t.conn, statement, nil)
		}
		if err != nil {
			return t.fail(ctx, err, "making table %s", table.Name)
		}
		t.tables = append(t.tables, *table)
	}
	return nil
}

// placed is a definition with the names that the tables have in this file.
func (t *target) placed(definition *catalog.Table) *catalog.Table {
	table := *definition
	table.Name = t.dialect.Place(table.Name)
	table.ForeignKeys = slices.Clone(table.ForeignKeys)
	for i := range table.ForeignKeys {
		table.ForeignKeys[i].Parent = t.dialect.Place(table.ForeignKeys[i].Parent)
	}
	return &table
}

func (t *target) table(name catalog.Name) *catalog.Table {
	name = t.dialect.Place(name)
	if name.Schema == "" {
		name.Schema = mainSchema
	}
	for i := range t.tables {
		own := t.tables[i].Name
		if own.Schema == "" {
			own.Schema = mainSchema
		}
		if own == name {
			return &t.tables[i]
		}
	}
	return nil
}

// Load starts loading a table.
func (t *target) Load(ctx context.Context, name catalog.Name, columns []string) (engine.Loader, error) {
	if err := t.usable(); err != nil {
		return nil, err
	}
	table := t.table(name)
	if table == nil {
		return nil, failure(codeTarget, diag.Misuse, "", nil, "table %s was not made in this target", name)
	}
	statement := "INSERT INTO " + (Dialect{}).Table(catalog.Name{Table: table.Name.Table}) + " DEFAULT VALUES"
	if len(columns) > 0 {
		places := strings.Repeat("?, ", len(columns))
		statement = fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", (Dialect{}).Table(catalog.Name{Table: table.Name.Table}), quoteAll(columns),
			strings.TrimSuffix(places, ", "))
	}
	for _, c := range columns {
		if own := table.Column(c); own == nil || own.Computed != "" {
			return nil, failure(codeTarget, diag.Misuse, "", nil, "table %s has no column %s that can be loaded", name, quote(c))
		}
	}
	stmt, err := t.conn.Prepare(statement)
	if err != nil {
		return nil, t.fail(ctx, err, "loading table %s", name)
	}
	l := &loader{ctx: ctx, target: t, table: table, columns: columns, stmt: stmt, small: make([]value.Value, len(columns))}
	l.pieces = make([]bool, len(columns))
	for i, c := range columns {
		l.pieces[i] = writable(table, c)
	}
	l.stop = context.AfterFunc(ctx, t.conn.Interrupt)
	t.loader = l
	return l, nil
}

// Index makes the indexes and checks every foreign key.
func (t *target) Index(ctx context.Context) error {
	if err := t.usable(); err != nil {
		return err
	}
	for i := range t.tables {
		for _, index := range t.tables[i].Indexes {
			statement, err := Dialect{}.CreateIndex("", &t.tables[i], index)
			if err == nil {
				_, err = execute(ctx, t.conn, statement, nil)
			}
			if err != nil {
				return t.fail(ctx, err, "making index %s", quote(index.Name))
			}
		}
	}
	if err := t.checkForeign(ctx); err != nil {
		return t.fail(ctx, err, "checking foreign keys")
	}
	if t.begun {
		if _, err := execute(ctx, t.conn, "COMMIT", nil); err != nil {
			return t.fail(ctx, err, "writing the database")
		}
		t.begun = false
	}
	return nil
}

// checkForeign asks SQLite itself which rows reference rows that are not there. It names tables and counts, no values.
func (t *target) checkForeign(ctx context.Context) error {
	stop := context.AfterFunc(ctx, t.conn.Interrupt)
	defer stop()
	broken, err := t.conn.Strings(`SELECT f."table", f.parent, count(*) FROM pragma_foreign_key_check f GROUP BY 1, 2 ORDER BY 1, 2`)
	if err != nil || len(broken) == 0 {
		return err
	}
	lines := make([]string, len(broken))
	for i, row := range broken {
		lines[i] = fmt.Sprintf("%s rows of %s reference rows of %s that are not there", row[2], row[0], row[1])
	}
	return failure(codeForeign, diag.Refused, `say what happens to them with foreign "COLUMN" { outside = … } in the map`, nil, "%s", strings.Join(lines, "; "))
}

// Verify opens what was loaded.
func (t *target) Verify(ctx context.Context, work []string) (engine.Snapshot, error) {
	if err := t.usable(); err != nil {
		return nil, err
	}
	if t.begun {
		return nil, failure(codeEnded, diag.Misuse, "", nil, "the target is verified before it was indexed")
	}
	snap, err := begin(ctx, t.conn, work)
	if err != nil {
		return nil, err
	}
	t.reader = snap
	return snap, nil
}

// Commit gives the file its name.
func (t *target) Commit(ctx context.Context) error {
	if err := t.usable(); err != nil {
		return err
	}
	if t.begun {
		return failure(codeEnded, diag.Misuse, "", nil, "the target is committed before it was indexed")
	}
	if err := ctx.Err(); err != nil {
		return t.fail(ctx, err, "making the database final")
	}
	if err := t.conn.Close(); err != nil {
		return t.fail(ctx, err, "closing the database")
	}
	if t.file != nil {
		if err := t.file.publish(ctx); err != nil {
			return t.fail(ctx, err, "making the database final")
		}
	}
	t.ended = true
	return nil
}

// Abort removes what was made.
func (t *target) Abort() error {
	if t.ended {
		return nil
	}
	t.ended = true
	if t.loader != nil {
		t.loader.Close()
	}
	if t.reader != nil {
		t.reader.Close()
	}
	err := t.conn.Close()
	if t.file != nil {
		err = errors.Join(err, t.file.discard())
	}
	return wrap(context.Background(), err, "aborting")
}

// exists is the refusal to overwrite.
func exists(path string) error {
	return failure(codeExists, diag.Misuse, "name another file, or move it away", nil, "%s is there already", filepath.Base(path))
}

func unavailable(err error, path string) error {
	code, advice := codeTarget, ""
	if errors.Is(err, syscall.ENOSPC) {
		code, advice = codeFull, "free space where the target is to be, which needs room for it twice"
	}
	if errors.Is(err, os.ErrExist) {
		return exists(path)
	}
	return failure(code, diag.External, advice, cause(err), "%s can't be made", filepath.Base(path))
}
