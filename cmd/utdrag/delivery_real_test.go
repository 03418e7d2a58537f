package main

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/utdrag/utdrag/examples/pmo"
	"github.com/utdrag/utdrag/plan/deliver/sink/sshtest"
)

// TestDeliveryReal runs testdata/real: an order's whole story with the other sides that a region and a care provider have. OpenSSH's
// sshd is the server and its sftp the provider's client, GnuPG made all keys and opens packages beside Utdrag, and tar, zstd and
// sqlite3 do what the package's README.txt says. The first part is of last month, and keys are older than that.
func TestDeliveryReal(t *testing.T) {
	sshtest.Demand(t, "gpg", "gpgconf", "sh", "sed", "sftp", "ssh-keygen", "sha256sum", "tar", "zstd", "sqlite3")
	for _, name := range []string{"gpg", "sqlite3", "zstd"} {
		if said, err := exec.Command(name, "--version").CombinedOutput(); err == nil {
			first, _, _ := strings.Cut(string(said), "\n")
			t.Log(first) // which one the evidence is about
		}
	}
	server := sshtest.Start(t, sshtest.Options{})
	region, provider := sshtest.Key(t, "ed25519", ""), sshtest.Key(t, "rsa 3072", "")
	server.Authorize(t, region)
	server.Authorize(t, provider)
	if err := os.Mkdir(filepath.Join(server.Dir, "in"), 0o700); err != nil {
		t.Fatal(err)
	}
	now := time.Now().UTC()
	p := scripts(t, "testdata/real")
	p.Setup = func(env *testscript.Env) error {
		for name, value := range map[string]string{
			"SFTP_AREA": filepath.Join(server.Dir, "in"), "SFTP_PORT": strconv.Itoa(server.Port), "SFTP_USER": server.User,
			"SFTP_HOSTKEY": server.Fingerprints["ed25519"], "SFTP_KNOWN": server.KnownHosts, "REGION_KEY": region, "PROVIDER_KEY": provider,
			"KEYS_MADE": now.AddDate(0, 0, -70).Format("20060102T150405"), "ORDERED": now.AddDate(0, 0, -40).Format(time.DateOnly),
			"LAST_MONTH": (31 * 24 * time.Hour).String(),
		} {
			env.Setenv(name, value)
		}
		for _, folder := range []string{"region", "provider"} {
			if err := os.Mkdir(filepath.Join(env.WorkDir, folder), 0o700); err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(env.WorkDir, folder, "journal.hcl"), []byte(pmo.Map), 0o600); err != nil {
				return err
			}
		}
		mask := os.WriteFile(filepath.Join(env.WorkDir, "region", "mask.key"), []byte(strings.Repeat("c0ffee", 12)), 0o600)
		return errors.Join(mask, pmo.Generate(t.Context(), filepath.Join(env.WorkDir, "region", "journal.db"), pmo.Options{Scale: 0.5}))
	}
	testscript.Run(t, p)
}

// gnupg makes a home for GnuPG whose keys have a passphrase, and puts it into a variable: gnupg VARIABLE PASSPHRASE. It asks nothing
// and says its status on standard error.
func gnupg(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: gnupg VARIABLE PASSPHRASE")
	}
	home, err := os.MkdirTemp("", "gpg") // short: the agent's socket lies in it
	ts.Check(err)
	ts.Defer(func() {
		c := exec.Command("gpgconf", "--kill", "all")
		c.Env = append(os.Environ(), "GNUPGHOME="+home)
		_ = c.Run()
		_ = os.RemoveAll(home)
	})
	phrase := filepath.Join(home, "passphrase")
	ts.Check(os.WriteFile(phrase, []byte(args[1]), 0o600))
	ts.Check(os.WriteFile(filepath.Join(home, "gpg.conf"), []byte("batch\nquiet\nno-tty\npinentry-mode loopback\npassphrase-file "+phrase+"\nstatus-fd 2\n"), 0o600))
	// By default the agent makes passphrases take a tenth of a second each time, of which a story has dozens.
	ts.Check(os.WriteFile(filepath.Join(home, "gpg-agent.conf"), []byte("s2k-count 65536\n"), 0o600))
	ts.Setenv(args[0], home)
}

// found puts what a group of a regular expression matches into a variable: found VARIABLE REGEXP FILE.
func found(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: found VARIABLE REGEXP FILE")
	}
	m := regexp.MustCompile(`(?m)` + args[1]).FindStringSubmatch(ts.ReadFile(args[2]))
	if len(m) != 2 {
		ts.Fatalf("%s doesn't hold it, or the expression has no group", args[2])
	}
	ts.Setenv(args[0], m[1])
}

var (
	readmeSteps = map[string]string{"sv": "Utan Utdrag, steg för steg:\n", "en": "Without Utdrag, step by step:\n"}
	// A command of README.txt, and what stands behind it for people.
	readmeCommand = regexp.MustCompile(`(?m)^ {5}(\S.*?)(?: {2,}\(.*\))?$`)
)

// steps makes a shell script of the commands of a README.txt, in its order and each in a shell of its own, with what stands in
// capitals for the reader's own files filled in: steps README sv|en SCRIPT WORD=FILE….
func steps(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 || readmeSteps[args[1]] == "" {
		ts.Fatalf("usage: steps README sv|en SCRIPT WORD=FILE…")
	}
	_, text, ok := strings.Cut(ts.ReadFile(args[0]), readmeSteps[args[1]])
	text, _, last := strings.Cut(text, "\n  5. ")
	if !ok || !last {
		ts.Fatalf("%s has no steps", args[0])
	}
	var script strings.Builder
	all := readmeCommand.FindAllStringSubmatch(text, -1)
	for _, command := range all {
		line := command[1]
		for _, one := range args[3:] {
			word, file, _ := strings.Cut(one, "=")
			line = regexp.MustCompile(`(^|\s)`+regexp.QuoteMeta(word)+`(\s|$)`).ReplaceAllString(line, "${1}"+file+"${2}")
		}
		fmt.Fprintf(&script, "( %s )\n", line)
	}
	if len(all) != 4 {
		ts.Fatalf("%s has %d commands", args[0], len(all))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(script.String()), 0o600))
}

// alike demands that two SQLite databases have the same definitions and rows, cell by cell with their storage classes. What the copy
// says of its own making, which differs with who made it, may be left out: alike FILE FILE [TABLE].
func alike(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: alike FILE FILE [TABLE]")
	}
	one, other := content(ts, args[0]), content(ts, args[1])
	names := slices.Sorted(maps.Keys(one))
	if !slices.Equal(names, slices.Sorted(maps.Keys(other))) || len(names) < 10 {
		ts.Fatalf("%d and %d definitions", len(one), len(other))
	}
	rows := 0
	for _, name := range names {
		if len(args) == 3 && name == "table "+args[2] {
			continue
		}
		if !slices.Equal(one[name], other[name]) {
			ts.Fatalf("%s differs", name)
		}
		rows += len(one[name]) - 1
	}
	if rows < 500 {
		ts.Fatalf("only %d rows", rows)
	}
}

// content is a database's definitions and, behind each table's, its rows in order.
func content(ts *testscript.TestScript, file string) map[string][]string {
	db := database(ts, file)
	defer db.Close()
	all := map[string][]string{}
	lines := func(query string, take func(cells []string)) {
		rows, err := db.Query(query)
		ts.Check(err)
		names, err := rows.Columns()
		ts.Check(err)
		for rows.Next() {
			cells, targets := make([]sql.NullString, len(names)), make([]any, len(names))
			for i := range cells {
				targets[i] = &cells[i]
			}
			ts.Check(rows.Scan(targets...))
			line := make([]string, len(cells))
			for i := range cells {
				line[i] = cells[i].String
			}
			take(line)
		}
		ts.Check(errors.Join(rows.Err(), rows.Close()))
	}
	quoted := func(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
	lines("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema ORDER BY 1, 2", func(d []string) {
		all[d[0]+" "+d[1]] = []string{d[2] + " " + d[3]}
	})
	for name := range all {
		table, ok := strings.CutPrefix(name, "table ")
		if !ok {
			continue
		}
		var cells []string
		lines("SELECT name FROM pragma_table_xinfo('"+strings.ReplaceAll(table, "'", "''")+"')", func(column []string) {
			cells = append(cells, "typeof("+quoted(column[0])+")", "quote("+quoted(column[0])+")")
		})
		var rows []string
		lines("SELECT "+strings.Join(cells, ", ")+" FROM "+quoted(table), func(row []string) { rows = append(rows, strings.Join(row, "|")) })
		slices.Sort(rows)
		all[name] = append(all[name], rows...)
	}
	return all
}
