package synthea_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/utdrag/utdrag/examples/synthea"
	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/run"
)

// The map holds against the schema and settles every foreign key, whatever the data.
func TestMap(t *testing.T) {
	_, path := imported(t, export(t, nil))
	buildPlan(t, open(t, path), "00000000-0000-0000-0000-000000000001")
}

func open(t *testing.T, path string) *run.Source {
	t.Helper()
	source, err := run.Open(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := source.Close(); err != nil {
			t.Error(err)
		}
	})
	return source
}

func buildPlan(t *testing.T, source *run.Source, organization string) *plan.Plan {
	t.Helper()
	m, found := schemamap.Parse("synthea.hcl", []byte(synthea.Map))
	if len(found) > 0 {
		t.Fatal(found)
	}
	c, err := source.Catalog(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p, found := plan.Build(m, c, filter.Request{Provider: organization})
	if len(found) > 0 {
		t.Fatal(found)
	}
	return p
}

// Each organization's records of real data, and nobody else's: asked in SQL of this test's own.
func TestRealExtract(t *testing.T) {
	db, path := imported(t, realFolder(t))
	source := open(t, path)
	key, err := mask.NewKey([]byte("a masking key of tests, and of nothing else"))
	if err != nil {
		t.Fatal(err)
	}
	for _, organization := range organizations(t, db) {
		copied := filepath.Join(t.TempDir(), organization)
		if _, err := run.Run(t.Context(), buildPlan(t, source, organization), source, run.NewDatabase("sqlite:"+copied), run.Options{Key: key}); err != nil {
			t.Fatal(err)
		}
		db.SetMaxOpenConns(1)
		if _, err := db.Exec("ATTACH ? AS copied", copied); err != nil {
			t.Fatal(err)
		}
		encounters := "(SELECT Id FROM main.encounters WHERE ORGANIZATION = '" + organization + "')"
		patients := "(SELECT PATIENT FROM main.encounters WHERE ORGANIZATION = '" + organization + "')"
		for query, want := range map[string]string{
			"SELECT COUNT(*) FROM copied.organizations":                                                                     "SELECT 1",
			"SELECT COUNT(*) FROM copied.encounters WHERE Id IN " + encounters:                                              "SELECT COUNT(*) FROM copied.encounters",
			"SELECT COUNT(*) FROM copied.encounters":                                                                        "SELECT COUNT(*) FROM " + encounters,
			"SELECT COUNT(*) FROM copied.patients":                                                                          "SELECT COUNT(*) FROM main.patients WHERE Id IN " + patients,
			"SELECT COUNT(*) FROM copied.conditions":                                                                        "SELECT COUNT(*) FROM main.conditions WHERE ENCOUNTER IN " + encounters,
			"SELECT COUNT(*) FROM copied.medications":                                                                       "SELECT COUNT(*) FROM main.medications WHERE ENCOUNTER IN " + encounters,
			"SELECT COUNT(*) FROM copied.observations":                                                                      "SELECT COUNT(*) FROM main.observations WHERE ENCOUNTER IN " + encounters,
			"SELECT COUNT(*) FROM copied.claims":                                                                            "SELECT COUNT(*) FROM main.claims WHERE APPOINTMENTID IN " + encounters,
			"SELECT COUNT(*) FROM copied.claims_transactions":                                                               "SELECT COUNT(*) FROM main.claims_transactions WHERE APPOINTMENTID IN " + encounters,
			"SELECT COUNT(*) FROM copied.payer_transitions":                                                                 "SELECT COUNT(*) FROM main.payer_transitions WHERE PATIENT IN " + patients,
			"SELECT COUNT(*) FROM copied.providers":                                                                         "SELECT COUNT(*) FROM main.providers WHERE ORGANIZATION = '" + organization + "'",
			"SELECT COUNT(*) FROM copied.payers":                                                                            "SELECT COUNT(*) FROM main.payers",
			"SELECT COUNT(*) FROM copied.patients WHERE SSN IN (SELECT SSN FROM main.patients)":                             "SELECT 0",
			"SELECT COUNT(*) FROM copied.payer_transitions WHERE MEMBERID IN (SELECT MEMBERID FROM main.payer_transitions)": "SELECT 0",
			"SELECT COUNT(*) FROM pragma_table_info('payers', 'copied')":                                                    "SELECT 7",
		} {
			if got, expected := count(t, db, query), count(t, db, want); got != expected {
				t.Errorf("%s: %d, want %d", query, got, expected)
			}
		}
		if _, err := db.Exec("DETACH copied"); err != nil {
			t.Fatal(err)
		}
	}
}

// organizations are the keys of all of them.
func organizations(t *testing.T, db *sql.DB) (ids []string) {
	t.Helper()
	rows, err := db.Query("SELECT Id FROM organizations ORDER BY Id")
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if len(ids) != 63 {
		t.Fatalf("%d organizations, want 63", len(ids))
	}
	return ids
}
