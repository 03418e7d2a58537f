package postgres

import (
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// refusals are queries, each with its code and a mark where it is refused.
var refusals = []struct {
	code rewrite.Code
	sql  string
}{
	{rewrite.CodeSize, "¤"},
	{rewrite.CodeSize, "¤ /* nothing */"},
	{rewrite.CodeSize, "select ¤" + strings.Repeat("a", 64)},
	{rewrite.CodeSize, `select ¤"` + strings.Repeat("å", 32) + `"`},
	{rewrite.CodeCharacter, "select 1¤\x00 from t"},
	{rewrite.CodeCharacter, "select¤\u00a01"},
	{rewrite.CodeCharacter, "select a¤\u200b from t"},
	{rewrite.CodeCharacter, "select ¤\u202ea from t"},
	{rewrite.CodeCharacter, "select 1¤\f"},
	{rewrite.CodeCharacter, "select ¤\ufeffa"},
	{rewrite.CodeCharacter, "select ¤'a"},
	{rewrite.CodeCharacter, `select ¤"a`},
	{rewrite.CodeCharacter, "select 1 ¤/* /* */"},
	{rewrite.CodeCharacter, "select ¤$x$ $y$"},
	{rewrite.CodeCharacter, "select a ¤$ b"},
	{rewrite.CodeCharacter, `select a¤\b`},
	{rewrite.CodeCharacter, `select E'¤\x41'`},
	{rewrite.CodeCharacter, `select E'¤\u0041'`},
	{rewrite.CodeCharacter, "select a¤{b}"},
	{rewrite.CodeConstruct, `select ¤U&'\0041'`},
	{rewrite.CodeConstruct, `select 1 from ¤u&"\0041"`},
	{rewrite.CodeConstruct, `select ¤N'a'`},
	{rewrite.CodeConstruct, "select 'a'\n¤'b'"},
	{rewrite.CodeConstruct, "select 'a' -- x\n¤'b'"},
	{rewrite.CodeSyntax, `select ¤""`},
	{rewrite.CodeSyntax, "select 0¤x1F"},
	{rewrite.CodeSyntax, "select 1¤_000"},
	{rewrite.CodeSyntax, "select 1¤a"},
	{rewrite.CodeSyntax, "select ¤$1a"},
	{rewrite.CodeSyntax, "select ¤$9999999999"},
	{rewrite.CodeSyntax, "select a¤..b"},
	{rewrite.CodeSyntax, "select ¤(a"},
	{rewrite.CodeSyntax, "select a¤)"},
	{rewrite.CodeSyntax, "select a, ¤from t"},
	{rewrite.CodeSyntax, "select ¤select"},
	{rewrite.CodeStatements, "select 1; ¤select 2"},
	{rewrite.CodeStatements, "select 1;¤;"},
	{rewrite.CodeNotSelect, "¤delete from t"},
	{rewrite.CodeNotSelect, "¤with a as (select 1) insert into t select * from a"},
	{rewrite.CodeNotSelect, "¤explain analyze select 1"},
	{rewrite.CodeNotSelect, "¤copy t to stdout"},
	{rewrite.CodeNotSelect, "¤set role x"},
	{rewrite.CodeNotSelect, "¤do 'x'"},
	{rewrite.CodeNotSelect, "¤execute p"},
	{rewrite.CodeWrites, "with ¤a as (delete from t returning *) select * from a"},
	{rewrite.CodeWrites, "with ¤a as (insert into t values (1) returning *) select * from a"},
	{rewrite.CodeWrites, "select a ¤into b from t"},
	{rewrite.CodeWrites, "select a ¤into temp b from t"},
	{rewrite.CodeWrites, "select a from t ¤for update"},
	{rewrite.CodeWrites, "select a from t ¤for share of t nowait"},
	{rewrite.CodeWrites, "select a from t ¤for read only"},
	{rewrite.CodeWrites, "select * from (select a from t ¤for no key update) x"},
	{rewrite.CodeConstruct, "¤table t"},
	{rewrite.CodeConstruct, "select * from ¤only t"},
	{rewrite.CodeConstruct, "select a ¤operator(pg_catalog.+) b from t"},
	{rewrite.CodeConstruct, "select a from t order by ¤a using <"},
	{rewrite.CodeConstruct, "select * from t ¤tablesample mine(1)"},
	{rewrite.CodeConstruct, "select * from t ¤tablesample system((select 1))"},
	{rewrite.CodeConstruct, "select * from ¤xmltable('/a' passing x columns b int)"},
	{rewrite.CodeConstruct, "select * from ¤json_table(x, '$' columns (a int)) j"},
	{rewrite.CodeConstruct, "select ¤xmlelement(name a)"},
	{rewrite.CodeConstruct, "select ¤collation for (a) from t"},
	{rewrite.CodeConstruct, "select ¤normalize(a) from t"},
	{rewrite.CodeConstruct, "select ¤treat(a as b) from t"},
	{rewrite.CodeConstruct, "select (f(a))¤.* from t"},
	{rewrite.CodeConstruct, "select a::geometry(¤point) from t"},
	{rewrite.CodeConstruct, "with recursive ¤r(a) as (select 1 union all select a from r) search depth first by a set o select * from r"},
	{rewrite.CodeElsewhere, "select * from ¤db.s.t"},
	{rewrite.CodeElsewhere, "select ¤db.s.f(1)"},
	{rewrite.CodeElsewhere, "select ¤db.s.t.a from s.t"},
	{rewrite.CodeConstruct, "select ¤a at local from t"},
	{rewrite.CodeSystem, "select * from ¤pg_class"},
	{rewrite.CodeSystem, "select * from ¤PG_CATALOG.pg_class"},
	{rewrite.CodeSystem, `select * from ¤"pg_catalog"."pg_stat_activity"`},
	{rewrite.CodeSystem, "select * from ¤information_schema.tables"},
	{rewrite.CodeSystem, "select * from ¤pg_toast.pg_toast_1"},
	{rewrite.CodeSystem, "select 1 where exists (select 1 from ¤pg_stats)"},
	{rewrite.CodeTemporary, "select * from ¤pg_temp.x"},
	{rewrite.CodeTemporary, "select * from ¤pg_temp_3.x"},
	{rewrite.CodeCommonScope, "with a as (select * from ¤b), b as (select 1) select * from a"},
	{rewrite.CodeCommonScope, "with recursive a as (select * from ¤b), b as (select 1) select * from a"},
	{rewrite.CodeCommonScope, "with recursive a as (select * from ¤a) select * from a"},
	{rewrite.CodeCommonScope, "with a as (with c as (select * from ¤b) select * from c), b as (select 1) select * from a"},
	{rewrite.CodeCommonScope, `with a as (select 1), ¤"a" as (select 2) select * from a`},
	{rewrite.CodeNamesTable, "select ¤query_to_xml('select 1', true, true, '')"},
	{rewrite.CodeNamesTable, "select ¤pg_catalog.table_to_xml('t', true, true, '')"},
	{rewrite.CodeNamesTable, "select ¤nextval('s')"},
	{rewrite.CodeNamesTable, "select * from ¤ts_stat('select 1')"},
	{rewrite.CodeNamesTable, "select ¤regclass('t')"},
	{rewrite.CodeNamesTable, "select 't'::¤regclass"},
	{rewrite.CodeNamesTable, "select cast('t' as ¤pg_catalog.regclass[])"},
	{rewrite.CodeNamesTable, "select ¤regrole 'x'"},
	{rewrite.CodeNamesTable, "select 1::¤oid"},
	{rewrite.CodeNamesTable, "select ¤to_regclass('t')"},
	{rewrite.CodeRowset, "select * from ¤dblink('x', 'select 1') as t(a int)"},
	{rewrite.CodeRowset, "select ¤lo_import('/etc/passwd')"},
	{rewrite.CodeTableCall, "select * from ¤current_date"},
	{rewrite.CodeTableCall, "select * from ¤upper('a')"},
	{rewrite.CodeTableCall, "select * from ¤coalesce(1)"},
	{rewrite.CodeFunction, "select ¤pg_sleep(1)"},
	{rewrite.CodeFunction, "select ¤pg_read_file('x')"},
	{rewrite.CodeFunction, `select ¤"pg_catalog"."pg_ls_dir"('.')`},
	{rewrite.CodeFunction, "select ¤pg_catalog.nosuch(1)"},
	{rewrite.CodeFunction, "select ¤set_config('search_path', 'x', true)"},
	{rewrite.CodeFunction, "select ¤current_setting('x')"},
	{rewrite.CodeFunction, "select ¤version()"},
	{rewrite.CodeFunction, "select ¤has_table_privilege('t', 'select')"},
	{rewrite.CodeFunction, "select ¤current_user"},
	{rewrite.CodeFunction, "select ¤session_user"},
	{rewrite.CodeFunction, "select ¤current_schema"},
	{rewrite.CodeFunction, "select ¤current_catalog"},
	{rewrite.CodeFunction, "select (x).¤pg_sleep from t"},
	{rewrite.CodeFunction, "select (t.x).¤pg_sleep from t"},
	{rewrite.CodeFunction, "select a ¤%> b from t"},
	{rewrite.CodeFunction, "select a ¤=== any (array[1]) from t"},
	{rewrite.CodePseudo, "select ¤ctid(t) from t"},
}

func TestRefusals(t *testing.T) {
	for _, c := range refusals {
		sql := strings.Replace(c.sql, "¤", "", 1)
		want := string(c.code) + " " + c.sql[strings.Index(c.sql, "¤")+len("¤"):]
		s, err := Syntax{}.Read(sql)
		if err == nil {
			t.Errorf("%s\nwas read:\n%s", sql, dump(s))
			continue
		}
		if got := refusalOf(t, sql, err); got != want {
			t.Errorf("%s\n got %s\nwant %s\n%v", sql, got, want, err)
		}
	}
}

// A query that would take the parser's stack or time is refused before it comes there.
func TestDepth(t *testing.T) {
	wide := func(part string) string { return strings.Repeat(part, 2000) }
	for name, sql := range map[string]string{
		"parentheses":   "select " + strings.Repeat("(", 300) + "1" + strings.Repeat(")", 300),
		"brackets":      "select array" + strings.Repeat("[", 300) + "1" + strings.Repeat("]", 300),
		"cases":         "select " + strings.Repeat("case when a then ", 300) + "1" + strings.Repeat(" end", 300),
		"signs":         "select " + wide("- ") + "1",
		"pluses":        "select " + wide("+") + "1",
		"ats":           "select " + wide("@ ") + "1",
		"nots":          "select " + wide("not ") + "a",
		"between":       "select " + wide("not a between b and ") + "c" + wide(" or not b"),
		"chain":         "select a" + strings.Repeat(" + a", 6000),
		"casts":         "select a" + strings.Repeat("::int", 6000),
		"unions":        "select 1" + wide(" union select 1"),
		"intersections": "select 1" + wide(" intersect select 1"),
		"joins":         "select 1 from t" + wide(" join t") + wide(" on a"),
		"doubled":       "select " + strings.Repeat("((select ", 60) + "1" + strings.Repeat(")+1)", 60),
		"substrings":    "select " + strings.Repeat("substring(", 60) + "a" + strings.Repeat(",1)", 60),
		"overlays":      "select " + strings.Repeat("overlay(", 60) + "a" + strings.Repeat(",1)", 60),
		"json objects":  "select " + strings.Repeat("json_object(", 60) + "a" + strings.Repeat(",b)", 60),
		"tables":        "select 1 from t" + strings.Repeat(", t", rewrite.MaxTables),
		"length":        "select '" + strings.Repeat("a", rewrite.MaxLength) + "'",
	} {
		_, err := Syntax{}.Read(sql)
		if err == nil {
			t.Errorf("%s was read", name)
			continue
		}
		if got := refusalOf(t, sql, err); !strings.HasPrefix(got, string(rewrite.CodeSize)+" ") {
			t.Errorf("%s: %.60s", name, got)
		}
	}
}
