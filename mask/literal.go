package mask

import (
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/utdrag/utdrag/mask/value"
)

// coerce turns a map's literal into a cell of a column's type. The error is an *Unfit.
func coerce(literal value.Value, t value.Type) (value.Value, error) {
	unfit := func(format string, args ...any) (value.Value, error) {
		return value.Value{}, &Unfit{Rule: "constant", Reason: fmt.Sprintf(format, args...), Advice: "write a constant that the column can hold"}
	}
	wrong := func() (value.Value, error) {
		return unfit("the column holds %s, and the constant is a %s", t.Kind, literal.Form())
	}
	switch t.Kind {
	case value.Boolean:
		if literal.Form() != value.Bool {
			return wrong()
		}
		return literal, nil
	case value.Integer:
		if literal.Form() == value.Decimal {
			if n, err := strconv.ParseInt(literal.Text(), 10, 64); err == nil {
				return value.NewInt(n), nil
			}
			return unfit("the constant is not a 64-bit integer")
		}
		if literal.Form() != value.Int {
			return wrong()
		}
		return literal, nil
	case value.Number:
		text, ok := numberText(literal)
		if !ok {
			return wrong()
		}
		whole, fraction, _ := decimalDigits(text)
		if t.Precision > 0 && (whole > t.Precision-t.Scale || fraction > t.Scale) {
			return unfit("the column holds %d digits, %d of them after the point, and the constant has %d and %d", t.Precision, t.Scale, whole+fraction, fraction)
		}
		if exact, ok := new(big.Rat).SetString(text); ok && t.Precision > 0 {
			text = exact.FloatString(t.Scale) // as a column of that scale gives it
		}
		return value.NewDecimal(text), nil
	case value.Real:
		text, ok := numberText(literal)
		if !ok {
			return wrong()
		}
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return unfit("the constant is out of range")
		}
		return value.NewFloat(f), nil
	case value.Variant:
		return literal, nil
	case value.String, value.Date, value.TimeOfDay, value.Timestamp, value.TimestampTZ, value.UUID, value.JSON:
		if literal.Form() != value.Text {
			return wrong()
		}
		return coerceText(literal, t, unfit)
	case value.Binary, value.XML:
		return value.Value{}, &Unfit{Rule: "constant", Reason: fmt.Sprintf("the column holds %s, for which there is no literal", t.Kind), Advice: "use null, or omit the column"}
	}
	return unfit("the column's type is not known")
}

// coerceText is coerce for the kinds whose literals are texts.
func coerceText(literal value.Value, t value.Type, unfit func(string, ...any) (value.Value, error)) (value.Value, error) {
	text := literal.Text()
	switch t.Kind {
	case value.String:
		if n := utf8.RuneCountInString(text); t.Length > 0 && n > t.Length {
			return unfit("the column holds %d characters, and the constant has %d", t.Length, n)
		}
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			return unfit("the constant is not valid text")
		}
	case value.UUID:
		id, ok := parseUUID(text)
		if !ok {
			return unfit("the constant is not a UUID")
		}
		return value.NewText(formatUUID(id)), nil
	case value.JSON:
		if !json.Valid([]byte(text)) {
			return unfit("the constant is not JSON")
		}
	default:
		when, ok := parseTime(t.Kind, text)
		if !ok {
			return unfit("the constant is not a %s in ISO form, such as %s", t.Kind, timeLayouts[t.Kind][0])
		}
		if fraction := strings.TrimRight(fmt.Sprintf("%09d", when.Nanosecond()), "0"); len(fraction) > t.Scale {
			return unfit("the column keeps %d decimals of a second, and the constant has %d", t.Scale, len(fraction))
		}
		return value.NewTime(text), nil
	}
	return literal, nil
}

// numberText is a number as plain decimal text.
func numberText(v value.Value) (string, bool) {
	switch v.Form() {
	case value.Int:
		return strconv.FormatInt(v.Int(), 10), true
	case value.Decimal:
		return v.Text(), true
	case value.Float:
		return strconv.FormatFloat(v.Float(), 'f', -1, 64), true
	}
	return "", false
}

// decimalDigits counts the digits before and after the point of a plain decimal, without leading and trailing zeros.
func decimalDigits(text string) (whole, fraction int, ok bool) {
	before, after, _ := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	if before == "" || strings.Trim(before+after, "0123456789") != "" || strings.HasSuffix(text, ".") {
		return 0, 0, false
	}
	return len(strings.TrimLeft(before, "0")), len(strings.TrimRight(after, "0")), true
}

// sameContent reports whether a cell that was read back holds the expected content. An engine may give it in another
// form than it was written in: SQLite has neither decimals nor truth values.
func sameContent(c Column, v, expected value.Value) bool {
	if v.Large() != nil {
		return false
	}
	switch c.Type.Kind {
	case value.Boolean:
		return sameTruth(v, expected)
	case value.Integer, value.Number:
		return sameNumber(v, expected)
	case value.Real:
		text, ok := numberText(v)
		f, err := strconv.ParseFloat(text, 64)
		return ok && err == nil && (f == expected.Float() || float32(f) == float32(expected.Float()))
	case value.Date, value.TimeOfDay, value.Timestamp, value.TimestampTZ:
		if v.Form() != value.Time && v.Form() != value.Text {
			return false
		}
		got, ok := parseTime(c.Type.Kind, v.Text())
		want, _ := parseTime(c.Type.Kind, expected.Text())
		return ok && got.Equal(want)
	case value.UUID:
		got, ok := parseUUID(v.Text())
		return ok && v.Form() == value.Text && formatUUID(got) == expected.Text()
	case value.JSON:
		return v.Form() == value.Text && sameJSON(v.Text(), expected.Text())
	case value.Variant:
		switch expected.Form() {
		case value.Bool:
			return sameTruth(v, expected)
		case value.Int, value.Decimal:
			return sameNumber(v, expected)
		}
	}
	return sameText(c, v, expected)
}

// sameTruth takes 0 and 1 for what an engine without truth values gives.
func sameTruth(v, expected value.Value) bool {
	return (v.Form() == value.Bool || v.Form() == value.Int && (v.Int() == 0 || v.Int() == 1)) && v.Bool() == expected.Bool()
}

// sameJSON compares documents, not their spelling: engines that parse JSON write it anew.
func sameJSON(a, b string) bool {
	parse := func(text string) (document any, ok bool) {
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		err := d.Decode(&document)
		return document, err == nil
	}
	x, okX := parse(a)
	y, okY := parse(b)
	return okX && okY && reflect.DeepEqual(x, y)
}

func sameNumber(a, b value.Value) bool {
	x, okX := numberText(a)
	y, okY := numberText(b)
	if !okX || !okY {
		return false
	}
	p, okX := new(big.Rat).SetString(x)
	q, okY := new(big.Rat).SetString(y)
	return okX && okY && p.Cmp(q) == 0
}

// timeLayouts are the ISO 8601 forms of each kind. The first is the one to write.
var timeLayouts = map[value.Kind][]string{
	value.Date:        {"2006-01-02"},
	value.TimeOfDay:   {"15:04:05", "15:04"},
	value.Timestamp:   {"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02"},
	value.TimestampTZ: {"2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z07:00"},
}

func parseTime(k value.Kind, text string) (time.Time, bool) {
	for _, layout := range timeLayouts[k] {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
