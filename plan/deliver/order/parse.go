package order

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/utdrag/utdrag/filter/diag"
)

// MaxSize is the most bytes that an order may have.
const MaxSize = 1 << 20

// maxNesting is how deep an order's brackets, signs and templates may go before HCL's recursive parser is let loose on them.
const maxNesting = 50

// Parse reads an order. file names it in diagnostics, and paths in it begin in that file's folder. It reports everything that
// can be seen without looking at anything else, sorted by place; when anything is refused the Order is nil, and an Order may come
// with warnings.
func Parse(file string, text []byte) (*Order, diag.List) {
	r := &reader{file: file, text: text, places: map[string]diag.Range{}}
	var o *Order
	if body := r.syntax(); body != nil {
		o = r.order(body)
	}
	r.found.Sort()
	if r.found.Refused() {
		return nil, r.found
	}
	return o, r.found
}

// syntax returns the text's body, or nil where it isn't HCL.
func (r *reader) syntax() (body *hclsyntax.Body) {
	if len(r.text) > MaxSize {
		r.refuse(CodeUnreadable, r.top(), "the order is too large", fmt.Sprintf("an order has at most %d bytes", MaxSize))
		return nil
	}
	if !utf8.Valid(r.text) {
		r.refuse(CodeUnreadable, r.top(), "the order is not UTF-8 text", "save the file as UTF-8")
		return nil
	}
	// The parser is somebody else's. What makes it fall over is a text that can't be read, and not the end of the program.
	defer func() {
		if recover() != nil {
			r.refuse(CodeUnreadable, r.top(), "the order can't be read", "compare it with the template")
			body = nil
		}
	}()
	if at, deep := tooDeep(r.text); deep {
		r.refuse(CodeUnreadable, r.rangeOf(at), "the order is nested too deeply", fmt.Sprintf("no order needs %d levels", maxNesting))
		return nil
	}
	parsed, problems := hclsyntax.ParseConfig(r.text, r.file, hcl.InitialPos)
	for _, p := range problems {
		at := r.top()
		if p.Subject != nil {
			at = r.rangeOf(*p.Subject)
		}
		r.refuse(CodeSyntax, at, plain(p.Summary), plain(p.Detail))
	}
	if problems.HasErrors() {
		return nil
	}
	return parsed.Body.(*hclsyntax.Body)
}

// tooDeep finds where tokens would take a recursive parser deeper than maxNesting. Orders have no conditions and no templates, so
// all there are in the file may stand for their depth.
func tooDeep(text []byte) (hcl.Range, bool) {
	tokens, _ := hclsyntax.LexConfig(text, "", hcl.InitialPos)
	open, others := 0, 0
	for _, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenOParen, hclsyntax.TokenOBrack, hclsyntax.TokenOBrace:
			open++
		case hclsyntax.TokenCParen, hclsyntax.TokenCBrack, hclsyntax.TokenCBrace:
			open = max(open-1, 0)
		case hclsyntax.TokenBang, hclsyntax.TokenMinus, hclsyntax.TokenQuestion, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			others++
		}
		if open > maxNesting || others > maxNesting {
			return t.Range, true
		}
	}
	return hcl.Range{}, false
}

var quotation = regexp.MustCompile(`"[^"]*"`)

// plain makes one of HCL's sentences read as ours do. It may quote a word of the text, which may be half a password: only
// punctuation is let through.
func plain(sentence string) string {
	sentence = quotation.ReplaceAllStringFunc(sentence, func(q string) string {
		if strings.ContainsFunc(q, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }) {
			return "…"
		}
		return q
	})
	sentence = strings.TrimSuffix(strings.Join(strings.Fields(sentence), " "), ".")
	first, n := utf8.DecodeRuneInString(sentence)
	if n == 0 {
		return ""
	}
	return string(unicode.ToLower(first)) + sentence[n:]
}
