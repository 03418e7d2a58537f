package run_test

import (
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/plan/pack"
	"github.com/utdrag/utdrag/plan/run"
)

// databaseOf is the name of the database that a URL leads to.
func databaseOf(t *testing.T, text string) string {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(u.Path, "/")
}

// What a role may not do ends the run with words of what is missing, and leaves nothing.
func TestPermissionMissingSourcePostgres(t *testing.T) {
	server := pgtest.Server(t)
	recipient, _ := keyPair(t)
	for _, c := range []struct{ grants, says string }{
		{`GRANT SELECT ON "Provider", "Unit" TO reader`, "permission denied for table Visit"},
		{`GRANT SELECT ON "Provider", "Unit" TO reader; GRANT SELECT ("Id", "UnitId") ON "Visit" TO reader`, "permission denied for table Visit"},
		{`GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader; REVOKE USAGE ON SCHEMA public FROM PUBLIC`, "permission denied for schema public"},
		{`REVOKE CONNECT ON DATABASE DATABASE FROM PUBLIC`, "may not connect"},
	} {
		source, target := manyPostgres(t, server, "50"), server.Database(t)
		name := databaseOf(t, source)
		server.Exec(t, source, strings.ReplaceAll(c.grants, "DATABASE DATABASE", "DATABASE "+name))
		dir := t.TempDir()
		for _, sink := range []run.Sink{run.NewDatabase(target), run.NewPackage(filepath.Join(dir, "p"), run.PackageOptions{Recipients: []*pack.Recipient{recipient}, Tool: "test"})} {
			err := runs(server.URLAs(pgtest.Reader, "", name), sink, nil, run.Options{})
			outside(t, c.grants, err)
			if err != nil && (diag.CodeOf(err) != "UE209" || !strings.Contains(err.Error(), c.says) || advice(err) == "") {
				t.Errorf("%s: %v", c.grants, err)
			}
		}
		empty(t, dir)
		nothingIn(t, server, target)
	}
	// All that is needed is SELECT on the tables; no temporary tables.
	source := manyPostgres(t, server, "50")
	name := databaseOf(t, source)
	server.Exec(t, source, `REVOKE TEMPORARY ON DATABASE `+name+` FROM PUBLIC; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader`)
	if err := runs(server.URLAs(pgtest.Reader, "", name), &memorySink{}, nil, run.Options{}); err != nil {
		t.Errorf("with SELECT on every table: %v", err)
	}
}

func advice(err error) string {
	var coded *diag.Error
	if !errors.As(err, &coded) {
		return ""
	}
	return coded.Advice
}

// The role of the target's URL lacks what it takes to make the copy.
func TestPermissionMissingTargetPostgres(t *testing.T) {
	server := pgtest.Server(t)
	source := manyPostgres(t, server, "50")

	// To create in a schema.
	target := server.Database(t)
	as := server.URLAs(pgtest.Reader, "", databaseOf(t, target))
	server.Exec(t, target, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
	err := runs(source, run.NewDatabase(as), nil, run.Options{})
	outside(t, "no CREATE", err)
	if diag.CodeOf(err) != "UE209" || !strings.Contains(err.Error(), "schema public") || !strings.Contains(advice(err), "CREATE on a target") {
		t.Errorf("no CREATE: %v", err)
	}
	nothingIn(t, server, target)
	// With that and no more it works.
	server.Exec(t, target, "GRANT CREATE ON SCHEMA public TO reader")
	if err := runs(source, run.NewDatabase(as), nil, run.Options{}); err != nil {
		t.Errorf("with CREATE: %v", err)
	}

	// To make a schema, in the middle of making tables.
	source2 := manyPostgres(t, server, "50")
	server.Exec(t, source2, `CREATE SCHEMA care; ALTER TABLE "Visit" SET SCHEMA care`)
	target = server.Database(t)
	as = server.URLAs(pgtest.Reader, "", databaseOf(t, target))
	server.Exec(t, target, "GRANT CREATE ON SCHEMA public TO reader")
	err = runsMap(source2, strings.Replace(manyMap, `table "Visit"`, `table "care.Visit"`, 1), run.NewDatabase(as), nil, run.Options{})
	outside(t, "no CREATE on the database", err)
	if diag.CodeOf(err) != "UE209" || !strings.Contains(err.Error(), "permission denied for database") {
		t.Errorf("no CREATE on the database: %v", err)
	}
	nothingIn(t, server, target)

	// To make the database.
	name := server.Name(t)
	err = runs(source, run.NewDatabase(server.URLAs(pgtest.Reader, "", name)), nil, run.Options{})
	outside(t, "no CREATEDB", err)
	if diag.CodeOf(err) != "UE209" || !strings.Contains(err.Error(), "may not make the target database") || !strings.Contains(advice(err), "CREATEDB") {
		t.Errorf("no CREATEDB: %v", err)
	}
	if rows := server.Query(t, server.URL("postgres"), "SELECT FROM pg_database WHERE datname = '"+name+"'"); len(rows) > 0 {
		t.Error("the database was made")
	}
}

// nothingIn demands a database without tables, schemas and types of ours, and without sessions of ours.
func nothingIn(t *testing.T, server *pgtest.Cluster, url string) {
	t.Helper()
	for _, row := range server.Query(t, url, `SELECT 'table ' || relname FROM pg_class WHERE relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')
		UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema')`) {
		t.Errorf("the run left %s", row[0])
	}
}

// A target whose disk is full fails the run without a word of any row, and leaves nothing. With room it works. A small
// file system stands for the disk.
func TestTargetFullPostgres(t *testing.T) {
	server := pgtest.Server(t)
	if os.Getuid() != 0 {
		t.Skip("mounting a small file system takes root")
	}
	disk, err := os.MkdirTemp("", "utdrag-full-") // not t.TempDir(): the server's user must come there
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(disk) })
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=12m", "none", disk).CombinedOutput(); err != nil {
		t.Skipf("a small file system can't be mounted here: %v %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", disk).CombinedOutput(); err != nil {
			t.Errorf("%v %s", err, out)
		}
	})
	if err := pgtest.Own(disk); err != nil {
		t.Fatal(err)
	}
	server.Exec(t, server.URL("postgres"), "CREATE TABLESPACE small LOCATION '"+disk+"'")
	t.Cleanup(func() { server.Exec(t, server.URL("postgres"), "DROP TABLESPACE small") })
	name := server.Name(t)
	server.Exec(t, server.URL("postgres"), "CREATE DATABASE "+name+" TABLESPACE small")
	// The new database's pages take their place on the disk now. Later the server would find none for them, whoever made it look.
	server.Exec(t, server.URL("postgres"), "CHECKPOINT")

	source := manyPostgres(t, server, "20000")
	server.Exec(t, source, `UPDATE "Visit" SET "Text" = 'text 19121212-1212 ' || repeat(md5("Id"::text), 15)`)
	target := server.URL(name)
	for _, jobs := range []int{1, 4} {
		err := runs(source, run.NewDatabase(target), nil, run.Options{Jobs: jobs})
		outside(t, "a full disk", err)
		if err != nil && (diag.CodeOf(err) != "UE222" || advice(err) == "" || strings.Contains(err.Error(), "1912")) {
			t.Errorf("a full disk: %v", err)
		}
		nothingIn(t, server, target)
	}
	if err := runs(source, run.NewDatabase(server.URL(server.Name(t))), nil, run.Options{}); err != nil {
		t.Errorf("elsewhere: %v", err)
	}
	if out, err := exec.Command("mount", "-o", "remount,size=80m", disk).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	if err := runs(source, run.NewDatabase(target), nil, run.Options{}); err != nil {
		t.Errorf("with more room: %v", err)
	}
	if rows := server.Query(t, target, `SELECT count(*) FROM "Visit"`); rows[0][0] != "20000" {
		t.Errorf("%s rows of 20000", rows[0][0])
	}
}
