package sqlite

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	meyer "github.com/sqlc-dev/meyer/ast"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// handled are the node types that the walk knows, with every field that it visits, checks, or may ignore because a token
// says the same.
var handled = map[string]string{
	"SelectStmt": "With Cores Ops", "CompoundOp": "Op All", "SelectQuery": "Distinct Columns From Where GroupBy Having Windows OrderBy Limit",
	"ValuesClause": "Rows", "ResultColumn": "Expr Alias HasAs", "JoinOperator": "Type Words",
	"TableRef":     "Join Name Args HasArgs Select List Alias HasAs IndexedBy NotIndexed On Using",
	"OrderingTerm": "Expr Order Nulls", "Limit": "Count Offset Comma", "With": "Recursive CTEs", "CTE": "Name Columns Materialized Select",
	"FrameBound": "Type Expr", "WindowDef": "Name Base NameOnly Partition OrderBy Frame StartBound EndBound Exclude",
	"Ident": "Name Raw Quote", "QualifiedName": "Schema Name", "QualifiedRef": "Parts", "Star": "Table", "Literal": "Kind Value Raw",
	"BindParam": "Kind Number Name Raw", "BinaryExpr": "Op X Y", "UnaryExpr": "Op X", "ParenExpr": "X", "LikeExpr": "Op Not X Y Escape",
	"IsExpr": "Not Distinct X Y", "NullCheckExpr": "Test X", "BetweenExpr": "Not X Lo Hi", "InExpr": "Not X Parens List Select Table Args HasArgs",
	"CaseExpr": "Operand Whens Else", "CaseWhen": "When Then", "CastExpr": "X Type", "CollateExpr": "X Name",
	"FuncCall": "Name Distinct All Star Args OrderBy Filter Over", "ExistsExpr": "Select", "SubqueryExpr": "Select", "VectorExpr": "List",
	"TypeName": "Name Args Raw",
}

// refused are the node types that no query may hold, or that only statements have which are no SELECT.
var refused = []string{
	"RaiseExpr", "CreateTableStmt", "TableOption", "ColumnDef", "ColumnConstraint", "TableConstraint", "IndexedColumn", "ForeignKeyClause",
	"ForeignKeyArg", "DeferClause", "CreateIndexStmt", "CreateViewStmt", "CreateTriggerStmt", "CreateVirtualTableStmt", "AlterTableStmt",
	"DropTableStmt", "DropViewStmt", "DropIndexStmt", "DropTriggerStmt", "InsertStmt", "Upsert", "SetPair", "UpdateStmt", "DeleteStmt",
	"BeginStmt", "CommitStmt", "RollbackStmt", "SavepointStmt", "ReleaseStmt", "AttachStmt", "DetachStmt", "PragmaStmt", "VacuumStmt",
	"AnalyzeStmt", "ReindexStmt", "ExplainStmt",
}

// Every node type of the library and every field of those that are handled is known here: an upgrade that brings another
// one fails.
func TestEveryNodeIsKnown(t *testing.T) {
	found := map[string]bool{}
	for name, fields := range libraryStructs(t) {
		if name == "Span" || !slices.Contains(fields, "Span") {
			continue // no node
		}
		found[name] = true
		known, ok := handled[name]
		if !ok {
			if !slices.Contains(refused, name) {
				t.Errorf("the node %s is neither handled nor refused", name)
			}
			continue
		}
		if got := strings.Join(fields, " "); got != "Span "+known {
			t.Errorf("the fields of %s are %s, not Span %s", name, got, known)
		}
	}
	for name := range handled {
		if !found[name] {
			t.Errorf("the library has no %s", name)
		}
	}
	for _, name := range refused {
		if !found[name] {
			t.Errorf("the library has no %s", name)
		}
	}
}

// libraryStructs are the struct types of the library's tree with their fields, embedded ones by type, from its source.
func libraryStructs(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/sqlc-dev/meyer/ast").Output()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(out)), "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatal("the library's source isn't there", err)
	}
	structs := map[string][]string{}
	for _, file := range files {
		tree, err := parser.ParseFile(gotoken.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range tree.Decls {
			general, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, s := range general.Specs {
				spec, ok := s.(*ast.TypeSpec)
				if !ok || strings.HasSuffix(file, "_test.go") {
					continue
				}
				body, ok := spec.Type.(*ast.StructType)
				if !ok {
					continue
				}
				fields := []string{}
				for _, f := range body.Fields.List {
					for _, n := range f.Names {
						fields = append(fields, n.Name)
					}
					if len(f.Names) == 0 {
						fields = append(fields, f.Type.(*ast.Ident).Name)
					}
				}
				structs[spec.Name.Name] = fields
			}
		}
	}
	return structs
}

// The accepted queries hold every node type that is handled, and set each of its fields at least once, so that the tests
// over them miss none.
func TestCorpusHoldsEveryNode(t *testing.T) {
	set := map[string]bool{}
	for _, query := range accepted {
		s, tree := parsed(t, query)
		if err := walk(s, tree); err != nil {
			t.Errorf("%s\n%v", query, err)
		}
		each(reflect.ValueOf(tree), func(node reflect.Value, field int) {
			if f := node.Type().Field(field); !node.Field(field).IsZero() {
				set[node.Type().Name()+"."+f.Name] = true
			}
		})
	}
	// An operand's position, a mark and a name are set in parameters that the canonical text doesn't have; IN with a table is
	// refused.
	never := "BindParam.Name InExpr.Table InExpr.Args InExpr.HasArgs"
	for name, fields := range handled {
		for _, f := range strings.Fields(fields) {
			if key := name + "." + f; !set[key] && !strings.Contains(never, key) {
				t.Errorf("no accepted query sets %s", key)
			}
		}
	}
}

// Whatever the library loses, the walk or the coverage notices: each field of each node that holds a node, or says that a
// keyword is there, is emptied in turn.
func TestNothingCanGoMissing(t *testing.T) {
	tried := 0
	for _, query := range accepted {
		s, tree := parsed(t, query)
		each(reflect.ValueOf(tree), func(node reflect.Value, i int) {
			field, name := node.Field(i), node.Type().Name()+"."+node.Type().Field(i).Name
			switch field.Kind() {
			case reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Bool:
			default:
				return
			}
			// What these say is read from the tokens, or said twice.
			if field.IsZero() || strings.Contains("JoinOperator.Words TypeName.Args", name) {
				return
			}
			kept := reflect.New(field.Type()).Elem()
			kept.Set(field)
			field.SetZero()
			defer field.Set(kept)
			tried++
			fresh := &rewrite.Statement{Source: s.Source}
			if err := walk(fresh, tree); err == nil {
				t.Errorf("%s\n%s went missing and nobody noticed", query, name)
			}
			// Of a list, one item less.
			if n := kept.Len; kept.Kind() == reflect.Slice && n() > 1 {
				field.Set(kept.Slice(0, n()-1))
				fresh := &rewrite.Statement{Source: s.Source}
				if err := walk(fresh, tree); err == nil {
					t.Errorf("%s\nthe last of %s went missing and nobody noticed", query, name)
				}
			}
		})
	}
	if tried < 500 {
		t.Errorf("only %d fields were emptied", tried)
	}
}

func parsed(t *testing.T, query string) (*rewrite.Statement, *meyer.SelectStmt) {
	t.Helper()
	s, err := Syntax{}.Read(query)
	if err != nil {
		t.Fatalf("%s\n%v", query, err)
	}
	tree, err := parse(s.Source)
	if err != nil {
		t.Fatal(err)
	}
	return &rewrite.Statement{Source: s.Source}, tree
}

// each calls do for every field of every node of a tree.
func each(v reflect.Value, do func(node reflect.Value, field int)) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			each(v.Elem(), do)
		}
	case reflect.Slice:
		for i := range v.Len() {
			each(v.Index(i), do)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[meyer.Span]() {
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).Name == "Span" {
				continue
			}
			do(v, i)
			each(v.Field(i), do)
		}
	}
}
