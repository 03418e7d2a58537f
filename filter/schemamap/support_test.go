package schemamap

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

// sameTree compares what was written, not where.
var sameTree = cmp.Options{
	cmp.Comparer(value.Equal),
	cmp.Comparer(func(a, b diag.Range) bool { return true }),
}

// parseWhere reads a condition by way of a map that holds it as a quoted text.
func parseWhere(text string) (*Where, diag.List) {
	m, found := Parse("map.hcl", mapWith(text))
	if m == nil {
		return nil, found
	}
	return m.Tables[0].Where, found
}

const wherePrefix = "version = 1\nprovider {\n  table = \"P\"\n  key   = \"Id\"\n}\ntable \"T\" {\n  path { via = [\"X\"] }\n  where = "

func mapWith(where string) []byte { return []byte(wherePrefix + quoteHCL(where) + "\n}\n") }

// quoteHCL writes a text as HCL's quoted form.
func quoteHCL(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, c := range s {
		switch {
		case c == '"' || c == '\\':
			b.WriteString(`\` + string(c))
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&b, `\u%04x`, c)
		case (c == '$' || c == '%') && strings.HasPrefix(s[i+1:], "{"):
			b.WriteString(string(c) + string(c))
		default:
			b.WriteRune(c)
		}
	}
	return b.String() + `"`
}

func mustWhere(t testing.TB, text string) *Where {
	t.Helper()
	w, found := parseWhere(text)
	if w == nil {
		t.Fatalf("%s: %v", text, found)
	}
	return w
}

// plain prints the language itself.
type plain struct{}

func (plain) Quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func (plain) Literal(v value.Value, _ value.Type) string {
	switch v.Form() {
	case value.Bool:
		return strings.ToUpper(strconv.FormatBool(v.Bool()))
	case value.Int:
		return strconv.FormatInt(v.Int(), 10)
	case value.Decimal:
		return v.Text()
	}
	return "'" + strings.ReplaceAll(v.Text(), "'", "''") + "'"
}

func (p plain) Like(operand, pattern string, t value.Type) (string, error) {
	return operand + " LIKE " + p.Literal(value.NewText(pattern), t), nil
}

// likeNotNegated writes NOT LIKE as plain prints it.
func likeNotNegated(e Expr) Expr {
	switch e := e.(type) {
	case *And:
		return &And{likeNotNegated(e.Left), likeNotNegated(e.Right)}
	case *Or:
		return &Or{likeNotNegated(e.Left), likeNotNegated(e.Right)}
	case *Not:
		return &Not{likeNotNegated(e.Operand)}
	case *Like:
		if e.Negated {
			return &Not{&Like{Operand: e.Operand, Pattern: e.Pattern}}
		}
	}
	return e
}
