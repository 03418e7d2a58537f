package main

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/utdrag/utdrag/filter/diag"
)

// diagnostics prints every diagnostic as compilers do, and how many there were. It says nothing about none.
func (u *ui) diagnostics(found diag.List) {
	errors, warnings := 0, 0
	for _, d := range found {
		if d.Severity == diag.Warning {
			warnings++
		} else {
			errors++
		}
		u.diagnostic(d)
	}
	switch {
	case errors > 0 && warnings > 0:
		u.note("%s, %s", number(errors, "error"), number(warnings, "warning"))
	case errors > 0:
		u.note("%s", number(errors, "error"))
	case warnings > 0:
		u.note("%s", number(warnings, "warning"))
	}
}

func (u *ui) diagnostic(d diag.Diagnostic) {
	colour := red
	if d.Severity == diag.Warning {
		colour = yellow
	}
	text, known := u.maps[d.Subject.File]
	if at := d.Subject; at != (diag.Range{}) {
		if known {
			at.File = text.path
		}
		fmt.Fprint(u.err, clean(at.String())+": ")
	}
	fmt.Fprintln(u.err, u.paint(colour, d.Severity.String())+" "+d.Code+": "+clean(d.Summary))
	if known {
		if line, marks, ok := excerpt(text.text, d.Subject); ok {
			fmt.Fprintln(u.err, "    "+line)
			fmt.Fprintln(u.err, "    "+u.paint(colour, marks))
		}
	}
	u.hint(d.Advice)
}

// excerptWidth is how many characters of a line are shown.
const excerptWidth = 116

// excerpt is the line that a range begins in, and a line that marks the range in it.
func excerpt(text []byte, at diag.Range) (line, marks string, ok bool) {
	begin, end := at.Start.Byte, at.End.Byte
	if at.Start.Line < 1 || begin < 0 || begin > len(text) {
		return "", "", false
	}
	from := bytes.LastIndexByte(text[:begin], '\n') + 1
	to := len(text)
	if i := bytes.IndexByte(text[begin:], '\n'); i >= 0 {
		to = begin + i
	}
	whole := strings.TrimRight(string(text[from:to]), "\r")
	if !utf8.ValidString(whole) {
		return "", "", false
	}
	begin, end = min(begin-from, len(whole)), min(end-from, len(whole))
	before, marked, after := whole[:begin], whole[begin:max(begin, end)], whole[max(begin, end):]
	if strings.TrimSpace(whole) == "" {
		return "", "", false
	}
	// A long line is shown around what is marked.
	if n := utf8.RuneCountInString(before); n > excerptWidth/2 && utf8.RuneCountInString(whole) > excerptWidth {
		before = "…" + string([]rune(before)[n-excerptWidth/2:])
	}
	room := excerptWidth - utf8.RuneCountInString(before)
	marked, after = shorten(marked, room), shorten(after, max(0, room-utf8.RuneCountInString(marked)))
	pad := strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, clean(before))
	return clean(before + marked + after), pad + strings.Repeat("^", max(1, utf8.RuneCountInString(clean(strings.TrimRight(marked, " \t"))))), true
}

// shorten cuts a text to so many characters, the last of them a sign that it was cut.
func shorten(text string, width int) string {
	if utf8.RuneCountInString(text) <= width {
		return text
	}
	if width < 1 {
		return ""
	}
	return string([]rune(text)[:width-1]) + "…"
}
