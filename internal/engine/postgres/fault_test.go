package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/mask/value"
)

func TestOpenRefuses(t *testing.T) {
	s := pgtest.Server(t)
	for _, c := range []struct{ url, code string }{
		{"sqlite:x", codeURL},
		{"postgres://u:secret@host:badport/x", codeURL},
		{"postgres://u:secret@host/x?sslmode=wrong", codeURL},
		{"postgres://u:secret@/x?host=/nowhere", codeOpen},
		{s.URL("secret-database"), codeMissing},
		{s.URLAs(pgtest.PasswordRole, "secret", "postgres"), codeOpen},
		{s.URLAs("secret-role", "", "postgres"), codeOpen},
	} {
		_, err := Open(ctx, c.url)
		if err == nil {
			t.Errorf("%s opens", c.url)
		} else if got := code(t, err, "secret"); got != c.code {
			t.Errorf("%s: got %s %v", c.url, got, err)
		}
	}
	source, err := Open(ctx, strings.Replace(s.URLAs(pgtest.PasswordRole, pgtest.Password, "postgres"), "postgres://", "PostgreSQL://", 1))
	if err != nil {
		t.Fatal(err)
	}
	source.Close()
	if _, err := source.Catalog(ctx); code(t, err) != codeEnded {
		t.Error(err)
	}
}

// Other machines are reached encrypted and by name, unless the URL says otherwise.
func TestTLS(t *testing.T) {
	t.Setenv("PGSSLMODE", "")
	for url, want := range map[string]string{
		"postgres://u@db.example.org/x":                            "verified",
		"postgres://u@10.0.0.1/x":                                  "verified",
		"postgres://u@localhost,db.example.org/x":                  "verified",
		"postgres://u@db.example.org/x?sslmode=require":            "unverified",
		"postgres://u@db.example.org/x?sslmode=disable":            "clear",
		"postgres://u@localhost/x":                                 "unverified",
		"postgres://u@127.0.0.1/x?sslmode=disable":                 "clear",
		"postgres:///x?host=/var/run/postgresql&sslmode=require":   "clear",
		"postgresql://u@db.example.org/x?sslmode=verify-full":      "verified",
		"postgres:///x?host=db.example.org&user=u&sslmode=disable": "clear",
	} {
		config, err := configure(url)
		if err != nil {
			t.Fatal(err)
		}
		got := "clear"
		switch c := config.TLSConfig; {
		case c != nil && !c.InsecureSkipVerify:
			got = "verified"
		case c != nil:
			got = "unverified"
		}
		for _, f := range config.Fallbacks {
			if want == "verified" && (f.TLSConfig == nil || f.TLSConfig.InsecureSkipVerify) {
				got += ", with a fallback"
			}
		}
		if got != want {
			t.Errorf("%s is %s, not %s", url, got, want)
		}
	}
}

func TestServerRefused(t *testing.T) {
	s := pgtest.Server(t)
	name := s.Name(t)
	s.Exec(t, s.URL("postgres"), "CREATE DATABASE "+name+" ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
	if _, err := Open(ctx, s.URL(name)); err == nil || code(t, err) != codeServer || !strings.Contains(err.Error(), "LATIN1") {
		t.Error(err)
	}
}

const secretRows = "CREATE TABLE t (id int PRIMARY KEY, a text); INSERT INTO t SELECT i, 'secret ' || i FROM generate_series(1, 200000) i"

// table is the only table of a source.
func table(t testing.TB, s *Source) *catalog.Table { return &described(t, s).Tables[0] }

func TestPermission(t *testing.T) {
	server := pgtest.Server(t)
	url := database(t, secretRows+"; CREATE TABLE u (id int PRIMARY KEY); ALTER TABLE u ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON u USING (id > 5); GRANT SELECT ON u TO reader")
	s := source(t, server.URLAs(pgtest.Reader, "", source(t, url).config.Database))
	tables := described(t, s).Tables
	snap := snapshot(t, s)
	rows, err := snap.Read(ctx, plain(&tables[0]))
	if err == nil {
		rows.Next(make([]value.Value, 2))
		err = rows.Err()
		rows.Close()
	}
	if code(t, err) != codePermission || !strings.Contains(err.Error(), "permission denied for table t") {
		t.Error(err)
	}
	snap = snapshot(t, s)
	rows, err = snap.Read(ctx, plain(&tables[1]))
	if err == nil {
		rows.Next(make([]value.Value, 1))
		err = rows.Err()
		rows.Close()
	}
	if code(t, err) != codeRowSecurity || !strings.Contains(err.Error(), `"u"`) {
		t.Error(err)
	}
}

// The server ends the session in the middle of a table.
func TestTerminated(t *testing.T) {
	server := pgtest.Server(t)
	s := opened(t, secretRows)
	snap := snapshot(t, s)
	rows, err := snap.Read(ctx, plain(table(t, s)))
	if err != nil {
		t.Fatal(err)
	}
	row := make([]value.Value, 2)
	if !rows.Next(row) {
		t.Fatal(rows.Err())
	}
	server.Exec(t, server.URL("postgres"), fmt.Sprintf("SELECT pg_terminate_backend(%d)", snap.conn.PID()))
	for rows.Next(row) {
	}
	if got := code(t, rows.Err(), "secret"); got != codeLost {
		t.Errorf("got %s %v", got, rows.Err())
	}
	rows.Close()
	if _, err := snap.Exec(ctx, "SELECT 1"); err == nil {
		t.Error("the session goes on")
	}
}

// A caller who gives up is not kept waiting, and the server is told.
func TestCanceled(t *testing.T) {
	server := pgtest.Server(t)
	s := opened(t, secretRows)
	snap := snapshot(t, s)
	canceled, stop := context.WithCancel(ctx)
	time.AfterFunc(100*time.Millisecond, stop)
	_, err := snap.Exec(canceled, "SELECT pg_sleep(600)")
	if code(t, err) != codeCanceled || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	waiting := "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND state = 'active' AND pid <> pg_backend_pid()"
	for deadline := time.Now().Add(20 * time.Second); server.Query(t, server.URL("postgres"), waiting)[0][0] != "0"; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the server goes on")
		}
	}
	snap = snapshot(t, s)
	canceled, stop = context.WithCancel(ctx)
	rows, err := snap.Read(canceled, plain(table(t, s)))
	if err != nil {
		t.Fatal(err)
	}
	rows.Next(make([]value.Value, 2))
	stop()
	for rows.Next(make([]value.Value, 2)) {
	}
	if err := rows.Err(); err != nil && code(t, err) != codeCanceled { // all rows may have been on their way
		t.Error(err)
	}
	rows.Close()
}

func TestLockTimeout(t *testing.T) {
	url := database(t, secretRows)
	s := source(t, url)
	snap := snapshot(t, s)
	other, err := pgconn.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close(ctx)
	if err := run(ctx, other, "BEGIN; LOCK TABLE t"); err != nil {
		t.Fatal(err)
	}
	if err := run(ctx, snap.conn, "SET lock_timeout = '50ms'"); err != nil {
		t.Fatal(err)
	}
	if _, err := snap.Query(ctx, "SELECT * FROM public.t"); code(t, err, "secret") != codeBusy {
		t.Error(err)
	}
}
