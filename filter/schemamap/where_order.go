package schemamap

import (
	"cmp"
	"math"
	"math/big"
	"strings"
	"time"

	"github.com/utdrag/utdrag/mask/value"
)

// order compares two cells: negative, zero or positive. known is false where neither comes first.
func order(a, b value.Value, c value.Collation) (sign int, known bool) {
	if a.Large() != nil || b.Large() != nil {
		return 0, false
	}
	if numeric(a) && numeric(b) {
		return orderNumbers(a, b)
	}
	switch {
	case a.Form() == value.Text && b.Form() == value.Text:
		return strings.Compare(folded(a.Text(), c), folded(b.Text(), c)), true
	case a.Form() == value.Bytes && b.Form() == value.Bytes:
		return strings.Compare(a.Text(), b.Text()), true
	case timely(a) && timely(b): // at least one is a Time
		return orderTimes(a.Text(), b.Text())
	}
	return 0, false
}

func numeric(v value.Value) bool {
	switch v.Form() {
	case value.Bool, value.Int, value.Float, value.Decimal:
		return true
	}
	return false
}

// timely reports whether v can stand beside a Time: engines without such a type hold times as text.
func timely(v value.Value) bool { return v.Form() == value.Time || v.Form() == value.Text }

func orderNumbers(a, b value.Value) (int, bool) {
	x, infinityX, ok := rational(a)
	if !ok {
		return 0, false
	}
	y, infinityY, ok := rational(b)
	if !ok {
		return 0, false
	}
	if infinityX != 0 || infinityY != 0 {
		return cmp.Compare(infinityX, infinityY), true
	}
	return x.Cmp(y), true
}

// rational is a number, exactly. infinity is 1 or -1 where it is infinite.
func rational(v value.Value) (n *big.Rat, infinity int, ok bool) {
	switch v.Form() {
	case value.Bool:
		if v.Bool() {
			return big.NewRat(1, 1), 0, true
		}
		return new(big.Rat), 0, true
	case value.Int:
		return new(big.Rat).SetInt64(v.Int()), 0, true
	case value.Float:
		f := v.Float()
		switch {
		case math.IsNaN(f):
			return nil, 0, false
		case math.IsInf(f, 1):
			return nil, 1, true
		case math.IsInf(f, -1):
			return nil, -1, true
		}
		return new(big.Rat).SetFloat64(f), 0, true
	case value.Decimal:
		digits := strings.TrimLeft(v.Text(), "+-")
		whole, fraction, point := strings.Cut(digits, ".")
		if len(v.Text())-len(digits) > 1 || !allDigits(whole) || point && !allDigits(fraction) {
			return nil, 0, false // an exponent could ask for any amount of memory
		}
		n, ok := new(big.Rat).SetString(v.Text())
		return n, 0, ok
	}
	return nil, 0, false
}

// cellLayouts are the ISO forms in which sources give times. A text that fits none of them has no place in time.
var cellLayouts = []string{
	"2006-01-02", "15:04:05", "15:04", "2006-01-02T15:04:05", "2006-01-02T15:04",
	"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04Z07:00",
}

func orderTimes(a, b string) (int, bool) {
	x, zoneX, ok := moment(a)
	if !ok {
		return 0, false
	}
	y, zoneY, ok := moment(b)
	if !ok || zoneX != zoneY {
		return 0, false
	}
	return x.Compare(y), true
}

// moment reads an ISO text. kind tells texts apart that can't be compared: with and without a day, with an offset.
func moment(text string) (at time.Time, kind string, ok bool) {
	if len(text) > 10 && text[10] == ' ' {
		text = text[:10] + "T" + text[11:]
	}
	for _, layout := range cellLayouts {
		at, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		switch {
		case strings.HasSuffix(layout, "Z07:00"):
			kind = "offset"
		case strings.HasPrefix(layout, "15"):
			kind = "time"
		default:
			kind = "day"
		}
		return at, kind, true
	}
	return time.Time{}, "", false
}
