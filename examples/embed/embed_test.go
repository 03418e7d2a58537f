package main

import (
	"bytes"
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/examples/pmo"
	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/diag"
)

// The join sees the ordered provider's units and visits: as many as a count by hand over the whole journal.
func TestBusiest(t *testing.T) {
	journal := filepath.Join(t.TempDir(), "journal.db")
	if err := pmo.Generate(context.Background(), journal, pmo.Options{Scale: 0.1}); err != nil {
		t.Fatal(err)
	}
	plain, err := sql.Open("sqlite", journal)
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	const provider = "SE5500000012-1000"
	db, err := open(context.Background(), journal, provider)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var out bytes.Buffer
	if err := busiest(context.Background(), db, &out); err != nil {
		t.Fatal(err)
	}
	var units, visits, shown int
	if err := plain.QueryRow(`SELECT COUNT(*) FROM CareUnit u JOIN CareProvider p ON p.Id = u.CareProviderId WHERE p.HsaId = ?`, provider).Scan(&units); err != nil {
		t.Fatal(err)
	}
	if err := plain.QueryRow(`SELECT COUNT(*) FROM Visit v JOIN CareUnit u ON u.Id = v.CareUnitId JOIN CareProvider p ON p.Id = u.CareProviderId
		JOIN SecrecyArea a ON a.Id = v.SecrecyAreaId AND a.CareProviderId = p.Id WHERE p.HsaId = ?`, provider).Scan(&visits); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(out.String(), "\n"); lines != units || units == 0 {
		t.Errorf("%d lines for %d units:\n%s", lines, units, out.String())
	}
	if err := db.QueryRow(`SELECT COUNT(*) FROM Visit`).Scan(&shown); err != nil || shown != visits || visits == 0 {
		t.Errorf("%d visits are shown and %d are the provider's: %v", shown, visits, err)
	}
	if _, err := db.Exec(`DELETE FROM Visit`); diag.CodeOf(err) != filter.CodeDoorWrites {
		t.Errorf("a write: %v", err)
	}
}
