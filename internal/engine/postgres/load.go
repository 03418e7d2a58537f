package postgres

import (
	"context"
	"slices"
	"sync"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
)

// target is a database that rows are loaded into. Its first error is final: a copy that lacks what failed is no copy.
type target struct {
	dialect Dialect
	config  *pgconn.Config
	conn    *pgconn.PgConn // holds the lock that keeps other runs away
	created bool           // the database was made for this copy
	made    []made
	marked  bool
	tables  []catalog.Table
	reader  *Snapshot
	indexed bool
	ended   bool

	mutex   sync.Mutex // over what loaders share
	idle    []*pgconn.PgConn
	loaders map[*loader]bool
	failed  error
}

var (
	_ engine.Target     = (*target)(nil)
	_ engine.Concurrent = (*target)(nil)
)

// CreateURL begins a copy in the database that the URL names, for a copy of a database whose default schema is home where
// that is another engine's: see [Dialect].
//
// The database is made if it isn't there. If it is, it must hold no tables and views, save what an earlier run left behind: such a
// run's table public.utdrag_partial names everything that the run made, and is dropped last. So what is half loaded is marked
// as such, and a rerun clears it away. What else is there, extensions, functions and types, stays, and may be needed: none of
// them is copied. A second run into the same database is refused while the first one lasts.
//
// Rows are loaded by COPY, over several connections at a time. Each table is committed by itself; that the marker is gone
// is what makes the copy final.
func CreateURL(ctx context.Context, url, home string) (engine.Target, error) {
	config, err := configure(url)
	if err != nil {
		return nil, err
	}
	t := &target{dialect: Dialect{Home: home}, config: config, loaders: map[*loader]bool{}}
	if err := t.open(ctx); err != nil {
		t.hangUp()
		if t.created {
			_ = t.dropDatabase(context.WithoutCancel(ctx)) // the error that matters is the first
		}
		return nil, err
	}
	return t, nil
}

func (t *target) fail(ctx context.Context, err error, doing string, args ...any) error {
	if err == nil {
		return nil
	}
	err = wrap(ctx, err, doing, args...)
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.failed == nil {
		t.failed = err
	}
	return err
}

// usable refuses what comes after an end or an error. loading is set where loaders may be open.
func (t *target) usable(loading bool) error {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	switch {
	case t.ended:
		return ended("the target")
	case t.failed != nil:
		return failure(codeEnded, diag.Misuse, "abort it, and start over", t.failed, "the target is used after it failed")
	case !loading && len(t.loaders) > 0:
		return failure(codeEnded, diag.Misuse, "", nil, "the target is used while a table is still being loaded")
	case t.reader != nil && !t.reader.closed:
		return failure(codeEnded, diag.Misuse, "", nil, "the target is used while it is still being verified")
	}
	return nil
}

// Create marks the database as unfinished and makes the data types and tables.
func (t *target) Create(ctx context.Context, d engine.Definition) error {
	if err := t.usable(false); err != nil {
		return err
	}
	before, err := t.dialect.Prepare(d)
	if err != nil {
		return t.fail(ctx, err, "")
	}
	statements := make([]string, len(d.Tables))
	for i := range d.Tables {
		if statements[i], err = t.dialect.CreateTable("", &d.Tables[i]); err != nil {
			return t.fail(ctx, err, "")
		}
	}
	if err := t.mark(ctx, d); err != nil {
		return t.fail(ctx, err, "marking the target as unfinished")
	}
	for _, statement := range before {
		if err := run(ctx, t.conn, statement); err != nil {
			return t.fail(ctx, err, "making a schema or data type")
		}
	}
	for i := range d.Tables {
		if err := run(ctx, t.conn, statements[i]); err != nil {
			return t.fail(ctx, err, "making table %s", d.Tables[i].Name)
		}
		t.tables = append(t.tables, d.Tables[i])
	}
	return nil
}

func (t *target) table(name catalog.Name) *catalog.Table {
	i := slices.IndexFunc(t.tables, func(own catalog.Table) bool { return t.dialect.Place(own.Name) == t.dialect.Place(name) })
	if i < 0 {
		return nil
	}
	return &t.tables[i]
}

// Loaders is how many connections load at a time at most.
func (t *target) Loaders() int { return 8 }

// Index makes the indexes and foreign keys, each of which the server checks against all rows, and has the server look at what
// was loaded, so that it plans the queries of whoever uses the copy well.
func (t *target) Index(ctx context.Context) error {
	if err := t.usable(false); err != nil {
		return err
	}
	for i := range t.tables {
		for _, index := range t.tables[i].Indexes {
			statement, err := t.dialect.CreateIndex("", &t.tables[i], index)
			if err == nil {
				err = run(ctx, t.conn, statement)
			}
			if err != nil {
				return t.fail(ctx, err, "making index %s of table %s", quote(index.Name), t.tables[i].Name)
			}
		}
		if err := run(ctx, t.conn, "ANALYZE "+t.dialect.Table(t.tables[i].Name)); err != nil {
			return t.fail(ctx, err, "looking at table %s", t.tables[i].Name)
		}
	}
	for i := range t.tables {
		statements, err := t.dialect.Complete("", &t.tables[i])
		for _, statement := range statements {
			if err == nil {
				err = run(ctx, t.conn, statement)
			}
		}
		if err != nil {
			return t.fail(ctx, err, "adding a foreign key or numbers to table %s", t.tables[i].Name)
		}
	}
	t.indexed = true
	return nil
}

// Verify opens what was loaded.
func (t *target) Verify(ctx context.Context, work []string) (engine.Snapshot, error) {
	if err := t.usable(false); err != nil {
		return nil, err
	}
	if !t.indexed {
		return nil, failure(codeEnded, diag.Misuse, "", nil, "the target is verified before it was indexed")
	}
	reader, err := begin(ctx, t.config, engine.Terms{Work: work}, "")
	if err != nil {
		return nil, err
	}
	reader.dialect, t.reader = t.dialect, reader
	return reader, nil
}

// Commit drops the marker.
func (t *target) Commit(ctx context.Context) error {
	if err := t.usable(false); err != nil {
		return err
	}
	if !t.indexed {
		return failure(codeEnded, diag.Misuse, "", nil, "the target is committed before it was indexed")
	}
	// What other sessions committed without waiting for the disk is on it when this is.
	if err := run(ctx, t.conn, "SET synchronous_commit = on; DROP TABLE "+markerTable); err != nil {
		return t.fail(ctx, err, "making the copy final")
	}
	t.ended = true
	t.hangUp()
	return nil
}

// Abort removes what was made.
func (t *target) Abort() error {
	if t.ended {
		return nil
	}
	t.ended = true
	t.mutex.Lock()
	open := make([]*loader, 0, len(t.loaders))
	for l := range t.loaders {
		open = append(open, l)
	}
	t.mutex.Unlock()
	for _, l := range open {
		l.abandon()
	}
	if t.reader != nil {
		t.reader.Close()
	}
	return t.remove()
}
