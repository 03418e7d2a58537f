package mysql

import (
	"strings"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// View reads what information_schema.views has for a view, which is its SELECT, or a CREATE VIEW statement without DEFINER.
func (Syntax) View(definition string) (*rewrite.Statement, []string, error) {
	l, err := lex(definition, 0)
	if err != nil {
		return nil, nil, err
	}
	s := l.source
	if !strings.EqualFold(s.Tokens[0].Value, "CREATE") {
		statement, err := statement(s)
		return statement, nil, err
	}
	h := header{source: s}
	names, ok := h.read()
	if !ok || h.at >= len(s.Tokens) {
		at := s.Tokens[min(h.at, len(s.Tokens)-1)].Span
		return nil, nil, s.Refuse(rewrite.CodeView, at, "the definition of a view can't be read from here")
	}
	end := len(definition)
	if tail := len(s.Tokens) - h.tail(); tail < len(s.Tokens) {
		end = l.starts[tail]
	}
	body, err := lex(definition[:end], l.starts[h.at])
	if err != nil {
		return nil, nil, err
	}
	read, err := statement(body.source)
	return read, names, err
}

// header reads CREATE [OR REPLACE] [ALGORITHM = x] [SQL SECURITY x] VIEW name [(columns)] AS.
type header struct {
	source *rewrite.Source
	at     int
}

func (h *header) word(words ...string) bool {
	for i, w := range words {
		if h.at+i >= len(h.source.Tokens) || h.source.Tokens[h.at+i].Kind == rewrite.Quoted || !strings.EqualFold(h.source.Tokens[h.at+i].Value, w) {
			return false
		}
	}
	h.at += len(words)
	return true
}

func (h *header) name() (string, bool) {
	if h.at >= len(h.source.Tokens) || h.source.Tokens[h.at].Kind > rewrite.Quoted {
		return "", false
	}
	h.at++
	return h.source.Tokens[h.at-1].Value, true
}

func (h *header) read() (columns []string, ok bool) {
	if !h.word("CREATE") {
		return nil, false
	}
	h.word("OR", "REPLACE")
	_ = h.word("ALGORITHM", "=", "UNDEFINED") || h.word("ALGORITHM", "=", "MERGE") || h.word("ALGORITHM", "=", "TEMPTABLE")
	_ = h.word("SQL", "SECURITY", "DEFINER") || h.word("SQL", "SECURITY", "INVOKER")
	if !h.word("VIEW") {
		return nil, false
	}
	if _, ok = h.name(); !ok {
		return nil, false
	}
	if h.word(".") {
		if _, ok = h.name(); !ok {
			return nil, false
		}
	}
	if h.word("(") {
		for {
			column, ok := h.name()
			if !ok {
				return nil, false
			}
			columns = append(columns, column)
			if h.word(")") {
				break
			}
			if !h.word(",") {
				return nil, false
			}
		}
	}
	return columns, h.word("AS")
}

// tail is how many tokens of WITH CHECK OPTION the definition ends with. It is about writing through the view.
func (h *header) tail() int {
	before := h.at
	defer func() { h.at = before }()
	for _, words := range [][]string{{"WITH", "CHECK", "OPTION"}, {"WITH", "CASCADED", "CHECK", "OPTION"}, {"WITH", "LOCAL", "CHECK", "OPTION"}} {
		if h.at = len(h.source.Tokens) - len(words); h.at > before && h.word(words...) {
			return len(words)
		}
	}
	return 0
}
