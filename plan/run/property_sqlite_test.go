package run_test

import (
	"database/sql"
	"encoding/hex"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"
	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/oracle"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/run"
)

// TestOracle is for SQLite: runs, copies in a file, and scripts in the sqlite3 shell.
func TestOracle(t *testing.T) {
	if !hasShell() {
		t.Log("no sqlite3 shell here: scripts are written and not run")
	}
	dir := t.TempDir()
	holdAgainstOracle(t, oracle.SQLite, func(rt *rapid.T) laboratory {
		var err error
		l := &sqliteLaboratory{}
		if l.dir, err = os.MkdirTemp(dir, "case"); err != nil {
			rt.Fatal(err)
		}
		return l
	})
}

func hasShell() bool {
	_, err := exec.LookPath("sqlite3")
	return err == nil
}

// sqliteLaboratory is a folder for one case.
type sqliteLaboratory struct{ dir string }

func (l *sqliteLaboratory) tolerates(catalog.Difference) bool { return false }

func (l *sqliteLaboratory) close(*rapid.T) { os.RemoveAll(l.dir) }

func (l *sqliteLaboratory) source(rt *rapid.T, c *oracle.Case) *run.Source {
	return generated(rt, filepath.Join(l.dir, "journal.db"), c)
}

func (l *sqliteLaboratory) target(*rapid.T) string { return "sqlite:" + filepath.Join(l.dir, "run.db") }

// script runs a script in the sqlite3 shell, which reads the key of testKey from a file.
func (l *sqliteLaboratory) script(rt *rapid.T, p *plan.Plan, story func() string) string {
	var text strings.Builder
	if err := p.WriteScript(&text, ""); err != nil {
		rt.Fatal(err)
	}
	keyFile(rt, l.dir)
	if !hasShell() {
		return ""
	}
	shell := exec.Command("sqlite3", "journal.db")
	shell.Dir = l.dir
	shell.Stdin = strings.NewReader(text.String())
	if out, err := shell.CombinedOutput(); err != nil {
		rt.Fatalf("sqlite3: %v: %s\n%s", err, out, story())
	}
	return "sqlite:" + filepath.Join(l.dir, "copy.db")
}

// keyFile writes the key of testKey where scripts look for it.
func keyFile(rt *rapid.T, dir string) {
	if err := os.WriteFile(filepath.Join(dir, "mask.key"), []byte(hex.EncodeToString([]byte(keyText))+"\n"), 0o600); err != nil {
		rt.Fatal(err)
	}
}

// keyText is what testKey is made of.
const keyText = "a masking key for tests, 32 bytes and more"

func generated(rt *rapid.T, path string, c *oracle.Case) *run.Source {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		rt.Fatal(err)
	}
	_, err = db.Exec("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; BEGIN;" + c.Schema + c.Rows + c.After + "COMMIT;")
	if err := errors.Join(err, db.Close()); err != nil {
		rt.Fatalf("%v\n%s%s", err, c.Schema, c.Rows)
	}
	return opened(rt, "sqlite:"+path)
}

// contents reads a copy with another driver's eyes.
func (l *sqliteLaboratory) contents(rt *rapid.T, url string, p *plan.Plan) tables {
	db, err := sql.Open("sqlite", strings.TrimPrefix(url, "sqlite:"))
	if err != nil {
		rt.Fatal(err)
	}
	defer db.Close()
	all := tables{}
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
