package run_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine/enginetest"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/plan/run"
)

// manyPostgres is a source of PostgreSQL's for manyMap, with so many visits.
func manyPostgres(t *testing.T, server *pgtest.Cluster, visits string) (url string) {
	t.Helper()
	url = server.Database(t)
	server.Exec(t, url, strings.NewReplacer("VISITS", visits).Replace(`
CREATE TABLE "Provider" ("Id" int PRIMARY KEY, "HsaId" text NOT NULL UNIQUE);
CREATE TABLE "Unit" ("Id" int PRIMARY KEY, "HsaId" text NOT NULL UNIQUE, "ProviderId" int NOT NULL REFERENCES "Provider");
CREATE TABLE "Visit" ("Id" int PRIMARY KEY, "UnitId" int REFERENCES "Unit", "Text" text, "Other" text);
INSERT INTO "Provider" VALUES (1, 'SE1'), (2, 'SE2');
INSERT INTO "Unit" VALUES (10, 'U10', 1), (20, 'U20', 2);
INSERT INTO "Visit" SELECT i, 10, 'text ' || i, 'other' FROM generate_series(1, VISITS) i`))
	return url
}

// hooked is a run's Progress that does something once, at the beginning of a phase or of a table.
type hooked struct {
	at    string
	phase string
	do    func()
	done  bool
}

func (h *hooked) Phase(name string, _ int)   { h.phase = name; h.look(name) }
func (h *hooked) Table(name string, _ int64) { h.look(h.phase + " " + name) }
func (h *hooked) Add(int64, int64)           {}

func (h *hooked) look(at string) {
	if at == h.at && !h.done {
		h.done = true
		h.do()
	}
}

// runs plans manyMap on a source and runs the plan; between is done after planning.
func runs(source string, sink run.Sink, between func(), o run.Options) error {
	return runsMap(source, manyMap, sink, between, o)
}

func runsMap(source, text string, sink run.Sink, between func(), o run.Options) error {
	ctx := context.Background()
	s, err := run.Open(ctx, source)
	if err != nil {
		return err
	}
	p, err := plannedMap(ctx, s, text)
	if err != nil {
		return errors.Join(err, s.Close())
	}
	if between != nil {
		between()
	}
	o.AllowInconsistent = true
	_, err = run.Run(ctx, p, s, sink, o)
	return errors.Join(err, s.Close())
}

// A table that is altered between planning and running is refused before anything is read or made.
func TestAlteredSincePlanned(t *testing.T) {
	for name, start := range map[string]func(*testing.T) *faulty{"postgres": faultyPostgres, "sqlserver": faultySQLServer} {
		t.Run(name, func(t *testing.T) {
			f := start(t)
			if _, err := enginetest.Clone(context.Background(), "sqlite:"+database(t, strings.Replace(manySQL, "20000", "20", 1)), f.source); err != nil {
				t.Fatal(err)
			}
			for _, statement := range []string{
				"ALTER TABLE \"Visit\" ADD \"Secret\" int NULL",
				"ALTER TABLE \"Visit\" DROP COLUMN \"Text\"",
				"CREATE INDEX late ON \"Visit\" (\"UnitId\")",
				"CREATE TABLE \"New\" (\"Id\" int NOT NULL PRIMARY KEY)",
			} {
				sink := &failing{at: "never"}
				err := runs(f.source, sink, func() { f.exec(t, f.source, statement) }, run.Options{})
				if diag.CodeOf(err) != run.CodeDrift || !refused(err) {
					t.Errorf("%s: %v", statement, err)
				}
				if slices.Contains(sink.calls, "begin") || slices.Contains(sink.calls, "table") {
					t.Errorf("%s: the sink was used: %v", statement, sink.calls)
				}
			}
		})
	}
}

// exec runs a statement on one of the engine's databases.
func (f *faulty) exec(t *testing.T, url, statement string) {
	t.Helper()
	if strings.HasPrefix(url, "postgres") {
		pgtest.Server(t).Exec(t, url, statement)
		return
	}
	db, err := sql.Open("sqlserver", url)
	if err != nil {
		t.Fatal("the URL can't be used")
	}
	_, err = db.Exec(statement)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatalf("%v\n%s", err, statement)
	}
}

func refused(err error) bool {
	var coded *diag.Error
	return errors.As(err, &coded) && coded.Class == diag.Refused
}

// A table that is altered while the run reads is copied as the snapshot saw it, or the run fails; no rows are missed in
// silence. PostgreSQL itself would show a table that was truncated or rewritten after the snapshot as empty: see "Caveats"
// of https://www.postgresql.org/docs/15/mvcc-caveats.html.
func TestAlteredDuringRunPostgres(t *testing.T) {
	server := pgtest.Server(t)
	const visits = 500
	for statement, whole := range map[string]bool{
		`INSERT INTO "Visit" VALUES (1000, 10, 'new')`:            true,
		`DELETE FROM "Visit"`:                                     true,
		`ALTER TABLE "Visit" ADD "Secret" int`:                    true,
		`ALTER TABLE "Unit" ADD "Secret" int DEFAULT 7`:           true,
		`TRUNCATE "Visit"`:                                        false,
		`TRUNCATE "Unit" CASCADE`:                                 false,
		`ALTER TABLE "Visit" ALTER "Id" TYPE bigint`:              false,
		`ALTER TABLE "Visit" ADD "Secret" float DEFAULT random()`: false,
		`ALTER TABLE "Visit" DROP "Text"`:                         false,
		`ALTER TABLE "Visit" RENAME "Text" TO "Old"; ALTER TABLE "Visit" RENAME "Other" TO "Text"; ALTER TABLE "Visit" ADD "Other" text`: false,
		`ALTER TABLE "Visit" RENAME TO "Old"; CREATE TABLE "Visit" (LIKE "Old")`:                                                         false,
		`DROP TABLE "Visit"`: false,
	} {
		source := manyPostgres(t, server, "500")
		sink := &memorySink{}
		hook := &hooked{at: "key sets", do: func() { server.Exec(t, source, statement) }}
		err := runs(source, sink, nil, run.Options{Progress: hook, Jobs: 1})
		if !hook.done {
			t.Fatal("the run never came there")
		}
		switch {
		case whole && err != nil:
			t.Errorf("%s: %v", statement, err)
		case whole:
			if got := len(sink.tables["public.Visit"]); got != visits {
				t.Errorf("%s: %d rows of %d", statement, got, visits)
			}
		case err == nil:
			t.Errorf("%s: the run says that nothing is wrong with %d rows of %d", statement, len(sink.tables["public.Visit"]), visits)
		default:
			outside(t, statement, err)
			if !strings.Contains(err.Error(), "Visit") && !strings.Contains(err.Error(), "Unit") {
				t.Errorf("%s: which table is it? %v", statement, err)
			}
		}
	}
}
