package run_test

import (
	"context"
	"os"
	"path/filepath"

	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/run"
)

// elsewhere copies a server's rows into a SQLite file, and verifies that with the source and without it; or the plan says that
// SQLite has no exact type for a column.
func elsewhere(rt *rapid.T, ctx context.Context, source *run.Source, p *plan.Plan, key *mask.Key, story func() string) {
	if p.Engine == "sqlite" {
		return
	}
	dir, err := os.MkdirTemp("", "elsewhere")
	if err != nil {
		rt.Fatal(err)
	}
	defer os.RemoveAll(dir)
	to := "sqlite:" + filepath.Join(dir, "copy.db")
	report, err := run.Run(ctx, p, source, run.NewDatabase(to), run.Options{Key: key})
	if diag.CodeOf(err) == plan.CodeNoImage {
		return
	}
	if err != nil {
		rt.Fatalf("into SQLite: %v\n%s", err, story())
	}
	if report.Into != "sqlite" {
		rt.Fatalf("the report says that the copy is in %q\n%s", report.Into, story())
	}
	copied := opened(rt, to)
	defer copied.Close()
	for _, o := range []run.VerifyOptions{{Source: source, Key: key}, {Key: key}} {
		v, err := run.VerifyDatabase(ctx, p.Schema().Map, p.Request, copied, o)
		if err == nil {
			err = v.Err()
		}
		if err != nil {
			rt.Fatalf("verify in SQLite (source %t): %v\n%s", o.Source != nil, err, story())
		}
	}
}
