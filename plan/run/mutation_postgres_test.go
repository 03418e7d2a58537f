package run_test

import (
	"context"
	"slices"
	"testing"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/plan/run"
)

// What a SQLite file can't have and a server can: verification finds it with no source at hand.
func TestMutationPostgres(t *testing.T) {
	ctx, server := context.Background(), pgtest.Server(t)
	from := server.Database(t)
	server.Exec(t, from, `CREATE TABLE "Provider" ("HsaId" text PRIMARY KEY);
		CREATE TABLE "Patient" ("Id" int PRIMARY KEY, "P" text NOT NULL REFERENCES "Provider", "N" text, "M" text, "D" timestamp, "X" numeric);
		INSERT INTO "Provider" VALUES ('SE1'), ('SE2');
		INSERT INTO "Patient" VALUES (1, 'SE1', 'one', 'm', 'infinity', 'NaN'), (2, 'SE2', 'two', 'm', NULL, 1), (3, 'SE1', NULL, NULL, '0044-03-15 10:00:00 BC', 1.50)`)
	m, source, p := planAt(t, from, mapHead+"table \"Patient\" {\n  path { via = [\"P\"] }\n  column \"M\" { mask = redact }\n}\n")
	for sql, want := range map[string]string{
		"SELECT 1": "",
		`UPDATE "Patient" SET "X" = 1.5 WHERE "Id" = 3`:            "UV003",
		`UPDATE "Patient" SET "D" = '-infinity' WHERE "Id" = 1`:    "UV003",
		`UPDATE "Patient" SET "M" = 'm' WHERE "Id" = 1`:            "UV007",
		`ALTER TABLE "Patient" ALTER "N" TYPE varchar(50)`:         "UV008",
		`ALTER TABLE "Patient" DROP CONSTRAINT "Patient_P_fkey"`:   "UV008",
		`ALTER TABLE "Patient" DISABLE TRIGGER ALL`:                "UV008",
		`CREATE VIEW v AS SELECT 1 AS x`:                           "UV008",
		`CREATE MATERIALIZED VIEW v AS SELECT 'other' AS x`:        "UV008",
		`SELECT lo_from_bytea(0, 'other')`:                         "UV008",
		`CREATE SCHEMA z; CREATE TABLE z.utdrag_manifest (x text)`: "UV008",
		`CREATE TABLE child () INHERITS ("Patient")`:               "UE210",
		`CREATE TABLE utdrag_partial (x text)`:                     "UE220",
	} {
		to := server.Database(t)
		if _, err := run.Run(ctx, p, source, run.NewDatabase(to), run.Options{Jobs: 4}); err != nil {
			t.Fatal(err)
		}
		server.Exec(t, to, sql)
		copied, err := run.Open(ctx, to)
		if err != nil {
			t.Fatal(err)
		}
		v, err := run.VerifyDatabase(ctx, m, requestSE1, copied, run.VerifyOptions{})
		copied.Close()
		var codes []string
		if err != nil {
			codes = append(codes, diag.CodeOf(err))
		} else {
			for _, violation := range v.Violations {
				codes = append(codes, violation.Code)
			}
		}
		if want == "" && len(codes) > 0 || want != "" && !slices.Contains(codes, want) {
			t.Errorf("%s: found %v, want %s; %v", sql, codes, want, err)
		}
	}
}
