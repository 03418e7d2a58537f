package filter_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/rewrite"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/oracle"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/run"
)

// world is an engine with places for databases.
type world interface {
	tongue() *tongue
	flavour() *oracle.Flavour
	// database makes a database of statements and returns its URL, and place the URL of one that isn't there yet.
	database(t testing.TB, c *oracle.Case, statements string) string
	place(t testing.TB) string
	exec(url, statements string) error
	connector(t testing.TB, url string) driver.Connector
}

// setting is a generated database, the copy of one provider's rows, and the same database with other providers' rows changed.
type setting struct {
	*tongue
	relations []*relation
	literals  map[string][]string
	// left are the tables that the copy doesn't have.
	left []string
	// copy is the copy, and bare the same rows in tables without keys and indexes; nil where there is no need for it.
	copy, bare *sql.DB
	full       *catalog.Catalog
	// doors lead to all rows: the plain filter and the strict one, each on the database and on the changed one.
	plain, strict         *filter.Filter
	doors, strictDoors    []*sql.DB
	story                 func() string
	changes, visibleCells int
}

// settle makes a setting of a number, or nil where the drawn map has no copy or the copy has next to nothing in it.
func settle(t testing.TB, w world, seed int) *setting {
	ctx := context.Background()
	c := rapid.Custom(func(rt *rapid.T) *oracle.Case { return oracle.Generate(rt, w.flavour()) }).Example(seed)
	key := must(mask.NewKey([]byte("a masking key for tests, 32 bytes and more")))
	journal := w.database(t, c, c.Schema+c.Rows+c.After)
	source := must(run.Open(ctx, journal))
	defer func() { source.Close() }()
	p, m := planned(t, c, must(source.Catalog(ctx)))
	if p == nil {
		return nil
	}
	o := &oracle.Oracle{Schema: p.Schema(), Request: p.Request, Data: c.Data}
	rows, failed := o.Copy(key)
	if failed != "" || o.Astray() {
		return nil
	}
	s := &setting{tongue: w.tongue(), literals: map[string][]string{numeric: {"1", "0", "2", "3", "5", "7", "9", "100"}}}
	for _, l := range p.LeftOut {
		s.left = append(s.left, l.Name.Table)
	}
	s.gather(rows, c.Data)
	place := w.place(t)
	if _, err := run.Run(ctx, p, source, run.NewDatabase(place), run.Options{Key: key}); err != nil {
		t.Fatalf("the copy: %v\n%s%s%s", err, c.Map, c.Schema, c.Rows)
	}
	changed := disturb(o, key, rows, seed)
	s.changes = changed.count
	altered := w.database(t, c, c.Schema+c.Inserts(changed.data)+c.After)
	urls := []string{journal, altered}
	s.copy = sql.OpenDB(w.connector(t, place))
	t.Cleanup(func() { s.copy.Close() })

	copied := must(run.Open(ctx, place))
	made := must(copied.Catalog(ctx))
	copied.Close()
	request := filter.Request{Provider: c.Provider, Units: c.Units}
	f, found := filter.New(m, must(source.Catalog(ctx)), request, filter.Options{Key: key})
	if found.Refused() {
		t.Fatalf("the filter: %v\n%s%s", found, c.Map, c.Schema)
	}
	s.tables(t, made, f, rows)
	filled := 0
	for _, r := range s.relations {
		if r.filled {
			filled++
		}
	}
	if filled < 2 || s.visibleCells < 30 {
		return nil
	}
	bare := ""
	if b, ok := w.(interface {
		bare(t testing.TB, copied string, c *catalog.Catalog) string
	}); ok {
		bare = b.bare(t, place, made)
	}
	views := s.views(t, w, seed, append(urls, place))
	must(0, source.Close())
	source = must(run.Open(ctx, journal))
	full := must(source.Catalog(ctx))
	s.full = full
	if bare != "" {
		must(0, w.exec(bare, views))
		s.bare = sql.OpenDB(w.connector(t, bare))
		t.Cleanup(func() { s.bare.Close() })
	}
	for _, strict := range []bool{false, true} {
		f, found := filter.New(m, full, request, filter.Options{Key: key, Strict: strict})
		if found.Refused() {
			t.Fatalf("the filter: %v\n%s%s", found, c.Map, c.Schema)
		}
		for _, url := range urls {
			db := filter.OpenDB(w.connector(t, url), f)
			t.Cleanup(func() { db.Close() })
			if strict {
				s.strict, s.strictDoors = f, append(s.strictDoors, db)
			} else {
				s.plain, s.doors = f, append(s.doors, db)
			}
		}
	}
	s.relations = slices.DeleteFunc(s.relations, func(r *relation) bool {
		if !r.view {
			return false
		}
		_, err := s.plain.Rewrite("SELECT * FROM " + s.quote(r.schema) + "." + s.quote(r.name))
		// PostgreSQL keeps columns that nobody named, and the reader for SQLite refuses a name that is defined inside itself.
		if err != nil && !(hasCode(err, rewrite.CodeView) && (s.postgres || strings.Contains(err.Error(), "its own name once more"))) {
			t.Fatalf("a view: %v\n%s", err, views)
		}
		// A NATURAL JOIN is kept as USING with every column, those that the map omits among them.
		if shown := ask(s.doors[0], "SELECT * FROM "+s.quote(r.schema)+"."+s.quote(r.name)); err == nil && shown.err != nil && s.postgres {
			t.Logf("a view that can't be expanded: %v", shown.err)
			return true
		}
		return err != nil
	})
	s.story = func() string {
		return c.Map + "\n" + c.Schema + c.Rows + c.After + views + "\n-- with other rows of other providers:\n" + c.Inserts(changed.data)
	}
	return s
}

// planned plans the case's map, or the plain one where that is refused.
func planned(t testing.TB, c *oracle.Case, cat *catalog.Catalog) (*plan.Plan, *schemamap.Map) {
	for _, text := range []string{c.Map, c.Plain} {
		m, found := schemamap.Parse("map.hcl", []byte(text))
		if found.Refused() {
			t.Fatalf("%v\n%s", found, text)
		}
		if p, found := plan.Build(m, cat, filter.Request{Provider: c.Provider, Units: c.Units}); !found.Refused() {
			c.Map = text
			return p, m
		}
	}
	return nil, nil
}

// gather takes texts for literals from the copy, and some from what it doesn't have.
func (s *setting) gather(rows map[string][][]value.Value, all oracle.Data) {
	var own, others []string
	for _, table := range rows {
		for _, row := range table {
			for _, cell := range row {
				if cell.Form() == value.Text {
					own = append(own, cell.Text())
				}
				if !cell.IsNull() {
					s.visibleCells++
				}
			}
		}
	}
	for _, table := range all {
		for _, row := range table {
			for _, cell := range row {
				if cell.Form() == value.Text {
					others = append(others, cell.Text())
				}
			}
		}
	}
	slices.Sort(own)
	slices.Sort(others)
	own, others = slices.Compact(own), slices.Compact(others)
	for i := 0; i < len(own); i += 1 + len(own)/8 {
		s.literals[textual] = append(s.literals[textual], own[i])
	}
	for i := 0; i < len(others); i += 1 + len(others)/5 {
		s.literals[textual] = append(s.literals[textual], others[i])
	}
	s.literals[textual] = append(s.literals[textual], "a", "P0")
}

// tables describes what queries can name: the tables of the copy.
func (s *setting) tables(t testing.TB, made *catalog.Catalog, f *filter.Filter, rows map[string][][]value.Value) {
	for i := range made.Tables {
		table := &made.Tables[i]
		if table.Name.Table == run.ManifestTable {
			continue
		}
		r := &relation{name: table.Name.Table, schema: table.Name.Schema, label: table.Name.String(), rows: max(1, len(rows[table.Name.String()]))}
		r.filled = len(rows[r.label]) > 0
		mapped := f.Schema().Table(table.Name)
		for _, field := range mapped.Fields {
			if field.Omit {
				r.omitted = append(r.omitted, field.Name)
			}
		}
		for _, c := range table.Columns {
			sort := c.EngineType
			switch c.Type.Kind {
			case value.Integer:
				sort = numeric
			case value.String:
				sort = textual
			}
			loose := c.Type.Collation.IgnoresCase || c.Type.Collation.IgnoresTrailingSpace
			r.columns = append(r.columns, seen{name: c.Name, sort: sort, loose: loose, exact: true, masked: mapped.Field(c.Name).Mask != nil})
		}
		for _, k := range table.ForeignKeys {
			f := foreign{parent: k.Parent.String()}
			for _, pair := range k.Columns {
				f.columns, f.references = append(f.columns, pair.Child), append(f.references, pair.Parent)
			}
			r.foreign = append(r.foreign, f)
		}
		q, err := f.Rewrite("SELECT * FROM " + s.quote(r.schema) + "." + s.quote(r.name))
		if err != nil {
			t.Fatalf("a table of the copy: %v", err)
		}
		var names []string
		for _, c := range r.columns {
			names = append(names, c.name)
		}
		if !slices.Equal(names, q.Columns) {
			t.Fatalf("the copy has columns %q of %s, and queries %q", names, r.label, q.Columns)
		}
		s.relations = append(s.relations, r)
	}
}

// views makes a few views in all databases, each over what there is before it.
func (s *setting) views(t testing.TB, w world, seed int, urls []string) string {
	var all []string
	for i := range 3 {
		q := rapid.Custom(func(rt *rapid.T) viewed { return s.viewed(rt) }).Example(seed*10 + i)
		if q.sql == "" {
			continue
		}
		name := []string{"View1", "v 2", "VIEW3"}[i]
		r := &relation{name: name, schema: s.relations[0].schema, view: true, rows: 8, columns: q.columns}
		r.label = catalog.Name{Schema: r.schema, Table: name}.String()
		names := make([]string, len(q.columns))
		for i := range q.columns {
			r.columns[i].name = []string{"N", "c2", "Txt", "c4"}[i]
			names[i] = s.quote(r.columns[i].name)
		}
		full := s.quote(r.schema) + "." + s.quote(name)
		text := "CREATE VIEW " + full + " (" + strings.Join(names, ", ") + ") AS " + q.sql
		if !s.postgres {
			text = strings.Replace(text, full, s.quote(name), 1)
		}
		if err := w.exec(urls[2], text); err != nil {
			continue
		}
		shown := ask(s.copy, "SELECT * FROM "+full)
		r.filled = len(shown.rows) > 0
		if shown.err != nil || len(shown.rows) > 60 {
			must(0, w.exec(urls[2], "DROP VIEW "+full))
			continue
		}
		made := 0
		for _, url := range urls[:2] {
			if err := w.exec(url, text); err != nil { // a name that columns which the copy lacks make unclear
				break
			}
			made++
			if w.exec(url, "SELECT * FROM "+full) != nil { // SQLite looks when it is asked
				break
			}
		}
		if made < 2 || w.exec(urls[1], "SELECT * FROM "+full) != nil {
			for _, url := range append(urls[:made:made], urls[2]) {
				must(0, w.exec(url, "DROP VIEW "+full))
			}
			continue
		}
		all = append(all, text+";\n")
		s.relations = append(s.relations, r)
	}
	return strings.Join(all, "")
}

type viewed struct {
	query
	columns []seen
}

// viewed draws what a view shows.
func (s *setting) viewed(rt *rapid.T) viewed {
	a := &author{tongue: s.tongue, rt: rt, relations: s.relations, literals: s.literals, uses: map[string]bool{}, careful: true}
	v := viewed{}
	sorts := []string{a.one(numeric, textual), a.one(numeric, textual), textual}[:1+a.pick(3)]
	text, columns, _ := a.query(nil, nil, 2, asked{rows: 60, want: sorts})
	v.sql, v.columns = a.finish(text, &v.query), columns
	return v
}

// reply is what a query yields.
type reply struct {
	names, rows []string
	err         error
}

// asker is a database, a connection of it, or a transaction.
type asker interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func ask(db asker, query string, args ...any) reply {
	return askWithin(context.Background(), db, query, args...)
}

func askWithin(ctx context.Context, db asker, query string, args ...any) reply {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return reply{err: err}
	}
	return read(rows)
}

// read prints rows with the form of every cell.
func read(rows *sql.Rows) (a reply) {
	defer rows.Close()
	if a.names, a.err = rows.Columns(); a.err != nil {
		return a
	}
	cells, places := make([]any, len(a.names)), make([]any, len(a.names))
	for i := range cells {
		places[i] = &cells[i]
	}
	for rows.Next() {
		if a.err = rows.Scan(places...); a.err != nil {
			return a
		}
		var line strings.Builder
		for _, c := range cells {
			switch c := c.(type) {
			case nil:
				line.WriteString("NULL|")
			case int64:
				fmt.Fprintf(&line, "%d|", c)
			default:
				fmt.Fprintf(&line, "%T %#v|", c, c)
			}
		}
		a.rows = append(a.rows, line.String())
	}
	if err := rows.Err(); err != nil {
		a.err = err
	} else if err := rows.Close(); err != nil {
		a.err = err
	}
	return a
}
