package postgres

import (
	"strings"

	"github.com/sqlc-dev/oliphant/ast"
	"github.com/utdrag/utdrag/filter/rewrite"
)

// applied reads operators and what the grammar makes of them.
func (r *reader) applied(e *ast.A_Expr) {
	i := r.token(e.Location)
	names := r.texts(e.Name)
	if len(names) != 1 || r.is(i, "operator") {
		r.refuse(rewrite.CodeConstruct, r.Tokens[i].Span, "OPERATOR(…) is not read here")
	}
	if e.Lexpr != nil {
		r.expression(e.Lexpr)
	}
	switch e.Kind {
	case ast.A_Expr_Kind_AEXPR_OP:
		r.operatorSign(i, names[0])
		r.expression(e.Rexpr)
	case ast.A_Expr_Kind_AEXPR_OP_ANY, ast.A_Expr_Kind_AEXPR_OP_ALL:
		i = r.comparison(i, names[0])
		r.quantifier(i, e.Kind == ast.A_Expr_Kind_AEXPR_OP_ALL)
		r.expression(e.Rexpr)
	case ast.A_Expr_Kind_AEXPR_DISTINCT:
		r.require(names[0] == "=", i)
		r.words(i, "is", "distinct", "from")
		r.expression(e.Rexpr)
	case ast.A_Expr_Kind_AEXPR_NOT_DISTINCT:
		r.require(names[0] == "=", i)
		r.words(i, "is", "not", "distinct", "from")
		r.expression(e.Rexpr)
	case ast.A_Expr_Kind_AEXPR_NULLIF:
		r.require(names[0] == "=", i)
		r.word(i, "nullif")
		r.expression(e.Rexpr)
	case ast.A_Expr_Kind_AEXPR_IN:
		r.words(r.negated(i, names[0], "=", "<>"), "in")
		list, ok := e.Rexpr.GetNode().(*ast.Node_List)
		r.require(ok, i)
		r.expressions(list.List.Items)
	case ast.A_Expr_Kind_AEXPR_LIKE:
		r.words(r.negated(i, names[0], "~~", "!~~"), "like")
		r.pattern(e, i, "like_escape")
	case ast.A_Expr_Kind_AEXPR_ILIKE:
		r.words(r.negated(i, names[0], "~~*", "!~~*"), "ilike")
		r.pattern(e, i, "like_escape")
	case ast.A_Expr_Kind_AEXPR_SIMILAR:
		r.words(r.negated(i, names[0], "~", "!~"), "similar", "to")
		r.pattern(e, i, "similar_to_escape")
	case ast.A_Expr_Kind_AEXPR_BETWEEN, ast.A_Expr_Kind_AEXPR_NOT_BETWEEN, ast.A_Expr_Kind_AEXPR_BETWEEN_SYM, ast.A_Expr_Kind_AEXPR_NOT_BETWEEN_SYM:
		symmetric := e.Kind == ast.A_Expr_Kind_AEXPR_BETWEEN_SYM || e.Kind == ast.A_Expr_Kind_AEXPR_NOT_BETWEEN_SYM
		name := "BETWEEN"
		if symmetric {
			name += " SYMMETRIC"
		}
		not := e.Kind == ast.A_Expr_Kind_AEXPR_NOT_BETWEEN || e.Kind == ast.A_Expr_Kind_AEXPR_NOT_BETWEEN_SYM
		r.require(strings.HasPrefix(names[0], "NOT ") == not, i)
		i = r.words(r.negated(i, names[0], name, "NOT "+name), "between")
		if symmetric {
			r.word(i, "symmetric")
		} else {
			r.optional(i, "asymmetric")
		}
		bounds := e.Rexpr.GetList().GetItems()
		r.require(len(bounds) == 2, i)
		r.owe("and", 1)
		r.expressions(bounds)
	default:
		r.refuse(rewrite.CodeConstruct, r.Tokens[i].Span, "this operation is not read here")
	}
}

// negated claims the NOT before an operator's word, if it is the one that the parser gives the name for not.
func (r *reader) negated(i int, name, plain, not string) int {
	if name == not {
		return r.words(i, "not")
	}
	r.require(name == plain, i)
	return i
}

// operatorSign claims an operator, which must be one of the server's own.
func (r *reader) operatorSign(i int, name string) {
	t := r.Tokens[i]
	r.require(t.Kind == rewrite.Operator && (t.Value == name || t.Value == "!=" && name == "<>"), i)
	if !operators[name] {
		r.refuse(rewrite.CodeFunction, t.Span, "the operator %s is not on the list", name)
	}
	r.claim(i)
}

// comparison claims the operator before ANY or ALL.
func (r *reader) comparison(i int, name string) int {
	for word, sign := range map[string]string{"like": "~~", "ilike": "~~*"} {
		if name == sign && r.is(i, word) {
			return r.words(i, word)
		}
		if name == "!"+sign && r.is(i, "not") {
			return r.words(i, "not", word)
		}
	}
	r.operatorSign(i, name)
	return i + 1
}

func (r *reader) quantifier(i int, all bool) {
	if all {
		r.word(i, "all")
	} else {
		r.word(i, "any", "some")
	}
}

// pattern reads the right side of LIKE and SIMILAR TO, where the parser writes ESCAPE as a function.
func (r *reader) pattern(e *ast.A_Expr, i int, function string) {
	f, ok := e.Rexpr.GetNode().(*ast.Node_FuncCall)
	if !ok || f.FuncCall.Location != e.Location {
		r.require(function == "like_escape", i)
		r.expression(e.Rexpr)
		return
	}
	names, args := r.texts(f.FuncCall.Funcname), f.FuncCall.Args
	r.require(len(names) == 2 && names[0] == "pg_catalog" && names[1] == function && plainCall(f.FuncCall) && f.FuncCall.Funcformat == ast.CoercionForm_COERCE_EXPLICIT_CALL && (len(args) == 2 || len(args) == 1 && function == "similar_to_escape"), i)
	if len(args) == 2 {
		r.owe("escape", 1)
	}
	r.expressions(args)
}

func plainCall(f *ast.FuncCall) bool {
	return len(f.AggOrder) == 0 && f.AggFilter == nil && f.Over == nil && !f.AggWithinGroup && !f.AggStar && !f.AggDistinct && !f.FuncVariadic
}
