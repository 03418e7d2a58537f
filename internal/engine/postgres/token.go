package postgres

import "strings"

// tokenKind tells tokens apart as far as it takes to know where a text ends and what it calls.
type tokenKind uint8

const (
	word   tokenKind = iota // a keyword or an identifier without quotes
	quoted                  // an identifier in quotes
	str                     // a text, or a text of bits
	number                  // digits
	symbol                  // an operator or punctuation, one character
)

// token is one token; name is an identifier's content.
type token struct {
	kind       tokenKind
	text, name string
}

func (t token) is(keyword string) bool { return t.kind == word && strings.EqualFold(t.text, keyword) }
func (t token) sign(s string) bool     { return t.kind == symbol && t.text == s }

// signs are what stands between words in what the server prints of a definition: https://www.postgresql.org/docs/15/sql-syntax-lexical.html
// section 4.1. Not among them: the semicolon, which ends a statement; the dollar sign and the backslash, by which texts are
// quoted in ways that the server never prints.
const signs = "()[]{},.:+-*/<>=~!@#%^&|`?"

// tokenize splits what the server printed of a definition. It is strict: what the server doesn't print, such as comments, texts with
// escapes and the end of a statement, is not read.
func tokenize(s string) (tokens []token, ok bool) {
	for i := 0; i < len(s); {
		rest := s[i:]
		t := token{text: rest[:1]}
		switch c := s[i]; {
		case strings.IndexByte(" \t\r\n", c) >= 0:
			i++
			continue
		case strings.HasPrefix(rest, "--"), strings.HasPrefix(rest, "/*"):
			return nil, false
		case c == '"':
			name, after, closed := identifier(rest)
			if !closed || name == "" {
				return nil, false
			}
			t = token{quoted, rest[:len(rest)-len(after)], name}
		case c == '\'':
			n := quotedLength(rest)
			if n == 0 {
				return nil, false
			}
			t = token{kind: str, text: rest[:n]}
		case isWordByte(c):
			n := 1
			for n < len(rest) && isWordByte(rest[n]) {
				n++
			}
			t = token{word, rest[:n], strings.ToLower(rest[:n])}
			if '0' <= c && c <= '9' {
				t.kind = number
			}
			// B'101' is a text of bits. E'…', U&'…' and N'…' have rules of their own.
			if n < len(rest) && (rest[n] == '\'' && t.name != "b") || strings.HasPrefix(rest[n:], "&'") || strings.HasPrefix(rest[n:], `&"`) {
				return nil, false
			}
		case strings.IndexByte(signs, c) >= 0:
			t.kind = symbol
		default:
			return nil, false
		}
		tokens = append(tokens, t)
		i += len(t.text)
	}
	return tokens, true
}

// quotedLength is the length of the text constant that s begins with, or 0 where it doesn't end.
func quotedLength(s string) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == 0:
			return 0
		case s[i] != '\'':
		case i+1 < len(s) && s[i+1] == '\'':
			i++
		default:
			return i + 1
		}
	}
	return 0
}

func isWordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_'
}

// whole reads a text that can stand where one expression, or the rest of one clause, is expected: every bracket that it opens it
// closes, and no comma of its own begins anything else.
func whole(s string) ([]token, bool) {
	tokens, ok := tokenize(s)
	closing := map[string]string{"(": ")", "[": "]", "{": "}"}
	var open []string
	for _, t := range tokens {
		if t.kind != symbol {
			continue
		}
		switch t.text {
		case "(", "[", "{":
			open = append(open, closing[t.text])
		case ")", "]", "}":
			if len(open) == 0 || open[len(open)-1] != t.text {
				return nil, false
			}
			open = open[:len(open)-1]
		case ",":
			if len(open) == 0 {
				return nil, false
			}
		}
	}
	return tokens, ok && len(open) == 0 && len(tokens) > 0
}

func isWhole(s string) bool {
	_, ok := whole(s)
	return ok
}

// notInType are the words by which something else begins that can follow a column's type.
var notInType = []string{"not", "null", "default", "check", "primary", "unique", "references", "generated", "collate", "constraint", "as", "using", "like", "exclude", "foreign", "deferrable",
	"initially", "storage", "compression"}

// isType reports whether a text is a type as the server prints it: words and names, with numbers in parentheses at most.
func isType(s string) bool {
	tokens, ok := whole(s)
	inside := false
	for i, t := range tokens {
		switch {
		case t.sign("("):
			ok, inside = ok && i > 0 && !inside, true
		case t.sign(")"):
			inside = false
		case t.kind == word:
			for _, w := range notInType {
				ok = ok && !t.is(w)
			}
		case t.kind == quoted, t.kind == number && inside, inside && (t.sign(",") || t.sign("-")), !inside && (t.sign(".") || t.sign("[") || t.sign("]")):
		default:
			ok = false
		}
	}
	return ok && (tokens[0].kind == word || tokens[0].kind == quoted)
}
