package plan_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/engine/engines"
	"github.com/utdrag/utdrag/plan"
)

var update = flag.Bool("update", false, "write the golden files anew")

// head is the provider block of the maps in these tests, and ownerSQL its tables.
const (
	head = `version = 1
provider {
  table = "Provider"
  key   = "HsaId"
  unit {
    table = "Unit"
    key   = "HsaId"
  }
}
`
	ownerSQL = `CREATE TABLE Provider (Id INTEGER PRIMARY KEY, HsaId TEXT NOT NULL UNIQUE);
CREATE TABLE Unit (Id INTEGER PRIMARY KEY, HsaId TEXT NOT NULL UNIQUE, ProviderId INTEGER NOT NULL REFERENCES Provider(Id));
`
	unitBlock = "table \"Unit\" {\n  path { via = [\"ProviderId\"] }\n}\n"
)

// journal makes a SQLite file.
func journal(t testing.TB, statements string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "journal.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(statements)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// shell runs a script in the sqlite3 shell, in the journal's folder, where it makes copy.db. Without a shell the test ends.
func shell(t testing.TB, path, script string) {
	t.Helper()
	if _, err := exec.LookPath("sqlite3"); err != nil {
		t.Skip("no sqlite3 shell here: the script was written and is not run")
	}
	command := exec.Command("sqlite3", filepath.Base(path))
	command.Dir = filepath.Dir(path)
	command.Stdin = strings.NewReader(script)
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// ask returns the one cell that a query yields from the copy beside the journal.
func ask(t testing.TB, journal, query string) string {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(filepath.Dir(journal), "copy.db"))
	if err != nil {
		t.Fatal(err)
	}
	var cell string
	err = db.QueryRow(query).Scan(&cell)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatalf("%v: %s", err, query)
	}
	return cell
}

func catalogAt(t testing.TB, path string) *catalog.Catalog {
	t.Helper()
	source, err := engines.Open(context.Background(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	c, err := source.Catalog(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if err := source.Close(); err != nil {
		t.Fatal(err)
	}
	return c
}

func catalogOf(t testing.TB, sql string) *catalog.Catalog {
	t.Helper()
	return catalogAt(t, journal(t, sql))
}

func parse(t testing.TB, text string) *schemamap.Map {
	t.Helper()
	m, found := schemamap.Parse("map.hcl", []byte(text))
	if found.Refused() {
		t.Fatalf("%v\n%s", found, text)
	}
	return m
}

func build(t testing.TB, text string, c *catalog.Catalog, r filter.Request) *plan.Plan {
	t.Helper()
	p, found := plan.Build(parse(t, text), c, r)
	if found.Refused() {
		t.Fatal(found)
	}
	return p
}

// refusals are the codes that planning a map gives.
func refusals(t testing.TB, text string, c *catalog.Catalog, r filter.Request) []string {
	t.Helper()
	p, found := plan.Build(parse(t, text), c, r)
	if (p == nil) != found.Refused() {
		t.Fatalf("plan is nil: %v, and found %v", p == nil, found)
	}
	var codes []string
	for _, d := range found {
		if d.Subject == (diag.Range{}) && d.Code != plan.CodeEngine {
			t.Errorf("%s points nowhere", d.Code)
		}
		codes = append(codes, d.Code)
	}
	return slices.Compact(codes)
}

func example(t testing.TB) (text string, c *catalog.Catalog) {
	t.Helper()
	sql, err := os.ReadFile("testdata/example/schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	hcl, err := os.ReadFile("testdata/example/map.hcl")
	if err != nil {
		t.Fatal(err)
	}
	return string(hcl), catalogOf(t, string(sql))
}

// renderings are all forms of a plan, by the name of their golden file.
func renderings(t testing.TB, p *plan.Plan) map[string]string {
	t.Helper()
	all := map[string]string{}
	for name, write := range map[string]func(io.Writer) error{
		"plan.txt": p.WriteText, "plan.json": p.WriteJSON, "plan.sql": func(w io.Writer) error { return p.WriteScript(w, "") }, "plan.html": p.WriteHTML, "steps.sql": p.WriteSteps,
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all[name] = b.String()
	}
	before, after, err := p.SchemaText()
	if err != nil {
		t.Fatal(err)
	}
	all["schema.copy.sql"] = before + after
	return all
}
