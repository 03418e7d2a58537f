package sqlite

import (
	"strings"

	"github.com/sqlc-dev/meyer/ast"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// exprs walks a list of expressions with commas between them.
func (w *walker) exprs(list []ast.Expr, p place) {
	w.list(len(list))
	for _, e := range list {
		w.expr(e, p)
	}
}

// expr walks an expression. Operators in a row, each the left operand of the next, are gone through in a loop: reports have
// conditions of hundreds of them.
func (w *walker) expr(e ast.Expr, p place) {
	if e == nil {
		w.stopAt(rewrite.CodeUnaccounted, rewrite.Span{Start: 0, End: len(w.Text)}, "the parser left out an expression")
	}
	w.enter(e)
	defer w.leave()
	base := len(w.chain)
	for left := leftOperand(e); left != nil; left = leftOperand(e) {
		w.chain = append(w.chain, e)
		e = left
		if len(w.chain)-base > maxChain {
			w.stop(rewrite.CodeSize, e, "more than %d operators follow each other", maxChain)
		}
	}
	w.primary(e, p)
	for len(w.chain) > base {
		last := len(w.chain) - 1
		e = w.chain[last]
		w.chain = w.chain[:last]
		w.operator(e, p)
	}
}

// leftOperand is what stands before an operator, or nil for what is no infix or postfix operator.
func leftOperand(e ast.Expr) ast.Expr {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		return e.X
	case *ast.LikeExpr:
		return e.X
	case *ast.IsExpr:
		return e.X
	case *ast.NullCheckExpr:
		return e.X
	case *ast.BetweenExpr:
		return e.X
	case *ast.InExpr:
		return e.X
	case *ast.CollateExpr:
		return e.X
	}
	return nil
}

// operator walks an infix or postfix operator without its left operand.
func (w *walker) operator(e ast.Expr, p place) {
	not := func(set bool) {
		if set {
			w.words("NOT")
		}
	}
	switch e := e.(type) {
	case *ast.BinaryExpr:
		if e.Op < ast.OpOr || e.Op > ast.OpPtr2 {
			w.stop(rewrite.CodeConstruct, e, "this operator is not on the list")
		}
		w.words(e.Op.String())
		w.expr(e.Y, p)
	case *ast.LikeExpr:
		not(e.Not)
		w.like(e)
		w.expr(e.Y, p)
		if e.Escape != nil {
			w.words("ESCAPE")
			w.expr(e.Escape, p)
		}
	case *ast.IsExpr:
		w.words("IS")
		not(e.Not)
		if e.Distinct {
			w.words("DISTINCT", "FROM")
		}
		w.expr(e.Y, p)
	case *ast.NullCheckExpr:
		switch e.Test {
		case ast.TestIsNull:
			w.words("ISNULL")
		case ast.TestNotNull:
			w.words("NOTNULL")
		case ast.TestNotNullWords:
			w.words("NOT", "NULL")
		default:
			w.stop(rewrite.CodeConstruct, e, "this operator is not on the list")
		}
	case *ast.BetweenExpr:
		not(e.Not)
		w.words("BETWEEN", "AND")
		w.expr(e.Lo, p)
		w.expr(e.Hi, p)
	case *ast.InExpr:
		not(e.Not)
		w.in(e, p)
	case *ast.CollateExpr:
		w.words("COLLATE")
		switch name := w.name(e.Name); fold(name) {
		case "binary", "nocase", "rtrim":
		default:
			w.stop(rewrite.CodeFunction, e.Name, "the collation %s is not SQLite's own", name)
		}
	default:
		w.stop(rewrite.CodeConstruct, e, "this operator is not on the list")
	}
}

// like accounts for LIKE and GLOB. REGEXP and MATCH are functions of the application or of a virtual table.
func (w *walker) like(e *ast.LikeExpr) {
	t := w.token(e.Op)
	word := strings.ToUpper(t.Value)
	switch {
	case t.Kind == rewrite.Word && (word == "LIKE" || word == "GLOB"):
		w.words(word)
	case word == "MATCH":
		w.stop(rewrite.CodeNamesTable, e.Op, "MATCH asks a virtual table")
	case word == "REGEXP":
		w.stop(rewrite.CodeFunction, e.Op, "REGEXP is a function of the application's")
	default:
		w.stop(rewrite.CodeConstruct, e.Op, "this operator is not on the list")
	}
}

func (w *walker) in(e *ast.InExpr, p place) {
	w.words("IN")
	w.parens()
	switch {
	case e.Table != nil || e.HasArgs || len(e.Args) > 0:
		w.stop(rewrite.CodeConstruct, e, "IN is followed by the name of a table; write IN (SELECT … FROM …)")
	case !e.Parens || e.Select != nil && len(e.List) > 0:
		w.stop(rewrite.CodeUnaccounted, e, "the parser didn't make out what this is")
	case e.Select != nil:
		w.query(e.Select, p.scope, p.with, p.decides)
	}
	w.exprs(e.List, p)
}

// primary walks an expression that begins with no operand.
func (w *walker) primary(e ast.Expr, p place) {
	switch e := e.(type) {
	case *ast.Ident:
		if t := w.token(e); t.Kind == rewrite.Word && (strings.EqualFold(t.Value, "TRUE") || strings.EqualFold(t.Value, "FALSE")) {
			w.leaf(t.Span)
			return
		}
		w.column([]*ast.Ident{e}, p)
	case *ast.QualifiedRef:
		if n := len(e.Parts); n != 2 && n != 3 {
			w.stop(rewrite.CodeUnaccounted, e, "the parser didn't make out what this is")
		}
		w.column(e.Parts, p)
	case *ast.Literal:
		w.literal(e)
	case *ast.BindParam:
		t := w.token(e)
		if t.Kind != rewrite.Variable || t.Value != e.Raw || e.Kind != ast.ParamNumber {
			w.stop(rewrite.CodeUnaccounted, e, "the parser takes something else for a bound argument")
		}
		w.leaf(t.Span)
	case *ast.UnaryExpr:
		if e.Op < ast.OpNot || e.Op > ast.OpMinus {
			w.stop(rewrite.CodeConstruct, e, "this operator is not on the list")
		}
		w.words(e.Op.String())
		w.expr(e.X, p)
	case *ast.ParenExpr:
		w.parens()
		w.expr(e.X, p)
	case *ast.VectorExpr:
		w.parens()
		w.exprs(e.List, p)
	case *ast.CaseExpr:
		w.caseExpr(e, p)
	case *ast.CastExpr:
		w.words("CAST", "AS")
		w.parens()
		w.expr(e.X, p)
		w.typeName(e)
	case *ast.FuncCall:
		w.call(e, p)
	case *ast.ExistsExpr:
		w.words("EXISTS")
		w.parens()
		w.query(e.Select, p.scope, p.with, p.decides)
	case *ast.SubqueryExpr:
		w.parens()
		w.query(e.Select, p.scope, p.with, p.decides)
	case *ast.RaiseExpr:
		w.stop(rewrite.CodeConstruct, e, "RAISE is for triggers")
	case *ast.Star:
		w.stop(rewrite.CodeConstruct, e, "a star stands where a value is expected")
	default:
		w.stop(rewrite.CodeConstruct, e, "this kind of expression is not on the list")
	}
}

// literal accounts for a literal, whose token must be of the kind that the parser says.
func (w *walker) literal(e *ast.Literal) {
	t := w.token(e)
	ok := false
	switch e.Kind {
	case ast.LitInteger, ast.LitFloat:
		ok = t.Kind == rewrite.Number
	case ast.LitString, ast.LitBlob:
		ok = t.Kind == rewrite.String
	case ast.LitNull:
		ok = t.Kind == rewrite.Word && strings.EqualFold(t.Value, "NULL")
	case ast.LitCurrentDate, ast.LitCurrentTime, ast.LitCurrentTimestamp:
		ok = current(t)
	}
	if !ok {
		w.stop(rewrite.CodeUnaccounted, e, "the parser takes something else for a literal")
	}
	w.leaf(t.Span)
}

// current reports whether a token is one of the keywords that tell the time.
func current(t rewrite.Token) bool {
	if t.Kind != rewrite.Word {
		return false
	}
	switch fold(t.Value) {
	case "current_date", "current_time", "current_timestamp":
		return true
	}
	return false
}

func (w *walker) caseExpr(e *ast.CaseExpr, p place) {
	w.words("CASE", "END")
	if e.Operand != nil {
		w.expr(e.Operand, p)
	}
	for _, when := range e.Whens {
		w.words("WHEN", "THEN")
		w.expr(when.When, p)
		w.expr(when.Then, p)
	}
	if e.Else != nil {
		w.words("ELSE")
		w.expr(e.Else, p)
	}
}

// typeName accounts for the type of a CAST: words, and perhaps one or two numbers. SQLite takes anything for a type, and
// nothing too.
func (w *walker) typeName(e *ast.CastExpr) {
	if e.Type == nil {
		w.stop(rewrite.CodeConstruct, e, "a CAST names no type")
	}
	at := span(e.Type)
	for i := w.TokenAt(at.Start); i < len(w.Tokens) && w.Tokens[i].Span.Start < at.End; i++ {
		if k := w.Tokens[i].Kind; k != rewrite.Word && k != rewrite.Number && k != rewrite.Operator {
			w.stop(rewrite.CodeConstruct, e.Type, "the type of this CAST is no plain word")
		}
	}
	w.leaf(at)
}
