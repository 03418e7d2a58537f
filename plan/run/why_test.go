package run_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/plan/run"
)

const whySQL = mutationSQL + `
CREATE TABLE Transfer (Id INTEGER PRIMARY KEY, FromId INTEGER REFERENCES Unit(Id), ToId INTEGER REFERENCES Unit(Id));
CREATE TABLE Joint (Id INTEGER PRIMARY KEY, AId INTEGER REFERENCES Unit(Id), BId INTEGER REFERENCES Unit(Id));
CREATE TABLE Loose (Id INTEGER PRIMARY KEY, UnitId INTEGER REFERENCES Unit(Id), OnlyId INTEGER REFERENCES Unit(Id));
INSERT INTO Unit VALUES (11, 'U11', 1);
INSERT INTO Visit (Id, UnitId, Cancelled) VALUES (6, 11, 0);
INSERT INTO Transfer VALUES (1, 10, 20), (2, 20, 10), (3, 20, 20);
INSERT INTO Joint VALUES (1, 10, 10), (2, 10, 20);
INSERT INTO Loose VALUES (1, NULL, NULL), (2, 10, 20);
`

const whyMap = mutationMap + `
table "Transfer" {
  match = "any"
  path { via = ["FromId"] }
  path { via = ["ToId"] }
  foreign "FromId" { outside = "null" }
  foreign "ToId" { outside = "null" }
}
table "Joint" {
  match = "all"
  path { via = ["AId"] }
  path { via = ["BId"] }
}
table "Loose" {
  path {
    via = ["UnitId"]
    null = "include"
    reason = "drop-in"
  }
  foreign "OnlyId" { outside = "drop" }
}
`

// TestWhy holds the explanation of one row of every kind against testdata/why.txt.
func TestWhy(t *testing.T) {
	s := newScene(t, whySQL, strings.Replace(whyMap, "key   = \"HsaId\"\n", "key   = \"HsaId\"\n  unit {\n    table = \"Unit\"\n    key = \"HsaId\"\n  }\n", 1))
	whole := s.plan
	units := build(t, s.source, strings.Replace(whyMap, "key   = \"HsaId\"\n", "key   = \"HsaId\"\n  unit {\n    table = \"Unit\"\n    key = \"HsaId\"\n  }\n", 1), filter.Request{Provider: "SE1", Units: []string{"U10"}})
	var b strings.Builder
	for _, c := range []struct {
		title, table, key string
		in, added, stub   bool
	}{
		{"the provider", "Provider", "1", true, false, false},
		{"another provider", "Provider", "2", false, false, false},
		{"in, by a chain", "Visit", "1", true, false, false},
		{"out, by the same chain", "Visit", "3", false, false, false},
		{"out, by where", "Visit", "5", false, false, false},
		{"in, because a visit names it", "Patient", "1", true, false, false},
		{"out: its visit is another's", "Patient", "2", false, false, false},
		{"added by include", "Staff", "2", false, true, false},
		{"added by include of what was added", "Staff", "3", false, true, false},
		{"out, and nobody references it", "Staff", "4", false, false, false},
		{"a stub", "Clinic", "2", false, false, true},
		{"in, over a circle", "Note", "2", true, false, false},
		{"out, over a circle", "Note", "4", false, false, false},
		{"a composite key", "Part", "a,2", true, false, false},
		{"a row by its row id", "Line", "1", true, false, false},
		{"any, by one", "Transfer", "1", true, false, false},
		{"any, by none", "Transfer", "3", false, false, false},
		{"all, by all", "Joint", "1", true, false, false},
		{"all, but one", "Joint", "2", false, false, false},
		{"NULL is included", "Loose", "1", true, false, false},
		{"dropped", "Loose", "2", false, false, false},
		{"every row", "Kind", "a", true, false, false},
		{"no row", "Outbox", "1", false, false, false},
		{"a table that is left out", "Log", "1", false, false, false},
		{"an ordered unit's", "Visit", "1", true, false, false},
		{"another unit's", "Visit", "6", false, false, false},
	} {
		s.plan = whole
		if strings.Contains(c.title, "unit's") {
			s.plan = units
		}
		e, err := run.Why(context.Background(), s.plan, s.source, catalog.Name{Table: c.table}, strings.Split(c.key, ","))
		if err != nil {
			t.Errorf("%s: %v", c.title, err)
			continue
		}
		if e.Included != c.in || e.Added != c.added || e.Stub != c.stub {
			t.Errorf("%s: %+v", c.title, e)
		}
		b.WriteString("# " + c.title + "\n" + strings.Join(e.Lines, "\n") + "\n\n")
	}
	file := filepath.Join("testdata", "why.txt")
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A question that can't be answered says what is wrong with it.
func TestWhyNot(t *testing.T) {
	s := newScene(t, whySQL, whyMap)
	for _, c := range []struct{ table, key, code string }{
		{"Nothing", "1", run.CodeNoTable},
		{"Visit", "99", run.CodeNoRow},
		{"Visit", "one", run.CodeNoRow},
		{"Visit", "1,2", run.CodeNoRow},
		{"Part", "a", run.CodeNoRow},
		{"Kind", "A", run.CodeNoRow},
	} {
		e, err := run.Why(context.Background(), s.plan, s.source, catalog.Name{Table: c.table}, strings.Split(c.key, ","))
		if e != nil || diag.CodeOf(err) != c.code {
			t.Errorf("%s %s: %v, %v", c.table, c.key, e, err)
		}
	}
	// An order that would be refused is refused here too.
	s.plan = build(t, s.source, whyMap, filter.Request{Provider: "SE9"})
	if _, err := run.Why(context.Background(), s.plan, s.source, catalog.Name{Table: "Visit"}, []string{"1"}); diag.CodeOf(err) != "UP001" {
		t.Errorf("got %v", err)
	}
}
