package postgres

import (
	"strings"
	"testing"

	pgquery "github.com/sqlc-dev/oliphant"
	"github.com/utdrag/utdrag/filter/rewrite"
)

// sameTokens refuses a text that the library's lexer divides in another way.
func sameTokens(t *testing.T, s *rewrite.Statement) {
	t.Helper()
	scan, err := pgquery.Scan(s.Text)
	if err != nil {
		t.Fatalf("%q\n%v", s.Text, err)
	}
	if len(scan.Tokens) != len(s.Tokens) {
		t.Fatalf("%q\n%d tokens, and the library has %d", s.Text, len(s.Tokens), len(scan.Tokens))
	}
	for i, token := range scan.Tokens {
		if got := (rewrite.Span{Start: int(token.Start), End: int(token.End)}); got != s.Tokens[i].Span {
			t.Fatalf("%q\ntoken %d is %v, and the library has %v", s.Text, i, s.Tokens[i].Span, got)
		}
	}
}

func TestTokensAreTheLibrarys(t *testing.T) {
	for _, sql := range accepted {
		s, err := Syntax{}.Read(sql)
		if err != nil {
			t.Fatal(err)
		}
		sameTokens(t, s)
	}
}

func FuzzRead(f *testing.F) {
	for _, sql := range accepted {
		f.Add(sql)
	}
	for _, c := range refusals {
		f.Add(strings.Replace(c.sql, "¤", "", 1))
	}
	for _, c := range scopes {
		f.Add(c.sql)
	}
	for _, c := range statements {
		f.Add(c.sql)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		s, err := Syntax{}.Read(sql)
		if err != nil {
			refusalOf(t, sql, err)
			return
		}
		sameTokens(t, s)
		again, err := Syntax{}.Read(s.Text)
		if err != nil {
			t.Fatalf("%q is not read again: %v", s.Text, err)
		}
		if again.Text != s.Text || dump(again) != dump(s) {
			t.Fatalf("%q is read in another way:\n%s\n%s", s.Text, dump(s), dump(again))
		}
		for _, table := range s.Tables {
			if table.Span.End > len(s.Text) || table.Span.Start >= table.Span.End {
				t.Fatalf("%q: the span of %v", s.Text, table.Name)
			}
		}
		// Tables replaced by what a rewriting prints must be read again, with no table left.
		replaced(t, s)
	})
}

// replaced puts VALUES in the place of every table and reads the result.
func replaced(t *testing.T, s *rewrite.Statement) {
	t.Helper()
	var b strings.Builder
	last := 0
	tables := append([]rewrite.Table(nil), s.Tables...)
	for len(tables) > 0 {
		first := 0
		for i := range tables {
			if tables[i].Span.Start < tables[first].Span.Start {
				first = i
			}
		}
		table := tables[first]
		tables = append(tables[:first], tables[first+1:]...)
		if table.Span.Start < last {
			t.Fatalf("%q: tables overlap", s.Text)
		}
		b.WriteString(s.Text[last:table.Span.Start] + "(VALUES (1)) AS " + table.Text + table.Columns)
		last = table.Span.End
	}
	b.WriteString(s.Text[last:])
	if b.Len() > rewrite.MaxLength {
		return
	}
	again, err := Syntax{}.Read(b.String())
	if err != nil {
		t.Fatalf("%q\nbecame %q\n%v", s.Text, b.String(), err)
	}
	if len(again.Tables) != 0 || len(again.Common) != len(s.Common) || len(again.Columns) != len(s.Columns) {
		t.Fatalf("%q\nbecame %q\n%s", s.Text, b.String(), dump(again))
	}
}

func TestTablesCanBeReplaced(t *testing.T) {
	for _, sql := range accepted {
		s, err := Syntax{}.Read(sql)
		if err != nil {
			t.Fatal(err)
		}
		replaced(t, s)
	}
}

func BenchmarkRead(b *testing.B) {
	sql := strings.Repeat("select a.b, count(*) as c, case when a.x > 1 then 'y' else upper(z) end from s.t a left join u on u.id = a.id where a.q in (1, 2, 3) and exists (select 1 from v where v.id = a.id) group by a.b union all ", 50) + "select 1, 2, 'x'"
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			if _, err := (Syntax{}).Read(sql); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("parse", func(b *testing.B) {
		for b.Loop() {
			if _, err := pgquery.Parse(sql); err != nil {
				b.Fatal(err)
			}
		}
	})
}
