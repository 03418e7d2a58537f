package schemamap

import (
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// FuzzParse holds Parse to its word: no panic, a map or a refusal, and places inside the file.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/*.hcl", "testdata/good/*.hcl"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			if src, err := os.ReadFile(file); err == nil && len(src) < 20000 {
				f.Add(src)
			}
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		m, found := Parse("m.hcl", src)
		if (m == nil) != found.Refused() {
			t.Fatalf("map %v, diagnostics %v", m != nil, found)
		}
		for _, d := range found {
			if s, e := d.Subject.Start.Byte, d.Subject.End.Byte; s < 0 || e < s || e > len(src) || d.Subject.Start.Line < 1 {
				t.Fatalf("a place outside the file: %+v", d)
			}
		}
		again, _ := Parse("m.hcl", src)
		if m != nil && !(cmp.Equal(m.Tables, again.Tables, sameTree) && cmp.Equal(m.Allowed, again.Allowed, sameTree)) {
			t.Fatal("two readings differ")
		}
	})
}

// FuzzWhere holds the conditions to theirs: what is taken prints as something that reads as the same tree, and the
// printed text holds nothing but what our printer writes.
func FuzzWhere(f *testing.F) {
	for _, seed := range []string{"a = 1", "a = 1 - -1", "a = 1) OR (1=1", "1=1 UNION SELECT 1", "a = 1 /*! OR 1 */", "x' OR 'a'='a",
		"a NOT IN (1, -2.50, 'x''y', TRUE)", `"a""b" LIKE '50\%' AND NOT b IS NOT NULL`, "a BETWEEN 1 AND b OR 0 <> c",
		"a = 5--1", "NOT NOT (a<=1)", "a = b = c", "(a,b)=(1,2)", "a IS TRUE", "a = _utf8'x'", "a\u00a0= 1", "a = 0x1", "a=.5"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip("it can't stand in a map: Parse refuses the whole file (FuzzParse)")
		}
		w, _ := parseWhere(text)
		if w == nil {
			return
		}
		if w.Text != text {
			t.Fatalf("text %q became %q", text, w.Text)
		}
		printed, err := Print(w.Expr, plain{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		again, found := parseWhere(printed)
		if again == nil {
			if found[0].Code == CodeWhereSize { // brackets were added
				return
			}
			t.Fatalf("%q: %v", printed, found)
		}
		if diff := cmp.Diff(likeNotNegated(w.Expr), again.Expr, sameTree); diff != "" {
			t.Fatalf("%q, %q:\n%s", text, printed, diff)
		}
		bound := *w
		_ = bound.Bind(bindTable(), true)
	})
}
