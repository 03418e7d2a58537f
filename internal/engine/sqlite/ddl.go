package sqlite

import (
	"fmt"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
)

// The words after a table's definition that a copy keeps.
const (
	strictOption       = "STRICT"
	withoutRowidOption = "WITHOUT ROWID"
)

// CreateWork makes a work table in memory. A single row id, or numbered key, becomes the table's own rowid; any other
// key is the table itself, WITHOUT ROWID, so that it is stored once. Each column converts and compares as the one that
// it is like, so that a lookup by the source's column finds its row. NULL can't be in it.
func (d Dialect) CreateWork(name string, columns []engine.WorkColumn) string {
	if len(columns) == 1 && (columns[0].Like == nil || strings.EqualFold(columns[0].Like.EngineType, string(integer))) {
		return fmt.Sprintf("CREATE TEMP TABLE %s (%s INTEGER PRIMARY KEY)", quote(name), quote(columns[0].Name))
	}
	var b strings.Builder
	names := make([]string, len(columns))
	fmt.Fprintf(&b, "CREATE TEMP TABLE %s (", quote(name))
	for i, c := range columns {
		names[i] = c.Name
		b.WriteString(quote(c.Name) + " ")
		if c.Like == nil {
			b.WriteString(string(integer))
		} else {
			b.WriteString(string(affinityOf(c.Like.EngineType, c.Like.Type.Kind)))
			if collation := c.Like.Type.Collation.Name; collation != "" && collation != "BINARY" {
				b.WriteString(" COLLATE " + quote(collation))
			}
		}
		b.WriteString(", ")
	}
	fmt.Fprintf(&b, "PRIMARY KEY (%s)) WITHOUT ROWID", quoteAll(names))
	return b.String()
}

// Prepare refuses data types, which SQLite doesn't have; a file has one schema, so nothing comes before a table.
func (Dialect) Prepare(d engine.Definition) ([]string, error) {
	if len(d.DataTypes) > 0 {
		return nil, failure(codeType, diag.Refused, "", nil, "SQLite has no data types that a database defines, such as %s", d.DataTypes[0].Name)
	}
	return nil, nil
}

// Complete has nothing to add: a table is made with all its constraints.
func (Dialect) Complete(string, *catalog.Table) ([]string, error) { return nil, nil }

// CreateTable makes a table with its keys, checks and foreign keys, one part a line.
func (d Dialect) CreateTable(target string, t *catalog.Table) (string, error) {
	inline := inlineKey(t)
	var parts []string
	for i := range t.Columns {
		column, err := d.column(t, &t.Columns[i], inline)
		if err != nil {
			return "", err
		}
		parts = append(parts, column)
	}
	if t.PrimaryKey != nil && !inline {
		parts = append(parts, constraint(t.PrimaryKey.Name)+"PRIMARY KEY ("+keyColumns(t.PrimaryKey)+")")
	}
	for i := range t.UniqueKeys {
		parts = append(parts, constraint(t.UniqueKeys[i].Name)+"UNIQUE ("+keyColumns(&t.UniqueKeys[i])+")")
	}
	for _, c := range t.Checks {
		parts = append(parts, constraint(c.Name)+"CHECK ("+c.Expression+")")
	}
	for i := range t.ForeignKeys {
		parts = append(parts, foreign(&t.ForeignKeys[i]))
	}
	for _, option := range t.Options {
		if option != strictOption && option != withoutRowidOption {
			return "", failure(codeDefinition, diag.Refused, "", nil, "table %s has an option that SQLite doesn't know: %q", t.Name, option)
		}
	}
	text := "CREATE TABLE " + at(target, t.Table) + " (\n  " + strings.Join(parts, ",\n  ") + "\n)"
	if len(t.Options) > 0 {
		text += " " + strings.Join(t.Options, ", ")
	}
	return text, nil
}

// inlineKey reports whether the primary key is one column of exactly the type INTEGER in a rowid table, which makes it
// the rowid, and is written at the column: where the column may hold NULL it is not the rowid, and only the words
// INTEGER PRIMARY KEY DESC, at the column, say so (https://www.sqlite.org/lang_createtable.html section 5).
func inlineKey(t *catalog.Table) bool {
	if t.PrimaryKey == nil || len(t.PrimaryKey.Columns) != 1 || slices.Contains(t.Options, withoutRowidOption) {
		return false
	}
	c := t.Column(t.PrimaryKey.Columns[0])
	return c != nil && fold(c.EngineType) == "integer"
}

func (d Dialect) column(t *catalog.Table, c *catalog.Column, inline bool) (string, error) {
	text := quote(c.Name)
	declared, err := d.declared(t, c)
	if err != nil {
		return "", err
	}
	if declared != "" {
		text += " " + declared
	}
	isKey := inline && t.PrimaryKey.Columns[0] == c.Name
	if isKey {
		text += " " + constraint(t.PrimaryKey.Name) + "PRIMARY KEY"
		if c.Nullable {
			text += " DESC"
		}
		if c.Identity {
			text += " AUTOINCREMENT"
		}
	}
	if !c.Nullable && !isKey {
		text += " NOT NULL"
	}
	if c.Type.Collation.Name != "" && c.Type.Collation.Name != "BINARY" {
		text += " COLLATE " + quote(c.Type.Collation.Name)
	}
	if c.Default != "" {
		text += " DEFAULT (" + c.Default + ")"
	}
	if c.Computed != "" {
		text += " GENERATED ALWAYS AS (" + c.Computed + ")"
		if c.Stored {
			text += " STORED"
		} else {
			text += " VIRTUAL"
		}
	}
	return text, nil
}

// declared is the column's type in its engine's own words, which decide its affinity. Words that are no type to SQLite's
// parser are either a quoted type of SQLite's, where they mean the same to it as they do here, or another engine's, and
// then the neutral type is named instead.
func (d Dialect) declared(t *catalog.Table, c *catalog.Column) (string, error) {
	if isTypeName(c.EngineType) {
		return c.EngineType, nil
	}
	own := typeOf(c.EngineType, slices.Contains(t.Options, strictOption))
	if own.Collation = c.Type.Collation; own == c.Type && !strings.ContainsRune(c.EngineType, 0) {
		return quote(c.EngineType), nil
	}
	return d.TypeName(c.Type)
}

func foreign(f *catalog.ForeignKey) string {
	text := constraint(f.Name) + "FOREIGN KEY (" + quoteAll(f.ChildColumns()) + ") REFERENCES " + quote(f.Parent.Table) +
		" (" + quoteAll(f.ParentColumns()) + ")"
	if f.OnDelete != "" {
		text += " ON DELETE " + f.OnDelete
	}
	if f.OnUpdate != "" {
		text += " ON UPDATE " + f.OnUpdate
	}
	return text
}

func keyColumns(k *catalog.Key) string {
	parts := make([]string, len(k.Columns))
	for i, name := range k.Columns {
		parts[i] = quote(name)
		if i < len(k.Collations) {
			parts[i] += " COLLATE " + quote(k.Collations[i])
		}
	}
	return strings.Join(parts, ", ")
}

func constraint(name string) string {
	if name == "" {
		return ""
	}
	return "CONSTRAINT " + quote(name) + " "
}

func at(target, name string) string {
	if target == "" {
		return quote(name)
	}
	return quote(target) + "." + quote(name)
}

// CreateIndex makes an index by its own text, or from its columns where the text is not SQLite's.
func (Dialect) CreateIndex(target string, t *catalog.Table, index catalog.Index) (string, error) {
	unique := ""
	if index.Unique {
		unique = "UNIQUE "
	}
	if body, ok := indexBody(index.Definition); ok {
		return "CREATE " + unique + "INDEX " + at(target, index.Name) + " ON " + quote(t.Table) + " " + body, nil
	}
	if len(index.Columns) == 0 {
		return "", failure(codeDefinition, diag.Refused, "", nil, "index %q of table %s has neither columns nor a definition that SQLite reads",
			index.Name, t.Name)
	}
	return "CREATE " + unique + "INDEX " + at(target, index.Name) + " ON " + quote(t.Table) + " (" + quoteAll(index.Columns) + ")", nil
}

// ReadOrder is the row id, or the primary key of a table WITHOUT ROWID.
func (Dialect) ReadOrder(t *catalog.Table, alias string) []string {
	if t.RowID != "" {
		return []string{alias + "." + quote(t.RowID)}
	}
	if t.PrimaryKey == nil || !slices.Contains(t.Options, withoutRowidOption) {
		return nil
	}
	order := make([]string, len(t.PrimaryKey.Columns))
	for i, name := range t.PrimaryKey.Columns {
		order[i] = alias + "." + quote(name)
		if i < len(t.PrimaryKey.Collations) {
			order[i] += " COLLATE " + quote(t.PrimaryKey.Collations[i])
		}
	}
	return order
}
