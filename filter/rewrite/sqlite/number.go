package sqlite

import (
	"strconv"
	"strings"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// maxNumber is the highest number of an argument, SQLITE_MAX_VARIABLE_NUMBER.
const maxNumber = 32766

// number gives every bound argument its number and writes it as ?N. SQLite numbers a bare ? and a new name one above the
// highest so far, in the order of the text (https://www.sqlite.org/lang_expr.html#varparam). Anything with an argument of its
// own that is put into the text would move those that follow, and could put one of the user's values in the place of ours.
func number(source *rewrite.Source, tokens []token) error {
	highest := 0
	names := map[string]int{}  // with the mark, as SQLite tells them apart
	marks := map[string]byte{} // by name
	bare, other := false, false
	for i := range tokens {
		t := &tokens[i]
		if t.kind != rewrite.Variable {
			continue
		}
		switch rest := t.text[1:]; {
		case t.text == "?":
			bare = true
			highest++
			t.number = highest
		case t.text[0] == '?':
			other = true
			n, err := strconv.Atoi(strings.TrimLeft(rest, "0"))
			if err != nil || n < 1 || n > maxNumber {
				return source.RefuseAt(rewrite.CodeParameter, t.at, "a bound argument has a number from 1 to %d", maxNumber)
			}
			t.number, highest = n, max(n, highest)
		default:
			other = true
			if mark, ok := marks[rest]; ok && mark != t.text[0] {
				return source.RefuseAt(rewrite.CodeParameter, t.at, "two bound arguments differ in their mark only")
			}
			marks[rest] = t.text[0]
			if names[t.text] == 0 {
				highest++
				names[t.text] = highest
			}
			t.name, t.number = rest, names[t.text]
		}
		if bare && other {
			return source.RefuseAt(rewrite.CodeParameter, t.at, "bound arguments with and without a name or number are mixed")
		}
		if highest > maxNumber {
			return source.RefuseAt(rewrite.CodeParameter, t.at, "there are more than %d bound arguments", maxNumber)
		}
		t.text = "?" + strconv.Itoa(t.number)
		t.value = t.text
	}
	return nil
}
