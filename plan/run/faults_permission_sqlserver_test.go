package run_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine/enginetest"
	"github.com/utdrag/utdrag/plan/run"
)

// clerkSQLServer makes a login that may enter a database and do there what is granted, and returns a URL for it.
func clerkSQLServer(t *testing.T, db *sql.DB, text string, grants ...string) string {
	t.Helper()
	name, password := "clerk_"+strings.ToLower(rand.Text()[:10]), "Aa1!"+rand.Text()
	try := func(statement string) {
		t.Helper()
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%v\n%s", err, strings.ReplaceAll(statement, password, "…"))
		}
	}
	try("CREATE LOGIN " + name + " WITH PASSWORD = '" + password + "'")
	t.Cleanup(func() { // the user goes with the database; the login's sessions take a moment to end
		if err := eventually(func() error { _, err := db.Exec("DROP LOGIN " + name); return err }); err != nil {
			t.Error(err)
		}
	})
	try("CREATE USER " + name + " FOR LOGIN " + name)
	for _, grant := range grants {
		try(grant + " TO " + name)
	}
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal("the URL can't be read")
	}
	u.User = url.UserPassword(name, password)
	return u.String()
}

// The same on SQL Server. Babelfish has one number for what is missing and for much else, and so no code of its own.
func TestPermissionMissingSQLServer(t *testing.T) {
	source, target := enginetest.SQLServer(t), enginetest.SQLServer(t)
	if _, err := enginetest.Clone(context.Background(), "sqlite:"+database(t, strings.Replace(manySQL, "20000", "20", 1)), source); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlserver", source)
	if err != nil {
		t.Fatal("the URL can't be used")
	}
	t.Cleanup(func() { db.Close() })
	stand := babelfish(t, db)
	demand := func(what string, err error, says string) {
		t.Helper()
		outside(t, what, err)
		if stand || err == nil {
			t.Logf("%s: %v", what, err)
			return
		}
		if diag.CodeOf(err) != "UE309" || !strings.Contains(err.Error(), says) || advice(err) == "" {
			t.Errorf("%s: %v", what, err)
		}
	}
	few := []string{"GRANT SELECT ON dbo.Provider", "GRANT SELECT ON dbo.Unit"}
	if stand { // who may do nothing with a table doesn't see it, and the catalog would have fewer
		few = append(few, "GRANT INSERT ON dbo.Visit")
	} else {
		few = append(few, "GRANT VIEW DEFINITION")
	}
	as := clerkSQLServer(t, db, source, few...)
	demand("no SELECT", runs(as, run.NewDatabase(target), nil, run.Options{}), "Visit")
	if tables := enginetest.SQLServerTables(t, target); len(tables) > 0 {
		t.Errorf("the run left %v", tables)
	}

	to, err := sql.Open("sqlserver", target)
	if err != nil {
		t.Fatal("the URL can't be used")
	}
	t.Cleanup(func() { to.Close() })
	as = clerkSQLServer(t, to, target)
	demand("no CREATE TABLE", runs(source, run.NewDatabase(as), nil, run.Options{}), "CREATE TABLE")
	if tables := enginetest.SQLServerTables(t, target); len(tables) > 0 {
		t.Errorf("the run left %v", tables)
	}

	u, err := url.Parse(as)
	if err != nil {
		t.Fatal("the URL can't be read")
	}
	query := u.Query()
	query.Set("database", "utdrag_test_none_"+strings.ToLower(rand.Text()[:10]))
	u.RawQuery = query.Encode()
	demand("no CREATE DATABASE", runs(source, run.NewDatabase(u.String()), nil, run.Options{}), "CREATE DATABASE")
}
