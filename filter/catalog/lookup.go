package catalog

import (
	"slices"
	"strings"
)

// String is schema.table, each part quoted with brackets where it holds a dot or a bracket.
func (n Name) String() string {
	if n.Schema == "" {
		return part(n.Table)
	}
	return part(n.Schema) + "." + part(n.Table)
}

func part(s string) string {
	if strings.ContainsAny(s, ".[]\"") {
		return "[" + strings.ReplaceAll(s, "]", "]]") + "]"
	}
	return s
}

// Table returns the table of that name, or nil. An empty schema means the default one.
func (c *Catalog) Table(name Name) *Table {
	if name.Schema == "" {
		name.Schema = c.DefaultSchema
	}
	for i := range c.Tables {
		if t := &c.Tables[i]; t.Name == name {
			return t
		}
	}
	if c.FoldsCase {
		for i := range c.Tables {
			if t := &c.Tables[i]; FoldName(t.Schema) == FoldName(name.Schema) && FoldName(t.Name.Table) == FoldName(name.Table) {
				return t
			}
		}
	}
	return nil
}

// View returns the view of that name, or nil. An empty schema means the default one.
func (c *Catalog) View(name Name) *View {
	for i := range c.Views {
		if c.same(c.Views[i].Name, name) {
			return &c.Views[i]
		}
	}
	return nil
}

// HasSynonym reports whether the name is a synonym's.
func (c *Catalog) HasSynonym(name Name) bool {
	return slices.ContainsFunc(c.Synonyms, func(s Name) bool { return c.same(s, name) })
}

func (c *Catalog) same(own, name Name) bool {
	if name.Schema == "" {
		name.Schema = c.DefaultSchema
	}
	return own == name || c.FoldsCase && FoldName(own.Schema) == FoldName(name.Schema) && FoldName(own.Table) == FoldName(name.Table)
}

// FoldName is what two spellings of a name have in common where a catalog folds case: A to Z and a to z are the same, and
// no other letters, which is how SQLite compares names. More would let a map's word for one column find another.
func FoldName(name string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, name)
}

// Column returns the column of exactly that name, or nil.
func (t *Table) Column(name string) *Column {
	for i := range t.Columns {
		if t.Columns[i].Name == name {
			return &t.Columns[i]
		}
	}
	return nil
}

// ColumnNames returns the columns' names in ordinal order.
func (t *Table) ColumnNames() []string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return names
}

// ChildColumns returns the referencing columns in the constraint's order.
func (f *ForeignKey) ChildColumns() []string {
	names := make([]string, len(f.Columns))
	for i, p := range f.Columns {
		names[i] = p.Child
	}
	return names
}

// ParentColumns returns the referenced columns in the constraint's order.
func (f *ForeignKey) ParentColumns() []string {
	names := make([]string, len(f.Columns))
	for i, p := range f.Columns {
		names[i] = p.Parent
	}
	return names
}

// Keys returns the primary key, if there is one, and the unique keys.
func (t *Table) Keys() []Key {
	if t.PrimaryKey == nil {
		return t.UniqueKeys
	}
	return append([]Key{*t.PrimaryKey}, t.UniqueKeys...)
}

// NotNull reports whether all of the named columns refuse NULL.
func (t *Table) NotNull(columns []string) bool {
	return !slices.ContainsFunc(columns, func(name string) bool {
		c := t.Column(name)
		return c == nil || c.Nullable
	})
}
