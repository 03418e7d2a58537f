package postgres

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
)

// Schemas that are the server's own, and sessions' temporary ones, hold no tables to copy. Nor do extensions: their members
// belong to CREATE EXTENSION.
const (
	ownSchemas = `n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'`
	ofClass    = `EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')`
	ofType     = `EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e')`
)

// The catalog is asked in sets, so that thousands of tables take a handful of queries.
const (
	askDatabase = `SELECT current_database()`
	askTables   = `SELECT c.oid, n.nspname, c.relname, c.relkind, c.relispartition, c.reltuples::bigint, coalesce(i.inhparent, 0),
		CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) ELSE '' END,
		(SELECT count(*) FROM pg_inherits p WHERE p.inhrelid = c.oid)
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND i.inhseqno = 1
		WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND ` + ownSchemas + ` AND NOT ` + ofClass
	askColumns = `SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
		a.attgenerated, coalesce(pg_get_expr(d.adbin, d.adrelid), ''), a.attcollation, coalesce(q.sequence, 0), coalesce(q.count, 0)
		FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
		LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
		LEFT JOIN (SELECT p.objid, min(p.refobjid) AS sequence, count(DISTINCT p.refobjid) AS count FROM pg_depend p JOIN pg_class s ON s.oid = p.refobjid AND s.relkind = 'S'
			WHERE p.classid = 'pg_attrdef'::regclass AND p.refclassid = 'pg_class'::regclass GROUP BY p.objid) q ON q.objid = d.oid
		WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped AND ` + ownSchemas + ` ORDER BY a.attrelid, a.attnum`
	askSequences = `SELECT d.refobjid, d.refobjsubid, s.seqrelid, d.deptype, s.seqstart, s.seqincrement,
		CASE WHEN has_sequence_privilege(s.seqrelid, 'SELECT,USAGE') THEN pg_sequence_last_value(s.seqrelid)::text ELSE '' END
		FROM pg_sequence s JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.refclassid = 'pg_class'::regclass
			AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')`
	askCollations = `SELECT c.oid, n.nspname, c.collname, c.collisdeterministic FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
		WHERE c.oid IN (SELECT attcollation FROM pg_attribute UNION SELECT typcollation FROM pg_type UNION SELECT unnest(indcollation) FROM pg_index)`
	askTriggers = `SELECT t.tgrelid, t.tgname FROM pg_trigger t WHERE NOT t.tgisinternal ORDER BY t.tgname COLLATE "C"`
)

// found is one table while its catalog entry is put together.
type found struct {
	oid     string
	table   catalog.Table
	columns map[string]string // by attnum: its name
	types   map[string]string // by attnum: its collation
}

// introspection gathers everything wrong, not the first thing.
type introspection struct {
	ctx        context.Context
	conn       *pgconn.PgConn
	database   string
	tables     []*found
	byOID      map[string]*found
	hidden     map[string]string // partitions and other tables that are no tables of the catalog: their full name
	types      map[string]*foundType
	dataTypes  []catalog.DataType
	sequences  map[string]sequence // by table and column
	collations map[string]collation
	views      []catalog.View
	wrong      []error
}

type sequence struct {
	oid              string
	identity         bool
	start, increment int64
	last             *int64
}

// introspect describes the database as the transaction sees it.
func introspect(ctx context.Context, conn *pgconn.PgConn) (*catalog.Catalog, error) {
	in := &introspection{ctx: ctx, conn: conn, byOID: map[string]*found{}, hidden: map[string]string{}, sequences: map[string]sequence{}, collations: map[string]collation{}}
	for _, step := range []func() error{in.readTables, in.readCollations, in.readTypes, in.readSequences, in.readColumns, in.readIndexes, in.readConstraints, in.readTriggers, in.readViews} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	if len(in.wrong) > 0 {
		return nil, joined(in.wrong)
	}
	c := &catalog.Catalog{Engine: Name, Database: in.database, DefaultSchema: defaultSchema, DataTypes: in.dataTypes, Tables: make([]catalog.Table, len(in.tables))}
	for i, f := range in.tables {
		f.table.RowID = Dialect{}.HiddenRowID(&f.table)
		c.Tables[i] = f.table
	}
	slices.SortFunc(c.Tables, func(a, b catalog.Table) int { return a.Name.Compare(b.Name) })
	c.SetViews(in.views, nil)
	if err := c.Validate().Err(); err != nil {
		return nil, failure(codeCatalog, diag.Refused, "", err, "the database can't be described")
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

func (in *introspection) ask(sql string) ([][]string, error) { return cells(in.ctx, in.conn, sql) }

// readTables reads ordinary and divided tables. Partitions are part of the table that is divided; a foreign table's rows are
// in another database, and are not copied from here.
func (in *introspection) readTables() error {
	named, err := in.ask(askDatabase)
	if err != nil {
		return err
	}
	in.database = named[0][0]
	rows, err := in.ask(askTables)
	if err != nil {
		return err
	}
	estimates, parents := map[string]int64{}, map[string]string{}
	divided := map[string]bool{}
	for _, row := range rows {
		oid, name, kind, partition := row[0], catalog.Name{Schema: row[1], Table: row[2]}, row[3], row[4] == "t"
		estimates[oid], _ = strconv.ParseInt(row[5], 10, 64)
		switch {
		case name == catalog.Name{Schema: defaultSchema, Table: marker}:
			in.refuse(codeExists, "make the copy again, or wait until it is made", "the database is a copy that is not finished: it has a table %s", name)
		case kind == "f" && row[8] != "0":
			in.refuse(codeKind, "detach it, or copy its rows to a table of this database", "foreign table %s is part of another table, whose rows are then in another database, which no snapshot and no key covers", name)
			continue
		case kind == "f":
			in.hidden[oid] = name.String()
			continue
		case partition:
			in.hidden[oid], parents[oid] = name.String(), row[6]
			continue
		case row[8] != "0":
			in.refuse(codeKind, "copy its rows to a table of their own, or make it a partition", "table %s inherits from another, and a table's rows would be copied twice", name)
		}
		f := &found{oid: oid, columns: map[string]string{}, types: map[string]string{}}
		f.table.Name, f.table.Partitioning = name, row[7]
		divided[oid] = kind == "p"
		in.tables = append(in.tables, f)
		in.byOID[oid] = f
	}
	for oid := range parents { // rows are counted at the leaves
		top := oid
		for parents[top] != "" {
			top = parents[top]
		}
		if f := in.byOID[top]; f != nil && estimates[oid] > 0 {
			addEstimate(f, estimates[oid])
		}
	}
	for _, f := range in.tables {
		if n := estimates[f.oid]; n >= 0 && !divided[f.oid] {
			addEstimate(f, n)
		}
	}
	return nil
}

func addEstimate(f *found, n int64) {
	if f.table.RowEstimate != nil {
		n += *f.table.RowEstimate
	}
	f.table.RowEstimate = &n
}

func (in *introspection) readTriggers() error {
	rows, err := in.ask(askTriggers)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if f := in.byOID[row[0]]; f != nil {
			f.table.Triggers = append(f.table.Triggers, row[1])
		}
	}
	return nil
}

func (in *introspection) readSequences() error {
	rows, err := in.ask(askSequences)
	if err != nil {
		return err
	}
	for _, row := range rows {
		s := sequence{oid: row[2], identity: row[3] == "i"}
		s.start, _ = strconv.ParseInt(row[4], 10, 64)
		s.increment, _ = strconv.ParseInt(row[5], 10, 64)
		if last, err := strconv.ParseInt(row[6], 10, 64); err == nil {
			s.last = &last
		}
		in.sequences[row[0]+"."+row[1]] = s
	}
	return nil
}

// collation is how a collation compares. A nondeterministic one may ignore anything; that it may ignore case and accents keeps
// away from its columns what relies on the contrary.
type collation struct {
	name            string
	nondeterminstic bool
}

func (in *introspection) readCollations() error {
	rows, err := in.ask(askCollations)
	if err != nil {
		return err
	}
	for _, row := range rows {
		c := collation{name: row[2], nondeterminstic: row[3] != "t"}
		if row[1] != "pg_catalog" {
			c.name = qualified(catalog.Name{Schema: row[1], Table: row[2]})
		}
		in.collations[row[0]] = c
	}
	return nil
}

// collate is the SQL that names a collation, or "" for the database's own.
func collate(name string) string {
	switch {
	case name == "" || name == defaultCollation:
		return ""
	case isCollation(name):
		return " COLLATE " + name
	}
	return ` COLLATE pg_catalog.` + quote(name)
}

// isCollation reports whether a name is that of a collation which somebody made: "schema"."name".
func isCollation(name string) bool {
	_, rest, ok := identifier(name)
	if !ok || !strings.HasPrefix(rest, ".") {
		return false
	}
	_, rest, ok = identifier(rest[1:])
	return ok && rest == ""
}

// askBeside finds what can hold or show rows and is no table of the catalog.
const askBeside = `SELECT CASE c.relkind WHEN 'f' THEN 'the foreign table ' WHEN 'm' THEN 'the materialized view ' ELSE 'the view ' END || n.nspname || '.' || c.relname
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('f', 'm', 'v') AND ` + ownSchemas + ` AND NOT ` + ofClass + `
	UNION ALL SELECT 'large objects' WHERE EXISTS (SELECT FROM pg_largeobject_metadata) ORDER BY 1`

// Beside names what can hold or show rows and is no table of the catalog.
func (s *Source) Beside(ctx context.Context) ([]string, error) {
	if s.conn == nil {
		return nil, ended("the source")
	}
	rows, err := cells(ctx, s.conn, askBeside)
	names := make([]string, len(rows))
	for i, row := range rows {
		names[i] = row[0]
	}
	return names, wrap(ctx, err, "reading the catalog")
}
