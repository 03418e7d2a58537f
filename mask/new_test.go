package mask_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/mask/value"
)

func text(s string) value.Value    { return value.NewText(s) }
func number(n int64) value.Value   { return value.NewInt(n) }
func decimal(s string) value.Value { return value.NewDecimal(s) }

func rule(t testing.TB, name string, args ...value.Value) mask.Rule {
	t.Helper()
	r, err := mask.New(name, args...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func textColumn(length int) mask.Column {
	return mask.Column{Type: value.Type{Kind: value.String, Length: length}, Nullable: true}
}

func TestSpec(t *testing.T) {
	for want, r := range map[string]mask.Rule{
		"null":                            rule(t, "null"),
		"redact":                          rule(t, "redact"),
		"partial(1, 0)":                   rule(t, "partial", number(1), decimal("0")),
		`hash("person")`:                  rule(t, "hash", text("person")),
		"constant(-7)":                    rule(t, "constant", number(-7)),
		"constant(0.50)":                  rule(t, "constant", decimal("0.50")),
		"constant(true)":                  rule(t, "constant", value.NewBool(true)),
		`constant("a\"b\\\n$${x}\u0000")`: rule(t, "constant", text("a\"b\\\n${x}\x00")),
	} {
		if got := r.Spec(); got != want {
			t.Errorf("spec %s, want %s", got, want)
		}
		if !strings.HasPrefix(r.Spec(), r.Name()) || r.NeedsKey() != (r.Name() == "hash") {
			t.Errorf("%s: name %s, needs key %t", r.Spec(), r.Name(), r.NeedsKey())
		}
	}
}

func TestNewRefuses(t *testing.T) {
	large := value.NewLarge(value.Text, &value.Large{Size: 1})
	for _, c := range []struct {
		name   string
		args   []value.Value
		advice string
	}{
		{"hsah", nil, `did you mean "hash"?`},
		{"NULL", nil, `did you mean "null"?`},
		{"encrypt", nil, `the masks are null, constant(x), redact, partial(first, last), hash("domain")`},
		{"", nil, "the masks are"},
		{"null", []value.Value{number(1)}, "mask = null"},
		{"redact", []value.Value{text("x")}, "mask = redact"},
		{"constant", nil, "constant(x)"},
		{"constant", []value.Value{number(1), number(2)}, "constant(x)"},
		{"constant", []value.Value{{}}, "mask = null"},
		{"constant", []value.Value{value.NewBytes([]byte{1})}, "write a text"},
		{"constant", []value.Value{decimal("1e9")}, "exponent"},
		{"constant", []value.Value{large}, "short"},
		{"partial", []value.Value{number(1)}, "partial(1, 0)"},
		{"partial", []value.Value{number(-1), number(0)}, "partial(1, 0)"},
		{"partial", []value.Value{number(0), number(65)}, "partial(1, 0)"},
		{"partial", []value.Value{number(0), decimal("1.5")}, "partial(1, 0)"},
		{"partial", []value.Value{text("1"), number(0)}, "partial(1, 0)"},
		{"hash", nil, `hash("person")`},
		{"hash", []value.Value{number(1)}, `hash("person")`},
		{"hash", []value.Value{text("")}, `hash("person")`},
		{"hash", []value.Value{text("två")}, `hash("person")`},
		{"hash", []value.Value{text("a b")}, `hash("person")`},
		{"hash", []value.Value{text(strings.Repeat("a", 65))}, `hash("person")`},
		{"hash", []value.Value{large}, `hash("person")`},
	} {
		r, err := mask.New(c.name, c.args...)
		bad, ok := errors.AsType[*mask.BadRule](err)
		if !ok || r != nil {
			t.Errorf("%s %v: no BadRule but %v", c.name, c.args, err)
			continue
		}
		if bad.Name != c.name || !strings.Contains(bad.Advice, c.advice) {
			t.Errorf("%s: advice %q, want %q", c.name, bad.Advice, c.advice)
		}
	}
}

// Help texts are made of these: none may be empty.
func TestDescribe(t *testing.T) {
	for _, name := range mask.Names() {
		d, ok := mask.Describe(name)
		if !ok || d.Name != name || !strings.HasPrefix(d.Usage, name) || d.Summary == "" || d.Details == "" || !strings.Contains(d.Example, "mask = "+name) {
			t.Errorf("%s: %+v", name, d)
		}
		if strings.HasSuffix(d.Summary, ".") {
			t.Errorf("%s: a summary ends in a full stop", name)
		}
	}
	if _, ok := mask.Describe("nothing"); ok {
		t.Error("an unknown rule is described")
	}
}

// Whatever the words: New gives a rule or a BadRule, and a rule that fits a column gives only results that hold there.
func FuzzNew(f *testing.F) {
	f.Add("hash", "person", int64(1), "å", 40)
	f.Add("partial", "1", int64(2), "Svensson", 0)
	f.Add("constant", "2026-01-31", int64(2), "", 3)
	f.Add("redact", "", int64(0), "\xff", 1)
	f.Add("null", "", int64(0), "x ", 2)
	f.Fuzz(func(t *testing.T, name, word string, n int64, cell string, length int) {
		column := textColumn(max(0, length))
		for _, args := range [][]value.Value{nil, {text(word)}, {number(n)}, {number(n), number(n / 2)}, {decimal(word)}, {text(word), number(n)}} {
			r, err := mask.New(name, args...)
			if _, ok := errors.AsType[*mask.BadRule](err); err != nil != ok {
				t.Fatalf("not a BadRule: %v", err)
			}
			if err != nil {
				continue
			}
			if strings.ContainsAny(r.Spec(), "\x00\n") {
				t.Fatalf("spec %q", r.Spec())
			}
			effect, err := r.Fit(column)
			fn, errFunc := r.Func(column, testKey(t))
			if (err == nil) != (errFunc == nil) {
				t.Fatalf("%s: Fit says %v, Func %v", r.Spec(), err, errFunc)
			}
			if err != nil {
				continue
			}
			got, err := fn(text(cell))
			if err != nil {
				continue
			}
			if !r.Holds(column, got) {
				t.Fatalf("%s: a result does not hold", r.Spec())
			}
			if runes := len([]rune(got.Text())); effect.Type.Length > 0 && runes > max(effect.Type.Length, len([]rune(cell))) {
				t.Fatalf("%s: %d characters where %d fit", r.Spec(), runes, effect.Type.Length)
			}
			if null, err := fn(value.Value{}); err != nil || !null.IsNull() {
				t.Fatalf("%s: NULL did not stay NULL", r.Spec())
			}
		}
	})
}
