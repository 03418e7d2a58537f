package schemamap

import (
	"fmt"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/mask/value"
)

// Columns returns the names of the columns that e uses, sorted, each once.
func Columns(e Expr) []string {
	var names []string
	each(e, func(c *ColumnRef) { names = append(names, c.Name) })
	slices.Sort(names)
	return slices.Compact(names)
}

func each(e Expr, visit func(*ColumnRef)) {
	switch e := e.(type) {
	case *And:
		each(e.Left, visit)
		each(e.Right, visit)
	case *Or:
		each(e.Left, visit)
		each(e.Right, visit)
	case *Not:
		each(e.Operand, visit)
	case *Compare:
		each(e.Left, visit)
		each(e.Right, visit)
	case *In:
		each(e.Operand, visit)
	case *Between:
		each(e.Operand, visit)
		each(e.Low, visit)
		each(e.High, visit)
	case *Like:
		each(e.Operand, visit)
	case *IsNull:
		each(e.Operand, visit)
	case *ColumnRef:
		visit(e)
	case *Literal, nil:
	default:
		panic(fmt.Sprintf("schemamap: no expression: %T", e)) // Expr is sealed
	}
}

// Printer writes the engine's part of a condition. Every engine's dialect is one.
type Printer interface {
	// Quote quotes an identifier, whatever it holds.
	Quote(identifier string) string
	// Literal writes a value as a constant that compares with a column of type t.
	Literal(v value.Value, t value.Type) string
	// Like writes operand LIKE pattern for a column of type t. The pattern is the map's: see [Like].
	Like(operand, pattern string, t value.Type) (string, error)
}

// Print writes a condition as SQL, with brackets around everything, so that no engine's precedence matters. Nothing of
// the map's text passes through: columns, literals and patterns are written by p. column returns the SQL reference to a
// column and its type; where it is nil, a column is p's quoted name, of the zero type. The error is p's own, or says
// that the tree is not one that Parse makes.
func Print(e Expr, p Printer, column func(name string) (sql string, t value.Type)) (string, error) {
	if column == nil {
		column = func(name string) (string, value.Type) { return p.Quote(name), value.Type{} }
	}
	w := &whereWriter{printer: p, column: column}
	w.write(e)
	if w.err != nil {
		return "", w.err
	}
	return w.sql.String(), nil
}

type whereWriter struct {
	printer Printer
	column  func(name string) (string, value.Type)
	sql     strings.Builder
	err     error
}

func (w *whereWriter) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *whereWriter) write(e Expr) {
	switch e := e.(type) {
	case *And:
		w.joined(e.Left, " AND ", e.Right)
	case *Or:
		w.joined(e.Left, " OR ", e.Right)
	case *Not:
		w.sql.WriteString("(NOT ")
		w.write(e.Operand)
		w.sql.WriteByte(')')
	case *Compare:
		w.compare(e)
	case *In:
		w.in(e)
	case *Between:
		t := w.typeOf(e.Operand)
		w.sql.WriteByte('(')
		w.operand(e.Operand, t)
		w.sql.WriteString(negated(e.Negated, " NOT BETWEEN ", " BETWEEN "))
		w.operand(e.Low, t)
		w.sql.WriteString(" AND ")
		w.operand(e.High, t)
		w.sql.WriteByte(')')
	case *Like:
		w.like(e)
	case *IsNull:
		w.sql.WriteByte('(')
		w.operand(e.Operand, value.Type{})
		w.sql.WriteString(negated(e.Negated, " IS NOT NULL)", " IS NULL)"))
	default:
		w.fail(fmt.Errorf("no condition: %T", e))
	}
}

func negated(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}

func (w *whereWriter) joined(left Expr, word string, right Expr) {
	w.sql.WriteByte('(')
	w.write(left)
	w.sql.WriteString(word)
	w.write(right)
	w.sql.WriteByte(')')
}

func (w *whereWriter) compare(e *Compare) {
	switch e.Op {
	case Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual:
	default:
		w.fail(fmt.Errorf("no comparison: %q", string(e.Op)))
		return
	}
	side := e.Left
	if _, ok := side.(*Literal); ok {
		side = e.Right
	}
	t := w.typeOf(side)
	w.sql.WriteByte('(')
	w.operand(e.Left, t)
	w.sql.WriteString(" " + string(e.Op) + " ")
	w.operand(e.Right, t)
	w.sql.WriteByte(')')
}

func (w *whereWriter) in(e *In) {
	if len(e.List) == 0 {
		w.fail(fmt.Errorf("IN without a list"))
		return
	}
	t := w.typeOf(e.Operand)
	w.sql.WriteByte('(')
	w.operand(e.Operand, t)
	w.sql.WriteString(negated(e.Negated, " NOT IN (", " IN ("))
	for i, item := range e.List {
		if i > 0 {
			w.sql.WriteString(", ")
		}
		w.operand(item, t)
	}
	w.sql.WriteString("))")
}

func (w *whereWriter) like(e *Like) {
	ref, ok := e.Operand.(*ColumnRef)
	if !ok {
		w.fail(fmt.Errorf("LIKE on %T", e.Operand))
		return
	}
	sql, t := w.column(ref.Name)
	text, err := w.printer.Like(sql, e.Pattern, t)
	if err != nil {
		w.fail(err)
		return
	}
	w.sql.WriteString(negated(e.Negated, "(NOT (", "(") + text + negated(e.Negated, "))", ")"))
}

// typeOf is the type of the column that literals beside it are written for.
func (w *whereWriter) typeOf(e Expr) value.Type {
	ref, ok := e.(*ColumnRef)
	if !ok {
		w.fail(fmt.Errorf("%T where a column must be", e))
		return value.Type{}
	}
	_, t := w.column(ref.Name)
	return t
}

func (w *whereWriter) operand(e Expr, t value.Type) {
	switch e := e.(type) {
	case *ColumnRef:
		sql, _ := w.column(e.Name)
		w.sql.WriteString(sql)
	case *Literal:
		w.sql.WriteString(w.printer.Literal(e.Value, t))
	default:
		w.fail(fmt.Errorf("%T where a column or literal must be", e))
	}
}
