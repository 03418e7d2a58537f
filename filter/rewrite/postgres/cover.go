package postgres

import (
	"math"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// reader walks a tree and the tokens that it was made of.
type reader struct {
	*rewrite.Statement
	pairs   brackets
	claimed []bool
	// owed are keywords that belong to nodes which don't say where they stand. Each must be among the unclaimed tokens as
	// often as it is owed.
	owed map[string]int
	// low is the first token that was claimed since it was last set.
	low       int
	depth     int
	scope     int
	predicate bool
	commons   *frame
	fields    []rewrite.Column // those written as (t).f
}

// refusal carries an error up to walk.
type refusal struct{ error }

func (r *reader) refuse(code rewrite.Code, span rewrite.Span, format string, args ...any) {
	panic(refusal{r.Refuse(code, span, format, args...)})
}

// unaccounted refuses a token about which the tree and the tokens don't agree.
func (r *reader) unaccounted(i int) {
	span := rewrite.Span{Start: len(r.Text), End: len(r.Text)}
	if i >= 0 && i < len(r.Tokens) {
		span = r.Tokens[i].Span
	}
	r.refuse(rewrite.CodeUnaccounted, span, "the parser did not account for this part of the query")
}

// require refuses where the tree says something that the tokens at i don't.
func (r *reader) require(ok bool, i int) {
	if !ok {
		r.unaccounted(i)
	}
}

// claim checks a token off. Nothing may claim it again.
func (r *reader) claim(i int) {
	r.require(i >= 0 && i < len(r.Tokens) && !r.claimed[i], i)
	r.claimed[i] = true
	r.low = min(r.low, i)
}

// token is the token at an offset of the text, as the tree has it.
func (r *reader) token(location int32) int {
	i := r.TokenAt(int(location))
	r.require(location >= 0 && i < len(r.Tokens) && r.Tokens[i].Span.Start == int(location), i)
	return i
}

// word claims a keyword.
func (r *reader) word(i int, words ...string) {
	r.require(isWord(r.Source, i, words...), i)
	r.claim(i)
}

// words claims some keywords in a row, and returns what follows.
func (r *reader) words(i int, words ...string) int {
	for _, w := range words {
		r.word(i, w)
		i++
	}
	return i
}

// optional claims a keyword that may be missing, and returns what follows.
func (r *reader) optional(i int, words ...string) int {
	if !isWord(r.Source, i, words...) {
		return i
	}
	r.claim(i)
	return i + 1
}

// name claims a name that the tree gives.
func (r *reader) name(i int, name string) {
	r.require(isName(r.Source, i) && r.Tokens[i].Value == name, i)
	r.claim(i)
}

// names claims names with dots between them, and returns what follows.
func (r *reader) names(i int, names []string) int {
	for n, name := range names {
		if n > 0 {
			r.sign(i, ".")
			i++
		}
		r.name(i, name)
		i++
	}
	return i
}

// sign requires a bracket, a comma or a dot. Those are not claimed.
func (r *reader) sign(i int, sign string) { r.require(isSign(r.Source, i, sign), i) }

func (r *reader) is(i int, words ...string) bool { return isWord(r.Source, i, words...) }

// owe notes a keyword that a node has, but not where.
func (r *reader) owe(word string, times int) { r.owed[word] += times }

// span is the text of the tokens from i until before end.
func (r *reader) span(i, end int) rewrite.Span {
	r.require(i >= 0 && i < end && end <= len(r.Tokens), i)
	return rewrite.Span{Start: r.Tokens[i].Span.Start, End: r.Tokens[end-1].Span.End}
}

// after is the token after i, or after the bracket that i opens.
func (r *reader) after(i int) int {
	if p := r.pairs[i]; p > i {
		return p + 1
	}
	return i + 1
}

// split is where the parts begin and end that commas divide the tokens from i until before end into.
func (r *reader) split(i, end int) [][2]int {
	var parts [][2]int
	start := i
	for ; i < end; i = r.after(i) {
		if isSign(r.Source, i, ",") {
			parts = append(parts, [2]int{start, i})
			start = i + 1
		}
	}
	return append(parts, [2]int{start, end})
}

// enter counts how deep the walk is.
func (r *reader) enter() {
	if r.depth++; r.depth > maxChain {
		r.refuse(rewrite.CodeSize, rewrite.Span{End: len(r.Text)}, "the query is too deeply nested")
	}
}

func (r *reader) leave() { r.depth-- }

// since runs read, and returns the first token that it claimed.
func (r *reader) since(read func()) int {
	before := r.low
	r.low = math.MaxInt
	read()
	first := r.low
	r.low = min(r.low, before)
	return first
}

// deciding runs read on what decides which rows there are.
func (r *reader) deciding(yes bool, read func()) {
	before := r.predicate
	r.predicate = before || yes
	read()
	r.predicate = before
}

// covered refuses tokens that nothing claimed. Brackets, commas and dots are left to the parser: without names they mean
// nothing.
func (r *reader) covered() {
	for i, t := range r.Tokens {
		if r.claimed[i] {
			continue
		}
		if t.Kind == rewrite.Operator {
			switch t.Value {
			case "(", ")", "]", ",", ".", ":":
				continue
			}
		}
		if t.Kind != rewrite.Word || r.owed[t.Value] == 0 {
			r.unaccounted(i)
		}
		r.owed[t.Value]--
	}
	for word, n := range r.owed {
		if n != 0 {
			r.refuse(rewrite.CodeUnaccounted, rewrite.Span{End: len(r.Text)}, "the parser sees %s where the text has none", word)
		}
	}
}
