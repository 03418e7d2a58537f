package pmo

import (
	"fmt"
	"time"
)

// luhn is the check digit of a row of digits: the Luhn algorithm, as organisation and person numbers use it.
func luhn(digits string) int {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			d *= 2
		}
		sum += d/10 + d%10
	}
	return (10 - sum%10) % 10
}

// Birth days run from 1925-01-01 through so many days; each has twenty test person numbers. Staff take two of the
// twenty, on days from 1957 on, and patients the rest.
const (
	birthDays       = 36500
	staffFirstDay   = 11688 // 1957-01-01
	staffDays       = 16000
	firstTestNumber = 980 // birth numbers 980 to 999 are test person numbers (Skatteverket)
	patientNumbers  = 18
)

var firstBirthDay = time.Date(1925, time.January, 1, 0, 0, 0, 0, time.UTC)

// patientPerson is the birth day and person number of a patient. 7919 is prime to the number of days, so that
// neighbours in id are not neighbours in age, and no number comes twice before all days are used.
func patientPerson(id int) (time.Time, string) {
	return person(id*7919%birthDays, firstTestNumber+id/birthDays%patientNumbers)
}

// staffPerson is the same for staff.
func staffPerson(id int) (time.Time, string) {
	return person(staffFirstDay+id*7919%staffDays, firstTestNumber+patientNumbers+id/staffDays%2)
}

func person(day, number int) (time.Time, string) {
	born := firstBirthDay.AddDate(0, 0, day)
	digits := fmt.Sprintf("%s%03d", born.Format("20060102"), number)
	return born, fmt.Sprintf("%s%d", digits, luhn(digits[2:]))
}

// sexOf reads a person number: the last digit but one is odd for men.
func sexOf(personID string) string {
	if (personID[len(personID)-2]-'0')%2 == 1 {
		return "M"
	}
	return "K"
}

// mobile and landline are of the ranges that PTS keeps for fiction.
func (g *generator) mobile() string { return fmt.Sprintf("070-1740%03d", 605+g.IntN(95)) }

func (g *generator) landline() string {
	return fmt.Sprintf(pick(g, []string{"08-465004%02d", "031-39006%02d", "040-62804%02d", "0980-3192%02d"}), g.IntN(100))
}

const (
	dateForm = "2006-01-02"
	timeForm = "2006-01-02T15:04:05"
)
