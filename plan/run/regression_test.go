package run_test

import (
	"context"
	"testing"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/plan/run"
)

// A stub row holds the key by which it is referenced, and no other. A second foreign key to the same row by another
// key, which the stub doesn't have, leads outside all the same. (Found by TestOracle.)
func TestStubLacksOtherKeys(t *testing.T) {
	s := open(t, database(t, `
CREATE TABLE Provider (Id INTEGER PRIMARY KEY, HsaId TEXT NOT NULL UNIQUE);
CREATE TABLE Staff (Id INTEGER PRIMARY KEY, ProviderId INTEGER REFERENCES Provider, UserName TEXT UNIQUE);
CREATE TABLE Visit (Id INTEGER PRIMARY KEY, ProviderId INTEGER NOT NULL REFERENCES Provider, StaffId INTEGER REFERENCES Staff, SignedBy TEXT REFERENCES Staff (UserName));
INSERT INTO Provider VALUES (1, 'P1'), (2, 'P2');
INSERT INTO Staff VALUES (7, 2, 'eva');
INSERT INTO Visit VALUES (1, 1, 7, 'eva');
`))
	p := build(t, s, `
version = 1
provider {
  table = "Provider"
  key   = "HsaId"
}
table "Staff" {
  path { via = ["ProviderId"] }
}
table "Visit" {
  path { via = ["ProviderId"] }
  foreign "StaffId"  { outside = "stub" }
  foreign "SignedBy" { outside = "null" }
}
`, filter.Request{Provider: "P1"})
	sink := &memorySink{}
	if _, err := run.Run(context.Background(), p, s, sink, run.Options{}); err != nil {
		t.Fatal(err)
	}
	rows := printable(sink.tables)
	if got := rows["main.Staff"]; len(got) != 1 || got[0] != "7|NULL|NULL" {
		t.Errorf("Staff holds %v, want the stub's key alone", got)
	}
	if got := rows["main.Visit"]; len(got) != 1 || got[0] != "1|1|7|NULL" {
		t.Errorf("Visit holds %v, want the signature blanked", got)
	}
}
