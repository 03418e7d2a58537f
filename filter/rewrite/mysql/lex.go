package mysql

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// operators are those of more than one character, the longer ones first.
var operators = []string{"<=>", "->>", "<=", ">=", "<>", "!=", "<<", ">>", "&&", "||", "->"}

// lexer makes the canonical text of one SELECT. It knows fewer tokens than the server does, and what it doesn't know it
// refuses: variables, assignments, escapes of ODBC, comments that are code.
type lexer struct {
	source *rewrite.Source
	text   string
	at     int
	gap    bool
	depth  int
	// starts are, token by token, where a token begins in text.
	starts []int
}

// lex reads the text from an offset on.
func lex(original string, from int) (*lexer, error) {
	l := &lexer{source: rewrite.NewSource(original), text: original, at: from}
	if len(original) > rewrite.MaxLength {
		return nil, l.refuse(rewrite.CodeSize, 0, "the query is longer than %d bytes", rewrite.MaxLength)
	}
	if !utf8.ValidString(original) {
		return nil, l.refuse(rewrite.CodeCharacter, invalid(original), "the query is no UTF-8")
	}
	for l.at < len(l.text) {
		if err := l.next(); err != nil {
			return nil, err
		}
	}
	if n := len(l.source.Tokens); n == 0 {
		return nil, l.refuse(rewrite.CodeSize, len(original), "the query is empty")
	}
	l.source.Finish()
	return l, nil
}

func invalid(text string) int {
	for i, r := range text {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(text[i:]); size == 1 {
				return i
			}
		}
	}
	return 0
}

func (l *lexer) refuse(code rewrite.Code, at int, format string, args ...any) error {
	return l.source.RefuseAt(code, at, format, args...)
}

// add appends the token that ends at end. A semicolon may only be followed by nothing.
func (l *lexer) add(kind rewrite.Kind, end int, value string) error {
	if n := len(l.starts); n > 0 && l.text[l.starts[n-1]] == ';' {
		return l.refuse(rewrite.CodeStatements, l.at, "something follows the end of the statement")
	}
	l.starts = append(l.starts, l.at)
	if kind != rewrite.Semicolon {
		l.source.Add(kind, l.text[l.at:end], value, l.at, l.gap)
	}
	l.at, l.gap = end, false
	return nil
}

func (l *lexer) next() error {
	rest := l.text[l.at:]
	switch c := rest[0]; {
	case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		l.at, l.gap = l.at+1, true
		return nil
	case strings.HasPrefix(rest, "--"):
		// The server takes -- for a comment only before a space; what it is elsewhere is told in different ways.
		if len(rest) > 2 && !strings.ContainsRune(" \t\r\n", rune(rest[2])) {
			return l.refuse(rewrite.CodeCharacter, l.at, "two signs side by side, which can be read as a comment")
		}
		return l.line()
	case c == '#':
		return l.line()
	case strings.HasPrefix(rest, "/*"):
		return l.comment(rest)
	case c == '\'':
		return l.quoted(rewrite.String, l.at, '\'')
	case c == '"' || c == '`':
		return l.quoted(rewrite.Quoted, l.at, c)
	case (c == 'x' || c == 'X' || c == 'b' || c == 'B') && len(rest) > 1 && rest[1] == '\'':
		return l.digits(rest)
	case (c == 'n' || c == 'N') && len(rest) > 1 && rest[1] == '\'':
		return l.refuse(rewrite.CodeConstruct, l.at, "a text literal of the national character set")
	case '0' <= c && c <= '9', c == '.' && len(rest) > 1 && '0' <= rest[1] && rest[1] <= '9':
		return l.number(rest)
	case c == '?':
		return l.add(rewrite.Variable, l.at+1, "?")
	case c == ';':
		return l.add(rewrite.Semicolon, l.at+1, ";")
	case c < utf8.RuneSelf && !isWord(rune(c), false):
		return l.operator(rest)
	}
	return l.word(rest)
}

func (l *lexer) line() error {
	l.gap = true
	if end := strings.IndexByte(l.text[l.at:], '\n'); end >= 0 {
		l.at += end
	} else {
		l.at = len(l.text)
	}
	return nil
}

// comment skips a comment. Those that one server runs and another one skips, and hints, are refused: /*! */, /*M! */,
// /*T! */, /*+ */.
func (l *lexer) comment(rest string) error {
	inside := rest[2:]
	switch {
	case strings.HasPrefix(inside, "+"):
		return l.refuse(rewrite.CodeHint, l.at, "an optimizer hint")
	case strings.HasPrefix(inside, "!"), len(inside) > 1 && inside[1] == '!':
		return l.refuse(rewrite.CodeConstruct, l.at, "a comment that some servers run")
	}
	end := strings.Index(inside, "*/")
	if end < 0 {
		return l.refuse(rewrite.CodeCharacter, l.at, "a comment that doesn't end")
	}
	if strings.Contains(inside[:end], "/*") {
		return l.refuse(rewrite.CodeCharacter, l.at, "a comment inside a comment")
	}
	l.at, l.gap = l.at+2+end+2, true
	return nil
}

// quoted reads a text or a name, whose quotes are doubled inside. A backslash escapes or doesn't, as the server is set up;
// only in backquotes is it never more than itself.
func (l *lexer) quoted(kind rewrite.Kind, open int, quote byte) error {
	var value strings.Builder
	for i := open + 1; i < len(l.text); i++ {
		switch c := l.text[i]; {
		case c == 0:
			return l.refuse(rewrite.CodeCharacter, i, "the character U+0000")
		case c == '\\' && quote != '`':
			return l.refuse(rewrite.CodeCharacter, i, "a backslash in quotes, which servers read in different ways")
		case c == quote && i+1 < len(l.text) && l.text[i+1] == quote:
			value.WriteByte(c)
			i++
		case c == quote:
			if kind == rewrite.Quoted && value.Len() == 0 {
				return l.refuse(rewrite.CodeCharacter, open, "an empty name")
			}
			return l.add(kind, i+1, value.String())
		default:
			value.WriteByte(c)
		}
	}
	return l.refuse(rewrite.CodeCharacter, open, "a quote that doesn't end")
}

// digits reads x'…' or b'…'.
func (l *lexer) digits(rest string) error {
	allowed := "01"
	if rest[0] == 'x' || rest[0] == 'X' {
		allowed = "0123456789abcdefABCDEF"
	}
	n := len(rest) - len(strings.TrimLeft(rest[2:], allowed))
	if n >= len(rest) || rest[n] != '\'' {
		return l.refuse(rewrite.CodeCharacter, l.at, "a binary literal that can't be read")
	}
	return l.add(rewrite.String, l.at+n+1, strings.ToLower(rest[:n+1]))
}

func (l *lexer) number(rest string) error {
	if n := len(l.source.Tokens); rest[0] == '.' && !l.gap && n > 0 && l.source.Tokens[n-1].Kind <= rewrite.Quoted {
		return l.refuse(rewrite.CodeCharacter, l.at, "a name that begins with a digit and is not quoted")
	}
	end := 0
	skip := func(digits string) { end = len(rest) - len(strings.TrimLeft(rest[end:], digits)) }
	switch {
	case strings.HasPrefix(rest, "0x"):
		end = 2
		skip("0123456789abcdefABCDEF")
	case strings.HasPrefix(rest, "0b"):
		end = 2
		skip("01")
	default:
		skip("0123456789")
		if end < len(rest) && rest[end] == '.' {
			end++
			point := end
			if skip("0123456789"); end == point {
				return l.refuse(rewrite.CodeCharacter, l.at, "a number that ends in its point")
			}
		}
		if end < len(rest) && (rest[end] == 'e' || rest[end] == 'E') {
			end++
			if end < len(rest) && (rest[end] == '+' || rest[end] == '-') {
				end++
			}
			from := end
			if skip("0123456789"); end == from || end-from > 4 {
				return l.refuse(rewrite.CodeCharacter, l.at, "a number whose exponent can't be read")
			}
		}
	}
	if r, _ := utf8.DecodeRuneInString(rest[end:]); end < len(rest) && (r == '.' || isWord(r, true)) {
		return l.refuse(rewrite.CodeCharacter, l.at, "a number that runs into what follows")
	}
	return l.add(rewrite.Number, l.at+end, strings.ToLower(rest[:end]))
}

func (l *lexer) operator(rest string) error {
	for _, o := range operators {
		if strings.HasPrefix(rest, o) {
			return l.add(rewrite.Operator, l.at+len(o), o)
		}
	}
	switch c := rest[0]; c {
	case '(':
		if l.depth++; l.depth > rewrite.MaxDepth {
			return l.refuse(rewrite.CodeSize, l.at, "more than %d parentheses inside each other", rewrite.MaxDepth)
		}
	case ')':
		if l.depth--; l.depth < 0 {
			return l.refuse(rewrite.CodeSyntax, l.at, "a parenthesis is closed that was not opened")
		}
	case '+', '-', '*', '/', '%', '=', '<', '>', '!', '~', '^', '&', '|', ',', '.':
	case '@':
		return l.refuse(rewrite.CodeConstruct, l.at, "a variable of the session or the server")
	case '{', '}', ':', '[', ']', '\\':
		return l.refuse(rewrite.CodeConstruct, l.at, "the character %q outside quotes", c)
	default:
		return l.refuse(rewrite.CodeCharacter, l.at, "the character U+%04X outside quotes", c)
	}
	return l.add(rewrite.Operator, l.at+1, rest[:1])
}

func (l *lexer) word(rest string) error {
	for i, r := range rest {
		if isWord(r, i > 0) {
			continue
		}
		if i == 0 {
			return l.refuse(rewrite.CodeCharacter, l.at, "the character U+%04X outside quotes", r)
		}
		return l.add(rewrite.Word, l.at+i, rest[:i])
	}
	return l.add(rewrite.Word, len(l.text), rest)
}

// isWord reports whether an unquoted name may hold r. The server takes no character beyond U+FFFF there.
func isWord(r rune, digits bool) bool {
	switch {
	case r == '_', r == '$', 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z':
		return true
	case r < utf8.RuneSelf:
		return digits && '0' <= r && r <= '9'
	}
	return r <= 0xFFFF && r != utf8.RuneError && (unicode.IsLetter(r) || digits && unicode.In(r, unicode.Mn, unicode.Mc, unicode.Nd))
}
