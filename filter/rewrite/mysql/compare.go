package mysql

import (
	"reflect"
	"strings"

	"github.com/pingcap/tidb/pkg/parser/ast"
	"github.com/pingcap/tidb/pkg/parser/test_driver"
)

// comparison compares two trees, field by field, whatever fields the library gives its nodes.
type comparison struct {
	// twins are the tables and common table expressions of the left tree with those of the right one.
	twins map[ast.Node]ast.Node
}

// unmeant are the fields that say where something stood, or how it was written, and not what it means.
var unmeant = map[string]bool{
	"SelectField.Offset":                  true, // a place
	"SelectStmt.QueryBlockOffset":         true, // a place
	"ParamMarkerExpr.Offset":              true, // a place
	"ParamMarkerExpr.Order":               true, // a place; the number of them is compared by walking
	"SelectStmt.IsInBraces":               true, // ORDER BY and LIMIT hang where they belong
	"SelectStmt.WithBeforeBraces":         true, // WITH hangs where it belongs
	"SetOprStmt.IsInBraces":               true,
	"Join.ExplicitParens":                 true, // the tree has the order of joins
	"ByItem.NullOrder":                    true, // whether ASC was written
	"OrderByClause.ForUnion":              true,
	"FuncCallExpr.Tp":                     true, // whether the name is printed in quotes
	"SelectStmtOpts.ExplicitAll":          true, // ALL is the default
	"CommonTableExpression.ConsumerCount": true, // a planner's
	"CIStr.O":                             true, // compared as L, except in names: see sameName
	"ValueExpr.projectionOffset":          true, // a planner's
}

// functionName is the field whose case doesn't matter.
const functionName = "FuncCallExpr.FnName"

func (c *comparison) same(a, b reflect.Value) bool {
	a, b = bare(a), bare(b)
	if a.IsValid() != b.IsValid() {
		return false
	}
	if !a.IsValid() {
		return true
	}
	if a.Type() != b.Type() {
		return false
	}
	switch a.Kind() {
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() == b.IsNil()
		}
		if same, decimal := sameDecimal(a, b); decimal {
			return same
		}
		c.twin(a, b)
		return c.same(a.Elem(), b.Elem())
	case reflect.Interface:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() == b.IsNil()
		}
		return c.same(a.Elem(), b.Elem())
	case reflect.Slice, reflect.Array:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !c.same(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Struct:
		return c.sameFields(a, b)
	case reflect.String:
		return a.String() == b.String()
	case reflect.Bool:
		return a.Bool() == b.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return a.Int() == b.Int()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return a.Uint() == b.Uint()
	case reflect.Float32, reflect.Float64:
		return a.Float() == b.Float()
	}
	return false // a kind that no node has
}

func (c *comparison) sameFields(a, b reflect.Value) bool {
	t := a.Type()
	if name, ok := ciStr(a); ok {
		other, _ := ciStr(b)
		return name == other
	}
	for i := range t.NumField() {
		f := t.Field(i)
		switch path := t.Name() + "." + f.Name; {
		case unmeant[path]:
		case path == functionName:
			x, _ := ciStr(a.Field(i))
			if y, _ := ciStr(b.Field(i)); !strings.EqualFold(x, y) {
				return false
			}
		case path == "AggregateFuncExpr.F", path == "WindowFuncExpr.Name":
			if !strings.EqualFold(a.Field(i).String(), b.Field(i).String()) {
				return false
			}
		case f.Anonymous && (f.Name == "node" || f.Name == "stmtNode" || f.Name == "dmlNode" || f.Name == "exprNode" || f.Name == "funcNode"):
			// the text and the place of a node, and the type of an expression, which follows from the rest
		case f.Name == "TexprNode": // of a literal: its type is part of what it says
			if !c.same(a.Field(i).FieldByName("Type"), b.Field(i).FieldByName("Type")) {
				return false
			}
		default:
			if !c.same(a.Field(i), b.Field(i)) {
				return false
			}
		}
	}
	return true
}

// sameDecimal compares two decimal literals by their digits: what the library keeps of .5 and of 0.5 differs.
func sameDecimal(a, b reflect.Value) (same, decimal bool) {
	if !a.CanInterface() || !b.CanInterface() {
		return false, false
	}
	x, ok := a.Interface().(*test_driver.ValueExpr)
	if !ok || x.Kind() != test_driver.KindMysqlDecimal {
		return false, false
	}
	y := b.Interface().(*test_driver.ValueExpr)
	return y.Kind() == test_driver.KindMysqlDecimal && x.GetMysqlDecimal().String() == y.GetMysqlDecimal().String(), true
}

// ciStr is a name as it is written.
func ciStr(v reflect.Value) (string, bool) {
	if v.Type() != reflect.TypeFor[ast.CIStr]() {
		return "", false
	}
	return v.FieldByName("O").String(), true
}

// bare is what stands in parentheses, of which printing adds some.
func bare(v reflect.Value) reflect.Value {
	for v.IsValid() && (v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer) && !v.IsNil() {
		inner := v
		if v.Kind() == reflect.Interface {
			inner = v.Elem()
		}
		if inner.Type() != reflect.TypeFor[*ast.ParenthesesExpr]() || inner.IsNil() {
			return v
		}
		v = inner.Elem().FieldByName("Expr")
	}
	return v
}

// twin notes two nodes that stand in the same place.
func (c *comparison) twin(a, b reflect.Value) {
	if !a.CanInterface() || !b.CanInterface() {
		return
	}
	switch n := a.Interface().(type) {
	case *ast.TableSource:
		c.twins[n], _ = b.Interface().(ast.Node)
	case *ast.CommonTableExpression:
		c.twins[n], _ = b.Interface().(ast.Node)
	}
}
