package run_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/run"
)

const clinicSQL = `
CREATE TABLE Provider (Id INTEGER PRIMARY KEY, HsaId TEXT NOT NULL UNIQUE);
CREATE TABLE Unit (Id INTEGER PRIMARY KEY, HsaId TEXT NOT NULL UNIQUE, ProviderId INTEGER NOT NULL REFERENCES Provider(Id));
CREATE TABLE Patient (Id INTEGER PRIMARY KEY, Pnr TEXT UNIQUE, Name TEXT);
CREATE TABLE Visit (Id INTEGER PRIMARY KEY, UnitId INTEGER REFERENCES Unit(Id), PatientId INTEGER NOT NULL REFERENCES Patient(Id), Reason TEXT);
CREATE TABLE Note (Id INTEGER PRIMARY KEY, VisitId INTEGER NOT NULL REFERENCES Visit(Id), CorrectsId INTEGER REFERENCES Note(Id), Body TEXT);
CREATE TABLE Icd (Code TEXT PRIMARY KEY, Name TEXT);
CREATE TABLE Log (Line TEXT);
INSERT INTO Provider VALUES (1, 'SE1'), (2, 'SE2');
INSERT INTO Unit VALUES (10, 'U10', 1), (11, 'U11', 1), (20, 'U20', 2);
INSERT INTO Patient VALUES (100, '200001019801', 'Anna'), (101, '200001019802', 'Bo'), (102, NULL, 'Cecilia');
INSERT INTO Visit VALUES (1000, 10, 100, 'a'), (1001, 20, 100, 'b'), (1002, 20, 101, 'c'), (1003, NULL, 102, 'd');
INSERT INTO Note VALUES (1, 1000, NULL, 'x'), (2, 1000, 1, 'y'), (3, 1001, NULL, 'z'), (4, 1000, 3, 'across');
INSERT INTO Icd VALUES ('J06', 'Cold');
INSERT INTO Log VALUES ('secret');
`

const clinicMap = `
version = 1
provider {
  table = "Provider"
  key   = "HsaId"
  unit {
    table = "Unit"
    key   = "HsaId"
  }
}
table "Unit" {
  path { via = ["ProviderId"] }
}
table "Visit" {
  path { via = ["UnitId"] }
}
table "Patient" {
  path {
    from = "Visit"
    via  = ["PatientId"]
  }
  column "Pnr" { mask = hash("person") }
  column "Name" { mask = partial(1, 0) }
}
table "Note" {
  path { via = ["VisitId"] }
  foreign "CorrectsId" { outside = "null" }
}
reference {
  tables = ["Icd"]
  reason = "code system"
}
excluded {
  tables = ["Log"]
  reason = "log"
}
`

// database makes a SQLite file from SQL text.
func database(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "journal.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(text)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func build(t testing.TB, source *run.Source, text string, r filter.Request) *plan.Plan {
	t.Helper()
	m, found := schemamap.Parse("test.hcl", []byte(text))
	if found.Refused() {
		t.Fatal(found)
	}
	c, err := source.Catalog(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	p, found := plan.Build(m, c, r)
	if found.Refused() {
		t.Fatal(found)
	}
	return p
}

func open(t testing.TB, path string) *run.Source {
	t.Helper()
	s, err := run.Open(context.Background(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func testKey(t testing.TB) *mask.Key {
	key, err := mask.NewKey([]byte("a masking key for tests, 32 bytes and more"))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// The whole way once, on data that a reader can follow: what stands in the copy, and what doesn't.
func TestClinic(t *testing.T) {
	s := open(t, database(t, clinicSQL))
	p := build(t, s, clinicMap, filter.Request{Provider: "SE1"})
	sink := &memorySink{}
	if _, err := run.Run(context.Background(), p, s, sink, run.Options{Key: testKey(t)}); err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{
		"main.Icd":      {`"J06"|"Cold"`},
		"main.Provider": {`1|"SE1"`},
		"main.Unit":     {`10|"U10"|1`, `11|"U11"|1`},
		"main.Patient":  {`100|"1339f7a822bca0f153eaa19531e8b6c0a9c13bc75546cd59884d6506078166a2"|"A***"`},
		"main.Visit":    {`1000|10|100|"a"`},
		"main.Note":     {`1|1000|NULL|"x"`, `2|1000|1|"y"`, `4|1000|NULL|"across"`},
	}
	if diff := cmp.Diff(want, printable(sink.tables)); diff != "" {
		t.Error(diff)
	}
}
