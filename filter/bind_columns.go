package filter

import (
	"errors"
	"slices"
	"strings"
	"unicode"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/mask"
)

// columns binds what the map says of each column, and settles whether every mask fits.
func (b *binder) columns() {
	for _, t := range b.schema.Tables {
		for i := range t.Columns {
			t.Fields = append(t.Fields, Field{Column: &t.Columns[i], Cause: t.Cause})
		}
		classified := b.columnBlocks(t)
		b.unclassified(t, classified)
		b.omissions(t)
	}
	for _, t := range b.schema.Tables {
		for _, r := range t.References {
			b.maskedAlike(r)
		}
	}
}

func (b *binder) columnBlocks(t *Table) (classified map[string]bool) {
	classified = map[string]bool{}
	block := b.blocks[t]
	if block == nil {
		return classified
	}
	for i := range block.Columns {
		written := &block.Columns[i]
		column := b.column(t, written.Name)
		if column == nil {
			continue
		}
		if classified[column.Name] {
			b.refuse(CodeDuplicateMapping, written.Range, "keep one of the two", "column %s of %s is classified twice", column.Name, t.Name)
			continue
		}
		classified[column.Name] = written.Keep || written.Omit || written.Mask != nil
		field := t.Field(column.Name)
		field.Omit, field.Stub, field.Cause = written.Omit, written.Stub, written.Range
		if written.Mask == nil {
			continue
		}
		if !column.Inserted() {
			b.refuse(CodeComputedMasked, written.Range, "mask the columns that it is computed from, or omit it",
				"column %s of %s is computed by the database, so a masked value can't be stored in it", column.Name, t.Name)
			continue
		}
		b.fit(t, field, written.Mask.Name, written.Mask)
	}
	return classified
}

func (b *binder) fit(t *Table, field *Field, name string, written *schemamap.Mask) {
	rule, err := mask.New(name, written.Args...)
	if err != nil {
		var bad *mask.BadRule
		advice := ""
		if errors.As(err, &bad) {
			advice = bad.Advice
		}
		b.refuse(CodeMaskUnknown, written.Range, advice, "%v", err)
		return
	}
	effect, err := rule.Fit(t.MaskColumn(field.Name))
	if err != nil {
		var unfit *mask.Unfit
		advice := ""
		if errors.As(err, &unfit) {
			advice = unfit.Advice
		}
		b.refuse(CodeMaskUnfit, written.Range, advice, "column %s of %s: %v", field.Name, t.Name, err)
		return
	}
	field.Mask, field.Effect = rule, effect
}

func (b *binder) unclassified(t *Table, classified map[string]bool) {
	if !b.schema.Map.Strict || t.Rule == NoRows || t.Rule == NoneKept || !t.accounted() {
		return
	}
	var missing []string
	for _, c := range t.Columns {
		if !classified[c.Name] {
			missing = append(missing, c.Name)
		}
	}
	if len(missing) > 0 {
		b.refuse(CodeUnclassified, t.Cause, `write column "NAME" { keep = true }, { omit = true } or { mask = … } for each`,
			"the map is strict and leaves columns of %s unclassified: %s", t.Name, columnsLabel(missing))
	}
}

// omissions refuses to leave out a column that something in the copy stands on.
func (b *binder) omissions(t *Table) {
	for i := range t.Fields {
		f := &t.Fields[i]
		if !f.Omit {
			continue
		}
		for _, k := range t.Keys() {
			if slices.Contains(k.Columns, f.Name) && (t.PrimaryKey != nil && slices.Equal(k.Columns, t.PrimaryKey.Columns) || b.referenced(t, k)) {
				b.refuse(CodeOmit, f.Cause, `mask it with hash("NAME"), here and where it is referenced`,
					"column %s of %s belongs to a key that identifies its rows", f.Name, t.Name)
				break
			}
		}
		for _, c := range t.Columns {
			if c.Computed != "" && Mentions(c.Computed, f.Name) && !t.Field(c.Name).Omit {
				b.refuse(CodeOmit, f.Cause, "omit the computed column as well", "column %s of %s is what column %s is computed from", f.Name, t.Name, c.Name)
			}
		}
	}
	if !slices.ContainsFunc(t.Fields, func(f Field) bool { return !f.Omit && f.Inserted() }) {
		b.refuse(CodeOmit, t.Cause, `write rows = "none" with a reason to leave the whole table out`, "no column of %s would be copied", t.Name)
	}
}

func (b *binder) referenced(t *Table, k catalog.Key) bool {
	exact := func(x, y string) bool { return x == y }
	return slices.ContainsFunc(b.schema.Tables, func(child *Table) bool {
		return slices.ContainsFunc(child.References, func(r *Reference) bool {
			return r.Parent == t && sameColumns(r.ParentColumns(), k.Columns, exact)
		})
	})
}

// maskedAlike refuses a foreign key whose two ends would not find each other after masking.
func (b *binder) maskedAlike(r *Reference) {
	if !r.Child.Made() || !r.Parent.Made() || !r.Child.accounted() || !r.Parent.accounted() {
		return
	}
	for _, pair := range r.Columns {
		child, parent := r.Child.Field(pair.Child), r.Parent.Field(pair.Parent)
		if child == nil || parent == nil || child.Omit {
			continue
		}
		if child.Mask != nil && child.Effect.Blanks {
			continue // no reference is left
		}
		childSpec, parentSpec := specOf(child), specOf(parent)
		alike := childSpec == parentSpec && (child.Mask == nil || child.Effect.Deterministic &&
			child.Effect.Form == parent.Effect.Form)
		if !alike {
			b.refuse(CodeMaskReference, child.Cause, "give both ends the same hash mask (and the same length and collation), or neither; or mask the reference with null",
				"column %s of %s references %s of %s: one is %s, the other %s", child.Name, r.Child.Name, parent.Name, r.Parent.Name, describe(childSpec), describe(parentSpec))
		}
	}
}

func specOf(f *Field) string {
	if f.Mask == nil {
		return ""
	}
	return f.Mask.Spec()
}

func describe(spec string) string {
	if spec == "" {
		return "kept as it is"
	}
	return "masked by " + spec
}

// Mentions reports whether a SQL expression has name as a word, in any case. It may see a name in a text literal:
// that errs to the safe side.
func Mentions(expression, name string) bool {
	expression, name = strings.ToLower(expression), strings.ToLower(name)
	word := func(s string, last bool) bool {
		runes := []rune(s)
		if len(runes) == 0 {
			return false
		}
		r := runes[0]
		if last {
			r = runes[len(runes)-1]
		}
		return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == '$'
	}
	for from := 0; ; {
		i := strings.Index(expression[from:], name)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(name)
		if !word(expression[:start], true) && !word(expression[end:], false) {
			return true
		}
		from = end
	}
}
