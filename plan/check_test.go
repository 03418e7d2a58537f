package plan_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/examples/pmo"
	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/plan"
)

// scripted is a plan with its script.
type scripted struct {
	*plan.Plan
	text string
}

func script(t testing.TB, p *plan.Plan) scripted {
	t.Helper()
	var b strings.Builder
	if err := p.WriteScript(&b, ""); err != nil {
		t.Fatal(err)
	}
	return scripted{p, b.String()}
}

// scriptEngines are the engines that scripts are written for.
var scriptEngines = []string{"sqlite", "postgres", "sqlserver"}

// exampleScript is the script of the example for an engine.
func exampleScript(t testing.TB, engine string) scripted {
	t.Helper()
	text, c := example(t)
	text = strings.Replace(text, "fk_seen", "SeenById", 1) // a translated key has no name
	return script(t, build(t, text, translated(t, c, engine), exampleRequest))
}

func translated(t testing.TB, c *catalog.Catalog, engine string) *catalog.Catalog {
	t.Helper()
	if engine == c.Engine {
		return c
	}
	c, found := plan.Translate(c, engine)
	if found.Refused() {
		t.Fatal(found)
	}
	c.Database = "journal"
	return c
}

func (s scripted) check(t testing.TB, text string) *filter.Checked {
	t.Helper()
	checked, err := s.Check("plan.sql", text, "")
	if err != nil {
		t.Fatal(err)
	}
	return checked
}

// edited replaces text in a script where it stands last, which is in a copy if it is in one. It must be there.
func (s scripted) edited(t testing.TB, old, new string) string {
	t.Helper()
	at := strings.LastIndex(s.text, old)
	if at < 0 {
		t.Fatalf("the script has no %q:\n%s", old, s.text)
	}
	return s.text[:at] + new + s.text[at+len(old):]
}

// A script that nobody edited is the plan's, statement by statement.
func TestCheckUnedited(t *testing.T) {
	for _, engine := range scriptEngines {
		s := exampleScript(t, engine)
		checked := s.check(t, s.text)
		if len(checked.Found) > 0 || len(checked.Statements) < 50 || checked.Count(filter.VerdictEqual) != len(checked.Statements) {
			t.Errorf("%s: %v, %d statements, %d equal", engine, checked.Found, len(checked.Statements), checked.Count(filter.VerdictEqual))
		}
		last := 0
		for _, x := range checked.Statements {
			if x.Line < last || x.Kind == "" {
				t.Fatalf("%s: %+v after line %d", engine, x, last)
			}
			last = x.Line
		}
	}
}

// changes are what a check found other than the plan's own: verdicts, and codes with their lines.
func changes(checked *filter.Checked) string {
	var b strings.Builder
	for _, s := range checked.Statements {
		if s.Verdict != filter.VerdictEqual && s.Verdict != filter.VerdictRefused {
			fmt.Fprintf(&b, "%s %s\n", s.Verdict, s.Kind)
		}
	}
	for _, d := range checked.Found {
		fmt.Fprintf(&b, "%s\n", d.Code)
	}
	return b.String()
}

// The scripts of a whole example, with its cycles, hashes and policies, are read by the check as they are, and with a copy narrowed.
func TestCheckPmo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	if err := pmo.Generate(t.Context(), path, pmo.Options{Scale: 0.02}); err != nil {
		t.Fatal(err)
	}
	c := catalogAt(t, path)
	for _, engine := range scriptEngines {
		s := script(t, build(t, pmo.Map, translated(t, c, engine), filter.Request{Provider: pmo.Providers()[0].HsaID}))
		if checked := s.check(t, s.text); len(checked.Found) > 0 || checked.Count(filter.VerdictEqual) != len(checked.Statements) {
			t.Errorf("%s: %v", engine, checked.Found)
		}
		d := s.Dialect()
		for _, table := range s.Tables {
			for _, step := range s.Steps {
				if step.Kind != plan.StepCopy || step.Copy.Table.Name != table.Name || !strings.Contains(step.Copy.From, "WHERE") {
					continue
				}
				// Each copy, narrowed by a column that is copied as it is: masked by hashes, blanked, or not.
				for _, column := range step.Copy.Columns {
					if !column.Plain || step.Stubs || table.Source().Field(column.Name).Mask != nil {
						continue
					}
					checked := s.check(t, s.edited(t, step.Copy.From, step.Copy.From+"\n    AND t."+d.Quote(column.Name)+" IS NOT NULL"))
					if got := changes(checked); got != proven {
						t.Errorf("%s, %s: %s%v", engine, table.Name, got, checked.Found)
					}
					break
				}
			}
		}
	}
}
