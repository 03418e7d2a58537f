package mask

import (
	"fmt"
	"strings"

	"github.com/utdrag/utdrag/mask/value"
)

// textOutsideKeys refuses what a rule can't be used on that needs text and may give two originals one result.
func textOutsideKeys(rule string, c Column) error {
	if c.Type.Kind != value.String {
		return &Unfit{Rule: rule, Reason: fmt.Sprintf("the column holds %s, not text", c.Type.Kind),
			Advice: "use null or constant(x), or omit the column"}
	}
	return outsideKeys(rule, c)
}

// outsideKeys refuses columns of keys and foreign keys.
func outsideKeys(rule string, c Column) error {
	switch {
	case c.Unique:
		return &Unfit{Rule: rule, Reason: "the column is part of a key, and results may be equal where originals differ",
			Advice: `use hash("domain"), or keep the column`}
	case c.Reference:
		return &Unfit{Rule: rule, Reason: "the column is part of a foreign key, which would lead nowhere",
			Advice: `use null, or hash("domain") at both ends, or keep the column`}
	}
	return nil
}

// always gives the same result for every cell that is not NULL, and never looks at the cell.
func always(result value.Value) Func {
	return func(v value.Value) (value.Value, error) {
		if v.IsNull() {
			return v, nil
		}
		return result, nil
	}
}

// sqlUnlessNull writes result where the expression is not NULL.
func sqlUnlessNull(d Dialect, c Column, expression, result string) string {
	if !c.Nullable {
		return result
	}
	return fmt.Sprintf("CASE WHEN %s IS NULL THEN %s ELSE %s END", expression, d.Literal(value.Value{}, c.Type), result)
}

// unpadded is the text of a cell without the spaces that a fixed-length column pads it with.
func unpadded(c Column, text string) string {
	if c.Type.Collation.IgnoresTrailingSpace {
		return strings.TrimRight(text, " ")
	}
	return text
}

// sameText reports whether a cell that was read back is the expected text.
func sameText(c Column, v, expected value.Value) bool {
	return v.Form() == value.Text && v.Large() == nil && unpadded(c, v.Text()) == unpadded(c, expected.Text())
}

// quote writes text as a string of the map language: HCL, whose templates are escaped.
func quote(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04x`, r)
		case (r == '$' || r == '%') && strings.HasPrefix(text[i+1:], "{"):
			b.WriteRune(r)
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
