package run_test

import (
	"slices"
	"testing"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/plan/run"
)

// 7. Overlapping cycles, two cycle groups in one component, a one-table cycle, a composite self reference.
func TestTrap07Cycles(t *testing.T) {
	s := newScene(t, ownerSQL+`
CREATE TABLE A (Id INTEGER PRIMARY KEY, UnitId INTEGER REFERENCES Unit(Id), CId INTEGER REFERENCES C(Id), DId INTEGER REFERENCES D(Id));
CREATE TABLE B (Id INTEGER PRIMARY KEY, AId INTEGER REFERENCES A(Id));
CREATE TABLE C (Id INTEGER PRIMARY KEY, BId INTEGER REFERENCES B(Id), DId INTEGER REFERENCES D(Id));
CREATE TABLE D (Id INTEGER PRIMARY KEY, CId INTEGER REFERENCES C(Id));
INSERT INTO A VALUES (1, 10, NULL, NULL), (2, NULL, 1, NULL), (3, 20, NULL, NULL), (4, NULL, 3, NULL), (5, NULL, NULL, 2);
INSERT INTO B VALUES (1, 1), (2, 2), (3, 3), (5, 5);
INSERT INTO C VALUES (1, 1, NULL), (2, 2, NULL), (3, 3, NULL), (4, 5, 2);
INSERT INTO D VALUES (1, 1), (2, 2), (3, 3), (4, 4);`, mapHead+unitBlock+`
table "A" {
  match = "any"
  path { via = ["UnitId"] }
  path { via = ["CId"] }
  path { via = ["DId"] }
  foreign "UnitId" { outside = "error" }
  foreign "CId" { outside = "error" }
  foreign "DId" { outside = "error" }
}
table "B" {
  path { via = ["AId"] }
}
table "C" {
  match = "any"
  path { via = ["BId"] }
  path { via = ["DId"] }
  foreign "BId" { outside = "error" }
  foreign "DId" { outside = "error" }
}
table "D" {
  path { via = ["CId"] }
}
`)
	to := s.copy()
	holds(t, to, "SELECT Id FROM A ORDER BY Id", "1 2 5")
	holds(t, to, "SELECT Id FROM B ORDER BY Id", "1 2 5")
	holds(t, to, "SELECT Id FROM C ORDER BY Id", "1 2 4")
	holds(t, to, "SELECT Id FROM D ORDER BY Id", "1 2 4")
}

func TestTrap07SelfReferences(t *testing.T) {
	s := newScene(t, ownerSQL+`
CREATE TABLE Folder (Id INTEGER PRIMARY KEY, UnitId INTEGER REFERENCES Unit(Id), InId INTEGER REFERENCES Folder(Id));
CREATE TABLE Page (Book TEXT NOT NULL, No INTEGER NOT NULL, Prev INTEGER, UnitId INTEGER REFERENCES Unit(Id), PRIMARY KEY (Book, No), FOREIGN KEY (Book, Prev) REFERENCES Page (Book, No));
INSERT INTO Folder VALUES (1, 10, NULL), (2, NULL, 1), (3, NULL, 2), (4, 20, NULL), (5, NULL, 4), (6, NULL, 6);
INSERT INTO Page VALUES ('x', 1, NULL, 10), ('x', 2, 1, NULL), ('x', 3, 2, NULL), ('y', 1, NULL, 20), ('y', 2, 1, NULL), ('y', 3, 3, NULL), ('z', 7, 7, 10);`, mapHead+unitBlock+`
table "Folder" {
  match = "any"
  path { via = ["UnitId"] }
  path { via = ["InId"] }
  foreign "UnitId" { outside = "error" }
  foreign "InId" { outside = "error" }
}
table "Page" {
  match = "any"
  path { via = ["UnitId"] }
  path { via = ["Book", "Prev"] }
  foreign "UnitId" { outside = "error" }
  foreign "Book, Prev" { outside = "error" }
}
`)
	to := s.copy()
	holds(t, to, "SELECT Id, InId FROM Folder ORDER BY Id", "1|NULL 2|1 3|2")
	holds(t, to, "SELECT Book, No, Prev FROM Page ORDER BY Book, No", "x|1|NULL x|2|1 x|3|2 z|7|7")
}

// 8. Composite keys: column order from the catalog's ordinal on both sides.
func TestTrap08CompositeOrder(t *testing.T) {
	s := newScene(t, ownerSQL+`
CREATE TABLE Ward (B INTEGER NOT NULL, A INTEGER NOT NULL, UnitId INTEGER REFERENCES Unit(Id), PRIMARY KEY (A, B));
CREATE TABLE Bed (X INTEGER, Id INTEGER PRIMARY KEY, Y INTEGER, FOREIGN KEY (Y, X) REFERENCES Ward);
CREATE TABLE Slot (X INTEGER, Id INTEGER PRIMARY KEY, Y INTEGER, FOREIGN KEY (X, Y) REFERENCES Ward (B, A));
INSERT INTO Ward (A, B, UnitId) VALUES (1, 2, 10), (2, 1, 20);
INSERT INTO Bed (Id, Y, X) VALUES (1, 1, 2), (2, 2, 1);
INSERT INTO Slot (Id, Y, X) VALUES (1, 1, 2), (2, 2, 1);`, mapHead+unitBlock+`
table "Ward" {
  path { via = ["UnitId"] }
}
table "Bed" {
  path { via = ["X", "Y"] }
}
table "Slot" {
  path { via = ["Y", "X"] }
}
`)
	to := s.copy()
	holds(t, to, "SELECT A, B FROM Ward", "1|2")
	holds(t, to, "SELECT Id FROM Bed", "1")
	holds(t, to, "SELECT Id FROM Slot", "1")
}

// 9. Breaking a cycle must not lose data: insert NULL, then update; or load with constraints off and re-check.
func TestTrap09CyclesLoseNothing(t *testing.T) {
	s := newScene(t, `CREATE TABLE Provider (Id INTEGER PRIMARY KEY, HsaId TEXT NOT NULL UNIQUE, MainUnitId INTEGER NOT NULL REFERENCES Unit(Id));
CREATE TABLE Unit (Id INTEGER PRIMARY KEY, ProviderId INTEGER NOT NULL REFERENCES Provider(Id), HeadId INTEGER NOT NULL REFERENCES Staff(Id));
CREATE TABLE Staff (Id INTEGER PRIMARY KEY, UnitId INTEGER NOT NULL REFERENCES Unit(Id), BossId INTEGER NOT NULL REFERENCES Staff(Id));
INSERT INTO Provider VALUES (1, 'SE1', 10), (2, 'SE2', 20);
INSERT INTO Unit VALUES (10, 1, 100), (11, 1, 101), (20, 2, 200);
INSERT INTO Staff VALUES (100, 10, 101), (101, 11, 100), (200, 20, 200);`, mapHead+`
table "Provider" {
  foreign "MainUnitId" { outside = "error" }
}
table "Unit" {
  path { via = ["ProviderId"] }
  foreign "HeadId" { outside = "error" }
}
table "Staff" {
  path { via = ["UnitId"] }
  foreign "BossId" { outside = "error" }
}
`)
	to := s.copy()
	holds(t, to, "SELECT Id, MainUnitId FROM Provider", "1|10")
	holds(t, to, "SELECT Id, HeadId FROM Unit ORDER BY Id", "10|100 11|101")
	holds(t, to, "SELECT Id, BossId FROM Staff ORDER BY Id", "100|101 101|100")
	holds(t, to, "SELECT count(*) FROM pragma_foreign_key_check", "0")
}

// 10. Tables without a primary key: supported or refused by name, never silently skipped.
func TestTrap10NoPrimaryKey(t *testing.T) {
	const hidden = "CREATE TABLE Line (rowid INTEGER, oid INTEGER, _rowid_ INTEGER, UnitId INTEGER REFERENCES Unit(Id), Text TEXT%s);"
	s := newScene(t, ownerSQL+`
CREATE TABLE Line (UnitId INTEGER REFERENCES Unit(Id), Text TEXT);
CREATE TABLE rows (rowid INTEGER, UnitId INTEGER REFERENCES Unit(Id), NextId INTEGER REFERENCES Unit(Id));
CREATE TABLE Word (Line TEXT UNIQUE, UnitId INTEGER REFERENCES Unit(Id));
INSERT INTO Line VALUES (10, 'a'), (10, 'a'), (20, 'b'), (10, NULL), (10, NULL), (NULL, 'c');
INSERT INTO rows VALUES (5, 10, 10), (5, 10, 20), (5, 20, 10);
INSERT INTO Word VALUES (NULL, 10), (NULL, 10), ('a', 10), ('b', 20), (NULL, 20);`, mapHead+unitBlock+`
table "Line" {
  path { via = ["UnitId"] }
}
table "rows" {
  path { via = ["UnitId"] }
  foreign "NextId" { outside = "null" }
}
table "Word" {
  path { via = ["UnitId"] }
}
`)
	to := s.copy()
	holds(t, to, "SELECT Text FROM Line ORDER BY Text", "NULL NULL a a")
	holds(t, to, "SELECT [rowid], NextId FROM rows ORDER BY 2", "5|NULL 5|10")
	holds(t, to, "SELECT Line FROM Word ORDER BY Line", "NULL NULL a")

	// Where not even the row id can be named, a table at the end of one plain path is copied all the same.
	const line = mapHead + unitBlock + "table \"Line\" {\n  path { via = [\"UnitId\"] }\n%s}\n"
	s = newScene(t, ownerSQL+sprintf(hidden, "")+"INSERT INTO Line (UnitId, Text) VALUES (10, 'a'), (10, 'a'), (20, 'b'), (NULL, 'c');", sprintf(line, ""))
	to = s.copy()
	holds(t, to, "SELECT Text FROM Line", "a a")
	change(t, to, "INSERT INTO Line (UnitId, Text) VALUES (10, 'a')")
	if got := s.verify(to, nil); !slices.Equal(got, []string{run.CodeRowCount}) {
		t.Errorf("a row too many: %v", got)
	}
	change(t, to, "DELETE FROM Line; INSERT INTO Line (UnitId, Text) VALUES (10, 'a'), (20, 'a')")
	if got := s.verify(to, nil); !slices.Contains(got, run.CodeUnreachable) {
		t.Errorf("another provider's row: %v", got)
	}

	// Where its rows must be told apart, the table is refused by name.
	for _, more := range []string{"  where = \"Text = 'a'\"\n", "  foreign \"UnitId\" { outside = \"drop\" }\n", "  foreign \"UnitId\" { outside = \"include\" }\n"} {
		if got := refusedMap(t, ownerSQL+sprintf(hidden, ""), sprintf(line, more)); !slices.Equal(got, []string{filter.CodeNoIdentity}) {
			t.Errorf("%s: got %v", more, got)
		}
	}
	s = newScene(t, ownerSQL+sprintf(hidden, ""), mapHead+unitBlock+`
table "Line" {
  rows   = "all"
  reason = "every row needs no name"
  foreign "UnitId" { outside = "null" }
}
`)
	change(t, s.path, "INSERT INTO Line VALUES (1, 1, 1, 10, 'a'), (1, 1, 1, 20, 'b')")
	holds(t, s.copy(), "SELECT UnitId, Text FROM Line ORDER BY Text", "10|a NULL|b")
}
