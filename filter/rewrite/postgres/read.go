// Package postgres reads PostgreSQL's SELECT for package rewrite.
//
// A query passes three gates. The lexer (lex.go) makes a canonical text of it and refuses what no query needs. The parser
// is a library for the grammar of PostgreSQL 18, which gives a tree with the beginnings of most things and the ends of few.
// The walk then goes through that tree and through the tokens at once: it finds every clause, table and alias among the
// tokens by itself, requires the tree to say the same, and checks off each token against the leaf of the tree that
// it became. A token that is left, or that two leaves lay claim to, is a refusal: see cover.go.
//
// What is read means the same from PostgreSQL 12 on, given the settings standard_conforming_strings = on and a search_path
// that leads with pg_catalog. Without the latter, a function, operator or type of the user's own may be taken for one of the
// server's.
package postgres

import (
	"strconv"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// Syntax is PostgreSQL's.
type Syntax struct{}

var _ rewrite.Syntax = Syntax{}

// Read reads one SELECT.
func (Syntax) Read(sql string) (*rewrite.Statement, error) {
	source, err := lex(sql)
	if err != nil {
		return nil, err
	}
	return read(source)
}

// Parameter is $1, $2 and so on, after those that the query has itself.
func (Syntax) Parameter(number, theirs int) string { return "$" + strconv.Itoa(theirs+number) }

// Fold makes ASCII letters small.
func (Syntax) Fold(name string) string { return fold(name) }

// View reads CREATE VIEW … AS SELECT …, or the SELECT alone, which is what the server's catalog has.
func (Syntax) View(definition string) (*rewrite.Statement, []string, error) {
	source, err := lex(definition)
	if err != nil {
		return nil, nil, err
	}
	if !isWord(source, 0, "create") {
		s, err := read(source)
		return s, nil, err
	}
	body, names, err := viewBody(source)
	if err != nil {
		return nil, nil, err
	}
	s, err := Syntax{}.Read(body)
	return s, names, err
}

// viewBody is the SELECT of CREATE [OR REPLACE] VIEW name [(columns)] [WITH (options)] AS SELECT.
func viewBody(s *rewrite.Source) (string, []string, error) {
	pairs, err := measure(s)
	if err != nil {
		return "", nil, err
	}
	i := 1
	refuse := func() (string, []string, error) {
		span := rewrite.Span{Start: len(s.Text), End: len(s.Text)}
		if i < len(s.Tokens) {
			span = s.Tokens[i].Span
		}
		return "", nil, s.Refuse(rewrite.CodeView, span, "not a plain CREATE VIEW")
	}
	if isWord(s, i, "or") && isWord(s, i+1, "replace") {
		i += 2
	}
	if !isWord(s, i, "view") {
		return refuse()
	}
	i++
	if !isName(s, i) {
		return refuse()
	}
	for i++; isSign(s, i, ".") && isName(s, i+1); {
		i += 2
	}
	var names []string
	if isSign(s, i, "(") {
		for end := pairs[i]; i < end; i += 2 {
			if !isName(s, i+1) || !isSign(s, i+2, ",") && i+2 != end {
				return refuse()
			}
			names = append(names, s.Tokens[i+1].Value)
		}
		i++
	}
	if isWord(s, i, "with") && isSign(s, i+1, "(") {
		i = pairs[i+1] + 1
	}
	if !isWord(s, i, "as") || i+1 == len(s.Tokens) {
		return refuse()
	}
	end := len(s.Tokens)
	if isWord(s, end-1, "option") && isWord(s, end-2, "check") {
		end -= 2
		if isWord(s, end-1, "local") || isWord(s, end-1, "cascaded") {
			end--
		}
		if end--; !isWord(s, end, "with") || end <= i+1 {
			return refuse()
		}
	}
	return s.Slice(rewrite.Span{Start: s.Tokens[i+1].Span.Start, End: s.Tokens[end-1].Span.End}), names, nil
}

func isWord(s *rewrite.Source, i int, words ...string) bool {
	if i < 0 || i >= len(s.Tokens) || s.Tokens[i].Kind != rewrite.Word {
		return false
	}
	for _, w := range words {
		if s.Tokens[i].Value == w {
			return true
		}
	}
	return false
}

func isSign(s *rewrite.Source, i int, sign string) bool {
	return i >= 0 && i < len(s.Tokens) && s.Tokens[i].Kind == rewrite.Operator && s.Tokens[i].Value == sign
}

func isName(s *rewrite.Source, i int) bool {
	return i >= 0 && i < len(s.Tokens) && (s.Tokens[i].Kind == rewrite.Word || s.Tokens[i].Kind == rewrite.Quoted)
}
