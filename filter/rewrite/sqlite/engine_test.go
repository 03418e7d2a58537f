package sqlite

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// arguments are enough of them for every query here, whether the driver looks for them by name or by number.
var arguments = func() []any {
	var list []any
	for _, n := range []string{"a", "b", "c", "A", "x", "å", "y"} {
		list = append(list, sql.Named(n, 1))
	}
	return list
}()

// SQLite takes every accepted query and its canonical text, and they give the same rows.
func TestCorpusRunsOnTheEngine(t *testing.T) {
	db := database(t)
	for _, text := range tables {
		mustExec(t, db, text)
	}
	for _, query := range accepted {
		s, err := Syntax{}.Read(query)
		if err != nil {
			t.Errorf("%s\n%v", query, err)
			continue
		}
		want, err := run(db, query, arguments...)
		if err != nil {
			t.Errorf("%s\n%v", query, err)
		}
		got, err := run(db, s.Text, arguments...)
		if err != nil {
			t.Errorf("%s\n%v", s.Text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s\n%s", query, diff)
		}
	}
}

// Arguments have the numbers that SQLite gives them: its program for the original reads the same ones, in the same order,
// as the one for the canonical text.
func TestParametersAreNumberedAsTheEngineDoes(t *testing.T) {
	db := database(t)
	for query, want := range map[string]string{
		"SELECT ?, ?, ?":         "SELECT ?1, ?2, ?3",
		"SELECT ?3, ?1, ?2, ?1":  "SELECT ?3, ?1, ?2, ?1",
		"SELECT :b, :a, :b, $c":  "SELECT ?1, ?2, ?1, ?3",
		"SELECT :a, ?1, :b, ?4":  "SELECT ?1, ?1, ?2, ?4",
		"SELECT ?3, :a, @b, :a":  "SELECT ?3, ?4, ?5, ?4",
		"SELECT :a, :A, :å":      "SELECT ?1, ?2, ?3",
		"SELECT ?2 , :x/**/,:x ": "SELECT ?2 , ?3 ,?3",
		"WITH v AS (SELECT ? AS a) SELECT a, ? FROM v WHERE ? ORDER BY ? LIMIT ?": "WITH v AS (SELECT ?1 AS a) SELECT a, ?2 FROM v WHERE ?3 ORDER BY ?4 LIMIT ?5",
	} {
		s, err := Syntax{}.Read(query)
		if err != nil {
			t.Errorf("%s\n%v", query, err)
			continue
		}
		if s.Text != want {
			t.Errorf("%s became %s, not %s", query, s.Text, want)
		}
		before, after := variables(t, db, query), variables(t, db, s.Text)
		if before == "" || before != after {
			t.Errorf("%s reads the arguments %s, and %s reads %s", query, before, s.Text, after)
		}
	}
}

// variables are the numbers of the arguments that SQLite's program for a query reads, in the program's order.
func variables(t *testing.T, db *sql.DB, query string) string {
	t.Helper()
	rows, err := db.Query("EXPLAIN "+query, arguments...)
	if err != nil {
		t.Fatal(query, err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var address, p1, p2, p3, p5 int
		var opcode string
		var p4, comment any
		if err := rows.Scan(&address, &opcode, &p1, &p2, &p3, &p4, &p5, &comment); err != nil {
			t.Fatal(err)
		}
		if opcode == "Variable" {
			list = append(list, fmt.Sprint(p1))
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(list, " ")
}

// Names mean to the reader what they mean to SQLite, under any quotes.
func TestQuotesAreTheEngines(t *testing.T) {
	db := database(t)
	mustExec(t, db, `CREATE TABLE "a""b" ("c]d", "e`+"`"+`f", "g h")`)
	mustExec(t, db, `INSERT INTO "a""b" VALUES (1, 2, 3)`)
	query := `SELECT "c]d", [e` + "`" + `f], ` + "`g h`, `e``f`" + ` FROM [a"b]`
	s, err := Syntax{}.Read(query)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := run(db, s.Text)
	if err != nil || fmt.Sprint(rows) != "[[1 2 3 2]]" {
		t.Errorf("%v, %v", rows, err)
	}
	if got := s.Tables[0].Name[0] + " " + s.Tables[0].Text; got != `a"b "a""b"` {
		t.Error(got)
	}
	var names []string
	for _, c := range s.Columns {
		names = append(names, c.Parts[0])
	}
	if diff := cmp.Diff([]string{"c]d", "e`f", "g h", "e`f"}, names); diff != "" {
		t.Error(diff)
	}
}

// A name in double quotes that is no column is a text, and stays one where the table has become a derived table. A column
// that is not among those of the derived table becomes its own name, and never the hidden column.
func TestDoubleQuotedText(t *testing.T) {
	db := database(t)
	for _, text := range tables {
		mustExec(t, db, text)
	}
	s, err := Syntax{}.Read(`SELECT "x", "d", "rowid" FROM t AS "t"`)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := run(db, replacedBy(s, func(string) string { return "a, b, c FROM main.t WHERE a = 1" }))
	if err != nil || fmt.Sprint(rows) != "[[x d rowid]]" {
		t.Errorf("%v, %v", rows, err)
	}
}
