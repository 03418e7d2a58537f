package mask_test

import (
	"errors"
	"testing"

	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/mask/value"
)

// Which rule fits which column is the whole of trap 13: settled here, or hours into a copy.
func TestFit(t *testing.T) {
	kinds := func(k value.Kind) mask.Column { return mask.Column{Type: value.Type{Kind: k}, Nullable: true} }
	with := func(c mask.Column, change func(*mask.Column)) mask.Column { change(&c); return c }
	unique := func(c *mask.Column) { c.Unique = true }
	reference := func(c *mask.Column) { c.Reference = true }
	notNull := func(c *mask.Column) { c.Nullable = false }
	price := mask.Column{Type: value.Type{Kind: value.Number, Precision: 5, Scale: 2}}

	null, redact := rule(t, "null"), rule(t, "redact")
	partial, hash := rule(t, "partial", number(1), number(0)), rule(t, "hash", text("person"))
	constant := func(v value.Value) mask.Rule { return rule(t, "constant", v) }
	word := constant(text("abc"))

	for _, c := range []struct {
		name   string
		rule   mask.Rule
		column mask.Column
		fits   bool
	}{
		{"null on text", null, textColumn(0), true},
		{"null on binary", null, kinds(value.Binary), true},
		{"null on NOT NULL", null, with(textColumn(0), notNull), false},
		{"null on a key", null, with(textColumn(0), unique), false},
		{"null on a reference", null, with(textColumn(0), reference), true},

		{"redact text", redact, textColumn(0), true},
		{"redact one character", redact, textColumn(1), true},
		{"redact an integer", redact, kinds(value.Integer), false},
		{"redact JSON", redact, kinds(value.JSON), false},
		{"redact an untyped column", redact, kinds(value.Variant), false},
		{"redact a key", redact, with(textColumn(0), unique), false},
		{"redact a reference", redact, with(textColumn(0), reference), false},

		{"partial text", partial, textColumn(3), true},
		{"partial date", partial, kinds(value.Date), false},
		{"partial key", partial, with(textColumn(0), unique), false},

		{"constant that fits", word, textColumn(3), true},
		{"constant of å counts characters", constant(text("åäö")), textColumn(3), true},
		{"constant too long", word, textColumn(2), false},
		{"constant on a key", word, with(textColumn(0), unique), false},
		{"constant on a reference", word, with(textColumn(0), reference), false},
		{"constant text in an integer", word, kinds(value.Integer), false},
		{"constant number in text", constant(number(1)), textColumn(0), false},
		{"constant in binary", word, kinds(value.Binary), false},
		{"constant in an unknown type", word, kinds(value.Unknown), false},
		{"constant integer", constant(number(1)), kinds(value.Integer), true},
		{"constant decimal in integer", constant(decimal("1.5")), kinds(value.Integer), false},
		{"constant large decimal in integer", constant(decimal("9223372036854775808")), kinds(value.Integer), false},
		{"constant price", constant(decimal("-999.99")), price, true},
		{"constant price too great", constant(number(1000)), price, false},
		{"constant price too exact", constant(decimal("0.001")), price, false},
		{"constant price, zero after it", constant(decimal("1.230")), price, true},
		{"constant real", constant(decimal("1.5")), kinds(value.Real), true},
		{"constant truth", constant(value.NewBool(true)), kinds(value.Boolean), true},
		{"constant number as truth", constant(number(1)), kinds(value.Boolean), false},
		{"constant date", constant(text("2024-02-29")), kinds(value.Date), true},
		{"constant no date", constant(text("2023-02-29")), kinds(value.Date), false},
		{"constant time", constant(text("08:30")), kinds(value.TimeOfDay), true},
		{"constant timestamp", constant(text("2024-02-29T08:30:00")), kinds(value.Timestamp), true},
		{"constant timestamp too exact", constant(text("2024-02-29T08:30:00.5")), kinds(value.Timestamp), false},
		{"constant timestamp without offset", constant(text("2024-02-29T08:30:00")), kinds(value.TimestampTZ), false},
		{"constant timestamp with offset", constant(text("2024-02-29T08:30:00+01:00")), kinds(value.TimestampTZ), true},
		{"constant UUID", constant(text("00112233-4455-6677-8899-AABBCCDDEEFF")), kinds(value.UUID), true},
		{"constant no UUID", constant(text("0011223344556677-8899-AABB-CCDDEEFF--")), kinds(value.UUID), false},
		{"constant JSON", constant(text(`{"a":1}`)), kinds(value.JSON), true},
		{"constant no JSON", constant(text(`{a:1}`)), kinds(value.JSON), false},
		{"constant XML", constant(text("<a/>")), kinds(value.XML), false},
		{"constant untyped", constant(number(1)), kinds(value.Variant), true},

		{"hash text", hash, textColumn(0), true},
		{"hash a key", hash, with(textColumn(64), unique), true},
		{"hash a reference", hash, with(textColumn(32), reference), true},
		{"hash a short column", hash, textColumn(31), false},
		{"hash UUID", hash, kinds(value.UUID), true},
		{"hash integer", hash, kinds(value.Integer), false},
		{"hash decimal", hash, kinds(value.Number), false},
		{"hash binary", hash, kinds(value.Binary), false},
		{"hash without accents", hash, with(textColumn(0), func(c *mask.Column) { c.Type.Collation.IgnoresAccents = true }), false},
	} {
		effect, err := c.rule.Fit(c.column)
		unfit, isUnfit := errors.AsType[*mask.Unfit](err)
		if (err == nil) != c.fits || err != nil && (!isUnfit || unfit.Advice == "" || unfit.Rule != c.rule.Name()) {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		_, errFunc := c.rule.Func(c.column, testKey(t))
		_, hasSQL := c.rule.SQL(sqliteDialect{}, c.column, "x")
		if (errFunc == nil) != c.fits || hasSQL != (c.fits && c.rule.Name() != "hash") {
			t.Errorf("%s: Func %v, SQL %t", c.name, errFunc, hasSQL)
		}
		if c.fits && (effect.Type.Kind != c.column.Type.Kind || !effect.Deterministic || effect.Blanks != (c.rule == null)) {
			t.Errorf("%s: effect %+v", c.name, effect)
		}
	}
}

// An engine gives a constant back in its own form: SQLite has neither decimals nor truth values.
func TestConstantHolds(t *testing.T) {
	for _, c := range []struct {
		name    string
		literal value.Value
		kind    value.Kind
		cell    value.Value
		holds   bool
	}{
		{"null", number(1), value.Integer, value.Value{}, true},
		{"same", number(1), value.Integer, number(1), true},
		{"other", number(1), value.Integer, number(2), false},
		{"text", number(1), value.Integer, text("1"), false},
		{"decimal as float", decimal("0.50"), value.Number, value.NewFloat(0.5), true},
		{"decimal as integer", decimal("2.0"), value.Number, number(2), true},
		{"truth as integer", value.NewBool(true), value.Boolean, number(1), true},
		{"other truth", value.NewBool(true), value.Boolean, number(0), false},
		{"no truth", value.NewBool(false), value.Boolean, number(2), false},
		{"single real", decimal("0.1"), value.Real, value.NewFloat(float64(float32(0.1))), true},
		{"timestamp with a space", text("2024-02-29T08:30:00"), value.Timestamp, value.NewTime("2024-02-29 08:30:00.000"), true},
		{"date as text", text("2024-02-29"), value.Date, text("2024-02-29"), true},
		{"other date", text("2024-02-29"), value.Date, text("2024-03-01"), false},
		{"same instant", text("2024-02-29T08:30:00+01:00"), value.TimestampTZ, value.NewTime("2024-02-29T07:30:00Z"), true},
		{"UUID in capitals", text("00112233-4455-6677-8899-aabbccddeeff"), value.UUID, text("00112233-4455-6677-8899-AABBCCDDEEFF"), true},
		{"JSON spelled anew", text(`{"a":1,"b":[]}`), value.JSON, text(`{"b": [], "a": 1}`), true},
		{"other JSON", text(`{"a":1}`), value.JSON, text(`{"a": 2}`), false},
		{"untyped decimal", decimal("1.5"), value.Variant, value.NewFloat(1.5), true},
		{"untyped other decimal", decimal("1.5"), value.Variant, decimal("2.5"), false},
		{"untyped text", text("a"), value.Variant, text("b"), false},
		{"large", text("a"), value.String, value.NewLarge(value.Text, &value.Large{}), false},
	} {
		column := mask.Column{Type: value.Type{Kind: c.kind}, Nullable: true}
		if got := rule(t, "constant", c.literal).Holds(column, c.cell); got != c.holds {
			t.Errorf("%s: holds %t", c.name, got)
		}
	}
}
