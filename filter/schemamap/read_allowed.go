package schemamap

import (
	"fmt"
	"maps"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// allowed reads an allowed block.
func (r *reader) allowed(b *hclsyntax.Block) Allowed {
	const form = `allowed { … } with functions = ["…"] or views = ["…"], and reason = "…"`
	r.labels(b, 0, 0, form)
	r.names(b.Body, "an allowed block", []string{"functions", "views", "reason"}, nil)
	found := Allowed{Range: r.header(b)}
	functions, views := b.Body.Attributes["functions"], b.Body.Attributes["views"]
	if functions == nil && views == nil {
		r.refuse(CodeAllowedNothing, r.header(b), "the allowed block allows nothing", "write "+form)
	}
	if functions != nil {
		found.Functions = r.tableNames(functions)
	}
	if views != nil {
		found.Views = r.tableNames(views)
	}
	found.Reason = r.needed(b)
	return found
}

// allowOnce refuses what is allowed twice, and a view that is accounted for as a table: a table's rows are confined, those of an
// allowed view are not, and nobody should have to guess which was meant. A function may have the name of a table.
func (r *reader) allowOnce(m *Map, accounted firsts) {
	tables := maps.Clone(accounted)
	if p := m.Provider; p.Table.Table != "" {
		tables[p.Table.key()] = p.Table.Range
	}
	if u := m.Provider.Unit; u != nil && u.Table.Table != "" {
		tables[u.Table.key()] = u.Table.Range
	}
	functions, views := firsts{}, firsts{}
	for _, a := range m.Allowed {
		for _, f := range a.Functions {
			functions.again(r, CodeAllowedTwice, f.key(), f.Range, fmt.Sprintf("function %s is allowed twice", f), "allow it once")
		}
		for _, v := range a.Views {
			if at, is := tables[v.key()]; is {
				r.refuse(CodeAllowedTable, v.Range, fmt.Sprintf("the allowed view %s is accounted for as a table", v),
					fmt.Sprintf("at %s; name views here and tables there", at))
			}
			views.again(r, CodeAllowedTwice, v.key(), v.Range, fmt.Sprintf("view %s is allowed twice", v), "allow it once")
		}
	}
}
