package filter_test

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"modernc.org/sqlite"
	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/filter/catalog"
	sqlitesyntax "github.com/utdrag/utdrag/filter/rewrite/sqlite"
	"github.com/utdrag/utdrag/internal/oracle"
)

// TestNonInterference is for SQLite.
func TestNonInterference(t *testing.T) {
	interfere(t, sqliteWorld{}, 400, 20, sqliteConstructs)
}

var sqliteConstructs = append([]string{"comparison by affinity", "table function", "hint", "subquery in group by"}, constructs...)

// Among a few thousand queries each construct stands in several. The numbers they are drawn by are always the same.
func TestEveryConstructIsWritten(t *testing.T) {
	uses := map[string]int{}
	var s *setting
	for seed := 1; s == nil || !slices.ContainsFunc(s.relations, func(r *relation) bool { return r.filled && len(r.omitted) > 0 }); seed++ {
		s = settle(t, sqliteWorld{}, seed)
	}
	for seed := range 3000 {
		q := rapid.Custom(func(rt *rapid.T) query { return write(rt, s.tongue, s.relations, s.literals) }).Example(seed)
		for use := range q.uses {
			uses[use]++
		}
	}
	for _, c := range sqliteConstructs {
		if uses[c] < 3 && c != "key sets in work tables" { // that is the map's
			t.Errorf("%d of 3000 queries have %q", uses[c], c)
		}
	}
}

// constructs are what queries of every dialect are made of: the rows of the behaviour table that are confined.
var constructs = []string{
	"and", "or", "not", "between", "case", "row values", "parameter",
	"join", "inner join", "cross join", "comma join", "parenthesised join", "left join", "right join", "full join", "join using", "natural join", "condition in on",
	"one table twice", "one alias inside and outside", "alias that is a table's name", "quoted alias", "another case",
	"scalar subquery", "subquery in having", "subquery in order by", "subquery in limit", "subquery in over", "subquery left of in",
	"in subquery", "not in subquery", "exists", "not exists", "correlated", "unqualified outer column",
	"derived table", "derived table in a derived table", "values",
	"common table expression", "nested common table expressions", "common table expression named like a table", "table whose name is taken",
	"one name in two scopes", "recursive common table expression", "correlated common table expression",
	"union", "union all", "except", "intersect", "view", "window", "rank", "aggregate", "filtered aggregate", "ordered aggregate", "distinct", "group by", "having",
	"limit", "total order", "star", "star of one table", "unqualified column", "column with the schema", "table with its schema",
	"masked column", "omitted column", "error", "key sets in work tables",
}

type sqliteWorld struct{}

func (sqliteWorld) tongue() *tongue {
	return &tongue{syntax: sqlitesyntax.Syntax{}, folds: true, quote: func(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }}
}

func (sqliteWorld) flavour() *oracle.Flavour { return oracle.SQLite }

func (sqliteWorld) place(t testing.TB) string {
	dir, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + filepath.Join(dir, "data.db")
}

func (w sqliteWorld) database(t testing.TB, _ *oracle.Case, statements string) string {
	url := w.place(t)
	if err := w.exec(url, "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; BEGIN;"+statements+"COMMIT;"); err != nil {
		t.Fatalf("%v\n%s", err, statements)
	}
	return url
}

func (sqliteWorld) exec(url, statements string) error {
	db, err := sql.Open("sqlite", strings.TrimPrefix(url, "sqlite:"))
	if err != nil {
		return err
	}
	_, err = db.Exec(statements)
	return errors.Join(err, db.Close())
}

func (sqliteWorld) connector(t testing.TB, url string) driver.Connector {
	c, err := sqlite.NewConnector("file:" + strings.TrimPrefix(url, "sqlite:") + "?mode=ro&_pragma=temp_store(2)")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// bare makes a database of a copy's rows, with columns that compare alike and nothing else.
func (w sqliteWorld) bare(t testing.TB, copied string, c *catalog.Catalog) string {
	quote := w.tongue().quote
	text := "ATTACH '" + strings.TrimPrefix(copied, "sqlite:") + "' AS copied; PRAGMA synchronous = OFF;"
	for _, table := range c.Tables {
		var names, columns []string
		for _, column := range table.Columns {
			names = append(names, quote(column.Name))
			columns = append(columns, quote(column.Name)+" "+column.EngineType+" COLLATE "+quote(column.Type.Collation.Name))
		}
		text += "CREATE TABLE " + quote(table.Name.Table) + " (" + strings.Join(columns, ", ") + ");" +
			"INSERT INTO main." + quote(table.Name.Table) + " SELECT " + strings.Join(names, ", ") + " FROM copied." + quote(table.Name.Table) + ";"
	}
	url := w.place(t)
	if err := w.exec(url, text); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return url
}
