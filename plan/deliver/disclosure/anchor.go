package disclosure

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/utdrag/utdrag/internal/durable"
)

// Anchor says how far a log has come: what is cut from its end is missed by it. The one beside the log is renewed by
// each append. A copy of it kept elsewhere, of whatever age, bears witness for ever.
type Anchor struct {
	Format   int    `json:"disclosure_anchor"`
	Log      string `json:"log"`
	Sequence int64  `json:"sequence"`
	// SHA256 is of the record's line, its newline included.
	SHA256 string `json:"sha256"`
	// Time is the record's.
	Time string `json:"time"`
	// Signer and Signature are as in a record. They keep one who can write to both files from making an anchor that fits a
	// log he has cut; one that he has saved from that time fits it, and only a copy elsewhere tells.
	Signer    string `json:"signer"`
	Signature []byte `json:"signature,omitempty"`
}

// maxAnchor is larger than any anchor.
const maxAnchor = 64 << 10

// ReadAnchor reads an anchor file and checks its form and its signature.
func ReadAnchor(r io.Reader, keys []Verifier) (*Anchor, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxAnchor+1))
	if err != nil {
		return nil, disk("reading the anchor", err)
	}
	unfit := func(what string) error {
		return refused(codeAnchor, "hold the log against a copy of the anchor that is kept elsewhere", "the anchor %s", what)
	}
	line, ok := bytes.CutSuffix(text, []byte("\n"))
	if !ok || len(text) > maxAnchor {
		return nil, unfit("isn't one line")
	}
	a := &Anchor{}
	if err := decode(line, a); err != nil {
		return nil, unfit("isn't readable")
	}
	if a.Format != Format || !isHex(a.Log, lowerHex, 32) || a.Sequence < 1 || !isSHA256(a.SHA256) || !isTime(a.Time) || !isFingerprint(a.Signer) {
		return nil, unfit("has a field that breaks its rule")
	}
	at, _ := parseTime(a.Time)
	if checkSignature(keys, a.Signer, unsigned(line, a.Signature), a.Signature, at) != nil {
		return nil, unfit("isn't signed by a key that is trusted here")
	}
	return a, nil
}

// loadAnchor reads the anchor of a file; nil if there is none.
func loadAnchor(path string, keys []Verifier) (*Anchor, error) {
	f, err := openPlain(path, os.O_RDONLY)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, disk("opening the anchor", err)
	}
	defer f.Close()
	return ReadAnchor(f, keys)
}

// writeAnchor replaces the anchor. The caller holds the log's lock, so the temporary name is its own; one that a killed
// process left is taken over.
func (l *Log) writeAnchor(r *Record, hash string, mode fs.FileMode) error {
	return l.makeAnchor(r, hash, mode, hidden(l.anchor, ""), os.Rename)
}

// makeAnchor gives the anchor, which has the log's mode, its name by place.
func (l *Log) makeAnchor(r *Record, hash string, mode fs.FileMode, temporary string, place func(from, to string) error) error {
	a := &Anchor{Format: Format, Log: r.Log, Sequence: r.Sequence, SHA256: hash, Time: r.Time, Signer: l.options.Signer.Fingerprint()}
	text, err := l.sign(a, &a.Signature, r.At())
	if err != nil {
		return err
	}
	return disk("writing the anchor", l.put(temporary, l.anchor, append(text, '\n'), mode, place))
}

// hidden is the name of a file in the making.
func hidden(path, more string) string {
	return filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+durable.PartialMark+more)
}

// put writes a file under its temporary name, makes it durable, and gives it its name: by os.Rename over what is there,
// by os.Link only if nothing is.
func (l *Log) put(temporary, path string, content []byte, mode fs.FileMode, place func(from, to string) error) error {
	if err := os.Remove(temporary); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := l.at("anchor create"); err != nil {
		return err
	}
	f, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode.Perm())
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temporary) }() // after a rename it is gone already
	_, err = f.Write(content)
	if err == nil {
		err = l.at("anchor written")
	}
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = place(temporary, path)
	}
	if err == nil {
		err = l.at("anchor renamed")
	}
	if err == nil {
		err = durable.SyncFolder(filepath.Dir(path))
	}
	return err
}
