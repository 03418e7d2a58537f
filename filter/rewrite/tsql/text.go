package tsql

import (
	"strings"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// text is the canonical text as the readers look at it.
type text struct {
	*rewrite.Source
	// upper are the words of ASCII in upper case, "" for other tokens: what a keyword is compared with.
	upper []string
	// closing is the index of the closing parenthesis of every opening one.
	closing []int
}

func newText(source *rewrite.Source) *text {
	t := &text{Source: source, upper: make([]string, len(source.Tokens)), closing: make([]int, len(source.Tokens))}
	for i, token := range source.Tokens {
		// ToUpper makes letters of ASCII of others, such as the long s; a word with such a one is no keyword.
		if token.Kind == rewrite.Word && plain(token.Value) {
			t.upper[i] = strings.ToUpper(token.Value)
		}
	}
	return t
}

// refuse ends the reading.
func (t *text) refuse(code rewrite.Code, token int, format string, args ...any) {
	panic(refusal{t.Refuse(code, t.span(token, token+1), format, args...)})
}

// span is the text of the tokens from first to before end.
func (t *text) span(first, end int) rewrite.Span {
	if first >= len(t.Tokens) {
		return rewrite.Span{Start: len(t.Text), End: len(t.Text)}
	}
	return rewrite.Span{Start: t.Tokens[first].Span.Start, End: t.Tokens[max(first, min(end, len(t.Tokens))-1)].Span.End}
}

// is reports whether a token is one of the operators or unquoted words, the latter in upper case.
func (t *text) is(token int, any ...string) bool {
	if token < 0 || token >= len(t.Tokens) {
		return false
	}
	text := t.upper[token]
	if text == "" {
		if k := t.Tokens[token].Kind; k != rewrite.Operator && k != rewrite.Semicolon {
			return false
		}
		text = t.Tokens[token].Value
	}
	for _, a := range any {
		if a == text {
			return true
		}
	}
	return false
}

func (t *text) kind(token int, kind rewrite.Kind) bool {
	return token >= 0 && token < len(t.Tokens) && t.Tokens[token].Kind == kind
}

// upperAt is a word of ASCII in upper case, or "".
func (t *text) upperAt(token int) string {
	if token < 0 || token >= len(t.Tokens) {
		return ""
	}
	return t.upper[token]
}

// isName reports whether a token can be a name where it stands: quoted, or a word that is not reserved.
func (t *text) isName(token int) bool {
	return t.kind(token, rewrite.Quoted) || t.kind(token, rewrite.Word) && !reserved[t.upper[token]]
}

// keyword reports whether a word is not a part of a qualified name.
func (t *text) keyword(token int) bool { return t.kind(token, rewrite.Word) && !t.is(token-1, ".") }

// guard refuses what isn't one SELECT by its words, and what would take either reader too deep.
func (t *text) guard() {
	t.begins()
	var open []int
	signs, cases := 0, 0
	for i := range t.Tokens {
		switch {
		case t.is(i, ";"):
			t.refuse(rewrite.CodeStatements, i, "more than one statement")
		case t.is(i, "("):
			open = append(open, i)
		case t.is(i, ")"):
			if len(open) == 0 {
				t.refuse(rewrite.CodeSyntax, i, "a parenthesis that was not opened")
			}
			t.closing[open[len(open)-1]] = i
			open = open[:len(open)-1]
		case t.is(i, "CASE"):
			cases++
		case t.is(i, "END"):
			cases = max(0, cases-1)
		case i > 0 && t.keyword(i) && statementWords[t.upper[i]] != "":
			t.refuse(statementWords[t.upper[i]], i, "%s inside a SELECT", t.upper[i])
		}
		if t.is(i, "NOT", "+", "-", "~") {
			signs++
		} else if !t.is(i, "(") {
			signs = 0
		}
		if len(open)+cases+signs > rewrite.MaxDepth {
			t.refuse(rewrite.CodeSize, i, "the query is nested deeper than %d", rewrite.MaxDepth)
		}
	}
	if len(open) > 0 {
		t.refuse(rewrite.CodeSyntax, open[len(open)-1], "a parenthesis that is not closed")
	}
}

// begins refuses what isn't a SELECT by its first word.
func (t *text) begins() {
	first := 0
	for t.is(first, "(") {
		first++
	}
	switch {
	case t.is(first, "SELECT"):
	case first == 0 && t.is(0, "WITH"):
	case statementWords[t.upperAt(first)] == rewrite.CodeWrites, t.is(first, "MERGE"):
		t.refuse(rewrite.CodeWrites, first, "%s is not a SELECT", t.upper[first])
	case t.upperAt(first) != "":
		t.refuse(rewrite.CodeNotSelect, first, "%s doesn't begin a SELECT", t.upper[first])
	default:
		t.refuse(rewrite.CodeNotSelect, min(first, len(t.Tokens)-1), "not a SELECT")
	}
}
