package postgres

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sqlc-dev/oliphant/ast"
	"github.com/utdrag/utdrag/filter/rewrite"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

func parsed(t testing.TB, sql string) (*rewrite.Source, *ast.SelectStmt) {
	t.Helper()
	s, err := lex(sql)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return s, tree.Stmts[0].Stmt.GetSelectStmt()
}

// each calls visit for every message of a tree, from the outside in.
func each(m protoreflect.Message, visit func(protoreflect.Message)) {
	visit(m)
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case f.Message() == nil, f.Name() == "typmods":
		case f.IsList():
			for i := 0; i < v.List().Len(); i++ {
				each(v.List().Get(i).Message(), visit)
			}
		default:
			each(v.Message(), visit)
		}
		return true
	})
}

// unread are the fields that say nothing which the tokens don't.
var unread = map[string]bool{
	"SelectStmt.limit_option": true, // WITH TIES is told by the tokens, and must be in the tree
	"WindowDef.frame_options": true, // the words of a frame are claimed as they stand
	"A_Expr.rexpr_list_start": true,
	"A_Expr.rexpr_list_end":   true,
	"A_ArrayExpr.list_start":  true,
	"A_ArrayExpr.list_end":    true,
	"NamedArgExpr.argnumber":  true,
	"SortBy.location":         true,
	"TypeName.typmods":        true, // numbers, which are claimed as they stand
	"TypeName.typemod":        true,
	"A_Indices.is_slice":      true,
	"ColumnDef.is_local":      true,
	"Integer.ival":            true, // the bounds of an array type; for A_Const.ival see below
	"Node.integer":            true,
	"SQLValueFunction.op":     true, // the word itself is looked at
	"BoolExpr.location":       true, // of AND and OR, which are counted
}

// A tree that lacks anything of what the text says is refused. It stands in for a parser that passes something over.
func TestTreesThatLackSomethingAreRefused(t *testing.T) {
	for _, sql := range accepted {
		s, tree := parsed(t, sql)
		pairs, err := measure(s)
		if err != nil {
			t.Fatal(err)
		}
		original := proto.Clone(tree).(*ast.SelectStmt)
		messages := 0
		each(original.ProtoReflect(), func(protoreflect.Message) { messages++ })
		try := func(what string, change func(protoreflect.Message) bool, n int) {
			copied := proto.Clone(original).(*ast.SelectStmt)
			at, changed := 0, false
			each(copied.ProtoReflect(), func(m protoreflect.Message) {
				if at == n && !changed {
					changed = change(m)
				}
				at++
			})
			if !changed {
				return
			}
			if _, err := walk(s, pairs, copied); err == nil {
				t.Errorf("%s\nwas read without %s of message %d", sql, what, n)
			}
		}
		n := 0
		each(original.ProtoReflect(), func(m protoreflect.Message) {
			here := n
			n++
			m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
				name := fmt.Sprintf("%s.%s", m.Descriptor().Name(), f.Name())
				if unread[name] || strings.HasPrefix(name, "Node.") && f.Message().Name() == "A_Const" {
					return true
				}
				try(name, func(m protoreflect.Message) bool { m.Clear(f); return true }, here)
				if f.IsList() && v.List().Len() > 1 {
					try("the last of "+name, func(m protoreflect.Message) bool { l := m.Mutable(f).List(); l.Truncate(l.Len() - 1); return true }, here)
					try("the first of "+name, func(m protoreflect.Message) bool {
						l := m.Mutable(f).List()
						for i := 1; i < l.Len(); i++ {
							l.Set(i-1, l.Get(i))
						}
						l.Truncate(l.Len() - 1)
						return true
					}, here)
				}
				if f.Kind() == protoreflect.StringKind && !f.IsList() {
					try(name+" as it is", func(m protoreflect.Message) bool { m.Set(f, protoreflect.ValueOfString(v.String()+"x")); return true }, here)
				}
				return true
			})
		})
		if n != messages || n < 3 {
			t.Fatalf("%d messages of %d", n, messages)
		}
	}
}
