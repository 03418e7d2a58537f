package sqlserver

import (
	"strings"
	"testing"

	"github.com/utdrag/utdrag/internal/engine"
)

// A script makes the copy that it says, refuses to run over it, and stops where something is wrong, leaving nothing that
// keeps it from being run again.
func TestScriptRuns(t *testing.T) {
	s := live(t)
	source := s.database(append(rich,
		"INSERT INTO dbo.Visit (Id, Seq, ProviderId, Person, Amount, U, N, D2) VALUES (1, 1, 10, '191212121212', 12.5, NEWID(), N'å', '2026-01-31T08:00:00.123456'), (2, 1, 15, '191212121213', 0, NEWID(), NULL, NULL)",
		"UPDATE dbo.Visit SET PrevSeq = 1, PrevId = 2 WHERE Id = 1")...)
	c, err := introspect(t.Context(), s.session(source))
	if err != nil {
		t.Fatal(err)
	}
	d := engine.Definition{DataTypes: c.DataTypes, Tables: c.Tables}
	for i := range d.Tables {
		for j := range d.Tables[i].Columns {
			if c := &d.Tables[i].Columns[j]; s.babelfish && c.DataType.Table != "" { // it lets no session use the types of a database that was made in it
				c.DataType.Schema, c.DataType.Table = "", ""
			}
		}
	}
	if s.babelfish {
		d.DataTypes = nil
	}
	target := s.name()
	script := scripted(t, d, source, target, false)

	// A stop half-way: the copy of the second table fails, and all rows are undone.
	failing := strings.Replace(script, "COMMIT TRANSACTION;", "THROW 51000, N'stopped', 1;", 1)
	if err := s.runScript(failing); err == nil || !strings.Contains(err.Error(), "stopped") {
		t.Fatal("the script went on:", err)
	}
	conn := s.session(target)
	count := func(query string) (n int) {
		t.Helper()
		if err := one(t.Context(), conn, query, &n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := count("SELECT COUNT(*) FROM dbo.Visit"); n != 0 {
		t.Errorf("%d rows are there after the stop", n)
	}
	if err := s.runScript(script); err != nil {
		t.Fatal("after a stop:", err)
	}
	for query, want := range map[string]int{
		"SELECT COUNT(*) FROM dbo.Visit": 2, "SELECT COUNT(*) FROM dbo.Provider": 2,
		"SELECT COUNT(*) FROM sys.foreign_keys WHERE is_not_trusted = 0 AND is_disabled = 0":                                                                    2,
		"SELECT COUNT(*) FROM (SELECT Id, Seq, Person, N, D2, U FROM dbo.Visit EXCEPT SELECT Id, Seq, Person, N, D2, U FROM " + quote(source) + ".dbo.Visit) x": 0,
		"SELECT Id FROM dbo.Provider WHERE HsaId = 'SE2'":                                                                                                       15,
	} {
		if got := count(query); got != want {
			t.Errorf("%s: %d, want %d", query, got, want)
		}
	}
	if err := batch(t.Context(), conn, "INSERT INTO dbo.Provider (HsaId) VALUES ('SE3')"); err != nil {
		t.Fatal(err)
	}
	if n := count("SELECT Id FROM dbo.Provider WHERE HsaId = 'SE3'"); n != 20 {
		t.Errorf("the next number is %d, want 20", n)
	}
	if err := s.runScript(script); err == nil || !strings.Contains(err.Error(), codeExists) {
		t.Error("the script ran over a copy:", err)
	}
	other := s.database("CREATE TABLE dbo.Somebodys (Id int)")
	if err := s.runScript(scripted(t, d, source, other, false)); err == nil || !strings.Contains(err.Error(), "holds something else") {
		t.Error("the script ran in somebody's database:", err)
	}
	if err := s.runScript(scripted(t, d, "no_such_"+source, target, false)); err == nil || !strings.Contains(err.Error(), codeMissing) {
		t.Error("the source is not there:", err)
	}
	misread := strings.Replace(script, "UNICODE(N'å')", "UNICODE(N'Ã¥')", 1)
	if err := s.runScript(misread); err == nil || !strings.Contains(err.Error(), codeScript) {
		t.Error("the script was read in another encoding:", err)
	}
	wrong := strings.Replace(script, "<> 5\nBEGIN", "<> 6\nBEGIN", 1)
	if err := s.runScript(strings.ReplaceAll(wrong, quote(target), quote(s.name()))); err == nil {
		t.Error("a check that fails stops nothing")
	}
}
