// Package value holds one cell of a table as it passes from a source to a sink, and the neutral type of its column.
//
// A [Value] keeps what the database holds, exactly: a decimal is text, a time is text in ISO form, and a NULL is
// neither empty nor zero. A very large text or binary is a handle to be read in pieces, so that a row fits in memory
// whatever its documents weigh.
package value

import (
	"io"
	"math"
	"strconv"
)

// Form says what a Value holds. It is a property of the cell, not of its column: see [Kind] for that.
type Form uint8

// The forms. The zero Value is Null.
const (
	Null    Form = iota
	Bool         // true or false
	Int          // 64-bit signed integer
	Float        // IEEE 754 double
	Decimal      // exact decimal number as text: "-12.50"
	Text         // Unicode text, UTF-8
	Bytes        // binary
	// Time is a date, a time or both, as ISO 8601 text: "2026-01-31", "08:00:00.5", "2026-01-31T08:00:00+01:00". Engines
	// whose columns are typed write no trailing zeros in fractions of a second.
	Time
)

func (f Form) String() string {
	names := [...]string{"null", "bool", "int", "float", "decimal", "text", "bytes", "time"}
	if int(f) < len(names) {
		return names[f]
	}
	return "form " + strconv.Itoa(int(f))
}

// Value is one cell. It is immutable and comparable only through [Equal].
type Value struct {
	form  Form
	bits  uint64
	text  string
	large *Large
}

// Large is the content of a Text or Bytes cell that is too large to be held in memory.
type Large struct {
	// Size is the content's length in bytes.
	Size int64
	// Open starts reading from the first byte. It is valid until the source moves to its next row; the reader must be
	// closed before that.
	Open func() (io.ReadCloser, error)
}

// NewBool returns a Bool.
func NewBool(b bool) Value {
	if b {
		return Value{form: Bool, bits: 1}
	}
	return Value{form: Bool}
}

// NewInt returns an Int.
func NewInt(n int64) Value { return Value{form: Int, bits: uint64(n)} }

// NewFloat returns a Float.
func NewFloat(f float64) Value { return Value{form: Float, bits: math.Float64bits(f)} }

// NewDecimal returns a Decimal from its plain text, without exponent.
func NewDecimal(text string) Value { return Value{form: Decimal, text: text} }

// NewText returns a Text.
func NewText(s string) Value { return Value{form: Text, text: s} }

// NewBytes returns a Bytes holding a copy of b.
func NewBytes(b []byte) Value { return Value{form: Bytes, text: string(b)} }

// NewBinary returns a Bytes whose content is the bytes of s.
func NewBinary(s string) Value { return Value{form: Bytes, text: s} }

// NewTime returns a Time from its ISO 8601 text.
func NewTime(text string) Value { return Value{form: Time, text: text} }

// NewLarge returns a Text or Bytes cell that is read in pieces.
func NewLarge(form Form, large *Large) Value { return Value{form: form, large: large} }

// Form returns what v holds.
func (v Value) Form() Form { return v.form }

// IsNull reports whether v is NULL.
func (v Value) IsNull() bool { return v.form == Null }

// Bool returns the content of a Bool.
func (v Value) Bool() bool { return v.bits != 0 }

// Int returns the content of an Int.
func (v Value) Int() int64 { return int64(v.bits) }

// Float returns the content of a Float.
func (v Value) Float() float64 { return math.Float64frombits(v.bits) }

// FloatBits returns the IEEE 754 bits of a Float.
func (v Value) FloatBits() uint64 { return v.bits }

// Text returns the content of a Text, Decimal, Time or Bytes that is held in memory.
func (v Value) Text() string { return v.text }

// Large returns the handle of a cell that is read in pieces, or nil.
func (v Value) Large() *Large { return v.large }

// Size returns the bytes of content: what progress counts. A NULL has none, a number or bool eight.
func (v Value) Size() int64 {
	switch {
	case v.large != nil:
		return v.large.Size
	case v.form == Null:
		return 0
	case v.form == Bool, v.form == Int, v.form == Float:
		return 8
	}
	return int64(len(v.text))
}

// Equal reports whether a and b have the same form and content. Two floats are equal when their bits are. A large
// value equals nothing, itself included: compare digests instead.
func Equal(a, b Value) bool {
	return a.large == nil && b.large == nil && a.form == b.form && a.bits == b.bits && a.text == b.text
}

// String names the form only. The content of a cell is never printed by accident.
func (v Value) String() string { return "<" + v.form.String() + ">" }
