package rewrite

import "strings"

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
		if err == nil {
			err = st.Check(text, e)
		}
		if err != nil {
			return "", failed(summary(err))
		}
		return text, nil
	}
	text, written, err := st.splice(e)
	if err != nil {
		return "", failed(err.Error())
	}
	if err := c.recheck(text, written); err != nil {
		return "", failed(summary(err))
	}
	return text, nil
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
	for _, p := range st.Parameters {
		if st.Slice(p.Span) == "?" {
			edits = append(edits, edit{p.Span, "?" + itoa(p.Number)})
		}
	}
	if len(e.With) > 0 {
		edits = append(edits, edit{Span{st.With.At, st.With.At}, withText(e.With, st.With.Has)})
	}
	return splice(st.Text, edits)
}

func withText(definitions []Definition, more bool) string {
	var b strings.Builder
	if !more {
		b.WriteString("WITH ")
	} else {
		b.WriteString(" ")
	}
	for i, d := range definitions {
		if i > 0 {
			b.WriteString(",\n")
		}
		b.WriteString(d.Name + d.Columns + " AS (" + d.Body + ")")
	}
	if more {
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
		if s.Start >= s.End {
			return false
		}
		at := Span{st.origin(s.Start), st.origin(s.End-1) + 1}
		for _, w := range written {
			if w.Holds(at) {
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
