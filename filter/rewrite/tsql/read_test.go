package tsql

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/rewrite"
)

var update = flag.Bool("update", false, "write the golden file")

// accepted are queries with what is found in them, row by row of the behaviour table. testdata/accepted.golden has the rest.
var accepted = []struct{ row, sql string }{
	{"1 OR and NOT", "SELECT a FROM dbo.t WHERE b = 1 OR NOT (c = 2)"},
	{"2 comma and parentheses", "SELECT * FROM a, (b JOIN c ON b.i = c.i), d x JOIN e JOIN f ON e.i = f.i ON x.i = e.i"},
	{"3 outer joins", "SELECT a.i FROM a LEFT JOIN b ON a.i = b.i RIGHT OUTER JOIN c ON c.i = b.i FULL JOIN d ON d.i = c.i WHERE b.i IS NULL"},
	{"4 cross join", "SELECT 1 FROM a CROSS JOIN b"},
	{"5 self join, inner alias", "SELECT t.i FROM t JOIN t AS u ON t.i = u.p WHERE EXISTS (SELECT 1 FROM t WHERE t.i = 3)"},
	{"6 subqueries everywhere", "SELECT TOP (SELECT 3 FROM a) (SELECT MAX(i) FROM b), CASE WHEN EXISTS (SELECT 1 FROM c) THEN 1 END, ABS((SELECT i FROM d)), " +
		"SUM(x) OVER (PARTITION BY (SELECT i FROM e) ORDER BY (SELECT i FROM f)) FROM g JOIN h ON g.i = (SELECT i FROM j) " +
		"WHERE (SELECT i FROM k) IN (SELECT i FROM l) AND g.i BETWEEN (SELECT 1 FROM m) AND 2 AND g.i > ALL (SELECT i FROM n) " +
		"GROUP BY x HAVING MAX(y) > (SELECT i FROM o) ORDER BY (SELECT i FROM p) OFFSET (SELECT i FROM q) ROWS"},
	{"7 NOT IN", "SELECT i FROM a WHERE i NOT IN (SELECT i FROM b)"},
	{"8 correlated, derived in derived", "SELECT d.i FROM (SELECT e.i FROM (SELECT i FROM a WHERE a.i = (SELECT MAX(b.i) FROM b WHERE b.j = a.j)) e) d"},
	{"9 common table expression", "WITH c AS (SELECT i FROM a) SELECT c.i FROM c JOIN c AS d ON c.i = d.i"},
	{"10 the same name with a schema", "WITH t AS (SELECT i FROM dbo.t) SELECT t.i FROM t, dbo.t AS u"},
	{"12 recursive", "WITH r AS (SELECT i FROM a WHERE p IS NULL UNION ALL SELECT a.i FROM a JOIN r ON a.p = r.i) SELECT i FROM r OPTION (MAXRECURSION 5)"},
	{"13 earlier ones are visible", "WITH b AS (SELECT i FROM t), c AS (SELECT i FROM b) SELECT i FROM c"},
	{"14 set operations", "SELECT i FROM a UNION ALL (SELECT i FROM b EXCEPT SELECT i FROM c) INTERSECT SELECT i FROM d ORDER BY i"},
	{"15 APPLY", "SELECT x.i, y.i FROM a CROSS APPLY (SELECT b.i FROM b WHERE b.a = a.i) x OUTER APPLY (SELECT c.i FROM c JOIN (SELECT d.i FROM d WHERE d.a = x.i) e ON e.i = c.i) y"},
	{"16 pivot", "SELECT p.k FROM dbo.t AS s PIVOT (SUM(v) FOR m IN ([1], [2])) AS p JOIN dbo.u ON u.k = p.k"},
	{"16 unpivot", "SELECT u.v FROM (SELECT a, b, k FROM t) s UNPIVOT (v FOR c IN (a, b)) AS u"},
	{"19 three parts are for the map", "SELECT i FROM other.dbo.t"},
	{"21 row functions", "SELECT s.value, j.a, n.x.value('.', 'int') FROM t CROSS APPLY STRING_SPLIT(t.tags, ',') s CROSS APPLY OPENJSON(t.doc, '$') WITH (a int '$.a', b nvarchar(max) AS JSON) j CROSS APPLY t.doc2.nodes('/r') AS n(x)"},
	{"23 user functions", "SELECT dbo.f(t.a), CAST(t.b AS dbo.kind) FROM t CROSS APPLY dbo.g(t.c) h JOIN mine(3) m ON 1 = 1"},
	{"25 former rows", "SELECT p.i FROM dbo.t FOR SYSTEM_TIME BETWEEN '2024-01-01' AND @to AS p, u FOR SYSTEM_TIME ALL"},
	{"26 FOR JSON", "SELECT p.i FROM dbo.t p FOR JSON AUTO, ROOT(N'r')"},
	{"26 FOR XML in a derived table", "SELECT d.doc FROM (SELECT a, b FROM t FOR XML PATH('r'), TYPE) AS d (doc)"},
	{"15 VALUES after APPLY", "SELECT t.i, v.x FROM t CROSS APPLY (VALUES (t.a), (t.b)) AS v (x)"},
	{"27 GROUP BY ALL", "SELECT k, COUNT(*) FROM t WHERE a = 1 GROUP BY ALL k"},
	{"28 window, TOP, DISTINCT", "SELECT DISTINCT TOP 10 PERCENT WITH TIES a, RANK() OVER (ORDER BY b DESC) r FROM t ORDER BY c"},
	{"29 sample and hints", "SELECT 1 FROM a TABLESAMPLE (10 ROWS) WITH (NOLOCK), b AS c (NOLOCK), d (READPAST) e"},
	{"30 stars", "SELECT *, a.*, dbo.a.* FROM dbo.a"},
	{"31 qualified columns", "SELECT dbo.t.c, t.[c d], \"T\".\"c\"\"d\" FROM dbo.[t]"},
	{"46 parameters", "SELECT @a + t.b FROM t WHERE t.c IN (@b, @A)"},
	{"XML namespaces", "WITH XMLNAMESPACES ('urn:x' AS x, DEFAULT 'urn:y'), c AS (SELECT doc FROM t) SELECT c.doc.query('/x:a') FROM c"},
	{"XML namespaces alone", "WITH XMLNAMESPACES ('urn:x' AS x) SELECT t.doc.query('/x:a') FROM t"},
	{"30 star of a checksum", "SELECT BINARY_CHECKSUM(*), COUNT(*) FROM t JOIN u ON t.a = u.a"},
	{"23 default arguments", "SELECT dbo.f(DEFAULT, t.a) FROM t CROSS APPLY dbo.g(t.a, DEFAULT) h"},
	{"grouped by a sum in parentheses", "SELECT (a + b) / 2 FROM t GROUP BY c, (a + b) / 2, (SELECT i FROM u) + 1, (d, e)"},
	{"money", "SELECT $1.5 + €2 - $-4 FROM t WHERE a > £3.25"},
	{"operators in two pieces", "SELECT a FROM t WHERE a < > 1 AND b ! = 2 AND c >\n= 3 AND d! < 4"},
	{"29 query hints", "SELECT a FROM t OPTION (USE HINT('DISALLOW_BATCH_MODE', 'FORCE_DEFAULT_CARDINALITY_ESTIMATION'), LABEL = 'report', RECOMPILE)"},
	{"comments nest", "SELECT a /* one /* two */ three */ , b -- four\n FROM t"},
	{"our own text", "WITH [utdrag_keys_1_P] AS (SELECT DISTINCT t.[Id] FROM [dbo].[P] AS t WHERE t.[C] = @utdrag_p1) SELECT v.[Id] FROM (SELECT t.[Id], " +
		"CASE WHEN t.[N] IS NULL THEN NULL WHEN (LEN(CONVERT(nvarchar(max), t.[N]) COLLATE Latin1_General_100_CI_AS_SC + N'.') - 1) <= 2 THEN REPLICATE(CONVERT(nvarchar(max), N'*'), 2) ELSE N'' END AS [N], " +
		"LOWER(CONVERT(char(64), HASHBYTES('SHA2_256', 0x00 + HASHBYTES('SHA2_256', CONVERT(varbinary(max), CONVERT(varchar(max), LOWER(CONVERT(nvarchar(max), t.[M]) COLLATE Latin1_General_100_BIN2))))), 2)) AS [M] " +
		"FROM [dbo].[P] AS t WHERE (t.[Id] IN (SELECT k.[Id] FROM [utdrag_keys_1_P] AS k) OR EXISTS (SELECT 1 FROM [dbo].[Q] AS p1 WHERE p1.[a] = t.[b] AND NOT (p1.[c] IS NULL AND 1 = 0)))) AS v"},
}

func TestAccepted(t *testing.T) {
	var b strings.Builder
	for _, q := range accepted {
		s, err := Syntax{}.Read(q.sql)
		if err != nil {
			t.Errorf("%s: %v in\n%s", q.row, err, q.sql)
			continue
		}
		again, err := Syntax{}.Read(s.Text)
		if err != nil || dump(again) != dump(s) {
			t.Errorf("%s: the canonical text is read in another way: %v", q.row, err)
		}
		fmt.Fprintf(&b, "== %s\n%s\n%s\n", q.row, s.Text, dump(s))
	}
	const file = "testdata/accepted.golden"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("what was read differs from %s; run with -update and look at the difference", file)
	}
}

// refused are queries with the code, and the place where ▸ stands.
var refused = []struct {
	code rewrite.Code
	sql  string
}{
	// rows of the behaviour table
	{rewrite.CodeCommonScope, "WITH a AS (SELECT i FROM ▸b), b AS (SELECT i FROM t) SELECT i FROM a"},
	{rewrite.CodeCommonScope, "WITH a AS (SELECT 1 AS i), ▸A AS (SELECT 2 AS i) SELECT i FROM a"},
	{rewrite.CodeCommonScope, "WITH a AS (SELECT 1 AS i) SELECT i FROM ▸A"},
	{rewrite.CodeElsewhere, "SELECT 1 FROM ▸db..t"},
	{rewrite.CodeElsewhere, "SELECT 1 FROM ▸srv.db.dbo.t"},
	{rewrite.CodeRowset, "SELECT * FROM ▸OPENROWSET('a', 'b', 'SELECT 1') x"},
	{rewrite.CodeRowset, "SELECT * FROM ▸OPENQUERY(srv, 'SELECT 1') x"},
	{rewrite.CodeRowset, "SELECT * FROM ▸OPENDATASOURCE('a', 'b').db.dbo.t"},
	{rewrite.CodeRowset, "SELECT * FROM ▸OPENXML(@h, '/a')"},
	{rewrite.CodeNamesTable, "SELECT * FROM ▸CHANGETABLE(CHANGES dbo.t, 0) AS c"},
	{rewrite.CodeNamesTable, "SELECT * FROM ▸CONTAINSTABLE(dbo.t, c, 'x') k"},
	{rewrite.CodeNamesTable, "SELECT * FROM a JOIN ▸FREETEXTTABLE(dbo.t, *, 'x') k ON k.[KEY] = a.i"},
	{rewrite.CodeNamesTable, "SELECT * FROM a WHERE ▸CONTAINS(c, 'x')"},
	{rewrite.CodeNamesTable, "SELECT * FROM a WHERE b = 1 AND ▸FREETEXT(*, 'x')"},
	{rewrite.CodeFunction, "SELECT ▸USER_NAME()"},
	{rewrite.CodeFunction, "SELECT ▸SESSION_CONTEXT(N'x')"},
	{rewrite.CodeFunction, "SELECT ▸OBJECT_ID('dbo.t')"},
	{rewrite.CodeFunction, "SELECT ▸COL_NAME(1, 2)"},
	{rewrite.CodeFunction, "SELECT ▸CURRENT_USER"},
	{rewrite.CodeFunction, "SELECT ▸[LEN]('x')"},
	{rewrite.CodeFunction, "SELECT ▸f(1)"},
	{rewrite.CodeFunction, "SELECT ▸@@SERVERNAME"},
	{rewrite.CodeFunction, "SELECT ▸NEXT VALUE FOR s"},
	{rewrite.CodeSystem, "SELECT ▸sys.fn_x(1)"},
	{rewrite.CodeTemporary, "SELECT * FROM ▸#t"},
	{rewrite.CodeTemporary, "SELECT * FROM ▸[#t]"},
	{rewrite.CodeTemporary, "SELECT * FROM ▸tempdb.dbo.t"},
	{rewrite.CodeTemporary, "SELECT * FROM ▸@t"},
	{rewrite.CodeConstruct, "SELECT * FROM t FOR ▸SYSTEM_TIME AS OF GETDATE()"},
	{rewrite.CodeHint, "SELECT 1 FROM t WITH (▸UPDLOCK)"},
	{rewrite.CodeHint, "SELECT 1 FROM t WITH (NOLOCK, ▸XLOCK)"},
	{rewrite.CodeHint, "SELECT 1 FROM t (▸TABLOCKX)"},
	{rewrite.CodeHint, "SELECT 1 FROM t WITH (▸INDEX(1))"},
	{rewrite.CodeHint, "SELECT 1 FROM t OPTION (▸USE PLAN N'x')"},
	{rewrite.CodeHint, "SELECT 1 FROM t OPTION (RECOMPILE, ▸TABLE HINT (t, NOLOCK))"},
	{rewrite.CodeHint, "SELECT 1 FROM t OPTION (▸QUERYTRACEON 8649)"},
	{rewrite.CodePseudo, "SELECT ▸$IDENTITY FROM t"},
	{rewrite.CodePseudo, "SELECT t.▸$ROWGUID FROM t"},
	{rewrite.CodePseudo, "SELECT ▸%%physloc%% FROM t"},
	{rewrite.CodePseudo, "SELECT ▸$PARTITION.f(1) FROM t"},
	{rewrite.CodePseudo, "SELECT ▸IDENTITYCOL FROM t"},
	{rewrite.CodeSystem, "SELECT * FROM ▸sys.tables"},
	{rewrite.CodeSystem, "SELECT * FROM ▸[Information_Schema].[TABLES]"},
	{rewrite.CodeSystem, "SELECT * FROM ▸sysobjects"},
	{rewrite.CodeSystem, "SELECT * FROM ▸master.dbo.spt_values"},
	{rewrite.CodeSystem, "SELECT * FROM ▸fn_dblog(NULL, NULL)"},
	{rewrite.CodeWrites, "SELECT a ▸INTO b FROM t"},
	{rewrite.CodeWrites, "▸DELETE FROM t"},
	{rewrite.CodeWrites, "▸MERGE t USING u ON 1 = 1 WHEN MATCHED THEN DELETE;"},
	{rewrite.CodeWrites, "WITH c AS (SELECT 1 AS a) ▸DELETE FROM c"},
	{rewrite.CodeWrites, "SELECT * FROM (▸DELETE FROM t OUTPUT deleted.*) x"},
	{rewrite.CodeWrites, "▸EXEC('SELECT 1')"},
	{rewrite.CodeWrites, "SELECT ▸@a = 1"},
	{rewrite.CodeNotSelect, "▸USE db"},
	{rewrite.CodeNotSelect, "▸DECLARE @a int = 1"},
	{rewrite.CodeNotSelect, "▸1"},
	{rewrite.CodeStatements, "SELECT 1▸; SELECT 2"},
	{rewrite.CodeStatements, "SELECT 1 ▸SELECT 2"},
	{rewrite.CodeStatements, "SELECT a FROM t\n▸GO\nSELECT 2"},
	{rewrite.CodeStatements, "SELECT a FROM t OPTION (RECOMPILE) ▸x"},
	{rewrite.CodeStatements, "SELECT a FROM t WHERE (b ▸SELECT c FROM d)"},
	{rewrite.CodeStatements, "SELECT a FROM t ▸WAITFOR DELAY '0:1'"},
	{rewrite.CodeConstruct, "SELECT 1 FROM a, b WHERE a.x ▸*= b.x"},
	{rewrite.CodeConstruct, "SELECT a.x.▸query('sql:column(\"a.y\")') FROM a"},
	{rewrite.CodeFunction, "SELECT ▸x.value('.', 'int') FROM t"},
	{rewrite.CodeFunction, "SELECT t.x.▸value(@q, 'int') FROM t"},
	{rewrite.CodeFunction, "SELECT ▸u.x.exist('.') FROM t"},
	{rewrite.CodeFunction, "SELECT ▸dbo.value('.', 'int') FROM t CROSS APPLY (SELECT 1) AS x (dbo)"},
	{rewrite.CodeFunction, "SELECT 1 FROM t AS master CROSS APPLY ▸master.dbo.nodes('/x') AS n (x)"},
	{rewrite.CodeElsewhere, "SELECT ▸t.place.STAsText() FROM t"},
	{rewrite.CodeConstruct, "SELECT t.doc.▸query('declare namespace s=\"&#120;\"; s:column(\"a\")') FROM t"},

	// what a reader can be fooled by
	{rewrite.CodeSize, "▸"},
	{rewrite.CodeSize, "▸ /* nothing */ ;"},
	{rewrite.CodeCharacter, "SELECT 1▸\x00 FROM secret"},
	{rewrite.CodeCharacter, "SELECT ▸\x01 FROM t"},
	{rewrite.CodeCharacter, "SELECT▸\u00a0a FROM t"},
	{rewrite.CodeCharacter, "SELECT a ▸\u202e FROM t"},
	{rewrite.CodeCharacter, "SELECT ▸\uff21 FROM t"},
	{rewrite.CodeCharacter, "SELECT ▸\xff FROM t"},
	{rewrite.CodeCharacter, "SELECT ▸'a"},
	{rewrite.CodeCharacter, "SELECT ▸[a FROM t"},
	{rewrite.CodeCharacter, "SELECT ▸\"a FROM t"},
	{rewrite.CodeCharacter, "SELECT a ▸/* /* */ FROM t"},
	{rewrite.CodeCharacter, "SELECT a --x▸\rFROM secret\n FROM t"},
	{rewrite.CodeCharacter, "SELECT ▸'a\\\nb' FROM t"},
	{rewrite.CodeCharacter, "SELECT 1▸a FROM t"},
	{rewrite.CodeCharacter, "SELECT 0x1▸g FROM t"},
	{rewrite.CodeCharacter, "SELECT ▸1e FROM t"},
	{rewrite.CodeCharacter, "SELECT ▸[] FROM t"},
	{rewrite.CodeCharacter, "SELECT ▸€ FROM t"},
	{rewrite.CodePseudo, "SELECT ▸$--1\n FROM t"},
	{rewrite.CodeCharacter, "SELECT a FROM t WHERE b ▸!"},
	{rewrite.CodeCharacter, "SELECT €1▸a FROM t"},
	{rewrite.CodeCharacter, "SELECT €0▸x1 FROM t"},
	{rewrite.CodeConstruct, "SELECT LEN(▸DEFAULT) FROM t"},
	{rewrite.CodeConstruct, "SELECT CHECKSUM(a, ▸*) FROM t"},
	{rewrite.CodeHint, "SELECT a FROM t OPTION (▸USE HINT(@a))"},
	{rewrite.CodeNotSelect, "▸\u017fELECT 1"},
	{rewrite.CodeSyntax, "SELECT 1 ▸FROM"},
	{rewrite.CodeSyntax, "SELECT 1 FROM ▸(SELECT 1"},
	{rewrite.CodeSyntax, "SELECT 1▸) FROM t"},
	{rewrite.CodeSyntax, "SELECT a FROM t x ▸y"},
	{rewrite.CodeSyntax, "SELECT a FROM t x JOIN ▸u"},
	{rewrite.CodeSyntax, "SELECT a FROM (▸WITH c AS (SELECT 1 AS a) SELECT a FROM c) d"},
	{rewrite.CodeUnaccounted, "SELECT s.a FROM ▸secret s JOIN b ON REGEXP_LIKE(s.a, 'x')"},
	{rewrite.CodeUnaccounted, "SELECT a FROM t WHERE x LIKE (a ▸FROM secret)"},
	{rewrite.CodeFunction, "SELECT a FROM t WHERE ▸MATCH(a) = 1"},
	{rewrite.CodeUnaccounted, "SELECT a FROM t WHERE NOT (▸LEN)(a) = 1"},
	{rewrite.CodeConstruct, "SELECT a FROM t WHERE (b).▸c = 1"},
	{rewrite.CodeConstruct, "SELECT a COLLATE b.▸c FROM t"},
	{rewrite.CodeUnaccounted, "SELECT TRIM(a FROM b ▸FROM c) FROM t"},
	{rewrite.CodeSyntax, "SELECT a FROM t ▸LEFT LOCAL JOIN u ON 1 = 1"},
	{rewrite.CodeTemporary, "SELECT a FROM tempdb.▸#t"},
	{rewrite.CodePseudo, "SELECT ▸t.ROWGUIDCOL FROM t"},
	{rewrite.CodeCommonScope, "WITH a AS (SELECT 1 AS i UNION ALL SELECT i FROM ▸c), c AS (SELECT i FROM a) SELECT i FROM c"},
	{rewrite.CodeConstruct, "SELECT geography▸::Point(1, 2, 3)"},
	{rewrite.CodeConstruct, "SELECT a FROM t ▸FOR BROWSE"},
	{rewrite.CodeConstruct, "SELECT SUM(▸*) FROM t"},
	{rewrite.CodeSyntax, "SELECT ▸DATEADD((SELECT 1), 1, a) FROM t"},
}

func TestRefused(t *testing.T) {
	for _, q := range refused {
		sql := strings.Replace(q.sql, "▸", "", 1)
		_, err := Syntax{}.Read(sql)
		var list diag.List
		if !errors.As(err, &list) || len(list) != 1 {
			t.Errorf("%v, not a refusal of\n%s", err, sql)
			continue
		}
		if list[0].Code != string(q.code) {
			t.Errorf("%v, not %s of\n%s", err, q.code, sql)
		}
		if at := strings.Index(q.sql, "▸"); at >= 0 && list[0].Subject.Start.Byte != at {
			t.Errorf("refused at %d, not %d: %v in\n%s", list[0].Subject.Start.Byte, at, err, sql)
		}
		if s := list[0].Summary; strings.Contains(s, "\n") || strings.HasSuffix(s, ".") || strings.HasPrefix(s, " ") {
			t.Errorf("the refusal %q is no lowercase line without a full stop", s)
		}
	}
}
