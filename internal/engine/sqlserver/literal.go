package sqlserver

import (
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/utdrag/utdrag/mask/value"
)

// maxLiteral is how many characters a literal has at most where it stands alone. SQL Server takes more, but only pieces joined
// as (max) stay readable and whole whatever their length.
const maxLiteral = 4000

// unfit stands where a value has no literal. It is no SQL, so that the statement stops.
const unfit = "<a value without a literal>"

// Literal writes v so that the server reads exactly v, as a constant of the column's type where t tells it. Texts are
// Unicode, save plain ASCII for a column of a code page, which must not be compared as Unicode: that would keep it from its
// index.
func (d Dialect) Literal(v value.Value, t value.Type) string {
	if v.Large() != nil {
		return unfit
	}
	switch v.Form() {
	case value.Null:
		return "NULL"
	case value.Bool:
		if v.Bool() {
			return "CONVERT(bit, 1)"
		}
		return "CONVERT(bit, 0)"
	case value.Int:
		return integer(v.Int())
	case value.Float:
		return float(v.Float(), t)
	case value.Decimal:
		return decimal(v.Text(), t)
	case value.Bytes:
		return hexadecimal(v.Text())
	case value.Time:
		return moment(v.Text(), t)
	case value.Text:
		switch t.Kind {
		case value.Native:
			if variant, ok := d.variantLiteral(v.Text()); ok {
				return variant
			}
			return unfit
		case value.UUID:
			if isUUID(v.Text()) {
				return "CONVERT(uniqueidentifier, '" + v.Text() + "')"
			}
		case value.Date, value.TimeOfDay, value.Timestamp, value.TimestampTZ:
			return moment(v.Text(), t)
		}
		return text(v.Text(), t.Narrow && ascii(v.Text()))
	}
	return unfit
}

// integer writes a number of its own size: digits beyond int's range would be a decimal.
func integer(n int64) string {
	switch {
	case n == math.MinInt64: // its digits without the sign are no bigint
		return "CONVERT(bigint, '-9223372036854775808')"
	case n < math.MinInt32 || n > math.MaxInt32:
		return fmt.Sprintf("CONVERT(bigint, %d)", n)
	case n < 0: // two signs in a row would begin a comment
		return fmt.Sprintf("(%d)", n)
	}
	return strconv.FormatInt(n, 10)
}

// float has 17 digits, which tell any two doubles apart. There is no infinity and no NaN.
func float(f float64, t value.Type) string {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return unfit
	}
	word, digits := "float", strconv.FormatFloat(f, 'e', 16, 64)
	if t.Precision == precisionReal {
		word, digits = "real", strconv.FormatFloat(f, 'e', 8, 32)
	}
	return "CONVERT(" + word + ", " + strings.ToUpper(digits) + ")"
}

// decimal has the column's precision and scale where it fits them, and its own where it doesn't: rounding would change the
// answer of a comparison. No number has more than 38 digits.
func decimal(s string, t value.Type) string {
	digits := strings.TrimPrefix(s, "-")
	whole, fraction, point := strings.Cut(digits, ".")
	number := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	if !number(whole) || point && !number(fraction) {
		return unfit
	}
	significant, needed := len(strings.TrimLeft(whole, "0")), len(strings.TrimRight(fraction, "0"))
	switch {
	case t.Kind == value.Number && t.Precision > 0 && significant <= t.Precision-t.Scale && needed <= t.Scale:
		return fmt.Sprintf("CONVERT(decimal(%d,%d), %s)", t.Precision, t.Scale, s)
	case significant+needed > 38:
		return unfit
	case strings.HasPrefix(s, "-"):
		return "(" + s + ")"
	}
	return s
}

func hexadecimal(content string) string {
	if content == "" {
		return "0x"
	}
	return "0x" + strings.ToUpper(hex.EncodeToString([]byte(content)))
}

// text writes a constant without line breaks: clients split a script at a line that says GO, wherever it stands. Control
// characters are given by number. Pieces are joined as (max), because the sum of shorter ones is cut at 8,000 bytes.
func text(s string, ascii bool) string {
	prefix, char, kind := "N'", "NCHAR", "nvarchar(max)"
	if ascii {
		prefix, char, kind = "'", "CHAR", "varchar(max)"
	}
	var pieces []string
	var b strings.Builder
	length := 0
	flush := func() {
		if b.Len() > 0 {
			pieces = append(pieces, prefix+b.String()+"'")
			b.Reset()
			length = 0
		}
	}
	for _, r := range s {
		if r < ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 {
			flush()
			pieces = append(pieces, fmt.Sprintf("%s(%d)", char, r))
			continue
		}
		if length >= maxLiteral-1 {
			flush()
		}
		if r == '\'' {
			b.WriteByte('\'')
		}
		b.WriteRune(r)
		length++
		if r > 0xffff {
			length++
		}
	}
	flush()
	switch len(pieces) {
	case 0:
		return prefix + "'"
	case 1:
		return pieces[0]
	}
	pieces[0] = "CONVERT(" + kind + ", " + pieces[0] + ")"
	return "(" + strings.Join(pieces, " + ") + ")"
}

// moment writes a day or a time of the column's own type. CONVERT's style 126 is ISO 8601, and 127 the same with a zone
// (https://learn.microsoft.com/en-us/sql/t-sql/functions/cast-and-convert-transact-sql): no language and no DATEFORMAT changes
// how it is read, and none that of the same form with a T in a CAST.
func moment(s string, t value.Type) string {
	parts, ok := readMoment(s, t.Kind)
	if !ok {
		return unfit
	}
	scale := max(len(parts.fraction), t.Scale)
	switch t.Kind {
	case value.Date:
		return "CONVERT(date, '" + parts.day + "', 126)"
	case value.TimeOfDay:
		return fmt.Sprintf("CONVERT(time(%d), '%s', 126)", scale, parts.clock())
	case value.TimestampTZ:
		return fmt.Sprintf("CONVERT(datetimeoffset(%d), '%sT%s%s', 127)", scale, parts.day, parts.clock(), parts.zone)
	case value.Timestamp:
		// A value that datetime would round is compared as the longer type that it is.
		switch {
		case t.Precision == precisionDatetime && parts.isDatetime():
			return "CAST('" + parts.day + "T" + parts.clock() + "' AS datetime)"
		case t.Precision == precisionSmalldatetime && parts.isSmalldatetime():
			return "CAST('" + parts.day + "T" + parts.clock() + "' AS smalldatetime)"
		case t.Precision != 0:
			scale = 7
		}
		return fmt.Sprintf("CONVERT(datetime2(%d), '%sT%s', 126)", scale, parts.day, parts.clock())
	}
	return text(s, false)
}

// instant is a day and time in parts, all digits.
type instant struct{ day, seconds, fraction, zone string }

func (p instant) clock() string {
	if p.fraction == "" {
		return p.seconds
	}
	return p.seconds + "." + p.fraction
}

// isDatetime: from 1753 on, in steps of a three-hundredth of a second, which are written with 0, 3 or 7 last.
func (p instant) isDatetime() bool {
	f := p.fraction + strings.Repeat("0", max(0, 3-len(p.fraction)))
	return p.day >= "1753" && len(f) == 3 && strings.ContainsRune("037", rune(f[2]))
}

// isSmalldatetime: whole minutes from 1900 to 6 June 2079.
func (p instant) isSmalldatetime() bool {
	return p.day >= "1900" && p.day <= "2079-06-06" && strings.HasSuffix(p.seconds, ":00") && p.fraction == ""
}

// readMoment takes apart what a cell, or a map's literal, says in one of the forms of ISO 8601 with a blank or T between day
// and time.
func readMoment(s string, kind value.Kind) (p instant, ok bool) {
	if kind != value.TimeOfDay {
		if len(s) < 10 {
			return p, false
		}
		p.day, s = s[:10], s[10:]
		if !shaped(p.day, "0000-00-00") {
			return p, false
		}
		if kind == value.Date {
			return p, s == ""
		}
		if s == "" && kind != value.TimestampTZ {
			p.seconds = "00:00:00"
			return p, true
		}
		if s == "" || s[0] != 'T' && s[0] != ' ' {
			return p, false
		}
		s = s[1:]
	}
	if kind == value.TimestampTZ {
		at := strings.IndexAny(s, "+-Z")
		if at < 0 {
			return p, false
		}
		p.zone, s = s[at:], strings.TrimSuffix(s[:at], " ")
		if p.zone == "Z" {
			p.zone = "+00:00"
		}
		if !shaped(p.zone[1:], "00:00") {
			return p, false
		}
	}
	p.seconds, p.fraction, _ = strings.Cut(s, ".")
	if len(p.seconds) == 5 {
		p.seconds += ":00"
	}
	p.fraction = strings.TrimRight(p.fraction, "0")
	return p, shaped(p.seconds, "00:00:00") && strings.Trim(p.fraction, "0123456789") == "" && len(p.fraction) <= 7
}

// shaped reports whether s has the form, in which 0 is any digit.
func shaped(s, form string) bool {
	if len(s) != len(form) {
		return false
	}
	for i := range len(s) {
		if form[i] == '0' && (s[i] < '0' || s[i] > '9') || form[i] != '0' && s[i] != form[i] {
			return false
		}
	}
	return true
}
