package mysql

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/rewrite"
)

// dump writes a statement so that a test can show what it expects, one line a thing.
func dump(s *rewrite.Statement) string {
	var b strings.Builder
	for _, t := range s.Tables {
		fmt.Fprintf(&b, "table %s as %s", strings.Join(t.Name, "."), t.Text)
		if t.Bare {
			b.WriteString(" bare")
		}
		for _, extra := range []string{t.Before, t.After} {
			if extra != "" {
				b.WriteString(" [" + extra + "]")
			}
		}
		fmt.Fprintf(&b, " in %d: %s\n", t.Scope, s.Slice(t.Span))
	}
	for _, c := range s.Common {
		fmt.Fprintf(&b, "common %s in %d of %d: %s\n", c.Name, c.Scope, c.Definition.Start, s.Slice(c.Span))
	}
	for _, c := range s.Columns {
		fmt.Fprintf(&b, "column %s in %d", strings.Join(c.Parts, "."), c.Scope)
		if c.Predicate {
			b.WriteString(" decides")
		}
		fmt.Fprintf(&b, ": %s|%s\n", s.Slice(c.Qualifier), s.Slice(c.Span))
	}
	for _, c := range s.Calls {
		fmt.Fprintf(&b, "call %s: %s\n", strings.Join(c.Name, "."), s.Slice(c.Span))
	}
	for _, p := range s.Parameters {
		fmt.Fprintf(&b, "parameter %d at %d\n", p.Number, p.Span.Start)
	}
	for i, sc := range s.Scopes {
		fmt.Fprintf(&b, "scope %d in %d:", i, sc.Parent)
		for _, f := range sc.Sources {
			fmt.Fprintf(&b, " %s", f.Alias)
			if f.Table >= 0 {
				fmt.Fprintf(&b, "=%d", f.Table)
			} else {
				b.WriteString("(" + outputs(f.Output) + ")")
			}
			if len(f.Renamed) > 0 {
				b.WriteString("=>" + strings.Join(f.Renamed, ","))
			}
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "output %s\n", outputs(s.Output))
	return b.String()
}

func outputs(list []rewrite.Output) string {
	names := make([]string, len(list))
	for i, o := range list {
		switch {
		case o.Star && o.Qualifier != "":
			names[i] = o.Qualifier + ".*"
		case o.Star:
			names[i] = "*"
		case o.Name == "":
			names[i] = "-"
		default:
			names[i] = o.Name
		}
	}
	return strings.Join(names, ",")
}

// edits are some for every table of a statement: a filter that a test can see, and a set that it asks.
func edits(s *rewrite.Statement) rewrite.Edits {
	e := rewrite.Edits{With: []rewrite.Definition{{Name: "`utdrag_keys`", Columns: " (`k`)", Body: "SELECT `id` FROM `db`.`provider` WHERE `name` = ?"}}}
	for _, t := range s.Tables {
		name := make([]string, len(t.Name))
		for i, n := range t.Name {
			name[i] = backquoted(n)
		}
		if len(name) == 1 {
			name = append([]string{"`db`"}, name...)
		}
		text := "(SELECT t.* FROM " + strings.Join(name, ".")
		if t.Before != "" {
			text += " " + t.Before
		}
		text += " AS t"
		if t.After != "" {
			text += " " + t.After
		}
		e.Tables = append(e.Tables, text+" WHERE t.provider IN (SELECT k FROM utdrag_keys)) AS "+t.Text)
	}
	for i, c := range s.Columns {
		if len(c.Parts) == 3 {
			if e.Qualifiers == nil {
				e.Qualifiers = map[int]string{}
			}
			e.Qualifiers[i] = backquoted(c.Parts[1])
		}
	}
	return e
}

// rewritten reads a query, puts edits into it and checks the result.
func rewritten(t testing.TB, query string) string {
	t.Helper()
	s, err := Syntax{}.Read(query)
	if err != nil {
		t.Fatalf("%s\n%v", query, err)
	}
	e := edits(s)
	text, err := s.Render(e)
	if err != nil {
		t.Fatalf("render %s\n%v", query, err)
	}
	if err := s.Check(text, e); err != nil {
		t.Fatalf("check %s\n%s\n%v", query, text, err)
	}
	return text
}

// refusal is the code of an error and where it points.
func refusal(err error) (code rewrite.Code, at int) {
	var list diag.List
	if !errors.As(err, &list) || len(list) == 0 {
		return "", -1
	}
	return rewrite.Code(list[0].Code), list[0].Subject.Start.Byte
}
