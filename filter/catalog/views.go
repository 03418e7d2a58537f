package catalog

import (
	"slices"
	"unicode/utf8"
)

// SetViews gives c, whose tables are set, the views and synonyms that an engine found, sorted. One that can't be described is
// left out: it has no name, or it has no columns because what it was made of is gone. No copy has it in any case, so it must not
// keep the tables from being described; and a query that names it is refused, as one that names anything unknown is.
func (c *Catalog) SetViews(views []View, synonyms []Name) {
	v := &validation{folds: c.FoldsCase}
	taken := v.taken(c.Tables)
	sound := func(check func()) bool {
		before := len(v.list)
		check()
		return len(v.list) == before
	}
	views, synonyms = slices.Clone(views), slices.Clone(synonyms)
	slices.SortStableFunc(views, func(a, b View) int { return a.Name.Compare(b.Name) })
	slices.SortStableFunc(synonyms, Name.Compare)
	c.Views, c.Synonyms = nil, nil
	for i := range views {
		if sound(func() { v.view(&views[i], taken) }) {
			c.Views = append(c.Views, views[i])
		}
	}
	for _, name := range synonyms {
		if sound(func() { v.relation(name, "synonym", taken) }) {
			c.Synonyms = append(c.Synonyms, name)
		}
	}
}

// taken are the names of tables. Views and synonyms share one space of names with them in every engine.
func (v *validation) taken(tables []Table) map[Name]string {
	taken := make(map[Name]string, len(tables))
	for i := range tables {
		taken[v.folded(tables[i].Name)] = "table"
	}
	return taken
}

func (v *validation) folded(n Name) Name { return Name{v.fold(n.Schema), v.fold(n.Table)} }

// views checks what queries can name beside tables.
func (v *validation) views(c *Catalog) {
	taken := v.taken(c.Tables)
	for i := range c.Views {
		v.view(&c.Views[i], taken)
		if i > 0 && c.Views[i-1].Name.Compare(c.Views[i].Name) > 0 {
			v.refuse(codeOrder, "view %s stands after %s", c.Views[i].Name, c.Views[i-1].Name)
		}
	}
	for i, name := range c.Synonyms {
		v.relation(name, "synonym", taken)
		if i > 0 && c.Synonyms[i-1].Compare(name) > 0 {
			v.refuse(codeOrder, "synonym %s stands after %s", name, c.Synonyms[i-1])
		}
	}
}

func (v *validation) view(view *View, taken map[Name]string) {
	v.relation(view.Name, "view", taken)
	if len(view.Columns) == 0 {
		v.refuse(codeColumns, "view %s has no columns", view.Name)
	}
	seen := map[string]bool{}
	for _, column := range view.Columns {
		v.name(column, "a column of view %s", view.Name)
		if seen[v.fold(column)] {
			v.refuse(codeTwice, "column %q is there twice in view %s", column, view.Name)
		}
		seen[v.fold(column)] = true
	}
	if !utf8.ValidString(view.Definition) {
		v.refuse(codeName, "the definition of view %s is not UTF-8", view.Name)
	}
}

// relation checks the name of a view or synonym. A query that names it must mean that one thing: were there a table of the same
// name too, which of the two is confined would be decided here and which is read by the engine.
func (v *validation) relation(name Name, what string, taken map[Name]string) {
	v.name(name.Table, "a "+what)
	v.name(name.Schema, "the schema of "+what+" %q", name.Table)
	switch other := taken[v.folded(name)]; other {
	case "":
		taken[v.folded(name)] = what
	case what:
		v.refuse(codeTwice, "%s %s is there twice", what, name)
	default:
		v.refuse(codeTwice, "%s %s has the name of a %s", what, name, other)
	}
}
