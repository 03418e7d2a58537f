package disclosure

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/durable"
)

// Verification is what a log is held against.
type Verification struct {
	// Name is what findings call the log.
	Name string
	// Keys are trusted to have signed records and anchors; at least one.
	Keys []Verifier
	// Anchor is the one beside the log. Without one, a cut tail can't be found, and a warning says so.
	Anchor *Anchor
	// Beside says that Anchor was looked for beside the log: if it is missing, that is refused.
	Beside bool
	// Witnesses are anchors of the same log that were kept elsewhere, of whatever age.
	Witnesses []*Anchor
}

// Report is what verify found.
type Report struct {
	// Log is the log's id, as its first line has it.
	Log string `json:"log"`
	// Records counts the lines that could be read as records, Last is the highest number among them, and SHA256 is of the
	// last line.
	Records int64  `json:"records"`
	Last    int64  `json:"last"`
	SHA256  string `json:"sha256"`
	// From and To are the first and the last record's time.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	// Findings are in the order of the lines, at most 100 and then one that says how many more there are.
	Findings diag.List `json:"findings"`
}

const maxFindings = 100

// VerifyFile verifies a log beside its anchor; anchor "" is the log's path with ".anchor" added. Writers wait only while
// the anchor is read: how far the log had come then is what is verified.
func VerifyFile(ctx context.Context, path, anchor string, v Verification) (*Report, error) {
	f, err := openPlain(path, os.O_RDONLY)
	if err != nil {
		return nil, absent(err)
	}
	defer f.Close()
	if err := plain(f); err != nil {
		return nil, err
	}
	if err := waitLock(ctx, f, false); err != nil {
		return nil, err
	}
	if anchor == "" {
		anchor = path + ".anchor"
	}
	a, unreadable := loadAnchor(anchor, v.Keys)
	info, err := f.Stat()
	if err != nil {
		return nil, disk("reading the log", err)
	}
	if err := durable.Unlock(f); err != nil {
		return nil, disk("unlocking the log", err)
	}
	if diag.CodeOf(unreadable) == codeDisk {
		return nil, unreadable
	}
	v.Anchor, v.Beside = a, unreadable == nil
	if v.Name == "" {
		v.Name = filepath.Base(path)
	}
	report, err := Verify(io.NewSectionReader(f, 0, info.Size()), v)
	if err != nil {
		return nil, err
	}
	// Everything that a reader of a torn log should know is in the report, the interrupted repair too.
	s := &survey{v: v, report: report, first: len(report.Findings) == 0}
	if unreadable != nil {
		s.find(0, unreadable)
	}
	if _, err := os.Lstat(aside(path, report.Last+1)); err == nil {
		s.find(0, refused(codeInterrupted, "repair the log again: it goes on where it was interrupted", "a repair of the log was interrupted"))
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, disk("looking for a torn piece", err)
	}
	return report, nil
}

// Verify reads a log to its end and holds each record against its form, its rules, its signature and the record before
// it, and the end against the anchors. What is wrong with the log is in the report; an error says that it couldn't be
// read, or that a key is missing. It holds one line at a time.
func Verify(r io.Reader, v Verification) (*Report, error) {
	if len(v.Keys) == 0 {
		return nil, misuse(codeUsage, "give the region's public key", "the log can't be verified without a trusted key")
	}
	s := &survey{v: v, report: &Report{Findings: diag.List{}}, previous: noPrevious, matched: make(map[*Anchor]bool)}
	in := newLines(r)
	for {
		line, err := in.read()
		switch {
		case err == io.EOF:
			s.finish()
			return s.report, nil
		case err == errNoNewline:
			s.find(in.number, tornLine())
		case err == errLineLong:
			s.find(in.number, refused(codeLong, "", "the line is longer than %d bytes", maxLine))
			s.passed(in.hash)
		case err != nil:
			return nil, disk("reading the log", err)
		default:
			s.record(in.number, line, in.hash)
		}
	}
}

// survey is the state of one reading.
type survey struct {
	v        Verification
	report   *Report
	first    bool // a record has been read
	previous string
	before   *Record // the last readable record
	matched  map[*Anchor]bool
	more     int
}

// find adds what err says of a line; line 0 is the log as a whole.
func (s *survey) find(line int, err error) {
	e, ok := errors.AsType[*diag.Error](err)
	if !ok { // none such is made here; what isn't known isn't passed over
		e = &diag.Error{Code: codeUnreadable, Message: "it isn't readable"}
	}
	d := diag.Diagnostic{Code: e.Code, Summary: e.Message, Advice: e.Advice}
	if line > 0 {
		d.Subject = diag.Range{File: s.v.Name, Start: diag.Pos{Line: line, Column: 1}, End: diag.Pos{Line: line, Column: 1}}
	}
	switch e.Code {
	case codeClock, codeUnanchored:
		d.Severity = diag.Warning
	case codeNoAnchor:
		if !s.v.Beside {
			d.Severity = diag.Warning
		}
	}
	if len(s.report.Findings) < maxFindings {
		s.report.Findings = append(s.report.Findings, d)
		return
	}
	// The last place is kept for the count. It is a refusal if one of those that it counts is.
	s.more++
	last := diag.Diagnostic{Code: codeMore, Severity: d.Severity}
	if s.more > 1 {
		last.Severity = min(last.Severity, s.report.Findings[maxFindings].Severity)
		s.report.Findings = s.report.Findings[:maxFindings]
	}
	last.Summary = failure("", 0, "", nil, "%d more findings are not listed", s.more).(*diag.Error).Message
	s.report.Findings = append(s.report.Findings, last)
}

// passed is called for a line that can't be used: the next one is held against its bytes all the same, so that one
// broken line isn't reported as two.
func (s *survey) passed(hash string) {
	if !s.first {
		s.find(1, noFirst())
	}
	s.first = true
	s.previous = hash
	s.report.Last++
	s.report.SHA256 = hash
}

func noFirst() error {
	return refused(codeFirst, "find the log's beginning: what stood before was removed", "the log doesn't begin with its first record")
}

func (s *survey) record(number int, line []byte, hash string) {
	r, body, err := decodeRecord(line)
	if err != nil {
		if torn(append(line[:len(line):len(line)], '\n')) {
			err = tornLine()
		}
		s.find(number, err)
		s.passed(hash)
		return
	}
	s.report.Records++
	if !s.first {
		s.report.Log, s.report.From = r.Log, r.Time
		if r.Sequence != 1 {
			s.find(number, noFirst())
		}
	} else {
		s.follows(number, r)
	}
	s.first = true
	if err := checkSignature(s.v.Keys, r.Signer, body, r.Signature, r.At()); err != nil {
		s.find(number, err)
	}
	for _, a := range s.anchors() {
		if a.Sequence == r.Sequence && a.SHA256 == hash {
			s.matched[a] = true
		}
	}
	if r.Sequence >= s.report.Last {
		s.report.Last = r.Sequence
	}
	s.previous, s.before, s.report.SHA256, s.report.To = hash, r, hash, r.Time
}

// follows holds a record against the one before it.
func (s *survey) follows(number int, r *Record) {
	if s.report.Log == "" {
		s.report.Log = r.Log
	}
	if r.Log != s.report.Log {
		s.find(number, refused(codeForeign, "", "the record belongs to another log"))
	}
	last := s.report.Last
	switch {
	case r.Sequence == last+1:
		if r.Previous != s.previous {
			s.find(number, refused(codeChain, "the record before it was changed, or this one was put there", "record %d doesn't follow the line before it", r.Sequence))
		}
	case r.Sequence > last+1:
		missing := fmt.Sprintf("record %d is missing", last+1)
		if r.Sequence > last+2 {
			missing = fmt.Sprintf("records %d to %d are missing", last+1, r.Sequence-1)
		}
		s.find(number, refused(codeMissing, "look in a copy of the log", "%s", missing))
	case r.Sequence == last:
		s.find(number, refused(codeTwice, "two writers without a lock, or a record put in", "there are two records %d", r.Sequence))
	default:
		s.find(number, refused(codeMoved, "", "record %d stands after record %d", r.Sequence, last))
	}
	if s.before == nil || r.Sequence != s.before.Sequence+1 {
		return
	}
	if back := r.Time < s.before.Time; back != r.ClockBack {
		s.find(number, refused(codeClockHidden, "", "record %d says otherwise than its time whether the clock went back", r.Sequence))
	} else if back {
		s.find(number, refused(codeClock, "find out why; the order of the records holds, their times don't", "the clock went back before record %d", r.Sequence))
	}
}

func (s *survey) anchors() []*Anchor {
	all := s.v.Witnesses
	if s.v.Anchor != nil {
		all = append(all[:len(all):len(all)], s.v.Anchor)
	}
	return all
}

// finish holds the end against the anchors.
func (s *survey) finish() {
	if !s.first {
		s.find(0, refused(codeFirst, "find out who emptied it", "the log is empty"))
	}
	for _, a := range s.anchors() {
		switch {
		case s.report.Log != "" && a.Log != s.report.Log:
			s.find(0, refused(codeForeign, "give the log's own anchor", "the anchor is of another log"))
		case a.Sequence > s.report.Last:
			s.find(0, cutTail(a.Sequence, s.report.Last))
		case !s.matched[a]:
			s.find(0, unfitAnchor(a.Sequence))
		}
	}
	a := s.v.Anchor
	switch {
	case a == nil:
		s.find(0, refused(codeNoAnchor, "give a copy of the anchor, or the number and hash of the last record", "there is no anchor: a cut end can't be found"))
	case a.Sequence == s.report.Last-1:
		s.find(0, refused(codeUnanchored, "the next append anchors it", "record %d isn't anchored yet", s.report.Last))
	case a.Sequence < s.report.Last:
		s.find(0, behind(a.Sequence, s.report.Last))
	}
}
