package schemamap

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/mask/value"
)

func TestWherePrinted(t *testing.T) {
	for text, want := range map[string]string{
		"a = 1":                                 `("a" = 1)`,
		"0 != a":                                `(0 <> "a")`,
		"a = 1 OR b = 2 AND NOT c = 3":          `(("a" = 1) OR (("b" = 2) AND (NOT ("c" = 3))))`,
		"not a between 1 and 2 and b is null":   `((NOT ("a" BETWEEN 1 AND 2)) AND ("b" IS NULL))`,
		"a NOT IN (1, -2, 'x''y', true)":        `("a" NOT IN (1, -2, 'x''y', TRUE))`,
		`"a""b" NOT LIKE '50\%'`:                `(NOT ("a""b" LIKE '50\%'))`,
		"(((a))) >= ((1.50))":                   `("a" >= 1.50)`,
		"Date = 'x' AND Order_ = Status":        `(("Date" = 'x') AND ("Order_" = "Status"))`,
		"a = - 5":                               `("a" = -5)`,
		"a=-9223372036854775808":                `("a" = -9223372036854775808)`,
		"a = 'UNION SELECT; -- /* x'":           `("a" = 'UNION SELECT; -- /* x')`,
		"Åtgärd <> 'é' AND a1_2 IS NOT NULL":    `(("Åtgärd" <> 'é') AND ("a1_2" IS NOT NULL))`,
		"a NOT BETWEEN b AND 'z'":               `("a" NOT BETWEEN "b" AND 'z')`,
		"a = 0.12345678901234567890123456789":   `("a" = 0.12345678901234567890123456789)`,
		`"c0" = 7 AND "c1" = '0' AND c0 = 'c0'`: `((("c0" = 7) AND ("c1" = '0')) AND ("c0" = 'c0'))`,
	} {
		got, err := Print(mustWhere(t, text).Expr, plain{}, nil)
		if err != nil || got != want {
			t.Errorf("%s\n got %s\nwant %s (%v)", text, got, want, err)
		}
	}
}

// Print and Parse undo each other.
func TestWhereRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawCondition(t, 4)
		text, err := Print(e, plain{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		w, found := parseWhere(text)
		if w == nil {
			t.Fatalf("%s: %v", text, found)
		}
		if diff := cmp.Diff(likeNotNegated(e), w.Expr, sameTree); diff != "" {
			t.Fatalf("%s\n%s", text, diff)
		}
		if w.Text != text {
			t.Fatalf("text %q became %q", text, w.Text)
		}
	})
}

func drawCondition(t *rapid.T, depth int) Expr {
	kinds := 7
	if depth == 0 {
		kinds = 4
	}
	column := func() Expr {
		return &ColumnRef{Name: rapid.OneOf(rapid.StringMatching(`[a-zÅ_"' .;-]+[a-z]`), rapid.SampledFrom([]string{"a", "Order", "c0", "NULL"})).Draw(t, "column")}
	}
	literal := func() Expr { return &Literal{Value: drawLiteral(t)} }
	either := func() Expr {
		if rapid.Bool().Draw(t, "is column") {
			return column()
		}
		return literal()
	}
	negated := rapid.Bool()
	switch rapid.IntRange(1, kinds).Draw(t, "kind") {
	case 1:
		op := rapid.SampledFrom([]Op{Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual}).Draw(t, "op")
		if rapid.Bool().Draw(t, "literal first") {
			return &Compare{op, literal(), column()}
		}
		return &Compare{op, column(), either()}
	case 2:
		e := &In{Operand: column(), Negated: negated.Draw(t, "not")}
		for range rapid.IntRange(1, 3).Draw(t, "length") {
			e.List = append(e.List, literal())
		}
		return e
	case 3:
		return &Between{column(), either(), either(), negated.Draw(t, "not")}
	case 4:
		if rapid.Bool().Draw(t, "like") {
			return &Like{column(), rapid.StringMatching(`([a-zÅ%_']|\\[%_\\])*`).Draw(t, "pattern"), negated.Draw(t, "not")}
		}
		return &IsNull{column(), negated.Draw(t, "not")}
	case 5:
		return &And{drawCondition(t, depth-1), drawCondition(t, depth-1)}
	case 6:
		return &Or{drawCondition(t, depth-1), drawCondition(t, depth-1)}
	}
	return &Not{drawCondition(t, depth-1)}
}

func drawLiteral(t *rapid.T) value.Value {
	switch rapid.IntRange(1, 4).Draw(t, "form") {
	case 1:
		return value.NewInt(rapid.Int64().Draw(t, "int"))
	case 2:
		return value.NewDecimal(rapid.StringMatching(`-?(0|[1-9][0-9]{0,9})\.[0-9]{1,9}`).Draw(t, "decimal"))
	case 3:
		return value.NewBool(rapid.Bool().Draw(t, "bool"))
	}
	return value.NewText(rapid.StringMatching(`[ -~åÅé${}\\]*`).Draw(t, "text"))
}

// Bind makes names the catalog's and literals the columns', in a new tree, and can be done again.
func TestBind(t *testing.T) {
	w := mustWhere(t, "\"int\" = 1 AND bool IN (0, TRUE) AND at >= '2020-01-01' AND Clock < '08:00' AND "+
		"guid = '01234567-89AB-CDEF-0123-456789ABCDEF' AND AtZone = '2020-01-01 10:00:00.50+00:00'")
	before := *w
	const want = `(((((("Int" = 1) AND ("Bool" IN (FALSE, TRUE))) AND ("At" >= '2020-01-01T00:00:00')) AND ("Clock" < '08:00:00'))` +
		` AND ("Guid" = '01234567-89ab-cdef-0123-456789abcdef')) AND ("AtZone" = '2020-01-01T10:00:00.50Z'))`
	for range 2 {
		if found := w.Bind(bindTable(), true); len(found) > 0 {
			t.Fatal(found)
		}
		if got, err := Print(w.Expr, plain{}, nil); got != want || err != nil {
			t.Errorf("\n got %s\nwant %s (%v)", got, want, err)
		}
	}
	if got := Columns(before.Expr); got[0] != "AtZone" || got[len(got)-1] != "int" {
		t.Errorf("a copy of the condition changed: %v", got)
	}
	if found := before.Bind(bindTable(), false); !found.Refused() || Columns(before.Expr)[5] != "int" {
		t.Errorf("without folding: %v", found)
	}
	if found := (*Where)(nil).Bind(bindTable(), true); found != nil {
		t.Error(found)
	}
}

// Literals and patterns are written for the type of the column beside them.
func TestPrintTypes(t *testing.T) {
	e := mustWhere(t, "1 = a AND a IN (2) AND a BETWEEN 3 AND 4").Expr
	spy := &spy{}
	got, err := Print(e, spy, func(name string) (string, value.Type) { return "t." + name, value.Type{Kind: value.Integer} })
	if err != nil || spy.kinds != 4 || got != `(((? = t.a) AND (t.a IN (?))) AND (t.a BETWEEN ? AND ?))` {
		t.Errorf("%s, %d, %v", got, spy.kinds, err)
	}
	if _, err := Print(mustWhere(t, "a LIKE 'x'").Expr, spy, nil); !errors.Is(err, errLike) {
		t.Errorf("the printer's error is lost: %v", err)
	}
	for _, bad := range []Expr{nil, &ColumnRef{Name: "a"}, &In{Operand: &ColumnRef{Name: "a"}}, &Not{}, &Like{},
		&Compare{Op: "= 1 OR", Left: &ColumnRef{Name: "a"}, Right: &ColumnRef{Name: "a"}},
		&Compare{Op: Equal, Left: &Literal{}, Right: &Literal{}}} {
		if text, err := Print(bad, plain{}, nil); err == nil || text != "" {
			t.Errorf("%#v is printed as %s", bad, text)
		}
	}
}

var errLike = errors.New("no LIKE")

type spy struct {
	plain
	kinds int
}

func (s *spy) Literal(_ value.Value, t value.Type) string {
	if t.Kind == value.Integer {
		s.kinds++
	}
	return "?"
}

func (s *spy) Like(string, string, value.Type) (string, error) { return "", errLike }
