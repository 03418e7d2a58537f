package sqlite_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/utdrag/utdrag/internal/engine/sqlite"
	"github.com/utdrag/utdrag/mask/value"
)

// Texts of moments compare as the moments do, whatever their offsets and digits, to 100 nanoseconds.
func TestMoment(t *testing.T) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	compare, err := db.Prepare("SELECT " + sqlite.Dialect{}.Moment("?1") + " - " + sqlite.Dialect{}.Moment("?2"))
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	draw := func() time.Time {
		at := time.Date(1+random.IntN(9998), time.Month(1+random.IntN(12)), 1+random.IntN(28), random.IntN(24), random.IntN(60), random.IntN(60), 0, time.UTC)
		if random.IntN(2) == 0 {
			at = time.Date(2026, 1, 31, 7, 59, 58+random.IntN(3), 0, time.UTC)
		}
		steps := []int64{0, 1, 9999999, 9999990, 5000000, random.Int64N(10000000)}
		return at.Add(time.Duration(steps[random.IntN(len(steps))]) * 100)
	}
	text := func(at time.Time) string {
		zone := time.FixedZone("", (random.IntN(28*60+1)-14*60)*60)
		v := value.Neutral(value.NewText(at.In(zone).Format("2006-01-02T15:04:05.0000000Z07:00")), value.Type{Kind: value.TimestampTZ})
		return v.Text()
	}
	var before, after int64
	for x, into := range map[string]*int64{"-infinity": &before, "infinity": &after} {
		if err := db.QueryRow("SELECT "+sqlite.Dialect{}.Moment("?1")+" > "+sqlite.Dialect{}.Moment("?2"), x, text(draw())).Scan(into); err != nil {
			t.Fatal(err)
		}
	}
	if before != 0 || after != 1 {
		t.Error("before and after all days are elsewhere", before, after)
	}
	for range 5000 {
		a, b := draw(), draw()
		x, y := text(a), text(b)
		var got int64
		if err := compare.QueryRow(x, y).Scan(&got); err != nil {
			t.Fatal(fmt.Errorf("%s %s: %w", x, y, err))
		}
		if want := (a.Unix()-b.Unix())*1e7 + int64(a.Nanosecond()-b.Nanosecond())/100; got != want {
			t.Fatalf("%s - %s: %d, want %d", x, y, got, want)
		}
	}
}
