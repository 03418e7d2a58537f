package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// What the reader takes for a common table expression is one to SQLite, and what it takes for a table is one. There are
// tables a, b and c with one row each that says so. Every table of a generated query is replaced by such a row, and the
// result runs in a database without any table: it must give what the query gave before.
func TestScopesAreTheEngines(t *testing.T) {
	full, empty := database(t), database(t)
	for _, name := range []string{"a", "b", "c"} {
		mustExec(t, full, fmt.Sprintf("CREATE TABLE %s (x)", name))
		mustExec(t, full, fmt.Sprintf("INSERT INTO %s VALUES ('base %s')", name, name))
	}
	ran, failed, common, tables := 0, 0, 0, 0
	for seed := range uint64(3000) {
		g := &generator{Rand: rand.New(rand.NewPCG(seed, 4))}
		query := g.query(1 + int(seed%3))
		s, err := Syntax{}.Read(query)
		if err != nil {
			if !strings.Contains(err.Error(), string(rewrite.CodeCommonScope)) {
				t.Fatalf("%s\n%v", query, err)
			}
			continue
		}
		before, beforeErr := run(full, query)
		after, afterErr := run(empty, replaced(s))
		switch {
		case beforeErr == nil && afterErr != nil:
			t.Fatalf("a table was taken for a common table expression, or something else is wrong:\n%s\n%s\n%v", query, replaced(s), afterErr)
		case beforeErr != nil:
			// Circular and the like. After a first error SQLite may report that a table is missing, which is none: what counts is
			// that the query fails all the same, tables or not.
			if _, fullErr := run(full, replaced(s)); afterErr == nil || fullErr == nil {
				t.Fatalf("it fails before and not after:\n%s\n%v\n%s\n%v, %v", query, beforeErr, replaced(s), afterErr, fullErr)
			}
			failed++
		case !slices.Equal(before, after):
			t.Fatalf("another result:\n%s\n%q\n%s\n%q", query, before, replaced(s), after)
		default:
			ran++
			common += len(s.Common)
			tables += len(s.Tables)
		}
	}
	t.Logf("%d ran, %d fail in the engine, with %d tables and %d common table expressions", ran, failed, tables, common)
	if ran < 1000 || common < 1000 || tables < 1000 {
		t.Error("the generator makes too few queries that run")
	}
}

// replaced puts the row of a table in the place of every reference to it.
func replaced(s *rewrite.Statement) string {
	return replacedBy(s, func(name string) string { return "'base " + name + "' AS x" })
}

func replacedBy(s *rewrite.Statement, row func(table string) string) string {
	list := slices.Clone(s.Tables)
	sort.Slice(list, func(i, j int) bool { return list[i].Span.Start > list[j].Span.Start })
	text := s.Text
	for _, r := range list {
		name := strings.ToLower(r.Name[len(r.Name)-1])
		text = text[:r.Span.Start] + "(SELECT " + row(name) + ") AS " + r.Text + text[r.Span.End:]
	}
	return text
}

// generator makes queries over one column x whose tables and common table expressions share three names.
type generator struct {
	*rand.Rand
	made int
	own  string // the common table expression that is being made, which seldom is defined once more inside
}

func (g *generator) pick(list ...string) string { return list[g.IntN(len(list))] }

func (g *generator) name() string { return g.pick("a", "b", "c", "A", `"b"`, "[c]", "`a`") }

func (g *generator) query(depth int) string {
	var text strings.Builder
	if depth > 0 && g.IntN(3) > 0 {
		text.WriteString("WITH " + g.pick("", "RECURSIVE "))
		names := []string{"a", "b", "c"}
		g.Shuffle(3, func(i, j int) { names[i], names[j] = names[j], names[i] })
		own := g.own
		for i, n := range names[:1+g.IntN(3)] {
			if i > 0 {
				text.WriteString(", ")
			}
			if n == own && g.IntN(5) > 0 {
				n = "d"
			}
			g.own = n
			text.WriteString(n + g.pick("", "(x)") + " AS " + g.pick("", "MATERIALIZED ", "NOT MATERIALIZED ") + "(" + g.query(depth-1) + ")")
		}
		text.WriteString(" ")
		g.own = own
	}
	text.WriteString(g.core(depth))
	for g.IntN(3) == 0 {
		text.WriteString(" UNION " + g.core(depth))
	}
	return text.String()
}

func (g *generator) item() string {
	n := g.name()
	return g.pick(n, n, n, "main."+n, "("+n+")", n+" AS "+g.name())
}

func (g *generator) core(depth int) string {
	g.made++
	kind := g.IntN(13)
	if depth <= 0 {
		kind = g.IntN(3)
	}
	sub := func() string { return "(" + g.query(depth-1) + ")" }
	switch kind {
	case 0, 12:
		return fmt.Sprintf("SELECT 'row %d' AS x", g.made)
	case 1, 2:
		return "SELECT x FROM " + g.item()
	case 3:
		return "SELECT " + sub() + " AS x FROM " + g.item()
	case 4:
		return "SELECT d.x AS x FROM " + sub() + " AS d"
	case 5:
		return "SELECT x FROM " + g.item() + " WHERE EXISTS " + sub()
	case 6:
		return "SELECT x FROM " + g.item() + " WHERE x IN " + sub() + " OR (SELECT count(*) FROM " + g.item() + ") = 1"
	case 7:
		return "SELECT p.x AS x FROM " + g.name() + " AS p JOIN (" + g.name() + " AS q JOIN " + sub() + " AS r ON r.x >= " + sub() + ") ON p.x >= " + sub()
	case 8:
		return "SELECT max(x) FILTER (WHERE EXISTS " + sub() + ") OVER w AS x FROM " + g.item() + " WINDOW w AS (PARTITION BY " + sub() + ")"
	case 9:
		return "SELECT max(x || " + sub() + ") AS x FROM " + g.item() + " GROUP BY x HAVING " + sub() + " IS NOT NULL"
	case 10:
		return "SELECT x FROM (SELECT x FROM " + g.item() + " ORDER BY " + sub() + " LIMIT (SELECT count(*) FROM " + g.name() + "))"
	}
	return "SELECT value AS x FROM json_each(json_array(" + sub() + ")) WHERE CASE WHEN " + sub() + " > '' THEN 1 END"
}

func database(t testing.TB) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

func mustExec(t testing.TB, db *sql.DB, text string) {
	t.Helper()
	if _, err := db.Exec(text); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

// run returns the rows of a query, sorted.
func run(db *sql.DB, query string, args ...any) ([]string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var list []string
	for rows.Next() {
		cells, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		list = append(list, fmt.Sprintf("%v", cells))
	}
	slices.Sort(list)
	return list, rows.Err()
}
