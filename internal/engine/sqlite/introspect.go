package sqlite

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine/sqlite/capi"
	"github.com/utdrag/utdrag/mask/value"
)

// The PRAGMAs are asked as table-valued functions, joined, so that thousands of tables take five queries.
const (
	// substr drops nothing but the names that SQLite keeps for itself; its LIKE would take _ for any character.
	ownTables = `lower(substr(t.name, 1, 7)) <> 'sqlite_'`

	askTables = `SELECT t.name, l.type, l.wr, l.strict, t.sql FROM main.sqlite_schema t
		JOIN pragma_table_list l ON l.schema = 'main' AND l.name = t.name WHERE t.type = 'table' AND ` + ownTables + ` ORDER BY t.name`
	askColumns = `SELECT t.name, x.name, x.type, x."notnull", coalesce(x.dflt_value, ''), x.pk, x.hidden FROM main.sqlite_schema t,
		pragma_table_xinfo(t.name, 'main') x WHERE t.type = 'table' AND ` + ownTables + ` ORDER BY t.name, x.cid`
	askIndexes = `SELECT t.name, l.name, l."unique", l.origin, l.partial, x.cid, coalesce(x.name, ''), x.coll, coalesce(s.sql, '')
		FROM main.sqlite_schema t, pragma_index_list(t.name, 'main') l, pragma_index_xinfo(l.name, 'main') x
		LEFT JOIN main.sqlite_schema s ON s.type = 'index' AND s.name = l.name
		WHERE t.type = 'table' AND x.key AND ` + ownTables + ` ORDER BY t.name, l.name, x.seqno`
	askForeign = `SELECT t.name, f.id, f."from", coalesce(f."to", ''), f."table", f.on_update, f.on_delete FROM main.sqlite_schema t,
		pragma_foreign_key_list(t.name, 'main') f WHERE t.type = 'table' AND ` + ownTables + ` ORDER BY t.name, f.id DESC, f.seq`
	askEstimates = `SELECT tbl, stat, coalesce(idx, '') FROM main.sqlite_stat1`
)

// found is one table while its catalog entry is put together.
type found struct {
	table      catalog.Table
	definition *definition
	strict     bool
	keyless    bool // a rowid table
	pk         map[int]string
	index      []foundIndex
	foreign    []foundForeign
}

type foundIndex struct {
	name, origin, sql string
	unique, partial   bool
	expression        bool
	columns           []string
	collations        []string
}

type foundForeign struct {
	id       string
	from, to []string
	parent   string
	onUpdate string
	onDelete string
}

// introspection gathers everything wrong, not the first thing.
type introspection struct {
	conn   *capi.Conn
	tables []*found
	byName map[string]*found // by folded name
	views  []catalog.View
	wrong  []error
}

func introspect(conn *capi.Conn) (*catalog.Catalog, error) {
	in := &introspection{conn: conn, byName: map[string]*found{}}
	for _, step := range []func() error{in.readTables, in.readColumns, in.readIndexes, in.readForeign, in.readEstimates, in.readViews} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	for _, f := range in.tables {
		in.keys(f)
	}
	for _, f := range in.tables {
		in.references(f)
	}
	if len(in.wrong) > 0 {
		return nil, joined(in.wrong)
	}
	c := &catalog.Catalog{Engine: Name, DefaultSchema: mainSchema, FoldsCase: true, Tables: make([]catalog.Table, len(in.tables))}
	for i, f := range in.tables {
		c.Tables[i] = f.table
	}
	slices.SortFunc(c.Tables, func(a, b catalog.Table) int { return cmp.Compare(a.Name.Table, b.Name.Table) })
	c.SetViews(in.views, nil)
	if err := c.Validate().Err(); err != nil { // names that are empty or not UTF-8, which SQLite takes
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

func (in *introspection) disagree(f *found, what string) {
	in.refuse(codeDefinition, "rebuild the table from a plain CREATE TABLE, and report this", "the definition of table %s can't be relied on: %s",
		f.table.Name, what)
}

func (in *introspection) readTables() error {
	rows, err := in.conn.Strings(askTables)
	if err != nil {
		return err
	}
	var virtual []string
	for _, row := range rows {
		name, kind := row[0], row[1]
		switch kind {
		case "table":
		case "virtual":
			virtual = append(virtual, name)
			continue
		case "shadow": // part of a virtual table
			continue
		default:
			in.refuse(codeDefinition, "", "%s is a table of an unknown kind", name)
			continue
		}
		f := &found{strict: row[3] == "1", keyless: row[2] == "0", pk: map[int]string{}}
		f.table.Name = catalog.Name{Schema: mainSchema, Table: name}
		if f.definition, err = parseTable(row[4]); err != nil {
			in.disagree(f, "its text can't be read: "+err.Error())
			continue
		}
		f.table.Options = options(f)
		declared := slices.Sorted(slices.Values(f.definition.options))
		if !slices.Equal(slices.Compact(declared), f.table.Options) {
			in.disagree(f, "its text and SQLite don't agree on STRICT or WITHOUT ROWID")
			continue
		}
		in.tables = append(in.tables, f)
		in.byName[fold(name)] = f
	}
	if len(virtual) > 0 {
		in.refuse(codeVirtual, "extract from a copy of the file in which they are dropped", "virtual tables can't be copied: %s",
			strings.Join(virtual, ", "))
	}
	return nil
}

func options(f *found) []string {
	var o []string
	if f.strict {
		o = append(o, strictOption)
	}
	if !f.keyless {
		o = append(o, withoutRowidOption)
	}
	return o
}

// each calls do for the rows of every table that readTables found; a row's first cell is the table's name.
func (in *introspection) each(sql string, do func(f *found, row []string)) error {
	rows, err := in.conn.Strings(sql)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if f := in.byName[fold(row[0])]; f != nil {
			do(f, row[1:])
		}
	}
	return nil
}

func (in *introspection) readColumns() error {
	err := in.each(askColumns, func(f *found, row []string) {
		c := catalog.Column{Name: row[0], EngineType: row[1], Type: typeOf(row[1], f.strict), Nullable: row[2] == "0", Default: row[3]}
		if n, _ := strconv.Atoi(row[4]); n > 0 {
			f.pk[n] = c.Name
		}
		at := len(f.table.Columns)
		if at >= len(f.definition.columns) || fold(f.definition.columns[at].name) != fold(c.Name) {
			in.disagree(f, "its text and SQLite don't agree on column "+quote(c.Name))
			f.table.Columns = append(f.table.Columns, c)
			return
		}
		d := f.definition.columns[at]
		hidden := row[5]
		if (d.computed != "") != (hidden == "2" || hidden == "3") || d.stored != (hidden == "3") {
			in.disagree(f, "its text and SQLite don't agree on whether column "+quote(c.Name)+" is generated")
		}
		c.Computed, c.Stored = d.computed, d.stored
		if c.Default != "" {
			c.Default = defaultOf(d.defaults)
		}
		in.collate(f, &c, d.collation)
		f.table.Columns = append(f.table.Columns, c)
	})
	for _, f := range in.tables {
		if len(f.table.Columns) != len(f.definition.columns) {
			in.disagree(f, fmt.Sprintf("its text has %d columns, SQLite %d", len(f.definition.columns), len(f.table.Columns)))
		}
	}
	return err
}

// defaultOf is a default's expression as it can stand in parentheses. A bare word is a text to SQLite, save for these.
func defaultOf(tokens []token) string {
	if len(tokens) == 1 && (tokens[0].kind == word || tokens[0].kind == quoted) {
		for _, known := range []string{"NULL", "TRUE", "FALSE", "CURRENT_TIME", "CURRENT_DATE", "CURRENT_TIMESTAMP"} {
			if tokens[0].is(known) {
				return tokens[0].text
			}
		}
		return text(tokens[0].name)
	}
	return join(tokens)
}

// collate sets the collation of every column that may hold text: all save the number and blob columns of a STRICT table,
// and those only where none is written.
func (in *introspection) collate(f *found, c *catalog.Column, name string) {
	if name == "" {
		name = "BINARY"
	}
	collation, known := collationOf(name)
	if !known {
		in.refuse(codeCollation, "SQLite itself has BINARY, NOCASE and RTRIM", "column %s of table %s has a collation that an application defines: %q",
			quote(c.Name), f.table.Name, name)
	}
	if f.strict && c.Type.Kind != value.String && c.Type.Kind != value.Variant && collation.Name == "BINARY" {
		return
	}
	c.Type.Collation = collation
}

func (in *introspection) readIndexes() error {
	return in.each(askIndexes, func(f *found, row []string) {
		name := row[0]
		if n := len(f.index); n == 0 || f.index[n-1].name != name {
			f.index = append(f.index, foundIndex{name: name, unique: row[1] == "1", origin: row[2], partial: row[3] == "1", sql: row[7]})
		}
		x := &f.index[len(f.index)-1]
		if row[4] == "-2" {
			x.expression = true
			return
		}
		if row[4] == "-1" { // the row id, which is no column
			x.expression = true
			return
		}
		collation, known := collationOf(row[6])
		if !known {
			in.refuse(codeCollation, "SQLite itself has BINARY, NOCASE and RTRIM", "index %s of table %s has a collation that an application defines: %q",
				quote(name), f.table.Name, row[6])
		}
		x.columns = append(x.columns, row[5])
		x.collations = append(x.collations, collation.Name)
	})
}

func (in *introspection) readForeign() error {
	return in.each(askForeign, func(f *found, row []string) {
		if n := len(f.foreign); n == 0 || f.foreign[n-1].id != row[0] {
			f.foreign = append(f.foreign, foundForeign{id: row[0], parent: row[3], onUpdate: action(row[4]), onDelete: action(row[5])})
		}
		x := &f.foreign[len(f.foreign)-1]
		x.from = append(x.from, row[1])
		x.to = append(x.to, row[2])
	})
}

func action(s string) string {
	if s == "NO ACTION" {
		return ""
	}
	return s
}

// readEstimates takes what ANALYZE once counted, where it was run.
func (in *introspection) readEstimates() error {
	there, err := in.conn.Strings("SELECT 1 FROM main.sqlite_schema WHERE name = 'sqlite_stat1'")
	if err != nil || len(there) == 0 {
		return err
	}
	return in.each(askEstimates, func(f *found, row []string) {
		first, _, _ := strings.Cut(row[0], " ")
		n, err := strconv.ParseInt(first, 10, 64)
		partial := slices.ContainsFunc(f.index, func(x foundIndex) bool { return x.partial && x.name == row[1] })
		if err != nil || n < 0 || partial { // a partial index counts its own rows only
			return
		}
		if f.table.RowEstimate == nil || *f.table.RowEstimate < n {
			f.table.RowEstimate = &n
		}
	})
}
