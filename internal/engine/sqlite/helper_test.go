package sqlite

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/sqlite/capi"
	"github.com/utdrag/utdrag/mask/value"
)

// file makes a database file by the statements and returns its path.
func file(t testing.TB, statements ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "source å.db")
	conn, err := capi.Open(path, capi.Create)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, s := range statements {
		if err := conn.Exec(s); err != nil {
			t.Fatalf("%v in %s", err, s)
		}
	}
	return path
}

// opened opens a file made by the statements.
func opened(t testing.TB, statements ...string) engine.Source {
	t.Helper()
	s, err := Open(context.Background(), Scheme+file(t, statements...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func snapshot(t testing.TB, s engine.Source) *Snapshot {
	t.Helper()
	snap, err := s.Begin(context.Background(), engine.Terms{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { snap.Close() })
	return snap.(*Snapshot)
}

func describe(t testing.TB, statements ...string) *catalog.Catalog {
	t.Helper()
	c, err := opened(t, statements...).Catalog(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// all reads rows to their end.
func all(t testing.TB, rows engine.Rows, err error, columns int) [][]value.Value {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got [][]value.Value
	row := make([]value.Value, columns)
	for rows.Next(row) {
		got = append(got, append([]value.Value(nil), row...))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return got
}

func equal(a, b [][]value.Value) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if len(a[i]) != len(b[i]) {
			return false
		}
		for j := range a[i] {
			if !value.Equal(a[i][j], b[i][j]) {
				return false
			}
		}
	}
	return true
}
