package sqlite

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/utdrag/utdrag/filter/diag"
)

// Any text is read or refused. What is read reads the same from its canonical text, and that is its own canonical text.
func FuzzRead(f *testing.F) {
	for _, query := range accepted {
		f.Add(query)
	}
	for _, query := range []string{
		"SELECT 1 FROM t LEFT \"OUTER\" JOIN u", "SELECT ?1a", "SELECT 1;;", "SELECT a IN t", "SELECT -/**/-1", "SELECT [a]]", "WITH a AS (WITH a AS (SELECT 1) SELECT 1) SELECT * FROM a",
		"SELECT over OVER over FROM window WINDOW window AS ()", "SELECT filter FILTER (WHERE 1) FROM t", "SELECT 1 FROM t INDEXED", "SELECT END END FROM (SELECT 1)",
		"SELECT a NOT NULL NOT NULL", "SELECT count(*)filter(where 1)over w", "SELECT 1 FROM a CROSS JOIN b ON 1 USING (c)", "SELECT$a", "SELECT x'", "SELECT 1.e5e", "\u00e5",
	} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, query string) {
		s, err := Syntax{}.Read(query)
		if err != nil {
			var list diag.List
			if !errors.As(err, &list) {
				t.Fatalf("%q: %v is no list of diagnostics", query, err)
			}
			return
		}
		again, err := Syntax{}.Read(s.Text)
		if err != nil {
			t.Fatalf("%q became %q, which is refused: %v", query, s.Text, err)
		}
		if again.Text != s.Text {
			t.Fatalf("%q became %q, then %q", query, s.Text, again.Text)
		}
		for i := range s.Parameters {
			s.Parameters[i].Name = "" // the canonical text has numbers only
		}
		if diff := cmp.Diff(dump(s), dump(again)); diff != "" {
			t.Fatalf("%q\n%s", query, diff)
		}
		if strings.ContainsRune(s.Text, 0) {
			t.Fatalf("%q has a NUL", query)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	const query = `SELECT a, b, sum(c) OVER (PARTITION BY d ORDER BY e) AS s FROM t JOIN u ON t.a = u.a
		LEFT JOIN (SELECT a, max(b) AS m FROM v WHERE c IN (SELECT c FROM w WHERE w.d = v.d) GROUP BY a) AS x ON x.a = t.a
		WHERE t.b BETWEEN 1 AND 20 AND (u.c LIKE 'x%' OR u.d IS NOT NULL) ORDER BY 1, 2 LIMIT 100`
	b.Run("read", func(b *testing.B) {
		b.SetBytes(int64(len(query)))
		for b.Loop() {
			if _, err := (Syntax{}).Read(query); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("parse", func(b *testing.B) {
		b.SetBytes(int64(len(query)))
		for b.Loop() {
			if _, err := parseText(query); err != nil {
				b.Fatal(err)
			}
		}
	})
}
