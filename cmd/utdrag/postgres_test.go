package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
)

// on gives a script's command the test that the server belongs to. Scripts that use one begin with [!postgres] skip.
func on(t *testing.T, command func(*testing.T, *testscript.TestScript, []string)) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg {
			ts.Fatalf("this command has no opposite")
		}
		command(t, ts, args)
	}
}

// pgdatabase makes a database that belongs to a role with a password, runs a file of SQL in it as that role, and puts its URL
// with the password into a variable; without a file, only a name is found for it: pgdatabase VARIABLE [empty|SQL-FILE].
func pgdatabase(t *testing.T, ts *testscript.TestScript, args []string) {
	if len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: pgdatabase VARIABLE [empty|SQL-FILE]")
	}
	server := pgtest.Server(t)
	name := server.Name(t)
	url := server.URLAs(pgtest.PasswordRole, pgtest.Password, name)
	ts.Setenv(args[0], url)
	ts.Setenv(args[0]+"_NAME", name)
	if len(args) == 1 {
		server.Exec(t, server.URL("postgres"), "ALTER ROLE "+pgtest.PasswordRole+" CREATEDB")
		return
	}
	server.Exec(t, server.URL("postgres"), "CREATE DATABASE "+name+" OWNER "+pgtest.PasswordRole)
	server.Exec(t, server.URL(name), "GRANT CREATE ON SCHEMA public TO "+pgtest.PasswordRole) // not the owner's before version 15
	if args[1] != "empty" {
		server.Exec(t, url, ts.ReadFile(args[1]))
	}
}

// pgquery prints the rows of a query, a line each with bars between the cells, and their number: pgquery VARIABLE SELECT.
func pgquery(t *testing.T, ts *testscript.TestScript, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: pgquery VARIABLE SELECT")
	}
	rows := pgtest.Server(t).Query(t, ts.Getenv(args[0]), args[1])
	for _, row := range rows {
		fmt.Fprintln(ts.Stdout(), strings.Join(row, "|"))
	}
	fmt.Fprintf(ts.Stdout(), "(%d rows)\n", len(rows))
}

// envKills is how many times pgkills kills.
const envKills = "UTDRAG_TEST_KILLS"

// pgkills runs a program that fills the database TARGET, and kills it, at random moments and again and again, into
// what is left of the run before: there must be nothing, or something marked as unfinished, or, once in a while, a copy that
// another program finds whole: pgkills CHECK… -- PROGRAM ARGS….
func pgkills(t *testing.T, ts *testscript.TestScript, args []string) {
	dashes := slices.Index(args, "--")
	if dashes < 1 || dashes == len(args)-1 {
		ts.Fatalf("usage: pgkills CHECK… -- PROGRAM ARGS…")
	}
	check, program := args[:dashes], args[dashes+1:]
	kills := 4
	if text := os.Getenv(envKills); text != "" {
		var err error
		kills, err = strconv.Atoi(text)
		ts.Check(err)
	}
	server := pgtest.Server(t)
	remove := func() {
		server.Exec(t, server.URL("postgres"), `DROP DATABASE IF EXISTS "`+ts.Getenv("TARGET_NAME")+`" WITH (FORCE)`)
	}
	whole := func(when string) {
		if out, err := command(ts, check...).CombinedOutput(); err != nil {
			ts.Fatalf("%s: a copy that isn't marked isn't whole: %v\n%s", when, err, out)
		}
		remove()
	}
	began := time.Now()
	if out, err := command(ts, program...).CombinedOutput(); err != nil {
		ts.Fatalf("%v\n%s", err, out)
	}
	takes := time.Since(began)
	whole("in peace")
	marked := 0
	for i := range kills {
		c := command(ts, program...)
		ts.Check(c.Start())
		time.Sleep(rand.N(takes))
		_ = c.Process.Kill()
		_ = c.Wait() // it may have been done
		when := fmt.Sprintf("killed for the %d. time", i+1)
		if len(server.Query(t, server.URL("postgres"), "SELECT FROM pg_database WHERE datname = '"+ts.Getenv("TARGET_NAME")+"'")) == 0 {
			continue
		}
		switch tables := server.Query(t, server.URL(ts.Getenv("TARGET_NAME")), "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"); {
		case len(tables) == 0:
		case slices.ContainsFunc(tables, func(row []string) bool { return row[0] == "utdrag_partial" }):
			marked++
		default:
			whole(when)
		}
	}
	ts.Logf("%d of %d left something that was marked", marked, kills)
	if out, err := command(ts, program...).CombinedOutput(); err != nil {
		ts.Fatalf("after them all: %v\n%s", err, out)
	}
	whole("after them all")
}
