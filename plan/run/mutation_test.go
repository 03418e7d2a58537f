package run_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/plan/run"
)

// mutationSQL has a table of every kind: on a plain chain, on a cycle, shared, without a key, with a composite key and no
// row id, with rows that policies add, with stubs, empty, and a reference table.
const mutationSQL = ownerSQL + `
CREATE TABLE Visit (Id INTEGER PRIMARY KEY, UnitId INTEGER NOT NULL REFERENCES Unit(Id), PatientId INTEGER REFERENCES Patient(Id), SeenById INTEGER REFERENCES Staff(Id), SentById INTEGER REFERENCES Clinic(Id), Kind TEXT REFERENCES Kind(Code), Cancelled INTEGER NOT NULL, Doc BLOB, Weight REAL);
CREATE TABLE Patient (Id INTEGER PRIMARY KEY, Pnr TEXT UNIQUE, Name TEXT, Phone TEXT, Mail TEXT, Remark TEXT);
CREATE TABLE Staff (Id INTEGER PRIMARY KEY, UnitId INTEGER REFERENCES Unit(Id), BossId INTEGER REFERENCES Staff(Id), Name TEXT);
CREATE TABLE Clinic (Id INTEGER PRIMARY KEY, UnitId INTEGER REFERENCES Unit(Id), Name TEXT NOT NULL, Secret TEXT NOT NULL, Plain TEXT);
CREATE TABLE Note (Id INTEGER PRIMARY KEY, VisitId INTEGER REFERENCES Visit(Id), ThreadId INTEGER REFERENCES Note(Id), Body TEXT);
CREATE TABLE Line (VisitId INTEGER REFERENCES Visit(Id), Text TEXT);
CREATE TABLE Part (A TEXT NOT NULL, B INTEGER NOT NULL, NoteId INTEGER REFERENCES Note(Id), PRIMARY KEY (A, B)) WITHOUT ROWID;
CREATE TABLE Kind (Code TEXT PRIMARY KEY NOT NULL, Name TEXT);
CREATE TABLE Outbox (Id INTEGER PRIMARY KEY, Line TEXT);
CREATE TABLE Log (Line TEXT);
INSERT INTO Kind VALUES ('a', 'A'), ('b', NULL);
INSERT INTO Staff VALUES (1, 10, NULL, 'Own'), (2, 20, 3, 'Other'), (3, 20, NULL, 'Their boss'), (4, 20, NULL, 'Nobody');
INSERT INTO Clinic VALUES (1, 10, 'Own', 'own', 'p'), (2, 20, 'Other', 'other', 'q'), (3, 20, 'Third', 'third', 'r');
INSERT INTO Patient VALUES (1, '19121212-1212', 'Anna', '070', 'a@x', 'r'), (2, '19131313-1313', 'Bo', '071', 'b@x', NULL), (3, NULL, NULL, NULL, NULL, NULL);
INSERT INTO Visit VALUES (1, 10, 1, 1, 1, 'a', 0, x'0102', 1.5), (2, 10, 3, 2, 2, 'b', 0, NULL, NULL), (3, 20, 1, 2, 2, 'a', 0, x'03', 2), (4, 20, 2, 4, 3, NULL, 0, NULL, NULL), (5, 10, 2, 1, 1, 'a', 1, NULL, NULL);
INSERT INTO Note VALUES (1, 1, NULL, 'one'), (2, NULL, 1, 'two'), (3, 3, NULL, 'three'), (4, NULL, 3, 'four'), (5, 2, NULL, '');
INSERT INTO Line VALUES (1, 'x'), (1, 'x'), (1, NULL), (3, 'y');
INSERT INTO Part VALUES ('a', 1, 1), ('a', 2, 2), ('b', 1, 3);
INSERT INTO Outbox VALUES (1, 'o');
INSERT INTO Log VALUES ('l');
`

var update = flag.Bool("update", false, "write the golden files anew")

const mutationMap = mapHead + unitBlock + `
table "Visit" {
  path { via = ["UnitId"] }
  foreign "SeenById" { outside = "include" }
  foreign "SentById" { outside = "stub" }
  where = "Cancelled = 0"
}
table "Patient" {
  path {
    from = "Visit"
    via  = ["PatientId"]
  }
  column "Pnr" { mask = hash("person") }
  column "Name" { mask = partial(1, 0) }
  column "Phone" { mask = constant("000") }
  column "Mail" { mask = redact }
  column "Remark" { mask = null }
}
table "Staff" {
  path { via = ["UnitId"] }
  foreign "UnitId" { outside = "null" }
  foreign "BossId" { outside = "include" }
}
table "Clinic" {
  path { via = ["UnitId"] }
  column "Name" { stub = "unknown" }
  column "Secret" {
    mask = partial(1, 0)
    stub = "none"
  }
}
table "Note" {
  match = "any"
  path { via = ["VisitId"] }
  path { via = ["ThreadId"] }
  foreign "VisitId" { outside = "error" }
  foreign "ThreadId" { outside = "error" }
}
table "Line" {
  path { via = ["VisitId"] }
}
table "Part" {
  path { via = ["NoteId"] }
}
table "Outbox" {
  rows   = "empty"
  reason = "the host's"
}
reference {
  tables = ["Kind"]
  reason = "codes"
}
excluded {
  tables = ["Log"]
  reason = "log"
}
`

// TestMutationGood tells what the copy holds that the mutations start from.
func TestMutationGood(t *testing.T) {
	to := newScene(t, mutationSQL, mutationMap).copy()
	for query, want := range map[string]string{
		"SELECT Id FROM Provider": "1", "SELECT Id FROM Unit": "10", "SELECT Id FROM Visit ORDER BY Id": "1 2", "SELECT Id FROM Patient ORDER BY Id": "1 3",
		"SELECT Id, UnitId FROM Staff ORDER BY Id": "1|10 2|NULL 3|NULL", "SELECT * FROM Clinic ORDER BY Id": "1|10|Own|o**|p 2|NULL|unknown|n***|NULL",
		"SELECT Id FROM Note ORDER BY Id": "1 2 5", "SELECT Text FROM Line ORDER BY Text": "NULL x x", "SELECT A, B FROM Part": "a|1 a|2", "SELECT count(*) FROM Outbox": "0",
	} {
		holds(t, to, query, want)
	}
}

// mutation changes a copy. found is what verification must find. With a manifest that was made to fit the change, it
// must find known; where known is "", nothing in the copy can tell, and only a comparison with the source does.
type mutation struct{ name, sql, found, known string }

var mutations = []mutation{
	// Rows of another provider, alone and with consistent parents.
	{"another provider's row", "INSERT INTO Provider VALUES (2, 'SE2')", "UV001", "UV005"},
	{"another provider's unit, with its provider", "INSERT INTO Provider VALUES (2, 'SE2'); INSERT INTO Unit VALUES (20, 'U20', 2)", "UV001", "UV004"},
	{"another provider's unit, without", "INSERT INTO Unit VALUES (20, 'U20', 2)", "UV001", "UV006"},
	{"a visit, without parents", "INSERT INTO Visit (Id, UnitId, Cancelled) VALUES (3, 20, 0)", "UV001", "UV004"},
	{"a visit, with parents", "INSERT INTO Provider VALUES (2, 'SE2'); INSERT INTO Unit VALUES (20, 'U20', 2); INSERT INTO Visit (Id, UnitId, PatientId, Cancelled) VALUES (3, 20, 1, 0)", "UV001", "UV004"},
	{"the provider's own visit that where leaves out", "INSERT INTO Visit (Id, UnitId, Cancelled) VALUES (5, 10, 1)", "UV001", "UV004"},
	{"a patient of nobody's", "INSERT INTO Patient (Id) VALUES (2)", "UV001", "UV004"},
	{"a patient of another's visit", "INSERT INTO Patient (Id) VALUES (2); INSERT INTO Visit (Id, UnitId, PatientId, Cancelled) VALUES (4, 20, 2, 0)", "UV001", "UV004"},
	{"a note in the other's thread", "INSERT INTO Note VALUES (4, NULL, 3, 'four'), (3, NULL, NULL, 'three')", "UV001", "UV004"},
	{"a note in a thread with itself", "INSERT INTO Note VALUES (4, NULL, 4, 'four')", "UV001", "UV004"},
	{"two notes in each other's thread", "INSERT INTO Note VALUES (3, NULL, 4, 'three'), (4, NULL, 3, 'four')", "UV001", "UV004"},
	{"a line without a key", "INSERT INTO Line VALUES (NULL, 'y')", "UV001", "UV004"},
	{"a line of another's visit", "INSERT INTO Line VALUES (3, 'y')", "UV001", "UV004"},
	{"a part of another's note", "INSERT INTO Part VALUES ('b', 1, 3)", "UV001", "UV004"},
	{"staff that nobody references", "INSERT INTO Staff VALUES (4, NULL, NULL, 'Nobody')", "UV001", "UV004"},
	{"staff that references itself", "INSERT INTO Staff VALUES (4, NULL, 4, 'Nobody')", "UV001", "UV004"},
	{"staff that reference each other", "INSERT INTO Staff VALUES (4, NULL, 5, 'Nobody'), (5, NULL, 4, 'Nobody')", "UV001", "UV004"},
	{"staff that another's visit references", "INSERT INTO Staff VALUES (4, NULL, NULL, 'Nobody'); INSERT INTO Visit (Id, UnitId, SeenById, Cancelled) VALUES (4, 20, 4, 0)", "UV001", "UV004"},
	{"a stub that nobody references", "INSERT INTO Clinic VALUES (3, NULL, 'unknown', 'n***', NULL)", "UV001", "UV004"},
	{"a row in an empty table", "INSERT INTO Outbox VALUES (1, 'o')", "UV001", "UV004"},
	{"a row of a reference table", "INSERT INTO Kind VALUES ('c', 'C')", "UV001", ""},

	// Masks undone.
	{"hash undone", "UPDATE Patient SET Pnr = '19121212-1212' WHERE Id = 1", "UV007", "UV007"},
	{"partial undone", "UPDATE Patient SET Name = 'Anna' WHERE Id = 1", "UV007", "UV007"},
	{"constant undone", "UPDATE Patient SET Phone = '070' WHERE Id = 1", "UV007", "UV007"},
	{"redact undone", "UPDATE Patient SET Mail = 'a@x' WHERE Id = 1", "UV007", "UV007"},
	{"null undone", "UPDATE Patient SET Remark = 'r' WHERE Id = 1", "UV007", "UV007"},
	{"a mask made a blob", "UPDATE Patient SET Mail = CAST('***' AS BLOB) WHERE Id = 1", "UV007", "UV007"},
	{"another constant of the same length", "UPDATE Patient SET Phone = '001' WHERE Id = 1", "UV007", "UV007"},

	// Orphans and missing rows.
	{"an orphan", "UPDATE Visit SET PatientId = 99 WHERE Id = 1", "UV006", "UV006"},
	{"an orphan of a composite kind", "UPDATE Part SET NoteId = 99 WHERE B = 1", "UV006", "UV006"},
	{"a missing leaf", "DELETE FROM Line WHERE Text IS NULL", "UV001", ""},
	{"a missing parent", "DELETE FROM Note WHERE Id = 1", "UV001", "UV006"},
	{"a missing reference row", "DELETE FROM Kind WHERE Code = 'a'", "UV001", "UV006"},
	{"the missing provider", "DELETE FROM Provider", "UV001", "UV009"},
	{"a missing patient", "UPDATE Visit SET PatientId = NULL WHERE Id = 2; DELETE FROM Patient WHERE Id = 3", "UV001", ""},
	{"a missing stub", "UPDATE Visit SET SentById = NULL WHERE Id = 2; DELETE FROM Clinic WHERE Id = 2", "UV001", ""},
	{"an empty database of tables", "DELETE FROM Line; DELETE FROM Part; DELETE FROM Note; DELETE FROM Visit; DELETE FROM Patient; DELETE FROM Clinic; DELETE FROM Staff; DELETE FROM Unit", "UV001", ""},

	// Cells.
	{"a byte of a text", "UPDATE Note SET Body = 'onf' WHERE Id = 1", "UV003", ""},
	{"a byte of a blob", "UPDATE Visit SET Doc = x'0103' WHERE Id = 1", "UV003", ""},
	{"a blob that became text", "UPDATE Note SET Body = CAST(Body AS BLOB) WHERE Id = 1", "UV003", ""},
	{"a number", "UPDATE Visit SET Weight = 1.5000000000000002 WHERE Id = 1", "UV003", ""},
	{"an empty text that became NULL", "UPDATE Note SET Body = NULL WHERE Id = 5", "UV003", ""},
	{"a NULL that became empty", "UPDATE Line SET Text = '' WHERE Text IS NULL", "UV003", ""},
	{"two cells swapped between rows", "UPDATE Note SET Body = CASE Id WHEN 1 THEN 'two' WHEN 2 THEN 'one' ELSE Body END", "UV003", ""},
	{"a row twice in a table without a key", "INSERT INTO Line SELECT * FROM Line WHERE Text IS NULL", "UV001", ""},
	{"one row instead of another", "UPDATE Line SET Text = 'x' WHERE Text IS NULL", "UV003", ""},
	{"a key that another row had", "UPDATE Part SET B = 3 WHERE B = 2", "UV003", ""},

	// Stubs filled in.
	{"a stub with a name", "UPDATE Clinic SET Name = 'Other' WHERE Id = 2", "UV003", "UV004"},
	{"a stub with a masked column", "UPDATE Clinic SET Secret = 'o****' WHERE Id = 2", "UV003", "UV004"},
	{"a stub with a column that is not masked", "UPDATE Clinic SET Plain = 'q' WHERE Id = 2", "UV003", "UV004"},
	{"a stub with a dummy removed", "UPDATE Clinic SET Name = '' WHERE Id = 2", "UV003", "UV004"},

	// Tables and columns.
	{"an extra table", "CREATE TABLE Extra (Secret TEXT)", "UV008", "UV008"},
	{"a table that was left out", "CREATE TABLE Log (Line TEXT)", "UV008", "UV008"},
	{"an extra column", "ALTER TABLE Note ADD COLUMN Secret TEXT", "UV008", "UV008"},
	{"a renamed column", "ALTER TABLE Note RENAME COLUMN Body TO Text", "UV008", "UV008"},
	{"a missing table", "DROP TABLE Outbox", "UV008", "UV008"},
}

// TestMutation changes a good copy and demands that verification finds it with no source at hand: by the digest, and
// where the copy itself can tell, on its own.
func TestMutation(t *testing.T) {
	s := newScene(t, mutationSQL, mutationMap)
	good := s.copy()
	for _, m := range mutations {
		t.Run(m.name, func(t *testing.T) {
			s := &scene{t: t, path: s.path, source: s.source, plan: s.plan}
			to := duplicate(t, good)
			change(t, to, m.sql)
			if codes := s.verify(to, nil); !slices.Contains(codes, m.found) {
				t.Errorf("found %v, want %s", codes, m.found)
			}
			if codes := s.verify(to, s.source); len(codes) == 0 {
				t.Error("with the source, nothing was found")
			}
			if m.found == "UV008" { // then there is no digest to be taken
				return
			}
			s.recount(to)
			switch codes := s.verify(to, nil); {
			case slices.Contains(codes, "UV001") || slices.Contains(codes, "UV003"):
				t.Fatalf("the manifest was not made to fit: %v", codes)
			case m.known == "" && len(codes) > 0:
				t.Errorf("found %v: say so in the table", codes)
			case m.known != "" && !slices.Contains(codes, m.known):
				t.Errorf("with a manifest that fits: found %v, want %s", codes, m.known)
			}
			codes := s.verify(to, s.source)
			if !slices.Contains(codes, "UV001") && !slices.Contains(codes, "UV003") && !slices.Contains(codes, "UV009") {
				t.Errorf("with a manifest that fits, the source tells: found %v", codes)
			}
		})
	}
}

func duplicate(t testing.TB, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "copy.db")
	if err := os.WriteFile(to, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}

// recount makes the manifest of a changed copy fit what it holds now.
func (s *scene) recount(path string) {
	s.t.Helper()
	s.editReport(path, func(r *run.Report) {
		copied, err := run.Open(context.Background(), "sqlite:"+path)
		if err != nil {
			s.t.Fatal(err)
		}
		if err := errors.Join(run.Recount(context.Background(), s.plan, copied, r), copied.Close()); err != nil {
			s.t.Fatal(err)
		}
	})
}

func (s *scene) editReport(path string, edit func(*run.Report)) {
	s.t.Helper()
	var r run.Report
	if err := json.Unmarshal([]byte(ask(s.t, path, "SELECT document FROM utdrag_manifest WHERE name = 'report'")), &r); err != nil {
		s.t.Fatal(err)
	}
	edit(&r)
	text, err := json.Marshal(r)
	if err != nil {
		s.t.Fatal(err)
	}
	setReport(s.t, path, string(text))
}

func setReport(t testing.TB, path, text string) {
	t.Helper()
	change(t, path, "UPDATE utdrag_manifest SET document = '"+strings.ReplaceAll(text, "'", "''")+"' WHERE name = 'report'")
}
