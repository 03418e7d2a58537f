package run_test

import (
	"context"
	"flag"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/oracle"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/run"
)

// laboratory is where one case is tried: an engine with a place for the case's database and for copies of it.
type laboratory interface {
	// source makes the case's database.
	source(rt *rapid.T, c *oracle.Case) *run.Source
	// target is the URL of a place for a copy.
	target(rt *rapid.T) string
	// script runs the plan's script with the engine's own client and returns the URL of its copy, or "" where it can't be
	// run here.
	script(rt *rapid.T, p *plan.Plan, story func() string) string
	// contents reads a copy by another way than the engine's.
	contents(rt *rapid.T, url string, p *plan.Plan) tables
	// tolerates tells of a difference between a copy and its plan that the engine can't help.
	tolerates(d catalog.Difference) bool
	close(rt *rapid.T)
}

// holdAgainstOracle holds runs, copies in a database, scripts in the engine's own client and verification against the
// oracle. Run more cases with -rapid.checks=N.
func holdAgainstOracle(t *testing.T, flavour *oracle.Flavour, open func(rt *rapid.T) laboratory) {
	key := testKey(t)
	planned, refused := 0, map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		c := oracle.Generate(rt, flavour)
		l := open(rt)
		defer l.close(rt)
		source := l.source(rt, c)
		defer source.Close()
		p := planCase(rt, source, c, refused)
		if p == nil {
			rt.Skip("refused")
		}
		planned++
		check(rt, context.Background(), l, source, p, c, key)
	})
	t.Logf("%d planned, refused by code at first: %v", planned, refused)
	if planned == 0 {
		t.Error("no case was planned")
	}
}

// fewerCases is for engines that take longer to a case: number of them, unless the command line says how many.
func fewerCases(t *testing.T, number int) {
	checks := flag.Lookup("rapid.checks")
	if checks.Value.String() != checks.DefValue {
		return
	}
	if err := checks.Value.Set(strconv.Itoa(number)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := checks.Value.Set(checks.DefValue); err != nil {
			t.Error(err)
		}
	})
}

func opened(rt *rapid.T, url string) *run.Source {
	s, err := run.Open(context.Background(), url)
	if err != nil {
		rt.Fatal(err)
	}
	return s
}

// planCase plans the case's map, or the plain one where that is refused.
func planCase(rt *rapid.T, s *run.Source, c *oracle.Case, refused map[string]int) *plan.Plan {
	cat, err := s.Catalog(context.Background())
	if err != nil {
		rt.Fatalf("%v\n%s", err, c.Schema)
	}
	if found := cat.Validate(); len(found) > 0 {
		rt.Fatalf("the catalog doesn't hold together: %v\n%s%s", found, c.Schema, c.After)
	}
	for _, text := range []*string{&c.Map, &c.Plain} {
		m, found := schemamap.Parse("map.hcl", []byte(*text))
		if found.Refused() {
			rt.Fatalf("%v\n%s", found, *text)
		}
		p, found := plan.Build(m, cat, filter.Request{Provider: c.Provider, Units: c.Units})
		if !found.Refused() {
			c.Map = *text
			return p
		}
		for _, d := range found {
			refused[d.Code]++
			if d.Code == filter.CodeNullsCollide && cat.NullsCollide {
				continue
			}
			if !slices.Contains([]string{plan.CodeUnproven, plan.CodeDropAdded, filter.CodeNullRefused, filter.CodeDropOnCycle, filter.CodeStubRefused, filter.CodeMaskReference}, d.Code) {
				rt.Fatalf("not foreseen: %v\n%s\n%s%s", d, *text, c.Schema, c.After)
			}
		}
	}
	return nil
}

func check(rt *rapid.T, ctx context.Context, l laboratory, source *run.Source, p *plan.Plan, c *oracle.Case, key *mask.Key) {
	story := func() string {
		var b strings.Builder
		_ = p.WriteText(&b)
		_ = p.WriteSteps(&b)
		return c.Map + c.Schema + c.Rows + c.After + b.String()
	}
	o := &oracle.Oracle{Schema: p.Schema(), Request: p.Request, Data: c.Data}
	want, failed := o.Copy(key)

	memory := &memorySink{}
	_, err := run.Run(ctx, p, source, memory, run.Options{Key: key})
	if o.Astray() {
		if diag.CodeOf(err) != plan.CodeUnitRow {
			rt.Fatalf("an ordered unit is not the provider's, and the run said: %v\n%s", err, story())
		}
		return
	}
	if failed != "" {
		if diag.CodeOf(err) != plan.CodeOutside {
			rt.Fatalf("%s leads outside, and the run said: %v\n%s", failed, err, story())
		}
		return
	}
	if err != nil {
		rt.Fatalf("run: %v\n%s", err, story())
	}
	compare(rt, "run", p, want, memory.tables, story)
	elsewhere(rt, ctx, source, p, c, key, story)

	to := l.target(rt)
	if _, err := run.Run(ctx, p, source, run.NewDatabase(to), run.Options{Key: key}); err != nil {
		rt.Fatalf("into a database: %v\n%s", err, story())
	}
	compare(rt, "database", p, want, l.contents(rt, to, p), story)
	verifyAgain(rt, ctx, l, p, to, source, key, story)
	if to = l.script(rt, p, story); to != "" {
		compare(rt, "script", p, want, l.contents(rt, to, p), story)
		defined(rt, ctx, l, p, to, story)
	}
}

// verifyAgain verifies a copy by itself and against the source, and holds its definition against the plan's.
func verifyAgain(rt *rapid.T, ctx context.Context, l laboratory, p *plan.Plan, to string, source *run.Source, key *mask.Key, story func() string) {
	defined(rt, ctx, l, p, to, story)
	copied := opened(rt, to)
	defer copied.Close()
	for _, o := range []run.VerifyOptions{{Source: source, Key: key}, {Key: key}} {
		v, err := run.VerifyDatabase(ctx, p.Schema().Map, p.Request, copied, o)
		if err == nil {
			err = v.Err()
		}
		if err != nil {
			rt.Fatalf("verify (source %t): %v\n%s", o.Source != nil, err, story())
		}
	}
}

// defined holds what a copy is made of against the plan: its columns, keys, indexes, checks and foreign keys.
func defined(rt *rapid.T, ctx context.Context, l laboratory, p *plan.Plan, url string, story func() string) {
	copied := opened(rt, url)
	defer copied.Close()
	got, err := copied.Catalog(ctx)
	if err != nil {
		rt.Fatalf("the copy's catalog: %v\n%s", err, story())
	}
	got.Tables = slices.DeleteFunc(got.Tables, func(t catalog.Table) bool { return t.Name.Table == run.ManifestTable })
	want := *p.Schema().Catalog
	want.DataTypes, want.Tables = p.Definition().DataTypes, p.Definition().Tables
	for _, d := range catalog.Compare(&want, got) {
		if !l.tolerates(d) {
			rt.Errorf("the copy is made in another way than planned: %s", d)
		}
	}
	if rt.Failed() {
		rt.Fatal(story())
	}
}
