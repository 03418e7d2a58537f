package filter

import (
	"strings"

	"github.com/utdrag/utdrag/filter/schemamap"
)

// Words says in plain words how the table's rows are chosen, for plans that people review.
func (t *Table) Words() string {
	switch t.Rule {
	case Anchor:
		return "the ordered care provider's own row"
	case AllRows:
		return "every row: " + t.Reason
	case NoRows:
		return "not copied: " + t.Reason
	case NoneKept:
		return "made, without rows: " + t.Reason
	}
	var paths []string
	for _, p := range t.Paths {
		columns := columnsLabel(childColumns(p.Pairs))
		words := "its " + p.Other.Name.String() + " is included (by " + columns + ")"
		if !p.Up {
			words = "an included " + p.Other.Name.String() + " names it (by " + columns + ")"
		}
		if p.NullInclude {
			words += " or " + columns + " is NULL"
		}
		paths = append(paths, words)
	}
	combine := ", or "
	if t.Match == schemamap.MatchAll {
		combine = ", and "
	}
	text := "a row is included when " + strings.Join(paths, combine)
	if t.Where != nil {
		text += "; only where " + t.Where.Text
	}
	for _, r := range t.References {
		if r.Outside == schemamap.OutsideDrop {
			text += "; left out when " + columnsLabel(r.ChildColumns()) + " leads outside"
		}
	}
	return text
}
