package filter

import (
	"slices"

	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/mask/value"
)

// Cell is the SQL of one column of a copied row, which is in scope under the alias t: the column itself, NULL where one of
// the blanking references leads outside, and a stub's dummy where the row is one. A mask that has a SQL form is applied.
func (s *Sets) Cell(f *Field, t *Table, blanking []*Reference, stub bool) string {
	text := s.column("t", f.Name)
	if stub && !slices.Contains(s.Schema.StubColumns(t), f.Name) {
		text = "NULL"
		if f.Stub != nil {
			text = s.dummy(f)
		}
	}
	if !stub {
		for _, r := range blanking {
			text = s.blank(text, s.Outside(r, "t"))
		}
	}
	if f.Mask != nil {
		if masked, ok := f.Mask.SQL(s.Dialect, t.MaskColumn(f.Name), text); ok {
			return masked
		}
	}
	return text
}

func (s *Sets) blank(cell, condition string) string {
	if b, ok := s.Dialect.(engine.Blanker); ok && s.shaped {
		return b.Blank(cell, condition)
	}
	return "CASE WHEN " + condition + " THEN NULL ELSE " + cell + " END"
}

// dummy is what a stub row holds in a column: the same as a constant mask of that literal gives, so that it has the form that
// the column's cells have.
func (s *Sets) dummy(f *Field) string {
	masked := f.Type
	if f.Mask != nil {
		masked = f.Effect.Type
	}
	if !f.Stub.IsNull() {
		if constant, err := mask.New("constant", *f.Stub); err == nil {
			if text, ok := constant.SQL(s.Dialect, mask.Column{Type: f.Type}, s.Dialect.Literal(value.Value{}, masked)); ok {
				return text
			}
		}
	}
	return s.Dialect.Literal(*f.Stub, masked)
}
