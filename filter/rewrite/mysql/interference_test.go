package mysql

import (
	"slices"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// schema has the rows of two providers, with values by which a stranger's row would show.
const schema = `
	CREATE TABLE p (id INT PRIMARY KEY, provider INT, name VARCHAR(20), born DATE, n INT NULL);
	CREATE TABLE v (id INT PRIMARY KEY, provider INT, pid INT, cost DECIMAL(8,2), doc JSON);
	CREATE TABLE pub (id INT PRIMARY KEY, provider INT, label VARCHAR(20));
	CREATE TABLE ` + "`o\"d``d '--`" + ` (id INT PRIMARY KEY, provider INT, ` + "`a``b\"c`" + ` INT);
	INSERT INTO p VALUES (1,1,'Ada','1980-01-02',10),(2,1,'Bo','1990-05-06',NULL),(3,1,'Cy','2000-07-08',-5),(4,2,'Di','1970-01-01',10),(5,2,'Ed','1960-01-01',7);
	INSERT INTO v VALUES (1,1,1,10.50,'{"k":1}'),(2,1,1,20.25,'{"k":2}'),(3,1,2,5,NULL),(4,2,4,99,'{"k":9}'),(5,2,1,77,'{"k":8}'),(6,1,9,3,'[]');
	INSERT INTO pub VALUES (1,1,'one'),(2,1,'two'),(4,2,'four'),(9,1,'nine');
	INSERT INTO ` + "`o\"d``d '--`" + ` VALUES (1,1,7),(2,2,8);
`

// queries are rows of the behaviour table that a server can be asked.
var queries = []struct{ title, query string }{
	{"01 condition with OR", "SELECT * FROM p WHERE id = 1 OR 1 = 1"},
	{"01 condition with NOT", "SELECT * FROM p WHERE NOT (provider = 1)"},
	{"02 comma joins", "SELECT p.id, v.cost FROM p, v WHERE v.pid = p.id"},
	{"02 joins in parentheses", "SELECT * FROM (p JOIN (v JOIN pub ON pub.id = v.pid) ON p.id = v.pid)"},
	{"02 trailing ONs", "SELECT * FROM p JOIN v JOIN pub ON pub.id = v.pid ON p.id = v.pid"},
	{"03 left join", "SELECT * FROM pub LEFT JOIN p ON p.id = pub.id"},
	{"03 right join", "SELECT * FROM pub RIGHT JOIN p ON p.id = pub.id"},
	{"03 chain", "SELECT * FROM pub LEFT JOIN p ON p.id = pub.id RIGHT JOIN v ON v.pid = p.id"},
	{"03 anti-join", "SELECT p.* FROM p LEFT JOIN v ON v.pid = p.id WHERE v.id IS NULL"},
	{"04 cross join", "SELECT COUNT(*) FROM p CROSS JOIN v"},
	{"04 using", "SELECT * FROM p JOIN pub USING (id, provider)"},
	{"04 natural", "SELECT * FROM p NATURAL JOIN pub"},
	{"04 natural left", "SELECT * FROM p NATURAL LEFT JOIN pub"},
	{"04 straight join", "SELECT STRAIGHT_JOIN p.id FROM p STRAIGHT_JOIN v ON v.pid = p.id"},
	{"05 self join", "SELECT a.id, b.id FROM p a JOIN p b ON a.n = b.n"},
	{"05 alias again inside", "SELECT a.id FROM p a WHERE EXISTS (SELECT 1 FROM v a WHERE a.pid = 1)"},
	{"06 subqueries everywhere", "SELECT (SELECT MAX(cost) FROM v WHERE v.pid = p.id), CASE WHEN id IN (SELECT pid FROM v) THEN 1 ELSE (SELECT COUNT(*) FROM pub) END FROM p WHERE n BETWEEN (SELECT MIN(n) FROM p) AND (SELECT MAX(n) FROM p) ORDER BY (SELECT COUNT(*) FROM v WHERE v.pid = p.id), id"},
	{"06 subquery in GROUP BY and HAVING", "SELECT pid, COUNT(*) FROM v GROUP BY pid, (SELECT COUNT(*) FROM p) HAVING COUNT(*) <= (SELECT COUNT(*) FROM p)"},
	{"06 subquery in ON", "SELECT * FROM p JOIN v ON v.pid = p.id AND v.id IN (SELECT id FROM pub)"},
	{"06 left of IN", "SELECT id FROM pub WHERE (SELECT MAX(id) FROM p) NOT IN (SELECT id FROM v)"},
	{"06 quantified", "SELECT id FROM p WHERE id >= ALL (SELECT pid FROM v WHERE pid < 9) OR id = ANY (SELECT id FROM pub)"},
	{"06 function argument", "SELECT COALESCE((SELECT label FROM pub WHERE pub.id = p.id), 'none') FROM p"},
	{"06 inside OVER", "SELECT id, SUM(n) OVER (ORDER BY (SELECT COUNT(*) FROM v WHERE v.pid = p.id), id) FROM p"},
	{"07 exists", "SELECT id FROM pub WHERE EXISTS (SELECT 1 FROM p WHERE p.id = pub.id)"},
	{"07 not exists", "SELECT id FROM v WHERE NOT EXISTS (SELECT 1 FROM p WHERE p.id = v.pid)"},
	{"07 not in", "SELECT id FROM v WHERE pid NOT IN (SELECT id FROM p)"},
	{"08 derived in derived", "SELECT x.c FROM (SELECT y.cost + 1 AS c FROM (SELECT * FROM v WHERE cost > 4) y) x"},
	{"08 name of an expression inside", "SELECT `cost+1` FROM (SELECT cost+1 FROM v) x"},
	{"09 common table expression", "WITH a AS (SELECT id FROM p), b AS (SELECT v.* FROM v JOIN a ON a.id = v.pid) SELECT * FROM b JOIN a ON a.id = b.pid"},
	{"10 named like a table", "WITH v AS (SELECT 42 AS z FROM p) SELECT * FROM v, db.v w"},
	{"11 shadows a table", "WITH p AS (SELECT * FROM v) SELECT * FROM p JOIN pub ON pub.id = p.pid"},
	{"11 its own body reads the table", "WITH p AS (SELECT id FROM p) SELECT * FROM p"},
	{"12 recursive", "WITH RECURSIVE r (id, d) AS (SELECT id, 1 FROM p UNION ALL SELECT id, d + 1 FROM r WHERE d < 3) SELECT * FROM r"},
	{"13 seen from everywhere", "WITH a AS (SELECT id FROM p) SELECT (SELECT MAX(id) FROM a), x.id FROM (SELECT * FROM (SELECT * FROM a) y) x WHERE id IN (SELECT id FROM a) OR EXISTS (SELECT 1 FROM a z WHERE z.id = 99) ORDER BY (SELECT MIN(id) FROM a)"},
	{"14 set operations", "SELECT id FROM p UNION ALL SELECT pid FROM v EXCEPT SELECT id FROM pub"},
	{"14 branches in parentheses", "(SELECT id FROM p ORDER BY id DESC LIMIT 2) UNION (SELECT pid FROM v) ORDER BY id LIMIT 3"},
	{"14 intersect", "SELECT id FROM p INTERSECT SELECT pid FROM v"},
	{"28 windows and limits", "SELECT id, RANK() OVER w, LAG(n) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), COUNT(*) OVER () FROM p WINDOW w AS (PARTITION BY provider ORDER BY n DESC) ORDER BY id LIMIT 1, 2"},
	{"28 aggregates", "SELECT DISTINCT provider, COUNT(*), COUNT(DISTINCT n), AVG(n), GROUP_CONCAT(name ORDER BY id DESC SEPARATOR '; '), STD(n), VARIANCE(n) FROM p GROUP BY provider WITH ROLLUP"},
	{"30 stars", "SELECT a.*, v.id FROM p a JOIN v ON v.pid = a.id"},
	{"31 qualified columns", "SELECT db.p.id, db.v.* FROM db.p JOIN db.v ON db.v.pid = db.p.id"},
	{"31 hostile names", "SELECT \"o\"\"d`d '--\".`a``b\"c` AS \"x`y\" FROM `o\"d``d '--`"},
	{"37 already filtered", "SELECT * FROM p WHERE provider = 2"},
	{"printing: signs", "SELECT 5 - -id, - -id, -(-n), 1 - (-n) - -1 FROM p"},
	{"printing: MOD", "SELECT MOD(id + 1, 2) * 3, 2 * MOD(7, id + 1) FROM p"},
	{"printing: pipes", "SELECT name || '-' || id || '' FROM p"},
	{"printing: dates", "SELECT born + INTERVAL 1 MONTH, INTERVAL id DAY + born, DATE_ADD(born, INTERVAL id + 1 YEAR), ADDDATE(born, 5), TIMESTAMPDIFF(YEAR, born, DATE '2020-01-01'), EXTRACT(YEAR_MONTH FROM born) FROM p"},
	{"printing: texts", "SELECT 'it''s', '\"', '`', '-- ', '/*', ';', 'é', '' FROM p WHERE name <> 'a''b'"},
	{"printing: conversions", "SELECT CAST(id AS CHAR(2)), CAST(n AS DECIMAL(10,3)), CONVERT(name, BINARY), CONVERT(name USING utf8mb4), CAST(id AS UNSIGNED), CAST(born AS DATETIME), BINARY name = 'ada' FROM p"},
	{"printing: texts cut", "SELECT TRIM(LEADING FROM name), TRIM(BOTH 'A' FROM name), TRIM('A' FROM name), SUBSTRING(name FROM 2 FOR 1), POSITION('d' IN name), LEFT(name, 1) FROM p"},
	{"printing: json", "SELECT JSON_EXTRACT(doc, '$.k'), JSON_UNQUOTE(JSON_EXTRACT(doc, '$.k')), JSON_VALUE(doc, '$.k') FROM v"},
	{"printing: logic", "SELECT id FROM p WHERE NOT n = 10 AND NOT id BETWEEN 2 AND 2 XOR id IS NULL IS TRUE OR n IS NOT NULL AND id LIKE '1|%' ESCAPE '|' AND !(id = 3)"},
	{"printing: numbers", "SELECT 1.50, .5, 1e3, 007, 0x41, X'4142', b'1000001', 18446744073709551615, 9223372036854775808, TRUE, NULL FROM p"},
	{"printing: rows", "SELECT id FROM p WHERE (id, provider) IN (SELECT pid, provider FROM v) AND (1, 2) = ROW(1, 2)"},
	{"printing: collation", "SELECT name COLLATE utf8mb4_bin = 'ada', name LIKE 'a%' COLLATE utf8mb4_bin FROM p"},
}

// ownEdits let the rows of one provider through.
func ownEdits(s *rewrite.Statement) rewrite.Edits {
	e := rewrite.Edits{With: []rewrite.Definition{{Name: "`utdrag_keys`", Columns: " (`k`)", Body: "SELECT 1 FROM DUAL WHERE 1 = 1"}}, Qualifiers: map[int]string{}}
	for _, t := range s.Tables {
		e.Tables = append(e.Tables, "(SELECT t.* FROM `alla`."+backquoted(t.Name[len(t.Name)-1])+" AS t WHERE EXISTS (SELECT 1 FROM utdrag_keys WHERE k = t.provider)) AS "+t.Text)
	}
	for i, c := range s.Columns {
		if len(c.Parts) == 3 {
			e.Qualifiers[i] = backquoted(c.Parts[1])
		}
	}
	return e
}

// Over the data of all providers a rewritten query says what the query says over the data of one, whatever the
// sql_mode of the server.
func TestNonInterference(t *testing.T) {
	s := mariadb(t)
	setup := "CREATE DATABASE alla; CREATE DATABASE egen; USE alla;" + schema + "USE egen;" + schema +
		"DELETE FROM p WHERE provider <> 1; DELETE FROM v WHERE provider <> 1; DELETE FROM pub WHERE provider <> 1; DELETE FROM `o\"d``d '--` WHERE provider <> 1;"
	if _, err := s.run("", setup); err != nil {
		t.Fatal(err)
	}
	for _, q := range queries {
		t.Run(q.title, func(t *testing.T) {
			want, err := s.run("egen", strings.ReplaceAll(q.query, "db.", "egen."))
			if err != nil {
				t.Fatalf("the server doesn't take the query itself: %v", err)
			}
			read, err := Syntax{}.Read(q.query)
			if err != nil {
				t.Fatal(err)
			}
			e := ownEdits(read)
			text, err := read.Render(e)
			if err != nil {
				t.Fatal(err)
			}
			if err := read.Check(text, e); err != nil {
				t.Fatalf("%s\n%v", text, err)
			}
			for _, mode := range []string{"", "SET sql_mode = '';", "SET sql_mode = 'HIGH_NOT_PRECEDENCE,IGNORE_SPACE';"} {
				got, err := s.run("alla", mode+text)
				if err != nil {
					t.Fatalf("%s\n%v", text, err)
				}
				if sorted(got) != sorted(strings.ReplaceAll(want, "egen.", "db.")) {
					t.Errorf("%s%s\ngot\n%swant\n%s", mode, text, got, want)
				}
			}
		})
	}
}

// The server reads the table c where a reader of the standard would see a common table expression. The reader here refuses
// such queries; should the server change, this test says so.
func TestScopeThatServersDoNotAgreeAbout(t *testing.T) {
	const query = "WITH c AS (SELECT 1 AS n) SELECT * FROM (WITH a AS (SELECT * FROM c) SELECT * FROM a) d"
	if _, err := (Syntax{}).Read(query); err == nil {
		t.Error("a nested WITH is read")
	}
	s := mariadb(t)
	if _, err := s.run("", "CREATE DATABASE nested; USE nested; CREATE TABLE c (x INT); INSERT INTO c VALUES (99)"); err != nil {
		t.Fatal(err)
	}
	if got, err := s.run("nested", query); err != nil || got != "x\n99\n" {
		t.Logf("this server reads it as %q, %v", got, err)
	}
}

// sorted puts lines in order: a server may give rows in any.
func sorted(rows string) string {
	lines := strings.Split(rows, "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// Every function on the lists is the server's own: a name that is not would lead to somebody's stored function.
func TestFunctionsAreBuiltIn(t *testing.T) {
	s := mariadb(t)
	if _, err := s.run("", "CREATE DATABASE IF NOT EXISTS functions"); err != nil {
		t.Fatal(err)
	}
	var asked strings.Builder
	for _, list := range []map[string]bool{scalar, aggregates, windows} {
		for name := range list {
			for _, arguments := range []string{"()", "(1)", "(1, 2)"} {
				asked.WriteString("SELECT " + name + arguments + ";\n")
			}
		}
	}
	problems := s.problems("functions", asked.String())
	if strings.Contains(problems, "ERROR 1305") {
		t.Errorf("a function is not the server's own: %s", problems)
	}
	if !strings.Contains(s.problems("functions", "SELECT nobodys_function(1)"), "ERROR 1305") {
		t.Error("the server doesn't say which functions it doesn't have")
	}
}

// What the reader says of the scope of common table expressions is what the server does.
func TestScopeIsTheServers(t *testing.T) {
	s := mariadb(t)
	if _, err := s.run("", "CREATE DATABASE scopes; USE scopes; CREATE TABLE c (x INT); INSERT INTO c VALUES (99)"); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ query, want string }{
		{"WITH c AS (SELECT 1 AS n) SELECT * FROM c", "n\n1\n"},
		{"WITH c AS (SELECT 1 AS n) SELECT * FROM scopes.c", "x\n99\n"},
		{"WITH c AS (SELECT x + 1 AS n FROM c) SELECT * FROM c", "n\n100\n"},
		{"WITH a AS (SELECT 1 AS n), c AS (SELECT * FROM a) SELECT * FROM c", "n\n1\n"},
		{"WITH c AS (SELECT 1 AS n) SELECT * FROM (SELECT * FROM (SELECT * FROM c) x) y", "n\n1\n"},
		{"WITH c AS (SELECT 1 AS n), d AS (SELECT (SELECT n FROM (SELECT * FROM c) x) AS m) SELECT * FROM d", "m\n1\n"},
		{"WITH c AS (SELECT 1 AS n) (SELECT n FROM c) UNION ALL (SELECT n FROM c)", "n\n1\n1\n"},
		{"WITH RECURSIVE c AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM c WHERE n < 2) SELECT * FROM c", "n\n1\n2\n"},
	} {
		read, err := Syntax{}.Read(test.query)
		if err != nil {
			t.Errorf("%s\n%v", test.query, err)
			continue
		}
		if got, err := s.run("scopes", test.query); err != nil || got != test.want {
			t.Errorf("%s\ngot %q, %v", test.query, got, err)
		}
		wantTable := strings.Contains(test.want, "99") || strings.Contains(test.want, "100")
		if (len(read.Tables) == 1) != wantTable {
			t.Errorf("%s\n%s", test.query, dump(read))
		}
	}
}
