package sqlite

import (
	"runtime"

	"github.com/sqlc-dev/meyer/ast"

	"github.com/utdrag/utdrag/filter/rewrite"
)

const (
	// maxTree bounds the walk's recursion, and maxChain the operators in a row, each of which takes the one before as its left
	// operand. SQLite itself takes no expression deeper than 1000.
	maxTree  = 2000
	maxChain = 1000
)

// walker goes through a tree by a list of what is allowed. It stops at the first refusal, by a panic that walk recovers:
// that way no caller in between can forget about it.
type walker struct {
	*rewrite.Statement
	ledger
	depth int
	late  []late
	chain []ast.Expr
}

// refusal is what a walker panics with.
type refusal struct{ err error }

// late is a source whose columns are known once every common table expression has been walked.
type late struct {
	scope, source int
	common        *common
}

// place is where a piece of SQL stands: its query block, what common table expressions it sees, and whether its value
// decides which rows there are.
type place struct {
	scope   int
	with    *with
	decides bool
}

func (p place) deciding() place {
	p.decides = true
	return p
}

func walk(statement *rewrite.Statement, tree *ast.SelectStmt) (err error) {
	w := &walker{Statement: statement}
	w.signs = make(map[string]int, 64)
	w.leaves = make([]rewrite.Span, 0, len(statement.Tokens)/2)
	defer func() {
		switch r := recover().(type) {
		case nil:
		case refusal:
			err = r.err
		case runtime.Error: // a nil where the library never leaves one: the tree isn't what this walk was written for
			whole := rewrite.Span{Start: 0, End: len(statement.Text)}
			err = statement.Refuse(rewrite.CodeUnaccounted, whole, "the parser made something unknown of the query")
		default:
			panic(r)
		}
	}()
	w.With = w.opening(tree)
	w.Output = w.query(tree, -1, nil, false)
	for _, l := range w.late {
		w.Scopes[l.scope].Sources[l.source].Output = l.common.output
	}
	return w.settle(w.Source)
}

// opening is where common table expressions of ours go. SQLite lets all of one WITH see each other, in any order, so the
// first place will do.
func (w *walker) opening(tree *ast.SelectStmt) rewrite.With {
	if tree.With == nil {
		return rewrite.With{At: 0}
	}
	if len(tree.With.CTEs) == 0 {
		w.stop(rewrite.CodeUnaccounted, tree.With, "the parser found nothing in this WITH")
	}
	return rewrite.With{At: tree.With.CTEs[0].Pos(), Has: true}
}

func (w *walker) stop(code rewrite.Code, n ast.Node, format string, args ...any) {
	w.stopAt(code, span(n), format, args...)
}

func (w *walker) stopAt(code rewrite.Code, at rewrite.Span, format string, args ...any) {
	if at.Start < 0 || at.End > len(w.Text) || at.End < at.Start {
		at, code = rewrite.Span{Start: 0, End: len(w.Text)}, rewrite.CodeUnaccounted
	}
	panic(refusal{w.Refuse(code, at, format, args...)})
}

// enter counts how deep the walk is, and leave uncounts.
func (w *walker) enter(n ast.Node) {
	if w.depth++; w.depth > maxTree {
		w.stop(rewrite.CodeSize, n, "the query is nested too deeply")
	}
}

func (w *walker) leave() { w.depth-- }

// token is the one token that a node stands for.
func (w *walker) token(n ast.Node) rewrite.Token {
	at := span(n)
	if i := w.TokenAt(at.Start); i < len(w.Tokens) && w.Tokens[i].Span == at {
		return w.Tokens[i]
	}
	w.stop(rewrite.CodeUnaccounted, n, "the parser takes something other than a token for one")
	return rewrite.Token{}
}

// name is the name that an identifier stands for, as our lexer reads it.
func (w *walker) name(id *ast.Ident) string {
	if id == nil {
		w.stopAt(rewrite.CodeUnaccounted, rewrite.Span{Start: 0, End: len(w.Text)}, "the parser left out a name")
	}
	t := w.token(id)
	switch {
	case t.Kind == rewrite.String:
		w.stop(rewrite.CodeConstruct, id, "a text in single quotes stands where a name is expected")
	case t.Kind != rewrite.Word && t.Kind != rewrite.Quoted:
		w.stop(rewrite.CodeUnaccounted, id, "the parser takes something else for a name")
	case t.Value == "":
		w.stop(rewrite.CodeConstruct, id, "a name is empty: a text stands in single quotes")
	}
	w.leaf(t.Span)
	return t.Value
}

// column notes a reference to a column. parts are its names, from the first identifier to the last.
func (w *walker) column(parts []*ast.Ident, p place) {
	c := rewrite.Column{Scope: p.scope, Predicate: p.decides}
	for _, id := range parts {
		c.Parts = append(c.Parts, w.name(id))
	}
	last := len(parts) - 1
	for range last {
		w.words(".")
	}
	c.Span = rewrite.Span{Start: parts[0].Pos(), End: parts[last].End()}
	c.Qualifier = rewrite.Span{Start: c.Span.Start, End: c.Span.Start}
	if last > 0 {
		c.Qualifier.End = parts[last-1].End()
	}
	w.Columns = append(w.Columns, c)
	switch fold(c.Parts[last]) {
	case "rowid", "_rowid_", "oid":
		w.Pseudo = append(w.Pseudo, c.Span)
	}
}

// star notes * or t.*, and returns its qualifier.
func (w *walker) star(s *ast.Star, p place) string {
	c := rewrite.Column{Span: span(s), Scope: p.scope, Predicate: p.decides, Qualifier: rewrite.Span{Start: s.Pos(), End: s.Pos()}}
	qualifier := ""
	if s.Table != nil {
		qualifier = w.name(s.Table)
		if current(w.token(s.Table)) { // the parser takes it for a name here, and SQLite doesn't
			w.stop(rewrite.CodeSyntax, s.Table, "the query can't be read at %s", qualifier)
		}
		c.Qualifier = span(s.Table)
		c.Parts = append(c.Parts, qualifier)
	}
	i := w.TokenAt(c.Span.Start)
	if s.Table != nil {
		i += 2
	}
	if i >= len(w.Tokens) || w.Tokens[i].Span.End != c.Span.End || w.Tokens[i].Value != "*" {
		w.stop(rewrite.CodeUnaccounted, s, "the parser takes something else for a star")
	}
	c.Parts = append(c.Parts, "*")
	w.leaf(c.Span)
	w.Columns = append(w.Columns, c)
	return qualifier
}
