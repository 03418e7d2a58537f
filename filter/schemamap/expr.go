package schemamap

import (
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

// Expr is a node of the portable expression language: [And], [Or], [Not], [Compare], [In], [Between], [Like],
// [IsNull], [ColumnRef] and [Literal]. There are no others.
type Expr interface{ expr() }

// And is true when both are.
type And struct{ Left, Right Expr }

// Or is true when either is.
type Or struct{ Left, Right Expr }

// Not is true when its operand is false; NULL stays NULL.
type Not struct{ Operand Expr }

// Op is a comparison.
type Op string

// The comparisons.
const (
	Equal          Op = "="
	NotEqual       Op = "<>"
	Less           Op = "<"
	LessOrEqual    Op = "<="
	Greater        Op = ">"
	GreaterOrEqual Op = ">="
)

// Compare compares a column with a literal, or two columns of the same kind.
type Compare struct {
	Op          Op
	Left, Right Expr
}

// In is true when the column equals one of the literals.
type In struct {
	Operand Expr
	List    []Expr
	Negated bool
}

// Between is Low <= Operand AND Operand <= High.
type Between struct {
	Operand, Low, High Expr
	Negated            bool
}

// Like matches text against a pattern: % is any run of characters, _ any one, and a backslash takes the next
// character as it is. Case counts as it does in the column's collation.
type Like struct {
	Operand Expr
	Pattern string
	Negated bool
}

// IsNull tests for NULL.
type IsNull struct {
	Operand Expr
	Negated bool
}

// ColumnRef is a column of the table that the expression narrows.
type ColumnRef struct {
	Name  string
	Range diag.Range
}

// Literal is a number, a text or a truth value; NULL is refused wherever a literal stands. Once bound, it has the form of
// the column beside it, which may be a time.
type Literal struct {
	Value value.Value
	Range diag.Range
}

func (*And) expr()       {}
func (*Or) expr()        {}
func (*Not) expr()       {}
func (*Compare) expr()   {}
func (*In) expr()        {}
func (*Between) expr()   {}
func (*Like) expr()      {}
func (*IsNull) expr()    {}
func (*ColumnRef) expr() {}
func (*Literal) expr()   {}
