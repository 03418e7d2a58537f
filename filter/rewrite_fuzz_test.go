package filter_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/rewrite"
	"github.com/utdrag/utdrag/filter/rewrite/mysql"
	"github.com/utdrag/utdrag/filter/rewrite/postgres"
	"github.com/utdrag/utdrag/filter/rewrite/sqlite"
	"github.com/utdrag/utdrag/filter/rewrite/tsql"
)

// fuzzed are the dialects by the number that a fuzzed input has.
var fuzzed = []struct {
	dialect string
	syntax  rewrite.Syntax
}{{"sqlite", sqlite.Syntax{}}, {"postgres", postgres.Syntax{}}, {"tsql", tsql.Syntax{}}, {"mysql", mysql.Syntax{}}}

// An accepted query's output is accepted by the same reader, and is a fixpoint of confinement: every table that it names, it names
// with its schema, which no query's own names can be taken for, and the same text comes out again. A refused one says why and where.
func FuzzRewrite(f *testing.F) {
	type pair struct{ first, second *filter.Filter }
	filters := make([]pair, len(fuzzed))
	for n, d := range fuzzed {
		files, err := filepath.Glob(filepath.Join(fixtures, d.dialect, "*.sql"))
		if err != nil || len(files) == 0 {
			f.Fatalf("no fixtures of %s: %v", d.dialect, err)
		}
		for _, name := range files {
			if filepath.Base(name) == "schema.sql" || filepath.Base(name) == "rows.sql" {
				continue
			}
			cases, err := readFixtures(name)
			if err != nil {
				f.Fatal(err)
			}
			for _, c := range cases {
				f.Add(byte(n), c.query)
			}
		}
		request := filter.Request{Provider: "SE1"}
		for _, to := range []**filter.Filter{&filters[n].first, &filters[n].second} {
			confined, found := filter.New(journalMap(f, d.dialect, "schema.hcl"), journalCatalog(f, d.dialect), request, filter.Options{Key: fixtureKey(f)})
			if confined == nil {
				f.Fatal(found)
			}
			*to = confined
		}
	}
	f.Fuzz(func(t *testing.T, n byte, query string) {
		d, of := fuzzed[int(n)%len(fuzzed)], filters[int(n)%len(fuzzed)]
		q, err := of.first.Rewrite(query)
		if err != nil {
			if !strings.HasPrefix(diag.CodeOf(err), "UR") {
				t.Fatalf("%v", err)
			}
			return
		}
		again, err := of.second.Rewrite(query)
		if err != nil || again.SQL != q.SQL {
			t.Fatalf("another time: %v", err)
		}
		st, err := d.syntax.Read(q.SQL)
		if err != nil {
			t.Fatalf("the output is refused: %v\n%s", err, q.SQL)
		}
		for _, table := range st.Tables {
			if len(table.Name) < 2 {
				t.Fatalf("%v is named without its schema in\n%s", table.Name, q.SQL)
			}
		}
	})
}

// Whatever an accepted query does, no cell of another provider comes out.
func FuzzConfined(f *testing.F) {
	w := ward(f, "sqlite")
	files, err := filepath.Glob(bypass + "/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		for query := range strings.SplitSeq(bypassFile(f, filepath.Base(name)), "\n-- ") {
			if head, text, ok := strings.Cut(query, "\n"); ok && strings.HasPrefix(head, "query") {
				f.Add(text)
			}
		}
	}
	f.Fuzz(func(t *testing.T, query string) {
		if strings.Contains(strings.ToUpper(query), "CANARY") || strings.Contains(strings.ToUpper(query), "SECRET") {
			return // it brings its own
		}
		for mode, db := range w.doors {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			rows, err := db.QueryContext(ctx, query)
			if err != nil {
				fuzzQuiet(t, mode, query, err.Error())
				continue
			}
			columns, err := rows.Columns()
			if err != nil {
				t.Fatal(err)
			}
			fuzzQuiet(t, mode, query, strings.Join(columns, " "))
			cells, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range cells {
				into[i] = &cells[i]
			}
			for shown := 0; rows.Next() && shown < 1000; shown++ {
				if err := rows.Scan(into...); err != nil {
					t.Fatal(err)
				}
				for _, c := range cells {
					switch c := c.(type) {
					case string:
						fuzzQuiet(t, mode, query, c)
					case []byte:
						fuzzQuiet(t, mode, query, string(c))
					}
				}
			}
			if err := rows.Err(); err != nil {
				fuzzQuiet(t, mode, query, err.Error())
			}
			if err := rows.Close(); err != nil {
				fuzzQuiet(t, mode, query, err.Error())
			}
		}
	})
}

func fuzzQuiet(t *testing.T, mode, query, text string) {
	t.Helper()
	for _, word := range []string{"CANARY", "SECRET"} {
		if strings.Contains(strings.ToUpper(text), word) {
			t.Errorf("%s: %s is said by %s", mode, word, query)
		}
	}
}
