package mysql

import (
	"strings"

	"github.com/pingcap/tidb/pkg/parser/ast"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// walkFromClause walks a FROM clause.
func (w *walker) walkFromClause(n *ast.TableRefsClause) {
	if n.TableRefs == nil {
		w.refuse(rewrite.CodeUnaccounted, w.word("FROM"), "an empty FROM clause")
		return
	}
	var last int
	w.inPredicate(false, func() { n.TableRefs.Left, last = w.walkFrom(n.TableRefs.Left, 0) })
	if n.TableRefs.Right == nil {
		if n.TableRefs.On != nil || len(n.TableRefs.Using) > 0 || n.TableRefs.NaturalJoin || n.TableRefs.StraightJoin {
			w.refuse(rewrite.CodeConstruct, w.word("FROM"), "a join of one table")
		}
		if inner, ok := n.TableRefs.Left.(*ast.Join); ok {
			n.TableRefs = inner
		}
		return
	}
	w.inPredicate(false, func() { w.walkJoin(n.TableRefs, last) })
}

// walkFrom walks one side of a join, and returns what is to stand there: the parser wraps a table in parentheses into a join
// with nothing, which its printer turns into a comma. last is where the table before it ended: the order of tables is that
// of the columns of *, and the parser turns some joins around.
func (w *walker) walkFrom(side ast.ResultSetNode, last int) (ast.ResultSetNode, int) {
	if !w.enter() {
		return side, last
	}
	defer w.leave()
	switch n := side.(type) {
	case *ast.TableSource:
		return n, w.walkSource(n, last)
	case *ast.Join:
		n.Left, last = w.walkFrom(n.Left, last)
		if n.Right == nil {
			if n.On != nil || len(n.Using) > 0 || n.NaturalJoin || n.StraightJoin {
				w.refuse(rewrite.CodeConstruct, w.word("FROM"), "a join of one table")
			}
			return n.Left, last
		}
		return n, w.walkJoin(n, last)
	}
	w.refuse(rewrite.CodeConstruct, w.word("FROM"), "something in FROM that is neither a table nor a query")
	return side, last
}

// walkJoin walks a join whose left side has been walked.
func (w *walker) walkJoin(n *ast.Join, last int) int {
	n.Right, last = w.walkFrom(n.Right, last)
	if n.Tp != ast.CrossJoin && n.Tp != ast.LeftJoin && n.Tp != ast.RightJoin && n.Tp != 0 {
		w.refuse(rewrite.CodeConstruct, w.word("JOIN"), "a join that is not on the list")
	}
	w.inPredicate(true, func() {
		if n.On != nil {
			w.walkExpression(&n.On.Expr)
		}
		for _, c := range n.Using {
			if c.Table.O != "" || c.Schema.O != "" {
				w.refuse(rewrite.CodeQualifier, w.word("USING"), "a qualified name in USING")
				return
			}
			w.walkColumn(c)
		}
	})
	return last
}

// walkSource walks a table, a reference to a common table expression, or a derived table. It returns where that ends.
func (w *walker) walkSource(n *ast.TableSource, last int) int {
	var span rewrite.Span
	from := rewrite.From{Alias: n.AsName.O, Table: -1}
	parent := w.scope
	switch source := n.Source.(type) {
	case *ast.TableName:
		span = w.walkTable(n, source, &from)
	case *ast.SelectStmt, *ast.SetOprStmt:
		if !n.Lateral && parent >= 0 {
			parent = w.statement.Scopes[w.scope].Parent
		}
		scope := w.scope
		from.Output = w.walkQuery(n.Source, parent)
		w.scope = scope
		span = w.walkAlias(n, rewrite.Span{})
		for _, c := range n.ColumnNames {
			w.name(c.O)
			from.Renamed = append(from.Renamed, c.O)
		}
	default:
		w.refuse(rewrite.CodeConstruct, w.word("FROM"), "something in FROM that is neither a table nor a query")
	}
	if w.err != nil {
		return last
	}
	if span.Start < last {
		w.refuse(rewrite.CodeConstruct, span, "a join that the parser reads in another order than it is written in")
	}
	w.statement.Scopes[w.scope].Sources = append(w.statement.Scopes[w.scope].Sources, from)
	return max(last, span.End)
}

// walkAlias accounts for an alias. Words that are joins or clauses to some servers are none unless they are quoted.
func (w *walker) walkAlias(n *ast.TableSource, span rewrite.Span) rewrite.Span {
	if n.AsName.O == "" {
		if span == (rewrite.Span{}) {
			w.refuse(rewrite.CodeConstruct, w.word("FROM"), "a query in FROM without an alias")
		}
		return span
	}
	i := w.name(n.AsName.O)
	if t := w.source.Tokens[i]; t.Kind == rewrite.Word && notAliases[strings.ToUpper(t.Value)] {
		w.refuse(rewrite.CodeConstruct, t.Span, "%s, which is no join or clause here", strings.ToUpper(t.Value))
	}
	w.extend(&span, w.span(i))
	return span
}

func (w *walker) walkTable(n *ast.TableSource, t *ast.TableName, from *rewrite.From) rewrite.Span {
	var span rewrite.Span
	for _, part := range []string{t.Schema.O, t.Name.O} {
		if part != "" {
			w.extend(&span, w.span(w.name(part)))
		}
	}
	switch {
	case n.Lateral || len(n.ColumnNames) > 0:
		w.refuse(rewrite.CodeConstruct, span, "LATERAL or a list of columns at a table")
	case t.AsOf != nil:
		w.refuse(rewrite.CodeHistory, span, "former rows of a table")
	case t.TableSample != nil || t.IsAlias:
		w.refuse(rewrite.CodeConstruct, span, "a sample of a table")
	case systemSchemas[strings.ToLower(t.Schema.O)]:
		w.refuse(rewrite.CodeSystem, span, "%s.%s is a table of the server", t.Schema.O, t.Name.O)
	}
	var common *common
	if t.Schema.O == "" && w.err == nil {
		common = w.resolve(t.Name.O, span)
	}
	partitions := w.walkPartitions(t, &span)
	span = w.walkAlias(n, span)
	hints := w.walkHints(t, &span)
	if w.err != nil {
		return span
	}
	if from.Alias == "" {
		from.Alias = t.Name.O
	}
	if common != nil {
		if partitions != "" || hints != "" {
			w.refuse(rewrite.CodeConstruct, span, "partitions or hints at a common table expression")
		}
		w.commons[t] = common
		w.statement.Common = append(w.statement.Common, rewrite.Common{Span: span, Definition: common.span, Name: t.Name.O, Scope: w.scope})
		from.Output = common.output
		return span
	}
	if len(w.tables) == rewrite.MaxTables {
		w.refuse(rewrite.CodeSize, span, "more than %d tables", rewrite.MaxTables)
	}
	from.Table = len(w.tables)
	table := rewrite.Table{Span: span, Name: []string{t.Name.O}, Alias: from.Alias, Text: backquoted(from.Alias), Bare: n.AsName.O == "",
		Before: partitions, After: hints, Scope: w.scope}
	if t.Schema.O != "" {
		table.Name = []string{t.Schema.O, t.Name.O}
	}
	w.statement.Tables = append(w.statement.Tables, table)
	w.tables = append(w.tables, n)
	return span
}

func (w *walker) walkPartitions(t *ast.TableName, span *rewrite.Span) string {
	if len(t.PartitionNames) == 0 {
		return ""
	}
	names := make([]string, len(t.PartitionNames))
	for i, p := range t.PartitionNames {
		w.extend(span, w.span(w.name(p.O)))
		names[i] = backquoted(p.O)
	}
	return "PARTITION (" + strings.Join(names, ", ") + ")"
}

func (w *walker) walkHints(t *ast.TableName, span *rewrite.Span) string {
	var hints []string
	for _, h := range t.IndexHints {
		text, known := map[ast.IndexHintType]string{ast.HintUse: "USE INDEX", ast.HintIgnore: "IGNORE INDEX", ast.HintForce: "FORCE INDEX"}[h.HintType]
		scope, inScope := map[ast.IndexHintScope]string{ast.HintForScan: " (", ast.HintForJoin: " FOR JOIN (", ast.HintForOrderBy: " FOR ORDER BY (",
			ast.HintForGroupBy: " FOR GROUP BY ("}[h.HintScope]
		if !known || !inScope {
			w.refuse(rewrite.CodeHint, *span, "a hint at a table that is not on the list")
			return ""
		}
		names := make([]string, len(h.IndexNames))
		for i, name := range h.IndexNames {
			w.extend(span, w.span(w.name(name.O)))
			names[i] = backquoted(name.O)
		}
		hints = append(hints, text+scope+strings.Join(names, ", ")+")")
	}
	return strings.Join(hints, " ")
}

// backquoted is a name in backquotes, which no setting of the server gives another meaning.
func backquoted(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }
