package tsql

import (
	"github.com/sqlc-dev/teesql/ast"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// condition walks a search condition.
func (w *walker) condition(e ast.BooleanExpression, c place) {
	w.enter()
	defer w.leave()
	var right []ast.BooleanExpression // AND and OR lean to the left
	for {
		b, ok := e.(*ast.BooleanBinaryExpression)
		if !ok {
			break
		}
		right = append(right, b.SecondExpression)
		e = b.FirstExpression
	}
	w.predicate(e, c)
	for i := len(right) - 1; i >= 0; i-- {
		w.condition(right[i], c)
	}
}

// predicate walks a predicate without AND and OR.
func (w *walker) predicate(e ast.BooleanExpression, c place) {
	switch n := e.(type) {
	case *ast.BooleanComparisonExpression:
		w.expression(n.FirstExpression, c)
		w.expression(n.SecondExpression, c)
	case *ast.BooleanTernaryExpression:
		w.expression(n.FirstExpression, c)
		w.expression(n.SecondExpression, c)
		w.expression(n.ThirdExpression, c)
	case *ast.BooleanInExpression:
		w.expression(n.Expression, c)
		w.arguments(n.Values, c)
		if n.Subquery != nil {
			w.query(n.Subquery, c.scope, true)
		}
	case *ast.BooleanIsNullExpression:
		w.expression(n.Expression, c)
	case *ast.BooleanLikeExpression:
		w.empty(n, n.OdbcEscape)
		w.expression(n.FirstExpression, c)
		w.expression(n.SecondExpression, c)
		w.optional(n.EscapeExpression, c)
	case *ast.BooleanNotExpression:
		w.condition(n.Expression, c)
	case *ast.BooleanParenthesisExpression:
		w.condition(n.Expression, c)
	case *ast.DistinctPredicate:
		w.expression(n.FirstExpression, c)
		w.expression(n.SecondExpression, c)
	case *ast.ExistsPredicate:
		w.query(n.Subquery, c.scope, true)
	case *ast.SubqueryComparisonPredicate:
		w.expression(n.Expression, c)
		w.expression(n.Subquery, c)
	case *ast.FullTextPredicate:
		w.refuse(rewrite.CodeNamesTable, w.at(n), "a full-text predicate reads the index of a table")
	default:
		w.unknown(e)
	}
}
