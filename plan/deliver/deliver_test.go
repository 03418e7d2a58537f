package deliver

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/plan/deliver/disclosure"
	"github.com/utdrag/utdrag/plan/deliver/order"
	"github.com/utdrag/utdrag/plan/deliver/sink"
	"github.com/utdrag/utdrag/plan/deliver/sink/sshtest"
	"github.com/utdrag/utdrag/plan/pack"
)

func decoded(t testing.TB, line string) (r disclosure.Record) {
	t.Helper()
	if err := json.Unmarshal([]byte(line), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

const firstName = "SE5500000020-1000-20260401T080001Z.tar.zst.pgp"

func spool(w *world) func(*Options) {
	return func(o *Options) {
		o.Spool = w.path("spool")
		_ = os.Mkdir(o.Spool, 0o700)
	}
}

// A delivery is a package that its recipient can open, bound to provider, order and time, a receipt, and two records in the log.
func TestDeliverToFolder(t *testing.T) {
	for name, spooled := range map[string]bool{"straight through": false, "spooled": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			o := w.order("tallmo", orderText())
			var change []func(*Options)
			if spooled {
				change = append(change, spool(w))
			}
			out := w.delivered(o, change...)
			if got := w.names("out"); !slices.Equal(got, []string{firstName, firstName + ".receipt.json"}) {
				t.Fatal(got)
			}
			m := w.open("out", firstName, 1).Manifest()
			want := pack.Order{ID: "tallmo", Hash: "sha256:" + o.Hash(), Sequence: 2, Created: "2026-04-01T08:00:01Z"}
			if m.Order != want || m.Provider != "SE5500000020-1000" || !slices.Equal(m.Units, []string{"SE5500000020-U002"}) || m.Signer != w.region.Fingerprint() {
				t.Errorf("%+v", m.Info)
			}
			if !m.Order.At().Equal(start.Add(time.Second)) {
				t.Error(m.Order.At())
			}
			if got := w.outcomes(); !slices.Equal(got, []string{"started", "delivered"}) {
				t.Fatal(got)
			}
			d := w.records()[2].Disclosure
			if d.Started != 2 || d.Package.Name != firstName || d.Package.SHA256 != out.Receipt.SHA256 || d.Recipient != o.Recipient.Fingerprint ||
				d.Destination != (disclosure.Destination{Kind: disclosure.Folder, Folder: "out"}) || d.Plan != out.Plan || len(d.Tables) != 4 || d.Purpose != "Uppföljning" {
				t.Errorf("%+v", d)
			}
			s, err := LoadState(o)
			if err != nil || s.Delivered == nil || s.Begun != nil || s.Delivered.Record != 2 {
				t.Errorf("%+v %v", s, err)
			}
			if spooled && len(w.names("spool")) > 0 {
				t.Error("the spool isn't empty")
			}
		})
	}
}

func TestDeliverToCommand(t *testing.T) {
	w := newWorld(t)
	o := w.order("tallmo", orderText(`folder { path = "out" }`, `command { argv = ["/bin/sh", "-c", "cat > out/$UTDRAG_NAME"] }`))
	out := w.delivered(o)
	if out.Receipt.Verified != sink.VerifiedByCommand || !slices.Equal(w.names("out"), []string{firstName}) {
		t.Errorf("%+v %v", out.Receipt, w.names("out"))
	}
	w.open("out", firstName, 1)

	// One that fails delivers nothing, and the log says so.
	o = w.order("tallmo", orderText(`folder { path = "out" }`, `command { argv = ["/bin/false"] }`))
	if _, err := w.deliver(o); ClassOf(err) != diag.External {
		t.Fatal(err)
	}
	if got := w.outcomes(); len(got) != 4 || !strings.HasPrefix(got[3], "failed UD3") {
		t.Error(got)
	}
}

// Against OpenSSH's sshd, where there is one.
func TestDeliverBySFTP(t *testing.T) {
	server := sshtest.Start(t, sshtest.Options{})
	key := sshtest.Key(t, "ed25519", "canary phrase")
	server.Authorize(t, key)
	pinned := ""
	for _, f := range server.Fingerprints {
		pinned = f
	}
	w := newWorld(t)
	w.write("phrase", "canary phrase\n")
	w.write("id", w.read(key))
	text := orderText(`folder { path = "out" }`, `sftp {
    host       = "`+server.Host+`"
    port       = `+itoa(server.Port)+`
    user       = "`+server.User+`"
    folder     = "`+server.Dir+`"
    host_key   = "`+pinned+`"
    key        = "id"
    passphrase = "file:phrase"
  }`)
	o := w.order("tallmo", text)
	for _, change := range [][]func(*Options){nil, {spool(w)}} {
		out := w.delivered(o, change...)
		if out.Receipt.Verified != sink.VerifiedReadBack {
			t.Error(out.Receipt)
		}
		p, err := pack.OpenFile(filepath.Join(server.Dir, out.Package.Name), pack.Keys{Secrets: []*pack.Secret{secretOf(t, 1)}}, pack.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		_ = p.Close()
	}
	// Another host key than the order's: nothing is sent, and the log says why.
	o = w.order("tallmo", strings.Replace(text, pinned, "SHA256:"+strings.Repeat("A", 43), 1))
	_, err := w.deliver(o)
	if got := w.outcomes(); err == nil || len(got) != 6 || !strings.Contains(got[5], "UD31") {
		t.Errorf("%v %v", err, got)
	}
}

func TestNoAgent(t *testing.T) {
	w := newWorld(t)
	o := w.order("tallmo", orderText(`folder { path = "out" }`, `sftp {
    host     = "localhost"
    user     = "kund"
    host_key = "SHA256:`+strings.Repeat("A", 43)+`"
    agent    = true
  }`))
	_, err := w.deliver(o)
	wantCode(t, err, codeNoAgent)
}

// What is refused is refused before anything is begun, and the log says so.
func TestRefused(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		code string
		then func(w *world, o *Options)
	}{
		"a map that isn't there":       {text: orderText("journal.hcl", "none.hcl"), code: order.CodeFileMissing},
		"a key that isn't there":       {text: orderText("tallmo.asc", "none.asc"), code: order.CodeKeyFile},
		"another plan":                 {text: orderText(), code: "UX002", then: func(_ *world, o *Options) { o.PlanHash = "sha256:" + strings.Repeat("0", 64) }},
		"a bound that watches nothing": {text: orderText("retry {", "hold {\n table \"Visits\" { change = 5 }\n}\nretry {"), code: codeHoldTable},
		"nothing to confirm":           {text: orderText(), code: codeConfirm, then: func(_ *world, o *Options) { o.Confirm = "sha256:" + strings.Repeat("0", 64) }},
		"a mask without a key": {text: orderText(), code: codeMaskingKey, then: func(w *world, _ *Options) {
			w.write("journal.hcl", strings.Replace(w.read("testdata/journal.hcl"), "    via  = [\"PatientId\"]\n  }\n", "    via  = [\"PatientId\"]\n  }\n  column \"Pnr\" { mask = hash(\"person\") }\n", 1))
		}},
		"a masking key that can't be used": {text: orderText("format  =", "masking_key = \"bad.key\"\nformat  ="), code: codeMaskingKey, then: func(w *world, _ *Options) {
			w.write("bad.key", "canary")
			w.write("journal.hcl", strings.Replace(w.read("testdata/journal.hcl"), "    via  = [\"PatientId\"]\n  }\n", "    via  = [\"PatientId\"]\n  }\n  column \"Pnr\" { mask = hash(\"person\") }\n", 1))
		}},
		"a neighbour with the same folder": {text: orderText(), code: order.CodeSameFolder, then: func(w *world, o *Options) {
			o.Others = []*order.Order{w.order("sjo", strings.Replace(sjo(), `"out-sjo"`, `"out"`, 1))}
		}},
		"a map of another database": {text: orderText(), code: "UF", then: func(w *world, _ *Options) { w.sql("CREATE TABLE New (Id INTEGER)") }},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			o := w.order("tallmo", c.text)
			out, err := w.deliver(o, func(options *Options) {
				if c.then != nil {
					c.then(w, options)
				}
			})
			if len(c.code) > 2 {
				wantCode(t, err, c.code)
			} else if !strings.HasPrefix(diag.CodeOf(err), c.code) {
				t.Fatal(err)
			}
			if out.Outcome != disclosure.Refused || len(w.names("out")) > 0 {
				t.Error(out, w.names("out"))
			}
			if got := w.outcomes(); !slices.Equal(got, []string{"refused " + diag.CodeOf(err)}) {
				t.Error(got)
			}
			if s, err := LoadState(o); err != nil || s.Begun != nil {
				t.Error(s, err)
			}
		})
	}
}

// What the source says is asked after the log was told that somebody asks.
func TestRefusedBySource(t *testing.T) {
	for name, c := range map[string]struct{ from, to, code string }{
		"a provider that isn't registered": {"SE5500000020-1000", "SE5500000020-1001", order.CodeNotRegistered},
		"another provider's unit":          {"SE5500000020-U002", "SE5500000061-U006", order.CodeNotItsUnit},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			out, err := w.deliver(w.order("tallmo", orderText(c.from, c.to)))
			wantCode(t, err, c.code)
			if got := w.outcomes(); !slices.Equal(got, []string{"started", "refused " + c.code}) || out.Outcome != disclosure.Refused || len(w.names("out")) > 0 {
				t.Error(got, out)
			}
		})
	}
}

// A file that vanishes between the check and its reading is told by name of what it was.
func TestFilesOfAnOrder(t *testing.T) {
	w := newWorld(t)
	o := w.order("tallmo", orderText("journal.hcl", "none.hcl", "tallmo.asc", "none.asc"))
	_, err := readMap(o)
	wantCode(t, err, codeMap)
	_, err = readRecipient(o)
	wantCode(t, err, codeRecipient)
}

func TestOptions(t *testing.T) {
	w := newWorld(t)
	o := w.order("tallmo", orderText())
	for name, change := range map[string]func(*Options){"log": func(o *Options) { o.Log = nil }, "signer": func(o *Options) { o.Signer = nil }, "tool": func(o *Options) { o.Tool = "" }} {
		if out, err := w.deliver(o, change); out != nil || err == nil {
			t.Errorf("without %s: %v %v", name, out, err)
		} else {
			wantCode(t, err, codeOptions)
		}
	}
	if _, err := Deliver(t.Context(), nil, w.options()); diag.CodeOf(err) != codeOptions {
		t.Error(err)
	}
}

// A clock that isn't later than the last delivery's begin makes no package: its time tells packages apart, and replays.
func TestClockSetBack(t *testing.T) {
	w := newWorld(t)
	o := w.order("tallmo", orderText())
	w.delivered(o)
	w.now = w.now.Add(-time.Hour)
	_, err := w.deliver(o)
	wantCode(t, err, codeClock)
	if got := w.names("out"); len(got) != 2 {
		t.Error(got)
	}
}

// A sole trader's organisation number is a person's, which has no place in names that the log keeps.
func TestPackageName(t *testing.T) {
	for id, want := range map[string]string{
		"SE5500000020-1000":   "SE5500000020-1000-20260401T080000Z.tar.zst.pgp",
		"SE165500000020-1000": "SE165500000020-1000-20260401T080000Z.tar.zst.pgp",
		"SE8001019801-1000":   "x-20260401T080000Z.tar.zst.pgp",
		"SE168001019801-1000": "x-20260401T080000Z.tar.zst.pgp",
	} {
		if got := packageName(&order.Order{ID: "x", Provider: order.Party{HSAID: id}}, start); got != want {
			t.Errorf("%s: %s", id, got)
		}
	}
}

// Interrupted, nothing is left, and the log says that it failed.
func TestInterrupted(t *testing.T) {
	for name, spooled := range map[string]bool{"straight through": false, "spooled": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			o := w.order("tallmo", orderText())
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			options := w.options()
			if spooled {
				spool(w)(&options)
			}
			options.step = func(step string) error {
				if step == "started" {
					stop()
				}
				return nil
			}
			out, err := Deliver(ctx, o, options)
			if err == nil || out.Outcome != disclosure.Failed || ClassOf(err) != diag.External {
				t.Fatalf("%v %v", out, err)
			}
			if got := w.outcomes(); len(got) != 2 || !strings.HasPrefix(got[1], "failed ") || len(w.names("out")) > 0 {
				t.Error(got, w.names("out"))
			}
			w.delivered(o)
		})
	}
}

// A disk that fills under the spool, and one that isn't there.
func TestSpoolFails(t *testing.T) {
	w := newWorld(t)
	o := w.order("tallmo", orderText())
	_, err := w.deliver(o, func(o *Options) { o.Spool = w.path("nowhere") })
	wantCode(t, err, codeSpool)
	if _, err := os.Stat("/dev/full"); err == nil {
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer full.Close()
		_, err = (&hashed{w: full, hash: nopHash{}}).Write([]byte("x"))
		wantCode(t, err, codeSpool)
		if ClassOf(err) != diag.External {
			t.Error("whose move is it?")
		}
	}
	if got := w.outcomes(); !slices.Equal(got, []string{"started", "failed " + codeSpool}) || len(w.names("out")) > 0 {
		t.Error(got)
	}
}

// On a file system of a few kilobytes the spool really fills up. Only root can mount one.
func TestSpoolFull(t *testing.T) {
	w := newWorld(t)
	small := w.path("small")
	if err := os.Mkdir(small, 0o700); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=4k", "none", small).CombinedOutput(); err != nil {
		t.Skipf("no file system can be mounted here: %s", out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", small).Run() })
	w.sql("WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO Visit SELECT i, 10, 1, hex(randomblob(20)) FROM n")
	o := w.order("tallmo", orderText())
	_, err := w.deliver(o, func(o *Options) { o.Spool = small })
	if ClassOf(err) != diag.External || len(w.names("out")) > 0 || len(w.names("small")) > 0 {
		t.Error(err, w.names("out"), w.names("small"))
	}
	if got := w.outcomes(); !slices.Equal(got, []string{"started", "failed " + codeSpool}) {
		t.Error(got)
	}
	w.delivered(o)
}

// A log that can't be written discloses nothing.
func TestLogFails(t *testing.T) {
	w := newWorld(t)
	o := w.order("tallmo", orderText())
	if err := os.Rename(w.path("disclosure.log"), w.path("elsewhere")); err != nil {
		t.Fatal(err)
	}
	out, err := w.deliver(o)
	if err == nil || out.Outcome != disclosure.Failed || len(w.names("out")) > 0 {
		t.Error(out, err, w.names("out"))
	}
	if s, err := LoadState(o); err != nil || s.Begun != nil {
		t.Error(s, err)
	}
	if err := os.Rename(w.path("elsewhere"), w.path("disclosure.log")); err != nil {
		t.Fatal(err)
	}
	w.delivered(o)
}

// A delivery that the log couldn't be told of is completed by the next one, and sent once.
func TestUnlogged(t *testing.T) {
	w := newWorld(t)
	o := w.order("tallmo", orderText())
	out, err := w.deliver(o, func(options *Options) {
		options.step = func(step string) error {
			if step == "published" {
				return os.Rename(w.path("disclosure.log"), w.path("elsewhere"))
			}
			return nil
		}
	})
	wantCode(t, err, codeUnlogged)
	if out.Outcome != disclosure.Delivered || ClassOf(err) != diag.External {
		t.Error(out, err)
	}
	if err := os.Rename(w.path("elsewhere"), w.path("disclosure.log")); err != nil {
		t.Fatal(err)
	}
	again := w.delivered(o)
	if !again.Completed || again.Package != out.Package || len(w.names("out")) != 2 {
		t.Errorf("%+v %v", again, w.names("out"))
	}
	if got := w.outcomes(); !slices.Equal(got, []string{"started", "delivered"}) {
		t.Error(got)
	}
}

// A log that was begun anew knows nothing of a delivery that another one says was begun.
func TestLogBegunAnew(t *testing.T) {
	for step, completed := range map[string]bool{"sealed": false, "published": true} {
		t.Run(step, func(t *testing.T) {
			w := newWorld(t)
			w.forChildren()
			o := w.order("tallmo", orderText())
			if w.childOf(step, "", 0) {
				t.Fatal("it wasn't killed")
			}
			for _, name := range []string{"disclosure.log", "disclosure.log.anchor"} {
				if err := os.Rename(w.path(name), w.path(name+".2025")); err != nil {
					t.Fatal(err)
				}
			}
			var err error
			if w.log, err = disclosure.Create(w.path("disclosure.log"), w.logOptions()); err != nil {
				t.Fatal(err)
			}
			want := []string{"failed " + codeInterrupted, "started", "delivered"}
			if completed {
				want = []string{"delivered"}
			}
			if out := w.delivered(o); out.Completed != completed {
				t.Errorf("%+v", out)
			}
			if got := w.outcomes(); !slices.Equal(got, want) || len(w.finals()) != 1 {
				t.Error(got, w.finals())
			}
			if s, err := LoadState(o); err != nil || s.Begun != nil || s.Delivered == nil {
				t.Errorf("%+v %v", s, err)
			}
		})
	}
}

// In the log, what has no code gets one.
func TestUncoded(t *testing.T) {
	w := newWorld(t)
	o := w.order("tallmo", orderText())
	_, err := w.deliver(o, func(options *Options) {
		options.step = func(step string) error {
			if step == "sealed" {
				return errors.New("out of the blue")
			}
			return nil
		}
	})
	if err == nil || !slices.Equal(w.outcomes(), []string{"started", "failed " + codeUncoded}) || len(w.names("out")) > 0 {
		t.Error(err, w.outcomes(), w.names("out"))
	}
	met.Store(codeUncoded, true)
}

// A line that breaks: with a spool the upload goes on where it broke; without one the order runs again.
func TestBrokenLine(t *testing.T) {
	server := sshtest.Start(t, sshtest.Options{})
	key := sshtest.Key(t, "ed25519", "")
	server.Authorize(t, key)
	// The first connection breaks in the middle of the package, which is about a megabyte.
	limits := func(connection int) int64 {
		if connection == 0 {
			return 300_000
		}
		return -1
	}
	for name, spooled := range map[string]bool{"spooled": true, "straight through": false} {
		t.Run(name, func(t *testing.T) {
			line := sshtest.Cut(t, server.Address(), limits)
			w := newWorld(t)
			w.sql("WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 21000) INSERT INTO Visit SELECT i, 10, 1, hex(randomblob(50)) FROM n")
			w.write("id", w.read(key))
			fingerprint := ""
			for _, f := range server.Fingerprints {
				fingerprint = f
			}
			w.order("tallmo", orderText(`folder { path = "out" }`, `sftp {
    host     = "127.0.0.1"
    port     = `+itoa(line.Port)+`
    user     = "`+server.User+`"
    folder   = "`+server.Dir+`"
    host_key = "`+fingerprint+`"
    key      = "id"
  }`))
			w.now = w.now.Add(map[bool]time.Duration{true: time.Hour, false: 2 * time.Hour}[spooled])
			s, err := w.run(func(o *RunOptions) {
				if spooled {
					spool(w)(&o.Options)
				}
			})
			if err != nil || s.Err() != nil {
				t.Fatal(err, s.Err())
			}
			if line.Breaks.Load() != 1 {
				t.Fatal("the line broke", line.Breaks.Load(), "times")
			}
			i := s.Items[0]
			if attempts := map[bool]int{true: 1, false: 2}[spooled]; i.Attempts != attempts || i.Outcome.Receipt.Attempts != 3-attempts {
				t.Errorf("%+v %+v", i, i.Outcome.Receipt)
			}
			p, err := pack.OpenFile(filepath.Join(server.Dir, i.Outcome.Package.Name), pack.Keys{Secrets: []*pack.Secret{secretOf(t, 1)}}, pack.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			_ = p.Close()
		})
	}
}

// A secret that nobody wrote down is asked for once, before anything is read, however often the line breaks; where nobody is there to be
// asked, nothing is delivered.
func TestAskedFor(t *testing.T) {
	server := sshtest.Start(t, sshtest.Options{})
	key := sshtest.Key(t, "ed25519", "canary horse")
	server.Authorize(t, key)
	line := sshtest.Cut(t, server.Address(), func(connection int) int64 {
		if connection == 0 {
			return 50_000
		}
		return -1
	})
	w := newWorld(t)
	w.sql("WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO Visit SELECT i, 10, 1, hex(randomblob(50)) FROM n")
	w.write("id", w.read(key))
	fingerprint := ""
	for _, f := range server.Fingerprints {
		fingerprint = f
	}
	o := w.order("tallmo", orderText(`folder { path = "out" }`, `sftp {
    host       = "127.0.0.1"
    port       = `+itoa(line.Port)+`
    user       = "`+server.User+`"
    folder     = "`+server.Dir+`"
    host_key   = "`+fingerprint+`"
    key        = "id"
    passphrase = "prompt"
  }`))
	_, err := w.deliver(o, spool(w))
	wantCode(t, err, codeNobody)
	_, err = w.deliver(o, spool(w), func(options *Options) {
		options.Ask = func(context.Context, string) ([]byte, error) { return nil, nil }
	})
	wantCode(t, err, codeNobody)
	if got := w.outcomes(); !slices.Equal(got, []string{"refused " + codeNobody, "refused " + codeNobody}) {
		t.Fatal(got)
	}
	var questions []string
	out := w.delivered(o, spool(w), func(options *Options) {
		options.Ask = func(_ context.Context, question string) ([]byte, error) {
			questions = append(questions, question)
			return []byte("canary horse"), nil
		}
	})
	if !slices.Equal(questions, []string{"passphrase of id"}) || out.Receipt.Attempts != 2 || line.Breaks.Load() != 1 {
		t.Error(questions, out.Receipt, line.Breaks.Load())
	}
	if state := w.read(stateFile(o)); strings.Contains(state, "canary") {
		t.Error("the state holds the secret")
	}
}
