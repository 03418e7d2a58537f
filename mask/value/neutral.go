package value

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// Neutral is v in the one form that cells of a column of type t have in every engine, so that a cell that was stored in
// another engine, and read back, can be compared with what it was: truth values are Bool, exact numbers Decimal without
// zeros that say nothing, dates and times Time in ISO 8601 form. What has no such form, because it is not what its
// column says or its column says nothing, is returned as it is.
func Neutral(v Value, t Type) Value {
	if v.Large() != nil || v.IsNull() {
		return v
	}
	switch t.Kind {
	case Boolean:
		if v.Form() == Int && uint64(v.Int()) <= 1 {
			return NewBool(v.Int() == 1)
		}
	case Number:
		if text, ok := neutralDecimal(v); ok {
			return NewDecimal(text)
		}
	case Real:
		if f := float64(v.Int()); v.Form() == Int && int64(f) == v.Int() && math.Abs(f) < 1<<53 {
			return NewFloat(f)
		}
	case Date, TimeOfDay, Timestamp, TimestampTZ:
		if v.Form() != Text && v.Form() != Time {
			break
		}
		if text, ok := neutralTime(v.Text(), t.Kind); ok {
			return NewTime(text)
		}
	case UUID:
		if v.Form() == Text {
			return NewText(strings.ToLower(v.Text()))
		}
	}
	return v
}

var plainDecimal = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

func neutralDecimal(v Value) (string, bool) {
	var text string
	switch v.Form() {
	case Int:
		text = strconv.FormatInt(v.Int(), 10)
	case Float:
		text = strconv.FormatFloat(v.Float(), 'f', -1, 64)
	case Decimal, Text:
		text = v.Text()
	}
	if !plainDecimal.MatchString(text) {
		return "", false
	}
	negative := strings.HasPrefix(text, "-")
	text = strings.TrimLeft(strings.TrimPrefix(text, "-"), "0")
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	if text == "" || text[0] == '.' {
		text = "0" + text
	}
	if negative && text != "0" {
		text = "-" + text
	}
	return text, true
}

// isoTime takes what engines and people write for a day, a time or both: a T or a space between, seconds or none. Years before 1 and
// after 9999 have a sign, as ISO 8601 expands them.
var isoTime = regexp.MustCompile(`^((?:[0-9]{4}|[+-][0-9]{4,6})-[0-9]{2}-[0-9]{2})?(?:[T ]?([0-9]{2}:[0-9]{2})(:[0-9]{2})?(?:\.([0-9]+))?)?\s?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?$`)

func neutralTime(text string, kind Kind) (string, bool) {
	part := isoTime.FindStringSubmatch(text)
	if part == nil {
		// PostgreSQL's words for before and after all days.
		return text, kind != TimeOfDay && (text == "infinity" || text == "-infinity")
	}
	day, minute, second, fraction, zone := part[1], part[2], part[3], strings.TrimRight(part[4], "0"), part[5]
	if second == "" && minute != "" {
		second = ":00"
	}
	if fraction != "" {
		fraction = "." + fraction
	}
	switch {
	case zone == "Z" || zone == "-00:00":
		zone = "+00:00"
	case len(zone) == 3:
		zone += ":00"
	case len(zone) == 5:
		zone = zone[:3] + ":" + zone[3:]
	}
	switch kind {
	case Date:
		return day, day != "" && minute == "" && zone == ""
	case TimeOfDay:
		return minute + second + fraction + zone, day == "" && minute != ""
	}
	if day == "" || (zone != "") != (kind == TimestampTZ) {
		return "", false
	}
	if minute == "" {
		minute, second = "00:00", ":00"
	}
	return day + "T" + minute + second + fraction + zone, true
}
