package tsql

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
)

// handled are teesql's node types that the walk goes into, with every field that they have: those that it visits or demands to
// be empty, and after a bar those that hold nothing but words.
var handled = map[string]string{
	"SelectStatement":                    "QueryExpression Into On OptimizerHints WithCtesAndXmlNamespaces",
	"WithCtesAndXmlNamespaces":           "XmlNamespaces CommonTableExpressions ChangeTrackingContext",
	"XmlNamespaces":                      "XmlNamespacesElements",
	"XmlNamespacesDefaultElement":        "String",
	"XmlNamespacesAliasElement":          "String Identifier",
	"CommonTableExpression":              "ExpressionName Columns QueryExpression",
	"QuerySpecification":                 "TopRowFilter SelectElements FromClause WhereClause GroupByClause HavingClause WindowClause OrderByClause OffsetClause ForClause | UniqueRowFilter",
	"BinaryQueryExpression":              "All FirstQueryExpression SecondQueryExpression OrderByClause | BinaryQueryExpressionType",
	"QueryParenthesisExpression":         "QueryExpression",
	"TopRowFilter":                       "Expression | Percent WithTies",
	"OffsetClause":                       "OffsetExpression FetchExpression",
	"SelectScalarExpression":             "Expression ColumnName",
	"SelectStarExpression":               "Qualifier",
	"IdentifierOrValueExpression":        "Identifier ValueExpression | Value",
	"FromClause":                         "TableReferences",
	"WhereClause":                        "SearchCondition Cursor",
	"GroupByClause":                      "GroupingSpecifications | GroupByOption All",
	"HavingClause":                       "SearchCondition",
	"WindowClause":                       "WindowDefinition",
	"WindowDefinition":                   "WindowName RefWindowName Partitions OrderByClause",
	"OrderByClause":                      "OrderByElements",
	"ExpressionWithSortOrder":            "Expression | SortOrder",
	"ExpressionGroupingSpecification":    "Expression DistributedAggregation",
	"RollupGroupingSpecification":        "Arguments",
	"CubeGroupingSpecification":          "Arguments",
	"CompositeGroupingSpecification":     "Items",
	"GroupingSetsGroupingSpecification":  "Arguments",
	"GrandTotalGroupingSpecification":    "",
	"NamedTableReference":                "SchemaObject TableSampleClause TemporalClause Alias TableHints ForPath",
	"QueryDerivedTable":                  "QueryExpression Columns Alias ForPath",
	"InlineDerivedTable":                 "RowValues Alias Columns ForPath",
	"RowValue":                           "ColumnValues",
	"JoinParenthesisTableReference":      "Join ForPath",
	"QualifiedJoin":                      "SearchCondition FirstTableReference SecondTableReference | QualifiedJoinType JoinHint",
	"UnqualifiedJoin":                    "FirstTableReference SecondTableReference | UnqualifiedJoinType",
	"GlobalFunctionTableReference":       "Name Parameters Alias Columns ForPath",
	"OpenJsonTableReference":             "Variable RowPattern SchemaDeclarationItems Alias ForPath",
	"SchemaDeclarationItemOpenjson":      "ColumnDefinition Mapping | AsJson",
	"ColumnDefinitionBase":               "ColumnIdentifier DataType Collation",
	"SchemaObjectFunctionTableReference": "SchemaObject Parameters Alias Columns ForPath",
	"PivotedTableReference":              "TableReference InColumns PivotColumn ValueColumns AggregateFunctionIdentifier Alias ForPath",
	"UnpivotedTableReference":            "TableReference InColumns PivotColumn ValueColumn NullHandling Alias ForPath",
	"SchemaObjectName":                   "Identifiers | ServerIdentifier DatabaseIdentifier SchemaIdentifier BaseIdentifier Count",
	"MultiPartIdentifier":                "Identifiers | Count",
	"Identifier":                         "| Value QuoteType IsSqlCmd",
	"ColumnReferenceExpression":          "ColumnType MultiPartIdentifier Collation",
	"StringLiteral":                      "| LiteralType IsNational IsLargeObject Value",
	"IntegerLiteral":                     "| LiteralType Value",
	"NumericLiteral":                     "| LiteralType Value",
	"RealLiteral":                        "| LiteralType Value",
	"MoneyLiteral":                       "| LiteralType Value",
	"BinaryLiteral":                      "| LiteralType Value IsLargeObject",
	"NullLiteral":                        "| LiteralType Value",
	"MaxLiteral":                         "| LiteralType Value",
	"OdbcLiteral":                        "| LiteralType OdbcLiteralType IsNational Value",
	"VariableReference":                  "| Name",
	"ParameterlessCall":                  "ParameterlessCallType Collation",
	"BinaryExpression":                   "FirstExpression SecondExpression | BinaryExpressionType",
	"UnaryExpression":                    "Expression | UnaryExpressionType",
	"ParenthesisExpression":              "Expression",
	"ScalarSubquery":                     "QueryExpression Collation",
	"SearchedCaseExpression":             "WhenClauses ElseExpression Collation",
	"SearchedWhenClause":                 "WhenExpression ThenExpression",
	"SimpleCaseExpression":               "InputExpression WhenClauses ElseExpression Collation",
	"SimpleWhenClause":                   "WhenExpression ThenExpression",
	"AtTimeZoneCall":                     "DateValue TimeZone",
	"FunctionCall":                       "CallTarget FunctionName Parameters WithinGroupClause OverClause WithArrayWrapper Collation JsonParameters | UniqueRowFilter IgnoreRespectNulls TrimOptions AbsentOrNullOnNull",
	"MultiPartIdentifierCallTarget":      "MultiPartIdentifier",
	"ExpressionCallTarget":               "Expression",
	"JsonKeyValue":                       "JsonKeyName JsonValue",
	"WithinGroupClause":                  "OrderByClause HasGraphPath",
	"OverClause":                         "WindowName Partitions OrderByClause WindowFrameClause",
	"WindowFrameClause":                  "Top Bottom | WindowFrameType",
	"WindowDelimiter":                    "OffsetValue | WindowDelimiterType",
	"CastCall":                           "DataType Parameter Collation",
	"TryCastCall":                        "DataType Parameter Collation",
	"ConvertCall":                        "DataType Parameter Style Collation",
	"TryConvertCall":                     "DataType Parameter Style Collation",
	"ParseCall":                          "StringValue DataType Culture",
	"TryParseCall":                       "StringValue DataType Culture",
	"CoalesceExpression":                 "Expressions",
	"NullIfExpression":                   "FirstExpression SecondExpression",
	"IIfCall":                            "Predicate ThenExpression ElseExpression",
	"DefaultLiteral":                     "| LiteralType Value",
	"LeftFunctionCall":                   "Parameters",
	"RightFunctionCall":                  "Parameters",
	"SqlDataTypeReference":               "Parameters Name | SqlDataTypeOption",
	"XmlDataTypeReference":               "XmlSchemaCollection Name | XmlDataTypeOption",
	"UserDataTypeReference":              "Name Parameters",
	"BooleanBinaryExpression":            "FirstExpression SecondExpression | BinaryExpressionType",
	"BooleanComparisonExpression":        "FirstExpression SecondExpression | ComparisonType",
	"BooleanTernaryExpression":           "FirstExpression SecondExpression ThirdExpression | TernaryExpressionType",
	"BooleanInExpression":                "Expression Values Subquery | NotDefined SubqueryFragment",
	"BooleanIsNullExpression":            "Expression | IsNot",
	"BooleanLikeExpression":              "FirstExpression SecondExpression EscapeExpression OdbcEscape | NotDefined",
	"BooleanNotExpression":               "Expression",
	"BooleanParenthesisExpression":       "Expression",
	"DistinctPredicate":                  "FirstExpression SecondExpression | IsNot",
	"ExistsPredicate":                    "Subquery",
	"SubqueryComparisonPredicate":        "Expression Subquery | ComparisonType SubqueryComparisonPredicateType",
}

// refusedNodes are the types that a SELECT can lead to and that the walk refuses, by name or by its default.
var refusedNodes = strings.Fields(`EventDeclarationCompareFunctionParameter GraphMatchCompositeExpression GraphMatchLastNodePredicate
	GraphMatchRecursivePredicate OpenRowsetCosmos SourceDeclaration AdHocTableReference BooleanScalarPlaceholder BrowseForClause BuiltInFunctionTableReference BulkOpenRowset
	ChangeTableChangesTableReference ChangeTableVersionTableReference CursorId DataModificationTableReference
	ExtractFromExpression ForceSeekTableHint FullTextPredicate FullTextTableReference GlobalVariableExpression GraphMatchPredicate
	IdentifierLiteral IdentityFunctionCall IndexTableHint InternalOpenRowset JsonForClause LiteralOptimizerHint LiteralTableHint
	NextValueForExpression OdbcConvertSpecification OdbcFunctionCall OdbcQualifiedJoinTableReference OpenQueryTableReference
	OpenRowsetTableReference OpenXmlTableReference OptimizeForOptimizerHint OptimizerHint PartitionFunctionCall PredictTableReference
	ReadOnlyForClause SelectSetVariable SemanticTableReference TSEqualCall TableHint TableHintsOptimizerHint TableSampleClause
	TemporalClause UpdateCall UpdateForClause UseHintList UserDefinedTypeCallTarget UserDefinedTypePropertyAccess
	VariableMethodCallTableReference VariableTableReference XmlForClause`)

// library is what teesql's package ast declares: the fields of every struct with their types, and the marks of every type.
type library struct {
	fields map[string]map[string][]string // type, field, the types named in the field's type
	order  map[string][]string
	marks  map[string][]string // method, the types that have it
	faces  map[string][]string // interface, its methods
}

func readLibrary(t *testing.T) library {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/sqlc-dev/teesql").Output()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "ast", "*.go"))
	if err != nil || len(files) < 200 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	l := library{map[string]map[string][]string{}, map[string][]string{}, map[string][]string{}, map[string][]string{}}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil {
				l.marks[f.Name.Name] = append(l.marks[f.Name.Name], namesIn(f.Recv.List[0].Type)...)
			}
			if g, ok := d.(*ast.GenDecl); ok {
				for _, s := range g.Specs {
					if spec, ok := s.(*ast.TypeSpec); ok {
						l.declare(spec)
					}
				}
			}
		}
	}
	return l
}

func (l library) declare(spec *ast.TypeSpec) {
	name := spec.Name.Name
	switch d := spec.Type.(type) {
	case *ast.StructType:
		l.fields[name] = map[string][]string{}
		for _, f := range d.Fields.List {
			for _, n := range f.Names {
				l.fields[name][n.Name] = namesIn(f.Type)
				l.order[name] = append(l.order[name], n.Name)
			}
		}
	case *ast.InterfaceType:
		for _, m := range d.Methods.List {
			for _, n := range m.Names {
				l.faces[name] = append(l.faces[name], n.Name)
			}
		}
	}
}

// namesIn are the names in a type.
func namesIn(e ast.Expr) []string {
	var names []string
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			names = append(names, id.Name)
		}
		return true
	})
	return names
}

// Every type that a SELECT's tree can hold is handled or refused, and every field of a handled one is known. A new version of
// teesql that has more fails here.
func TestEveryNodeTypeIsKnown(t *testing.T) {
	l := readLibrary(t)
	for name, fields := range handled {
		want := strings.Fields(strings.ReplaceAll(fields, "|", " "))
		have := slices.Clone(l.order[name])
		sort.Strings(want)
		sort.Strings(have)
		if _, ok := l.fields[name]; !ok || !slices.Equal(want, have) {
			t.Errorf("%s has the fields %v, and known are %v", name, have, want)
		}
	}
	seen := map[string]bool{}
	todo := []string{"SelectStatement"}
	for len(todo) > 0 {
		name := todo[0]
		todo = todo[1:]
		if seen[name] {
			continue
		}
		seen[name] = true
		if methods, ok := l.faces[name]; ok {
			for _, m := range methods {
				todo = append(todo, l.marks[m]...)
			}
			continue
		}
		if _, ok := l.fields[name]; !ok || name == "Fragment" {
			continue
		}
		if _, ok := handled[name]; ok {
			for _, types := range l.fields[name] {
				todo = append(todo, types...)
			}
			continue
		}
		if !slices.Contains(refusedNodes, name) {
			t.Errorf("%s is neither handled nor refused", name)
		}
	}
	for name := range handled {
		if !seen[name] {
			t.Errorf("%s can't stand in a SELECT", name)
		}
	}
	for _, name := range refusedNodes {
		if !seen[name] {
			t.Errorf("%s can't stand in a SELECT, and needs no refusal", name)
		}
	}
}

// What the table above calls handled, the walk names: a type's own name, or a field of it that isn't of words only.
func TestHandledTypesAreWalked(t *testing.T) {
	files, err := filepath.Glob("walk*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	selected, cases := map[string]bool{}, map[string]bool{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				selected[s.Sel.Name] = true
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "ast" {
					cases[s.Sel.Name] = true
				}
			}
			return true
		})
	}
	for name, fields := range handled {
		visited, _, _ := strings.Cut(fields, "|")
		for _, f := range strings.Fields(visited) {
			if !selected[f] {
				t.Errorf("%s.%s is never looked at", name, f)
			}
		}
	}
	refusing := set("SelectSetVariable FullTextPredicate PartitionFunctionCall NextValueForExpression IdentityFunctionCall")
	for name := range cases {
		if _, ok := handled[name]; !ok && !refusing[name] && !interfaces[name] {
			t.Errorf("the walk names %s, which the table lacks", name)
		}
	}
}

var interfaces = set("ScalarExpression BooleanExpression QueryExpression TableReference SelectElement GroupingSpecification DataTypeReference Fragment")
