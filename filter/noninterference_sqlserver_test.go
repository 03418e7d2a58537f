package filter_test

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	mssql "github.com/microsoft/go-mssqldb"

	"github.com/utdrag/utdrag/filter/rewrite/tsql"
	"github.com/utdrag/utdrag/internal/engine/enginetest"
	"github.com/utdrag/utdrag/internal/oracle"
)

// TestNonInterferenceSQLServer holds generated T-SQL over generated databases against the provider's copy, by the plain and the
// strict filter, and again where other providers' rows are other ones. It needs a server: see [enginetest.SQLServer].
func TestNonInterferenceSQLServer(t *testing.T) {
	if os.Getenv(enginetest.EnvSQLServer) == "" {
		t.Skip(enginetest.EnvSQLServer + " names no SQL Server to test against")
	}
	const settings, each = 4, 60
	asked, shown := 0, 0
	for seed, found := 1, 0; found < settings; seed++ {
		s := settle(t, sqlServerWorld{}, seed)
		if s == nil {
			continue
		}
		found++
		for n := range each {
			query := (&tsqlWriter{Rand: rand.New(rand.NewPCG(uint64(seed), uint64(n))), relations: s.relations, quote: s.quote}).query()
			want := ask(s.copy, query)
			if want.err != nil { // such as text that is no number: the filter's may fail or not
				continue
			}
			asked++
			if len(want.rows) > 0 {
				shown++
			}
			slices.Sort(want.rows)
			for i, door := range append(slices.Clone(s.doors), s.strictDoors...) {
				got := ask(door, query)
				slices.Sort(got.rows)
				if diff := cmp.Diff(want.rows, got.rows); diff != "" || got.err != nil {
					t.Errorf("seed %d, door %d: %v\n%s\n%s", seed, i, got.err, query, diff)
				}
			}
		}
	}
	if asked < settings*each/2 || shown < asked/4 {
		t.Errorf("%d queries were asked, and %d had rows", asked, shown)
	}
	t.Logf("%d queries, %d of them with rows", asked, shown)
}

type sqlServerWorld struct{}

func (sqlServerWorld) tongue() *tongue {
	return &tongue{syntax: tsql.Syntax{}, folds: true, quote: func(name string) string { return "[" + strings.ReplaceAll(name, "]", "]]") + "]" }}
}

// flavour has nothing that the stand-in lacks.
func (sqlServerWorld) flavour() *oracle.Flavour { return oracle.Babelfish }

func (sqlServerWorld) place(t testing.TB) string { return enginetest.SQLServer(t) }

func (w sqlServerWorld) database(t testing.TB, c *oracle.Case, statements string) string {
	url := enginetest.SQLServer(t)
	for _, name := range c.Schemas {
		if err := w.exec(url, "CREATE SCHEMA "+w.tongue().quote(name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.exec(url, statements); err != nil {
		t.Fatalf("%v\n%s", err, statements)
	}
	return url
}

func (sqlServerWorld) exec(url, statements string) error {
	if strings.HasPrefix(statements, "CREATE VIEW") {
		return errors.New("views are written in another dialect; TestServer has some")
	}
	db, err := sql.Open("sqlserver", url)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec(statements)
	return err
}

func (sqlServerWorld) connector(t testing.TB, text string) driver.Connector {
	if _, err := url.Parse(text); err != nil {
		t.Fatal("the server's URL is none")
	}
	return must(mssql.NewConnector(text))
}

// tsqlWriter writes queries of one setting.
type tsqlWriter struct {
	*rand.Rand
	relations []*relation
	quote     func(string) string
	aliases   int
}

// item is a table under an alias.
type item struct {
	*relation
	alias string
}

func (w *tsqlWriter) item() item {
	w.aliases++
	return item{w.relations[w.IntN(len(w.relations))], fmt.Sprintf("a%d", w.aliases)}
}

func (w *tsqlWriter) table(i item) string {
	return w.quote(i.schema) + "." + w.quote(i.name) + " AS " + i.alias
}

// column is a column of a sort, or of any where none is asked for; "" where there is none.
func (w *tsqlWriter) column(i item, sort string) string {
	var fit []string
	for _, c := range i.columns {
		if c.sort == sort || sort == "" && (c.sort == numeric || c.sort == textual) {
			fit = append(fit, c.name)
		}
	}
	if len(fit) == 0 {
		return ""
	}
	return i.alias + "." + w.quote(fit[w.IntN(len(fit))])
}

func (w *tsqlWriter) equal(a, b item) string {
	for _, sort := range []string{numeric, textual} {
		if x, y := w.column(a, sort), w.column(b, sort); x != "" && y != "" && (sort == textual || w.IntN(3) > 0) {
			return x + " = " + y
		}
	}
	return "1 = 1"
}

func (w *tsqlWriter) condition(in []item) string {
	a := in[w.IntN(len(in))]
	number, text := w.column(a, numeric), w.column(a, textual)
	other := w.item()
	switch n := w.IntN(9); {
	case n == 0 && number != "":
		return fmt.Sprintf("%s > %d", number, w.IntN(6))
	case n == 1 && number != "":
		return fmt.Sprintf("NOT (%s BETWEEN 1 AND %d)", number, w.IntN(6))
	case n == 2 && text != "":
		return text + " LIKE N'%a%'"
	case n == 3:
		return "EXISTS (SELECT 1 FROM " + w.table(other) + " WHERE " + w.equal(a, other) + ")"
	case n == 4:
		return "NOT EXISTS (SELECT * FROM " + w.table(other) + " WHERE " + w.equal(a, other) + ")"
	case n == 5 && number != "" && w.column(other, numeric) != "":
		c := w.column(other, numeric)
		return number + " NOT IN (SELECT " + c + " FROM " + w.table(other) + " WHERE " + c + " IS NOT NULL)"
	case n == 6 && number != "" && w.column(other, numeric) != "":
		return number + " >= (SELECT MIN(" + w.column(other, numeric) + ") FROM " + w.table(other) + ")"
	case n == 7:
		return "(" + w.condition(in) + " OR " + w.condition(in) + ")"
	}
	return w.column(a, "") + " IS NOT NULL"
}

// from is a FROM clause and what it makes visible.
func (w *tsqlWriter) from() (string, []item) {
	first := w.item()
	text, in := w.table(first), []item{first}
	for range w.IntN(3) {
		next := w.item()
		switch w.IntN(7) {
		case 0:
			text += " LEFT JOIN " + w.table(next) + " ON " + w.equal(in[0], next)
		case 1:
			text += " RIGHT JOIN " + w.table(next) + " ON " + w.equal(in[0], next)
		case 2:
			text += " FULL JOIN " + w.table(next) + " ON " + w.equal(in[0], next)
		case 3:
			text += " CROSS JOIN " + w.table(next)
		case 4:
			text += " OUTER APPLY (SELECT COUNT(*) AS n FROM " + w.table(next) + " WHERE " + w.equal(in[0], next) + ") AS p" + next.alias
			continue
		case 5:
			text += " JOIN (SELECT DISTINCT " + next.alias + ".* FROM " + w.table(next) + " WHERE " + w.condition([]item{next}) + ") AS " + next.alias + " ON " + w.equal(in[0], next)
		default:
			text += " INNER JOIN " + w.table(next) + " ON " + w.equal(in[len(in)-1], next) + " AND " + w.condition([]item{next})
		}
		in = append(in, next)
	}
	if w.IntN(2) == 0 {
		text += " WHERE " + w.condition(in)
	}
	return text, in
}

func (w *tsqlWriter) block() string {
	from, in := w.from()
	a := in[w.IntN(len(in))]
	switch w.IntN(5) {
	case 0:
		c := w.column(a, "")
		return "SELECT " + c + " AS c1, COUNT(*) AS c2 FROM " + from + " GROUP BY " + c
	case 1:
		return "SELECT COUNT(*) AS c1, COUNT(DISTINCT " + w.column(a, "") + ") AS c2 FROM " + from
	case 2:
		c := w.column(a, "")
		return "SELECT DISTINCT " + c + " AS c1, COUNT(*) OVER (PARTITION BY " + c + ") AS c2 FROM " + from
	}
	return "SELECT " + w.column(a, numericOr(w, a)) + " AS c1, CASE WHEN " + w.condition(in) + " THEN 1 ELSE 0 END AS c2 FROM " + from
}

func numericOr(w *tsqlWriter, a item) string {
	if w.column(a, numeric) != "" && w.IntN(2) == 0 {
		return numeric
	}
	return ""
}

func (w *tsqlWriter) query() string {
	switch w.IntN(6) {
	case 0:
		return "WITH q AS (" + w.block() + ") SELECT x.c2, COUNT(*) AS n FROM q AS x LEFT JOIN q AS y ON x.c2 = y.c2 GROUP BY x.c2"
	case 1:
		return "SELECT RTRIM(CAST(q.c1 AS nvarchar(100))) AS c1 FROM (" + w.block() + ") AS q " + []string{"UNION", "EXCEPT", "INTERSECT", "UNION ALL"}[w.IntN(4)] +
			" SELECT RTRIM(CAST(q.c1 AS nvarchar(100))) FROM (" + w.block() + ") AS q"
	}
	return w.block()
}
