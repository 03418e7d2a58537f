package sqlserver

import (
	"strings"
	"unicode/utf16"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

// supplementary makes LEN and SUBSTRING count code points, where other collations count UTF-16's units, of which a character
// beyond U+FFFF has two (https://learn.microsoft.com/en-us/sql/relational-databases/collations/collation-and-unicode-support,
// "Supplementary characters").
const supplementary = " COLLATE Latin1_General_100_CI_AS_SC"

// withoutSupplementary is a statement for a server that has no such collation, and whose functions count code points without
// it. Whoever calls it has seen that LEN(NCHAR(0xD83D) + NCHAR(0xDE00)) is 1 there.
func withoutSupplementary(statement string) string {
	return strings.ReplaceAll(statement, supplementary, "")
}

// unicodeText is any text expression, of the older types text and ntext too, as Unicode without a limit.
func unicodeText(expression string) string {
	return "CONVERT(nvarchar(max), " + expression + ")" + supplementary
}

// Compare is left = right. Columns of different collations don't compare at all, and [Dialect.Comparable] refuses such pairs.
func (Dialect) Compare(left, right string) string { return left + " = " + right }

// Length counts code points. LEN alone leaves trailing spaces out.
func (Dialect) Length(text string) string { return "(LEN(" + unicodeText(text) + " + N'.') - 1)" }

// Substring takes count code points from start. A count below zero is an error of the server's own.
func (Dialect) Substring(text, start, count string) string {
	if count == "" || strings.Trim(count, "0123456789") != "" {
		count = "CASE WHEN " + count + " > 0 THEN " + count + " ELSE 0 END"
	}
	return "SUBSTRING(" + unicodeText(text) + ", " + start + ", " + count + ")"
}

// Repeat repeats a character, which is given as it is.
func (Dialect) Repeat(character, count string) string {
	return "REPLICATE(CONVERT(nvarchar(max), " + text(character, false) + "), " + count + ")"
}

// Concat joins texts.
func (Dialect) Concat(texts ...string) string {
	if len(texts) == 0 {
		return "N''"
	}
	return "(" + strings.Join(texts, " + ") + ")"
}

// maxPattern is how long a LIKE pattern can be: 8,000 bytes.
const maxPattern = 4000

// Like writes the pattern as Unicode, so that trailing spaces count
// (https://learn.microsoft.com/en-us/sql/t-sql/language-elements/like-transact-sql, "Pattern matching by using LIKE"). In the
// map's pattern % is any text, _ any character, and a backslash takes the next character as it is. To a column whose
// collation doesn't know supplementary characters, such a one is two characters for _.
func (d Dialect) Like(operand, pattern string, t value.Type) (string, error) {
	if t.Kind != value.String {
		return "", failure(codeLike, diag.Misuse, "compare with =, or with BETWEEN", nil, "LIKE needs a column of text, not of kind %s", t.Kind)
	}
	var b strings.Builder
	escaped := false
	for _, r := range pattern {
		switch {
		case r == 0:
			return "", failure(codeLike, diag.Misuse, "leave the NUL character out", nil, "a LIKE pattern holds a NUL character")
		case !escaped && r == '\\':
			escaped = true
			continue
		case !escaped && (r == '%' || r == '_'):
		case strings.ContainsRune(`%_[]^-\`, r):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		escaped = false
	}
	if escaped {
		return "", failure(codeLike, diag.Misuse, `write \\ for one backslash`, nil, "a LIKE pattern ends in a lone backslash")
	}
	if len(utf16.Encode([]rune(b.String()))) > maxPattern {
		return "", failure(codeLike, diag.Misuse, "write a shorter pattern", nil, "a LIKE pattern has more than %d characters", maxPattern)
	}
	return operand + " LIKE " + text(b.String(), false) + ` ESCAPE N'\'`, nil
}
