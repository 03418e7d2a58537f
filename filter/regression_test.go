package filter_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/internal/oracle"
	"github.com/utdrag/utdrag/plan/run"
)

// What the queries of non-interference found, each as small as it gets.

const foundMap = `version = 1
provider {
  table = "Provider"
  key   = "Code"
}
`

// found asks one query, twice, of a door to a database.
func found(t *testing.T, w world, statements, text, query string) []string {
	t.Helper()
	url := w.database(t, &oracle.Case{}, statements)
	source := must(run.Open(context.Background(), url))
	defer source.Close()
	m, list := schemamap.Parse("found.hcl", []byte(foundMap+text))
	if list.Refused() {
		t.Fatal(list)
	}
	f, list := filter.New(m, must(source.Catalog(context.Background())), filter.Request{Provider: "P1"}, filter.Options{})
	if list.Refused() {
		t.Fatal(list)
	}
	db := filter.OpenDB(w.connector(t, url), f)
	defer db.Close()
	first, again := ask(db, query), ask(db, query)
	if first.err != nil || again.err != nil || fmt.Sprint(first.rows) != fmt.Sprint(again.rows) {
		t.Fatalf("%v %v, and again %v %v", first.rows, first.err, again.rows, again.err)
	}
	return first.rows
}

// A computed column that is computed anew, because a mask changes what it is computed from, compares as the column does: by its
// affinity. As an expression it had none, and 2 differed from ' 2 '.
func TestFoundAffinityOfComputedColumn(t *testing.T) {
	rows := found(t, sqliteWorld{}, `CREATE TABLE Provider (Id INTEGER PRIMARY KEY, Code TEXT NOT NULL UNIQUE, N INTEGER, Twice INTEGER GENERATED ALWAYS AS (N * 2) STORED, Half TEXT GENERATED ALWAYS AS (N / 2) STORED);
INSERT INTO Provider (Id, Code, N) VALUES (1, 'P1', 7), (2, 'P2', 8);
`, `table "Provider" {
  column "N" {
    mask = constant(1)
  }
}
`, "SELECT Twice = ' 2 ', Twice < '10', typeof(Twice), Half = 0, typeof(Half) FROM Provider")
	if want := `[1|1|string "integer"|1|string "text"|]`; fmt.Sprint(rows) != want {
		t.Errorf("got %v, want %s", rows, want)
	}
}

// The work table of a table without a key is a view with a table behind it, and both are removed after a query.
func TestFoundWorkTableOfRowsIsRemoved(t *testing.T) {
	rows := found(t, postgresWorld{pgtest.Server(t)}, `CREATE TABLE "Provider" ("Id" integer PRIMARY KEY, "Code" text NOT NULL UNIQUE);
CREATE TABLE "Visit" ("Id" integer PRIMARY KEY, "ProviderId" integer REFERENCES "Provider", "PreviousId" integer REFERENCES "Visit");
CREATE TABLE "Note" ("VisitId" integer REFERENCES "Visit", "Body" text);
CREATE TABLE "Visitor" ("VisitId" integer NOT NULL REFERENCES "Visit" UNIQUE, "Name" text);
INSERT INTO "Provider" VALUES (1, 'P1'), (2, 'P2');
INSERT INTO "Visit" VALUES (1, 1, NULL), (2, NULL, 1), (3, 2, NULL);
INSERT INTO "Note" VALUES (2, 'own'), (3, 'other');
INSERT INTO "Visitor" VALUES (2, 'own'), (3, 'other');
`, `table "Visit" {
  match = "any"
  path { via = ["ProviderId"] }
  path { via = ["PreviousId"] }
  foreign "ProviderId" { outside = "null" }
  foreign "PreviousId" { outside = "null" }
}
table "Note" {
  path { via = ["VisitId"] }
}
table "Visitor" {
  path { via = ["VisitId"] }
}
`, `SELECT n."Body" FROM "Note" n JOIN "Visitor" v ON v."VisitId" = n."VisitId"`)
	if want := `[string "own"|]`; fmt.Sprint(rows) != want {
		t.Errorf("got %v, want %s", rows, want)
	}
}

// A column of a type that the database defines can be masked with NULL, which is of every type.
func TestFoundNullOfDefinedType(t *testing.T) {
	rows := found(t, postgresWorld{pgtest.Server(t)}, `CREATE TYPE "Läge" AS ENUM ('hög', 'låg');
CREATE TABLE "Provider" ("Id" integer PRIMARY KEY, "Code" text NOT NULL UNIQUE, "Mood" "Läge");
INSERT INTO "Provider" VALUES (1, 'P1', 'hög'), (2, 'P2', 'låg');
`, `table "Provider" {
  column "Mood" {
    mask = null
  }
}
`, `SELECT "Mood", COALESCE("Mood", 'låg') FROM "Provider"`)
	if want := `[NULL|string "låg"|]`; fmt.Sprint(rows) != want {
		t.Errorf("got %v, want %s", rows, want)
	}
}

// A dummy is what it is in its column: a column of a fixed length fills it up.
func TestFoundDummyOfFixedLength(t *testing.T) {
	rows := found(t, postgresWorld{pgtest.Server(t)}, `CREATE TABLE "Provider" ("Id" integer PRIMARY KEY, "Code" text NOT NULL UNIQUE);
CREATE TABLE "Staff" ("Id" integer PRIMARY KEY, "ProviderId" integer REFERENCES "Provider", "Role" char(5));
CREATE TABLE "Visit" ("Id" integer PRIMARY KEY, "ProviderId" integer REFERENCES "Provider", "StaffId" integer REFERENCES "Staff");
INSERT INTO "Provider" VALUES (1, 'P1'), (2, 'P2');
INSERT INTO "Staff" VALUES (7, 2, 'nurse');
INSERT INTO "Visit" VALUES (1, 1, 7);
`, `table "Staff" {
  path { via = ["ProviderId"] }
  column "Role" {
    stub = "x"
  }
}
table "Visit" {
  path { via = ["ProviderId"] }
  foreign "StaffId" { outside = "stub" }
}
`, `SELECT "Role" FROM "Staff"`)
	if want := `[string "x    "|]`; fmt.Sprint(rows) != want {
		t.Errorf("got %v, want %s", rows, want)
	}
}
