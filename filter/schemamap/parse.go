package schemamap

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/utdrag/utdrag/filter/diag"
)

// MaxSize is the most bytes that a map may have.
const MaxSize = 8 << 20

// maxNesting is how deeply brackets, prefix operators and templates may nest before HCL's recursive parser is asked.
const maxNesting = 100

// Parse reads a schema map. file names it in diagnostics. It reports everything that can be seen without a catalog,
// sorted by place; when anything is refused the Map is nil, and a Map may come with warnings. src is copied.
func Parse(file string, src []byte) (*Map, diag.List) {
	r := &reader{file: file, src: src}
	m := r.read()
	r.found.Sort()
	if r.found.Refused() {
		return nil, r.found
	}
	return m, r.found
}

// reader gathers what Parse finds.
type reader struct {
	file  string
	src   []byte
	lines []int // byte offset of each line's start; see position
	found diag.List
}

func (r *reader) read() *Map {
	body := r.syntax()
	if body == nil {
		return nil
	}
	return r.readMap(body)
}

// syntax returns the file's body, or nil when the text is not HCL.
func (r *reader) syntax() (body *hclsyntax.Body) {
	start := diag.Range{File: r.file, Start: diag.Pos{Line: 1, Column: 1}, End: diag.Pos{Line: 1, Column: 1}}
	if len(r.src) > MaxSize {
		r.refuse(CodeUnreadable, start, "the map is too large", fmt.Sprintf("a map has at most %d bytes", MaxSize))
		return nil
	}
	if !utf8.Valid(r.src) {
		at := 0
		for at < len(r.src) {
			c, n := utf8.DecodeRune(r.src[at:])
			if c == utf8.RuneError && n <= 1 {
				break
			}
			at += n
		}
		r.refuse(CodeUnreadable, r.span(at, at), "the map is not UTF-8 text", "save the file as UTF-8")
		return nil
	}
	// The parser is another's: whatever it trips over is a map that can't be read, never a crash.
	defer func() {
		if recover() != nil {
			r.refuse(CodeUnreadable, start, "the map can't be read", "the text is not HCL in any form known")
			body = nil
		}
	}()
	if at, deep := tooDeep(r.src); deep {
		r.refuse(CodeUnreadable, r.hclRange(at), "the map is nested too deeply",
			fmt.Sprintf("no map needs more than %d levels", maxNesting))
		return nil
	}
	parsed, problems := hclsyntax.ParseConfig(r.src, r.file, hcl.InitialPos)
	for _, p := range problems {
		at := start
		if p.Subject != nil {
			at = r.hclRange(*p.Subject)
		}
		d := diag.Diagnostic{Code: CodeSyntax, Summary: sentence(p.Summary), Advice: sentence(p.Detail), Subject: at}
		if p.Severity == hcl.DiagWarning {
			d.Severity = diag.Warning
		}
		r.found = append(r.found, d)
	}
	if problems.HasErrors() {
		return nil
	}
	return parsed.Body.(*hclsyntax.Body)
}

// tooDeep reports where the token stream would drive a recursive parser deeper than maxNesting.
func tooDeep(src []byte) (hcl.Range, bool) {
	tokens, _ := hclsyntax.LexConfig(src, "", hcl.InitialPos)
	depth, prefixes, branches := 0, 0, 0
	for _, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenOParen, hclsyntax.TokenOBrack, hclsyntax.TokenOBrace, hclsyntax.TokenTemplateInterp:
			depth++
		case hclsyntax.TokenCParen, hclsyntax.TokenCBrack, hclsyntax.TokenCBrace, hclsyntax.TokenTemplateSeqEnd:
			depth = max(depth-1, 0)
		case hclsyntax.TokenBang, hclsyntax.TokenMinus:
			prefixes++
		case hclsyntax.TokenQuestion, hclsyntax.TokenTemplateControl:
			branches++ // maps have none, so the sum over the file may stand for depth
			if t.Type == hclsyntax.TokenTemplateControl {
				depth++
			}
		}
		if t.Type != hclsyntax.TokenBang && t.Type != hclsyntax.TokenMinus && t.Type != hclsyntax.TokenNewline {
			prefixes = 0
		}
		if depth > maxNesting || prefixes > maxNesting || branches > maxNesting {
			return t.Range, true
		}
	}
	return hcl.Range{}, false
}

// sentence makes one of HCL's sentences read as ours do.
func sentence(s string) string {
	s = strings.TrimSuffix(strings.Join(strings.Fields(s), " "), ".")
	first, n := utf8.DecodeRuneInString(s)
	second, _ := utf8.DecodeRuneInString(s[n:])
	if unicode.IsUpper(second) { // an abbreviation
		return s
	}
	return string(unicode.ToLower(first)) + s[n:]
}
