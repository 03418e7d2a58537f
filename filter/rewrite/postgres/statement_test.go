package postgres

import (
	"strings"
	"testing"
)

// statements are queries with all that the reader says of them, by the construct that each is about.
var statements = []struct{ name, sql, want string }{
	{"outer joins and a self join", `select a.x from t a left join t b on a.id = b.id full join u using (id)`, `
table t as a in 0: t a
table t as b in 0: t b
table u as u in 0 bare: u
column a.x in 0
predicate a.id in 0
predicate b.id in 0
predicate id in 0
scope 0 in -1: a(0) b(1) u(2)
output {x}
with 0 false`},
	{"correlated subqueries", `select (select max(u.x) from u where u.id = t.id) m from t where exists (select 1 from v where v.id = t.id)`, `
table u as u in 1 bare: u
table t as t in 0 bare: t
table v as v in 2 bare: v
column u.x in 1
predicate u.id in 1
predicate t.id in 1
predicate v.id in 2
predicate t.id in 2
scope 0 in -1: t(1)
scope 1 in 0: u(0)
scope 2 in 0: v(2)
output {m}
with 0 false`},
	{"derived tables see what is around their block, and LATERAL ones what is beside them", `select 1 from t where exists (select 1 from u, (select 1 from v) x, lateral (select 1 from w) y)`, `
table t as t in 0 bare: t
table u as u in 1 bare: u
table v as v in 2 bare: v
table w as w in 3 bare: w
scope 0 in -1: t(0)
scope 1 in 0: u(1) x(-1){?column?} y(-1){?column?}
scope 2 in 0: v(2)
scope 3 in 1: w(3)
output {?column?}
with 0 false`},
	{"a common table expression in a subquery sees what is around the subquery", `select 1 from t x where exists (with c as (select x.a) select * from c)`, `
table t as x in 0: t x
common c in 1 at 37
predicate x.a in 2
predicate * in 1
scope 0 in -1: x(0)
scope 1 in 0: c(-1){a}
scope 2 in 0:
output {?column?}
with 0 false`},
	{"a common table expression named like a table", `with t as (select * from public.t) select * from t, public.t p`, `
table public.t as t in 1 bare: public.t
table public.t as p in 0: public.t p
common t in 0 at 5
column * in 1
column * in 0
scope 0 in -1: t(-1){*1} p(1)
scope 1 in -1: t(0)
output {*0}
with 5 true`},
	{"renamed columns", `with c (a, b) as (select 1 x, 2 y) select d.p, d.b from c as d (p)`, `
common c in 0 at 5
column d.p in 0
column d.b in 0
scope 0 in -1: d(-1){x y}[p b]
scope 1 in -1:
output {p b}
with 5 true`},
	{"recursive", `with recursive r as (select 1 as n union all select n+1 from r) select * from r`, `
common r in 3 at 15
common r in 0 at 15
column n in 3
column * in 0
scope 0 in -1: r(-1){n}
scope 1 in -1: (-1){n}
scope 2 in -1:
scope 3 in -1: r(-1){n}
output {*0}
with 15 true`},
	{"set operations", `(select a from t) union select b from u order by 1`, `
table t as t in 1 bare: t
table u as u in 2 bare: u
predicate a in 1
predicate b in 2
scope 0 in -1: (-1){a}
scope 1 in -1: t(0)
scope 2 in -1: u(1)
output {a}
with 0 false`},
	{"a table sample stays with the table", `select * from s."T" as x (a, b) tablesample bernoulli (10.5) repeatable (1)`, `
table s.T as x in 0 columns (a, b) around [|tablesample bernoulli (10.5) repeatable (1)]: s."T" as x (a, b) tablesample bernoulli (10.5) repeatable (1)
column * in 0
scope 0 in -1: x(0)[a b]
output {*0}
with 0 false`},
	{"qualified by a schema", `select public.t.a, t.b, T.C from public.t`, `
table public.t as t in 0 bare: public.t
column public.t.a in 0
column t.b in 0
column t.c in 0
scope 0 in -1: t(0)
output {a b c}
with 0 false`},
	{"whole rows", `select t, t.*, (t).a, (t).*, row_to_json(t), (c).f from t`, `
table t as t in 0 bare: t
column t in 0
column t.* in 0
column t.a in 0
column t.* in 0
column t in 0
column c.f in 0
call f table=false type=false
scope 0 in -1: t(0)
output {t t*0 a t*0 row_to_json f}
with 0 false`},
	{"calls and types of somebody's own", `select mine(a), s.mine(a), a::mood, cast(a as public.mood[]) from mine(1) m, json_each(x)`, `
column a in 0
column a in 0
column a in 0
column a in 0
column x in 0
call mine table=false type=false
call s.mine table=false type=false
call mood table=false type=true
call public.mood table=false type=true
call mine table=true type=false
scope 0 in -1: m(-1){m} json_each(-1){key value}
output {mine mine a a}
with 0 false`},
	{"parameters and pseudo columns", `select ctid, t."xmin", $2, "CTID" from t where a = $10`, `
table t as t in 0 bare: t
column CTID in 0
predicate a in 0
pseudo ctid
pseudo t."xmin"
parameter 2
parameter 10
scope 0 in -1: t(0)
output {ctid xmin ?column? CTID}
with 0 false`},
	{"join aliases", `select j.a, k.id from (t join u on true) as j join v using (id) as k`, `
table t as t in 0 bare: t
table u as u in 0 bare: u
table v as v in 0 bare: v
column j.a in 0
column k.id in 0
predicate id in 0
scope 0 in -1: t(0) u(1) j(-1){t*0 u*0} v(2) k(-1){id}
output {a id}
with 0 false`},
	{"comments and odd names", "select/**/a/* /* */ from x */from--\n\"t\"\"1\"", `
table t"1 as t"1 in 0 bare: "t""1"
column a in 0
scope 0 in -1: t"1(0)
output {a}
with 0 false`},
}

func TestStatements(t *testing.T) {
	for _, c := range statements {
		t.Run(c.name, func(t *testing.T) {
			s, err := Syntax{}.Read(c.sql)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := dump(s), strings.TrimPrefix(c.want, "\n")+"\n"; got != want {
				t.Errorf("%s\ngot\n%s\nwant\n%s", c.sql, got, want)
			}
		})
	}
}

// Comments and spaces between tokens become one space, and nothing is added where there were none.
func TestCanonicalText(t *testing.T) {
	for sql, want := range map[string]string{
		"select a from t;":                         "select a from t",
		" select/*x*/a\r\n\tfrom--y\n t -- z":      "select a from t",
		"select a-/**/-1":                          "select a- -1",
		"select 5--1\n+2":                          "select 5 +2",
		"select a*/**/b":                           "select a* b",
		"select a<-1,b@-1":                         "select a<-1,b@-1",
		"select /* /* ; */ '; */ 1":                "select 1",
		"select /* /* ; */ 1":                      "",
		"select '--' , '/*', $$ -- $$, \"/*\"":     "select '--' , '/*', $$ -- $$, \"/*\"",
		"select u&v, e 'x', u /**/ &\"a\"":         "select u&v, e 'x', u &\"a\"",
		"select a$b$c, x$1":                        "select a$b$c, x$1",
		"select 1.,.5,1e5,1.5E-3":                  "select 1.,.5,1e5,1.5E-3",
		"select 'a' /* x */ from t":                "select 'a' from t",
		"select $q$ $$ $q$":                        "select $q$ $$ $q$",
		"select 1 /*! + (select x from secret) */": "select 1",
	} {
		s, err := lex(sql)
		if want == "" {
			if err == nil {
				t.Errorf("%s was read as %s", sql, s.Text)
			}
			continue
		}
		if err != nil || s.Text != want {
			t.Errorf("%s: %v, %v", sql, s, err)
		}
	}
}

func TestViews(t *testing.T) {
	for _, c := range []struct{ sql, text, names string }{
		{" SELECT t.a,\n    t.b\n   FROM t;", "SELECT t.a, t.b FROM t", ""},
		{`create or replace view s."V" (x, "Y") with (security_barrier) as select a, b from t with local check option;`, "select a, b from t", "x Y"},
		{`CREATE VIEW v AS WITH a AS (SELECT 1) SELECT * FROM a`, "WITH a AS (SELECT 1) SELECT * FROM a", ""},
	} {
		s, names, err := Syntax{}.View(c.sql)
		if err != nil || s.Text != c.text || strings.Join(names, " ") != c.names {
			t.Errorf("%s\n%v %v %v", c.sql, s, names, err)
		}
	}
	for _, sql := range []string{
		"create temp view v as select 1", "create recursive view v (a) as select 1", "create materialized view v as select 1", "create view v", "create view v as",
		"create view v as with check option", "create view v as delete from t", "create table v as select 1", "create view v (a as select 1", "create", "create view v(a b) as select 1",
	} {
		if s, _, err := (Syntax{}).View(sql); err == nil {
			t.Errorf("%s was read as %s", sql, s.Text)
		}
	}
}
