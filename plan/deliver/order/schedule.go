package order

import (
	"time"

	"github.com/robfig/cron/v3"
)

// Interval is how often a delivery is made: Every or Cron is set.
type Interval struct {
	Every string // once, daily, weekly, monthly or quarterly
	Cron  string // the five fields of crontab(5)
	Start Date   // no delivery before; without it, the date of the order
	At    Clock  // time of day, where Cron doesn't say it
	Zone  string // IANA name
}

// everyWords are the intervals that have words, and each one's Swedish.
var everyWords = []string{"once", "daily", "weekly", "monthly", "quarterly"}

var everySwedish = map[string]string{
	"once": "en gång", "daily": "varje dag", "weekly": "varje vecka", "monthly": "varje månad", "quarterly": "varje kvartal",
}

// maxCounted is the most occurrences of a cron expression that are counted one by one.
const maxCounted = 10000

// Due says whether a delivery is to be made at now, when the next one after that is, and how many were missed before it.
//
// last is when the last delivery that was completed was begun, or the zero time where there was none: one that failed stays due.
// Deliveries fall due at the start and then
// on the same weekday, on the same day of the month (in a shorter month on its last day), or on that day of every third month; or
// when the cron expression says. One that was missed is made up for once: however many fell due since last, due is true once, and
// missed is how many of them are passed over. A cron expression's are counted to 10,000 at most.
//
// Times of day are those of the zone's clocks. One that a change of the clocks leaves out counts as the moment of the change, and
// one that comes twice counts as the first. next is the zero time where nothing will fall due. With a clock that was set back
// behind last nothing is due until last has passed again: nothing is delivered twice for one interval.
//
// An interval whose zone or cron expression is unknown, which Parse doesn't let through, is never due.
func (o *Order) Due(last, now time.Time) (due bool, next time.Time, missed int) {
	s, ok := o.series()
	if !ok {
		return false, time.Time{}, 0
	}
	if last.After(now) {
		return false, s.after(last), 0
	}
	n := s.count(last, now)
	return n > 0, s.after(now), max(0, n-1)
}

// series is the times at which an order falls due.
type series interface {
	// after is the first time after t, or the zero time.
	after(t time.Time) time.Time
	// count is how many times there are after from and up to to. from may be the zero time.
	count(from, to time.Time) int
}

func (o *Order) series() (series, bool) {
	zone, err := time.LoadLocation(o.Interval.Zone)
	if err != nil {
		return nil, false
	}
	start := o.Interval.Start
	if start == (Date{}) {
		start = o.Orderer.Date
	}
	first := start.midnight().Add(time.Duration(o.Interval.At.Hour)*time.Hour + time.Duration(o.Interval.At.Minute)*time.Minute)
	if o.Interval.Cron != "" {
		spec, err := cron.ParseStandard(o.Interval.Cron)
		if err != nil {
			return nil, false
		}
		return expression{spec, start.midnight(), zone}, true
	}
	c := calendar{first: first, zone: zone}
	switch o.Interval.Every {
	case "once":
		c.once = true
	case "daily":
		c.days = 1
	case "weekly":
		c.days = 7
	case "monthly":
		c.months = 1
	case "quarterly":
		c.months = 3
	default:
		return nil, false
	}
	return c, true
}

// A wall time is what a clock in the zone shows, kept as if it were UTC: arithmetic on it knows no changes of the clocks.

// wall is what the zone's clock shows at t.
func wall(t time.Time, zone *time.Location) time.Time {
	t = t.In(zone)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// moment is when the zone's clock shows w: for the first time where it does twice, and where it never does, the moment at which it
// passes over w. time.Date leaves open which of two it chooses.
func moment(w time.Time, zone *time.Location) time.Time {
	offset := func(near time.Time) time.Duration {
		_, seconds := near.In(zone).Zone()
		return time.Duration(seconds) * time.Second
	}
	before, after := w.Add(-offset(w.Add(-24*time.Hour))), w.Add(-offset(w.Add(24*time.Hour)))
	var found time.Time
	for _, t := range []time.Time{before, after} {
		if wall(t, zone).Equal(w) && (found.IsZero() || t.Before(found)) {
			found = t
		}
	}
	if !found.IsZero() {
		return found.In(zone)
	}
	// before, reckoned with the offset of the day before, lies beyond the change.
	if change, _ := before.In(zone).ZoneBounds(); !change.IsZero() {
		return change
	}
	return before.In(zone)
}

// calendar is a series reckoned from its first time by days or months.
type calendar struct {
	first        time.Time // wall time
	zone         *time.Location
	once         bool
	days, months int
}

// at is the nth time, from 0. Each is reckoned from the first: after the 31st of January and the 28th of February comes the 31st
// of March.
func (c calendar) at(n int) time.Time {
	w := c.first.AddDate(0, 0, n*c.days)
	if c.months > 0 {
		month := time.Date(c.first.Year(), c.first.Month()+time.Month(n*c.months), 1, c.first.Hour(), c.first.Minute(), 0, 0, time.UTC)
		last := month.AddDate(0, 1, -1).Day()
		w = month.AddDate(0, 0, min(c.first.Day(), last)-1)
	}
	return moment(w, c.zone)
}

// until is how many times there are up to t, t included.
func (c calendar) until(t time.Time) int {
	if t.IsZero() || t.Before(c.at(0)) {
		return 0
	}
	if c.once {
		return 1
	}
	w := wall(t, c.zone)
	var n int
	if c.months > 0 {
		n = ((w.Year()-c.first.Year())*12 + int(w.Month()-c.first.Month())) / c.months
	} else {
		n = int(dateOf(w).midnight().Sub(dateOf(c.first).midnight())/(24*time.Hour)) / c.days
	}
	// That is right to within one: the time of day, the end of the month and the change of the clocks are still to come.
	n = max(0, n-1)
	for !c.at(n).After(t) {
		n++
	}
	return n
}

func (c calendar) after(t time.Time) time.Time {
	n := c.until(t)
	if c.once && n > 0 {
		return time.Time{}
	}
	return c.at(n)
}

func (c calendar) count(from, to time.Time) int { return c.until(to) - c.until(from) }

// expression is a series that a cron expression gives. It is asked in wall time: robfig/cron, asked in a zone, leaves out what the
// change of the clocks leaves out, and gives twice what comes twice.
type expression struct {
	spec  cron.Schedule
	start time.Time // wall time
	zone  *time.Location
}

func (e expression) after(t time.Time) time.Time {
	w := e.start.Add(-time.Second)
	if !t.IsZero() && wall(t, e.zone).After(w) {
		w = wall(t, e.zone)
	}
	for {
		w = e.spec.Next(w)
		if w.IsZero() {
			return time.Time{}
		}
		// What the clock shows for the second time was counted when it showed it first.
		if m := moment(w, e.zone); m.After(t) {
			return m
		}
	}
}

func (e expression) count(from, to time.Time) int {
	n := 0
	for t := e.after(from); !t.IsZero() && !t.After(to) && n < maxCounted; t = e.after(t) {
		n++
	}
	return n
}
