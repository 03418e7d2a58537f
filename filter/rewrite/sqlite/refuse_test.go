package sqlite

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/rewrite"
)

// What is refused, with its code and place. Each is something by which a reader could be fooled, or which reads past it.
func TestRefused(t *testing.T) {
	for _, c := range []struct {
		query string
		code  rewrite.Code
		at    string
	}{
		// Statements.
		{"", rewrite.CodeSize, "1:1"},
		{" -- nothing\n;", rewrite.CodeSize, "1:1"},
		{"SELECT 1; SELECT 2", rewrite.CodeStatements, "1:9"},
		{"SELECT 1;;", rewrite.CodeStatements, "1:9"},
		{";SELECT 1", rewrite.CodeStatements, "1:1"},
		{"EXPLAIN SELECT 1", rewrite.CodeNotSelect, "1:1"},
		{"\n  EXPLAIN QUERY PLAN SELECT 1", rewrite.CodeNotSelect, "2:3"},
		{"DELETE FROM t RETURNING *", rewrite.CodeNotSelect, "1:1"},
		{"INSERT INTO t SELECT 1", rewrite.CodeNotSelect, "1:1"},
		{"WITH a AS (SELECT 1) DELETE FROM t", rewrite.CodeNotSelect, "1:1"},
		{"WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a", rewrite.CodeNotSelect, "1:1"},
		{"PRAGMA table_info(t)", rewrite.CodeNotSelect, "1:1"},
		{"ATTACH 'x' AS y", rewrite.CodeNotSelect, "1:1"},
		{"(SELECT 1)", rewrite.CodeNotSelect, "1:1"},
		{"SELECT 1 INTO x FROM t", rewrite.CodeSyntax, "1:10"},
		{"SELECT 1 FROM t FOR UPDATE", rewrite.CodeSyntax, "1:21"},
		{"SELECT", rewrite.CodeSyntax, "1:7"},
		{"SELECT 1 FROM", rewrite.CodeSyntax, "1:14"},
		{"SELECT current_date.* FROM t", rewrite.CodeSyntax, "1:8"},
		{"SELECT 1 FROM t ORDER BY 1 UNION SELECT 2", rewrite.CodeSyntax, "1:1"},
		{"SELECT 1 FROM (SELECT 1; SELECT 2)", rewrite.CodeStatements, "1:24"},
		// Characters, quotes, comments.
		{"SELECT 1 /* x", rewrite.CodeCharacter, "1:10"},
		{"SELECT 1 /*/", rewrite.CodeCharacter, "1:10"},
		{"SELECT 'x", rewrite.CodeCharacter, "1:8"},
		{"SELECT \"x", rewrite.CodeCharacter, "1:8"},
		{"SELECT [x", rewrite.CodeCharacter, "1:8"},
		{"SELECT `x``", rewrite.CodeCharacter, "1:8"},
		{"SELECT 1\x00 FROM t", rewrite.CodeCharacter, "1:9"},
		{"SELECT 'a\x00b'", rewrite.CodeCharacter, "1:10"},
		{"SELECT [a\x00b]", rewrite.CodeCharacter, "1:10"},
		{"SELECT 1 -- a\x00\n", rewrite.CodeCharacter, "1:14"},
		{"SELECT 1 /*\x00*/", rewrite.CodeCharacter, "1:12"},
		{"SELECT\u00a01", rewrite.CodeCharacter, "1:7"},
		{"SELECT a\u200bb FROM t", rewrite.CodeCharacter, "1:9"},
		{"SELECT a\u202e FROM t", rewrite.CodeCharacter, "1:9"},
		{"\ufeffSELECT 1", rewrite.CodeCharacter, "1:1"},
		{"SELECT\v1", rewrite.CodeCharacter, "1:7"},
		{"SELECT\f1", rewrite.CodeCharacter, "1:7"},
		{"SELECT '\xff'", rewrite.CodeCharacter, "1:9"},
		{"SELECT 1abc", rewrite.CodeCharacter, "1:8"},
		{"SELECT 1__0", rewrite.CodeCharacter, "1:9"},
		{"SELECT 0x", rewrite.CodeCharacter, "1:8"},
		{"SELECT x'0'", rewrite.CodeCharacter, "1:8"},
		{"SELECT x'0g'", rewrite.CodeCharacter, "1:8"},
		{"SELECT #1", rewrite.CodeCharacter, "1:8"},
		{"SELECT a ! b", rewrite.CodeCharacter, "1:10"},
		{"SELECT a \\ b", rewrite.CodeCharacter, "1:10"},
		{"SELECT {fn now()}", rewrite.CodeCharacter, "1:8"},
		// Texts and names.
		{"SELECT a 'x' FROM t", rewrite.CodeConstruct, "1:10"},
		{"SELECT a AS 'x' FROM t", rewrite.CodeConstruct, "1:13"},
		{"SELECT 1 FROM 't'", rewrite.CodeConstruct, "1:15"},
		{"SELECT 1 FROM 'main'.t", rewrite.CodeConstruct, "1:15"},
		{"SELECT 1 FROM t 'x'", rewrite.CodeConstruct, "1:17"},
		{"SELECT 't'.a FROM t", rewrite.CodeConstruct, "1:8"},
		{"SELECT t.'a' FROM t", rewrite.CodeConstruct, "1:10"},
		{"SELECT 't'.* FROM t", rewrite.CodeConstruct, "1:8"},
		{"WITH 'a' AS (SELECT 1) SELECT 1", rewrite.CodeConstruct, "1:6"},
		{"WITH a('x') AS (SELECT 1) SELECT 1", rewrite.CodeConstruct, "1:8"},
		{"SELECT a COLLATE 'binary' FROM t", rewrite.CodeConstruct, "1:18"},
		{"SELECT CAST(a AS 'int') FROM t", rewrite.CodeConstruct, "1:18"},
		{"SELECT CAST(a AS ) FROM t", rewrite.CodeConstruct, "1:8"},
		{"SELECT 1 FROM t INDEXED BY 'x'", rewrite.CodeConstruct, "1:28"},
		{"SELECT 1 FROM t JOIN u USING ('a')", rewrite.CodeConstruct, "1:31"},
		{"SELECT \"\" FROM t", rewrite.CodeConstruct, "1:8"},
		{"SELECT a COLLATE mine FROM t", rewrite.CodeFunction, "1:18"},
		// Tables of other kinds.
		{"SELECT * FROM sqlite_master", rewrite.CodeSystem, "1:15"},
		{"SELECT * FROM main.\"SQLite_Schema\" x", rewrite.CodeSystem, "1:15"},
		{"SELECT * FROM [sqlite_stat1]", rewrite.CodeSystem, "1:15"},
		{"SELECT * FROM pragma_table_info('t')", rewrite.CodeSystem, "1:15"},
		{"SELECT * FROM pragma_database_list", rewrite.CodeSystem, "1:15"},
		{"SELECT * FROM dbstat", rewrite.CodeSystem, "1:15"},
		{"SELECT * FROM main.pragma_table_info('t')", rewrite.CodeSystem, "1:15"},
		{"SELECT * FROM temp.t", rewrite.CodeTemporary, "1:15"},
		{"SELECT * FROM \"TEMP\".t", rewrite.CodeTemporary, "1:15"},
		{"SELECT * FROM other.t", rewrite.CodeElsewhere, "1:15"},
		{"SELECT * FROM a.b.c", rewrite.CodeSyntax, "1:18"},
		{"SELECT * FROM temp.sqlite_master", rewrite.CodeTemporary, "1:15"},
		{"SELECT * FROM other.sqlite_master", rewrite.CodeElsewhere, "1:15"},
		// Functions and operators that read tables, or reach outside.
		{"SELECT * FROM json_each", rewrite.CodeTableCall, "1:15"},
		{"SELECT * FROM main.json_each('[]')", rewrite.CodeTableCall, "1:15"},
		{"SELECT * FROM patient_fts('x')", rewrite.CodeTableCall, "1:15"},
		{"SELECT * FROM t()", rewrite.CodeTableCall, "1:15"},
		{"SELECT 1 FROM t WHERE t MATCH 'x'", rewrite.CodeNamesTable, "1:25"},
		{"SELECT 1 FROM t WHERE a NOT MATCH 'x'", rewrite.CodeNamesTable, "1:29"},
		{"SELECT match('x', a) FROM t", rewrite.CodeNamesTable, "1:8"},
		{"SELECT snippet(t) FROM t", rewrite.CodeNamesTable, "1:8"},
		{"SELECT 1 FROM t WHERE a REGEXP 'x'", rewrite.CodeFunction, "1:25"},
		{"SELECT load_extension('x')", rewrite.CodeFunction, "1:8"},
		{"SELECT [Load_Extension]('x')", rewrite.CodeFunction, "1:8"},
		{"SELECT readfile('x')", rewrite.CodeFunction, "1:8"},
		{"SELECT last_insert_rowid()", rewrite.CodeFunction, "1:8"},
		{"SELECT sqlite_offset(a) FROM t", rewrite.CodeFunction, "1:8"},
		{"SELECT fts3_tokenizer('x')", rewrite.CodeFunction, "1:8"},
		{"SELECT a IN t FROM u", rewrite.CodeConstruct, "1:8"},
		{"SELECT a NOT IN main.t FROM u", rewrite.CodeConstruct, "1:8"},
		{"SELECT a IN json_each('[1]') FROM u", rewrite.CodeConstruct, "1:8"},
		{"SELECT RAISE(IGNORE)", rewrite.CodeConstruct, "1:8"},
		{"SELECT RAISE(ABORT, 'x')", rewrite.CodeConstruct, "1:8"},
		// Joins.
		{"SELECT 1 FROM t OUTER JOIN u", rewrite.CodeConstruct, "1:17"},
		{"SELECT 1 FROM t LEFT x JOIN u", rewrite.CodeConstruct, "1:17"},
		{"SELECT 1 FROM t LEFT \"OUTER\" JOIN u", rewrite.CodeConstruct, "1:17"},
		{"SELECT 1 FROM t LEFT 'OUTER' JOIN u", rewrite.CodeConstruct, "1:17"},
		{"SELECT 1 FROM t INNER OUTER JOIN u", rewrite.CodeConstruct, "1:17"},
		{"SELECT 1 FROM (t JOIN u) AS x", rewrite.CodeConstruct, "1:15"},
		{"SELECT 1 FROM (t) x", rewrite.CodeConstruct, "1:15"},
		{"SELECT 1 FROM t AS x(a, b)", rewrite.CodeSyntax, "1:21"},
		// Common table expressions.
		{"WITH a AS (SELECT 1), A AS (SELECT 2) SELECT * FROM a", rewrite.CodeCommonScope, "1:23"},
		{"WITH a AS (WITH a AS (SELECT 1) SELECT 1 UNION ALL SELECT * FROM a) SELECT * FROM a", rewrite.CodeCommonScope, "1:17"},
		{"WITH json_each AS (SELECT 1) SELECT * FROM json_each('[]')", rewrite.CodeCommonScope, "1:6"},
		{"WITH sqlite_master AS (SELECT 1) SELECT * FROM sqlite_master", rewrite.CodeCommonScope, "1:6"},
		{"WITH a AS (SELECT 1) SELECT * FROM a('x')", rewrite.CodeTableCall, "1:36"},
		{"WITH a AS (SELECT 1) SELECT * FROM a INDEXED BY i", rewrite.CodeHint, "1:36"},
		{"WITH a AS (SELECT 1) SELECT * FROM a NOT INDEXED", rewrite.CodeHint, "1:36"},
		// Arguments.
		{"SELECT ?, :a", rewrite.CodeParameter, "1:11"},
		{"SELECT ?1, ?", rewrite.CodeParameter, "1:12"},
		{"SELECT :a, @a", rewrite.CodeParameter, "1:12"},
		{"SELECT ?0", rewrite.CodeParameter, "1:8"},
		{"SELECT ?32767", rewrite.CodeParameter, "1:8"},
		{"SELECT ?99999999999999999999", rewrite.CodeParameter, "1:8"},
		{"SELECT ?32766, :a", rewrite.CodeParameter, "1:16"},
		{"SELECT $a::b", rewrite.CodeParameter, "1:8"},
		{"SELECT $a(b)", rewrite.CodeParameter, "1:8"},
		{"SELECT ?1a", rewrite.CodeParameter, "1:8"},
		{"SELECT :", rewrite.CodeCharacter, "1:8"},
		{"SELECT a::int", rewrite.CodeCharacter, "1:9"},
		// Other dialects.
		{"SELECT TOP 1 a FROM t", rewrite.CodeSyntax, "1:12"},
		{"SELECT a FROM t CROSS APPLY u", rewrite.CodeSyntax, "1:30"},
		{"SELECT a FROM t, LATERAL (SELECT 1)", rewrite.CodeSyntax, "1:27"},
		{"SELECT a FROM TABLE t", rewrite.CodeSyntax, "1:15"},
		{"TABLE t", rewrite.CodeNotSelect, "1:1"},
		{"SELECT /*! 1 */ 'a' \"b\" 'c'", rewrite.CodeSyntax, "1:25"},
	} {
		s, err := Syntax{}.Read(c.query)
		if err == nil {
			t.Errorf("%q was read:\n%s", c.query, dump(s))
			continue
		}
		d := first(t, err)
		if at := fmt.Sprintf("%d:%d", d.Subject.Start.Line, d.Subject.Start.Column); d.Code != string(c.code) || at != c.at {
			t.Errorf("%q: %s at %s, not %s at %s: %s", c.query, d.Code, at, c.code, c.at, d.Summary)
		}
	}
}

func first(t *testing.T, err error) diag.Diagnostic {
	t.Helper()
	var list diag.List
	if !errors.As(err, &list) || len(list) == 0 {
		t.Fatalf("%v is no list of diagnostics", err)
	}
	return list[0]
}

// What is too long or too deep is refused, and what a report may well write isn't.
func TestSize(t *testing.T) {
	deep := func(n int, open, middle, end string) string {
		return strings.Repeat(open, n) + middle + strings.Repeat(end, n)
	}
	for _, query := range []string{
		"SELECT " + strings.Repeat(" ", rewrite.MaxLength),
		"SELECT " + deep(201, "(", "1", ")"),
		"SELECT " + deep(201, "CASE WHEN 1 THEN ", "1", " END"),
		"SELECT " + deep(201, "- ", "1", ""),
		"SELECT " + deep(201, "NOT ", "1", ""),
		"SELECT " + deep(201, "abs(", "1", ")"),
		"SELECT * FROM " + deep(201, "(", "t", ")"),
		"SELECT " + deep(100000, "1 + NOT ", "1", ""),
		"SELECT " + deep(100000, "(end+", "1", ""),
		"SELECT 1" + deep(1100, " + 1", "", ""),
		"SELECT 1" + deep(100000, " ISNULL", "", ""),
		"SELECT a" + deep(100000, " COLLATE binary", "", ""),
		"SELECT 1 FROM t" + deep(501, ", t", "", ""),
	} {
		if _, err := (Syntax{}).Read(query); err == nil || first(t, err).Code != string(rewrite.CodeSize) {
			t.Errorf("%.60q…: %.200v", query, err)
		}
	}
	for _, query := range []string{
		"SELECT " + deep(199, "(", "1", ")"),
		"SELECT 1 WHERE 1" + deep(900, " OR 1", "", ""),
		"SELECT 1" + deep(3000, " UNION ALL SELECT 1", "", ""),
		"VALUES (1)" + deep(20000, ", (1)", "", ""),
		"SELECT 1 WHERE 1 IN (1" + deep(20000, ", 1", "", "") + ")",
		"SELECT 1 FROM t" + deep(400, ", t", "", ""),
	} {
		if _, err := (Syntax{}).Read(query); err != nil {
			t.Errorf("%.60q…: %.200v", query, err)
		}
	}
}

// No refusal says what a literal holds.
func TestNoLiteralInRefusals(t *testing.T) {
	for _, query := range []string{
		"SELECT 'secret' 'secret' 'secret'", "SELECT 1 FROM t WHERE a = 'secret' 'secret'", "SELECT a 'secret' FROM t", "SELECT 'secret", "SELECT x'secret'",
		"SELECT 1 FROM 'secret'", "SELECT ('secret' FROM", "SELECT a IN 'secret'", "SELECT 'secret'()", "SELECT 1 LIMIT 1 'secret'", "SELECT CAST(1 AS 'secret')",
	} {
		if _, err := (Syntax{}).Read(query); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", query, err)
		}
	}
}
