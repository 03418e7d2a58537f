package postgres

import (
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
)

// Names that can't be replaced, with no server at hand.
func TestSuccessionNames(t *testing.T) {
	for _, name := range []string{"postgres", "template1", strings.Repeat("n", 55)} {
		if _, err := Succeed(t.Context(), "postgres://localhost/"+name, engine.SwapTerms{}); diag.CodeOf(err) != codeReplace {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Succeed(t.Context(), "mysql://h/x", engine.SwapTerms{}); diag.CodeOf(err) != codeURL {
		t.Errorf("another's URL: %v", err)
	}
}

// The database in a URL, however it is written, gives way to another.
func TestInDatabase(t *testing.T) {
	for _, address := range []string{"postgres://u:p%40@h:1/a?sslmode=disable", "postgresql://u:p%40@h:1/?dbname=a&sslmode=disable", "POSTGRES://u:p%40@h:1/a%2Fb?sslmode=disable"} {
		got, err := inDatabase(address, "å b/c")
		if err != nil {
			t.Fatal(err)
		}
		config, err := configure(got)
		if err != nil {
			t.Fatal(err)
		}
		if config.Database != "å b/c" || config.User != "u" || config.Password != "p@" || config.Port != 1 || config.TLSConfig != nil {
			t.Errorf("%s: database %q, user %q, port %d", address, config.Database, config.User, config.Port)
		}
	}
}

// Somebody else's tables where the newer copy is to be made, and a role that may not.
func TestSuccessionRefused(t *testing.T) {
	if !pgtest.Installed() {
		t.Skip("no PostgreSQL server is installed")
	}
	server := pgtest.Server(t)
	name := server.Name(t)
	server.Exec(t, server.URL("postgres"), `CREATE DATABASE "`+name+`_incoming"`)
	defer server.Exec(t, server.URL("postgres"), `DROP DATABASE "`+name+`_incoming"`)
	server.Exec(t, server.URL(name+"_incoming"), "CREATE TABLE mine (a int)")
	if _, err := Succeed(t.Context(), server.URL(name), engine.SwapTerms{}); diag.CodeOf(err) != codeReplace {
		t.Errorf("somebody else's: %v", err)
	}
	if rows := server.Query(t, server.URL(name+"_incoming"), "SELECT relname FROM pg_class WHERE relname = 'mine'"); len(rows) != 1 {
		t.Error("somebody else's table is gone")
	}
	server.Exec(t, server.URL("postgres"), "DROP ROLE IF EXISTS weak; CREATE ROLE weak LOGIN PASSWORD 'weak'")
	defer server.Exec(t, server.URL("postgres"), "DROP ROLE weak")
	_, err := Succeed(t.Context(), server.URLAs("weak", "weak", name), engine.SwapTerms{})
	if code := diag.CodeOf(err); code != codePermission {
		t.Errorf("a role without CREATEDB: %v", err)
	}
}
