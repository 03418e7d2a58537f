package filter

import (
	"context"
	"database/sql"
	"database/sql/driver"

	"github.com/utdrag/utdrag/internal/engine/engines"
	"github.com/utdrag/utdrag/internal/engine/mysql"
)

// workTables says how work tables and transactions get on with each other on an engine.
type workTables struct {
	// writes is set where no work table can be made in a transaction that only reads, and undone where the end of one that is
	// rolled back is the end of its work tables.
	writes, undone bool
	// one is set where a transaction sees one state of the database from its first read on, under isolation.
	one       bool
	isolation sql.IsolationLevel
}

// tables is what is known of the filter's engine. SQL Server's transactions see one state under SNAPSHOT alone, which not every
// database allows; others would lock the rows of all providers.
func (f *Filter) tables() workTables {
	switch f.engine().Name() {
	case engines.SQLite:
		return workTables{undone: true, one: true}
	case engines.Postgres:
		return workTables{writes: true, undone: true, one: true, isolation: sql.LevelRepeatableRead}
	case mysql.Name:
		return workTables{writes: true, one: true, isolation: sql.LevelRepeatableRead}
	}
	return workTables{writes: true}
}

// BeginTx begins a transaction that reads. Not every driver knows read-only ones, and not every server makes work tables in
// one; no write passes the door in any.
func (c *doorConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	b, ok := c.inner.(driver.ConnBeginTx)
	if !opts.ReadOnly || !ok {
		return nil, errWrites
	}
	if c.busy {
		return nil, errBusy
	}
	if c.filter.keyed != nil {
		tables := c.filter.tables()
		opts.ReadOnly = !tables.writes
		if opts.Isolation == driver.IsolationLevel(sql.LevelDefault) {
			opts.Isolation = driver.IsolationLevel(tables.isolation)
		}
	}
	tx, err := b.BeginTx(ctx, opts)
	if err != nil && opts.ReadOnly && ctx.Err() == nil {
		opts.ReadOnly = false
		tx, err = b.BeginTx(ctx, opts)
	}
	if err != nil {
		return nil, redacted(ctx, err)
	}
	c.inTx = true
	return doorTx{tx, c}, nil
}

// snapshot begins a transaction in which work tables are filled from one state of the database and asked. It is nil where there
// is one already, or where none would help.
func (c *doorConn) snapshot(ctx context.Context) (driver.Tx, error) {
	b, ok := c.inner.(driver.ConnBeginTx)
	tables := c.filter.tables()
	if c.inTx || !ok || !tables.one {
		return nil, nil
	}
	tx, err := b.BeginTx(ctx, driver.TxOptions{ReadOnly: !tables.writes, Isolation: driver.IsolationLevel(tables.isolation)})
	if err != nil {
		return nil, redacted(ctx, err)
	}
	return tx, nil
}

// doorTx is a transaction of the user's.
type doorTx struct {
	inner driver.Tx
	conn  *doorConn
}

func (t doorTx) Commit() error {
	t.conn.inTx = false
	return redacted(context.Background(), t.inner.Commit())
}

func (t doorTx) Rollback() error {
	t.conn.inTx = false
	return redacted(context.Background(), t.inner.Rollback())
}
