package mask

import (
	"fmt"

	"github.com/utdrag/utdrag/mask/value"
)

var constantDefinition = definition{
	Description: Description{
		Name:    "constant",
		Usage:   "constant(x)",
		Summary: "replaces every cell by the literal x",
		Details: "x must fit the column's kind, length and precision. Dates, times and UUIDs are written as text: constant(\"1900-01-01\"). Fits columns that are part of no key; binary columns have no literal.",
		Example: `column "Phone" { mask = constant("000") }`,
	},
	build: newConstant,
}

type constantRule struct{ literal value.Value }

func newConstant(args []value.Value) (Rule, error) {
	if len(args) != 1 {
		return nil, &BadRule{Name: "constant", Reason: fmt.Sprintf("it takes one argument, and %d are given", len(args)), Advice: `write constant(x), as in constant("unknown") or constant(0)`}
	}
	literal := args[0]
	switch literal.Form() {
	case value.Null:
		return nil, &BadRule{Name: "constant", Reason: "its argument is null", Advice: "write mask = null to blank the column"}
	case value.Bool, value.Int, value.Text:
	case value.Decimal:
		if _, _, ok := decimalDigits(literal.Text()); !ok {
			return nil, &BadRule{Name: "constant", Reason: "its argument is not a plain decimal number", Advice: "write the number without an exponent"}
		}
	default:
		return nil, &BadRule{Name: "constant", Reason: fmt.Sprintf("its argument is a %s", literal.Form()), Advice: "write a text, a number, true or false"}
	}
	if literal.Large() != nil {
		return nil, &BadRule{Name: "constant", Reason: "its argument is too large", Advice: "write a short literal"}
	}
	return constantRule{literal}, nil
}

func (constantRule) Name() string   { return "constant" }
func (constantRule) NeedsKey() bool { return false }

func (r constantRule) Spec() string {
	switch r.literal.Form() {
	case value.Bool:
		return fmt.Sprintf("constant(%t)", r.literal.Bool())
	case value.Int:
		return fmt.Sprintf("constant(%d)", r.literal.Int())
	case value.Decimal:
		return fmt.Sprintf("constant(%s)", r.literal.Text())
	}
	return fmt.Sprintf("constant(%s)", quote(r.literal.Text()))
}

func (r constantRule) Fit(c Column) (Effect, error) {
	if err := outsideKeys("constant", c); err != nil {
		return Effect{}, err
	}
	if _, err := coerce(r.literal, c.Type); err != nil {
		return Effect{}, err
	}
	return Effect{Type: c.Type, Deterministic: true}, nil
}

func (r constantRule) SQL(d Dialect, c Column, expression string) (string, bool) {
	if _, err := r.Fit(c); err != nil {
		return "", false
	}
	result, err := coerce(r.literal, c.Type)
	if err != nil {
		return "", false
	}
	return sqlUnlessNull(d, c, expression, d.Literal(result, c.Type)), true
}

func (r constantRule) Func(c Column, _ *Key) (Func, error) {
	if _, err := r.Fit(c); err != nil {
		return nil, err
	}
	result, err := coerce(r.literal, c.Type)
	if err != nil {
		return nil, err
	}
	return always(result), nil
}

func (r constantRule) Holds(c Column, v value.Value) bool {
	if v.IsNull() {
		return true
	}
	expected, err := coerce(r.literal, c.Type)
	return err == nil && sameContent(c, v, expected)
}
