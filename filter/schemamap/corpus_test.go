package schemamap

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestCorpus holds every map below testdata against its golden diagnostics. Those below bind are also bound to
// bindTable.
func TestCorpus(t *testing.T) {
	seen := map[string]bool{}
	for _, dir := range []string{"", "good", "bind"} {
		files, err := filepath.Glob(filepath.Join("testdata", dir, "*.hcl"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no maps in testdata/%s: %v", dir, err)
		}
		for _, file := range files {
			t.Run(filepath.ToSlash(file), func(t *testing.T) {
				src, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				name := filepath.Base(file)
				m, found := Parse(name, src)
				if (m == nil) != found.Refused() {
					t.Errorf("map %v, refused %v", m != nil, found.Refused())
				}
				if dir == "bind" {
					if m == nil {
						t.Fatalf("refused before binding:\n%v", found)
					}
					for i := range m.Tables {
						found = append(found, m.Tables[i].Where.Bind(bindTable(), true)...)
					}
				}
				if (dir == "good" || name == "good.hcl") && len(found) > 0 {
					t.Errorf("a good map is refused:\n%v", found)
				}
				for _, d := range found {
					seen[d.Code] = true
					checkDiagnostic(t, d)
				}
				golden(t, strings.TrimSuffix(file, ".hcl")+".diag", found.Error())
			})
		}
	}
	for _, c := range Codes() {
		if !seen[c.Code] {
			t.Errorf("no map in testdata is answered by %s: %s", c.Code, c.Meaning)
		}
		delete(seen, c.Code)
	}
	for code := range seen {
		t.Errorf("code %s is not in Codes", code)
	}
}

// checkDiagnostic holds one against the rules of style.md.
func checkDiagnostic(t *testing.T, d diag.Diagnostic) {
	t.Helper()
	switch {
	case d.Subject.File == "" || d.Subject.Start.Line < 1 || d.Subject.Start.Column < 1:
		t.Errorf("%s has no place: %v", d.Code, d)
	case d.Summary == "" || d.Advice == "":
		t.Errorf("%s says too little: %v", d.Code, d)
	case strings.HasSuffix(d.Summary, ".") || strings.HasSuffix(d.Advice, "."):
		t.Errorf("%s ends in a full stop: %v", d.Code, d)
	case strings.ContainsAny(d.Summary+d.Advice, "\n\x00"):
		t.Errorf("%s is more than a line: %q", d.Code, d.Error())
	case strings.Contains(d.Error(), "SELECT 1"):
		t.Errorf("%s quotes what the map doesn't hold: %v", d.Code, d)
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if got != "" {
		got += "\n"
	}
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; -update writes it):\n%s", file, diff)
	}
}

// bindTable has a column of every kind.
func bindTable() *catalog.Table {
	swedish := value.Collation{Name: "Finnish_Swedish_CI_AS", IgnoresCase: true, IgnoresTrailingSpace: true}
	t := &catalog.Table{Name: catalog.Name{Schema: "dbo", Table: "Visit"}}
	for _, c := range []struct {
		name string
		t    value.Type
	}{
		{"Int", value.Type{Kind: value.Integer}}, {"Int2", value.Type{Kind: value.Integer}},
		{"Num", value.Type{Kind: value.Number, Precision: 10, Scale: 2}}, {"Real", value.Type{Kind: value.Real}},
		{"Text", value.Type{Kind: value.String, Collation: swedish}}, {"Text2", value.Type{Kind: value.String, Collation: swedish}},
		{"Text3", value.Type{Kind: value.String}}, {"Bool", value.Type{Kind: value.Boolean}},
		{"Blob", value.Type{Kind: value.Binary}}, {"Day", value.Type{Kind: value.Date}},
		{"Clock", value.Type{Kind: value.TimeOfDay}}, {"At", value.Type{Kind: value.Timestamp}},
		{"At3", value.Type{Kind: value.Timestamp, Scale: 3}}, {"AtZone", value.Type{Kind: value.TimestampTZ}},
		{"Guid", value.Type{Kind: value.UUID}}, {"Guid2", value.Type{Kind: value.UUID}},
		{"Doc", value.Type{Kind: value.JSON}}, {"Markup", value.Type{Kind: value.XML}}, {"Any", value.Type{Kind: value.Variant}},
	} {
		t.Columns = append(t.Columns, catalog.Column{Name: c.name, Type: c.t, Nullable: true})
	}
	return t
}
