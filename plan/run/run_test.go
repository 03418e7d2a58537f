package run_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/run"
)

// The clinic is the smallest database that is worth a test.
var (
	clinicSQL = shared("clinic/schema.sql")
	clinicMap = shared("clinic/map.hcl")
)

// shared reads a file of the repository's common test data.
func shared(name string) string {
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", name))
	if err != nil {
		panic(err)
	}
	return string(text)
}

// database makes a SQLite file from SQL text.
func database(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "journal.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(text)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func build(t testing.TB, source *run.Source, text string, r filter.Request) *plan.Plan {
	t.Helper()
	m, found := schemamap.Parse("test.hcl", []byte(text))
	if found.Refused() {
		t.Fatal(found)
	}
	c, err := source.Catalog(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	p, found := plan.Build(m, c, r)
	if found.Refused() {
		t.Fatal(found)
	}
	return p
}

func open(t testing.TB, path string) *run.Source {
	t.Helper()
	s, err := run.Open(context.Background(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func testKey(t testing.TB) *mask.Key {
	key, err := mask.NewKey([]byte("a masking key for tests, 32 bytes and more"))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// The whole way once, on data that a reader can follow: what stands in the copy, and what doesn't.
func TestClinic(t *testing.T) {
	s := open(t, database(t, clinicSQL))
	p := build(t, s, clinicMap, filter.Request{Provider: "SE1"})
	sink := &memorySink{}
	if _, err := run.Run(context.Background(), p, s, sink, run.Options{Key: testKey(t)}); err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{
		"main.Icd":      {`"J06"|"Cold"`},
		"main.Provider": {`1|"SE1"`},
		"main.Unit":     {`10|"U10"|1`, `11|"U11"|1`},
		"main.Patient":  {`100|"1339f7a822bca0f153eaa19531e8b6c0a9c13bc75546cd59884d6506078166a2"|"A***"`},
		"main.Visit":    {`1000|10|100|"a"`},
		"main.Note":     {`1|1000|NULL|"x"`, `2|1000|1|"y"`, `4|1000|NULL|"across"`},
	}
	if diff := cmp.Diff(want, printable(sink.tables)); diff != "" {
		t.Error(diff)
	}
}
