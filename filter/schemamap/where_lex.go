package schemamap

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/utdrag/utdrag/mask/value"
)

// tokenKind is what a token of a condition is.
type tokenKind uint8

const (
	tokenColumn tokenKind = iota // a name, quoted or not
	tokenText
	tokenNumber
	tokenTruth // TRUE, FALSE
	tokenKeyword
	tokenCompare
	tokenOpen
	tokenClose
	tokenComma
	tokenMinus // before a number; the guard makes it part of that
)

// token is a piece of a condition. start and end are byte offsets in its text.
type token struct {
	kind       tokenKind
	word       string // a keyword in capitals, a comparison, a bracket; a column's name; a number's digits
	value      value.Value
	start, end int
}

// keywords are the words that the language has.
var keywords = map[string]bool{
	"AND": true, "OR": true, "NOT": true, "IN": true, "BETWEEN": true, "LIKE": true, "IS": true, "NULL": true,
}

// reserved are words of SQL that mean something else than a column where they stand bare, here or in some engine.
var reserved = wordSet(`ALL ANY AS ASC BINARY BY CASE CAST COLLATE CONVERT CROSS CURRENT_DATE CURRENT_TIME
	CURRENT_TIMESTAMP CURRENT_USER DEFAULT DELETE DESC DISTINCT DIV DROP ELSE ESCAPE EXCEPT EXISTS FETCH FOR FROM GLOB
	GROUP HAVING ILIKE INSERT INTERSECT INTERVAL INTO ISNULL JOIN LATERAL LIMIT LOCALTIME LOCALTIMESTAMP MATCH MEMBER MOD
	NOTNULL OFFSET ON ORDER OVER OVERLAPS PROCEDURE REGEXP RETURNING RLIKE ROW SELECT SESSION_USER SIMILAR SOME SOUNDS
	SYSTEM_USER TABLE THEN UNION UNIQUE UNKNOWN UPDATE USER USING VALUES WHEN WHERE WINDOW WITH XOR`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

const languageAdvice = "the language has =, <>, <, <=, >, >=, AND, OR, NOT, IN, BETWEEN, LIKE, IS NULL, literals and columns"

// lex splits the text. It stops at the first character that the language doesn't have.
func (w *whereReader) lex() {
	text := w.text.text
	for at := 0; at < len(text) && !w.failed; {
		c, n := utf8.DecodeRuneInString(text[at:])
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			at += n
		case strings.HasPrefix(text[at:], "--"), c == '#', strings.HasPrefix(text[at:], "/*"), strings.HasPrefix(text[at:], "*/"):
			w.refuse(CodeWhereCharacter, at, at+n, "a comment in a condition", "write it as a comment of the map; for - -1 write 1")
		case c == '_' || unicode.IsLetter(c):
			at = w.lexWord(at)
		case c >= '0' && c <= '9':
			at = w.lexNumber(at)
		case c == '\'':
			at = w.lexText(at)
		case c == '"':
			at = w.lexQuoted(at)
		case c == '(':
			at = w.push(tokenOpen, "(", at, at+1)
		case c == ')':
			at = w.push(tokenClose, ")", at, at+1)
		case c == ',':
			at = w.push(tokenComma, ",", at, at+1)
		case c == '-':
			at = w.push(tokenMinus, "-", at, at+1)
		case strings.ContainsRune(operatorCharacters, c):
			at = w.lexOperator(at)
		default:
			w.refuseCharacter(at, c, n)
		}
	}
}

func (w *whereReader) push(kind tokenKind, word string, start, end int) int {
	w.tokens = append(w.tokens, token{kind: kind, word: word, start: start, end: end})
	return end
}

func (w *whereReader) refuseCharacter(at int, c rune, n int) {
	summary, advice := fmt.Sprintf("the character %q in a condition", c), languageAdvice
	switch c {
	case ';':
		advice = "a condition is one expression; remove it"
	case '`', '[', ']':
		advice = `quote a column's name with double quotes: "Name"`
	case '@', '?', ':', '$':
		summary, advice = "a variable or parameter in a condition", "write the value as a literal"
	case '\\':
		advice = "a backslash has its place in the pattern of LIKE only"
	case '.':
		summary, advice = "a point in a condition", "write a column without its table, and 0.5 for .5"
	default:
		if unicode.IsControl(c) || unicode.IsSpace(c) || unicode.Is(unicode.Cf, c) || c == utf8.RuneError {
			summary, advice = fmt.Sprintf("the character %U in a condition", c), "write plain spaces and line breaks"
		}
	}
	w.refuse(CodeWhereCharacter, at, at+n, summary, advice)
}

const operatorCharacters = "=<>!|&^~*/%+"

func (w *whereReader) lexOperator(at int) int {
	text := w.text.text
	end := at
	for end < len(text) && strings.IndexByte(operatorCharacters, text[end]) >= 0 && !strings.HasPrefix(text[end:], "/*") {
		end++
	}
	switch word := text[at:end]; word {
	case "=", "<>", "<", "<=", ">", ">=":
		return w.push(tokenCompare, word, at, end)
	case "!=":
		return w.push(tokenCompare, "<>", at, end)
	case "<=>":
		w.refuse(CodeWhereConstruct, at, end, "the operator <=> in a condition", "write = and IS NULL")
	default:
		w.refuse(CodeWhereConstruct, at, end, fmt.Sprintf("the operator %s in a condition", word), languageAdvice)
	}
	return end
}

func (w *whereReader) lexWord(at int) int {
	text := w.text.text
	end := at
	for end < len(text) {
		c, n := utf8.DecodeRuneInString(text[end:])
		if c != '_' && !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.IsMark(c) {
			break
		}
		end += n
	}
	word := text[at:end]
	switch upper := asciiUpper(word); {
	case keywords[upper]:
		return w.push(tokenKeyword, upper, at, end)
	case upper == "TRUE" || upper == "FALSE":
		w.push(tokenTruth, upper, at, end)
		w.tokens[len(w.tokens)-1].value = value.NewBool(upper == "TRUE")
		return end
	case reserved[upper]:
		w.refuse(CodeWhereConstruct, at, end, fmt.Sprintf("%s in a condition", upper),
			fmt.Sprintf("%s; a column of that name is written %q", languageAdvice, word))
		return end
	}
	return w.push(tokenColumn, word, at, end)
}

// asciiUpper is strings.ToUpper for A to Z only: 'ı' is not I.
func asciiUpper(s string) string {
	return strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' {
			return c - 'a' + 'A'
		}
		return c
	}, s)
}

func (w *whereReader) lexNumber(at int) int {
	text := w.text.text
	end := at
	for end < len(text) {
		c, n := utf8.DecodeRuneInString(text[end:])
		if c != '.' && c != '_' && !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.IsMark(c) {
			break
		}
		end += n
	}
	digits := text[at:end]
	if strings.Trim(digits, "0123456789.") != "" {
		w.refuse(CodeWhereNumber, at, end, "the number has letters in it",
			`write the digits out, without exponent, 0x or 0b; a column whose name begins with a digit is written "1a"`)
		return end
	}
	if _, problem := number(digits, false); problem != "" && problem != "does not fit in 64 bits" {
		w.refuse(CodeWhereNumber, at, end, "the number "+problem, "write the digits out, at most 38, or a text in quotes")
		return end
	}
	return w.push(tokenNumber, digits, at, end) // the guard settles sign and size
}

// lexText reads 'text', in which two single quotes are one.
func (w *whereReader) lexText(at int) int {
	text := w.text.text
	var b strings.Builder
	for i := at + 1; i < len(text); i++ {
		if text[i] != '\'' {
			b.WriteByte(text[i])
			continue
		}
		if i+1 < len(text) && text[i+1] == '\'' {
			b.WriteByte('\'')
			i++
			continue
		}
		content := b.String()
		if strings.ContainsFunc(content, unicode.IsControl) {
			w.refuse(CodeWhereCharacter, at, i+1, "a control character in a text", "write the text without")
			return i + 1
		}
		w.push(tokenText, "", at, i+1)
		w.tokens[len(w.tokens)-1].value = value.NewText(content)
		return i + 1
	}
	w.refuse(CodeWhereSyntax, at, at+1, "the text is not closed", "write '…', and two single quotes for one inside it")
	return len(text)
}

// lexQuoted reads "Column".
func (w *whereReader) lexQuoted(at int) int {
	name, after, problem := quotedPart(w.text.text[at+1:], '"')
	end := len(w.text.text) - len(after)
	switch {
	case problem != "":
		w.refuse(CodeWhereSyntax, at, at+1, "the name is not closed", `write "Column"`)
		return len(w.text.text)
	case strings.TrimSpace(name) == "":
		w.refuse(CodeWhereSyntax, at, end, "the column's name is empty", `write "Column"`)
	case badCharacter(name, "") >= 0:
		w.refuse(CodeWhereCharacter, at, end, "a control character in a column's name", "write the name without")
	}
	return w.push(tokenColumn, name, at, end)
}
