package run_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/internal/oracle"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
)

// bench is where edited scripts are run: over all rows, and over those alone that the plan copies.
type bench struct {
	laboratory
	// strip takes the rows away that the plan doesn't copy, from a database like the source.
	strip func(rt *rapid.T, c *oracle.Case, p *plan.Plan)
	// run runs a script over either database, and reads the copy where it came to its end.
	run func(rt *rapid.T, p *plan.Plan, script string, stripped bool) (tables, bool)
	// each is how many edits are made to one script, and runs how many of those that are accepted are run.
	each, runs int
}

// An edited script that is accepted copies the same whether or not there are other rows than those that the plan copies: none of
// them, and nothing that depends on them, is in it.
func holdEdits(t *testing.T, flavour *oracle.Flavour, open func(rt *rapid.T) *bench) {
	accepted, refused, ran, planned := map[string]int{}, map[string]int{}, 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		c := oracle.Generate(rt, flavour)
		b := open(rt)
		defer b.close(rt)
		source := b.source(rt, c)
		defer source.Close()
		p := planCase(rt, source, c, map[string]int{})
		if p == nil {
			rt.Skip("refused")
		}
		var written strings.Builder
		if err := p.WriteScript(&written, ""); err != nil {
			rt.Fatal(err)
		}
		script := written.String()
		if checked, err := p.Check("plan.sql", script, ""); err != nil || len(checked.Found) > 0 || checked.Count(filter.VerdictEqual) != len(checked.Statements) {
			rt.Fatalf("the plan's own script: %v, %v\n%s", err, checked, script)
		}
		planned++
		b.strip(rt, c, p)
		own, done := b.run(rt, p, script, false)
		if !done {
			return // the plan stops by itself
		}
		if alone, done := b.run(rt, p, script, true); !done || !sameRows(own, alone) {
			rt.Fatalf("the plan's own copy hangs on rows that it doesn't copy: %v\n%v\n%v\n%s%s\n%s%s", done, own, alone, c.Schema, c.Rows, c.Map, script)
		}
		left := b.runs
		editScripts(rt, p, script, b.each, accepted, refused, func(edited string) {
			if left--; left < 0 {
				return
			}
			ran++
			all, done := b.run(rt, p, edited, false)
			alone, doneAlone := b.run(rt, p, edited, true)
			if done != doneAlone || done && !sameRows(all, alone) {
				rt.Fatalf("an accepted script hangs on rows that the plan doesn't copy: %v\n%v\n%v\n%v\n%s%s\n%s\n%s", done, doneAlone, all, alone, c.Schema, c.Rows, c.Map, edited)
			}
		})
	})
	t.Logf("%d planned; accepted %v; %d run; refused %v", planned, accepted, ran, refused)
	// A handful of cases may have no edit that is accepted.
	if planned == 0 || planned >= 10 && len(accepted) == 0 {
		t.Error("nothing was tried")
	}
}

// editScripts edits a script in many ways.
func editScripts(rt *rapid.T, p *plan.Plan, script string, each int, accepted, refused map[string]int, try func(string)) {
	for range each {
		kinds, edited := editScript(rt, script, p.Engine)
		checked, err := p.Check("plan.sql", edited, "")
		if err != nil {
			rt.Fatal(err)
		}
		if checked.Found.Refused() {
			refused[checked.Found[0].Code]++
			continue
		}
		if checked.Count(filter.VerdictEqual) == len(checked.Statements) {
			accepted["equal"]++
			continue
		}
		accepted[kinds]++
		if try != nil {
			try(edited)
		}
	}
}

func sameRows(a, b tables) bool {
	lines := func(t tables) []string {
		var all []string
		for name, rows := range t {
			for _, row := range rows {
				all = append(all, fmt.Sprintf("%q %v", name, row))
			}
		}
		slices.Sort(all)
		return all
	}
	return slices.Equal(lines(a), lines(b))
}

// TestEdits is for SQLite.
func TestEdits(t *testing.T) {
	if !hasShell() {
		t.Skip("no sqlite3 shell here")
	}
	fewerCases(t, 20)
	dir := t.TempDir()
	holdEdits(t, oracle.SQLite, func(rt *rapid.T) *bench {
		l := &sqliteLaboratory{}
		var err error
		if l.dir, err = os.MkdirTemp(dir, "case"); err != nil {
			rt.Fatal(err)
		}
		keyFile(rt, l.dir)
		b := &bench{laboratory: l, each: 40, runs: 12}
		b.strip = func(rt *rapid.T, c *oracle.Case, p *plan.Plan) {
			stripped := filepath.Join(l.dir, "stripped.db")
			text, err := os.ReadFile(filepath.Join(l.dir, "journal.db"))
			if err == nil {
				err = os.WriteFile(stripped, text, 0o600)
			}
			if err != nil {
				rt.Fatal(err)
			}
			db, err := sql.Open("sqlite", stripped)
			if err != nil {
				rt.Fatal(err)
			}
			defer db.Close()
			db.SetMaxOpenConns(1)
			stripRows(rt, p, func(statement string) string {
				var cell sql.NullString
				if !strings.HasPrefix(statement, "SELECT") {
					_, err = db.Exec(statement)
				} else if err = db.QueryRow(statement).Scan(&cell); err == sql.ErrNoRows {
					err = nil
				}
				if err != nil {
					rt.Fatalf("%v: %s", err, statement)
				}
				return cell.String
			}, "PRAGMA foreign_keys = OFF", "?")
		}
		b.run = func(rt *rapid.T, p *plan.Plan, script string, stripped bool) (tables, bool) {
			name := "journal.db"
			if stripped {
				name = "stripped.db"
			}
			copied := filepath.Join(l.dir, "copy.db")
			if err := os.RemoveAll(copied); err != nil {
				rt.Fatal(err)
			}
			shell := exec.Command("sqlite3", name)
			shell.Dir, shell.Stdin = l.dir, strings.NewReader(script)
			if shell.Run() != nil {
				return nil, false
			}
			return l.contents(rt, "sqlite:"+copied, p), true
		}
		return b
	})
}

// TestEditsPostgres is for PostgreSQL.
func TestEditsPostgres(t *testing.T) {
	server := pgtest.Server(t)
	fewerCases(t, 3)
	if _, err := exec.LookPath("psql"); err != nil {
		t.Skip("no psql here")
	}
	l := &postgresLaboratory{t: t, dir: t.TempDir(), server: server, psql: true, journal: server.Database(t), copied: server.Database(t), written: server.Database(t)}
	stripped := server.Database(t)
	holdEdits(t, oracle.Postgres, func(rt *rapid.T) *bench {
		keyFile(rt, l.dir)
		b := &bench{laboratory: l, each: 40, runs: 2}
		b.strip = func(rt *rapid.T, c *oracle.Case, p *plan.Plan) {
			whole := *l
			whole.journal = stripped
			if err := whole.source(rt, c).Close(); err != nil {
				rt.Fatal(err)
			}
			ctx := context.Background()
			conn, err := pgconn.Connect(ctx, stripped)
			if err != nil {
				rt.Fatal(err)
			}
			defer conn.Close(ctx)
			stripRows(rt, p, func(statement string) string {
				results, err := conn.Exec(ctx, statement).ReadAll()
				if err != nil {
					rt.Fatalf("%v: %s", err, statement)
				}
				if last := results[len(results)-1].Rows; len(last) > 0 {
					return string(last[0][0])
				}
				return ""
			}, "SET session_replication_role = replica", "$")
		}
		b.run = func(rt *rapid.T, p *plan.Plan, script string, alone bool) (tables, bool) {
			l.clear(rt, l.written)
			source := l.journal
			if alone {
				source = stripped
			}
			shell := exec.Command("psql", "-X", "-d", source)
			shell.Dir, shell.Stdin = l.dir, strings.NewReader(script)
			shell.Env = append(os.Environ(), "UTDRAG_TARGET="+l.written)
			if shell.Run() != nil {
				return nil, false
			}
			return l.contents(rt, l.written, p), true
		}
		return b
	})
}

// TestEditsSQLServer is for SQL Server's scripts, which nothing here runs: the plan's own are read, and edits come to an end. The cases are
// those of SQLite, in SQL Server's types.
func TestEditsSQLServer(t *testing.T) {
	fewerCases(t, 150)
	dir, tried := t.TempDir(), 0
	rapid.Check(t, func(rt *rapid.T) {
		c := oracle.Generate(rt, oracle.SQLite)
		folder, err := os.MkdirTemp(dir, "case")
		if err != nil {
			rt.Fatal(err)
		}
		defer os.RemoveAll(folder)
		source := generated(rt, filepath.Join(folder, "journal.db"), c)
		defer source.Close()
		cat, err := source.Catalog(context.Background())
		if err != nil {
			rt.Fatal(err)
		}
		m, found := schemamap.Parse("map.hcl", []byte(c.Plain))
		if found.Refused() {
			rt.Fatal(found)
		}
		translated, found := plan.Translate(cat, "sqlserver")
		if found.Refused() {
			return // SQL Server has no such table
		}
		translated.Database = "journal"
		p, found := plan.Build(m, translated, filter.Request{Provider: c.Provider, Units: c.Units})
		if found.Refused() {
			return
		}
		var script strings.Builder
		if err := p.WriteScript(&script, ""); err != nil {
			return
		}
		checked, err := p.Check("plan.sql", script.String(), "")
		if err != nil || len(checked.Found) > 0 || checked.Count(filter.VerdictEqual) != len(checked.Statements) {
			rt.Fatalf("the plan's own script: %v, %v\n%s", err, checked, script.String())
		}
		tried++
		editScripts(rt, p, script.String(), 20, map[string]int{}, map[string]int{}, nil)
	})
	if tried == 0 {
		t.Error("nothing was tried")
	}
	t.Logf("%d scripts", tried)
}

// stripRows deletes every row that the plan doesn't copy, in one session.
func stripRows(rt *rapid.T, p *plan.Plan, run func(statement string) string, first, parameter string) {
	d := p.Dialect()
	inlined := func(s filter.Step) string {
		return engine.Inline(s.SQL, parameter, len(s.Args), func(i int) string { return d.Literal(s.Args[i], value.Type{Kind: value.String}) })
	}
	run(first)
	for _, s := range p.Sets().Steps {
		switch s.Kind {
		case filter.StepMake, filter.StepFill, filter.StepClear:
			run(inlined(s))
		case filter.StepFixpoint:
			for run(s.SQL) == "1" {
				for _, r := range s.Rounds {
					run(inlined(r))
				}
			}
		}
	}
	for _, t := range p.Schema().Tables {
		condition := "1 = 0"
		if t.Rule == filter.AllRows {
			continue
		}
		if t.Made() && t.Rule != filter.NoneKept {
			condition = "(" + p.Sets().Taken(t, "t") + ")"
			if stubbed, ok := p.Sets().Stubbed(t, "t"); ok {
				condition += " OR (" + stubbed + ")"
			}
		}
		run("DELETE FROM " + d.Table(t.Name) + " AS t WHERE CASE WHEN " + condition + " THEN 0 ELSE 1 END = 1")
	}
}
