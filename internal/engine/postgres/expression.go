package postgres

import (
	"encoding/hex"
	"math"
	"strconv"
	"strings"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

// Compare is left = right. [Dialect.Comparable] refuses pairs whose comparison would convert, or would have to choose
// between collations.
func (Dialect) Compare(left, right string) string { return left + " = " + right }

// Length counts code points. Of a character(n) it counts those before the padding, which is how its cells are read.
func (Dialect) Length(text string) string { return "char_length(" + text + ")" }

// Substring takes count code points from start.
func (Dialect) Substring(text, start, count string) string {
	return "substr(" + text + ", " + start + ", " + count + ")"
}

// Repeat repeats a character, which is given as it is.
func (Dialect) Repeat(character, count string) string {
	return "repeat(" + text(character) + ", " + count + ")"
}

// Concat joins texts.
func (Dialect) Concat(texts ...string) string {
	if len(texts) == 0 {
		return "''"
	}
	return "(" + strings.Join(texts, " || ") + ")"
}

// Literal writes v so that the server reads exactly v. Texts are left without a type, so that they take that of the column
// beside them, be it text, varchar or an enumeration.
func (Dialect) Literal(v value.Value, t value.Type) string {
	switch v.Form() {
	case value.Null:
		return "NULL"
	case value.Bool:
		if v.Bool() {
			return "TRUE"
		}
		return "FALSE"
	case value.Int:
		return integer(v.Int(), t)
	case value.Float:
		return "'" + float(v.Float()) + "'::double precision"
	case value.Decimal:
		return decimal(v.Text(), t)
	case value.Bytes:
		return `'\x` + hex.EncodeToString([]byte(v.Text())) + "'::bytea"
	case value.Text, value.Time:
		return typed(v.Text(), t)
	}
	// An unknown form must stop the statement, and this is no SQL.
	return "<unknown form>"
}

func integer(n int64, t value.Type) string {
	digits := strconv.FormatInt(n, 10)
	switch {
	case t.Kind == value.Real:
		return "'" + digits + "'::double precision"
	case t.Kind == value.Number:
		return "'" + digits + "'::numeric"
	case n < 0: // a sign is an operator, and the digits of the least integer alone are none
		return "'" + digits + "'::bigint"
	}
	return digits
}

func decimal(digits string, t value.Type) string {
	if t.Kind == value.Real {
		return "'" + digits + "'::double precision"
	}
	return text(digits) + "::numeric"
}

// typed is a text, with the type of what it says where that is not text.
func typed(s string, t value.Type) string {
	if strings.IndexByte(s, 0) >= 0 { // no text of the server's holds U+0000; this is no SQL
		return "<a text with U+0000>"
	}
	switch t.Kind {
	case value.Date:
		return text(serverTime(s)) + "::date"
	case value.TimeOfDay:
		return text(s) + "::time"
	case value.Timestamp:
		return text(serverTime(s)) + "::timestamp"
	case value.TimestampTZ:
		return text(serverTime(s)) + "::timestamptz"
	case value.UUID:
		return text(s) + "::uuid"
	}
	return text(s)
}

// float is the shortest text that reads back as f.
func float(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case math.IsNaN(f):
		return "NaN"
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// Like is LIKE, whose pattern is the map's: % is any text, _ any character, and a backslash takes the next character as it
// is. The padding of a character(n) doesn't count. Collations that hold different texts equal have no LIKE in PostgreSQL.
func (Dialect) Like(operand, pattern string, t value.Type) (string, error) {
	switch {
	case strings.IndexByte(pattern, 0) >= 0:
		return "", failure(codeLike, diag.Misuse, "leave the NUL character out", nil, "a LIKE pattern holds a NUL character")
	case t.Collation.Name == "" || t.Collation.IgnoresCase || t.Collation.IgnoresAccents:
		return "", failure(codeLike, diag.Misuse, "compare with =, or with IN", nil, "LIKE needs a text column whose collation is deterministic, not %q", t.Collation.Name)
	case oddBackslashes(pattern):
		return "", failure(codeLike, diag.Misuse, `write \\ for one backslash`, nil, "a LIKE pattern ends in a lone backslash")
	}
	if t.Collation.IgnoresTrailingSpace {
		operand = "CAST(" + operand + " AS text)"
	}
	return operand + " LIKE " + text(pattern) + ` ESCAPE '\'`, nil
}

func oddBackslashes(pattern string) bool {
	return (len(pattern)-len(strings.TrimRight(pattern, `\`)))%2 == 1
}
