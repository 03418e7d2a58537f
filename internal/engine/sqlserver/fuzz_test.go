package sqlserver

import (
	"regexp"
	"strings"
	"testing"
)

// quotedParts are the texts and names of an expression.
var quotedParts = regexp.MustCompile(`'(?:[^']|'')*'|"(?:[^"]|"")*"|\[(?:[^\]]|\]\])*\]`)

// Whatever is taken for one whole expression has nothing in it that could end a statement or hide the rest of it.
func FuzzExpression(f *testing.F) {
	for _, s := range []string{"((0))", "(getdate())", "(N'a;b')", "([x]>(0) AND [y] LIKE '[0-9]')", "1); DROP TABLE t; --", "1 /* */", "(", "a]", "[a", "'", `"x"`, "1, 2", "([a]) EXEC ('x')", "0x1F", "@@x", "a GO b", "\nGO\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		_ = harmless(s)
		_ = unwrapped(s)
		if !isExpression(s) {
			return
		}
		rest := quotedParts.ReplaceAllString(s, "x")
		for _, bad := range []string{";", "--", "/*", "'", `"`, "[", "]", "\x00"} {
			if strings.Contains(rest, bad) {
				t.Errorf("%q passes, with %q in it", s, bad)
			}
		}
		if strings.Count(rest, "(") != strings.Count(rest, ")") {
			t.Errorf("%q passes, with brackets open", s)
		}
	})
}
