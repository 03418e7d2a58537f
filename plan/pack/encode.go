package pack

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

// piece is how much of a large cell is held at a time.
const piece = 32 << 10

// encoder writes rows as CSV into one buffer that never grows, and gives it away a part at a time: up to the last
// whole row, or in the middle of a row that is larger than a part.
type encoder struct {
	table Table
	loose bool
	buf   []byte
	// start is where the row being written begins. Zero also when it began in an earlier part.
	start int
	limit int
	emit  func(part []byte) error
	// scratch holds a piece of a large cell.
	scratch []byte
	column  int
}

// slack is what one piece or one small cell can take: every byte doubled, and its quotes.
const slack = 2*piece + 1024

func newEncoder(table Table, loose bool, buf []byte, limit int, emit func([]byte) error) *encoder {
	return &encoder{table: table, loose: loose, buf: buf[:0], limit: limit, emit: emit}
}

func (e *encoder) header() error {
	for i, c := range e.table.Columns {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		e.buf = append(e.buf, '"')
		e.buf = appendQuoted(e.buf, c.Name)
		e.buf = append(e.buf, '"')
		if err := e.room(); err != nil {
			return err
		}
	}
	return e.endRow()
}

func (e *encoder) row(cells []value.Value) error {
	if len(cells) != len(e.table.Columns) {
		return refused(codeRow, "", "a row of %s has %d cells, not %d", e.table.Name, len(cells), len(e.table.Columns))
	}
	for i := range cells {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		e.column = i
		if err := e.cell(&cells[i]); err != nil {
			return err
		}
		if len(e.buf) > e.limit {
			if err := e.room(); err != nil {
				return err
			}
		}
	}
	return e.endRow()
}

func (e *encoder) endRow() error {
	e.buf = append(e.buf, '\r', '\n')
	if err := e.room(); err != nil {
		return err
	}
	e.start = len(e.buf)
	return nil
}

// room gives parts away until what is left fits in one.
func (e *encoder) room() error {
	for len(e.buf) > e.limit {
		n := e.start
		if n == 0 {
			n = e.limit
		}
		if err := e.emit(e.buf[:n]); err != nil {
			return err
		}
		e.buf = e.buf[:copy(e.buf, e.buf[n:])]
		e.start = 0
	}
	return nil
}

// finish gives the last part away.
func (e *encoder) finish() error {
	if len(e.buf) == 0 {
		return nil
	}
	err := e.emit(e.buf)
	e.buf = e.buf[:0]
	return err
}

// cell appends one cell: the table of forms in cell.go says how.
func (e *encoder) cell(v *value.Value) error {
	form := v.Form()
	if form == value.Null {
		e.buf = append(e.buf, `\N`...)
		return nil
	}
	kind := e.table.Columns[e.column].Type.Kind
	style := styleOf(kind, form, e.loose)
	switch style {
	case quotedText, quotedHex:
		prefix := ""
		if named(kind) {
			prefix = prefixes[form]
		}
		return e.quoted(v, prefix, style)
	case plain:
		buf, ok := appendPlain(e.buf, kind, v, e.loose)
		if !ok {
			return e.misfit(form)
		}
		e.buf = buf
		return nil
	case tagged:
		e.buf = append(append(e.buf, '"'), prefixes[form]...)
		buf, ok := appendPlain(e.buf, kind, v, false)
		if !ok {
			return e.misfit(form)
		}
		e.buf = append(buf, '"')
		return nil
	}
	return e.misfit(form)
}

func (e *encoder) misfit(form value.Form) error {
	c := e.table.Columns[e.column]
	return refused(codeCellForm, "mask or omit the column, or correct the source",
		"a cell of %s, column %q, has the form %s, which doesn't belong in a column of kind %s",
		e.table.Name, c.Name, form, c.Type.Kind)
}

func (e *encoder) badText() error {
	return refused(codeCellText, "mask or omit the column, or correct the source",
		"a cell of %s, column %q, is text that is not valid UTF-8 or holds NUL", e.table.Name, e.table.Columns[e.column].Name)
}

// quoted appends text or hex within quotes.
func (e *encoder) quoted(v *value.Value, prefix string, style style) error {
	e.buf = append(append(e.buf, '"'), prefix...)
	s := v.Text()
	switch {
	case v.Large() != nil:
		if err := e.large(v.Large(), style, prefix == ""); err != nil {
			return err
		}
	case style == quotedHex:
		for len(s) > piece {
			e.buf = appendHex(e.buf, s[:piece])
			if err := e.room(); err != nil {
				return err
			}
			s = s[piece:]
		}
		e.buf = appendHex(e.buf, s)
	default:
		if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
			return e.badText()
		}
		if prefix == "" && looksNull(s) {
			e.buf = append(e.buf, '\\')
		}
		for len(s) > piece {
			e.buf = appendQuoted(e.buf, s[:piece])
			if err := e.room(); err != nil {
				return err
			}
			s = s[piece:]
		}
		e.buf = appendQuoted(e.buf, s)
	}
	e.buf = append(e.buf, '"')
	return nil
}

// large streams a cell. guard is set as long as the text may turn out to look like the NULL marker.
func (e *encoder) large(l *value.Large, style style, guard bool) error {
	failed := func(cause error) error {
		return failure(codeCellLarge, diag.External, "", cause, "a large cell of %s, column %q, couldn't be read",
			e.table.Name, e.table.Columns[e.column].Name)
	}
	r, err := l.Open()
	if err != nil {
		return failed(err)
	}
	defer r.Close()
	if e.scratch == nil {
		e.scratch = make([]byte, piece)
	}
	var total int64
	carried := 0
	// Adding a backslash in front of backslashes and an N is the same as adding it before the N, and that one can wait
	// for the end.
	slashes, held := false, false
	for {
		n, err := io.ReadFull(r, e.scratch[carried:])
		end := err == io.EOF || err == io.ErrUnexpectedEOF
		if err != nil && !end {
			return failed(err)
		}
		total += int64(n)
		n += carried
		if total > l.Size || (end && total != l.Size) {
			return failure(codeCellLarge, diag.Refused, "", nil, "a large cell of %s, column %q, isn't as large as announced",
				e.table.Name, e.table.Columns[e.column].Name)
		}
		if style == quotedHex {
			e.buf = appendHex(e.buf, e.scratch[:n])
		} else {
			whole := n
			if !end {
				whole -= incomplete(e.scratch[:n])
			}
			text, rest := e.scratch[:whole], e.scratch[whole:n]
			if !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
				return e.badText()
			}
			if whole > 0 && held {
				e.buf, held = append(e.buf, 'N'), false
			}
			if whole > 0 && guard {
				other := bytes.TrimLeft(text, `\`)
				slashes = slashes || len(other) < whole
				guard = len(other) == 0
				if held = slashes && string(other) == "N"; held {
					text = text[:whole-1]
				}
			}
			for {
				i := bytes.IndexByte(text, '"') + 1
				if i == 0 {
					break
				}
				e.buf = append(append(e.buf, text[:i]...), '"')
				text = text[i:]
			}
			e.buf = append(e.buf, text...)
			carried = copy(e.scratch, rest)
		}
		if err := e.room(); err != nil {
			return err
		}
		if end {
			break
		}
	}
	if held {
		e.buf = append(e.buf, `\N`...)
	}
	return nil
}

// incomplete is how many bytes at the end of b begin a character that isn't all there.
func incomplete(b []byte) int {
	for i := 1; i < utf8.UTFMax && i <= len(b); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-i:]) {
				return i
			}
			break
		}
	}
	return 0
}

// looksNull reports whether s consists of one or more backslashes followed by N.
func looksNull(s string) bool {
	return len(s) >= 2 && s[0] == '\\' && s[len(s)-1] == 'N' && strings.Trim(s[:len(s)-1], `\`) == ""
}

// appendQuoted appends s with every quote doubled.
func appendQuoted(dst []byte, s string) []byte {
	for {
		i := strings.IndexByte(s, '"')
		if i < 0 {
			return append(dst, s...)
		}
		dst = append(append(dst, s[:i+1]...), '"')
		s = s[i+1:]
	}
}

func appendHex[T string | []byte](dst []byte, s T) []byte {
	const digits = "0123456789abcdef"
	for i := range len(s) {
		dst = append(dst, digits[s[i]>>4], digits[s[i]&15])
	}
	return dst
}
