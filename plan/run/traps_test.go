package run_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/plan"
)

// 1. A foreign key that references a UNIQUE key which is not the primary key: join on the referenced columns.
func TestTrap01UniqueKey(t *testing.T) {
	s := newScene(t, ownerSQL+`
CREATE TABLE Visit (Id INTEGER PRIMARY KEY, Unit TEXT REFERENCES Unit(HsaId));
INSERT INTO Unit VALUES (1, '10', 2), (2, '1', 1);
INSERT INTO Visit VALUES (1, 'U10'), (2, 'U20'), (10, '1'), (20, '10');`, mapHead+unitBlock+"table \"Visit\" {\n  path { via = [\"Unit\"] }\n}\n")
	holds(t, s.copy(), "SELECT Id FROM Visit ORDER BY Id", "1 10")

	// The same key to a row identity that is another row's unique key: numbers that are all taken by the other column.
	s = newScene(t, `CREATE TABLE Provider (Id INTEGER PRIMARY KEY, HsaId TEXT NOT NULL UNIQUE, Number INTEGER UNIQUE);
CREATE TABLE Note (Id INTEGER PRIMARY KEY, ProviderNumber INTEGER REFERENCES Provider(Number));
INSERT INTO Provider VALUES (1, 'SE1', 2), (2, 'SE2', 1);
INSERT INTO Note VALUES (1, 1), (2, 2);`, mapHead+"table \"Note\" {\n  path { via = [\"ProviderNumber\"] }\n}\n")
	holds(t, s.copy(), "SELECT Id FROM Note", "2")
}

// 2. NULL in a foreign key on the tenant path: owner unknown.
func TestTrap02NullOnThePath(t *testing.T) {
	const tables = ownerSQL + `
CREATE TABLE Visit (Id INTEGER PRIMARY KEY, UnitId INTEGER REFERENCES Unit(Id));
CREATE TABLE Note (Id INTEGER PRIMARY KEY, A INTEGER, B INTEGER, FOREIGN KEY (A, B) REFERENCES Pair (A, B));
CREATE TABLE Pair (A INTEGER, B INTEGER, UnitId INTEGER REFERENCES Unit(Id), PRIMARY KEY (A, B));
INSERT INTO Visit VALUES (1, 10), (2, 20), (3, NULL);
INSERT INTO Pair VALUES (1, 1, 10), (1, 2, 20);
INSERT INTO Note VALUES (1, 1, 1), (2, 1, 2), (3, 1, NULL), (4, NULL, 1), (5, NULL, NULL);`
	const pair = "table \"Pair\" {\n  path { via = [\"UnitId\"] }\n}\n"
	text := func(more string) string {
		return mapHead + unitBlock + pair + "table \"Visit\" {\n  path {\n via = [\"UnitId\"]" + more + "\n}\n}\ntable \"Note\" {\n  path {\n via = [\"A\", \"B\"]" + more + "\n}\n}\n"
	}
	to := newScene(t, tables, text("")).copy()
	holds(t, to, "SELECT Id FROM Visit", "1")
	holds(t, to, "SELECT Id FROM Note", "1")

	// It has to be written, with a reason, to be otherwise.
	to = newScene(t, tables, text("\n null = \"include\"\n reason = \"drop-in\"")).copy()
	holds(t, to, "SELECT Id FROM Visit ORDER BY Id", "1 3")
	holds(t, to, "SELECT Id FROM Note ORDER BY Id", "1 3 4 5")
}

// 3. A table nobody mapped must stop the plan.
func TestTrap03UnmappedTable(t *testing.T) {
	if got := refusedMap(t, ownerSQL+"CREATE TABLE Secret (x);", mapHead+unitBlock); !slices.Equal(got, []string{filter.CodeUnmappedTable}) {
		t.Errorf("got %v", got)
	}
	// Nor can one that turns up after the plan slip in: see TestDrift.
}

// 4. A row reached as a parent must not pull in its other children.
func TestTrap04ParentPullsNoChildren(t *testing.T) {
	s := newScene(t, ownerSQL+`
CREATE TABLE Patient (Id INTEGER PRIMARY KEY);
CREATE TABLE Visit (Id INTEGER PRIMARY KEY, UnitId INTEGER NOT NULL REFERENCES Unit(Id), PatientId INTEGER NOT NULL REFERENCES Patient(Id));
CREATE TABLE Note (Id INTEGER PRIMARY KEY, VisitId INTEGER NOT NULL REFERENCES Visit(Id), AboutId INTEGER REFERENCES Visit(Id));
INSERT INTO Patient VALUES (1), (2);
INSERT INTO Visit VALUES (1, 10, 1), (2, 20, 1), (3, 20, 2), (4, 10, 1);
INSERT INTO Note VALUES (1, 1, 2), (2, 2, 1), (3, 3, 1);`, mapHead+unitBlock+`
table "Visit" {
  path { via = ["UnitId"] }
}
table "Patient" {
  path {
    from = "Visit"
    via  = ["PatientId"]
  }
}
table "Note" {
  path { via = ["VisitId"] }
  foreign "AboutId" { outside = "null" }
}
`)
	to := s.copy()
	holds(t, to, "SELECT Id FROM Patient", "1")
	holds(t, to, "SELECT Id FROM Visit ORDER BY Id", "1 4")
	holds(t, to, "SELECT Id, AboutId FROM Note", "1|NULL")

	// A row that a policy adds pulls in nothing either: neither its children, nor what its paths would reach.
	s = newScene(t, ownerSQL+`
CREATE TABLE Visit (Id INTEGER PRIMARY KEY, UnitId INTEGER REFERENCES Unit(Id), BeforeId INTEGER REFERENCES Visit(Id));
CREATE TABLE Note (Id INTEGER PRIMARY KEY, VisitId INTEGER NOT NULL REFERENCES Visit(Id));
INSERT INTO Visit VALUES (1, 10, 2), (2, 20, 3), (3, 20, NULL), (4, 20, 1);
INSERT INTO Note VALUES (1, 1), (2, 2), (3, 3), (4, 4);`, mapHead+unitBlock+`
table "Visit" {
  path { via = ["UnitId"] }
  foreign "UnitId" { outside = "null" }
  foreign "BeforeId" { outside = "include" }
}
table "Note" {
  path { via = ["VisitId"] }
}
`)
	to = s.copy()
	holds(t, to, "SELECT Id, UnitId FROM Visit ORDER BY Id", "1|10 2|NULL 3|NULL")
	holds(t, to, "SELECT Id FROM Note", "1")
	holds(t, to, "SELECT Id FROM Unit", "10")
}

const referralSQL = ownerSQL + `
CREATE TABLE Referral (Id INTEGER PRIMARY KEY, FromId INTEGER CONSTRAINT fk_from REFERENCES Unit(Id), ToId INTEGER CONSTRAINT fk_to REFERENCES Unit(Id));
INSERT INTO Unit VALUES (11, 'U11', 1);
INSERT INTO Referral VALUES (1, 10, 11), (2, 10, 20), (3, 20, 10), (4, 20, 20), (5, NULL, 10), (6, NULL, NULL), (7, 10, NULL);`

// 5. Several foreign keys to the same parent: keyed by constraint, any/all declared.
func TestTrap05SeveralForeignKeys(t *testing.T) {
	text := mapHead + unitBlock + `table "Referral" {
  match = "%"
  path { via = ["FromId"] }
  path { via = ["ToId"] }
  foreign "fk_from" { outside = "null" }
  foreign "fk_to" { outside = "null" }
}
`
	to := newScene(t, referralSQL, strings.Replace(text, "%", "any", 1)).copy()
	holds(t, to, "SELECT Id, FromId, ToId FROM Referral ORDER BY Id", "1|10|11 2|10|NULL 3|NULL|10 5|NULL|10 7|10|NULL")
	to = newScene(t, referralSQL, strings.Replace(text, "%", "all", 1)).copy()
	holds(t, to, "SELECT Id, FromId, ToId FROM Referral", "1|10|11")

	// Over one column twice: without the constraint's name it is refused.
	twice := ownerSQL + `CREATE TABLE Site (Id INTEGER PRIMARY KEY REFERENCES Unit(Id));
CREATE TABLE Visit (Id INTEGER PRIMARY KEY, At INTEGER CONSTRAINT a REFERENCES Unit(Id) CONSTRAINT b REFERENCES Site(Id));`
	site := unitBlock + "table \"Site\" {\n  path { via = [\"Id\"] }\n}\n"
	if got := refusedMap(t, twice, mapHead+site+"table \"Visit\" {\n  path { via = [\"At\"] }\n}\n"); !slices.Contains(got, filter.CodeAmbiguousPath) {
		t.Errorf("got %v", got)
	}
}

// 6. A kept row that references another tenant's row: null, stub, drop, include or error, by decision.
func TestTrap06ReferenceToAnother(t *testing.T) {
	const tables = ownerSQL + `
CREATE TABLE Note (Id INTEGER PRIMARY KEY, UnitId INTEGER REFERENCES Unit(Id), CorrectsId INTEGER REFERENCES Note(Id), SignedBy INTEGER REFERENCES Staff(Id), Body TEXT);
CREATE TABLE Staff (Id INTEGER PRIMARY KEY, UnitId INTEGER REFERENCES Unit(Id), Name TEXT NOT NULL, Email TEXT);
INSERT INTO Staff VALUES (1, 10, 'Own', 'own@x'), (2, 20, 'Other', 'other@x'), (3, 20, 'Nobody', 'x');
INSERT INTO Note VALUES (1, 10, NULL, 1, 'a'), (2, 10, 1, 2, 'b'), (3, 20, NULL, 2, 'c'), (4, 10, 3, 1, 'd'), (5, 20, 1, 2, 'e');`
	text := func(corrects, signed string) string {
		return mapHead + unitBlock + `
table "Note" {
  path { via = ["UnitId"] }
  foreign "UnitId" { outside = "null" }
  foreign "CorrectsId" { outside = "` + corrects + `" }
  foreign "SignedBy" { outside = "` + signed + `" }
}
table "Staff" {
  path { via = ["UnitId"] }
  foreign "UnitId" { outside = "null" }
  column "Name" {
    mask = partial(1, 0)
    stub = "unknown"
  }
}
`
	}
	const notes, staff = "SELECT Id, CorrectsId, SignedBy FROM Note ORDER BY Id", "SELECT * FROM Staff ORDER BY Id"
	to := newScene(t, tables, text("null", "null")).copy()
	holds(t, to, notes, "1|NULL|1 2|1|NULL 4|NULL|1")
	holds(t, to, staff, "1|10|O**|own@x")

	to = newScene(t, tables, text("stub", "stub")).copy()
	holds(t, to, notes, "1|NULL|1 2|1|2 3|NULL|NULL 4|3|1")
	holds(t, to, staff, "1|10|O**|own@x 2|NULL|u******|NULL")
	holds(t, to, "SELECT Body, UnitId FROM Note WHERE Id = 3", "NULL|NULL")

	to = newScene(t, tables, text("include", "include")).copy()
	holds(t, to, notes, "1|NULL|1 2|1|2 3|NULL|2 4|3|1")
	holds(t, to, staff, "1|10|O**|own@x 2|NULL|O****|other@x")

	to = newScene(t, tables, text("null", "drop")).copy()
	holds(t, to, notes, "1|NULL|1 4|NULL|1")
	holds(t, to, staff, "1|10|O**|own@x")

	code, err := newScene(t, tables, text("error", "null")).fails()
	if code != plan.CodeOutside || strings.Contains(err.Error(), "other@x") {
		t.Errorf("got %v", err)
	}
	if got := refusedMap(t, tables, text("drop", "null")); !slices.Contains(got, filter.CodeDropOnCycle) {
		t.Errorf("drop on a cycle: %v", got)
	}
	undecided := strings.Replace(text("null", "null"), `foreign "SignedBy" { outside = "null" }`, "", 1)
	if got := refusedMap(t, tables, undecided); !slices.Contains(got, plan.CodeUnproven) {
		t.Errorf("without a decision: %v", got)
	}
}
