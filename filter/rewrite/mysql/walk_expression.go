package mysql

import (
	"strconv"
	"strings"

	"github.com/pingcap/tidb/pkg/parser/ast"
	"github.com/pingcap/tidb/pkg/parser/mysql"
	"github.com/pingcap/tidb/pkg/parser/opcode"
	"github.com/pingcap/tidb/pkg/parser/test_driver"

	"github.com/utdrag/utdrag/filter/rewrite"
)

func (w *walker) walkOptional(e *ast.ExprNode) {
	if *e != nil {
		w.walkExpression(e)
	}
}

func (w *walker) walkAll(list []ast.ExprNode) {
	for i := range list {
		w.walkExpression(&list[i])
	}
}

// operand walks an operand, and puts parentheses around it if it is an operation itself: what is printed then means the
// same whatever a server's precedences are. MOD(a + b, c) is a tree that would be printed as a + b % c.
func (w *walker) operand(e *ast.ExprNode) {
	w.walkExpression(e)
	switch (*e).(type) {
	case *ast.BinaryOperationExpr, *ast.UnaryOperationExpr, *ast.BetweenExpr, *ast.PatternInExpr, *ast.PatternLikeOrIlikeExpr,
		*ast.PatternRegexpExpr, *ast.IsNullExpr, *ast.IsTruthExpr, *ast.CompareSubqueryExpr, *ast.SetCollationExpr,
		*ast.FuncCastExpr, *ast.ExistsSubqueryExpr, *ast.CaseExpr:
		*e = &ast.ParenthesesExpr{Expr: *e}
	}
}

// walkExpression walks an expression.
func (w *walker) walkExpression(e *ast.ExprNode) {
	if !w.enter() {
		w.leave()
		return
	}
	defer w.leave()
	switch n := (*e).(type) {
	case *ast.ParenthesesExpr:
		w.walkExpression(&n.Expr)
	case *ast.ColumnNameExpr:
		w.walkColumn(n.Name)
	case *test_driver.ValueExpr:
		w.walkValue(n)
	case *test_driver.ParamMarkerExpr:
		w.walkParameter(n)
	case *ast.PositionExpr:
		if n.P != nil {
			w.refuse(rewrite.CodeConstruct, w.here(n), "a parameter in place of a column's number")
		}
		w.literal("number "+strconv.Itoa(n.N), n)
	case *ast.BinaryOperationExpr:
		w.walkBinary(n)
	case *ast.UnaryOperationExpr:
		switch n.Op {
		case opcode.Minus, opcode.Plus, opcode.BitNeg, opcode.Not, opcode.Not2:
			w.operand(&n.V)
		default:
			w.refuse(rewrite.CodeConstruct, w.here(n), "an operator that is not on the list")
		}
	case *ast.BetweenExpr:
		w.operand(&n.Expr)
		w.operand(&n.Left)
		w.operand(&n.Right)
	case *ast.PatternInExpr:
		w.operand(&n.Expr)
		w.walkAll(n.List)
		if n.Sel != nil {
			w.walkSubquery(n.Sel)
		}
	case *ast.PatternLikeOrIlikeExpr:
		w.walkLike(n)
	case *ast.PatternRegexpExpr:
		if n.Re != nil || n.Sexpr != nil {
			w.refuse(rewrite.CodeConstruct, w.here(n), "a pattern that can't be read")
		}
		w.operand(&n.Expr)
		w.operand(&n.Pattern)
	case *ast.IsNullExpr:
		w.operand(&n.Expr)
	case *ast.IsTruthExpr:
		w.operand(&n.Expr)
	case *ast.CaseExpr:
		w.walkOptional(&n.Value)
		for _, when := range n.WhenClauses {
			w.walkExpression(&when.Expr)
			w.walkExpression(&when.Result)
		}
		w.walkOptional(&n.ElseClause)
	case *ast.RowExpr:
		w.walkAll(n.Values)
	case *ast.SetCollationExpr:
		w.operand(&n.Expr)
		if !plainWord(n.Collate) {
			w.refuse(rewrite.CodeConstruct, w.here(n), "a collation that can't be read")
		} else if _, ok := w.cover.function(n.Collate); !ok {
			w.refuse(rewrite.CodeUnaccounted, w.here(n), "a collation that the parser read and that is not in the query")
		}
	case *ast.SubqueryExpr:
		w.walkSubquery(n)
	case *ast.ExistsSubqueryExpr:
		w.walkSubquery(n.Sel)
	case *ast.CompareSubqueryExpr:
		w.operand(&n.L)
		w.walkSubquery(n.R)
	case *ast.FuncCallExpr:
		w.walkCall(n)
	case *ast.FuncCastExpr:
		w.walkCast(n)
	case *ast.AggregateFuncExpr:
		w.walkAggregate(n)
	case *ast.WindowFuncExpr:
		w.walkWindowCall(n)
	case *ast.MatchAgainst:
		w.refuse(rewrite.CodeNamesTable, w.here(n), "MATCH … AGAINST, which reads the table's own index")
	case *ast.VariableExpr:
		w.refuse(rewrite.CodeConstruct, w.here(n), "a variable of the session or the server")
	case *ast.DefaultExpr:
		w.refuse(rewrite.CodeFunction, w.here(n), "DEFAULT, which reads the definition of a table")
	case *ast.ValuesExpr:
		w.refuse(rewrite.CodeConstruct, w.here(n), "VALUES outside an INSERT")
	case *ast.TableNameExpr:
		w.refuse(rewrite.CodeNamesTable, w.here(n), "a function that takes the name of a sequence or a table")
	default:
		w.refuse(rewrite.CodeConstruct, w.here(n), "an expression that is not on the list")
	}
}

func (w *walker) walkSubquery(e ast.ExprNode) {
	n, ok := e.(*ast.SubqueryExpr)
	if !ok {
		w.refuse(rewrite.CodeConstruct, w.here(e), "something else where a query in parentheses must stand")
		return
	}
	w.walkQuery(n.Query, w.scope)
}

func (w *walker) walkColumn(n *ast.ColumnName) {
	c := rewrite.Column{Scope: w.scope, Predicate: w.predicate}
	for _, part := range []string{n.Schema.O, n.Table.O} {
		if part != "" {
			c.Parts = append(c.Parts, part)
			w.extend(&c.Qualifier, w.span(w.name(part)))
		}
	}
	c.Parts = append(c.Parts, n.Name.O)
	c.Span = c.Qualifier
	w.extend(&c.Span, w.span(w.name(n.Name.O)))
	switch {
	case pseudoColumns[strings.ToLower(n.Name.O)]:
		w.refuse(rewrite.CodePseudo, c.Span, "%s stands for the key of a row, whatever that is", n.Name.O)
	case systemSchemas[strings.ToLower(n.Schema.O)]:
		w.refuse(rewrite.CodeSystem, c.Span, "%s.%s is a table of the server", n.Schema.O, n.Table.O)
	}
	w.statement.Columns = append(w.statement.Columns, c)
	w.columns = append(w.columns, column{name: n})
}

func (w *walker) literal(key string, n ast.Node) {
	if _, ok := w.cover.claim(key); !ok {
		w.refuse(rewrite.CodeUnaccounted, w.here(n), "the parser read a literal that is not in the query")
	}
}

func (w *walker) walkValue(n *test_driver.ValueExpr) {
	charset := n.Type.GetCharset()
	switch n.Kind() {
	case test_driver.KindNull:
	case test_driver.KindInt64:
		if !mysql.HasIsBooleanFlag(n.Type.GetFlag()) {
			w.literal("number "+strconv.FormatInt(n.GetInt64(), 10), n)
		}
	case test_driver.KindUint64:
		w.literal("number "+strconv.FormatUint(n.GetUint64(), 10), n)
	case test_driver.KindFloat64:
		w.literal(numberKey(strconv.FormatFloat(n.GetFloat64(), 'e', -1, 64)), n)
	case test_driver.KindMysqlDecimal:
		w.literal(numberKey(n.GetMysqlDecimal().String()), n)
	case test_driver.KindString:
		if charset != "" && !introducers[charset] {
			w.refuse(rewrite.CodeConstruct, w.here(n), "a text of the character set %s", charset)
		}
		w.literal("text "+n.GetString(), n)
	case test_driver.KindBinaryLiteral:
		if charset != "" && charset != "binary" { // the printer would leave the character set out
			w.refuse(rewrite.CodeConstruct, w.here(n), "a binary literal of a character set")
		}
		w.literal(binaryKey(n.GetBinaryLiteral()), n)
	default:
		w.refuse(rewrite.CodeConstruct, w.here(n), "a literal that is not on the list")
	}
}

func (w *walker) walkParameter(n *test_driver.ParamMarkerExpr) {
	// The walk goes as the printer does, and a parameter is known by its place alone.
	i, ok := w.cover.claim("sign ?")
	if !ok || w.span(i).Start != n.Offset {
		at := w.here(n)
		if j := w.source.TokenAt(n.Offset); j < len(w.source.Tokens) {
			at = w.span(j)
		}
		w.refuse(rewrite.CodeParameter, at, "a parameter that would be printed in another place, as in LIMIT ? OFFSET ?")
		return
	}
	w.statement.Parameters = append(w.statement.Parameters, rewrite.Parameter{Span: w.span(i), Number: len(w.statement.Parameters) + 1})
}

// binaryOperators are those that the walk lets through. Assignment is none of them.
var binaryOperators = map[opcode.Op]bool{opcode.LogicAnd: true, opcode.LogicOr: true, opcode.LogicXor: true, opcode.LeftShift: true,
	opcode.RightShift: true, opcode.GE: true, opcode.LE: true, opcode.EQ: true, opcode.NE: true, opcode.LT: true, opcode.GT: true,
	opcode.Plus: true, opcode.Minus: true, opcode.And: true, opcode.Or: true, opcode.Mod: true, opcode.Xor: true, opcode.Div: true,
	opcode.Mul: true, opcode.IntDiv: true, opcode.NullEQ: true}

func (w *walker) walkBinary(n *ast.BinaryOperationExpr) {
	if !binaryOperators[n.Op] {
		w.refuse(rewrite.CodeConstruct, w.here(n), "an operator that is not on the list")
		return
	}
	if left, ok := n.L.(*ast.BinaryOperationExpr); ok && left.Op == n.Op && n.Op != opcode.Mod {
		w.walkExpression(&n.L) // every operator is of the left, and a long chain of one needs no parentheses
	} else {
		w.operand(&n.L)
	}
	w.operand(&n.R)
}

func (w *walker) walkLike(n *ast.PatternLikeOrIlikeExpr) {
	if !n.IsLike || len(n.PatChars) > 0 || len(n.PatTypes) > 0 {
		w.refuse(rewrite.CodeConstruct, w.here(n), "ILIKE")
		return
	}
	w.operand(&n.Expr)
	w.operand(&n.Pattern)
	if n.EscapeExplicit {
		if n.Escape >= 0x80 || n.Escape == '\\' {
			w.refuse(rewrite.CodeConstruct, w.here(n), "an escape character that is not of ASCII, or a backslash")
			return
		}
		escape := ""
		if n.Escape != 0 {
			escape = string(rune(n.Escape))
		}
		w.literal("text "+escape, n)
	}
}

// plainWord reports whether a word can be printed without quotes.
func plainWord(s string) bool {
	for _, r := range s {
		if r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return false
		}
	}
	return s != ""
}
