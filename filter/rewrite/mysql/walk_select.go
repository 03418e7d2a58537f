package mysql

import (
	"strings"
	"unicode/utf8"

	"github.com/pingcap/tidb/pkg/parser/ast"
	"github.com/pingcap/tidb/pkg/parser/mysql"
	"github.com/pingcap/tidb/pkg/parser/test_driver"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// maxName is how many characters the server takes for the name of a result's column.
const maxName = 255

// walkSelect walks one query block.
func (w *walker) walkSelect(n *ast.SelectStmt, parent int) []rewrite.Output {
	switch {
	case n.Kind != ast.SelectStmtKindSelect || len(n.Lists) > 0:
		w.refuse(rewrite.CodeConstruct, w.word(n.Kind.String()), "%s in place of a SELECT", n.Kind.String())
	case n.LockInfo != nil:
		w.refuse(rewrite.CodeWrites, w.word("FOR"), "a SELECT that locks rows")
	case n.SelectIntoOpt != nil:
		w.refuse(rewrite.CodeWrites, w.word("INTO"), "a SELECT that writes its rows somewhere")
	case len(n.TableHints) > 0 || n.SelectStmtOpts == nil || len(n.SelectStmtOpts.TableHints) > 0:
		w.refuse(rewrite.CodeHint, w.word("SELECT"), "an optimizer hint")
	case n.Priority != mysql.NoPriority || n.CalcFoundRows:
		w.refuse(rewrite.CodeHint, w.word("SELECT"), "an option of SELECT that reaches beyond the query")
	case n.AsViewSchema || n.Fields == nil:
		w.refuse(rewrite.CodeConstruct, w.word("SELECT"), "a SELECT without columns")
	}
	if w.err != nil {
		return nil
	}
	outer, own := w.scope, len(w.statement.Scopes)
	if n == w.first {
		own = 0 // read has made it, so that those of common table expressions come after it
	} else {
		w.statement.Scopes = append(w.statement.Scopes, rewrite.Scope{Parent: parent})
	}
	w.walkWith(n.With, parent)
	w.scope = own
	defer func() { w.scope = outer }()

	// The select list comes first in the text, and what it names comes after it.
	w.inPredicate(w.predicate || n.Distinct, func() {
		for _, f := range n.Fields.Fields {
			w.walkField(f)
			w.keepName(f)
		}
	})
	if n.From != nil {
		w.walkFromClause(n.From)
	}
	w.inPredicate(true, func() {
		w.walkOptional(&n.Where)
		if n.GroupBy != nil {
			w.walkItems(n.GroupBy.Items)
		}
		if n.Having != nil {
			w.walkExpression(&n.Having.Expr)
		}
	})
	for i := range n.WindowSpecs {
		w.walkWindow(&n.WindowSpecs[i])
	}
	w.walkOrder(n.OrderBy, false)
	w.walkLimit(n.Limit)

	var output []rewrite.Output
	for _, f := range n.Fields.Fields {
		output = append(output, w.output(f))
	}
	return output
}

func (w *walker) walkField(f *ast.SelectField) {
	switch {
	case w.err != nil:
		return
	case f.Auxiliary || f.AuxiliaryColInAgg || f.AuxiliaryColInOrderBy || (f.WildCard == nil) == (f.Expr == nil):
		w.refuse(rewrite.CodeConstruct, w.word("SELECT"), "a column of the result that can't be read")
		return
	case f.WildCard != nil:
		w.walkStar(f.WildCard)
		return
	}
	w.walkExpression(&f.Expr)
	if alias := f.AsName.O; alias != "" {
		if _, ok := w.cover.name(alias); !ok {
			if _, ok = w.cover.claim("text " + alias); !ok {
				w.name(alias)
			}
		}
	}
}

func (w *walker) walkStar(n *ast.WildCardField) {
	c := rewrite.Column{Scope: w.scope, Predicate: w.predicate}
	for _, part := range []string{n.Schema.O, n.Table.O} {
		if part != "" {
			c.Parts = append(c.Parts, part)
			w.extend(&c.Qualifier, w.span(w.name(part)))
		}
	}
	c.Parts = append(c.Parts, "*")
	i := w.star(len(c.Parts) > 1)
	if i < 0 {
		w.refuse(rewrite.CodeUnaccounted, w.word("SELECT"), "the parser read a star that is not in the query")
		return
	}
	c.Span = w.span(i)
	if len(c.Parts) > 1 {
		c.Span.Start = c.Qualifier.Start
	}
	w.statement.Columns = append(w.statement.Columns, c)
	w.columns = append(w.columns, column{star: n})
}

// star accounts for the next star that is no multiplication: it stands after a dot, or where an operand must begin.
func (w *walker) star(qualified bool) int {
	for {
		i, ok := w.cover.claim("sign *")
		if !ok || i == 0 {
			return -1
		}
		before := w.source.Tokens[i-1]
		if qualified && before.Value == "." || !qualified && (before.Value == "," || before.Kind == rewrite.Word && beforeStar[strings.ToUpper(before.Value)]) {
			return i
		}
	}
}

// beforeStar are the words that a star may follow.
var beforeStar = set(`SELECT ALL DISTINCT DISTINCTROW STRAIGHT_JOIN SQL_BIG_RESULT SQL_BUFFER_RESULT SQL_NO_CACHE SQL_SMALL_RESULT`)

// extend makes a span reach to the end of another one.
func (w *walker) extend(span *rewrite.Span, to rewrite.Span) {
	if *span == (rewrite.Span{}) {
		*span = to
	}
	span.Start, span.End = min(span.Start, to.Start), max(span.End, to.End)
}

// keepName notes the name that the server gives a column without one, which is its text. As it is printed, it would be
// another one.
func (w *walker) keepName(f *ast.SelectField) {
	if f.Expr == nil || f.AsName.O != "" {
		return
	}
	inner := f.Expr
	for {
		p, ok := inner.(*ast.ParenthesesExpr)
		if !ok {
			break
		}
		inner = p.Expr
	}
	switch n := inner.(type) {
	case *ast.ColumnNameExpr:
		return
	case *test_driver.ValueExpr:
		if n.Kind() == test_driver.KindString {
			return
		}
	}
	text := strings.TrimSpace(f.OriginalText()) // Text writes some literals anew
	if text != "" && utf8.RuneCountInString(text) <= maxName && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > 0xFFFF }) {
		w.fields[f] = text
	}
}

// output is what the server calls a column of the result.
func (w *walker) output(f *ast.SelectField) rewrite.Output {
	if f.WildCard != nil {
		return rewrite.Output{Star: true, Qualifier: f.WildCard.Table.O, Scope: w.scope}
	}
	o := rewrite.Output{Name: f.AsName.O, Scope: w.scope}
	if c, ok := f.Expr.(*ast.ColumnNameExpr); ok && o.Name == "" {
		o.Name = c.Name.Name.O
	}
	if o.Name == "" {
		o.Name = w.fields[f]
	}
	return o
}

// walkWindow walks what stands after OVER, or a window of the WINDOW clause.
func (w *walker) walkWindow(s *ast.WindowSpec) {
	if s.Name.O != "" {
		w.name(s.Name.O)
	}
	if s.OnlyAlias {
		if s.Ref.O != "" || s.PartitionBy != nil || s.OrderBy != nil || s.Frame != nil {
			w.refuse(rewrite.CodeConstruct, w.word("OVER"), "a window that can't be read")
		}
		return
	}
	if s.Ref.O != "" {
		w.name(s.Ref.O)
	}
	if s.PartitionBy != nil {
		w.walkItems(s.PartitionBy.Items)
	}
	w.walkOrder(s.OrderBy, false)
	if s.Frame == nil {
		return
	}
	if s.Frame.Type != ast.Rows && s.Frame.Type != ast.Ranges {
		w.refuse(rewrite.CodeConstruct, w.word("GROUPS"), "a window frame of groups")
	}
	for _, b := range []*ast.FrameBound{&s.Frame.Extent.Start, &s.Frame.Extent.End} {
		w.walkOptional(&b.Expr)
	}
}
