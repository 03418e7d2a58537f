package filter

import (
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
)

// references binds every foreign key of the catalog to its tables, with the policy that the map writes for it.
func (b *binder) references() {
	for _, t := range b.schema.Tables {
		for i := range t.ForeignKeys {
			f := &t.ForeignKeys[i]
			parent := b.schema.Table(f.Parent)
			if parent == nil {
				b.refuse(CodeUnknownTable, t.Cause, "repair the foreign key in the database, or take the catalog again",
					"foreign key (%s) of %s references %s, which the catalog doesn't have", columnsLabel(f.ChildColumns()), t.Name, f.Parent)
				continue
			}
			if t.Made() && parent.Made() && !parent.hasKey(f.ParentColumns()) {
				b.refuse(CodeNotAKey, t.Cause, "give the parent table a primary or unique key over them that compares as its columns do, or exclude one of the tables",
					"foreign key (%s) of %s references (%s) of %s, which is no key there", columnsLabel(f.ChildColumns()), t.Name, columnsLabel(f.ParentColumns()), parent.Name)
			}
			t.References = append(t.References, &Reference{ForeignKey: f, Child: t, Parent: parent, Cause: t.Cause})
		}
		if block := b.blocks[t]; block != nil {
			for i := range block.Foreigns {
				b.policy(t, &block.Foreigns[i])
			}
		}
	}
}

// policy finds the foreign key that a foreign block names: by its constraint, or else by its columns.
func (b *binder) policy(t *Table, block *schemamap.Foreign) {
	same := func(x, y string) bool {
		return x == y || b.schema.Catalog.FoldsCase && catalog.FoldName(x) == catalog.FoldName(y)
	}
	var named, over []*Reference
	columns := strings.Split(block.Label.Text, ",")
	for i := range columns {
		columns[i] = strings.TrimSpace(columns[i])
	}
	for _, r := range t.References {
		if r.Name != "" && same(r.Name, block.Label.Text) {
			named = append(named, r)
		}
		if sameColumns(r.ChildColumns(), columns, same) || sameColumns(r.ChildColumns(), []string{block.Label.Text}, same) {
			over = append(over, r)
		}
	}
	found := named
	if len(found) == 0 {
		found = over
	}
	switch {
	case len(found) == 0:
		b.refuse(CodeUnknownForeign, block.Label.Range, diag.DidYouMean(block.Label.Text, t.foreignLabels()),
			"table %s has no foreign key named or over %q", t.Name, block.Label.Text)
	case len(found) > 1:
		b.refuse(CodeAmbiguousPath, block.Label.Range, "write the constraint's name: "+constraintNames(found),
			"%d foreign keys of %s run over %s", len(found), t.Name, block.Label.Text)
	case found[0].Outside != "":
		b.refuse(CodeDuplicateMapping, block.Label.Range, "keep one of the two", "the foreign key %s of %s has a policy already, at %s", found[0].Label(), t.Name, found[0].Cause)
	default:
		found[0].Outside, found[0].Cause = block.Outside, block.Range
	}
}

func (t *Table) foreignLabels() []string {
	var labels []string
	for _, r := range t.References {
		labels = append(labels, columnsLabel(r.ChildColumns()))
		if r.Name != "" {
			labels = append(labels, r.Name)
		}
	}
	return labels
}

func constraintNames(references []*Reference) string {
	var names []string
	for _, r := range references {
		if r.Name != "" {
			names = append(names, r.Name)
		}
	}
	if len(names) == 0 {
		return "the constraints have none, so give them names in the database"
	}
	return strings.Join(names, ", ")
}

// sameColumns compares two column lists as sets.
func sameColumns(a, b []string, same func(x, y string) bool) bool {
	within := func(a, b []string) bool {
		return !slices.ContainsFunc(a, func(x string) bool {
			return !slices.ContainsFunc(b, func(y string) bool { return same(x, y) })
		})
	}
	return len(a) == len(b) && within(a, b) && within(b, a)
}

// paths binds every path to a foreign key, or to the virtual one that it writes.
func (b *binder) paths() {
	for _, t := range b.schema.Tables {
		block := b.blocks[t]
		if block == nil {
			continue
		}
		for i := range block.Paths {
			if p := b.path(t, &block.Paths[i]); p != nil {
				t.Paths = append(t.Paths, p)
			}
		}
		if t.Where != nil {
			b.found = append(b.found, t.Where.Bind(t.Table, b.schema.Catalog.FoldsCase)...)
		}
	}
}

func (b *binder) path(t *Table, p *schemamap.Path) *Path {
	bound := &Path{Up: p.From == nil, NullInclude: p.NullInclude, Cause: p.Range}
	child, parent := t, (*Table)(nil)
	if p.From != nil {
		parent = t
		if child = b.named(p.From); child == nil {
			return nil
		}
		bound.Other = child
	}
	via := b.columnList(child, p.Via)
	if p.To != nil {
		to := b.named(p.To)
		if to == nil {
			return nil
		}
		if parent != nil && parent != to {
			b.refuse(CodeNoForeignKey, p.To.Range, "leave out to: a from path always ends in its own table", "a from path of %s can't lead to %s", t.Name, to.Name)
			return nil
		}
		parent = to
	}
	if via == nil {
		return nil
	}
	if p.To != nil {
		references := b.columnList(parent, p.References)
		if references == nil {
			return nil
		}
		bound.Pairs = virtualPairs(child, parent, via, references)
	} else {
		r := b.foreignKey(child, parent, via, p)
		if r == nil {
			return nil
		}
		parent, bound.Pairs = r.Parent, r.Columns
	}
	if bound.Up {
		bound.Other = parent
	}
	if !parent.hasKey(parentColumns(bound.Pairs)) {
		b.refuse(CodeNotAKey, p.Range, "reference the columns of a primary or unique key that compares as its columns do, or give the table one",
			"(%s) is no key of %s, so one value may name rows of several providers", columnsLabel(parentColumns(bound.Pairs)), parent.Name)
		return nil
	}
	return b.carries(t, bound)
}

// hasKey reports whether columns are just those of a primary or unique key, which compares as its columns do: then one
// value names one row.
func (t *Table) hasKey(columns []string) bool {
	exact := func(x, y string) bool { return x == y }
	return slices.ContainsFunc(t.Keys(), func(k catalog.Key) bool {
		return len(k.Collations) == 0 && sameColumns(k.Columns, columns, exact)
	})
}

// carries refuses a path through a table that can't tell providers apart.
func (b *binder) carries(t *Table, p *Path) *Path {
	switch p.Other.Rule {
	case AllRows:
		b.refuse(CodePathNowhere, p.Cause, "name another path: every row of that table is copied, so it tells no provider from another",
			"a path of %s leads through the reference table %s", t.Name, p.Other.Name)
		return nil
	case NoRows, NoneKept:
		b.refuse(CodePathNowhere, p.Cause, "name another path, or include rows of that table", "a path of %s leads through %s, of which no row is copied", t.Name, p.Other.Name)
		return nil
	}
	return p
}

func (b *binder) named(name *schemamap.TableName) *Table {
	full := catalog.Name{Schema: name.Schema, Table: name.Table}
	t := b.schema.Table(full)
	if t == nil {
		advice := diag.DidYouMean(written(*name), b.tableNames())
		if b.schema.Catalog.View(full) != nil {
			advice = "it is a view, which has no rows of its own: name the tables below it"
		}
		b.refuse(CodeUnknownTable, name.Range, advice, "the catalog has no table %q", written(*name))
	}
	return t
}

// foreignKey finds the one foreign key over the given columns, to the given parent where one is given.
func (b *binder) foreignKey(child, parent *Table, via []string, p *schemamap.Path) *Reference {
	exact := func(x, y string) bool { return x == y }
	var found []*Reference
	for _, r := range child.References {
		if sameColumns(r.ChildColumns(), via, exact) && (parent == nil || r.Parent == parent) &&
			(p.Constraint.Text == "" || r.Name == p.Constraint.Text) {
			found = append(found, r)
		}
	}
	switch {
	case len(found) == 1:
		return found[0]
	case len(found) > 1:
		b.refuse(CodeAmbiguousPath, p.Range, "add constraint = one of: "+constraintNames(found),
			"%d foreign keys of %s run over (%s)", len(found), child.Name, columnsLabel(via))
	case p.Constraint.Text != "":
		b.refuse(CodeNoForeignKey, p.Constraint.Range, diag.DidYouMean(p.Constraint.Text, child.foreignLabels()),
			"%s has no foreign key %q over (%s)", child.Name, p.Constraint.Text, columnsLabel(via))
	default:
		to := ""
		if parent != nil {
			to = " to " + parent.Name.String()
		}
		b.refuse(CodeNoForeignKey, p.Range, `name a foreign key's columns, or write to = "TABLE" and references = ["COLUMN"] for one that the database doesn't declare`,
			"%s has no foreign key over (%s)%s", child.Name, columnsLabel(via), to)
	}
	return nil
}

// virtualPairs pairs the columns that a map wrote. Where the database declares just that foreign key, its own order is
// kept, so that proofs recognise it.
func virtualPairs(child, parent *Table, via, references []string) []catalog.Pair {
	pairs := make([]catalog.Pair, len(via))
	for i := range via {
		pairs[i] = catalog.Pair{Child: via[i], Parent: references[i]}
	}
	for _, r := range child.References {
		if r.Parent == parent && len(r.Columns) == len(pairs) && !slices.ContainsFunc(r.Columns, func(p catalog.Pair) bool { return !slices.Contains(pairs, p) }) {
			return r.Columns
		}
	}
	return pairs
}
