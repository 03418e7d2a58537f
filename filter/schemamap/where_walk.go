package schemamap

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/pingcap/tidb/pkg/parser/ast"
	"github.com/pingcap/tidb/pkg/parser/opcode"
	"github.com/pingcap/tidb/pkg/parser/test_driver"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

// walk turns the parser's tree into ours. Every kind of node that it doesn't name is refused. It returns nil where it
// refused; w.failed is then set.
func (w *whereReader) walk(n ast.ExprNode, depth int) Expr {
	if depth > maxWhereDepth {
		if !w.failed {
			w.refuseAt(CodeWhereSize, n, "the condition is too deep a tree",
				fmt.Sprintf("at most %d conditions are joined in a row; write IN, or group them with brackets", maxWhereDepth-1))
		}
		return nil
	}
	switch n := n.(type) {
	case *ast.ParenthesesExpr:
		return w.walk(n.Expr, depth) // brackets are counted by the guard
	case *ast.BinaryOperationExpr:
		return w.binary(n, depth)
	case *ast.UnaryOperationExpr:
		if n.Op != opcode.Not {
			break
		}
		if operand := w.walk(n.V, depth+1); operand != nil {
			return &Not{operand}
		}
		return nil
	case *ast.PatternInExpr:
		return w.in(n)
	case *ast.BetweenExpr:
		operand, low, high := w.column(n.Expr, "BETWEEN"), w.operand(n.Left), w.operand(n.Right)
		if operand == nil || low == nil || high == nil {
			return nil
		}
		return &Between{Operand: operand, Low: low, High: high, Negated: n.Not}
	case *ast.PatternLikeOrIlikeExpr:
		return w.like(n)
	case *ast.IsNullExpr:
		if operand := w.column(n.Expr, "IS NULL"); operand != nil {
			return &IsNull{operand, n.Not}
		}
		return nil
	case *ast.ColumnNameExpr:
		w.refuseAt(CodeWhereSyntax, n, "a column alone is not a condition", "compare it: write = TRUE or = 1")
		return nil
	case *test_driver.ValueExpr:
		w.refuseAt(CodeWhereNoColumn, n, "a literal alone is not a condition", "compare a column with it")
		return nil
	}
	w.refuseAt(CodeWhereConstruct, n, construct(n)+" in a condition", languageAdvice)
	return nil
}

func (w *whereReader) refuseAt(code string, n ast.ExprNode, summary, advice string) {
	w.failed = true
	w.r.refuse(code, w.rangeOf(n), summary, advice)
}

// construct names a kind of node.
func construct(n ast.ExprNode) string {
	return strings.TrimSuffix(strings.TrimPrefix(fmt.Sprintf("%T", n), "*ast."), "Expr")
}

var comparisons = map[opcode.Op]Op{
	opcode.EQ: Equal, opcode.NE: NotEqual, opcode.LT: Less, opcode.LE: LessOrEqual, opcode.GT: Greater, opcode.GE: GreaterOrEqual,
}

func (w *whereReader) binary(n *ast.BinaryOperationExpr, depth int) Expr {
	if n.Op == opcode.LogicAnd || n.Op == opcode.LogicOr {
		left, right := w.walk(n.L, depth+1), w.walk(n.R, depth+1)
		switch {
		case left == nil || right == nil:
			return nil
		case n.Op == opcode.LogicAnd:
			return &And{left, right}
		}
		return &Or{left, right}
	}
	op, ok := comparisons[n.Op]
	if !ok {
		w.refuseAt(CodeWhereConstruct, n, fmt.Sprintf("the operator %s in a condition", n.Op), languageAdvice)
		return nil
	}
	left, right := w.operand(n.L), w.operand(n.R)
	if left == nil || right == nil {
		return nil
	}
	_, literal := left.(*Literal)
	if _, both := right.(*Literal); literal && both {
		w.refuseAt(CodeWhereNoColumn, n, "two literals are compared", "compare a column")
		return nil
	}
	return &Compare{op, left, right}
}

// operand reads a column or a literal.
func (w *whereReader) operand(n ast.ExprNode) Expr {
	switch n := n.(type) {
	case *ast.ParenthesesExpr:
		return w.operand(n.Expr)
	case *ast.ColumnNameExpr:
		if c := w.columnRef(n); c != nil {
			return c
		}
		return nil
	case *test_driver.ValueExpr:
		if l := w.literal(n); l != nil {
			return l
		}
		return nil
	case *ast.BinaryOperationExpr, *ast.UnaryOperationExpr, *ast.PatternInExpr, *ast.BetweenExpr,
		*ast.PatternLikeOrIlikeExpr, *ast.IsNullExpr:
		w.refuseAt(CodeWhereConstruct, n, "a condition is compared with something", "compare columns and literals, and join comparisons with AND")
		return nil
	}
	w.refuseAt(CodeWhereConstruct, n, construct(n)+" in a comparison", "compare columns and literals")
	return nil
}

// column reads an operand that must be a column.
func (w *whereReader) column(n ast.ExprNode, of string) Expr {
	switch e := w.operand(n).(type) {
	case *ColumnRef:
		return e
	case *Literal:
		w.refuseAt(CodeWhereNoColumn, n, fmt.Sprintf("%s takes a column on its left", of), "write the column first")
	}
	return nil
}

func (w *whereReader) in(n *ast.PatternInExpr) Expr {
	operand := w.column(n.Expr, "IN")
	if n.Sel != nil || len(n.List) == 0 {
		w.refuseAt(CodeWhereConstruct, n, "IN without a list", "write IN (literal, …)")
		return nil
	}
	var list []Expr
	for _, item := range n.List {
		switch e := w.operand(item).(type) {
		case *Literal:
			list = append(list, e)
		case *ColumnRef:
			w.refuseAt(CodeWhereConstruct, item, "IN lists a column", "compare the two columns with =")
		}
	}
	if operand == nil || len(list) != len(n.List) {
		return nil
	}
	return &In{Operand: operand, List: list, Negated: n.Not}
}

func (w *whereReader) like(n *ast.PatternLikeOrIlikeExpr) Expr {
	operand := w.column(n.Expr, "LIKE")
	pattern := w.operand(n.Pattern)
	if operand == nil || pattern == nil {
		return nil
	}
	l, ok := pattern.(*Literal)
	if !ok || l.Value.Form() != value.Text {
		w.refuseAt(CodeWherePattern, n.Pattern, "the pattern of LIKE is not a text", "write LIKE '…'")
		return nil
	}
	if !n.IsLike || n.Escape != '\\' {
		w.refuseAt(CodeWhereConstruct, n, "another LIKE than the language's in a condition", languageAdvice)
		return nil
	}
	if !goodPattern(l.Value.Text()) {
		w.refuseAt(CodeWherePattern, n.Pattern, "a backslash in the pattern stands before nothing that it could escape",
			`write \% \_ and \\ for the characters themselves`)
		return nil
	}
	return &Like{Operand: operand, Pattern: l.Value.Text(), Negated: n.Not}
}

// goodPattern reports whether each backslash stands before %, _ or a backslash. Engines differ on the rest.
func goodPattern(pattern string) bool {
	for i := 0; i < len(pattern); i++ {
		if pattern[i] != '\\' {
			continue
		}
		if i++; i >= len(pattern) || strings.IndexByte(`%_\`, pattern[i]) < 0 {
			return false
		}
	}
	return true
}

// columnRef follows "c7" back to the seventh token.
func (w *whereReader) columnRef(n *ast.ColumnNameExpr) *ColumnRef {
	digits, ok := strings.CutPrefix(n.Name.Name.O, "c")
	t, at, found := w.numbered(digits)
	if !ok || !found || t.kind != tokenColumn || n.Name.Schema.O != "" || n.Name.Table.O != "" {
		w.refuseAt(CodeWhereConstruct, n, "a column with a table in a condition", "write the column alone")
		return nil
	}
	return &ColumnRef{Name: t.word, Range: at}
}

func (w *whereReader) literal(n *test_driver.ValueExpr) *Literal {
	var t token
	var at diag.Range
	ok := false
	switch n.Kind() {
	case test_driver.KindInt64:
		t, at, ok = w.numbered(strconv.FormatInt(n.GetInt64(), 10))
		ok = ok && (t.kind == tokenNumber || t.kind == tokenTruth)
	case test_driver.KindString:
		t, at, ok = w.numbered(n.GetString())
		ok = ok && t.kind == tokenText
	}
	if !ok {
		w.refuseAt(CodeWhereConstruct, n, "a literal of another kind in a condition", "write a text, a number, TRUE or FALSE")
		return nil
	}
	return &Literal{Value: t.value, Range: at}
}

func (w *whereReader) numbered(digits string) (token, diag.Range, bool) {
	i, err := strconv.Atoi(digits)
	if err != nil || i < 0 || i >= len(w.tokens) {
		return token{}, diag.Range{}, false
	}
	t := w.tokens[i]
	return t, w.text.at(w.r, t.start, t.end), true
}
