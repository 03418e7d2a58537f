package run

import (
	"slices"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
)

// where prints a table's condition, or is not ok where it can't be recomputed in this view.
func (c *recheck) where(t *filter.Table) (text string, ok bool) {
	if t.Where == nil || slices.ContainsFunc(schemamap.Columns(t.Where.Expr), func(name string) bool { return !c.view.column(t, name) }) {
		return "", false
	}
	if c.elsewhere != nil && !c.portable(t, t.Where.Expr) {
		return "", false
	}
	text, err := schemamap.Print(t.Where.Expr, c.comparing(), func(name string) (string, value.Type) {
		of := t.Column(name).Type
		return c.comparing().cell(c.column("t", name), of), of
	})
	return text, err == nil // the plan has printed it already
}

// comparing writes comparisons of cells with literals.
func (c *recheck) comparing() comparing {
	if there, ok := c.dialect.(engine.Imager); ok && c.elsewhere != nil {
		return comparing{c.dialect, there}
	}
	return comparing{Dialect: c.dialect}
}

// comparing is a dialect as it is where there is nil, and otherwise for a copy of another engine's database: cells are in their neutral
// form there, and so must literals be.
type comparing struct {
	engine.Dialect
	there engine.Imager
}

func (c comparing) Literal(v value.Value, t value.Type) string {
	if c.there == nil {
		return c.Dialect.Literal(v, t)
	}
	v = value.Neutral(v, t)
	if t.Kind == value.Number && keptAsText(t) && !v.IsNull() {
		v = value.NewText(v.Text())
	}
	return c.cell(c.Dialect.Literal(v, t), t)
}

// cell is what stands for a cell in a comparison.
func (c comparing) cell(sql string, t value.Type) string {
	if c.there != nil && t.Kind == value.TimestampTZ {
		return c.there.Moment(sql)
	}
	return sql
}

// keptAsText reports whether numbers stand as texts in a copy, for their digits.
func keptAsText(t value.Type) bool { return t.Collation.Name != "" }

// portable reports whether a condition says of the cells of a copy in another engine what the source's engine said of them. Engines agree
// on numbers and times, and on whether two texts are equal as long as that depends on nothing but their characters.
func (c *recheck) portable(t *filter.Table, e schemamap.Expr) bool {
	switch e := e.(type) {
	case *schemamap.And:
		return c.portable(t, e.Left) && c.portable(t, e.Right)
	case *schemamap.Or:
		return c.portable(t, e.Left) && c.portable(t, e.Right)
	case *schemamap.Not:
		return c.portable(t, e.Operand)
	case *schemamap.Compare:
		ordered := e.Op != schemamap.Equal && e.Op != schemamap.NotEqual
		return c.alike(t, e.Left, ordered) && c.alike(t, e.Right, ordered)
	case *schemamap.Between:
		return c.alike(t, e.Operand, true) && c.alike(t, e.Low, true) && c.alike(t, e.High, true)
	case *schemamap.In:
		return c.alike(t, e.Operand, false)
	case *schemamap.Like:
		return c.alike(t, e.Operand, false)
	case *schemamap.IsNull:
		return true
	}
	return false
}

// alike is portable for an operand of a comparison.
func (c *recheck) alike(t *filter.Table, e schemamap.Expr, ordered bool) bool {
	ref, ok := e.(*schemamap.ColumnRef)
	if !ok {
		return true // a literal, beside a column
	}
	there := t.Column(ref.Name).Type
	columns := c.elsewhere.Table(t.Name).Columns
	i := slices.IndexFunc(columns, func(column plan.Column) bool { return column.Name == ref.Name })
	if i < 0 || columns[i].Type.Kind != there.Kind { // kept as text, for want of a type
		return false
	}
	switch there.Kind {
	case value.Boolean, value.Integer, value.Real, value.Date, value.TimeOfDay, value.Timestamp, value.TimestampTZ, value.UUID:
		return true
	case value.Number:
		return !keptAsText(there)
	case value.String:
		here := columns[i].Type.Collation
		here.Name = ""
		return !ordered && here == value.Collation{}
	}
	return false
}
