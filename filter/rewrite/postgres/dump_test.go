package postgres

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/rewrite"
)

// dump writes a statement for reading: one line for each thing in it.
func dump(s *rewrite.Statement) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	for _, t := range s.Tables {
		extra := ""
		if t.Bare {
			extra += " bare"
		}
		if t.Columns != "" {
			extra += " columns " + t.Columns
		}
		if t.Before+t.After != "" {
			extra += " around [" + t.Before + "|" + t.After + "]"
		}
		line("table %s as %s in %d%s: %s", strings.Join(t.Name, "."), t.Alias, t.Scope, extra, s.Slice(t.Span))
	}
	for _, c := range s.Common {
		line("common %s in %d at %d", c.Name, c.Scope, c.Definition.Start)
	}
	for _, c := range s.Columns {
		kind := "column"
		if c.Predicate {
			kind = "predicate"
		}
		line("%s %s in %d", kind, strings.Join(c.Parts, "."), c.Scope)
	}
	for _, c := range s.Calls {
		line("call %s table=%t type=%t", strings.Join(c.Name, "."), c.Table, c.Type)
	}
	for _, p := range s.Pseudo {
		line("pseudo %s", s.Slice(p))
	}
	for _, p := range s.Parameters {
		line("parameter %d", p.Number)
	}
	for i, sc := range s.Scopes {
		text := fmt.Sprintf("scope %d in %d:", i, sc.Parent)
		for _, f := range sc.Sources {
			text += fmt.Sprintf(" %s(%d)", f.Alias, f.Table)
			if len(f.Output) > 0 {
				text += outputs(f.Output)
			}
			if len(f.Renamed) > 0 {
				text += fmt.Sprint(f.Renamed)
			}
		}
		line("%s", text)
	}
	line("output %s", outputs(s.Output))
	line("with %d %t", s.With.At, s.With.Has)
	return b.String()
}

func outputs(list []rewrite.Output) string {
	names := make([]string, len(list))
	for i, o := range list {
		names[i] = o.Name
		if o.Star {
			names[i] = fmt.Sprintf("%s*%d", o.Qualifier, o.Scope)
		}
	}
	return "{" + strings.Join(names, " ") + "}"
}

// refusalOf is the code of a refusal and the text from its place on.
func refusalOf(t *testing.T, sql string, err error) string {
	t.Helper()
	var list diag.List
	if !errors.As(err, &list) || len(list) != 1 {
		t.Fatalf("%s\nnot one refusal: %v", sql, err)
	}
	at := list[0].Subject.Start.Byte
	if at > len(sql) {
		t.Fatalf("the refusal points past the end: %d", at)
	}
	return list[0].Code + " " + sql[at:]
}
