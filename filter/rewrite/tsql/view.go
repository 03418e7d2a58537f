package tsql

import (
	"github.com/utdrag/utdrag/filter/rewrite"
)

// View reads CREATE VIEW, or a SELECT alone.
func (Syntax) View(definition string) (*rewrite.Statement, []string, error) {
	source := rewrite.NewSource(definition)
	if len(definition) > rewrite.MaxLength {
		return nil, nil, source.RefuseAt(rewrite.CodeSize, 0, "the view is longer than %d bytes", rewrite.MaxLength)
	}
	lexemes, err := lex(source)
	if err != nil {
		return nil, nil, err
	}
	body, columns, err := viewBody(source, lexemes)
	if err != nil {
		return nil, nil, err
	}
	statement, err := read(source, body)
	if err != nil {
		return nil, nil, err
	}
	// A derived table can hold neither WITH nor OPTION.
	if statement.With.Has || statement.With.After {
		return nil, nil, source.RefuseAt(rewrite.CodeView, body[0].at, "a view that begins with WITH")
	}
	if last := statement.Tokens[len(statement.Tokens)-1]; last.Value == ")" {
		for i, t := range statement.Tokens {
			if t.Kind == rewrite.Word && fold(t.Value) == "option" && (i == 0 || statement.Tokens[i-1].Value != ".") {
				return nil, nil, source.RefuseAt(rewrite.CodeView, body[i].at, "a view with query hints")
			}
		}
	}
	return statement, columns, nil
}

// viewBody returns the SELECT of CREATE [OR ALTER] VIEW name [(columns)] [WITH options] AS select [WITH CHECK OPTION].
func viewBody(source *rewrite.Source, l []lexeme) ([]lexeme, []string, error) {
	if len(l) == 0 || !l[0].word("create", "alter") {
		return l, nil, nil
	}
	unreadable := func(i int) error {
		return source.RefuseAt(rewrite.CodeView, l[min(i, len(l)-1)].at, "the definition of a view that can't be read from here on")
	}
	at := func(i int) lexeme {
		if i >= len(l) {
			return lexeme{}
		}
		return l[i]
	}
	i := 1
	if l[0].word("create") && at(1).word("or") && at(2).word("alter") {
		i = 3
	}
	if !at(i).word("view") {
		return nil, nil, unreadable(i)
	}
	for i++; at(i).name() && at(i+1).text == "."; i += 2 {
	}
	if !at(i).name() {
		return nil, nil, unreadable(i)
	}
	i++
	var columns []string
	if at(i).operator("(") {
		for {
			if !at(i+1).name() || !at(i+2).operator(",") && !at(i+2).operator(")") {
				return nil, nil, unreadable(i + 1)
			}
			columns = append(columns, at(i+1).value)
			i += 2
			if at(i).operator(")") {
				i++
				break
			}
		}
	}
	if at(i).word("with") {
		for {
			if !at(i+1).word("schemabinding", "view_metadata") {
				return nil, nil, source.RefuseAt(rewrite.CodeView, l[min(i+1, len(l)-1)].at, "an option of a view that is not on the list")
			}
			i += 2
			if !at(i).operator(",") {
				break
			}
		}
	}
	if !at(i).word("as") {
		return nil, nil, unreadable(i)
	}
	body := l[i+1:]
	if n := len(body); n > 3 && body[n-3].word("with") && body[n-2].word("check") && body[n-1].word("option") {
		body = body[:n-3]
	}
	if len(body) == 0 {
		return nil, nil, unreadable(i)
	}
	return body, columns, nil
}

func (l lexeme) word(any ...string) bool {
	if l.kind != rewrite.Word || l.text == "" {
		return false
	}
	for _, a := range any {
		if fold(l.text) == a {
			return true
		}
	}
	return false
}

func (l lexeme) name() bool {
	return l.kind == rewrite.Quoted || l.kind == rewrite.Word && l.text != "" && !l.word("as", "with", "select")
}

func (l lexeme) operator(o string) bool { return l.kind == rewrite.Operator && l.text == o }
