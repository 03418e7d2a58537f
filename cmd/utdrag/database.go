package main

import (
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/utdrag/utdrag/plan/run"
)

// databases are the words for a database in help texts.
const databases = "sqlite:FILE, postgres://…, sqlserver://… or env:NAME"

// aboutDatabases explains them, in the help of commands that take one.
const aboutDatabases = `A database is sqlite:FILE, postgres://HOST/NAME, sqlserver://HOST?database=NAME, or
env:VARIABLE for an environment variable that holds one of these. A password never
stands on the command line, where everyone on the machine can read it: it is in that
variable, in PGPASSWORD or ~/.pgpass, or in UTDRAG_SQLSERVER_PASSWORD.
`

// resolve replaces the databases that the command line names by an environment variable, and refuses passwords on it.
func resolve(urls ...*string) error {
	for _, u := range urls {
		name, named := strings.CutPrefix(*u, "env:")
		if named {
			text := os.Getenv(name)
			if text == "" {
				return misuse(codeInput, "set it to a URL such as postgres://HOST/NAME", "an environment variable that should hold a database's URL is not set")
			}
			*u = text
			continue
		}
		if hasPassword(*u) {
			return misuse(codePassword, "put the URL into an environment variable and write env:NAME, or the password into PGPASSWORD, ~/.pgpass or UTDRAG_SQLSERVER_PASSWORD",
				"a database's URL has a password, and a command line is no place for one")
		}
	}
	return nil
}

// hasPassword errs on the side of yes: what can't be read as a URL may hide one.
func hasPassword(text string) bool {
	if strings.HasPrefix(text, "sqlite:") || !isURL(text) {
		return false
	}
	u, err := url.Parse(text)
	if err != nil {
		return strings.Contains(text, "@")
	}
	if _, set := u.User.Password(); set {
		return true
	}
	for name := range u.Query() {
		switch strings.ToLower(strings.ReplaceAll(name, " ", "")) {
		case "password", "pwd", "sslpassword":
			return true
		}
	}
	return false
}

// snapshotFlags are the flags of a command that reads rows of a source.
func snapshotFlags(c *cobra.Command, o *run.Options) {
	c.Flags().IntVar(&o.Jobs, "jobs", 1, "copy as many as `N` tables at a time, where the databases can and have processors to spare")
	c.Flags().BoolVar(&o.DatabaseSnapshot, "database-snapshot", false, "read from a database snapshot where SQL Server allows no SNAPSHOT isolation")
	c.Flags().BoolVar(&o.AllowInconsistent, "allow-inconsistent", false, "read even where no snapshot can be had; the report says so")
}
