package mysql

import (
	"flag"
	goast "go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pingcap/tidb/pkg/parser/ast"

	"github.com/utdrag/utdrag/filter/rewrite"
)

var update = flag.Bool("update", false, "write the list of the library's nodes anew")

// handled are the nodes that the walk goes through, and the structs that hang on them.
var handled = strings.Fields(`
	SelectStmt SelectStmtOpts SetOprStmt SetOprSelectList WithClause CommonTableExpression FieldList SelectField WildCardField
	TableRefsClause Join TableSource TableName IndexHint OnCondition GroupByClause HavingClause OrderByClause ByItem Limit
	WindowSpec PartitionByClause FrameClause FrameExtent FrameBound
	ColumnName ColumnNameExpr ParenthesesExpr PositionExpr BinaryOperationExpr UnaryOperationExpr BetweenExpr PatternInExpr
	PatternLikeOrIlikeExpr PatternRegexpExpr IsNullExpr IsTruthExpr CaseExpr WhenClause RowExpr SetCollationExpr SubqueryExpr
	ExistsSubqueryExpr CompareSubqueryExpr FuncCallExpr FuncCastExpr AggregateFuncExpr WindowFuncExpr TimeUnitExpr
	TrimDirectionExpr GetFormatSelectorExpr ValueExpr ParamMarkerExpr
`)

// Every node type of the library is either handled or refused, and every field of one that is handled is known: a new
// type or field in a new version fails here, and somebody has to look at it.
func TestEveryNodeIsAccountedFor(t *testing.T) {
	got := nodes(t)
	golden := filepath.Join("testdata", "nodes.txt")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(got, "\n") {
		if !slices.Contains(strings.Split(string(want), "\n"), line) {
			t.Errorf("nobody has looked at this yet: %s", line)
		}
	}
	if got != string(want) && !t.Failed() {
		t.Error("the list has nodes that the library hasn't")
	}
}

// nodes lists the node types of the library, those that are handled with their fields.
func nodes(t *testing.T) string {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/pingcap/tidb/pkg/parser").Output()
	if err != nil {
		t.Fatal(err)
	}
	fields, accepts := map[string][]string{}, map[string]bool{}
	for _, folder := range []string{"ast", "test_driver"} {
		files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(out)), folder, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no source of the library: %v", err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			goast.Inspect(f, func(n goast.Node) bool {
				switch n := n.(type) {
				case *goast.TypeSpec:
					if s, ok := n.Type.(*goast.StructType); ok {
						fields[n.Name.Name] = names(s)
					}
				case *goast.FuncDecl:
					if n.Recv != nil && n.Name.Name == "Accept" {
						if star, ok := n.Recv.List[0].Type.(*goast.StarExpr); ok {
							accepts[star.X.(*goast.Ident).Name] = true
						}
					}
				}
				return true
			})
		}
	}
	var lines []string
	for _, name := range handled {
		if _, ok := fields[name]; !ok {
			t.Errorf("the library has no %s any more", name)
		}
		lines = append(lines, "handled "+name+": "+strings.Join(fields[name], " "))
	}
	for name := range accepts {
		if !slices.Contains(handled, name) {
			lines = append(lines, "refused "+name)
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n") + "\n"
}

func names(s *goast.StructType) []string {
	var all []string
	for _, f := range s.Fields.List {
		for _, n := range f.Names {
			all = append(all, n.Name)
		}
		if len(f.Names) == 0 {
			all = append(all, "embedded")
		}
	}
	return all
}

// stranger is a node that nobody knows.
type stranger struct{ ast.MaxValueExpr }

// The walk refuses nodes that it doesn't know, wherever they stand.
func TestUnknownNodesAreRefused(t *testing.T) {
	walk := func(change func(*walker)) rewrite.Code {
		l, err := lex("SELECT a FROM t", 0)
		if err != nil {
			t.Fatal(err)
		}
		query, err := parse(l.source)
		if err != nil {
			t.Fatal(err)
		}
		w := &walker{source: l.source, query: query, first: firstBlock(query), cover: newCover(l.source), statement: &rewrite.Statement{Source: l.source},
			scope: -1, commons: map[*ast.TableName]*common{}, fields: map[*ast.SelectField]string{}}
		w.statement.Scopes = []rewrite.Scope{{Parent: -1}}
		change(w)
		w.walkQuery(w.query, -1)
		code, _ := refusal(w.err)
		return code
	}
	for name, e := range map[string]ast.ExprNode{"unknown": &stranger{}, "maxvalue": &ast.MaxValueExpr{}, "crc32": &ast.JSONSumCrc32Expr{},
		"variable": &ast.VariableExpr{Name: "x"}} {
		if code := walk(func(w *walker) { w.first.Where = e }); code != rewrite.CodeConstruct {
			t.Errorf("%s in WHERE: %q", name, code)
		}
		if code := walk(func(w *walker) { w.first.Limit = &ast.Limit{Count: e} }); code != rewrite.CodeConstruct {
			t.Errorf("%s in LIMIT: %q", name, code)
		}
	}
	if code := walk(func(w *walker) { w.first.From.TableRefs.Left = &ast.TableSource{Source: &ast.SubqueryExpr{}} }); code != rewrite.CodeConstruct {
		t.Errorf("an unknown source: %q", code)
	}
	if code := walk(func(w *walker) { w.first.TableHints = []*ast.TableOptimizerHint{{}} }); code != rewrite.CodeHint {
		t.Errorf("a hint: %q", code)
	}
	if code := walk(func(w *walker) { w.first.SelectIntoOpt = &ast.SelectIntoOption{} }); code != rewrite.CodeWrites {
		t.Errorf("INTO: %q", code)
	}
	if code := walk(func(w *walker) {}); code != "" {
		t.Errorf("the query itself: %q", code)
	}
}
