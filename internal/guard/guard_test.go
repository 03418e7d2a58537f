// Package guard keeps the house in order: what may stand at the top, which way imports run, what may be depended on.
package guard

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	root   = "../.."
	module = "github.com/utdrag/utdrag"
)

// The top level is fixed (design.md, 2).
func TestTopLevel(t *testing.T) {
	allowed := []string{"LICENSE", "README.md", "cmd", "examples", "filter", "go.mod", "go.sum", "internal", "mask", "plan", "testdata"}
	for _, name := range tracked(t) {
		top, _, _ := strings.Cut(name, "/")
		if !strings.HasPrefix(top, ".") && !slices.Contains(allowed, top) {
			t.Errorf("%s has no place at the top level", name)
		}
	}
}

// tracked are the files that git keeps; where there is no git, those that are there.
func tracked(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("git", "-C", root, "ls-files", "-z").Output()
	if err == nil && len(out) > 0 {
		return strings.Split(strings.TrimRight(string(out), "\x00"), "\x00")
	}
	var names []string
	err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(root, name)
			names = append(names, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// floors says for each room which rooms it may import. A room is named by its folder; what stands below a room belongs
// to it unless it has a line of its own. Tests may import more.
var floors = []struct {
	room string
	may  []string
}{
	{"mask/value", nil},
	{"mask", []string{"mask/value"}},
	{"filter/diag", nil},
	{"filter/catalog", []string{"mask", "filter/diag"}},
	{"filter/schemamap", []string{"mask", "filter/diag", "filter/catalog"}},
	{"internal/engine/engines", []string{"internal/engine", "filter/diag"}},
	{"internal/engine/transfer", []string{"mask", "filter", "plan", "internal/engine"}},
	{"internal/engine/enginetest", []string{"mask", "filter", "plan", "internal/engine"}},
	{"internal/engine", []string{"mask", "filter/diag", "filter/catalog", "internal/durable"}},
	{"internal/oracle", []string{"mask", "filter"}},
	{"internal/guard", nil},
	{"internal/durable", nil},
	{"filter", []string{"mask", "internal/engine"}},
	{"plan/pack", []string{"mask", "filter", "internal/durable"}},
	{"plan/run", []string{"mask", "filter", "plan", "plan/pack", "internal/engine"}},
	{"plan/deliver", []string{"mask", "filter", "plan", "plan/pack", "plan/run", "internal/durable"}},
	{"plan", []string{"mask", "filter", "internal/engine"}},
	{"cmd", []string{"mask", "filter", "plan", "examples", "internal/durable"}},
	{"examples", []string{"mask", "filter", "plan", "internal/engine/transfer", "internal/durable"}},
}

func within(room, folder string) bool { return folder == room || strings.HasPrefix(folder, room+"/") }

// Arrows run one way (design.md, 2).
func TestImports(t *testing.T) {
	for _, name := range tracked(t) {
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.Contains(name, "/testdata/") {
			continue
		}
		if _, err := os.Stat(filepath.Join(root, name)); err != nil {
			continue // deleted and not committed yet
		}
		folder := path.Dir(name)
		i := slices.IndexFunc(floors, func(f struct {
			room string
			may  []string
		}) bool {
			return within(f.room, folder)
		})
		if i < 0 {
			t.Errorf("%s stands in no room that this test knows", name)
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, name), nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range file.Imports {
			imported, ours := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), module+"/")
			if !ours || within(floors[i].room, imported) {
				continue
			}
			if !slices.ContainsFunc(floors[i].may, func(room string) bool { return within(room, imported) }) {
				t.Errorf("%s imports %s: arrows don't run that way", name, imported)
			}
		}
	}
}

// The oracle decides what is right, so it must not become part of what is judged.
func TestOracleIsForTests(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", module+"/cmd/utdrag", module+"/plan/run").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, not := range []string{module + "/internal/oracle", module + "/internal/engine/enginetest", module + "/internal/engine/postgres/pgtest", "testing", "pgregory.net/rapid"} {
		if slices.Contains(strings.Fields(string(out)), not) {
			t.Errorf("%s is part of the program", not)
		}
	}
}

// Direct dependencies are few and chosen. A new one is a decision: add it here with what it is good for.
func TestDependencies(t *testing.T) {
	allowed := map[string]string{
		"github.com/ProtonMail/go-crypto":    "OpenPGP",
		"github.com/agext/levenshtein":       "did you mean",
		"github.com/google/go-cmp":           "differences, in tests",
		"github.com/hashicorp/hcl/v2":        "the schema map's language",
		"github.com/jackc/pgx/v5":            "PostgreSQL",
		"github.com/klauspost/compress":      "zstd",
		"github.com/microsoft/go-mssqldb":    "SQL Server",
		"github.com/pingcap/tidb/pkg/parser": "where conditions",
		"github.com/rogpeppe/go-internal":    "testscript, in tests",
		"github.com/spf13/cobra":             "the command line",
		"github.com/pkg/sftp":                "SFTP",
		"github.com/robfig/cron/v3":          "intervals written as cron does",
		"github.com/sqlc-dev/meyer":          "the grammar of SQLite",
		"github.com/sqlc-dev/oliphant":       "the grammar of PostgreSQL",
		"github.com/sqlc-dev/teesql":         "the grammar of T-SQL",
		"github.com/zclconf/go-cty":          "values in HCL",
		"golang.org/x/crypto":                "SSH",
		"golang.org/x/sys":                   "files without a name, locks",
		"golang.org/x/term":                  "terminals",
		"golang.org/x/text":                  "Unicode normal forms and case folding",
		"google.golang.org/protobuf":         "the nodes of PostgreSQL's grammar are its messages",
		"modernc.org/libc":                   "memory for SQLite's C interface",
		"modernc.org/sqlite":                 "SQLite without cgo",
		"pgregory.net/rapid":                 "generated cases, in tests",
		"github.com/spf13/pflag":             "flags",
	}
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	direct := regexp.MustCompile(`(?m)^\s+(\S+) v\S+$`)
	found := direct.FindAllStringSubmatch(string(text), -1)
	if len(found) == 0 {
		t.Fatal("no direct dependency was found in go.mod")
	}
	for _, match := range found {
		if allowed[match[1]] == "" {
			t.Errorf("%s is a direct dependency that nobody decided on", match[1])
		}
	}
}

// Work places, registries and other people's names stay out of what we publish.
func TestNothingOfTheWorkplace(t *testing.T) {
	workplace := regexp.MustCompile(`/work/|` + `\.library|proxy\.golang` + `\.org`)
	for _, name := range tracked(t) {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil || strings.HasPrefix(name, "internal/guard/") {
			continue
		}
		if at := workplace.FindString(string(text)); at != "" {
			t.Errorf("%s mentions %s", name, at)
		}
	}
}
