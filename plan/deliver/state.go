package deliver

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/durable"
	"github.com/utdrag/utdrag/plan/deliver/disclosure"
	"github.com/utdrag/utdrag/plan/deliver/order"
	"github.com/utdrag/utdrag/plan/deliver/sink"
	"github.com/utdrag/utdrag/plan/run"
)

// StateFolder is the name of the folder, beside the orders, that their states and locks are in.
const StateFolder = ".utdrag-state"

const (
	stateFormat = 1
	maxState    = 16 << 20
)

// State is what is remembered of an order from one delivery to the next. It holds nothing about a patient but how many rows each
// table has.
type State struct {
	Format    int        `json:"utdrag_state"` // 1
	Order     string     `json:"order"`        // its id
	Provider  string     `json:"provider"`     // HSA-id
	Delivered *Delivered `json:"delivered,omitempty"`
	Held      *Held      `json:"held,omitempty"`
	Begun     *Begun     `json:"begun,omitempty"`
}

// Delivered is the last delivery that was completed.
type Delivered struct {
	Begun    time.Time          `json:"begun"` // UTC, whole seconds, as all times here
	Finished time.Time          `json:"finished"`
	Record   int64              `json:"record,omitempty"` // in the disclosure log: that it began; 0 if a new log was begun meanwhile
	Plan     string             `json:"plan"`
	Package  disclosure.Package `json:"package"`
	Tables   []run.Rows         `json:"tables"`
}

// Held is a delivery that waits for somebody's word.
type Held struct {
	// Hash names it: see [Options.Confirm].
	Hash   string     `json:"hash"`
	Since  time.Time  `json:"since"`
	Order  string     `json:"order_hash"`
	Plan   string     `json:"plan"`
	Tables []run.Rows `json:"tables"`
}

// Begun is a delivery under way, or one that was killed.
type Begun struct {
	At        time.Time `json:"at"`
	Package   string    `json:"package"` // its name
	OrderHash string    `json:"order_hash"`
	// Record is the number of the record that says that it began; 0 until that is written.
	Record  int64  `json:"record,omitempty"`
	Map     string `json:"map,omitempty"`
	Catalog string `json:"catalog,omitempty"`
	Plan    string `json:"plan,omitempty"`
	// Tables are set when all of it was sealed and verified, before it gets its name.
	Tables []run.Rows `json:"tables,omitempty"`
	// Failed is set where the log says already that it failed, and the package may have got its name nevertheless: the answer of the
	// recipient's server was lost.
	Failed bool `json:"failed,omitempty"`
}

func stateFile(o *order.Order) string {
	return filepath.Join(stateFolder(o), o.ID+".json")
}

func stateFolder(o *order.Order) string { return filepath.Join(filepath.Dir(o.File()), StateFolder) }

// LoadState reads an order's state. An order without one was never delivered. What isn't to the byte what was written is refused.
func LoadState(o *order.Order) (*State, error) {
	text, err := readFile(stateFile(o), maxState)
	if errors.Is(err, fs.ErrNotExist) {
		return fresh(o), nil
	}
	if err != nil && !errors.Is(err, fs.ErrInvalid) { // a pipe, or larger than any state
		return nil, unreadableState(o, err)
	}
	s, err := readState(text)
	if err == nil && s.Order != o.ID {
		err = errNoState
	}
	if err != nil {
		return nil, misuse(codeState, "compare it with what the disclosure log says of the order's last delivery, and restore it from a backup; without the file, the order counts as never delivered: it is due at once, and not held",
			"the state of the order %s is damaged, or not its own", o.ID)
	}
	if s.Delivered == nil && s.Held == nil && s.Begun == nil {
		return fresh(o), nil // nothing came of an earlier one
	}
	if s.Provider != o.Provider.HSAID {
		return nil, misuse(codeState, "give the order an id of its own; or, if this is the same care provider under a new HSA-id, move the state away: the order then counts as never delivered",
			"the state of the order %s is of an order for another care provider", o.ID)
	}
	return s, nil
}

func fresh(o *order.Order) *State {
	return &State{Format: stateFormat, Order: o.ID, Provider: o.Provider.HSAID}
}

func unreadableState(o *order.Order, err error) error {
	return external(codeStateDisk, "", err, "the state of the order %s can't be read", o.ID)
}

var errNoState = errors.New("not a state")

// readState reads what encode writes, and nothing else: so no member comes twice, and none is unknown.
func readState(text []byte) (*State, error) {
	s := &State{}
	if len(text) > maxState || json.Unmarshal(text, s) != nil {
		return nil, errNoState
	}
	again, err := s.encode()
	if err != nil || !bytes.Equal(again, text) || !s.sound() {
		return nil, errNoState
	}
	return s, nil
}

func (s *State) encode() ([]byte, error) {
	text, err := json.MarshalIndent(s, "", "  ")
	return append(text, '\n'), err
}

func (s *State) sound() bool {
	ok := s.Format == stateFormat && s.Order != "" && s.Provider != ""
	if d := s.Delivered; d != nil {
		ok = ok && isTime(d.Begun) && isTime(d.Finished) && d.Record >= 0 && isHash(d.Plan) && isTables(d.Tables) &&
			sink.CheckName(d.Package.Name) == nil && isHash("sha256:"+d.Package.SHA256) && d.Package.Size > 0
	}
	if h := s.Held; h != nil {
		ok = ok && s.Delivered != nil && isTime(h.Since) && isHash(h.Hash) && isHash(h.Order) && isHash(h.Plan) && isTables(h.Tables)
	}
	if b := s.Begun; b != nil {
		ok = ok && isTime(b.At) && sink.CheckName(b.Package) == nil && isHash(b.OrderHash) && b.Record >= 0
		for _, hash := range []string{b.Map, b.Catalog, b.Plan} {
			ok = ok && (isHash(hash) || hash == "")
		}
		if b.Tables != nil {
			ok = ok && isTables(b.Tables) && b.Record > 0 && b.Map != "" && b.Catalog != "" && b.Plan != ""
		}
		ok = ok && (!b.Failed || b.Tables != nil)
	}
	return ok
}

func isTime(t time.Time) bool {
	return t.Location() == time.UTC && t.Nanosecond() == 0 && t.Year() >= 2000 && t.Year() <= 9999
}

func isHash(text string) bool {
	digits, ok := strings.CutPrefix(text, "sha256:")
	sum, err := hex.DecodeString(digits)
	return ok && err == nil && len(sum) == 32 && hex.EncodeToString(sum) == digits
}

func isTables(tables []run.Rows) bool {
	seen := map[catalog.Name]bool{}
	for _, t := range tables {
		if t.Table.Table == "" || t.Rows < 0 || t.Rows > maxRows || seen[t.Table] {
			return false
		}
		seen[t.Table] = true
	}
	return len(tables) > 0
}

// save replaces an order's state, whole and durably.
func (s *State) save(o *order.Order) error {
	text, err := s.encode()
	if err == nil && !s.sound() {
		err = errNoState
	}
	if err == nil {
		err = durable.Replace(stateFile(o), text) // who delivers the order holds its lock
	}
	if err != nil {
		return external(codeStateDisk, "nothing is delivered that can't be remembered: see to the disk", err, "the state of the order %s can't be written", o.ID)
	}
	return nil
}

// rowsOf are a report's counts.
func rowsOf(r *run.Report) []run.Rows {
	rows := make([]run.Rows, len(r.Tables))
	for i, t := range r.Tables {
		rows[i] = run.Rows{Table: t.Name, Rows: t.Rows}
	}
	return rows
}

func logged(rows []run.Rows) []disclosure.Table {
	tables := make([]disclosure.Table, len(rows))
	for i, r := range rows {
		tables[i] = disclosure.Table{Name: r.Table, Rows: r.Rows}
	}
	return slices.Clip(tables)
}

// bare is what the operating system said, without a file's name.
func bare(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		return e.Err
	}
	return err
}
