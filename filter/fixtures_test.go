package filter_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/rewrite"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/mask/value"
)

// fixtures is the folder of the pairs: queries, and what becomes of them.
const fixtures = "../testdata/rewrite"

// dialects are the folders below it.
var dialects = []string{"sqlite", "postgres", "tsql", "mysql"}

// fixture is one case of a file NN-slug.sql, where NN is a row of the behaviour table. It is written
//
//	-- title: what is tried
//	-- provider: SE2
//	SELECT …
//	----
//	what becomes of it
//
// Lines like the second may follow the title, one for each setting that is not the usual one: the provider (nothing after the colon
// for none, quotes around one that ends with a space), units, the map, the key, strict.
type fixture struct {
	title    string
	settings map[string]string
	query    string
	want     string
}

var settingLine = regexp.MustCompile(`^-- (provider|units|map|key|strict):(?: (.*))?$`)

// readFixtures reads a file. What can't be read as a case is an error: no line of a file is without a meaning.
func readFixtures(name string) ([]fixture, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	cases := strings.Split("\n"+string(text), "\n-- title: ")
	if cases[0] != "" || len(cases) == 1 {
		return nil, fmt.Errorf("%s doesn't begin with a title", name)
	}
	var found []fixture
	for _, c := range cases[1:] {
		title, rest, _ := strings.Cut(c, "\n")
		f := fixture{title: title, settings: map[string]string{}}
		for {
			line, after, _ := strings.Cut(rest, "\n")
			setting := settingLine.FindStringSubmatch(line)
			if setting == nil {
				break
			}
			f.settings[setting[1]], rest = setting[2], after
		}
		var divided bool
		f.query, f.want, divided = strings.Cut(strings.TrimRight(rest, "\n")+"\n", "\n----\n")
		if !divided || title == "" {
			return nil, fmt.Errorf("%s: %s: no line of dashes divides the query from what becomes of it", name, title)
		}
		f.want = strings.TrimSuffix(f.want, "\n")
		found = append(found, f)
	}
	return found, nil
}

// write is the case as a file has it.
func (f *fixture) write(got string) string {
	text := "-- title: " + f.title + "\n"
	for _, name := range []string{"provider", "units", "map", "key", "strict"} {
		if v, ok := f.settings[name]; ok {
			text += strings.TrimRight("-- "+name+": "+v, " ") + "\n"
		}
	}
	return text + f.query + "\n----\n" + got + "\n"
}

// filter makes the filter that the settings ask for.
func (f *fixture) filter(t testing.TB, dialect string) (*filter.Filter, diag.List) {
	t.Helper()
	name := "schema.hcl"
	if m := f.settings["map"]; m != "" {
		name = m + ".hcl"
	}
	request := filter.Request{Provider: "SE1", Units: strings.Fields(f.settings["units"])}
	if p, ok := f.settings["provider"]; ok {
		request.Provider = p
		if unquoted, err := strconv.Unquote(p); err == nil {
			request.Provider = unquoted
		}
	}
	o := filter.Options{Key: fixtureKey(t)}
	if f.settings["key"] == "none" {
		o.Key = nil
	}
	_, o.Strict = f.settings["strict"]
	return filter.New(journalMap(t, dialect, name), journalCatalog(t, dialect), request, o)
}

func fixtureKey(t testing.TB) *mask.Key {
	t.Helper()
	key, err := mask.NewKey([]byte("the key of the fixtures, and of nothing else"))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// journalMap is the map of all dialects with what a dialect has beside it.
func journalMap(t testing.TB, dialect, name string) *schemamap.Map {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(fixtures, name))
	if err != nil {
		t.Fatal(err)
	}
	extra, err := os.ReadFile(filepath.Join(fixtures, dialect, "extra.hcl"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	m, found := schemamap.Parse(name, slices.Concat(text, extra))
	if len(found) > 0 {
		t.Fatal(found)
	}
	return m
}

func journalCatalog(t testing.TB, dialect string) *catalog.Catalog {
	t.Helper()
	file, err := os.Open(filepath.Join(fixtures, dialect, "catalog.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	c, err := catalog.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// outcome is what becomes of the query: all of it, for people.
func (f *fixture) outcome(t testing.TB, dialect string) (string, *filter.Query) {
	t.Helper()
	confined, found := f.filter(t, dialect)
	if confined == nil {
		return refusalText(found), nil
	}
	q, err := confined.Rewrite(f.query)
	if err != nil {
		list, ok := errors.AsType[diag.List](err)
		if !ok {
			t.Fatalf("the refusal is no list of diagnostics: %v", err)
		}
		return refusalText(list), nil
	}
	var b strings.Builder
	for _, s := range q.Setup {
		b.WriteString(stepText(s))
	}
	b.WriteString(q.SQL + "\n")
	for _, s := range q.Teardown {
		b.WriteString(stepText(s))
	}
	for i, v := range q.Args {
		fmt.Fprintf(&b, "-- argument %d%s: %s\n", i+1, strings.TrimSuffix(" @"+q.ArgumentName(i+1), " @"), argumentText(v))
	}
	fmt.Fprintf(&b, "-- columns: %s\n", strings.Join(q.Columns, ", "))
	for _, r := range q.Receipt {
		b.WriteString("-- " + receiptText(r) + "\n")
	}
	for _, w := range q.Warnings {
		fmt.Fprintf(&b, "-- warning %s at %s: %s\n", w.Code, placeText(w.Subject), w.Summary)
	}
	return strings.TrimSuffix(b.String(), "\n"), &q
}

// stepText is a statement before or after the query, and under a fixpoint those of each round.
func stepText(s filter.Step) string {
	text := s.SQL + ";"
	if len(s.Args) > 0 {
		text += fmt.Sprintf(" -- with %d arguments of its own", len(s.Args))
	}
	text += "\n"
	for _, round := range s.Rounds {
		text += "-- while that is 1: " + stepText(round)
	}
	return text
}

func refusalText(list diag.List) string {
	lines := make([]string, 0, len(list))
	for _, d := range list {
		line := "refused " + d.Code
		if d.Subject != (diag.Range{}) {
			line += " at " + placeText(d.Subject)
		}
		lines = append(lines, line+": "+d.Summary)
		if d.Advice != "" {
			lines = append(lines, "  hint: "+d.Advice)
		}
	}
	return strings.Join(lines, "\n")
}

// placeText is where a piece of the query begins and ends.
func placeText(r diag.Range) string {
	if r.File != "query" {
		return r.String()
	}
	end := strconv.Itoa(r.End.Column)
	if r.End.Line != r.Start.Line {
		end = fmt.Sprintf("%d:%d", r.End.Line, r.End.Column)
	}
	return fmt.Sprintf("%d:%d-%s", r.Start.Line, r.Start.Column, end)
}

func argumentText(v value.Value) string {
	switch v.Form() {
	case value.Int:
		return strconv.FormatInt(v.Int(), 10)
	case value.Bytes:
		return "of the masking key"
	}
	return strconv.Quote(v.Text())
}

func receiptText(r rewrite.Reference) string {
	text := placeText(r.At) + " " + r.Table
	if r.Alias != "" {
		text += " as " + r.Alias
	}
	if len(r.Through) > 0 {
		text += " through " + strings.Join(r.Through, ", ")
	}
	text += ": " + r.Rule + ": " + strings.ReplaceAll(r.Confined, "\n", " ")
	if len(r.Masks) > 0 {
		text += "; masked " + strings.Join(r.Masks, ", ")
	}
	return text
}

var fixtureName = regexp.MustCompile(`^(\d\d)-[a-z0-9-]+\.sql$`)

// shared are the files that all dialects have in common.
var shared = []string{"schema.hcl", "cyclic.hcl", "rows.sql", "others.sql"}

// TestFixtures holds every query of testdata/rewrite against what becomes of it. The queries of SQLite and PostgreSQL that are
// accepted are run as well. Every row of the behaviour table has a fixture in every dialect that has the construct.
func TestFixtures(t *testing.T) {
	entries, err := os.ReadDir(fixtures)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(slices.Concat(shared, dialects), e.Name()) {
			t.Errorf("nothing reads %s", e.Name())
		}
	}
	for _, dialect := range dialects {
		t.Run(dialect, func(t *testing.T) {
			entries, err := os.ReadDir(filepath.Join(fixtures, dialect))
			if err != nil {
				t.Fatal(err)
			}
			var seen [behaviourRows + 1]int
			database := journalRunner(t, dialect)
			for _, e := range entries {
				name := e.Name()
				if slices.Contains([]string{"catalog.json", "schema.sql", "extra.hcl"}, name) {
					continue
				}
				number := fixtureName.FindStringSubmatch(name)
				if number == nil {
					t.Errorf("nothing reads %s", name)
					continue
				}
				row, _ := strconv.Atoi(number[1])
				if row < 1 || row > behaviourRows {
					t.Errorf("%s is of no row", name)
					continue
				}
				seen[row] += holdFixtures(t, dialect, name, database)
			}
			for row := 1; row <= behaviourRows; row++ {
				lacks := lacking[row][dialect]
				switch {
				case lacks == "" && seen[row] == 0:
					t.Errorf("row %d, %s: no fixture", row, behaviour[row])
				case lacks != "" && seen[row] > 0:
					t.Errorf("row %d, %s: there are fixtures of what the dialect is said to lack: %s", row, behaviour[row], lacks)
				}
			}
		})
	}
}

// holdFixtures runs the cases of a file and returns how many there are.
func holdFixtures(t *testing.T, dialect, name string, database func(*testing.T, *fixture)) int {
	file := filepath.Join(fixtures, dialect, name)
	cases, err := readFixtures(file)
	if err != nil {
		t.Error(err)
		return 0
	}
	var written []string
	titles := map[string]bool{}
	for i := range cases {
		f := &cases[i]
		if titles[f.title] {
			t.Errorf("%s: %q is there twice", name, f.title)
		}
		titles[f.title] = true
		t.Run(strings.TrimSuffix(name, ".sql")+"/"+f.title, func(t *testing.T) {
			got, q := f.outcome(t, dialect)
			written = append(written, f.write(got))
			if !*update {
				if diff := cmp.Diff(f.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			}
			if q != nil && database != nil {
				database(t, f)
			}
		})
	}
	if *update && len(written) == len(cases) {
		if err := os.WriteFile(file, []byte(strings.Join(written, "\n")), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return len(cases)
}

// journalRunner runs a case on a small database, and on one in which the other provider's rows are others, which must not make a
// difference. It is nil where the dialect's engine is no part of these tests.
func journalRunner(t *testing.T, dialect string) func(*testing.T, *fixture) {
	url := journalDatabase(t, dialect)
	if url == "" {
		return nil
	}
	changed := journalDatabase(t, dialect, "others.sql")
	return func(t *testing.T, f *fixture) {
		confined, found := f.filter(t, dialect)
		if confined == nil {
			t.Fatal(found)
		}
		lines, err := journalAnswer(t, url, confined, f.query)
		if p, ok := f.settings["provider"]; ok && p != "SE1" {
			if diag.CodeOf(err) != filter.CodeDoorProvider {
				t.Errorf("there is no such provider, and it runs: %v", err)
			}
			return
		}
		after, _ := journalAnswer(t, changed, confined, f.query)
		slices.Sort(lines)
		slices.Sort(after)
		if !slices.Equal(lines, after) {
			t.Errorf("other providers' rows change the answer from\n%s\nto\n%s", strings.Join(lines, "\n"), strings.Join(after, "\n"))
		}
		_, strict := f.settings["strict"]
		switch {
		case err != nil:
		case dialect == "postgres" && strict: // a snapshot makes no stages there yet
		case dialect == "sqlite" && strings.Contains(f.query, "age_years"): // a function of the program that opens the door
		default:
			err = journalAsked(url, confined, f.query)
		}
		if err != nil {
			t.Errorf("it doesn't run: %v", err)
		}
	}
}
