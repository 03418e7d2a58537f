package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/run"
)

const journal = `
CREATE DOMAIN person AS char(12) CHECK (VALUE ~ '^[0-9 ]*$');
CREATE TYPE kind AS ENUM ('visit', 'call');
CREATE SCHEMA care;
CREATE TABLE provider (id int PRIMARY KEY, hsaid varchar(20) NOT NULL UNIQUE, name text);
CREATE TABLE care.unit (id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY (START WITH 10), hsaid text NOT NULL UNIQUE, provider_id int NOT NULL REFERENCES provider, head_id int);
CREATE TABLE staff (id serial PRIMARY KEY, unit_id int REFERENCES care.unit, name text NOT NULL, "E-mail" text DEFAULT 'none', boss_id int REFERENCES staff);
ALTER TABLE care.unit ADD CONSTRAINT head FOREIGN KEY (head_id) REFERENCES staff ON DELETE SET NULL;
CREATE TABLE patient (pnr person PRIMARY KEY, id uuid NOT NULL UNIQUE, name text, initial text GENERATED ALWAYS AS (substr(name, 1, 1)) STORED);
CREATE TABLE visit (year int, no bigint, unit_id int NOT NULL REFERENCES care.unit, pnr person NOT NULL REFERENCES patient, kind kind, at timestamptz, PRIMARY KEY (year, no)) PARTITION BY RANGE (year);
CREATE TABLE visit_old PARTITION OF visit FOR VALUES FROM (MINVALUE) TO (2020);
CREATE TABLE visit_new PARTITION OF visit FOR VALUES FROM (2020) TO (MAXVALUE) PARTITION BY HASH (no);
CREATE TABLE visit_new_0 PARTITION OF visit_new FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE visit_new_1 PARTITION OF visit_new FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE measurement (year int, no bigint, value numeric, tags text[], FOREIGN KEY (year, no) REFERENCES visit);
CREATE TABLE note (id bigint PRIMARY KEY, year int, no bigint, thread_id bigint REFERENCES note, body text, doc bytea, FOREIGN KEY (year, no) REFERENCES visit);
CREATE INDEX ON note (lower(left(body, 10))) WHERE body IS NOT NULL;
INSERT INTO provider VALUES (1, 'SE1', 'One'), (2, 'SE2', 'Two');
INSERT INTO care.unit (hsaid, provider_id) SELECT 'U' || i, 1 + i % 2 FROM generate_series(1, 6) i;
INSERT INTO staff (unit_id, name, "E-mail") SELECT id, 'Name ' || id, 'a@b' || id FROM care.unit;
UPDATE staff SET boss_id = 1 WHERE id > 1;
UPDATE care.unit SET head_id = id - 9;
INSERT INTO patient SELECT lpad(i::text, 12 - i % 2, '0'), md5(i::text)::uuid, 'Åsa ' || i FROM generate_series(1, 50) i;
INSERT INTO visit SELECT 2015 + i % 10, i, 10 + i % 6, lpad((1 + i % 50)::text, (12 - (1 + i % 50) % 2)::int, '0'), CASE WHEN i % 3 = 0 THEN NULL ELSE 'call'::kind END, '2020-01-01'::timestamptz + i * interval '1.5 hours' FROM generate_series(1, 3000) i;
INSERT INTO measurement SELECT year, no, no / 7.0, ARRAY['a,b', NULL] FROM visit, generate_series(1, 2);
INSERT INTO note SELECT no, year, no, CASE WHEN no > 6 THEN no - 6 END, repeat('x"\', no::int % 5), decode(md5(no::text), 'hex') FROM visit;
UPDATE note SET body = repeat('långt ', 400000), doc = decode(repeat('00ff', 1000000), 'hex') WHERE id IN (6, 7, 12, 600);
`

const journalMap = `version = 1
provider {
  table = "provider"
  key   = "hsaid"
  unit {
    table = "care.unit"
    key   = "hsaid"
  }
}
table "care.unit" {
  path { via = ["provider_id"] }
  foreign "head_id" { outside = "stub" }
}
table "staff" {
  path { via = ["unit_id"] }
  foreign "unit_id" { outside = "null" }
  foreign "boss_id" { outside = "null" }
  column "E-mail" { mask = partial(1, 0) }
  column "name" { stub = "?" }
}
table "patient" {
  path {
    from = "visit"
    via  = ["pnr"]
  }
  column "name" { mask = hash("name") }
}
table "visit" {
  path { via = ["unit_id"] }
  where = "year <> 2017 AND NOT (no BETWEEN 1 AND 5)"
}
table "measurement" {
  path { via = ["year", "no"] }
}
table "note" {
  match = "any"
  path "visit" { via = ["year", "no"] }
  path "thread" { via = ["thread_id"] }
  foreign "year, no" { outside = "null" }
  foreign "thread_id" { outside = "null" }
}
`

func ctx() context.Context { return context.Background() }

// planned builds the plan for a source.
func planned(t testing.TB, url, mapText string, r filter.Request) (*plan.Plan, *run.Source) {
	t.Helper()
	source, err := run.Open(ctx(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { source.Close() })
	c, err := source.Catalog(ctx())
	if err != nil {
		t.Fatal(err)
	}
	return planOf(t, c, mapText, r), source
}

func planOf(t testing.TB, c *catalog.Catalog, mapText string, r filter.Request) *plan.Plan {
	t.Helper()
	m, found := schemamap.Parse("map.hcl", []byte(mapText))
	if found.Refused() {
		t.Fatal(found.Err())
	}
	p, found := plan.Build(m, c, r)
	if p == nil || found.Refused() {
		t.Fatal(found.Err())
	}
	return p
}

func key(t testing.TB) *mask.Key {
	t.Helper()
	k, err := mask.ReadKey(strings.NewReader(strings.Repeat("3a5b", 16)))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// extracted makes a copy and returns its URL.
func extracted(t testing.TB, p *plan.Plan, source *run.Source, jobs int) (string, *run.Report) {
	t.Helper()
	s := pgtest.Server(t)
	to := s.URL(s.Name(t))
	report, err := run.Run(ctx(), p, source, run.NewDatabase(to), run.Options{Key: key(t), Jobs: jobs})
	if err != nil {
		t.Fatalf("%v\n%v", err, errors.Unwrap(err))
	}
	return to, report
}

// tables are the rows of a copy's tables as the server's own text.
func tables(t testing.TB, url string) map[string]string {
	t.Helper()
	s := pgtest.Server(t)
	rows := map[string]string{}
	for _, table := range []string{"provider", "care.unit", "staff", "patient", "visit", "measurement", "note"} {
		rows[table] = fmt.Sprint(s.Query(t, url, "SELECT md5(r::text) FROM "+table+" r ORDER BY r::text COLLATE \"C\""))
	}
	return rows
}

// A run gives the same rows whichever way it is made: by one job or several, with work tables in the database or without,
// from the primary or from a replica; and they are those of a hand-written query.
func TestRun(t *testing.T) {
	s := pgtest.Server(t)
	url := s.Database(t)
	s.Exec(t, url, journal)
	request := filter.Request{Provider: "SE1"}
	p, source := planned(t, url, journalMap, request)
	to, report := extracted(t, p, source, 1)
	if report.Snapshot != "postgres repeatable read snapshot" {
		t.Errorf("the snapshot is %q", report.Snapshot)
	}
	expected := tables(t, to)
	visits := "SELECT count(*), sum(no) FROM visit"
	mine := " JOIN care.unit u ON u.id = unit_id WHERE provider_id = 1 AND year <> 2017 AND no > 5"
	if got, want := fmt.Sprint(s.Query(t, to, visits)), fmt.Sprint(s.Query(t, url, visits+mine)); got != want {
		t.Errorf("visits are %s, not %s", got, want)
	}
	if got := s.Query(t, to, "SELECT count(*) FROM provider WHERE hsaid = 'SE1'")[0][0]; got != "1" {
		t.Error("the provider isn't there")
	}
	// Numbering goes on behind what is there, and constraints are those of the source.
	s.Exec(t, to, "INSERT INTO staff (name) VALUES ('new'); INSERT INTO care.unit (hsaid, provider_id) VALUES ('new', 1); DELETE FROM staff WHERE name = 'new'; DELETE FROM care.unit WHERE hsaid = 'new'")
	// Catalogs say the same but for what the plan changes.
	copied, err := run.Open(ctx(), to)
	if err != nil {
		t.Fatal(err)
	}
	defer copied.Close()
	c, err := copied.Catalog(ctx())
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Table(catalog.Name{Schema: "public", Table: "visit"}); len(got.ForeignKeys) != 2 || got.PrimaryKey == nil || got.Column("pnr").EngineType != "public.person" {
		t.Errorf("visit is %+v", got)
	}

	to, _ = extracted(t, p, source, 4)
	same(t, "four jobs", expected, tables(t, to))

	s.Exec(t, url, "REVOKE TEMPORARY ON DATABASE "+url[strings.LastIndex(url, "/")+1:strings.Index(url, "?")]+" FROM PUBLIC; GRANT USAGE ON SCHEMA care TO reader; GRANT USAGE ON SCHEMA care TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA public, care TO reader")
	name := url[strings.LastIndex(url, "/")+1 : strings.Index(url, "?")]
	_, reader := planned(t, s.URLAs(pgtest.Reader, "", name), journalMap, request)
	to, _ = extracted(t, p, reader, 4)
	same(t, "no temporary tables", expected, tables(t, to))

	replica := s.Replica(t)
	s.Follow(t, replica)
	_, standby := planned(t, replica.URL(name), journalMap, request)
	to, report = extracted(t, p, standby, 3)
	same(t, "a replica", expected, tables(t, to))
	if report.Snapshot != "postgres repeatable read snapshot on a replica" {
		t.Errorf("the replica's snapshot is %q", report.Snapshot)
	}
}

func same(t testing.TB, what string, expected, got map[string]string) {
	t.Helper()
	for table, rows := range expected {
		if got[table] != rows {
			t.Errorf("%s: %s has other rows: %d bytes of digests, not %d", what, table, len(got[table]), len(rows))
		}
	}
}

// An order for some units, and one for a provider that isn't there.
func TestRunUnits(t *testing.T) {
	s := pgtest.Server(t)
	url := s.Database(t)
	s.Exec(t, url, journal)
	p, source := planned(t, url, journalMap, filter.Request{Provider: "SE1", Units: []string{"U2", "U4"}})
	to, _ := extracted(t, p, source, 1)
	if got := s.Query(t, to, "SELECT hsaid FROM care.unit ORDER BY 1"); !slices.EqualFunc(got, []string{"U2", "U4"}, func(a []string, b string) bool { return a[0] == b }) {
		t.Errorf("units are %s", got)
	}
	p, source = planned(t, url, journalMap, filter.Request{Provider: "SE3"})
	name := s.Name(t)
	_, err := run.Run(ctx(), p, source, run.NewDatabase(s.URL(name)), run.Options{Key: key(t)})
	if err == nil || len(s.Query(t, url, "SELECT 1 FROM pg_database WHERE datname = '"+name+"'")) != 0 {
		t.Errorf("a provider that isn't there gives %v, and perhaps a database", err)
	}
}
