package postgres

import (
	"github.com/sqlc-dev/oliphant/ast"
	"github.com/utdrag/utdrag/filter/rewrite"
)

// clauses is where the clauses of one SELECT begin: -1 for those that are missing. They end where the next begins.
type clauses struct{ from, where, group, having, window int }

// block reads one SELECT or VALUES, without what goes with the whole query.
func (r *reader) block(sel *ast.SelectStmt, i, end int) []rewrite.Output {
	r.require(sel.Larg == nil && sel.Rarg == nil && !sel.All, i)
	if r.is(i, "values") {
		return r.values(sel, i, end)
	}
	if r.is(i, "table") {
		r.refuse(rewrite.CodeConstruct, r.Tokens[i].Span, "TABLE as a query is not read here; write SELECT * FROM")
	}
	r.word(i, "select")
	r.require(len(sel.ValuesLists) == 0, i)
	c := r.clauses(i+1, end)
	if sel.IntoClause != nil {
		r.refuse(rewrite.CodeWrites, r.Tokens[i].Span, "SELECT INTO makes a table")
	}
	r.require((len(sel.FromClause) > 0) == (c.from >= 0) && (sel.WhereClause != nil) == (c.where >= 0) && (len(sel.GroupClause) > 0) == (c.group >= 0) &&
		(sel.HavingClause != nil) == (c.having >= 0) && (len(sel.WindowClause) > 0) == (c.window >= 0), i)
	output := r.targets(sel, i+1, r.clauseEnd(c, i, end))
	if c.from >= 0 {
		r.word(c.from, "from")
		r.from(sel.FromClause, c.from+1, r.clauseEnd(c, c.from, end))
	}
	if c.where >= 0 {
		r.word(c.where, "where")
		r.condition(sel.WhereClause, c.where+1, r.clauseEnd(c, c.where, end))
	}
	if c.group >= 0 {
		i := r.words(c.group, "group", "by")
		if sel.GroupDistinct {
			i = r.words(i, "distinct")
		} else {
			i = r.optional(i, "all")
		}
		r.deciding(true, func() {
			for _, n := range sel.GroupClause {
				r.within(i, r.clauseEnd(c, c.group, end), func() { r.grouping(n) })
			}
		})
	} else {
		r.require(!sel.GroupDistinct, i)
	}
	if c.having >= 0 {
		r.word(c.having, "having")
		r.condition(sel.HavingClause, c.having+1, r.clauseEnd(c, c.having, end))
	}
	if c.window >= 0 {
		r.word(c.window, "window")
		r.windows(sel.WindowClause, c.window+1, r.clauseEnd(c, c.window, end))
	}
	return output
}

func (r *reader) condition(n *ast.Node, i, end int) {
	r.deciding(true, func() { r.within(i, end, func() { r.expression(n) }) })
}

// clauses finds the words that clauses begin with. They are reserved: only after a dot or AS are they names.
func (r *reader) clauses(i, end int) clauses {
	c := clauses{-1, -1, -1, -1, -1}
	for j := i; j < end; j = r.after(j) {
		if r.Tokens[j].Kind != rewrite.Word || r.label(j) {
			continue
		}
		var clause *int
		switch r.Tokens[j].Value {
		case "into":
			r.refuse(rewrite.CodeWrites, r.Tokens[j].Span, "SELECT INTO makes a table")
		case "from":
			if r.is(j-1, "distinct") && (r.is(j-2, "is") || r.is(j-2, "not") && r.is(j-3, "is")) {
				continue
			}
			if c.from >= 0 && r.is(j-1, "rows") { // ROWS FROM (…)
				continue
			}
			clause = &c.from
		case "where":
			clause = &c.where
		case "group":
			if !r.is(j+1, "by") { // WITHIN GROUP (…)
				continue
			}
			clause = &c.group
		case "having":
			clause = &c.having
		case "window":
			clause = &c.window
		default:
			continue
		}
		r.require(*clause < 0, j)
		*clause = j
	}
	return c
}

// clauseEnd is where the clause at i ends.
func (r *reader) clauseEnd(c clauses, i, end int) int {
	for _, other := range []int{c.from, c.where, c.group, c.having, c.window} {
		if other > i && other < end {
			end = other
		}
	}
	return end
}

// targets reads the select list, and DISTINCT before it.
func (r *reader) targets(sel *ast.SelectStmt, i, end int) []rewrite.Output {
	distinct := len(sel.DistinctClause) > 0
	switch {
	case distinct && sel.DistinctClause[0].GetNode() == nil:
		r.require(len(sel.DistinctClause) == 1, i)
		r.word(i, "distinct")
		i++
	case distinct:
		i = r.words(i, "distinct", "on")
		r.sign(i, "(")
		after := r.after(i)
		r.deciding(true, func() {
			for _, n := range sel.DistinctClause {
				r.within(i, after, func() { r.expression(n) })
			}
		})
		i = after
	default:
		i = r.optional(i, "all")
	}
	if i == end {
		r.require(len(sel.TargetList) == 0, i)
		return nil
	}
	parts := r.split(i, end)
	r.require(len(parts) == len(sel.TargetList), i)
	output := make([]rewrite.Output, len(parts))
	r.deciding(distinct && sel.DistinctClause[0].GetNode() == nil, func() {
		for n, node := range sel.TargetList {
			output[n] = r.target(node, parts[n][0], parts[n][1])
		}
	})
	return output
}

// target reads one expression of the select list with its alias.
func (r *reader) target(node *ast.Node, i, end int) rewrite.Output {
	t, ok := node.GetNode().(*ast.Node_ResTarget)
	r.require(ok, i)
	r.require(r.token(t.ResTarget.Location) == i && len(t.ResTarget.Indirection) == 0, i)
	if t.ResTarget.Name != "" {
		r.require(end-1 > i, i)
		r.name(end-1, t.ResTarget.Name)
		if r.is(end-2, "as") && !isSign(r.Source, end-3, ".") {
			r.claim(end - 2)
		}
	}
	r.within(i, end, func() { r.expression(t.ResTarget.Val) })
	var fields []*ast.Node
	switch v := t.ResTarget.Val.GetNode().(type) {
	case *ast.Node_ColumnRef:
		fields = v.ColumnRef.Fields
	case *ast.Node_AIndirection: // (t).*
		fields = append(append(fields, v.AIndirection.Arg.GetColumnRef().GetFields()...), v.AIndirection.Indirection...)
	}
	if len(fields) > 0 && isStar(fields[len(fields)-1]) {
		if t.ResTarget.Name != "" {
			r.refuse(rewrite.CodeConstruct, r.span(i, end), "a star under one name")
		}
		o := rewrite.Output{Star: true, Scope: r.scope}
		if len(fields) > 1 {
			o.Qualifier = fields[len(fields)-2].GetString_().GetSval()
		}
		return o
	}
	return rewrite.Output{Name: outputName(t.ResTarget)}
}

func (r *reader) values(sel *ast.SelectStmt, i, end int) []rewrite.Output {
	r.require(len(sel.TargetList)+len(sel.FromClause)+len(sel.GroupClause)+len(sel.WindowClause)+len(sel.DistinctClause) == 0 &&
		sel.IntoClause == nil && sel.WhereClause == nil && sel.HavingClause == nil && !sel.GroupDistinct && len(sel.ValuesLists) > 0, i)
	r.word(i, "values")
	rows := r.split(i+1, end)
	r.require(len(rows) == len(sel.ValuesLists), i)
	var output []rewrite.Output
	for n, row := range sel.ValuesLists {
		start := rows[n][0]
		r.sign(start, "(")
		r.require(r.after(start) == rows[n][1], start)
		items := row.GetList().GetItems()
		r.require(len(items) > 0, start)
		for _, e := range items {
			r.within(start, rows[n][1], func() { r.expression(e) })
		}
		for n == 0 && len(output) < len(items) {
			output = append(output, rewrite.Output{Name: "column" + decimal(len(output)+1)})
		}
	}
	return output
}

// grouping reads one item of GROUP BY.
func (r *reader) grouping(n *ast.Node) {
	g, ok := n.GetNode().(*ast.Node_GroupingSet)
	if !ok {
		r.expression(n)
		return
	}
	r.enter()
	defer r.leave()
	i := r.token(g.GroupingSet.Location)
	switch g.GroupingSet.Kind {
	case ast.GroupingSetKind_GROUPING_SET_EMPTY:
		r.sign(i, "(")
		r.sign(i+1, ")")
		r.require(len(g.GroupingSet.Content) == 0, i)
		r.low = min(r.low, i)
	case ast.GroupingSetKind_GROUPING_SET_CUBE:
		r.word(i, "cube")
	case ast.GroupingSetKind_GROUPING_SET_ROLLUP:
		r.word(i, "rollup")
	case ast.GroupingSetKind_GROUPING_SET_SETS:
		r.words(i, "grouping", "sets")
	default:
		r.unaccounted(i)
	}
	for _, c := range g.GroupingSet.Content {
		r.grouping(c)
	}
}

// windows reads the list of a WINDOW clause.
func (r *reader) windows(list []*ast.Node, i, end int) {
	parts := r.split(i, end)
	r.require(len(parts) == len(list), i)
	for n, node := range list {
		w, ok := node.GetNode().(*ast.Node_WindowDef)
		r.require(ok, i)
		r.name(parts[n][0], w.WindowDef.Name)
		r.word(parts[n][0]+1, "as")
		r.require(r.window(w.WindowDef, parts[n][0]+2) == parts[n][1], i)
	}
}

// frameWords are the words of a frame clause.
var frameWords = map[string]bool{"range": true, "rows": true, "groups": true, "between": true, "and": true, "unbounded": true, "preceding": true,
	"following": true, "current": true, "row": true, "exclude": true, "group": true, "ties": true, "no": true, "others": true}

// window reads a window's definition in parentheses, and returns what follows.
func (r *reader) window(w *ast.WindowDef, i int) int {
	r.sign(i, "(")
	r.require(r.token(w.Location) == i, i)
	after := r.after(i)
	partition, order, frame := after-1, after-1, after-1
	for j := i + 1; j < after-1; j = r.after(j) {
		switch {
		case r.label(j):
		case r.is(j, "partition") && r.is(j+1, "by") && order == after-1 && frame == after-1:
			partition = min(partition, j)
		case r.is(j, "order") && r.is(j+1, "by"):
			order = min(order, j)
		case r.is(j, "range", "rows", "groups") && (r.is(j+1, "between", "unbounded", "current") || r.is(after-2, "preceding", "following", "row", "group", "ties", "others")):
			frame = min(frame, j)
		}
	}
	if w.Refname != "" {
		r.name(i+1, w.Refname)
	}
	r.require((len(w.PartitionClause) > 0) == (partition < after-1) && (len(w.OrderClause) > 0) == (order < after-1), i)
	r.deciding(true, func() {
		if len(w.PartitionClause) > 0 {
			r.words(partition, "partition", "by")
			for _, n := range w.PartitionClause {
				r.within(partition, min(order, frame), func() { r.expression(n) })
			}
		}
		if len(w.OrderClause) > 0 {
			r.words(order, "order", "by")
			r.sorts(w.OrderClause, order+2, max(order, frame))
		}
		for _, n := range []*ast.Node{w.StartOffset, w.EndOffset} {
			if n != nil {
				r.within(frame, after, func() { r.expression(n) })
			}
		}
	})
	for j := frame; j < after-1; j = r.after(j) {
		if !r.claimed[j] && r.Tokens[j].Kind == rewrite.Word && frameWords[r.Tokens[j].Value] {
			r.claim(j)
		}
	}
	return after
}
