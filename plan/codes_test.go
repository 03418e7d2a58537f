package plan_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
)

// TestCodes meets every code of the package: as a refusal, as a step that refuses when it runs (plan/run has the
// tests of that), or says why SQLite can't.
func TestCodes(t *testing.T) {
	c := catalogOf(t, proofSQL+"CREATE TABLE Person (Pnr TEXT PRIMARY KEY NOT NULL, UnitId INTEGER REFERENCES Unit(Id));")
	person := "table \"Person\" {\n path { via = [\"UnitId\"] }\n column \"Pnr\" { mask = hash(\"person\") }\n}\n"
	request := filter.Request{Provider: "P1", Units: []string{"U1"}}
	seen := map[string]string{
		"UP005": "every kind of type that a mask gives has a name on SQLite",
		"UP008": "the sqlite3 shell runs every plan",
	}

	p := build(t, proofMap(nil)+person, c, request)
	for _, s := range p.Steps {
		if s.Code != "" {
			seen[s.Code] = "a step"
			if s.Kind != filter.StepCheck || s.Message == "" || s.Cause == (diag.Range{}) {
				t.Errorf("step %s: %+v", s.Code, s)
			}
		}
	}
	folding := catalogOf(t, proofSQL+"CREATE TABLE Person (Pnr TEXT PRIMARY KEY NOT NULL, UnitId INTEGER REFERENCES Unit(Id));")
	folding.Table(catalog.Name{Table: "Person"}).Column("Pnr").Type.Collation = value.Collation{Name: "SWEDISH", IgnoresCase: true} // as no shell can
	p = build(t, proofMap(nil)+person, folding, request)
	if err := p.WriteScript(&bytes.Buffer{}, ""); diag.CodeOf(err) != plan.CodeMaskNoSQL || !strings.Contains(err.Error(), "main.Person") {
		t.Errorf("a script of a hash: %v", err)
	} else {
		seen[plan.CodeMaskNoSQL] = "refused"
	}

	for _, x := range []struct {
		code string
		with map[string]string
	}{
		{plan.CodeUnproven, map[string]string{"Child": `path { via = ["VisitId"] }`}},
		{plan.CodeDropAdded, map[string]string{
			"Patient": proofBlocks["Patient"],
			"Visit":   "path { via = [\"UnitId\"] }\n foreign \"PatientId\" { outside = \"error\" }\n foreign \"UnitId\" { outside = \"drop\" }",
			"Child":   "path { via = [\"VisitId\"] }\n foreign \"OtherId\" { outside = \"include\" }"}},
	} {
		if got := refusals(t, proofMap(x.with)+person, c, request); !slices.Equal(got, []string{x.code}) {
			t.Errorf("got %v, want %s", got, x.code)
		}
		seen[x.code] = "refused"
	}

	foreign := *c
	foreign.Engine = "abacus"
	if got := refusals(t, proofMap(nil)+person, &foreign, request); !slices.Equal(got, []string{plan.CodeEngine}) {
		t.Errorf("got %v", got)
	}
	seen[plan.CodeEngine] = "refused"

	for _, code := range declared(t, "build.go", "script.go") {
		if seen[code] == "" {
			t.Errorf("nothing here meets %s", code)
		}
		delete(seen, code)
	}
	if len(seen) > 0 {
		t.Errorf("met, and not declared: %v", seen)
	}
}

// All refusals are said at once: an unproven foreign key doesn't hide another.
func TestRefusalsTogether(t *testing.T) {
	c := catalogOf(t, proofSQL)
	_, found := plan.Build(parse(t, proofMap(map[string]string{
		"Child":   `path { via = ["VisitId"] }`,
		"Leaf":    `path { via = ["ChildId"] }`,
		"Patient": "path {\n from = \"Visit\"\n via = [\"PatientId\"]\n}",
	})), c, filter.Request{Provider: "P1"})
	if len(found) != 3 || !slices.IsSortedFunc(found, func(a, b diag.Diagnostic) int { return a.Subject.Start.Byte - b.Subject.Start.Byte }) {
		t.Errorf("found %v", found)
	}
	for _, d := range found {
		if d.Code != plan.CodeUnproven || !strings.Contains(d.Advice, `foreign "`) {
			t.Errorf("%v", d)
		}
	}
}

// What Bind and Compile refuse comes through with no plan.
func TestRefusedBelow(t *testing.T) {
	c := catalogOf(t, proofSQL+"CREATE TABLE Unmapped (Id INTEGER PRIMARY KEY);")
	if got := refusals(t, proofMap(nil), c, filter.Request{Provider: "P1"}); !slices.Equal(got, []string{filter.CodeUnmappedTable}) {
		t.Errorf("got %v", got)
	}
	c = catalogOf(t, proofSQL)
	if got := refusals(t, proofMap(nil), c, filter.Request{}); !slices.Equal(got, []string{filter.CodeNoProvider}) {
		t.Errorf("got %v", got)
	}
}

func declared(t *testing.T, files ...string) []string {
	t.Helper()
	var codes []string
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(spec.Names[0].Name, "Code") {
				codes = append(codes, strings.Trim(spec.Values[0].(*ast.BasicLit).Value, `"`))
			}
			return true
		})
	}
	if len(codes) < 9 {
		t.Fatalf("codes %v", codes)
	}
	return codes
}
