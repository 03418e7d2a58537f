package pack

import (
	"math"
	"strconv"
	"strings"

	"github.com/utdrag/utdrag/mask/value"
)

// style is how a cell stands in the CSV.
type style uint8

const (
	unfit      style = iota
	plain            // without quotes
	quotedText       // text within quotes
	quotedHex        // lowercase hex within quotes
	tagged           // a prefix and what plain would be, within quotes: only in columns whose cells name their form
)

// named reports whether each cell of a column of that kind says which form it has.
func named(kind value.Kind) bool { return kind == value.Variant || kind == value.Native }

// prefixes name a cell's form.
var prefixes = [...]string{
	value.Bool: "boolean:", value.Int: "integer:", value.Float: "real:", value.Decimal: "decimal:",
	value.Text: "text:", value.Bytes: "hex:", value.Time: "time:",
}

// styleOf says how a cell of that form stands in a column of that kind, or that it doesn't belong there. loose is set
// for SQLite, which stores by affinity: columns declared as booleans, decimals, dates, UUID, JSON or XML have numeric
// affinity and may hold integers, floats and any text that doesn't look like a number. Each comes back as it was,
// because the same affinity takes it in again.
func styleOf(kind value.Kind, form value.Form, loose bool) style {
	switch kind {
	case value.Integer:
		if form == value.Int {
			return plain
		}
	case value.Real:
		if form == value.Float {
			return plain
		}
	case value.String:
		if form == value.Text {
			return quotedText
		}
	case value.Binary:
		if form == value.Bytes {
			return quotedHex
		}
	case value.Native:
		switch form {
		case value.Text:
			return quotedText
		case value.Bytes:
			return quotedHex
		}
	case value.Variant:
		switch form {
		case value.Text:
			return quotedText
		case value.Bytes:
			return quotedHex
		case value.Bool, value.Int, value.Float, value.Decimal, value.Time:
			return tagged
		}
	case value.Boolean, value.Number, value.Date, value.TimeOfDay, value.Timestamp, value.TimestampTZ,
		value.UUID, value.JSON, value.XML:
		if loose {
			switch form {
			case value.Int, value.Float:
				return plain
			case value.Text:
				return quotedText
			}
		}
		switch kind {
		case value.Boolean:
			if form == value.Bool {
				return plain
			}
		case value.Number:
			if form == value.Decimal || form == value.Int {
				return plain
			}
		case value.UUID, value.JSON, value.XML:
			if form == value.Text {
				return quotedText
			}
		default:
			if form == value.Time {
				return plain
			}
		}
	}
	return unfit
}

// infinite is a number that every reader of IEEE doubles rounds to infinity, SQLite's affinity included, which knows no
// word for it.
const infinite = "1e999"

// appendPlain appends a cell that stands without quotes. It reports false for a content that has no such form.
func appendPlain(dst []byte, kind value.Kind, v *value.Value, loose bool) ([]byte, bool) {
	switch v.Form() {
	case value.Bool:
		switch {
		case loose && v.Bool():
			return append(dst, '1'), true
		case loose:
			return append(dst, '0'), true
		}
		return strconv.AppendBool(dst, v.Bool()), true
	case value.Int:
		return strconv.AppendInt(dst, v.Int(), 10), true
	case value.Float:
		f := v.Float()
		switch {
		case math.IsNaN(f):
			// There is no NaN in SQLite. Elsewhere there is one: its bits carry nothing.
			return append(dst, "NaN"...), !loose
		case math.IsInf(f, 0):
			if f < 0 {
				dst = append(dst, '-')
			}
			return append(dst, infinite...), true
		case kind == value.Real || kind == value.Variant:
			return strconv.AppendFloat(dst, f, 'g', -1, 64), true
		}
		// Elsewhere the exponent tells a float from a decimal.
		return strconv.AppendFloat(dst, f, 'e', -1, 64), true
	case value.Decimal:
		return append(dst, v.Text()...), isDecimal(v.Text(), loose)
	case value.Time:
		s := v.Text()
		return append(dst, s...), isTime(s) && (!loose || !isInt(s) && !isFloat(s, 'e'))
	}
	return dst, false
}

func toInt(s string) (value.Value, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return value.NewInt(n), err == nil && strconv.FormatInt(n, 10) == s
}

func isInt(s string) bool {
	_, ok := toInt(s)
	return ok
}

// isFloat reports whether s is what appendPlain writes in that format.
func isFloat(s string, format byte) bool {
	if s == "NaN" || strings.TrimPrefix(s, "-") == infinite {
		return true
	}
	f, err := strconv.ParseFloat(s, 64)
	return err == nil && strconv.FormatFloat(f, format, -1, 64) == s
}

func toFloat(s string) value.Value {
	switch s {
	case infinite:
		return value.NewFloat(math.Inf(1))
	case "-" + infinite:
		return value.NewFloat(math.Inf(-1))
	case "NaN":
		return value.NewFloat(math.NaN())
	}
	f, _ := strconv.ParseFloat(s, 64)
	return value.NewFloat(f)
}

// isDecimal accepts digits with at most one point and a sign, and PostgreSQL's words.
func isDecimal(s string, loose bool) bool {
	switch s {
	case "NaN", "Infinity", "-Infinity":
		return !loose
	}
	digits, points := 0, 0
	for i, c := range []byte(s) {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '.':
			points++
		case c == '-' && i == 0:
		default:
			return false
		}
	}
	return digits > 0 && points <= 1
}

// isTime accepts what ISO 8601 texts, and the words of engines for endless times, are made of.
func isTime(s string) bool {
	for _, c := range []byte(s) {
		switch {
		case c >= '0' && c <= '9', c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z':
		case c == ':', c == '-', c == '+', c == '.', c == ' ':
		default:
			return false
		}
	}
	return s != "" && len(s) <= 64
}
