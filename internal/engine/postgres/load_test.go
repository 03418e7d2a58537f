package postgres

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/mask/value"
)

// definition is what a copy of everything is made of.
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

// Somebody gives up while rows are being loaded.
func TestLoadCanceled(t *testing.T) {
	s := opened(t, "CREATE TABLE t (id int PRIMARY KEY, a text)")
	url := database(t)
	made, err := CreateURL(ctx, url, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := made.Create(ctx, definition(t, s)); err != nil {
		t.Fatal(err)
	}
	canceled, stop := context.WithCancel(ctx)
	defer stop()
	loader, err := made.Load(canceled, catalog.Name{Schema: "public", Table: "t"}, []string{"id", "a"})
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; err == nil; i++ {
		if i == 10000 {
			stop()
		}
		err = loader.Write([]value.Value{value.NewInt(int64(i)), value.NewText(strings.Repeat("a", 1000))})
	}
	if code(t, err) != codeCanceled {
		t.Error(err)
	}
	loader.Close()
	if err := made.Abort(); err != nil {
		t.Error(err)
	}
	if got := left(t, url); got != "[[0 0 0]]" {
		t.Errorf("it left %s", got)
	}
}

// Several tables are loaded at a time, and a table of which the server computes everything.
func TestLoaders(t *testing.T) {
	s := opened(t, "CREATE TABLE a (x int PRIMARY KEY)", "CREATE TABLE b (y text)", "CREATE TABLE c (z int GENERATED ALWAYS AS (7) STORED)")
	url := database(t)
	made, err := CreateURL(ctx, url, "")
	if err != nil {
		t.Fatal(err)
	}
	defer made.Abort()
	if err := made.Create(ctx, definition(t, s)); err != nil {
		t.Fatal(err)
	}
	if n := made.(engine.Concurrent).Loaders(); n < 2 {
		t.Errorf("there are %d loaders at a time", n)
	}
	open := func(table string, columns ...string) engine.Loader {
		l, err := made.Load(ctx, catalog.Name{Schema: "public", Table: table}, columns)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	a, b, c := open("a", "x"), open("b", "y"), open("c")
	for i := range 5000 {
		for _, err := range []error{a.Write([]value.Value{value.NewInt(int64(i))}), b.Write([]value.Value{value.NewText("é\\t")}), c.Write(nil)} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := made.Index(ctx); err == nil {
		t.Error("a target is indexed while it is loaded")
	}
	for _, l := range []engine.Loader{a, b, c, a} {
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Write([]value.Value{value.NewInt(1)}); err == nil {
		t.Error("a closed loader takes a row")
	}
	for _, name := range []string{"nothing", "c"} {
		if _, err := made.Load(ctx, catalog.Name{Schema: "public", Table: name}, []string{"z"}); err == nil {
			t.Errorf("column z of %s is loaded", name)
		}
	}
	if _, err := made.Verify(ctx, nil); err == nil {
		t.Error("a target is verified before it is indexed")
	}
	if err := made.Index(ctx); err != nil {
		t.Fatal(err)
	}
	reader, err := made.Verify(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := asked(t, reader.(*Snapshot), `SELECT (SELECT COUNT(*) FROM public.a) + (SELECT COUNT(*) FROM public.b WHERE y = 'é\t') + (SELECT SUM(z) FROM public.c)`); got.Int() != 45000 {
		t.Errorf("got %d", got.Int())
	}
	if err := made.Commit(ctx); err == nil {
		t.Error("a target is committed while it is verified")
	}
	reader.Close()
	if err := made.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	if err := made.Abort(); err != nil {
		t.Error(err)
	}
	if got := pgtest.Server(t).Query(t, url, "SELECT count(*), to_regclass('public.utdrag_partial') FROM public.a"); fmt.Sprint(got) != "[[5000 <null>]]" {
		t.Errorf("got %s", got)
	}
}
