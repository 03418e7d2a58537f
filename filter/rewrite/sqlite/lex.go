package sqlite

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// token is one token of the original.
type token struct {
	kind        rewrite.Kind
	text, value string
	at          int // where it begins in the original
	gap         bool
	// name and number are an argument's.
	name   string
	number int
}

func (t token) is(keyword string) bool {
	return t.kind == rewrite.Word && strings.EqualFold(t.text, keyword)
}

// scanner splits a text as SQLite's tokenizer does (https://www.sqlite.org/src/file/src/tokenize.c), and refuses what that
// lets pass without need: control characters, spaces that are none, and comments that don't end.
type scanner struct {
	source *rewrite.Source
	sql    string
	at     int
	err    error
}

func lex(source *rewrite.Source) ([]token, error) {
	sql := source.Original
	if len(sql) > rewrite.MaxLength {
		return nil, source.RefuseAt(rewrite.CodeSize, 0, "the query is longer than %d bytes", rewrite.MaxLength)
	}
	if !utf8.ValidString(sql) {
		return nil, source.RefuseAt(rewrite.CodeCharacter, invalid(sql), "this is not UTF-8")
	}
	l := &scanner{source: source, sql: sql}
	tokens := make([]token, 0, len(sql)/4+8)
	for {
		gap := l.space()
		if l.err != nil {
			return nil, l.err
		}
		if l.at == len(sql) {
			return tokens, nil
		}
		start := l.at
		kind, value := l.next()
		if l.err != nil {
			return nil, l.err
		}
		text := sql[start:l.at]
		if value == "" && kind != rewrite.Quoted && kind != rewrite.String {
			value = text
		}
		tokens = append(tokens, token{kind: kind, text: text, value: value, at: start, gap: gap})
	}
}

func invalid(s string) int {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return i
			}
		}
	}
	return 0
}

func (l *scanner) refuse(code rewrite.Code, at int, format string, args ...any) {
	if l.err == nil {
		l.err = l.source.RefuseAt(code, at, format, args...)
	}
}

func (l *scanner) peek(n int) byte {
	if l.at+n < len(l.sql) {
		return l.sql[l.at+n]
	}
	return 0
}

// space passes white space and comments and reports whether there were any.
func (l *scanner) space() bool {
	start := l.at
	for l.at < len(l.sql) {
		rest := l.sql[l.at:]
		switch c := rest[0]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			l.at++
		case strings.HasPrefix(rest, "--"):
			end := strings.IndexByte(rest, '\n')
			if end < 0 {
				end = len(rest)
			}
			l.comment(rest[:end])
			l.at += end
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest[2:], "*/")
			if end < 0 { // SQLite lets it end with the text
				l.refuse(rewrite.CodeCharacter, l.at, "this comment doesn't end")
				return true
			}
			l.comment(rest[:end+4])
			l.at += end + 4
		default:
			return l.at > start
		}
	}
	return l.at > start
}

// comment refuses a NUL, where SQLite's text ends.
func (l *scanner) comment(text string) {
	if i := strings.IndexByte(text, 0); i >= 0 {
		l.refuse(rewrite.CodeCharacter, l.at+i, "a NUL character stands here")
	}
}

// next passes one token. The value is set where it is not the text.
func (l *scanner) next() (rewrite.Kind, string) {
	switch c := l.sql[l.at]; {
	case c == '\'':
		return rewrite.String, l.quoted(c)
	case c == '"' || c == '`':
		return rewrite.Quoted, l.quoted(c)
	case c == '[':
		return rewrite.Quoted, l.bracketed()
	case (c == 'x' || c == 'X') && l.peek(1) == '\'':
		return rewrite.String, l.blob()
	case digit(c) || c == '.' && digit(l.peek(1)):
		l.number()
		return rewrite.Number, ""
	case c == '?' || c == ':' || c == '@' || c == '$':
		l.variable()
		return rewrite.Variable, ""
	case c == ';':
		l.at++
		return rewrite.Semicolon, ""
	case letter(c) || c >= utf8.RuneSelf:
		l.word()
		return rewrite.Word, ""
	}
	return rewrite.Operator, l.operator()
}

// quoted passes a token in quotes that are doubled inside.
func (l *scanner) quoted(q byte) string {
	start, doubled := l.at, false
	for i := start + 1; i < len(l.sql); i++ {
		switch l.sql[i] {
		case 0:
			l.refuse(rewrite.CodeCharacter, i, "a NUL character stands here")
			return ""
		case q:
			if i+1 < len(l.sql) && l.sql[i+1] == q {
				doubled = true
				i++
				continue
			}
			l.at = i + 1
			value := l.sql[start+1 : i]
			if doubled {
				value = strings.ReplaceAll(value, string([]byte{q, q}), string([]byte{q}))
			}
			return value
		}
	}
	l.refuse(rewrite.CodeCharacter, start, "this quote doesn't end")
	return ""
}

func (l *scanner) bracketed() string {
	start := l.at
	end := strings.IndexByte(l.sql[start:], ']')
	if end < 0 {
		l.refuse(rewrite.CodeCharacter, start, "this bracket doesn't end")
		return ""
	}
	l.at = start + end + 1
	value := l.sql[start+1 : start+end]
	if i := strings.IndexByte(value, 0); i >= 0 {
		l.refuse(rewrite.CodeCharacter, start+1+i, "a NUL character stands here")
	}
	return value
}

func (l *scanner) blob() string {
	start := l.at
	l.at += 2
	for hex(l.peek(0)) {
		l.at++
	}
	if l.peek(0) != '\'' || (l.at-start)%2 != 0 {
		l.refuse(rewrite.CodeCharacter, start, "this is no binary literal: x'', with an even number of hexadecimal digits")
		return ""
	}
	l.at++
	return l.sql[start+2 : l.at-1]
}

func (l *scanner) number() {
	start := l.at
	digits := func(is func(byte) bool) {
		for is(l.peek(0)) || l.peek(0) == '_' {
			if l.peek(0) == '_' && !(is(l.peek(1)) && l.at > start && is(l.sql[l.at-1])) {
				l.refuse(rewrite.CodeCharacter, l.at, "an underscore in a number stands between digits")
				return
			}
			l.at++
		}
	}
	if l.peek(0) == '0' && (l.peek(1) == 'x' || l.peek(1) == 'X') && hex(l.peek(2)) {
		l.at += 2
		digits(hex)
	} else {
		digits(digit)
		if l.peek(0) == '.' {
			l.at++
			digits(digit)
		}
		if c := l.peek(0); c == 'e' || c == 'E' {
			sign := 0
			if s := l.peek(1); s == '+' || s == '-' {
				sign = 1
			}
			if digit(l.peek(1 + sign)) {
				l.at += 1 + sign
				digits(digit)
			}
		}
	}
	if l.err == nil && inName(l.peek(0)) {
		l.refuse(rewrite.CodeCharacter, start, "a number runs into a name here")
	}
}

// variable passes ?, ?NNN, :name, @name or $name. SQLite's other forms, for Tcl, are refused.
func (l *scanner) variable() {
	start := l.at
	named := l.sql[start] != '?'
	l.at++
	for named && inName(l.peek(0)) || !named && digit(l.peek(0)) {
		if l.sql[l.at] >= utf8.RuneSelf {
			l.wide()
			continue
		}
		l.at++
	}
	if named && l.at == start+1 {
		l.refuse(rewrite.CodeCharacter, start, "no name follows the mark of a bound argument")
	}
	// The number that takes the name's place must not run into anything.
	if c := l.peek(0); c == '(' || c == ':' || c == '.' || c == '?' || c == '@' || c == '$' || c == '\'' || c == '"' || c == '`' || c == '[' || inName(c) {
		l.refuse(rewrite.CodeParameter, start, "something runs into the bound argument here")
	}
}

func (l *scanner) word() {
	for l.err == nil && inName(l.peek(0)) {
		if l.sql[l.at] >= utf8.RuneSelf {
			l.wide()
			continue
		}
		l.at++
	}
}

// wide passes a character beyond ASCII in a name. SQLite takes them all, spaces and marks of direction too.
func (l *scanner) wide() {
	r, n := utf8.DecodeRuneInString(l.sql[l.at:])
	if !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) {
		l.refuse(rewrite.CodeCharacter, l.at, "the character %U stands outside quotes", r)
	}
	l.at += n
}

var operators = []string{"->>", "->", "||", "<=", ">=", "<>", "!=", "==", "<<", ">>"}

func (l *scanner) operator() string {
	rest := l.sql[l.at:]
	for _, o := range operators {
		if strings.HasPrefix(rest, o) {
			l.at += len(o)
			return o
		}
	}
	if strings.IndexByte("(),.+-*/%<>=&|~", rest[0]) < 0 {
		l.refuse(rewrite.CodeCharacter, l.at, "the character %U stands outside quotes", rune(rest[0]))
	}
	l.at++
	return rest[:1]
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func hex(c byte) bool { return digit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F' }

func letter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' }

func inName(c byte) bool { return letter(c) || digit(c) || c == '$' || c >= utf8.RuneSelf }
