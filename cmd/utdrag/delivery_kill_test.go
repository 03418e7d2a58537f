package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/utdrag/utdrag/internal/durable"
	"github.com/utdrag/utdrag/plan/deliver"
	"github.com/utdrag/utdrag/plan/deliver/disclosure"
)

// TestDeliverKilled kills utdrag deliver, as a process that delivers to OpenSSH's sshd, at random moments. At each the provider's
// folder holds no package under its name that isn't whole: gpg opens it with the provider's key, says that the region signed it, and
// what comes out is an archive with the manifest at its end. Nothing but ciphertext lies anywhere, the next run completes and clears
// away, the log verifies each time and knows of every package in the end. UTDRAG_TEST_KILLS is how often.
func TestDeliverKilled(t *testing.T) {
	kills := 10
	if testing.Short() {
		kills = 3
	}
	if n, err := strconv.Atoi(os.Getenv("UTDRAG_TEST_KILLS")); err == nil && n > 0 {
		kills = n
	}
	w := newKillWorld(t)
	random := rand.New(rand.NewPCG(7, 11))
	var runs, died, named, completed int
	for i := 0; died < kills; i++ {
		if runs++; runs > 5*kills {
			t.Fatalf("only %d of %d were killed before the end", died, runs)
		}
		spooled := i%2 == 1
		// Half of them fall near the end, where the name is given and the log written.
		at := random.Float64()
		if i%4 >= 2 {
			at = 0.7 + 0.35*random.Float64()
		}
		if killed := w.deliver(spooled, time.Duration(at*float64(w.span[spooled]))); killed {
			died++
		}
		for _, name := range w.packages() {
			w.opens(name)
		}
		w.server.Quiet(t) // what it was told before the kill may have been done after it
		lay := w.packages()
		for _, name := range lay {
			w.opens(name)
		}
		if len(lay) > 0 {
			named++
		}
		w.ciphertext()
		w.age()

		if w.deliver(spooled, 0) {
			t.Fatal("the rerun was killed")
		}
		if strings.Contains(w.said.String(), "an earlier run had laid the package down") {
			completed++
		}
		now := w.packages()
		if len(now) == 0 || len(now) > 2 || len(lay) > 0 && !slices.Contains(now, lay[0]) {
			t.Fatalf("kill %d: %q before the rerun, and %q after it", i, lay, now)
		}
		for _, name := range now {
			w.opens(name)
		}
		w.cleared(now, false)
		w.verified()
		w.ciphertext()
		w.fetched(now)
	}
	w.deliver(false, 0)
	now := w.packages()
	w.opens(now[0])
	w.cleared(now, true)
	w.logged()
	t.Logf("%d runs, %d killed before the end, %d with a package under its name, %d completed by the rerun", runs, died, named, completed)
}

// watch looks at the provider's folder all the while, and returns the hash of each package at the moment that its name was seen.
func (w *killWorld) watch(done <-chan struct{}) map[string]string {
	seen := map[string]string{}
	for {
		entries, err := os.ReadDir(w.area)
		for _, e := range entries {
			if strings.HasSuffix(e.Name(), ".pgp") && !strings.HasPrefix(e.Name(), ".") && seen[e.Name()] == "" && err == nil {
				if text, err := os.ReadFile(filepath.Join(w.area, e.Name())); err == nil {
					sum := sha256.Sum256(text)
					seen[e.Name()] = hex.EncodeToString(sum[:])
				}
			}
		}
		select {
		case <-done:
			return seen
		case <-time.After(time.Millisecond):
		}
	}
}

func (w *killWorld) entries() []fs.DirEntry {
	w.t.Helper()
	entries, err := os.ReadDir(w.area)
	if err != nil {
		w.t.Fatal(err)
	}
	return entries
}

// packages are those that have their names. A receipt tells the truth about one that is there.
func (w *killWorld) packages() (all []string) {
	w.t.Helper()
	for _, e := range w.entries() {
		name := e.Name()
		if strings.HasPrefix(name, ".") {
			continue
		}
		of, isReceipt := strings.CutSuffix(name, ".receipt.json")
		if !isReceipt {
			all = append(all, name)
			continue
		}
		var receipt struct{ Package, SHA256 string }
		text, err := os.ReadFile(filepath.Join(w.area, name))
		if err == nil {
			err = json.Unmarshal(text, &receipt)
		}
		if err != nil || receipt.Package != of || receipt.SHA256 != w.sum(of) {
			w.t.Fatalf("the receipt of %s isn't true: %v", of, err)
		}
	}
	return all
}

func (w *killWorld) sum(name string) string {
	w.t.Helper()
	text, err := os.ReadFile(filepath.Join(w.area, name))
	if err != nil {
		w.t.Fatal(err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// opens demands that gpg opens a package, that the region signed it, and that all of the archive is in it. A package that has its
// name never changes.
func (w *killWorld) opens(name string) {
	w.t.Helper()
	sum := w.sum(name)
	if before, seen := w.sums[name]; seen {
		if before != sum {
			w.t.Fatalf("%s has changed", name)
		}
		return
	}
	w.sums[name] = sum
	c := exec.Command("sh", "-c", `gpg --batch --status-fd 2 --decrypt "$1" > "$2"/archive && zstd -dc "$2"/archive | tar -t | tail -n 1; rm -f "$2"/archive`, "sh", filepath.Join(w.area, name), w.home)
	c.Env = append(os.Environ(), "GNUPGHOME="+w.home, "LC_ALL=C")
	var out, status bytes.Buffer
	c.Stdout, c.Stderr = &out, &status
	err := c.Run()
	for _, want := range []string{"[GNUPG:] GOODSIG ", "[GNUPG:] VALIDSIG " + w.region + " ", "[GNUPG:] DECRYPTION_OKAY", "[GNUPG:] GOODMDC"} {
		if !strings.Contains(status.String(), want) {
			w.t.Fatalf("%s: %v; gpg doesn't say %s:\n%s", name, err, want, status.String())
		}
	}
	if err != nil || strings.TrimSpace(out.String()) != "manifest.json" {
		w.t.Fatalf("%s: %v; the archive ends with %q", name, err, out.String())
	}
}

// ciphertext looks into every file that there is but the source, for what nobody may see.
func (w *killWorld) ciphertext() {
	w.t.Helper()
	for _, root := range []string{w.folder, w.area} {
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || e.Name() == "journal.db" {
				return err
			}
			text, err := os.ReadFile(path)
			if bytes.Contains(text, []byte("canary")) {
				w.t.Errorf("%s holds what must not lie there", path)
			}
			return err
		})
		if err != nil {
			w.t.Fatal(err)
		}
	}
	for _, folder := range []string{"spool", "tmp"} {
		if entries, err := os.ReadDir(w.path(folder)); err != nil || len(entries) > 0 {
			w.t.Errorf("%s holds %v, %v", folder, entries, err)
		}
	}
}

// age makes what a killed run left unfinished of yesterday: what is younger might be somebody's who is at work.
func (w *killWorld) age() {
	w.t.Helper()
	old := time.Now().Add(-24 * time.Hour)
	for _, e := range w.entries() {
		if strings.HasPrefix(e.Name(), ".") {
			if err := os.Chtimes(filepath.Join(w.area, e.Name()), old, old); err != nil {
				w.t.Fatal(err)
			}
		}
	}
}

// cleared demands that a folder holds packages with their receipts, and that the order's own holds nothing unfinished either.
func (w *killWorld) cleared(packages []string, last bool) {
	w.t.Helper()
	var want, got []string
	for _, name := range packages {
		want = append(want, name, name+".receipt.json")
	}
	for _, e := range w.entries() {
		got = append(got, e.Name())
	}
	if slices.Sort(want); !slices.Equal(got, want) {
		for _, e := range w.entries() {
			if info, err := e.Info(); err == nil {
				w.t.Logf("%s %d %s", info.Name(), info.Size(), info.ModTime())
			}
		}
		w.t.Fatalf("the provider's folder holds %q, want %q; it said %s", got, want, w.said.String())
	}
	for _, folder := range []string{".", deliver.StateFolder} {
		entries, err := os.ReadDir(w.path(folder))
		if err != nil {
			w.t.Fatal(err)
		}
		for _, e := range entries {
			// An anchor in the making is taken over with the next record, which this delivery may not have needed.
			if strings.Contains(e.Name(), "partial") && (last || e.Name() != "."+logName+".anchor"+durable.PartialMark) {
				w.t.Errorf("left in %s: %s", folder, e.Name())
			}
		}
	}
}

// fetched takes packages away, as the provider does.
func (w *killWorld) fetched(packages []string) {
	w.t.Helper()
	for _, name := range packages {
		path := filepath.Join(w.area, name)
		if err := errors.Join(os.Remove(path), os.Remove(path+".receipt.json")); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *killWorld) verified() {
	w.t.Helper()
	if out, err := w.command("log", "verify", "disclosure.log", "--key", "region.asc").CombinedOutput(); err != nil {
		w.t.Fatalf("%v: %s", err, out)
	}
}

// logged demands that the log verifies and says of every package that it was delivered, with its hash, once, and of nothing else;
// and what became of everything that began.
func (w *killWorld) logged() {
	w.t.Helper()
	w.verified()
	out, err := w.command("log", "show", "disclosure.log", "--order", "tallmo", "--json").Output()
	if err != nil {
		w.t.Fatal(err)
	}
	begun, delivered, ended := map[int64]bool{}, map[string]string{}, map[int64]string{}
	for line := range bytes.Lines(out) {
		var r disclosure.Record
		if err := json.Unmarshal(line, &r); err != nil || r.Disclosure == nil {
			w.t.Fatalf("%v: %s", err, line)
		}
		d := r.Disclosure
		if d.Outcome == disclosure.Started {
			begun[r.Sequence] = true
			continue
		}
		if d.Started == 0 && d.Outcome == disclosure.Failed {
			continue // killed when the state said that it begins, and the log didn't yet: nothing had been read
		}
		if !begun[d.Started] {
			w.t.Errorf("record %d says that delivery %d is %s %s, which didn't begin, or ended before: %q", r.Sequence, d.Started, d.Outcome, d.Code, ended[d.Started])
		}
		ended[d.Started] = fmt.Sprintf("record %d: %s %s", r.Sequence, d.Outcome, d.Code)
		delete(begun, d.Started)
		if d.Outcome != disclosure.Delivered {
			continue
		}
		if delivered[d.Package.Name] != "" {
			w.t.Errorf("%s was delivered twice", d.Package.Name)
		}
		delivered[d.Package.Name] = d.Package.SHA256
	}
	for name, sum := range w.sums {
		if delivered[name] != sum {
			w.t.Errorf("%s lay there, and the log says %q of it", name, delivered[name])
		}
	}
	if len(delivered) != len(w.sums) {
		w.t.Errorf("the log says that %d packages were delivered, and there were %d", len(delivered), len(w.sums))
	}
	if len(begun) > 0 {
		w.t.Errorf("the log doesn't say what became of %d deliveries", len(begun))
	}
}
