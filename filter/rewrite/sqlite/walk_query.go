package sqlite

import (
	"strconv"

	"github.com/sqlc-dev/meyer/ast"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// with is the common table expressions of one WITH clause, and those around it.
type with struct {
	around *with
	names  map[string]*common
}

// common is one common table expression.
type common struct {
	definition rewrite.Span
	output     []rewrite.Output
}

func (c *with) find(name string) *common {
	for name = fold(name); c != nil; c = c.around {
		if found := c.names[name]; found != nil {
			return found
		}
	}
	return nil
}

// query walks a SELECT with its WITH, compounds included, and returns the columns of its result. parent is the block whose
// columns it sees; decides is set where its result decides about rows of another query.
func (w *walker) query(s *ast.SelectStmt, parent int, around *with, decides bool) []rewrite.Output {
	w.enter(s)
	defer w.leave()
	if len(s.Cores) == 0 || len(s.Ops) != len(s.Cores)-1 {
		w.stop(rewrite.CodeUnaccounted, s, "the parser found no SELECT")
	}
	first := w.block(parent) // before those of its common table expressions: the outermost block is number 0
	visible := around
	if s.With != nil {
		visible = w.with(s.With, parent, around, decides)
	}
	distinct := decides
	for i := range s.Ops {
		distinct = w.compound(&s.Ops[i]) || distinct
	}
	var output []rewrite.Output
	for i, core := range s.Cores {
		scope := first
		if i > 0 {
			scope = w.block(parent)
		}
		p := place{scope: scope, with: visible, decides: distinct}
		switch core := core.(type) {
		case *ast.SelectQuery:
			if i < len(s.Cores)-1 && (core.OrderBy != nil || core.Limit != nil) {
				w.stop(rewrite.CodeSyntax, core, "ORDER BY and LIMIT follow the last SELECT of a compound")
			}
			if columns := w.selectCore(core, p); i == 0 {
				output = columns
			}
		case *ast.ValuesClause:
			if columns := w.values(core, p); i == 0 {
				output = columns
			}
		default:
			w.stop(rewrite.CodeConstruct, core, "this kind of query is not on the list")
		}
	}
	return output
}

func (w *walker) block(parent int) int {
	w.Scopes = append(w.Scopes, rewrite.Scope{Parent: parent})
	return len(w.Scopes) - 1
}

// compound reports whether a compound operator compares rows.
func (w *walker) compound(op *ast.CompoundOp) bool {
	switch {
	case op.Op == "UNION":
		w.words("UNION")
		if op.All {
			w.words("ALL")
		}
	case (op.Op == "EXCEPT" || op.Op == "INTERSECT") && !op.All:
		w.words(op.Op)
	default:
		w.stop(rewrite.CodeConstruct, op, "this compound operator is not on the list")
	}
	return !op.All
}

// with walks a WITH clause. All of its names are known in all of its bodies.
func (w *walker) with(clause *ast.With, parent int, around *with, decides bool) *with {
	w.words("WITH")
	if clause.Recursive {
		w.words("RECURSIVE")
	}
	c := &with{around: around, names: map[string]*common{}}
	for _, cte := range clause.CTEs {
		name := w.name(cte.Name)
		if c.names[fold(name)] != nil {
			w.stop(rewrite.CodeCommonScope, cte.Name, "the common table expression %s is defined twice", name)
		}
		if system(fold(name)) || tableFunctions[fold(name)] != nil {
			w.stop(rewrite.CodeCommonScope, cte.Name, "the common table expression %s has the name of something of SQLite's own", name)
		}
		c.names[fold(name)] = &common{definition: span(cte.Name)}
	}
	w.list(len(clause.CTEs))
	for _, cte := range clause.CTEs {
		found := c.names[fold(w.token(cte.Name).Value)]
		w.words("AS")
		switch cte.Materialized {
		case ast.MaterializedAny:
		case ast.MaterializedYes:
			w.words("MATERIALIZED")
		case ast.MaterializedNo:
			w.words("NOT", "MATERIALIZED")
		default:
			w.stop(rewrite.CodeConstruct, cte, "this hint is not on the list")
		}
		w.ownNameInside(cte)
		var renamed []rewrite.Output
		if len(cte.Columns) > 0 {
			w.parens()
			w.list(len(cte.Columns))
		}
		for _, id := range cte.Columns {
			renamed = append(renamed, rewrite.Output{Name: w.name(id)})
		}
		if cte.Select == nil {
			w.stop(rewrite.CodeUnaccounted, cte, "the parser found no SELECT in this common table expression")
		}
		w.parens()
		found.output = w.query(cte.Select, parent, c, decides)
		if renamed != nil {
			found.output = renamed
		}
	}
	return c
}

// ownNameInside refuses a compound body whose own WITH defines the name that the body is defined as: its branches may then
// recurse into the outer one, though the inner one is nearer.
func (w *walker) ownNameInside(cte *ast.CTE) {
	if cte.Select == nil || cte.Select.With == nil || len(cte.Select.Ops) == 0 {
		return
	}
	name := fold(w.token(cte.Name).Value)
	for _, inner := range cte.Select.With.CTEs {
		if inner.Name != nil && fold(w.token(inner.Name).Value) == name {
			w.stop(rewrite.CodeCommonScope, inner.Name, "a common table expression defines its own name once more")
		}
	}
}

func (w *walker) selectCore(s *ast.SelectQuery, p place) []rewrite.Output {
	w.words("SELECT")
	switch s.Distinct {
	case ast.DistinctNone:
	case ast.DistinctDistinct:
		w.words("DISTINCT")
		p.decides = true
	case ast.DistinctAll:
		w.words("ALL")
	default:
		w.stop(rewrite.CodeConstruct, s, "this kind of SELECT is not on the list")
	}
	// FROM comes first, so that every source of the block is known in the order in which they are written.
	if len(s.From) > 0 {
		w.words("FROM")
		w.from(s.From, p.deciding())
	}
	output := make([]rewrite.Output, 0, len(s.Columns))
	w.list(len(s.Columns))
	for _, c := range s.Columns {
		output = append(output, w.resultColumn(c, p))
	}
	if len(output) == 0 {
		w.stop(rewrite.CodeUnaccounted, s, "the parser found no columns in this SELECT")
	}
	p.decides = true
	if s.Where != nil {
		w.words("WHERE")
		w.expr(s.Where, p)
	}
	if len(s.GroupBy) > 0 {
		w.words("GROUP", "BY")
		w.exprs(s.GroupBy, p)
	}
	if s.Having != nil {
		w.words("HAVING")
		w.expr(s.Having, p)
	}
	if len(s.Windows) > 0 {
		w.words("WINDOW")
		w.list(len(s.Windows))
		for _, d := range s.Windows {
			w.name(d.Name)
			w.words("AS")
			w.parens()
			w.window(d, p)
		}
	}
	w.orderBy(s.OrderBy, p)
	if s.Limit != nil {
		w.words("LIMIT")
		w.expr(s.Limit.Count, p)
		if s.Limit.Offset != nil {
			if s.Limit.Comma {
				w.words(",")
			} else {
				w.words("OFFSET")
			}
			w.expr(s.Limit.Offset, p)
		}
	}
	return output
}

// resultColumn walks one result and names it as SQLite does: by its alias, or by its column. Other expressions SQLite
// names by their text.
func (w *walker) resultColumn(c *ast.ResultColumn, p place) rewrite.Output {
	if star, ok := c.Expr.(*ast.Star); ok {
		if c.Alias != nil || c.HasAs {
			w.stop(rewrite.CodeConstruct, c, "a star has no alias")
		}
		return rewrite.Output{Star: true, Qualifier: w.star(star, p), Scope: p.scope}
	}
	w.expr(c.Expr, p)
	if c.HasAs {
		w.words("AS")
	}
	if c.Alias != nil {
		return rewrite.Output{Name: w.name(c.Alias)}
	}
	switch e := c.Expr.(type) {
	case *ast.Ident:
		return rewrite.Output{Name: w.token(e).Value}
	case *ast.QualifiedRef:
		return rewrite.Output{Name: w.token(e.Parts[len(e.Parts)-1]).Value}
	}
	return rewrite.Output{}
}

// values walks VALUES, whose columns are column1, column2 and so on.
func (w *walker) values(v *ast.ValuesClause, p place) []rewrite.Output {
	w.words("VALUES")
	if len(v.Rows) == 0 {
		w.stop(rewrite.CodeUnaccounted, v, "the parser found no rows in this VALUES")
	}
	w.list(len(v.Rows))
	for _, row := range v.Rows {
		w.parens()
		w.exprs(row, p)
	}
	output := make([]rewrite.Output, len(v.Rows[0]))
	for i := range output {
		output[i].Name = "column" + strconv.Itoa(i+1)
	}
	return output
}

func (w *walker) orderBy(terms []*ast.OrderingTerm, p place) {
	if len(terms) > 0 {
		w.words("ORDER", "BY")
		w.list(len(terms))
	}
	for _, t := range terms {
		w.expr(t.Expr, p.deciding())
		switch t.Order {
		case ast.SortDefault:
		case ast.SortAsc:
			w.words("ASC")
		case ast.SortDesc:
			w.words("DESC")
		default:
			w.stop(rewrite.CodeConstruct, t, "this order is not on the list")
		}
		switch t.Nulls {
		case ast.NullsDefault:
		case ast.NullsFirst:
			w.words("NULLS", "FIRST")
		case ast.NullsLast:
			w.words("NULLS", "LAST")
		default:
			w.stop(rewrite.CodeConstruct, t, "this order is not on the list")
		}
	}
}
