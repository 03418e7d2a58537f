package postgres

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// The server counts days and microseconds from the first of January 2000 (src/include/datatype/timestamp.h).
const (
	epochDays        = 10957 // from 1970-01-01
	microsecondsADay = 24 * 60 * 60 * 1e6
	infinity         = "infinity"
	pastInfinity     = "-infinity"
)

// appendDate appends a day, counted from 2000-01-01, in ISO 8601 form; a year that isn't of four digits has a sign and stands
// in the expanded form of section 4.1.2.4, in which the year 0 is 1 BC.
func appendDate(b []byte, days int64) []byte {
	year, month, day := civil(days + epochDays)
	switch {
	case year > 9999:
		b = append(b, '+')
		b = strconv.AppendInt(b, year, 10)
	case year < 0:
		b = fmt.Appendf(b, "-%04d", -year)
	default:
		b = append(b, byte('0'+year/1000), byte('0'+year/100%10), byte('0'+year/10%10), byte('0'+year%10))
	}
	b = append(b, '-')
	b = appendPair(b, month)
	b = append(b, '-')
	return appendPair(b, day)
}

// civil is the day of the proleptic Gregorian calendar (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
func civil(days int64) (year, month, day int64) {
	days += 719468
	era := days / 146097
	if days < 0 {
		era = (days - 146096) / 146097
	}
	ofEra := days - era*146097
	yearOfEra := (ofEra - ofEra/1460 + ofEra/36524 - ofEra/146096) / 365
	ofYear := ofEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	shifted := (5*ofYear + 2) / 153
	day = ofYear - (153*shifted+2)/5 + 1
	month = shifted + 3
	if month > 12 {
		month -= 12
	}
	year = yearOfEra + era*400
	if month <= 2 {
		year++
	}
	return year, month, day
}

func appendPair(b []byte, n int64) []byte { return append(b, byte('0'+n/10), byte('0'+n%10)) }

// appendTime appends a time of day without trailing zeros in its fraction.
func appendTime(b []byte, microseconds int64) []byte {
	seconds, fraction := microseconds/1e6, microseconds%1e6
	b = appendPair(b, seconds/3600)
	b = append(b, ':')
	b = appendPair(b, seconds/60%60)
	b = append(b, ':')
	b = appendPair(b, seconds%60)
	if fraction == 0 {
		return b
	}
	b = append(b, '.')
	for unit := int64(100000); fraction > 0; unit /= 10 {
		b = append(b, byte('0'+fraction/unit))
		fraction %= unit
	}
	return b
}

// appendTimestamp appends a moment, counted in microseconds.
func appendTimestamp(b []byte, microseconds int64, zone string) []byte {
	switch microseconds {
	case math.MaxInt64:
		return append(b, infinity...)
	case math.MinInt64:
		return append(b, pastInfinity...)
	}
	days, rest := microseconds/microsecondsADay, microseconds%microsecondsADay
	if rest < 0 {
		days, rest = days-1, rest+microsecondsADay
	}
	b = appendDate(b, days)
	b = append(b, 'T')
	b = appendTime(b, rest)
	return append(b, zone...)
}

// serverTime is a day or moment as the server reads it, from what appendDate and appendTimestamp write.
func serverTime(iso string) string {
	if iso == "" || iso[0] != '+' && iso[0] != '-' && !strings.HasPrefix(iso, "0000-") {
		return iso
	}
	sign := iso[0]
	digits, rest, ok := strings.Cut(strings.TrimLeft(iso, "+-"), "-")
	year, err := strconv.Atoi(digits)
	if !ok || err != nil { // an infinity
		return iso
	}
	rest = strings.Replace(rest, "T", " ", 1)
	if sign == '+' {
		return digits + "-" + rest
	}
	return fmt.Sprintf("%04d-%s BC", year+1, rest)
}
