package mysql

import (
	"strings"

	"github.com/pingcap/tidb/pkg/parser/ast"
	"github.com/pingcap/tidb/pkg/parser/test_driver"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// walkCall walks the call of a function that is no aggregate.
func (w *walker) walkCall(n *ast.FuncCallExpr) {
	switch n.FnName.L {
	case ast.DateLiteral, ast.TimeLiteral, ast.TimestampLiteral:
		w.walkAll(n.Args)
		return
	}
	if word, only := onlyKeywords[n.FnName.L]; only && n.Schema.O == "" {
		w.refuse(rewrite.CodeFunction, w.here(n), "the function %s", word)
		return
	}
	if n.Schema.O != "" {
		span := w.span(w.name(n.Schema.O))
		w.extend(&span, w.span(w.name(n.FnName.O)))
		w.call(n, span, n.Schema.O, n.FnName.O)
		w.walkAll(n.Args)
		return
	}
	token, named := w.cover.function(n.FnName.O)
	if !named && !w.operatorCall(n) {
		w.refuse(rewrite.CodeUnaccounted, w.here(n), "the parser read a function that is not in the query")
		return
	}
	switch {
	case !named:
	case harmful[n.FnName.L]:
		w.refuse(rewrite.CodeFunction, w.span(token), "the function %s", n.FnName.O)
		return
	case !scalar[n.FnName.L]:
		w.call(n, w.span(token), n.FnName.O)
	}
	n.Tp = ast.FuncCallExprTypeGeneric
	if scalar[n.FnName.L] {
		n.Tp = ast.FuncCallExprTypeKeyword // no name of the query's is ever printed without quotes, but those of the list
		n.FnName = ast.NewCIStr(strings.ToUpper(n.FnName.O))
	}
	w.walkArguments(n)
}

// onlyKeywords are functions that the parser has under another name than the query.
var onlyKeywords = map[string]string{ast.CharFunc: "CHAR", ast.InsertFunc: "INSERT", ast.PasswordFunc: "PASSWORD",
	ast.JSONMemberOf: "MEMBER OF", ast.NextVal: "NEXTVAL"}

// call notes the call of a function that is not on the list, which is printed in quotes.
func (w *walker) call(n *ast.FuncCallExpr, span rewrite.Span, name ...string) {
	if len(name) == 2 && systemSchemas[strings.ToLower(name[0])] {
		w.refuse(rewrite.CodeSystem, span, "a function of the server's own schema %s", name[0])
	}
	n.Tp = ast.FuncCallExprTypeGeneric
	w.statement.Calls = append(w.statement.Calls, rewrite.Call{Span: span, Name: name})
}

// operatorCall accounts for a call that is an operator in the query: a || b, a -> b, a + INTERVAL 1 DAY.
func (w *walker) operatorCall(n *ast.FuncCallExpr) bool {
	claim := func(sign string) bool {
		_, ok := w.cover.claim("sign " + sign)
		return ok
	}
	switch n.FnName.L {
	case "concat":
		return claim("||")
	case "json_extract":
		return claim("->") || claim("->>")
	case "json_unquote": // stands for ->>, whose sign json_extract claims
		inner, ok := n.Args[0].(*ast.FuncCallExpr)
		return ok && inner.FnName.L == "json_extract"
	case "date_add", "date_sub":
		return true // INTERVAL is a keyword, and the operands account for themselves
	}
	return false
}

func (w *walker) walkArguments(n *ast.FuncCallExpr) {
	for i := range n.Args {
		switch a := n.Args[i].(type) {
		case *ast.TimeUnitExpr, *ast.TrimDirectionExpr, *ast.GetFormatSelectorExpr: // one word of a list each
		case *test_driver.ValueExpr:
			w.walkArgument(n, i, a)
		default:
			w.operandOfCall(n, i)
		}
	}
}

// operandOfCall walks an argument. Some calls are printed with a word after an argument, which must not run on into it.
func (w *walker) operandOfCall(n *ast.FuncCallExpr, i int) {
	switch n.FnName.L {
	case "date_add", "date_sub", "adddate", "subdate", "position", "trim", "extract", "convert":
		w.operand(&n.Args[i])
	default:
		w.walkExpression(&n.Args[i])
	}
}

// walkArgument walks a literal among the arguments, which may be one that the parser made up or a word of the query.
func (w *walker) walkArgument(n *ast.FuncCallExpr, i int, a *test_driver.ValueExpr) {
	switch {
	case n.FnName.L == "convert" && i == 1:
		charset, ok := a.GetValue().(string)
		if !ok || !plainWord(charset) {
			w.refuse(rewrite.CodeConstruct, w.here(n), "a character set that can't be read")
			return
		}
		if _, ok = w.cover.function(charset); !ok { // it is printed as a text
			_, ok = w.cover.claim("text " + charset)
		}
		if !ok || !charsets[strings.ToLower(charset)] {
			w.refuse(rewrite.CodeConstruct, w.here(n), "the character set %s", charset)
		}
	case n.FnName.L == "trim" && i == 1 && len(n.Args) == 3 && a.Kind() == test_driver.KindString && a.GetString() == " ":
		_, _ = w.cover.claim("text  ") // the parser's own where the query has none
	default:
		w.walkExpression(&n.Args[i])
	}
}

// charsets are those that a text may be converted to.
var charsets = set(`utf8mb4 utf8 utf8mb3 latin1 ascii binary ucs2 utf16 utf32`)

// walkCast walks CAST, CONVERT and BINARY.
func (w *walker) walkCast(n *ast.FuncCastExpr) {
	if n.Tp == nil || n.Tp.IsArray() {
		w.refuse(rewrite.CodeConstruct, w.here(n), "a conversion to an array")
		return
	}
	if charset := n.Tp.GetCharset(); charset != "" && !charsets[strings.ToLower(charset)] {
		w.refuse(rewrite.CodeConstruct, w.here(n), "the character set %s", charset)
		return
	}
	if strings.EqualFold(n.Tp.GetCharset(), "utf8mb4") {
		n.ExplicitCharSet = false // it is the connection's, and isn't printed
	}
	var word, separator string
	switch n.FunctionType {
	case ast.CastFunction:
		word, separator = "cast", "as"
	case ast.CastConvertFunction:
		word, separator = "convert", ","
	case ast.CastBinaryOperator:
		w.operand(&n.Expr)
		return
	default:
		w.refuse(rewrite.CodeConstruct, w.here(n), "a conversion that is not on the list")
		return
	}
	token, ok := w.cover.function(word)
	end, last := w.cover.closing(token, separator)
	if !ok || last < 0 {
		w.refuse(rewrite.CodeUnaccounted, w.here(n), "a conversion that is not in the query")
		return
	}
	if w.cover.has(last, end, "binary") && w.cover.has(last, end, "char", "character") {
		w.refuse(rewrite.CodeConstruct, w.span(token), "a conversion to CHAR BINARY") // the parser makes BINARY of it
		return
	}
	w.cover.between(last, end)
	w.walkExpression(&n.Expr)
}

func (w *walker) walkAggregate(n *ast.AggregateFuncExpr) {
	name := strings.ToLower(n.F)
	token, ok := w.aggregate(name)
	switch {
	case !ok:
		w.refuse(rewrite.CodeUnaccounted, w.here(n), "the parser read a function that is not in the query")
		return
	case !aggregates[name]:
		w.refuse(rewrite.CodeFunction, w.span(token), "the function %s", n.F)
		return
	}
	args := n.Args
	switch name {
	case "count":
		if w.counted(token) {
			args = nil
		}
	case "group_concat":
		w.walkAll(args[:len(args)-1])
		w.walkOrder(n.Order, false)
		if _, separator := w.cover.closing(token, "separator"); separator >= 0 {
			w.walkExpression(&args[len(args)-1])
		}
		return
	}
	w.walkAll(args)
	if n.Order != nil {
		w.refuse(rewrite.CodeConstruct, w.span(token), "ORDER BY inside %s", n.F)
	}
}

// aggregate accounts for the name of an aggregate, of which the parser knows some by one of their names only.
func (w *walker) aggregate(name string) (int, bool) {
	for _, n := range append([]string{name}, synonyms[name]...) {
		if token, ok := w.cover.claim("word " + n); ok {
			return token, true
		}
	}
	return 0, false
}

var synonyms = map[string][]string{"stddev_pop": {"std", "stddev"}, "var_pop": {"variance"}}

// counted reports whether a count is of *, of which the parser makes a 1.
func (w *walker) counted(token int) bool {
	return token+2 < len(w.source.Tokens) && w.source.Tokens[token+1].Value == "(" && w.source.Tokens[token+2].Value == "*" &&
		w.source.Tokens[token+2].Kind == rewrite.Operator
}

func (w *walker) walkWindowCall(n *ast.WindowFuncExpr) {
	name := strings.ToLower(n.Name)
	token, ok := w.aggregate(name)
	switch {
	case !ok:
		w.refuse(rewrite.CodeUnaccounted, w.here(n), "the parser read a function that is not in the query")
		return
	case !windows[name]:
		w.refuse(rewrite.CodeFunction, w.span(token), "the function %s with OVER", n.Name)
		return
	case n.IgnoreNull || n.FromLast:
		w.refuse(rewrite.CodeConstruct, w.span(token), "IGNORE NULLS or FROM LAST")
		return
	}
	if name == "count" && w.counted(token) {
		w.cover.claimed[token+2] = true
	} else {
		w.walkAll(n.Args)
	}
	w.walkWindow(&n.Spec)
}
