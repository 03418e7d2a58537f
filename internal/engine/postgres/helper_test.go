package postgres

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/mask/value"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

var ctx = context.Background()

// database makes a database by the statements and returns its URL.
func database(t testing.TB, statements ...string) string {
	t.Helper()
	s := pgtest.Server(t)
	url := s.Database(t)
	s.Exec(t, url, strings.Join(statements, ";\n"))
	return url
}

// opened opens a database made by the statements.
func opened(t testing.TB, statements ...string) *Source {
	t.Helper()
	return source(t, database(t, statements...))
}

func source(t testing.TB, url string) *Source {
	t.Helper()
	s, err := Open(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s.(*Source)
}

func snapshot(t testing.TB, s *Source, work ...string) *Snapshot {
	t.Helper()
	snap, err := s.Begin(ctx, engine.Terms{Work: work})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { snap.Close() })
	return snap.(*Snapshot)
}

func describe(t testing.TB, statements ...string) *catalog.Catalog {
	t.Helper()
	return described(t, opened(t, statements...))
}

func described(t testing.TB, s *Source) *catalog.Catalog {
	t.Helper()
	c, err := s.Catalog(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// plain is the copy of a whole table.
func plain(t *catalog.Table) engine.Copy {
	c := engine.Copy{Table: t, From: "FROM " + (Dialect{}).Table(t.Name) + " t", Order: Dialect{}.ReadOrder(t, "t")}
	for i := range t.Columns {
		if t.Columns[i].Inserted() {
			c.Columns = append(c.Columns, engine.CopyColumn{Name: t.Columns[i].Name, SQL: "t." + quote(t.Columns[i].Name), Plain: true})
		}
	}
	return c
}

func names(c engine.Copy) []string {
	var names []string
	for _, column := range c.Columns {
		names = append(names, column.Name)
	}
	return names
}

// all reads rows to their end.
func all(t testing.TB, rows engine.Rows, err error, columns int) [][]value.Value {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got [][]value.Value
	row := make([]value.Value, columns)
	for rows.Next(row) {
		got = append(got, append([]value.Value(nil), row...))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return got
}

func equal(a, b [][]value.Value) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if len(a[i]) != len(b[i]) {
			return false
		}
		for j := range a[i] {
			if !value.Equal(a[i][j], b[i][j]) {
				return false
			}
		}
	}
	return true
}

// shown is a row for messages of tests.
func shown(row []value.Value) string {
	parts := make([]string, len(row))
	for i, v := range row {
		parts[i] = v.Form().String() + " " + string(appendPlain(nil, v))
	}
	return strings.Join(parts, " | ")
}

// code is the code of an error; secrets must not be in its text.
func code(t testing.TB, err error, secrets ...string) string {
	t.Helper()
	e, ok := errors.AsType[*diag.Error](err)
	if !ok {
		t.Fatalf("not a coded error: %v", err)
	}
	for _, secret := range secrets {
		if strings.Contains(err.Error()+e.Advice, secret) {
			t.Errorf("the error shows %q: %v", secret, err)
		}
	}
	return e.Code
}

// copied loads all tables of a source into a new database, and returns its URL.
func copied(t testing.TB, s *Source) string {
	t.Helper()
	server := pgtest.Server(t)
	url := server.URL(server.Name(t))
	c := described(t, s)
	target, err := CreateURL(ctx, url, "")
	if err != nil {
		t.Fatal(err)
	}
	defer target.Abort()
	definition := engine.Definition{DataTypes: c.DataTypes, Tables: withoutForeign(c.Tables)}
	if err := target.Create(ctx, definition); err != nil {
		t.Fatal(err)
	}
	snap := snapshot(t, s)
	for i := range c.Tables {
		load(t, target, snap, &c.Tables[i])
	}
	if err := target.Index(ctx); err != nil {
		t.Fatal(err)
	}
	if err := target.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	return url
}

// withoutForeign is what a plan makes of tables: without triggers and partitions.
func withoutForeign(tables []catalog.Table) []catalog.Table {
	made := append([]catalog.Table(nil), tables...)
	for i := range made {
		made[i].Partitioning, made[i].Triggers = "", nil
	}
	return made
}

func load(t testing.TB, target engine.Target, snap engine.Snapshot, table *catalog.Table) {
	t.Helper()
	c := plain(table)
	loader, err := target.Load(ctx, table.Name, names(c))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := snap.Read(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	row := make([]value.Value, len(c.Columns))
	for rows.Next(row) {
		if err := loader.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if err := loader.Close(); err != nil {
		t.Fatal(err)
	}
}
