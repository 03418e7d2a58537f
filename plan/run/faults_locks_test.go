package run_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine/enginetest"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/plan/run"
)

// session is another program's connection to a PostgreSQL database.
func session(t *testing.T, url string, statements ...string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	do(t, conn, statements...)
	return conn
}

func do(t *testing.T, conn *pgx.Conn, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := conn.Exec(context.Background(), statement); err != nil {
			t.Fatalf("%v\n%s", err, statement)
		}
	}
}

// A lock that another session holds on a source table fails the run, with advice. The other session goes on
// with its work meanwhile and afterwards, and none of ours is left in its way.
func TestLockedSourcePostgres(t *testing.T) {
	server := pgtest.Server(t)
	source, target := manyPostgres(t, server, "50"), server.Database(t)
	other := session(t, source)
	lock := func() { do(t, other, "BEGIN", `LOCK TABLE "Visit" IN ACCESS EXCLUSIVE MODE`) }
	for _, when := range []string{"planned", "key sets", "copy public.Visit"} {
		hook := &hooked{at: when, do: lock}
		between := func() { hook.Phase("planned", 0) }
		err := runs(source+"&lock_timeout=200ms", run.NewDatabase(target), between, run.Options{Progress: hook})
		outside(t, when, err)
		if diag.CodeOf(err) != "UE207" || !strings.Contains(err.Error(), "55P03") || !strings.Contains(advice(err), "lock") {
			t.Errorf("%s: %v", when, err)
		}
		if when != "planned" && !strings.Contains(err.Error(), "Visit") {
			t.Errorf("%s: which table is it? %v", when, err)
		}
		nothingIn(t, server, target)
		// The other session goes on, and takes whatever it wants.
		do(t, other, `INSERT INTO "Visit" VALUES (1001, 10)`, `ALTER TABLE "Visit" ADD "More" int`, "SET LOCAL lock_timeout = '10s'",
			`LOCK TABLE "Provider", "Unit", "Visit" IN ACCESS EXCLUSIVE MODE`, "ROLLBACK")
	}
	if err := runs(source, run.NewDatabase(target), nil, run.Options{}); err != nil {
		t.Errorf("once it is free: %v", err)
	}
}

// The same while the catalog is read: what is locked then is the table's definition.
func TestLockedSourceSQLServer(t *testing.T) {
	source := enginetest.SQLServer(t)
	if _, err := enginetest.Clone(context.Background(), "sqlite:"+database(t, strings.Replace(manySQL, "20000", "20", 1)), source); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlserver", source)
	if err != nil {
		t.Fatal("the URL can't be used")
	}
	defer db.Close()
	other, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	try := func(statement string) {
		t.Helper()
		if _, err := other.ExecContext(context.Background(), statement); err != nil {
			t.Errorf("%s: %v", statement, err)
		}
	}
	// SNAPSHOT readers wait for nobody's rows, and only a table that is being altered is in their way.
	err = runs(source+"&lock+timeout=1", &memorySink{}, func() { try("BEGIN TRANSACTION; ALTER TABLE Visit ADD More int NULL") }, run.Options{})
	outside(t, "a locked table", err)
	if diag.CodeOf(err) != "UE307" && !(babelfish(t, db) && err != nil) {
		t.Errorf("a locked table: %v", err)
	}
	try("INSERT INTO Visit (Id) VALUES (1000)")
	try("ROLLBACK")
	if err := runs(source, &memorySink{}, nil, run.Options{}); err != nil {
		t.Errorf("once it is free: %v", err)
	}
}

// babelfish reports whether this is Babelfish, which has numbers of its own for locks and permissions.
func babelfish(t *testing.T, db *sql.DB) bool {
	t.Helper()
	var version string
	if err := db.QueryRow("SELECT @@VERSION").Scan(&version); err != nil {
		t.Fatal(err)
	}
	return strings.Contains(version, "Babelfish")
}

// Our session and another one wait for each other in the target, and the server ends ours: an error from outside that says
// so, and nothing is left.
func TestDeadlockPostgres(t *testing.T) {
	server := pgtest.Server(t)
	source, target := manyPostgres(t, server, "50"), server.Database(t)
	// The server has the one give way whose patience ends first.
	other := session(t, target, "SET deadlock_timeout = '10min'")
	watch := session(t, target)
	// Adding the foreign key of Unit locks Unit, and then Provider.
	ended := make(chan error, 1)
	hook := &hooked{at: "copy public.Visit", do: func() {
		do(t, other, "BEGIN", `LOCK TABLE "Provider" IN ROW EXCLUSIVE MODE`)
		go func() {
			waits := `SELECT count(*) FROM pg_locks l WHERE NOT granted AND relation = '"Provider"'::regclass
				AND EXISTS (SELECT FROM pg_locks o WHERE o.pid = l.pid AND o.granted AND o.relation = '"Unit"'::regclass)`
			var err error
			for n, deadline := 0, time.Now().Add(time.Minute); n == 0 && err == nil && time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
				err = watch.QueryRow(context.Background(), waits).Scan(&n)
			}
			_, locked := other.Exec(context.Background(), `LOCK TABLE "Unit" IN ROW EXCLUSIVE MODE; COMMIT`)
			ended <- errors.Join(err, locked)
		}()
	}}
	err := runs(source, run.NewDatabase(target), nil, run.Options{Progress: hook})
	outside(t, "a deadlock", err)
	if diag.CodeOf(err) != "UE207" || !strings.Contains(err.Error(), "40P01") || !strings.Contains(advice(err), "gave way") {
		t.Errorf("a deadlock: %v", err)
	}
	if err := <-ended; err != nil {
		t.Errorf("the other session: %v", err)
	}
	nothingIn(t, server, target)
	if err := runs(source, run.NewDatabase(target), nil, run.Options{}); err != nil {
		t.Errorf("the rerun: %v", err)
	}
}
