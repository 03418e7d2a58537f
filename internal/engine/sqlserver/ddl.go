package sqlserver

import (
	"fmt"
	"hash/crc32"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
)

// CreateWork makes a work table of this session's, clustered by its key. Each column has the type and collation of the one
// that it is like, said in full: tempdb's own collation is another.
func (d Dialect) CreateWork(name string, columns []engine.WorkColumn) string {
	names := make([]string, len(columns))
	parts := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
		parts[i] = quote(c.Name) + " " + d.workType(c.Like) + " NOT NULL"
	}
	return "CREATE TABLE " + d.Work(name) + " (" + strings.Join(parts, ", ") + ", PRIMARY KEY CLUSTERED (" + quoteAll(names) + "))"
}

func (d Dialect) workType(c *catalog.Column) string {
	if c == nil {
		return "bigint"
	}
	base := d.typeName(c)
	switch {
	case base == "":
		return unfit
	case base == "rowversion": // a table can't be given rows of it
		return "binary(8)"
	}
	return base + d.collateClause(c, base)
}

// collateClause is the collation of a column of that type, for a text.
func (d Dialect) collateClause(c *catalog.Column, words string) string {
	base, _ := baseOf(words)
	switch family := ownTypes[base].family; {
	case family == narrowTexts, family == wideTexts, base == "text", base == "ntext":
		return " COLLATE " + collationName(c.Type.Collation)
	}
	return ""
}

// Prepare makes schemas and alias types. A schema may be there already, from a run that was stopped.
func (d Dialect) Prepare(def engine.Definition) ([]string, error) {
	var statements []string
	seen := map[string]bool{defaultSchema: true}
	schema := func(name catalog.Name) {
		place := d.Place(name).Schema
		if !seen[place] {
			seen[place] = true
			// CREATE SCHEMA must be a batch of its own.
			statements = append(statements, "IF SCHEMA_ID("+text(place, false)+") IS NULL EXEC ("+text("CREATE SCHEMA "+quote(place), false)+")")
		}
	}
	for _, t := range def.DataTypes {
		schema(t.Name)
	}
	for i := range def.Tables {
		schema(def.Tables[i].Name)
	}
	for _, t := range def.DataTypes {
		prefix := "CREATE TYPE " + quote(t.Schema) + "." + quote(t.Table) + " FROM "
		body, ok := strings.CutPrefix(t.Definition, prefix)
		words, null, _ := strings.Cut(body, " ")
		if base, _ := baseOf(words); d.Home != "" || !ok || base == "" || null != "NULL" && null != "NOT NULL" {
			return nil, failure(codeType, diag.Refused, "omit the columns of that type", nil, "SQL Server has no data type such as %s", t.Name)
		}
		statements = append(statements, t.Definition)
	}
	return statements, nil
}

// indexPrefix is how the definition of an index begins.
func indexPrefix(name string, unique, clustered bool, table string) string {
	words := "CREATE "
	if unique {
		words += "UNIQUE "
	}
	if clustered {
		words += "CLUSTERED "
	}
	return words + "INDEX " + quote(name) + " ON " + table + " "
}

// CreateIndex makes an index by its own text, or from its columns where the text is not SQL Server's.
func (d Dialect) CreateIndex(target string, t *catalog.Table, index catalog.Index) (string, error) {
	if d.Home == "" {
		if own, ok := readIndex(index, t); ok {
			return indexPrefix(index.Name, index.Unique, own.clustered, d.at(target, t.Name)) + own.body, nil
		}
	}
	if len(index.Columns) == 0 {
		return "", failure(codeDefinition, diag.Refused, "", nil, "index %q of table %s has neither columns nor a definition that SQL Server reads",
			index.Name, t.Name)
	}
	// Where another engine's index is unique and no key, it is so under a condition that is not known here.
	return indexPrefix(index.Name, index.Unique && d.Home == "", false, d.at(target, t.Name)) + "(" + quoteAll(index.Columns) + ")", nil
}

// ReadOrder is the key in whose order the rows are stored.
func (Dialect) ReadOrder(t *catalog.Table, alias string) []string {
	for i := range t.UniqueKeys {
		if t.UniqueKeys[i].Clustered {
			return aliased(t.UniqueKeys[i].Columns, alias)
		}
	}
	if t.PrimaryKey != nil && t.PrimaryKey.Clustered {
		return aliased(t.PrimaryKey.Columns, alias)
	}
	return nil
}

func aliased(columns []string, alias string) []string {
	order := make([]string, len(columns))
	for i, name := range columns {
		order[i] = alias + "." + quote(name)
	}
	return order
}

// Complete adds what could not be there while rows were loaded: foreign keys, checked against the rows; the number that an
// identity goes on from; the period of a temporal table and the link to its former rows. It also asserts that a column of an
// alias type, for which a collation can't be said, got the one that it had.
func (d Dialect) Complete(target string, t *catalog.Table) ([]string, error) {
	table := d.at(target, t.Name)
	var statements []string
	if d.Home != "" {
		for i := range t.UniqueKeys {
			if k := &t.UniqueKeys[i]; nullable(t, k) {
				statements = append(statements, foreignUnique(k, table))
			}
		}
	}
	for i := range t.ForeignKeys {
		statement, err := d.foreign(table, t, &t.ForeignKeys[i])
		if err != nil {
			return nil, err
		}
		statements = append(statements, statement)
	}
	for i := range t.Columns {
		c := &t.Columns[i]
		if c.Identity && !d.isSerial(c) {
			statements = append(statements, reseed(table, c))
		}
		if c.DataType != (catalog.Name{}) && c.Type.Collation.Name != "" && d.Home == "" {
			statements = append(statements, sameCollation(target, table, c))
		}
	}
	temporal, err := d.temporal(table, t)
	return append(statements, temporal...), err
}

// nullable reports whether a key is over a column that may be NULL.
func nullable(t *catalog.Table, k *catalog.Key) bool {
	return slices.ContainsFunc(k.Columns, func(name string) bool {
		c := t.Column(name)
		return c != nil && c.Nullable
	})
}

// foreignUnique is a unique key of another engine's, which takes NULL as often as it comes. SQL Server's own takes it once,
// and leaves out of a filtered index what its condition doesn't hold for.
func foreignUnique(k *catalog.Key, table string) string {
	filter := make([]string, len(k.Columns))
	for i, name := range k.Columns {
		filter[i] = quote(name) + " IS NOT NULL"
	}
	name := k.Name
	if name == "" {
		name = "UQ_" + strings.Join(k.Columns, "_")
	}
	return indexPrefix(shortName(name), true, false, table) + "(" + quoteAll(k.Columns) + ") WHERE " + strings.Join(filter, " AND ")
}

// shortName keeps a name that was put together within the 128 characters that a name may have.
func shortName(name string) string {
	runes := []rune(name)
	return string(runes[:min(len(runes), 60)])
}

// actions are what a foreign key does. RESTRICT is other engines' word for what SQL Server does without one.
var actions = map[string]string{"": "", "RESTRICT": "", "CASCADE": "CASCADE", "SET NULL": "SET NULL", "SET DEFAULT": "SET DEFAULT"}

// foreign adds a foreign key. Every row is held against it and the engine trusts it from then on, because WITH CHECK is what
// is done where nothing is said (https://learn.microsoft.com/en-us/sql/t-sql/statements/alter-table-transact-sql, "WITH CHECK |
// WITH NOCHECK"). One that the source doesn't check is checked here.
func (d Dialect) foreign(table string, t *catalog.Table, f *catalog.ForeignKey) (string, error) {
	name := f.Name
	if name == "" { // another engine's: the server would make up a name that differs from copy to copy
		name = cut("FK_"+t.Name.Table+"_"+f.Parent.Table+"_"+strings.Join(f.ChildColumns(), "_"), maxName)
	}
	statement := "ALTER TABLE " + table + " ADD " + constraint(name) + "FOREIGN KEY (" + quoteAll(f.ChildColumns()) + ") REFERENCES " +
		d.Table(f.Parent) + " (" + quoteAll(f.ParentColumns()) + ")"
	for _, on := range []struct{ event, action string }{{"DELETE", f.OnDelete}, {"UPDATE", f.OnUpdate}} {
		action, known := actions[on.action]
		if !known {
			return "", failure(codeDefinition, diag.Refused, "", nil, "a foreign key of table %s has an action that SQL Server doesn't know", t.Name)
		}
		if action != "" {
			statement += " ON " + on.event + " " + action
		}
	}
	return statement, nil
}

// reseed sets the number given last to the greatest in the copy, or the least where they go down. What the source gave last
// would tell of rows that are not copied.
func reseed(table string, c *catalog.Column) string {
	if c.Numbering == nil || c.Numbering.Increment > 0 {
		return "DBCC CHECKIDENT (" + text(table, ascii(table)) + ", RESEED) WITH NO_INFOMSGS"
	}
	// A variable is the batch's, in which other tables may be completed too.
	last := fmt.Sprintf("@last_%08x", crc32.ChecksumIEEE([]byte(table)))
	return "DECLARE " + last + " bigint = (SELECT MIN(" + quote(c.Name) + ") FROM " + table + ");\n" +
		"IF " + last + " IS NOT NULL DBCC CHECKIDENT (" + text(table, false) + ", RESEED, " + last + ") WITH NO_INFOMSGS"
}

func sameCollation(target, table string, c *catalog.Column) string {
	system := "sys.columns"
	if target != "" {
		system = quote(target) + ".sys.columns"
	}
	return "IF EXISTS (SELECT 1 FROM " + system + " WHERE object_id = OBJECT_ID(" + text(table, false) + ") AND name = " + text(c.Name, false) +
		" AND collation_name <> " + text(c.Type.Collation.Name, false) + ")\nBEGIN\n  " +
		throw(codeCollation, "column "+c.Name+" of "+table+" is of an alias type and got another collation than it had: make the target database with "+
			c.Type.Collation.Name) + ";\nEND"
}

// throw raises an error with a message of its own. A percent sign is doubled in one.
func throw(code, message string) string {
	runes := []rune(strings.ReplaceAll(code+": "+message, "%", "%%"))
	return "THROW 51000, " + text(string(runes[:min(len(runes), 1000)]), false) + ", 1"
}

// temporal gives the table its period back and links it to its former rows, which are a table of their own until then. The
// engine checks that they fit.
func (d Dialect) temporal(table string, t *catalog.Table) ([]string, error) {
	if t.Temporal == nil || d.Home != "" {
		return nil, nil
	}
	start, end := t.Column(t.Temporal.Start), t.Column(t.Temporal.End)
	if start == nil || end == nil {
		return nil, failure(codeDefinition, diag.Refused, "keep both columns of its period", nil, "table %s can't be a temporal table without them", t.Name)
	}
	statements := []string{fmt.Sprintf("ALTER TABLE %s ADD PERIOD FOR SYSTEM_TIME (%s, %s)", table, quote(start.Name), quote(end.Name))}
	for _, c := range []*catalog.Column{start, end} {
		if slices.Contains(c.Options, optionHidden) {
			statements = append(statements, "ALTER TABLE "+table+" ALTER COLUMN "+quote(c.Name)+" ADD HIDDEN")
		}
	}
	retention := ""
	if t.Temporal.Retention != "" {
		if !isRetention(t.Temporal.Retention) {
			return nil, failure(codeDefinition, diag.Refused, "", nil, "table %s keeps its former rows for a time that SQL Server doesn't know", t.Name)
		}
		retention = ", HISTORY_RETENTION_PERIOD = " + t.Temporal.Retention
	}
	return append(statements, "ALTER TABLE "+table+" SET (SYSTEM_VERSIONING = ON (HISTORY_TABLE = "+d.Table(t.Temporal.History)+
		", DATA_CONSISTENCY_CHECK = ON"+retention+"))"), nil
}

// isRetention accepts a number and a unit, which are written as they are.
func isRetention(s string) bool {
	number, unit, _ := strings.Cut(s, " ")
	return number != "" && strings.Trim(number, "0123456789") == "" && slices.Contains([]string{"DAYS", "DAY", "WEEKS", "WEEK", "MONTHS", "MONTH", "YEARS", "YEAR"}, unit)
}
