package schemamap

import "fmt"

// guard looks at neighbouring tokens: it names what a parser would only stumble over, or worse, would accept. It makes
// signs part of their numbers, and sees to it that brackets balance and nothing nests too deeply.
func (w *whereReader) guard() {
	w.signs()
	depth, negations := 0, 0
	for i, t := range w.tokens {
		before, after := w.neighbour(i-1), w.neighbour(i+1)
		switch t.kind {
		case tokenOpen:
			depth++
		case tokenClose:
			if depth--; depth < 0 {
				w.refuseToken(CodeWhereSyntax, t, "a ) closes nothing", "open it, or remove it")
				return
			}
		case tokenText:
			w.guardText(t, before)
		case tokenColumn:
			if after.kind == tokenOpen {
				w.refuseToken(CodeWhereConstruct, t, fmt.Sprintf("the function %s in a condition", t.word), languageAdvice)
			}
		case tokenTruth:
			if before.is("IS") || before.is("NOT") && w.neighbour(i-2).is("IS") {
				w.refuseToken(CodeWhereConstruct, t, fmt.Sprintf("IS %s in a condition", t.word), "write = "+t.word)
			}
		case tokenKeyword:
			w.guardKeyword(i, t)
		}
		if t.is("NOT") {
			negations++
		} else if t.kind != tokenOpen {
			negations = 0
		}
		if depth+negations > maxWhereNesting {
			w.refuseToken(CodeWhereSize, t, "the condition is nested too deeply",
				fmt.Sprintf("at most %d brackets and NOT stand inside each other", maxWhereNesting))
			return
		}
	}
	if depth > 0 && !w.failed {
		last := w.tokens[len(w.tokens)-1]
		w.refuse(CodeWhereSyntax, last.end, last.end, "a ( is not closed", "close it, or remove it")
	}
}

func (w *whereReader) guardText(t, before token) {
	const advice = "write the text alone; dates are texts: '2026-01-31'"
	switch before.kind {
	case tokenText:
		w.refuseToken(CodeWhereConstruct, t, "two texts stand side by side", "write one text")
	case tokenColumn:
		if before.end == 0 { // there is no token before
			return
		}
		w.refuseToken(CodeWhereConstruct, before, "a word stands before a text", advice)
	}
}

func (w *whereReader) guardKeyword(i int, t token) {
	before, after := w.neighbour(i-1), w.neighbour(i+1)
	switch t.word {
	case "NULL":
		if !before.is("IS") && (!before.is("NOT") || !w.neighbour(i-2).is("IS")) {
			w.refuseToken(CodeWhereNull, t, "NULL in a condition", "nothing equals NULL: write IS NULL or IS NOT NULL")
		}
	case "IS":
		if after.is("NOT") {
			after = w.neighbour(i + 2)
		}
		if !after.is("NULL") && after.kind != tokenTruth {
			w.refuseToken(CodeWhereConstruct, t, "IS without NULL in a condition", "write IS NULL, IS NOT NULL or a comparison")
		}
	}
}

// neighbour returns the token at i. Where there is none it returns the zero token, whose end is 0.
func (w *whereReader) neighbour(i int) token {
	if i < 0 || i >= len(w.tokens) {
		return token{}
	}
	return w.tokens[i]
}

func (t token) is(keyword string) bool { return t.kind == tokenKeyword && t.word == keyword }

// endsOperand reports whether a minus after t would subtract.
func (t token) endsOperand() bool {
	switch t.kind {
	case tokenColumn, tokenText, tokenNumber, tokenTruth, tokenClose:
		return t.end > 0
	case tokenKeyword:
		return t.word == "NULL"
	}
	return false
}

// signs joins each minus with the number that it stands before, and gives numbers their values.
func (w *whereReader) signs() {
	kept := w.tokens[:0:0]
	for i := 0; i < len(w.tokens); i++ {
		t := w.tokens[i]
		if t.kind == tokenMinus {
			next := w.neighbour(i + 1)
			var before token
			if len(kept) > 0 {
				before = kept[len(kept)-1]
			}
			if next.kind != tokenNumber || before.endsOperand() {
				w.refuseToken(CodeWhereConstruct, t, "arithmetic in a condition", "write the result; a minus stands before a number only")
				return
			}
			next.start = t.start
			i++
			w.number(&next, true)
			t = next
		} else if t.kind == tokenNumber {
			w.number(&t, false)
		}
		kept = append(kept, t)
	}
	w.tokens = kept
}

func (w *whereReader) number(t *token, negative bool) {
	v, problem := number(t.word, negative)
	if problem != "" {
		w.refuseToken(CodeWhereNumber, *t, "the number "+problem, "write a smaller one, or a decimal")
	}
	t.value = v
}
