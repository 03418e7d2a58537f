package plan_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter"
)

// Rows of two providers. strangers are those that no copy for the example's request holds.
const (
	ownRows = `INSERT INTO Kind VALUES ('K', 'kind'), ('L', 'list');
INSERT INTO Provider VALUES (1, 'SE1', 'One');
INSERT INTO Unit VALUES (1, 'U1', 1, NULL), (2, 'U2', 1, NULL);
INSERT INTO Staff VALUES (1, 1, 'Own', 'own@x'), (2, 2, 'Own too', 'two@x');
INSERT INTO Patient (Id, Pnr, Name) VALUES (1, 'P1', 'Secret one'), (2, 'P2', 'Secret two');
INSERT INTO Visit VALUES (1, 2020, 1, 1, 1, 'K', NULL), (2, 2021, 2, 2, 2, 'L', 0), (3, 2021, 2, 1, NULL, NULL, 0);
INSERT INTO Note VALUES (1, 1, 2020, NULL, 'body', 'draft'), (2, NULL, NULL, 1, 'body', NULL), (3, 2, 2021, NULL, 'body', 'x');
INSERT INTO Referral VALUES (1, 1, 2, 'text'), (2, NULL, 1, 'text');
`
	strangers = `INSERT INTO Provider VALUES (9, 'SE9', 'Nine');
INSERT INTO Unit VALUES (9, 'U9', 9, NULL), (3, 'U3', 1, NULL);
INSERT INTO Staff VALUES (9, 9, 'Nobody', 'nobody@x'), (8, NULL, 'Other', 'other@x');
INSERT INTO Patient (Id, Pnr, Name) VALUES (9, 'P9', 'Stranger nine'), (8, 'P8', 'Stranger eight');
INSERT INTO Visit VALUES (9, 2020, 9, 9, 9, 'K', NULL), (8, 2022, 9, 1, NULL, 'L', 0), (4, 2020, 1, 8, NULL, 'K', 1);
INSERT INTO Note VALUES (9, 9, 2020, NULL, 'stranger', 'nine'), (8, 8, 2022, NULL, 'stranger', NULL);
INSERT INTO Referral VALUES (9, 9, 9, 'stranger');
INSERT INTO Outbox VALUES (1, 'stranger');
INSERT INTO EventLog VALUES ('stranger');
`
)

// FuzzCheck replaces a piece of the example's script. Nothing makes the check panic, or run on without end; and a script of SQLite's
// that it accepts copies the same whether or not other providers' rows are there.
func FuzzCheck(f *testing.F) {
	var scripts []scripted
	for _, engine := range scriptEngines {
		scripts = append(scripts, exampleScript(f, engine))
	}
	f.Add(uint8(0), 0, 0, "")
	for engine := range scripts {
		text := scripts[engine].text
		at := func(old, new string) {
			if i := strings.LastIndex(text, old); i >= 0 {
				f.Add(uint8(engine), i, len(old), new)
			}
		}
		for _, e := range edits {
			at(translate(e.old, scriptEngines[engine]), translate(e.new, scriptEngines[engine]))
		}
		for _, new := range []string{"", ";", "\nGO\n", "/*", "*/", "$$", "'", "\\q", "\n.quit\n", " OR 1", "\x00", "\u202e", strings.Repeat("(", 5000), strings.Repeat(" AND 1", 3000), strings.Repeat("/*", 5000)} {
			at("FROM", new)
		}
	}
	sql, err := os.ReadFile("testdata/example/schema.sql")
	if err != nil {
		f.Fatal(err)
	}
	all, alone := journal(f, string(sql)+ownRows+strangers), journal(f, string(sql)+ownRows)
	hasShell := exec.Command("sqlite3", "-version").Run() == nil
	if own := copied(f, all, scripts[0].text); hasShell && (len(own) < 10 || !slices.Equal(own, copied(f, alone, scripts[0].text))) {
		f.Fatalf("the plan's own copy hangs on strangers' rows:\n%s", strings.Join(own, "\n"))
	}
	f.Fuzz(func(t *testing.T, engine uint8, at, length int, new string) {
		s := scripts[int(engine)%len(scripts)]
		at = int(uint(at) % uint(len(s.text)+1))
		length = int(uint(length) % uint(len(s.text)-at+1))
		edited := s.text[:at] + new + s.text[at+length:]
		checked := s.check(t, edited)
		if checked.Found.Refused() || checked.Count(filter.VerdictEqual) == len(checked.Statements) {
			return
		}
		for _, x := range checked.Statements {
			if x.Verdict == filter.VerdictRefused {
				t.Fatalf("accepted with %+v", x)
			}
		}
		if hasShell && int(engine)%len(scripts) == 0 {
			if got, want := copied(t, all, edited), copied(t, alone, edited); !slices.Equal(got, want) {
				t.Errorf("accepted:\n%s\nhas strangers' rows:\n%s\nand without them:\n%s", edited, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	})
}

// copied are the statements that make a script's copy anew, sorted; none where the script stops.
func copied(t testing.TB, journal, script string) []string {
	t.Helper()
	folder := t.TempDir()
	shell := exec.Command("sqlite3", journal)
	shell.Dir, shell.Stdin = folder, strings.NewReader(script)
	if shell.Run() != nil {
		return nil
	}
	out, err := exec.Command("sqlite3", filepath.Join(folder, "copy.db"), ".dump").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(out), "\n")
	slices.Sort(lines)
	return lines
}

// A large script is read in a moment, whatever is in it.
func TestCheckLarge(t *testing.T) {
	for _, engine := range scriptEngines {
		s := exampleScript(t, engine)
		for _, more := range []string{strings.Repeat("SELECT 1;\n", 20000), strings.Repeat("(", 1<<20), strings.Repeat("-- x\n", 1<<18), strings.Repeat("\nGO\n", 1<<16), strings.Repeat("/*", 1<<18),
			strings.Repeat("INSERT INTO copy.\"Patient\" (\"Id\") SELECT 1;\n", 5000)} {
			if checked := s.check(t, s.text+more); len(more) < 100 && !checked.Found.Refused() {
				t.Error("accepted")
			}
			s.check(t, more+s.text)
			s.check(t, s.edited(t, "SELECT t.", more+"SELECT t."))
		}
	}
}
