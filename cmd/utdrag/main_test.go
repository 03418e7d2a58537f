package main

import (
	"bytes"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/plan/deliver/sink/sshtest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) {
	testscript.Main(ending{m}, map[string]func(){"utdrag": some})
}

// agoVariable is how far the clock of the scripts' utdrag is behind, as 1h30m. Utdrag's own clock can't be set.
const agoVariable = "UTDRAG_TEST_AGO"

// some is main at some time.
func some() {
	u := newUI(os.Stdin, os.Stdout, os.Stderr)
	if text := os.Getenv(agoVariable); text != "" {
		ago, err := time.ParseDuration(text)
		if err != nil {
			panic(err)
		}
		u.now = func() time.Time { return time.Now().Add(-ago) }
	}
	os.Exit(u.do(os.Args[1:]))
}

// ending runs the tests and ends the PostgreSQL server that they may have started.
type ending struct{ m *testing.M }

func (e ending) Run() int { return pgtest.Run(e.m) }

// TestScript runs testdata/script. Every script has the clinic's database and maps, and keys: anna's and bo's pairs,
// and anna's private key locked with the passphrase "correct horse".
func TestScript(t *testing.T) { testscript.Run(t, scripts(t, "testdata/script")) }

// scripts are those of a folder, with every command of theirs.
func scripts(t *testing.T, folder string) testscript.Params {
	return testscript.Params{
		Dir:                 folder,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Setup:               fixtures,
		Condition: func(name string) (bool, error) {
			switch name {
			case "root":
				return os.Geteuid() == 0, nil
			case "postgres":
				return pgtest.Installed(), nil
			}
			// As [exec:NAME] is, unless what is missing is to be seen: see sshtest.RequireVariable.
			if program, ok := strings.CutPrefix(name, "tool:"); ok {
				_, err := exec.LookPath(program)
				if err != nil && os.Getenv(sshtest.RequireVariable) != "" {
					return false, fmt.Errorf("%s isn't installed, and %s is set", program, sshtest.RequireVariable)
				}
				return err == nil, nil
			}
			return false, fmt.Errorf("unknown condition %s", name)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":  exits,
			"sqlite": sqlite,
			"query":  query,
			"lists":  lists,
			"flip":   flip,
			"signal": signalled,
			// Of orders: see deliver_test.go.
			"expand":   expand,
			"canaries": canaries,
			"sealed":   sealed,
			// Of receptions: see receive_test.go.
			"ordered": ordered,
			// Of PostgreSQL: see postgres_test.go.
			"pgdatabase": on(t, pgdatabase),
			"pgquery":    on(t, pgquery),
			"pgkills":    on(t, pgkills),
			// Of the real other sides: see real_test.go.
			"gnupg": gnupg,
			"steps": steps,
			"alike": alike,
			"found": found,
		},
	}
}

// exits runs a program and demands an exit code: exits 2 utdrag plan.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGS…")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		code = e.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

func database(ts *testscript.TestScript, file string) *sql.DB {
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", OmitHost: true, Path: ts.MkAbs(file)}).String())
	ts.Check(err)
	db.SetMaxOpenConns(1)
	return db
}

// sqlite runs a file of SQL on a database: sqlite FILE SQL-FILE.
func sqlite(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sqlite FILE SQL-FILE")
	}
	db := database(ts, args[0])
	_, err := db.Exec(ts.ReadFile(args[1]))
	ts.Check(errors.Join(err, db.Close()))
}

// query prints the rows of a query, a line each with bars between the cells: query FILE SELECT.
func query(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: query FILE SELECT")
	}
	db := database(ts, args[0])
	defer db.Close()
	rows, err := db.Query(args[1])
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
		for i, c := range cells {
			line[i] = "NULL"
			if c.Valid {
				line[i] = c.String
			}
		}
		fmt.Fprintln(ts.Stdout(), strings.Join(line, "|"))
	}
	ts.Check(errors.Join(rows.Err(), rows.Close()))
}

// lists demands that a folder holds exactly these names, hidden ones too: lists DIR NAMES….
func lists(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: lists DIR NAMES…")
	}
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	want := slices.Sorted(slices.Values(args[1:]))
	if !slices.Equal(names, want) {
		ts.Fatalf("%s holds %q, want %q", args[0], names, want)
	}
}

// flip changes one byte of a file, whatever it is: flip FILE OFFSET.
func flip(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: flip FILE OFFSET")
	}
	at, err := strconv.Atoi(args[1])
	ts.Check(err)
	text := []byte(ts.ReadFile(args[0]))
	text[at] ^= 0x55
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), text, 0o600))
}

// signalled runs a program, sends it a signal once its standard error holds a text, and demands how it ends: an exit
// code, or "killed": signal INT 'copying' 3 utdrag extract ….
func signalled(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 4 {
		ts.Fatalf("usage: signal INT|KILL|TERM TEXT CODE PROGRAM ARGS…")
	}
	signals := map[string]syscall.Signal{"INT": syscall.SIGINT, "KILL": syscall.SIGKILL, "TERM": syscall.SIGTERM}
	c := command(ts, args[3:]...)
	said := &watched{}
	c.Stdout, c.Stderr = ts.Stdout(), said
	ts.Check(c.Start())
	for deadline := time.Now().Add(time.Minute); !said.holds(args[1]); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			_ = c.Process.Kill()
			ts.Fatalf("%q was never said: %s", args[1], said.text())
		}
	}
	ts.Check(c.Process.Signal(signals[args[0]]))
	err := c.Wait()
	_, _ = io.WriteString(ts.Stderr(), said.text())
	ended := "0"
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		if ended = strconv.Itoa(e.ExitCode()); e.ExitCode() < 0 {
			ended = "killed"
		}
	}
	if ended != args[2] {
		ts.Fatalf("it ended with %s, want %s: %s", ended, args[2], said.text())
	}
}

// command is a program in the script's folder, with the script's databases.
func command(ts *testscript.TestScript, args ...string) *exec.Cmd {
	path := ""
	for _, folder := range filepath.SplitList(ts.Getenv("PATH")) {
		if _, err := os.Stat(filepath.Join(folder, args[0])); err == nil {
			path = filepath.Join(folder, args[0])
			break
		}
	}
	c := exec.Command(path, args[1:]...)
	c.Dir = ts.MkAbs(".")
	c.Env = append(os.Environ(), "HOME=/no-home", "TMPDIR="+ts.Getenv("TMPDIR"), "SOURCE="+ts.Getenv("SOURCE"), "TARGET="+ts.Getenv("TARGET"))
	return c
}

// watched is what a program says, while it says it.
type watched struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.Write(p)
}

func (w *watched) text() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.String()
}

func (w *watched) holds(text string) bool { return strings.Contains(w.text(), text) }

func fixtures(env *testscript.Env) error {
	if err := os.CopyFS(env.WorkDir, os.DirFS("testdata/clinic")); err != nil {
		return err
	}
	for name, text := range keys().files {
		if err := os.WriteFile(filepath.Join(env.WorkDir, name), text, 0o600); err != nil {
			return err
		}
	}
	env.Setenv("BO", keys().bo)
	env.Setenv("ANNA", keys().anna)
	return os.WriteFile(filepath.Join(env.WorkDir, "mask.key"), []byte(strings.Repeat("c0ffee", 12)), 0o600)
}

// keyFiles are the key files of every script, and the fingerprints.
type keyFiles struct {
	files    map[string][]byte
	anna, bo string
}

// keys are made once: locking one takes a moment.
var keys = sync.OnceValue(func() keyFiles {
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	k := keyFiles{files: map[string][]byte{}}
	for _, name := range []string{"anna", "bo"} {
		e, err := openpgp.NewEntity(name, "", name+"@example.org", &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA})
		must(err)
		private := func(w io.Writer) error { return e.SerializePrivateWithoutSigning(w, nil) }
		k.files[name+".asc"], err = armored(openpgp.PublicKeyType, e.Serialize)
		must(err)
		k.files[name+"-private.asc"], err = armored(openpgp.PrivateKeyType, private)
		must(err)
		k.bo = fmt.Sprintf("%X", e.PrimaryKey.Fingerprint)
		if name == "anna" {
			k.anna = k.bo
			must(e.EncryptPrivateKeys([]byte("correct horse"), nil))
			k.files["anna-locked.asc"], err = armored(openpgp.PrivateKeyType, private)
			must(err)
		}
	}
	return k
})
