// Package catalog is what a database itself says of its tables: columns, keys and foreign keys.
//
// An engine reads a [Catalog] from a live database; [Read] and [Catalog.Write] keep it as JSON, so that a plan can be
// built and reviewed with no database at hand. [Compare] says in words what differs between two.
package catalog

import (
	"github.com/utdrag/utdrag/mask/value"
)

// Catalog is the description of one database. Tables are sorted by name.
type Catalog struct {
	// Engine is the name of the engine that was asked: "sqlite", "postgres", "sqlserver".
	Engine string `json:"engine"`
	// Database is the database's name, for scripts that must say it. No hash covers it, and no copy carries it.
	Database string `json:"database,omitempty"`
	// DefaultSchema is the schema of a table that is named without one: "main", "public", "dbo".
	DefaultSchema string `json:"default_schema"`
	// FoldsCase is set where names that differ only in case are the same name.
	FoldsCase bool `json:"folds_case,omitempty"`
	// NullsCollide is set where a unique key takes NULL once, as if it were a value.
	NullsCollide bool `json:"nulls_collide,omitempty"`
	// DataTypes are the types that somebody defined in this database, each after those that it uses.
	DataTypes []DataType `json:"data_types,omitempty"`
	Tables    []Table    `json:"tables"`
	// Views and Synonyms are other things that a query can name like a table, sorted by name. They have no rows of their own and
	// no copy has them: no hash covers them.
	Views    []View `json:"views,omitempty"`
	Synonyms []Name `json:"synonyms,omitempty"`
}

// View is a query that has a name.
type View struct {
	Name
	// Columns are the names of its columns in order.
	Columns []string `json:"columns"`
	// Definition is what the engine keeps of it: a SELECT, or the statement that made it. It is "" where the engine doesn't
	// tell, or would read its text by other rules than those of a session of ours.
	Definition string `json:"definition,omitempty"`
}

// DataType is a type that a database defines for itself: an alias type, a domain, an enumeration.
type DataType struct {
	Name
	// Definition is the whole statement that makes it, in the engine's own words.
	Definition string `json:"definition"`
	// Uses are other defined types that it is made of.
	Uses []Name `json:"uses,omitempty"`
}

// Name is a table's full name.
type Name struct {
	Schema string `json:"schema"`
	Table  string `json:"table"`
}

// Table is one base table.
type Table struct {
	Name
	// Columns are in ordinal order.
	Columns []Column `json:"columns"`
	// PrimaryKey is nil for a table without one.
	PrimaryKey *Key `json:"primary_key,omitempty"`
	// UniqueKeys are unique constraints and unfiltered unique indexes over plain columns, without the primary key.
	UniqueKeys []Key `json:"unique_keys,omitempty"`
	// Indexes are all other indexes.
	Indexes     []Index      `json:"indexes,omitempty"`
	ForeignKeys []ForeignKey `json:"foreign_keys,omitempty"`
	Checks      []Check      `json:"checks,omitempty"`
	// RowID is a hidden column that names a row for as long as a snapshot lasts ("rowid"), or "".
	RowID string `json:"row_id,omitempty"`
	// Options are the engine's own words after the table's definition: "STRICT", "WITHOUT ROWID". Those that begin with
	// NotCopied name what the table has and no copy gets.
	Options []string `json:"options,omitempty"`
	// Partitioning is how the engine divides the table, in its own words, or "". A copy is not divided.
	Partitioning string `json:"partitioning,omitempty"`
	// Temporal is set for a table whose former rows the engine keeps.
	Temporal *Temporal `json:"temporal,omitempty"`
	// Triggers are the names of the table's triggers, sorted. A copy has none.
	Triggers []string `json:"triggers,omitempty"`
	// RowEstimate is what the engine believes the table holds; nil when it doesn't say. No hash covers it.
	RowEstimate *int64 `json:"row_estimate,omitempty"`
}

// NotCopied begins an option of a table that names what a copy doesn't get, such as an index that is disabled.
const NotCopied = "not copied: "

// Temporal says where the engine keeps a table's former rows.
type Temporal struct {
	// Start and End are the columns of the row's period.
	Start string `json:"start"`
	End   string `json:"end"`
	// History is the table of former rows, which is a table of the catalog too.
	History Name `json:"history"`
	// Retention is how long they are kept, in the engine's own words: "6 MONTHS"; "" for ever.
	Retention string `json:"retention,omitempty"`
}

// Column is one column.
type Column struct {
	Name string `json:"name"`
	// EngineType is the type in the engine's own words, with length and precision.
	EngineType string     `json:"engine_type"`
	Type       value.Type `json:"type"`
	Nullable   bool       `json:"nullable,omitempty"`
	// Identity is set where the engine numbers rows itself.
	Identity bool `json:"identity,omitempty"`
	// Numbering says how, where the engine can tell.
	Numbering *Numbering `json:"numbering,omitempty"`
	// Computed is the expression of a generated column, and "" for others. A computed column is never inserted.
	Computed string `json:"computed,omitempty"`
	// Stored is set where a computed column is kept on disk.
	Stored bool `json:"stored,omitempty"`
	// Default is the default's expression as the engine prints it, or "".
	Default string `json:"default,omitempty"`
	// DefaultName is the name of the default's constraint, or "".
	DefaultName string `json:"default_name,omitempty"`
	// Stamped is set where the engine writes the column at every change of the row (rowversion). It is never inserted.
	Stamped bool `json:"stamped,omitempty"`
	// DataType is the defined type that the column is of; the zero Name for the engine's own types.
	DataType Name `json:"data_type,omitzero"`
	// Options are the engine's own words for what else the column is: "SPARSE", "HIDDEN".
	Options []string `json:"options,omitempty"`
}

// Numbering is how an engine numbers the rows of an identity column.
type Numbering struct {
	Start     int64 `json:"start"`
	Increment int64 `json:"increment"`
	// Always is set where the engine refuses numbers that are given unless told.
	Always bool `json:"always,omitempty"`
	// Serial is set where a sequence of the column's own stands behind a default.
	Serial bool `json:"serial,omitempty"`
	// Last is the number given last; nil when none was, or when the engine doesn't say. It tells of other providers' rows: no
	// hash covers it and no copy carries it.
	Last *int64 `json:"last,omitempty"`
}

// Inserted reports whether rows are inserted with the column: the engine neither computes nor stamps it.
func (c *Column) Inserted() bool { return c.Computed == "" && !c.Stamped }

// Key is a primary or unique key.
type Key struct {
	// Name is the constraint's or index's name, or "" where it has none.
	Name string `json:"name,omitempty"`
	// Columns are in the key's own order.
	Columns []string `json:"columns"`
	// Collations are the collations the key compares by where they differ from the columns' own, in key order.
	Collations []string `json:"collations,omitempty"`
	// Clustered is set where the table's rows are stored in the key's order.
	Clustered bool `json:"clustered,omitempty"`
}

// Index is an index that is not a plain key. Definition is the engine's own text.
type Index struct {
	Name       string   `json:"name"`
	Columns    []string `json:"columns"`
	Unique     bool     `json:"unique,omitempty"`
	Definition string   `json:"definition"`
}

// ForeignKey is one foreign key of a child table.
type ForeignKey struct {
	// Name is the constraint's name, or "" where it has none.
	Name   string `json:"name,omitempty"`
	Parent Name   `json:"parent"`
	// Columns pairs the child's columns with the parent's that they reference, by the constraint's ordinals.
	Columns []Pair `json:"columns"`
	// OnDelete and OnUpdate are the actions in words ("CASCADE"), or "" for none.
	OnDelete string `json:"on_delete,omitempty"`
	OnUpdate string `json:"on_update,omitempty"`
	// Untrusted is set where the engine doesn't promise that every row satisfies the constraint.
	Untrusted bool `json:"untrusted,omitempty"`
	// Disabled is set where the engine doesn't check it at all.
	Disabled bool `json:"disabled,omitempty"`
}

// Pair is one column of a foreign key and the column it references.
type Pair struct {
	Child  string `json:"child"`
	Parent string `json:"parent"`
}

// Check is a CHECK constraint.
type Check struct {
	Name string `json:"name,omitempty"`
	// Expression is the engine's own text, without the word CHECK and its parentheses.
	Expression string `json:"expression"`
	// Columns are the table's columns that the expression mentions.
	Columns []string `json:"columns"`
}
