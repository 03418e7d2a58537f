package sqlite

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// FuzzConfined looks for a query in which SQLite finds a table that the reader doesn't: with all of the reader's tables
// replaced, it must still be a query where there is no table at all.
func FuzzConfined(f *testing.F) {
	for _, query := range accepted {
		f.Add(query)
	}
	for _, query := range []string{
		"SELECT a over FROM t over WINDOW window AS ()", "SELECT filter, t.window FROM t filter, u window", "SELECT 1 FROM t left JOIN u indexed",
		"WITH t AS (SELECT 1 a) SELECT * FROM t, main.t", "SELECT a FROM t WHERE a IN (SELECT b FROM u, v) AND EXISTS (SELECT 1 FROM w)",
	} {
		f.Add(query)
	}
	full, empty := database(f), database(f)
	for _, text := range tables {
		mustExec(f, full, text)
	}
	f.Fuzz(func(t *testing.T, query string) {
		s, err := Syntax{}.Read(query)
		if err != nil || len(s.Pseudo) > 0 {
			return
		}
		if _, err := run(full, "EXPLAIN "+s.Text, arguments...); err != nil {
			return
		}
		text := replacedBy(s, func(string) string { return "1 AS a, 2 AS b, 3 AS c, 4 AS d" })
		if _, err := run(empty, "EXPLAIN "+text, arguments...); err != nil && strings.Contains(err.Error(), "no such table") {
			t.Fatalf("%q became %q: %v", query, text, err)
		}
	})
}

// The same over queries that are made by exchanging tokens of accepted ones for each other, which comes nearer to what a
// grammar could be fooled by than exchanging bytes.
func TestMixedTokensAreConfined(t *testing.T) {
	full, empty := database(t), database(t)
	for _, text := range tables {
		mustExec(t, full, text)
	}
	var words []string
	var queries [][]string
	for _, query := range accepted {
		s, err := Syntax{}.Read(query)
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, token := range s.Tokens {
			list = append(list, s.Slice(token.Span))
		}
		words, queries = append(words, list...), append(queries, list)
	}
	words = append(words, "OVER", "FILTER", "WINDOW", "INDEXED", "MATCH", "RAISE", "END", "IF", "NATURAL", "CROSS", "CAST", "RECURSIVE", "REPLACE", "TEMP")
	r := rand.New(rand.NewPCG(1, 2))
	read, ran := 0, 0
	for range 60000 {
		list := append([]string{}, queries[r.IntN(len(queries))]...)
		for range 1 + r.IntN(2) {
			at, word := r.IntN(len(list)), words[r.IntN(len(words))]
			switch r.IntN(3) {
			case 0:
				list[at] = word
			case 1:
				list = append(list[:at], append([]string{word}, list[at:]...)...)
			case 2:
				other := queries[r.IntN(len(queries))]
				if from := r.IntN(len(other)); len(list) < 200 {
					list = append(list[:at:at], append(append([]string{}, other[from:min(len(other), from+1+r.IntN(6))]...), list[at:]...)...)
				}
			}
		}
		s, err := Syntax{}.Read(strings.Join(list, " "))
		if err != nil || len(s.Pseudo) > 0 {
			continue
		}
		read++
		if _, err := run(full, "EXPLAIN "+s.Text, arguments...); err != nil {
			continue
		}
		ran++
		text := replacedBy(s, func(string) string { return "1 AS a, 2 AS b, 3 AS c, 4 AS d" })
		if _, err := run(empty, "EXPLAIN "+text, arguments...); err != nil && strings.Contains(err.Error(), "no such table") {
			t.Fatalf("%q became %q: %v", s.Text, text, err)
		}
	}
	t.Logf("%d were read, and %d are queries to the engine", read, ran)
	if ran < 1000 {
		t.Error("too few are queries to the engine")
	}
}
