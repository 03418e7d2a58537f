package postgres

import (
	"strings"

	"github.com/sqlc-dev/oliphant/ast"
	"github.com/utdrag/utdrag/filter/rewrite"
)

// outputName is how the server names a column of a result.
func outputName(t *ast.ResTarget) string {
	if t.Name != "" {
		return t.Name
	}
	if name, _ := nameOf(t.Val, 0); name != "" {
		return name
	}
	return "?column?"
}

// nameOf is the name that an expression gives a column, and whether that is better than the name of a type that it is
// converted to (https://www.postgresql.org/docs/current/queries-select-lists.html).
func nameOf(node *ast.Node, depth int) (name string, strong bool) {
	if depth > maxChain {
		return "", false
	}
	depth++
	switch n := node.GetNode().(type) {
	case *ast.Node_ColumnRef:
		return lastString(n.ColumnRef.Fields), true
	case *ast.Node_AIndirection:
		if name := lastString(n.AIndirection.Indirection); name != "" {
			return name, true
		}
		return nameOf(n.AIndirection.Arg, depth)
	case *ast.Node_FuncCall:
		return lastName(n.FuncCall), true
	case *ast.Node_AExpr:
		if n.AExpr.Kind == ast.A_Expr_Kind_AEXPR_NULLIF {
			return "nullif", true
		}
	case *ast.Node_TypeCast:
		if name, strong := nameOf(n.TypeCast.Arg, depth); strong {
			return name, true
		}
		return lastString(n.TypeCast.TypeName.GetNames()), false
	case *ast.Node_CollateClause:
		return nameOf(n.CollateClause.Arg, depth)
	case *ast.Node_CaseExpr:
		if name, strong := nameOf(n.CaseExpr.Defresult, depth); strong {
			return name, true
		}
		return "case", false
	case *ast.Node_AArrayExpr:
		return "array", true
	case *ast.Node_RowExpr:
		return "row", true
	case *ast.Node_CoalesceExpr:
		return "coalesce", true
	case *ast.Node_GroupingFunc:
		return "grouping", true
	case *ast.Node_MinMaxExpr:
		if n.MinMaxExpr.Op == ast.MinMaxOp_IS_LEAST {
			return "least", true
		}
		return "greatest", true
	case *ast.Node_SqlvalueFunction:
		name := strings.ToLower(strings.TrimPrefix(n.SqlvalueFunction.Op.String(), "SVFOP_"))
		return strings.TrimSuffix(name, "_n"), true
	case *ast.Node_SubLink:
		return subqueryName(n.SubLink, depth)
	}
	return "", false
}

func subqueryName(s *ast.SubLink, depth int) (string, bool) {
	switch s.SubLinkType {
	case ast.SubLinkType_EXISTS_SUBLINK:
		return "exists", true
	case ast.SubLinkType_ARRAY_SUBLINK:
		return "array", true
	case ast.SubLinkType_EXPR_SUBLINK:
		sel := s.Subselect.GetSelectStmt()
		for sel != nil && sel.Op != ast.SetOperation_SETOP_NONE {
			sel = sel.Larg
		}
		if targets := sel.GetTargetList(); len(targets) > 0 {
			if t := targets[0].GetResTarget(); t.GetName() != "" {
				return t.Name, true
			}
			name, _ := nameOf(targets[0].GetResTarget().GetVal(), depth)
			return name, name != ""
		}
		if len(sel.GetValuesLists()) > 0 {
			return "column1", true
		}
	}
	return "", false
}

func lastString(nodes []*ast.Node) string {
	for i := len(nodes) - 1; i >= 0; i-- {
		if s := nodes[i].GetString_().GetSval(); s != "" {
			return s
		}
	}
	return ""
}

// functionOutput are the columns of a function in FROM, as far as they don't depend on its alias.
func functionOutput(f *ast.FuncCall) []rewrite.Output {
	switch name := lastName(f); name {
	case "json_each", "jsonb_each", "json_each_text", "jsonb_each_text":
		return []rewrite.Output{{Name: "key"}, {Name: "value"}}
	case "json_array_elements", "jsonb_array_elements", "json_array_elements_text", "jsonb_array_elements_text":
		return []rewrite.Output{{Name: "value"}}
	case "json_to_record", "json_to_recordset", "jsonb_to_record", "jsonb_to_recordset":
		return nil
	default:
		outputs := []rewrite.Output{{Name: name}}
		for n := 1; name == "unnest" && n < len(f.Args); n++ {
			outputs = append(outputs, rewrite.Output{Name: name})
		}
		return outputs
	}
}

// constructs are words for what is not read.
var constructs = map[string]string{
	"XmlExpr": "an XML expression", "XmlSerialize": "XMLSERIALIZE", "RangeTableFunc": "XMLTABLE", "JsonTable": "JSON_TABLE", "SetToDefault": "DEFAULT",
	"CurrentOfExpr": "CURRENT OF", "MergeSupportFunc": "MERGE_ACTION", "NamedArgExpr": "a named argument", "MultiAssignRef": "an assignment",
	"JsonObjectConstructor": "JSON_OBJECT", "JsonArrayConstructor": "JSON_ARRAY", "JsonArrayQueryConstructor": "JSON_ARRAY", "JsonObjectAgg": "JSON_OBJECTAGG",
	"JsonArrayAgg": "JSON_ARRAYAGG", "JsonParseExpr": "JSON(…)", "JsonScalarExpr": "JSON_SCALAR", "JsonSerializeExpr": "JSON_SERIALIZE",
	"JsonFuncExpr": "JSON_VALUE, JSON_QUERY or JSON_EXISTS", "JsonIsPredicate": "IS JSON",
}

// describe names a construct that is not read.
func describe(n *ast.Node) string {
	m := n.ProtoReflect()
	if which := m.WhichOneof(m.Descriptor().Oneofs().Get(0)); which != nil {
		if words, ok := constructs[string(which.Message().Name())]; ok {
			return words
		}
	}
	return "this construct"
}
