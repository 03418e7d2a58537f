package mask

import (
	"strings"

	"github.com/utdrag/utdrag/mask/value"
)

var redactDefinition = definition{
	Description: Description{
		Name:    "redact",
		Usage:   "redact",
		Summary: `replaces every text by "***", so that not even its length shows`,
		Details: `Fits text columns that are part of no key. A column of fewer than three characters gets as many stars as it holds. The empty text becomes "***" as well; NULL stays NULL.`,
		Example: `column "Note" { mask = redact }`,
	},
	build: func(args []value.Value) (Rule, error) {
		if err := noArguments("redact", args); err != nil {
			return nil, err
		}
		return redactRule{}, nil
	},
}

// redactRule never looks at the cell: whatever is there, the result is the same.
type redactRule struct{}

func (redactRule) Name() string   { return "redact" }
func (redactRule) Spec() string   { return "redact" }
func (redactRule) NeedsKey() bool { return false }

func (redactRule) Fit(c Column) (Effect, error) {
	if err := textOutsideKeys("redact", c); err != nil {
		return Effect{}, err
	}
	return Effect{Type: c.Type, Deterministic: true}, nil
}

func (r redactRule) SQL(d Dialect, c Column, expression string) (string, bool) {
	if _, err := r.Fit(c); err != nil {
		return "", false
	}
	return sqlUnlessNull(d, c, expression, d.Literal(r.result(c), c.Type)), true
}

func (r redactRule) Func(c Column, _ *Key) (Func, error) {
	if _, err := r.Fit(c); err != nil {
		return nil, err
	}
	return always(r.result(c)), nil
}

func (r redactRule) Holds(c Column, v value.Value) bool {
	return v.IsNull() || sameText(c, v, r.result(c))
}

func (redactRule) result(c Column) value.Value {
	stars := 3
	if c.Type.Length > 0 {
		stars = min(stars, c.Type.Length)
	}
	return value.NewText(strings.Repeat("*", stars))
}
