package plan

import (
	"slices"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
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
	verdicts, found := b.plan.sets.Verdicts()
	b.found = append(b.found, found...)
	b.blanked = filter.Blanked(verdicts)
	for _, v := range verdicts {
		b.plan.References = append(b.plan.References, Reference{Child: v.Child.Name, Parent: v.Parent.Name, Constraint: v.Name, Columns: v.ChildColumns(),
			Proof: v.Proof, Policy: string(v.Outside), Made: b.made(v.Reference), Cause: v.Cause, source: v.Reference})
	}
}

// made reports whether the copy has the constraint: both tables and all its columns.
func (b *builder) made(r *filter.Reference) bool {
	return r.Parent.Made() && !slices.ContainsFunc(r.ChildColumns(), func(c string) bool { return r.Child.Field(c).Omit })
}
