// Package engine holds the small interfaces by which the rest of Utdrag meets a database. Each engine package below it
// has the same file names: connect, introspect, quote, types, ddl, read, load, script.
package engine

import (
	"context"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/mask/value"
)

// Dialect writes SQL text for one engine. It is pure: no connection is needed.
type Dialect interface {
	mask.Dialect
	// Name is the engine's name, as in catalog.Catalog.Engine.
	Name() string
	// Quote quotes an identifier, whatever it holds.
	Quote(identifier string) string
	// Table is the reference to a table of the source.
	Table(name catalog.Name) string
	// Work is the reference to a work table of this run, by its short name.
	Work(name string) string
	// Compare is the SQL for left = right where right is compared as the foreign key's parent column left compares: by
	// its collation and type.
	Compare(left, right string) string
	// Like writes the LIKE of the map language for a column of type t. pattern is the map's.
	Like(operand, pattern string, t value.Type) (string, error)
	// TypeName is the engine's type for a neutral one, for columns whose type a mask changed.
	TypeName(t value.Type) (string, error)
	// Comparable reports whether a child column compares with a parent column without a conversion that could change
	// the answer.
	Comparable(child, parent catalog.Column) bool
	// CreateWork is the statement that makes a work table whose columns take the type and collation of the given
	// columns, with all of them as its primary key.
	CreateWork(name string, columns []WorkColumn) string
	// CreateTable is the statement that makes a table as defined, in the database that target names ("" for the
	// default one). CreateIndex is the same for one of its indexes.
	CreateTable(target string, t *catalog.Table) (string, error)
	CreateIndex(target string, t *catalog.Table, index catalog.Index) (string, error)
	// ReadOrder are the columns (as SQL) in which the engine reads a table without sorting it, one row a key.
	ReadOrder(t *catalog.Table, alias string) []string
}

// WorkColumn is a column of a work table. Like is nil for the table's hidden row id.
type WorkColumn struct {
	Name string
	Like *catalog.Column
}

// Source is an open database that rows are taken from.
type Source interface {
	Catalog(ctx context.Context) (*catalog.Catalog, error)
	// Begin opens a snapshot: everything read through it sees one state of the database.
	Begin(ctx context.Context) (Snapshot, error)
	Close() error
}

// Snapshot is one state of a database, with work tables of its own. It is used by one goroutine at a time.
type Snapshot interface {
	// Kind says what kind of snapshot it is, for the manifest.
	Kind() string
	// Catalog describes the database as the snapshot sees it.
	Catalog(ctx context.Context) (*catalog.Catalog, error)
	// Exec runs a statement on work tables and returns the rows it changed.
	Exec(ctx context.Context, statement string, args ...value.Value) (int64, error)
	// Query streams the rows of any SELECT. Cells are held in memory.
	Query(ctx context.Context, query string, args ...value.Value) (Rows, error)
	// Read streams the rows of a copy. Large cells come as handles.
	Read(ctx context.Context, c Copy) (Rows, error)
	// Close ends the snapshot and removes its work tables.
	Close() error
}

// Copy is one SELECT in parts, so that an engine can add what it needs to read large cells.
type Copy struct {
	// Table is the source table, in From under the alias t.
	Table   *catalog.Table
	Columns []CopyColumn
	// From is the text from the word FROM on, without ORDER BY.
	From string
	// Order are SQL expressions; empty for no order.
	Order []string
}

// CopyColumn is one output column.
type CopyColumn struct {
	Name string
	// SQL is the expression over the alias t.
	SQL string
	// Plain is set where the expression is the table's column of that name, as it is.
	Plain bool
}

// Rows streams. Next fills row, which has one place a column, and reports false at the end or on error. A value of a
// row is valid until the next call.
type Rows interface {
	Next(row []value.Value) bool
	Err() error
	Close() error
}

// Target is a new database that rows are loaded into. It comes into being under its final name when Commit succeeds,
// and not before. It is used by one goroutine at a time.
type Target interface {
	// Create makes the tables, with their keys, checks and foreign keys, in the order given.
	Create(ctx context.Context, tables []catalog.Table) error
	// Load starts loading rows into the named columns of a table that Create made.
	Load(ctx context.Context, table catalog.Name, columns []string) (Loader, error)
	// Index makes the indexes and re-checks every constraint, once all rows are there.
	Index(ctx context.Context) error
	// Verify opens what was loaded, for reading.
	Verify(ctx context.Context) (Snapshot, error)
	// Commit makes the copy final and durable. Abort leaves nothing; after Commit it does nothing.
	Commit(ctx context.Context) error
	Abort() error
}

// Loader takes the rows of one table.
type Loader interface {
	// Write takes one row. The row may be reused by the caller afterwards.
	Write(row []value.Value) error
	// Close finishes the table.
	Close() error
}
