package schemamap

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/mask/value"
)

func TestEval(t *testing.T) {
	text, number, null := value.NewText, value.NewInt, value.Value{}
	nocase := value.Collation{IgnoresCase: true, IgnoresTrailingSpace: true}
	ascii := value.Collation{IgnoresCase: true, ASCIIOnly: true}
	exact := value.Collation{}
	for _, c := range []struct {
		where     string
		a         value.Value
		collation value.Collation
		want      Truth
	}{
		{"a = 1", number(1), exact, True},
		{"a = 1", null, exact, UnknownTruth},
		{"NOT a = 1", null, exact, UnknownTruth},
		{"a = 1 OR a IS NULL", null, exact, True},
		{"a = 1 AND a IS NOT NULL", null, exact, False},
		{"a NOT IN (1, 2)", null, exact, UnknownTruth},
		{"a NOT IN (1, 2)", number(3), exact, True},
		{"a IN (1, 2)", number(2), exact, True},
		{"a NOT BETWEEN 1 AND 2", null, exact, UnknownTruth},
		{"a BETWEEN 1 AND 2", number(2), exact, True},
		{"a BETWEEN 2 AND 1", number(2), exact, False},
		{"a NOT BETWEEN 1 AND b", number(0), exact, True}, // b is NULL: low decides
		{"a NOT BETWEEN 1 AND b", number(2), exact, UnknownTruth},
		{"a <> 1", number(2), exact, True},
		{"a > 9007199254740992", number(9007199254740993), exact, True}, // a float would round
		{"a = 0.1", value.NewFloat(0.1), exact, False},                  // and does
		{"a = 0.1", value.NewDecimal("0.10"), exact, True},
		{"a < 0", value.NewFloat(math.Inf(-1)), exact, True},
		{"a < 0", value.NewFloat(math.NaN()), exact, UnknownTruth},
		{"a = 0", value.NewDecimal("1e999999999"), exact, UnknownTruth},
		{"a = TRUE", number(1), exact, True},
		{"a = 0", value.NewBool(false), exact, True},
		{"a = 1", text("1"), exact, UnknownTruth},
		{"a = 'Final'", text("final"), exact, False},
		{"a = 'Final'", text("fInAL  "), nocase, True},
		{"a = 'ÅRE'", text("åre"), nocase, True},
		{"a = 'ÅRE'", text("åre"), ascii, False},
		{"a = 'x'", text("x "), ascii, False},
		{"a = 'x'", value.NewBytes([]byte("x")), exact, UnknownTruth},
		{"a LIKE 'F3%'", text("F32.1"), exact, True},
		{"a LIKE 'f3%'", text("F32.1"), exact, False},
		{"a LIKE 'f3%'", text("F32.1"), nocase, True},
		{"a LIKE '%3_1'", text("F32.1"), exact, False},
		{"a LIKE '%3__1'", text("F32.1"), exact, True},
		{`a LIKE '50\%'`, text("500"), exact, False},
		{`a LIKE '50\%'`, text("50%"), exact, True},
		{`a LIKE '\\_'`, text(`\x`), exact, True},
		{"a LIKE ''", text(""), exact, True},
		{"a LIKE '%'", null, exact, UnknownTruth},
		{"a NOT LIKE '%'", null, exact, UnknownTruth},
		{"a LIKE '_'", text("å"), exact, True},
		{"a LIKE '1%'", number(1), exact, UnknownTruth},
	} {
		w := mustWhere(t, c.where)
		cell := func(name string) value.Value {
			if name == "a" {
				return c.a
			}
			return value.Value{}
		}
		if got := Eval(w.Expr, cell, func(string) value.Collation { return c.collation }); got != c.want {
			t.Errorf("%s for %s: %s, want %s", c.where, c.a.Text(), got, c.want)
		}
	}
}

func TestEvalTimes(t *testing.T) {
	for _, c := range []struct {
		where, cell string
		want        Truth
	}{
		{"At = '2020-01-01'", "2020-01-01T00:00:00.0000000", True},
		{"At < '2020-01-01 10:00:00.5'", "2020-01-01 10:00:00", True},
		{"AtZone = '2020-01-01T10:00:00Z'", "2020-01-01T11:00:00+01:00", True},
		{"AtZone = '2020-01-01T10:00:00Z'", "2020-01-01T10:00:00", UnknownTruth},
		{"Clock >= '08:00'", "08:00:00.001", True},
		{"Day > '2020-01-01'", "2020-01-02", True},
		{"Day > '2020-01-01'", "yesterday", UnknownTruth},
	} {
		for _, form := range []func(string) value.Value{value.NewTime, value.NewText} {
			w := mustWhere(t, c.where)
			if found := w.Bind(bindTable(), false); len(found) > 0 {
				t.Fatal(found)
			}
			if got := Eval(w.Expr, func(string) value.Value { return form(c.cell) }, nil); got != c.want {
				t.Errorf("%s for %s: %s", c.where, c.cell, got)
			}
		}
	}
}

// Three-valued logic keeps its laws, whatever the condition and the row.
func TestEvalLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawCondition(t, 3), drawCondition(t, 3)
		row := map[string]value.Value{}
		cell := func(name string) value.Value {
			if _, ok := row[name]; !ok {
				v := value.Value{}
				if rapid.Bool().Draw(t, "there") {
					v = drawLiteral(t)
				}
				row[name] = v
			}
			return row[name]
		}
		eval := func(e Expr) Truth { return Eval(e, cell, nil) }
		if x, y := eval(&Not{&And{a, b}}), eval(&Or{&Not{a}, &Not{b}}); x != y {
			t.Fatalf("De Morgan: %s, %s", x, y)
		}
		if x, y := eval(&And{a, b}), eval(&And{b, a}); x != y {
			t.Fatalf("AND does not commute: %s, %s", x, y)
		}
		if x, y := eval(&Not{&Not{a}}), eval(a); x != y {
			t.Fatalf("NOT NOT: %s, %s", x, y)
		}
		if c, ok := a.(*Between); ok {
			if x, y := eval(&Between{c.Operand, c.Low, c.High, !c.Negated}), eval(&Not{a}); x != y {
				t.Fatalf("NOT BETWEEN: %s, %s", x, y)
			}
		}
	})
}
