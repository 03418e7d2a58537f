package plan_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/plan"
)

var exampleRequest = filter.Request{Provider: "SE1", Units: []string{"U2", "U1", "U2"}}

// TestGolden holds every rendering of one plan against its file.
func TestGolden(t *testing.T) {
	text, c := example(t)
	for name, got := range renderings(t, build(t, text, c, exampleRequest)) {
		file := filepath.Join("testdata", "example", name)
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// The script and the schema are SQL that the engine takes, and the JSON is JSON.
func TestGoldenRuns(t *testing.T) {
	sql, err := os.ReadFile("testdata/example/schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	path := journal(t, string(sql)+`INSERT INTO Provider VALUES (1, 'SE1', 'A');
INSERT INTO Unit VALUES (1, 'U1', 1, NULL), (2, 'U2', 1, 1), (3, 'U3', 1, NULL);
INSERT INTO Staff VALUES (1, 3, 'Head', 'h@x'), (2, 1, 'Own', 'o@x');
INSERT INTO Referral VALUES (1, 1, NULL, 't');`)
	text, _ := example(t)
	all := renderings(t, build(t, text, catalogAt(t, path), exampleRequest))
	if !json.Valid([]byte(all["plan.json"])) {
		t.Error("plan.json is not JSON")
	}
	journal(t, all["schema.copy.sql"])
	shell(t, path, all["plan.sql"])
	got := ask(t, path, "SELECT group_concat(Id || '|' || Name || '|' || coalesce(Email, 'NULL'), ' ') FROM (SELECT * FROM Staff ORDER BY Id)")
	if want := "1|unknown|NULL 2|Own|o**"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Planning the same again, from the same text or from a catalog that went through a file, gives the same bytes.
func TestDeterministic(t *testing.T) {
	text, c := example(t)
	first := renderings(t, build(t, text, c, exampleRequest))
	var file strings.Builder
	if err := c.Write(&file); err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		if i%2 == 1 {
			var err error
			if c, err = catalog.Read(strings.NewReader(file.String())); err != nil {
				t.Fatal(err)
			}
		}
		request := exampleRequest
		request.Units = []string{"U1", "U2"}
		for name, got := range renderings(t, build(t, text, c, request)) {
			if got != first[name] {
				t.Fatalf("planning %d: %s differs:\n%s", i, name, cmp.Diff(first[name], got))
			}
		}
	}
}

// The hash stands for map, catalog, request and the plan's own text, and for nothing else.
func TestHash(t *testing.T) {
	text, c := example(t)
	base := build(t, text, c, exampleRequest)
	if !strings.HasPrefix(base.Hash, "sha256:") || len(base.Hash) != 71 {
		t.Errorf("hash %q", base.Hash)
	}
	changed := func(edit func(*catalog.Catalog)) *catalog.Catalog {
		_, again := example(t)
		edit(again)
		return again
	}
	units := func(units ...string) filter.Request { return filter.Request{Provider: "SE1", Units: units} }
	for _, other := range []struct {
		name  string
		text  string
		c     *catalog.Catalog
		r     filter.Request
		equal bool
	}{
		{"nothing", text, c, exampleRequest, true},
		{"order of units", text, c, units("U1", "U2"), true},
		{"row estimates", text, changed(func(c *catalog.Catalog) {
			n := int64(12345)
			c.Tables[0].RowEstimate, c.Tables[3].RowEstimate = &n, nil
		}), exampleRequest, true},
		{"a comment in the map", text + "# reviewed\n", c, exampleRequest, false},
		{"a reason", strings.Replace(text, "national", "regional", 1), c, exampleRequest, false},
		{"a mask", strings.Replace(text, "partial(1, 0)", "partial(0, 1)", 1), c, exampleRequest, false},
		{"the provider", text, c, filter.Request{Provider: "SE2", Units: exampleRequest.Units}, false},
		{"a unit", text, c, units("U1", "U3"), false},
		{"one unit less", text, c, units("U1"), false},
		{"no units", text, c, units(), false},
		{"a column's type", text, changed(func(c *catalog.Catalog) { c.Tables[0].Columns[0].EngineType = "VARCHAR(9)" }), exampleRequest, false},
		{"a foreign key's action", text, changed(func(c *catalog.Catalog) {
			for i := range c.Tables {
				if len(c.Tables[i].ForeignKeys) > 0 {
					c.Tables[i].ForeignKeys[0].OnDelete = "CASCADE"
				}
			}
		}), exampleRequest, false},
	} {
		got := build(t, other.text, other.c, other.r).Hash
		if (got == base.Hash) != other.equal {
			t.Errorf("%s: equal is %v", other.name, got == base.Hash)
		}
	}
}

// Where the map lies on a disk is no part of what it says.
func TestHashWithoutFileName(t *testing.T) {
	text, c := example(t)
	m, found := schemamap.Parse("elsewhere/journal.hcl", []byte(text))
	if found.Refused() {
		t.Fatal(found)
	}
	p, found := plan.Build(m, c, exampleRequest)
	if found.Refused() {
		t.Fatal(found)
	}
	if want := build(t, text, c, exampleRequest).Hash; p.Hash != want {
		t.Errorf("hash %s, and %s under another name", want, p.Hash)
	}
}

// A plan needs the masking key where a mask with a key meets rows, and not in order to be written.
func TestNeedsKey(t *testing.T) {
	c := catalogOf(t, ownerSQL+"CREATE TABLE Person (Pnr TEXT PRIMARY KEY NOT NULL, UnitId INTEGER REFERENCES Unit(Id));")
	block := func(rule string) string {
		return head + unitBlock + "table \"Person\" {\n  " + rule + "\n  column \"Pnr\" { mask = hash(\"person\") }\n}\n"
	}
	p := build(t, block(`path { via = ["UnitId"] }`), c, filter.Request{Provider: "SE1"})
	if !p.NeedsKey() {
		t.Error("a hash needs the key")
	}
	empty := build(t, block("rows = \"empty\"\n  reason = \"none\""), c, filter.Request{Provider: "SE1"})
	if empty.NeedsKey() {
		t.Error("a table without rows needs no key")
	}
	if p.Table(catalog.Name{Schema: "main", Table: "Person"}) == nil || p.Table(catalog.Name{Schema: "main", Table: "Nobody"}) != nil {
		t.Error("Table")
	}
	for _, s := range p.Steps {
		if s.Kind == plan.StepCopy && s.Copy.Table.Name.Table == "Person" && !strings.HasPrefix(s.SQL, "SELECT t.\"Pnr\",") {
			t.Errorf("what only a run can mask is read as it is: %s", s.SQL)
		}
	}
}
