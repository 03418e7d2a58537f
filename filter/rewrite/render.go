package rewrite

import (
	"errors"
	"strings"

	"github.com/utdrag/utdrag/filter/diag"
)

// text puts edits into a statement.
func (c *confiner) text(st *Statement, e Edits) (string, error) {
	if st.Render != nil {
		return st.Render(e)
	}
	text, _, err := st.splice(e)
	return text, err
}

// render puts edits into a statement and proves that what came of it is confined.
func (c *confiner) render(st *Statement, e Edits) (string, error) {
	failed := func(why string) error {
		return st.Refuse(CodeRecheck, Span{}, "the rewritten query did not pass its own check: %s", why)
	}
	if st.Render != nil {
		text, err := st.Render(e)
		if _, refused := errors.AsType[diag.List](err); err != nil && !refused {
			err = failed(summary(err))
		}
		if err != nil {
			return "", err
		}
		if err := st.Check(text, e); err != nil {
			return "", failed(summary(err))
		}
		return text, nil
	}
	text, _, err := st.splice(e)
	if err != nil {
		return "", failed(err.Error())
	}
	if err := c.prove(st, e); err != nil {
		return "", failed(summary(err))
	}
	return text, nil
}

// prove shows that a statement with its edits is confined. What the edits put there is whole, piece by piece: each is one SELECT
// that ends where its brackets do, so that nothing of it can reach beyond them. And with a stand-in of the same form for each
// piece, the statement is read as it should be. Pieces are the same for many queries, and are read once.
func (c *confiner) prove(st *Statement, e Edits) error {
	skeleton := Edits{With: make([]Definition, len(e.With)), Tables: make([]string, len(e.Tables)), Qualifiers: e.Qualifiers, Calls: e.Calls}
	for i, d := range e.With {
		skeleton.With[i] = Definition{Name: d.Name, Columns: d.Columns, Body: standIn}
	}
	for i := range e.Tables {
		skeleton.Tables[i] = "(" + standIn + ") AS " + st.Tables[i].Text + st.Tables[i].Columns
	}
	text, written, err := st.splice(skeleton)
	if err != nil {
		return err
	}
	if err := c.recheck(text, written); err != nil {
		return err
	}
	for i, d := range e.With {
		if err := c.whole(d.Body, e.With[:i]); err != nil {
			return err
		}
	}
	for i, table := range e.Tables {
		after := ") AS " + st.Tables[i].Text + st.Tables[i].Columns
		rows, ok := strings.CutSuffix(table, after)
		if !ok || !strings.HasPrefix(rows, "(") {
			return &Refused{Code: CodeRecheck, Summary: "a derived table is not as it should be"}
		}
		if err := c.whole(rows[1:], e.With); err != nil {
			return err
		}
	}
	return nil
}

const standIn = "SELECT 1"

// whole reads a piece by itself, between brackets, where the definitions before it are all that it can name.
func (c *confiner) whole(piece string, before []Definition) error {
	if c.proofs.has(piece, before) {
		return nil
	}
	stands := make([]Definition, len(before))
	for i, d := range before {
		stands[i] = Definition{Name: d.Name, Body: standIn}
	}
	start := "SELECT 1 FROM ("
	if len(stands) > 0 {
		start = withText(stands, With{}) + start
	}
	text := start + piece + ") AS " + c.resolver.Quote("piece")
	st, err := c.syntax.Read(text)
	if err != nil {
		return err
	}
	if err := st.enclosed(len(start)-1, len(start)+len(piece)); err != nil {
		return err
	}
	within := Span{len(start), len(start) + len(piece)}
	for _, t := range st.Tables {
		if !within.Holds(st.original(t.Span)) {
			return st.Refuse(CodeRecheck, t.Span, "a table is not confined")
		}
		if len(t.Name) < 2 { // a common table expression of the query could be called the same
			return st.Refuse(CodeRecheck, t.Span, "a table of ours is named without its schema")
		}
	}
	c.proofs.add(piece, before)
	return nil
}

// enclosed reports whether the bracket at one offset of the original is closed by the one at another.
func (st *Statement) enclosed(open, end int) error {
	depth := 0
	for i, t := range st.Tokens {
		at := st.origins[i]
		if at < open || t.Kind != Operator {
			continue
		}
		switch t.Value {
		case "(":
			depth++
		case ")":
			depth--
		}
		if depth == 0 {
			if at == end {
				return nil
			}
			break
		}
	}
	return &Refused{Code: CodeRecheck, Summary: "a piece doesn't end where it should"}
}

// original is a piece of the canonical text as a piece of the original.
func (s *Source) original(span Span) Span {
	if span.Start >= span.End {
		return Span{-1, -1}
	}
	return Span{s.origin(span.Start), s.origin(span.End-1) + 1}
}

// splice returns the new text and where in it edits stand.
func (st *Statement) splice(e Edits) (string, []Span, error) {
	edits := make([]edit, 0, len(e.Tables)+len(e.Qualifiers)+len(st.Parameters)+1)
	for i, text := range e.Tables {
		edits = append(edits, edit{st.Tables[i].Span, text})
	}
	for i, text := range e.Qualifiers {
		edits = append(edits, edit{st.Columns[i].Qualifier, text})
	}
	for i, text := range e.Calls {
		edits = append(edits, edit{st.Calls[i].Span, text})
	}
	for _, p := range st.Parameters {
		if st.Slice(p.Span) == "?" {
			edits = append(edits, edit{p.Span, "?" + itoa(p.Number)})
		}
	}
	if len(e.With) > 0 {
		edits = append(edits, edit{Span{st.With.At, st.With.At}, withText(e.With, st.With)})
	}
	return splice(st.Text, edits)
}

func withText(definitions []Definition, place With) string {
	var b strings.Builder
	switch {
	case place.After:
		b.WriteString(", ")
	case place.Has:
		b.WriteString(" ")
	default:
		b.WriteString("WITH ")
	}
	for i, d := range definitions {
		if i > 0 {
			b.WriteString(",\n")
		}
		b.WriteString(d.Name + d.Columns + " AS (" + d.Body + ")")
	}
	if place.Has {
		b.WriteString(",")
	}
	b.WriteString("\n")
	return b.String()
}

// recheck reads a rewritten text again. Every base table must stand in a piece that an edit wrote; a common table
// expression that such a piece refers to must be defined in one, and any other outside of them.
func (c *confiner) recheck(text string, written []Span) error {
	st, err := c.syntax.Read(text)
	if err != nil {
		return err
	}
	ours := func(s Span) bool {
		at := st.original(s)
		for _, w := range written {
			if at.Start >= 0 && w.Holds(at) {
				return true
			}
		}
		return false
	}
	for _, t := range st.Tables {
		if !ours(t.Span) {
			return st.Refuse(CodeRecheck, t.Span, "a table is not confined")
		}
	}
	for _, name := range st.Common {
		if ours(name.Span) != ours(name.Definition) {
			return st.Refuse(CodeRecheck, name.Span, "a name means something else than it did")
		}
	}
	for _, p := range st.Pseudo {
		if !ours(p) {
			return st.Refuse(CodeRecheck, p, "a pseudo column is not ours")
		}
	}
	return nil
}
