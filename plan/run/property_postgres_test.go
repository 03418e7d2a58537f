package run_test

import (
	"context"
	"encoding/hex"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/internal/oracle"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/run"
)

// TestOraclePostgres is for PostgreSQL: runs, copies in a database, and scripts in psql.
func TestOraclePostgres(t *testing.T) {
	server := pgtest.Server(t)
	fewerCases(t, 20)
	_, err := exec.LookPath("psql")
	if err != nil {
		t.Log("no psql here: scripts are written and not run")
	}
	l := &postgresLaboratory{t: t, dir: t.TempDir(), server: server, psql: err == nil,
		journal: server.Database(t), copied: server.Database(t), written: server.Database(t)}
	holdAgainstOracle(t, oracle.Postgres, func(rt *rapid.T) laboratory { return l })
}

// postgresLaboratory are databases that are cleared before each case: making them takes longer than a case does.
type postgresLaboratory struct {
	t                        *testing.T
	dir                      string
	server                   *pgtest.Cluster
	psql                     bool
	journal, copied, written string
}

func (l *postgresLaboratory) tolerates(catalog.Difference) bool { return false }

func (l *postgresLaboratory) close(*rapid.T) {}

func (l *postgresLaboratory) source(rt *rapid.T, c *oracle.Case) *run.Source {
	l.clear(rt, l.journal)
	schemas := ""
	for _, name := range c.Schemas {
		schemas += "CREATE SCHEMA " + postgresQuoted(name) + ";\n"
	}
	l.exec(rt, l.journal, schemas+c.Schema+c.Rows+c.After)
	return opened(rt, l.journal)
}

// target is the database that is there and empty, or one that the run has to make.
func (l *postgresLaboratory) target(rt *rapid.T) string {
	if rapid.IntRange(0, 9).Draw(rt, "new database") == 9 {
		return l.server.URL(l.server.Name(l.t))
	}
	l.clear(rt, l.copied)
	return l.copied
}

// script runs a script in psql, which reads the key of testKey from a file.
func (l *postgresLaboratory) script(rt *rapid.T, p *plan.Plan, story func() string) string {
	var text strings.Builder
	if err := p.WriteScript(&text, ""); err != nil {
		rt.Fatalf("%v\n%s", err, story())
	}
	keyFile(rt, l.dir)
	if !l.psql {
		return ""
	}
	l.clear(rt, l.written)
	shell := exec.Command("psql", "-X", "-d", l.journal)
	shell.Dir = l.dir
	shell.Env = append(os.Environ(), "UTDRAG_TARGET="+l.written)
	shell.Stdin = strings.NewReader(text.String())
	if out, err := shell.CombinedOutput(); err != nil {
		rt.Fatalf("psql: %v: %s\n%s", err, out, story())
	}
	return l.written
}

func postgresQuoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// clear drops everything that somebody made in a database.
func (l *postgresLaboratory) clear(rt *rapid.T, url string) {
	l.exec(rt, url, `SET client_min_messages = error;
DO $$ DECLARE s name; BEGIN
  FOR s IN SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema' LOOP
    EXECUTE format('DROP SCHEMA %I CASCADE', s);
  END LOOP;
END $$;
CREATE SCHEMA public;`)
}

// exec runs statements and returns the rows of the last one.
func (l *postgresLaboratory) exec(rt *rapid.T, url, statements string) [][][]byte {
	ctx := context.Background()
	conn, err := pgconn.Connect(ctx, url)
	if err != nil {
		rt.Fatal(err)
	}
	defer conn.Close(ctx)
	results, err := conn.Exec(ctx, statements).ReadAll()
	if err != nil {
		rt.Fatalf("%v\n%s", err, statements)
	}
	return results[len(results)-1].Rows
}

// contents asks for every cell as the server's own text.
func (l *postgresLaboratory) contents(rt *rapid.T, url string, p *plan.Plan) tables {
	all := tables{}
	for _, t := range p.Tables {
		var columns []string
		for _, c := range t.Columns {
			columns = append(columns, postgresQuoted(c.Name)+"::text")
		}
		found := [][]value.Value{}
		for _, cells := range l.exec(rt, url, "SET timezone = 'UTC'; SET bytea_output = hex; SELECT "+strings.Join(columns, ", ")+
			" FROM "+postgresQuoted(t.Name.Schema)+"."+postgresQuoted(t.Name.Table)) {
			row := make([]value.Value, len(cells))
			for i, cell := range cells {
				if cell != nil {
					row[i] = postgresCell(rt, t.Columns[i].Type.Kind, string(cell))
				}
			}
			found = append(found, row)
		}
		all[t.Name.String()] = found
	}
	return all
}

// postgresCell is a cell by the server's text for it.
func postgresCell(rt *rapid.T, kind value.Kind, text string) value.Value {
	switch kind {
	case value.Boolean:
		return value.NewBool(text == "true")
	case value.Integer:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			rt.Fatal(err)
		}
		return value.NewInt(n)
	case value.Real:
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			rt.Fatal(err)
		}
		return value.NewFloat(f)
	case value.Number:
		return value.NewDecimal(text)
	case value.String, value.UUID, value.JSON, value.Native:
		return value.NewText(text)
	case value.Date, value.TimeOfDay:
		return value.NewTime(text)
	case value.Timestamp:
		return value.NewTime(strings.Replace(text, " ", "T", 1))
	case value.TimestampTZ:
		return value.NewTime(strings.Replace(text, " ", "T", 1) + ":00")
	case value.Binary:
		content, err := hex.DecodeString(strings.TrimPrefix(text, `\x`))
		if err != nil {
			rt.Fatal(err)
		}
		return value.NewBytes(content)
	}
	rt.Fatalf("a cell of kind %s", kind)
	return value.Value{}
}
