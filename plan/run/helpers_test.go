package run_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/run"
)

// mapHead is the provider block of the maps in these tests, ownerSQL its tables: two providers with a unit each.
const (
	mapHead = `version = 1
provider {
  table = "Provider"
  key   = "HsaId"
}
`
	ownerSQL = `CREATE TABLE Provider (Id INTEGER PRIMARY KEY, HsaId TEXT NOT NULL UNIQUE);
CREATE TABLE Unit (Id INTEGER PRIMARY KEY, HsaId TEXT NOT NULL UNIQUE, ProviderId INTEGER NOT NULL REFERENCES Provider(Id));
INSERT INTO Provider VALUES (1, 'SE1'), (2, 'SE2');
INSERT INTO Unit VALUES (10, 'U10', 1), (20, 'U20', 2);
`
	unitBlock = "table \"Unit\" {\n  path { via = [\"ProviderId\"] }\n}\n"
)

// scene is a source, a plan and where copies go.
type scene struct {
	t      testing.TB
	path   string
	source *run.Source
	plan   *plan.Plan
}

func newScene(t testing.TB, sql, text string) *scene {
	t.Helper()
	path := database(t, sql)
	s := open(t, path)
	return &scene{t: t, path: path, source: s, plan: build(t, s, text, filter.Request{Provider: "SE1"})}
}

// copy extracts into a new SQLite file, verifies it by itself and against the source, and returns its path.
func (s *scene) copy() string {
	s.t.Helper()
	to := filepath.Join(s.t.TempDir(), "copy.db")
	if _, err := run.Run(context.Background(), s.plan, s.source, run.NewDatabase("sqlite:"+to), run.Options{Key: testKey(s.t)}); err != nil {
		s.t.Fatalf("run: %v", err)
	}
	for _, source := range []*run.Source{nil, s.source} {
		if codes := s.verify(to, source); len(codes) > 0 {
			s.t.Fatalf("a good copy is refused: %v", codes)
		}
	}
	return to
}

// fails runs into a database that must not come to be, and returns the error's code.
func (s *scene) fails() (string, error) {
	s.t.Helper()
	to := filepath.Join(s.t.TempDir(), "copy.db")
	_, err := run.Run(context.Background(), s.plan, s.source, run.NewDatabase("sqlite:"+to), run.Options{Key: testKey(s.t)})
	if err == nil {
		s.t.Fatal("the run was not refused")
	}
	empty(s.t, filepath.Dir(to))
	return diag.CodeOf(err), err
}

// verify returns the codes of what verification finds; an error's code where it couldn't be done.
func (s *scene) verify(path string, source *run.Source) []string {
	s.t.Helper()
	copied, err := run.Open(context.Background(), "sqlite:"+path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer copied.Close()
	v, err := run.VerifyDatabase(context.Background(), s.plan.Schema().Map, s.plan.Request, copied, run.VerifyOptions{Source: source, Key: testKey(s.t)})
	if err != nil {
		code := diag.CodeOf(err)
		if code == "" {
			s.t.Fatalf("an error without a code: %v", err)
		}
		return []string{code}
	}
	var codes []string
	for _, violation := range v.Violations {
		codes = append(codes, violation.Code)
	}
	if (len(codes) == 0) != (v.Err() == nil) {
		s.t.Fatalf("violations %v, error %v", codes, v.Err())
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// change runs SQL on a copy, by another driver than ours, with foreign keys off.
func change(t testing.TB, path, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(statements)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatalf("%v\n%s", err, statements)
	}
}

// ask returns the rows of a query: cells joined by |, rows by a space.
func ask(t testing.TB, path, query string) string {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatalf("%v\n%s", err, query)
	}
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for rows.Next() {
		cells, places := make([]any, len(columns)), make([]any, len(columns))
		for i := range cells {
			places[i] = &cells[i]
		}
		if err := rows.Scan(places...); err != nil {
			t.Fatal(err)
		}
		var parts []string
		for _, c := range cells {
			if c == nil {
				c = "NULL"
			}
			parts = append(parts, fmt.Sprint(c))
		}
		lines = append(lines, strings.Join(parts, "|"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, " ")
}

func holds(t testing.TB, path, query, want string) {
	t.Helper()
	if got := ask(t, path, query); got != want {
		t.Errorf("%s: got %q, want %q", query, got, want)
	}
}

// refusedMap plans a map on a database and returns the codes that refuse it.
func refusedMap(t testing.TB, sql, text string) []string {
	t.Helper()
	s := open(t, database(t, sql))
	m, found := schemamap.Parse("test.hcl", []byte(text))
	if found.Refused() {
		t.Fatal(found)
	}
	c, err := s.Catalog(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	p, found := plan.Build(m, c, filter.Request{Provider: "SE1"})
	if (p == nil) != found.Refused() {
		t.Fatalf("plan is nil: %v; %v", p == nil, found)
	}
	var codes []string
	for _, d := range found {
		codes = append(codes, d.Code)
	}
	return codes
}

// empty looks that a run left nothing in a directory.
func empty(t testing.TB, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range left {
		t.Errorf("the run left %s", f.Name())
	}
}

// planAt opens the source at a URL, which is closed with the test, and plans a map's copy of SE1's rows.
func planAt(t *testing.T, url, text string) (*schemamap.Map, *run.Source, *plan.Plan) {
	t.Helper()
	m, found := schemamap.Parse("map.hcl", []byte(text))
	if found.Refused() {
		t.Fatal(found)
	}
	source, err := run.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = source.Close() })
	c, err := source.Catalog(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p, found := plan.Build(m, c, requestSE1)
	if found.Refused() {
		t.Fatal(found)
	}
	return m, source, p
}
