package receive_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/plan/deliver/receive"
	"github.com/utdrag/utdrag/plan/deliver/sink"
	"github.com/utdrag/utdrag/plan/pack"
)

func TestReceive(t *testing.T) {
	d := newDesk(t)
	file := making{order: orderAt(1), patients: 7}.make(t)
	r := d.loads(file, d.sqlite("tallmo.db"), 7)
	if r.Order != orderAt(1) || r.Provider != provider || r.Signer != people()["region"].sender(t).Fingerprint() || r.Loaded.IsZero() || r.Replaced {
		t.Errorf("report: %+v", r)
	}
	if len(r.Remarks) != 1 || !strings.Contains(r.Remarks[0], "first package") {
		t.Errorf("remarks: %q", r.Remarks)
	}
	f, err := os.Open(d.options.State)
	check(t, err)
	defer f.Close()
	state, err := receive.ReadState(f)
	check(t, err)
	if len(state.Packages) != 1 || state.Packages[0] != r.Entry {
		t.Errorf("state: %+v", state)
	}
	if n := count(t, filepath.Join(d.folder, "tallmo.db"), `SELECT count(*) FROM Patient WHERE Note = '\N'`); n != 3 {
		t.Errorf("%d notes, want 3", n)
	}
	// The next one is loaded into a database of its own.
	next := making{order: orderAt(2), patients: 8}.make(t)
	r = d.loads(next, d.sqlite("tallmo-{time}.db"), 8)
	if len(r.Remarks) != 0 {
		t.Errorf("remarks: %q", r.Remarks)
	}
	if n := count(t, filepath.Join(d.folder, "tallmo-20251102t030000z.db"), "SELECT count(*) FROM Patient"); n != 8 {
		t.Errorf("%d patients, want 8", n)
	}
}

// A hostile sender, a hostile keeper of the folder, and packages sent by mistake.
func TestHostile(t *testing.T) {
	d := newDesk(t)
	target := d.sqlite("x.db")
	d.refuses("UK037", making{order: orderAt(1), sign: "other"}.make(t), target)
	d.refuses("UK037", making{order: orderAt(1), sign: "-"}.make(t), target)
	d.refuses("UK030", making{order: orderAt(1), recipient: []string{"other"}}.make(t), target)
	d.refuses("UD520", making{order: orderAt(1), provider: "SE5560000019-0001"}.make(t), target)
	d.refuses("UD523", making{}.make(t), target)

	good := making{order: orderAt(1)}.make(t)
	text, err := os.ReadFile(good)
	check(t, err)
	bad := filepath.Join(t.TempDir(), "bad.pgp")
	for cut := range 10 {
		check(t, os.WriteFile(bad, text[:len(text)*cut/10], 0o600))
		d.refuses("UK031", bad, target)
	}
	for i := range 10 {
		altered := append([]byte{}, text...)
		altered[len(altered)*i/10+7] ^= 0x20
		check(t, os.WriteFile(bad, altered, 0o600))
		before := d.listing()
		_, err := d.take(bad, target)
		if code := diag.CodeOf(err); !strings.HasPrefix(code, "UK03") {
			t.Fatalf("altered at %d of 10: %v", i, err)
		}
		if d.listing() != before {
			t.Fatal("a refusal left something")
		}
	}
	d.refuses("UD504", filepath.Join(d.folder, "none.pgp"), target)

	d.options.Order = "another"
	d.refuses("UD521", good, target)
	d.options.Order = "tallmo"
	d.loads(good, target, 5)
}

// A manifest that lies, signed by the right key: what it says isn't what is there.
func TestManifestLies(t *testing.T) {
	d := newDesk(t)
	region, own := people()["region"], people()["provider"]
	seal := func(m func(*pack.Info), recipients ...*pack.Recipient) string {
		path := filepath.Join(t.TempDir(), "lie.pgp")
		info := pack.Info{Tool: "t", Provider: provider, Engine: "sqlite", Snapshot: "s", Order: orderAt(1)}
		m(&info)
		w, err := pack.Create(path, pack.Options{Info: info, Recipients: recipients, Signer: region.secret(t)})
		check(t, err)
		_, err = w.Commit()
		check(t, err)
		return path
	}
	// No definition, no catalog: nothing can be made of it.
	before := d.sqlite("x.db")
	_, err := d.take(seal(func(*pack.Info) {}, own.recipient(t)), before)
	demandCode(t, err, "UK012")
	if _, err := os.Stat(filepath.Join(d.folder, "x.db")); err == nil {
		t.Error("a database was made")
	}
	d.refuses("UD524", seal(func(i *pack.Info) { i.Order.Created = "2025-12-03T00:00:00Z" }, own.recipient(t)), before)

	// Sealed for the other and for us, as the manifest says: that is all right. What the other seals again for us alone isn't,
	// which takes the other's manifest: TestResealed.
	if _, err := d.take(seal(func(i *pack.Info) { i.Order = orderAt(2) }, people()["other"].recipient(t), own.recipient(t)), before); diag.CodeOf(err) != "UK012" {
		t.Errorf("got %v", err)
	}
}

// Of the same provider and order, a package must be newer by both the time and the number.
func TestReplayAndOlder(t *testing.T) {
	d := newDesk(t)
	first, third := making{order: orderAt(1)}.make(t), making{order: orderAt(3), patients: 6}.make(t)
	d.loads(third, d.sqlite("a.db"), 6)
	d.refuses("UD525", third, d.sqlite("b.db"))
	d.refuses("UD526", first, d.sqlite("b.db"))
	// The same copy sealed anew is the same package: its manifest is.
	again := making{order: orderAt(3), patients: 6}.make(t)
	d.refuses("UD525", again, d.sqlite("b.db"))
	// One that bears the same time or number as another.
	same := orderAt(3)
	same.Hash = "sha256:" + strings.Repeat("cd", 32)
	d.refuses("UD526", making{order: same}.make(t), d.sqlite("b.db"))
	// The sender's clock was set back.
	back := orderAt(2)
	back.Sequence = 9
	d.refuses("UD527", making{order: back}.make(t), d.sqlite("b.db"))
	// Another order of the same provider has a time of its own.
	other := orderAt(1)
	other.ID = "tallmo-monthly"
	d.loads(making{order: other}.make(t), d.sqlite("c.db"), 5)

	d.options.AllowOlder = true
	r := d.loads(third, d.sqlite("d.db"), 6)
	if len(r.Remarks) != 1 || !strings.Contains(r.Remarks[0], "UD525") {
		t.Errorf("remarks: %q", r.Remarks)
	}
	d.loads(first, d.sqlite("e.db"), 5)
	d.loads(making{}.make(t), d.sqlite("f.db"), 5)
	d.options.AllowOlder = false
	// What was allowed once doesn't make the middle one new.
	d.refuses("UD526", making{order: orderAt(2)}.make(t), d.sqlite("g.db"))
	d.loads(making{order: orderAt(4)}.make(t), d.sqlite("h.db"), 5)

	// The sender's log was begun anew: what comes is newer by its time, and that is said. From then on the new numbers count.
	anew := orderAt(6)
	anew.Sequence = 2
	if r := d.loads(making{order: anew}.make(t), d.sqlite("i.db"), 5); len(r.Remarks) != 1 || !strings.Contains(r.Remarks[0], "begun anew") {
		t.Errorf("remarks: %q", r.Remarks)
	}
	d.refuses("UD527", making{order: orderAt(5)}.make(t), d.sqlite("j.db"))
	next := orderAt(7)
	next.Sequence = 3
	if r := d.loads(making{order: next}.make(t), d.sqlite("j.db"), 5); len(r.Remarks) != 0 {
		t.Errorf("remarks: %q", r.Remarks)
	}
}

// This machine's clock decides nothing, save that a package can't come from the future.
func TestClock(t *testing.T) {
	d := newDesk(t)
	d.loads(making{order: orderAt(2)}.make(t), d.sqlite("a.db"), 5)
	d.options.Now = func() time.Time { return time.Date(2025, 11, 2, 12, 0, 0, 0, time.UTC) }
	d.refuses("UD526", making{order: orderAt(1)}.make(t), d.sqlite("b.db"))
	r := d.loads(making{order: orderAt(3)}.make(t), d.sqlite("b.db"), 5)
	if len(r.Remarks) != 1 || !strings.Contains(r.Remarks[0], "clock") {
		t.Errorf("remarks: %q", r.Remarks)
	}
	d.refuses("UD524", making{order: orderAt(4)}.make(t), d.sqlite("c.db"))
	d.options.AllowOlder = true
	d.loads(making{order: orderAt(4)}.make(t), d.sqlite("c.db"), 5)
}

// A load that fails is no reception: the same package may come again, and an older one may not.
func TestFailedLoad(t *testing.T) {
	d := newDesk(t)
	file := making{order: orderAt(2)}.make(t)
	check(t, os.WriteFile(filepath.Join(d.folder, "taken.db"), []byte("mine"), 0o600))
	_, err := d.take(file, d.sqlite("taken.db"))
	demandCode(t, err, "UE020")
	d.refuses("UD526", making{order: orderAt(1)}.make(t), d.sqlite("b.db"))
	d.loads(file, d.sqlite("b.db"), 5)
	d.refuses("UD525", file, d.sqlite("c.db"))
}

func TestState(t *testing.T) {
	d := newDesk(t)
	file := making{order: orderAt(2)}.make(t)
	d.loads(file, d.sqlite("a.db"), 5)
	text, err := os.ReadFile(d.options.State)
	check(t, err)
	if info, err := os.Stat(d.options.State); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the state's mode: %v %v", info.Mode(), err)
	}
	for name, bad := range map[string]string{
		"empty": "", "cut": string(text[:len(text)/2]), "no JSON": "x", "another's": "{}",
		"without its packages": "{\n \"utdrag_received\": 1,\n \"packages\": null\n}\n",
		"edited":               strings.Replace(string(text), `"sequence": 2`, `"sequence": 1.0`, 1),
		"twice":                string(text) + string(text),
		"an unknown field":     strings.Replace(string(text), `"bytes"`, `"more": 1, "bytes"`, 1),
		"another format":       strings.Replace(string(text), `"utdrag_received": 1`, `"utdrag_received": 2`, 1),
	} {
		check(t, os.WriteFile(d.options.State, []byte(bad), 0o600))
		t.Log(name)
		d.refuses("UD511", making{order: orderAt(3)}.make(t), d.sqlite("b.db"))
	}
	check(t, os.Remove(d.options.State))
	check(t, os.Mkdir(d.options.State, 0o700))
	d.refuses("UD510", file, d.sqlite("b.db"))
	d.options.State = filepath.Join(d.folder, "none", "received.json")
	d.refuses("UD510", file, d.sqlite("b.db"))
}

// blocked is a store that shows what a second run would find while the first lasts.
type blocked struct {
	sink.Store
	during func()
}

func (b blocked) List(ctx context.Context) ([]sink.Item, error) {
	b.during()
	return b.Store.List(ctx)
}

func TestTwoAtOnce(t *testing.T) {
	d := newDesk(t)
	area := t.TempDir()
	file := making{order: orderAt(1), to: filepath.Join(area, "p.pgp")}.make(t)
	_, err := receive.Receive(t.Context(), receive.From{Store: blocked{&sink.Folder{Path: area}, func() {
		_, err := d.take(file, d.sqlite("b.db"))
		demandCode(t, err, "UD512")
	}}}, d.sqlite("a.db"), d.options)
	check(t, err)
}

// The newest package of a folder; one by its name; none.
func TestStore(t *testing.T) {
	d := newDesk(t)
	area := t.TempDir()
	from := receive.From{Store: &sink.Folder{Path: area}}
	d.refusesFrom("UD502", from, d.sqlite("x.db"))
	put := func(name string, m making) {
		file := m.make(t)
		_, err := (&sink.Folder{Path: area, Options: sink.Options{Order: "tallmo", Run: name}}).Put(t.Context(), name, sink.Stream(func(w io.Writer) error {
			text, err := os.ReadFile(file)
			if err == nil {
				_, err = w.Write(text)
			}
			return err
		}))
		check(t, err)
		at := m.order.At()
		check(t, os.Chtimes(filepath.Join(area, name), at, at))
	}
	put("a.pgp", making{order: orderAt(1), patients: 3})
	put("b.pgp", making{order: orderAt(2), patients: 4})
	// What has no receipt is none of the sender's, as long as others have one.
	check(t, os.WriteFile(filepath.Join(area, "notes.txt"), []byte("mine"), 0o600))
	r, err := receive.Receive(t.Context(), from, d.sqlite("newest.db"), d.options)
	check(t, err)
	if r.Package != "b.pgp" {
		t.Errorf("%s was taken, want b.pgp", r.Package)
	}
	d.refusesFrom("UD525", from, d.sqlite("x.db"))
	from.Name = "a.pgp"
	d.refusesFrom("UD526", from, d.sqlite("x.db"))
	from.Name = "c.pgp"
	d.refusesFrom("UD502", from, d.sqlite("x.db"))
	from.Name = "b.pgp"
	d.options.Spool = filepath.Join(d.folder, "none")
	d.options.AllowOlder = true
	d.refusesFrom("UD503", from, d.sqlite("x.db"))
}

func TestUsage(t *testing.T) {
	d := newDesk(t)
	file := making{order: orderAt(1)}.make(t)
	for name, change := range map[string]func(*receive.Options){
		"no provider": func(o *receive.Options) { o.Provider = "" },
		"no state":    func(o *receive.Options) { o.State = "" },
		"no key":      func(o *receive.Options) { o.Keys.Secrets = nil },
		"no signer":   func(o *receive.Options) { o.Keys.Sender = nil },
		"disconnect":  func(o *receive.Options) { o.Disconnect = true },
	} {
		o := d.options
		change(&o)
		_, err := receive.Receive(t.Context(), receive.From{File: file}, d.sqlite("x.db"), o)
		t.Log(name)
		demandCode(t, err, "UD501")
	}
	d.refusesFrom("UD501", receive.From{}, d.sqlite("x.db"))
	d.refusesFrom("UD501", receive.From{File: file, Name: "x"}, d.sqlite("x.db"))
	d.options.Replace = true
	d.refuses("UD501", file, d.sqlite("x-{time}.db"))
	d.options.Replace, d.options.AllowOlder = false, true
	d.refuses("UD523", making{}.make(t), d.sqlite("x-{time}.db"))
}
