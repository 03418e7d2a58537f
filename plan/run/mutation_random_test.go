package run_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/internal/oracle"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/run"
)

// TestMutationRandom smuggles a random row of the source into a copy of a random case, or takes one out of it, and
// demands that verification finds it with no source at hand.
func TestMutationRandom(t *testing.T) {
	key := testKey(t)
	tried, refused := 0, map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		c := oracle.Generate(rt)
		dir, err := os.MkdirTemp(t.TempDir(), "case")
		if err != nil {
			rt.Fatal(err)
		}
		defer os.RemoveAll(dir)
		source := generated(rt, filepath.Join(dir, "journal.db"), c)
		defer source.Close()
		p := planCase(rt, source, c, refused)
		if p == nil {
			rt.Skip("refused")
		}
		to := filepath.Join(dir, "copy.db")
		if _, err := run.Run(context.Background(), p, source, run.NewDatabase("sqlite:"+to), run.Options{Key: key}); err != nil {
			rt.Skip("leads outside")
		}
		how, done := smuggle(t, rt, p, filepath.Join(dir, "journal.db"), to)
		if !done {
			rt.Skip("nothing to smuggle")
		}
		tried++
		copied, err := run.Open(context.Background(), "sqlite:"+to)
		if err != nil {
			rt.Fatal(err)
		}
		v, err := run.VerifyDatabase(context.Background(), p.Schema().Map, p.Request, copied, run.VerifyOptions{})
		if err := errors.Join(err, copied.Close()); err != nil {
			rt.Fatal(err)
		}
		if len(v.Violations) == 0 {
			rt.Fatalf("not found: %s\n%s\n%s%s", how, c.Map, c.Schema, c.Rows)
		}
	})
	t.Logf("%d tried", tried)
	if tried == 0 {
		t.Error("nothing was tried")
	}
}

// smuggle changes one row of one table of the copy.
func smuggle(t *testing.T, rt *rapid.T, p *plan.Plan, from, to string) (how string, done bool) {
	table := &p.Tables[rapid.IntRange(0, len(p.Tables)-1).Draw(rt, "table")]
	quote := p.Dialect().Quote
	var columns []string
	for _, c := range table.Columns {
		columns = append(columns, quote(c.Name))
	}
	list, name := strings.Join(columns, ", "), quote(table.Name.Table)
	switch rapid.SampledFrom([]string{"insert", "insert", "insert", "delete", "twice"}).Draw(rt, "how") {
	case "insert":
		offset := rapid.IntRange(0, 6).Draw(rt, "row")
		how = fmt.Sprintf("ATTACH '%s' AS source; INSERT OR IGNORE INTO main.%s (%s) SELECT %s FROM source.%s LIMIT 1 OFFSET %d; DETACH source;",
			strings.ReplaceAll(from, "'", "''"), name, list, list, name, offset)
	case "delete":
		how = fmt.Sprintf("DELETE FROM main.%s WHERE rowid = (SELECT min(rowid) FROM main.%s)", name, name)
		if slices.Contains(table.Definition.Options, "WITHOUT ROWID") {
			how = "DELETE FROM main." + name
		}
	case "twice":
		how = fmt.Sprintf("INSERT OR IGNORE INTO main.%s (%s) SELECT %s FROM main.%s LIMIT 1", name, list, list, name)
	}
	before := ask(t, to, "SELECT count(*) FROM "+name)
	change(t, to, how)
	after := ask(t, to, "SELECT count(*) FROM "+name)
	return how, before != after
}
