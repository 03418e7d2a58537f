package tsql

import (
	"reflect"
	"sort"
	"strings"

	"github.com/sqlc-dev/teesql/ast"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// maxNesting bounds the walk where the tree is deeper than parentheses are: chains of methods, for one.
const maxNesting = 4 * rewrite.MaxDepth

// walker goes through teesql's tree by an allow-list, and fills the statement.
type walker struct {
	*scan
	tree *tree
	out  *rewrite.Statement
	// covered are the tokens that were accounted for, and callable the names after which a parenthesis may stand.
	covered, callable []bool
	// seen is how many nodes there were for the functions that have a node of their own and no name in it.
	seen map[string]int
	// visible is how many of the common table expressions can be referenced; next is the one after the self reference.
	visible int
	// blocksSeen counts the SELECTs of the tree.
	blocksSeen int
	// items are, by block, the items of FROM that were met.
	items map[*block]int
	// outputs are the columns of the common table expressions, and pending the sources that take them once they are known.
	outputs [][]rewrite.Output
	pending []pending
	nesting int
}

type pending struct{ scope, source, common int }

func newWalker(t *text, s *scan) *walker {
	w := &walker{scan: s, out: &rewrite.Statement{Source: t.Source, With: s.with},
		covered: make([]bool, len(t.Tokens)), callable: make([]bool, len(t.Tokens)), seen: map[string]int{}, items: map[*block]int{}}
	copy(w.covered, s.dropped)
	w.outputs = make([][]rewrite.Output, len(s.common))
	return w
}

// place is where an expression stands.
type place struct {
	scope     int
	predicate bool
}

func (c place) deciding() place { c.predicate = true; return c }

// statement walks the SELECT and its common table expressions.
func (w *walker) statement(t *tree) {
	w.tree = t
	for _, i := range t.collations {
		w.covered[i], w.covered[i-1] = true, true
	}
	for i := range w.Tokens {
		if w.quantifier(i) {
			w.covered[i] = true
			w.callable[i] = true
		}
	}
	s := t.statement
	w.empty(s, s.Into, s.On, s.OptimizerHints)
	with := s.WithCtesAndXmlNamespaces
	if (with != nil) != (w.with.Has || w.with.After) {
		w.refuse(rewrite.CodeUnaccounted, 0, "WITH was read in two ways")
	}
	w.visible = len(w.common)
	w.unique()
	w.out.Output, _ = w.query(s.QueryExpression, -1, false)
	if with != nil {
		w.commonBodies(with)
	}
	if w.blocksSeen != len(w.blocks) {
		w.refuse(rewrite.CodeUnaccounted, 0, "the query has %d SELECTs, and %d were read", len(w.blocks), w.blocksSeen)
	}
}

// unique refuses two common table expressions of one name, be it but for its case.
func (w *walker) unique() {
	names := map[string]bool{}
	for _, c := range w.common {
		name := fold(w.Tokens[c.name].Value)
		if names[name] {
			w.refuse(rewrite.CodeCommonScope, c.name, "two common table expressions of one name")
		}
		names[name] = true
	}
}

func (w *walker) commonBodies(with *ast.WithCtesAndXmlNamespaces) {
	w.empty(with, with.ChangeTrackingContext)
	if namespaces := with.XmlNamespaces; namespaces != nil {
		for _, element := range namespaces.XmlNamespacesElements {
			switch e := element.(type) {
			case *ast.XmlNamespacesDefaultElement:
				w.literal(e.String)
			case *ast.XmlNamespacesAliasElement:
				w.literal(e.String)
				w.name(e.Identifier)
			default:
				w.unknown(e)
			}
		}
	}
	if len(with.CommonTableExpressions) != len(w.common) {
		w.refuse(rewrite.CodeUnaccounted, 0, "the common table expressions were read in two ways")
	}
	for i, c := range with.CommonTableExpressions {
		if w.name(c.ExpressionName) != w.common[i].name || !w.sameNames(c.Columns, w.common[i].columns) {
			w.refuse(rewrite.CodeUnaccounted, w.common[i].name, "a common table expression that was read in two ways")
		}
		w.callable[w.common[i].name] = true
		w.visible = i + 1 // itself too: T-SQL has no word RECURSIVE
		output, _ := w.query(c.QueryExpression, -1, false)
		w.outputs[i] = output
		if len(c.Columns) > 0 {
			w.outputs[i] = nil
			for _, name := range w.common[i].columns {
				w.outputs[i] = append(w.outputs[i], rewrite.Output{Name: w.Tokens[name].Value})
			}
		}
	}
	for _, p := range w.pending {
		w.out.Scopes[p.scope].Sources[p.source].Output = w.outputs[p.common]
	}
}

// finish orders what was found, and adds what is known by its token alone.
func (w *walker) finish() *rewrite.Statement {
	out := w.out
	for i, token := range w.Tokens {
		if token.Kind == rewrite.Variable {
			out.Parameters = append(out.Parameters, rewrite.Parameter{Span: w.span(i, i+1), Name: token.Value})
		}
	}
	order := make([]int, len(out.Tables))
	for i := range order {
		order[i] = i
	}
	sort.Slice(order, func(i, j int) bool { return out.Tables[order[i]].Span.Start < out.Tables[order[j]].Span.Start })
	tables, at := make([]rewrite.Table, len(order)), make([]int, len(order))
	for to, from := range order {
		tables[to], at[from] = out.Tables[from], to
	}
	for _, scope := range out.Scopes {
		for i := range scope.Sources {
			if t := scope.Sources[i].Table; t >= 0 {
				scope.Sources[i].Table = at[t]
			}
		}
	}
	if len(tables) > 0 {
		out.Tables = tables
	}
	sort.SliceStable(out.Columns, func(i, j int) bool { return out.Columns[i].Span.Start < out.Columns[j].Span.Start })
	sort.SliceStable(out.Calls, func(i, j int) bool { return out.Calls[i].Span.Start < out.Calls[j].Span.Start })
	sort.SliceStable(out.Common, func(i, j int) bool { return out.Common[i].Span.Start < out.Common[j].Span.Start })
	return out
}

// at is the token where a node begins.
func (w *walker) at(n spanned) int {
	if isNil(n) || !n.Frag().HasSpan() {
		w.refuse(rewrite.CodeUnaccounted, 0, "a part of the query has no place in it")
	}
	i, ok := w.tree.token(n.Frag().StartOffset)
	if !ok {
		w.refuse(rewrite.CodeUnaccounted, 0, "a part of the query has no place in it")
	}
	return i
}

// name accounts for a name and returns its token.
func (w *walker) name(id *ast.Identifier) int {
	i := w.at(id)
	if !w.isName(i) {
		w.refuse(rewrite.CodeSyntax, i, "a name is due here, which must be quoted if it is a reserved word")
	}
	w.covered[i] = true
	return i
}

func (w *walker) names(ids []*ast.Identifier) []int {
	tokens := make([]int, len(ids))
	for i, id := range ids {
		tokens[i] = w.name(id)
		if i > 0 && (tokens[i] != tokens[i-1]+2 || !w.is(tokens[i]-1, ".")) {
			w.refuse(rewrite.CodeConstruct, tokens[i], "a name with an empty part")
		}
	}
	return tokens
}

func (w *walker) sameNames(ids []*ast.Identifier, tokens []int) bool {
	if len(ids) != len(tokens) {
		return false
	}
	for i, id := range ids {
		if w.name(id) != tokens[i] {
			return false
		}
	}
	return true
}

func (w *walker) values(tokens []int) []string {
	values := make([]string, len(tokens))
	for i, t := range tokens {
		values[i] = w.Tokens[t].Value
	}
	return values
}

// literal accounts for a text or a number.
func (w *walker) literal(n spanned) int {
	i := w.at(n)
	if !w.kind(i, rewrite.String) && !w.kind(i, rewrite.Number) {
		w.refuse(rewrite.CodeUnaccounted, i, "a literal that was read in two ways")
	}
	w.covered[i] = true
	return i
}

// empty demands that parts of a node, which nothing here knows how to confine, are not there.
func (w *walker) empty(node any, parts ...any) {
	for _, p := range parts {
		if v := reflect.ValueOf(p); p != nil && !v.IsZero() && (v.Kind() != reflect.Slice || v.Len() > 0) {
			w.unknown(node)
		}
	}
}

// unknown refuses a node that is not on the list.
func (w *walker) unknown(node any) {
	at := 0
	if n, ok := node.(spanned); ok && !isNil(n) && n.Frag().HasSpan() {
		at, _ = w.tree.token(n.Frag().StartOffset)
	}
	w.refuse(rewrite.CodeConstruct, at, "%s is not allowed", describe(node))
}

// describe makes words of a node's type: "UserDefinedTypePropertyAccess" is "user defined type property access".
func describe(node any) string {
	if node == nil {
		return "an empty place"
	}
	name := strings.TrimPrefix(strings.TrimPrefix(reflect.TypeOf(node).String(), "*"), "ast.")
	var b strings.Builder
	for i, r := range name {
		if 'A' <= r && r <= 'Z' {
			if i > 0 {
				b.WriteByte(' ')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

func isNil(n any) bool {
	if n == nil {
		return true
	}
	v := reflect.ValueOf(n)
	return v.Kind() == reflect.Pointer && v.IsNil()
}

// enter bounds how deep the walk goes.
func (w *walker) enter() {
	if w.nesting++; w.nesting > maxNesting {
		w.refuse(rewrite.CodeSize, 0, "the query is nested too deeply")
	}
}

func (w *walker) leave() { w.nesting-- }
