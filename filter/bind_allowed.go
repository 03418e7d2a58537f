package filter

import (
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
)

// allowed binds what queries may use beside tables. A function isn't looked for: no catalog has any.
func (b *binder) allowed() {
	functions, views := map[catalog.Name]diag.Range{}, map[catalog.Name]diag.Range{}
	for i := range b.schema.Map.Allowed {
		a := &b.schema.Map.Allowed[i]
		for _, name := range a.Functions {
			b.allow(functions, name, "function")
		}
		for _, name := range a.Views {
			if b.allow(views, name, "view") {
				b.view(name)
			}
		}
	}
}

// allow reports whether a name is allowed for the first time. The map's reader has looked for that, but knows a name only by one
// spelling.
func (b *binder) allow(seen map[catalog.Name]diag.Range, name schemamap.TableName, what string) bool {
	key := b.schema.key(catalog.Name{Schema: name.Schema, Table: name.Table})
	if first, twice := seen[key]; twice {
		b.refuse(CodeDuplicateMapping, name.Range, "allow it once", "%s %s is already allowed at %s", what, written(name), first)
		return false
	}
	seen[key] = name.Range
	return true
}

// view refuses an allowed view that isn't there: what is made under its name later would be let through unseen.
func (b *binder) view(name schemamap.TableName) {
	c := b.schema.Catalog
	full := catalog.Name{Schema: name.Schema, Table: name.Table}
	if c.View(full) != nil {
		return
	}
	var names []string
	for _, v := range c.Views {
		names = append(names, v.Name.String(), v.Name.Table)
	}
	advice := diag.DidYouMean(written(name), names)
	switch {
	case b.schema.Table(full) != nil:
		advice = "it is a table, which a query sees confined: remove it here"
	case c.HasSynonym(full):
		advice = "it is a synonym: name the view that it stands for"
	}
	b.refuse(CodeUnknownView, name.Range, advice, "the catalog has no view %q", written(name))
}
