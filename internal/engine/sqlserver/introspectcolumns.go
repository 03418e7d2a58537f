package sqlserver

import (
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
)

// readColumns asks for columns with what stands in other views about them. A type of the system is found by its own id
// where it is one of those with an assembly (hierarchyid, geometry, geography), else by the id of the type it is made of.
func (in *introspection) readColumns() error {
	query := `SELECT c.object_id, c.name, u.name, b.name, u.is_user_defined, u.is_assembly_type, ts.name, c.max_length, c.precision, c.scale,
		c.collation_name, c.is_nullable, c.is_identity, c.is_computed, c.is_rowguidcol, c.is_sparse, c.is_column_set, ` +
		in.column("columns", "generated_always_type", "0") + `, ` + in.column("columns", "is_hidden", "0") + `, ` +
		in.column("columns", "encryption_type", "NULL") + `, ` + in.column("columns", "is_masked", "0") + `,
		k.definition, k.is_persisted, d.name, d.definition, d.is_system_named, c.default_object_id, c.rule_object_id, c.xml_collection_id,
		CONVERT(nvarchar(60), i.seed_value), CONVERT(nvarchar(60), i.increment_value), CONVERT(nvarchar(60), i.last_value)
		FROM sys.tables t
		JOIN sys.columns c ON c.object_id = t.object_id
		JOIN sys.types u ON u.user_type_id = c.user_type_id
		LEFT JOIN sys.schemas ts ON ts.schema_id = u.schema_id
		LEFT JOIN sys.types b ON b.user_type_id = c.system_type_id
		LEFT JOIN sys.computed_columns k ON k.object_id = c.object_id AND k.column_id = c.column_id
		LEFT JOIN sys.default_constraints d ON d.parent_object_id = c.object_id AND d.parent_column_id = c.column_id
		LEFT JOIN sys.identity_columns i ON i.object_id = c.object_id AND i.column_id = c.column_id
		WHERE t.is_ms_shipped = 0 ORDER BY c.object_id, c.column_id`
	return in.ofTable("columns", query, func(f *found, row []sql.NullString) {
		c := catalog.Column{Name: in.written(f.table.Schema, f.table.Name.Table, row[0].String), Nullable: set(row[10])}
		in.columnType(f, &c, row)
		in.columnOptions(f, &c, row)
		in.columnValue(f, &c, row)
		f.table.Columns = append(f.table.Columns, c)
	})
}

func (in *introspection) columnType(f *found, c *catalog.Column, row []sql.NullString) {
	name, base, length := row[1].String, row[2].String, int(number(row[6]))
	assembly := set(row[4])
	switch {
	case assembly && set(row[3]):
		in.refuse(codeType, "omit the table, or change the column", "column %q of table %s is of a type made of .NET code: %q", c.Name, f.table.Name, name)
		return
	case assembly:
		base = name
	case set(row[3]):
		c.DataType = catalog.Name{Schema: row[5].String, Table: name}
	case !row[2].Valid: // a type of the system that is made of no other
		base = name
	}
	known := false
	if c.EngineType, c.Type, known = typeOf(base, length, int(number(row[7])), int(number(row[8])), row[9].String); !known {
		in.refuse(codeType, "omit the table, or change the column", "column %q of table %s is of a type or collation that is not known: %q %q", c.Name, f.table.Name, base, row[9].String)
		return
	}
	if c.DataType != (catalog.Name{}) && !in.types[c.DataType] {
		in.refuse(codeType, "omit the table, or change the column", "column %q of table %s is of a data type that isn't there: %s", c.Name, f.table.Name, c.DataType)
	}
	if c.EngineType == "rowversion" {
		c.Stamped = true
	}
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
	option(set(row[13]), optionRowGUID)
	option(set(row[14]), optionSparse)
	if set(row[15]) {
		c.Computed = optionColumnSet
		option(true, optionColumnSet)
	}
	option(set(row[17]), optionHidden)
	if kind := number(row[16]); kind != notGenerated && kind != rowStart && kind != rowEnd {
		in.refuse(codeDefinition, "omit the table", "column %q of table %s is generated in a way that is not known", c.Name, f.table.Name)
	}
	if row[18].Valid {
		in.refuse(codeType, "omit the table, or decrypt the column in a copy of the database", "column %q of table %s is encrypted with a key that the database doesn't have", c.Name, f.table.Name)
	}
	if set(row[19]) {
		in.refuse(codePermission, "extract from a copy of the database in which the column has no mask", "the server masks column %q of table %s for some logins, perhaps for this one", c.Name, f.table.Name)
	}
	// sp_bindefault and sp_bindrule bind objects of their own, which no constraint tells of.
	option(number(row[25]) != 0 && !row[22].Valid && in.genuine, notMade+"the default object bound to the column")
	option(number(row[26]) != 0 && in.genuine, notMade+"the rule bound to the column")
	option(number(row[27]) != 0 && in.genuine, notMade+"the XML schema collection of the column")
}

func (in *introspection) columnValue(f *found, c *catalog.Column, row []sql.NullString) {
	unseen := func(what string) {
		in.refuse(codePermission, "grant VIEW DEFINITION on the table", "the login may not see the definition of %s of column %q of table %s", what, c.Name, f.table.Name)
	}
	if set(row[12]) {
		c.Computed, c.Stored = in.expression(row[20].String), set(row[21])
		if !row[20].Valid {
			unseen("the expression")
		}
		if c.DataType != (catalog.Name{}) {
			c.DataType = catalog.Name{}
		}
	}
	if row[22].Valid {
		c.Default = in.expression(row[23].String)
		if !row[23].Valid {
			unseen("the default")
		}
		if !set(row[24]) {
			c.DefaultName = row[22].String
		}
	}
	if set(row[11]) {
		c.Identity = true
		start, err1 := strconv.ParseInt(row[28].String, 10, 64)
		increment, err2 := strconv.ParseInt(row[29].String, 10, 64)
		if err1 != nil || err2 != nil {
			in.refuse(codeDefinition, "omit the table", "column %q of table %s is numbered from, or by, a number beyond 64 bits", c.Name, f.table.Name)
			return
		}
		c.Numbering = &catalog.Numbering{Start: start, Increment: increment, Always: true}
		if last, err := strconv.ParseInt(row[30].String, 10, 64); err == nil {
			c.Numbering.Last = &last
		}
	}
}

// expression is a definition as the server prints it. Where a server forgets how names were written, it is kept as it is.
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
