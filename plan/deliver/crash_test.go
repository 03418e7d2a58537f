package deliver

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/utdrag/utdrag/plan/deliver/disclosure"
	"github.com/utdrag/utdrag/plan/deliver/order"
	"github.com/utdrag/utdrag/plan/pack"
)

// child delivers the order of a folder as another process, and kills itself at the step that the environment names.
func child(folder string) int {
	f, err := os.Open(filepath.Join(folder, "region.key"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	region, err := pack.LoadSecret(f, nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	at, err := time.Parse(time.RFC3339, os.Getenv("DELIVER_TIME"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	w := &world{folder: folder, region: region, now: at}
	log, err := disclosure.Open(w.path("disclosure.log"), w.logOptions())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	w.log = log
	o, _, err := order.Load(w.path("tallmo" + order.Extension))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	options := w.options()
	options.Spool = os.Getenv("DELIVER_SPOOL")
	options.step = func(step string) error {
		if step == os.Getenv("DELIVER_KILL") {
			if p, err := os.FindProcess(os.Getpid()); err == nil {
				_ = p.Signal(syscall.SIGKILL)
			}
			time.Sleep(time.Minute)
		}
		return nil
	}
	if _, err := Deliver(context.Background(), o, options); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// childOf runs a child, and kills it after a time unless that is 0. It reports whether it ended by itself and well.
func (w *world) childOf(kill, spool string, after time.Duration) bool {
	w.t.Helper()
	w.now = w.now.Add(time.Second)
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "DELIVER_CHILD="+w.folder, "DELIVER_KILL="+kill, "DELIVER_SPOOL="+spool, "DELIVER_TIME="+w.now.Format(time.RFC3339))
	var said strings.Builder
	c.Stderr = &said
	if err := c.Start(); err != nil {
		w.t.Fatal(err)
	}
	if after > 0 {
		time.AfterFunc(after, func() { _ = c.Process.Kill() })
	}
	err := c.Wait()
	if c.ProcessState.ExitCode() >= 0 && err != nil {
		w.t.Fatal(err, said.String())
	}
	return err == nil
}

func (w *world) forChildren() {
	w.t.Helper()
	var b strings.Builder
	if err := entities()[0].SerializePrivateWithoutSigning(&b, nil); err != nil {
		w.t.Fatal(err)
	}
	w.write("region.key", b.String())
}

// Killed at any step, a delivery leaves nothing under a final name that isn't whole, and the next one puts log and state right:
// what lay there is completed and sent once, anything else is said to have failed and is begun anew.
func TestKilledAtSteps(t *testing.T) {
	for _, spooled := range []bool{false, true} {
		for step, want := range map[string][]string{
			"numbered":  {"started", "failed " + codeInterrupted, "started", "delivered"},
			"started":   {"started", "failed " + codeInterrupted, "started", "delivered"},
			"sealed":    {"started", "failed " + codeInterrupted, "started", "delivered"},
			"published": {"started", "delivered"},
			"logged":    {"started", "delivered"},
			"delivered": {"started", "delivered", "started", "delivered"},
		} {
			t.Run(fmt.Sprintf("%s, spooled %v", step, spooled), func(t *testing.T) {
				w := newWorld(t)
				w.forChildren()
				spool := ""
				if spooled {
					spool = w.path("spool")
					if err := os.Mkdir(spool, 0o700); err != nil {
						t.Fatal(err)
					}
				}
				o := w.order("tallmo", orderText())
				if w.childOf(step, spool, 0) {
					t.Fatal("it wasn't killed")
				}
				lay := w.finals()
				if whole := step == "published" || step == "logged" || step == "delivered"; whole != (len(lay) == 1) {
					t.Fatal(lay)
				}
				if spooled && len(w.names("spool")) > 0 {
					t.Error("the spool isn't empty", w.names("spool"))
				}
				for _, name := range w.names("out") {
					if strings.HasPrefix(name, ".") { // unfinished, and by now of yesterday
						old := time.Now().Add(-24 * time.Hour)
						if err := os.Chtimes(filepath.Join(w.path("out"), name), old, old); err != nil {
							t.Fatal(err)
						}
					}
				}
				out := w.delivered(o)
				if got := w.names("out"); strings.HasPrefix(got[0], ".") {
					t.Error("what the killed run left unfinished is still there", got)
				}
				if got := w.outcomes(); !slices.Equal(got, want) {
					t.Error(got)
				}
				if out.Completed != (step == "published" || step == "logged") || out.Completed && out.Package.Name != lay[0] {
					t.Errorf("%+v", out)
				}
				for _, name := range w.finals() {
					w.open("out", name, 1)
				}
				w.answered()
			})
		}
	}
	met.Store(codeInterrupted, true)
}

// finals are the packages in the provider's folder.
func (w *world) finals() (all []string) {
	w.t.Helper()
	for _, name := range w.names("out") {
		if !strings.HasPrefix(name, ".") && !strings.HasSuffix(name, ".receipt.json") {
			all = append(all, name)
		}
	}
	return all
}

// Killed at random points, again and again: every package that has a name can be opened, and the log verifies in the end.
func TestKilledAnywhere(t *testing.T) {
	w := newWorld(t)
	w.forChildren()
	o := w.order("tallmo", orderText())
	times := 40
	if testing.Short() {
		times = 5
	}
	for i := range times {
		w.childOf("", "", time.Duration(5+(i*37)%160)*time.Millisecond)
		for _, name := range w.finals() {
			p, err := pack.OpenFile(filepath.Join(w.path("out"), name), pack.Keys{Secrets: []*pack.Secret{secretOf(t, 1)}, Sender: w.region.Sender()}, pack.Limits{})
			if err != nil {
				t.Fatal(name, err)
			}
			_ = p.Close()
		}
	}
	w.now = w.now.Add(time.Second)
	if out := w.delivered(o); out.Completed {
		w.delivered(o)
	}
	v := disclosure.Verification{Name: "disclosure.log", Keys: []disclosure.Verifier{w.region.Sender()}}
	report, err := disclosure.VerifyFile(t.Context(), w.path("disclosure.log"), "", v)
	if err != nil || report.Findings.Refused() {
		t.Fatal(err, report)
	}
	w.answered()
}

// answered demands of the log that every record that says that a delivery began is answered by one, which names it, and that every
// package that lies with the provider was logged as delivered, once.
func (w *world) answered() {
	w.t.Helper()
	said, open := map[string]int{}, map[int64]bool{}
	for _, r := range w.records() {
		switch d := r.Disclosure; {
		case d == nil:
		case d.Outcome == disclosure.Started:
			open[r.Sequence] = true
		case d.Outcome == disclosure.Failed && d.Started == 0: // it was killed before it could say that it began
		case !open[d.Started]:
			w.t.Errorf("record %d says that %s, of record %d, which doesn't wait for it", r.Sequence, d.Outcome, d.Started)
		default:
			delete(open, d.Started)
			said[d.Package.Name]++
		}
	}
	for _, name := range w.finals() {
		if said[name] != 1 {
			w.t.Errorf("the log says %d times that %s was delivered", said[name], name)
		}
	}
	if len(open) > 0 {
		w.t.Errorf("the log doesn't say what became of %d deliveries", len(open))
	}
}
