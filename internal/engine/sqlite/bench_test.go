package sqlite

import (
	"github.com/utdrag/utdrag/internal/engine"

	"context"
	"testing"

	"github.com/utdrag/utdrag/mask/value"
)

// One row of a plausible table is read with what large cells need, and loaded.
func BenchmarkCopy(b *testing.B) {
	ctx := context.Background()
	s := opened(b, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c DATE, d INT, e BLOB)",
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) INSERT INTO t SELECT i, 'name ' || i, 'a text of some length', '2026-01-31', i, randomblob(16) FROM n")
	c, err := s.Catalog(ctx)
	if err != nil {
		b.Fatal(err)
	}
	snap := snapshot(b, s)
	row := make([]value.Value, 6)
	b.ReportAllocs()
	for n := 0; n < b.N; {
		target, err := Memory(ctx, "")
		if err != nil {
			b.Fatal(err)
		}
		if err := target.Create(ctx, engine.Definition{Tables: c.Tables}); err != nil {
			b.Fatal(err)
		}
		loader, err := target.Load(ctx, c.Tables[0].Name, c.Tables[0].ColumnNames())
		if err != nil {
			b.Fatal(err)
		}
		rows, err := snap.Read(ctx, plain(&c.Tables[0]))
		if err != nil {
			b.Fatal(err)
		}
		for ; n < b.N && rows.Next(row); n++ {
			if err := loader.Write(row); err != nil {
				b.Fatal(err)
			}
		}
		rows.Close()
		target.Abort()
	}
}
