package run_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/plan/pack"
	"github.com/utdrag/utdrag/plan/run"
)

func sprintf(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// 11. Chains of diamonds: computing each key set once keeps plans linear. The size is tested in package plan; here, that
// a chain of 26 over empty and full tables runs.
func TestTrap11Diamonds(t *testing.T) {
	var sql, text strings.Builder
	sql.WriteString("CREATE TABLE Provider (Id INTEGER PRIMARY KEY, HsaId TEXT NOT NULL UNIQUE);\nINSERT INTO Provider VALUES (1, 'SE1'), (2, 'SE2');\n")
	text.WriteString(mapHead)
	top := "Provider"
	for i := range 26 {
		l, r, a := sprintf("L%02d", i), sprintf("R%02d", i), sprintf("A%02d", i)
		for _, side := range []string{l, r} {
			fmt.Fprintf(&sql, "CREATE TABLE %s (Id INTEGER PRIMARY KEY, Top INTEGER REFERENCES %s(Id));\nINSERT INTO %s VALUES (1, 1), (2, 2);\n", side, top, side)
			fmt.Fprintf(&text, "table %q {\n  path { via = [\"Top\"] }\n}\n", side)
		}
		fmt.Fprintf(&sql, "CREATE TABLE %s (Id INTEGER PRIMARY KEY, L INTEGER REFERENCES %s(Id), R INTEGER REFERENCES %s(Id));\nINSERT INTO %s VALUES (1, 1, 1), (2, 2, 2);\n", a, l, r, a)
		fmt.Fprintf(&text, "table %q {\n  match = \"any\"\n  path { via = [\"L\"] }\n  path { via = [\"R\"] }\n  foreign \"L\" { outside = \"null\" }\n  foreign \"R\" { outside = \"null\" }\n}\n", a)
		top = a
	}
	holds(t, newScene(t, sql.String(), text.String()).copy(), "SELECT Id FROM "+top, "1")
}

// 12. A masking key or secret literal must not reach a log, a plan, a script header or a package.
func TestTrap12Secrets(t *testing.T) {
	s := newScene(t, clinicSQL, clinicMap)
	secret := []byte("a masking key for tests, 32 bytes and more")
	var seen bytes.Buffer
	for _, write := range []func(*bytes.Buffer) error{
		func(b *bytes.Buffer) error { return s.plan.WriteText(b) }, func(b *bytes.Buffer) error { return s.plan.WriteJSON(b) },
		func(b *bytes.Buffer) error { return s.plan.WriteHTML(b) }, func(b *bytes.Buffer) error { return s.plan.WriteSteps(b) },
	} {
		if err := write(&seen); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	report, err := run.Run(context.Background(), s.plan, s.source, run.NewDatabase("sqlite:"+filepath.Join(dir, "copy.db")), run.Options{Key: testKey(t)})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&seen, "%v %+v %#v", report, report, report)
	database, err := os.ReadFile(filepath.Join(dir, "copy.db"))
	if err != nil {
		t.Fatal(err)
	}
	seen.Write(database)
	p := openPackage(t, s, filepath.Join(dir, "copy.utdrag"))
	for _, name := range []string{"schema.sql", "catalog.json", "plan.sql", "load.sh"} {
		text, err := p.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		seen.Write(text)
	}
	fmt.Fprintf(&seen, "%+v", p.Manifest())
	for _, spelling := range [][]byte{secret, []byte(sprintf("%x", secret)), []byte(sprintf("%X", secret))} {
		if bytes.Contains(seen.Bytes(), spelling) {
			t.Error("the masking key stands where anybody reads it")
		}
	}
	// The masked originals are nowhere either, nor is a row of another provider.
	for _, text := range []string{"200001019801", "Anna", "200001019802", "Cecilia", "SE2"} {
		if bytes.Contains(database, []byte(text)) {
			t.Errorf("the copy's file holds %q", text)
		}
	}
	if report.MaskKey == "" || !bytes.Contains(database, []byte(report.MaskKey)) {
		t.Error("the fingerprint of the key is the evidence of which one it was")
	}
	// An error quotes no cell: a mask meets a cell that it can't mask.
	bad := newScene(t, clinicSQL, strings.Replace(clinicMap, "Name\" { mask = partial(1, 0) }", "Name\" { mask = hash(\"name\") }", 1))
	change(t, bad.path, "UPDATE Patient SET Name = x'536563726574' WHERE Id = 100")
	code, err := bad.fails()
	if code != run.CodeMaskFailed || strings.Contains(err.Error(), "Secret") || strings.Contains(err.Error(), "536563") {
		t.Errorf("got %v", err)
	}
}

// openPackage seals a run for a key made on the spot, and opens it.
func openPackage(t testing.TB, s *scene, path string) *pack.Package {
	t.Helper()
	recipient, secret := keyPair(t)
	if _, err := run.Run(context.Background(), s.plan, s.source, run.NewPackage(path, run.PackageOptions{Recipients: []*pack.Recipient{recipient}, Tool: "test"}), run.Options{Key: testKey(t)}); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	p, err := pack.Open(f, pack.Keys{Secrets: []*pack.Secret{secret}}, pack.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// 13. Masks against unique indexes, CHECKs, lengths and collations are settled before the copy; a case-insensitive
// collation makes 'Final' and 'final' the same key.
func TestTrap13MasksSettledBefore(t *testing.T) {
	const tables = ownerSQL + `
CREATE TABLE Person (Pnr TEXT NOT NULL PRIMARY KEY COLLATE NOCASE, UnitId INTEGER REFERENCES Unit(Id), Short VARCHAR(5), Kind TEXT CHECK (Kind IN ('a', 'b')), Mail TEXT, Low TEXT AS (lower(Mail)));
CREATE UNIQUE INDEX OneMail ON Person (lower(Mail));
CREATE TABLE Visit (Id INTEGER PRIMARY KEY, Pnr TEXT REFERENCES Person(Pnr), Kept TEXT REFERENCES Person(Pnr));
INSERT INTO Person (Pnr, UnitId, Short, Kind, Mail) VALUES ('Final', 10, 'short', 'a', 'a@x'), ('Other', 20, 'x', 'b', 'b@x'), ('Third', 10, NULL, NULL, NULL);
INSERT INTO Visit VALUES (1, 'final', NULL), (2, 'FINAL', 'fiNal'), (3, 'other', NULL), (4, 'THIRD', NULL);`
	text := func(person, visit string) string {
		return mapHead + unitBlock + "table \"Person\" {\n  path { via = [\"UnitId\"] }\n" + person + "\n}\ntable \"Visit\" {\n  path { via = [\"Pnr\"] }\n  foreign \"Kept\" { outside = \"null\" }\n" + visit + "\n}\n"
	}
	column := func(name, mask string) string { return "  column \"" + name + "\" { mask = " + mask + " }\n" }
	for _, c := range []struct{ name, text, want string }{
		{"a hash of another collation", text(column("Pnr", `hash("person")`), column("Pnr", `hash("person")`)+column("Kept", "null")), filter.CodeMaskReference},
		{"a hash that is too long", text(column("Short", `hash("x")`), ""), filter.CodeMaskUnfit},
		{"a constant that is too long", text(column("Short", `constant("longer")`), ""), filter.CodeMaskUnfit},
		{"partial on a key", text(column("Pnr", "partial(1, 0)"), ""), filter.CodeMaskUnfit},
		{"a mask on a computed column", text(column("Low", "redact"), ""), filter.CodeComputedMasked},
	} {
		if got := refusedMap(t, tables, c.text); !slices.Contains(got, c.want) {
			t.Errorf("%s: got %v, want %s", c.name, got, c.want)
		}
	}

	// Unmasked, the key is one key in every spelling. A CHECK, or a unique index over an expression, that stands on a
	// masked column is left out, and said to be.
	s := newScene(t, tables+"INSERT INTO Person (Pnr, UnitId, Mail) VALUES ('Fourth', 10, 'd@x');", text(column("Kind", `constant("masked")`)+column("Mail", `constant("x")`), ""))
	to := s.copy()
	if changes := strings.Join(s.plan.Table(catalog.Name{Schema: "main", Table: "Person"}).Changes, "; "); !strings.Contains(changes, "CHECK on Kind is not made") || !strings.Contains(changes, "index OneMail is not made") {
		t.Errorf("changes: %s", changes)
	}
	holds(t, to, "SELECT count(*) FROM sqlite_schema WHERE name = 'OneMail'", "0")
	holds(t, to, "SELECT Id, Pnr, Kept FROM Visit ORDER BY Id", "1|final|NULL 2|FINAL|fiNal 4|THIRD|NULL")
	holds(t, to, "SELECT Pnr, Kind FROM Person ORDER BY Pnr", "Final|masked Fourth|NULL Third|NULL")

	// With the child's collation the same, hashed keys find each other whatever the case.
	alike := strings.Replace(tables, "Pnr TEXT REFERENCES Person(Pnr), Kept TEXT", "Pnr TEXT COLLATE NOCASE REFERENCES Person(Pnr), Kept TEXT COLLATE NOCASE", 1)
	hash := column("Pnr", `hash("person")`)
	to = newScene(t, alike, text(hash, hash+column("Kept", `hash("person")`))).copy()
	holds(t, to, "SELECT v.Id FROM Visit v JOIN Person p ON p.Pnr = v.Pnr ORDER BY v.Id", "1 2 4")
	holds(t, to, "SELECT count(DISTINCT Pnr), min(length(Pnr)), sum(Pnr LIKE '%inal%') FROM Visit", "2|64|0")
}

// A virtual foreign key whose two ends are hashed at different lengths is no reason to refuse a good copy.
func TestTrap13VirtualHash(t *testing.T) {
	s := newScene(t, ownerSQL+`
CREATE TABLE Person (Id INTEGER PRIMARY KEY, Pnr TEXT COLLATE NOCASE UNIQUE, UnitId INTEGER REFERENCES Unit(Id));
CREATE TABLE Visit (Id INTEGER PRIMARY KEY, Pnr VARCHAR(40));
INSERT INTO Person VALUES (1, 'A', 10), (2, 'B', 20);
INSERT INTO Visit VALUES (1, 'a'), (2, 'b'), (3, 'A');`, mapHead+unitBlock+`
table "Person" {
  path { via = ["UnitId"] }
  column "Pnr" { mask = hash("person") }
}
table "Visit" {
  path {
    via        = ["Pnr"]
    to         = "Person"
    references = ["Pnr"]
  }
  column "Pnr" { mask = hash("person") }
}
`)
	holds(t, s.copy(), "SELECT Id FROM Visit ORDER BY Id", "1 3")
}

// 14. Columns one can't insert: computed ones. IDENTITY: here AUTOINCREMENT and the row id.
func TestTrap14NotInserted(t *testing.T) {
	s := newScene(t, ownerSQL+`
CREATE TABLE Visit (Id INTEGER PRIMARY KEY AUTOINCREMENT, UnitId INTEGER REFERENCES Unit(Id), First TEXT, Last TEXT,
  Whole TEXT GENERATED ALWAYS AS (First || ' ' || Last) STORED, Initial TEXT AS (substr(First, 1, 1)) VIRTUAL, Code TEXT AS (upper(Last)) STORED UNIQUE);
CREATE TABLE Note (Text TEXT, VisitId INTEGER REFERENCES Visit(Id), Visit TEXT REFERENCES Visit(Code));
CREATE TABLE Word (Text TEXT PRIMARY KEY NOT NULL, VisitId INTEGER REFERENCES Visit(Id)) WITHOUT ROWID;
INSERT INTO Visit (Id, UnitId, First, Last) VALUES (7, 10, 'Anna', 'Ek'), (8, 20, 'Bo', 'Ask'), (1000, 20, 'X', 'Y'), (50, 10, 'Å', NULL);
INSERT INTO Note VALUES ('a', 7, 'EK'), ('b', 8, 'ASK'), ('c', 50, NULL);
INSERT INTO Word VALUES ('z', 7), ('a', 7), ('m', 8);`, mapHead+unitBlock+`
table "Visit" {
  path { via = ["UnitId"] }
}
table "Note" {
  path { via = ["VisitId"] }
  foreign "Visit" { outside = "error" }
}
table "Word" {
  path { via = ["VisitId"] }
}
`)
	to := s.copy()
	holds(t, to, "SELECT Id, Whole, Initial, Code FROM Visit ORDER BY Id", "7|Anna Ek|A|EK 50|NULL|Å|NULL")
	holds(t, to, "SELECT Text, Visit FROM Note ORDER BY Text", "a|EK c|NULL")
	holds(t, to, "SELECT Text FROM Word", "a z")
	change(t, to, "INSERT INTO Visit (UnitId, First, Last) VALUES (10, 'New', 'One')")
	if got := ask(t, to, "SELECT max(Id) > 50 FROM Visit"); got != "1" && got != "true" {
		t.Errorf("AUTOINCREMENT gives a number that was used: %s", got)
	}
	// A computed column of masked ones is computed from the masked ones.
	s = newScene(t, ownerSQL+`
CREATE TABLE Visit (Id INTEGER PRIMARY KEY, UnitId INTEGER REFERENCES Unit(Id), First TEXT, Whole TEXT AS (First || '!') STORED);
INSERT INTO Visit (Id, UnitId, First) VALUES (1, 10, 'Anna');`, mapHead+unitBlock+"table \"Visit\" {\n  path { via = [\"UnitId\"] }\n  column \"First\" { mask = redact }\n}\n")
	holds(t, s.copy(), "SELECT First, Whole FROM Visit", "***|***!")
}

// 15. A source whose foreign keys don't hold gives no copy with an orphan in it.
func TestTrap15OrphanInTheSource(t *testing.T) {
	s := newScene(t, ownerSQL+`
CREATE TABLE Code (Id INTEGER PRIMARY KEY);
CREATE TABLE Visit (Id INTEGER PRIMARY KEY, UnitId INTEGER REFERENCES Unit(Id), CodeId INTEGER REFERENCES Code(Id));
INSERT INTO Visit VALUES (1, 10, 99);`, mapHead+unitBlock+`
table "Visit" {
  path { via = ["UnitId"] }
}
reference {
  tables = ["Code"]
  reason = "codes"
}
`)
	if code, err := s.fails(); code != "UE024" {
		t.Errorf("got %v", err)
	}
}

// 20. Rows per round trip: set-based SQL. However many rows there are, the plan is the same.
func TestTrap20SetBased(t *testing.T) {
	s := newScene(t, ownerSQL+`
CREATE TABLE Visit (Id INTEGER PRIMARY KEY, UnitId INTEGER REFERENCES Unit(Id), Prev INTEGER REFERENCES Visit(Id));
CREATE INDEX ByUnit ON Visit (UnitId);
CREATE INDEX ByPrev ON Visit (Prev);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
INSERT INTO Visit SELECT i, CASE WHEN i % 100 = 1 THEN 10 + (i / 100 % 2) * 10 END, CASE WHEN i % 100 = 1 THEN NULL ELSE i - 1 END FROM n;`, mapHead+unitBlock+`
table "Visit" {
  match = "any"
  path { via = ["UnitId"] }
  path { via = ["Prev"] }
  foreign "UnitId" { outside = "error" }
  foreign "Prev" { outside = "error" }
}
`)
	if len(s.plan.Steps) > 20 {
		t.Errorf("%d steps", len(s.plan.Steps))
	}
	holds(t, s.copy(), "SELECT count(*), min(Id), max(Id) FROM Visit", "25000|1|49900")
}
