package run_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/plan/pack"
	"github.com/utdrag/utdrag/plan/run"
)

// TestMutationManifest edits the evidence that a copy carries. Each edit must be found with no source at hand.
func TestMutationManifest(t *testing.T) {
	s := newScene(t, mutationSQL, mutationMap)
	good := s.copy()
	report := ask(t, good, "SELECT document FROM utdrag_manifest WHERE name = 'report'")
	edit := func(change func(*run.Report)) func(*scene, string) {
		return func(s *scene, path string) { s.editReport(path, change) }
	}
	text := func(text string) func(*scene, string) {
		return func(s *scene, path string) { setReport(s.t, path, text) }
	}
	sql := func(text string) func(*scene, string) {
		return func(s *scene, path string) { change(s.t, path, text) }
	}
	for _, c := range []struct {
		name string
		do   func(*scene, string)
		want string
	}{
		{"a number of rows", edit(func(r *run.Report) { r.Tables[3].Rows++ }), "UV001"},
		{"a number of bytes", edit(func(r *run.Report) { r.Tables[len(r.Tables)-1].Bytes++ }), "UV003"},
		{"a digest", edit(func(r *run.Report) { r.Tables[0].Content = r.Tables[1].Content }), "UV003"},
		{"an empty digest", edit(func(r *run.Report) { r.Tables[0].Content = "" }), "UV003"},
		{"a table missing", edit(func(r *run.Report) { r.Tables = r.Tables[1:] }), "UV008"},
		{"no tables", edit(func(r *run.Report) { r.Tables = nil }), "UV008"},
		{"a table twice", edit(func(r *run.Report) { r.Tables = append(r.Tables, r.Tables[0]) }), "UV008"},
		{"tables in another order", edit(func(r *run.Report) { slices.Reverse(r.Tables) }), "UV008"},
		{"another provider", edit(func(r *run.Report) { r.Request.Provider = "SE2" }), "UV008"},
		{"units", edit(func(r *run.Report) { r.Plan = strings.ToUpper(r.Plan) }), "UV008"},
		{"another map", edit(func(r *run.Report) { r.Map = r.Catalog }), "UV008"},
		{"another catalog", edit(func(r *run.Report) { r.Catalog = r.Map }), "UV008"},
		{"another plan", edit(func(r *run.Report) { r.Plan = r.Map }), "UV008"},
		{"another engine", edit(func(r *run.Report) { r.Engine = "postgres" }), "UV008"},
		{"not JSON", text("{"), "UV010"},
		{"something after it", text(report + " {}"), "UV010"},
		{"an unknown field", text(strings.Replace(report, `"engine"`, `"motor":1,"engine"`, 1)), "UV010"},
		{"an empty report", text(""), "UV010"},
		{"a report that is a list", text("[]"), "UV010"},
		{"a report of nothing", text("null"), "UV008"},
		{"no report", sql("DELETE FROM utdrag_manifest WHERE name = 'report'"), "UV010"},
		{"a report that is a blob", sql("UPDATE utdrag_manifest SET document = x'7b7d' WHERE name = 'report'"), "UV010"},
		{"no catalog", sql("DELETE FROM utdrag_manifest WHERE name = 'catalog'"), "UV010"},
		{"a damaged catalog", sql("UPDATE utdrag_manifest SET document = replace(document, 'TEXT', 'TEXTS') WHERE name = 'catalog'"), "UV008"},
		{"a catalog that can't be read", sql("UPDATE utdrag_manifest SET document = substr(document, 2) WHERE name = 'catalog'"), "UV010"},
		{"a third document", sql("INSERT INTO utdrag_manifest VALUES ('notes', 'another provider''s row')"), "UV010"},
		{"other columns", sql("ALTER TABLE utdrag_manifest RENAME COLUMN document TO text"), "UV010"},
		{"one column more", sql("ALTER TABLE utdrag_manifest ADD COLUMN secret TEXT"), "UV010"},
		{"no manifest", sql("DROP TABLE utdrag_manifest"), "UV010"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &scene{t: t, path: s.path, source: s.source, plan: s.plan}
			to := duplicate(t, good)
			c.do(s, to)
			if codes := s.verify(to, nil); !slices.Contains(codes, c.want) {
				t.Errorf("found %v, want %s", codes, c.want)
			}
		})
	}
}

// The copy is verified by the map and for the provider that the caller names, not by what it says of itself.
func TestVerifyByAnother(t *testing.T) {
	s := newScene(t, mutationSQL, mutationMap)
	to := s.copy()
	other := *s
	other.plan = build(t, s.source, mutationMap, filter.Request{Provider: "SE2"})
	if codes := other.verify(to, nil); !slices.Equal(codes, []string{"UV008"}) {
		t.Errorf("for another provider: %v", codes)
	}
	other.plan = build(t, s.source, strings.Replace(mutationMap, "redact", `constant("***")`, 1), filter.Request{Provider: "SE1"})
	if codes := other.verify(to, nil); !slices.Equal(codes, []string{"UV008"}) {
		t.Errorf("by another map: %v", codes)
	}
	m, found := schemamap.Parse("test.hcl", []byte(clinicMap))
	if found.Refused() {
		t.Fatal(found)
	}
	copied := open(t, to)
	if _, err := run.VerifyDatabase(t.Context(), m, filter.Request{Provider: "SE1"}, copied, run.VerifyOptions{}); err == nil {
		t.Error("by a map of another database: nothing was found")
	}
	if codes := s.verify(s.path, nil); !slices.Equal(codes, []string{"UV010"}) {
		t.Errorf("the source is no copy: %v", codes)
	}
}

// A source with a table of the manifest's name is refused, unless it is left out.
func TestManifestName(t *testing.T) {
	const tables = ownerSQL + "CREATE TABLE Utdrag_Manifest (name TEXT, document TEXT);"
	s := newScene(t, tables, mapHead+unitBlock+"reference {\n  tables = [\"Utdrag_Manifest\"]\n  reason = \"all\"\n}\n")
	if code, err := s.fails(); code != run.CodeManifestName {
		t.Errorf("got %v", err)
	}
	file := filepath.Join(t.TempDir(), "package")
	recipient, _ := keyPair(t)
	if _, err := run.Run(t.Context(), s.plan, s.source, run.NewPackage(file, run.PackageOptions{Recipients: []*pack.Recipient{recipient}, Tool: "test"}), run.Options{}); diag.CodeOf(err) != run.CodeManifestName {
		t.Errorf("into a package: %v", err)
	}
	newScene(t, tables, mapHead+unitBlock+"excluded {\n  tables = [\"Utdrag_Manifest\"]\n  reason = \"none\"\n}\n").copy()
}

// A report is JSON that comes back as it was.
func TestReportJSON(t *testing.T) {
	s := newScene(t, mutationSQL, mutationMap)
	var r run.Report
	text := ask(t, s.copy(), "SELECT document FROM utdrag_manifest WHERE name = 'report'")
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(r)
	if err != nil || string(again) != text {
		t.Errorf("%v\n%s\n%s", err, text, again)
	}
	rows, bytes := r.Rows()
	if rows != 21 || bytes <= 0 || r.Plan != s.plan.Hash || r.Snapshot == "" || len(r.Checks) < 5 {
		t.Errorf("%d rows, %d bytes: %s", rows, bytes, text)
	}
}

// A copy says nothing of how many rows the source has.
func TestNoRowEstimates(t *testing.T) {
	s := newScene(t, mutationSQL+"ANALYZE;", mutationMap)
	copied := s.copy()
	if text := ask(t, copied, "SELECT document FROM utdrag_manifest WHERE name = 'catalog'"); strings.Contains(text, "row_estimate") {
		t.Error("the catalog that the copy carries has row estimates")
	}
	if codes := s.verify(copied, nil); len(codes) > 0 {
		t.Errorf("the copy verifies with %v", codes)
	}
}
