package mysql

import (
	"strings"

	"github.com/pingcap/tidb/pkg/parser/ast"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// maxTree is how deeply expressions and joins may lie inside each other. The walk, the printing and the comparison of trees
// all recurse, and the parser makes a tree as deep as a chain of operators is long.
const maxTree = 1000

// walker goes through a tree and accounts for everything in it. What it doesn't know it refuses. It also puts the tree into
// the one form in which printing it is safe: see operand, and walkFrom.
type walker struct {
	source    *rewrite.Source
	query     ast.ResultSetNode
	first     *ast.SelectStmt // the block whose scope is the first
	cover     *cover
	statement *rewrite.Statement
	err       error

	// scope is the query block that names are resolved in, and predicate is set where a value decides about rows.
	scope     int
	predicate bool
	depth     int
	with      *withClause

	// tables and columns are the nodes behind those of the statement, by the same index.
	tables  []*ast.TableSource
	columns []column
	// commons are the references to common table expressions.
	commons map[*ast.TableName]*common
	// fields are the columns that have no name of their own, and the text that names them.
	fields map[*ast.SelectField]string
}

// column is the node of a reference; one of the two is nil.
type column struct {
	name *ast.ColumnName
	star *ast.WildCardField
}

// common is a common table expression.
type common struct {
	node   *ast.CommonTableExpression
	span   rewrite.Span
	output []rewrite.Output
}

// withClause is the WITH clause. The common table expressions before open are complete; the one at open is being read.
type withClause struct {
	recursive bool
	commons   []*common
	open      int
}

// read makes the tree of a query's canonical text, and everything that the statement says of it.
func read(s *rewrite.Source) (w *walker, err error) {
	defer func() { // a tree of a shape that nobody thought of is refused like any other
		if recover() != nil {
			w, err = nil, s.Refuse(rewrite.CodeUnaccounted, s.Tokens[0].Span, "the tree that the parser made can't be followed")
		}
	}()
	query, err := parse(s)
	if err != nil {
		return nil, err
	}
	w = &walker{source: s, query: query, first: firstBlock(query), cover: newCover(s), statement: &rewrite.Statement{Source: s}, scope: -1,
		commons: map[*ast.TableName]*common{}, fields: map[*ast.SelectField]string{}}
	w.statement.Scopes = []rewrite.Scope{{Parent: -1}}
	w.statement.Output = w.walkQuery(query, -1)
	if w.err != nil {
		return nil, w.err
	}
	if t, left := w.cover.unclaimed(); left {
		return nil, s.Refuse(rewrite.CodeUnaccounted, t.Span, "the parser passed over this part of the query")
	}
	return w, nil
}

// firstBlock is the first SELECT of a query.
func firstBlock(n ast.Node) *ast.SelectStmt {
	for {
		switch s := n.(type) {
		case *ast.SelectStmt:
			return s
		case *ast.SetOprStmt:
			n = s.SelectList.Selects[0]
		case *ast.SetOprSelectList:
			n = s.Selects[0]
		default:
			return nil
		}
	}
}

// refuse keeps the first refusal; the walk goes on until it looks at err, and changes nothing any more.
func (w *walker) refuse(code rewrite.Code, at rewrite.Span, format string, args ...any) {
	if w.err == nil {
		w.err = w.source.Refuse(code, at, format, args...)
	}
}

// here is about where a node stands.
func (w *walker) here(n ast.Node) rewrite.Span {
	if i := w.source.TokenAt(n.OriginTextPosition()); i < len(w.source.Tokens) && n.OriginTextPosition() > 0 {
		return w.source.Tokens[i].Span
	}
	return w.source.Tokens[0].Span
}

// word is where a keyword stands first.
func (w *walker) word(word string) rewrite.Span {
	for _, t := range w.source.Tokens {
		if t.Kind == rewrite.Word && strings.EqualFold(t.Value, word) {
			return t.Span
		}
	}
	return w.source.Tokens[0].Span
}

// name accounts for a name and returns its token.
func (w *walker) name(name string) int {
	i, ok := w.cover.name(name)
	if !ok {
		w.refuse(rewrite.CodeUnaccounted, w.source.Tokens[0].Span, "the parser read a name %q that is not in the query", name)
	}
	return i
}

func (w *walker) span(token int) rewrite.Span { return w.source.Tokens[token].Span }

// enter counts how deep the walk is.
func (w *walker) enter() bool {
	if w.depth++; w.depth > maxTree {
		w.refuse(rewrite.CodeSize, w.source.Tokens[0].Span, "more than %d expressions inside each other", maxTree)
	}
	return w.err == nil
}

func (w *walker) leave() { w.depth-- }

// inPredicate walks what decides about rows.
func (w *walker) inPredicate(predicate bool, walk func()) {
	before := w.predicate
	w.predicate = predicate
	walk()
	w.predicate = before
}

// walkQuery walks a query whose outer columns are those of the block parent, and returns its columns.
func (w *walker) walkQuery(query ast.ResultSetNode, parent int) []rewrite.Output {
	if !w.enter() {
		return nil
	}
	defer w.leave()
	switch n := query.(type) {
	case *ast.SelectStmt:
		return w.walkSelect(n, parent)
	case *ast.SetOprStmt:
		return w.walkSetOperation(n, parent)
	}
	w.refuse(rewrite.CodeConstruct, w.source.Tokens[0].Span, "a query that is no SELECT")
	return nil
}

// walkWith walks the WITH clause at the beginning of the query. There may be no other one. Inside a common table expression
// of a nested clause MariaDB (seen with 10.11) doesn't see those of the clauses around it: FROM c then reads the table c, past
// the common table expression c, and past those that edits add.
func (w *walker) walkWith(with *ast.WithClause, parent int) {
	if with == nil || w.err != nil {
		return
	}
	if w.with != nil || with != *withOf(w.query) {
		w.refuse(rewrite.CodeCommonScope, w.span(w.name(with.CTEs[0].Name.O)), "WITH inside a query, where servers don't agree about what its names stand for")
		return
	}
	w.with = &withClause{recursive: with.IsRecursive}
	for _, cte := range with.CTEs {
		w.with.commons = append(w.with.commons, &common{node: cte})
	}
	for i, c := range w.with.commons {
		w.with.open = i
		c.span = w.span(w.name(c.node.Name.O))
		for _, other := range w.with.commons[:i] {
			if strings.EqualFold(other.node.Name.O, c.node.Name.O) {
				w.refuse(rewrite.CodeCommonScope, c.span, "two common table expressions named %q", c.node.Name.O)
			}
		}
		if w.err != nil {
			return
		}
		w.walkCommon(c, parent)
	}
	w.with.open = len(w.with.commons)
}

func (w *walker) walkCommon(c *common, parent int) {
	for _, name := range c.node.ColNameList {
		w.name(name.O)
		c.output = append(c.output, rewrite.Output{Name: name.O})
	}
	var output []rewrite.Output
	w.inPredicate(false, func() {
		switch n := c.node.Query.Query.(type) {
		case *ast.SetOprStmt:
			output = w.walkSetOperationOf(n, parent, c)
		default:
			output = w.walkQuery(c.node.Query.Query, parent)
		}
	})
	if len(c.node.ColNameList) == 0 {
		c.output = output
	}
}

// resolve returns the common table expression that a bare name in FROM stands for, or nil. The servers agree that a name
// is visible to those after it and, with RECURSIVE, in its own body, and that its own body otherwise means the table. They
// don't agree about a name that comes later, nor about the case of names.
func (w *walker) resolve(name string, at rewrite.Span) *common {
	if w.with == nil {
		return nil
	}
	for i, c := range w.with.commons {
		if !strings.EqualFold(c.node.Name.O, name) {
			continue
		}
		switch {
		case c.node.Name.O != name:
			w.refuse(rewrite.CodeCommonScope, at, "%q and the common table expression %q differ in case only", name, c.node.Name.O)
		case i > w.with.open:
			w.refuse(rewrite.CodeCommonScope, at, "the common table expression %q is defined after this", name)
		case i < w.with.open || w.with.recursive:
			return c
		}
		return nil
	}
	return nil
}

// walkSetOperation walks UNION, EXCEPT and INTERSECT.
func (w *walker) walkSetOperation(n *ast.SetOprStmt, parent int) []rewrite.Output {
	return w.walkSetOperationOf(n, parent, nil)
}

// walkSetOperationOf walks the set operation that defines c, whose own references see the columns of the first branch.
func (w *walker) walkSetOperationOf(n *ast.SetOprStmt, parent int, c *common) []rewrite.Output {
	if !w.enter() {
		return nil
	}
	defer w.leave()
	w.walkWith(n.With, parent)
	return w.walkBranches(n.SelectList.Selects, n.OrderBy, n.Limit, parent, c)
}

func (w *walker) walkBranches(selects []ast.Node, order *ast.OrderByClause, limit *ast.Limit, parent int, c *common) []rewrite.Output {
	var output []rewrite.Output
	scope, distinct := 0, w.predicate
	for _, s := range selects {
		if o := setOperator(s); o != nil && *o != ast.UnionAll {
			distinct = true // equal rows become one, or decide about each other
		}
	}
	for i, s := range selects {
		if w.err != nil {
			return nil
		}
		var branch []rewrite.Output
		if i == 0 {
			if scope = len(w.statement.Scopes); firstBlock(s) == w.first {
				scope = 0
			}
		}
		w.inPredicate(distinct, func() { branch = w.walkBranch(s, parent) })
		if i == 0 {
			output = branch
			if c != nil && len(c.node.ColNameList) == 0 {
				c.output = branch
			}
		}
	}
	before := w.scope
	w.scope = scope
	w.walkOrder(order, true)
	w.scope = before
	w.walkLimit(limit)
	return output
}

func setOperator(n ast.Node) *ast.SetOprType {
	switch s := n.(type) {
	case *ast.SelectStmt:
		return s.AfterSetOperator
	case *ast.SetOprSelectList:
		return s.AfterSetOperator
	}
	return nil
}

func (w *walker) walkBranch(n ast.Node, parent int) []rewrite.Output {
	if !w.enter() {
		return nil
	}
	defer w.leave()
	switch s := n.(type) {
	case *ast.SelectStmt:
		return w.walkSelect(s, parent)
	case *ast.SetOprSelectList:
		w.walkWith(s.With, parent)
		return w.walkBranches(s.Selects, s.OrderBy, s.Limit, parent, nil)
	}
	w.refuse(rewrite.CodeConstruct, w.source.Tokens[0].Span, "a branch of a set operation that is no SELECT")
	return nil
}

// walkOrder walks ORDER BY. That of a set operation sees the names of the result only.
func (w *walker) walkOrder(o *ast.OrderByClause, result bool) {
	if o == nil || w.err != nil {
		return
	}
	from := len(w.statement.Columns)
	w.walkItems(o.Items)
	if !result {
		return
	}
	for _, c := range w.statement.Columns[from:] {
		if len(c.Parts) > 1 {
			w.refuse(rewrite.CodeQualifier, c.Span, "a qualified name in the ORDER BY of a set operation")
		}
	}
}

func (w *walker) walkItems(items []*ast.ByItem) {
	w.inPredicate(true, func() {
		for _, item := range items {
			w.walkExpression(&item.Expr)
		}
	})
}

func (w *walker) walkLimit(l *ast.Limit) {
	if l == nil {
		return
	}
	w.inPredicate(true, func() {
		if l.Offset != nil {
			w.walkExpression(&l.Offset)
		}
		w.walkExpression(&l.Count)
	})
}
