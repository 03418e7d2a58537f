package run_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/plan/run"
)

// A masked column is not of a domain in the copy: what the domain demands, a mask doesn't give. One that is kept is, and one
// that is blanked.
func TestMaskedDomain(t *testing.T) {
	server := pgtest.Server(t)
	from, to := server.Database(t), server.Database(t)
	server.Exec(t, from, `CREATE DOMAIN personnr AS varchar(13) CHECK (VALUE ~ '^[0-9]{8}-[0-9]{4}$');
		CREATE TYPE sex AS ENUM ('kvinna', 'man');
		CREATE TABLE "Provider" ("Id" int PRIMARY KEY, "HsaId" text NOT NULL UNIQUE);
		CREATE TABLE "Patient" ("Id" int PRIMARY KEY, "ProviderId" int NOT NULL REFERENCES "Provider", "PersonId" personnr, "Other" personnr, "Next" personnr, "Sex" sex, "Gone" sex);
		INSERT INTO "Provider" VALUES (1, 'SE1'), (2, 'SE2');
		INSERT INTO "Patient" VALUES (1, 1, '19121212-1212', '19121212-1212', '19121212-1212', 'kvinna', 'man'), (2, 2, '19121212-1212', NULL, NULL, NULL, NULL);`)
	ctx := context.Background()
	_, source, p := planAt(t, from, mapHead+`
table "Patient" {
  path { via = ["ProviderId"] }
  column "PersonId" { mask = redact }
  column "Next"     { mask = null }
  column "Gone"     { mask = null }
}
`)
	if changes := strings.Join(p.Tables[1].Changes, "; "); !strings.Contains(changes, "column PersonId becomes character varying") {
		t.Errorf("the plan says %q", changes)
	}
	if _, err := run.Run(ctx, p, source, run.NewDatabase(to), run.Options{}); err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"***", "19121212-1212", "", "kvinna", ""}}
	if diff := cmp.Diff(want, server.Query(t, to, `SELECT "PersonId", "Other", coalesce("Next"::text, ''), "Sex"::text, coalesce("Gone"::text, '') FROM "Patient"`)); diff != "" {
		t.Error(diff)
	}
	want = [][]string{{"Gone", "sex"}, {"Next", "personnr"}, {"Other", "personnr"}, {"PersonId", "varchar"}, {"Sex", "sex"}}
	if diff := cmp.Diff(want, server.Query(t, to, `SELECT column_name, coalesce(domain_name, udt_name) FROM information_schema.columns
		WHERE table_name = 'Patient' AND column_name NOT LIKE '%Id' OR column_name = 'PersonId' ORDER BY 1`)); diff != "" {
		t.Error(diff)
	}
}
