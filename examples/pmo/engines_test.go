package pmo_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/utdrag/utdrag/examples/pmo"
	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/internal/engine/enginetest"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/mask"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// The same map gives the same rows on every engine, masks applied, for each provider and for a unit of one. Only hashes of user
// names differ: they are the same user in any case in SQLite, and PostgreSQL has no such collation of its own.
func TestEngines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	if err := pmo.Generate(t.Context(), path, pmo.Options{Scale: 0.1}); err != nil {
		t.Fatal(err)
	}
	journal := "sqlite:" + path
	t.Run("postgres", func(t *testing.T) {
		same(t, journal, pgtest.Server(t).Database(t))
	})
	t.Run("sqlserver", func(t *testing.T) {
		same(t, journal, enginetest.SQLServer(t))
	})
}

func same(t *testing.T, journal, other string) {
	t.Helper()
	rows, err := enginetest.Clone(t.Context(), journal, other)
	if err != nil {
		t.Fatal(err)
	}
	if rows < 1000 {
		t.Fatalf("only %d rows were cloned", rows)
	}
	key, err := mask.NewKey([]byte("a masking key of tests, and of nothing else"))
	if err != nil {
		t.Fatal(err)
	}
	for i, provider := range pmo.Providers() {
		requests := []filter.Request{{Provider: provider.HsaID}}
		if i == 0 {
			requests = append(requests, filter.Request{Provider: provider.HsaID, Units: []string{provider.UnitHsaID}})
		}
		for _, r := range requests {
			want, err := enginetest.Rows(t.Context(), journal, pmo.Map, r, key, "staff.username")
			if err != nil {
				t.Fatal(err)
			}
			got, err := enginetest.Rows(t.Context(), other, pmo.Map, r, key, "staff.username")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, %d units (-sqlite +other):\n%s", provider.Name, len(r.Units), diff[:min(len(diff), 4000)])
			}
		}
	}
}
