package run_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	mssql "github.com/microsoft/go-mssqldb"
	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/oracle"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/run"
)

// The environment names a SQL Server for tests by its URL, with a login that may make databases, and what their names
// begin with.
const (
	sqlServerVariable = "UTDRAG_TEST_SQLSERVER"
	sqlServerPrefix   = "UTDRAG_TEST_PREFIX"
)

// TestOracleSQLServer is for SQL Server: runs, copies in a database, and scripts batch by batch. Babelfish can stand in.
func TestOracleSQLServer(t *testing.T) {
	dsn := os.Getenv(sqlServerVariable)
	if dsn == "" {
		t.Skip(sqlServerVariable + " names no SQL Server to test against")
	}
	server, err := url.Parse(dsn)
	if err != nil {
		t.Fatal("the URL of the SQL Server to test against is none")
	}
	db, err := sql.Open("sqlserver", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var version string
	if err := db.QueryRow("SELECT @@VERSION").Scan(&version); err != nil {
		t.Fatal(err)
	}
	flavour, cases := oracle.SQLServer, 20
	if strings.Contains(version, "Babelfish") {
		t.Log("Babelfish stands in for SQL Server")
		flavour, cases = oracle.Babelfish, 5
	}
	fewerCases(t, cases)
	holdAgainstOracle(t, flavour, func(rt *rapid.T) laboratory {
		return &sqlServerLaboratory{server: server, master: db, standIn: flavour == oracle.Babelfish}
	})
}

// sqlServerLaboratory are databases that are made for one case and dropped after it.
type sqlServerLaboratory struct {
	server *url.URL
	master *sql.DB
	made   []string
	// standIn is set where Babelfish answers.
	standIn bool
}

func sqlServerQuoted(name string) string { return "[" + strings.ReplaceAll(name, "]", "]]") + "]" }

// tolerates that Babelfish gives indexes names of its own.
func (l *sqlServerLaboratory) tolerates(d catalog.Difference) bool {
	return l.standIn && strings.HasPrefix(d.Part, "index ")
}

// name is a name for a database that is dropped after the case, if it is there.
func (l *sqlServerLaboratory) name() string {
	prefix := os.Getenv(sqlServerPrefix)
	if prefix == "" {
		prefix = "utdrag_test_"
	}
	name := prefix + strings.ToLower(rand.Text()[:12])
	l.made = append(l.made, name)
	return name
}

// url is the URL of a database.
func (l *sqlServerLaboratory) url(database string) string {
	u := *l.server
	query := u.Query()
	query.Set("database", database)
	u.RawQuery = query.Encode()
	return u.String()
}

func (l *sqlServerLaboratory) close(rt *rapid.T) {
	for _, name := range l.made {
		if _, err := l.master.Exec("IF DB_ID(N'" + name + "') IS NOT NULL DROP DATABASE " + sqlServerQuoted(name)); err != nil {
			rt.Errorf("the database of a case can't be dropped: %v", err)
		}
	}
}

func (l *sqlServerLaboratory) database(rt *rapid.T, statements ...string) string {
	name := l.name()
	if _, err := l.master.Exec("CREATE DATABASE " + sqlServerQuoted(name)); err != nil {
		rt.Fatal(err)
	}
	l.exec(rt, l.url(name), statements...)
	return l.url(name)
}

func (l *sqlServerLaboratory) exec(rt *rapid.T, url string, batches ...string) {
	if err := l.try(url, batches...); err != nil {
		rt.Fatalf("%v\n%s", err, strings.Join(batches, "\n"))
	}
}

// try runs batches over one connection, up to the first that fails.
func (l *sqlServerLaboratory) try(url string, batches ...string) error {
	db, err := sql.Open("sqlserver", url)
	if err != nil {
		return err
	}
	defer db.Close()
	conn, err := db.Conn(context.Background())
	if err != nil {
		return err
	}
	defer conn.Close()
	for _, batch := range batches {
		if _, err := conn.ExecContext(context.Background(), batch); err != nil {
			return err
		}
	}
	return nil
}

func (l *sqlServerLaboratory) source(rt *rapid.T, c *oracle.Case) *run.Source {
	var batches []string
	for _, name := range c.Schemas {
		batches = append(batches, "CREATE SCHEMA "+sqlServerQuoted(name))
	}
	return opened(rt, l.database(rt, append(batches, "SET XACT_ABORT ON;\n"+c.Schema+c.Rows+c.After)...))
}

// target is a database that is there and empty, or one that the run has to make.
func (l *sqlServerLaboratory) target(rt *rapid.T) string {
	if rapid.Bool().Draw(rt, "new database") {
		return l.url(l.name())
	}
	return l.database(rt)
}

// separator is a line that ends a batch, for every client of SQL Server.
var separator = regexp.MustCompile(`(?mi)^[ \t]*GO[ \t]*\r?$`)

// supplementary is a collation that counts code points. Babelfish has none, and counts code points under any.
var supplementary = regexp.MustCompile(` COLLATE Latin1_General_100_[A-Z0-9_]*_SC\b`)

// script runs a script as sqlcmd does, batch by batch, with the key of testKey in the session.
func (l *sqlServerLaboratory) script(rt *rapid.T, p *plan.Plan, story func() string) string {
	name := l.name()
	var text strings.Builder
	if err := p.WriteScript(&text, name); err != nil {
		rt.Fatalf("%v\n%s", err, story())
	}
	batches := text.String()
	if l.standIn && p.NeedsKey() {
		return "" // Babelfish converts hexadecimal text in another way, by which the script's hashes are made
	}
	if l.standIn {
		batches = supplementary.ReplaceAllString(batches, "")
	}
	key := fmt.Sprintf("EXEC sys.sp_set_session_context N'utdrag.mask_key', 0x%x", keyText)
	err := l.try(l.server.String(), append([]string{key}, separator.Split(batches, -1)...)...)
	if err != nil && strings.Contains(err.Error(), "whose case only utdrag extract folds") {
		return "" // a hash of a text whose collation ignores case: SQL Server's own rules for case are not Unicode's
	}
	if err != nil {
		rt.Fatalf("the script: %v\n%s", err, story())
	}
	return l.url(name)
}

// contents reads a copy as the driver gives it.
func (l *sqlServerLaboratory) contents(rt *rapid.T, url string, p *plan.Plan) tables {
	db, err := sql.Open("sqlserver", url)
	if err != nil {
		rt.Fatal(err)
	}
	defer db.Close()
	all := tables{}
	for _, t := range p.Tables {
		var columns []string
		for _, c := range t.Columns {
			columns = append(columns, sqlServerQuoted(c.Name))
		}
		rows, err := db.Query("SELECT " + strings.Join(columns, ", ") + " FROM " + sqlServerQuoted(t.Name.Schema) + "." + sqlServerQuoted(t.Name.Table))
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
				row[i] = sqlServerCell(rt, t.Columns[i].Type.Kind, cell)
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

// timeLayouts print a time as cells have it: without zeros at the end.
var timeLayouts = map[value.Kind]string{
	value.Date:        "2006-01-02",
	value.TimeOfDay:   "15:04:05.999999999",
	value.Timestamp:   "2006-01-02T15:04:05.999999999",
	value.TimestampTZ: "2006-01-02T15:04:05.999999999-07:00",
}

// sqlServerCell is a cell by what the driver gives for a column of that kind.
func sqlServerCell(rt *rapid.T, kind value.Kind, cell any) value.Value {
	switch cell := cell.(type) {
	case nil:
		return value.Value{}
	case bool:
		return value.NewBool(cell)
	case int64:
		return value.NewInt(cell)
	case float64:
		return value.NewFloat(cell)
	case string:
		return value.NewText(cell)
	case time.Time:
		if layout := timeLayouts[kind]; layout != "" {
			return value.NewTime(cell.Format(layout))
		}
	case []byte:
		switch kind {
		case value.Number:
			return value.NewDecimal(string(cell))
		case value.Binary:
			return value.NewBytes(cell)
		case value.UUID:
			var id mssql.UniqueIdentifier
			if err := id.Scan(cell); err != nil {
				rt.Fatal(err)
			}
			return value.NewText(strings.ToLower(id.String()))
		}
	}
	rt.Fatalf("a cell of kind %s is a %T", kind, cell)
	return value.Value{}
}
