package sqlserver

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
)

// queryer is a connection or a transaction.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// genuine is how SQL Server's own @@VERSION begins, in a data centre of one's own and in Azure. Other servers speak its
// protocol and have some of its views: there, and only there, a view or column that is missing counts as empty.
const genuine = "Microsoft SQL"

// introspection gathers everything wrong, not the first thing.
type introspection struct {
	ctx     context.Context
	q       queryer
	genuine bool
	has     map[string]bool // "view.column" of the system's views
	folds   bool
	catalog catalog.Catalog
	tables  []*found
	byID    map[int64]*found
	spelled map[string]string // names as they were written, by table and lower case, of a server that forgets
	schemas map[int64]string
	foreign map[int64]foundForeign
	types   map[int64]foundType
	// views and synonyms are those of the database; has tells of the system's.
	views    []catalog.View
	synonyms []catalog.Name
	wrong    []error
}

// foundType is a type, by its own id. One of the system has its base's name for its own.
type foundType struct {
	name     catalog.Name
	base     string
	defined  bool
	assembly bool
	known    bool // an alias type that a copy can have
}

// found is one table while its catalog entry is put together.
type found struct {
	table   catalog.Table
	history int64
	places  map[int64]int // of columns, by their ids
	index   []foundIndex
	bound   map[int64]bool // columns with a default that is no constraint of the table
}

// column is the column of that id, or nil.
func (f *found) column(id sql.NullString) *catalog.Column {
	if at, ok := f.places[number(id)]; ok {
		return &f.table.Columns[at]
	}
	return nil
}

// introspect describes the database of the connection. Each view is asked once, by itself, and what belongs together is put
// together here: a join of several views takes some servers minutes where there are thousands of tables.
func introspect(ctx context.Context, q queryer) (*catalog.Catalog, error) {
	in := &introspection{ctx: ctx, q: q, has: map[string]bool{}, byID: map[int64]*found{}, spelled: map[string]string{}, schemas: map[int64]string{}, foreign: map[int64]foundForeign{},
		types: map[int64]foundType{}}
	for _, step := range []func() error{in.readServer, in.readViews, in.readSpelling, in.readSchemas, in.readTypes, in.readTables, in.readPolicies, in.readColumns,
		in.readComputed, in.readDefaults, in.readIdentities, in.readIndexes, in.readIndexColumns, in.readOtherIndexes, in.readForeign, in.readForeignColumns,
		in.readChecks, in.readTriggers, in.readPeriods, in.readEstimates, in.readOwnViews, in.readSynonyms} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	for _, f := range in.tables {
		in.keys(f)
	}
	if len(in.wrong) > 0 {
		return nil, joined(in.wrong)
	}
	c := &in.catalog
	c.Engine, c.DefaultSchema, c.NullsCollide, c.FoldsCase = Name, defaultSchema, true, in.folds
	c.Tables = make([]catalog.Table, len(in.tables))
	for i, f := range in.tables {
		c.Tables[i] = f.table
	}
	slices.SortFunc(c.Tables, func(a, b catalog.Table) int { return a.Name.Compare(b.Name) })
	c.SetViews(in.views, in.synonyms)
	if err := c.Validate().Err(); err != nil {
		return nil, failure(codeCatalog, diag.Refused, "rename what can't be named", err, "the database can't be described")
	}
	return c, nil
}

// joined makes one coded error of several: the first one's code, everyone's message.
func joined(wrong []error) error {
	first, ok := wrong[0].(*diag.Error)
	if !ok || len(wrong) == 1 {
		return wrong[0]
	}
	one := *first
	for _, err := range wrong[1:] {
		one.Message += "\n" + err.Error()
	}
	return &one
}

func (in *introspection) refuse(code, advice, format string, args ...any) {
	in.wrong = append(in.wrong, failure(code, diag.Refused, advice, nil, format, args...))
}

// each calls do for every row of a query, whose columns it gives as text; NULL is empty, and there is said so.
func (in *introspection) each(what, query string, do func(row []sql.NullString)) (err error) {
	rows, err := in.q.QueryContext(in.ctx, query)
	if err != nil {
		return wrap(in.ctx, err, "reading the catalog's %s", what)
	}
	defer func() {
		if closing := rows.Close(); err == nil {
			err = wrap(in.ctx, closing, "reading the catalog's %s", what)
		}
	}()
	columns, err := rows.Columns()
	if err != nil {
		return wrap(in.ctx, err, "reading the catalog's %s", what)
	}
	row := make([]sql.NullString, len(columns))
	places := make([]any, len(columns))
	for i := range row {
		places[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return wrap(in.ctx, err, "reading the catalog's %s", what)
		}
		do(row)
	}
	return wrap(in.ctx, rows.Err(), "reading the catalog's %s", what)
}

// ofTable calls do for the rows whose first column is the id of a table that readTables found.
func (in *introspection) ofTable(what, query string, do func(f *found, row []sql.NullString)) error {
	return in.each(what, query, func(row []sql.NullString) {
		if f := in.byID[number(row[0])]; f != nil {
			do(f, row[1:])
		}
	})
}

// number reads what the query converts to a number; NULL is 0.
func number(s sql.NullString) int64 {
	n, err := strconv.ParseInt(s.String, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func set(s sql.NullString) bool { return s.String == "1" || s.String == "true" }

// readServer asks what is being asked. A login that may not see definitions would be told of fewer tables and constraints than
// there are, without a word.
func (in *introspection) readServer() error {
	return in.each("server", `SELECT @@VERSION, DB_NAME(), CONVERT(nvarchar(128), DATABASEPROPERTYEX(DB_NAME(), 'Collation')),
		HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'VIEW DEFINITION'), CONVERT(nvarchar(128), SERVERPROPERTY('ProductVersion'))`, func(row []sql.NullString) {
		in.genuine = strings.HasPrefix(row[0].String, genuine)
		in.catalog.Database = row[1].String
		collation, known := collationOf(row[2].String)
		in.folds = collation.IgnoresCase
		if !known {
			in.refuse(codeCollation, "", "the collation of the database is not known: %q", row[2].String)
		}
		if in.genuine && !set(row[3]) {
			in.wrong = append(in.wrong, failure(codePermission, diag.External, "GRANT VIEW DEFINITION ON DATABASE:: the database TO the login", nil,
				"the login may not see every definition in database %s, so that tables and constraints could be overlooked", row[1].String))
		}
		if major, _, _ := strings.Cut(row[4].String, "."); in.genuine && len(major) < 3 && major < "13" {
			in.refuse(codeDefinition, "", "SQL Server 2016 or a later one is needed, and this is version %s", row[4].String)
		}
	})
}

// readViews learns which columns the system's views have: they grow with each version.
func (in *introspection) readViews() error {
	return in.each("views", `SELECT LOWER(o.name), LOWER(c.name) FROM sys.all_columns c JOIN sys.all_objects o ON o.object_id = c.object_id
		WHERE o.schema_id = SCHEMA_ID('sys') AND LOWER(o.name) IN ('tables', 'columns', 'security_predicates', 'periods', 'fulltext_indexes', 'identity_columns', 'data_spaces',
			'views', 'sql_modules', 'synonyms')`,
		func(row []sql.NullString) { in.has[row[0].String+"."+row[1].String] = true })
}

// column is an expression over a column of a system view, or the other where that view has no such column: because the server
// is none of SQL Server's, or because it is older than what the column tells of.
func (in *introspection) column(view, name, otherwise string) string {
	if in.has[view+"."+name] {
		return view[:1] + "." + name
	}
	return otherwise
}

// view reports whether a view can be asked. On SQL Server itself every one must be there.
func (in *introspection) view(name, column string) bool { return in.genuine || in.has[name+"."+column] }

// readSpelling asks for names as they were written where the system's views only have lower case.
func (in *introspection) readSpelling() error {
	if in.genuine {
		return nil
	}
	return in.each("names", "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS", func(row []sql.NullString) {
		schema, table, column := row[0].String, row[1].String, row[2].String
		key := strings.ToLower(schema) + "\x00" + strings.ToLower(table)
		in.spelled[key] = table
		in.spelled[key+"\x00"+strings.ToLower(column)] = column
	})
}

// written is a name as it was written.
func (in *introspection) written(schema, table, column string) string {
	key, name := strings.ToLower(schema)+"\x00"+strings.ToLower(table), table
	if column != "" {
		key, name = key+"\x00"+strings.ToLower(column), column
	}
	if s, ok := in.spelled[key]; ok {
		return s
	}
	return name
}

func (in *introspection) readSchemas() error {
	return in.each("schemas", "SELECT schema_id, name FROM sys.schemas", func(row []sql.NullString) { in.schemas[number(row[0])] = row[1].String })
}

// readTypes takes the alias types. Types of .NET code are refused where a column is of one.
func (in *introspection) readTypes() error {
	type alias struct {
		id   int64
		kind foundType
		base int64
		row  []sql.NullString
	}
	var aliases []alias
	err := in.each("types", `SELECT user_type_id, system_type_id, schema_id, name, is_user_defined, is_assembly_type, is_table_type, max_length, precision, scale, is_nullable
		FROM sys.types`, func(row []sql.NullString) {
		id := number(row[0])
		one := foundType{name: catalog.Name{Schema: in.schemas[number(row[2])], Table: row[3].String}, base: row[3].String, defined: set(row[4]), assembly: set(row[5])}
		in.types[id] = one
		if (one.defined || id != number(row[1])) && !one.assembly && !set(row[6]) {
			aliases = append(aliases, alias{id, one, number(row[1]), slices.Clone(row)})
		}
	})
	for _, a := range aliases {
		a.kind.base = in.types[a.base].base
		if a.kind.defined {
			words, _, known := typeOf(a.kind.base, int(number(a.row[7])), int(number(a.row[8])), int(number(a.row[9])), foreignExact)
			if a.kind.known = known; !known {
				in.refuse(codeType, "change the columns to another type", "the alias type %s is of a type that is not known: %q", a.kind.name, a.kind.base)
			}
			null := "NOT NULL"
			if set(a.row[10]) {
				null = "NULL"
			}
			in.catalog.DataTypes = append(in.catalog.DataTypes, catalog.DataType{Name: a.kind.name,
				Definition: "CREATE TYPE " + quote(a.kind.name.Schema) + "." + quote(a.kind.name.Table) + " FROM " + words + " " + null})
		}
		in.types[a.id] = a.kind
	}
	slices.SortFunc(in.catalog.DataTypes, func(a, b catalog.DataType) int { return a.Name.Compare(b.Name) })
	return err
}

func (in *introspection) readTables() error {
	return in.each("tables", `SELECT t.object_id, t.schema_id, t.name, t.is_memory_optimized, `+in.column("tables", "is_external", "0")+`, t.is_filetable, `+
		in.column("tables", "is_node", "0")+`, `+in.column("tables", "is_edge", "0")+`, `+in.column("tables", "ledger_type", "0")+`, `+
		in.column("tables", "temporal_type", "0")+`, `+in.column("tables", "history_table_id", "NULL")+`, `+
		in.column("tables", "history_retention_period", "-1")+`, `+in.column("tables", "history_retention_period_unit_desc", "NULL")+`
		FROM sys.tables t WHERE t.is_ms_shipped = 0`, func(row []sql.NullString) {
		schema := in.schemas[number(row[1])]
		name := catalog.Name{Schema: schema, Table: in.written(schema, row[2].String, "")}
		for i, kind := range []string{"memory-optimized, and can't be read in a snapshot", "external: its rows are elsewhere", "a FileTable",
			"the nodes of a graph", "the edges of a graph"} {
			if set(row[3+i]) {
				in.refuse(codeDefinition, "extract from a copy of the database in which the table is another or is dropped", "table %s is %s, and can't be copied", name, kind)
				return
			}
		}
		if number(row[8]) != 0 {
			in.refuse(codeDefinition, "extract from a copy of the database in which the table is another or is dropped", "table %s belongs to a ledger, and can't be copied", name)
			return
		}
		f := &found{table: catalog.Table{Name: name}, places: map[int64]int{}, bound: map[int64]bool{}}
		if number(row[9]) == 2 {
			f.history = number(row[10])
			f.table.Temporal = &catalog.Temporal{}
			if n := number(row[11]); n >= 0 && row[12].String != "INFINITE" && row[12].Valid {
				unit := strings.TrimSuffix(row[12].String, "S") + "S"
				f.table.Temporal.Retention = strconv.FormatInt(n, 10) + " " + unit
			}
		}
		in.tables = append(in.tables, f)
		in.byID[number(row[0])] = f
	})
}

// readPolicies refuses tables of which a security policy hides rows, from this login perhaps too: nobody could tell.
func (in *introspection) readPolicies() error {
	if !in.view("security_predicates", "target_object_id") {
		return nil
	}
	return in.ofTable("security policies", `SELECT DISTINCT p.target_object_id FROM sys.security_predicates p
		JOIN sys.security_policies s ON s.object_id = p.object_id WHERE s.is_enabled = 1 AND p.predicate_type = 0`, func(f *found, _ []sql.NullString) {
		in.refuse(codePermission, "extract from a copy of the database in which the policy is off", "a security policy filters the rows of table %s, so that some could be missed", f.table.Name)
	})
}

// readEstimates takes what the engine counts as it stores rows.
func (in *introspection) readEstimates() error {
	return in.ofTable("row counts", "SELECT object_id, SUM(rows) FROM sys.partitions WHERE index_id IN (0, 1) GROUP BY object_id", func(f *found, row []sql.NullString) {
		if n, err := strconv.ParseInt(row[0].String, 10, 64); err == nil && n >= 0 {
			f.table.RowEstimate = &n
		}
	})
}

func (in *introspection) readTriggers() error {
	err := in.ofTable("triggers", "SELECT parent_id, name FROM sys.triggers WHERE parent_class = 1 AND is_ms_shipped = 0", func(f *found, row []sql.NullString) {
		f.table.Triggers = append(f.table.Triggers, row[0].String)
	})
	for _, f := range in.tables {
		slices.Sort(f.table.Triggers)
	}
	return err
}

// readPeriods finds the tables of former rows, and the columns that say from when to when a row was.
func (in *introspection) readPeriods() error {
	for _, f := range in.tables {
		if f.table.Temporal == nil {
			continue
		}
		if history := in.byID[f.history]; history != nil {
			f.table.Temporal.History = history.table.Name
		}
	}
	if !in.view("periods", "start_column_id") {
		return nil
	}
	return in.ofTable("periods", "SELECT object_id, start_column_id, end_column_id FROM sys.periods", func(f *found, row []sql.NullString) {
		if start, end := f.column(row[0]), f.column(row[1]); f.table.Temporal != nil && start != nil && end != nil {
			f.table.Temporal.Start, f.table.Temporal.End = start.Name, end.Name
		}
	})
}
