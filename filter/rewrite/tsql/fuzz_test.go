package tsql

import (
	"testing"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// FuzzRead looks for texts that stop the reader otherwise than by a refusal, and for canonical texts that mean something else
// when they are read again.
func FuzzRead(f *testing.F) {
	for _, q := range reports(f) {
		f.Add(q)
	}
	for _, q := range accepted {
		f.Add(q.sql)
	}
	for _, q := range refused {
		f.Add(q.sql)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		s, err := Syntax{}.Read(sql)
		if err != nil {
			return
		}
		again, err := Syntax{}.Read(s.Text)
		if err != nil {
			t.Fatalf("the canonical text is refused: %v\n%s", err, s.Text)
		}
		if again.Text != s.Text || dump(again) != dump(s) {
			t.Fatalf("the canonical text is read in another way:\n%s\n%s\n%s", s.Text, dump(s), dump(again))
		}
		for _, table := range s.Tables {
			if !(rewrite.Span{End: len(s.Text)}).Holds(table.Span) || table.Span.Start >= table.Span.End {
				t.Fatalf("a table outside of the text: %+v", table)
			}
		}
	})
}

func FuzzView(f *testing.F) {
	f.Add("CREATE VIEW dbo.v (a, b) WITH SCHEMABINDING AS SELECT a, b FROM dbo.t WHERE a > 1 WITH CHECK OPTION;")
	f.Add("ALTER VIEW v AS WITH c AS (SELECT 1 AS a) SELECT a FROM c")
	f.Fuzz(func(t *testing.T, sql string) {
		s, _, err := Syntax{}.View(sql)
		if err == nil && (s == nil || len(s.Tokens) == 0) {
			t.Fatal("a view of nothing")
		}
	})
}
