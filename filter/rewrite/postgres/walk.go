package postgres

import (
	"math"
	"runtime"

	"github.com/sqlc-dev/oliphant/ast"
	"github.com/utdrag/utdrag/filter/rewrite"
)

// walk makes a statement of a tree.
func walk(s *rewrite.Source, pairs brackets, sel *ast.SelectStmt) (statement *rewrite.Statement, err error) {
	r := &reader{
		Statement: &rewrite.Statement{Source: s},
		pairs:     pairs,
		claimed:   make([]bool, len(s.Tokens)),
		owed:      map[string]int{},
		low:       math.MaxInt,
	}
	defer func() {
		switch p := recover().(type) {
		case nil:
		case refusal:
			statement, err = nil, p.error
		case runtime.Error: // a tree of a shape that the grammar doesn't have
			statement, err = nil, s.Refuse(rewrite.CodeUnaccounted, rewrite.Span{End: len(s.Text)}, "the parser made a tree that can't be followed")
		default:
			panic(p)
		}
	}()
	r.Output = r.query(sel, 0, len(s.Tokens), place{parent: -1})
	r.settle()
	r.covered()
	return r.Statement, nil
}

// place is where a query stands.
type place struct {
	// parent is the block whose columns it can see.
	parent int
	// operand is set for an operand of UNION and its like, which has no clauses of its own unless it is in parentheses.
	operand bool
	// common is the common table expression whose definition the query is, or nil.
	common *common
}

// layout is where the clauses of a query stand that go with the whole of it, be it a UNION: the first token of each, or
// -1, and what remains.
type layout struct {
	with, order, limit, offset, fetch int
	ends                              map[int]int
	start, end                        int
}

// arrange finds the clauses around the body of a query. The parser puts those around and inside a pair of parentheses
// into one node, and so does the server.
func (r *reader) arrange(i, end int, at place) layout {
	l := layout{with: -1, order: -1, limit: -1, offset: -1, fetch: -1, ends: map[int]int{}, start: i, end: end}
	wrapped := func() bool { return isSign(r.Source, l.start, "(") && r.pairs[l.start] == l.end-1 }
	for !at.operand || wrapped() {
		for wrapped() {
			l.start++
			l.end--
		}
		if r.is(l.start, "with") {
			r.require(l.with < 0, l.start)
			l.with = l.start
			l.start = r.afterWith(l.start, l.end)
		}
		last := -1
		for j := l.start; j < l.end; j = r.after(j) {
			clause := r.tail(j, &l)
			if clause == nil {
				continue
			}
			r.require(*clause < 0, j)
			*clause = j
			if last >= 0 {
				l.ends[last] = j
			}
			last = j
		}
		if last >= 0 {
			l.ends[last] = l.end
			for _, first := range []int{l.order, l.limit, l.offset, l.fetch} {
				if first >= l.start && first < l.end {
					l.end = first
				}
			}
		}
		r.require(l.start < l.end, l.start)
		if !wrapped() {
			break
		}
	}
	return l
}

// tail is the clause that begins with the token, where it is one that follows the body of a query.
func (r *reader) tail(i int, l *layout) *int {
	if r.Tokens[i].Kind != rewrite.Word || r.label(i) {
		return nil
	}
	switch r.Tokens[i].Value {
	case "order":
		return &l.order
	case "limit":
		return &l.limit
	case "offset":
		return &l.offset
	case "fetch":
		return &l.fetch
	case "for":
		if r.is(i-1, "collation") && isSign(r.Source, i+1, "(") {
			return nil
		}
		r.refuse(rewrite.CodeWrites, r.Tokens[i].Span, "a locking clause")
	}
	return nil
}

// label reports whether a word stands where even a reserved one is a name.
func (r *reader) label(i int) bool {
	return isSign(r.Source, i-1, ".") || r.is(i-1, "as") && !isSign(r.Source, i-2, ".")
}

// afterWith passes a WITH clause.
func (r *reader) afterWith(i, end int) int {
	i++
	if r.is(i, "recursive") {
		i++
	}
	for {
		for i++; i < end && !isSign(r.Source, i, "("); i++ { // the name, AS, MATERIALIZED
		}
		r.require(i < end, i)
		named := !r.is(i-1, "as", "materialized")
		if i = r.after(i); named {
			for ; i < end && !isSign(r.Source, i, "("); i++ {
			}
			r.require(i < end, i)
			i = r.after(i)
		}
		if !isSign(r.Source, i, ",") {
			return i
		}
		i++
	}
}

// query reads the tokens from i until before end as one query, and returns the columns of its result.
func (r *reader) query(sel *ast.SelectStmt, i, end int, at place) []rewrite.Output {
	r.enter()
	defer r.leave()
	if sel == nil {
		r.unaccounted(i)
	}
	l := r.arrange(i, end, at)
	scope, commons := r.scope, r.commons
	defer func() { r.scope, r.commons = scope, commons }()

	r.Scopes = append(r.Scopes, rewrite.Scope{Parent: at.parent})
	r.scope = len(r.Scopes) - 1
	r.require((sel.WithClause != nil) == (l.with >= 0), l.start)
	r.require((len(sel.SortClause) > 0) == (l.order >= 0), l.start)
	r.require((sel.LimitCount != nil) == (l.limit >= 0 || l.fetch >= 0), l.start)
	r.require((sel.LimitOffset != nil) == (l.offset >= 0), l.start)
	if len(sel.LockingClause) > 0 {
		r.refuse(rewrite.CodeWrites, r.Tokens[i].Span, "a locking clause")
	}
	if sel.WithClause != nil {
		r.with(sel.WithClause, l.with, at.parent)
	}
	var output []rewrite.Output
	if sel.Op == ast.SetOperation_SETOP_NONE {
		output = r.block(sel, l.start, l.end)
		if at.common != nil {
			at.common.define(output)
		}
	} else {
		output = r.operation(sel, l, at)
	}
	if l.order >= 0 {
		r.word(l.order, "order")
		r.word(l.order+1, "by")
		r.sorts(sel.SortClause, l.order+2, l.ends[l.order])
	}
	r.limits(sel, l)
	return output
}

// operation reads UNION, EXCEPT or INTERSECT. Its ORDER BY sees the columns of the result and nothing else, for which it
// has a scope of its own.
func (r *reader) operation(sel *ast.SelectStmt, l layout, at place) []rewrite.Output {
	r.require(len(sel.TargetList)+len(sel.FromClause)+len(sel.GroupClause)+len(sel.WindowClause)+len(sel.ValuesLists)+len(sel.DistinctClause) == 0 &&
		sel.IntoClause == nil && sel.WhereClause == nil && sel.HavingClause == nil && !sel.GroupDistinct, l.start)
	middle := r.operator(l.start, l.end)
	word := map[ast.SetOperation]string{
		ast.SetOperation_SETOP_UNION: "union", ast.SetOperation_SETOP_EXCEPT: "except", ast.SetOperation_SETOP_INTERSECT: "intersect",
	}[sel.Op]
	r.require(word != "", middle)
	r.word(middle, word)
	next := middle + 1
	if sel.All {
		r.word(next, "all")
		next++
	} else {
		next = r.optional(next, "distinct")
	}
	r.require(middle > l.start && next < l.end, middle)
	own := r.scope
	var output []rewrite.Output
	r.deciding(!sel.All, func() {
		output = r.query(sel.Larg, l.start, middle, place{parent: at.parent, operand: true, common: at.common})
		r.query(sel.Rarg, next, l.end, place{parent: at.parent, operand: true})
	})
	r.Scopes[own].Sources = []rewrite.From{{Table: -1, Output: output}}
	return output
}

// operator is the set operation that is carried out last: the last UNION or EXCEPT, or else the last INTERSECT.
func (r *reader) operator(i, end int) int {
	intersect := -1
	for j := end - 1; j >= i; j-- {
		if p := r.pairs[j]; p >= 0 && p < j {
			j = p
			continue
		}
		switch {
		case r.is(j, "union", "except") && !r.label(j):
			return j
		case intersect < 0 && r.is(j, "intersect") && !r.label(j):
			intersect = j
		}
	}
	r.require(intersect >= 0, i)
	return intersect
}

// with reads the definitions of common table expressions, from the word WITH on.
func (r *reader) with(w *ast.WithClause, i, parent int) {
	r.require(r.token(w.Location) == i, i)
	r.word(i, "with")
	i++
	f := &frame{outer: r.commons, recursive: w.Recursive, byName: map[string]*common{}}
	if w.Recursive {
		r.word(i, "recursive")
		i++
	}
	if len(r.Scopes) == 1 {
		r.With = rewrite.With{At: r.Tokens[i].Span.Start, Has: true}
	}
	definitions := make([]*ast.CommonTableExpr, len(w.Ctes))
	for n, node := range w.Ctes {
		d, ok := node.GetNode().(*ast.Node_CommonTableExpr)
		r.require(ok, i)
		definitions[n] = d.CommonTableExpr
		c := &common{name: d.CommonTableExpr.Ctename, span: r.Tokens[r.token(d.CommonTableExpr.Location)].Span, renamed: r.texts(d.CommonTableExpr.Aliascolnames)}
		if f.byName[c.name] != nil {
			r.refuse(rewrite.CodeCommonScope, c.span, "%s is defined twice", c.name)
		}
		f.commons, f.byName[c.name] = append(f.commons, c), c
	}
	r.commons = f
	for n, d := range definitions {
		c := f.commons[n]
		if n > 0 {
			r.sign(i, ",")
			i++
		}
		r.require(r.token(d.Location) == i, i)
		r.name(i, d.Ctename)
		i = r.columnNames(i+1, c.renamed)
		r.word(i, "as")
		i++
		switch d.Ctematerialized {
		case ast.CTEMaterialize_CTEMaterializeAlways:
			i = r.words(i, "materialized")
		case ast.CTEMaterialize_CTEMaterializeNever:
			i = r.words(i, "not", "materialized")
		default:
			r.require(d.Ctematerialized == ast.CTEMaterialize_CTEMaterializeDefault, i)
		}
		if d.SearchClause != nil || d.CycleClause != nil {
			r.refuse(rewrite.CodeConstruct, c.span, "a SEARCH or CYCLE clause is not read here")
		}
		body, ok := d.Ctequery.GetNode().(*ast.Node_SelectStmt)
		if !ok {
			r.refuse(rewrite.CodeWrites, c.span, "a common table expression that writes")
		}
		r.sign(i, "(")
		c.state = current
		r.query(body.SelectStmt, i, r.after(i), place{parent: parent, common: c})
		c.state = done
		i = r.after(i)
	}
}

// columnNames claims a list of names in parentheses, if there is one.
func (r *reader) columnNames(i int, names []string) int {
	if len(names) == 0 {
		return i
	}
	for n, name := range names {
		if n == 0 {
			r.sign(i, "(")
		} else {
			r.sign(i, ",")
		}
		r.name(i+1, name)
		i += 2
	}
	r.sign(i, ")")
	return i + 1
}

// texts are the strings of a list of names.
func (r *reader) texts(nodes []*ast.Node) []string {
	names := make([]string, 0, len(nodes))
	for _, n := range nodes {
		s, ok := n.GetNode().(*ast.Node_String_)
		if !ok {
			r.unaccounted(0)
		}
		names = append(names, s.String_.Sval)
	}
	return names
}
