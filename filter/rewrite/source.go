package rewrite

import (
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/utdrag/utdrag/filter/diag"
)

// Span is a piece of a text, in bytes.
type Span struct{ Start, End int }

// Holds reports whether other lies inside s.
func (s Span) Holds(other Span) bool { return s.Start <= other.Start && other.End <= s.End }

// Overlaps reports whether the two share a byte.
func (s Span) Overlaps(other Span) bool { return s.Start < other.End && other.Start < s.End }

// Kind is what a token is.
type Kind uint8

// The kinds of token.
const (
	Word      Kind = iota // a keyword or an unquoted name
	Quoted                // a quoted name
	String                // a text or binary literal, with its prefix
	Number                // a numeric literal
	Variable              // a parameter
	Operator              // an operator, a parenthesis, a comma, a dot
	Semicolon             // the end of a statement
)

// Token is one token of the canonical text.
type Token struct {
	Kind Kind
	Span Span
	// Value is what a name or literal means: without quotes, doubled quotes undone. For other tokens it is the token.
	Value string
}

// Source is a query as it was given, and its canonical text: no comments, no control characters, and one space wherever
// there was a gap between two tokens.
type Source struct {
	// File names the query in diagnostics: a file's name, or "query".
	File     string
	Original string
	Text     string
	Tokens   []Token
	// origins are, token by token, where the token begins in Original.
	origins []int
	text    strings.Builder
}

// NewSource begins the canonical text of a query.
func NewSource(original string) *Source { return &Source{File: "query", Original: original} }

// Add appends a token that stands at an offset of the original, after a space if there was a gap. Finish must follow the
// last one.
func (s *Source) Add(kind Kind, text, value string, at int, gap bool) {
	if gap && s.text.Len() > 0 {
		s.text.WriteByte(' ')
	}
	start := s.text.Len()
	s.text.WriteString(text)
	s.Tokens = append(s.Tokens, Token{Kind: kind, Span: Span{start, s.text.Len()}, Value: value})
	s.origins = append(s.origins, at)
}

// Finish makes Text.
func (s *Source) Finish() { s.Text = s.text.String() }

// TokenAt returns the index of the first token that begins at or after an offset of Text.
func (s *Source) TokenAt(offset int) int {
	return sort.Search(len(s.Tokens), func(i int) bool { return s.Tokens[i].Span.Start >= offset })
}

// Slice is a piece of Text.
func (s *Source) Slice(span Span) string { return s.Text[span.Start:span.End] }

// Range is where a piece of Text stands in the original.
func (s *Source) Range(span Span) diag.Range {
	start := s.origin(span.Start)
	end := start
	if span.End > span.Start { // what follows the last character may be a gap, and more of it here than in Text
		end = min(len(s.Original), s.origin(span.End-1)+1)
	}
	return diag.Range{File: s.File, Start: s.position(start), End: s.position(end)}
}

// RangeAt is a place of the original, for what is refused before there is a canonical text.
func (s *Source) RangeAt(offset int) diag.Range {
	at := s.position(offset)
	return diag.Range{File: s.File, Start: at, End: at}
}

func (s *Source) origin(offset int) int {
	i := sort.Search(len(s.Tokens), func(i int) bool { return s.Tokens[i].Span.End > offset })
	if i == len(s.Tokens) {
		return len(s.Original)
	}
	return min(len(s.Original), s.origins[i]+max(0, offset-s.Tokens[i].Span.Start))
}

func (s *Source) position(offset int) diag.Pos {
	before := s.Original[:offset]
	line := strings.Count(before, "\n")
	return diag.Pos{Line: line + 1, Column: utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1, Byte: offset}
}

// Refuse is the refusal of a piece of Text. The format's arguments may be names and keywords of the query, never literals.
func (s *Source) Refuse(code Code, span Span, format string, args ...any) error {
	return diag.List{code.Diagnostic(s.Range(span), fmt.Sprintf(format, args...))}
}

// RefuseAt is the refusal of a place of the original.
func (s *Source) RefuseAt(code Code, offset int, format string, args ...any) error {
	return diag.List{code.Diagnostic(s.RangeAt(offset), fmt.Sprintf(format, args...))}
}

// Uncovered returns the first token of one of the kinds that lies in none of the spans, and false if there is none: what a
// parser did not account for.
func (s *Source) Uncovered(spans []Span, kinds ...Kind) (Token, bool) {
	sort.Slice(spans, func(i, j int) bool { return spans[i].Start < spans[j].Start })
	next, end := 0, 0
	for _, t := range s.Tokens {
		for next < len(spans) && spans[next].Start <= t.Span.Start {
			end = max(end, spans[next].End)
			next++
		}
		if t.Span.End <= end {
			continue
		}
		for _, k := range kinds {
			if t.Kind == k {
				return t, true
			}
		}
	}
	return Token{}, false
}
