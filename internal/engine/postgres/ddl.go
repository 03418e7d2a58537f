package postgres

import (
	"fmt"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
)

// Prepare makes schemas and data types. A copy of another engine's database has that engine's data types in their neutral form.
func (d Dialect) Prepare(definition engine.Definition) ([]string, error) {
	var statements []string
	for _, schema := range d.schemas(definition) {
		if err := short(schema); err != nil {
			return nil, err
		}
		statements = append(statements, "CREATE SCHEMA IF NOT EXISTS "+quote(schema))
	}
	if d.Home != "" {
		return statements, nil
	}
	for _, t := range definition.DataTypes {
		if !isDataType(&t) {
			return nil, failure(codeDefinition, diag.Refused, "", nil, "the definition of data type %s is none that PostgreSQL reads", t.Name)
		}
		statements = append(statements, t.Definition)
	}
	return statements, nil
}

// schemas are those that a definition needs besides the default one, sorted.
func (d Dialect) schemas(definition engine.Definition) []string {
	var names []string
	add := func(schema string) {
		if schema != "" && schema != defaultSchema {
			names = append(names, schema)
		}
	}
	if d.Home == "" {
		for _, t := range definition.DataTypes {
			add(t.Schema)
		}
	}
	for i := range definition.Tables {
		add(d.Place(definition.Tables[i].Name).Schema)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// short refuses a name that the server would cut off.
func short(names ...string) error {
	for _, name := range names {
		if len(name) > longest {
			return failure(codeDefinition, diag.Refused, "", nil, "PostgreSQL would cut off the name %s, which has more than %d bytes", quote(name), longest)
		}
	}
	return nil
}

// CreateIndex makes an index by its own text, or from its columns where the text is another engine's.
func (d Dialect) CreateIndex(_ string, t *catalog.Table, index catalog.Index) (string, error) {
	if err := short(index.Name); err != nil {
		return "", err
	}
	if isOwnIndex(index.Definition) && !isWhole(index.Definition) {
		return "", unreadable(t, "index "+quote(index.Name))
	}
	if strings.HasPrefix(index.Definition, exclusion) {
		return "ALTER TABLE " + d.Table(t.Name) + " ADD CONSTRAINT " + quote(index.Name) + " " + index.Definition, nil
	}
	text := "CREATE "
	if index.Unique {
		text += "UNIQUE "
	}
	text += "INDEX " + quote(index.Name) + " ON " + d.Table(t.Name) + " "
	switch {
	case strings.HasPrefix(index.Definition, using):
		return text + index.Definition, nil
	case len(index.Columns) > 0:
		return text + "(" + quoteAll(index.Columns) + ")", nil
	}
	return "", failure(codeDefinition, diag.Refused, "", nil, "index %s of table %s has neither columns nor a definition that PostgreSQL reads", quote(index.Name), t.Name)
}

// Complete adds the foreign keys, which the server checks against all rows, and sets numbering on behind the numbers that
// the copy has.
func (d Dialect) Complete(_ string, t *catalog.Table) ([]string, error) {
	var statements []string
	for i := range t.ForeignKeys {
		f := &t.ForeignKeys[i]
		if err := short(f.Name); err != nil {
			return nil, err
		}
		statement := "ALTER TABLE " + d.Table(t.Name) + " ADD " + constraint(f.Name) + "FOREIGN KEY (" + quoteAll(f.ChildColumns()) + ") REFERENCES " +
			d.Table(f.Parent) + " (" + quoteAll(f.ParentColumns()) + ")"
		if f.OnDelete != "" {
			statement += " ON DELETE " + f.OnDelete
		}
		if f.OnUpdate != "" {
			statement += " ON UPDATE " + f.OnUpdate
		}
		statements = append(statements, statement)
	}
	for i := range t.Columns {
		if c := &t.Columns[i]; c.Identity {
			statements = append(statements, d.restart(t, c))
		}
	}
	return statements, nil
}

// restart sets numbering on from the last number that a column has, if that is one the numbering gives.
func (d Dialect) restart(t *catalog.Table, c *catalog.Column) string {
	start, last, beyond := int64(1), "max", ">="
	if n := c.Numbering; n != nil {
		start = n.Start
		if n.Increment < 0 {
			last, beyond = "min", "<="
		}
	}
	return fmt.Sprintf("SELECT setval(pg_get_serial_sequence(%s, %s), found.last)\n  FROM (SELECT %s(%s)::bigint AS last FROM %s) AS found WHERE found.last %s %d",
		text(d.Table(t.Name)), text(c.Name), last, quote(c.Name), d.Table(t.Name), beyond, start)
}

// ReadOrder is the primary key, or another key that names rows. The server gives rows in no order of their own that lasts: with this one
// the same rows make the same package. The row id is the order in which a table without a key is stored.
func (Dialect) ReadOrder(t *catalog.Table, alias string) []string {
	if t.RowID != "" {
		return []string{alias + "." + quote(t.RowID)}
	}
	for _, k := range t.Keys() {
		if len(k.Collations) > 0 || !t.NotNull(k.Columns) {
			continue
		}
		order := make([]string, len(k.Columns))
		for i, name := range k.Columns {
			order[i] = alias + "." + quote(name)
		}
		return order
	}
	return nil
}

func constraint(name string) string {
	if name == "" {
		return ""
	}
	return "CONSTRAINT " + quote(name) + " "
}
