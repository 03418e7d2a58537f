package mask

import (
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"github.com/utdrag/utdrag/mask/value"
)

// normal says how texts that a collation holds equal are made the same text.
type normal struct{ foldASCII, foldUnicode, trim bool }

func normalOf(c value.Collation) normal {
	return normal{foldASCII: c.IgnoresCase && c.ASCIIOnly, foldUnicode: c.IgnoresCase && !c.ASCIIOnly, trim: c.IgnoresTrailingSpace}
}

// String names the normal form, for [Effect.Form].
func (n normal) String() string {
	var words []string
	switch {
	case n.foldASCII:
		words = append(words, "ASCII case folded")
	case n.foldUnicode:
		words = append(words, "case folded")
	}
	if n.trim {
		words = append(words, "trailing spaces trimmed")
	}
	if len(words) == 0 {
		return "as it is"
	}
	return strings.Join(words, ", ")
}

// writeString writes the normal form of a text to w. It does what writeFrom does, faster for the short and plain.
func (n normal) writeString(w io.Writer, text string) error {
	if n.foldUnicode && !ascii(text) {
		return n.writeFrom(w, strings.NewReader(text))
	}
	if n.trim {
		text = strings.TrimRight(text, " ")
	}
	if n.foldASCII || n.foldUnicode {
		text = lowerASCII(text)
	}
	_, err := io.WriteString(w, text)
	return err
}

// writeFrom writes the normal form of what r holds to w, in bounded memory. Full case folding needs valid UTF-8 and
// refuses other bytes; without it, bytes pass as they are.
func (n normal) writeFrom(w io.Writer, r io.Reader) error {
	switch {
	case n.foldUnicode:
		// Folding what is composed can decompose it, so that it is composed again: UAX 15 and Unicode 3.13, D145.
		r = transform.NewReader(r, transform.Chain(encoding.UTF8Validator, norm.NFC, cases.Fold(), norm.NFC))
	case n.foldASCII:
		w = asciiFolder{w}
	}
	if n.trim {
		w = &trimmer{to: w}
	}
	// Only Read and Write: a ReaderFrom would go around the writers above.
	_, err := io.Copy(struct{ io.Writer }{w}, struct{ io.Reader }{r})
	return err
}

func ascii(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// lowerASCII lowers A to Z and nothing else.
func lowerASCII(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return 'A' <= r && r <= 'Z' }) < 0 {
		return text
	}
	lower := []byte(text)
	for i, b := range lower {
		if 'A' <= b && b <= 'Z' {
			lower[i] = b + ('a' - 'A')
		}
	}
	return string(lower)
}

// asciiFolder lowers A to Z on the way.
type asciiFolder struct{ to io.Writer }

func (f asciiFolder) Write(p []byte) (int, error) {
	if _, err := io.WriteString(f.to, lowerASCII(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// trimmer holds spaces back until something follows them.
type trimmer struct {
	to   io.Writer
	held int
}

func (t *trimmer) Write(p []byte) (int, error) {
	rest := strings.TrimRight(string(p), " ")
	if rest != "" {
		for spaces := strings.Repeat(" ", min(t.held, 4096)); t.held > 0; {
			n, err := io.WriteString(t.to, spaces[:min(t.held, len(spaces))])
			if err != nil {
				return 0, err
			}
			t.held -= n
		}
		if _, err := io.WriteString(t.to, rest); err != nil {
			return 0, err
		}
	}
	t.held += len(p) - len(rest)
	return len(p), nil
}
