package postgres

import (
	"slices"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/mask/value"
)

// A function of the target's own may quote cells in an error whose code stands for names of objects, be it by a name that it
// puts together or by RAISE.
func TestErrorsOfFunctions(t *testing.T) {
	for name, body := range map[string]string{
		"dynamic":  `BEGIN EXECUTE 'SELECT ' || quote_ident(x); RETURN true; END`,
		"relation": `BEGIN EXECUTE 'SELECT * FROM ' || quote_ident(x); RETURN true; END`,
		"raised":   `BEGIN RAISE EXCEPTION USING ERRCODE = '42704', MESSAGE = x; END`,
		"fields":   `BEGIN RAISE EXCEPTION USING ERRCODE = '23514', TABLE = x, COLUMN = x, CONSTRAINT = x; END`,
	} {
		url := database(t, "CREATE FUNCTION f(x text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ "+body+" $$")
		target, err := CreateURL(ctx, url, "")
		if err != nil {
			t.Fatal(err)
		}
		table := catalog.Table{Name: catalog.Name{Schema: "public", Table: "t"}, Columns: []catalog.Column{{Name: "x", EngineType: "text", Type: value.Type{Kind: value.String}, Nullable: true}},
			Checks: []catalog.Check{{Name: "c", Expression: "public.f(x)", Columns: []string{"x"}}}}
		if err := target.Create(ctx, engine.Definition{Tables: []catalog.Table{table}}); err != nil {
			t.Fatal(err)
		}
		loader, err := target.Load(ctx, table.Name, []string{"x"})
		if err == nil {
			err = loader.Write([]value.Value{value.NewText("canary")})
		}
		if err == nil {
			err = loader.Close()
		}
		if err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", name, err)
		}
		if err := target.Abort(); err != nil {
			t.Error(err)
		}
	}
}

// Rows of a foreign table that is part of another are in another database: no key of that table is over them.
func TestForeignParts(t *testing.T) {
	const server = "CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;"
	for _, part := range []string{
		"CREATE TABLE t (a int PRIMARY KEY); CREATE FOREIGN TABLE p (a int NOT NULL) INHERITS (t) SERVER files OPTIONS (filename '/dev/null')",
		"CREATE TABLE t (a int) PARTITION BY RANGE (a); CREATE FOREIGN TABLE p PARTITION OF t FOR VALUES FROM (0) TO (9) SERVER files OPTIONS (filename '/dev/null')",
	} {
		_, err := opened(t, server+part).Catalog(ctx)
		if err == nil || code(t, err) != codeKind || !strings.Contains(err.Error(), "public.p") {
			t.Errorf("%s: %v", part, err)
		}
	}
}

func TestBeside(t *testing.T) {
	s := opened(t, "CREATE EXTENSION pg_stat_statements; CREATE TABLE t (a int); CREATE VIEW v AS SELECT * FROM t; CREATE MATERIALIZED VIEW m AS SELECT 1; SELECT lo_create(0)")
	names, err := s.Beside(ctx)
	if err != nil || !slices.Equal(names, []string{"large objects", "the materialized view public.m", "the view public.v"}) {
		t.Error(names, err)
	}
	if names, err := opened(t, "CREATE TABLE t (a int)").Beside(ctx); err != nil || len(names) > 0 {
		t.Error(names, err)
	}
}

// A run whose session was lost lost its lock with it. It doesn't clear away what another run has made since.
func TestAbortAfterOther(t *testing.T) {
	server := pgtest.Server(t)
	url := database(t)
	table := catalog.Table{Name: catalog.Name{Schema: "public", Table: "t"}, Columns: []catalog.Column{{Name: "x", EngineType: "text", Type: value.Type{Kind: value.String}, Nullable: true}}}
	begin := func() engine.Target {
		target, err := CreateURL(ctx, url, "")
		if err == nil {
			err = target.Create(ctx, engine.Definition{Tables: []catalog.Table{table}})
		}
		if err != nil {
			t.Fatal(err)
		}
		return target
	}
	first := begin()
	server.Exec(t, url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
	second := begin()
	if err := first.Abort(); err == nil {
		t.Error("it cleared away what another run is making")
	}
	if err := second.Index(ctx); err != nil {
		t.Fatal(err)
	}
	if err := second.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	third := server.Database(t)
	url = third
	lost := begin()
	server.Exec(t, url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
	final := begin()
	if err := final.Index(ctx); err != nil {
		t.Fatal(err)
	}
	if err := final.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	if err := lost.Abort(); err != nil {
		t.Error(err)
	}
	if got := server.Query(t, url, "SELECT count(*) FROM pg_class WHERE relname = 't'"); got[0][0] != "1" {
		t.Error("a finished copy was cleared away")
	}
}
