package run_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/plan/run"
)

// What the oracle's cases found, each as small as it gets. All are about what NULL makes of other conditions.

// A row that where leaves out because it is neither true nor false can still be added by outside = "include".
func TestFoundIncludeOfUnknown(t *testing.T) {
	s := newScene(t, `CREATE TABLE Provider (Id INTEGER PRIMARY KEY, HsaId TEXT NOT NULL UNIQUE, LeafId INTEGER REFERENCES Leaf (Id));
CREATE TABLE Leaf (Id INTEGER PRIMARY KEY, ProviderId INTEGER NOT NULL REFERENCES Provider (Id), N INTEGER);
INSERT INTO Leaf VALUES (7, 1, NULL), (8, 1, NULL), (9, 1, 2);
INSERT INTO Provider VALUES (1, 'SE1', 7);
`, mapHead+`table "Provider" {
  foreign "LeafId" { outside = "include" }
}
table "Leaf" {
  path { via = ["ProviderId"] }
  where = "N <> 1"
  foreign "ProviderId" { outside = "error" }
}
`)
	holds(t, s.copy(), "SELECT Id FROM Leaf ORDER BY Id", "7 9")
}

// A unit without a key is none that was ordered, for the second route too.
func TestFoundUnitWithoutKey(t *testing.T) {
	s := open(t, database(t, `CREATE TABLE Provider (Id INTEGER PRIMARY KEY, HsaId TEXT NOT NULL UNIQUE);
CREATE TABLE Unit (Id INTEGER PRIMARY KEY, HsaId TEXT UNIQUE, ProviderId INTEGER NOT NULL REFERENCES Provider (Id));
INSERT INTO Provider VALUES (1, 'SE1');
INSERT INTO Unit VALUES (10, 'U10', 1), (11, NULL, 1), (12, 'U12', 1);
`))
	p := build(t, s, `version = 1
provider {
  table = "Provider"
  key   = "HsaId"
  unit {
    table = "Unit"
    key   = "HsaId"
  }
}
`+unitBlock, filter.Request{Provider: "SE1", Units: []string{"U10"}})
	to := filepath.Join(t.TempDir(), "copy.db")
	if _, err := run.Run(context.Background(), p, s, run.NewDatabase("sqlite:"+to), run.Options{}); err != nil {
		t.Fatal(err)
	}
	holds(t, to, "SELECT Id FROM Unit", "10")
}

// A dummy in a column that is masked with NULL is NULL, and so is a dummy that is declared as null.
func TestFoundBlankDummy(t *testing.T) {
	s := newScene(t, ownerSQL+`CREATE TABLE Staff (Id INTEGER PRIMARY KEY, UnitId INTEGER REFERENCES Unit (Id), Name TEXT, Title TEXT);
ALTER TABLE Unit ADD COLUMN HeadId INTEGER REFERENCES Staff (Id);
INSERT INTO Staff VALUES (5, 20, 'Eva', 'Dr');
UPDATE Unit SET HeadId = 5 WHERE Id = 10;
`, mapHead+`table "Unit" {
  path { via = ["ProviderId"] }
  foreign "HeadId" { outside = "stub" }
}
table "Staff" {
  path { via = ["UnitId"] }
  column "Name" {
    mask = null
    stub = "nobody"
  }
  column "Title" {
    stub = null
  }
}
`)
	holds(t, s.copy(), "SELECT Id, UnitId, Name, Title FROM Staff", "5|NULL|NULL|NULL")
}
