// Package diag holds what Utdrag says when it refuses: a code, where, what is wrong, and what to write instead.
//
// A [Diagnostic] points into a file that a person wrote. An [Error] happened while something ran. Neither ever holds
// a cell's content, a connection string, a password or a key.
package diag

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

// Severity tells a refusal from a remark.
type Severity uint8

// The severities.
const (
	Refusal Severity = iota // nothing is done until it is settled
	Warning                 // something to look at
)

func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// Pos is a place in a file. Line and Column count from 1, Column in characters; Byte counts from 0.
type Pos struct {
	Line   int `json:"line"`
	Column int `json:"column"`
	Byte   int `json:"byte"`
}

// Range is a piece of a file. The zero Range means that there is no place to point at.
type Range struct {
	File  string `json:"file"`
	Start Pos    `json:"start"`
	End   Pos    `json:"end"`
}

// String is file:line:column, as editors know it.
func (r Range) String() string {
	if r == (Range{}) {
		return ""
	}
	return fmt.Sprintf("%s:%d:%d", r.File, r.Start.Line, r.Start.Column)
}

// Diagnostic is one thing wrong with what a person wrote.
type Diagnostic struct {
	// Code is stable: "UM012". Documentation and tests name it.
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	// Summary says what is wrong in one line, lowercase, without a full stop.
	Summary string `json:"summary"`
	// Advice says what was expected and what to write.
	Advice string `json:"advice,omitempty"`
	// Subject is where.
	Subject Range `json:"subject,omitzero"`
}

// Error is the diagnostic on one line: where, code, what, advice.
func (d Diagnostic) Error() string {
	var b strings.Builder
	if at := d.Subject.String(); at != "" {
		b.WriteString(at + ": ")
	}
	fmt.Fprintf(&b, "%s %s: %s", d.Severity, d.Code, d.Summary)
	if d.Advice != "" {
		b.WriteString(" (" + d.Advice + ")")
	}
	return b.String()
}

// List is every diagnostic that one look found, in file order once sorted. It is an error when it holds a refusal.
type List []Diagnostic

// Refused reports whether l holds a refusal.
func (l List) Refused() bool {
	return slices.ContainsFunc(l, func(d Diagnostic) bool { return d.Severity == Refusal })
}

// Err returns l as an error if it holds a refusal, else nil.
func (l List) Err() error {
	if l.Refused() {
		return l
	}
	return nil
}

// Sort orders l by file, position, code and summary, so that the same input gives the same text.
func (l List) Sort() {
	slices.SortStableFunc(l, func(a, b Diagnostic) int {
		if c := strings.Compare(a.Subject.File, b.Subject.File); c != 0 {
			return c
		}
		if c := a.Subject.Start.Byte - b.Subject.Start.Byte; c != 0 {
			return c
		}
		if c := strings.Compare(a.Code, b.Code); c != 0 {
			return c
		}
		return strings.Compare(a.Summary, b.Summary)
	})
}

// Error is one diagnostic a line.
func (l List) Error() string {
	lines := make([]string, len(l))
	for i, d := range l {
		lines[i] = d.Error()
	}
	return strings.Join(lines, "\n")
}

// Class says whose move it is after an error; the command line's exit code follows it.
type Class uint8

// The classes, in the order of the exit codes 1, 2 and 3.
const (
	Refused  Class = iota + 1 // a rule of Utdrag's stopped it, or a violation was found
	Misuse                    // wrong usage, map or order
	External                  // database, network or disk failed
)

// Error is a failure with a code and advice. It wraps its cause, which must be free of data and secrets.
type Error struct {
	Code    string
	Class   Class
	Message string // lowercase, no full stop
	Advice  string // what to do; may be empty
	Err     error  // cause; may be nil
}

// Error is the code, the message and the cause.
func (e *Error) Error() string {
	text := e.Code + ": " + e.Message
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf returns the code of the first coded error in err's chain, or "".
func CodeOf(err error) string {
	if coded, ok := errors.AsType[*Error](err); ok {
		return coded.Code
	}
	if list, ok := errors.AsType[List](err); ok && len(list) > 0 {
		return list[0].Code
	}
	return ""
}

// Nearest returns the candidate that name was probably meant to be, or "" when none is near. Case doesn't count.
func Nearest(name string, candidates []string) string {
	best, distance := "", 1+len([]rune(name))/3
	for _, c := range candidates {
		if d := levenshtein.Distance(strings.ToLower(name), strings.ToLower(c), nil); d <= distance && (best == "" || d < distance) {
			best, distance = c, d
		}
	}
	return best
}

// DidYouMean returns the advice `did you mean "X"?`, or "".
func DidYouMean(name string, candidates []string) string {
	if near := Nearest(name, candidates); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return ""
}
