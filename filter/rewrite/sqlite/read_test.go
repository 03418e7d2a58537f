package sqlite

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What a query's statement says, row by row of the behaviour table.
func TestRead(t *testing.T) {
	for _, c := range []struct{ title, query, want string }{
		{"a bare name is its own alias; the schema is kept", `SELECT p.a, main.Patient.b FROM main.Patient, "Patient 2" AS "p"`, `
			table main.Patient as "Patient" [main.Patient] in 0 bare
			table Patient 2 as "p" ["Patient 2" AS "p"] in 0
			column p.a [p] in 0
			column main.Patient.b [main.Patient] in 0
			scope 0 in -1: Patient=table0, p=table1
			output a b
			with 0 false`},
		{"every branch, join and subquery", "SELECT (SELECT max(x) FROM a) FROM b LEFT JOIN (c RIGHT JOIN d ON EXISTS (SELECT 1 FROM e)) USING (x) UNION SELECT x FROM (SELECT x FROM f WHERE x IN (SELECT y FROM g)) ORDER BY 1", `
			table b as "b" [b] in 0 bare
			table c as "c" [c] in 0 bare
			table d as "d" [d] in 0 bare
			table e as "e" [e] in 1 bare
			table a as "a" [a] in 2 bare
			table f as "f" [f] in 4 bare
			table g as "g" [g] in 5 bare
			column x [] in 0 decides
			column x [] in 2 decides
			column x [] in 4
			column x [] in 4 decides
			column y [] in 5 decides
			column x [] in 3 decides
			scope 0 in -1: b=table0, c=table1, d=table2
			scope 1 in 0: e=table3
			scope 2 in 0: a=table4
			scope 3 in -1: (x)
			scope 4 in -1: f=table5
			scope 5 in 4: g=table6
			output ?
			with 0 false`},
		{"a derived table sees what is around the block that it is in, and no sibling", "SELECT (SELECT 1 FROM b, (SELECT a.x) AS d) FROM a", `
			table a as "a" [a] in 0 bare
			table b as "b" [b] in 1 bare
			column a.x [a] in 2
			scope 0 in -1: a=table0
			scope 1 in 0: b=table1, d(x)
			scope 2 in 0: 
			output ?
			with 0 false`},
		{"a common table expression hides a table, unless that has its schema; a later one is seen too", "WITH a AS (SELECT * FROM b JOIN main.a), b(y) AS (SELECT x FROM c) SELECT * FROM A, main.b, c", `
			table main.a as "a" [main.a] in 1 bare
			table c as "c" [c] in 2 bare
			table main.b as "b" [main.b] in 0 bare
			table c as "c" [c] in 0 bare
			common b at 41 in 1
			common A at 5 in 0
			column * [] in 1
			column x [] in 2
			column * [] in 0
			scope 0 in -1: A(*@1), b=table2, c=table3
			scope 1 in -1: b(y), a=table0
			scope 2 in -1: c=table1
			output *@0
			with 5 true`},
		{"recursion without the word for it", "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n, t) SELECT i FROM n AS m", `
			table t as "t" [t] in 2 bare
			common n at 5 in 2
			common n at 5 in 0
			column i [] in 2
			column i [] in 0
			scope 0 in -1: m(i)
			scope 1 in -1: 
			scope 2 in -1: n(i), t=table0
			output i
			with 5 true`},
		{"an inner WITH goes before an outer one, and ends with its query", "WITH a AS (SELECT 1 x) SELECT (WITH a AS (SELECT 2 y) SELECT y FROM a) FROM a, (WITH b AS (SELECT 3) SELECT * FROM b), b", `
			table b as "b" [b] in 0 bare
			common a at 5 in 0
			common b at 85 in 2
			common a at 36 in 4
			column * [] in 2
			column y [] in 4
			scope 0 in -1: a(x), (*@2), b=table0
			scope 1 in -1: 
			scope 2 in -1: b(?)
			scope 3 in -1: 
			scope 4 in 0: a(y)
			scope 5 in 0: 
			output ?
			with 5 true`},
		{"our own common table expressions come after RECURSIVE", "WITH RECURSIVE a AS (SELECT 1 x) SELECT x FROM a", `
			common a at 15 in 0
			column x [] in 0
			scope 0 in -1: a(x)
			scope 1 in -1: 
			output x
			with 15 true`},
		{"index hints belong to the table", "SELECT 1 FROM t AS x INDEXED BY \"i\" JOIN u NOT /* */ INDEXED", `
			table t as "x" [t AS x INDEXED BY "i"] in 0 after[INDEXED BY "i"]
			table u as "u" [u NOT INDEXED] in 0 bare after[NOT INDEXED]
			scope 0 in -1: x=table0, u=table1
			output ?
			with 0 false`},
		{"stars, and names of results", "SELECT *, t.*, a, t.b AS c, t.d e, 1 FROM t", `
			table t as "t" [t] in 0 bare
			column * [] in 0
			column t.* [t] in 0
			column a [] in 0
			column t.b [t] in 0
			column t.d [t] in 0
			scope 0 in -1: t=table0
			output *@0 t.*@0 a c e ?
			with 0 false`},
		{"what decides: everything but a plain result", "SELECT a, sum(b) FILTER (WHERE c), sum(d) OVER (PARTITION BY e ORDER BY f), count(DISTINCT g) FROM t WHERE h GROUP BY i HAVING j ORDER BY k LIMIT (SELECT l FROM u)", `
			table t as "t" [t] in 0 bare
			table u as "u" [u] in 1 bare
			column a [] in 0
			column b [] in 0
			column c [] in 0 decides
			column d [] in 0
			column e [] in 0 decides
			column f [] in 0 decides
			column g [] in 0 decides
			column h [] in 0 decides
			column i [] in 0 decides
			column j [] in 0 decides
			column k [] in 0 decides
			column l [] in 1 decides
			scope 0 in -1: t=table0
			scope 1 in 0: u=table1
			output a ? ? ?
			with 0 false`},
		{"pseudo columns are listed, under any quotes and case", `SELECT RowId, t."oid", [_ROWID_], t.a FROM t`, `
			table t as "t" [t] in 0 bare
			column RowId [] in 0
			column t.oid [t] in 0
			column _ROWID_ [] in 0
			column t.a [t] in 0
			pseudo RowId
			pseudo t."oid"
			pseudo [_ROWID_]
			scope 0 in -1: t=table0
			output RowId oid _ROWID_ a
			with 0 false`},
		{"functions that are not SQLite's go to the map's list", `SELECT utdrag_hmac(x'00', x'01', a), "Upper"(a), my_fn(a) FROM t`, `
			table t as "t" [t] in 0 bare
			column a [] in 0
			column a [] in 0
			column a [] in 0
			call utdrag_hmac
			call my_fn
			scope 0 in -1: t=table0
			output ? ? ?
			with 0 false`},
		{"table functions see the tables beside them", "SELECT j.value FROM t, json_each(t.a, '$.x') j, json_tree(b)", `
			table t as "t" [t] in 0 bare
			column t.a [t] in 0 decides
			column b [] in 0 decides
			column j.value [j] in 0
			scope 0 in -1: t=table0, j(key value type atom id parent fullkey path), json_tree(key value type atom id parent fullkey path)
			output value
			with 0 false`},
		{"what a rewriting prints is read again", `WITH "utdrag_keys_3_Patient"("a", "b") AS (SELECT t."a", t."rowid" FROM "main"."Patient" AS t WHERE EXISTS (SELECT 1 FROM "main"."Unit" AS p1 WHERE p1."id" = t."unit" AND p1."provider" = ?1)) SELECT p."a" FROM (SELECT t."a", CAST(NULL AS TEXT) AS "b" FROM "main"."Patient" AS t WHERE t."a" COLLATE BINARY IN (SELECT k."a" FROM "utdrag_keys_3_Patient" AS k)) AS p`, `
			table main.Patient as "t" ["main"."Patient" AS t] in 1
			table main.Unit as "p1" ["main"."Unit" AS p1] in 2
			table main.Patient as "t" ["main"."Patient" AS t] in 3
			common "utdrag_keys_3_Patient" at 5 in 4
			column t.a [t] in 1
			column t.rowid [t] in 1
			column p1.id [p1] in 2 decides
			column t.unit [t] in 2 decides
			column p1.provider [p1] in 2 decides
			column t.a [t] in 3
			column t.a [t] in 3 decides
			column k.a [k] in 4 decides
			column p.a [p] in 0
			pseudo t."rowid"
			parameter ?1 "" 1
			scope 0 in -1: p(a b)
			scope 1 in -1: t=table0
			scope 2 in 1: p1=table1
			scope 3 in -1: t=table2
			scope 4 in 3: k(a b)
			output a
			with 5 true`},
		{"comments and gaps leave one space, arguments their number", "SELECT\t:x/**/,@y --:z\n, :x FROM t -- ?", `
			table t as "t" [t] in 0 bare
			parameter ?1 "x" 1
			parameter ?2 "y" 2
			parameter ?1 "x" 1
			scope 0 in -1: t=table0
			output ? ? ?
			with 0 false`},
	} {
		t.Run(c.title, func(t *testing.T) {
			s, err := Syntax{}.Read(c.query)
			if err != nil {
				t.Fatal(err)
			}
			want := strings.ReplaceAll(strings.TrimPrefix(c.want, "\n"), "\t", "") + "\n"
			if diff := cmp.Diff(want, dump(s)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCanonicalText(t *testing.T) {
	for query, want := range map[string]string{
		"SELECT/**/1--x":                        "SELECT 1",
		" \r\n SELECT\t1 ;  -- end":             "SELECT 1",
		"SELECT 1 -/* a */-1":                   "SELECT 1 - -1",
		"SELECT 1--\n-1":                        "SELECT 1 -1",
		"SELECT '/*' || \"--\" FROM [*/]":       "SELECT '/*' || \"--\" FROM [*/]",
		"SELECT 1 /* /* */ + 2":                 "SELECT 1 + 2",
		"SELECT 'a'/**/'b'":                     "",
		"SELECT ?,?2":                           "",
		"SELECT ?007, ?2":                       "SELECT ?7, ?2",
		"SELECT'a\x01\u202e\n'FROM[\u00a0]":     "SELECT'a\x01\u202e\n'FROM[\u00a0]",
		"SELECT a.b,a . b,\"a\" . \"b\" FROM a": "SELECT a.b,a . b,\"a\" . \"b\" FROM a",
	} {
		s, err := Syntax{}.Read(query)
		switch {
		case want == "" && err == nil:
			t.Errorf("%q was read as %q", query, s.Text)
		case want != "" && (err != nil || s.Text != want):
			t.Errorf("%q: %v, %v", query, s, err)
		}
	}
}

func TestViews(t *testing.T) {
	for _, c := range []struct{ definition, text, columns string }{
		{"SELECT a FROM t", "SELECT a FROM t", ""},
		{"CREATE VIEW v AS SELECT a FROM t", "SELECT a FROM t", ""},
		{"create view if not exists main.\"v w\" (x, [y z]) as -- x\n with c as (select 1) select a, b from t;", "with c as (select 1) select a, b from t", "x|y z"},
	} {
		s, columns, err := Syntax{}.View(c.definition)
		if err != nil {
			t.Errorf("%s\n%v", c.definition, err)
			continue
		}
		if s.Text != c.text || strings.Join(columns, "|") != c.columns {
			t.Errorf("%s became %s, %q", c.definition, s.Text, columns)
		}
	}
	s, _, err := Syntax{}.View("CREATE VIEW v AS\nSELECT a FROM t")
	if err != nil || s.Range(s.Tables[0].Span).String() != "query:2:15" {
		t.Error("a view's places are those of its definition", err)
	}
	for definition, code := range map[string]string{
		"CREATE TEMP VIEW v AS SELECT 1":                "UR014",
		"CREATE TABLE v AS SELECT 1":                    "UR005",
		"CREATE VIEW temp.v AS SELECT 1":                "UR012",
		"CREATE VIEW v AS":                              "UR003",
		"CREATE VIEW v (a COLLATE x) AS SELECT 1":       "UR003",
		"CREATE VIEW 'v' AS SELECT 1":                   "UR003",
		"CREATE VIEW v () AS SELECT 1":                  "UR003",
		"CREATE VIEW v AS SELECT ?":                     "UR026",
		"CREATE VIEW v AS DELETE FROM t":                "UR005",
		"CREATE VIEW v AS SELECT 1; SELECT 2":           "UR004",
		"CREATE VIEW v AS SELECT * FROM sqlite_master":  "UR013",
		"CREATE TRIGGER r AFTER INSERT ON t BEGIN END;": "UR005",
		"": "UR001",
	} {
		if _, _, err := (Syntax{}).View(definition); err == nil || !strings.Contains(err.Error(), code) {
			t.Errorf("%s: %v, not %s", definition, err, code)
		}
	}
}

func TestParameterAndFold(t *testing.T) {
	if got := (Syntax{}).Parameter(2, 3); got != "?5" {
		t.Error(got)
	}
	if got := (Syntax{}).Fold("AzÅ[@"); got != "azÅ[@" {
		t.Error(got)
	}
}
