package mask_test

import (
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/mask/value"
)

func TestPartial(t *testing.T) {
	for _, c := range []struct {
		first, last int64
		cell, want  string
	}{
		{1, 0, "anna@example.org", "a***************"},
		{0, 4, "070-1740605", "*******0605"},
		{2, 2, "Åström", "Ås**öm"},
		{2, 2, "Åsa", "***"},   // the whole is never shown
		{2, 2, "Åsas", "****"}, // not even when it is just as long
		{2, 2, "Åsass", "Ås*ss"},
		{0, 0, "abc", "***"},
		{1, 1, "", ""},
		{1, 1, "a\U0001f600b", "a*b"},
		{1, 0, "e\u0301a", "e**"}, // code points, not what the eye counts
	} {
		r := rule(t, "partial", number(c.first), number(c.last))
		f, err := r.Func(textColumn(0), nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := f(text(c.cell))
		if err != nil || got.Text() != c.want {
			t.Errorf("%s of %q: %q, %v, want %q", r.Spec(), c.cell, got.Text(), err, c.want)
		}
		if !r.Holds(textColumn(0), got) || !r.Holds(textColumn(0), large(c.want)) {
			t.Errorf("%s of %q does not hold", r.Spec(), c.cell)
		}
	}
}

func TestPartialHolds(t *testing.T) {
	r := rule(t, "partial", number(1), number(2))
	for cell, want := range map[string]bool{
		"": true, "*": true, "***": true, "a*bc": true, "a***bc": true, "****": true,
		"a": false, "abc": false, "a**": false, "abcd": false, "a*xbc": false, "ax*bc": false, "a*bc ": false, "a\xffbc": false,
	} {
		if r.Holds(textColumn(0), text(cell)) != want || r.Holds(textColumn(0), large(cell)) != want {
			t.Errorf("%q holds: %t", cell, !want)
		}
	}
	if !r.Holds(collated(rtrim), text("a**bc     ")) {
		t.Error("a padded result does not hold")
	}
	if !r.Holds(collated(rtrim), text("a*b ")) {
		t.Error("a kept space is taken for padding")
	}
	if r.Holds(textColumn(0), number(1)) || r.Holds(textColumn(0), value.NewBytes([]byte("***"))) {
		t.Error("something that is no text holds")
	}
}

func TestPartialFailsClosed(t *testing.T) {
	f, err := rule(t, "partial", number(1), number(0)).Func(textColumn(0), nil)
	if err != nil {
		t.Fatal(err)
	}
	broken := value.NewLarge(value.Text, &value.Large{Open: func() (io.ReadCloser, error) { return nil, io.ErrClosedPipe }})
	for name, cell := range map[string]value.Value{
		"bytes": value.NewBytes([]byte("SECRET")), "number": number(4711), "not UTF-8": text("SECRET\xff"),
		"large, not UTF-8": large("SECRET\xff"), "unreadable": broken,
	} {
		if v, err := f(cell); err == nil || !v.IsNull() {
			t.Errorf("%s: passes", name)
		} else if strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: the error quotes the cell", name)
		}
	}
}

// A text is starred alike in memory and in pieces, and its promised size is its size.
func TestPartialLarge(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := rapid.StringOf(rapid.SampledFrom([]rune("aå*\U0001f600 \u0301"))).Draw(rt, "text")
		r := rule(t, "partial", number(rapid.Int64Range(0, 64).Draw(rt, "first")), number(rapid.Int64Range(0, 64).Draw(rt, "last")))
		f, err := r.Func(textColumn(0), nil)
		if err != nil {
			rt.Fatal(err)
		}
		want, err := f(text(s))
		if err != nil {
			rt.Fatal(err)
		}
		got, err := f(large(s))
		if err != nil {
			rt.Fatal(err)
		}
		for range 2 { // a handle can be opened again
			reader, err := got.Large().Open()
			if err != nil {
				rt.Fatal(err)
			}
			content, err := io.ReadAll(struct{ io.Reader }{reader})
			if err != nil || string(content) != want.Text() {
				rt.Fatalf("%s: %q, %v, want %q", r.Spec(), content, err, want.Text())
			}
			if err := reader.Close(); err != nil {
				rt.Fatal(err)
			}
		}
		if got.Size() != int64(len(want.Text())) || !r.Holds(textColumn(0), got) || !r.Holds(textColumn(0), want) {
			rt.Fatalf("%s: size %d of %d, or it does not hold", r.Spec(), got.Size(), len(want.Text()))
		}
	})
}

// Without reading: redact and constant give the same for a document of any size, readable or not.
func TestLargeIsNotRead(t *testing.T) {
	unreadable := value.NewLarge(value.Text, &value.Large{Size: 1 << 40, Open: func() (io.ReadCloser, error) {
		t.Error("opened")
		return nil, io.ErrClosedPipe
	}})
	for _, c := range []struct {
		name string
		args []value.Value
		want value.Value
	}{{"null", nil, value.Value{}}, {"redact", nil, text("***")}, {"constant", []value.Value{text("x")}, text("x")}} {
		f, err := rule(t, c.name, c.args...).Func(textColumn(0), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := f(unreadable); err != nil || !value.Equal(got, c.want) {
			t.Errorf("%s: %v %q", c.name, err, got.Text())
		}
	}
}
