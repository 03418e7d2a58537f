package run_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/oracle"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/run"
)

// elsewhere copies a server's rows into a SQLite file, and verifies that with the source and without it; or the plan says that
// SQLite has no exact type for a column; or loading says that a reference holds by the source's collation and not by SQLite's.
func elsewhere(rt *rapid.T, ctx context.Context, source *run.Source, p *plan.Plan, c *oracle.Case, key *mask.Key, story func() string) {
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
	if diag.CodeOf(err) == "UE024" && respelled(p, c) {
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

// respelled reports whether some reference names a row in other letters or with other spaces at its end than SQLite takes for the same:
// it ignores the case of A to Z.
func respelled(p *plan.Plan, c *oracle.Case) bool {
	same := func(a, b value.Value) bool {
		if a.Form() != value.Text || b.Form() != value.Text {
			return true // numbers and times are the same or they aren't, in every engine
		}
		lower := func(s string) string {
			return strings.Map(func(r rune) rune {
				if 'A' <= r && r <= 'Z' {
					r += 'a' - 'A'
				}
				return r
			}, s)
		}
		return lower(a.Text()) == lower(b.Text())
	}
	for i := range p.Schema().Catalog.Tables {
		t := &p.Schema().Catalog.Tables[i]
		for _, f := range t.ForeignKeys {
			for _, child := range c.Data[t.Name.String()] {
				if slices.ContainsFunc(f.Columns, func(p catalog.Pair) bool { return child[p.Child].IsNull() }) {
					continue
				}
				found := slices.ContainsFunc(c.Data[f.Parent.String()], func(parent oracle.Row) bool {
					return !slices.ContainsFunc(f.Columns, func(p catalog.Pair) bool { return !same(child[p.Child], parent[p.Parent]) })
				})
				if !found {
					return true
				}
			}
		}
	}
	return false
}
