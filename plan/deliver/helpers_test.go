package deliver

import (
	"bytes"
	"context"
	"database/sql"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"
	_ "modernc.org/sqlite"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
	"github.com/utdrag/utdrag/plan/deliver/disclosure"
	"github.com/utdrag/utdrag/plan/deliver/order"
	"github.com/utdrag/utdrag/plan/pack"
)

// met gathers the codes that tests have met on purpose; TestMain asks for all of them.
var met sync.Map

func TestMain(m *testing.M) {
	if folder := os.Getenv("DELIVER_CHILD"); folder != "" {
		os.Exit(child(folder))
	}
	flag.Parse()
	status := pgtest.Run(m)
	whole := true
	for _, name := range []string{"test.run", "test.skip", "test.fuzz", "test.list", "test.bench"} {
		whole = whole && flag.Lookup(name).Value.String() == ""
	}
	if status == 0 && whole && !testing.Short() {
		for name, code := range declaredCodes() {
			if _, ok := met.Load(code); !ok {
				fmt.Fprintf(os.Stderr, "no test meets %s (%s)\n", code, name)
				status = 1
			}
		}
	}
	os.Exit(status)
}

func declaredCodes() map[string]string {
	f, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, 0)
	if err != nil {
		panic(err)
	}
	codes := make(map[string]string)
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.CONST {
			for _, s := range g.Specs {
				v := s.(*ast.ValueSpec)
				codes[v.Names[0].Name] = strings.Trim(v.Values[0].(*ast.BasicLit).Value, `"`)
			}
		}
	}
	return codes
}

func wantCode(t testing.TB, err error, code string) {
	t.Helper()
	if got := diag.CodeOf(err); got != code || err == nil {
		t.Fatalf("error %v, want code %s", err, code)
	}
	if strings.Contains(err.Error(), "canary") {
		t.Errorf("the error quotes data or a secret: %v", err)
	}
	met.Store(code, true)
}

var start = time.Date(2026, 4, 1, 8, 0, 0, 0, time.UTC)

// entities are the keys of the region, of two providers, and of another region.
var entities = sync.OnceValue(func() (all [4]*openpgp.Entity) {
	for i, name := range []string{"Region Exempel", "Tallmo Läkargrupp AB", "Stiftelsen Sjöängens Hälsa", "Region Annan"} {
		e, err := openpgp.NewEntity(name, "", "key@example.org", &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA, Time: func() time.Time { return start.AddDate(-1, 0, 0) }})
		if err != nil {
			panic(err)
		}
		all[i] = e
	}
	return all
})

func secretOf(t testing.TB, which int) *pack.Secret {
	t.Helper()
	var b bytes.Buffer
	if err := entities()[which].SerializePrivateWithoutSigning(&b, nil); err != nil {
		t.Fatal(err)
	}
	s, err := pack.LoadSecret(&b, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// world is a folder with orders, a source, keys and a log, and a clock that goes as it is told.
type world struct {
	t      testing.TB
	folder string
	now    time.Time
	slept  []time.Duration
	log    *disclosure.Log
	region *pack.Secret
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, folder: t.TempDir(), now: start, region: secretOf(t, 0)}
	w.copy("journal.hcl")
	w.sql(w.read("testdata/journal.sql"))
	for i, name := range map[int]string{1: "tallmo.asc", 2: "sjo.asc"} {
		var b bytes.Buffer
		if err := entities()[i].Serialize(&b); err != nil {
			t.Fatal(err)
		}
		w.write(name, b.String())
	}
	for _, name := range []string{"out", "out-sjo"} {
		if err := os.Mkdir(w.path(name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	log, err := disclosure.Create(w.path("disclosure.log"), w.logOptions())
	if err != nil {
		t.Fatal(err)
	}
	w.log = log
	return w
}

func (w *world) logOptions() disclosure.Options {
	return disclosure.Options{Signer: w.region, Keys: []disclosure.Verifier{w.region.Sender()}, Tool: "utdrag test", Now: w.clock,
		Actor: disclosure.Actor{User: "records", UID: "1001", Host: "extract01"}}
}

func (w *world) clock() time.Time { return w.now }

func (w *world) path(name string) string { return filepath.Join(w.folder, name) }

func (w *world) read(path string) string {
	w.t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}

func (w *world) write(name, text string) {
	w.t.Helper()
	if err := os.WriteFile(w.path(name), []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) copy(name string) { w.write(name, w.read("testdata/"+name)) }

// sql changes the source.
func (w *world) sql(text string) {
	w.t.Helper()
	db, err := sql.Open("sqlite", "file:"+w.path("journal.db"))
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := db.Exec(text); err != nil {
		w.t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		w.t.Fatal(err)
	}
}

// orderText is an order for Tallmo; change replaces pieces of it.
func orderText(change ...string) string {
	return strings.NewReplacer(change...).Replace(`version = 1
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
  start = "2026-03-01"
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
  date  = "2026-02-01"
}
purpose = "Uppföljning"
source  = "sqlite:journal.db"
map     = "journal.hcl"
format  = "sqlite"
recipient {
  key         = "tallmo.asc"
  fingerprint = "` + fmt.Sprintf("%X", entities()[1].PrimaryKey.Fingerprint) + `"
}
delivery {
  folder { path = "out" }
}
retry {
  attempts = 3
  wait     = "1m"
  longest  = "90s"
}
`)
}

// sjo turns the order into one of the other provider's.
func sjo(more ...string) string {
	return orderText(append([]string{`"tallmo"`, `"sjo"`, "SE5500000020-1000", "SE5500000061-1000", "SE5500000020-U002", "SE5500000061-U006", "tallmo.asc", "sjo.asc",
		fmt.Sprintf("%X", entities()[1].PrimaryKey.Fingerprint), fmt.Sprintf("%X", entities()[2].PrimaryKey.Fingerprint), `"out"`, `"out-sjo"`}, more...)...)
}

// order writes an order and reads it.
func (w *world) order(name, text string) *order.Order {
	w.t.Helper()
	w.write(name+order.Extension, text)
	o, _, err := order.Load(w.path(name + order.Extension))
	if err != nil {
		w.t.Fatal(err)
	}
	return o
}

func (w *world) options() Options {
	return Options{Log: w.log, Signer: w.region, Tool: "utdrag test", Now: w.clock,
		Sleep: func(ctx context.Context, d time.Duration) error {
			w.slept = append(w.slept, d)
			w.now = w.now.Add(d)
			return ctx.Err()
		}}
}

// deliver carries an order out a second later than the last.
func (w *world) deliver(o *order.Order, change ...func(*Options)) (*Outcome, error) {
	w.t.Helper()
	w.now = w.now.Add(time.Second)
	options := w.options()
	for _, c := range change {
		c(&options)
	}
	return Deliver(w.t.Context(), o, options)
}

// delivered demands that it worked.
func (w *world) delivered(o *order.Order, change ...func(*Options)) *Outcome {
	w.t.Helper()
	out, err := w.deliver(o, change...)
	if err != nil {
		w.t.Fatal(err)
	}
	if out.Outcome != disclosure.Delivered {
		w.t.Fatalf("it was %s", out.Outcome)
	}
	return out
}

// names are a folder's files, hidden ones too.
func (w *world) names(folder string) []string {
	w.t.Helper()
	entries, err := os.ReadDir(w.path(folder))
	if err != nil {
		w.t.Fatal(err)
	}
	names := []string{}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// open opens a package that lies in a folder.
func (w *world) open(folder, name string, which int) *pack.Package {
	w.t.Helper()
	p, err := pack.OpenFile(filepath.Join(w.path(folder), name), pack.Keys{Secrets: []*pack.Secret{secretOf(w.t, which)}, Sender: w.region.Sender()}, pack.Limits{})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = p.Close() })
	return p
}

// outcomes are the log's, in order, after it was verified; with the codes.
func (w *world) outcomes() []string {
	w.t.Helper()
	v := disclosure.Verification{Name: "disclosure.log", Keys: []disclosure.Verifier{w.region.Sender()}}
	report, err := disclosure.VerifyFile(w.t.Context(), w.path("disclosure.log"), "", v)
	if err != nil || len(report.Findings) > 0 {
		w.t.Fatalf("%v %v", err, report)
	}
	all := []string{}
	for _, r := range w.records() {
		if r.Disclosure != nil {
			all = append(all, strings.TrimSpace(string(r.Disclosure.Outcome)+" "+r.Disclosure.Code))
		}
	}
	return all
}

func (w *world) records() (all []disclosure.Record) {
	w.t.Helper()
	for line := range strings.Lines(w.read(w.path("disclosure.log"))) {
		all = append(all, decoded(w.t, line))
	}
	return all
}
