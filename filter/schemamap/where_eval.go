package schemamap

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/utdrag/utdrag/mask/value"
)

// Truth is SQL's: a comparison with NULL is neither true nor false.
type Truth uint8

// The truths. The zero Truth is unknown, so that what was not decided is not true.
const (
	UnknownTruth Truth = iota
	False
	True
)

func (t Truth) String() string {
	switch t {
	case True:
		return "true"
	case False:
		return "false"
	}
	return "unknown"
}

func truth(b bool) Truth {
	if b {
		return True
	}
	return False
}

// not turns true and false around.
func (t Truth) not() Truth {
	switch t {
	case True:
		return False
	case False:
		return True
	}
	return UnknownTruth
}

func and(a, b Truth) Truth {
	switch {
	case a == False || b == False:
		return False
	case a == True && b == True:
		return True
	}
	return UnknownTruth
}

func or(a, b Truth) Truth { return and(a.not(), b.not()).not() }

// Eval says what a bound condition is for one row, with no database. It is the oracle that tests hold engines against,
// so it takes nothing from how engines do it:
//
//   - numbers compare exactly, whatever their forms; a truth value is 0 or 1 beside a number;
//   - texts compare by code point, after what collation says of case and trailing spaces. It doesn't follow
//     IgnoresAccents, nor the alphabetical order of a language;
//   - times compare as the points in time that their ISO texts name;
//   - binaries compare byte by byte;
//   - a comparison of NULL, of a NaN, of a large value or of forms that have nothing in common is unknown.
//
// cell returns a column's cell and collation its collation; collation may be nil where every text compares as it is.
func Eval(e Expr, cell func(column string) value.Value, collation func(column string) value.Collation) Truth {
	if collation == nil {
		collation = func(string) value.Collation { return value.Collation{} }
	}
	return evaluator{cell, collation}.eval(e)
}

type evaluator struct {
	cell      func(column string) value.Value
	collation func(column string) value.Collation
}

func (v evaluator) eval(e Expr) Truth {
	switch e := e.(type) {
	case *And:
		return and(v.eval(e.Left), v.eval(e.Right))
	case *Or:
		return or(v.eval(e.Left), v.eval(e.Right))
	case *Not:
		return v.eval(e.Operand).not()
	case *Compare:
		return v.compare(e.Op, e.Left, e.Right)
	case *In:
		found := False
		for _, item := range e.List {
			found = or(found, v.compare(Equal, e.Operand, item))
		}
		return notIf(e.Negated, found)
	case *Between:
		return notIf(e.Negated, and(v.compare(GreaterOrEqual, e.Operand, e.Low), v.compare(LessOrEqual, e.Operand, e.High)))
	case *Like:
		return notIf(e.Negated, v.like(e))
	case *IsNull:
		return notIf(e.Negated, truth(v.value(e.Operand).IsNull()))
	}
	panic(fmt.Sprintf("schemamap: no condition: %T", e)) // Expr is sealed
}

func notIf(is bool, t Truth) Truth {
	if is {
		return t.not()
	}
	return t
}

func (v evaluator) value(e Expr) value.Value {
	switch e := e.(type) {
	case *ColumnRef:
		return v.cell(e.Name)
	case *Literal:
		return e.Value
	}
	panic(fmt.Sprintf("schemamap: %T where a column or literal must be", e)) // Parse makes no such tree
}

// collationOf is the collation of the column among the two sides.
func (v evaluator) collationOf(left, right Expr) value.Collation {
	if ref, ok := left.(*ColumnRef); ok {
		return v.collation(ref.Name)
	}
	if ref, ok := right.(*ColumnRef); ok {
		return v.collation(ref.Name)
	}
	return value.Collation{}
}

func (v evaluator) compare(op Op, left, right Expr) Truth {
	order, known := order(v.value(left), v.value(right), v.collationOf(left, right))
	if !known {
		return UnknownTruth
	}
	switch op {
	case Equal:
		return truth(order == 0)
	case NotEqual:
		return truth(order != 0)
	case Less:
		return truth(order < 0)
	case LessOrEqual:
		return truth(order <= 0)
	case Greater:
		return truth(order > 0)
	case GreaterOrEqual:
		return truth(order >= 0)
	}
	panic(fmt.Sprintf("schemamap: no comparison: %q", string(op)))
}

func (v evaluator) like(e *Like) Truth {
	cell := v.value(e.Operand)
	if cell.Form() != value.Text || cell.Large() != nil {
		return UnknownTruth
	}
	fold := folding(v.collationOf(e.Operand, nil))
	return truth(matches([]rune(cell.Text()), []rune(e.Pattern), fold))
}

// matches holds text against a pattern of LIKE. It goes back to the last % only, so it is at worst quadratic.
func matches(text, pattern []rune, fold func(rune) rune) bool {
	t, p := 0, 0
	anyAt, resume := -1, 0
	for t < len(text) {
		if p < len(pattern) && pattern[p] == '%' {
			anyAt, resume = p, t
			p++
			continue
		}
		if width := matchOne(text[t], pattern[p:], fold); width > 0 {
			t++
			p += width
			continue
		}
		if anyAt < 0 {
			return false
		}
		resume++
		t, p = resume, anyAt+1
	}
	for p < len(pattern) && pattern[p] == '%' {
		p++
	}
	return p == len(pattern)
}

// matchOne returns how many characters of the pattern took c, or 0.
func matchOne(c rune, pattern []rune, fold func(rune) rune) int {
	switch {
	case len(pattern) == 0:
		return 0
	case pattern[0] == '_':
		return 1
	case pattern[0] == '\\' && len(pattern) > 1:
		if fold(c) == fold(pattern[1]) {
			return 2
		}
	case fold(c) == fold(pattern[0]):
		return 1
	}
	return 0
}

// folding returns what a collation makes of a character: itself, or one form for both cases.
func folding(c value.Collation) func(rune) rune {
	switch {
	case !c.IgnoresCase:
		return func(r rune) rune { return r }
	case c.ASCIIOnly:
		return func(r rune) rune {
			if r >= 'A' && r <= 'Z' {
				return r + 'a' - 'A'
			}
			return r
		}
	}
	return func(r rune) rune { return unicode.ToLower(unicode.ToUpper(r)) }
}

// folded is a text as a collation compares it.
func folded(s string, c value.Collation) string {
	if c.IgnoresTrailingSpace {
		s = strings.TrimRight(s, " ")
	}
	return strings.Map(folding(c), s)
}
