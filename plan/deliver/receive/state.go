package receive

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/utdrag/utdrag/internal/durable"
	"github.com/utdrag/utdrag/plan/pack"
)

// State is what was received, in the order in which it came.
type State struct {
	Format   int     `json:"utdrag_received"` // 1
	Packages []Entry `json:"packages"`
}

// Entry is one package that was received.
type Entry struct {
	Package string `json:"package"` // the file's name
	Bytes   int64  `json:"bytes"`
	SHA256  string `json:"sha256"` // of the ciphertext: hex, lowercase
	// Manifest is the SHA-256 of the manifest: what is sealed again has other ciphertext.
	Manifest string `json:"manifest"`
	Provider string `json:"provider"`
	// Order is what the signed manifest says of it.
	Order pack.Order `json:"order,omitzero"`
	// Received and Loaded are by this machine's clock: UTC, whole seconds. Without Loaded, loading was begun.
	Received time.Time `json:"received"`
	Loaded   time.Time `json:"loaded,omitzero"`
}

const (
	stateFormat = 1
	maxState    = 64 << 20
)

// Encode returns the state's JSON.
func (s *State) Encode() ([]byte, error) {
	if !s.sound() {
		return nil, misuse(codeState, "", "the state lacks something or holds what it can't say")
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(s); err != nil {
		return nil, misuse(codeState, "", "the state can't be written")
	}
	return b.Bytes(), nil
}

func (s *State) sound() bool {
	if s.Format != stateFormat || s.Packages == nil {
		return false
	}
	for _, e := range s.Packages {
		if !e.sound() {
			return false
		}
	}
	return true
}

func (e *Entry) sound() bool {
	return printable(e.Package) && e.Bytes > 0 && isHash(e.SHA256) && isHash(e.Manifest) && printable(e.Provider) &&
		(e.Order == pack.Order{} || e.Order.Sequence > 0 && printable(e.Order.ID) && e.Order.At().Format(time.RFC3339) == e.Order.Created) &&
		printable(cmp.Or(e.Order.Hash, "-")) && whole(e.Received) && (e.Loaded.IsZero() || whole(e.Loaded))
}

func printable(s string) bool {
	return s != "" && len(s) <= 1024 && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

func isHash(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == 32 && s == strings.ToLower(s)
}

func whole(t time.Time) bool {
	return t.Location() == time.UTC && t.Nanosecond() == 0 && t.Year() >= 2000 && t.Year() <= 9999
}

// ReadState reads a state. Only what Encode wrote is one, to the byte: a state that was cut off, edited or mixed with another is
// refused.
func ReadState(r io.Reader) (*State, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxState+1))
	if err != nil {
		return nil, disk(codeState, "reading the state", err)
	}
	bad := refused(codeCorrupt, "put its backup in its place; without it nobody can tell a replay, so move it away only when you have compared the package's order and time with what you have received",
		"the state isn't as utdrag wrote it")
	s := &State{}
	if len(text) > maxState || json.Unmarshal(text, s) != nil {
		return nil, bad
	}
	if again, err := s.Encode(); err != nil || !bytes.Equal(again, text) {
		return nil, bad
	}
	return s, nil
}

// book is the state's file, locked.
type book struct {
	path  string
	lock  *os.File
	state *State
	fresh bool // there was none
}

// openBook locks and reads the state. The lock is on a file beside it, because the state's own is replaced.
func openBook(path string) (*book, error) {
	lock, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, disk(codeState, "locking the state", err)
	}
	b := &book{path: path, lock: lock}
	if err := b.open(); err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

func (b *book) open() error {
	locked, err := durable.TryLock(b.lock, true)
	if err != nil {
		return disk(codeState, "locking the state", err)
	}
	if !locked {
		return refused(codeBusy, "wait for it to end", "another run is receiving with the same state")
	}
	f, err := os.Open(b.path)
	if errors.Is(err, fs.ErrNotExist) {
		b.state, b.fresh = &State{Format: stateFormat, Packages: []Entry{}}, true
		return nil
	}
	if err != nil {
		return disk(codeState, "reading the state", err)
	}
	defer f.Close()
	b.state, err = ReadState(f)
	return err
}

// save replaces the state's file.
func (b *book) save() error {
	text, err := b.state.Encode()
	if err != nil {
		return err
	}
	return disk(codeState, "writing the state", durable.Replace(b.path, text))
}

func (b *book) close() error { return disk(codeState, "closing the state", b.lock.Close()) }
