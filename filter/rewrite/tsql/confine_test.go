package tsql

import (
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// provider shows some rows of every table, with all columns that a query names.
type provider struct{ columns []rewrite.Visible }

func newProvider(s *rewrite.Statement) provider {
	var p provider
	seen := map[string]bool{"*": true}
	for _, c := range s.Columns {
		if name := c.Parts[len(c.Parts)-1]; !seen[fold(name)] {
			seen[fold(name)] = true
			p.columns = append(p.columns, rewrite.Visible{Name: name})
		}
	}
	return p
}

func (p provider) Relation(name []string) (*rewrite.Relation, error) {
	label := strings.Join(name, ".")
	return &rewrite.Relation{Label: label, Rule: "anchor", Confined: "the provider's own", Columns: p.columns,
		Rows: func(u rewrite.Use) (string, error) {
			return strings.Join(strings.Fields("SELECT t.[PatientId], t.[x] FROM [dbo].["+name[len(name)-1]+"] "+u.Before+" AS t "+u.After+
				" WHERE t.[PatientId] = "+rewrite.Placeholder(1)+" AND t.[x] IN (SELECT k.[x] FROM [utdrag_keys_1] AS k)"), " "), nil
		}}, nil
}
func (provider) Function([]string) bool { return true }
func (provider) Type([]string) bool     { return true }
func (provider) Definitions(texts []string) []rewrite.Definition {
	if len(texts) == 0 {
		return nil
	}
	return []rewrite.Definition{{Name: "[utdrag_keys_1]", Body: "SELECT t.[x] FROM [dbo].[key] AS t WHERE t.[p] = " + rewrite.Placeholder(1)}}
}
func (provider) Quote(name string) string { return quote(name) }

// What the pipeline makes of every query passes its own check: read by this reader, every base table stands inside of what was
// put there.
func TestConfinedQueriesAreReadAgain(t *testing.T) {
	list := reports(t)
	for _, q := range accepted {
		if q.row != "our own text" {
			list = append(list, q.sql)
		}
	}
	passed := 0
	for _, q := range list {
		read, err := Syntax{}.Read(q)
		if err != nil {
			t.Fatal(err)
		}
		result, err := rewrite.Confine(Syntax{}, q, newProvider(read), nil)
		if err != nil {
			if strings.Contains(err.Error(), string(rewrite.CodeRecheck)) {
				t.Errorf("%v\n%s", err, q)
			}
			t.Log(err) // the pipeline's own rules
			continue
		}
		passed++
		s, err := Syntax{}.Read(result.SQL)
		if err != nil {
			t.Errorf("%v in\n%s", err, result.SQL)
			continue
		}
		for _, table := range s.Tables {
			if len(table.Name) != 2 {
				t.Errorf("%v is not of ours in\n%s", table.Name, result.SQL)
			}
		}
	}
	if passed < len(list)*9/10 {
		t.Errorf("%d of %d were confined", passed, len(list))
	}
}
