package mask

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/utdrag/utdrag/mask/value"
)

// maxKept is the greatest number of characters that partial keeps at either end.
const maxKept = 64

var partialDefinition = definition{
	Description: Description{
		Name:    "partial",
		Usage:   "partial(first, last)",
		Summary: `keeps the first and last characters of a text and stars each one between`,
		Details: "Characters are Unicode code points. A text that is no longer than first and last together is starred throughout: the whole is never shown. Its length shows. Fits text columns that are part of no key.",
		Example: `column "Email" { mask = partial(1, 0) }`,
	},
	build: newPartial,
}

type partialRule struct{ first, last int }

func newPartial(args []value.Value) (Rule, error) {
	advice := "write partial(first, last), as in partial(1, 0)"
	if len(args) != 2 {
		return nil, &BadRule{Name: "partial", Reason: fmt.Sprintf("it takes two arguments, and %d are given", len(args)), Advice: advice}
	}
	var kept [2]int
	for i, arg := range args {
		text, ok := numberText(arg)
		n, err := strconv.Atoi(text)
		if !ok || err != nil || n < 0 || n > maxKept {
			return nil, &BadRule{Name: "partial", Reason: fmt.Sprintf("its arguments are whole numbers from 0 to %d", maxKept), Advice: advice}
		}
		kept[i] = n
	}
	return partialRule{kept[0], kept[1]}, nil
}

func (partialRule) Name() string   { return "partial" }
func (r partialRule) Spec() string { return fmt.Sprintf("partial(%d, %d)", r.first, r.last) }
func (partialRule) NeedsKey() bool { return false }

func (partialRule) Fit(c Column) (Effect, error) {
	if err := textOutsideKeys("partial", c); err != nil {
		return Effect{}, err
	}
	return Effect{Type: c.Type, Deterministic: true}, nil
}

func (r partialRule) SQL(d Dialect, c Column, expression string) (string, bool) {
	if _, err := r.Fit(c); err != nil {
		return "", false
	}
	length := d.Length(expression)
	var parts []string
	if r.first > 0 {
		parts = append(parts, d.Substring(expression, "1", strconv.Itoa(r.first)))
	}
	parts = append(parts, d.Repeat("*", fmt.Sprintf("(%s - %d)", length, r.first+r.last)))
	if r.last > 0 {
		parts = append(parts, d.Substring(expression, fmt.Sprintf("(%s - %d)", length, r.last-1), strconv.Itoa(r.last)))
	}
	starred := parts[0]
	if len(parts) > 1 {
		starred = d.Concat(parts...)
	}
	return fmt.Sprintf("CASE WHEN %s IS NULL THEN %s WHEN %s <= %d THEN %s ELSE %s END", expression,
		d.Literal(value.Value{}, c.Type), length, r.first+r.last, d.Repeat("*", length), starred), true
}

func (r partialRule) Func(c Column, _ *Key) (Func, error) {
	if _, err := r.Fit(c); err != nil {
		return nil, err
	}
	return func(v value.Value) (value.Value, error) {
		switch {
		case v.IsNull():
			return v, nil
		case v.Form() != value.Text:
			return value.Value{}, fmt.Errorf("mask partial: a cell of a text column holds %s", v.Form())
		case v.Large() != nil:
			return r.maskLarge(v.Large())
		case !utf8.ValidString(v.Text()):
			return value.Value{}, errNotUTF8
		}
		return value.NewText(r.mask(v.Text())), nil
	}, nil
}

var errNotUTF8 = errors.New("mask partial: a text is not valid UTF-8")

func (r partialRule) mask(text string) string {
	n := utf8.RuneCountInString(text)
	if n <= r.first+r.last {
		return strings.Repeat("*", n)
	}
	head, tail := 0, len(text)
	for range r.first {
		_, size := utf8.DecodeRuneInString(text[head:])
		head += size
	}
	for range r.last {
		_, size := utf8.DecodeLastRuneInString(text[:tail])
		tail -= size
	}
	return text[:head] + strings.Repeat("*", n-r.first-r.last) + text[tail:]
}

func (r partialRule) Holds(c Column, v value.Value) bool {
	switch {
	case v.IsNull():
		return true
	case v.Form() != value.Text:
		return false
	case v.Large() != nil:
		return r.holdsLarge(v.Large())
	}
	// A fixed-length column may have padded a result, but a result may end in a kept space too.
	holds := func(text string) bool { return r.starred(strings.NewReader(text)) }
	return holds(v.Text()) || holds(unpadded(c, v.Text()))
}

// starred reads text and reports whether every character is a star but for those that the rule keeps.
func (r partialRule) starred(text io.RuneReader) bool {
	var ring [maxKept]bool // whether each of the last characters is a star
	all := true
	n := 0
	for ; ; n++ {
		char, size, err := text.ReadRune()
		if err != nil {
			return errors.Is(err, io.EOF) && (n > r.first+r.last || all)
		}
		star := char == '*'
		if char == utf8.RuneError && size == 1 {
			return false
		}
		all = all && star
		if r.last > 0 {
			star, ring[n%r.last] = ring[n%r.last], star
		}
		if due := n - r.last; due >= r.first && !star {
			return false
		}
	}
}
