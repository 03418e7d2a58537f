package filter

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/rewrite"
)

// scriptToken is one token of a script. text is as written; same is what two spellings of one token have in common.
type scriptToken struct {
	kind       rewrite.Kind
	text, same string
	at         int  // where it begins in the file
	gap        bool // white space or a comment came before it
	command    bool // a line of the client's own
}

// is reports whether the token is one of some keywords or signs.
func (t scriptToken) is(words ...string) bool {
	if t.kind == rewrite.Quoted || t.kind == rewrite.String || t.command {
		return false
	}
	for _, w := range words {
		if t.same == w {
			return true
		}
	}
	return false
}

func (t scriptToken) name() bool { return t.kind == rewrite.Word || t.kind == rewrite.Quoted }

// value is a name without its quotes.
func (t scriptToken) value() string {
	if t.kind != rewrite.Quoted {
		return t.text
	}
	closing := t.text[len(t.text)-1:]
	return strings.ReplaceAll(t.text[1:len(t.text)-1], closing+closing, closing)
}

// scriptClient is how an engine's own client takes a script apart, before the server sees anything of it.
type scriptClient struct {
	// nested is set where comments nest, brackets where […] is a name, twice where ]] in it is one bracket, ticks where `…` is a
	// name, dollars where $tag$…$tag$ is a text, escapes where E'…' has backslashes.
	nested, brackets, twice, ticks, dollars, escapes bool
	// words are characters beside letters, digits and _ that names are made of.
	words string
	// variables begins what the client replaces wherever it stands; "" where there is nothing that looks like a comment's text.
	variables string
	// mark lets a file begin with a byte order mark.
	mark bool
	// command finds a line of the client's own at a place outside quotes and comments. pending tells that a statement has begun.
	command func(rest string, lineStart, pending bool) (length int, ok bool)
	// suspicious says of a line that some client may take it for a command, though it stands where it should be none.
	suspicious func(line string, in lineIn) bool
	// batches is set where statements are taken together, up to a line of the client's own.
	batches bool
}

// lineIn says what a line begins in.
type lineIn uint8

const (
	inStatements lineIn = iota
	inComment
	inQuotes
)

// scriptLexer takes a script apart. Where two clients could disagree about what a character means, it is refused.
type scriptLexer struct {
	*scriptClient
	*rewrite.Source
	in      string
	pos     int
	gap     bool
	block   bool // a comment in /* */ came since the last token
	out     []scriptToken
	pending bool
	found   diag.List
}

func (c *scriptClient) lex(file, text string) ([]scriptToken, diag.List) {
	l := &scriptLexer{scriptClient: c, Source: rewrite.NewSource(text), in: text}
	l.File = file
	l.run()
	return l.out, l.found
}

func (l *scriptLexer) refuse(code rewrite.Code, at int, format string, args ...any) {
	if len(l.found) == 0 {
		list, _ := l.RefuseAt(code, at, format, args...).(diag.List)
		l.found = list
	}
}

func (l *scriptLexer) run() {
	if len(l.in) > maxScript {
		l.refuse(rewrite.CodeSize, 0, "the script is longer than %d bytes", maxScript)
		return
	}
	for i, r := range l.in {
		if r == 0 {
			l.refuse(rewrite.CodeCharacter, i, "a NUL character")
			return
		}
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(l.in[i:]); n == 1 {
				l.refuse(rewrite.CodeCharacter, i, "a byte that is no UTF-8")
				return
			}
		}
	}
	if l.mark && strings.HasPrefix(l.in, "\ufeff") {
		l.pos = len("\ufeff")
	}
	for len(l.found) == 0 {
		l.space()
		if len(l.found) > 0 || l.pos == len(l.in) {
			return
		}
		l.token()
	}
}

// lineStart reports whether nothing comes before a place on its line, not even a blank.
func (l *scriptLexer) lineStart(at int) bool {
	return at == 0 || l.in[at-1] == '\n' || l.mark && at == len("\ufeff") && strings.HasPrefix(l.in, "\ufeff")
}

func (l *scriptLexer) space() {
	l.gap, l.block = false, false
	for l.pos < len(l.in) && len(l.found) == 0 {
		rest := l.in[l.pos:]
		switch {
		case rest[0] == '\r' && !strings.HasPrefix(rest, "\r\n"):
			l.refuse(rewrite.CodeCharacter, l.pos, "a carriage return that ends no line")
		case strings.IndexByte(" \t\r\n", rest[0]) >= 0:
			if l.lineStart(l.pos) {
				l.line(l.pos, inStatements)
			}
			l.pos++
		case strings.HasPrefix(rest, "--"):
			n := strings.IndexByte(rest, '\n')
			if n < 0 {
				n = len(rest)
			}
			l.comment(rest[:n])
		case strings.HasPrefix(rest, "/*"):
			n := l.commentLength(rest)
			if n == 0 {
				l.refuse(rewrite.CodeCharacter, l.pos, "a comment that doesn't end")
				return
			}
			l.comment(rest[:n])
			l.block = true
		default:
			return
		}
		l.gap = true
	}
}

func (l *scriptLexer) commentLength(s string) int {
	if !l.nested {
		if i := strings.Index(s[2:], "*/"); i >= 0 {
			return i + 4
		}
		return 0
	}
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

// comment passes a comment, and refuses in it what shows people another text than the client reads, or ends a line for some.
func (l *scriptLexer) comment(text string) {
	for i, r := range text {
		switch {
		case r == '\r' && strings.HasPrefix(text[i:], "\r\n"), r == '\r' && l.pos+i+1 == len(l.in), r == '\r' && l.in[l.pos+i+1] == '\n':
		case r < ' ' && r != '\t' && r != '\n', r == 0x7f, r == 0x85, r == 0x2028, r == 0x2029, turns(r), r == '\ufeff':
			l.refuse(rewrite.CodeCharacter, l.pos+i, "the character %U stands in a comment", r)
			return
		case l.variables != "" && strings.HasPrefix(text[i:], l.variables):
			l.refuse(rewrite.CodeScriptClient, l.pos+i, "a variable of the client's in a comment")
			return
		}
	}
	l.lines(text, inComment)
	l.pos += len(text)
}

// turns reports whether a character changes the direction in which people see text.
func turns(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f || r == 0x061c
}

// lines looks at every line that begins inside a comment or quotes.
func (l *scriptLexer) lines(text string, in lineIn) {
	for i := range len(text) {
		if text[i] == '\n' {
			l.line(l.pos+i+1, in)
		}
	}
}

// line looks at the line that begins at a place.
func (l *scriptLexer) line(at int, in lineIn) {
	line, _, _ := strings.Cut(l.in[at:], "\n")
	if l.suspicious != nil && l.suspicious(strings.TrimRight(line, " \t\r"), in) {
		l.refuse(rewrite.CodeScriptClient, at, "a line that the client may take for a command")
	}
}

func (l *scriptLexer) add(kind rewrite.Kind, length int) {
	text := l.in[l.pos : l.pos+length]
	same := text
	if kind == rewrite.Word || kind == rewrite.Number {
		same = asciiUpper(text)
	}
	if kind == rewrite.Quoted || kind == rewrite.String {
		l.lines(text, inQuotes)
	}
	l.out = append(l.out, scriptToken{kind: kind, text: text, same: same, at: l.pos, gap: l.gap})
	l.pending = kind != rewrite.Semicolon
	l.pos += length
}

func asciiUpper(s string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			return r - ('a' - 'A')
		}
		return r
	}, s)
}

// scriptOperators are characters of which as many as stand together are one token.
const scriptOperators = "~!@#^&|?+-*/%<>="

func (l *scriptLexer) token() {
	rest := l.in[l.pos:]
	start := l.lineStart(l.pos)
	if l.command != nil {
		if n, ok := l.command(rest, start, l.pending); ok {
			if l.block && !l.nested {
				l.refuse(rewrite.CodeScriptClient, l.pos, "a comment before a command of the client's: write it with -- in lines of its own")
				return
			}
			text := strings.TrimRight(rest[:n], " \t")
			l.out = append(l.out, scriptToken{text: text, same: text, at: l.pos, gap: l.gap, command: true})
			l.pos += n
			l.pending = false
			return
		}
	}
	if start {
		l.line(l.pos, inStatements)
	}
	c := rest[0]
	r, _ := utf8.DecodeRuneInString(rest)
	switch {
	case c == '\'':
		l.quoted(rewrite.String, 0, '\'', false)
	case c == '"':
		l.quoted(rewrite.Quoted, 0, '"', false)
	case c == '`' && l.ticks:
		l.quoted(rewrite.Quoted, 0, '`', false)
	case c == '[' && l.brackets:
		l.bracketed()
	case len(rest) > 1 && rest[1] == '\'' && strings.IndexByte("eEbBxXnN", c) >= 0:
		l.quoted(rewrite.String, 1, '\'', l.escapes && (c == 'e' || c == 'E'))
	case c == '$' && l.dollars && dollarTag(rest) > 0:
		n := dollarTag(rest)
		end := strings.Index(rest[n:], rest[:n])
		if end < 0 {
			l.refuse(rewrite.CodeCharacter, l.pos, "a text in dollar quotes that doesn't end")
			return
		}
		l.add(rewrite.String, 2*n+end)
	case '0' <= c && c <= '9', c == '.' && len(rest) > 1 && '0' <= rest[1] && rest[1] <= '9':
		l.add(rewrite.Number, numberLength(rest))
	case l.inName(r) && c != '$':
		n := 0
		for n < len(rest) {
			r, size := utf8.DecodeRuneInString(rest[n:])
			if !l.inName(r) {
				break
			}
			n += size
		}
		l.add(rewrite.Word, n)
	case c == ';':
		l.add(rewrite.Semicolon, 1)
	case strings.HasPrefix(rest, "::"):
		l.add(rewrite.Operator, 2)
	case strings.IndexByte("(),.[]{}:$\\", c) >= 0:
		l.add(rewrite.Operator, 1)
	case strings.IndexByte(scriptOperators, c) >= 0:
		n := 1
		for n < len(rest) && strings.IndexByte(scriptOperators, rest[n]) >= 0 && !strings.HasPrefix(rest[n:], "--") && !strings.HasPrefix(rest[n:], "/*") {
			n++
		}
		l.add(rewrite.Operator, n)
	default:
		l.refuse(rewrite.CodeCharacter, l.pos, "the character %U stands outside quotes", r)
	}
}

func (l *scriptLexer) inName(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune(l.words, r)
	}
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)
}

// numberLength takes in whatever letters stand next to digits, so that no space is lost or gained by comparing.
func numberLength(s string) int {
	n := 0
	for n < len(s) {
		c := s[n]
		sign := (c == '+' || c == '-') && n > 0 && (s[n-1] == 'e' || s[n-1] == 'E') && !strings.HasPrefix(asciiUpper(s), "0X") && !strings.HasPrefix(s[n:], "--")
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c == '.' || sign) {
			break
		}
		n++
	}
	return n
}

// dollarTag is the length of the opening dollar quote that s begins with, or 0.
func dollarTag(s string) int {
	for i := 1; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '$':
			return i + 1
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_', c >= utf8.RuneSelf, i > 1 && '0' <= c && c <= '9':
		default:
			return 0
		}
	}
	return 0
}

// quoted passes a text or name in quotes, after a prefix of so many bytes.
func (l *scriptLexer) quoted(kind rewrite.Kind, prefix int, quote byte, escapes bool) {
	for i := l.pos + prefix + 1; i < len(l.in); i++ {
		switch {
		case escapes && l.in[i] == '\\':
			i++
		case l.in[i] == quote && i+1 < len(l.in) && l.in[i+1] == quote:
			i++
		case l.in[i] == quote:
			l.add(kind, i+1-l.pos)
			return
		}
	}
	l.refuse(rewrite.CodeCharacter, l.pos, "a quote that doesn't end")
}

func (l *scriptLexer) bracketed() {
	for i := l.pos + 1; i < len(l.in); i++ {
		if l.in[i] != ']' {
			continue
		}
		if l.twice && i+1 < len(l.in) && l.in[i+1] == ']' {
			i++
			continue
		}
		l.add(rewrite.Quoted, i+1-l.pos)
		return
	}
	l.refuse(rewrite.CodeCharacter, l.pos, "a bracket that doesn't end")
}
