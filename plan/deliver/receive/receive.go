package receive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/utdrag/utdrag/internal/durable"
	"github.com/utdrag/utdrag/plan/deliver/sink"
	"github.com/utdrag/utdrag/plan/pack"
	"github.com/utdrag/utdrag/plan/run"
)

// From is where a package lies: a File of this machine, or a Store.
type From struct {
	File string
	// Store is asked for the package called Name, or for its newest one.
	Store sink.Store
	Name  string
}

// Options of a reception. Provider, Keys and State must be given.
type Options struct {
	// Provider is the HSA-id for which a package must have been made.
	Provider string
	// Order is the order that it must answer; "" for any.
	Order string
	// Keys hold the private key that it was sealed for, and the sender whose signature is demanded.
	Keys   pack.Keys
	Limits pack.Limits
	// State is the path of the file that says what was received.
	State string
	// AllowOlder loads what was received before, what is older than what was received, and what doesn't say when it was made.
	AllowOlder bool
	// Replace puts the copy in the place of the one that is at the target. Disconnect and Patience are those of [run.ReplaceOptions].
	Replace, Disconnect bool
	Patience            time.Duration
	// Spool is the folder for ciphertext that is fetched; "" for the system's own for temporary files.
	Spool string
	// Now is the clock; nil is the system's.
	Now func() time.Time
	// Progress is told how loading goes; nil for silence.
	Progress run.Progress
}

func (o *Options) check(from From, target string) error {
	switch {
	case o.Provider == "" || o.State == "" || target == "":
		return misuse(codeUsage, "", "a package is received for a provider, into a database, with a state")
	case len(o.Keys.Secrets) == 0 || o.Keys.Sender == nil:
		return misuse(codeUsage, "the sender's public key tells who made a package; have its fingerprint confirmed by another way than the package came", "a package is received with a private key and by the signature of a known sender")
	case (from.File == "") == (from.Store == nil) || from.File != "" && from.Name != "":
		return misuse(codeUsage, "", "a package lies in a file or in a folder, not in both")
	case o.Replace && strings.Contains(target, timePlace):
		return misuse(codeUsage, "write the name that readers know, without "+timePlace, "a copy that replaces another can't have a name with a time")
	case o.Disconnect && !o.Replace:
		return misuse(codeUsage, "", "only where a copy is replaced are there sessions to end")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return nil
}

// timePlace in a target's URL stands for the time that the package bears.
const timePlace = "{time}"

// Report says what was received.
type Report struct {
	Entry
	Units []string `json:"units,omitempty"`
	// Signer is the fingerprint of the key that signed it.
	Signer string `json:"signer"`
	// Replaced is set where a copy was put in the place of another, which is kept as Previous.
	Replaced bool   `json:"replaced"`
	Previous string `json:"previous,omitempty"`
	// Copy is what was loaded, and which checks were made.
	Copy *run.Report `json:"copy"`
	// Remarks say what was allowed, and what else a reader should know.
	Remarks []string `json:"remarks,omitempty"`
	// Target is the URL that it was loaded into. It may hold a password.
	Target string `json:"-"`
}

// Receive takes a package, is convinced of it, loads it into the database that the URL target names, and says what it did. In
// target, {time} stands for the time that the package bears, as 20261122t140000z. On error nothing of the package is left, and
// a copy that was to be replaced is where it was.
func Receive(ctx context.Context, from From, target string, o Options) (report *Report, err error) {
	if err := o.check(from, target); err != nil {
		return nil, err
	}
	b, err := openBook(o.State)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	source, name, remove, err := o.take(ctx, from, b.state)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, disk(codeSpool, "removing the fetched ciphertext", remove())) }()
	p, entry, err := o.open(ctx, source, name)
	if err != nil {
		return nil, err
	}
	j := &judge{options: o, state: b.state, now: entry.Received}
	if err := j.weigh(p.Manifest(), entry); err != nil {
		return nil, err
	}
	if o.Replace && o.Order == "" {
		if err := j.outdated(entry); err != nil {
			return nil, err
		}
	}
	j.remark(b)
	if strings.Contains(target, timePlace) {
		if entry.Order == (pack.Order{}) {
			return nil, refused(codeUndated, "write a name without "+timePlace, "the package doesn't say when it was made, and the target's name asks for it")
		}
		target = strings.ReplaceAll(target, timePlace, strings.ToLower(entry.Order.At().Format("20060102T150405Z")))
	}
	at := b.begin(*entry)
	if err := b.save(); err != nil {
		return nil, err
	}
	report = &Report{Units: p.Manifest().Units, Signer: p.Signature().Fingerprint, Remarks: j.remarks, Target: target}
	if err := o.load(ctx, p, target, report); err != nil {
		return nil, err
	}
	b.state.Packages[at].Loaded = o.now()
	report.Entry = b.state.Packages[at]
	return report, b.save()
}

func (o *Options) now() time.Time { return o.Now().UTC().Truncate(time.Second) }

func (o *Options) load(ctx context.Context, p *pack.Package, target string, r *Report) (err error) {
	options := run.LoadOptions{Progress: o.Progress}
	if !o.Replace {
		r.Copy, err = run.Load(ctx, p, target, options)
		return err
	}
	copied, replaced, err := run.Replace(ctx, p, target, run.ReplaceOptions{LoadOptions: options, Disconnect: o.Disconnect, Patience: o.Patience})
	if err != nil {
		return err
	}
	r.Copy, r.Replaced, r.Previous = copied, true, replaced.Previous
	return nil
}

// begin writes down that a package is about to be loaded, and returns its place. One that was begun before keeps its place.
func (b *book) begin(e Entry) int {
	for i, p := range b.state.Packages {
		if p.SHA256 == e.SHA256 && p.Loaded.IsZero() {
			b.state.Packages[i] = e
			return i
		}
	}
	b.state.Packages = append(b.state.Packages, e)
	return len(b.state.Packages) - 1
}

// outdated refuses a package of one order in the place of a copy that a package of another order, made later, may have brought: each
// order has a time of its own, but a copy has not. Whoever names the order says which one's packages belong there.
func (j *judge) outdated(e *Entry) error {
	for _, p := range j.state.Packages {
		if p.Provider == e.Provider && p.Order.ID != e.Order.ID && p.Order != (pack.Order{}) && e.Order != (pack.Order{}) && p.Order.At().After(e.Order.At()) {
			return j.allow(codeOlder, "name the order whose packages belong in this copy with --order; --allow-older loads this one",
				"the package was made on %s, and one of another order that was made on %s was received: it may be the copy that this one would replace",
				e.Order.Created, p.Order.Created)
		}
	}
	return nil
}

// remark tells what a reader should know of the state.
func (j *judge) remark(b *book) {
	if b.fresh {
		j.remarks = append(j.remarks, "this is the first package of this state: there was none to compare it with")
	}
	if n := len(b.state.Packages); n > 0 && j.now.Before(b.state.Packages[n-1].Received) {
		j.remarks = append(j.remarks, "this machine's clock is behind the last reception's: it was set back, or the other one's was ahead")
	}
}

// open verifies the package.
func (o *Options) open(ctx context.Context, source *os.File, name string) (*pack.Package, *Entry, error) {
	first := &digest{ctx: ctx, file: source, hash: sha256.New()}
	p, err := pack.Open(first, o.Keys, o.Limits)
	if err != nil {
		return nil, nil, err
	}
	e := &Entry{Package: name, Bytes: first.n, SHA256: hex.EncodeToString(first.hash.Sum(nil)), Provider: p.Manifest().Provider, Order: p.Manifest().Order, Received: o.now()}
	first.hash = nil // what is read again is held against the manifest
	e.Manifest, err = manifestHash(p.Manifest())
	return p, e, err
}

// digest is a file that is hashed while it is verified, which reads it from its first byte to its last, and that stops being
// read when the context ends.
type digest struct {
	ctx  context.Context
	file *os.File
	hash interface {
		io.Writer
		Sum([]byte) []byte
	}
	n int64
}

func (d *digest) Read(p []byte) (int, error) {
	if err := d.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := d.file.Read(p)
	if d.hash != nil {
		d.hash.Write(p[:n])
		d.n += int64(n)
	}
	return n, err
}

func (d *digest) Seek(offset int64, whence int) (int64, error) { return d.file.Seek(offset, whence) }

// take opens the package's file, or fetches it into one of our own.
func (o *Options) take(ctx context.Context, from From, state *State) (f *os.File, name string, remove func() error, err error) {
	if from.File != "" {
		// A pipe can't be read twice, and opening one waits for somebody who writes.
		if info, err := os.Stat(from.File); err == nil && !info.Mode().IsRegular() {
			return nil, "", nil, misuse(codeFile, "save it as a file first", "the package is no file")
		}
		f, err := os.Open(from.File)
		if err != nil {
			return nil, "", nil, disk(codeFile, "opening the package", err)
		}
		if name = filepath.Base(from.File); !printable(name) {
			return nil, "", nil, errors.Join(misuse(codeFile, "rename it", "the package's file has a name that can't be written down"), f.Close())
		}
		return f, name, f.Close, nil
	}
	item, err := pick(ctx, from)
	if err != nil {
		return nil, "", nil, err
	}
	if err := o.known(item, state); err != nil {
		return nil, "", nil, err
	}
	f, remove, err = durable.Spool(o.Spool)
	if err != nil {
		return nil, "", nil, disk(codeSpool, "making a file for the fetched ciphertext", err)
	}
	_, err = from.Store.Fetch(ctx, item.Name, spoolWriter{f})
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, "", nil, errors.Join(disk(codeSpool, "reading the fetched ciphertext", err), remove())
	}
	return f, item.Name, remove, nil
}

// spoolWriter tells the spool's errors from the line's.
type spoolWriter struct{ f *os.File }

func (w spoolWriter) Write(p []byte) (int, error) {
	n, err := w.f.Write(p)
	return n, disk(codeSpool, "keeping the fetched ciphertext", err)
}

// pick finds the named package, or the newest. Where packages have receipts, what has none is none.
func pick(ctx context.Context, from From) (sink.Item, error) {
	items, err := from.Store.List(ctx)
	if err != nil {
		return sink.Item{}, err
	}
	for _, receipt := range []bool{true, false} {
		for _, item := range items {
			if from.Name != "" && item.Name == from.Name || from.Name == "" && item.HasReceipt == receipt {
				return item, nil
			}
		}
	}
	if from.Name != "" {
		return sink.Item{}, misuse(codeNothing, "list the folder, and check the name", "there is no package of that name")
	}
	return sink.Item{}, refused(codeNothing, "wait for the sender, or check the folder", "there is no package")
}

// known refuses a package by its name and size where it would be refused when it has been fetched. Nothing is believed of it
// otherwise.
func (o *Options) known(item sink.Item, state *State) error {
	if o.AllowOlder {
		return nil
	}
	for _, e := range state.Packages {
		if e.Package == item.Name && e.Bytes == item.Size && !e.Loaded.IsZero() {
			return refused(codeReplay, "wait for the next one, or load it again with --allow-older", "package %s was received and loaded before, on %s", item.Name, e.Received.Format(time.RFC3339))
		}
	}
	return nil
}
