package order

import (
	"fmt"
	"time"
)

// Date is a day of the calendar. The zero Date is none.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// String is the date as ISO 8601 writes it, or "".
func (d Date) String() string {
	if d == (Date{}) {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// Compare is negative where d is before e, 0 where they are the same and positive where d is after.
func (d Date) Compare(e Date) int { return d.midnight().Compare(e.midnight()) }

// midnight is the date's beginning on a clock without a zone.
func (d Date) midnight() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

func dateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{year, month, day}
}

// readDate reads an ISO 8601 date. An order is of this century: another year is a slip of the pen.
func readDate(text string) (Date, *flaw) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() < 2000 || t.Year() > 2099 {
		return Date{}, &flaw{code: CodeDate, summary: "this is not a date", advice: "write year, month and day: 2026-12-01"}
	}
	return dateOf(t), nil
}

// Clock is a time of day.
type Clock struct{ Hour, Minute int }

// String is the time of day as hours and minutes.
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", c.Hour, c.Minute) }

func readClock(text string) (Clock, *flaw) {
	t, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		return Clock{}, &flaw{code: CodeDate, summary: "this is not a time of day", advice: "write hours and minutes: 01:00"}
	}
	return Clock{t.Hour(), t.Minute()}, nil
}
