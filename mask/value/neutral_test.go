package value

import (
	"math"
	"testing"
)

func TestNeutral(t *testing.T) {
	for _, c := range []struct {
		kind     Kind
		in, want Value
	}{
		{Boolean, NewInt(1), NewBool(true)},
		{Boolean, NewInt(0), NewBool(false)},
		{Boolean, NewInt(2), NewInt(2)},
		{Boolean, NewInt(-1), NewInt(-1)},
		{Boolean, NewBool(true), NewBool(true)},
		{Integer, NewInt(7), NewInt(7)},
		{Number, NewDecimal("0012.500"), NewDecimal("12.5")},
		{Number, NewDecimal("-0.00"), NewDecimal("0")},
		{Number, NewDecimal("-0.05"), NewDecimal("-0.05")},
		{Number, NewDecimal("100"), NewDecimal("100")},
		{Number, NewDecimal("NaN"), NewDecimal("NaN")},
		{Number, NewInt(math.MinInt64), NewDecimal("-9223372036854775808")},
		{Number, NewFloat(12.5), NewDecimal("12.5")},
		{Number, NewFloat(1e21), NewDecimal("1000000000000000000000")},
		{Number, NewText("12.50"), NewDecimal("12.5")},
		{Number, NewText("1e3"), NewText("1e3")},
		{Real, NewInt(3), NewFloat(3)},
		{Real, NewInt(1 << 60), NewInt(1 << 60)},
		{Real, NewFloat(3.5), NewFloat(3.5)},
		{String, NewText("1.50"), NewText("1.50")},
		{Date, NewText("2026-01-31"), NewTime("2026-01-31")},
		{Date, NewText("2026-01-31 00:00"), NewText("2026-01-31 00:00")},
		{Date, NewText("31/1 2026"), NewText("31/1 2026")},
		{Date, NewInt(20260131), NewInt(20260131)},
		{TimeOfDay, NewText("08:00"), NewTime("08:00:00")},
		{TimeOfDay, NewTime("08:00:00.120"), NewTime("08:00:00.12")},
		{Timestamp, NewText("2026-01-31 08:00:00"), NewTime("2026-01-31T08:00:00")},
		{Timestamp, NewText("2026-01-31T08:00:00.500"), NewTime("2026-01-31T08:00:00.5")},
		{Timestamp, NewText("2026-01-31"), NewTime("2026-01-31T00:00:00")},
		{Timestamp, NewText("2026-01-31T08:00:00Z"), NewText("2026-01-31T08:00:00Z")},
		{TimestampTZ, NewText("2026-01-31 08:00:00Z"), NewTime("2026-01-31T08:00:00+00:00")},
		{TimestampTZ, NewText("2026-01-31 08:00:00+01"), NewTime("2026-01-31T08:00:00+01:00")},
		{TimestampTZ, NewTime("2026-01-31T08:00:00.25+0530"), NewTime("2026-01-31T08:00:00.25+05:30")},
		{TimestampTZ, NewText("2026-01-31 08:00:00"), NewText("2026-01-31 08:00:00")},
		{Timestamp, NewTime("infinity"), NewTime("infinity")},
		{TimestampTZ, NewText("-infinity"), NewTime("-infinity")},
		{TimeOfDay, NewText("infinity"), NewText("infinity")},
		{Timestamp, NewText("-0043-03-15 12:00:00"), NewTime("-0043-03-15T12:00:00")},
		{TimestampTZ, NewText("+12345-01-01T00:00:00.250+00"), NewTime("+12345-01-01T00:00:00.25+00:00")},
		{UUID, NewText("6F9619FF-8B86-D011-B42D-00CF4FC964FF"), NewText("6f9619ff-8b86-d011-b42d-00cf4fc964ff")},
		{Date, Value{}, Value{}},
		{Binary, NewBytes([]byte{0}), NewBytes([]byte{0})},
		{Variant, NewText("08:00"), NewText("08:00")},
	} {
		got := Neutral(c.in, Type{Kind: c.kind})
		if !Equal(got, c.want) {
			t.Errorf("%s %s %q: got %s %q, want %s %q", c.kind, c.in, c.in.Text(), got, got.Text(), c.want, c.want.Text())
		}
		if again := Neutral(got, Type{Kind: c.kind}); !Equal(again, got) {
			t.Errorf("%s %q: the neutral form of a neutral form is another: %q", c.kind, got.Text(), again.Text())
		}
	}
}
