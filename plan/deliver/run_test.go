package deliver

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/plan/deliver/order"
)

func (w *world) run(change ...func(*RunOptions)) (*Summary, error) {
	w.t.Helper()
	o := RunOptions{Options: w.options()}
	for _, c := range change {
		c(&o)
	}
	return Run(w.t.Context(), w.folder, o)
}

func (w *world) statuses(change ...func(*RunOptions)) []Status {
	w.t.Helper()
	s, err := w.run(change...)
	if err != nil {
		w.t.Fatal(err)
	}
	return statuses(s)
}

func statuses(s *Summary) (all []Status) {
	for _, i := range s.Items {
		all = append(all, i.Status)
	}
	return all
}

// What is due is delivered, once for each period; a dry run says so and does nothing.
func TestRunDue(t *testing.T) {
	w := newWorld(t)
	w.order("tallmo", orderText())
	w.order("sjo", sjo("monthly", "daily"))
	dry := func(o *RunOptions) { o.DryRun, o.Options = true, Options{Now: w.clock} }
	if got := w.statuses(dry); !slices.Equal(got, []Status{StatusWould, StatusWould}) {
		t.Fatal(got)
	}
	if _, err := os.Stat(w.path(StateFolder)); err == nil || len(w.outcomes()) > 0 {
		t.Error("a dry run left something")
	}
	if got := w.statuses(); !slices.Equal(got, []Status{StatusDelivered, StatusDelivered}) {
		t.Fatal(got)
	}
	w.now = w.now.Add(time.Minute)
	if got := w.statuses(); !slices.Equal(got, []Status{StatusNotDue, StatusNotDue}) {
		t.Fatal(got)
	}
	w.now = w.now.Add(24 * time.Hour)
	s, err := w.run()
	if err != nil || !slices.Equal(statuses(s), []Status{StatusDelivered, StatusNotDue}) || s.Err() != nil {
		t.Fatal(statuses(s), err)
	}
	if s.Items[1].Next.Before(w.now) || !strings.HasPrefix(s.Items[1].Reason, "due 2026-") {
		t.Error(s.Items[1])
	}
	// Five days missed are made up for by one delivery.
	w.now = w.now.Add(5 * 24 * time.Hour)
	s, err = w.run()
	if err != nil || s.Items[0].Status != StatusDelivered || s.Items[0].Missed != 4 {
		t.Fatalf("%+v %v", s.Items[0], err)
	}
	w.now = w.now.Add(time.Minute)
	if got := w.statuses(); !slices.Equal(got, []Status{StatusNotDue, StatusNotDue}) {
		t.Fatal(got)
	}
}

// With a clock that was set back behind the last delivery nothing is due, and that is said.
func TestRunClockSetBack(t *testing.T) {
	w := newWorld(t)
	w.order("tallmo", orderText())
	w.statuses()
	w.now = w.now.Add(-48 * time.Hour)
	s, err := w.run()
	if err != nil || s.Items[0].Status != StatusClockBack || len(w.names("out")) != 2 {
		t.Error(s.Items[0], err)
	}
	wantCode(t, s.Err(), codeClock)
}

// What fails from outside is tried again, later and later, while others go on; what is refused is not.
func TestRunRetries(t *testing.T) {
	w := newWorld(t)
	w.order("sjo", sjo())
	w.order("tallmo", orderText())
	w.order("wrong", orderText(`"tallmo"`, `"wrong"`, "SE5500000020-U002", "SE5500000020-U009"))
	if err := os.Remove(w.path("out-sjo")); err != nil {
		t.Fatal(err)
	}
	var tried []string
	s, err := w.run(func(o *RunOptions) {
		o.Attempt = func(o *order.Order, attempt int) { tried = append(tried, o.ID+itoa(attempt)) }
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(statuses(s), []Status{StatusFailed, StatusDelivered, StatusRefused}) {
		t.Error(statuses(s))
	}
	if want := []string{"sjo1", "tallmo1", "wrong1", "sjo2", "sjo3"}; !slices.Equal(tried, want) {
		t.Error(tried)
	}
	// Doubled from a minute, and bounded by the order's 90 seconds.
	if want := []time.Duration{time.Minute, 90 * time.Second}; !slices.Equal(w.slept, want) {
		t.Error(w.slept)
	}
	if ClassOf(s.Err()) != diag.External {
		t.Error("the worst isn't first", s.Err())
	}
	// What comes back in between is delivered.
	w.slept = nil
	s, err = w.run(func(o *RunOptions) {
		o.Sleep = func(_ context.Context, d time.Duration) error {
			w.now = w.now.Add(d)
			return os.Mkdir(w.path("out-sjo"), 0o700)
		}
	})
	if err != nil || s.Items[0].Status != StatusDelivered || s.Items[0].Attempts != 2 {
		t.Error(statuses(s), err)
	}
}

// A delivery that is held stays so for later runs, which don't count again, until it is confirmed.
func TestRunHeld(t *testing.T) {
	w := newWorld(t)
	o := w.order("tallmo", orderText("monthly", "daily"))
	w.statuses()
	w.sql("INSERT INTO Visit SELECT Id + 1000, 10, PatientId, Reason FROM Visit WHERE UnitId = 10")
	w.now = w.now.Add(24 * time.Hour)
	s, err := w.run()
	if err != nil || s.Items[0].Status != StatusHeld || ClassOf(s.Err()) != diag.Refused {
		t.Fatal(statuses(s), err, s.Err())
	}
	records := len(w.outcomes())
	w.now = w.now.Add(24 * time.Hour)
	s, err = w.run()
	if err != nil || s.Items[0].Status != StatusHeld || s.Items[0].Code != codeHeld || len(w.outcomes()) != records {
		t.Fatal(statuses(s), err, w.outcomes())
	}
	held, err := LoadState(o)
	if err != nil {
		t.Fatal(err)
	}
	w.delivered(o, func(o *Options) { o.Confirm = held.Held.Hash })
}

// Two runs at once: the second says who is running, and does nothing.
func TestTwoRuns(t *testing.T) {
	w := newWorld(t)
	o := w.order("tallmo", orderText())
	inside := false
	_, err := w.run(func(options *RunOptions) {
		options.step = func(step string) error {
			if step != "sealed" {
				return nil
			}
			inside = true
			_, err := w.run()
			wantCode(t, err, codeFolderLocked)
			if ClassOf(err) != diag.Refused || !strings.Contains(err.Error(), "process "+itoa(os.Getpid())) {
				t.Error(err)
			}
			_, err = Deliver(t.Context(), o, w.options())
			wantCode(t, err, codeOrderLocked)
			other := w.order("sjo", sjo())
			_, err = Deliver(t.Context(), other, w.options())
			wantCode(t, err, codeSourceBusy)
			if ClassOf(err) != diag.External {
				t.Error("a source that is busy is tried again later")
			}
			return nil
		}
	})
	if err != nil || !inside || len(w.names("out")) != 2 {
		t.Error(err, inside, w.names("out"))
	}
	if got := w.outcomes(); !slices.Equal(got, []string{"started", "delivered"}) {
		t.Error(got)
	}
}

// Orders that can't stand together, or can't be read, stop all of them, and the log says so.
func TestRunConflict(t *testing.T) {
	w := newWorld(t)
	w.order("tallmo", orderText())
	w.order("sjo", strings.Replace(sjo(), `"out-sjo"`, `"out"`, 1))
	_, err := w.run()
	wantCode(t, err, order.CodeSameFolder)
	w.order("sjo", sjo())
	w.write("bad"+order.Extension, "password = \"canary\"\n")
	_, err = w.run()
	if err == nil || len(w.names("out")) > 0 || strings.Contains(err.Error(), "canary") {
		t.Error(err, w.names("out"))
	}
	if got := w.outcomes(); len(got) != 2 || got[0] != "refused "+order.CodeSameFolder || !strings.HasPrefix(got[1], "refused UD1") {
		t.Error(got)
	}
}

// One order's damaged state doesn't keep others from being delivered.
func TestRunDamagedState(t *testing.T) {
	w := newWorld(t)
	o := w.order("tallmo", orderText())
	w.order("sjo", sjo())
	if err := os.Mkdir(w.path(StateFolder), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(stateFile(o), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := w.run()
	if err != nil || !slices.Equal(statuses(s), []Status{StatusDelivered, StatusRefused}) || diag.CodeOf(s.Err()) != codeState {
		t.Error(statuses(s), err, s.Err())
	}
}

// Interrupted, a run ends, and what it didn't come to wasn't tried.
func TestRunInterrupted(t *testing.T) {
	w := newWorld(t)
	w.order("sjo", sjo())
	w.order("tallmo", orderText())
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	s, err := Run(ctx, w.folder, RunOptions{Options: w.options(), Attempt: func(*order.Order, int) { stop() }})
	wantCode(t, err, codeInterrupted)
	if ClassOf(err) != diag.External || !slices.Equal(statuses(s), []Status{StatusFailed, StatusNotTried}) {
		t.Error(statuses(s), err)
	}
}

// Sources are told apart by where they are, and a password has no part in the name of the lock.
func TestSourceMark(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "a"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("a", filepath.Join(folder, "b")); err != nil {
		t.Fatal(err)
	}
	same := [][2]string{
		{"sqlite:" + folder + "/a", "sqlite:" + folder + "/b"},
		{"postgres://u:one@h/d", "postgres://v:two@H/d?sslmode=disable"},
	}
	for _, pair := range same {
		if sourceMark(pair[0]) != sourceMark(pair[1]) {
			t.Error(pair)
		}
	}
	for _, pair := range [][2]string{{"sqlite:x", "sqlite:y"}, {"postgres://h/d", "postgres://h/e"}, {"sqlserver://h?database=a", "sqlserver://h?database=b"}} {
		if sourceMark(pair[0]) == sourceMark(pair[1]) {
			t.Error(pair)
		}
	}
}
