package rewrite

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite golden files")

func TestPage(t *testing.T) {
	if *update {
		if err := os.WriteFile("REFUSALS.md", []byte(Page()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile("REFUSALS.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != Page() {
		t.Error("REFUSALS.md is not what codes.go says: go test ./filter/rewrite -run TestPage -update")
	}
}

// Every code that is declared is explained, once and in order.
func TestCodesAreExplained(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var declared []string
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
			if l, ok := v.Values[0].(*ast.BasicLit); ok {
				declared = append(declared, strings.Trim(l.Value, `"`))
			}
		}
		return true
	})
	if len(declared) != len(Codes) {
		t.Fatalf("%d codes are declared and %d explained", len(declared), len(Codes))
	}
	for i, e := range Codes {
		if string(e.Code) != declared[i] || e.Title == "" || e.Why == "" || e.Advice == "" {
			t.Errorf("%s: explained as %+v", declared[i], e)
		}
	}
}
