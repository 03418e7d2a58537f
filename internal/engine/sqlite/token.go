package sqlite

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// tokenKind tells the tokens of SQLite's language apart as far as a definition needs.
type tokenKind uint8

const (
	word   tokenKind = iota // a bare identifier or keyword
	quoted                  // an identifier in "", [] or ``
	str                     // a text in '', which SQLite also takes for an identifier in places
	number                  // a number, a blob literal or a parameter
	symbol                  // an operator or punctuation
)

// token is one token; text is as written, name is an identifier's or text's content.
type token struct {
	kind       tokenKind
	text, name string
	start, end int
	// spaced is set where white space or a comment precedes it.
	spaced bool
}

func (t token) is(keyword string) bool { return t.kind == word && strings.EqualFold(t.text, keyword) }
func (t token) sign(s string) bool     { return t.kind == symbol && t.text == s }

var errToken = errors.New("a character that SQLite's language doesn't have, or a quote or comment that doesn't end")

// tokenize splits SQL text. It is strict: what it doesn't know is an error.
func tokenize(sql string) ([]token, error) {
	var tokens []token
	spaced := false
	for i := 0; i < len(sql); {
		n, kind, space := scan(sql[i:])
		if n <= 0 {
			return nil, errToken
		}
		if space {
			spaced = true
			i += n
			continue
		}
		t := token{kind: kind, text: sql[i : i+n], start: i, end: i + n, spaced: spaced}
		t.name = content(t)
		tokens = append(tokens, t)
		spaced = false
		i += n
	}
	return tokens, nil
}

// content is what an identifier or text says without its quotes.
func content(t token) string {
	switch {
	case t.kind == word:
		return t.text
	case t.kind == quoted && t.text[0] == '[':
		return t.text[1 : len(t.text)-1]
	case t.kind == quoted, t.kind == str:
		q := t.text[:1]
		return strings.ReplaceAll(t.text[1:len(t.text)-1], q+q, q)
	}
	return ""
}

// scan is the length and kind of the token that s begins with, or of the white space or comment.
func scan(s string) (n int, kind tokenKind, space bool) {
	c := s[0]
	switch {
	case strings.IndexByte(" \t\n\f\r", c) >= 0:
		return 1, 0, true
	case strings.HasPrefix(s, "--"):
		if end := strings.IndexByte(s, '\n'); end >= 0 {
			return end + 1, 0, true
		}
		return len(s), 0, true
	case strings.HasPrefix(s, "/*"):
		if end := strings.Index(s[2:], "*/"); end >= 0 {
			return end + 4, 0, true
		}
		return len(s), 0, true // SQLite, too, lets the last comment end with the text
	case c == '\'':
		return scanQuoted(s), str, false
	case c == '"', c == '`':
		return scanQuoted(s), quoted, false
	case c == '[':
		return strings.IndexByte(s, ']') + 1, quoted, false
	case (c == 'x' || c == 'X') && len(s) > 1 && s[1] == '\'':
		if n := scanQuoted(s[1:]); n > 0 {
			return n + 1, number, false
		}
		return 0, 0, false
	case isDigit(c), c == '.' && len(s) > 1 && isDigit(s[1]):
		return scanNumber(s), number, false
	case isWordStart(c):
		n := 1
		for n < len(s) && (isWordStart(s[n]) || isDigit(s[n]) || s[n] == '$') {
			n++
		}
		return n, word, false
	}
	for _, two := range []string{"||", "<=", ">=", "<>", "!=", "==", "<<", ">>", "->"} {
		if strings.HasPrefix(s, two) {
			if strings.HasPrefix(s, "->>") {
				return 3, symbol, false
			}
			return 2, symbol, false
		}
	}
	if strings.IndexByte("(),.;+-*/%<>=&|~", c) >= 0 {
		return 1, symbol, false
	}
	return 0, 0, false
}

// scanQuoted is the length of a quoted token whose quote is doubled inside, or 0 where it doesn't end.
func scanQuoted(s string) int {
	for i := 1; i < len(s); i++ {
		if s[i] == s[0] {
			if i+1 < len(s) && s[i+1] == s[0] {
				i++
				continue
			}
			return i + 1
		}
	}
	return 0
}

func scanNumber(s string) int {
	n := 0
	for n < len(s) {
		c := s[n]
		exponent := (c == '+' || c == '-') && n > 0 && (s[n-1] == 'e' || s[n-1] == 'E') && !strings.HasPrefix(fold(s), "0x")
		if !isDigit(c) && !isWordStart(c) && c != '.' && !exponent {
			break
		}
		n++
	}
	return n
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isWordStart(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c >= utf8.RuneSelf
}

// join writes tokens back as text, with one space wherever there was space or a comment. What it writes has the same
// tokens, and joining those again gives the same text.
func join(tokens []token) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 && t.spaced {
			b.WriteByte(' ')
		}
		b.WriteString(t.text)
	}
	return b.String()
}
