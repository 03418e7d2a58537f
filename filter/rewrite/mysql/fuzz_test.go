package mysql

import (
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// Whatever the text: it is refused with a code or read, what is read is read again in the same way, and what is printed
// with edits passes its own check. The printed text has no comment, no variable and no second statement.
func FuzzRead(f *testing.F) {
	for _, q := range queries {
		f.Add(q.query)
	}
	for _, r := range refusals {
		f.Add(strings.ReplaceAll(r.query, "¶", ""))
	}
	for _, q := range []string{
		"SELECT a -- \n- 1 FROM t", "SELECT 1 /**/- -1", "SELECT `a``b` . `c` FROM t AS `x y`", "SELECT X'', b'', 0x1, '' FROM t",
		"WITH RECURSIVE a AS (SELECT 1 UNION SELECT * FROM a) SELECT * FROM a b, a", "SELECT db.f(1), f (1), count (1) FROM t",
		"SELECT 1e5, 1.e5, .5e-3, 00.10 FROM t", "SELECT CASE a WHEN b THEN c END, CAST(a AS CHAR(3) CHARACTER SET utf8mb4) FROM t",
		"SELECT a.* FROM t a ORDER BY 1, ? LIMIT ?, ?", "SELECT NULL `NULL`, TRUE 'TRUE' FROM t", "SELECT trim(? from ?), interval ? day + f(?) from t",
	} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, query string) {
		s, err := Syntax{}.Read(query)
		if err != nil {
			if code, _ := refusal(err); code == "" {
				t.Fatalf("refused without a code: %v", err)
			}
			return
		}
		again, err := Syntax{}.Read(s.Text)
		if err != nil {
			t.Fatalf("%q is read and %q is not: %v", query, s.Text, err)
		}
		if again.Text != s.Text || dump(again) != dump(s) {
			t.Fatalf("%q\n%s\n%q\n%s", s.Text, dump(s), again.Text, dump(again))
		}
		e := edits(s)
		text, err := s.Render(e)
		if err != nil {
			if code, _ := refusal(err); code == "" {
				t.Fatalf("%q can't be printed: %v", query, err)
			}
			return
		}
		if err := s.Check(text, e); err != nil {
			t.Fatalf("%q is printed as %q, which doesn't pass: %v", query, text, err)
		}
		l, err := lex(text, 0)
		if err != nil || l.source.Text != text {
			t.Fatalf("%q has more than tokens: %v", text, err)
		}
		for _, token := range l.source.Tokens {
			if token.Kind == rewrite.Semicolon || token.Kind == rewrite.Operator && strings.ContainsAny(token.Value, "@;") {
				t.Fatalf("%q has %q", text, token.Value)
			}
		}
	})
}

// Names and texts come out as they went in, whatever they hold.
func FuzzNames(f *testing.F) {
	for _, name := range []string{"a", "`", "``", `"`, "'", "--", "/*", "*/", "a.b", ";", "é", "😀", " ", "\n", `\`, "NULL", "\u202e"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if name == "" || strings.ContainsRune(name, 0) || strings.ToValidUTF8(name, "") != name {
			return
		}
		query := "SELECT x." + backquoted(name) + " FROM db." + backquoted(name) + " AS x"
		s, err := Syntax{}.Read(query)
		if err != nil {
			if code, _ := refusal(err); code == rewrite.CodePseudo {
				return
			}
			t.Fatalf("%q: %v", query, err)
		}
		if s.Tables[0].Name[1] != name || s.Columns[0].Parts[1] != name {
			t.Fatalf("%q is read as %q", name, s.Tables[0].Name)
		}
		e := rewrite.Edits{Tables: []string{"(SELECT t." + backquoted(name) + " FROM db." + backquoted(name) + " AS t) AS x"}}
		text, err := s.Render(e)
		if err != nil {
			t.Fatalf("%q: %v", query, err)
		}
		if err := s.Check(text, e); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
	})
}
