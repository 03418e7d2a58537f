package mysql

import (
	"errors"
	"strconv"
	"strings"

	"github.com/pingcap/tidb/pkg/parser/ast"
	"github.com/pingcap/tidb/pkg/parser/format"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// The refusals of edits. They are faults of whoever wrote the edits, and never quote them.
var (
	errEdits     = errors.New("the edits are not those of this statement")
	errDerived   = errors.New("an edit of a table is not one query in parentheses with the table's alias")
	errWith      = errors.New("an edit is not a common table expression")
	errQualifier = errors.New("an edit of a qualifier is not a name")
)

// edited is a query's tree with edits in it.
type edited struct {
	*walker
	// derived are the tables that edits replaced, and with are the common table expressions that edits added.
	derived []*ast.TableSource
	with    []*ast.CommonTableExpression
}

// render reads the query once more, puts edits into its tree and prints that.
func (w *walker) render(e rewrite.Edits) (string, error) {
	p := placeholders{}
	e, err := p.hide(w.source.Text, e)
	if err != nil {
		return "", err
	}
	made, err := apply(w.source, e)
	if err != nil {
		return "", err
	}
	text, err := made.print()
	if err != nil {
		return "", err
	}
	return p.show(text), nil
}

// placeholders are those of [rewrite.Placeholder], which a view's SELECT holds while it is put together. They are texts for
// as long as the parser sees them.
type placeholders struct{ hidden bool }

// stand is what a placeholder's text begins with; the number follows, in the quotes.
const stand = "'utdrag_placeholder_"

func (p *placeholders) hide(text string, e rewrite.Edits) (rewrite.Edits, error) {
	mark := rewrite.Placeholder(0)[:1]
	hide := func(s string) (string, error) {
		pieces := strings.Split(s, mark)
		if len(pieces) == 1 {
			return s, nil
		}
		if p.hidden = true; len(pieces)%2 == 0 {
			return "", errEdits
		}
		for i := 1; i < len(pieces); i += 2 {
			n, err := strconv.Atoi(pieces[i])
			if err != nil || strings.Contains(pieces[i-1], stand) {
				return "", errEdits
			}
			pieces[i] = stand + strconv.Itoa(n) + "'"
		}
		return strings.Join(pieces, ""), nil
	}
	hidden := rewrite.Edits{Qualifiers: e.Qualifiers}
	for _, t := range e.Tables {
		t, err := hide(t)
		if err != nil {
			return e, err
		}
		hidden.Tables = append(hidden.Tables, t)
	}
	for _, d := range e.With {
		body, err := hide(d.Body)
		if err != nil {
			return e, err
		}
		hidden.With = append(hidden.With, rewrite.Definition{Name: d.Name, Columns: d.Columns, Body: body})
	}
	if p.hidden && strings.Contains(text, stand) {
		return e, errEdits
	}
	return hidden, nil
}

func (p *placeholders) show(text string) string {
	for at := 0; p.hidden; {
		i := strings.Index(text[at:], stand)
		if i < 0 {
			break
		}
		at += i
		number, rest, _ := strings.Cut(text[at+len(stand):], "'")
		n, _ := strconv.Atoi(number)
		text = text[:at] + rewrite.Placeholder(n) + rest
	}
	return text
}

// again reads a text that ought to be canonical.
func again(text string) (*walker, error) {
	l, err := lex(text, 0)
	if err != nil {
		return nil, err
	}
	return read(l.source)
}

func apply(s *rewrite.Source, e rewrite.Edits) (*edited, error) {
	w, err := again(s.Text)
	if err != nil {
		return nil, err
	}
	made := &edited{walker: w}
	if len(e.Tables) != len(w.tables) {
		return nil, errEdits
	}
	for i, text := range e.Tables {
		if err := made.replace(w.tables[i], w.statement.Tables[i].Alias, text); err != nil {
			return nil, err
		}
	}
	for i, text := range e.Qualifiers {
		if i < 0 || i >= len(w.columns) {
			return nil, errEdits
		}
		if err := w.columns[i].qualify(text); err != nil {
			return nil, err
		}
	}
	if block, ok := w.query.(*ast.SelectStmt); ok {
		block.IsInBraces, block.WithBeforeBraces = false, false // not every server takes WITH in parentheses
	}
	for f, name := range w.fields {
		f.AsName = ast.NewCIStr(name)
	}
	return made, made.define(e.With)
}

// replace puts a derived table where a table was.
func (m *edited) replace(table *ast.TableSource, alias, text string) error {
	w, err := again("SELECT * FROM " + text)
	if err != nil {
		return err
	}
	block, ok := w.query.(*ast.SelectStmt)
	if !ok || block.From == nil || block.From.TableRefs.Right != nil || block.Where != nil || block.GroupBy != nil || block.Having != nil ||
		block.WindowSpecs != nil || block.OrderBy != nil || block.Limit != nil {
		return errDerived
	}
	source, ok := block.From.TableRefs.Left.(*ast.TableSource)
	if !ok || source.Lateral || source.AsName.O != alias {
		return errDerived
	}
	if _, isTable := source.Source.(*ast.TableName); isTable {
		return errDerived
	}
	if len(w.statement.Parameters) > 0 && len(m.statement.Parameters) > 0 {
		p := m.statement.Parameters[0]
		return m.source.Refuse(rewrite.CodeParameter, p.Span, "a bound argument among those that a filter needs, which can't be told apart")
	}
	table.Source, table.AsName, table.ColumnNames = source.Source, source.AsName, source.ColumnNames
	m.derived = append(m.derived, table)
	return nil
}

// define puts common table expressions before those of the query.
func (m *edited) define(with []rewrite.Definition) error {
	if len(with) == 0 {
		return nil
	}
	for _, d := range with {
		w, err := again("WITH " + d.Name + d.Columns + " AS (" + d.Body + ") SELECT 1")
		if err != nil {
			return err
		}
		block, ok := w.query.(*ast.SelectStmt)
		if !ok || block.From != nil || block.With == nil || len(block.With.CTEs) != 1 || block.With.IsRecursive {
			return errWith
		}
		m.with = append(m.with, block.With.CTEs[0])
	}
	place := withOf(m.query)
	if *place == nil {
		*place = &ast.WithClause{}
	}
	own := (*place).CTEs
	(*place).CTEs = append(append([]*ast.CommonTableExpression{}, m.with...), own...)
	for _, cte := range (*place).CTEs {
		cte.IsRecursive = (*place).IsRecursive
	}
	return nil
}

// withOf is where the WITH clause of a query hangs.
func withOf(query ast.ResultSetNode) **ast.WithClause {
	if n, ok := query.(*ast.SetOprStmt); ok {
		return &n.With
	}
	return &query.(*ast.SelectStmt).With
}

// qualify changes the qualifier of a column.
func (c column) qualify(text string) error {
	l, err := lex(text, 0)
	if err != nil {
		return err
	}
	var parts [2]ast.CIStr
	n := 2
	for i, t := range l.source.Tokens {
		switch {
		case i%2 == 1 && t.Value == "." && t.Kind == rewrite.Operator:
		case i%2 == 0 && t.Kind <= rewrite.Quoted && n > 0:
			n--
			parts[0], parts[1] = parts[1], ast.NewCIStr(t.Value)
		default:
			return errQualifier
		}
	}
	if len(l.source.Tokens)%2 == 0 {
		return errQualifier
	}
	if c.star != nil {
		c.star.Schema, c.star.Table = parts[0], parts[1]
	} else {
		c.name.Schema, c.name.Table = parts[0], parts[1]
	}
	return nil
}

// flags print names in backquotes and texts in single quotes, as they are.
const flags = format.RestoreStringSingleQuotes | format.RestoreKeyWordUppercase | format.RestoreNameBackQuotes |
	format.RestoreSpacesAroundBinaryOperation | format.RestoreStringWithoutDefaultCharset

// print writes the tree, as canonical text.
func (m *edited) print() (text string, err error) {
	defer func() { // the printer is another's
		if recover() != nil {
			text, err = "", errEdits
		}
	}()
	var out writer
	if err := m.query.Restore(format.NewRestoreCtx(flags, &out)); err != nil {
		return "", errEdits
	}
	l, err := lex(out.String(), 0)
	if err != nil {
		return "", err
	}
	return l.source.Text, nil
}

// writer keeps pieces apart that would begin a comment together: the parser's printer makes --1 of - -1.
type writer struct{ strings.Builder }

// Write writes a piece.
func (w *writer) Write(p []byte) (int, error) { return w.WriteString(string(p)) }

// WriteString writes a piece.
func (w *writer) WriteString(s string) (int, error) {
	if before := w.String(); s != "" && before != "" {
		switch before[len(before)-1:] + s[:1] {
		case "--", "/*":
			w.WriteByte(' ')
		}
	}
	return w.Builder.WriteString(s)
}
