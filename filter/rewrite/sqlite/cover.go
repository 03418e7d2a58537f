package sqlite

import (
	"strings"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// ledger is what the walk has accounted for: names, literals and arguments by their span, and keywords, operators and
// punctuation by how many of each the nodes of the tree stand for. What is left over, on either side, is something that the
// parser passed over or made up.
type ledger struct {
	leaves []rewrite.Span
	signs  map[string]int
}

func (l *ledger) leaf(at rewrite.Span) { l.leaves = append(l.leaves, at) }

// words accounts for keywords, given in upper case, and for operators.
func (l *ledger) words(keywords ...string) {
	for _, k := range keywords {
		l.signs[k]++
	}
}

// parens accounts for a pair of parentheses.
func (l *ledger) parens() {
	l.signs["("]++
	l.signs[")"]++
}

// list accounts for the commas of a list of n things.
func (l *ledger) list(n int) {
	if n > 1 {
		l.signs[","] += n - 1
	}
}

// sign is the name under which the ledger has a token.
func sign(t rewrite.Token) string {
	switch {
	case t.Kind == rewrite.Word:
		return strings.ToUpper(t.Value)
	case t.Value == "==":
		return "="
	case t.Value == "!=":
		return "<>"
	}
	return t.Value
}

// settle refuses the first token that nothing accounts for.
func (l *ledger) settle(source *rewrite.Source) error {
	if t, ok := source.Uncovered(l.leaves, rewrite.Quoted, rewrite.String, rewrite.Number, rewrite.Variable, rewrite.Semicolon); ok {
		return source.Refuse(rewrite.CodeUnaccounted, t.Span, "the parser passed over this")
	}
	// Uncovered has sorted the leaves; they are whole tokens, or a few tokens each.
	next, end := 0, 0
	for _, t := range source.Tokens {
		for next < len(l.leaves) && l.leaves[next].Start <= t.Span.Start {
			end = max(end, l.leaves[next].End)
			next++
		}
		if t.Span.End <= end {
			continue
		}
		s := sign(t)
		if l.signs[s] == 0 {
			return source.Refuse(rewrite.CodeUnaccounted, t.Span, "the parser passed over %s", s)
		}
		l.signs[s]--
	}
	for _, n := range l.signs {
		if n != 0 {
			return source.Refuse(rewrite.CodeUnaccounted, rewrite.Span{Start: 0, End: len(source.Text)}, "the parser found something that isn't there")
		}
	}
	return nil
}
