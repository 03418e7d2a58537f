package filter

import (
	"errors"
	"slices"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/mask"
)

// policies checks that every written outside policy can work on its foreign key.
func (b *binder) policies() {
	for _, t := range b.schema.Tables {
		for _, r := range t.References {
			switch r.Outside {
			case schemamap.OutsideDrop:
				if t.Rule != ByPaths && t.Made() {
					b.refuse(CodeDropOnCycle, r.Cause, `choose "null", "stub", "include" or "error"`,
						"outside = \"drop\" can't leave rows out of %s: its rows are not decided by paths", t.Name)
				}
			case schemamap.OutsideNull:
				if len(r.Blankable()) == 0 {
					b.refuse(CodeNullRefused, r.Cause, `choose "drop", "stub" or "include", or "error" to stop the run if it happens`,
						"foreign key %s of %s has no column of its own that can be NULL", r.Label(), t.Name)
				}
				b.collide(r, t, r.Blankable())
			case schemamap.OutsideStub, schemamap.OutsideInclude:
				if name := r.blanked(); name != "" {
					b.refuse(CodeStubRefused, r.Cause, "remove the foreign block, or keep the column",
						"no reference by column %s of %s is copied, so no row needs to be added for it", name, t.Name)
				} else if r.Parent.Rule == NoRows || r.Parent.Rule == NoneKept {
					b.refuse(CodeStubRefused, r.Cause, `choose "null" or "drop", or include rows of that table`,
						"%s copies no row of %s, so none can be added", r.Parent.Cause, r.Parent.Name)
				} else if r.Outside == schemamap.OutsideStub {
					b.stub(r)
				}
			}
		}
	}
}

// collide refuses NULLs in columns of t where a unique key takes NULL as a value, and so takes it once.
func (b *binder) collide(r *Reference, t *Table, nulled []string) {
	if !b.schema.Catalog.NullsCollide {
		return
	}
	in := func(name string) bool { return slices.Contains(nulled, name) }
	unique := slices.ContainsFunc(t.UniqueKeys, func(k catalog.Key) bool { return slices.ContainsFunc(k.Columns, in) }) ||
		slices.ContainsFunc(t.Indexes, func(i catalog.Index) bool {
			return i.Unique && slices.ContainsFunc(nulled, func(name string) bool { return slices.Contains(i.Columns, name) || Mentions(i.Definition, name) })
		})
	if unique {
		b.refuse(CodeNullsCollide, r.Cause, `choose "drop" or "include", or "error" to stop the run if it happens`,
			"outside = %q by %s would put NULL into a unique key of %s, which takes NULL only once", string(r.Outside), r.Label(), t.Name)
	}
}

// blanked names a column of the reference that is left out or masked with NULL, so that the copy has no such
// reference, or "".
func (r *Reference) blanked() string {
	for _, name := range r.ChildColumns() {
		if f := r.Child.Field(name); f.Omit || f.Mask != nil && f.Effect.Blanks {
			return name
		}
	}
	return ""
}

// Blankable returns the columns that outside = "null" sets to NULL: those that can be NULL and that neither the
// primary key nor another foreign key stands on. One NULL voids a reference.
func (r *Reference) Blankable() []string {
	var columns []string
	for _, name := range r.ChildColumns() {
		shared := slices.ContainsFunc(r.Child.References, func(other *Reference) bool {
			return other != r && slices.Contains(other.ChildColumns(), name)
		})
		inKey := r.Child.PrimaryKey != nil && slices.Contains(r.Child.PrimaryKey.Columns, name)
		if r.Child.Column(name).Nullable && !shared && !inKey {
			columns = append(columns, name)
		}
	}
	return columns
}

// StubColumns returns the columns of a stub row that hold the referenced row's own values: the primary key and every
// key that some stub policy references. Every other column is NULL or its declared dummy.
func (s *Schema) StubColumns(t *Table) []string {
	keep := map[string]bool{}
	if t.PrimaryKey != nil {
		for _, c := range t.PrimaryKey.Columns {
			keep[c] = true
		}
	}
	for _, child := range s.Tables {
		for _, r := range child.References {
			if r.Parent == t && r.Outside == schemamap.OutsideStub {
				for _, c := range r.ParentColumns() {
					keep[c] = true
				}
			}
		}
	}
	var columns []string
	for _, c := range t.Columns {
		if keep[c.Name] {
			columns = append(columns, c.Name)
		}
	}
	return columns
}

// stub refuses a stub that its table would not take.
func (b *binder) stub(r *Reference) {
	keys := b.schema.StubColumns(r.Parent)
	var needed []string
	for _, f := range r.Parent.Fields {
		if !f.Nullable && !f.Omit && f.Inserted() && (f.Stub == nil || f.Stub.IsNull()) && !slices.Contains(keys, f.Name) {
			needed = append(needed, f.Name)
		}
	}
	if len(needed) > 0 {
		b.refuse(CodeStubRefused, r.Cause, `declare a dummy in that table's block: column "NAME" { stub = … }`,
			"a stub row of %s needs a value for columns that can't be NULL: %s", r.Parent.Name, columnsLabel(needed))
	}
	var nulled []string
	for _, f := range r.Parent.Fields {
		if f.Inserted() && !f.Omit && !slices.Contains(keys, f.Name) {
			nulled = append(nulled, f.Name)
		}
	}
	b.collide(r, r.Parent, nulled)
	for _, other := range r.Parent.References {
		if columns := other.ChildColumns(); !slices.ContainsFunc(columns, func(c string) bool { return !slices.Contains(keys, c) }) {
			b.refuse(CodeStubRefused, r.Cause, `choose another policy`, "the key of a stub row of %s is itself a reference (%s)", r.Parent.Name, other.Label())
		}
	}
	for i := range r.Parent.Fields {
		if f := &r.Parent.Fields[i]; f.Stub != nil && !f.Stub.IsNull() {
			b.dummy(r.Parent, f)
		}
	}
}

// dummy refuses a dummy that the column would not take, or not in every stub row.
func (b *binder) dummy(t *Table, f *Field) {
	if slices.ContainsFunc(b.found, func(d diag.Diagnostic) bool { return d.Code == CodeStubRefused && d.Subject == f.Cause }) {
		return // by another foreign key
	}
	refuse := func(advice, format string) {
		b.refuse(CodeStubRefused, f.Cause, advice, format, f.Name, t.Name)
	}
	mentioned := func(columns []string) bool { return slices.Contains(columns, f.Name) }
	switch {
	case slices.ContainsFunc(t.Checks, func(c catalog.Check) bool { return mentioned(c.Columns) }):
		refuse("leave the column without a dummy, or choose another policy", "the dummy of column %s of %s is under a CHECK, which can't be settled before the copy")
	case slices.ContainsFunc(t.Keys(), func(k catalog.Key) bool { return mentioned(k.Columns) }):
		refuse("keys keep their own values in a stub row", "column %s of %s belongs to a key, so it can't hold a dummy")
	case slices.ContainsFunc(t.Indexes, func(i catalog.Index) bool { return i.Unique && Mentions(i.Definition, f.Name) }):
		refuse("leave the column without a dummy, or choose another policy", "column %s of %s stands in a unique index, so two stub rows can't hold the same dummy")
	case slices.ContainsFunc(t.References, func(r *Reference) bool { return mentioned(r.ChildColumns()) }):
		refuse("leave the column without a dummy, or choose another policy", "the dummy of column %s of %s would be a reference, and may lead nowhere")
	default:
		b.dummyFits(t, f)
	}
}

// dummyFits holds a dummy against the column's type, as a constant mask is.
func (b *binder) dummyFits(t *Table, f *Field) {
	constant, err := mask.New("constant", *f.Stub)
	if err == nil {
		_, err = constant.Fit(mask.Column{Type: f.Type, Nullable: f.Nullable})
	}
	var unfit *mask.Unfit
	if errors.As(err, &unfit) {
		b.refuse(CodeStubRefused, f.Cause, unfit.Advice, "the dummy of column %s of %s: %s", f.Name, t.Name, unfit.Reason)
	} else if err != nil {
		b.refuse(CodeStubRefused, f.Cause, "", "the dummy of column %s of %s: %v", f.Name, t.Name, err)
	}
}
