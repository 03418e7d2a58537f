package sqlserver

import (
	"database/sql"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
)

// copyAt makes what counts as a copy of ours, with a number in it.
func (s *server) copyAt(name string, number string) {
	s.t.Helper()
	s.run("master", "CREATE DATABASE "+quote(name))
	s.run(name, "CREATE TABLE "+engine.CopyMark+" (name nvarchar(20) NOT NULL PRIMARY KEY)", "CREATE TABLE number (n int)", "INSERT INTO number VALUES ("+number+")")
}

func (s *server) number(name string) (n int) {
	s.t.Helper()
	db, err := s.address.open(name)
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow("SELECT n FROM number").Scan(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}

func (s *server) beginning(name string) (names []string) {
	s.t.Helper()
	db, err := s.address.open("master")
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query("SELECT name FROM sys.databases WHERE name LIKE '" + name + "%'")
	if err != nil {
		s.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			s.t.Fatal(err)
		}
		names = append(names, one)
	}
	slices.Sort(names)
	return names
}

// replace makes a copy at a succession's incoming name and swaps it in.
func (s *server) replace(name, number string) error {
	s.t.Helper()
	next, err := Succeed(s.t.Context(), s.url(name), engine.SwapTerms{Patience: time.Second})
	if err != nil {
		return err
	}
	a, err := parse(next.Incoming())
	if err != nil {
		s.t.Fatal(err)
	}
	s.copyAt(a.database, number)
	err = next.Swap(s.t.Context())
	if closing := next.Close(); closing != nil {
		s.t.Error(closing)
	}
	return err
}

func TestSuccession(t *testing.T) {
	s := live(t)
	if s.babelfish {
		t.Skip("Babelfish takes a database for used whose users are gone, and refuses to rename it: see TestReplaceUnderReaders of receive")
	}
	name := s.name()
	t.Cleanup(func() {
		for _, one := range s.beginning(name) {
			if err := dropDatabase(s.address, one); err != nil {
				t.Error(err)
			}
		}
	})
	for _, number := range []string{"1", "2", "3"} {
		if err := s.replace(name, number); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.beginning(name); !slices.Equal(got, []string{name, name + "_previous"}) {
		t.Fatalf("databases: %q", got)
	}
	if now, before := s.number(name), s.number(name+"_previous"); now != 3 || before != 2 {
		t.Fatalf("now %d, before %d, want 3 and 2", now, before)
	}

	// Killed between the two renames: the next run gives the older copy its name back, and clears the newer one away.
	s.copyAt(name+incomingPart+"abcdefgh", "4")
	s.run("master", "DROP DATABASE "+quote(name))
	next, err := Succeed(t.Context(), s.url(name), engine.SwapTerms{})
	if err != nil {
		t.Fatal(err)
	}
	// Two at once.
	if _, err := Succeed(t.Context(), s.url(name), engine.SwapTerms{}); diag.CodeOf(err) != codeBusy {
		t.Errorf("a second run: %v", err)
	}
	if err := next.Close(); err != nil {
		t.Fatal(err)
	}
	if got := s.beginning(name); !slices.Equal(got, []string{name}) {
		t.Fatalf("databases: %q", got)
	}
	if n := s.number(name); n != 2 {
		t.Errorf("%d, want 2", n)
	}

	// What is no copy of ours isn't replaced.
	s.run(name, "DROP TABLE "+engine.CopyMark)
	if err := s.replace(name, "5"); diag.CodeOf(err) != codeReplace {
		t.Errorf("not a copy: %v", err)
	}
	if n := s.number(name); n != 2 {
		t.Errorf("%d, want 2", n)
	}
}

// Who uses the copy keeps it where it is, and can be sent away.
func TestSuccessionInUse(t *testing.T) {
	s := live(t)
	if s.babelfish {
		t.Skip("Babelfish renames a database whoever uses it, and restricts none")
	}
	name := s.name()
	t.Cleanup(func() {
		for _, one := range s.beginning(name) {
			if err := dropDatabase(s.address, one); err != nil {
				t.Error(err)
			}
		}
	})
	for _, number := range []string{"1", "2"} {
		if err := s.replace(name, number); err != nil {
			t.Fatal(err)
		}
	}
	users := []*sql.Conn{s.session(name), s.session(name + "_previous")}
	if err := s.replace(name, "3"); diag.CodeOf(err) != codeBusy {
		t.Fatalf("in use: %v", err)
	}
	if now, before := s.number(name), s.number(name+"_previous"); now != 2 || before != 1 {
		t.Fatalf("now %d, before %d, want 2 and 1", now, before)
	}
	next, err := Succeed(t.Context(), s.url(name), engine.SwapTerms{Disconnect: true})
	if err != nil {
		t.Fatal(err)
	}
	a, err := parse(next.Incoming())
	if err != nil {
		t.Fatal(err)
	}
	s.copyAt(a.database, "3")
	if err := errors.Join(next.Swap(t.Context()), next.Close()); err != nil {
		t.Fatal(err)
	}
	if now, before := s.number(name), s.number(name+"_previous"); now != 3 || before != 2 {
		t.Errorf("now %d, before %d, want 3 and 2", now, before)
	}
	var closed int
	if err := one(t.Context(), s.session("master"), "SELECT COUNT(*) FROM sys.databases WHERE name LIKE '"+name+"%' AND user_access <> 0", &closed); err != nil || closed > 0 {
		t.Errorf("%d databases are still closed: %v", closed, err)
	}
	for _, user := range users {
		if err := batch(t.Context(), user, "SELECT 1"); err == nil {
			t.Error("a session outlived its database's name")
		}
	}
}

// The statements of a swap, read by another parser.
func TestSuccessionStatements(t *testing.T) {
	for _, name := range names {
		script, identifiers, _ := parsed(t, restrict(name)+";\nALTER DATABASE "+quote(name)+" MODIFY NAME = "+quote("b")+";\nALTER DATABASE "+quote(name)+" SET MULTI_USER")
		if n := statements(script); n != 3 || !slices.Contains(identifiers, name) {
			t.Errorf("%q: %d statements about %q", name, n, identifiers)
		}
	}
}

// Names that can't be replaced, with no server at hand.
func TestSuccessionNames(t *testing.T) {
	for _, name := range []string{"master", "MSDB", strings.Repeat("n", 90)} {
		if _, err := Succeed(t.Context(), "sqlserver://host?database="+name, engine.SwapTerms{}); diag.CodeOf(err) != codeReplace {
			t.Errorf("%s: %v", name, err)
		}
	}
}
