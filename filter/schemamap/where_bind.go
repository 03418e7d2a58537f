package schemamap

import (
	"fmt"
	"slices"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

// Bind holds the condition against the table that it narrows. Columns take the catalog's spelling; foldsCase says
// whether names that differ only in case are the same. Literals take the form of their column: a text that is compared
// with a date becomes a [value.Time], and 0 or 1 compared with a truth value a [value.Bool]. Binding replaces w.Expr by
// a new tree, and leaves it as it is when the list refuses. A condition can be bound again.
func (w *Where) Bind(t *catalog.Table, foldsCase bool) diag.List {
	if w == nil || w.Expr == nil {
		return nil
	}
	b := &whereBinder{table: t, foldsCase: foldsCase}
	e := b.bind(w.Expr)
	b.found.Sort()
	if !b.found.Refused() {
		w.Expr = e
	}
	return b.found
}

type whereBinder struct {
	table     *catalog.Table
	foldsCase bool
	found     diag.List
}

func (b *whereBinder) refuse(code string, at diag.Range, summary, advice string) {
	b.found = append(b.found, diag.Diagnostic{Code: code, Summary: summary, Advice: advice, Subject: at})
}

func (b *whereBinder) bind(e Expr) Expr {
	switch e := e.(type) {
	case *And:
		return &And{b.bind(e.Left), b.bind(e.Right)}
	case *Or:
		return &Or{b.bind(e.Left), b.bind(e.Right)}
	case *Not:
		return &Not{b.bind(e.Operand)}
	case *Compare:
		return b.compare(e)
	case *In:
		bound := &In{Negated: e.Negated}
		ref, column := b.column(e.Operand)
		bound.Operand = ref
		for _, item := range e.List {
			bound.List = append(bound.List, b.literal(item, column, Equal))
		}
		return bound
	case *Between:
		ref, column := b.column(e.Operand)
		return &Between{
			Operand: ref, Low: b.other(e.Low, column, LessOrEqual), High: b.other(e.High, column, LessOrEqual),
			Negated: e.Negated,
		}
	case *Like:
		ref, column := b.column(e.Operand)
		if column != nil && b.comparable(column, rangeOf(ref), Equal) && column.Type.Kind != value.String {
			b.refuse(CodeWhereOperator, rangeOf(ref), fmt.Sprintf("LIKE on column %q, which is %s", column.Name, column.Type.Kind),
				"LIKE is for text; compare it otherwise")
		}
		return &Like{ref, e.Pattern, e.Negated}
	case *IsNull:
		ref, _ := b.column(e.Operand)
		return &IsNull{ref, e.Negated}
	}
	panic(fmt.Sprintf("schemamap: no condition: %T", e)) // Expr is sealed
}

// column resolves a column. The catalog's column is nil where it was refused.
func (b *whereBinder) column(e Expr) (Expr, *catalog.Column) {
	ref, ok := e.(*ColumnRef)
	if !ok {
		panic(fmt.Sprintf("schemamap: %T where a column must be", e)) // Parse makes no such tree
	}
	column := b.table.Column(ref.Name)
	if column == nil && b.foldsCase {
		for i := range b.table.Columns {
			if catalog.FoldName(b.table.Columns[i].Name) == catalog.FoldName(ref.Name) {
				column = &b.table.Columns[i]
				break
			}
		}
	}
	if column == nil {
		names := b.table.ColumnNames()
		advice := diag.DidYouMean(ref.Name, names)
		if advice == "" {
			advice = "write a column of the table that the condition narrows"
		}
		b.refuse(CodeWhereColumn, ref.Range, fmt.Sprintf("table %s has no column %q", b.table.Name, ref.Name), advice)
		return ref, nil
	}
	return &ColumnRef{column.Name, ref.Range}, column
}

func rangeOf(e Expr) diag.Range {
	switch e := e.(type) {
	case *ColumnRef:
		return e.Range
	case *Literal:
		return e.Range
	}
	return diag.Range{}
}

func (b *whereBinder) compare(e *Compare) Expr {
	if _, ok := e.Left.(*Literal); ok {
		ref, column := b.column(e.Right)
		return &Compare{e.Op, b.literal(e.Left, column, e.Op), ref}
	}
	ref, column := b.column(e.Left)
	return &Compare{e.Op, ref, b.other(e.Right, column, e.Op)}
}

// other binds what column is compared with. A nil column was refused already.
func (b *whereBinder) other(e Expr, column *catalog.Column, op Op) Expr {
	if _, ok := e.(*Literal); ok {
		return b.literal(e, column, op)
	}
	ref, other := b.column(e)
	if column == nil || other == nil || !b.comparable(column, rangeOf(ref), op) {
		return ref
	}
	switch {
	case column.Type.Kind != other.Type.Kind:
		b.refuse(CodeWhereColumns, rangeOf(ref), fmt.Sprintf("column %q is %s and column %q is %s",
			column.Name, column.Type.Kind, other.Name, other.Type.Kind), "compare columns of the same kind")
	case column.Type.Kind == value.String && column.Type.Collation != other.Type.Collation:
		b.refuse(CodeWhereColumns, rangeOf(ref), fmt.Sprintf("columns %q and %q have different collations", column.Name, other.Name),
			"compare columns that compare text alike")
	}
	return ref
}

var (
	comparableKinds = []value.Kind{value.Boolean, value.Integer, value.Number, value.Real, value.String, value.UUID,
		value.Date, value.TimeOfDay, value.Timestamp, value.TimestampTZ}
	// equalityOnly are kinds that engines order differently, or not at all.
	equalityOnly = []value.Kind{value.Boolean, value.UUID}
)

// comparable refuses a comparison that columns of this kind don't have. at is where.
func (b *whereBinder) comparable(column *catalog.Column, at diag.Range, op Op) bool {
	kind := column.Type.Kind
	switch {
	case !slices.Contains(comparableKinds, kind):
		b.refuse(CodeWhereOnlyNull, at, fmt.Sprintf("column %q is %s and can't be compared", column.Name, kind),
			"write IS NULL or IS NOT NULL")
		return false
	case op != Equal && op != NotEqual && slices.Contains(equalityOnly, kind):
		b.refuse(CodeWhereOperator, at, fmt.Sprintf("column %q is %s, which has no order that every engine shares", column.Name, kind),
			"write =, <> or IN")
		return false
	}
	return true
}

// literal gives a literal the form of its column.
func (b *whereBinder) literal(e Expr, column *catalog.Column, op Op) Expr {
	l, ok := e.(*Literal)
	if !ok {
		panic(fmt.Sprintf("schemamap: %T where a literal must be", e)) // Parse makes no such tree
	}
	if column == nil || !b.comparable(column, l.Range, op) {
		return l
	}
	v, fits, advice := convert(l.Value, column.Type)
	switch {
	case !fits:
		b.refuse(CodeWhereLiteral, l.Range, fmt.Sprintf("column %q is %s, and the literal is %s",
			column.Name, column.Type.Kind, formName(l.Value)), advice)
	case advice != "":
		b.refuse(CodeWhereFormatting, l.Range, fmt.Sprintf("the text is no %s that every engine reads alike", column.Type.Kind), advice)
	}
	return &Literal{v, l.Range}
}

func formName(v value.Value) string {
	switch v.Form() {
	case value.Bool:
		return "TRUE or FALSE"
	case value.Int, value.Decimal, value.Float:
		return "a number"
	case value.Text:
		return "a text"
	case value.Time:
		return "a date or time"
	}
	return v.Form().String()
}
