package deliver

import (
	"context"
	"hash"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/plan/deliver/disclosure"
	"github.com/utdrag/utdrag/plan/deliver/order"
	"github.com/utdrag/utdrag/plan/deliver/sink"
	"github.com/utdrag/utdrag/plan/run"
)

func itoa(n int) string { return strconv.Itoa(n) }

type nopHash struct{ hash.Hash }

func (nopHash) Write(p []byte) (int, error) { return len(p), nil }

// A state that was changed by a single byte, cut, or given to another order is refused, and nothing is delivered by it.
func TestDamagedState(t *testing.T) {
	w := newWorld(t)
	o := w.order("tallmo", orderText())
	w.delivered(o)
	file := stateFile(o)
	whole := w.read(file)
	for _, text := range []string{"", "{}", whole[:len(whole)/2], whole + " ", strings.Replace(whole, `"tallmo"`, `"sjo"`, 1),
		strings.Replace(whole, `"utdrag_state": 1`, `"utdrag_state": 2`, 1), strings.Replace(whole, "{", "{\n  \"more\": 1,", 1),
		strings.Replace(whole, `"rows": 3`, `"rows": -3`, 1), strings.Replace(whole, "Z\"", "+01:00\"", 1)} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := w.deliver(o)
		wantCode(t, err, codeState)
		if out.Outcome != disclosure.Refused || len(w.names("out")) != 2 || w.read(file) != text {
			t.Error("something was done", out, w.names("out"))
		}
	}
	if err := os.WriteFile(file, []byte(whole), 0o600); err != nil {
		t.Fatal(err)
	}
	w.delivered(o)

	// Another provider's order under the id of one that was delivered doesn't take over what was.
	_, err := w.deliver(w.order("tallmo", strings.Replace(sjo(), `"sjo"`, `"tallmo"`, 1)))
	wantCode(t, err, codeState)
}

func TestStateDisk(t *testing.T) {
	w := newWorld(t)
	o := w.order("tallmo", orderText())
	w.write(StateFolder, "a file where the folder belongs")
	_, err := w.deliver(o)
	wantCode(t, err, codeStateDisk)
	if ClassOf(err) != diag.External || len(w.names("out")) > 0 {
		t.Error(err)
	}
}

// What is read as a state is written again as the same.
func FuzzState(f *testing.F) {
	f.Add([]byte("{\n  \"utdrag_state\": 1,\n  \"order\": \"x\"\n}\n"))
	f.Add([]byte("{\n  \"utdrag_state\": 1,\n  \"order\": \"x\",\n  \"begun\": {\n    \"at\": \"2026-04-01T08:00:01Z\",\n    \"package\": \"x.pgp\",\n    \"order_hash\": \"sha256:" + strings.Repeat("0", 64) + "\"\n  }\n}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := readState(text)
		if err != nil {
			return
		}
		again, err := s.encode()
		if err != nil || string(again) != string(text) || !s.sound() {
			t.Errorf("%q is written as %q", text, again)
		}
	})
}

func TestChanges(t *testing.T) {
	name := func(table string) catalog.Name { return catalog.Name{Schema: "main", Table: table} }
	rows := func(pairs ...any) (all []run.Rows) {
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, run.Rows{Table: name(pairs[i].(string)), Rows: int64(pairs[i+1].(int))})
		}
		return all
	}
	h := order.Hold{Change: 25, Tables: []order.TableChange{{Table: "main.A", Change: 100}}}
	for title, c := range map[string]struct {
		before, now []run.Rows
		want        []string
	}{
		"the same":                     {rows("B", 100), rows("B", 100), nil},
		"just so":                      {rows("B", 100, "C", 100), rows("B", 125, "C", 75), nil},
		"more":                         {rows("B", 100), rows("B", 126), []string{"main.B"}},
		"less":                         {rows("B", 100), rows("B", 74), []string{"main.B"}},
		"a bound of its own":           {rows("A", 100), rows("A", 200), nil},
		"beyond it":                    {rows("A", 100), rows("A", 201), []string{"main.A"}},
		"from none":                    {rows("B", 0), rows("B", 1), []string{"main.B"}},
		"to none":                      {rows("B", 100), rows("B", 0), []string{"main.B"}},
		"none and none":                {rows("B", 0), rows("B", 0), nil},
		"a new table":                  {rows("B", 9), rows("B", 9, "C", 5), []string{"main.C"}},
		"a new one without rows":       {rows("B", 9), rows("B", 9, "C", 0), nil},
		"one that is gone":             {rows("B", 9, "C", 5), rows("B", 9), []string{"main.C"}},
		"more than numbers can tell":   {rows("B", 1), rows("B", maxRows), []string{"main.B"}},
		"as many as numbers can tell":  {rows("B", maxRows), rows("B", maxRows), nil},
		"several, in the plan's order": {rows("B", 9, "C", 5), rows("C", 50, "B", 90), []string{"main.C", "main.B"}},
	} {
		var got []string
		for _, change := range changes(h, c.before, c.now) {
			got = append(got, change.Table.String())
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", title, got, c.want)
		}
	}
}

// The first delivery isn't held; one that differs much is, and sends nothing; confirmed by its hash it is delivered, and no other is.
func TestHeld(t *testing.T) {
	w := newWorld(t)
	o := w.order("tallmo", orderText())
	w.delivered(o)
	w.sql("INSERT INTO Visit SELECT Id + 1000, 10, PatientId, Reason FROM Visit WHERE UnitId = 10")
	out, err := w.deliver(o)
	wantCode(t, err, codeHeld)
	if out.Outcome != disclosure.Held || len(out.Changes) != 1 || out.Changes[0] != (Change{Table: catalog.Name{Schema: "main", Table: "Visit"}, Before: 3, Now: 6, Bound: 25}) {
		t.Fatalf("%+v", out)
	}
	if len(w.names("out")) != 2 {
		t.Error("something was sent", w.names("out"))
	}
	if got := w.outcomes(); !slices.Equal(got[2:], []string{"started", "held " + codeHeld}) {
		t.Error(got)
	}
	confirm := func(hash string) func(*Options) { return func(o *Options) { o.Confirm = hash } }
	_, err = w.deliver(o, confirm("sha256:"+strings.Repeat("1", 64)))
	wantCode(t, err, codeConfirm)

	// What changes again after somebody looked isn't what somebody saw.
	w.sql("INSERT INTO Visit SELECT Id + 5000, 10, PatientId, Reason FROM Visit WHERE UnitId = 10")
	more, err := w.deliver(o, confirm(out.Held.Hash))
	wantCode(t, err, codeHeld)
	if more.Held.Hash == out.Held.Hash || more.Changes[0].Before != 6 {
		t.Errorf("%+v", more)
	}
	_, err = w.deliver(o, confirm(out.Held.Hash))
	wantCode(t, err, codeConfirm)
	done := w.delivered(o, confirm(more.Held.Hash))
	if len(w.names("out")) != 4 {
		t.Error(w.names("out"))
	}
	if s, err := LoadState(o); err != nil || s.Held != nil || !slices.Equal(s.Delivered.Tables, done.Tables) {
		t.Error(s, err)
	}
	// From now on that is what the next one is compared with.
	w.delivered(o)

	// With another plan than the one held there is nothing to confirm.
	w.sql("DELETE FROM Visit WHERE Id > 1000")
	held, err := w.deliver(o)
	wantCode(t, err, codeHeld)
	w.write("journal.hcl", w.read("testdata/journal.hcl")+"\n# changed\n")
	w.sql("ALTER TABLE Visit ADD COLUMN More TEXT")
	_, err = w.deliver(o, confirm(held.Held.Hash))
	wantCode(t, err, codeConfirm)
}

// An answer that was lost leaves it open whether the package got its name. The next delivery looks, and says it in the log.
func TestAnswerLost(t *testing.T) {
	for name, arrived := range map[string]bool{"it has arrived": true, "it hasn't": false} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			o := w.order("tallmo", orderText())
			lost := &lossy{arrives: arrived}
			_, err := w.deliver(o, func(options *Options) { options.sinks = lost.wrap })
			if ClassOf(err) != diag.External {
				t.Fatal(err)
			}
			s, err := LoadState(o)
			if err != nil || s.Begun == nil || !s.Begun.Failed {
				t.Fatalf("%+v %v", s, err)
			}
			summary, err := w.run()
			if err != nil || summary.Err() != nil || summary.Items[0].Status != StatusDelivered || summary.Items[0].Outcome.Completed != arrived {
				t.Fatalf("%+v %v", summary, err)
			}
			want := []string{"started", "failed UD331", "delivered"}
			if !arrived {
				want = []string{"started", "failed UD331", "started", "delivered"}
			}
			if got := w.outcomes(); !slices.Equal(got, want) || len(w.finals()) != 1 {
				t.Error(got, w.finals())
			}
		})
	}
}

// lossy is a sink whose last answer is lost.
type lossy struct {
	sink.Sink
	arrives bool
}

func (l *lossy) wrap(s sink.Sink) sink.Sink {
	l.Sink = s
	return l
}

func (l *lossy) Put(ctx context.Context, name string, source sink.Source) (*sink.Receipt, error) {
	lost := &diag.Error{Code: "UD331", Class: diag.External, Message: "the connection broke"}
	if !l.arrives {
		if err := source.(sink.Stream)(io.Discard); err != nil {
			return nil, err
		}
		return nil, lost
	}
	if _, err := l.Sink.Put(ctx, name, source); err != nil {
		return nil, err
	}
	return nil, lost
}
