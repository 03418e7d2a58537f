package filter_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"modernc.org/sqlite"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/plan/run"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// The allowed function of the map, which the SQLite database must have. It is the program's, and not the database's own.
var ageYears = sync.OnceValue(func() error {
	return sqlite.RegisterDeterministicScalarFunction("age_years", 1, func(*sqlite.FunctionContext, []driver.Value) (driver.Value, error) {
		return int64(42), nil
	})
})

// journalDatabase makes the database of a dialect's fixtures and returns its URL, or "" where no engine is at hand. more are files
// of SQL that change its rows.
func journalDatabase(t *testing.T, dialect string, more ...string) string {
	t.Helper()
	switch dialect {
	case "sqlite":
		if err := ageYears(); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "journal.db")
		fillJournal(t, "sqlite", path, more)
		return "sqlite:" + path
	case "postgres":
		if !pgtest.Installed() {
			return ""
		}
		url := pgtest.Server(t).Database(t)
		fillJournal(t, "postgres", url, more)
		return url
	}
	return ""
}

// fillJournal makes the tables of a journal and their rows.
func fillJournal(t *testing.T, dialect, at string, more []string) {
	t.Helper()
	var exec func(text string) error
	if dialect == "postgres" {
		conn, err := pgx.Connect(context.Background(), at)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(context.Background())
		exec = func(text string) error {
			_, err := conn.PgConn().Exec(context.Background(), text).ReadAll()
			return err
		}
	} else {
		db, err := sql.Open("sqlite", at)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		exec = func(text string) error { _, err := db.Exec(text); return err }
	}
	for _, name := range append([]string{filepath.Join(dialect, "schema.sql"), "rows.sql"}, more...) {
		text, err := os.ReadFile(filepath.Join(fixtures, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := exec(string(text)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

// journalDoor opens a journal as an embedding program does.
func journalDoor(t *testing.T, url string, f *filter.Filter) *sql.DB {
	t.Helper()
	var connector driver.Connector
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		var err error
		if connector, err = sqlite.NewConnector("file:" + path + "?mode=ro"); err != nil {
			t.Fatal(err)
		}
	} else {
		config, err := pgx.ParseConfig(url)
		if err != nil {
			t.Fatal(err)
		}
		connector = pgxConnector{config}
	}
	db := filter.OpenDB(connector, f)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// journalAnswer runs a query through a filter, its parameters given the number 1, and returns the rows as text, a line each.
func journalAnswer(t *testing.T, url string, f *filter.Filter, query string) ([]string, error) {
	t.Helper()
	q, err := f.Rewrite(query)
	if err != nil {
		return nil, err
	}
	var args []any
	given := map[string]bool{}
	for _, p := range q.Theirs {
		switch {
		case p.Name != "" && !given[p.Name]:
			args = append(args, sql.Named(p.Name, 1))
			given[p.Name] = true
		case p.Name == "":
			for p.Number > len(args) {
				args = append(args, 1)
			}
		}
	}
	found, err := journalDoor(t, url, f).Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	names, err := found.Columns()
	if err != nil {
		return nil, err
	}
	var lines []string
	for found.Next() {
		cells, targets := make([]any, len(names)), make([]any, len(names))
		for i := range cells {
			targets[i] = &cells[i]
		}
		if err := found.Scan(targets...); err != nil {
			return nil, err
		}
		lines = append(lines, fmt.Sprint(cells...))
	}
	return lines, found.Err()
}

// journalAsked runs a query through a filter as the command line does, which takes no parameters.
func journalAsked(url string, f *filter.Filter, query string) error {
	ctx := context.Background()
	q, err := f.Rewrite(query)
	if err != nil || len(q.Theirs) > 0 {
		return err
	}
	source, err := run.Open(ctx, url)
	if err != nil {
		return err
	}
	defer source.Close()
	rows, err := run.Query(ctx, source, f, q)
	if err != nil {
		return err
	}
	defer rows.Close()
	for {
		if row, err := rows.Next(); row == nil || err != nil {
			return err
		}
	}
}
