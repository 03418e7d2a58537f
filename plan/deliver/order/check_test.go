package order

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"

	"github.com/utdrag/utdrag/filter/diag"
)

var today = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

func newKey(t *testing.T, config packet.Config) *openpgp.Entity {
	t.Helper()
	if config.Time == nil {
		config.Time = func() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }
	}
	if config.Algorithm == 0 {
		config.Algorithm = packet.PubKeyAlgoEdDSA
	}
	config.RSABits = max(config.RSABits, 1024)
	e, err := openpgp.NewEntity("Vårdgivare", "", "it@example.se", &config)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func public(t *testing.T, entities ...*openpgp.Entity) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := armor.Encode(&b, openpgp.PublicKeyType, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entities {
		if err := e.Serialize(w); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// office is a folder with orders and what they name, in which the test stands.
type office struct {
	t      *testing.T
	orders []*Order
	key    *openpgp.Entity
}

func newOffice(t *testing.T) *office {
	t.Chdir(t.TempDir())
	f := &office{t: t, key: newKey(t, packet.Config{})}
	f.file("journal.hcl", []byte("version = 1\n"))
	f.file("known_hosts", nil)
	return f
}

func (f *office) file(name string, text []byte) {
	f.t.Helper()
	if err := os.WriteFile(name, text, 0o600); err != nil {
		f.t.Fatal(err)
	}
}

// order adds an order that nothing is wrong with but what change does. It goes the way of every order: written, and parsed.
func (f *office) order(name, organisation string, key *openpgp.Entity, change func(o *Order)) *Order {
	f.t.Helper()
	if key == nil {
		key = newKey(f.t, packet.Config{})
	}
	f.file(name+".asc", public(f.t, key))
	anna := Contact{"Anna Ek", "070-1740605", "anna@example.se"}
	o := &Order{
		ID: name, Provider: Party{name, "SE" + organisation + "-1000"}, Units: []Party{{"Enheten", "SE" + organisation + "-U001"}},
		Interval:    Interval{Every: "monthly", At: defaultClock, Zone: defaultZone},
		Responsible: anna, IT: anna, Purpose: "Uppföljning",
		Orderer: Orderer{Name: "Anna Ek", Place: "Tallmo", Date: Date{2026, 3, 1}, NameInPrint: "Anna Ek"},
		Source:  "env:JOURNAL_URL", Map: "journal.hcl", Format: "sqlserver",
		Recipient: Recipient{name + ".asc", fingerprintOf(key)},
		Delivery:  Delivery{SFTP: &SFTP{Host: "sftp.example.se", Port: 22, User: name, Folder: ".", KnownHosts: "known_hosts", Agent: true}},
		Hold:      Hold{Change: 25}, Retry: Retry{5, time.Minute, time.Hour},
	}
	if change != nil {
		change(o)
	}
	file := name + Extension
	f.file(file, Write(o))
	o, found, err := Load(file)
	if err != nil {
		f.t.Fatal(found, err)
	}
	f.orders = append(f.orders, o)
	return o
}

func fingerprintOf(e *openpgp.Entity) string { return fmt.Sprintf("%X", e.PrimaryKey.Fingerprint) }

// finds checks the orders and wants just these codes.
func (f *office) finds(sources Sources, codes ...string) diag.List {
	f.t.Helper()
	found := Check(context.Background(), f.orders, today, sources)
	judge(f.t, found)
	var got []string
	for _, d := range found {
		got = append(got, d.Code)
	}
	if strings.Join(got, " ") != strings.Join(codes, " ") {
		f.t.Errorf("found %v, want %v:\n%v", got, codes, found)
	}
	return found
}

const (
	tallmo = "5500000020"
	angso  = "5500000038"
)

func TestCheckNothingWrong(t *testing.T) {
	f := newOffice(t)
	f.order("tallmo", tallmo, f.key, nil)
	// The same legal person may share what is its own, whichever form its HSA-id has.
	f.order("tallmo-extra", "16"+tallmo, f.key, func(o *Order) { o.Delivery.SFTP.User = "tallmo" })
	f.order("angso", angso, nil, func(o *Order) { o.Delivery = Delivery{Folder: "out/angso"} })
	f.order("sjo", "5500000061", nil, func(o *Order) { o.Delivery = Delivery{Folder: "out/angso2"} })
	f.finds(nil)
}

// A set of orders in which much is wrong, told as it is told.
func TestCheckTellsEverything(t *testing.T) {
	golden := func(text string) { golden(t, filepath.Join(home, "testdata", "check.diag"), text) }
	f := newOffice(t)
	if err := os.Mkdir("out", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("out", "link"); err != nil {
		t.Fatal(err)
	}
	shared := f.order("a-tallmo", tallmo, f.key, func(o *Order) { o.Delivery.SFTP.User = "in" })
	f.order("b-angso", angso, f.key, func(o *Order) {
		o.ID, o.Delivery.SFTP.User = shared.ID, "in"
		o.Units = append(o.Units, Party{"Annan", "SE" + tallmo + "-U9"})
		o.Orderer.Date = Date{2026, 3, 11}
		o.Map, o.MaskingKey, o.Source = "missing.hcl", "mask.key", "sqlite:journal.db"
	})
	f.order("c-folder", tallmo, nil, func(o *Order) { o.Delivery = Delivery{Folder: "out/x"} })
	f.order("d-folder", angso, nil, func(o *Order) { o.Delivery = Delivery{Folder: "link/x/y"} })
	f.order("e-command", tallmo, nil, func(o *Order) { o.Delivery = Delivery{Command: []string{"deliver", "x"}} })
	f.order("f-command", angso, nil, func(o *Order) {
		o.Delivery = Delivery{Command: []string{"deliver", "x"}}
		o.Source = "file:url.txt"
	})
	found := f.finds(nil, CodeSameID, CodeUnitElsewhere, CodeDateAhead, CodeFileMissing, CodeFileMissing, CodeFileMissing, CodeSharedKey,
		CodeSameAccount, CodeSameFolder, CodeFileMissing, CodeSameCommand)
	golden(lines(found))
}

// home is where the tests began.
var home = func() string {
	folder, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	return folder
}()

// The date of an order is a day of its own zone: at 23:30 UTC it is tomorrow in Stockholm.
func TestDateAheadIsLocal(t *testing.T) {
	f := newOffice(t)
	o := f.order("tallmo", tallmo, nil, func(o *Order) { o.Orderer.Date = Date{2026, 3, 11} })
	if found := Check(context.Background(), []*Order{o}, time.Date(2026, 3, 10, 23, 30, 0, 0, time.UTC), nil); len(found) > 0 {
		t.Error(found)
	}
}

// A server has one host key under all of its names. Another port of a host may be another server, and another user is another account.
func TestSameServer(t *testing.T) {
	pinned := func(host string, port int, user string) func(o *Order) {
		return func(o *Order) {
			o.Delivery.SFTP = &SFTP{Host: host, Port: port, User: user, Folder: ".", HostKey: "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU", Agent: true}
		}
	}
	f := newOffice(t)
	f.order("tallmo", tallmo, nil, pinned("sftp.example.se", 22, "in"))
	f.order("angso", angso, nil, pinned("10.0.0.1", 2222, "in"))
	f.order("sjo", "5500000061", nil, pinned("sftp.example.se", 22, "out"))
	f.order("norrvik", "5500000046", nil, func(o *Order) { o.Delivery.SFTP.Port, o.Delivery.SFTP.User = 23, "in" })
	f.order("stad", "5500000053", nil, func(o *Order) { o.Delivery.SFTP.Port, o.Delivery.SFTP.User = 24, "in" })
	f.finds(nil, CodeSameAccount)
}

// Every kind of key that can't be sealed for, or not for long.
func TestCheckKeys(t *testing.T) {
	lasting := func(days int) packet.Config { return packet.Config{KeyLifetimeSecs: uint32(days * 24 * 3600)} }
	revoked := newKey(t, packet.Config{})
	if err := revoked.Revoke(packet.KeyCompromised, "", &packet.Config{Time: func() time.Time { return today }}); err != nil {
		t.Fatal(err)
	}
	bare := newKey(t, packet.Config{})
	bare.Subkeys = nil
	old := lasting(365)
	old.Time = func() time.Time { return time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC) }
	for _, test := range []struct {
		why  string
		key  *openpgp.Entity
		want []string
	}{
		{"good", newKey(t, lasting(10*365)), nil},
		{"RSA of 3072 bits", newKey(t, packet.Config{Algorithm: packet.PubKeyAlgoRSA, RSABits: 3072}), nil},
		{"RSA of 2048 bits", newKey(t, packet.Config{Algorithm: packet.PubKeyAlgoRSA, RSABits: 2048}), []string{CodeKeyShort}},
		{"RSA of 1024 bits", newKey(t, packet.Config{Algorithm: packet.PubKeyAlgoRSA, RSABits: 1024}), []string{CodeKeyWeak}},
		{"expired long ago", newKey(t, old), []string{CodeKeyExpired}},
		{"expired at the time of the check", newKey(t, lasting(60)), []string{CodeKeyExpired}},
		{"revoked", revoked, []string{CodeKeyRevoked}},
		{"signs only", bare, []string{CodeKeyUnfit}},
	} {
		t.Run(test.why, func(t *testing.T) {
			f := newOffice(t)
			f.order("tallmo", tallmo, test.key, nil)
			f.finds(nil, test.want...)
		})
	}
}

// A key that ends soon is remarked on, at times that the machine's clock has not passed.
func TestCheckKeyEnds(t *testing.T) {
	f := newOffice(t)
	now := time.Now()
	key := newKey(t, packet.Config{KeyLifetimeSecs: 100 * 24 * 3600, Time: func() time.Time { return now.Add(-24 * time.Hour) }})
	o := f.order("tallmo", tallmo, key, func(o *Order) { o.Interval.Every = "daily" })
	quarterly := f.order("tallmo-quarterly", tallmo, key, func(o *Order) { o.Interval.Every, o.Interval.Start = "quarterly", dateOf(now) })
	for _, test := range []struct {
		order *Order
		after time.Duration
		want  string
	}{
		{o, 0, ""}, {o, 68 * 24 * time.Hour, ""}, {o, 70 * 24 * time.Hour, CodeKeyEnds}, {o, 101 * 24 * time.Hour, CodeKeyExpired},
		{quarterly, 60 * 24 * time.Hour, ""}, {quarterly, 99 * 24 * time.Hour, CodeKeyEnds},
	} {
		found := Check(context.Background(), []*Order{test.order}, now.Add(test.after), nil)
		judge(t, found)
		if got := diag.CodeOf(found); got != test.want {
			t.Errorf("%s after %v: %v, want %q", test.order.ID, test.after, found, test.want)
		}
	}
}

func TestCheckKeyFiles(t *testing.T) {
	one, other := newKey(t, packet.Config{}), newKey(t, packet.Config{})
	var private bytes.Buffer
	if err := one.SerializePrivate(&private, nil); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		why  string
		text []byte
		want []string
	}{
		{"not a key", []byte("hello"), []string{CodeKeyFile}},
		{"empty", nil, []string{CodeKeyFile}},
		{"private", private.Bytes(), []string{CodeKeyPrivate}},
		{"another key", public(t, other), []string{CodeKeyOther}},
		{"among others", public(t, other, one), nil},
		{"in a block of its own behind another", append(public(t, other), public(t, one)...), []string{CodeKeyFile}},
	} {
		t.Run(test.why, func(t *testing.T) {
			f := newOffice(t)
			f.order("tallmo", tallmo, one, nil)
			f.file("tallmo.asc", test.text)
			f.finds(nil, test.want...)
		})
	}
	f := newOffice(t)
	f.order("tallmo", tallmo, one, nil)
	if err := os.Remove("tallmo.asc"); err != nil {
		t.Fatal(err)
	}
	f.finds(nil, CodeKeyFile)
}

// Two keys of different fingerprints with one subkey are opened by the same private key.
func TestCheckSharedSubkey(t *testing.T) {
	one, other := newKey(t, packet.Config{}), newKey(t, packet.Config{})
	other.Subkeys = nil
	if err := other.AddEncryptionSubkey(&packet.Config{Time: func() time.Time { return today.AddDate(0, 0, -1) }}); err != nil {
		t.Fatal(err)
	}
	other.Subkeys[0].PublicKey, other.Subkeys[0].PrivateKey = one.Subkeys[0].PublicKey, one.Subkeys[0].PrivateKey
	config := &packet.Config{Time: func() time.Time { return today.AddDate(0, 0, -1) }}
	for _, b := range other.Subkeys[0].Bindings {
		if err := b.Packet.SignKey(one.Subkeys[0].PublicKey, other.PrivateKey, config); err != nil {
			t.Fatal(err)
		}
	}
	f := newOffice(t)
	f.order("tallmo", tallmo, one, nil)
	f.order("angso", angso, other, nil)
	f.finds(nil, CodeSharedKey)
}

// register is a source.
type register struct {
	providers map[string][]string
	err       error
}

func (r register) Registered(_ context.Context, provider string) (bool, error) {
	_, ok := r.providers[provider]
	return ok, r.err
}

func (r register) UnitsOf(_ context.Context, provider string) ([]string, error) {
	return r.providers[provider], r.err
}

func TestCheckSource(t *testing.T) {
	f := newOffice(t)
	f.order("tallmo", tallmo, nil, nil)
	ask := func(s Source, err error) Sources {
		return func(context.Context, *Order) (Source, error) { return s, err }
	}
	f.finds(ask(register{providers: map[string][]string{"SE" + tallmo + "-1000": {"SE" + tallmo + "-U001"}}}, nil))
	f.finds(ask(register{providers: map[string][]string{"SE" + tallmo + "-1000": {"SE" + tallmo + "-U002"}}}, nil), CodeNotItsUnit)
	found := f.finds(ask(register{providers: map[string][]string{"SE" + tallmo + "-1000": {"SE16" + tallmo + "-U001"}}}, nil), CodeNotItsUnit)
	if !strings.Contains(found[0].Advice, "SE16"+tallmo+"-U001") {
		t.Error("the other form isn't pointed out:", found)
	}
	f.finds(ask(register{}, nil), CodeNotRegistered)
	found = f.finds(ask(register{providers: map[string][]string{"SE16" + tallmo + "-1000": nil}}, nil), CodeNotRegistered)
	if !strings.Contains(found[0].Advice, "SE16"+tallmo+"-1000") {
		t.Error("the other form isn't pointed out:", found)
	}
	// A driver's error may hold anything, our own errors don't.
	f.finds(ask(register{err: errors.New("password " + canary + " is wrong")}, nil), CodeSourceFailed)
	found = f.finds(ask(nil, &diag.Error{Code: "UE001", Message: "it can't be reached", Err: errors.New(canary)}), CodeSourceFailed)
	if !strings.Contains(found[0].Summary, "UE001: it can't be reached") {
		t.Error(found)
	}
}
