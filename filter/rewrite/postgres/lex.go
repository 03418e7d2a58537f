package postgres

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// longestName is how many bytes of a name the server keeps. It cuts off the rest with a mere notice, so that two names
// could become one.
const longestName = 63

// lexer makes the canonical text. It follows section 4.1 of the server's manual, for standard_conforming_strings = on, and
// refuses what versions of the server read in different ways.
type lexer struct {
	*rewrite.Source
	in  string
	pos int
	gap bool
}

// lex reads a query into its tokens. A semicolon is only allowed at the very end, and is left out.
func lex(sql string) (*rewrite.Source, error) {
	l := &lexer{Source: rewrite.NewSource(sql), in: sql}
	if len(sql) > rewrite.MaxLength {
		return nil, l.RefuseAt(rewrite.CodeSize, 0, "the query is longer than %d bytes", rewrite.MaxLength)
	}
	if !utf8.ValidString(sql) {
		return nil, l.RefuseAt(rewrite.CodeCharacter, invalidAt(sql), "a byte that is no UTF-8")
	}
	if i := strings.IndexByte(sql, 0); i >= 0 {
		return nil, l.RefuseAt(rewrite.CodeCharacter, i, "a NUL character")
	}
	ended := -1
	for {
		if err := l.space(); err != nil {
			return nil, err
		}
		if l.pos == len(l.in) {
			break
		}
		if ended >= 0 {
			return nil, l.RefuseAt(rewrite.CodeStatements, l.pos, "something follows the end of the statement")
		}
		if l.in[l.pos] == ';' {
			ended = l.pos
			l.pos++
			continue
		}
		if err := l.token(); err != nil {
			return nil, err
		}
	}
	l.Finish()
	if len(l.Tokens) == 0 {
		return nil, l.RefuseAt(rewrite.CodeSize, 0, "the query is empty")
	}
	return l.Source, nil
}

func invalidAt(s string) int {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return i
			}
		}
	}
	return 0
}

// space passes whitespace and comments, and notes that there was some.
func (l *lexer) space() error {
	l.gap = false
	for l.pos < len(l.in) {
		rest := l.in[l.pos:]
		switch {
		case strings.IndexByte(" \t\r\n", rest[0]) >= 0:
			l.pos++
		case strings.HasPrefix(rest, "--"):
			n := strings.IndexAny(rest, "\r\n")
			if n < 0 {
				n = len(rest)
			}
			l.pos += n
		case strings.HasPrefix(rest, "/*"):
			n := commentLength(rest)
			if n == 0 {
				return l.RefuseAt(rewrite.CodeCharacter, l.pos, "a comment that doesn't end")
			}
			l.pos += n
		default:
			return nil
		}
		l.gap = true
	}
	return nil
}

// commentLength is the length of the comment that s begins with, those inside included, or 0 where it doesn't end.
func commentLength(s string) int {
	depth := 0
	for i := 0; i+1 < len(s); {
		switch s[i : i+2] {
		case "/*":
			depth++
			i += 2
		case "*/":
			depth--
			i += 2
			if depth == 0 {
				return i
			}
		default:
			i++
		}
	}
	return 0
}

func (l *lexer) token() error {
	rest := l.in[l.pos:]
	c := rest[0]
	switch {
	case c == '\'':
		return l.text(0)
	case c == '"':
		return l.quotedName()
	case c == '$':
		return l.dollar()
	case '0' <= c && c <= '9', c == '.' && len(rest) > 1 && isDigit(rest[1]):
		return l.number()
	case len(rest) > 1 && rest[1] == '\'' && strings.IndexByte("eEbBxXnN", c) >= 0:
		if c == 'n' || c == 'N' {
			return l.RefuseAt(rewrite.CodeConstruct, l.pos, "a national text is not read here")
		}
		return l.text(1)
	case len(rest) > 2 && (c == 'u' || c == 'U') && rest[1] == '&' && (rest[2] == '\'' || rest[2] == '"'):
		return l.RefuseAt(rewrite.CodeConstruct, l.pos, "text with Unicode escapes is not read here")
	case startsName(rest):
		return l.name()
	case strings.IndexByte("()[],", c) >= 0:
		return l.add(rewrite.Operator, 1)
	case c == '.':
		if strings.HasPrefix(rest, "..") {
			return l.RefuseAt(rewrite.CodeSyntax, l.pos, "two dots in a row")
		}
		return l.add(rewrite.Operator, 1)
	case c == ':':
		if strings.HasPrefix(rest, "::") || strings.HasPrefix(rest, ":=") {
			return l.add(rewrite.Operator, 2)
		}
		return l.add(rewrite.Operator, 1)
	case strings.IndexByte(operatorCharacters, c) >= 0:
		return l.add(rewrite.Operator, operatorLength(rest))
	}
	return l.RefuseAt(rewrite.CodeCharacter, l.pos, "a character that no query needs outside quotes")
}

func (l *lexer) add(kind rewrite.Kind, length int) error {
	text := l.in[l.pos : l.pos+length]
	l.Add(kind, text, text, l.pos, l.gap)
	l.pos += length
	return nil
}

// operatorCharacters are those that operators are made of.
const operatorCharacters = "~!@#^&|`?+-*/%<>="

// operatorLength is how much of s is one operator: a comment ends it, and one of plain arithmetic doesn't end in a sign.
func operatorLength(s string) int {
	n := 0
	for n < len(s) && strings.IndexByte(operatorCharacters, s[n]) >= 0 {
		n++
	}
	for i := 1; i+1 < n; i++ {
		if s[i:i+2] == "--" || s[i:i+2] == "/*" {
			n = i
		}
	}
	if !strings.ContainsAny(s[:n], "~!@#^&|`?%") {
		for n > 1 && (s[n-1] == '+' || s[n-1] == '-') {
			n--
		}
	}
	return n
}

// text reads a text or bit literal with a prefix of so many bytes.
func (l *lexer) text(prefix int) error {
	start := l.pos
	escapes := prefix == 1 && (l.in[start] == 'e' || l.in[start] == 'E')
	var value strings.Builder
	i := start + prefix + 1
	for {
		if i >= len(l.in) {
			return l.RefuseAt(rewrite.CodeCharacter, start, "a text that doesn't end")
		}
		c := l.in[i]
		if c == '\'' {
			if i+1 < len(l.in) && l.in[i+1] == '\'' {
				value.WriteByte(c)
				i += 2
				continue
			}
			break
		}
		if c == '\\' && escapes {
			n, ok := escape(l.in[i:], &value)
			if !ok {
				return l.RefuseAt(rewrite.CodeCharacter, i, "an escape in a text that is not read here")
			}
			i += n
			continue
		}
		value.WriteByte(c)
		i++
	}
	l.pos = i + 1
	l.Add(rewrite.String, l.in[start:l.pos], value.String(), start, l.gap)
	return l.afterText()
}

// escape reads one escape of an E'…' text. The server has more of them; these are the ones that only yield ASCII, or the
// character itself.
func escape(s string, value *strings.Builder) (int, bool) {
	if len(s) < 2 {
		return 0, false
	}
	switch c := s[1]; c {
	case 'b':
		value.WriteByte('\b')
	case 'f':
		value.WriteByte('\f')
	case 'n':
		value.WriteByte('\n')
	case 'r':
		value.WriteByte('\r')
	case 't':
		value.WriteByte('\t')
	case '\\', '\'', '"', '%', '_', '/', '.', '-':
		value.WriteByte(c)
	default:
		return 0, false
	}
	return 2, true
}

// afterText refuses a text that goes on in another line: the server joins the two, and nobody else expects it.
func (l *lexer) afterText() error {
	end := l.pos
	if err := l.space(); err != nil {
		return err
	}
	if l.pos < len(l.in) && l.in[l.pos] == '\'' {
		return l.RefuseAt(rewrite.CodeConstruct, l.pos, "a text that goes on in a second pair of quotes")
	}
	l.pos = end
	return nil
}

func (l *lexer) quotedName() error {
	start := l.pos
	var value strings.Builder
	for i := start + 1; i < len(l.in); i++ {
		c := l.in[i]
		if c == '"' {
			if i+1 < len(l.in) && l.in[i+1] == '"' {
				i++
			} else {
				if value.Len() == 0 {
					return l.RefuseAt(rewrite.CodeSyntax, start, "an empty name")
				}
				if value.Len() > longestName {
					return l.RefuseAt(rewrite.CodeSize, start, "a name of more than %d bytes, which the server cuts off", longestName)
				}
				l.pos = i + 1
				l.Add(rewrite.Quoted, l.in[start:l.pos], value.String(), start, l.gap)
				return nil
			}
		}
		value.WriteByte(c)
	}
	return l.RefuseAt(rewrite.CodeCharacter, start, "a quoted name that doesn't end")
}

// startsName reports whether s begins with an unquoted name or keyword. The server takes any byte beyond ASCII for a
// letter; only letters are taken here.
func startsName(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return r == '_' || r < utf8.RuneSelf && isLetter(byte(r)) || r >= utf8.RuneSelf && unicode.IsLetter(r)
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }

func nameLength(s string) int {
	for i, r := range s {
		switch {
		case r < utf8.RuneSelf && (isLetter(byte(r)) || isDigit(byte(r)) || r == '_' || r == '$'):
		case r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)):
		default:
			return i
		}
	}
	return len(s)
}

func (l *lexer) name() error {
	start := l.pos
	text := l.in[start : start+nameLength(l.in[start:])]
	if len(text) > longestName {
		return l.RefuseAt(rewrite.CodeSize, start, "a name of more than %d bytes, which the server cuts off", longestName)
	}
	l.pos += len(text)
	l.Add(rewrite.Word, text, fold(text), start, l.gap)
	return nil
}

// fold makes ASCII letters small, as the server does with unquoted names in a UTF-8 database.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + ('a' - 'A')
		}
		return r
	}, name)
}

// number reads a decimal number. Other bases and underscores between digits are younger than some servers, which read
// them as a number and a name after it.
func (l *lexer) number() error {
	start, i := l.pos, l.pos
	digits := func() {
		for i < len(l.in) && isDigit(l.in[i]) {
			i++
		}
	}
	digits()
	if i < len(l.in) && l.in[i] == '.' {
		i++
		digits()
	}
	if i < len(l.in) && (l.in[i] == 'e' || l.in[i] == 'E') {
		j := i + 1
		if j < len(l.in) && (l.in[j] == '+' || l.in[j] == '-') {
			j++
		}
		if j < len(l.in) && isDigit(l.in[j]) {
			i = j
			digits()
		}
	}
	if rest := l.in[i:]; rest != "" && (startsName(rest) || rest[0] == '$' || rest[0] == '.' || rest[0] >= utf8.RuneSelf) {
		return l.RefuseAt(rewrite.CodeSyntax, i, "a number runs into what follows")
	}
	return l.add(rewrite.Number, i-start)
}

// dollar reads a parameter, or a text in dollar quotes.
func (l *lexer) dollar() error {
	start, rest := l.pos, l.in[l.pos:]
	n := 1
	for n < len(rest) && isDigit(rest[n]) {
		n++
	}
	if n > 1 {
		if after := rest[n:]; n > 6 || after != "" && (startsName(after) || after[0] == '$' || after[0] >= utf8.RuneSelf) {
			return l.RefuseAt(rewrite.CodeSyntax, start, "a parameter that runs into what follows, or has too high a number")
		}
		l.Add(rewrite.Variable, rest[:n], rest[:n], start, l.gap)
		l.pos += n
		return nil
	}
	if startsName(rest[1:]) {
		for n < len(rest) && (isLetter(rest[n]) || isDigit(rest[n]) || rest[n] == '_' || rest[n] >= utf8.RuneSelf) {
			n++
		}
	}
	if n == len(rest) || rest[n] != '$' {
		return l.RefuseAt(rewrite.CodeCharacter, start, "a dollar sign that begins no parameter and no quotes")
	}
	tag := rest[:n+1]
	length := strings.Index(rest[n+1:], tag)
	if length < 0 {
		return l.RefuseAt(rewrite.CodeCharacter, start, "a text in dollar quotes that doesn't end")
	}
	value := rest[n+1 : n+1+length]
	l.pos += 2*len(tag) + length
	l.Add(rewrite.String, l.in[start:l.pos], value, start, l.gap)
	return l.afterText()
}
