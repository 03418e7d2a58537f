package postgres_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/plan"
)

// psql runs a plan's script, with a masking key at hand, and returns what it said and whether it succeeded.
func psql(t testing.TB, p *plan.Plan, from, to, key string) (string, error) {
	t.Helper()
	path, err := exec.LookPath("psql")
	if err != nil {
		t.Skip("psql is not installed")
	}
	var script bytes.Buffer
	if err := p.WriteScript(&script, ""); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "plan.sql"), script.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if key != "" {
		if err := os.WriteFile(filepath.Join(folder, "mask.key"), []byte(key), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(path, "-X", "-d", from, "-f", "plan.sql")
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "UTDRAG_TARGET="+to)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

const hexKey = " 3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b3a5b\r\n"

// The script makes the rows that a run makes, hashes included, and stops where the target isn't empty.
func TestScript(t *testing.T) {
	s := pgtest.Server(t)
	url := s.Database(t)
	s.Exec(t, url, journal)
	p, source := planned(t, url, journalMap, filter.Request{Provider: "SE1"})
	byRun, _ := extracted(t, p, source, 1)
	to := s.Database(t)
	out, err := psql(t, p, url, to, hexKey)
	if err != nil {
		t.Fatalf("%v\n%.3000s", err, out)
	}
	same(t, "the script", tables(t, byRun), tables(t, to))
	if !strings.Contains(out, "care.unit") || strings.Contains(out, "3a5b") {
		t.Errorf("the script says %s", out)
	}
	foreign := "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' ORDER BY 1, 2"
	if got, want := fmt.Sprint(s.Query(t, to, foreign)), fmt.Sprint(s.Query(t, byRun, foreign)); got != want {
		t.Errorf("foreign keys are %s, not %s", got, want)
	}
	if out, err := psql(t, p, url, to, hexKey); err == nil || !strings.Contains(out, "not empty") {
		t.Errorf("a second run says %v, %s", err, out)
	}
	// Without the key, and with another provider's, nothing is copied.
	empty := s.Database(t)
	if out, err := psql(t, p, url, empty, ""); err == nil || !strings.Contains(out, "mask.key") {
		t.Errorf("without a key: %v, %s", err, out)
	}
	if got := s.Query(t, empty, "SELECT count(*) FROM provider"); got[0][0] != "0" {
		t.Error("rows were copied without a key")
	}
	if out, err := psql(t, p, url, s.Database(t), strings.Repeat("ab", 32)); err == nil || !strings.Contains(out, "no masking key") {
		t.Errorf("with a bad key: %v, %s", err, out)
	}
}

// Names with everything but a line break, and a target that refuses rows.
func TestScriptNames(t *testing.T) {
	s := pgtest.Server(t)
	url := s.Database(t)
	s.Exec(t, url, `CREATE SCHEMA "Vård ""x"""; CREATE TABLE "Vård ""x"""."it's $1 `+"`"+`a :b \c %d" ("å'""$x" text PRIMARY KEY, ":y" uuid, CHECK (":y" IS NULL OR "å'""$x" ~ '^\w+$'));
		INSERT INTO "Vård ""x"""."it's $1 `+"`"+`a :b \c %d" VALUES ('SE1', md5('a')::uuid), ('SE2', NULL)`)
	mapText := `version = 1
provider {
  table = "[Vård \"x\"].[it's $1 ` + "`" + `a :b \\c %d]"
  key   = "å'\"$x"
}
table "[Vård \"x\"].[it's $1 ` + "`" + `a :b \\c %d]" {
  column ":y" { mask = hash("y") }
}
`
	p, source := planned(t, url, mapText, filter.Request{Provider: "SE1"})
	byRun, _ := extracted(t, p, source, 1)
	to := s.Database(t)
	out, err := psql(t, p, url, to, hexKey)
	if err != nil {
		t.Fatalf("%v\n%.3000s", err, out)
	}
	query := `SELECT r::text FROM "Vård ""x"""."it's $1 ` + "`" + `a :b \c %d" r`
	got, want := fmt.Sprint(s.Query(t, to, query)), fmt.Sprint(s.Query(t, byRun, query))
	if got != want || !strings.Contains(got, "SE1") || strings.Contains(got, "SE2") {
		t.Errorf("the script gives %s, the run %s", got, want)
	}
}
