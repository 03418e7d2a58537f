package main

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/utdrag/utdrag/plan/deliver/sink/sshtest"
)

// killWorld is a region with an order, a provider's server, and what is known of them.
type killWorld struct {
	t                  *testing.T
	server             *sshtest.Server
	utdrag             string
	folder, area, home string
	region             string // the fingerprint of its key
	clock              time.Time
	span               map[bool]time.Duration // how long a delivery takes, spooled and not
	said               bytes.Buffer
	sums               map[string]string // of every package that was seen, by its name
}

func newKillWorld(t *testing.T) *killWorld {
	sshtest.Demand(t, "gpg", "gpgconf", "sh", "zstd", "tar", "ssh-keygen")
	server := sshtest.Start(t, sshtest.Options{})
	login := sshtest.Key(t, "ed25519", "")
	server.Authorize(t, login)
	w := &killWorld{t: t, server: server, folder: t.TempDir(), area: filepath.Join(server.Dir, "in"), sums: map[string]string{},
		clock: time.Now().AddDate(0, 0, -30), span: map[bool]time.Duration{}}
	var err error
	if w.utdrag, err = exec.LookPath("utdrag"); err != nil { // which the scripts' TestMain put there
		t.Fatal(err)
	}
	for _, folder := range []string{w.area, w.path("spool"), w.path("tmp")} {
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if w.home, err = os.MkdirTemp("", "gpg"); err != nil { // short: the agent's socket lies in it
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c := exec.Command("gpgconf", "--kill", "all")
		c.Env = append(os.Environ(), "GNUPGHOME="+w.home)
		_ = c.Run()
		_ = os.RemoveAll(w.home)
	})
	fingerprints := map[string]string{}
	for _, who := range []string{"region", "tallmo"} {
		w.gpg("--faked-system-time", w.clock.AddDate(0, 0, -30).UTC().Format("20060102T150405"), "--quick-gen-key", who+"@example.org", "future-default", "default", "1y")
		for line := range strings.Lines(string(w.gpg("--with-colons", "--list-keys", who))) {
			if f := strings.Split(line, ":"); f[0] == "fpr" && fingerprints[who] == "" {
				fingerprints[who] = f[9]
			}
		}
	}
	w.region = fingerprints["region"]
	key, err := os.ReadFile(login)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"region-private.asc": string(w.gpg("--armor", "--export-secret-keys", "region")), "region.asc": string(w.gpg("--armor", "--export", "region")),
		"tallmo.asc": string(w.gpg("--armor", "--export", "tallmo")), "sftp-key": string(key), "journal.hcl": killMap,
		"tallmo.order.hcl": os.Expand(killOrder, func(name string) string {
			return map[string]string{"FINGERPRINT": fingerprints["tallmo"], "PORT": strconv.Itoa(server.Port), "USER": server.User, "HOSTKEY": server.Fingerprints["ed25519"]}[name]
		}),
	} {
		if err := os.WriteFile(w.path(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w.source()
	if out, err := w.command("log", "create", "disclosure.log", "--sign", "region-private.asc").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, spooled := range []bool{false, true} {
		w.deliver(spooled, 0)
		now := w.packages()
		w.opens(now[0])
		w.fetched(now)
	}
	return w
}

func (w *killWorld) path(name string) string { return filepath.Join(w.folder, name) }

// source makes the shared database. Its texts don't compress, so that the package has some length.
func (w *killWorld) source() {
	w.t.Helper()
	db, err := sql.Open("sqlite", w.path("journal.db"))
	if err != nil {
		w.t.Fatal(err)
	}
	_, err = db.Exec(killSQL)
	if err := errors.Join(err, db.Close()); err != nil {
		w.t.Fatal(err)
	}
}

// command is utdrag at a time of its own: each is a minute after the one before.
func (w *killWorld) command(args ...string) *exec.Cmd {
	w.clock = w.clock.Add(time.Minute)
	c := exec.Command(w.utdrag, args...)
	c.Dir = w.folder
	c.Env = append(os.Environ(), "TMPDIR="+w.path("tmp"), agoVariable+"="+time.Since(w.clock).String())
	return c
}

// deliver delivers, and kills after a time unless that is 0. It reports whether it was killed.
func (w *killWorld) deliver(spooled bool, after time.Duration) bool {
	w.t.Helper()
	args := []string{"deliver", "tallmo.order.hcl", "--sign", "region-private.asc"}
	if spooled {
		args = append(args, "--spool", "spool")
	}
	c := w.command(args...)
	w.said.Reset()
	c.Stdout, c.Stderr = &w.said, &w.said
	began := time.Now()
	if err := c.Start(); err != nil {
		w.t.Fatal(err)
	}
	if after > 0 {
		defer time.AfterFunc(after, func() { _ = c.Process.Kill() }).Stop()
	}
	done, seen := make(chan struct{}), make(chan map[string]string)
	go func() { seen <- w.watch(done) }()
	err := c.Wait()
	close(done)
	for name, sum := range <-seen {
		if sum != w.sum(name) {
			w.t.Fatalf("%s had its name before it was whole", name)
		}
	}
	if c.ProcessState.ExitCode() > 0 || err != nil && after == 0 {
		w.t.Fatalf("it failed by itself: %v: %s", err, w.said.String())
	}
	if err == nil {
		took := time.Since(began)
		if w.span[spooled] > 0 {
			took = (took + w.span[spooled]) / 2 // the machine's other load comes and goes
		}
		w.span[spooled] = took
	}
	return err != nil
}

func (w *killWorld) gpg(args ...string) []byte {
	w.t.Helper()
	c := exec.Command("gpg", append([]string{"--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""}, args...)...)
	c.Env = append(os.Environ(), "GNUPGHOME="+w.home, "LC_ALL=C")
	out, err := c.Output()
	if err != nil {
		w.t.Fatalf("gpg %v: %v", args, err)
	}
	return out
}

const killSQL = `
CREATE TABLE Provider (Id INTEGER PRIMARY KEY, HsaId TEXT NOT NULL UNIQUE);
CREATE TABLE Unit (Id INTEGER PRIMARY KEY, HsaId TEXT NOT NULL UNIQUE, ProviderId INTEGER NOT NULL REFERENCES Provider(Id));
CREATE TABLE Visit (Id INTEGER PRIMARY KEY, UnitId INTEGER NOT NULL REFERENCES Unit(Id), Reason TEXT);
INSERT INTO Provider VALUES (1, 'SE5500000020-1000'), (2, 'SE5500000061-1000');
INSERT INTO Unit VALUES (10, 'SE5500000020-U002', 1), (20, 'SE5500000061-U006', 2);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 15000)
INSERT INTO Visit SELECT i, 10 * (i % 2 + 1), 'canary ' || hex(randomblob(200)) FROM n;
`

const killMap = `version = 1
provider {
  table = "Provider"
  key   = "HsaId"
  unit {
    table = "Unit"
    key   = "HsaId"
  }
}
table "Unit" {
  path { via = ["ProviderId"] }
}
table "Visit" {
  path { via = ["UnitId"] }
}
`

const killOrder = `version = 1
id      = "tallmo"
provider {
  name   = "Tallmo Läkargrupp AB"
  hsa_id = "SE5500000020-1000"
}
unit {
  name   = "Tallmo"
  hsa_id = "SE5500000020-U002"
}
interval {
  every = "monthly"
  start = "2024-03-01"
}
responsible {
  name  = "Ann Alm"
  phone = "0980-319201"
  email = "ann@tallmo.example"
}
it {
  name  = "Bo Alm"
  phone = "0980-319202"
  email = "bo@tallmo.example"
}
orderer {
  name  = "Ann Alm"
  place = "Tallmo"
  date  = "2024-02-01"
}
purpose = "Uppföljning"
source  = "sqlite:journal.db"
map     = "journal.hcl"
format  = "sqlite"
recipient {
  key         = "tallmo.asc"
  fingerprint = "$FINGERPRINT"
}
delivery {
  sftp {
    host     = "127.0.0.1"
    port     = $PORT
    user     = "$USER"
    folder   = "in"
    host_key = "$HOSTKEY"
    key      = "sftp-key"
  }
}
`
