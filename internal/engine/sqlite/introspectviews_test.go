package sqlite

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
)

func view(name, definition string, columns ...string) catalog.View {
	return catalog.View{Name: catalog.Name{Schema: "main", Table: name}, Definition: definition, Columns: columns}
}

func TestViews(t *testing.T) {
	c := describe(t, `CREATE TABLE Visit (Id INTEGER PRIMARY KEY, Note TEXT)`,
		`CREATE VIEW "it's ""v""" ("a b", "Å") AS SELECT * FROM Visit -- why`,
		`CREATE VIEW below AS SELECT v.*, 1 + 1, count(*), Id AS id FROM "it's ""v""" AS v, Visit`,
		`CREATE VIEW IF NOT EXISTS main.Above AS VALUES (1, 'x')`,
		`CREATE TRIGGER tr INSTEAD OF INSERT ON below BEGIN SELECT 1; END`,
		`CREATE TEMP VIEW ours AS SELECT 1`,
		`ALTER TABLE Visit RENAME TO Call`)
	want := []catalog.View{
		view("Above", `CREATE VIEW Above AS VALUES (1, 'x')`, "column1", "column2"),
		view("below", `CREATE VIEW below AS SELECT v.*, 1 + 1, count(*), Id AS id FROM "it's ""v""" AS v, "Call"`, "a b", "Å", "1 + 1", "count(*)", "id"),
		view(`it's "v"`, `CREATE VIEW "it's ""v""" ("a b", "Å") AS SELECT * FROM "Call" -- why`, "a b", "Å"),
	}
	if d := cmp.Diff(want, c.Views); d != "" {
		t.Error(d)
	}
	if len(c.Synonyms) > 0 {
		t.Error("SQLite has no synonyms")
	}
	if bare := describe(t, `CREATE TABLE "Call" (Id INTEGER PRIMARY KEY, Note TEXT)`); bare.Hash() != c.Hash() || bare.Views != nil {
		t.Error("views change the hash")
	}
}

// A view that nobody can read is left out, and neither another view nor a table with it.
func TestViewsBroken(t *testing.T) {
	for reason, broken := range map[string]string{
		"its table is gone":             "CREATE VIEW broken AS SELECT * FROM gone",
		"its column is gone":            "CREATE VIEW broken AS SELECT gone FROM t",
		"an application's function":     "CREATE VIEW broken AS SELECT gone(a) AS b FROM t",
		"an application's collation":    "CREATE VIEW broken AS SELECT a COLLATE gone AS b FROM t ORDER BY 1",
		"it is below itself":            "CREATE VIEW broken AS SELECT * FROM broken",
		"a column without a name":       `CREATE VIEW broken AS SELECT a AS "" FROM t`,
		"another schema's table":        "CREATE VIEW broken AS SELECT * FROM sqlite_gone",
		"a view below it can't be read": "CREATE VIEW broken AS SELECT * FROM broken2",
	} {
		t.Run(reason, func(t *testing.T) {
			c := describe(t, "CREATE TABLE t (a)", broken, "CREATE VIEW sound AS SELECT a FROM t", "CREATE VIEW broken2 AS SELECT * FROM nowhere")
			if d := cmp.Diff([]catalog.View{view("sound", "CREATE VIEW sound AS SELECT a FROM t", "a")}, c.Views); d != "" || len(c.Tables) != 1 {
				t.Error(d, len(c.Tables))
			}
		})
	}
}

// Who is told to stop says so, and doesn't take a view for a broken one.
func TestViewsInterrupted(t *testing.T) {
	s := opened(t, "CREATE TABLE t (a)", "CREATE VIEW v AS SELECT a FROM t")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if c, err := s.Catalog(ctx); err == nil && len(c.Views) != 1 || err != nil && diag.CodeOf(err) == "" {
		t.Errorf("views are missing, or an error has no code: %v", err)
	}
}
