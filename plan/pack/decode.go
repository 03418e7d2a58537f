package pack

import (
	"bytes"
	"encoding/hex"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/utdrag/utdrag/mask/value"
)

// decoder reads what encoder wrote, and nothing else: whatever it accepts, encoder would have written byte for byte.
type decoder struct {
	table Table
	loose bool
	r     io.Reader
	limit int64
	// buf[at:end] was read and not yet looked at.
	buf     []byte
	at, end int
	eof     bool
	cell    []byte
	rows    int64
}

// newDecoder reads the header line. limit is the greatest size of one cell's text in bytes.
func newDecoder(r io.Reader, table Table, loose bool, limit int64) (*decoder, error) {
	d := &decoder{table: table, loose: loose, r: r, limit: limit, buf: make([]byte, 64<<10)}
	for i, c := range table.Columns {
		text, quoted, err := d.field(i)
		if err != nil {
			return nil, err
		}
		if !quoted || string(text) != c.Name {
			return nil, d.bad("its header line doesn't name the columns")
		}
	}
	return d, nil
}

func (d *decoder) bad(what string) error {
	return refused(codeData, "", "the data of %s can't be read after row %d: %s", d.table.Name, d.rows, what)
}

// next fills row and reports false at the end.
func (d *decoder) next(row []value.Value) (bool, error) {
	if len(row) != len(d.table.Columns) {
		return false, misuse(codeRow, "", "a row of %s has %d cells, not %d", d.table.Name, len(d.table.Columns), len(row))
	}
	if d.at == d.end {
		if err := d.fill(); err != nil {
			return false, err
		}
		if d.eof {
			return false, nil
		}
	}
	for i := range row {
		text, quoted, err := d.field(i)
		if err != nil {
			return false, err
		}
		v, ok := parseCell(d.table.Columns[i].Type.Kind, text, quoted, d.loose)
		if !ok {
			return false, d.bad("a cell of column " + quoteName(d.table.Columns[i].Name) + " is not in the form of its kind")
		}
		row[i] = v
	}
	d.rows++
	return true, nil
}

func (d *decoder) fill() error {
	if d.at < d.end || d.eof {
		return nil
	}
	d.at, d.end = 0, 0
	for range 100 {
		n, err := d.r.Read(d.buf)
		d.end = n
		if err == io.EOF {
			d.eof = n == 0
			return nil
		}
		if err != nil {
			return err
		}
		if n > 0 {
			return nil
		}
	}
	return io.ErrNoProgress
}

func (d *decoder) take() (byte, error) {
	if d.at == d.end {
		if err := d.fill(); err != nil {
			return 0, err
		}
		if d.eof {
			return 0, d.bad("it ends within a row")
		}
	}
	c := d.buf[d.at]
	d.at++
	return c, nil
}

// field reads the cell of that column and what must follow it. The text is valid until the next call.
func (d *decoder) field(column int) (text []byte, quoted bool, err error) {
	c, err := d.take()
	if err != nil {
		return nil, false, err
	}
	d.cell = d.cell[:0]
	if quoted = c == '"'; quoted {
		c, err = d.quoted()
	} else {
		d.at--
		c, err = d.unquoted()
	}
	if err != nil {
		return nil, false, err
	}
	if column < len(d.table.Columns)-1 {
		if c != ',' {
			return nil, false, d.bad("a row has too few cells")
		}
		return d.cell, quoted, nil
	}
	if c == '\r' {
		if c, err = d.take(); err != nil {
			return nil, false, err
		}
		if c == '\n' {
			return d.cell, quoted, nil
		}
	}
	return nil, false, d.bad("a row doesn't end where it should")
}

// quoted reads up to the closing quote and returns the byte after it.
func (d *decoder) quoted() (byte, error) {
	for {
		i := bytes.IndexByte(d.buf[d.at:d.end], '"')
		n := i
		if i < 0 {
			n = d.end - d.at
		}
		if err := d.append(d.buf[d.at : d.at+n]); err != nil {
			return 0, err
		}
		d.at += n
		// The quote, or the first byte of the next buffer.
		if _, err := d.take(); err != nil {
			return 0, err
		}
		if i < 0 {
			d.at--
			continue
		}
		if c, err := d.take(); err != nil || c != '"' {
			return c, err
		}
		d.cell = append(d.cell, '"')
	}
}

// unquoted reads up to a comma or a line end and returns it.
func (d *decoder) unquoted() (byte, error) {
	for {
		c, err := d.take()
		if err != nil || c == ',' || c == '\r' {
			return c, err
		}
		if len(d.cell) > 64<<10 {
			return 0, d.bad("a number is too long")
		}
		d.cell = append(d.cell, c)
	}
}

func (d *decoder) append(b []byte) error {
	if int64(len(d.cell)+len(b)) > d.limit {
		return refused(codeLimit, "allow larger cells", "a cell of %s is larger than %d bytes", d.table.Name, d.limit)
	}
	d.cell = append(d.cell, b...)
	return nil
}

// parseCell is the inverse of encoder.cell.
func parseCell(kind value.Kind, text []byte, quoted, loose bool) (value.Value, bool) {
	if !quoted {
		if string(text) == `\N` {
			return value.Value{}, true
		}
		if named(kind) {
			return value.Value{}, false
		}
		return parsePlain(kind, string(text), loose)
	}
	if named(kind) {
		v, ok := parseNamed(text)
		return v, ok && styleOf(kind, v.Form(), loose) != unfit
	}
	if styleOf(kind, value.Bytes, loose) == quotedHex {
		return parseHex(text)
	}
	if styleOf(kind, value.Text, loose) != quotedText {
		return value.Value{}, false
	}
	if len(text) > 1 && text[0] == '\\' && looksNull(string(text)) {
		if text = text[1:]; len(text) == 1 {
			return value.Value{}, false
		}
	}
	return parseText(text)
}

func parseText(text []byte) (value.Value, bool) {
	return value.NewText(string(text)), utf8.Valid(text) && bytes.IndexByte(text, 0) < 0
}

func parseHex(text []byte) (value.Value, bool) {
	for _, c := range text {
		if c >= 'A' && c <= 'F' {
			return value.Value{}, false
		}
	}
	b := make([]byte, hex.DecodedLen(len(text)))
	_, err := hex.Decode(b, text)
	return value.NewBytes(b), err == nil
}

// parseNamed reads a cell that names its own form.
func parseNamed(text []byte) (value.Value, bool) {
	name, rest, named := bytes.Cut(text, []byte(":"))
	if !named {
		return value.Value{}, false
	}
	switch string(name) + ":" {
	case prefixes[value.Text]:
		return parseText(rest)
	case prefixes[value.Bytes]:
		return parseHex(rest)
	case prefixes[value.Bool]:
		return parsePlain(value.Boolean, string(rest), false)
	case prefixes[value.Int]:
		return parsePlain(value.Integer, string(rest), false)
	case prefixes[value.Float]:
		return parsePlain(value.Real, string(rest), false)
	case prefixes[value.Decimal]:
		return parsePlain(value.Number, string(rest), false)
	case prefixes[value.Time]:
		return parsePlain(value.Timestamp, string(rest), false)
	}
	return value.Value{}, false
}

func parsePlain(kind value.Kind, s string, loose bool) (value.Value, bool) {
	switch kind {
	case value.Integer:
		return toInt(s)
	case value.Real:
		return toFloat(s), isFloat(s, 'g') && !(loose && s == "NaN")
	case value.String, value.Binary:
		return value.Value{}, false
	}
	if loose {
		if v, ok := toInt(s); ok {
			return v, true
		}
		if isFloat(s, 'e') && s != "NaN" {
			return toFloat(s), true
		}
	}
	switch kind {
	case value.Boolean:
		return value.NewBool(s == "true"), !loose && (s == "true" || s == "false")
	case value.Number:
		return value.NewDecimal(s), isDecimal(s, loose)
	case value.Date, value.TimeOfDay, value.Timestamp, value.TimestampTZ:
		return value.NewTime(s), isTime(s) && !(loose && isFloat(s, 'e'))
	}
	return value.Value{}, false
}

// quoteName quotes a name for a message.
func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
