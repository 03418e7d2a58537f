package tsql

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/rewrite"
)

func TestView(t *testing.T) {
	for _, v := range []struct {
		sql, text string
		columns   []string
	}{
		{"CREATE VIEW dbo.v AS SELECT a FROM dbo.t;", "SELECT a FROM dbo.t", nil},
		{"/* old */ create  view [a].[b c] ([x], y) WITH SCHEMABINDING, VIEW_METADATA AS\n SELECT a, b FROM dbo.t WITH CHECK OPTION", "SELECT a, b FROM dbo.t", []string{"x", "y"}},
		{"CREATE OR ALTER VIEW v AS (SELECT 1 AS a UNION SELECT 2)", "(SELECT 1 AS a UNION SELECT 2)", nil},
		{"ALTER VIEW v AS SELECT a FROM t", "SELECT a FROM t", nil},
		{"SELECT a FROM t", "SELECT a FROM t", nil},
	} {
		s, columns, err := Syntax{}.View(v.sql)
		if err != nil || s.Text != v.text || !slices.Equal(columns, v.columns) {
			t.Errorf("%v %v of %s", err, columns, v.sql)
			continue
		}
		if len(s.Tables) > 0 {
			at := s.Range(s.Tables[0].Span).Start.Byte
			if !strings.HasPrefix(v.sql[at:], s.Slice(s.Tables[0].Span)) {
				t.Errorf("the table stands at %d of %s", at, v.sql)
			}
		}
	}
}

func TestRefusedView(t *testing.T) {
	for _, v := range []struct {
		code rewrite.Code
		sql  string
	}{
		{rewrite.CodeView, "CREATE VIEW v AS ▸WITH c AS (SELECT 1 AS a) SELECT a FROM c"},
		{rewrite.CodeView, "CREATE VIEW v AS ▸WITH XMLNAMESPACES ('a' AS b) SELECT a FROM t"},
		{rewrite.CodeView, "CREATE VIEW v AS SELECT a FROM t ▸OPTION (RECOMPILE)"},
		{rewrite.CodeView, "CREATE VIEW v WITH ▸ENCRYPTION AS SELECT 1 AS a"},
		{rewrite.CodeView, "CREATE ▸PROCEDURE p AS SELECT 1 AS a"},
		{rewrite.CodeView, "CREATE VIEW v (▸a b) AS SELECT 1 AS a"},
		{rewrite.CodeView, "CREATE VIEW v ▸AS"},
		{rewrite.CodeView, "CREATE VIEW ▸v"},
		{rewrite.CodeWrites, "CREATE VIEW v AS ▸DELETE FROM t"},
		{rewrite.CodeStatements, "CREATE VIEW v AS SELECT 1 AS a▸; SELECT 2 AS b"},
		{rewrite.CodeCharacter, "CREATE VIEW v AS SELECT ▸'a"},
		{rewrite.CodeSize, "▸"},
	} {
		sql := strings.Replace(v.sql, "▸", "", 1)
		_, _, err := Syntax{}.View(sql)
		var list diag.List
		if !errors.As(err, &list) || list[0].Code != string(v.code) || list[0].Subject.Start.Byte != strings.Index(v.sql, "▸") {
			t.Errorf("%v, not %s of %s", err, v.code, v.sql)
		}
	}
}

func TestParameterAndFold(t *testing.T) {
	if p := (Syntax{}).Parameter(3, 7); p != "@utdrag_p3" {
		t.Error(p)
	}
	if f := (Syntax{}).Fold("ÅngströM"); f != "ångström" {
		t.Error(f)
	}
}

// What would take a reader too deep or too long is refused before it is read.
func TestSize(t *testing.T) {
	const many = 20_000
	for name, sql := range map[string]string{
		"parentheses": "SELECT " + strings.Repeat("(", many) + "1" + strings.Repeat(")", many),
		"cases":       "SELECT " + strings.Repeat("CASE WHEN 1 = ", many) + "1" + strings.Repeat(" THEN 1 END", many),
		"signs":       "SELECT " + strings.Repeat("- ", many) + "1",
		"tildes":      "SELECT " + strings.Repeat("~", many) + "1",
		"nots":        "SELECT 1 WHERE " + strings.Repeat("NOT ", many) + "1 = 1",
		"zones":       "SELECT a" + strings.Repeat(" AT TIME ZONE 'x'", many/4),
		"methods":     "SELECT (a)" + strings.Repeat(".query('a')", many/4),
		"length":      "SELECT '" + strings.Repeat("a", rewrite.MaxLength) + "'",
		"tables":      "SELECT 1 FROM t" + strings.Repeat(", t", many),
	} {
		_, err := Syntax{}.Read(sql)
		var list diag.List
		if !errors.As(err, &list) || list[0].Code != string(rewrite.CodeSize) {
			t.Errorf("%s: %.200v", name, err)
		}
	}
	// Chains that are long but not deep are read.
	for name, sql := range map[string]string{
		"sum":   "SELECT 1" + strings.Repeat(" + 1", many),
		"or":    "SELECT 1 WHERE 1 = 1" + strings.Repeat(" OR 1 = 1", many/2),
		"union": "SELECT 1" + strings.Repeat(" UNION SELECT 1", many/4),
		"list":  "SELECT 1 WHERE 1 IN (1" + strings.Repeat(", 1", many) + ")",
		"joins": "SELECT 1 FROM t" + strings.Repeat(" JOIN t ON 1 = 1", rewrite.MaxTables-1),
	} {
		if _, err := (Syntax{}).Read(sql); err != nil {
			t.Errorf("%s: %.200v", name, err)
		}
	}
}
