package sqlserver

import (
	"context"
	"crypto/rand"
	"database/sql"
	"os"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

// server is a server that a test may make databases on.
type server struct {
	t       *testing.T
	address *address
	// babelfish is set for Babelfish for PostgreSQL, which speaks as SQL Server does but is not one. A test that must differ
	// there says so.
	babelfish bool
}

// live gives the server that UTDRAG_TEST_SQLSERVER names, or skips the test.
func live(t *testing.T) *server {
	t.Helper()
	url := os.Getenv("UTDRAG_TEST_SQLSERVER")
	if url == "" {
		t.Skip("no server: set UTDRAG_TEST_SQLSERVER to the URL of one, with a login that may make databases")
	}
	a, err := parse(url)
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, address: a}
	var version string
	if err := one(t.Context(), s.session("master"), "SELECT @@VERSION", &version); err != nil {
		t.Fatal(err)
	}
	s.babelfish = strings.Contains(version, "Babelfish")
	return s
}

// name is that of a database of this test's own, which is dropped at its end.
func (s *server) name() string {
	name := "h3_" + strings.ToLower(rand.Text()[:12])
	s.t.Cleanup(func() {
		if err := dropDatabase(s.address, name); err != nil {
			s.t.Error(err)
		}
	})
	return name
}

// database makes one, and runs statements in it.
func (s *server) database(statements ...string) string {
	s.t.Helper()
	name := s.name()
	s.run("master", "CREATE DATABASE "+quote(name))
	s.run(name, statements...)
	return name
}

func (s *server) run(database string, statements ...string) {
	s.t.Helper()
	conn := s.session(database)
	defer conn.Close()
	for _, statement := range statements {
		if err := batch(s.t.Context(), conn, statement); err != nil {
			s.t.Fatalf("%s: %v", statement, err)
		}
	}
}

func (s *server) session(database string) *sql.Conn {
	s.t.Helper()
	db, err := s.address.open(database)
	if err != nil {
		s.t.Fatal(err)
	}
	conn, err := session(s.t.Context(), db)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		conn.Close()
		db.Close()
	})
	return conn
}

func (s *server) url(database string) string { return s.address.dsn(database) }

func (s *server) open(database string) engine.Source {
	s.t.Helper()
	source, err := Open(s.t.Context(), s.url(database))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { source.Close() })
	return source
}

func (s *server) begin(database string, work ...string) engine.Snapshot {
	s.t.Helper()
	snap, err := s.open(database).Begin(s.t.Context(), engine.Terms{Work: work})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { snap.Close() })
	return snap
}

func (s *server) target(database string) *target {
	s.t.Helper()
	made, err := CreateURL(s.t.Context(), s.url(database), "")
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { made.Abort() })
	return made.(*target)
}

// column is a column of SQL Server's as the catalog has it.
func column(name, words, collation string) catalog.Column {
	base, numbers := baseOf(words)
	length, precision, scale := 0, 0, 0
	switch ownTypes[base].shape {
	case sized, sizedWide:
		length = numbers[0]
		if length > 0 && ownTypes[base].shape == sizedWide {
			length *= 2
		}
	case exact:
		precision, scale = numbers[0], numbers[1]
	case fraction:
		scale = numbers[0]
	}
	if ownTypes[base].kind != value.String {
		collation = ""
	}
	_, t, _ := typeOf(base, length, precision, scale, collation)
	return catalog.Column{Name: name, EngineType: words, Type: t, Nullable: true}
}

// rowsOf reads all rows of a query.
func rowsOf(t *testing.T, r engine.Rows, err error, width int) (all [][]value.Value) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	row := make([]value.Value, width)
	for r.Next(row) {
		all = append(all, append([]value.Value(nil), row...))
	}
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// wholeCopy is the copy of all columns of a table.
func wholeCopy(table *catalog.Table) engine.Copy {
	c := engine.Copy{Table: table, From: "FROM " + Dialect{}.Table(table.Name) + " t", Order: []string{"t." + quote(table.Columns[0].Name)}}
	for _, column := range table.Columns {
		c.Columns = append(c.Columns, engine.CopyColumn{Name: column.Name, SQL: "t." + quote(column.Name), Plain: true})
	}
	return c
}

// load writes rows into a table.
func load(ctx context.Context, t engine.Target, table *catalog.Table, rows [][]value.Value) error {
	var names []string
	for i := range table.Columns {
		if table.Columns[i].Inserted() {
			names = append(names, table.Columns[i].Name)
		}
	}
	l, err := t.Load(ctx, table.Name, names)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := l.Write(row); err != nil {
			l.Close()
			return err
		}
	}
	return l.Close()
}
