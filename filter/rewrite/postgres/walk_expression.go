package postgres

import (
	"strings"

	"github.com/sqlc-dev/oliphant/ast"
	"github.com/utdrag/utdrag/filter/rewrite"
)

// expression reads an expression. Whatever is not named here is refused.
func (r *reader) expression(node *ast.Node) {
	r.enter()
	defer r.leave()
	switch n := node.GetNode().(type) {
	case *ast.Node_ColumnRef:
		r.reference(n.ColumnRef)
	case *ast.Node_AConst:
		r.constant(n.AConst)
	case *ast.Node_ParamRef:
		r.parameter(n.ParamRef)
	case *ast.Node_AExpr:
		r.applied(n.AExpr)
	case *ast.Node_BoolExpr:
		r.boolean(n.BoolExpr)
	case *ast.Node_NullTest:
		r.nullTest(n.NullTest)
	case *ast.Node_BooleanTest:
		r.booleanTest(n.BooleanTest)
	case *ast.Node_CaseExpr:
		r.caseOf(n.CaseExpr)
	case *ast.Node_CoalesceExpr:
		r.word(r.token(n.CoalesceExpr.Location), "coalesce")
		r.expressions(n.CoalesceExpr.Args)
	case *ast.Node_MinMaxExpr:
		i := r.token(n.MinMaxExpr.Location)
		r.require(n.MinMaxExpr.Op == ast.MinMaxOp_IS_LEAST && r.is(i, "least") || n.MinMaxExpr.Op == ast.MinMaxOp_IS_GREATEST && r.is(i, "greatest"), i)
		r.claim(i)
		r.expressions(n.MinMaxExpr.Args)
	case *ast.Node_GroupingFunc:
		r.word(r.token(n.GroupingFunc.Location), "grouping")
		r.require(len(n.GroupingFunc.Refs) == 0, 0)
		r.expressions(n.GroupingFunc.Args)
	case *ast.Node_RowExpr:
		r.row(n.RowExpr)
	case *ast.Node_AArrayExpr:
		i := r.token(n.AArrayExpr.Location)
		if r.is(i, "array") {
			r.claim(i)
			i++
		}
		r.sign(i, "[")
		r.claim(i)
		r.expressions(n.AArrayExpr.Elements)
	case *ast.Node_AIndirection:
		r.indirection(n.AIndirection)
	case *ast.Node_TypeCast:
		r.cast(n.TypeCast)
	case *ast.Node_CollateClause:
		r.require(n.CollateClause.Arg != nil, 0)
		i := r.token(n.CollateClause.Location)
		r.expression(n.CollateClause.Arg)
		r.word(i, "collate")
		r.names(i+1, r.texts(n.CollateClause.Collname))
	case *ast.Node_FuncCall:
		r.call(n.FuncCall, false)
	case *ast.Node_SqlvalueFunction:
		r.value(n.SqlvalueFunction)
	case *ast.Node_SubLink:
		r.subquery(n.SubLink)
	default:
		r.refuse(rewrite.CodeConstruct, r.nearby(), "%s is not read here", describe(node))
	}
}

// nearby is the first token that is still to be read, for a refused construct that doesn't say where it stands.
func (r *reader) nearby() rewrite.Span {
	for i, c := range r.claimed {
		if !c && r.Tokens[i].Kind != rewrite.Operator {
			return r.Tokens[i].Span
		}
	}
	return rewrite.Span{End: len(r.Text)}
}

func (r *reader) expressions(list []*ast.Node) {
	for _, n := range list {
		r.expression(n)
	}
}

func isStar(n *ast.Node) bool {
	_, ok := n.GetNode().(*ast.Node_AStar)
	return ok
}

// pseudoColumns are the system columns that every table has. A derived table has none of them.
var pseudoColumns = map[string]bool{"ctid": true, "xmin": true, "xmax": true, "cmin": true, "cmax": true, "tableoid": true}

// column notes a reference to a column, or to a pseudo column.
func (r *reader) column(c rewrite.Column) {
	if pseudoColumns[c.Parts[len(c.Parts)-1]] {
		r.Pseudo = append(r.Pseudo, c.Span)
		return
	}
	r.Columns = append(r.Columns, c)
}

// reference reads a column, a.*, or the name of a whole row.
func (r *reader) reference(c *ast.ColumnRef) {
	i := r.token(c.Location)
	parts, end := r.parts(c.Fields, i)
	if len(parts) > 3 {
		r.refuse(rewrite.CodeElsewhere, r.span(i, end), "%s names a database", strings.Join(parts, "."))
	}
	column := rewrite.Column{Span: r.span(i, end), Parts: parts, Scope: r.scope, Predicate: r.predicate}
	column.Qualifier = rewrite.Span{Start: column.Span.Start, End: column.Span.Start}
	if len(parts) > 1 {
		column.Qualifier = r.span(i, end-2)
	}
	r.column(column)
}

// parts claims names with dots between them, of which the last may be a star.
func (r *reader) parts(fields []*ast.Node, i int) ([]string, int) {
	r.require(len(fields) > 0 && len(fields) <= 4, i)
	parts := make([]string, len(fields))
	for n, field := range fields {
		if n > 0 {
			r.sign(i, ".")
			i++
		}
		if isStar(field) {
			r.require(n == len(fields)-1 && isSign(r.Source, i, "*"), i)
			r.claim(i)
			parts[n] = "*"
		} else {
			parts[n] = field.GetString_().GetSval()
			r.name(i, parts[n])
		}
		i++
	}
	return parts, i
}

// constant reads a literal. The parser takes a minus sign before a number for a part of it.
func (r *reader) constant(c *ast.A_Const) {
	i := r.token(c.Location)
	negative := false
	for isSign(r.Source, i, "-") || isSign(r.Source, i, "(") {
		if isSign(r.Source, i, "-") {
			negative = !negative
			r.claim(i)
		}
		i++
	}
	r.require(i < len(r.Tokens), i)
	t := r.Tokens[i]
	sign := ""
	if negative {
		sign = "-"
	}
	switch v := c.Val.(type) {
	case nil:
		r.require(c.Isnull && !negative && r.is(i, "null"), i)
	case *ast.A_Const_Ival:
		r.require(t.Kind == rewrite.Number && sameInteger(t.Value, sign, int64(v.Ival.Ival)), i)
	case *ast.A_Const_Fval:
		r.require(t.Kind == rewrite.Number && sign+t.Value == v.Fval.Fval, i)
	case *ast.A_Const_Boolval:
		r.require(!negative && (v.Boolval.Boolval && r.is(i, "true") || !v.Boolval.Boolval && r.is(i, "false")), i)
	case *ast.A_Const_Sval:
		r.require(!negative && t.Kind == rewrite.String && strings.IndexByte("bBxX", r.Text[t.Span.Start]) < 0 && t.Value == v.Sval.Sval, i)
	case *ast.A_Const_Bsval:
		prefix := fold(r.Text[t.Span.Start : t.Span.Start+1])
		r.require(!negative && t.Kind == rewrite.String && (prefix == "b" || prefix == "x") && prefix+t.Value == v.Bsval.Bsval, i)
	default:
		r.unaccounted(i)
	}
	r.claim(i)
}

func sameInteger(digits, sign string, n int64) bool {
	digits = strings.TrimLeft(digits, "0")
	if digits == "" {
		return n == 0
	}
	return sign+digits == decimal(int(n))
}

func (r *reader) parameter(p *ast.ParamRef) {
	i := r.token(p.Location)
	t := r.Tokens[i]
	number := strings.TrimLeft(strings.TrimPrefix(t.Value, "$"), "0")
	r.require(t.Kind == rewrite.Variable && number == decimal(int(p.Number)), i)
	r.claim(i)
	r.Parameters = append(r.Parameters, rewrite.Parameter{Span: t.Span, Number: int(p.Number)})
}

func (r *reader) boolean(b *ast.BoolExpr) {
	i := r.token(b.Location)
	switch b.Boolop {
	case ast.BoolExprType_AND_EXPR:
		r.owe("and", len(b.Args)-1)
	case ast.BoolExprType_OR_EXPR:
		r.owe("or", len(b.Args)-1)
	case ast.BoolExprType_NOT_EXPR:
		r.require(len(b.Args) == 1, i)
		r.word(i, "not") // of NOT IN (SELECT …), too
	default:
		r.unaccounted(i)
	}
	r.expressions(b.Args)
}

func (r *reader) nullTest(t *ast.NullTest) {
	r.expression(t.Arg)
	i := r.token(t.Location)
	not := t.Nulltesttype == ast.NullTestType_IS_NOT_NULL
	r.require(not || t.Nulltesttype == ast.NullTestType_IS_NULL, i)
	switch {
	case not && r.is(i, "notnull"), !not && r.is(i, "isnull"):
		r.claim(i)
	case not:
		r.words(i, "is", "not", "null")
	default:
		r.words(i, "is", "null")
	}
}

func (r *reader) booleanTest(t *ast.BooleanTest) {
	r.expression(t.Arg)
	i := r.words(r.token(t.Location), "is")
	words, ok := map[ast.BoolTestType][]string{
		ast.BoolTestType_IS_TRUE: {"true"}, ast.BoolTestType_IS_NOT_TRUE: {"not", "true"},
		ast.BoolTestType_IS_FALSE: {"false"}, ast.BoolTestType_IS_NOT_FALSE: {"not", "false"},
		ast.BoolTestType_IS_UNKNOWN: {"unknown"}, ast.BoolTestType_IS_NOT_UNKNOWN: {"not", "unknown"},
	}[t.Booltesttype]
	r.require(ok, i)
	r.words(i, words...)
}

func (r *reader) caseOf(c *ast.CaseExpr) {
	r.word(r.token(c.Location), "case")
	r.owe("end", 1)
	if c.Arg != nil {
		r.expression(c.Arg)
	}
	for _, n := range c.Args {
		w, ok := n.GetNode().(*ast.Node_CaseWhen)
		r.require(ok, 0)
		r.word(r.token(w.CaseWhen.Location), "when")
		r.owe("then", 1)
		r.expression(w.CaseWhen.Expr)
		r.expression(w.CaseWhen.Result)
	}
	if c.Defresult != nil {
		r.owe("else", 1)
		r.expression(c.Defresult)
	}
}

func (r *reader) row(e *ast.RowExpr) {
	i := r.token(e.Location)
	r.require(len(e.Colnames) == 0, i)
	if e.RowFormat == ast.CoercionForm_COERCE_EXPLICIT_CALL {
		r.word(i, "row")
		i++
	} else {
		r.require(e.RowFormat == ast.CoercionForm_COERCE_IMPLICIT_CAST, i)
	}
	r.sign(i, "(")
	r.low = min(r.low, i)
	r.expressions(e.Args)
}

// value reads CURRENT_DATE and its like. Those that name users and databases are not for a query that anyone may send.
func (r *reader) value(f *ast.SQLValueFunction) {
	i := r.token(f.Location)
	if !r.is(i, "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp") {
		r.refuse(rewrite.CodeFunction, r.Tokens[i].Span, "%s tells of users or of the database", r.Tokens[i].Value)
	}
	r.claim(i)
	if f.Typmod >= 0 {
		r.sign(i+1, "(")
		r.require(i+3 < len(r.Tokens) && r.Tokens[i+2].Kind == rewrite.Number && sameInteger(r.Tokens[i+2].Value, "", int64(f.Typmod)), i)
		r.claim(i + 2)
		r.sign(i+3, ")")
	}
}

// subquery reads a query in an expression.
func (r *reader) subquery(s *ast.SubLink) {
	i := r.token(s.Location)
	sel, ok := s.Subselect.GetNode().(*ast.Node_SelectStmt)
	r.require(ok, i)
	if s.Testexpr != nil {
		r.expression(s.Testexpr)
	}
	r.require((s.Testexpr != nil) == (s.SubLinkType == ast.SubLinkType_ANY_SUBLINK || s.SubLinkType == ast.SubLinkType_ALL_SUBLINK), i)
	switch s.SubLinkType {
	case ast.SubLinkType_EXISTS_SUBLINK:
		i = r.words(i, "exists")
	case ast.SubLinkType_ARRAY_SUBLINK:
		i = r.words(i, "array")
	case ast.SubLinkType_EXPR_SUBLINK:
	case ast.SubLinkType_ANY_SUBLINK, ast.SubLinkType_ALL_SUBLINK:
		if len(s.OperName) == 0 {
			if r.is(i, "not") { // claimed as the NOT that the parser makes of it
				r.require(r.claimed[i], i)
				i++
			}
			i = r.words(i, "in")
			break
		}
		if len(s.OperName) != 1 || r.is(i, "operator") {
			r.refuse(rewrite.CodeConstruct, r.Tokens[i].Span, "OPERATOR(…) is not read here")
		}
		i = r.comparison(i, r.texts(s.OperName)[0])
		r.quantifier(i, s.SubLinkType == ast.SubLinkType_ALL_SUBLINK)
		i++
	default:
		r.unaccounted(i)
	}
	r.sign(i, "(")
	r.low = min(r.low, i)
	r.query(sel.SelectStmt, i, r.after(i), place{parent: r.scope})
}
