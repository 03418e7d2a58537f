package mysql

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

// Length counts code points.
func (Dialect) Length(text string) string { return "CHAR_LENGTH(" + text + ")" }

// Substring takes count code points from start.
func (Dialect) Substring(text, start, count string) string {
	return "SUBSTRING(" + text + ", " + start + ", " + count + ")"
}

// Repeat repeats a character, which is given as it is.
func (Dialect) Repeat(character, count string) string {
	return "REPEAT(" + text(character) + ", " + count + ")"
}

// Concat joins texts by a function: || is another operator under another sql_mode.
func (Dialect) Concat(texts ...string) string {
	if len(texts) == 0 {
		return "''"
	}
	return "CONCAT(" + strings.Join(texts, ", ") + ")"
}

// Literal writes v so that the server reads exactly v.
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
		return integer(v.Int())
	case value.Float:
		return float(v.Float())
	case value.Decimal:
		return decimal(v.Text())
	case value.Bytes:
		return "X'" + strings.ToUpper(hex.EncodeToString([]byte(v.Text()))) + "'"
	case value.Text, value.Time:
		return text(v.Text())
	}
	// An unknown form must stop the statement, and this is no SQL.
	return "<unknown form>"
}

func integer(n int64) string {
	switch {
	case n == math.MinInt64: // its digits without the sign are no 64-bit integer
		return "(-9223372036854775807 - 1)"
	case n < 0: // two signs side by side begin a comment
		return "(" + strconv.FormatInt(n, 10) + ")"
	}
	return strconv.FormatInt(n, 10)
}

// text writes a text. Whether a backslash escapes depends on sql_mode, so one that has any is written by its bytes; such a
// text has the connection's collation, and not that of what it is compared with.
func text(s string) string {
	if strings.ContainsAny(s, "\\\x00") {
		return "CONVERT(X'" + strings.ToUpper(hex.EncodeToString([]byte(s))) + "' USING utf8mb4)"
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

func float(f float64) string {
	if math.IsInf(f, 0) || math.IsNaN(f) { // no number of the server's; this is no SQL
		return "<no number>"
	}
	return signed(strconv.FormatFloat(f, 'e', -1, 64))
}

func decimal(digits string) string {
	whole, fraction, point := strings.Cut(strings.TrimPrefix(digits, "-"), ".")
	number := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	if !number(whole) || point && !number(fraction) {
		return "<no number>"
	}
	return signed(digits)
}

func signed(digits string) string {
	if strings.HasPrefix(digits, "-") {
		return "(" + digits + ")"
	}
	return digits
}

// escape is the escape character of LIKE. A backslash is one by itself under some settings only.
const escape = '|'

// Like is LIKE, by the collation of the column. In the map's pattern % is any text, _ any character, and a backslash takes
// the next character as it is.
func (Dialect) Like(operand, pattern string, t value.Type) (string, error) {
	if strings.IndexByte(pattern, 0) >= 0 {
		return "", failure(codeLike, diag.Misuse, "leave the NUL character out", nil, "a LIKE pattern holds a NUL character")
	}
	if t.Collation.Name == "" {
		return "", failure(codeLike, diag.Misuse, "compare with =, or with BETWEEN", nil, "LIKE needs a text column")
	}
	var b strings.Builder
	escaped := false
	for _, r := range pattern {
		switch {
		case !escaped && r == '\\':
			escaped = true
			continue
		case r == escape, escaped && (r == '%' || r == '_'):
			b.WriteRune(escape)
		}
		b.WriteRune(r)
		escaped = false
	}
	if escaped {
		return "", failure(codeLike, diag.Misuse, `write \\ for one backslash`, nil, "a LIKE pattern ends in a lone backslash")
	}
	return operand + " LIKE " + text(b.String()) + " ESCAPE '" + string(escape) + "'", nil
}
