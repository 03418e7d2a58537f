package filter_test

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	_ "modernc.org/sqlite"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/engine/engines"
)

var update = flag.Bool("update", false, "write the golden files anew")

// unexercised are the codes that no map can meet on SQLite, and why.
var unexercised = map[string]string{}

// TestBind holds each testdata/bind/*.txtar against its golden diagnostics. schema.sql makes the database; request,
// if there, names the provider and units; want is what Bind and Compile find. A case whose name begins with "ok" must be
// accepted. Where the first line begins with "NULLs collide", so they do in unique keys, as on SQL Server.
func TestBind(t *testing.T) {
	files, err := filepath.Glob("testdata/bind/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			found := diagnose(t, archive)
			for _, d := range found {
				seen[d.Code] = true
				wellSaid(t, d)
			}
			if ok := strings.HasPrefix(filepath.Base(file), "ok"); ok == found.Refused() {
				t.Errorf("refused is %v:\n%v", found.Refused(), found)
			}
			golden(t, file, archive, found)
		})
	}
	for _, code := range codes(t) {
		if why, excused := unexercised[code]; excused == seen[code] {
			t.Errorf("code %s: exercised is %v, excuse is %q", code, seen[code], why)
		}
	}
}

func diagnose(t *testing.T, archive *txtar.Archive) diag.List {
	t.Helper()
	m, found := schemamap.Parse("map.hcl", part(archive, "map.hcl"))
	if found.Refused() {
		t.Fatalf("refused before binding:\n%v", found)
	}
	c := catalogOf(t, string(part(archive, "schema.sql")))
	c.NullsCollide = strings.HasPrefix(string(archive.Comment), "NULLs collide")
	schema, found := filter.Bind(m, c)
	if (schema == nil) != found.Refused() {
		t.Fatalf("schema is nil: %v, refused: %v", schema == nil, found.Refused())
	}
	if schema == nil {
		return found
	}
	request := filter.Request{Provider: "P1"}
	for line := range strings.Lines(string(part(archive, "request"))) {
		word, rest, _ := strings.Cut(strings.TrimRight(line, "\n"), " ")
		switch word {
		case "provider":
			request.Provider = rest
		case "unit":
			request.Units = append(request.Units, rest)
		default:
			t.Fatalf("request line %q", line)
		}
	}
	d, err := engines.Dialect(schema.Catalog.Engine)
	if err != nil {
		t.Fatal(err)
	}
	sets, more := schema.Compile(d, request)
	if (sets == nil) != more.Refused() {
		t.Fatalf("sets are nil: %v, refused: %v", sets == nil, more.Refused())
	}
	return append(found, more...)
}

// wellSaid holds a diagnostic against what every one of them owes the reader.
func wellSaid(t *testing.T, d diag.Diagnostic) {
	t.Helper()
	if d.Summary == "" || strings.HasSuffix(d.Summary, ".") || strings.ContainsAny(d.Summary, "\n\r") {
		t.Errorf("summary %q is not one line without a full stop", d.Summary)
	}
	if d.Subject == (diag.Range{}) {
		t.Errorf("%s points nowhere", d.Code)
	}
}

func golden(t *testing.T, file string, archive *txtar.Archive, found diag.List) {
	t.Helper()
	got := ""
	if len(found) > 0 {
		got = found.Error() + "\n"
	}
	if *update {
		for i := range archive.Files {
			if archive.Files[i].Name == "want" {
				archive.Files[i].Data = []byte(got)
			}
		}
		if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(part(archive, "want")), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func part(archive *txtar.Archive, name string) []byte {
	for _, f := range archive.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

// catalogOf is the catalog of a SQLite database made by SQL text.
func catalogOf(t testing.TB, statements string) *catalog.Catalog {
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

// codes are the values of the constants named Code… in codes.go.
func codes(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "Code") {
			return true
		}
		code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, code)
		return true
	})
	slices.Sort(found)
	if len(found) < 26 || len(slices.Compact(slices.Clone(found))) != len(found) {
		t.Fatalf("codes.go has codes %v", found)
	}
	return found
}
