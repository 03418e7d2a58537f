package run_test

import (
	"slices"
	"testing"

	"github.com/utdrag/utdrag/filter"
)

// Where the provider's own key is masked, nothing in the copy says whose it is; that there is only one can still be seen.
func TestMutationMaskedProvider(t *testing.T) {
	s := newScene(t, ownerSQL, mapHead+`
table "Provider" {
  column "HsaId" { mask = hash("provider") }
}
`+unitBlock)
	to := s.copy()
	change(t, to, "INSERT INTO Provider VALUES (2, '"+sprintf("%064d", 7)+"'); INSERT INTO Unit VALUES (20, 'U20', 2)")
	s.recount(to)
	if codes := s.verify(to, nil); !slices.Contains(codes, "UV005") {
		t.Errorf("found %v", codes)
	}
	to = s.copy()
	change(t, to, "DELETE FROM Unit; DELETE FROM Provider")
	s.recount(to)
	if codes := s.verify(to, nil); !slices.Contains(codes, "UV009") {
		t.Errorf("found %v", codes)
	}
}

// A copy in which a foreign key that decided something is left out, or masked with NULL, is a good copy.
func TestDecidedByWhatIsLeftOut(t *testing.T) {
	const tables = ownerSQL + `
CREATE TABLE Visit (Id INTEGER PRIMARY KEY, UnitId INTEGER REFERENCES Unit(Id), ToId INTEGER REFERENCES Unit(Id), Kind TEXT);
CREATE TABLE Note (Id INTEGER PRIMARY KEY, VisitId INTEGER REFERENCES Visit(Id));
INSERT INTO Visit VALUES (1, 10, 10, 'a'), (2, 10, 20, 'a'), (3, 10, NULL, 'b'), (4, 20, 10, 'a');
INSERT INTO Note VALUES (1, 1), (2, 2), (3, 3), (4, 4);`
	for _, rule := range []string{"omit = true", "mask = null"} {
		for _, column := range []string{"ToId", "UnitId", "Kind"} {
			text := mapHead + unitBlock + "table \"Visit\" {\n  path { via = [\"UnitId\"] }\n  foreign \"ToId\" { outside = \"drop\" }\n  where = \"Kind = 'a'\"\n  column \"" + column + "\" { " + rule + " }\n}\ntable \"Note\" {\n  path { via = [\"VisitId\"] }\n}\n"
			to := newScene(t, tables, text).copy()
			holds(t, to, "SELECT Id FROM Visit", "1")
			holds(t, to, "SELECT Id FROM Note", "1")
		}
		for _, policy := range []string{"include", "stub"} {
			text := mapHead + unitBlock + "table \"Visit\" {\n  path { via = [\"UnitId\"] }\n  foreign \"ToId\" { outside = \"" + policy + "\" }\n  column \"ToId\" { " + rule + " }\n}\ntable \"Note\" {\n  path { via = [\"VisitId\"] }\n}\n"
			if got := refusedMap(t, tables, text); !slices.Contains(got, filter.CodeStubRefused) {
				t.Errorf("%s, %s: rows are added for a reference that isn't copied: %v", policy, rule, got)
			}
		}
	}
}
