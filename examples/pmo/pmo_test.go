package pmo_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"github.com/utdrag/utdrag/examples/pmo"
)

// generate makes a database and opens it.
func generate(t testing.TB, o pmo.Options) (*sql.DB, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "journal.db")
	if err := pmo.Generate(t.Context(), path, o); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db, path
}

func texts(t testing.TB, db *sql.DB, query string) []string {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		list = append(list, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

func count(t testing.TB, db *sql.DB, query string) (n int) {
	t.Helper()
	if err := db.QueryRow(query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

const tablesQuery = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"

// dump is a digest of every cell of every row, in the order of insertion.
func dump(t *testing.T, db *sql.DB) string {
	t.Helper()
	digest := sha256.New()
	for _, name := range texts(t, db, tablesQuery) {
		columns := texts(t, db, fmt.Sprintf("SELECT 'quote(\"' || name || '\")' FROM pragma_table_xinfo('%s')", name))
		for _, row := range texts(t, db, fmt.Sprintf(`SELECT concat_ws(',', %s) FROM "%s"`, strings.Join(columns, ", "), name)) {
			fmt.Fprintln(digest, name, row)
		}
	}
	return fmt.Sprintf("%x", digest.Sum(nil))
}

// Tests and tutorials name rows: the same options must give the same ones, and a seed others.
func TestDeterministic(t *testing.T) {
	t.Parallel()
	one, _ := generate(t, pmo.Options{Scale: 0.1})
	two, _ := generate(t, pmo.Options{Scale: 0.1})
	other, _ := generate(t, pmo.Options{Scale: 0.1, Seed: 1})
	first := dump(t, one)
	if first != dump(t, two) {
		t.Error("two runs differ")
	}
	if first == dump(t, other) {
		t.Error("another seed gives the same rows")
	}
}

func TestAtScale1(t *testing.T) {
	t.Parallel()
	db, _ := generate(t, pmo.Options{})

	t.Run("rows", func(t *testing.T) {
		n := 0
		for _, name := range texts(t, db, tablesQuery) {
			rows := count(t, db, fmt.Sprintf(`SELECT COUNT(*) FROM "%s"`, name))
			if rows == 0 {
				t.Errorf("%s is empty", name)
			}
			n += rows
		}
		if n < 45000 || n > 55000 {
			t.Errorf("%d rows", n)
		}
	})
	t.Run("keys", func(t *testing.T) {
		if broken := texts(t, db, `SELECT "table" || ' -> ' || parent FROM pragma_foreign_key_check`); len(broken) > 0 {
			t.Errorf("foreign keys lead nowhere: %s", broken[:min(len(broken), 5)])
		}
		if result := texts(t, db, "PRAGMA integrity_check"); strings.Join(result, "") != "ok" {
			t.Errorf("integrity check: %s", result)
		}
	})
	t.Run("identifiers", func(t *testing.T) { identifiers(t, db) })
	t.Run("corners", func(t *testing.T) { corners(t, db) })
}

// Everything that could be taken for a person's is of a range kept for tests or fiction, and its check digit is right.
func identifiers(t *testing.T, db *sql.DB) {
	personID := regexp.MustCompile(`^(19|20)\d{6}9[89]\d\d$`)
	people := texts(t, db, "SELECT PersonId FROM Patient UNION ALL SELECT PersonId FROM Staff")
	seen := map[string]bool{}
	for _, id := range people {
		if !personID.MatchString(id) || !luhn(id[2:]) {
			t.Fatalf("person number %s", id)
		}
		if seen[id] {
			t.Fatalf("person number %s twice", id)
		}
		seen[id] = true
	}
	if wrong := count(t, db, `SELECT COUNT(*) FROM Patient WHERE replace(BirthDate, '-', '') <> substr(PersonId, 1, 8)
		OR (Sex = 'M') <> (substr(PersonId, 11, 1) % 2)`); wrong > 0 {
		t.Errorf("%d patients whose number is not their birth date and sex", wrong)
	}
	hsaID := regexp.MustCompile(`^SE(5500\d{6})-[A-Za-z0-9]+$`)
	for _, id := range texts(t, db, "SELECT HsaId FROM CareProvider UNION ALL SELECT HsaId FROM CareUnit UNION ALL SELECT HsaId FROM Staff WHERE HsaId IS NOT NULL") {
		if m := hsaID.FindStringSubmatch(id); m == nil || !luhn(m[1]) || len(id) > 31 {
			t.Fatalf("HSA-id %s", id)
		}
	}
	phone := regexp.MustCompile(`^(070-1740(60[5-9]|6[1-9]\d)|08-465004\d\d|031-39006\d\d|040-62804\d\d|0980-3192\d\d)$`)
	for _, number := range texts(t, db, "SELECT Phone FROM Patient WHERE Phone IS NOT NULL UNION SELECT Phone FROM Staff WHERE Phone IS NOT NULL UNION SELECT Phone FROM CareUnit") {
		if !phone.MatchString(number) {
			t.Fatalf("telephone number %s", number)
		}
	}
	if real := count(t, db, "SELECT COUNT(*) FROM Patient WHERE Email NOT LIKE '%@example.org'"); real > 0 {
		t.Errorf("%d e-mail addresses of elsewhere", real)
	}
}

func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			d *= 2
		}
		sum += d/10 + d%10
	}
	return sum%10 == 0
}

// Each corner that README.md promises is there.
func corners(t *testing.T, db *sql.DB) {
	for what, query := range map[string]string{
		"patient of several providers": "SELECT COUNT(*) FROM (SELECT PatientId FROM Visit JOIN CareUnit u ON u.Id = CareUnitId GROUP BY PatientId HAVING COUNT(DISTINCT CareProviderId) > 1)",
		"note that corrects":           "SELECT COUNT(*) FROM Note WHERE CorrectsNoteId IS NOT NULL",
		"note that corrects another provider's": `SELECT COUNT(*) FROM Note n JOIN Visit v ON v.Id = n.VisitId JOIN CareUnit u ON u.Id = v.CareUnitId
			JOIN Note m ON m.Id = n.CorrectsNoteId JOIN Visit w ON w.Id = m.VisitId JOIN CareUnit x ON x.Id = w.CareUnitId WHERE u.CareProviderId <> x.CareProviderId`,
		"referral between providers":  "SELECT COUNT(*) FROM Referral JOIN CareUnit f ON f.Id = FromUnitId JOIN CareUnit t ON t.Id = ToUnitId WHERE f.CareProviderId <> t.CareProviderId",
		"referral from nowhere":       "SELECT COUNT(*) FROM Referral WHERE FromUnitId IS NULL",
		"cancelled referral":          "SELECT COUNT(*) FROM Referral WHERE Cancelled = 1",
		"visit seen by a lent person": "SELECT COUNT(*) FROM Visit v JOIN Staff s ON s.Id = SeenById JOIN CareUnit h ON h.Id = s.CareUnitId JOIN CareUnit u ON u.Id = v.CareUnitId WHERE h.CareProviderId <> u.CareProviderId",
		"staff without a unit":        "SELECT COUNT(*) FROM Staff WHERE CareUnitId IS NULL",
		"visit of no secrecy area":    "SELECT COUNT(*) FROM Visit WHERE SecrecyAreaId IS NULL",
		"visit of the wrong area":     "SELECT COUNT(*) FROM Visit JOIN CareUnit u ON u.Id = CareUnitId JOIN SecrecyArea a ON a.Id = Visit.SecrecyAreaId WHERE u.CareProviderId <> a.CareProviderId",
		"prescription without visit":  "SELECT COUNT(*) FROM Prescription WHERE VisitId IS NULL AND PrescribedAtUnitId IS NOT NULL",
		"prescription of nobody":      "SELECT COUNT(*) FROM Prescription WHERE VisitId IS NULL AND PrescribedAtUnitId IS NULL",
		"manager of another provider": "SELECT COUNT(*) FROM CareUnit u JOIN Staff s ON s.Id = u.ManagerId JOIN CareUnit h ON h.Id = s.CareUnitId WHERE h.CareProviderId <> u.CareProviderId",
		"laboratory of another":       "SELECT COUNT(*) FROM LabOrder JOIN Visit v ON v.Id = VisitId JOIN CareUnit u ON u.Id = v.CareUnitId JOIN CareUnit l ON l.Id = LaboratoryUnitId WHERE l.CareProviderId <> u.CareProviderId",
		"measurement twice":           "SELECT COUNT(*) FROM (SELECT 1 FROM Measurement GROUP BY VisitId, Kind, Reading, MeasuredAt HAVING COUNT(*) > 1)",
		"user name in small letters":  "SELECT COUNT(*) FROM Staff WHERE UserName GLOB 'c*'",
		"large document":              "SELECT COUNT(*) FROM Document WHERE length(Content) > 200000",
		"inner block":                 "SELECT COUNT(*) FROM Block WHERE Type = 'Inner'",
		"outer block":                 "SELECT COUNT(*) FROM Block WHERE Type = 'Outer'",
		"emergency consent":           "SELECT COUNT(*) FROM Consent WHERE Type = 'Emergency'",
		"document of another unit":    "SELECT COUNT(*) FROM Document d JOIN Visit v ON v.Id = d.VisitId WHERE d.CareUnitId <> v.CareUnitId",
		"log entry of no patient":     "SELECT COUNT(*) FROM AccessLog WHERE PatientId IS NULL",
		"generated name":              "SELECT COUNT(*) FROM Staff WHERE DisplayName = GivenName || ' ' || FamilyName",
	} {
		if count(t, db, query) == 0 {
			t.Errorf("no %s", what)
		}
	}
}

// The providers are what tests and tutorials order extracts for, at every scale.
func TestProviders(t *testing.T) {
	t.Parallel()
	db, _ := generate(t, pmo.Options{Scale: 0.01, Seed: 7})
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pmo.Providers() {
		if n := count(t, db, fmt.Sprintf(`SELECT COUNT(*) FROM CareProvider p JOIN CareUnit u ON u.CareProviderId = p.Id
			WHERE p.HsaId = '%s' AND p.OrganisationNumber = '%s' AND u.HsaId = '%s'`, p.HsaID, p.OrganisationNumber, p.UnitHsaID)); n != 1 {
			t.Errorf("%s is not there with its unit", p.Name)
		}
		if !strings.Contains(string(readme), fmt.Sprintf("| %s | `%s` | `%s` |", p.Name, p.HsaID, p.UnitHsaID)) {
			t.Errorf("README.md doesn't name %s", p.Name)
		}
	}
	if n := count(t, db, "SELECT COUNT(*) FROM CareProvider"); n != len(pmo.Providers()) {
		t.Errorf("%d providers", n)
	}
}

// A file is there whole or not at all.
func TestGenerateRefuses(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	taken := filepath.Join(folder, "taken.db")
	if err := os.WriteFile(taken, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := pmo.Generate(t.Context(), taken, pmo.Options{Scale: 0.01}); err == nil {
		t.Error("wrote over a file")
	}
	for _, scale := range []float64{-1, pmo.MaxScale + 1} {
		if err := pmo.Generate(t.Context(), filepath.Join(folder, "scale.db"), pmo.Options{Scale: scale}); err == nil {
			t.Errorf("took the scale %g", scale)
		}
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := pmo.Generate(cancelled, filepath.Join(folder, "cancelled.db"), pmo.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	left, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if content, err := os.ReadFile(taken); len(left) != 1 || err != nil || string(content) != "mine" {
		t.Errorf("left behind: %v", left)
	}
}

func BenchmarkGenerate(b *testing.B) {
	folder := b.TempDir()
	for i := 0; b.Loop(); i++ {
		if err := pmo.Generate(b.Context(), filepath.Join(folder, fmt.Sprint(i)), pmo.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
