package pmo_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/utdrag/utdrag/examples/pmo"
	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/run"
)

// buildPlan plans an extract from a database, without a remark.
func buildPlan(t *testing.T, c *catalog.Catalog, r filter.Request) *plan.Plan {
	t.Helper()
	m, found := schemamap.Parse("pmo.hcl", []byte(pmo.Map))
	if len(found) > 0 {
		t.Fatal(found)
	}
	p, found := plan.Build(m, c, r)
	if len(found) > 0 {
		t.Fatal(found)
	}
	return p
}

// The map holds against the schema, and settles every foreign key, for each provider and for a unit of it. The copies
// hold nothing of anyone else's: asked in SQL of this test's own.
func TestMap(t *testing.T) {
	t.Parallel()
	_, path := generate(t, pmo.Options{Scale: 0.2})
	source, err := run.Open(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := source.Close(); err != nil {
			t.Error(err)
		}
	})
	c, err := source.Catalog(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	key, err := mask.NewKey([]byte("a masking key of tests, and of nothing else"))
	if err != nil {
		t.Fatal(err)
	}
	for i, provider := range pmo.Providers() {
		requests := []filter.Request{{Provider: provider.HsaID}}
		if i < 2 {
			requests = append(requests, filter.Request{Provider: provider.HsaID, Units: []string{provider.UnitHsaID}})
		}
		for _, request := range requests {
			t.Run(fmt.Sprint(provider.Name, len(request.Units)), func(t *testing.T) {
				copied := filepath.Join(t.TempDir(), "copy.db")
				if _, err := run.Run(t.Context(), buildPlan(t, c, request), source, run.NewDatabase("sqlite:"+copied), run.Options{Key: key}); err != nil {
					t.Fatal(err)
				}
				examine(t, path, copied, request)
			})
		}
	}
}

// examine attaches the source to a copy and looks for what should not be there, and for what should.
func examine(t *testing.T, source, copied string, r filter.Request) {
	t.Helper()
	db, err := sql.Open("sqlite", copied)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("ATTACH ? AS source", source); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`CREATE TEMP VIEW Ours AS SELECT u.Id FROM source.CareUnit u JOIN source.CareProvider p ON p.Id = u.CareProviderId WHERE p.HsaId = '` + r.Provider + `'`); err != nil {
		t.Fatal(err)
	}
	if len(r.Units) > 0 {
		if _, err := db.Exec(`DROP VIEW Ours; CREATE TEMP VIEW Ours AS SELECT Id FROM source.CareUnit WHERE HsaId = '` + r.Units[0] + `'`); err != nil {
			t.Fatal(err)
		}
	}
	for what, query := range map[string]string{
		"other units":                  "SELECT COUNT(*) FROM main.CareUnit WHERE Id NOT IN Ours",
		"other units' visits":          "SELECT COUNT(*) FROM main.Visit v JOIN source.Visit s ON s.Id = v.Id WHERE s.CareUnitId NOT IN Ours",
		"visits of nobody's area":      "SELECT COUNT(*) FROM main.Visit v JOIN source.Visit s ON s.Id = v.Id WHERE s.SecrecyAreaId IS NULL",
		"other units' notes":           "SELECT COUNT(*) FROM main.Note n JOIN source.Note s ON s.Id = n.Id JOIN source.Visit v ON v.Id = s.VisitId WHERE v.CareUnitId NOT IN Ours",
		"corrections of others' notes": "SELECT COUNT(*) FROM main.Note WHERE CorrectsNoteId NOT IN (SELECT Id FROM main.Note)",
		"other units' results":         "SELECT COUNT(*) FROM main.LabResult r JOIN source.LabOrder o USING (RequisitionNumber) JOIN source.Visit v ON v.Id = o.VisitId WHERE v.CareUnitId NOT IN Ours",
		"other units' documents":       "SELECT COUNT(*) FROM main.Document d JOIN source.Document s ON s.Id = d.Id WHERE s.CareUnitId NOT IN Ours",
		"prescriptions of nobody":      "SELECT COUNT(*) FROM main.Prescription p JOIN source.Prescription s ON s.Id = p.Id WHERE s.VisitId IS NULL AND s.PrescribedAtUnitId IS NULL",
		"cancelled referrals":          "SELECT COUNT(*) FROM main.Referral WHERE Cancelled <> 0",
		"other units' referrals":       "SELECT COUNT(*) FROM main.Referral r JOIN source.Referral s ON s.Id = r.Id WHERE coalesce(s.FromUnitId IN Ours, 0) = 0 AND coalesce(s.ToUnitId IN Ours, 0) = 0",
		"person numbers":               "SELECT COUNT(*) FROM main.Patient WHERE PersonId IN (SELECT PersonId FROM source.Patient)",
		"names":                        "SELECT COUNT(*) FROM main.Patient WHERE GivenName <> '***' OR FamilyName <> '***'",
		"passwords":                    "SELECT COUNT(*) FROM main.Staff WHERE PasswordHash IS NOT NULL",
		"addresses":                    "SELECT COUNT(*) FROM pragma_table_info('Patient', 'main') WHERE name = 'Address'",
		"settings":                     "SELECT COUNT(*) FROM main.Setting",
		"the host's log":               "SELECT COUNT(*) FROM main.sqlite_schema WHERE name = 'EventLog'",
		"other units' log":             "SELECT COUNT(*) FROM main.AccessLog a JOIN source.AccessLog s ON s.Id = a.Id WHERE s.CareUnitId NOT IN Ours",
		"other patients": `SELECT COUNT(*) FROM main.Patient WHERE Id NOT IN (SELECT PatientId FROM source.Visit WHERE CareUnitId IN Ours
			UNION SELECT PatientId FROM source.PatientListing WHERE CareUnitId IN Ours UNION SELECT PatientId FROM source.Booking WHERE CareUnitId IN Ours
			UNION SELECT PatientId FROM source.Referral WHERE FromUnitId IN Ours OR ToUnitId IN Ours UNION SELECT PatientId FROM source.Document WHERE CareUnitId IN Ours
			UNION SELECT PatientId FROM source.Prescription WHERE PrescribedAtUnitId IN Ours)`,
		"missing visits": `SELECT COUNT(*) FROM source.Visit v JOIN source.CareUnit u ON u.Id = v.CareUnitId JOIN source.SecrecyArea a ON a.Id = v.SecrecyAreaId
			WHERE u.Id IN Ours AND a.CareProviderId = u.CareProviderId AND v.Id NOT IN (SELECT Id FROM main.Visit)`,
		"missing visitors": "SELECT COUNT(*) FROM main.Visit WHERE PatientId NOT IN (SELECT Id FROM main.Patient)",
		"missing listings": "SELECT COUNT(*) FROM source.PatientListing WHERE CareUnitId IN Ours AND (PatientId, CareUnitId, FromDate) NOT IN (SELECT PatientId, CareUnitId, FromDate FROM main.PatientListing)",
		"missing authors":  "SELECT COUNT(*) FROM main.Note WHERE AuthorId NOT IN (SELECT Id FROM main.Staff)",
		"missing codes":    "SELECT (SELECT COUNT(*) FROM source.Icd10) - (SELECT COUNT(*) FROM main.Icd10)",
	} {
		if n := count(t, db, query); n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
	if n := count(t, db, "SELECT COUNT(*) FROM main.Visit"); n == 0 {
		t.Error("no visits at all")
	}
}
