package run_test

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "modernc.org/sqlite"
	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/oracle"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/run"
)

// TestOracle holds runs, copies in a database, scripts in the sqlite3 shell and verification against the oracle. Run
// more cases with -rapid.checks=N.
func TestOracle(t *testing.T) {
	key := testKey(t)
	planned, refused := 0, map[string]int{}
	if !hasShell() {
		t.Log("no sqlite3 shell here: scripts are written and not run")
	}
	rapid.Check(t, func(rt *rapid.T) {
		c := oracle.Generate(rt)
		dir, err := os.MkdirTemp(t.TempDir(), "case")
		if err != nil {
			rt.Fatal(err)
		}
		defer os.RemoveAll(dir)
		ctx := context.Background()
		source := generated(rt, filepath.Join(dir, "journal.db"), c)
		defer source.Close()
		p := planCase(rt, source, c, refused)
		if p == nil {
			rt.Skip("refused")
		}
		planned++
		check(rt, ctx, dir, source, p, c, key)
	})
	t.Logf("%d planned, refused by code at first: %v", planned, refused)
	if planned == 0 {
		t.Error("no case was planned")
	}
}

func hasShell() bool {
	_, err := exec.LookPath("sqlite3")
	return err == nil
}

func generated(rt *rapid.T, path string, c *oracle.Case) *run.Source {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		rt.Fatal(err)
	}
	_, err = db.Exec("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; BEGIN;" + c.Schema + c.Rows + "COMMIT;")
	if err := errors.Join(err, db.Close()); err != nil {
		rt.Fatalf("%v\n%s%s", err, c.Schema, c.Rows)
	}
	s, err := run.Open(context.Background(), "sqlite:"+path)
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
	for _, text := range []*string{&c.Map, &c.Plain} {
		m, found := schemamap.Parse("map.hcl", []byte(*text))
		if found.Refused() {
			rt.Fatalf("%v\n%s", found, *text)
		}
		p, found := plan.Build(m, cat, filter.Request{Provider: c.Provider})
		if !found.Refused() {
			c.Map = *text
			return p
		}
		for _, d := range found {
			refused[d.Code]++
			if !slices.Contains([]string{plan.CodeUnproven, plan.CodeDropAdded, filter.CodeNullRefused, filter.CodeDropOnCycle, filter.CodeStubRefused, filter.CodeMaskReference}, d.Code) {
				rt.Fatalf("not foreseen: %v\n%s\n%s", d, *text, c.Schema)
			}
		}
	}
	return nil
}

func check(rt *rapid.T, ctx context.Context, dir string, source *run.Source, p *plan.Plan, c *oracle.Case, key *mask.Key) {
	story := func() string {
		var b strings.Builder
		_ = p.WriteText(&b)
		_ = p.WriteSteps(&b)
		return c.Map + c.Schema + c.Rows + b.String()
	}
	o := &oracle.Oracle{Schema: p.Schema(), Request: p.Request, Data: c.Data}
	want, failed := o.Copy(key)

	memory := &memorySink{}
	_, err := run.Run(ctx, p, source, memory, run.Options{Key: key})
	if failed != "" {
		if diag.CodeOf(err) != plan.CodeOutside {
			rt.Fatalf("%s leads outside, and the run said: %v\n%s", failed, err, story())
		}
		return
	}
	if err != nil {
		rt.Fatalf("run: %v\n%s", err, story())
	}
	compare(rt, "run", want, memory.tables, story)

	to := filepath.Join(dir, "run.db")
	if _, err := run.Run(ctx, p, source, run.NewDatabase("sqlite:"+to), run.Options{Key: key}); err != nil {
		rt.Fatalf("into a database: %v\n%s", err, story())
	}
	compare(rt, "database", want, contents(rt, to, p), story)
	verifyAgain(rt, ctx, p, to, source, c, key, story)
	script(rt, dir, p, want, story)
}

func verifyAgain(rt *rapid.T, ctx context.Context, p *plan.Plan, to string, source *run.Source, c *oracle.Case, key *mask.Key, story func() string) {
	copied, err := run.Open(ctx, "sqlite:"+to)
	if err != nil {
		rt.Fatal(err)
	}
	defer copied.Close()
	v, err := run.VerifyDatabase(ctx, p.Schema().Map, p.Request, copied, run.VerifyOptions{Source: source, Key: key})
	if err == nil {
		err = v.Err()
	}
	if err != nil {
		rt.Fatalf("verify: %v\n%s", err, story())
	}
}

// script runs the plan's SQL in the sqlite3 shell, which reads the key of testKey from a file.
func script(rt *rapid.T, dir string, p *plan.Plan, want map[string][][]value.Value, story func() string) {
	var text strings.Builder
	if err := p.WriteScript(&text, ""); err != nil {
		rt.Fatal(err)
	}
	key := hex.EncodeToString([]byte("a masking key for tests, 32 bytes and more")) + "\n"
	if err := os.WriteFile(filepath.Join(dir, "mask.key"), []byte(key), 0o600); err != nil {
		rt.Fatal(err)
	}
	if !hasShell() {
		return
	}
	shell := exec.Command("sqlite3", "journal.db")
	shell.Dir = dir
	shell.Stdin = strings.NewReader(text.String())
	if out, err := shell.CombinedOutput(); err != nil {
		rt.Fatalf("sqlite3: %v: %s\n%s", err, out, story())
	}
	compare(rt, "script", want, contents(rt, filepath.Join(dir, "copy.db"), p), story)
}

// compare compares tables as bags of rows.
func compare(rt *rapid.T, what string, want, got map[string][][]value.Value, story func() string) {
	if diff := cmp.Diff(printable(want), printable(got)); diff != "" {
		rt.Fatalf("%s (-oracle +%s):\n%s\n%s", what, what, diff, story())
	}
}

func printable(tables map[string][][]value.Value) map[string][]string {
	all := map[string][]string{}
	for name, rows := range tables {
		lines := []string{}
		for _, row := range rows {
			var cells []string
			for _, v := range row {
				switch v.Form() {
				case value.Null:
					cells = append(cells, "NULL")
				case value.Int:
					cells = append(cells, fmt.Sprint(v.Int()))
				default:
					cells = append(cells, fmt.Sprintf("%q", v.Text()))
				}
			}
			lines = append(lines, strings.Join(cells, "|"))
		}
		slices.Sort(lines)
		all[name] = lines
	}
	return all
}

// contents reads a copy with another driver's eyes.
func contents(rt *rapid.T, path string, p *plan.Plan) map[string][][]value.Value {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		rt.Fatal(err)
	}
	defer db.Close()
	all := map[string][][]value.Value{}
	for _, t := range p.Tables {
		var columns []string
		for _, c := range t.Columns {
			columns = append(columns, p.Dialect().Quote(c.Name))
		}
		rows, err := db.Query("SELECT " + strings.Join(columns, ", ") + " FROM " + p.Dialect().Quote(t.Name.Table))
		if err != nil {
			rt.Fatal(err)
		}
		found := [][]value.Value{}
		for rows.Next() {
			cells, places := make([]any, len(columns)), make([]any, len(columns))
			for i := range cells {
				places[i] = &cells[i]
			}
			if err := rows.Scan(places...); err != nil {
				rt.Fatal(err)
			}
			row := make([]value.Value, len(cells))
			for i, cell := range cells {
				switch cell := cell.(type) {
				case nil:
				case int64:
					row[i] = value.NewInt(cell)
				case string:
					row[i] = value.NewText(cell)
				default:
					rt.Fatalf("a cell of type %T", cell)
				}
			}
			found = append(found, row)
		}
		if err := rows.Err(); err != nil {
			rt.Fatal(err)
		}
		all[t.Name.String()] = found
	}
	return all
}

// memorySink keeps what it is given.
type memorySink struct{ tables map[string][][]value.Value }

func (s *memorySink) Begin(context.Context, *plan.Plan, *run.Report) error {
	s.tables = map[string][][]value.Value{}
	return nil
}

func (s *memorySink) Table(_ context.Context, t *plan.Table) (run.RowWriter, error) {
	s.tables[t.Name.String()] = [][]value.Value{}
	return &memoryTable{s, t.Name.String()}, nil
}

func (s *memorySink) Finish(context.Context, *run.Report) error { return nil }
func (s *memorySink) Abort() error                              { return nil }

type memoryTable struct {
	sink *memorySink
	name string
}

func (t *memoryTable) Write(row []value.Value) error {
	t.sink.tables[t.name] = append(t.sink.tables[t.name], slices.Clone(row))
	return nil
}

func (t *memoryTable) Close() error { return nil }
