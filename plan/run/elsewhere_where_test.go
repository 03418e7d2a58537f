package run_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/plan/run"
)

// A condition says of a copy in another engine what it said in the source, though SQLite keeps moments, times and wide numbers as texts;
// and where both engines must agree on it, verification finds a row that it leaves out.
func TestWhereElsewhere(t *testing.T) {
	ctx, server := context.Background(), pgtest.Server(t)
	from := server.Database(t)
	server.Exec(t, from, `CREATE TABLE "Provider" ("HsaId" text PRIMARY KEY);
		CREATE TABLE "Visit" ("Id" int PRIMARY KEY, "P" text NOT NULL REFERENCES "Provider", "Zoned" timestamptz, "At" timestamp, "Clock" time, "Wide" numeric(20, 4), "Word" text);
		INSERT INTO "Provider" VALUES ('SE1'), ('SE2');
		INSERT INTO "Visit" VALUES (1, 'SE1', '2026-01-31 08:00Z', '2026-01-31 08:00:00.5', '08:00:00.5', 9, 'å'),
			(2, 'SE1', '2026-01-31 07:00Z', '2026-01-31 08:00:00', '08:00', 12.5, 'a '), (3, 'SE1', 'infinity', NULL, NULL, 100, 'Å'), (4, 'SE2', now(), now(), '12:00', 1, 'b')`)
	for where, found := range map[string]bool{
		"Zoned > '2026-01-31T08:30:00+01:00'":                                  true,
		"Zoned = '2026-01-31T09:00:00.00+01:00'":                               true,
		"NOT (Zoned IN ('2026-01-31T04:00:00-03:00')) AND Zoned IS NOT NULL":   true,
		"Zoned BETWEEN '2026-01-31T08:30:00+01:00' AND '2026-02-01T00:00:00Z'": true,
		"At = '2026-01-31T08:00:00.50'":                                        true,
		"Clock >= '08:00:00.500'":                                              true,
		"Word = 'å'":                                                           true,
		"Wide > 10":                                                            false,
		"Wide = 9":                                                             false,
		"Word > 'b'":                                                           false,
		"Zoned > '2026-01-31T08:30:00+01:00' AND Wide < 50":                    false,
	} {
		t.Run(where, func(t *testing.T) {
			m, source, p := planAt(t, from, mapHead+"table \"Visit\" {\n  path { via = [\"P\"] }\n  where = \""+strings.ReplaceAll(where, `"`, `\"`)+"\"\n}\n")
			file := filepath.Join(t.TempDir(), "copy.db")
			report, err := run.Run(ctx, p, source, run.NewDatabase("sqlite:"+file), run.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if rows := report.Tables[1].Rows; rows == 0 || rows == 3 {
				t.Fatalf("%d of 3 rows: the condition tells nothing apart", rows)
			}
			verify := func() string {
				copied, err := run.Open(ctx, "sqlite:"+file)
				if err != nil {
					t.Fatal(err)
				}
				defer copied.Close()
				v, err := run.VerifyDatabase(ctx, m, requestSE1, copied, run.VerifyOptions{})
				if err != nil {
					t.Fatal(err)
				}
				var codes []string
				for _, violation := range v.Violations {
					codes = append(codes, violation.Code)
				}
				return strings.Join(codes, " ")
			}
			if got := verify(); got != "" {
				t.Fatalf("violations %s of a copy that nobody touched", got)
			}
			// Another of the provider's rows takes the place of one, so that the counts stay as they are.
			db, err := sql.Open("sqlite", file)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := db.Exec(`UPDATE Visit SET Zoned = '2026-01-31T07:00:00+00:00', At = '2026-01-31T07:00:00', Clock = '07:00:00', Wide = '5', Word = 'a'
				WHERE Id = (SELECT min(Id) FROM Visit)`); err != nil {
				t.Fatal(err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			if got := verify(); strings.Contains(got, "UV004") != found {
				t.Errorf("violations %q of a copy with a row that the condition leaves out", got)
			}
		})
	}
}

// A stub's dummies are found in a copy in another engine in the form that they got there, and a stub that holds more is found.
func TestStubElsewhere(t *testing.T) {
	ctx, server := context.Background(), pgtest.Server(t)
	from := server.Database(t)
	server.Exec(t, from, `CREATE TABLE "Provider" ("HsaId" text PRIMARY KEY);
		CREATE TABLE "Staff" ("Id" int PRIMARY KEY, "P" text REFERENCES "Provider", "Since" timestamptz NOT NULL, "Until" timestamptz NOT NULL, "Hours" numeric(20, 4) NOT NULL, "At" timestamp NOT NULL);
		CREATE TABLE "Visit" ("Id" int PRIMARY KEY, "P" text NOT NULL REFERENCES "Provider", "StaffId" int NOT NULL REFERENCES "Staff");
		INSERT INTO "Provider" VALUES ('SE1'), ('SE2');
		INSERT INTO "Staff" VALUES (1, 'SE1', now(), now(), 1, now()), (2, 'SE2', now(), now(), 2, now());
		INSERT INTO "Visit" VALUES (1, 'SE1', 1), (2, 'SE1', 2)`)
	m, source, p := planAt(t, from, mapHead+`
table "Staff" {
  path { via = ["P"] }
  column "Since" { stub = "2000-01-01T01:00:00+01:00" }
  column "Until" {
    mask = constant("2001-01-01T01:00:00.50-02:00")
    stub = "2000-01-01T00:00:00Z"
  }
  column "Hours" { stub = 37.50 }
  column "At"    { stub = "2000-01-01T00:00:00.10" }
}
table "Visit" {
  path { via = ["P"] }
  foreign "StaffId" { outside = "stub" }
}
`)
	file := filepath.Join(t.TempDir(), "copy.db")
	if _, err := run.Run(ctx, p, source, run.NewDatabase("sqlite:"+file), run.Options{}); err != nil {
		t.Fatal(err)
	}
	for change, want := range map[string]string{
		"UPDATE Staff SET Since = '2000-01-01T00:00:00.1+00:00' WHERE Id = 2": "UV004",
		"UPDATE Staff SET Hours = '37.6' WHERE Id = 2":                        "UV004",
		"UPDATE Staff SET At = '2000-01-01T00:00:00' WHERE Id = 2":            "UV004",
		"UPDATE Staff SET Hours = '37.6' WHERE Id = 1":                        "UV003", // it is no stub
	} {
		changed := filepath.Join(t.TempDir(), "changed.db")
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(changed, content, 0o600); err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open("sqlite", changed)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(change); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		copied, err := run.Open(ctx, "sqlite:"+changed)
		if err != nil {
			t.Fatal(err)
		}
		v, err := run.VerifyDatabase(ctx, m, requestSE1, copied, run.VerifyOptions{})
		if closing := copied.Close(); err != nil || closing != nil {
			t.Fatal(err, closing)
		}
		if !slices.ContainsFunc(v.Violations, func(v run.Violation) bool { return v.Code == want }) || want != "UV004" && strings.Contains(v.Err().Error(), "UV004") {
			t.Errorf("%s: %v, want %s", change, v.Violations, want)
		}
	}
}
