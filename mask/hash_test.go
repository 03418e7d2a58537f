package mask_test

import (
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/mask/value"
)

func collated(c value.Collation) mask.Column {
	column := textColumn(0)
	column.Type.Collation = c
	return column
}

var (
	nocase   = value.Collation{Name: "NOCASE", IgnoresCase: true, ASCIIOnly: true}
	caseless = value.Collation{Name: "Finnish_Swedish_CI_AS", IgnoresCase: true, IgnoresTrailingSpace: true}
	rtrim    = value.Collation{Name: "RTRIM", IgnoresTrailingSpace: true}
)

func hashed(t testing.TB, domain string, c mask.Column, v value.Value) string {
	t.Helper()
	r := rule(t, "hash", text(domain))
	f, err := r.Func(c, testKey(t))
	if err != nil {
		t.Fatal(err)
	}
	got, err := f(v)
	if err != nil {
		t.Fatal(err)
	}
	if !r.Holds(c, got) {
		t.Errorf("a hash does not hold: %s", got.Text())
	}
	return got.Text()
}

// The vectors were computed with Python's hmac, the first with openssl dgst too.
func TestHashVectors(t *testing.T) {
	uuid := mask.Column{Type: value.Type{Kind: value.UUID}, Nullable: true}
	for _, c := range []struct {
		domain string
		column mask.Column
		cell   string
		want   string
	}{
		{"person", textColumn(0), "19121212-1212", "b9d595862c659d17546a34d86b20c5a5528c14a3e3803d5f5b56ada1b8f6d2de"},
		{"person", textColumn(400), "19121212-1212", "b9d595862c659d17546a34d86b20c5a5528c14a3e3803d5f5b56ada1b8f6d2de"},
		{"person", textColumn(40), "19121212-1212", "b9d595862c659d17546a34d86b20c5a5528c14a3"},
		{"person", textColumn(0), "", "4c4925e654e800d9baa2de80a3a5a6760272f62585731781d99c26eef0902151"},
		{"p", textColumn(0), "erson19121212-1212", "2acb61178e538a741f99bb6d89e5c3de4bd3cfbc954b5c9ec3e54d951062bc97"},
		{"person", collated(nocase), "STRAßE åsa", "806a25ac4f6c14a5c430f52b38c623678a78fb8029b68a1f6bde7ba5ea545351"},
		{"person", collated(caseless), "STRASSE A\u030aSA   ", "68e655c7142732c7ec31a426216cbb286916952b48b0f825f4efa524de2cef0e"},
		{"visit", uuid, "00112233-4455-6677-8899-AABBCCDDEEFF", "38d77aa8-4b8f-8b92-96fd-48dde4a3504f"},
	} {
		if got := hashed(t, c.domain, c.column, text(c.cell)); got != c.want {
			t.Errorf("%s of %q: %s, want %s", c.domain, c.cell, got, c.want)
		}
	}
}

// What the database holds equal stays equal, and nothing else becomes so.
func TestHashFollowsCollation(t *testing.T) {
	for _, c := range []struct {
		collation value.Collation
		a, b      string
		equal     bool
	}{
		{value.Collation{}, "Final", "final", false},
		{value.Collation{}, "a", "a ", false},
		{value.Collation{}, "é", "e\u0301", false},
		{nocase, "Final", "fINAL", true},
		{nocase, "Åsa", "åsa", false},
		{nocase, "a", "a ", false},
		{rtrim, "a", "a   ", true},
		{rtrim, "a b", "a  b", false},
		{rtrim, "", "  ", true},
		{rtrim, "a", "a\t", false},
		{caseless, "ÅSA", "åsa  ", true},
		{caseless, "Σίσυφος", "ΣΊΣΥΦΟΣ", true},
		{caseless, "ß", "SS", true},
		{caseless, "é", "E\u0301", true},
		{caseless, "e", "é", false},
		{caseless, "å", "a", false},
	} {
		column := collated(c.collation)
		if got := hashed(t, "d", column, text(c.a)) == hashed(t, "d", column, text(c.b)); got != c.equal {
			t.Errorf("%s: %q and %q equal: %t", column.Type.Collation.Name, c.a, c.b, got)
		}
	}
}

// Two columns agree exactly when their effects say so.
func TestHashForm(t *testing.T) {
	form := func(c mask.Column) string {
		effect, err := rule(t, "hash", text("d")).Fit(c)
		if err != nil {
			t.Fatal(err)
		}
		return effect.Form
	}
	if form(textColumn(0)) != form(textColumn(80)) {
		t.Error("VARCHAR(80) and TEXT differ")
	}
	seen := map[string]bool{}
	for _, c := range []mask.Column{textColumn(0), textColumn(40), collated(nocase), collated(caseless), collated(rtrim), {Type: value.Type{Kind: value.UUID}}} {
		if seen[form(c)] {
			t.Errorf("form %q stands for two", form(c))
		}
		seen[form(c)] = true
	}
}

func TestHashFailsClosed(t *testing.T) {
	r := rule(t, "hash", text("d"))
	if _, err := r.Func(textColumn(0), nil); err == nil {
		t.Error("hash without a key")
	}
	if _, err := r.Func(textColumn(0), new(mask.Key)); err == nil {
		t.Error("hash with an empty key")
	}
	uuid := mask.Column{Type: value.Type{Kind: value.UUID}}
	for name, c := range map[string]struct {
		column mask.Column
		cell   value.Value
	}{
		"bytes in text":  {textColumn(0), value.NewBytes([]byte("SECRET"))},
		"number in text": {textColumn(0), number(4711)},
		"not UTF-8":      {collated(caseless), text("SECRET\xff")},
		"text in UUID":   {uuid, text("SECRET")},
		"bytes in UUID":  {uuid, value.NewBytes(make([]byte, 16))},
		"unreadable": {textColumn(0), value.NewLarge(value.Text, &value.Large{Open: func() (io.ReadCloser, error) {
			return nil, io.ErrClosedPipe
		}})},
	} {
		f, err := r.Func(c.column, testKey(t))
		if err != nil {
			t.Fatal(err)
		}
		if v, err := f(c.cell); err == nil || !v.IsNull() {
			t.Errorf("%s: passes", name)
		} else if strings.Contains(err.Error(), "SECRET") || strings.Contains(err.Error(), "4711") {
			t.Errorf("%s: the error quotes the cell", name)
		}
	}
}

// large is a cell that is read in pieces of a few bytes.
func large(s string) value.Value {
	return value.NewLarge(value.Text, &value.Large{Size: int64(len(s)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(&slow{text: s}), nil
	}})
}

type slow struct{ text string }

func (s *slow) Read(p []byte) (int, error) {
	if s.text == "" {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), 3)], s.text)
	s.text = s.text[n:]
	return n, nil
}

// A cell's hash doesn't depend on whether it was held in memory.
func TestHashLarge(t *testing.T) {
	letters := rapid.StringOf(rapid.SampledFrom([]rune("aAåÅ ßéE\u0301\u030aİΣς\u0000\U0001f600 ")))
	rapid.Check(t, func(rt *rapid.T) {
		s := strings.Repeat(letters.Draw(rt, "text"), rapid.IntRange(1, 50).Draw(rt, "times"))
		for _, c := range []value.Collation{{}, nocase, rtrim, caseless} {
			if hashed(t, "d", collated(c), text(s)) != hashed(t, "d", collated(c), large(s)) {
				rt.Fatalf("%s: a large text has another hash", c.Name)
			}
		}
	})
	if hashed(t, "d", collated(rtrim), large("a"+strings.Repeat(" ", 9000)+"b ")) != hashed(t, "d", textColumn(0), text("a"+strings.Repeat(" ", 9000)+"b")) {
		t.Error("spaces inside are lost")
	}
}

func TestHashHolds(t *testing.T) {
	r := rule(t, "hash", text("d"))
	good := strings.Repeat("0123456789abcdef", 4)
	for cell, want := range map[string]bool{
		good: true, good[:63]: false, good + "0": false, strings.ToUpper(good): false, good[:63] + " ": false, "Svensson": false, "": false,
	} {
		if got := r.Holds(textColumn(0), text(cell)); got != want {
			t.Errorf("%q holds: %t", cell, got)
		}
	}
	if !r.Holds(collated(rtrim), text(good+"   ")) {
		t.Error("a padded hash does not hold")
	}
	uuid := mask.Column{Type: value.Type{Kind: value.UUID}}
	if r.Holds(uuid, text("00112233-4455-4677-8899-aabbccddeeff")) || !r.Holds(uuid, text("00112233-4455-8677-8899-aabbccddeeff")) {
		t.Error("the version of a UUID is not looked at")
	}
	if r.Holds(textColumn(0), large(good)) || r.Holds(textColumn(0), number(1)) {
		t.Error("something that is no text holds")
	}
}

// Rows pass at hundreds of thousands a second; the mask must not be what holds them up.
func BenchmarkHash(b *testing.B) {
	f, err := rule(b, "hash", text("person")).Func(textColumn(0), testKey(b))
	if err != nil {
		b.Fatal(err)
	}
	cell := text("19121212-1212")
	for b.Loop() {
		if _, err := f(cell); err != nil {
			b.Fatal(err)
		}
	}
}
