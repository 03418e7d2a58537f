package disclosure

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/durable"
)

// Options are what a writer needs.
type Options struct {
	// Signer signs; its public key must be among Keys.
	Signer Signer
	// Keys are trusted to have signed what is already there: after a change of key, the old one too.
	Keys []Verifier
	// Actor is who runs the program.
	Actor Actor
	// Tool names the program and its version: "utdrag 0.1.0".
	Tool string
	// Anchor is the path of the anchor file; "" is the log's with ".anchor" added.
	Anchor string
	// Now is the clock; nil is the system's.
	Now func() time.Time
	// Random is where a new log's id comes from; nil is crypto/rand.
	Random io.Reader
}

// Log is a log that is written to. It holds no file open between calls, and may be used by several goroutines: they
// wait for each other as processes do.
type Log struct {
	path, anchor string
	options      Options
	// step, in tests, is told of each step before it is taken, and may fail it.
	step func(string) error
}

func (l *Log) at(step string) error {
	if l.step == nil {
		return nil
	}
	return l.step(step)
}

func newLog(path string, o Options) (*Log, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, disk("finding the log", err)
	}
	switch {
	case !fileForm.MatchString(aside(filepath.Base(path), math.MaxInt64)):
		return nil, misuse(codeUsage, "letters, digits and . _ + -", "the log can't have that name")
	case o.Signer == nil:
		return nil, misuse(codeUsage, "give the region's private key", "the log can't be written without a key to sign with")
	case find(o.Keys, o.Signer.Fingerprint()) == nil:
		return nil, misuse(codeUsage, "give the signer's public key among the trusted ones", "the signer's own key isn't trusted")
	}
	c := &checks{}
	o.Actor.check(c)
	if c.err != nil {
		return nil, c.err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Anchor == "" {
		o.Anchor = path + ".anchor"
	}
	anchor, err := filepath.Abs(o.Anchor)
	if err != nil {
		return nil, disk("finding the anchor", err)
	}
	return &Log{path: path, anchor: anchor, options: o}, nil
}

// Create makes a log with its first record. It refuses if a file of its name or of its anchor's exists: a log that is
// gone is not begun anew by mistake. A crash in the middle can leave an anchor without a log, to be removed by hand.
func Create(path string, o Options) (*Log, error) {
	l, err := newLog(path, o)
	if err != nil {
		return nil, err
	}
	return l, l.create()
}

func (l *Log) create() error {
	for _, p := range []string{l.path, l.anchor} {
		if _, err := os.Lstat(p); err == nil {
			return misuse(codeExists, "open the log that is there; if a log is missing beside its anchor, find out why", "%s exists", filepath.Base(p))
		} else if !errors.Is(err, fs.ErrNotExist) {
			return disk("making the log", err)
		}
	}
	var id [16]byte
	if _, err := io.ReadFull(l.options.Random, id[:]); err != nil {
		return failure(codeDisk, diag.External, "", err, "drawing the log's id")
	}
	first := &Record{Log: hex.EncodeToString(id[:]), Sequence: 1, Previous: noPrevious, Opened: &Opened{Tool: l.options.Tool}}
	line, err := l.finish(first)
	if err != nil {
		return err
	}
	more := "-" + hex.EncodeToString(id[:6])
	temporary := hidden(l.path, more)
	f, err := os.OpenFile(temporary, os.O_RDWR|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o640)
	if err != nil {
		return disk("making the log", err)
	}
	defer f.Close()
	defer func() { _ = os.Remove(temporary) }()
	if err := l.write(f, 0, line); err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return disk("making the log", err)
	}
	// The anchor first: a log without one is then never legal, and one cut to its first record with its anchor removed
	// isn't taken for a log whose maker crashed. Links, unlike renames, replace nothing.
	if err := l.makeAnchor(first, digest(line), info.Mode(), hidden(l.anchor, more), os.Link); err != nil {
		return err
	}
	if err = l.at("log link"); err == nil {
		err = os.Link(temporary, l.path)
	}
	if err != nil {
		_ = os.Remove(l.anchor) // ours, of a log that never was
		return disk("giving the log its name", err)
	}
	return disk("giving the log its name", durable.SyncFolder(filepath.Dir(l.path)))
}

// Open makes ready to append to a log that exists. It is looked at closely when something is appended.
func Open(path string, o Options) (*Log, error) {
	l, err := newLog(path, o)
	if err != nil {
		return nil, err
	}
	if _, err := os.Lstat(l.path); err != nil {
		return nil, absent(err)
	}
	return l, nil
}

func absent(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return failure(codeAbsent, diag.Misuse, "create it once, or find out where it went", err, "there is no such log")
	}
	return disk("opening the log", err)
}

// Append writes d as the log's next record. When it returns nil the record and its anchor are on the disk. When it
// returns an error nothing may be disclosed: the record may be there (code UD236 says that it is) or not.
func (l *Log) Append(ctx context.Context, d Disclosure) (*Record, error) {
	// Before anything is waited for: what can't be logged is known at once.
	c := &checks{}
	if d.check(c); c.err != nil {
		return nil, c.err
	}
	f, err := l.lock(ctx)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	end, err := l.end(f)
	if err != nil {
		return nil, err
	}
	if err := l.noneAside(end.last.Sequence + 1); err != nil {
		return nil, err
	}
	return l.append(f, end, &Record{Disclosure: &d})
}

// append writes r after the end.
func (l *Log) append(f *os.File, end *end, r *Record) (*Record, error) {
	r.Log, r.Sequence, r.Previous = end.last.Log, end.last.Sequence+1, end.hash
	line, err := l.finishAfter(end.last, r)
	if err != nil {
		return nil, err
	}
	if err := l.write(f, end.size, line); err != nil {
		return nil, err
	}
	if err := l.at("record synced"); err != nil {
		return nil, halfDone(disk("writing the anchor", err))
	}
	if err := l.writeAnchor(r, digest(line), end.mode); err != nil {
		return nil, halfDone(err)
	}
	return r, nil
}

func halfDone(err error) error {
	if err == nil {
		return nil
	}
	return failure(codeHalfDone, diag.External, "mend what is wrong with the anchor's folder; the next append anchors the record", err,
		"the record is in the log, but its anchor wasn't written")
}

// write appends the line, which is all that a crash can tear, and makes it durable.
func (l *Log) write(f *os.File, size int64, line []byte) error {
	err := l.at("record write")
	n := 0
	if err == nil {
		n, err = f.Write(append(line, '\n'))
	}
	if err != nil {
		// What was written of a record that wasn't is taken back, under the lock. If that fails too, the next writer finds it.
		if n > 0 {
			_ = f.Truncate(size)
		}
		return disk("writing to the log", err)
	}
	if err = l.at("record written"); err == nil {
		err = f.Sync()
	}
	return disk("writing to the log", err)
}

// finish completes and signs a record, and reads it as verify would before it is written.
func (l *Log) finish(r *Record) ([]byte, error) { return l.finishAfter(nil, r) }

func (l *Log) finishAfter(last, r *Record) ([]byte, error) {
	now := l.options.Now().UTC().Truncate(time.Millisecond)
	r.Format, r.Time, r.Actor, r.Signer = Format, now.Format(timeForm), l.options.Actor, l.options.Signer.Fingerprint()
	r.ClockBack = last != nil && r.Time < last.Time
	if err := r.check(); err != nil {
		return nil, err
	}
	line, err := l.sign(r, &r.Signature, now)
	if err != nil {
		return nil, err
	}
	if len(line) >= maxLine {
		return nil, refused(codeLong, "", "the record is longer than %d bytes", maxLine)
	}
	_, _, err = decodeRecord(line)
	return line, err
}

// sign encodes document with its signature, which lies in it at the place given, and checks it with the trusted keys.
func (l *Log) sign(document any, signature *[]byte, at time.Time) ([]byte, error) {
	body, err := encode(document)
	if err == nil {
		*signature, err = l.options.Signer.Sign(body, at)
	}
	if err == nil {
		err = checkSignature(l.options.Keys, l.options.Signer.Fingerprint(), body, *signature, at)
	}
	if err != nil {
		return nil, failure(codeSign, diag.Misuse, "use a key that can sign today, and set the clock right", nil,
			"the key %s can't sign the log now", l.options.Signer.Fingerprint())
	}
	return encode(document)
}
