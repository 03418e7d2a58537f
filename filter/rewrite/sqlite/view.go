package sqlite

import (
	"github.com/utdrag/utdrag/filter/rewrite"
)

// header reads what stands before the SELECT of a CREATE VIEW. It is small enough to be read here, token by token.
type header struct {
	source *rewrite.Source
	tokens []token
	at     int
}

// viewBody returns the tokens of a view's SELECT and the view's own names for its columns.
func viewBody(source *rewrite.Source, tokens []token) ([]token, []string, error) {
	h := &header{source: source, tokens: tokens}
	if !h.accept("CREATE") {
		return tokens, nil, nil
	}
	if h.accept("TEMP") || h.accept("TEMPORARY") {
		return nil, nil, h.refuse(rewrite.CodeTemporary, "the view is a temporary one")
	}
	if !h.accept("VIEW") {
		return nil, nil, h.refuse(rewrite.CodeNotSelect, "this creates something other than a view")
	}
	if h.accept("IF") && !(h.accept("NOT") && h.accept("EXISTS")) {
		return nil, nil, h.refuse(rewrite.CodeSyntax, "the definition of the view can't be read here")
	}
	schema, ok := h.name()
	if ok && h.sign(".") {
		if fold(schema) != "main" {
			return nil, nil, h.refuse(rewrite.CodeElsewhere, "the view is of another database")
		}
		_, ok = h.name()
	}
	var columns []string
	if ok && h.sign("(") {
		for more := true; ok && more; more = h.sign(",") {
			var column string
			column, ok = h.name()
			columns = append(columns, column)
		}
		ok = ok && h.sign(")")
	}
	if !ok || !h.accept("AS") || h.at == len(h.tokens) {
		return nil, nil, h.refuse(rewrite.CodeSyntax, "the definition of the view can't be read here")
	}
	return tokens[h.at:], columns, nil
}

func (h *header) accept(keyword string) bool {
	if h.at < len(h.tokens) && h.tokens[h.at].is(keyword) {
		h.at++
		return true
	}
	return false
}

func (h *header) sign(s string) bool {
	if h.at < len(h.tokens) && h.tokens[h.at].kind == rewrite.Operator && h.tokens[h.at].text == s {
		h.at++
		return true
	}
	return false
}

func (h *header) name() (string, bool) {
	if h.at == len(h.tokens) {
		return "", false
	}
	t := h.tokens[h.at]
	if t.kind != rewrite.Word && t.kind != rewrite.Quoted || t.value == "" {
		return "", false
	}
	h.at++
	return t.value, true
}

func (h *header) refuse(code rewrite.Code, summary string) error {
	at := len(h.source.Original)
	if h.at < len(h.tokens) {
		at = h.tokens[h.at].at
	}
	return h.source.RefuseAt(code, at, "%s", summary)
}
