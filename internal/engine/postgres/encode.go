package postgres

import (
	"encoding/hex"
	"errors"
	"io"
	"math"
	"strconv"

	"github.com/utdrag/utdrag/mask/value"
)

// appendPlain appends a number, truth value, day or time as the server reads it.
func appendPlain(b []byte, v value.Value) []byte {
	switch v.Form() {
	case value.Bool:
		if v.Bool() {
			return append(b, 't')
		}
		return append(b, 'f')
	case value.Int:
		return strconv.AppendInt(b, v.Int(), 10)
	case value.Float:
		if f := v.Float(); math.IsInf(f, 0) || math.IsNaN(f) {
			return append(b, float(f)...)
		}
		return strconv.AppendFloat(b, v.Float(), 'g', -1, 64)
	case value.Time:
		return append(b, serverTime(v.Text())...)
	}
	return append(b, v.Text()...)
}

// appendCopy appends a cell that is held in memory in the text format of COPY
// (https://www.postgresql.org/docs/15/sql-copy.html, "Text Format").
func appendCopy(b []byte, v value.Value) []byte {
	switch v.Form() {
	case value.Null:
		return append(b, `\N`...)
	case value.Bytes:
		b = append(b, `\\x`...)
		return hex.AppendEncode(b, []byte(v.Text()))
	case value.Text:
		return appendEscaped(b, v.Text())
	}
	return appendPlain(b, v)
}

// appendEscaped escapes what ends a cell or a row, and the backslash.
func appendEscaped(b []byte, s string) []byte {
	start := 0
	for i := 0; i < len(s); i++ {
		var escape byte
		switch s[i] {
		case '\\':
			escape = '\\'
		case '\n':
			escape = 'n'
		case '\r':
			escape = 'r'
		case '\t':
			escape = 't'
		default:
			continue
		}
		b = append(b, s[start:i]...)
		b = append(b, '\\', escape)
		start = i + 1
	}
	return append(b, s[start:]...)
}

var errLength = errors.New("a large cell didn't have the length that it was said to have")

// largestCell is how large a cell can be in text form, whatever its type: a row is at most a gigabyte.
const largestCell = 1<<30 - 1<<16

// copyLarge writes a large cell in the text format of COPY, in pieces.
func copyLarge(w io.Writer, v value.Value) (err error) {
	r, err := v.Large().Open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	piece, encoded := make([]byte, 64<<10), make([]byte, 0, 160<<10)
	if v.Form() == value.Bytes {
		if _, err := io.WriteString(w, `\\x`); err != nil {
			return err
		}
	}
	var size int64
	for {
		n, failed := r.Read(piece)
		size += int64(n)
		if v.Form() == value.Bytes {
			encoded = hex.AppendEncode(encoded[:0], piece[:n])
		} else {
			encoded = appendEscaped(encoded[:0], string(piece[:n]))
		}
		if _, err := w.Write(encoded); err != nil {
			return err
		}
		switch {
		case errors.Is(failed, io.EOF) && size == v.Large().Size:
			return nil
		case errors.Is(failed, io.EOF):
			return errLength
		case failed != nil:
			return failed
		}
	}
}
