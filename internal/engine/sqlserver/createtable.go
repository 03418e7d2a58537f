package sqlserver

import (
	"fmt"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
)

// The options of columns that a copy keeps. What begins with notMade is said for the reader only: of a column or table, what
// a copy doesn't have.
const (
	optionSparse    = "SPARSE"
	optionRowGUID   = "ROWGUIDCOL"
	optionHidden    = "HIDDEN"
	optionColumnSet = "COLUMN_SET FOR ALL_SPARSE_COLUMNS"
	notMade         = catalog.NotCopied
)

// CreateTable makes a table with its keys and checks, one part a line. Foreign keys, and what makes a table temporal, come
// with [Dialect.Complete].
//
// Checks and defaults in another engine's words are not made: SQL Server would read them in its own way, and the rows satisfy
// them as they come. A computed column would be empty, and is refused.
func (d Dialect) CreateTable(target string, t *catalog.Table) (string, error) {
	for _, option := range t.Options {
		if d.Home == "" && !strings.HasPrefix(option, notMade) {
			return "", failure(codeDefinition, diag.Refused, "", nil, "table %s has an option that SQL Server doesn't know: %q", t.Name, option)
		}
	}
	var parts []string
	for i := range t.Columns {
		column, err := d.column(t, &t.Columns[i])
		if err != nil {
			return "", err
		}
		parts = append(parts, column)
	}
	if t.PrimaryKey != nil {
		parts = append(parts, constraint(t.PrimaryKey.Name)+"PRIMARY KEY "+d.clustering(t.PrimaryKey, true)+" ("+quoteAll(t.PrimaryKey.Columns)+")")
	}
	for i := range t.UniqueKeys {
		if k := &t.UniqueKeys[i]; d.Home == "" || !nullable(t, k) { // see Complete
			parts = append(parts, constraint(k.Name)+"UNIQUE "+d.clustering(k, false)+" ("+quoteAll(k.Columns)+")")
		}
	}
	for _, c := range t.Checks {
		if d.Home != "" {
			break
		}
		if !isExpression(c.Expression) {
			return "", d.unreadable(t, "a check")
		}
		parts = append(parts, constraint(c.Name)+"CHECK ("+c.Expression+")")
	}
	return "CREATE TABLE " + d.at(target, t.Name) + " (\n  " + strings.Join(parts, ",\n  ") + "\n)", nil
}

func (d Dialect) unreadable(t *catalog.Table, what string) error {
	return failure(codeDefinition, diag.Refused, "", nil, "%s of table %s is not one expression", what, t.Name)
}

// clustering says how a key is stored. A table that comes from another engine is stored by its primary key.
func (d Dialect) clustering(k *catalog.Key, primary bool) string {
	if k.Clustered || d.Home != "" && primary {
		return "CLUSTERED"
	}
	return "NONCLUSTERED"
}

// isSerial tells another engine's numbering that stands behind a default, which can be given numbers; so can identity here.
func (Dialect) isSerial(c *catalog.Column) bool { return c.Numbering != nil && c.Numbering.Serial }

func (d Dialect) column(t *catalog.Table, c *catalog.Column) (string, error) {
	name := quote(c.Name)
	if slices.Contains(c.Options, optionColumnSet) && d.Home == "" {
		return name + " xml " + optionColumnSet, nil
	}
	if c.Computed != "" {
		if d.Home != "" {
			return "", failure(codeDefinition, diag.Refused, "omit the column", nil, "column %q of table %s is computed, in another engine's words", c.Name, t.Name)
		}
		return d.computed(t, c)
	}
	declared, err := d.declared(t, c)
	if err != nil {
		return "", err
	}
	words := name + " " + declared
	if slices.Contains(c.Options, optionSparse) && d.Home == "" {
		words += " " + optionSparse
	}
	if c.Identity && !d.isSerial(c) {
		start, increment := int64(1), int64(1)
		if c.Numbering != nil {
			start, increment = c.Numbering.Start, c.Numbering.Increment
		}
		words += fmt.Sprintf(" IDENTITY(%d,%d)", start, increment)
	}
	if slices.Contains(c.Options, optionRowGUID) && d.Home == "" {
		words += " " + optionRowGUID
	}
	if c.Nullable {
		words += " NULL"
	} else {
		words += " NOT NULL"
	}
	if c.Default != "" && d.Home == "" {
		if !isExpression(c.Default) {
			return "", d.unreadable(t, "the default of column "+quote(c.Name))
		}
		words += " " + constraint(c.DefaultName) + "DEFAULT " + c.Default
	}
	return words, d.optionsKnown(t, c)
}

func (d Dialect) optionsKnown(t *catalog.Table, c *catalog.Column) error {
	for _, option := range c.Options {
		known := slices.Contains([]string{optionSparse, optionRowGUID, optionHidden}, option)
		if d.Home == "" && !known && !strings.HasPrefix(option, notMade) {
			return failure(codeDefinition, diag.Refused, "", nil, "column %q of table %s has an option that SQL Server doesn't know: %q", c.Name, t.Name, option)
		}
	}
	return nil
}

func (d Dialect) computed(t *catalog.Table, c *catalog.Column) (string, error) {
	if !isExpression(c.Computed) {
		return "", d.unreadable(t, "computed column "+quote(c.Name))
	}
	words := quote(c.Name) + " AS (" + unwrapped(c.Computed) + ")"
	if c.Stored {
		words += " PERSISTED"
		if !c.Nullable {
			words += " NOT NULL"
		}
	}
	return words, d.optionsKnown(t, c)
}

// declared is the column's type with its collation, or its alias type, which takes none.
func (d Dialect) declared(t *catalog.Table, c *catalog.Column) (string, error) {
	if c.DataType != (catalog.Name{}) && d.Home == "" {
		return d.Table(c.DataType), nil
	}
	words := d.typeName(c)
	if words == "" {
		if _, err := d.TypeName(c.Type); err != nil {
			return "", err
		}
		return "", failure(codeType, diag.Refused, "omit the column", nil, "column %q of table %s is of a type that SQL Server doesn't have", c.Name, t.Name)
	}
	return words + d.collateClause(c, words), nil
}

func constraint(name string) string {
	if name == "" {
		return ""
	}
	return "CONSTRAINT " + quote(name) + " "
}
