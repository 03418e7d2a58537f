package sqlserver

import "strings"

// pieces cuts an expression where quotes begin and end: '…', "…" and […], in which a doubled closing quote stands for
// itself. ok is false where a quote has no end.
func pieces(expression string) (parts []piece, ok bool) {
	closing := map[byte]byte{'\'': '\'', '"': '"', '[': ']'}
	start := 0
	for i := 0; i < len(expression); i++ {
		end, quoted := closing[expression[i]]
		if !quoted {
			continue
		}
		if i > start {
			parts = append(parts, piece{text: expression[start:i]})
		}
		var content strings.Builder
		j := i + 1
		for ; ; j++ {
			if j >= len(expression) {
				return parts, false
			}
			if expression[j] == end {
				if j+1 >= len(expression) || expression[j+1] != end {
					break
				}
				j++
			}
			content.WriteByte(expression[j])
		}
		parts = append(parts, piece{text: expression[i : j+1], quote: expression[i], content: content.String()})
		i, start = j, j+1
	}
	if start < len(expression) {
		parts = append(parts, piece{text: expression[start:]})
	}
	return parts, true
}

// piece is text as it stands; content is what a quoted one holds.
type piece struct {
	text, content string
	quote         byte // 0 where not quoted
}

// isExpression reports whether the text can stand where one expression, or the rest of one statement, is expected: quotes and
// parentheses close, and nothing ends the statement or hides what follows.
func isExpression(s string) bool {
	parts, ok := pieces(s)
	depth := 0
	for _, p := range parts {
		if p.quote != 0 {
			continue
		}
		if strings.ContainsAny(p.text, ";]\x00") || strings.Contains(p.text, "--") || strings.Contains(p.text, "/*") {
			return false
		}
		for _, r := range p.text {
			switch r {
			case '(':
				depth++
			case ')':
				depth--
			}
			if depth < 0 {
				return false
			}
		}
	}
	return ok && depth == 0 && strings.TrimSpace(s) != ""
}

// unwrapped is an expression without the parentheses around the whole of it, which the server adds.
func unwrapped(s string) string {
	for strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") && isExpression(s[1:len(s)-1]) {
		s = s[1 : len(s)-1]
	}
	return s
}
