package schemamap

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
)

// ParseTableName reads a table's name as maps and command lines write it: schema.Table or Table. A part that holds a
// dot, bracket or quote, or begins or ends with a space, stands in brackets with ]] for a ] in it, or in double
// quotes with "" for a quote in it. schema is "" where none is written. The error is a [diag.Error] of class Misuse.
func ParseTableName(text string) (schema, table string, err error) {
	var parts []string
	rest := text
	for {
		part, after, problem := tablePart(rest)
		if problem != "" {
			return "", "", tableNameError(text, problem)
		}
		parts = append(parts, part)
		if after == "" {
			break
		}
		if after[0] != '.' {
			return "", "", tableNameError(text, "text follows a quoted part")
		}
		rest = after[1:]
	}
	switch len(parts) {
	case 1:
		return "", parts[0], nil
	case 2:
		return parts[0], parts[1], nil
	}
	return "", "", tableNameError(text, fmt.Sprintf("%d parts; a name has a schema and a table, or a table only", len(parts)))
}

// tablePart takes one part off text. after is what follows it.
func tablePart(text string) (part, after, problem string) {
	if text == "" || text[0] == '.' {
		return "", "", "a part is empty"
	}
	switch text[0] {
	case '[':
		part, after, problem = quotedPart(text[1:], ']')
	case '"':
		part, after, problem = quotedPart(text[1:], '"')
	default:
		end := strings.IndexByte(text, '.')
		if end < 0 {
			end = len(text)
		}
		part, after = text[:end], text[end:]
		if strings.ContainsAny(part, `[]"`) {
			problem = "a bracket or quote inside an unquoted part"
		} else if strings.TrimSpace(part) != part {
			problem = "a space at the edge of an unquoted part"
		}
	}
	switch {
	case problem != "":
	case strings.TrimSpace(part) == "":
		problem = "a part is empty"
	case badCharacter(part, "") >= 0:
		problem = "a control character"
	}
	return part, after, problem
}

// quotedPart reads up to the closing quote, which stands doubled where it is meant.
func quotedPart(text string, quote byte) (part, after, problem string) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != quote {
			b.WriteByte(text[i])
			continue
		}
		if i+1 < len(text) && text[i+1] == quote {
			b.WriteByte(quote)
			i++
			continue
		}
		return b.String(), text[i+1:], ""
	}
	return "", "", "a quote is not closed"
}

func tableNameError(text, problem string) error {
	return &diag.Error{
		Code: CodeTableName, Class: diag.Misuse,
		Message: fmt.Sprintf("table name %q: %s", text, problem),
		Advice:  `write schema.Table, or [a.b].Table where a part holds a dot`,
	}
}

// badCharacter returns the offset of the first character that has no business in a name or sentence, or -1: control
// characters other than those allowed, broken UTF-8, and what makes an editor show another order than the text's.
func badCharacter(s, allowed string) int {
	for i, c := range s {
		switch {
		case strings.ContainsRune(allowed, c):
		case unicode.IsControl(c), c == utf8.RuneError, c == '\u2028', c == '\u2029', unicode.Is(unicode.Bidi_Control, c):
			return i
		}
	}
	return -1
}

// String is the name as [ParseTableName] reads it.
func (n TableName) String() string { return catalog.Name{Schema: n.Schema, Table: n.Table}.String() }

func (n TableName) key() string { return n.Schema + "\x00" + n.Table }
