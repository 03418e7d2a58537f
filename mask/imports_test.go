package mask_test

import (
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
)

// Arrows run one way (design.md, 2): mask knows nothing of filter, nor of anything above it.
func TestMaskImportsNothingAboveIt(t *testing.T) {
	for _, folder := range []string{".", "value"} {
		files, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if !strings.HasSuffix(f.Name(), ".go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), folder+"/"+f.Name(), nil, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range file.Imports {
				path := strings.Trim(i.Path.Value, `"`)
				if strings.HasPrefix(path, "github.com/utdrag/") && !strings.HasPrefix(path, "github.com/utdrag/utdrag/mask") {
					t.Errorf("%s imports %s", f.Name(), path)
				}
			}
		}
	}
}
