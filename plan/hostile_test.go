package plan_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter"
)

// hostileNames are names that a catalog can hold and that would end a comment, a tag, a text or a statement.
var hostileNames = []string{
	`"; DROP TABLE x; --`, `'); --`, `*/ SELECT 1; /*`, `-- x`, `</pre><script>alert(1)</script>`, `<!-- x`, `a & b`, `x'y`, `x"y`, "`x`", `[x]`, `$(id)`, `\`, `?`, `??1`, `%s%d%n`, `.shell id`,
}

func hostileQuote(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

func mapName(s string) string { return "[" + strings.ReplaceAll(s, "]", "]]") + "]" }

func hcl(s string) string {
	s = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "${", "$${", "%{", "%%{").Replace(s)
	return `"` + s + `"`
}

// TestHostileNames runs the script of a plan whose tables, columns, indexes, reasons, condition and order hold
// everything that could end what they stand in, and looks that the copy is right and nothing else happened.
func TestHostileNames(t *testing.T) {
	// Columns may hold line breaks: a map need not name them.
	columns := append([]string{"a\nb", "a\r.shell touch pwned", "\n.shell touch pwned\n", "x\n; --\n/*", "\u202e", "\u2028"}, hostileNames...)
	var sql, text strings.Builder
	sql.WriteString(ownerSQL + "INSERT INTO Provider VALUES (1, 'P1');\nINSERT INTO Unit VALUES (1, 'U1', 1), (2, 'U2', 1);\n")
	text.WriteString(head + unitBlock)
	for i, name := range hostileNames {
		var parts []string
		for _, c := range columns {
			parts = append(parts, hostileQuote("c"+c)+" TEXT")
		}
		fmt.Fprintf(&sql, "CREATE TABLE %s (Id INTEGER PRIMARY KEY, %s INTEGER REFERENCES Unit(Id), \"Kind\" TEXT, %s);\n",
			hostileQuote(name), hostileQuote("u"+name), strings.Join(parts, ", "))
		fmt.Fprintf(&sql, "CREATE INDEX %s ON %s (%s);\n", hostileQuote("i"+name), hostileQuote(name), hostileQuote("c\n.shell touch pwned\n"))
		fmt.Fprintf(&sql, "INSERT INTO %s (Id, %s, Kind) VALUES (%d, 1, 'a'), (%d, 2, 'a'), (%d, 1, 'it''s -- \"x'), (%d, 1, 'b');\n",
			hostileQuote(name), hostileQuote("u"+name), 10*i, 10*i+1, 10*i+2, 10*i+3)
		fmt.Fprintf(&text, "table %s {\n  path { via = [%s] }\n  foreign %s { outside = \"error\" }\n  where = %s\n}\n", hcl(mapName(name)), hcl("u"+name), hcl("u"+name),
			hcl("Kind = 'a'\nOR Kind = 'it''s -- \"x'"))
	}
	path := journal(t, sql.String()+"CREATE TABLE Log (x);\n")
	text.WriteString("excluded {\n  tables = [\"Log\"]\n  reason = " + hcl("</pre><script>\n*/ -- '\"\n.shell touch pwned\n; DROP TABLE x") + "\n}\n")
	p := build(t, text.String(), catalogAt(t, path), filter.Request{Provider: "P1", Units: []string{"U1"}})
	all := renderings(t, p)

	hostileHTML(t, all["plan.html"])
	for _, text := range all {
		if strings.ContainsRune(text, 0) {
			t.Error("a rendering holds NUL")
		}
	}
	shell(t, path, all["plan.sql"])
	for i, name := range hostileNames {
		got := ask(t, path, "SELECT group_concat(Id) FROM (SELECT Id FROM "+hostileQuote(name)+" ORDER BY Id)")
		if want := fmt.Sprintf("%d,%d", 10*i, 10*i+2); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(files) != 2 {
		t.Errorf("the script made files of its own: %v, %v", files, err)
	}
}

// hostileHTML looks that the document has the tags of its template and no other.
func hostileHTML(t *testing.T, text string) {
	t.Helper()
	known := regexp.MustCompile(`^</?(html|head|meta|title|style|body|h1|h2|h3|dl|dt|dd|p|div|span|ul|li|table|tr|th|td|pre)[ >]|^<!DOCTYPE html>`)
	for i, r := range text {
		if r == '<' && !known.MatchString(text[i:]) {
			t.Errorf("a tag that the template doesn't have: %.40q", text[i:])
		}
	}
	for _, tag := range []string{"pre", "table", "td", "h3", "div", "ul", "body"} {
		if open, closed := strings.Count(text, "<"+tag+">")+strings.Count(text, "<"+tag+" "), strings.Count(text, "</"+tag+">"); open != closed {
			t.Errorf("%d <%s> and %d </%s>", open, tag, closed, tag)
		}
	}
}

// An order's keys, which come from outside, can't end a comment or a statement either.
func TestHostileRequest(t *testing.T) {
	provider := "SE1\n.shell touch pwned\n'); DROP TABLE Unit; --\r\u2028</title><script>?\u202e"
	unit := "U1\n.shell touch pwned\n?"
	literal := func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
	path := journal(t, ownerSQL+"INSERT INTO Provider VALUES (1, "+literal(provider)+"), (2, 'SE2'); INSERT INTO Unit VALUES (1, "+literal(unit)+", 1), (2, 'U2', 2), (3, 'U3', 1);")
	all := renderings(t, build(t, head+unitBlock, catalogAt(t, path), filter.Request{Provider: provider, Units: []string{unit}}))
	hostileHTML(t, all["plan.html"])
	// What an editor would show in another order than it stands, or on another line, is not printed as it is.
	for _, name := range []string{"plan.txt", "steps.sql"} {
		for i, line := range strings.Split(all[name], "\n") {
			if strings.HasPrefix(line, ".shell") || strings.HasPrefix(line, "');") || strings.ContainsAny(line, "\r\u2028\u202e") {
				t.Errorf("%s:%d: the order's text stands as a line of its own: %q", name, i+1, line)
			}
		}
	}
	for i, line := range strings.Split(all["plan.sql"], "\n") {
		if strings.HasPrefix(line, "--") && strings.ContainsAny(line, "\r\u2028\u202e") {
			t.Errorf("plan.sql:%d: %q", i+1, line)
		}
	}
	shell(t, path, all["plan.sql"])
	if got := ask(t, path, "SELECT group_concat(Id) FROM Unit"); got != "1" {
		t.Errorf("got %q", got)
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(path), "pwned")); err == nil {
		t.Error("the order ran a command")
	}
}

// What a table is reached by is printed in a text summary on its own line, whatever it holds: no line can pretend to be
// the plan's hash, or another table.
func TestHostileText(t *testing.T) {
	c := catalogOf(t, ownerSQL+"CREATE TABLE Visit (Id INTEGER PRIMARY KEY, UnitId INTEGER REFERENCES Unit(Id), \"x\nplan     sha256:00\" TEXT, \"y\n\u202ez\" INTEGER, Kind TEXT, UNIQUE (\"x\nplan     sha256:00\"), CHECK (\"x\nplan     sha256:00\" <> Kind));")
	text := head + unitBlock + "table \"Visit\" {\n  path { via = [\"UnitId\"] }\n  where = \"Kind = 'a'\\nAND Kind <> 'plan     sha256:00'\"\n  column \"Kind\" { omit = true }\n}\n"
	all := renderings(t, build(t, text, c, filter.Request{Provider: "P1\nplan     sha256:00"}))
	for _, name := range []string{"plan.txt", "steps.sql", "plan.sql"} {
		for i, line := range strings.Split(all[name], "\n") {
			comment := name == "plan.txt" || strings.HasPrefix(line, "-- ")
			if comment && (strings.HasPrefix(strings.TrimPrefix(line, "-- "), "plan     sha256:00") || strings.ContainsRune(line, '\u202e')) {
				t.Errorf("%s:%d: %q", name, i+1, line)
			}
		}
	}
}
