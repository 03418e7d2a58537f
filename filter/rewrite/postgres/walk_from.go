package postgres

import (
	"github.com/sqlc-dev/oliphant/ast"
	"github.com/utdrag/utdrag/filter/rewrite"
)

// item is one item of a FROM clause as the tokens have it.
type item struct {
	start, end int // its tokens, alias included
	// left and right are the items that are joined; nil for what is no join.
	left, right *item
	words       [2]int // NATURAL LEFT OUTER JOIN and the like
	qualifier   int    // ON or USING, or -1
	// body is the first token after LATERAL and opening words; alias is where the alias begins, or would.
	body, alias int
	kind        itemKind
	lateral     bool
}

type itemKind uint8

const (
	tableItem itemKind = iota
	queryItem
	functionItem
	rowsItem
	joinItem
)

// isJoin reports whether a join begins at i. All its words but JOIN may be names of functions, too.
func (r *reader) isJoin(i int) bool {
	return !isSign(r.Source, i-1, ".") && (r.is(i, "join") || r.is(i, "cross", "natural", "inner", "left", "right", "full") && !isSign(r.Source, i+1, "("))
}

// tableRef finds one item with the joins that follow it.
func (r *reader) tableRef(i, end int) (*item, int) {
	r.enter()
	defer r.leave()
	left, i := r.atom(i, end)
	for i < end && r.isJoin(i) {
		j := &item{start: left.start, left: left, kind: joinItem, words: [2]int{i}, qualifier: -1}
		alone := false
		for ; !r.is(i, "join"); i++ {
			r.require(i < end && r.is(i, "cross", "natural", "inner", "left", "right", "full", "outer"), i)
			alone = alone || r.is(i, "cross", "natural")
		}
		i++
		j.words[1] = i
		if alone {
			j.right, i = r.atom(i, end)
		} else {
			j.right, i = r.tableRef(i, end)
			r.require(i < end && r.is(i, "on", "using"), i)
			j.qualifier = i
			if r.is(i, "using") {
				r.sign(i+1, "(")
				i = r.after(i + 1)
				if r.is(i, "as") && i < end {
					i += 2
				}
			} else {
				for i++; i < end && !isSign(r.Source, i, ",") && !r.isJoin(i) && (!r.is(i, "on", "using") || isSign(r.Source, i-1, ".")); {
					i = r.after(i)
				}
			}
		}
		r.require(i <= end, i)
		j.end, j.alias = i, i
		left = j
	}
	return left, i
}

// atom finds one item of a FROM clause: a table, a query, a function, or a join in parentheses.
func (r *reader) atom(i, end int) (*item, int) {
	it := &item{start: i, qualifier: -1, kind: tableItem}
	r.require(i < end, i)
	if r.is(i, "lateral") {
		it.lateral = true
		i++
	}
	it.body = i
	switch {
	case isSign(r.Source, i, "("):
		inner := i
		for isSign(r.Source, inner, "(") {
			inner++
		}
		after := r.after(i)
		if r.is(inner, "select", "values", "table", "with") && r.wrapsQuery(i) {
			it.kind = queryItem
		} else {
			join, last := r.tableRef(i+1, after-1)
			r.require(join.kind == joinItem && last == after-1, i)
			join.start, join.alias = i, after
			it = join
		}
		i = after
	case r.is(i, "rows") && r.is(i+1, "from"):
		it.kind = rowsItem
		r.sign(i+2, "(")
		i = r.after(i + 2)
	default:
		if r.is(i, "only") {
			r.refuse(rewrite.CodeConstruct, r.Tokens[i].Span, "ONLY is not read here")
		}
		r.require(isName(r.Source, i), i)
		for i++; isSign(r.Source, i, ".") && i+1 < end; {
			i += 2
		}
		if isSign(r.Source, i, "(") && i < end {
			it.kind = functionItem
			i = r.after(i)
		} else if isSign(r.Source, i, "*") && i < end {
			i++
		}
	}
	if (it.kind == functionItem || it.kind == rowsItem) && r.is(i, "with") && i < end {
		i += 2
	}
	it.alias = i
	if i < end {
		i = r.afterAlias(i, end)
	}
	if it.kind == tableItem && r.is(i, "tablesample") && i < end {
		for i++; i < end && !isSign(r.Source, i, "("); i++ {
		}
		r.require(i < end, i)
		i = r.after(i)
		if r.is(i, "repeatable") && i < end {
			i = r.after(i + 1)
		}
	}
	r.require(i <= end, i)
	it.end = i
	return it, i
}

// wrapsQuery reports whether what is in the parentheses at i is a query, rather than a join that begins with one.
func (r *reader) wrapsQuery(i int) bool {
	for ; isSign(r.Source, i, "("); i++ {
		if isSign(r.Source, i+1, "(") {
			if next := r.after(i + 1); next != r.pairs[i] && !r.is(next, "union", "except", "intersect", "order", "limit", "offset", "fetch", "for") {
				return false
			}
		}
	}
	return true
}

// afterAlias passes an alias with its column names.
func (r *reader) afterAlias(i, end int) int {
	switch {
	case r.is(i, "as"):
		i++
		if isSign(r.Source, i, "(") { // AS (a int, b text)
			return r.after(i)
		}
	case r.Tokens[i].Kind == rewrite.Quoted:
	case r.Tokens[i].Kind != rewrite.Word, r.isJoin(i), r.is(i, "on", "using", "tablesample"):
		return i
	}
	r.require(isName(r.Source, i), i)
	i++
	if i < end && isSign(r.Source, i, "(") {
		i = r.after(i)
	}
	return i
}

// from reads a FROM clause.
func (r *reader) from(list []*ast.Node, i, end int) {
	for n, node := range list {
		if n > 0 {
			r.sign(i, ",")
			i++
		}
		var it *item
		it, i = r.tableRef(i, end)
		r.source(node, it)
	}
	r.require(i == end, i)
}

// source reads one item of a FROM clause, of which the tree and the tokens must say the same.
func (r *reader) source(node *ast.Node, it *item) {
	r.enter()
	defer r.leave()
	switch n := node.GetNode().(type) {
	case *ast.Node_JoinExpr:
		r.require(it.kind == joinItem, it.start)
		r.join(n.JoinExpr, it)
	case *ast.Node_RangeVar:
		r.require(it.kind == tableItem, it.start)
		r.table(n.RangeVar, nil, it)
	case *ast.Node_RangeTableSample:
		v, ok := n.RangeTableSample.Relation.GetNode().(*ast.Node_RangeVar)
		r.require(ok && it.kind == tableItem, it.start)
		r.table(v.RangeVar, n.RangeTableSample, it)
	case *ast.Node_RangeSubselect:
		r.require(it.kind == queryItem, it.start)
		r.derived(n.RangeSubselect, it)
	case *ast.Node_RangeFunction:
		if it.kind == tableItem {
			r.refuse(rewrite.CodeTableCall, r.span(it.start, it.end), "%s in FROM is not read here", r.Tokens[it.body].Value)
		}
		r.require(it.kind == functionItem || it.kind == rowsItem, it.start)
		r.function(n.RangeFunction, it)
	default:
		r.refuse(rewrite.CodeConstruct, r.span(it.start, it.end), "%s in FROM is not read here", describe(node))
	}
}

func (r *reader) addSource(f rewrite.From) {
	if len(r.Tables)+len(r.Common) > rewrite.MaxTables {
		r.refuse(rewrite.CodeSize, rewrite.Span{End: len(r.Text)}, "the query names more than %d tables", rewrite.MaxTables)
	}
	r.Scopes[r.scope].Sources = append(r.Scopes[r.scope].Sources, f)
}

// join reads a join, after the items that it joins.
func (r *reader) join(j *ast.JoinExpr, it *item) {
	first := len(r.Scopes[r.scope].Sources)
	r.source(j.Larg, it.left)
	r.source(j.Rarg, it.right)
	natural, cross, kind := false, false, ast.JoinType_JOIN_INNER
	for i := it.words[0]; i < it.words[1]; i++ {
		natural, cross = natural || r.is(i, "natural"), cross || r.is(i, "cross")
		switch {
		case r.is(i, "left"):
			kind = ast.JoinType_JOIN_LEFT
		case r.is(i, "right"):
			kind = ast.JoinType_JOIN_RIGHT
		case r.is(i, "full"):
			kind = ast.JoinType_JOIN_FULL
		}
		r.claim(i)
	}
	r.require(j.Jointype == kind && j.IsNatural == natural && j.Rtindex == 0 && (j.Quals != nil) == r.is(it.qualifier, "on") &&
		(len(j.UsingClause) > 0) == r.is(it.qualifier, "using") && (natural || cross) == (it.qualifier < 0), it.words[0])
	switch {
	case j.Quals != nil:
		r.word(it.qualifier, "on")
		r.condition(j.Quals, it.qualifier+1, it.end)
	case len(j.UsingClause) > 0:
		r.using(j, it)
	}
	if j.Alias == nil {
		return
	}
	// The alias hides those inside. Both are listed: the pipeline refuses what could mean either.
	f := rewrite.From{Alias: j.Alias.Aliasname, Table: -1}
	for _, s := range r.Scopes[r.scope].Sources[first:] {
		if s.Alias != "" {
			f.Output = append(f.Output, rewrite.Output{Star: true, Qualifier: s.Alias, Scope: r.scope})
		}
	}
	_, f.Renamed = r.alias(it.alias, j.Alias)
	r.addSource(f)
}

func (r *reader) using(j *ast.JoinExpr, it *item) {
	i := it.qualifier
	r.word(i, "using")
	r.sign(i+1, "(")
	names := r.texts(j.UsingClause)
	var output []rewrite.Output
	for n, name := range names {
		at := i + 2 + 2*n
		r.name(at, name)
		output = append(output, rewrite.Output{Name: name})
		r.column(rewrite.Column{Span: r.Tokens[at].Span, Parts: []string{name}, Qualifier: rewrite.Span{Start: r.Tokens[at].Span.Start, End: r.Tokens[at].Span.Start},
			Scope: r.scope, Predicate: true})
	}
	i = r.after(i + 1)
	if j.JoinUsingAlias != nil {
		r.word(i, "as")
		r.name(i+1, j.JoinUsingAlias.Aliasname)
		r.require(len(j.JoinUsingAlias.Colnames) == 0, i)
		r.addSource(rewrite.From{Alias: j.JoinUsingAlias.Aliasname, Table: -1, Output: output})
	}
}

// alias claims an alias with its column names, and returns what follows and those names.
func (r *reader) alias(i int, a *ast.Alias) (int, []string) {
	if a == nil {
		return i, nil
	}
	i = r.optional(i, "as")
	r.name(i, a.Aliasname)
	names := r.texts(a.Colnames)
	return r.columnNames(i+1, names), names
}

// derived reads a query in FROM. Without LATERAL it doesn't see the items beside it.
func (r *reader) derived(d *ast.RangeSubselect, it *item) {
	r.require(d.Lateral == it.lateral, it.start)
	parent := r.Scopes[r.scope].Parent
	if d.Lateral {
		r.word(it.start, "lateral")
		parent = r.scope
	}
	sel, ok := d.Subquery.GetNode().(*ast.Node_SelectStmt)
	r.require(ok, it.start)
	predicate := r.predicate
	output := r.query(sel.SelectStmt, it.body, it.alias, place{parent: parent})
	r.predicate = predicate
	i, names := r.alias(it.alias, d.Alias)
	r.require(i == it.end, i)
	f := rewrite.From{Table: -1, Output: output, Renamed: names}
	if d.Alias != nil {
		f.Alias = d.Alias.Aliasname
	}
	r.addSource(f)
}
