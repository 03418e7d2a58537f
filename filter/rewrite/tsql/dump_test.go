package tsql

import (
	"fmt"
	"strings"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// dump writes a statement so that a test can be read: one line for everything that was found, each with its piece of the text.
func dump(s *rewrite.Statement) string {
	var b strings.Builder
	for _, t := range s.Tables {
		fmt.Fprintf(&b, "table %s as %s in %d: %s", strings.Join(t.Name, "|"), t.Text, t.Scope, s.Slice(t.Span))
		for _, extra := range []struct{ label, text string }{{"before", t.Before}, {"after", t.After}, {"columns", t.Columns}} {
			if extra.text != "" {
				fmt.Fprintf(&b, " {%s %s}", extra.label, extra.text)
			}
		}
		if t.Bare {
			b.WriteString(" bare")
		}
		if t.History {
			b.WriteString(" history")
		}
		b.WriteByte('\n')
	}
	for _, c := range s.Common {
		fmt.Fprintf(&b, "common %s in %d: %s, defined %s at %d\n", c.Name, c.Scope, s.Slice(c.Span), s.Slice(c.Definition), c.Definition.Start)
	}
	for _, c := range s.Columns {
		fmt.Fprintf(&b, "column %s in %d", strings.Join(c.Parts, "|"), c.Scope)
		if q := s.Slice(c.Qualifier); q != "" {
			fmt.Fprintf(&b, " of %s", q)
		}
		if c.Predicate {
			b.WriteString(" deciding")
		}
		b.WriteByte('\n')
	}
	for _, c := range s.Calls {
		fmt.Fprintf(&b, "call %s table=%t type=%t: %s\n", strings.Join(c.Name, "|"), c.Table, c.Type, s.Slice(c.Span))
	}
	for _, p := range s.Parameters {
		fmt.Fprintf(&b, "parameter %s: %s\n", p.Name, s.Slice(p.Span))
	}
	for i, scope := range s.Scopes {
		fmt.Fprintf(&b, "scope %d in %d:", i, scope.Parent)
		for _, f := range scope.Sources {
			fmt.Fprintf(&b, " %s=%d", f.Alias, f.Table)
			if len(f.Renamed) > 0 {
				fmt.Fprintf(&b, "(%s)", strings.Join(f.Renamed, ","))
			}
			if len(f.Output) > 0 {
				fmt.Fprintf(&b, "[%s]", outputs(f.Output))
			}
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "output %s\n", outputs(s.Output))
	if s.With.Has {
		fmt.Fprintf(&b, "with at %d\n", s.With.At)
	}
	return b.String()
}

func outputs(list []rewrite.Output) string {
	var names []string
	for _, o := range list {
		name := o.Name
		if o.Star {
			name = fmt.Sprintf("%s.*%d", o.Qualifier, o.Scope)
		}
		names = append(names, name)
	}
	return strings.Join(names, ",")
}
