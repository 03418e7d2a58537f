package sqlserver

import (
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
)

// readColumns takes the columns of every object, in ordinal order; those of tables are kept.
func (in *introspection) readColumns() error {
	query := `SELECT c.object_id, c.column_id, c.name, c.user_type_id, c.system_type_id, c.max_length, c.precision, c.scale, c.collation_name, c.is_nullable, c.is_identity,
		c.is_computed, c.is_rowguidcol, c.is_sparse, c.is_column_set, ` + in.column("columns", "generated_always_type", "0") + `, ` +
		in.column("columns", "is_hidden", "0") + `, ` + in.column("columns", "encryption_type", "NULL") + `, ` + in.column("columns", "is_masked", "0") + `,
		c.default_object_id, c.rule_object_id, c.xml_collection_id FROM sys.columns c ORDER BY c.object_id, c.column_id`
	return in.ofTable("columns", query, func(f *found, row []sql.NullString) {
		c := catalog.Column{Name: in.written(f.table.Schema, f.table.Name.Table, row[1].String), Nullable: set(row[8]), Identity: set(row[9])}
		in.columnType(f, &c, row)
		in.columnOptions(f, &c, row)
		if set(row[10]) {
			c.Computed = unseen
			c.DataType = catalog.Name{}
		}
		f.places[number(row[0])] = len(f.table.Columns)
		f.table.Columns = append(f.table.Columns, c)
	})
}

// unseen stands for the expression of a computed column until it is read.
const unseen = "\x00"

// columnType finds a type by its own id, or by that of the type which it is made of: the system's types with an assembly
// (hierarchyid, geometry, geography) have ids of their own.
func (in *introspection) columnType(f *found, c *catalog.Column, row []sql.NullString) {
	own, ok := in.types[number(row[2])]
	if !ok {
		own = in.types[number(row[3])]
	}
	if own.assembly && own.defined {
		in.refuse(codeType, "omit the table, or change the column", "column %q of table %s is of a type made of .NET code: %q", c.Name, f.table.Name, own.name.Table)
		return
	}
	if own.defined {
		c.DataType = own.name
	}
	known := false
	if c.EngineType, c.Type, known = typeOf(own.base, int(number(row[4])), int(number(row[5])), int(number(row[6])), row[7].String); !known {
		in.refuse(codeType, "omit the table, or change the column", "column %q of table %s is of a type or collation that is not known: %q %q", c.Name, f.table.Name, own.base, row[7].String)
		return
	}
	c.Stamped = c.EngineType == "rowversion"
}

// The types of columns that the engine generates: https://learn.microsoft.com/en-us/sql/relational-databases/system-catalog-views/sys-columns-transact-sql
const (
	notGenerated = 0
	rowStart     = 1
	rowEnd       = 2
)

func (in *introspection) columnOptions(f *found, c *catalog.Column, row []sql.NullString) {
	option := func(is bool, words string) {
		if is {
			c.Options = append(c.Options, words)
		}
	}
	option(set(row[11]), optionRowGUID)
	option(set(row[12]), optionSparse)
	if set(row[13]) {
		c.Computed = optionColumnSet
		option(true, optionColumnSet)
	}
	option(set(row[15]), optionHidden)
	if kind := number(row[14]); kind != notGenerated && kind != rowStart && kind != rowEnd {
		in.refuse(codeDefinition, "omit the table", "column %q of table %s is generated in a way that is not known", c.Name, f.table.Name)
	}
	if row[16].Valid {
		in.refuse(codeType, "omit the table, or decrypt the column in a copy of the database", "column %q of table %s is encrypted with a key that the database doesn't have", c.Name, f.table.Name)
	}
	if set(row[17]) {
		in.refuse(codePermission, "extract from a copy of the database in which the column has no mask", "the server masks column %q of table %s for some logins, perhaps for this one", c.Name, f.table.Name)
	}
	// sp_bindefault and sp_bindrule bind objects of their own, which no constraint tells of.
	f.bound[number(row[0])] = number(row[18]) != 0 && in.genuine
	option(number(row[19]) != 0 && in.genuine, notMade+"the rule bound to the column")
	option(number(row[20]) != 0 && in.genuine, notMade+"the XML schema collection of the column")
}

func (in *introspection) hidden(f *found, c *catalog.Column, what string) {
	in.refuse(codePermission, "grant VIEW DEFINITION on the table", "the login may not see the definition of %s of column %q of table %s", what, c.Name, f.table.Name)
}

func (in *introspection) readComputed() error {
	err := in.ofTable("computed columns", "SELECT object_id, column_id, definition, is_persisted FROM sys.computed_columns", func(f *found, row []sql.NullString) {
		if c := f.column(row[0]); c != nil && row[1].Valid {
			c.Computed, c.Stored = in.expression(row[1].String), set(row[2])
		}
	})
	for _, f := range in.tables {
		for i := range f.table.Columns {
			if c := &f.table.Columns[i]; c.Computed == unseen {
				in.hidden(f, c, "the expression")
			}
		}
	}
	return err
}

func (in *introspection) readDefaults() error {
	err := in.ofTable("defaults", "SELECT parent_object_id, parent_column_id, name, definition, is_system_named FROM sys.default_constraints", func(f *found, row []sql.NullString) {
		c := f.column(row[0])
		if c == nil {
			return
		}
		delete(f.bound, number(row[0]))
		if !row[2].Valid {
			in.hidden(f, c, "the default")
		}
		c.Default = in.expression(row[2].String)
		if !set(row[3]) {
			c.DefaultName = row[1].String
		}
	})
	for _, f := range in.tables {
		for id, bound := range f.bound {
			if c := &f.table.Columns[f.places[id]]; bound {
				c.Options = append(c.Options, notMade+"the default object bound to the column")
			}
		}
	}
	return err
}

func (in *introspection) readIdentities() error {
	err := in.ofTable("identities", `SELECT object_id, column_id, CONVERT(nvarchar(60), seed_value), CONVERT(nvarchar(60), increment_value), CONVERT(nvarchar(60), last_value)
		FROM sys.identity_columns`, func(f *found, row []sql.NullString) {
		start, err1 := strconv.ParseInt(row[1].String, 10, 64)
		increment, err2 := strconv.ParseInt(row[2].String, 10, 64)
		if c := f.column(row[0]); c != nil && c.Identity && err1 == nil && err2 == nil && increment != 0 {
			c.Numbering = &catalog.Numbering{Start: start, Increment: increment, Always: true}
			if last, err := strconv.ParseInt(row[3].String, 10, 64); err == nil {
				c.Numbering.Last = &last
			}
		}
	})
	for _, f := range in.tables {
		for i := range f.table.Columns {
			if c := &f.table.Columns[i]; c.Identity && c.Numbering == nil {
				in.refuse(codeDefinition, "omit the table", "column %q of table %s is numbered from, or by, a number beyond 64 bits", c.Name, f.table.Name)
			}
		}
	}
	return err
}

// expression is a definition as the server prints it.
func (in *introspection) expression(s string) string { return strings.TrimSpace(s) }

// mentioned returns the columns that an expression names, in ordinal order, in brackets or without. A bare word that is no
// column here and a column's name there errs on the side of more.
func mentioned(t *catalog.Table, expression string, folds bool) []string {
	fold := func(s string) string {
		if folds {
			return strings.ToLower(s)
		}
		return s
	}
	names := map[string]bool{}
	parts, _ := pieces(expression)
	for _, p := range parts {
		switch p.quote {
		case '[', '"':
			names[fold(p.content)] = true
		case 0:
			for _, word := range strings.FieldsFunc(p.text, func(r rune) bool { return strings.ContainsRune(" \t\r\n()+-*/%<>=!,.&|^~", r) }) {
				names[fold(word)] = true
			}
		}
	}
	columns := []string{}
	for i := range t.Columns {
		if names[fold(t.Columns[i].Name)] {
			columns = append(columns, t.Columns[i].Name)
		}
	}
	return slices.Clip(columns)
}
