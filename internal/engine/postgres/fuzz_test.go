package postgres

import (
	"regexp"
	"strings"
	"testing"
)

// quotedParts are the texts and names of an expression that need no escapes.
var quotedParts = regexp.MustCompile(`'(?:[^']|'')*'|"(?:[^"]|"")*"`)

// Whatever is taken for one whole expression, or for a type, has nothing in it that could end a statement or hide the rest of it.
func FuzzWhole(f *testing.F) {
	for _, s := range []string{"0", "now()", "'a;b'", `("x" > 0) AND (y ~ '^[0-9]{8}$')`, "1); DROP TABLE t; --", "E'\\''", "$$a$$", "1 /* */", "numeric(10,2)", "character varying(13)[]", "'", `"`, "(", "a]", "1, 2", "x::text", "U&'d'"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		expression, typed := isWhole(s), isType(s)
		_ = harmless(s)
		if !expression && !typed {
			return
		}
		rest := quotedParts.ReplaceAllString(s, "x")
		for _, bad := range []string{";", "--", "/*", "$", "'", `"`, "\x00", "\\"} {
			if strings.Contains(rest, bad) {
				t.Errorf("%q passes, with %q in it", s, bad)
			}
		}
		if strings.Count(rest, "(") != strings.Count(rest, ")") || strings.Count(rest, "[") != strings.Count(rest, "]") {
			t.Errorf("%q passes, with brackets open", s)
		}
	})
}
