package tsql

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// lexeme is a token before there is a canonical text. at is where it begins in the original, and gap whether white space or a
// comment came before it.
type lexeme struct {
	kind        rewrite.Kind
	text, value string
	at          int
	gap         bool
}

// lexer cuts a query into tokens. What SQL Server's own lexer would read in more than one way is refused.
type lexer struct {
	source *rewrite.Source
	text   string
	pos    int
	out    []lexeme
}

func lex(source *rewrite.Source) ([]lexeme, error) {
	if !utf8.ValidString(source.Original) {
		return nil, source.RefuseAt(rewrite.CodeCharacter, invalidAt(source.Original), "the query is not valid UTF-8")
	}
	if i := strings.IndexByte(source.Original, 0); i >= 0 {
		return nil, source.RefuseAt(rewrite.CodeCharacter, i, "a NUL character")
	}
	l := lexer{source: source, text: source.Original, out: make([]lexeme, 0, len(source.Original)/4+1)}
	for {
		gap, err := l.gap()
		if err != nil {
			return nil, err
		}
		if l.pos == len(l.text) {
			break
		}
		start := l.pos
		kind, value, err := l.token(gap)
		if err != nil {
			return nil, err
		}
		text := l.text[start:l.pos]
		if kind == rewrite.Operator {
			text = value // one in two pieces has a gap inside
		}
		l.out = append(l.out, lexeme{kind, text, value, start, gap})
	}
	if n := len(l.out); n > 0 && l.out[n-1].kind == rewrite.Semicolon {
		l.out = l.out[:n-1]
	}
	return l.out, nil
}

func invalidAt(s string) int {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				return i
			}
		}
	}
	return 0
}

func (l *lexer) refuse(at int, format string, args ...any) error {
	return l.source.RefuseAt(rewrite.CodeCharacter, at, format, args...)
}

// gap skips white space and comments.
func (l *lexer) gap() (bool, error) {
	start := l.pos
	for l.pos < len(l.text) {
		rest := l.text[l.pos:]
		switch {
		case strings.IndexByte(" \t\r\n", rest[0]) >= 0:
			l.pos++
		case strings.HasPrefix(rest, "--"):
			end := strings.IndexByte(rest, '\n')
			if end < 0 {
				end = len(rest)
			}
			// Whether a lone carriage return ends the comment is read in both ways.
			if cr := strings.IndexByte(rest[:end], '\r'); cr >= 0 && cr != end-1 {
				return false, l.refuse(l.pos+cr, "a carriage return inside a comment")
			}
			l.pos += end
		case strings.HasPrefix(rest, "/*"):
			end := blockComment(rest)
			if end < 0 {
				return false, l.refuse(l.pos, "a comment that is not closed")
			}
			l.pos += end
		default:
			return l.pos > start, nil
		}
	}
	return l.pos > start, nil
}

// blockComment returns where a comment ends. Comments nest
// (https://learn.microsoft.com/en-us/sql/t-sql/language-elements/slash-star-comment-transact-sql).
func blockComment(s string) int {
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
	return -1
}

// operators are the ones of more than one character, longest first.
var operators = []string{"<=", ">=", "<>", "!=", "!<", "!>", "||", "<<", ">>"}

// refusedOperators assign, or join in the way of SQL Server 2000, or name what no query needs.
var refusedOperators = []struct{ text, about string }{
	{"||=", "an assignment"}, {"+=", "an assignment"}, {"-=", "an assignment"}, {"/=", "an assignment"}, {"%=", "an assignment"},
	{"&=", "an assignment"}, {"|=", "an assignment"}, {"^=", "an assignment"},
	{"*=", "an outer join of the old kind"}, {"=*", "an outer join of the old kind"}, {"::", "a method of a type"},
}

func (l *lexer) token(gap bool) (rewrite.Kind, string, error) {
	start, rest := l.pos, l.text[l.pos:]
	switch c := rest[0]; {
	case c == '\'':
		return l.quoted(rewrite.String, 0, '\'')
	case (c == 'N' || c == 'n') && len(rest) > 1 && rest[1] == '\'':
		return l.quoted(rewrite.String, 1, '\'')
	case c == '"':
		return l.quoted(rewrite.Quoted, 0, '"')
	case c == '[':
		return l.quoted(rewrite.Quoted, 0, ']')
	case isDigit(c), c == '.' && len(rest) > 1 && isDigit(rest[1]) && (gap || !l.afterName()):
		return l.number()
	case c == '$':
		return l.dollar()
	case c == ';':
		l.pos++
		return rewrite.Semicolon, ";", nil
	case c == '#':
		return 0, "", l.source.RefuseAt(rewrite.CodeTemporary, start, "a temporary table")
	case strings.HasPrefix(rest, "@@"):
		return 0, "", l.source.RefuseAt(rewrite.CodeFunction, start, "a global variable")
	case strings.HasPrefix(rest, "%%"):
		return 0, "", l.source.RefuseAt(rewrite.CodePseudo, start, "a pseudo column")
	case c == '@':
		l.pos++
		l.word()
		if l.pos == start+1 {
			return 0, "", l.refuse(start, "@ without a name")
		}
		return rewrite.Variable, l.text[start+1 : l.pos], nil
	}
	if r, size := utf8.DecodeRuneInString(rest); strings.ContainsRune(currencies, r) && amount(rest[size:]) {
		return l.money(size)
	} else if r == '_' || isLetter(r) {
		l.word()
		return rewrite.Word, l.text[start:l.pos], nil
	}
	for _, o := range refusedOperators {
		if strings.HasPrefix(rest, o.text) {
			return 0, "", l.source.RefuseAt(rewrite.CodeConstruct, start, "%s", o.about)
		}
	}
	for _, o := range operators {
		if strings.HasPrefix(rest, o) {
			l.pos += len(o)
			return rewrite.Operator, o, nil
		}
	}
	if pieces := strings.TrimLeft(rest[1:], " \t\r\n"); pieces != "" && (rest[0] == '!' || rest[0] == '<' || rest[0] == '>') {
		if o := rest[:1] + pieces[:1]; o != "<<" && o != ">>" && slices.Contains(operators, o) { // SQL Server takes a < > b
			l.pos += len(rest) - len(pieces) + 1
			return rewrite.Operator, o, nil
		}
	}
	if strings.IndexByte("(),.+-*/%=<>&|^~{}:", rest[0]) >= 0 {
		l.pos++
		return rewrite.Operator, rest[:1], nil
	}
	return 0, "", l.refuse(start, "a character that means nothing here")
}

// currencies begin a money constant, as the dollar does
// (https://learn.microsoft.com/en-us/sql/t-sql/data-types/money-and-smallmoney-transact-sql).
const currencies = "¢£¤¥৲৳฿៛₠₡₢₣₤₥₦₧₨₩₪₫€₭₮₯₰₱"

// afterName reports whether the token before can be followed by a dot.
func (l *lexer) afterName() bool {
	if len(l.out) == 0 {
		return false
	}
	last := l.out[len(l.out)-1]
	return last.kind != rewrite.Operator || last.text == ")" || last.text == "."
}

func (l *lexer) word() {
	for l.pos < len(l.text) {
		r, size := utf8.DecodeRuneInString(l.text[l.pos:])
		if r != '_' && r != '@' && r != '$' && r != '#' && !isLetter(r) && !('0' <= r && r <= '9') {
			return
		}
		l.pos += size
	}
}

// quoted reads what stands between quotes, after a prefix of so many bytes. A doubled closing quote is one.
func (l *lexer) quoted(kind rewrite.Kind, prefix int, closing byte) (rewrite.Kind, string, error) {
	start := l.pos
	body := l.text[start+prefix+1:]
	var value strings.Builder
	for {
		end := strings.IndexByte(body, closing)
		if end < 0 {
			return 0, "", l.refuse(start, "a quote that is not closed")
		}
		value.WriteString(body[:end])
		body = body[end+1:]
		if !strings.HasPrefix(body, string(closing)) {
			break
		}
		value.WriteByte(closing)
		body = body[1:]
	}
	l.pos = len(l.text) - len(body)
	text := value.String()
	switch {
	// A backslash before the end of a line takes both out of a literal
	// (https://learn.microsoft.com/en-us/sql/t-sql/language-elements/sql-server-utilities-statements-backslash).
	case kind == rewrite.String && (strings.Contains(text, "\\\n") || strings.Contains(text, "\\\r")):
		return 0, "", l.refuse(start, "a backslash that continues a literal on the next line")
	case kind == rewrite.Quoted && text == "":
		return 0, "", l.refuse(start, "an empty name")
	}
	return kind, text, nil
}

func (l *lexer) digits() int {
	start := l.pos
	for l.pos < len(l.text) && isDigit(l.text[l.pos]) {
		l.pos++
	}
	return l.pos - start
}

func (l *lexer) is(c byte) bool { return l.pos < len(l.text) && l.text[l.pos] == c }

// number reads an integer, a decimal, a real or a binary constant.
func (l *lexer) number() (rewrite.Kind, string, error) {
	start := l.pos
	if rest := l.text[start:]; strings.HasPrefix(rest, "0x") || strings.HasPrefix(rest, "0X") {
		l.pos += 2
		for l.pos < len(l.text) && strings.IndexByte("0123456789abcdefABCDEF", l.text[l.pos]) >= 0 {
			l.pos++
		}
		return l.endNumber(start)
	}
	l.digits()
	if l.is('.') {
		l.pos++
		l.digits()
	}
	if l.is('e') || l.is('E') {
		l.pos++
		if l.is('+') || l.is('-') {
			l.pos++
		}
		if l.digits() == 0 {
			return 0, "", l.refuse(start, "a number without its exponent")
		}
	}
	return l.endNumber(start)
}

// dollar reads a money constant. A word after the sign is a pseudo column.
func (l *lexer) dollar() (rewrite.Kind, string, error) {
	if !amount(l.text[l.pos+1:]) {
		return 0, "", l.source.RefuseAt(rewrite.CodePseudo, l.pos, "a pseudo column")
	}
	return l.money(1)
}

// amount reports whether what follows the sign of a currency is a number: -5, but not --5, which is a comment.
func amount(s string) bool {
	s = strings.TrimPrefix(s, "-")
	return s != "" && isDigit(s[0])
}

// money reads a constant that begins with the sign of a currency, so many bytes long.
func (l *lexer) money(sign int) (rewrite.Kind, string, error) {
	start := l.pos
	if l.pos += sign; l.is('-') {
		l.pos++
	}
	l.digits()
	if l.is('.') {
		l.pos++
		l.digits()
	}
	return l.endNumber(start)
}

// endNumber refuses what would be a name that begins right after a number.
func (l *lexer) endNumber(start int) (rewrite.Kind, string, error) {
	if r, _ := utf8.DecodeRuneInString(l.text[l.pos:]); l.pos < len(l.text) &&
		(strings.ContainsRune("_@$#.'\"[", r) || unicode.IsLetter(r) || unicode.IsDigit(r)) {
		return 0, "", l.refuse(l.pos, "a number that runs into what follows")
	}
	return rewrite.Number, l.text[start:l.pos], nil
}

// isLetter leaves out what is no letter to SQL Server, which knows no characters beyond U+FFFF in unquoted names, and the wide
// forms of ASCII, which some collations hold equal to it.
func isLetter(r rune) bool {
	return unicode.IsLetter(r) && r <= 0xFFFF && (r < 0xFF00 || r > 0xFF60)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
