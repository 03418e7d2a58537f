package mask

import "github.com/utdrag/utdrag/mask/value"

var nullDefinition = definition{
	Description: Description{
		Name:    "null",
		Usage:   "null",
		Summary: "blanks the column: every cell becomes NULL",
		Details: "Fits every column that can be NULL and is part of no key. The column itself stays, so that programs that name it still run; omit takes it away.",
		Example: `column "PasswordHash" { mask = null }`,
	},
	build: func(args []value.Value) (Rule, error) {
		if err := noArguments("null", args); err != nil {
			return nil, err
		}
		return nullRule{}, nil
	},
}

type nullRule struct{}

func (nullRule) Name() string   { return "null" }
func (nullRule) Spec() string   { return "null" }
func (nullRule) NeedsKey() bool { return false }

func (nullRule) Fit(c Column) (Effect, error) {
	switch {
	case c.Unique:
		return Effect{}, &Unfit{Rule: "null", Reason: "the column is part of a key",
			Advice: `use hash("domain") to keep keys apart, or keep the column`}
	case !c.Nullable:
		return Effect{}, &Unfit{Rule: "null", Reason: "the column can't be NULL",
			Advice: "use constant(x) or redact, or omit the column"}
	}
	return Effect{Type: c.Type, Deterministic: true, Blanks: true}, nil
}

func (r nullRule) SQL(d Dialect, c Column, _ string) (string, bool) {
	if _, err := r.Fit(c); err != nil {
		return "", false
	}
	return d.Literal(value.Value{}, c.Type), true
}

func (r nullRule) Func(c Column, _ *Key) (Func, error) {
	if _, err := r.Fit(c); err != nil {
		return nil, err
	}
	return func(value.Value) (value.Value, error) { return value.Value{}, nil }, nil
}

func (nullRule) Holds(_ Column, v value.Value) bool { return v.IsNull() }
