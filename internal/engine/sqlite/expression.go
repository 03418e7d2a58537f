package sqlite

import (
	"encoding/hex"
	"math"
	"strconv"
	"strings"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

// Compare is left = right. "If either operand is a column, then the collating function of that column is used with
// precedence to the left operand" (https://www.sqlite.org/datatype3.html section 7.1), and left is the parent's column,
// as a foreign key compares: "the collating sequence associated with the parent key column is used … the parent key
// column's affinity is applied to the child key value" (https://www.sqlite.org/foreignkeys.html section 3). The affinity is no
// matter of operand order; [Dialect.Comparable] refuses pairs where it would count.
func (Dialect) Compare(left, right string) string { return left + " = " + right }

// Length counts Unicode code points. Like [Dialect.Substring] it sees a text to its first NUL character only, which is
// how SQLite's own functions read text: a SQL mask shortens such a text to what precedes the NUL.
func (Dialect) Length(text string) string { return "length(" + text + ")" }

// Substring takes count code points from start.
func (Dialect) Substring(text, start, count string) string {
	return "substr(" + text + ", " + start + ", max(" + count + ", 0))"
}

// Repeat repeats a character, which is given as it is. A count below one gives the empty text.
func (d Dialect) Repeat(character, count string) string {
	return "replace(hex(zeroblob(" + count + ")), '00', " + d.Literal(value.NewText(character), value.Type{Kind: value.String}) + ")"
}

// Concat joins texts.
func (Dialect) Concat(texts ...string) string {
	if len(texts) == 0 {
		return "''"
	}
	return "(" + strings.Join(texts, " || ") + ")"
}

// Literal writes v so that SQLite reads exactly v. The column's type is not needed: a literal has its own storage class,
// and a comparison or an INSERT applies the column's affinity to it.
func (Dialect) Literal(v value.Value, _ value.Type) string {
	switch v.Form() {
	case value.Null:
		return "NULL"
	case value.Bool:
		if v.Bool() {
			return "1"
		}
		return "0"
	case value.Int:
		if v.Int() == math.MinInt64 { // its digits without the sign are no 64-bit integer
			return "(-9223372036854775807 - 1)"
		}
		return strconv.FormatInt(v.Int(), 10)
	case value.Float:
		return float(v.Float())
	case value.Decimal:
		if plainDecimal(v.Text()) { // 2.50 is the number that 2.5 is, and 2.00 an integer, as a column of numeric affinity has it
			whole, fraction, _ := strings.Cut(v.Text(), ".")
			if fraction = strings.TrimRight(fraction, "0"); fraction == "" {
				return whole
			}
			return whole + "." + fraction
		}
		return text(v.Text())
	case value.Bytes:
		return "X'" + strings.ToUpper(hex.EncodeToString([]byte(v.Text()))) + "'"
	case value.Text, value.Time:
		return text(v.Text())
	}
	// An unknown form must stop the statement, and this is no SQL.
	return "<unknown form>"
}

func text(s string) string {
	if strings.IndexByte(s, 0) >= 0 {
		return "CAST(X'" + strings.ToUpper(hex.EncodeToString([]byte(s))) + "' AS TEXT)"
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

func float(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "9e999"
	case math.IsInf(f, -1):
		return "-9e999"
	case math.IsNaN(f): // SQLite stores none: it makes NULL of it
		return "NULL"
	}
	s := strconv.FormatFloat(f, 'g', 17, 64)
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return s
}

func plainDecimal(s string) bool {
	digits := strings.TrimPrefix(s, "-")
	whole, fraction, point := strings.Cut(digits, ".")
	number := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	return number(whole) && (!point || number(fraction))
}

// Like writes GLOB for a column that compares by BINARY, and LIKE, which ignores the case of A to Z, for NOCASE. In the
// map's pattern % is any text, _ any character, and a backslash takes the next character as it is.
func (Dialect) Like(operand, pattern string, t value.Type) (string, error) {
	if strings.IndexByte(pattern, 0) >= 0 {
		return "", failure(codeLike, diag.Misuse, "leave the NUL character out", nil, "a LIKE pattern holds a NUL character")
	}
	switch t.Collation.Name {
	case "BINARY":
		glob, err := translate(pattern, "*", "?", func(r rune) string {
			if strings.ContainsRune("*?[", r) {
				return "[" + string(r) + "]"
			}
			return string(r)
		})
		return operand + " GLOB " + text(glob), err
	case "NOCASE":
		like, err := translate(pattern, "%", "_", func(r rune) string {
			if strings.ContainsRune(`%_\`, r) {
				return `\` + string(r)
			}
			return string(r)
		})
		return operand + " LIKE " + text(like) + ` ESCAPE '\'`, err
	}
	return "", failure(codeLike, diag.Misuse, "compare with =, or with BETWEEN", nil,
		"LIKE needs a column that compares by BINARY or NOCASE, not %q", t.Collation.Name)
}

func translate(pattern, many, one string, literal func(rune) string) (string, error) {
	var b strings.Builder
	escaped := false
	for _, r := range pattern {
		switch {
		case escaped:
			b.WriteString(literal(r))
			escaped = false
		case r == '\\':
			escaped = true
		case r == '%':
			b.WriteString(many)
		case r == '_':
			b.WriteString(one)
		default:
			b.WriteString(literal(r))
		}
	}
	if escaped {
		return "", failure(codeLike, diag.Misuse, `write \\ for one backslash`, nil, "a LIKE pattern ends in a lone backslash")
	}
	return b.String(), nil
}
