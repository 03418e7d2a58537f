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
	// Place is where a table stands. It is name itself, unless the dialect is that of a copy in another engine than the one
	// that the name comes from: see At in package engines.
	Place(name catalog.Name) catalog.Name
	// Table is the reference to a table, where it stands.
	Table(name catalog.Name) string
	// Work is the reference to a work table of this run, by its short name.
	Work(name string) string
	// Parameter is the reference to a statement's bound argument, counted from 1.
	Parameter(number int) string
	// Representable reports whether a column can hold a text exactly: neither cut off, nor with characters replaced.
	Representable(text string, c *catalog.Column) bool
	// Count is the aggregate that counts all rows, however many.
	Count() string
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
	// Prepare are the statements that must come before the first table: schemas and data types.
	Prepare(d Definition) ([]string, error)
	// CreateTable is the statement that makes a table as defined, in the database that target names ("" for the
	// default one). CreateIndex is the same for one of its indexes.
	CreateTable(target string, t *catalog.Table) (string, error)
	CreateIndex(target string, t *catalog.Table, index catalog.Index) (string, error)
	// Complete are the statements that finish a table once the rows and indexes of all tables are there: what of its
	// definition CreateTable leaves out because rows could not be loaded otherwise, foreign keys first of all. They fail
	// where rows break it.
	Complete(target string, t *catalog.Table) ([]string, error)
	// ReadOrder are the columns (as SQL) in which a copy reads a table, one row a key: an order that the engine has
	// without sorting, where there is one.
	ReadOrder(t *catalog.Table, alias string) []string
}

// Imager is a Dialect that copies of other engines' databases can be made in.
type Imager interface {
	Dialect
	// Image returns the type in which the engine keeps the cells of a column of another engine's neutral type, each in its
	// neutral form (see package value) and exactly: in the engine's words, and as the engine would describe it. key is set for
	// a column of a key or foreign key: it may then have a limit, beyond which loading fails. Where there is no such type, problem
	// says why, in words that follow those for the column.
	Image(t value.Type, key bool) (engineType string, own value.Type, problem string)
	// Moment is an expression that compares as the moments do, of one for a cell of kind TimestampTZ in its neutral form.
	Moment(sql string) string
	// HiddenRowID is what RowID of a catalog would be for such a table.
	HiddenRowID(t *catalog.Table) string
	// FoldsNames reports whether two names that differ only in case may be one name there.
	FoldsNames() bool
}

// Vetter is a Dialect whose definitions hold texts that the engine runs: checks, defaults, computed columns, indexes.
type Vetter interface {
	// Vet refuses a definition that somebody else wrote unless all that its texts can do is compute.
	Vet(d Definition) error
}

// Hasher is a Dialect whose engine can compute keyed hashes within a query.
type Hasher interface {
	// Hash writes the hash of a cell, NULL for NULL. inner and outer are the two padded keys of HMAC, as references to bound
	// arguments. A cell that can't be hashed fails the query. It returns false for what the engine can't compute.
	Hash(h mask.Hashing, cell, inner, outer string) (string, bool)
}

// Shaper is a Dialect in which an expression can be made to compare as a column does.
type Shaper interface {
	// Shape gives an expression the type, in the engine's words, and the collation of a column.
	Shape(expression, engineType string, c *catalog.Column) string
}

// Computer is a Dialect whose computed columns convert what their expressions yield.
type Computer interface {
	// Compute gives a computed column's expression the column's type and collation, as storing it would.
	Compute(expression string, c *catalog.Column) string
}

// Blanker is a Dialect in which CASE loses how a column compares.
type Blanker interface {
	// Blank is NULL where the condition holds, else the cell, and compares as the cell does.
	Blank(cell, condition string) string
}

// Sessioner is a Dialect whose connections must be set up before confined queries mean on them what they say.
type Sessioner interface {
	// Session are the statements that a new connection is given.
	Session() []string
}

// Typer is a Dialect in which a bound argument must be told its type, so that the column it is compared with isn't converted.
type Typer interface {
	// Typed gives an argument the type of a column. The column can hold it.
	Typed(parameter string, c *catalog.Column) string
}

// Stager is a Dialect that can keep the result of a SELECT for later statements of the same connection.
type Stager interface {
	// CreateStage makes an empty work table for rows. Each column has the type and collation of Like, unless the engine takes
	// them from shape, a SELECT that yields such rows and needs no arguments.
	CreateStage(name string, columns []StageColumn, shape string) string
	// DropWork removes a work table.
	DropWork(name string) string
}

// StageColumn is a column of a staged result. EngineType is the type where a mask changed it, else "".
type StageColumn struct {
	Name       string
	Like       *catalog.Column
	EngineType string
}

// WorkColumn is a column of a work table. Like is nil for the table's hidden row id.
type WorkColumn struct {
	Name string
	Like *catalog.Column
}

// Definition is what a copy is made of: data types in the order in which they are made, then tables.
type Definition struct {
	DataTypes []catalog.DataType
	Tables    []catalog.Table
}

// Source is an open database that rows are taken from.
type Source interface {
	Catalog(ctx context.Context) (*catalog.Catalog, error)
	// Begin opens a snapshot: everything read through it sees one state of the database.
	Begin(ctx context.Context, t Terms) (Snapshot, error)
	Close() error
}

// Beside is a Source that can hold rows in other places than the tables of its catalog.
type Beside interface {
	// Beside names those that there are: views, tables of other databases, large objects.
	Beside(ctx context.Context) ([]string, error)
}

// Terms are how a snapshot is to be taken.
type Terms struct {
	// Work are the statements that make the work tables (see [Dialect.CreateWork]). They come first: not every engine
	// makes tables inside a snapshot.
	Work []string
	// Stages are the statements that make the tables of staged rows (see [Stager.CreateStage]). They come after Work.
	Stages []string
	// DatabaseSnapshot asks for a snapshot of the whole database, as a database of its own, where the engine's transactions
	// can't give one and the engine has such a thing.
	DatabaseSnapshot bool
	// AllowInconsistent accepts reads that see different states, where nothing else can be had. Kind then says so.
	AllowInconsistent bool
}

// Sharer is a Snapshot that others can join: they see the same state over connections of their own, and have copies of the
// work tables as they are now. A snapshot that others joined must outlive them.
type Sharer interface {
	Share(ctx context.Context) (Snapshot, error)
}

// NoSnapshot is how the Kind of a snapshot begins that is none: its reads see different states.
const NoSnapshot = "none: "

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

// Described is Rows that know the names of their columns.
type Described interface {
	Columns() []string
}

// Target is a new database that rows are loaded into. It comes into being under its final name when Commit succeeds,
// and not before. It is used by one goroutine at a time.
type Target interface {
	// Create makes the data types and tables, with their keys and checks, in the order given.
	Create(ctx context.Context, d Definition) error
	// Load starts loading rows into the named columns of a table that Create made.
	Load(ctx context.Context, table catalog.Name, columns []string) (Loader, error)
	// Index makes the indexes and foreign keys and checks every constraint, once all rows are there.
	Index(ctx context.Context) error
	// Verify opens what was loaded, for reading, with the work tables that the statements make.
	Verify(ctx context.Context, work []string) (Snapshot, error)
	// Commit makes the copy final and durable. Abort leaves nothing; after Commit it does nothing.
	Commit(ctx context.Context) error
	Abort() error
}

// Concurrent is a Target whose tables can be loaded at the same time: Load may be called, from several goroutines, before
// the loaders that it returned are closed.
type Concurrent interface {
	// Loaders is how many loaders may be open at a time.
	Loaders() int
}

// Loader takes the rows of one table.
type Loader interface {
	// Write takes one row. The row may be reused by the caller afterwards.
	Write(row []value.Value) error
	// Close finishes the table.
	Close() error
}
