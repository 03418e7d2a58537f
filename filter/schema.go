// Package filter decides what one care provider may see of a database that many share.
//
// [Bind] holds a schema map against a catalog and gives a [Schema], or every reason why not: a table that nobody
// accounted for, a path that more than one foreign key could mean, a mask that doesn't fit its column.
// [Schema.Compile] turns the schema and a [Request] into [Sets]: for each table the SQL condition that is true for
// exactly the included rows, and the key sets that have to be filled first.
//
// # What included means
//
// The included rows are the least sets such that the anchor's row with the ordered key is included, a row is reached
// by a via path if its parent row is included, and by a from path if an included child row names it. The paths of a
// table combine by any or all; where, drop and units only take away, and nothing is reached through what they take
// away. Cycles are the fixpoint of the same rule.
package filter

import (
	"slices"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/mask/value"
)

// Schema is a map bound to a catalog. It is immutable.
type Schema struct {
	Map     *schemamap.Map
	Catalog *catalog.Catalog
	// Anchor is the care-provider table and AnchorKey the column whose value an order supplies.
	Anchor    *Table
	AnchorKey *catalog.Column
	// Unit is the care-unit table, or nil where the map declares none.
	Unit    *Table
	UnitKey *catalog.Column
	// Tables are all tables of the catalog, in its order.
	Tables []*Table
	// components are the tables in an order in which each comes after those that it depends on; tables that depend on
	// each other stand together.
	components [][]*Table
	byName     map[catalog.Name]*Table
}

// Rule says what decides which rows of a table are included.
type Rule uint8

// The rules.
const (
	ByPaths  Rule = iota // the table's paths
	Anchor               // the one row with the ordered key
	AllRows              // every row: a reference table
	NoRows               // no row, and the table is not made
	NoneKept             // no row, and the table is made
)

// Table is a table of the catalog with what the map says of it.
type Table struct {
	*catalog.Table
	Rule   Rule
	Match  schemamap.Match
	Paths  []*Path
	Where  *schemamap.Where
	Reason string
	// References are the table's foreign keys, in the catalog's order.
	References []*Reference
	// Fields are the columns with what the map says of them, in ordinal order.
	Fields []Field
	// Shared is set where rows may belong to several providers.
	Shared bool
	// Cause is the block or list entry of the map that accounts for the table.
	Cause diag.Range

	index     int // in Schema.Tables
	component int // in Schema.components
	cyclic    bool
}

// Made reports whether the copy has this table at all.
func (t *Table) Made() bool { return t.Rule != NoRows }

// accounted reports whether the map says anything of this table. Where it doesn't, that is all there is to say of it.
func (t *Table) accounted() bool { return t.Cause != (diag.Range{}) }

// Path is one way on which a row reaches the provider.
type Path struct {
	// Up is set for a via path: from this table, the child, to its parent. Otherwise this table is the parent.
	Up bool
	// Other is the table at the other end.
	Other *Table
	// Pairs are the columns of child and parent, as the foreign key orders them.
	Pairs []catalog.Pair
	// NullInclude is set where a NULL in the child's columns includes the row.
	NullInclude bool
	Cause       diag.Range
}

// Reference is one foreign key of a table, with what happens when it leads to a row that is not copied.
type Reference struct {
	*catalog.ForeignKey
	Child  *Table
	Parent *Table
	// Outside is the policy, or "" where none is written: then the plan must prove that it is never needed.
	Outside schemamap.Outside
	// Cause is the foreign block, or the child table's block.
	Cause diag.Range
}

// Label names the reference for people: its constraint, or table and columns.
func (r *Reference) Label() string {
	if r.Name != "" {
		return r.Name
	}
	return columnsLabel(r.ChildColumns())
}

// Field is a column with what the map says of it.
type Field struct {
	*catalog.Column
	Omit bool
	// Mask is nil for a column that is kept as it is; Effect is what it does.
	Mask   mask.Rule
	Effect mask.Effect
	// Stub is the declared dummy for stub rows, or nil.
	Stub  *value.Value
	Cause diag.Range
}

// Field returns the column of that exact name, or nil.
func (t *Table) Field(name string) *Field {
	for i := range t.Fields {
		if t.Fields[i].Name == name {
			return &t.Fields[i]
		}
	}
	return nil
}

// MaskColumn describes a column to a mask.
func (t *Table) MaskColumn(name string) mask.Column {
	column := t.Column(name)
	return mask.Column{
		Type: column.Type, Nullable: column.Nullable,
		Unique: slices.ContainsFunc(t.Keys(), func(k catalog.Key) bool { return slices.Contains(k.Columns, name) }) ||
			slices.ContainsFunc(t.Indexes, func(i catalog.Index) bool { return i.Unique && slices.Contains(i.Columns, name) }),
		Reference: slices.ContainsFunc(t.ForeignKeys, func(f catalog.ForeignKey) bool {
			return slices.Contains(f.ChildColumns(), name)
		}),
	}
}

// Identity returns the columns that name a row within a snapshot: a hidden row id where the engine has one, else the
// primary key, else a unique key, none of them nullable. A single integer key is its own best name. It returns nil
// where nothing names a row.
func (t *Table) Identity() []string {
	keys := slices.DeleteFunc(slices.Clone(t.Keys()), func(k catalog.Key) bool {
		return !t.NotNull(k.Columns) || len(k.Collations) > 0
	})
	for _, k := range keys {
		if len(k.Columns) == 1 && t.Column(k.Columns[0]).Type.Kind == value.Integer && t.PrimaryKey != nil && slices.Equal(k.Columns, t.PrimaryKey.Columns) {
			return k.Columns
		}
	}
	if t.RowID != "" {
		return []string{t.RowID}
	}
	if len(keys) > 0 {
		return keys[0].Columns
	}
	return nil
}

// Components returns the tables in an order in which each stands after those that its included rows depend on.
// Tables that depend on each other in a circle stand together, and Cyclic tells that apart from a table alone.
func (s *Schema) Components() [][]*Table { return s.components }

// Cyclic reports whether the table's included rows depend on themselves.
func (t *Table) Cyclic() bool { return t.cyclic }

// Table returns the bound table of that name, or nil. An empty schema means the default one.
func (s *Schema) Table(name catalog.Name) *Table { return s.byName[s.key(name)] }

// key is what two spellings of one name have in common.
func (s *Schema) key(name catalog.Name) catalog.Name {
	if name.Schema == "" {
		name.Schema = s.Catalog.DefaultSchema
	}
	if s.Catalog.FoldsCase {
		name.Schema, name.Table = catalog.FoldName(name.Schema), catalog.FoldName(name.Table)
	}
	return name
}
