package filter_test

import (
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/schemamap"
)

// SQLite, on which the other cases are bound, folds case and has no synonyms.
func TestAllowedViews(t *testing.T) {
	for name, want := range map[string]string{"Calendar": "", "main.Calendar": "", "calendar": `did you mean "Calendar"?`, "Days": "it is a synonym: name the view that it stands for", "b.Calendar": `did you mean "Calendar"?`} {
		m, found := schemamap.Parse("map.hcl", []byte("version = 1\nprovider {\n  table = \"P\"\n  key   = \"Id\"\n}\nallowed {\n  views  = [\""+name+"\"]\n  reason = \"x\"\n}\n"))
		if m == nil {
			t.Fatal(found)
		}
		c := catalogOf(t, `CREATE TABLE P (Id INTEGER PRIMARY KEY); CREATE VIEW Calendar AS SELECT 1 AS Day`)
		c.FoldsCase = false
		c.SetViews(c.Views, []catalog.Name{{Schema: "main", Table: "Days"}})
		_, found = filter.Bind(m, c)
		if want == "" {
			if len(found) > 0 {
				t.Errorf("%s: %v", name, found)
			}
			continue
		}
		if len(found) != 1 || found[0].Code != filter.CodeUnknownView || found[0].Advice != want || !strings.HasPrefix(found[0].Subject.String(), "map.hcl:7:13") {
			t.Errorf("%s: %v", name, found)
		}
	}
}
