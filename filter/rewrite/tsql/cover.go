package tsql

import "github.com/utdrag/utdrag/filter/rewrite"

// cover demands that every token was accounted for: names, literals and parameters by the tree or the scanner, other words as
// words of the grammar where they stand, and every parenthesis as one that follows something which takes one.
func (w *walker) cover() {
	calls := map[string]int{}
	for i, token := range w.Tokens {
		switch token.Kind {
		case rewrite.Operator:
			if token.Value == "(" && !w.covered[i] {
				w.opened(i, calls)
			}
		case rewrite.Word:
			if !w.covered[i] && !w.grammar(i) {
				w.refuse(rewrite.CodeUnaccounted, i, "what this word does here was not understood")
			}
		case rewrite.Semicolon:
		default:
			if !w.covered[i] {
				w.refuse(rewrite.CodeUnaccounted, i, "what this does here was not understood")
			}
		}
	}
	for name := range special {
		if calls[name] != w.seen[name] {
			w.refuse(rewrite.CodeUnaccounted, 0, "%s was read in two ways", name)
		}
	}
}

// opened looks at what comes before a parenthesis, and counts the calls of special functions.
func (w *walker) opened(i int, calls map[string]int) {
	before := i - 1
	switch {
	case before < 0 || w.kind(before, rewrite.Operator):
		return
	case w.callable[before], w.is(before-1, "TOP") && w.keyword(before-1):
		return
	case !w.covered[before] && w.keyword(before) && special[w.upper[before]]:
		calls[w.upper[before]]++
		return
	case !w.covered[before] && opening[w.upper[before]]:
		return
	}
	w.refuse(rewrite.CodeUnaccounted, before, "what is called here was not understood")
}

// grammar reports whether a word is one of the grammar where it stands.
func (w *walker) grammar(i int) bool {
	if !w.keyword(i) {
		return false
	}
	word := w.upper[i]
	if grammarWords[word] || special[word] && w.is(i+1, "(") {
		return true
	}
	after, known := followed[word]
	before, also := preceded[word]
	switch {
	case !known && !also:
		return false
	case len(after) > 0 && !w.is(i+1, after...):
		return false
	case len(before) > 0 && !w.is(i-1, before...):
		return false
	}
	return true
}
