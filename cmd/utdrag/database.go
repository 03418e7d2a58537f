package main

import (
	"net/url"
	"os"
	"regexp"
	"slices"
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
			// A connection string of another form would be taken for a file's name, made a file of, and printed.
			if !isURL(text) || strings.HasPrefix(text, "env:") {
				return misuse(codeInput, "set it to a URL such as postgres://HOST/NAME", "an environment variable that should hold a database's URL holds something else")
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

// secrets are the parameters of URLs that hold what lets somebody in.
var secrets = []string{"password", "pwd", "sslpassword", "changepassword", "clientassertion", "userassertion", "systemtoken"}

// attempt is the beginning of what was meant to be a server's URL with a name and a password: postgres:/u:p@…
var attempt = regexp.MustCompile(`(?i)^\s*(postgres|postgresql|sqlserver|mssql)\s*:/*[^/@]*:`)

// keyword is how a password stands in a connection string that is no URL, such as libpq's host=… password=….
var keyword = regexp.MustCompile(`(?i)(^|[\s;?&])(password|pwd)\s*=`)

// hasPassword errs on the side of yes: what can't be read as a URL may hide one.
func hasPassword(text string) bool {
	if strings.HasPrefix(text, "sqlite:") {
		return false
	}
	if !isURL(text) { // a file's name, or an attempt at a URL
		_, rest, ok := strings.Cut(text, "@")
		return keyword.MatchString(text) || ok && rest != "" && attempt.MatchString(text)
	}
	u, err := url.Parse(text)
	if err != nil {
		return strings.Contains(text, "@")
	}
	if _, set := u.User.Password(); set {
		return true
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return true
	}
	for name := range query {
		if slices.Contains(secrets, strings.ToLower(strings.ReplaceAll(name, " ", ""))) {
			return true
		}
	}
	return false
}

// snapshotFlags are the flags of a command that reads rows of a source.
func snapshotFlags(c *cobra.Command, o *run.Options) {
	c.Flags().IntVar(&o.Jobs, "jobs", 1, "copy as many as `N` tables at a time, where databases can")
	c.Flags().BoolVar(&o.DatabaseSnapshot, "database-snapshot", false, "read from a database snapshot where SQL Server allows no SNAPSHOT isolation")
	c.Flags().BoolVar(&o.AllowInconsistent, "allow-inconsistent", false, "read even where no snapshot can be had; the report says so")
}
