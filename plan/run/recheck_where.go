package run

import (
	"slices"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

// where prints a table's condition, or is not ok where it can't be recomputed in this view.
func (c *recheck) where(t *filter.Table) (text string, ok bool) {
	if t.Where == nil || slices.ContainsFunc(schemamap.Columns(t.Where.Expr), func(name string) bool { return !c.view.column(t, name) }) {
		return "", false
	}
	var printer schemamap.Printer = c.dialect
	column := func(name string) (string, value.Type) { return c.column("t", name), t.Column(name).Type }
	if c.elsewhere != nil {
		there, ok := c.dialect.(engine.Imager)
		if !ok || !c.portable(t, t.Where.Expr) {
			return "", false
		}
		f := foreign{there}
		printer = f
		column = func(name string) (string, value.Type) {
			of := t.Column(name).Type
			return f.moment(c.column("t", name), of), of
		}
	}
	text, err := schemamap.Print(t.Where.Expr, printer, column)
	return text, err == nil // the plan has printed it already
}

// foreign prints conditions for a copy of another engine's database: cells are there in their neutral form, and so are literals.
type foreign struct{ engine.Imager }

func (f foreign) Literal(v value.Value, t value.Type) string {
	return f.moment(f.Imager.Literal(value.Neutral(v, t), t), t)
}

func (f foreign) moment(sql string, t value.Type) string {
	if t.Kind == value.TimestampTZ {
		return f.Moment(sql)
	}
	return sql
}

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
	switch there.Kind {
	case value.Boolean, value.Integer, value.Real, value.Date, value.TimeOfDay, value.Timestamp, value.TimestampTZ, value.UUID:
		return true
	case value.Number:
		return there.Collation.Name == "" // otherwise it is kept as text, for its digits
	case value.String:
		for _, column := range c.elsewhere.Table(t.Name).Columns {
			if column.Name == ref.Name {
				here := column.Type.Collation
				here.Name = ""
				return !ordered && here == value.Collation{}
			}
		}
	}
	return false
}
