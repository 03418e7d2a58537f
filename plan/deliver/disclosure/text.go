package disclosure

import (
	"regexp"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// printable reports whether s can be shown and be written without escapes: UTF-8 that is neither blank at an end nor
// holds control or format characters, digits of other scripts or the mark of broken UTF-8, and at most limit characters.
func printable(s string, limit int) bool {
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) > limit || s == "" || s[0] == ' ' || s[len(s)-1] == ' ' {
		return false
	}
	for _, c := range s {
		if !unicode.IsPrint(c) || c == utf8.RuneError || (c > unicode.MaxASCII && unicode.IsNumber(c)) {
			return false
		}
	}
	return true
}

// A personal identity or coordination number in the forms people write it: the date with the century or without, its parts set off
// by nothing, or by a hyphen, dot, stroke or space; then four digits, set off by nothing, space, a plus, or what looks like a hyphen.
var personNumbers = []*regexp.Regexp{
	regexp.MustCompile(`^[0-9]{4}` + restOfNumber),
	regexp.MustCompile(`^[0-9]{2}` + restOfNumber),
}

const restOfNumber = `[-./ ]?([0-9]{2})[-./ ]?([0-9]{2}) {0,3}[\p{Pd}−+]? {0,3}[0-9]{4}`

// A date in what may be a period: "2026-01-01 - 2026-12-31".
var restOfDate = regexp.MustCompile(`^[-./ ][0-9]{2}[-./ ][0-9]{2}(?:[^0-9]|$)`)

// personal reports whether s holds what looks like a person's number. The check digit isn't asked for: a number with a
// slip of the pen still says who. The month and the day are, which lets organisation numbers through: their third digit
// is at least 2 (Skatteverket, SKV 709).
func personal(s string) bool {
	digit := func(i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }
	for start := range len(s) {
		if !digit(start) || digit(start-1) {
			continue
		}
		for _, form := range personNumbers {
			m := form.FindStringSubmatchIndex(s[start:])
			if m == nil || digit(start+m[1]) || restOfDate.MatchString(s[start+m[1]:]) {
				continue
			}
			month, _ := strconv.Atoi(s[start+m[2] : start+m[3]])
			day, _ := strconv.Atoi(s[start+m[4] : start+m[5]])
			if month >= 1 && month <= 12 && (day >= 1 && day <= 31 || day >= 61 && day <= 91) {
				return true
			}
		}
	}
	return false
}

var personWritten = regexp.MustCompile(`(?:^|[^0-9])[0-9]{6}(?:[0-9]{2})?[\p{Pd}−+][0-9]{4}(?:[^0-9]|$)`)

// personalWritten is personal for a path, whose names may be any number that a machine drew: what counts there is a number that
// somebody wrote as one, with its hyphen or plus.
func personalWritten(s string) bool { return personWritten.MatchString(s) && personal(s) }
