package plan

import (
	"slices"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
)

// Reference is the verdict on one foreign key of a table that is copied.
type Reference struct {
	Child, Parent catalog.Name
	// Constraint is the foreign key's name, or ""; Columns are the child's.
	Constraint string
	Columns    []string
	// Proof says by what it is certain that no copied row leads outside, given that the source's own foreign keys hold.
	// It is "" where a policy is needed.
	Proof string
	// Policy is the map's: "error", "null", "stub", "drop", "include", or "" where none is written.
	Policy string
	// Made is set where the copy has the constraint.
	Made  bool
	Cause diag.Range

	source *filter.Reference
}

// Source is the bound foreign key.
func (r *Reference) Source() *filter.Reference { return r.source }

// references gives a verdict on every foreign key, and refuses those with neither a proof nor a policy.
func (b *builder) references() {
	p := b.plan
	for _, t := range p.schema.Tables {
		if !t.Made() || t.Rule == filter.NoneKept {
			continue
		}
		for _, source := range t.References {
			r := Reference{Child: t.Name, Parent: source.Parent.Name, Constraint: source.Name, Columns: source.ChildColumns(),
				Proof: b.prove(source), Policy: string(source.Outside), Made: b.made(source), Cause: source.Cause, source: source}
			b.settle(&r)
			p.References = append(p.References, r)
		}
	}
}

func (b *builder) settle(r *Reference) {
	added, _ := b.plan.sets.Adds(r.source.Child)
	switch {
	case r.Proof != "":
	case r.Policy == "":
		b.refuse(CodeUnproven, r.Cause, `write foreign "`+r.source.Label()+`" { outside = "null" }, or "stub", "drop", "include", or "error" to stop the run if it happens`,
			"a copied row of %s may reference a row of %s that is not copied, by %s", r.Child, r.Parent, r.source.Label())
	case r.Policy == string(schemamap.OutsideDrop) && added:
		b.refuse(CodeDropAdded, r.Cause, `choose "null", "stub", "include" or "error"`,
			"outside = \"drop\" can't leave out rows of %s that another table's outside = \"include\" adds", r.Child)
	case r.Policy == string(schemamap.OutsideNull):
		columns := b.blanked[r.source.Child]
		if columns == nil {
			columns = map[string][]*filter.Reference{}
			b.blanked[r.source.Child] = columns
		}
		for _, name := range r.source.Blankable() {
			columns[name] = append(columns[name], r.source)
		}
	}
}

// made reports whether the copy has the constraint: both tables and all its columns.
func (b *builder) made(r *filter.Reference) bool {
	return r.Parent.Made() && !slices.ContainsFunc(r.ChildColumns(), func(c string) bool { return r.Child.Field(c).Omit })
}

// prove says why no copied row can lead outside by this foreign key, or "".
func (b *builder) prove(r *filter.Reference) string {
	for _, name := range r.ChildColumns() {
		f := r.Child.Field(name)
		if f.Omit {
			return "column " + name + " is left out"
		}
		if f.Mask != nil && f.Effect.Blanks {
			return "column " + name + " is masked with NULL"
		}
	}
	if r.Parent.Rule == filter.AllRows {
		return "every row of " + r.Parent.Name.String() + " is copied"
	}
	if added, _ := b.plan.sets.Adds(r.Child); added || r.Child.Rule == filter.AllRows {
		return "" // rows that no path brought
	}
	if b.up(r) {
		return "a row is included only if its " + r.Parent.Name.String() + " is"
	}
	if b.down(r) {
		return "an included row includes the " + r.Parent.Name.String() + " that it names"
	}
	return ""
}

// up: each included child has its parent included, because that is the child's only path, or one of all.
func (b *builder) up(r *filter.Reference) bool {
	t := r.Child
	return slices.ContainsFunc(t.Paths, func(p *filter.Path) bool {
		return p.Up && p.Other == r.Parent && slices.Equal(p.Pairs, r.Columns) && (len(t.Paths) == 1 || t.Match == schemamap.MatchAll)
	})
}

// down: the parent is included because an included child names it, and nothing narrows that.
func (b *builder) down(r *filter.Reference) bool {
	parent := r.Parent
	if parent.Rule != filter.ByPaths || parent.Where != nil || parent == b.plan.schema.Unit ||
		slices.ContainsFunc(parent.References, func(f *filter.Reference) bool { return f.Outside == schemamap.OutsideDrop }) {
		return false
	}
	return slices.ContainsFunc(parent.Paths, func(p *filter.Path) bool {
		return !p.Up && p.Other == r.Child && slices.Equal(p.Pairs, r.Columns) && (len(parent.Paths) == 1 || parent.Match == schemamap.MatchAny)
	})
}
