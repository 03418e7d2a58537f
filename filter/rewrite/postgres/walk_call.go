package postgres

import (
	"strings"

	"github.com/sqlc-dev/oliphant/ast"
	"github.com/utdrag/utdrag/filter/rewrite"
)

// call reads a function call, and returns what follows it.
func (r *reader) call(f *ast.FuncCall, table bool) int {
	names := r.texts(f.Funcname)
	if f.Location == -1 && names[len(names)-1] == "timezone" {
		r.refuse(rewrite.CodeConstruct, r.nearby(), "AT LOCAL is not read here")
	}
	i := r.token(f.Location)
	if f.Funcformat == ast.CoercionForm_COERCE_SQL_SYNTAX {
		r.require(!table && plainCall(f) && len(names) == 2 && names[0] == "pg_catalog", i)
		return r.special(f, names[1], i)
	}
	r.require(f.Funcformat == ast.CoercionForm_COERCE_EXPLICIT_CALL, i)
	if r.is(i, "treat") {
		r.refuse(rewrite.CodeConstruct, r.Tokens[i].Span, "TREAT is not read here")
	}
	if r.is(i, "json_object") { // to which the parser adds the schema
		r.require(len(names) == 2 && names[0] == "pg_catalog", i)
		names = names[1:]
	}
	open := r.names(i, names)
	span := r.span(i, open)
	r.allow(names, span, table)
	r.sign(open, "(")
	after := r.after(open)
	end := after - 1
	if table {
		r.require(plainCall(f) || f.FuncVariadic && len(f.AggOrder) == 0, i)
	}
	r.arguments(f, open, end)
	if table {
		return after
	}
	if f.AggWithinGroup {
		i := r.words(after, "within", "group")
		r.sign(i, "(")
		after = r.after(i)
		i = r.words(i+1, "order", "by")
		r.sorts(f.AggOrder, i, after-1)
	}
	if f.AggFilter != nil {
		i := r.words(after, "filter")
		r.sign(i, "(")
		after = r.after(i)
		r.word(i+1, "where")
		r.condition(f.AggFilter, i+2, after)
	}
	if f.Over != nil {
		i := r.words(after, "over")
		if isSign(r.Source, i, "(") {
			return r.window(f.Over, i)
		}
		r.require(f.Over.Refname == "" && len(f.Over.PartitionClause)+len(f.Over.OrderClause) == 0 && f.Over.StartOffset == nil && f.Over.EndOffset == nil, i)
		r.require(r.token(f.Over.Location) == i, i)
		r.name(i, f.Over.Name)
		after = i + 1
	}
	return after
}

// arguments reads what stands between the parentheses of a call.
func (r *reader) arguments(f *ast.FuncCall, open, end int) {
	i := open + 1
	switch {
	case f.AggStar:
		r.require(isSign(r.Source, i, "*") && i+1 == end && len(f.Args) == 0, i)
		r.claim(i)
		return
	case f.AggDistinct:
		r.word(i, "distinct")
		i++
	case !f.AggWithinGroup:
		i = r.optional(i, "all")
	}
	list := end
	if len(f.AggOrder) > 0 && !f.AggWithinGroup {
		for list = i; list < end && !(r.is(list, "order") && r.is(list+1, "by") && !r.label(list)); list = r.after(list) {
		}
		order := r.words(list, "order", "by")
		r.sorts(f.AggOrder, order, end)
	}
	if len(f.Args) == 0 {
		r.require(i == list, i)
		return
	}
	parts := r.split(i, list)
	r.require(len(parts) == len(f.Args), i)
	r.deciding(f.AggDistinct, func() {
		for n, arg := range f.Args {
			at := parts[n][0]
			if f.FuncVariadic && n == len(f.Args)-1 {
				at = r.words(at, "variadic")
			}
			if named, ok := arg.GetNode().(*ast.Node_NamedArgExpr); ok {
				r.require(r.token(named.NamedArgExpr.Location) == at, at)
				r.name(at, named.NamedArgExpr.Name)
				r.require(isSign(r.Source, at+1, "=>") || isSign(r.Source, at+1, ":="), at)
				r.claim(at + 1)
				at, arg = at+2, named.NamedArgExpr.Arg
			}
			r.within(at, parts[n][1], func() { r.expression(arg) })
		}
	})
}

// special reads the functions that SQL gives a syntax of their own.
func (r *reader) special(f *ast.FuncCall, name string, i int) int {
	var inside []string
	args := f.Args
	switch {
	case name == "timezone" && r.is(i, "at"):
		i := r.words(i, "at", "time", "zone")
		r.expressions(args)
		return i
	case name == "overlaps":
		r.require(len(args) == 4, i)
		r.word(i, "overlaps")
		// ROW may stand before either pair, of which the tree keeps no trace.
		r.require(i > 0 && isSign(r.Source, i-1, ")"), i)
		r.optional(r.pairs[i-1]-1, "row")
		r.optional(i+1, "row")
		r.expressions(args)
		return i
	case name == "extract":
		inside = []string{"from"}
		r.word(i, "extract")
		args = r.field(args, i+2)
	case name == "position":
		inside = []string{"in"}
		r.word(i, "position")
	case name == "overlay":
		inside = []string{"placing", "from", "for"}
		r.word(i, "overlay")
	case name == "substring":
		inside = []string{"from", "for", "similar", "escape"}
		r.word(i, "substring")
		args = r.length(args)
	case name == "btrim" || name == "ltrim" || name == "rtrim":
		inside = []string{"both", "leading", "trailing", "from"}
		r.word(i, "trim")
		r.require((name == "ltrim") == r.is(i+2, "leading") && (name == "rtrim") == r.is(i+2, "trailing"), i)
	default:
		r.refuse(rewrite.CodeConstruct, r.Tokens[i].Span, "%s is not read here", strings.ToUpper(r.Tokens[i].Value))
	}
	r.sign(i+1, "(")
	after := r.after(i + 1)
	for _, arg := range args {
		r.within(i, after, func() { r.expression(arg) })
	}
	for j := i + 2; j < after-1; j = r.after(j) {
		if !r.claimed[j] && r.is(j, inside...) {
			r.claim(j)
		}
	}
	return after
}

// field reads the first argument of EXTRACT, which may be a word.
func (r *reader) field(args []*ast.Node, i int) []*ast.Node {
	r.require(len(args) == 2, i)
	c, ok := args[0].GetNode().(*ast.Node_AConst)
	if !ok || !isName(r.Source, i) {
		return args
	}
	r.require(r.token(c.AConst.Location) == i, i)
	r.name(i, c.AConst.GetSval().GetSval())
	return args[1:]
}

// length takes the start and the cast away that the parser adds to SUBSTRING(x FOR n).
func (r *reader) length(args []*ast.Node) []*ast.Node {
	if len(args) != 3 {
		return args
	}
	start, ok := args[1].GetNode().(*ast.Node_AConst)
	if !ok || start.AConst.Location != -1 || start.AConst.GetIval().GetIval() != 1 {
		return args // a location of -1 is refused as any other that is none
	}
	cast, ok := args[2].GetNode().(*ast.Node_TypeCast)
	if !ok || cast.TypeCast.Location != -1 || cast.TypeCast.TypeName.GetLocation() != -1 || strings.Join(r.texts(cast.TypeCast.TypeName.GetNames()), ".") != "pg_catalog.int4" {
		r.unaccounted(0)
	}
	return []*ast.Node{args[0], cast.TypeCast.Arg}
}

// allow looks a function up in the lists: one that is on none is left to the map.
func (r *reader) allow(names []string, span rewrite.Span, table bool) {
	name := names[len(names)-1]
	builtIn := len(names) == 1 || len(names) == 2 && names[0] == "pg_catalog"
	if builtIn && (table && tableFunctions[name] || !table && (functions[name] || tableFunctions[name])) {
		return
	}
	if code, what := refused(name); code != "" {
		r.refuse(code, span, "%s %s", name, what)
	}
	switch {
	case builtIn && len(names) == 2:
		r.refuse(rewrite.CodeFunction, span, "%s is not on the list", name)
	case table && functions[name]:
		r.refuse(rewrite.CodeTableCall, span, "%s in FROM is not on the list", name)
	case len(names) > 2:
		r.refuse(rewrite.CodeElsewhere, span, "%s names a database", name)
	}
	r.Calls = append(r.Calls, rewrite.Call{Span: span, Name: names, Table: table})
}

func lastName(f *ast.FuncCall) string {
	if f == nil || len(f.Funcname) == 0 {
		return ""
	}
	return f.Funcname[len(f.Funcname)-1].GetString_().GetSval()
}
