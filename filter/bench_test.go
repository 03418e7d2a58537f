package filter_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sqlc-dev/meyer/parser"

	"github.com/utdrag/utdrag/examples/pmo"
	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/plan/run"
)

// queries have about 5, 50 and 500 tokens.
var queries = map[int]string{
	5:   "SELECT Id FROM Visit",
	50:  "SELECT u.Name, COUNT(*) AS visits, MAX(v.StartedAt) AS latest FROM Visit AS v JOIN CareUnit AS u ON u.Id = v.CareUnitId WHERE v.StartedAt >= '2020-01-01' AND v.EndedAt IS NOT NULL GROUP BY u.Name ORDER BY 2 DESC",
	500: "SELECT " + strings.TrimSuffix(strings.Repeat("CASE WHEN v.StartedAt < '2020-01-01' THEN 1 ELSE 0 END + v.Id, ", 25), ", ") + " FROM Visit AS v",
}

func journal(b testing.TB) *filter.Schema {
	b.Helper()
	path := filepath.Join(b.TempDir(), "journal.db")
	if err := pmo.Generate(context.Background(), path, pmo.Options{Scale: 0.02}); err != nil {
		b.Fatal(err)
	}
	source, err := run.Open(context.Background(), "sqlite:"+path)
	if err != nil {
		b.Fatal(err)
	}
	defer source.Close()
	c, err := source.Catalog(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	m, _ := schemamap.Parse("pmo.hcl", []byte(pmo.Map))
	schema, found := filter.Bind(m, c)
	if schema == nil {
		b.Fatal(found)
	}
	return schema
}

func BenchmarkRewrite(b *testing.B) {
	schema := journal(b)
	f, found := filter.New(schema.Map, schema.Catalog, filter.Request{Provider: "SE5500000012-1000"}, filter.Options{})
	if f == nil {
		b.Fatal(found)
	}
	for _, tokens := range []int{5, 50, 500} {
		b.Run(fmt.Sprintf("parse/%d", tokens), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := parser.ParseString(queries[tokens]); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("first/%d", tokens), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if _, err := f.Rewrite(fmt.Sprintf("%s -- %d", queries[tokens], i)); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("again/%d", tokens), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := f.Rewrite(queries[tokens]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
