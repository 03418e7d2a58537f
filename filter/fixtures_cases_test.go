package filter_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/mask/value"
)

// Rows of the behaviour table that a pair of texts can't show, or not all of. The others are files: see TestFixtures.

// journalFilter is the filter of one provider.
func journalFilter(t testing.TB, dialect string, r filter.Request, o filter.Options) *filter.Filter {
	t.Helper()
	f, found := filter.New(journalMap(t, dialect, "schema.hcl"), journalCatalog(t, dialect), r, o)
	if f == nil {
		t.Fatal(found)
	}
	return f
}

// Row 36: without a provider there is no filter, whatever else is asked for.
func TestNoProvider(t *testing.T) {
	for _, dialect := range dialects {
		for _, r := range []filter.Request{{}, {Units: []string{"U10"}}, {Provider: "SE1", Units: []string{""}}} {
			for _, o := range []filter.Options{{}, {Strict: true}, {Key: fixtureKey(t)}} {
				if f, found := filter.New(journalMap(t, dialect, "schema.hcl"), journalCatalog(t, dialect), r, o); f != nil || !found.Refused() {
					t.Errorf("%s: %q makes a filter: %v", dialect, r, found)
				}
			}
		}
	}
}

// Row 40: the provider's key is a bound argument of its column's own type, and nothing that would have to be converted is taken.
func TestProviderKeyTypes(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(fixtures, "schema.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	byNumber := strings.Replace(string(text), `key   = "hsa_id"`, `key   = "id"`, 1)
	for _, dialect := range dialects {
		extra, err := os.ReadFile(filepath.Join(fixtures, dialect, "extra.hcl"))
		if err != nil && dialect != "sqlite" {
			t.Fatal(err)
		}
		m, found := schemamap.Parse("schema.hcl", []byte(byNumber+string(extra)))
		if len(found) > 0 {
			t.Fatal(found)
		}
		f, found := filter.New(m, journalCatalog(t, dialect), filter.Request{Provider: "1"}, filter.Options{})
		if f == nil {
			t.Fatal(found)
		}
		q, err := f.Rewrite("SELECT name FROM provider")
		if err != nil {
			t.Fatal(err)
		}
		if len(q.Args) != 1 || q.Args[0].Form() != value.Int || q.Args[0].Int() != 1 {
			t.Errorf("%s: the arguments are %v", dialect, q.Args)
		}
		check := f.Registered()
		if !slices.Equal(check.Args, q.Args) || check.Expect != 1 || check.Kind != filter.StepCheck {
			t.Errorf("%s: the check is %+v", dialect, check)
		}
		for _, key := range []string{"1.0", "--1", " 1", "1 ", "1 OR 1=1", "1e0", "0x1", "一", "99999999999999999999"} {
			if f, _ := filter.New(m, journalCatalog(t, dialect), filter.Request{Provider: key}, filter.Options{}); f != nil {
				t.Errorf("%s: %q is taken for a number", dialect, key)
			}
		}
		byText := journalFilter(t, dialect, filter.Request{Provider: "SE1"}, filter.Options{})
		if q, err = byText.Rewrite("SELECT name FROM provider"); err != nil || len(q.Args) != 1 || q.Args[0].Form() != value.Text || q.Args[0].Text() != "SE1" {
			t.Errorf("%s: the arguments are %v: %v", dialect, q.Args, err)
		}
		if strings.Contains(q.SQL, "SE1") {
			t.Errorf("%s: the key stands in the text:\n%s", dialect, q.SQL)
		}
	}
}

// Row 45: what the database says of a failed query isn't repeated, and in strict mode the query's own expressions never meet
// a row of another provider.
func TestErrorChannel(t *testing.T) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		url := journalDatabase(t, dialect)
		if url == "" {
			continue
		}
		plain := journalFilter(t, dialect, filter.Request{Provider: "SE1"}, filter.Options{})
		strict := journalFilter(t, dialect, filter.Request{Provider: "SE1"}, filter.Options{Strict: true})
		// These fail on the provider's own rows, whose cells the error would quote.
		fails := map[string][]string{
			"postgres": {"SELECT CAST(name AS integer) FROM unit", "SELECT id FROM unit WHERE CAST(name AS integer) = 1"},
			"sqlite":   {"SELECT json_extract(name, '$.a') FROM unit", "SELECT abs(-9223372036854775807 - (name = 'Ten')) FROM unit"},
		}[dialect]
		for _, query := range fails {
			for _, f := range []*filter.Filter{plain, strict} {
				if _, err := journalAnswer(t, url, f, query); err == nil || strings.Contains(err.Error(), "Ten") {
					t.Errorf("%s: %s: %v", dialect, query, err)
				}
			}
		}
		// This fails on a unit of the other provider's, which nobody's query may meet.
		divides := map[string]string{"postgres": "SELECT 1 / (id - 20) FROM unit", "sqlite": "SELECT abs(-9223372036854775807 - (id = 20)) FROM unit"}[dialect]
		lines, err := journalAnswer(t, url, strict, divides)
		if err != nil || len(lines) != 3 {
			t.Errorf("%s: %s: %q, %v", dialect, divides, lines, err)
		}
		q, err := strict.Rewrite("SELECT p.name, u.name FROM patient p, unit u WHERE p.id > (SELECT MIN(id) FROM staff)")
		if err != nil {
			t.Fatal(err)
		}
		if schema := `"` + map[string]string{"sqlite": "main", "postgres": "public"}[dialect] + `".`; strings.Contains(q.SQL, schema) {
			t.Errorf("%s: the strict query reads a table itself:\n%s", dialect, q.SQL)
		}
		if len(q.Setup) == 0 || len(q.Teardown) == 0 {
			t.Errorf("%s: nothing is staged", dialect)
		}
	}
}

// Row 46: the query's own arguments and the filter's don't meet, however both are counted.
func TestParametersApart(t *testing.T) {
	url := journalDatabase(t, "sqlite")
	f := journalFilter(t, "sqlite", filter.Request{Provider: "SE1"}, filter.Options{Key: fixtureKey(t)})
	db := journalDoor(t, url, f)
	for _, test := range []struct {
		query string
		args  []any
		want  string
	}{
		{"SELECT group_concat(id) FROM (SELECT id FROM unit WHERE id <> ? AND id <> ? ORDER BY id)", []any{10, 12}, "11"},
		{"SELECT group_concat(id) FROM (SELECT id FROM unit WHERE id <> ?2 AND id <> ?1 ORDER BY id)", []any{10, 11}, "12"},
		{"SELECT group_concat(id) FROM (SELECT id FROM unit WHERE id <> :x AND id <> :y AND id <> :x)", []any{sql.Named("y", 12), sql.Named("x", 10)}, "11"},
		{"SELECT count(*) FROM patient WHERE length(person_no) = 64 AND id > ?", []any{0}, "2"},
	} {
		var got string
		err := db.QueryRow(test.query, test.args...).Scan(&got)
		if err != nil || got != test.want {
			t.Errorf("%s: %q, %v", test.query, got, err)
		}
		for _, wrong := range [][]any{nil, append(slices.Clone(test.args), 1)} {
			if err := db.QueryRow(test.query, wrong...).Scan(&got); diag.CodeOf(err) != filter.CodeDoorArgument {
				t.Errorf("%s with %d arguments: %v", test.query, len(wrong), err)
			}
		}
	}
	for _, dialect := range dialects {
		f := journalFilter(t, dialect, filter.Request{Provider: "SE1"}, filter.Options{Key: fixtureKey(t)})
		query := map[string]string{"sqlite": "SELECT person_no FROM patient WHERE id = ?1 OR id = ?2", "postgres": "SELECT person_no FROM patient WHERE id = $1 OR id = $2",
			"tsql": "SELECT person_no FROM patient WHERE id = @a OR id = @b", "mysql": "SELECT person_no FROM patient WHERE id = ? OR id = ?"}[dialect]
		q, err := f.Rewrite(query)
		if err != nil {
			t.Fatal(err)
		}
		if len(q.Theirs) != 2 || len(q.Args) != 3 {
			t.Errorf("%s: %d of the query's own and %d of the filter's", dialect, len(q.Theirs), len(q.Args))
		}
		for i := range q.Args {
			name := q.ArgumentName(i + 1)
			if (name != "") != (dialect == "tsql") || name == "a" || name == "b" {
				t.Errorf("%s: argument %d is called %q", dialect, i+1, name)
			}
		}
	}
}

// Row 47: a rewritten query that is kept is kept for one provider, and prepared statements pass the same gate.
func TestSameGate(t *testing.T) {
	url := journalDatabase(t, "sqlite")
	const query = "SELECT group_concat(id) FROM (SELECT id FROM unit ORDER BY id)"
	for provider, want := range map[string]string{"SE1": "10,11,12", "SE2": "20"} {
		f := journalFilter(t, "sqlite", filter.Request{Provider: provider}, filter.Options{})
		first, err := f.Rewrite(query)
		if err != nil {
			t.Fatal(err)
		}
		first.Args[0], first.Receipt[0].Table = value.NewText("SE9"), "changed" // by its owner, and by nobody else
		second, err := f.Rewrite(query)
		if err != nil || second.Args[0].Text() != provider || second.Receipt[0].Table != "main.unit" {
			t.Errorf("the second time it is %+v, %v", second, err)
		}
		db := journalDoor(t, url, f)
		statement, err := db.Prepare(query)
		if err != nil {
			t.Fatal(err)
		}
		defer statement.Close()
		for range 2 {
			var got string
			if err := statement.QueryRow().Scan(&got); err != nil || got != want {
				t.Errorf("%s sees %q, want %s: %v", provider, got, want, err)
			}
		}
		for _, refused := range []string{"EXPLAIN " + query, "EXPLAIN QUERY PLAN " + query, "SELECT line FROM log", "DELETE FROM unit"} {
			if _, err := db.Prepare(refused); err == nil {
				t.Errorf("%s is prepared", refused)
			}
		}
		if _, err := statement.Exec(); diag.CodeOf(err) != filter.CodeDoorWrites {
			t.Errorf("a prepared query is executed: %v", err)
		}
	}
}
