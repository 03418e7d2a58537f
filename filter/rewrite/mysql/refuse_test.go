package mysql

import (
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// refusals are what must not be read. The text that the refusal points to begins at the mark ¶.
var refusals = []struct {
	title, query string
	code         rewrite.Code
}{
	{"empty", "¶", rewrite.CodeSize},
	{"nothing but comments", "-- x\n/* y */¶", rewrite.CodeSize},
	{"two statements", "SELECT 1; ¶SELECT 2", rewrite.CodeStatements},
	{"two semicolons", "SELECT 1;¶;", rewrite.CodeStatements},
	{"a version comment is code", "SELECT 1 ¶/*!50000 FROM secret */", rewrite.CodeConstruct},
	{"a version comment of MariaDB", "SELECT 1 ¶/*M!100100 FROM secret */", rewrite.CodeConstruct},
	{"a comment of TiDB", "SELECT 1 ¶/*T![feature] FROM secret */", rewrite.CodeConstruct},
	{"an optimizer hint", "SELECT ¶/*+ SET_VAR(sql_mode='') */ 1", rewrite.CodeHint},
	{"a comment inside a comment", "SELECT 1 ¶/* /*! 2 */", rewrite.CodeCharacter},
	{"an open comment", "SELECT 1 ¶/* x", rewrite.CodeCharacter},
	{"two signs", "SELECT 5¶--1", rewrite.CodeCharacter},
	{"an open text", "SELECT ¶'x", rewrite.CodeCharacter},
	{"a backslash that hides a quote", "SELECT '¶\\', x FROM t -- '", rewrite.CodeCharacter},
	{"a backslash in a name", "SELECT \"¶\\\"", rewrite.CodeCharacter},
	{"backslash N", "SELECT ¶\\N", rewrite.CodeConstruct},
	{"NUL", "SELECT 1 ¶\x00 FROM t", rewrite.CodeCharacter},
	{"NUL in a text", "SELECT '¶\x00'", rewrite.CodeCharacter},
	{"a no-break space", "SELECT¶\u00a01", rewrite.CodeCharacter},
	{"a bidirectional control", "SELECT a¶\u202eb FROM t", rewrite.CodeCharacter},
	{"a character beyond U+FFFF in a name", "SELECT ¶\U0001d4d0 FROM t", rewrite.CodeCharacter},
	{"no UTF-8", "SELECT ¶\xff", rewrite.CodeCharacter},
	{"an empty name", "SELECT ¶`` FROM t", rewrite.CodeCharacter},
	{"a vertical tab", "SELECT¶\v1", rewrite.CodeCharacter},
	{"a user variable", "SELECT ¶@a", rewrite.CodeConstruct},
	{"a server variable", "SELECT ¶@@datadir", rewrite.CodeConstruct},
	{"an assignment", "SELECT a ¶:= 1", rewrite.CodeConstruct},
	{"an escape of ODBC", "SELECT ¶{d '2020-01-01'}", rewrite.CodeConstruct},
	{"a national text", "SELECT ¶N'x'", rewrite.CodeConstruct},
	{"a number that is a name", "SELECT ¶1a FROM t", rewrite.CodeCharacter},
	{"a name that is a number", "SELECT t¶.1 FROM t", rewrite.CodeCharacter},
	{"a number that ends in its point", "SELECT ¶1. x FROM t", rewrite.CodeCharacter},
	{"a huge exponent", "SELECT ¶1e99999", rewrite.CodeCharacter},
	{"34 DELETE", "¶DELETE FROM t", rewrite.CodeNotSelect},
	{"34 a common table expression of DELETE", "¶WITH a AS (SELECT 1) DELETE FROM t", rewrite.CodeNotSelect},
	{"34 INTO OUTFILE", "SELECT * ¶INTO OUTFILE '/tmp/x' FROM t", rewrite.CodeWrites},
	{"34 INTO a name", "SELECT a FROM t ¶INTO x", rewrite.CodeWrites},
	{"34 INTO a variable", "SELECT a FROM t INTO ¶@x", rewrite.CodeConstruct},
	{"34 INTO DUMPFILE", "SELECT a FROM t ¶INTO DUMPFILE 'x'", rewrite.CodeWrites},
	{"34 HANDLER", "¶HANDLER t OPEN", rewrite.CodeNotSelect},
	{"34 CALL", "¶CALL p()", rewrite.CodeNotSelect},
	{"34 SHOW", "¶SHOW TABLES", rewrite.CodeNotSelect},
	{"34 TABLE", "¶TABLE t", rewrite.CodeNotSelect},
	{"34 TABLE inside", "SELECT * FROM (¶TABLE t) x", rewrite.CodeConstruct},
	{"34 TABLE as a branch", "SELECT 1 UNION ¶TABLE t", rewrite.CodeConstruct},
	{"34 VALUES", "¶VALUES ROW(1)", rewrite.CodeNotSelect},
	{"34 VALUES inside", "SELECT * FROM (¶VALUES ROW(1)) x", rewrite.CodeConstruct},
	{"47 EXPLAIN", "¶EXPLAIN SELECT * FROM t", rewrite.CodeNotSelect},
	{"47 PREPARE", "¶PREPARE s FROM 'SELECT 1'", rewrite.CodeNotSelect},
	{"locks", "SELECT a FROM t ¶FOR UPDATE", rewrite.CodeWrites},
	{"locks inside", "SELECT a FROM (SELECT a FROM t ¶FOR SHARE) x", rewrite.CodeWrites},
	{"PROCEDURE", "SELECT a FROM t ¶PROCEDURE ANALYSE()", rewrite.CodeConstruct},
	{"a full join", "SELECT * FROM a ¶FULL JOIN b ON 1", rewrite.CodeConstruct},
	{"a full outer join", "SELECT * FROM a FULL ¶OUTER JOIN b ON 1", rewrite.CodeSyntax},
	{"an alias that is a join", "SELECT * FROM p ¶FULL", rewrite.CodeConstruct},
	{"13 forward reference", "WITH a AS (SELECT * FROM ¶b), b AS (SELECT 1) SELECT * FROM a", rewrite.CodeCommonScope},
	{"13 forward reference, recursive", "WITH RECURSIVE a AS (SELECT * FROM ¶b), b AS (SELECT 1) SELECT * FROM a", rewrite.CodeCommonScope},
	{"13 another case", "WITH A AS (SELECT 1) SELECT * FROM ¶a", rewrite.CodeCommonScope},
	{"13 twice", "WITH a AS (SELECT 1), ¶A AS (SELECT 2) SELECT * FROM a", rewrite.CodeCommonScope},
	{"13 nested", "WITH c AS (SELECT 1) SELECT * FROM (WITH ¶a AS (SELECT * FROM c) SELECT * FROM a) d", rewrite.CodeCommonScope},
	{"13 nested in a branch", "(SELECT 1) UNION (WITH ¶a AS (SELECT 1) SELECT * FROM a)", rewrite.CodeCommonScope},
	{"13 nested alone", "SELECT (WITH ¶a AS (SELECT 1) SELECT * FROM a)", rewrite.CodeCommonScope},
	{"15 a table function", "SELECT * FROM ¶JSON_TABLE('[]', '$[*]' COLUMNS (a INT PATH '$')) x", rewrite.CodeTableCall},
	{"20 a file", "SELECT ¶LOAD_FILE('/etc/passwd')", rewrite.CodeFunction},
	{"22 full text", "SELECT a FROM t WHERE ¶MATCH (a) AGAINST ('x')", rewrite.CodeNamesTable},
	{"22 a sequence", "SELECT ¶NEXTVAL(s)", rewrite.CodeFunction},
	{"25 former rows", "SELECT * FROM ¶t AS OF TIMESTAMP '2020-01-01'", rewrite.CodeHistory},
	{"25 former rows of MariaDB", "SELECT * FROM t FOR ¶SYSTEM_TIME ALL", rewrite.CodeSyntax},
	{"29 a sample", "SELECT * FROM ¶t TABLESAMPLE SYSTEM (10 PERCENT)", rewrite.CodeConstruct},
	{"32 the key of a row", "SELECT t.¶x, ¶t._rowid FROM t", rewrite.CodePseudo},
	{"32 the key of a row, quoted", "SELECT ¶`_RowId` FROM t", rewrite.CodePseudo},
	{"33 information_schema", "SELECT * FROM ¶INFORMATION_SCHEMA.processlist", rewrite.CodeSystem},
	{"33 mysql", "SELECT * FROM ¶`MySQL`.user", rewrite.CodeSystem},
	{"33 a function of sys", "SELECT ¶sys.ps_is_account_enabled('a', 'b')", rewrite.CodeSystem},
	{"functions that wait", "SELECT ¶SLEEP(1)", rewrite.CodeFunction},
	{"functions that wait, quoted", "SELECT ¶`sleep`(1)", rewrite.CodeFunction},
	{"functions that repeat", "SELECT ¶benchmark(1, 1)", rewrite.CodeFunction},
	{"functions that lock", "SELECT ¶GET_LOCK('a', 1)", rewrite.CodeFunction},
	{"functions of the session", "SELECT ¶LAST_INSERT_ID(5)", rewrite.CodeFunction},
	{"functions of the user", "SELECT ¶CURRENT_USER", rewrite.CodeFunction},
	{"functions of the database", "SELECT ¶DATABASE()", rewrite.CodeFunction},
	{"functions of the server", "SELECT ¶VERSION()", rewrite.CodeFunction},
	{"functions of XML", "SELECT ¶EXTRACTVALUE(a, '/x') FROM t", rewrite.CodeFunction},
	{"estimates of TiDB", "SELECT ¶APPROX_COUNT_DISTINCT(a) FROM t", rewrite.CodeFunction},
	{"options that outlive the query", "¶SELECT SQL_CALC_FOUND_ROWS a FROM t", rewrite.CodeHint},
	{"a parameter that would move", "SELECT a FROM t LIMIT ? OFFSET ¶?", rewrite.CodeParameter},
	{"texts side by side", "SELECT ¶'a' 'b'", rewrite.CodeUnaccounted},
	{"DEFAULT", "SELECT DEFAULT(a) FROM t", rewrite.CodeFunction},
	{"an array", "SELECT CAST(a AS UNSIGNED ARRAY) FROM t", rewrite.CodeConstruct},
	{"CHAR BINARY", "SELECT ¶CAST(a AS CHAR BINARY) FROM t", rewrite.CodeConstruct},
	{"a text of another character set", "SELECT _latin1'x'", rewrite.CodeConstruct},
	{"a qualified name in ORDER BY of a union", "SELECT a FROM t UNION SELECT b FROM u ORDER BY ¶t.a", rewrite.CodeQualifier},
	{"a derived table without an alias", "SELECT * ¶FROM (SELECT 1)", rewrite.CodeConstruct},
	{"a parenthesis too many", "SELECT 1¶)", rewrite.CodeSyntax},
}

func TestRefusals(t *testing.T) {
	for _, r := range refusals {
		t.Run(r.title, func(t *testing.T) {
			at := strings.LastIndex(r.query, "¶")
			query := strings.ReplaceAll(r.query, "¶", "")
			if n := strings.Count(r.query, "¶"); n > 1 {
				at -= (n - 1) * len("¶")
			}
			s, err := Syntax{}.Read(query)
			if err == nil {
				t.Fatalf("it was read\n%s", dump(s))
			}
			code, found := refusal(err)
			if code != r.code {
				t.Errorf("got %s, want %s: %v", code, r.code, err)
			}
			if at >= 0 && found != at {
				t.Errorf("it points to %d, want %d: %v", found, at, err)
			}
			if strings.Contains(err.Error(), "/etc/passwd") {
				t.Errorf("it quotes a literal: %v", err)
			}
		})
	}
}

// What would make the parser or the walk run out of stack or time is refused before.
func TestSize(t *testing.T) {
	n := 20000
	for title, query := range map[string]string{
		"parentheses": "SELECT " + strings.Repeat("(", n) + "1" + strings.Repeat(")", n),
		"a sum":       "SELECT 1" + strings.Repeat("+1", n),
		"signs":       "SELECT " + strings.Repeat("- ", n) + "1",
		"NOT":         "SELECT " + strings.Repeat("NOT ", n) + "1",
		"unions":      "SELECT * FROM t" + strings.Repeat(" UNION ALL SELECT * FROM t", 600),
		"CASE":        "SELECT " + strings.Repeat("CASE WHEN ", n) + "1" + strings.Repeat(" THEN 1 END", n),
		"joins":       "SELECT * FROM t" + strings.Repeat(" JOIN t", n),
		"subqueries":  strings.Repeat("SELECT * FROM (", n) + "SELECT 1" + strings.Repeat(") x", n),
		"pipes":       "SELECT a" + strings.Repeat("||a", n) + " FROM t",
		"length":      "SELECT '" + strings.Repeat("x", rewrite.MaxLength) + "'",
	} {
		_, err := Syntax{}.Read(query)
		if code, _ := refusal(err); code != rewrite.CodeSize {
			t.Errorf("%s: %q", title, code)
		}
	}
	if _, err := (Syntax{}).Read("SELECT a FROM t WHERE 1=1" + strings.Repeat(" OR a = 1", 500)); err != nil {
		t.Errorf("a long list of conditions: %v", err)
	}
}
