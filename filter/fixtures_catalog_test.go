package filter_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/internal/engine/engines"
)

// TestCatalogs takes the catalogs of the fixtures anew where there is an engine to ask. Those of SQL Server and MySQL are written
// by hand, and bound here.
func TestCatalogs(t *testing.T) {
	for _, dialect := range dialects {
		t.Run(dialect, func(t *testing.T) {
			file := filepath.Join(fixtures, dialect, "catalog.json")
			if url := journalDatabase(t, dialect); url != "" {
				source, err := engines.Open(context.Background(), url)
				if err != nil {
					t.Fatal(err)
				}
				defer source.Close()
				c, err := source.Catalog(context.Background())
				if err != nil {
					t.Fatal(err)
				}
				c.Database = "journal"
				for i := range c.Tables {
					c.Tables[i].RowEstimate = nil
				}
				var b strings.Builder
				if err := c.Write(&b); err != nil {
					t.Fatal(err)
				}
				if *update {
					if err := os.WriteFile(file, []byte(b.String()), 0o666); err != nil {
						t.Fatal(err)
					}
				}
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(text), b.String()); diff != "" {
					t.Errorf("(-file +database):\n%s", diff)
				}
			}
			var written strings.Builder
			if err := journalCatalog(t, dialect).Write(&written); err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(text), written.String()); diff != "" {
				t.Errorf("it is not as a catalog is written (-file +written):\n%s", diff)
			}
			for _, name := range []string{"schema.hcl", "cyclic.hcl"} {
				if _, found := filter.Bind(journalMap(t, dialect, name), journalCatalog(t, dialect)); len(found) > 0 {
					t.Errorf("%s: %v", name, found)
				}
			}
		})
	}
}
