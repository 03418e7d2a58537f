package order

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/robfig/cron/v3"
)

// clock reads a time with its offset, or none for the zero time.
func clock(t testing.TB, text string) time.Time {
	t.Helper()
	if text == "" {
		return time.Time{}
	}
	at, err := time.Parse("2006-01-02 15:04 -07", text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestDue(t *testing.T) {
	at := func(every, start, hour string) Interval {
		d, f := readDate(start)
		c, f2 := readClock(hour)
		if f != nil || f2 != nil {
			t.Fatal(f, f2)
		}
		return Interval{Every: every, Start: d, At: c, Zone: defaultZone}
	}
	crontab := func(expression, start string) Interval {
		d, f := readDate(start)
		if f != nil {
			t.Fatal(f)
		}
		return Interval{Cron: expression, Start: d, Zone: defaultZone}
	}
	for _, test := range []struct {
		why       string
		interval  Interval
		last, now string
		due       bool
		next      string
		missed    int
	}{
		{"once: not yet", at("once", "2026-03-01", "01:00"), "", "2026-02-28 23:00 +01", false, "2026-03-01 01:00 +01", 0},
		{"once: late is not missed", at("once", "2026-03-01", "01:00"), "", "2026-09-01 00:00 +02", true, "", 0},
		{"once: done", at("once", "2026-03-01", "01:00"), "2026-03-01 01:00 +01", "2026-09-01 00:00 +02", false, "", 0},
		{"once: ordered again for another day", at("once", "2026-05-01", "01:00"), "2026-03-01 01:00 +01", "2026-05-02 00:00 +02", true, "", 0},
		{"daily: to the minute", at("daily", "2026-03-01", "01:00"), "2026-03-01 01:00 +01", "2026-03-02 01:00 +01", true, "2026-03-03 01:00 +01", 0},
		{"daily: a minute too early", at("daily", "2026-03-01", "01:00"), "2026-03-01 01:00 +01", "2026-03-02 00:59 +01", false, "2026-03-02 01:00 +01", 0},
		{"daily: one run makes up for four days", at("daily", "2026-03-01", "01:00"), "2026-03-01 01:00 +01", "2026-03-05 12:00 +01", true, "2026-03-06 01:00 +01", 3},
		{"daily: an extra run doesn't move the next", at("daily", "2026-03-01", "01:00"), "2026-03-02 12:00 +01", "2026-03-02 13:00 +01", false, "2026-03-03 01:00 +01", 0},
		{"daily: the hour that spring leaves out", at("daily", "2026-03-01", "02:30"), "2026-03-28 02:30 +01", "2026-03-29 03:00 +02", true, "2026-03-30 02:30 +02", 0},
		{"daily: before that hour", at("daily", "2026-03-01", "02:30"), "2026-03-28 02:30 +01", "2026-03-29 01:59 +01", false, "2026-03-29 03:00 +02", 0},
		{"daily: the hour that autumn has twice, first", at("daily", "2026-03-01", "02:30"), "2026-10-24 02:30 +02", "2026-10-25 02:30 +02", true, "2026-10-26 02:30 +01", 0},
		{"daily: and not again", at("daily", "2026-03-01", "02:30"), "2026-10-25 02:30 +02", "2026-10-25 02:30 +01", false, "2026-10-26 02:30 +01", 0},
		{"weekly: the start's weekday", at("weekly", "2026-03-05", "06:00"), "2026-03-26 06:00 +01", "2026-04-02 06:00 +02", true, "2026-04-09 06:00 +02", 0},
		{"monthly: the month's last day", at("monthly", "2026-01-31", "01:00"), "2026-01-31 01:00 +01", "2026-02-28 01:00 +01", true, "2026-03-31 01:00 +02", 0},
		{"monthly: and the 31st again", at("monthly", "2026-01-31", "01:00"), "2026-02-28 01:00 +01", "2026-03-30 23:00 +02", false, "2026-03-31 01:00 +02", 0},
		{"monthly: a leap year", at("monthly", "2027-10-30", "01:00"), "2028-01-30 01:00 +01", "2028-02-29 02:00 +01", true, "2028-03-30 01:00 +02", 0},
		{"quarterly: over the year's end", at("quarterly", "2026-11-30", "01:00"), "2026-11-30 01:00 +01", "2027-02-28 01:00 +01", true, "2027-05-30 01:00 +02", 0},
		{"quarterly: two missed", at("quarterly", "2026-01-01", "01:00"), "2026-01-01 01:00 +01", "2026-12-31 01:00 +01", true, "2027-01-01 01:00 +01", 2},
		{"never run: periods since the start were missed", at("monthly", "2026-01-15", "01:00"), "", "2026-04-15 01:00 +02", true, "2026-05-15 01:00 +02", 3},
		{"the clock was set back", at("daily", "2026-03-01", "01:00"), "2026-03-10 01:00 +01", "2026-03-05 12:00 +01", false, "2026-03-11 01:00 +01", 0},
		{"cron: nothing before the start", crontab("0 1 * * 1", "2026-03-04"), "", "2026-03-03 01:00 +01", false, "2026-03-09 01:00 +01", 0},
		{"cron: midnight of the start counts", crontab("0 0 * * *", "2026-03-04"), "", "2026-03-04 00:00 +01", true, "2026-03-05 00:00 +01", 0},
		{"cron: the hour that spring leaves out", crontab("30 2 * * *", "2026-03-01"), "2026-03-28 02:30 +01", "2026-03-29 12:00 +02", true, "2026-03-30 02:30 +02", 0},
		{"cron: the hour that autumn has twice", crontab("30 2 * * *", "2026-03-01"), "2026-10-25 02:30 +02", "2026-10-25 12:00 +01", false, "2026-10-26 02:30 +01", 0},
		{"cron: missed mondays", crontab("0 1 * * 1", "2026-03-01"), "2026-03-02 01:00 +01", "2026-03-24 12:00 +01", true, "2026-03-30 01:00 +02", 2},
		{"cron: a day that comes every fourth year", crontab("0 1 29 2 *", "2026-03-01"), "", "2027-01-01 00:00 +01", false, "2028-02-29 01:00 +01", 0},
		{"cron: counted to the limit", crontab("* * * * *", "2026-03-01"), "", "2036-03-01 00:00 +01", true, "2036-03-01 00:01 +01", maxCounted - 1},
		{"unknown", Interval{Every: "yearly", Zone: defaultZone}, "", "2026-03-01 00:00 +01", false, "", 0},
		{"unknown zone", Interval{Every: "daily", Zone: "Mars"}, "", "2026-03-01 00:00 +01", false, "", 0},
		{"unknown cron", Interval{Cron: "x", Zone: defaultZone}, "", "2026-03-01 00:00 +01", false, "", 0},
	} {
		o := &Order{Interval: test.interval}
		due, next, missed := o.Due(clock(t, test.last), clock(t, test.now))
		if want := clock(t, test.next); due != test.due || !next.Equal(want) || missed != test.missed {
			t.Errorf("%s: %v, next %v, missed %d; want %v, %v, %d", test.why, due, next, missed, test.due, want, test.missed)
		}
	}
}

// Without a start, deliveries begin on the date of the order.
func TestDueWithoutStart(t *testing.T) {
	o := good(t, "sftp.order.hcl")
	o.Interval.Start = Date{}
	due, next, _ := o.Due(time.Time{}, clock(t, "2026-01-11 23:00 +01"))
	if due || !next.Equal(clock(t, "2026-01-12 01:00 +01")) {
		t.Error(due, next)
	}
}

// A clock that walks through the year by the minute agrees: something falls due when the clock shows its time for the first time,
// or passes over it.
func TestDueAgainstAClock(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	crons := []string{"30 2 * * *", "0 * * * *", "*/20 1-4 * * *", "15 2 * * sun", "59 23 28-31 3,10 *", "0 0 1 * 1", "0 3 * * *"}
	for _, zone := range []string{defaultZone, "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC", "America/Sao_Paulo"} {
		location, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for _, year := range []int{2018, 2026} {
			for _, expression := range crons {
				spec, err := cron.ParseStandard(expression)
				if err != nil {
					t.Fatal(err)
				}
				start := Date{year, time.Month(1 + random.IntN(12)), 1 + random.IntN(28)}
				o := &Order{Interval: Interval{Cron: expression, Start: start, Zone: zone}}
				from := time.Date(start.Year, start.Month, start.Day, 0, 0, 0, 0, location).Add(-48 * time.Hour)
				var times []time.Time
				shown := start.midnight().Add(-time.Minute)
				coming := spec.Next(shown)
				for now := from; now.Before(from.AddDate(0, 9, 0)); now = now.Add(time.Minute) {
					w := wall(now, location)
					if !w.After(shown) {
						continue
					}
					if !coming.After(w) {
						times = append(times, now)
						coming = spec.Next(w)
					}
					shown = w
				}
				at := time.Time{}
				for i, want := range times {
					_, next, _ := o.Due(at, at)
					if !next.Equal(want) {
						t.Fatalf("%s %s from %s: %d: %v, want %v", zone, expression, start, i, next, want)
					}
					at = next
				}
				if i := len(times) / 2; i > 0 {
					due, _, missed := o.Due(times[0], times[i])
					if !due || missed != i-1 {
						t.Errorf("%s %s: missed %d, want %d", zone, expression, missed, i-1)
					}
				}
			}
		}
	}
}

// What Due says of next holds, and the calendar's arithmetic is that of a count one by one.
func TestDueHoldsTogether(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 3000 {
		i := Interval{Every: everyWords[random.IntN(len(everyWords))], Zone: defaultZone,
			Start: dateOf(time.Date(2024, 1, 1+random.IntN(900), 0, 0, 0, 0, time.UTC)), At: Clock{random.IntN(24), random.IntN(60)}}
		o := &Order{Interval: i}
		now := time.Date(2024, 1, 1, 0, random.IntN(3*366*24*60), 0, 0, time.UTC)
		last := now.Add(-time.Duration(random.IntN(100*24)) * time.Hour)
		due, next, missed := o.Due(last, now)
		n, at := 0, last
		for {
			_, step, _ := o.Due(at, at)
			if step.IsZero() || step.After(now) {
				if !step.Equal(next) {
					t.Fatalf("%+v: next %v, step by step %v", i, next, step)
				}
				break
			}
			n, at = n+1, step
		}
		if due != (n > 0) || missed != max(0, n-1) {
			t.Fatalf("%+v %v %v: due %v, missed %d, and there are %d", i, last, now, due, missed, n)
		}
		if !next.IsZero() {
			if early, _, _ := o.Due(now, next.Add(-time.Second)); early {
				t.Fatalf("%+v: due before %v", i, next)
			}
			if late, _, _ := o.Due(now, next); !late {
				t.Fatalf("%+v: not due at %v", i, next)
			}
		}
	}
}
