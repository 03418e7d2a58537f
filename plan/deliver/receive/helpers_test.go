package receive_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"
	_ "modernc.org/sqlite"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/deliver/receive"
	"github.com/utdrag/utdrag/plan/deliver/sink"
	"github.com/utdrag/utdrag/plan/pack"
	"github.com/utdrag/utdrag/plan/run"
)

// childVariable makes the test's program one that receives and does nothing else, to be killed.
const childVariable = "UTDRAG_TEST_RECEIVE"

// child is what such a program is told.
type child struct{ File, Area, Spool, Target, State, Key, Signer string }

func TestMain(m *testing.M) {
	if text := os.Getenv(childVariable); text != "" {
		if err := receiveAs(text); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	pgtest.Main(m)
}

func receiveAs(text string) error {
	var c child
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return err
	}
	key, err := os.ReadFile(c.Key)
	if err != nil {
		return err
	}
	signer, err := os.ReadFile(c.Signer)
	if err != nil {
		return err
	}
	secret, err := pack.LoadSecret(bytes.NewReader(key), nil)
	if err != nil {
		return err
	}
	sender, err := pack.LoadSender(bytes.NewReader(signer))
	if err != nil {
		return err
	}
	from := receive.From{File: c.File}
	if c.Area != "" {
		from.Store = &sink.Folder{Path: c.Area}
	}
	_, err = receive.Receive(context.Background(), from, c.Target, receive.Options{Provider: provider, State: c.State, Spool: c.Spool,
		Keys: pack.Keys{Secrets: []*pack.Secret{secret}, Sender: sender}, Replace: true, Disconnect: true, Patience: 10 * time.Second})
	return err
}

const provider = "SE5560000001-0001"

// person is a key pair.
type person struct{ public, private []byte }

func (p person) recipient(t testing.TB) *pack.Recipient {
	r, err := pack.LoadRecipient(bytes.NewReader(p.public))
	check(t, err)
	return r
}

func (p person) secret(t testing.TB) *pack.Secret {
	s, err := pack.LoadSecret(bytes.NewReader(p.private), nil)
	check(t, err)
	return s
}

func (p person) sender(t testing.TB) *pack.Sender {
	s, err := pack.LoadSender(bytes.NewReader(p.public))
	check(t, err)
	return s
}

// people are the region, the provider and somebody else, made once.
var people = sync.OnceValue(func() map[string]person {
	all := map[string]person{}
	for _, name := range []string{"region", "provider", "other"} {
		e, err := openpgp.NewEntity(name, "", name+"@example.org", &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA,
			Time: func() time.Time { return time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC) }})
		var public, private bytes.Buffer
		if err = errors.Join(err, e.Serialize(&public), e.SerializePrivateWithoutSigning(&private, nil)); err != nil {
			panic(err)
		}
		all[name] = person{public.Bytes(), private.Bytes()}
	}
	return all
})

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// journal makes a source in which the provider has so many patients, each with one visit, and another provider has some too.
func journal(t testing.TB, patients int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "journal.db")
	db, err := sql.Open("sqlite", path)
	check(t, err)
	_, err = db.Exec(`CREATE TABLE Provider (Id INTEGER PRIMARY KEY, HsaId TEXT NOT NULL UNIQUE);
CREATE TABLE Patient (Id INTEGER PRIMARY KEY, ProviderId INTEGER NOT NULL REFERENCES Provider(Id), Name TEXT NOT NULL, Note TEXT);
CREATE TABLE Visit (Id INTEGER PRIMARY KEY, PatientId INTEGER NOT NULL REFERENCES Patient(Id), Cost REAL);
INSERT INTO Provider VALUES (1, '` + provider + `'), (2, 'SE5560000019-0001');
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ` + fmt.Sprint(patients+3) + `)
INSERT INTO Patient SELECT i, CASE WHEN i <= ` + fmt.Sprint(patients) + ` THEN 1 ELSE 2 END, 'CANARY Åsa ' || i, CASE i % 3 WHEN 0 THEN NULL WHEN 1 THEN '\N' ELSE 'rad
två, "citat"' END FROM n;
INSERT INTO Visit SELECT Id + 1000, Id, Id / 8.0 FROM Patient;`)
	check(t, errors.Join(err, db.Close()))
	return path
}

const mapText = `version = 1
provider {
  table = "Provider"
  key   = "HsaId"
}
table "Patient" {
  path { via = ["ProviderId"] }
}
table "Visit" {
  path { via = ["PatientId"] }
}
`

// making says how a package is made.
type making struct {
	patients  int
	order     pack.Order
	provider  string   // "" for the provider
	sign      string   // whose key signs: "" for the region, "-" for nobody
	recipient []string // none: the provider
	to        string   // the file; "" for a new one
}

// orderAt is the order block of a package that was made on a day of November.
func orderAt(day int) pack.Order {
	return pack.Order{ID: "tallmo", Hash: "sha256:" + strings.Repeat("ab", 32), Sequence: int64(day), Created: time.Date(2025, 11, day, 3, 0, 0, 0, time.UTC).Format(time.RFC3339)}
}

// now is after every package.
func now() time.Time { return time.Date(2025, 12, 1, 12, 0, 0, 0, time.UTC) }

func (m making) make(t testing.TB) string {
	t.Helper()
	if m.provider == "" {
		m.provider = provider
	}
	if m.patients == 0 {
		m.patients = 5
	}
	if m.recipient == nil {
		m.recipient = []string{"provider"}
	}
	if m.to == "" {
		m.to = filepath.Join(t.TempDir(), "p.tar.zst.pgp")
	}
	o := run.PackageOptions{Tool: "utdrag test", Order: m.order}
	for _, name := range m.recipient {
		o.Recipients = append(o.Recipients, people()[name].recipient(t))
	}
	switch m.sign {
	case "-":
	case "":
		o.Signer = people()["region"].secret(t)
	default:
		o.Signer = people()[m.sign].secret(t)
	}
	source, err := run.Open(t.Context(), "sqlite:"+journal(t, m.patients))
	check(t, err)
	defer source.Close()
	c, err := source.Catalog(t.Context())
	check(t, err)
	parsed, found := schemamap.Parse("journal.hcl", []byte(mapText))
	check(t, found.Err())
	p, found := plan.Build(parsed, c, filter.Request{Provider: m.provider})
	check(t, found.Err())
	_, err = run.Run(t.Context(), p, source, run.NewPackage(m.to, o), run.Options{})
	check(t, err)
	return m.to
}

// desk is where a provider receives: a state, and a folder for databases.
type desk struct {
	t       testing.TB
	folder  string
	options receive.Options
}

func newDesk(t testing.TB) *desk {
	folder := t.TempDir()
	spool := filepath.Join(folder, "spool")
	check(t, os.Mkdir(spool, 0o700))
	return &desk{t: t, folder: folder, options: receive.Options{Provider: provider, State: filepath.Join(folder, "received.json"), Spool: spool, Now: now,
		Keys: pack.Keys{Secrets: []*pack.Secret{people()["provider"].secret(t)}, Sender: people()["region"].sender(t)}}}
}

func (d *desk) sqlite(name string) string { return "sqlite:" + filepath.Join(d.folder, name) }

func (d *desk) take(file, target string) (*receive.Report, error) {
	d.t.Helper()
	return receive.Receive(d.t.Context(), receive.From{File: file}, target, d.options)
}

// loads demands that a package is received, and that so many patients are in it.
func (d *desk) loads(file, target string, patients int64) *receive.Report {
	d.t.Helper()
	r, err := d.take(file, target)
	check(d.t, err)
	for _, table := range r.Copy.Tables {
		if want := map[string]int64{"Provider": 1, "Patient": patients, "Visit": patients}[table.Name.Table]; table.Rows != want {
			d.t.Fatalf("%s has %d rows, want %d", table.Name, table.Rows, want)
		}
	}
	return r
}

// refuses demands a code, and that neither the folder nor the state has changed.
func (d *desk) refuses(code, file, target string) {
	d.t.Helper()
	d.refusesFrom(code, receive.From{File: file}, target)
}

func (d *desk) refusesFrom(code string, from receive.From, target string) {
	d.t.Helper()
	before := d.listing()
	_, err := receive.Receive(d.t.Context(), from, target, d.options)
	demandCode(d.t, err, code)
	if after := d.listing(); after != before {
		d.t.Fatalf("a refusal left something:\n%s\nbefore:\n%s", after, before)
	}
}

func demandCode(t testing.TB, err error, code string) {
	t.Helper()
	if err == nil || diag.CodeOf(err) != code {
		t.Fatalf("want %s, got %v", code, err)
	}
	if strings.Contains(err.Error(), "CANARY") || strings.Contains(err.Error(), "Åsa") {
		t.Fatalf("an error holds data: %v", err)
	}
}

// listing is the folder's files with their sizes, and the state; the lock's file is part of the furniture.
func (d *desk) listing() string {
	d.t.Helper()
	var b strings.Builder
	check(d.t, filepath.WalkDir(d.folder, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() && !strings.HasSuffix(path, ".lock") {
			text, err := os.ReadFile(path)
			check(d.t, err)
			fmt.Fprintln(&b, path, len(text))
			if strings.HasSuffix(path, ".json") {
				b.Write(text)
			}
		}
		return err
	}))
	return b.String()
}

// count asks a SQLite file.
func count(t testing.TB, path, query string) (n int) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	check(t, err)
	defer db.Close()
	check(t, db.QueryRow(query).Scan(&n))
	return n
}
