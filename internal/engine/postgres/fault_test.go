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
	"github.com/utdrag/utdrag/internal/engine"
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

// definition is a table in a definition.
func definition(t testing.TB, s *Source) engine.Definition {
	c := described(t, s)
	return engine.Definition{DataTypes: c.DataTypes, Tables: withoutForeign(c.Tables)}
}

func TestTargetRefuses(t *testing.T) {
	server := pgtest.Server(t)
	for setup, want := range map[string]string{
		"CREATE TABLE x (a int)":    "public.x",
		"CREATE VIEW v AS SELECT 1": "public.v",
		"CREATE TABLE utdrag_partial (a int); CREATE TABLE mine (a int)":                                                                                       "public.mine",
		"CREATE TABLE utdrag_partial (kind text, schema text, name text); CREATE TABLE mine (a int); INSERT INTO utdrag_partial VALUES ('table', 'b', 'mine')": "public.mine",
	} {
		url := database(t, setup)
		_, err := CreateURL(ctx, url, "")
		if err == nil {
			t.Errorf("%s is taken", setup)
		} else if code(t, err) != codeExists || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", setup, err)
		}
		if got := server.Query(t, url, "SELECT count(*) FROM pg_class WHERE relname IN ('x', 'v', 'mine')"); got[0][0] != "1" {
			t.Errorf("%s: it was cleared away", setup)
		}
	}
	// What an extension brings is not in the way; a data type of the same name is.
	if target, err := CreateURL(ctx, database(t, "CREATE EXTENSION citext"), ""); err != nil {
		t.Error(err)
	} else if err := target.Abort(); err != nil {
		t.Error(err)
	}
	s := opened(t, "CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (x e)")
	url := database(t, "CREATE TYPE e AS ENUM ('mine')")
	target, err := CreateURL(ctx, url, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := target.Create(ctx, definition(t, s)); code(t, err) != codeExists {
		t.Error(err)
	}
	if err := target.Abort(); err != nil {
		t.Error(err)
	}
	if got := server.Query(t, url, "SELECT count(*) FROM pg_enum"); got[0][0] != "1" {
		t.Error("somebody's type was dropped")
	}
	// Two runs at once.
	url = database(t)
	first, err := CreateURL(ctx, url, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := CreateURL(ctx, url, ""); code(t, err) != codeBusy {
		t.Error(err)
	}
	if err := first.Abort(); err != nil {
		t.Error(err)
	}
	if second, err := CreateURL(ctx, url, ""); err != nil {
		t.Error(err)
	} else {
		second.Abort()
	}
}

const kindsSQL = `CREATE SCHEMA other; CREATE TYPE other.e AS ENUM ('a', 'b'); CREATE DOMAIN d AS other.e; CREATE TABLE other.p (id int PRIMARY KEY, e other.e);
	CREATE TABLE c (id serial PRIMARY KEY, p int REFERENCES other.p, d d); INSERT INTO other.p VALUES (1, 'a'); INSERT INTO c (p, d) VALUES (1, 'b')`

// half makes a target, loads some of it, and leaves it.
func half(t testing.TB, url string, s *Source) *target {
	t.Helper()
	made, err := CreateURL(ctx, url, "")
	if err != nil {
		t.Fatal(err)
	}
	d := definition(t, s)
	if err := made.Create(ctx, d); err != nil {
		t.Fatal(err)
	}
	load(t, made, snapshot(t, s), &d.Tables[1])
	open, err := made.Load(ctx, d.Tables[0].Name, []string{"id"})
	if err != nil {
		t.Fatal(err)
	}
	if err := open.Write([]value.Value{value.NewInt(7)}); err != nil {
		t.Fatal(err)
	}
	return made.(*target)
}

// left counts what is in a database beside what every database has.
func left(t testing.TB, url string) string {
	t.Helper()
	s := pgtest.Server(t)
	return fmt.Sprint(s.Query(t, url, `SELECT (SELECT count(*) FROM pg_class WHERE relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^pg_' OR nspname = 'information_schema')),
		(SELECT count(*) FROM pg_type WHERE typtype IN ('e', 'd') AND typnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^pg_' OR nspname = 'information_schema')),
		(SELECT count(*) FROM pg_namespace WHERE nspname = 'other')`))
}

// A run that gives up leaves nothing; one that is killed leaves what the next one clears away.
func TestAbort(t *testing.T) {
	server := pgtest.Server(t)
	s := opened(t, kindsSQL)
	url := database(t)
	made := half(t, url, s)
	if err := made.Abort(); err != nil {
		t.Fatal(err)
	}
	if got := left(t, url); got != "[[0 0 0]]" {
		t.Errorf("it left %s", got)
	}
	name := server.Name(t)
	made = half(t, server.URL(name), s)
	if err := made.Abort(); err != nil {
		t.Fatal(err)
	}
	if got := server.Query(t, url, "SELECT count(*) FROM pg_database WHERE datname = '"+name+"'"); got[0][0] != "0" {
		t.Error("the database is still there")
	}
	// Killed: the server ends every session, and nobody aborts.
	made = half(t, url, s)
	server.Exec(t, server.URL("postgres"), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"+made.config.Database+"'")
	if _, err := Open(ctx, url); err != nil {
		t.Fatal(err)
	}
	if _, err := source(t, url).Catalog(ctx); code(t, err) != codeExists {
		t.Errorf("half a copy is taken for a source: %v", err)
	}
	made = half(t, url, s)
	if err := made.Abort(); err != nil {
		t.Fatal(err)
	}
	if got := left(t, url); got != "[[0 0 0]]" {
		t.Errorf("a rerun left %s", got)
	}
	// The connection is lost, and Abort comes over a new one.
	made = half(t, url, s)
	server.Exec(t, server.URL("postgres"), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"+made.config.Database+"'")
	if err := made.Index(ctx); err == nil {
		t.Error("a target with an open loader is indexed")
	}
	if err := made.Abort(); err != nil {
		t.Fatal(err)
	}
	if got := left(t, url); got != "[[0 0 0]]" {
		t.Errorf("Abort over a new connection left %s", got)
	}
}

// Rows that the target refuses are not shown.
func TestLoadRefuses(t *testing.T) {
	s := opened(t, "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL REFERENCES p, v varchar(3) CHECK (v <> 'bad'), d date)")
	text := value.NewText
	for _, c := range []struct {
		rows [][]value.Value
		code string
	}{
		{[][]value.Value{{value.NewInt(1), value.NewInt(1), text("abcsecret"), {}}}, codeConstraint},
		{[][]value.Value{{value.NewInt(1), {}, {}, {}}}, codeConstraint},
		{[][]value.Value{{value.NewInt(1), value.NewInt(1), text("bad"), {}}}, codeConstraint},
		{[][]value.Value{{value.NewInt(1), value.NewInt(1), {}, text("secret")}}, codeConstraint},
		{[][]value.Value{{value.NewInt(1), value.NewInt(1), text("a\x00"), {}}}, codeConstraint},
		{[][]value.Value{{value.NewInt(1), value.NewInt(1), {}, {}}, {value.NewInt(1), value.NewInt(1), {}, {}}}, codeConstraint},
		{[][]value.Value{{value.NewInt(1), value.NewInt(88), {}, {}}}, codeForeign},
		{[][]value.Value{{value.NewInt(1)}}, codeTarget},
	} {
		made, err := CreateURL(ctx, database(t), "")
		if err != nil {
			t.Fatal(err)
		}
		if err := made.Create(ctx, definition(t, s)); err != nil {
			t.Fatal(err)
		}
		loader, err := made.Load(ctx, catalog.Name{Schema: "public", Table: "t"}, []string{"id", "n", "v", "d"})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range c.rows {
			if err == nil {
				err = loader.Write(row)
			}
		}
		if closed := loader.Close(); err == nil {
			err = closed
		}
		if err == nil {
			err = made.Index(ctx)
		}
		if got := code(t, err, "secret", "88", "bad"); got != c.code {
			t.Errorf("got %s %v", got, err)
		}
		if made.Commit(ctx) == nil {
			t.Error("it is committed all the same")
		}
		if err := made.Abort(); err != nil {
			t.Error(err)
		}
	}
}

// What a definition needs of an extension or a function must be there first.
func TestTargetLacks(t *testing.T) {
	s := opened(t, "CREATE EXTENSION citext; CREATE FUNCTION three() RETURNS int LANGUAGE sql AS 'SELECT 3'; CREATE TABLE a (x citext); CREATE TABLE b (y int DEFAULT three())")
	made, err := CreateURL(ctx, database(t, "CREATE EXTENSION citext"), "")
	if err != nil {
		t.Fatal(err)
	}
	if err := made.Create(ctx, definition(t, s)); code(t, err) != codeLacks || !strings.Contains(err.Error(), "public.three()") {
		t.Error(err)
	}
	if err := made.Abort(); err != nil {
		t.Error(err)
	}
}
