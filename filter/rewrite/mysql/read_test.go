package mysql

import (
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/rewrite"
)

func TestRead(t *testing.T) {
	for _, test := range []struct{ title, query, want string }{
		{"a table", "SELECT Id FROM Patient", `
			table Patient as ~Patient~ bare in 0: Patient
			column Id in 0: |Id
			scope 0 in -1: Patient=0
			output Id`},
		{"names, aliases, partitions, hints", "SELECT x.a FROM `d b`.\"t\"\"u\" PARTITION (p0) AS `x` USE INDEX (i) JOIN u y ON y.b = x.b", `
			table d b.t"u as ~x~ [PARTITION (~p0~)] [USE INDEX (~i~)] in 0: ~d b~."t""u" PARTITION (p0) AS ~x~ USE INDEX (i
			table u as ~y~ in 0: u y
			column x.a in 0: x|x.a
			column y.b in 0 decides: y|y.b
			column x.b in 0 decides: x|x.b
			scope 0 in -1: x=0 y=1
			output a`},
		{"31 qualified by the database", "SELECT db.t.a, t.*, * FROM db.t ORDER BY db.t.b", `
			table db.t as ~t~ bare in 0: db.t
			column db.t.a in 0: db.t|db.t.a
			column t.* in 0: t|t.*
			column * in 0: |*
			column db.t.b in 0 decides: db.t|db.t.b
			scope 0 in -1: t=0
			output a,t.*,*`},
		{"08 correlated, derived, lateral", "SELECT (SELECT MAX(v.c) FROM v WHERE v.i = t.i) m FROM t, (SELECT a FROM u) d, LATERAL (SELECT t.a) l (k)", `
			table v as ~v~ bare in 1: v
			table t as ~t~ bare in 0: t
			table u as ~u~ bare in 2: u
			column v.c in 1: v|v.c
			column v.i in 1 decides: v|v.i
			column t.i in 1 decides: t|t.i
			column a in 2: |a
			column t.a in 3: t|t.a
			scope 0 in -1: t=1 d(a) l(a)=>k
			scope 1 in 0: v=0
			scope 2 in -1: u=2
			scope 3 in 0:
			output m`},
		{"09 and 10 common table expressions", "WITH a AS (SELECT x FROM t), b (y) AS (SELECT a.x FROM a) SELECT * FROM b, db.a", `
			table t as ~t~ bare in 1: t
			table db.a as ~a~ bare in 0: db.a
			common a in 2 of 5: a
			common b in 0 of 29: b
			column x in 1: |x
			column a.x in 2: a|a.x
			column * in 0: |*
			scope 0 in -1: b(y) a=1
			scope 1 in -1: t=0
			scope 2 in -1: a(x)
			output *`},
		{"12 recursive", "WITH RECURSIVE r AS (SELECT 1 AS n FROM t UNION ALL SELECT n + 1 FROM r) SELECT n FROM r", `
			table t as ~t~ bare in 1: t
			common r in 2 of 15: r
			common r in 0 of 15: r
			column n in 2: |n
			column n in 0: |n
			scope 0 in -1: r(n)
			scope 1 in -1: t=0
			scope 2 in -1: r(n)
			output n`},
		{"11 its own name without RECURSIVE is the table", "WITH t AS (SELECT * FROM t) SELECT * FROM t", `
			table t as ~t~ bare in 1: t
			common t in 0 of 5: t
			column * in 1: |*
			column * in 0: |*
			scope 0 in -1: t(*)
			scope 1 in -1: t=0
			output *`},
		{"14 a union decides by all its columns", "SELECT a FROM t UNION SELECT b FROM u ORDER BY a", `
			table t as ~t~ bare in 0: t
			table u as ~u~ bare in 1: u
			column a in 0 decides: |a
			column b in 1 decides: |b
			column a in 0 decides: |a
			scope 0 in -1: t=0
			scope 1 in -1: u=1
			output a`},
		{"14 a union of all does not", "SELECT a FROM t UNION ALL SELECT b FROM u", `
			table t as ~t~ bare in 0: t
			table u as ~u~ bare in 1: u
			column a in 0: |a
			column b in 1: |b
			scope 0 in -1: t=0
			scope 1 in -1: u=1
			output a`},
		{"23 functions of somebody's", "SELECT f(a), db.g(1), `my h`(2), ABS(3) FROM t WHERE ? = ?", `
			table t as ~t~ bare in 0: t
			column a in 0: |a
			call f: f
			call db.g: db.g
			call my h: ~my h~
			parameter 1 at 53
			parameter 2 at 57
			scope 0 in -1: t=0
			output f(a),db.g(1),~my h~(2),ABS(3)`},
		{"44 what decides", "SELECT DISTINCT a, SUM(b) OVER (PARTITION BY c) FROM t JOIN u USING (d) GROUP BY e HAVING f > 1", `
			table t as ~t~ bare in 0: t
			table u as ~u~ bare in 0: u
			column a in 0 decides: |a
			column b in 0 decides: |b
			column c in 0 decides: |c
			column d in 0 decides: |d
			column e in 0 decides: |e
			column f in 0 decides: |f
			scope 0 in -1: t=0 u=1
			output a,SUM(b) OVER (PARTITION BY c)`},
		{"comments and spaces", "SELECT/* x */a\t,  'it''s /* no */'-- y\nFROM#z\nt ; -- end", `
			table t as ~t~ bare in 0: t
			column a in 0: |a
			scope 0 in -1: t=0
			output a,-`},
		{"no table", "SELECT 1 FROM DUAL", `
			scope 0 in -1:
			output 1`},
	} {
		t.Run(test.title, func(t *testing.T) {
			s, err := Syntax{}.Read(test.query)
			if err != nil {
				t.Fatal(err)
			}
			want := strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(test.want), "\t", ""), "~", "`") + "\n"
			if got := dump(s); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

func TestCanonicalText(t *testing.T) {
	s, err := Syntax{}.Read("SELECT/**/a.b\n,c /* x */ FROM t--\n ;\n")
	if err != nil {
		t.Fatal(err)
	}
	if want := "SELECT a.b ,c FROM t"; s.Text != want {
		t.Errorf("got %q, want %q", s.Text, want)
	}
}

// What is printed is one form, which needs no setting of the server.
func TestRender(t *testing.T) {
	for _, test := range []struct{ query, want string }{
		{"SELECT - -a, 1 - -1, 2*-3 FROM t", "SELECT -(-`a`) AS `- -a`,1 - (-1) AS `1 - -1`,2 * (-3) AS `2*-3` FROM (SELECT 1) AS `t`"},
		{"SELECT MOD(a+1, b)*2 FROM t", "SELECT ((`a` + 1) % `b`) * 2 AS `MOD(a+1, b)*2` FROM (SELECT 1) AS `t`"},
		{`SELECT "a""b", 'c''d', '"' x FROM t`, "SELECT `a\"b`,'c''d','\"' AS `x` FROM (SELECT 1) AS `t`"},
		{"SELECT a||b x FROM t", "SELECT CONCAT(`a`, `b`) AS `x` FROM (SELECT 1) AS `t`"},
		{"SELECT `x(1), (SELECT 1)--`(a) x FROM t", "SELECT `x(1), (SELECT 1)--`(`a`) AS `x` FROM (SELECT 1) AS `t`"},
		{"(SELECT a FROM t)", "(SELECT `a` FROM (SELECT 1) AS `t`)"},
		{"SELECT a FROM t WHERE NOT a BETWEEN 1 AND 2 AND b IN (3) OR c", "SELECT `a` FROM (SELECT 1) AS `t` WHERE ((NOT (`a` BETWEEN 1 AND 2)) AND (`b` IN (3))) OR `c`"},
	} {
		s, err := Syntax{}.Read(test.query)
		if err != nil {
			t.Fatal(err)
		}
		e := rewrite.Edits{Tables: []string{"(SELECT 1) AS t"}}
		got, err := s.Render(e)
		if err != nil {
			t.Fatalf("%s: %v", test.query, err)
		}
		if got != test.want && got != strings.Trim(test.want, "()") {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
		if err := s.Check(got, e); err != nil {
			t.Errorf("%s: %v", got, err)
		}
	}
}

// Every row of the behaviour table that can be printed passes its own check.
func TestRowsPassTheirCheck(t *testing.T) {
	for _, q := range queries {
		t.Run(q.title, func(t *testing.T) { rewritten(t, q.query) })
	}
}

// The check is of no use unless it fails for texts that let a table through.
func TestCheckFindsWhatIsWrong(t *testing.T) {
	const query = "WITH c AS (SELECT a FROM t) SELECT c.a, 'x' FROM c JOIN u ON u.a = c.a WHERE u.b = 1"
	s, err := Syntax{}.Read(query)
	if err != nil {
		t.Fatal(err)
	}
	e := edits(s)
	text, err := s.Render(e)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Check(text, e); err != nil {
		t.Fatal(err)
	}
	inner := "(SELECT `t`.* FROM `db`.`u` AS `t` WHERE `t`.`provider` IN (SELECT `k` FROM `utdrag_keys`)) AS `u`"
	for title, change := range map[string][2]string{
		"a table in place of its rows":  {inner, "`u`"},
		"another filter":                {"WHERE `t`.`provider` IN (SELECT `k` FROM `utdrag_keys`)) AS `u`", ") AS `u`"},
		"a filter with OR":              {"`utdrag_keys`)) AS `u`", "`utdrag_keys`) OR TRUE) AS `u`"},
		"one more table":                {"WHERE `u`.`b` = 1", "JOIN `db`.`v` WHERE `u`.`b` = 1"},
		"one more table in a condition": {"WHERE `u`.`b` = 1", "WHERE `u`.`b` = (SELECT 1 FROM `db`.`v`)"},
		"another condition":             {"`u`.`b` = 1", "`u`.`b` = 2"},
		"another literal":               {"'x'", "'y'"},
		"another set":                   {"WHERE `name` = ?)", ")"},
		"another name for the set":      {"`c` AS (", "`C` AS ("},
		"a comment":                     {"WHERE `u`.`b` = 1", "/* */ WHERE `u`.`b` = 1"},
		"a semicolon":                   {"`u`.`b` = 1", "`u`.`b` = 1;"},
		"another join":                  {"JOIN (SELECT", "LEFT JOIN (SELECT"},
		"RECURSIVE":                     {"WITH `utdrag", "WITH RECURSIVE `utdrag"},
		"DISTINCT":                      {"SELECT `c`.`a`", "SELECT DISTINCT `c`.`a`"},
		"one more column":               {"SELECT `c`.`a`", "SELECT `c`.*, `c`.`a`"},
		"a union":                       {"`u`.`b` = 1", "`u`.`b` = 1 UNION SELECT 1, 2"},
		"a limit":                       {"`u`.`b` = 1", "`u`.`b` = 1 LIMIT 1"},
		"hidden in a version comment":   {"WHERE `u`.`b` = 1", "/*! JOIN `db`.`v` */ WHERE `u`.`b` = 1"},
	} {
		changed := strings.Replace(text, change[0], change[1], 1)
		if changed == text {
			t.Errorf("%s: nothing was changed in %s", title, text)
		} else if s.Check(changed, e) == nil {
			t.Errorf("%s passes: %s", title, changed)
		}
	}
}

// Edits that would let something through are refused, whoever wrote them.
func TestEditsAreChecked(t *testing.T) {
	s, err := Syntax{}.Read("SELECT t.a FROM t")
	if err != nil {
		t.Fatal(err)
	}
	for title, e := range map[string]rewrite.Edits{
		"none":                    {},
		"a table":                 {Tables: []string{"t"}},
		"another alias":           {Tables: []string{"(SELECT 1) AS u"}},
		"no alias":                {Tables: []string{"(SELECT 1)"}},
		"two tables":              {Tables: []string{"(SELECT 1) AS t, u"}},
		"more than a table":       {Tables: []string{"(SELECT 1) AS t WHERE 1"}},
		"two statements":          {Tables: []string{"(SELECT 1) AS t; SELECT 2"}},
		"a lateral one":           {Tables: []string{"LATERAL (SELECT 1) AS t"}},
		"a qualifier of an index": {Tables: []string{"(SELECT 1) AS t"}, Qualifiers: map[int]string{7: "`t`"}},
		"a qualifier that is SQL": {Tables: []string{"(SELECT 1) AS t"}, Qualifiers: map[int]string{0: "1 + t"}},
		"a set that is more":      {Tables: []string{"(SELECT 1) AS t"}, With: []rewrite.Definition{{Name: "k", Body: "SELECT 1), l AS (SELECT 2"}}},
	} {
		if text, err := s.Render(e); err == nil {
			t.Errorf("%s: %s", title, text)
		}
	}
	// A bare name in an edit could be a common table expression of the query's.
	e := rewrite.Edits{Tables: []string{"(SELECT * FROM u) AS t"}}
	text, err := s.Render(e)
	if err != nil {
		t.Fatal(err)
	}
	if s.Check(text, e) == nil {
		t.Errorf("a bare table name passes: %s", text)
	}
}

// A query can't read the sets of the filter, nor a filter what the query defines.
func TestNamesOfBothSidesStayApart(t *testing.T) {
	s, err := Syntax{}.Read("WITH mine AS (SELECT 1) SELECT * FROM utdrag_keys, t")
	if err != nil {
		t.Fatal(err)
	}
	e := edits(s)
	e.Tables[0] = "(SELECT 1) AS utdrag_keys"
	e.Tables[1] = "(SELECT * FROM mine) AS t"
	text, err := s.Render(e)
	if err != nil {
		t.Fatal(err)
	}
	if s.Check(text, e) == nil {
		t.Errorf("an edit reads a common table expression of the query: %s", text)
	}
}

func TestPlaceholders(t *testing.T) {
	s, err := Syntax{}.Read("SELECT a FROM t JOIN u ON t.a = u.a")
	if err != nil {
		t.Fatal(err)
	}
	e := rewrite.Edits{Tables: []string{"(SELECT a FROM d.t WHERE p = " + rewrite.Placeholder(12) + ") AS t", "(SELECT a FROM d.u WHERE p = " + rewrite.Placeholder(3) + ") AS u"}}
	got, err := s.Render(e)
	want := "SELECT `a` FROM (SELECT `a` FROM `d`.`t` WHERE `p` = " + rewrite.Placeholder(12) + ") AS `t` JOIN (SELECT `a` FROM `d`.`u` WHERE `p` = " +
		rewrite.Placeholder(3) + ") AS `u` ON `t`.`a` = `u`.`a`"
	if err != nil || got != want {
		t.Errorf("got %q, %v", got, err)
	}
	theirs, err := Syntax{}.Read("SELECT a FROM t WHERE b = ?")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := theirs.Render(rewrite.Edits{Tables: []string{"(SELECT a FROM d.t WHERE p = ?) AS t"}}); err == nil {
		t.Error("arguments of both sides are mixed")
	}
}

func TestView(t *testing.T) {
	for _, test := range []struct{ definition, columns, table string }{
		{"select `db`.`t`.`a` AS `a` from `db`.`t` where (`db`.`t`.`b` = _utf8mb4'x')", "", "db.t"},
		{"CREATE VIEW v AS SELECT a FROM t", "", "t"},
		{"create or replace algorithm=merge sql security invoker view `db`.`v` (`x`, y) as select a, b from t with cascaded check option;", "x y", "t"},
	} {
		s, columns, err := Syntax{}.View(test.definition)
		if err != nil {
			t.Errorf("%s: %v", test.definition, err)
			continue
		}
		if strings.Join(columns, " ") != test.columns || len(s.Tables) != 1 || strings.Join(s.Tables[0].Name, ".") != test.table {
			t.Errorf("%s: %v\n%s", test.definition, columns, dump(s))
		}
	}
	for _, definition := range []string{"", "CREATE TABLE t (a INT)", "CREATE VIEW v", "CREATE VIEW v AS", "CREATE VIEW v (a AS SELECT 1", "CREATE VIEW v AS DELETE FROM t",
		"CREATE DEFINER=`root`@`%` VIEW v AS SELECT 1", "CREATE TEMPORARY VIEW v AS SELECT 1", "CREATE VIEW v AS SELECT 1; SELECT 2"} {
		if _, _, err := (Syntax{}).View(definition); err == nil {
			t.Errorf("%s is read", definition)
		}
	}
}
