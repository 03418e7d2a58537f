package tsql

import (
	"github.com/sqlc-dev/teesql/ast"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// query walks a query and returns its columns and its first block. parent is the block whose columns it can see, and deciding
// says that its result decides about rows.
func (w *walker) query(q ast.QueryExpression, parent int, deciding bool) ([]rewrite.Output, int) {
	w.enter()
	defer w.leave()
	var right []*ast.BinaryQueryExpression // a UNION of a thousand leans to the left that deep
	distinct := deciding
	for {
		binary, ok := q.(*ast.BinaryQueryExpression)
		if !ok {
			break
		}
		right = append(right, binary)
		distinct = distinct || !binary.All
		q = binary.FirstQueryExpression
	}
	var output []rewrite.Output
	first := len(w.out.Scopes)
	switch n := q.(type) {
	case *ast.QuerySpecification:
		output = w.specification(n, parent, distinct)
		if w.scan.at[w.at(n)].shaped {
			output = []rewrite.Output{{}}
		}
	case *ast.QueryParenthesisExpression:
		output, first = w.query(n.QueryExpression, parent, distinct)
	default:
		w.unknown(q)
	}
	for i := len(right) - 1; i >= 0; i-- {
		w.query(right[i].SecondQueryExpression, parent, distinct)
		w.orderBy(right[i].OrderByClause, place{scope: first})
	}
	return output, first
}

// specification walks one SELECT.
func (w *walker) specification(q *ast.QuerySpecification, parent int, deciding bool) []rewrite.Output {
	i := w.at(q)
	b := w.scan.at[i]
	if b == nil {
		w.refuse(rewrite.CodeUnaccounted, i, "a SELECT that was read in two ways")
	}
	w.blocksSeen++
	scope := len(w.out.Scopes)
	w.out.Scopes = append(w.out.Scopes, rewrite.Scope{Parent: parent})
	c := place{scope: scope, predicate: deciding || q.UniqueRowFilter == "Distinct"}
	w.empty(q, q.ForClause)
	if (q.FromClause != nil) != b.from {
		w.refuse(rewrite.CodeUnaccounted, i, "a FROM clause that was read in two ways")
	}
	if q.FromClause != nil {
		w.from(q.FromClause, b, scope)
	}
	if top := q.TopRowFilter; top != nil {
		w.expression(top.Expression, c.deciding())
	}
	output := w.elements(q.SelectElements, c)
	if q.WhereClause != nil {
		w.empty(q.WhereClause, q.WhereClause.Cursor)
		w.condition(q.WhereClause.SearchCondition, c.deciding())
	}
	if q.GroupByClause != nil {
		for _, g := range q.GroupByClause.GroupingSpecifications {
			w.grouped(g, c.deciding())
		}
	}
	if q.HavingClause != nil {
		w.condition(q.HavingClause.SearchCondition, c.deciding())
	}
	if q.WindowClause != nil {
		w.window(q.WindowClause, c.deciding())
	}
	w.orderBy(q.OrderByClause, c)
	if offset := q.OffsetClause; offset != nil {
		w.expression(offset.OffsetExpression, c.deciding())
		if offset.FetchExpression != nil {
			w.expression(offset.FetchExpression, c.deciding())
		}
	}
	return output
}

// elements walks what is selected.
func (w *walker) elements(elements []ast.SelectElement, c place) []rewrite.Output {
	var output []rewrite.Output
	for _, element := range elements {
		switch e := element.(type) {
		case *ast.SelectStarExpression:
			output = append(output, w.star(e, c))
		case *ast.SelectScalarExpression:
			w.expression(e.Expression, c)
			output = append(output, rewrite.Output{Name: w.outputName(e)})
		case *ast.SelectSetVariable:
			w.refuse(rewrite.CodeWrites, w.at(e), "a SELECT that sets a variable")
		default:
			w.unknown(e)
		}
	}
	if len(output) == 0 {
		w.refuse(rewrite.CodeSyntax, 0, "a SELECT of nothing")
	}
	return output
}

// outputName is the name of a column of the result.
func (w *walker) outputName(e *ast.SelectScalarExpression) string {
	if e.ColumnName == nil {
		if column, ok := e.Expression.(*ast.ColumnReferenceExpression); ok && column.MultiPartIdentifier != nil {
			ids := column.MultiPartIdentifier.Identifiers
			return w.Tokens[w.at(ids[len(ids)-1])].Value
		}
		return ""
	}
	if id := e.ColumnName.Identifier; id != nil {
		return w.Tokens[w.name(id)].Value
	}
	text, ok := e.ColumnName.ValueExpression.(*ast.StringLiteral)
	if !ok {
		w.unknown(e)
	}
	return w.Tokens[w.literal(text)].Value
}

// star walks * and a.*.
func (w *walker) star(e *ast.SelectStarExpression, c place) rewrite.Output {
	out := rewrite.Output{Star: true, Scope: c.scope}
	if e.Qualifier == nil {
		i := w.at(e)
		if !w.is(i, "*") {
			w.refuse(rewrite.CodeUnaccounted, i, "a star that was read in two ways")
		}
		w.everyColumn(i, c)
		return out
	}
	parts := w.names(e.Qualifier.Identifiers)
	last := parts[len(parts)-1]
	if !w.is(last+1, ".") || !w.is(last+2, "*") {
		w.refuse(rewrite.CodeUnaccounted, last, "a star that was read in two ways")
	}
	w.out.Columns = append(w.out.Columns, rewrite.Column{Span: w.span(parts[0], last+3), Parts: append(w.values(parts), "*"),
		Qualifier: w.span(parts[0], last+1), Scope: c.scope, Predicate: c.predicate})
	out.Qualifier = w.Tokens[last].Value
	return out
}

// everyColumn records the star at a token.
func (w *walker) everyColumn(i int, c place) {
	at := w.span(i, i+1)
	w.out.Columns = append(w.out.Columns, rewrite.Column{Span: at, Parts: []string{"*"},
		Qualifier: rewrite.Span{Start: at.Start, End: at.Start}, Scope: c.scope, Predicate: c.predicate})
}

// orderBy walks what is sorted by.
func (w *walker) orderBy(o *ast.OrderByClause, c place) {
	if o == nil {
		return
	}
	for _, e := range o.OrderByElements {
		w.expression(e.Expression, c.deciding())
	}
}

// grouped walks what is grouped by.
func (w *walker) grouped(g ast.GroupingSpecification, c place) {
	w.enter()
	defer w.leave()
	all := func(list []ast.GroupingSpecification) {
		for _, one := range list {
			w.grouped(one, c)
		}
	}
	switch g := g.(type) {
	case *ast.ExpressionGroupingSpecification:
		w.empty(g, g.DistributedAggregation)
		w.expression(g.Expression, c)
	case *ast.RollupGroupingSpecification:
		all(g.Arguments)
	case *ast.CubeGroupingSpecification:
		all(g.Arguments)
	case *ast.CompositeGroupingSpecification:
		all(g.Items)
	case *ast.GroupingSetsGroupingSpecification:
		all(g.Arguments)
	case *ast.GrandTotalGroupingSpecification:
	default:
		w.unknown(g)
	}
}

// window walks the WINDOW clause.
func (w *walker) window(clause *ast.WindowClause, c place) {
	for _, d := range clause.WindowDefinition {
		w.callable[w.name(d.WindowName)] = true
		if d.RefWindowName != nil {
			w.name(d.RefWindowName)
		}
		for _, p := range d.Partitions {
			w.expression(p, c)
		}
		w.orderBy(d.OrderByClause, c)
	}
}

// over walks OVER.
func (w *walker) over(o *ast.OverClause, c place) {
	if o == nil {
		return
	}
	c = c.deciding()
	if o.WindowName != nil {
		w.name(o.WindowName)
	}
	for _, p := range o.Partitions {
		w.expression(p, c)
	}
	w.orderBy(o.OrderByClause, c)
	if o.WindowFrameClause != nil {
		w.delimiter(o.WindowFrameClause.Top, c)
		w.delimiter(o.WindowFrameClause.Bottom, c)
	}
}

func (w *walker) delimiter(d *ast.WindowDelimiter, c place) {
	if d != nil && d.OffsetValue != nil {
		w.expression(d.OffsetValue, c)
	}
}
