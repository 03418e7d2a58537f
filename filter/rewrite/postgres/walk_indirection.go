package postgres

import (
	"github.com/sqlc-dev/oliphant/ast"
	"github.com/utdrag/utdrag/filter/rewrite"
)

// indirection reads subscripts, slices and fields: a[1], (t).f, (t).*. The tree doesn't say where they stand. They follow
// what they are of, after the parentheses around that.
//
// PostgreSQL takes x.f for f(x) where x has no such field. A field of anything but a row that a name stands for is
// therefore a call.
func (r *reader) indirection(n *ast.A_Indirection) {
	var i int
	row, isRow := n.Arg.GetNode().(*ast.Node_ColumnRef)
	if isRow {
		first := r.token(row.ColumnRef.Location)
		if field, end := r.rowField(n, row.ColumnRef, first); field {
			r.rest(n.Indirection[1:], end)
			return
		}
		r.reference(row.ColumnRef)
		i = first + 2*len(row.ColumnRef.Fields) - 1
		for isSign(r.Source, i, ")") {
			i++
		}
	} else {
		i = r.following(r.since(func() { r.expression(n.Arg) }))
	}
	r.rest(n.Indirection, i)
}

// rowField reads (t).f, where t is one name, as the column f of t.
func (r *reader) rowField(n *ast.A_Indirection, row *ast.ColumnRef, first int) (bool, int) {
	if len(row.Fields) != 1 || len(n.Indirection) == 0 || isStar(row.Fields[0]) {
		return false, 0
	}
	var field string
	switch f := n.Indirection[0].GetNode().(type) {
	case *ast.Node_String_:
		field = f.String_.Sval
	case *ast.Node_AStar:
		field = "*"
	default:
		return false, 0
	}
	alias := row.Fields[0].GetString_().GetSval()
	if isSign(r.Source, first+1, "[") {
		return false, 0
	}
	r.name(first, alias)
	i := first + 1
	for isSign(r.Source, i, ")") {
		i++
	}
	r.sign(i, ".")
	i++
	if field == "*" {
		r.require(isSign(r.Source, i, "*"), i)
		r.claim(i)
	} else {
		r.name(i, field)
	}
	c := rewrite.Column{Span: r.span(first, i+1), Parts: []string{alias, field}, Qualifier: r.Tokens[first].Span, Scope: r.scope, Predicate: r.predicate}
	r.column(c)
	r.fields = append(r.fields, c)
	return true, i + 1
}

// settle looks again at each (t).f, now that all of FROM is known: where no source is called t, it is a column, and f
// may be a function.
func (r *reader) settle() {
	for _, c := range r.fields {
		known := false
		for s := c.Scope; s >= 0 && !known; s = r.Scopes[s].Parent {
			for _, f := range r.Scopes[s].Sources {
				known = known || f.Alias == c.Parts[0]
			}
		}
		if !known && c.Parts[1] != "*" {
			r.allow(c.Parts[1:], rewrite.Span{Start: c.Span.End - len(c.Parts[1]), End: c.Span.End}, false)
		}
	}
}

// following is what comes after the parentheses that begin before the token, of which nothing has been claimed yet.
func (r *reader) following(first int) int {
	for open := first; open >= 0 && open >= first-200; open-- {
		if isSign(r.Source, open, "(") {
			if i := r.after(open); (isSign(r.Source, i, "[") || isSign(r.Source, i, ".")) && !r.claimed[min(i+1, len(r.Tokens)-1)] {
				return i
			}
		} else if open != first {
			break
		}
		if open == first && r.Tokens[open].Kind == rewrite.Variable && (isSign(r.Source, first+1, "[") || isSign(r.Source, first+1, ".")) {
			return first + 1
		}
	}
	r.unaccounted(first)
	return 0
}

// rest reads the subscripts and fields from i on.
func (r *reader) rest(list []*ast.Node, i int) {
	for _, n := range list {
		switch e := n.GetNode().(type) {
		case *ast.Node_String_:
			r.sign(i, ".")
			r.name(i+1, e.String_.Sval)
			span := r.Tokens[i+1].Span
			if pseudoColumns[e.String_.Sval] {
				r.Pseudo = append(r.Pseudo, span)
			} else {
				r.allow([]string{e.String_.Sval}, span, false)
			}
			i += 2
		case *ast.Node_AStar:
			r.refuse(rewrite.CodeConstruct, r.Tokens[i].Span, "the star of an expression, of which nobody knows the columns")
		case *ast.Node_AIndices:
			r.sign(i, "[")
			r.claim(i)
			after := r.after(i)
			for _, bound := range []*ast.Node{e.AIndices.Lidx, e.AIndices.Uidx} {
				if bound != nil {
					r.within(i, after, func() { r.expression(bound) })
				}
			}
			i = after
		default:
			r.unaccounted(i)
		}
	}
}
