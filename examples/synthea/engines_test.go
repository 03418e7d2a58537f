package synthea_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/utdrag/utdrag/examples/synthea"
	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/internal/engine/enginetest"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/mask"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// The same map gives the same rows of real data on every engine, masks applied.
func TestEngines(t *testing.T) {
	db, path := imported(t, realFolder(t))
	journal := "sqlite:" + path
	all := organizations(t, db)
	t.Run("postgres", func(t *testing.T) {
		same(t, journal, pgtest.Server(t).Database(t), all)
	})
	t.Run("sqlserver", func(t *testing.T) {
		same(t, journal, enginetest.SQLServer(t), all)
	})
}

func same(t *testing.T, journal, other string, organizations []string) {
	t.Helper()
	if _, err := enginetest.Clone(t.Context(), journal, other); err != nil {
		t.Fatal(err)
	}
	key, err := mask.NewKey([]byte("a masking key of tests, and of nothing else"))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(organizations); i += 9 {
		r := filter.Request{Provider: organizations[i]}
		want, err := enginetest.Rows(t.Context(), journal, synthea.Map, r, key)
		if err != nil {
			t.Fatal(err)
		}
		got, err := enginetest.Rows(t.Context(), other, synthea.Map, r, key)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-sqlite +other):\n%s", organizations[i], diff[:min(len(diff), 4000)])
		}
	}
}
