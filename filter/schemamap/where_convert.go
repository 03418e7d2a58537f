package schemamap

import (
	"fmt"
	"strings"
	"time"

	"github.com/utdrag/utdrag/mask/value"
)

// convert gives a literal the form that a column of type t compares with. fits is false where the literal is of another
// kind; with fits, advice is not empty where the text is not in the one form that is taken.
func convert(v value.Value, t value.Type) (converted value.Value, fits bool, advice string) {
	form := v.Form()
	switch t.Kind {
	case value.Integer, value.Number, value.Real:
		if form == value.Bool {
			return v, false, "write 0 or 1"
		}
		return verdict(v, form == value.Int || form == value.Decimal || form == value.Float, "write a number, without quotes")
	case value.Boolean:
		if form == value.Int && (v.Int() == 0 || v.Int() == 1) {
			return value.NewBool(v.Int() == 1), true, ""
		}
		return verdict(v, form == value.Bool, "write TRUE or FALSE")
	case value.String:
		return verdict(v, form == value.Text, "write a text: '…'")
	case value.UUID:
		if form != value.Text {
			return v, false, "write a text: '01234567-89ab-cdef-0123-456789abcdef'"
		}
		if !isUUID(v.Text()) {
			return v, true, "write '01234567-89ab-cdef-0123-456789abcdef'"
		}
		return value.NewText(strings.ToLower(v.Text())), true, ""
	case value.Date, value.TimeOfDay, value.Timestamp, value.TimestampTZ:
		return convertTime(v, t)
	}
	return v, false, "write IS NULL or IS NOT NULL"
}

// verdict keeps v as it is.
func verdict(v value.Value, fits bool, advice string) (value.Value, bool, string) {
	if fits {
		advice = ""
	}
	return v, fits, advice
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
		} else if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F') {
			return false
		}
	}
	return true
}

// temporal are the forms of texts for each kind, the first being what advice shows. time.Parse takes fractions of a
// second wherever a layout has seconds.
var temporal = map[value.Kind]struct {
	layouts []string
	example string
	digits  bool // a fraction may follow
}{
	value.Date:        {[]string{"2006-01-02"}, "'2026-01-31'", false},
	value.TimeOfDay:   {[]string{"15:04:05", "15:04"}, "'08:00:00'", true},
	value.Timestamp:   {[]string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02"}, "'2026-01-31T08:00:00'", true},
	value.TimestampTZ: {[]string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04Z07:00"}, "'2026-01-31T08:00:00+01:00'", true},
}

// convertTime reads a text in ISO 8601 form. Everything is written out in the result, so that an engine's literal never
// rests on a default: a day without a time becomes midnight, an hour without seconds has :00.
func convertTime(v value.Value, t value.Type) (value.Value, bool, string) {
	form := temporal[t.Kind]
	advice := "write " + form.example
	if v.Form() != value.Text && v.Form() != value.Time {
		return v, false, advice
	}
	text := v.Text()
	if t.Kind != value.Date && len(text) > 10 && text[10] == ' ' {
		text = text[:10] + "T" + text[11:]
	}
	if strings.Contains(text, ",") { // time.Parse takes it for a point
		return v, true, advice
	}
	for _, layout := range form.layouts {
		at, err := time.Parse(layout, text)
		if err != nil || at.Year() < 1 && t.Kind != value.TimeOfDay {
			continue
		}
		if length := strings.IndexAny(layout, ":"); length > 0 && text[length] != ':' { // one-digit hours
			continue
		}
		fraction := fractionOf(text)
		limit := 7
		if t.Scale > 0 {
			limit = min(limit, t.Scale)
		}
		if len(fraction) > limit {
			return v, true, fmt.Sprintf("write at most %d digits after the seconds", limit)
		}
		return value.NewTime(at.Format(isoLayout(t.Kind, fraction))), true, ""
	}
	return v, true, advice
}

// fractionOf returns the digits after the point.
func fractionOf(text string) string {
	_, after, _ := strings.Cut(text, ".")
	return after[:len(after)-len(strings.TrimLeft(after, "0123456789"))]
}

func isoLayout(kind value.Kind, fraction string) string {
	seconds := "15:04:05"
	if fraction != "" {
		seconds += "." + strings.Repeat("0", len(fraction))
	}
	switch kind {
	case value.Date:
		return "2006-01-02"
	case value.TimeOfDay:
		return seconds
	case value.Timestamp:
		return "2006-01-02T" + seconds
	}
	return "2006-01-02T" + seconds + "Z07:00"
}
