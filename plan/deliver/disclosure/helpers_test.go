package disclosure

import (
	"bytes"
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

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/plan/pack"
)

// met gathers the codes that tests have met on purpose; TestMain asks for all of them.
var met sync.Map

func TestMain(m *testing.M) {
	if mode := os.Getenv("DISCLOSURE_CHILD"); mode != "" {
		os.Exit(child(mode))
	}
	flag.Parse()
	status := m.Run()
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
	met.Store(code, true)
}

// wantFinding asks that the report has the code; where there are more, others beside it are told in the log of the test.
func wantFinding(t testing.TB, r *Report, code string, severity diag.Severity) {
	t.Helper()
	for _, d := range r.Findings {
		if d.Code == code && d.Severity == severity {
			met.Store(code, true)
			return
		}
	}
	t.Errorf("findings %v, want %s", r.Findings, code)
}

var entities = sync.OnceValue(func() [3]*openpgp.Entity {
	var all [3]*openpgp.Entity
	for i := range all {
		e, err := openpgp.NewEntity("Region Exempel", "", "region@example.org", &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA,
			Time: func() time.Time { return start.Add(-time.Hour) }})
		if err != nil {
			panic(err)
		}
		all[i] = e
	}
	return all
})

// region signs; before is its former key; stranger is nobody's.
func region() testKey   { return keys()[0] }
func before() testKey   { return keys()[1] }
func stranger() testKey { return keys()[2] }

var keys = sync.OnceValue(func() (all [3]testKey) {
	for i, e := range entities() {
		all[i] = newKey(e)
	}
	return all
})

// testKey is a key that signs and checks.
type testKey struct{ *pack.Secret }

func (k testKey) Check(message, signature []byte, at time.Time) error {
	return k.Sender().Check(message, signature, at)
}

func newKey(e *openpgp.Entity) testKey {
	var b bytes.Buffer
	if err := e.SerializePrivateWithoutSigning(&b, nil); err != nil {
		panic(err)
	}
	s, err := pack.LoadSecret(&b, nil)
	if err != nil {
		panic(err)
	}
	return testKey{s}
}

var start = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// clock goes a second and a millisecond at each look.
func clock() func() time.Time {
	var mu sync.Mutex
	now := start
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(1001 * time.Millisecond)
		return now
	}
}

func testOptions() Options {
	return Options{Signer: region(), Keys: []Verifier{region()}, Tool: "utdrag test", Now: clock(),
		Actor:  Actor{User: "records", UID: "1001", Host: "extract01"},
		Random: bytes.NewReader(bytes.Repeat([]byte{7}, 16))}
}

const (
	tallmo = "SE5500000020-1000"
	angso  = "SE5500000038-1000"
)

func hash(c string) string { return "sha256:" + strings.Repeat(c, 64) }

func delivered() Disclosure {
	return Disclosure{
		Outcome: Delivered, Started: 1, Order: Order{ID: "tallmö-månad", Hash: hash("a")}, Provider: tallmo,
		Units: []string{"SE5500000020-U002"}, Purpose: "Uppföljning av \"årets\" besök 2026-01-01 - 2026-12-31",
		Map: hash("b"), Catalog: hash("c"), Plan: hash("d"), Recipient: strings.Repeat("AB", 20), Sender: region().Fingerprint(),
		Destination: Destination{Kind: SFTP, Host: "sftp.example.org", Port: 22, Folder: "/in/tallmö"},
		Package:     Package{Name: "SE5500000020-1000-20260301T080000Z.utdrag", SHA256: strings.Repeat("e", 64), Size: 12345},
		Tables:      []Table{{Name: catalog.Name{Schema: "dbo", Table: "Visit"}, Rows: 120}, {Name: catalog.Name{Table: "Kod"}, Rows: 0}},
	}
}

func startedFor(provider string) Disclosure {
	return Disclosure{Outcome: Started, Order: Order{ID: "order-1", Hash: hash("a")}, Provider: provider}
}

func refusal() Disclosure {
	return Disclosure{Outcome: Refused, Code: "UM012", Order: Order{Hash: hash("f")}}
}

func newTestLog(t testing.TB, appends ...Disclosure) *Log {
	t.Helper()
	l, err := Create(filepath.Join(t.TempDir(), "disclosures.log"), testOptions())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range appends {
		if _, err := l.Append(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

func verifyLog(t testing.TB, l *Log) *Report {
	t.Helper()
	r, err := VerifyFile(t.Context(), l.path, l.anchor, Verification{Keys: l.options.Keys})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func wantSound(t testing.TB, r *Report, records int64) {
	t.Helper()
	if len(r.Findings) != 0 || r.Records != records || r.Last != records {
		t.Fatalf("%+v", r)
	}
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func overwrite(t testing.TB, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o640); err != nil {
		t.Fatal(err)
	}
}

func anchorOf(t testing.TB, l *Log) *Anchor {
	t.Helper()
	a, err := loadAnchor(l.anchor, l.options.Keys)
	if err != nil || a == nil {
		t.Fatal(a, err)
	}
	return a
}

// linesOf splits a log, newlines kept.
func linesOf(text []byte) [][]byte {
	all := bytes.SplitAfter(text, []byte("\n"))
	return all[:len(all)-1]
}
