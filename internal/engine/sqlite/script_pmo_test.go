package sqlite_test

import (
	"database/sql"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "modernc.org/sqlite"

	"github.com/utdrag/utdrag/examples/pmo"
	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/run"
)

// The example's map, whose hashes need the masking key, gives by a script what it gives by a run, for every provider.
func TestScriptOfPmoIsItsRun(t *testing.T) {
	if _, err := exec.LookPath("sqlite3"); err != nil {
		t.Skip("the sqlite3 shell is not installed: ", err)
	}
	const secret = "a masking key of tests, and of nothing else"
	key, err := mask.NewKey([]byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	journal := filepath.Join(t.TempDir(), "journal.db")
	if err := pmo.Generate(t.Context(), journal, pmo.Options{Scale: 0.1}); err != nil {
		t.Fatal(err)
	}
	source, err := run.Open(t.Context(), "sqlite:"+journal)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	c, err := source.Catalog(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	m, found := schemamap.Parse("pmo.hcl", []byte(pmo.Map))
	if found.Refused() {
		t.Fatal(found)
	}
	for _, provider := range pmo.Providers() {
		t.Run(provider.HsaID, func(t *testing.T) {
			p, found := plan.Build(m, c, filter.Request{Provider: provider.HsaID})
			if found.Refused() {
				t.Fatal(found)
			}
			folder := t.TempDir()
			if _, err := run.Run(t.Context(), p, source, run.NewDatabase("sqlite:"+filepath.Join(folder, "run.db")), run.Options{Key: key}); err != nil {
				t.Fatal(err)
			}
			var script strings.Builder
			if err := p.WriteScript(&script, ""); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, "mask.key"), []byte(hex.EncodeToString([]byte(secret))), 0o600); err != nil {
				t.Fatal(err)
			}
			shell := exec.Command("sqlite3", journal)
			shell.Dir, shell.Stdin = folder, strings.NewReader(script.String())
			if out, err := shell.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			for _, table := range p.Tables {
				want, got := lines(t, filepath.Join(folder, "run.db"), p, table), lines(t, filepath.Join(folder, "copy.db"), p, table)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-run +script):\n%s", table.Name, diff)
				}
			}
		})
	}
}

// lines are the rows of a table, sorted, with every cell as SQLite writes it as a literal.
func lines(t *testing.T, path string, p *plan.Plan, table plan.Table) []string {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	cells := []string{"''"}
	for _, c := range table.Columns {
		cells = append(cells, "quote("+p.Dialect().Quote(c.Name)+")")
	}
	rows, err := db.Query(fmt.Sprintf("SELECT %s FROM %s", strings.Join(cells, " || ',' || "), p.Dialect().Quote(table.Name.Table)))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	list := []string{}
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		list = append(list, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(list)
	return list
}

// A script without masks that need the key has nothing of what hashes, nor asks for a key.
func TestScriptWithoutHashNeedsNoKey(t *testing.T) {
	journal := filepath.Join(t.TempDir(), "journal.db")
	if err := pmo.Generate(t.Context(), journal, pmo.Options{Scale: 0.01}); err != nil {
		t.Fatal(err)
	}
	source, err := run.Open(t.Context(), "sqlite:"+journal)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	c, err := source.Catalog(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, hashes := range []bool{true, false} {
		text := pmo.Map
		if !hashes {
			for _, domain := range []string{"user", "person"} {
				text = strings.ReplaceAll(text, `mask = hash("`+domain+`")`, "keep = true")
			}
		}
		m, found := schemamap.Parse("pmo.hcl", []byte(text))
		if found.Refused() {
			t.Fatal(found)
		}
		p, found := plan.Build(m, c, filter.Request{Provider: pmo.Providers()[0].HsaID})
		if found.Refused() {
			t.Fatal(found)
		}
		var script strings.Builder
		if err := p.WriteScript(&script, ""); err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"mask.key", "hash_", "readfile"} {
			if strings.Contains(script.String(), word) != hashes {
				t.Errorf("hashes: %v, and %s is there: %v", hashes, word, !hashes)
			}
		}
		t.Logf("hashes: %v, %d bytes", hashes, script.Len())
	}
}
