package tsql

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// reports are queries as people write them for statistics and follow-up. All of them must be read.
func reports(t testing.TB) []string {
	t.Helper()
	text, err := os.ReadFile("testdata/reports.sql")
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, q := range strings.Split(string(text), ";\n") {
		if strings.TrimSpace(q) != "" {
			list = append(list, q)
		}
	}
	return list
}

func TestReportsAreRead(t *testing.T) {
	list := reports(t)
	if len(list) < 60 {
		t.Fatalf("only %d reports", len(list))
	}
	for _, q := range list {
		s, err := Syntax{}.Read(q)
		if err != nil {
			t.Errorf("%v in\n%s", err, q)
			continue
		}
		again, err := Syntax{}.Read(s.Text)
		if err != nil || again.Text != s.Text || dump(again) != dump(s) {
			t.Errorf("%v: the canonical text is read in another way:\n%s", err, s.Text)
		}
		if strings.Contains(strings.ToUpper(q), "FROM DBO.") && len(s.Tables) == 0 {
			t.Errorf("no table in\n%s", q)
		}
	}
}

// Wherever a table is put into a query, it is found or the query is refused.
func TestNoTableHides(t *testing.T) {
	list := reports(t)
	for _, q := range accepted {
		list = append(list, q.sql)
	}
	additions := []string{"JOIN secret ON 1 = 1", ", dbo.secret", "(SELECT x FROM secret)", "UNION SELECT x FROM secret", "FROM secret",
		"CROSS APPLY (SELECT x FROM secret) s", "EXISTS (SELECT x FROM secret)", "IN (SELECT x FROM [secret])", ", x = (SELECT x FROM secret)", "SELECT x FROM secret"}
	found := 0
	for _, q := range list {
		s, err := Syntax{}.Read(q)
		if err != nil {
			t.Fatal(err)
		}
		for _, token := range s.Tokens {
			for _, addition := range additions {
				changed := s.Text[:token.Span.End] + " " + addition + " " + s.Text[token.Span.End:]
				c, err := Syntax{}.Read(changed)
				if err != nil {
					continue
				}
				known := 0
				for _, table := range c.Tables { // or a schema, where a dot followed
					if slices.Contains(table.Name, "secret") {
						known++
					}
				}
				for _, call := range c.Calls { // where a parenthesis followed
					if slices.Contains(call.Name, "secret") {
						known++
					}
				}
				for _, column := range c.Columns { // inside TRIM
					if addition == "FROM secret" && slices.Contains(column.Parts, "secret") {
						known++
					}
				}
				if strings.Contains(addition, "FROM") || strings.Contains(addition, "JOIN") {
					found++
					if known != 1 {
						t.Errorf("%d of one table in\n%s", known, changed)
					}
				}
			}
		}
	}
	if found < 1000 {
		t.Errorf("only %d changed queries were read", found)
	}
}
