package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/plan/run"
)

// This file owns the voice of the command line; nothing else writes to standard output or standard error. Its rules:
//
//   - Results go to standard output, everything else to standard error.
//   - A message is lowercase and ends without a full stop. Advice is a line of its own that begins with "hint:".
//   - Everything wrong is said, not only the first, and then how much it was.
//   - Never a database URL, a cell, a key or a passphrase; a file that holds a secret is not even named, because
//     somebody may have written the secret where its file's name belongs.
//   - What comes from a database or a map is printed with control characters made visible.
//   - No colour and no redrawn line unless standard error is a terminal.

type ui struct {
	stdin    io.Reader
	out      *latched
	err      io.Writer
	terminal bool
	colour   bool
	maps     map[string]mapText // by the name that stands in diagnostics
	now      func() time.Time   // the clock of orders, deliveries and receptions
}

// mapText is a map as it was read, to show the lines that diagnostics point at.
type mapText struct {
	path string
	text []byte
}

func newUI(stdin io.Reader, stdout, stderr io.Writer) *ui {
	u := &ui{stdin: stdin, out: &latched{w: stdout}, err: stderr, maps: map[string]mapText{}, now: time.Now}
	u.terminal = isTerminal(stderr) && os.Getenv("TERM") != "dumb"
	u.colour = u.terminal && os.Getenv("NO_COLOR") == ""
	return u
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// latched keeps the first error of writing results: a result that didn't arrive is no result.
type latched struct {
	w   io.Writer
	err error
}

func (l *latched) Write(p []byte) (int, error) {
	if l.err != nil {
		return 0, l.err
	}
	n, err := l.w.Write(p)
	l.err = err
	return n, err
}

// print writes a result for people.
func (u *ui) print(format string, args ...any) {
	_, _ = io.WriteString(u.out, clean(fmt.Sprintf(format, args...))) // latched
}

// printJSON writes a result for programs.
func (u *ui) printJSON(v any) error {
	e := json.NewEncoder(u.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// note says something beside the result.
func (u *ui) note(format string, args ...any) {
	fmt.Fprintln(u.err, clean(fmt.Sprintf(format, args...)))
}

// warn says something that may be wrong, and what to do.
func (u *ui) warn(advice, format string, args ...any) {
	fmt.Fprintln(u.err, u.paint(yellow, "warning")+": "+clean(fmt.Sprintf(format, args...)))
	u.hint(advice)
}

func (u *ui) hint(advice string) {
	if advice != "" {
		fmt.Fprintln(u.err, "  "+u.paint(cyan, "hint")+": "+clean(advice))
	}
}

const (
	red    = "\x1b[1;31m"
	yellow = "\x1b[1;33m"
	cyan   = "\x1b[36m"
	plain  = "\x1b[0m"
)

func (u *ui) paint(colour, text string) string {
	if !u.colour {
		return text
	}
	return colour + text + plain
}

// end says how the command ended and returns its exit code.
func (u *ui) end(ctx context.Context, err error) int {
	if err == nil && u.out.err != nil {
		err = &diag.Error{Code: codeOutput, Class: diag.External, Message: "standard output can't be written", Err: bare(u.out.err)}
	}
	if err != nil && ctx.Err() != nil {
		u.note("interrupted; nothing was left behind")
		return exitExternal
	}
	if err != nil {
		u.fail(err)
	}
	return exitCode(err)
}

// fail says everything that an error holds, and the same thing once: what breaks a writer often breaks its closing too.
func (u *ui) fail(err error) {
	said := map[string]bool{}
	for _, e := range leaves(err) {
		if said[e.Error()] {
			continue
		}
		said[e.Error()] = true
		switch e := e.(type) {
		case diag.List:
			u.diagnostics(e)
		case *diag.Error:
			u.failed(e)
		default:
			fmt.Fprintln(u.err, u.paint(red, "error")+": "+oneLine(e))
		}
	}
}

func (u *ui) failed(e *diag.Error) {
	text := u.paint(red, "error") + " " + e.Code + ": " + clean(e.Message)
	switch cause := e.Err.(type) {
	case nil:
		fmt.Fprintln(u.err, text)
	case run.Violations:
		fmt.Fprintln(u.err, text)
		for _, v := range cause {
			fmt.Fprintln(u.err, "  "+clean(v.String()))
		}
		u.note("%s", number(len(cause), "violation"))
	case diag.List:
		fmt.Fprintln(u.err, text)
		u.diagnostics(cause)
	default:
		fmt.Fprintln(u.err, text+": "+oneLine(cause))
	}
	advice := e.Advice
	if inner, ok := errors.AsType[*diag.Error](e.Err); ok && advice == "" {
		advice = inner.Advice
	}
	u.hint(advice)
}

// oneLine is an error's text where only one line has room.
func oneLine(err error) string {
	return clean(strings.Join(strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' || r == '\r' }), "; "))
}
