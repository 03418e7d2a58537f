package postgres

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/rewrite"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
)

func sorted(set map[string]bool) []string {
	names := make([]string, 0, len(set))
	for n := range set {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

func list(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = "'" + strings.ReplaceAll(n, "'", "''") + "'"
	}
	return "array[" + strings.Join(quoted, ", ") + "]::text[]"
}

// harmless are the volatile functions on the list: they tell the time, or are random.
var harmless = []string{"clock_timestamp", "gen_random_uuid", "random", "timeofday"}

// Every function on the list is the server's own in every form, changes nothing, and takes nothing that names a table.
func TestFunctionsAreHarmless(t *testing.T) {
	server := pgtest.Server(t)
	names := append(sorted(functions), sorted(tableFunctions)...)
	found := map[string]bool{}
	for _, row := range server.Query(t, server.URL("postgres"), `select p.proname, p.oid::regprocedure::text, p.provolatile, p.prosecdef::text, l.lanname, p.prosrc,
		coalesce((select string_agg(a::regtype::text, ',') from unnest(p.proargtypes) a where a::regtype::text like 'reg%' and a::regtype::text <> 'regconfig'
			or a::regtype::text in ('oid', 'refcursor', 'internal', 'cstring', 'tid', 'pg_snapshot', 'aclitem')), '')
		from pg_proc p join pg_language l on l.oid = p.prolang
		where p.pronamespace = 'pg_catalog'::regnamespace and p.proname = any (`+list(names)+`)`) {
		name, signature, volatile, definer, language, body, arguments := row[0], row[1], row[2], row[3], row[4], row[5], row[6]
		found[name] = true
		if volatile == "v" && !slices.Contains(harmless, name) {
			t.Errorf("%s is volatile", signature)
		}
		if definer != "false" {
			t.Errorf("%s is SECURITY DEFINER", signature)
		}
		if arguments != "" && !slices.Contains([]string{"int8(oid)", "max(oid)", "min(oid)", "max(tid)", "min(tid)"}, signature) {
			t.Errorf("%s takes %s", signature, arguments)
		}
		if language == "sql" && (strings.Contains(strings.ToLower(body), " from ") && !strings.Contains(body, "unnest")) || language != "sql" && language != "internal" && language != "c" {
			t.Errorf("%s is written in %s: %s", signature, language, body)
		}
		if code, _ := refused(name); code != "" {
			t.Errorf("%s is on the list, and refused with %s", name, code)
		}
	}
	for _, name := range names {
		if !found[name] {
			t.Errorf("the server has no function %s", name)
		}
	}
}

// What the server has and the list doesn't is refused for good, or left to the map where it only computes.
func TestDangerousFunctionsAreNotListed(t *testing.T) {
	server := pgtest.Server(t)
	for _, row := range server.Query(t, server.URL("postgres"), `select distinct proname from pg_proc
		where pronamespace = 'pg_catalog'::regnamespace and (provolatile = 'v' or prosecdef)
		and prokind = 'f' and prorettype::regtype::text not in ('trigger', 'event_trigger', 'internal')`) {
		if name := row[0]; (functions[name] || tableFunctions[name]) && !slices.Contains(harmless, name) {
			t.Errorf("%s is on the list", name)
		}
	}
}

func TestOperatorsAndTypesAreTheServersOwn(t *testing.T) {
	server := pgtest.Server(t)
	url := server.URL("postgres")
	for what, query := range map[string]string{
		"operator": `select o from unnest(` + list(sorted(operators)) + `) o where not exists (select 1 from pg_operator where oprname = o and oprnamespace = 'pg_catalog'::regnamespace)`,
		"type":     `select n from unnest(` + list(sorted(types)) + `) n where not exists (select 1 from pg_type where typname = n and typnamespace = 'pg_catalog'::regnamespace and typtype in ('b', 'r', 'm'))`,
	} {
		for _, row := range server.Query(t, url, query) {
			t.Errorf("the server has no %s %s", what, row[0])
		}
	}
	// An operator of the server's that reads the catalog would be on the list by its symbol.
	for _, row := range server.Query(t, url, `select oid::regoperator::text from pg_operator where oprname = any (`+list(sorted(operators))+`)
		and exists (select 1 from pg_proc p where p.oid = oprcode and p.provolatile = 'v')`) {
		t.Errorf("%s is volatile", row[0])
	}
}

// scopes are queries over tables a, b and c and common table expressions of the same names, each with the tables that it
// reads.
var scopes = []struct{ sql, tables string }{
	{`with a as (select 'cte' x) select x from a`, ``},
	{`with a as (select 'cte' x) select x from public.a`, `a`},
	{`with a as (select x from a) select x from a`, `a`},
	{`with a as (select 'cte' x), b as (select x from a) select x from b`, ``},
	{`with a as (select 'cte' x) select (select x from a)`, ``},
	{`with a as (select 'cte' x) select x from (select * from a) q`, ``},
	{`with a as (select 'cte' x) select x from (with b as (select x from a) select x from b) q`, ``},
	{`select x from (with a as (select 'cte' x) select x from a) q union all select x from a`, `a`},
	{`(with a as (select 'cte' x) select x from a) union all select x from a`, `a`},
	{`with a as (select 'outer' x) select x from (with a as (select x || '!' x from a) select x from a) q`, ``},
	{`with a as (select 'outer' x) select (with a as (select 'inner' x) select x from a), (select x from a) y`, ``},
	{`with a as (select 'cte' x) select x from a where exists (select 1 from b where b.x > a.x)`, `b`},
	{`with recursive a as (select 'cte' x union all select x || '!' from a where x = 'cte') select max(x) from a`, ``},
	{`with recursive b as (select 'cte' x), a as (select x from b) select x from a`, ``},
	{`with "A" as (select 'cte' x) select x from a`, `a`},
	{`with A as (select 'cte' x) select x from "a"`, ``},
	{`with a as (select 'cte' x) select x from b a`, `b`},
	{`with c as (select 'cte' x) select b.x from a c join b on true`, `a b`},
	{`with a as (select 'cte' x) select x from a order by (select count(*) from a)`, ``},
	{`(select x from b) order by (with b as (select 1 x) select x from b)`, `b`},
	{`with a as (select 'cte' x), c as (with b as (select x from a) select x from b union all select x from public.b) select x from c`, `b`},
	{`select x from a where x in (with a as (select x from a) select x from a)`, `a a`},
}

// The server's plan of a query has exactly the tables that the reader takes for tables.
func TestScopesAreTheServers(t *testing.T) {
	server := pgtest.Server(t)
	url := server.Database(t)
	server.Exec(t, url, `create table a as select 'table a' x; create table b as select 'table b' x; create table c as select 'table c' x`)
	for _, c := range scopes {
		s, err := Syntax{}.Read(c.sql)
		if err != nil {
			t.Errorf("%s\n%v", c.sql, err)
			continue
		}
		var names []string
		for _, table := range s.Tables {
			names = append(names, table.Name[len(table.Name)-1])
		}
		sort.Strings(names)
		if got := strings.Join(names, " "); got != c.tables {
			t.Errorf("%s\ntables %q, not %q", c.sql, got, c.tables)
		}
		plan := fmt.Sprint(server.Query(t, url, "explain (costs off, verbose) "+c.sql))
		for _, table := range []string{"a", "b", "c"} {
			if read := strings.Contains(plan, " on public."+table+" ") || strings.Contains(plan, " on public."+table+"]") || strings.HasSuffix(plan, " on public."+table); read != slices.Contains(names, table) {
				t.Errorf("%s\nthe server reads %s: %t\n%s", c.sql, table, read, plan)
			}
		}
	}
}

// The names of a result are the server's.
func TestOutputIsTheServers(t *testing.T) {
	server := pgtest.Server(t)
	url := server.Database(t)
	server.Exec(t, url, `create table t (a int, b text, c int[], d date)`)
	for _, e := range []string{"1", "a", "t.a", "a as x", "a+1", "-a", "a::text", "1::text", "'x'::varchar(3)", "date '2020-01-01'", "upper(b)", "upper(b)::int", "c[1]", "(a)::int8",
		"case when true then a else a end", "case when true then a end", "case when true then 1 else 2 end", "coalesce(a,1)", "greatest(a,1)", "least(a,1)", "nullif(a,1)", "array[1]",
		"(select 1)", "(select a)", "(select 1 as q)", "exists (select 1)", "array(select 1)", "a in (1)", "a is null", "a between 1 and 2", "current_date", "current_timestamp(2)",
		"localtime", "extract(year from d)", "trim(b)", "trim(leading from b)", "substring(b from 1)", "position('a' in b)", "d at time zone 'UTC'", "b collate \"C\"", "(t).a", "(t.c)[1]",
		"(values (1))", "cast(a as double precision)", "1::char", "true", "null", "interval '1 day'", "c::text[]", "(select 1 union select 2)", "a = any (c)"} {
		sql := "select " + e + " from t"
		s, err := Syntax{}.Read(sql)
		if err != nil {
			t.Errorf("%s\n%v", sql, err)
			continue
		}
		got := s.Output[0].Name
		server.Exec(t, url, `drop view if exists v; create view v as select q.* from (`+sql+`) q`)
		want := server.Query(t, url, `select attname from pg_attribute where attrelid = 'v'::regclass and attnum = 1`)[0][0]
		if got != want {
			t.Errorf("%s is called %q, not %q", e, got, want)
		}
	}
}

// Pieces that only look like one thing mean the same to the server and to the reader.
func TestTextsAreTheServers(t *testing.T) {
	server := pgtest.Server(t)
	url := server.URL("postgres")
	for _, e := range []string{`'it''s'`, `E'a\nb\\c\'d'`, `$$a'b$$`, `$x$a$$b$x$`, `'\'`, `''`, `$é$x$é$`, `E'\t"'`, "'a\nb'", `'--'`, `'/*'`} {
		s, err := lex(e)
		if err != nil {
			t.Errorf("%s\n%v", e, err)
			continue
		}
		if len(s.Tokens) != 1 || s.Tokens[0].Kind != rewrite.String {
			t.Errorf("%s is no text", e)
			continue
		}
		if want := server.Query(t, url, "select "+e)[0][0]; s.Tokens[0].Value != want {
			t.Errorf("%s is %q, not %q", e, s.Tokens[0].Value, want)
		}
	}
}

// The server's grammar takes what the reader takes, be it as it was written or in its canonical text.
func TestServerReadsTheSame(t *testing.T) {
	server := pgtest.Server(t)
	url := server.Database(t)
	for _, sql := range accepted {
		s, err := Syntax{}.Read(sql)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{sql, s.Text} {
			server.Exec(t, url, `do $do$ begin execute `+"$query$"+text+"$query$"+`; exception when syntax_error then raise; when others then null; end $do$`)
		}
	}
}

// A function, operator or type of somebody's own can be taken for the server's unless search_path leads with pg_catalog; a
// field can be a function. These are why the package's comment asks for that setting, and why fields are reported.
func TestWhatTheServerTakesForAFunction(t *testing.T) {
	server := pgtest.Server(t)
	url := server.Database(t)
	server.Exec(t, url, `create table t (a varchar); insert into t values ('x');
		create function public.lower(varchar) returns text language sql as $$select 'caught'$$;
		create function public.fields(record) returns text language plpgsql as $$begin return 'caught'; end$$;
		create function public.shown(text) returns text language sql as $$select 'caught'$$`)
	for _, c := range []struct{ sql, value, calls string }{
		{`select lower(a) from t`, "caught", ""},
		{`select q.fields from (select a from t) q`, "caught", ""},
		{`select (q).fields from (select a from t) q`, "caught", ""},
		{`select (q.a::text).shown from (select a from t) q`, "caught", "shown"},
		{`select (a).shown from (select a::text from t) q`, "caught", "shown"},
	} {
		if got := server.Query(t, url, c.sql)[0][0]; got != c.value {
			t.Errorf("%s is %s", c.sql, got)
		}
		s, err := Syntax{}.Read(c.sql)
		if err != nil {
			t.Errorf("%s\n%v", c.sql, err)
			continue
		}
		var calls []string
		for _, call := range s.Calls {
			calls = append(calls, call.Name[len(call.Name)-1])
		}
		if got := strings.Join(calls, " "); got != c.calls {
			t.Errorf("%s calls %q", c.sql, got)
		}
		if strings.Contains(c.sql, "fields") && !strings.Contains(dump(s), "column q.fields in 0\n") {
			t.Errorf("%s does not report the field", c.sql)
		}
	}
}
