package pack

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

// newKey makes a private key; the config may be nil.
func newKey(t testing.TB, cfg *packet.Config) *openpgp.Entity {
	t.Helper()
	if cfg == nil {
		cfg = &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA}
	}
	e, err := openpgp.NewEntity("Test", "", "test@example.org", cfg)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func public(t testing.TB, e *openpgp.Entity) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := e.Serialize(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func private(t testing.TB, e *openpgp.Entity) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := e.SerializePrivateWithoutSigning(&b, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func armored(t testing.TB, kind string, content []byte) string {
	t.Helper()
	var b strings.Builder
	w, err := armor.Encode(&b, kind, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String() + "\n"
}

// ring is one person's keys in every role.
type ring struct {
	recipient *Recipient
	sender    *Sender
	secret    *Secret
}

func newRing(t testing.TB, e *openpgp.Entity) ring {
	t.Helper()
	var r ring
	var err error
	if r.recipient, err = LoadRecipient(bytes.NewReader(public(t, e))); err != nil {
		t.Fatal(err)
	}
	if r.sender, err = LoadSender(bytes.NewReader(public(t, e))); err != nil {
		t.Fatal(err)
	}
	if r.secret, err = LoadSecret(bytes.NewReader(private(t, e)), nil); err != nil {
		t.Fatal(err)
	}
	return r
}

var people struct {
	sync.Once
	anna, bo, cleo ring
}

// anna receives, bo sends, cleo is somebody else. anna's key announces no AEAD, cleo's does.
func keys(t testing.TB) (anna, bo, cleo ring) {
	people.Do(func() {
		people.anna = newRing(t, newKey(t, nil))
		people.bo = newRing(t, newKey(t, nil))
		people.cleo = newRing(t, newKey(t, &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA, AEADConfig: &packet.AEADConfig{}}))
	})
	return people.anna, people.bo, people.cleo
}

func testInfo(engine string) Info {
	return Info{Tool: "utdrag test", Provider: "SE2321000016-1", Units: []string{"U1"}, Engine: engine,
		MapHash: "m", CatalogHash: "c", PlanHash: "p", Snapshot: "none"}
}

func column(name string, kind value.Kind) Column {
	return Column{Name: name, EngineType: strings.ToUpper(kind.String()), Type: value.Type{Kind: kind}, Nullable: true}
}

func table(name string, columns ...Column) Table {
	return Table{Name: catalog.Name{Schema: "main", Table: name}, Columns: columns}
}

// data is one table with its rows.
type data struct {
	table Table
	rows  [][]value.Value
}

func sample() []data {
	return []data{
		{table("Patient", column("Id", value.Integer), column("Namn", value.String)), [][]value.Value{
			{value.NewInt(1), value.NewText("Åsa \"Ö\", Öberg\r\nrad 2")},
			{value.NewInt(2), {}},
			{value.NewInt(3), value.NewText(`\N`)},
		}},
		{table("Tom tabell", column("Id", value.Integer)), nil},
		{table("Bild", column("Id", value.Integer), column("Innehåll", value.Binary)), [][]value.Value{
			{value.NewInt(1), value.NewBytes(bytes.Repeat([]byte{0, 255, '"', '\n'}, 3000))},
			{value.NewInt(2), value.NewBytes(nil)},
		}},
	}
}

// write makes a package of the tables.
func write(t testing.TB, w *Writer, all []data) *Sealed {
	t.Helper()
	tables := make([]Table, len(all))
	for i, d := range all {
		tables[i] = d.table
	}
	script, err := LoadScript(tables)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []struct{ name, text string }{
		{"schema.sql", "CREATE TABLE t(a);\n"}, {"plan.sql", "-- plan\n"}, {"load.sh", string(script)},
	} {
		if err := w.File(f.name, []byte(f.text)); err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range all {
		tw, err := w.Table(d.table)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range d.rows {
			if err := tw.Write(row); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := tw.Close("digest"); err != nil {
			t.Fatal(err)
		}
	}
	sealed, err := w.Commit()
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

// pack is write in memory.
func packed(t testing.TB, options Options, all []data) ([]byte, *Sealed) {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(&b, options)
	if err != nil {
		t.Fatal(err)
	}
	sealed := write(t, w, all)
	return b.Bytes(), sealed
}

func wantCode(t testing.TB, err error, codes ...string) {
	t.Helper()
	for _, c := range codes {
		if diag.CodeOf(err) == c {
			return
		}
	}
	t.Errorf("error %v, want code %v", err, codes)
}

// largeValue is a Large over content.
func largeValue(form value.Form, content string) value.Value {
	return value.NewLarge(form, &value.Large{Size: int64(len(content)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(content)), nil
	}})
}

func at(year int) func() time.Time {
	return func() time.Time { return time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC) }
}
