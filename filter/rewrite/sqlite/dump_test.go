package sqlite

import (
	"fmt"
	"strings"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// dump is a statement as a test reads it, a line for each thing.
func dump(s *rewrite.Statement) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	for _, t := range s.Tables {
		note := ""
		if t.Bare {
			note += " bare"
		}
		if t.After != "" {
			note += " after[" + t.After + "]"
		}
		line("table %s as %s [%s] in %d%s", strings.Join(t.Name, "."), t.Text, s.Slice(t.Span), t.Scope, note)
	}
	for _, c := range s.Common {
		line("common %s at %d in %d", s.Slice(c.Span), c.Definition.Start, c.Scope)
	}
	for _, c := range s.Columns {
		note := ""
		if c.Predicate {
			note = " decides"
		}
		line("column %s [%s] in %d%s", strings.Join(c.Parts, "."), s.Slice(c.Qualifier), c.Scope, note)
	}
	for _, c := range s.Calls {
		line("call %s", s.Slice(c.Span))
	}
	for _, p := range s.Pseudo {
		line("pseudo %s", s.Slice(p))
	}
	for _, p := range s.Parameters {
		line("parameter %s %q %d", s.Slice(p.Span), p.Name, p.Number)
	}
	for i, sc := range s.Scopes {
		var sources []string
		for _, f := range sc.Sources {
			text := f.Alias
			if f.Table >= 0 {
				text += fmt.Sprintf("=table%d", f.Table)
			} else {
				text += "(" + outputs(f.Output) + ")"
			}
			sources = append(sources, text)
		}
		line("scope %d in %d: %s", i, sc.Parent, strings.Join(sources, ", "))
	}
	line("output %s", outputs(s.Output))
	line("with %d %v", s.With.At, s.With.Has)
	return b.String()
}

func outputs(list []rewrite.Output) string {
	var names []string
	for _, o := range list {
		switch {
		case o.Star && o.Qualifier != "":
			names = append(names, fmt.Sprintf("%s.*@%d", o.Qualifier, o.Scope))
		case o.Star:
			names = append(names, fmt.Sprintf("*@%d", o.Scope))
		case o.Name == "":
			names = append(names, "?")
		default:
			names = append(names, o.Name)
		}
	}
	return strings.Join(names, " ")
}
