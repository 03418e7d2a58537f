package order

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/utdrag/utdrag/filter/diag"
)

// reader gathers what Parse finds.
type reader struct {
	file   string
	text   []byte
	found  diag.List
	places map[string]diag.Range
}

func (r *reader) refuse(code string, at diag.Range, summary, advice string) {
	r.found = append(r.found, diag.Diagnostic{Code: code, Summary: summary, Advice: advice, Subject: at})
}

func (r *reader) top() diag.Range {
	return diag.Range{File: r.file, Start: diag.Pos{Line: 1, Column: 1}, End: diag.Pos{Line: 1, Column: 1}}
}

func (r *reader) rangeOf(h hcl.Range) diag.Range {
	pos := func(p hcl.Pos) diag.Pos { return diag.Pos{Line: p.Line, Column: p.Column, Byte: p.Byte} }
	return diag.Range{File: r.file, Start: pos(h.Start), End: pos(h.End)}
}

// scope is a block whose attributes are being read, or the whole order.
type scope struct {
	r    *reader
	body *hclsyntax.Body
	at   diag.Range // the block's header
	what string     // "the provider block"
	path string     // "provider.", "unit[0].", ""
}

// known refuses what body has besides the attributes and blocks that it may have. The name is told, as names are no secrets
// unless somebody took great pains; the value is not.
func (s scope) known(attributes, blocks []string) {
	near := func(name string) string {
		all := append(slices.Clone(attributes), blocks...)
		if advice := diag.DidYouMean(name, all); advice != "" {
			return advice
		}
		return "known here: " + strings.Join(all, ", ")
	}
	for name, a := range s.body.Attributes {
		at := s.r.rangeOf(a.NameRange)
		switch {
		case slices.Contains(attributes, name):
			s.r.places[s.path+name] = s.r.rangeOf(a.Expr.Range())
		case slices.Contains(blocks, name):
			s.r.refuse(CodeUnknownName, at, fmt.Sprintf("%s is a block, not an attribute", name), fmt.Sprintf("write %s { … }", name))
		default:
			s.r.refuse(CodeUnknownName, at, s.what+" has no attribute of this name", near(name))
		}
	}
	for _, b := range s.body.Blocks {
		at := s.r.rangeOf(b.TypeRange)
		switch {
		case slices.Contains(blocks, b.Type):
		case slices.Contains(attributes, b.Type):
			s.r.refuse(CodeUnknownBlock, at, fmt.Sprintf("%s is an attribute, not a block", b.Type), fmt.Sprintf("write %s = …", b.Type))
		default:
			s.r.refuse(CodeUnknownBlock, at, s.what+" has no block of this name", near(b.Type))
		}
	}
}

func (s scope) has(name string) bool { return s.body.Attributes[name] != nil }

// place is where an attribute's value stands, or the block.
func (s scope) place(name string) diag.Range {
	if a := s.body.Attributes[name]; a != nil {
		return s.r.rangeOf(a.Expr.Range())
	}
	return s.at
}

func (s scope) flawed(name string, f *flaw) {
	if f != nil {
		s.r.found = append(s.r.found, f.at(s.place(name)))
	}
}

// all returns the blocks of one type. labels is how many labels each has.
func (s scope) all(name string, labels int, form string) []*hclsyntax.Block {
	var found []*hclsyntax.Block
	for _, b := range s.body.Blocks {
		if b.Type != name {
			continue
		}
		if len(b.Labels) != labels {
			s.r.refuse(CodeLabels, s.r.rangeOf(b.TypeRange), fmt.Sprintf("the %s block takes labels: %d, and has %d", name, labels, len(b.Labels)), "write "+form)
			continue
		}
		found = append(found, b)
	}
	return found
}

// inside is the scope of a block.
func (s scope) inside(b *hclsyntax.Block, name string) scope {
	inner := scope{r: s.r, body: b.Body, at: s.r.rangeOf(b.TypeRange), what: "the " + b.Type + " block", path: s.path + name + "."}
	s.r.places[s.path+name] = inner.at
	return inner
}

// one returns the only block of a type. ok is false where there is none.
func (s scope) one(name string, required bool, form string) (inner scope, ok bool) {
	found := s.all(name, 0, form)
	for _, b := range found[min(1, len(found)):] {
		s.r.refuse(CodeTwice, s.r.rangeOf(b.TypeRange), fmt.Sprintf("the %s block is written twice", name),
			fmt.Sprintf("first at %s; keep one", s.r.rangeOf(found[0].TypeRange)))
	}
	if len(found) == 0 {
		written := slices.ContainsFunc(s.body.Blocks, func(b *hclsyntax.Block) bool { return b.Type == name })
		if required && !written {
			s.missing(name, form)
		}
		return scope{}, false
	}
	return s.inside(found[0], name), true
}

func (s scope) missing(name, form string) {
	s.r.refuse(CodeMissing, s.at, fmt.Sprintf("%s has no %s", s.what, name), "write "+form)
}

// value reads an attribute that holds a text and holds it against check. ok is false where nothing usable is written.
func (s scope) value(name string, check checker) (kept string, ok bool) {
	a := s.body.Attributes[name]
	if a == nil {
		return "", false
	}
	text, ok := s.literal(name, a.Expr)
	if !ok {
		return "", false
	}
	kept, problem := check(text)
	if problem != nil {
		if text == "" { // a blank of the template
			problem = &flaw{code: CodeText, summary: name + " is empty", advice: "fill it in"}
		}
		s.flawed(name, problem)
		return "", false
	}
	return kept, true
}

// text is value, of an attribute that must be written.
func (s scope) text(name string, check checker, example string) string {
	if !s.has(name) {
		s.missing(name, fmt.Sprintf("%s = %q", name, example))
	}
	kept, _ := s.value(name, check)
	return kept
}

// optional is value, with what stands for an attribute that isn't written.
func (s scope) optional(name string, check checker, otherwise string) string {
	if !s.has(name) {
		return otherwise
	}
	kept, _ := s.value(name, check)
	return kept
}

// literal is a text in which nothing is to be evaluated, in Unicode's normal form C. A URL with a password is refused wherever it
// stands.
func (s scope) literal(name string, e hclsyntax.Expression) (string, bool) {
	if t, ok := e.(*hclsyntax.TemplateExpr); ok {
		var b strings.Builder
		plain := true
		for _, part := range t.Parts {
			l, ok := part.(*hclsyntax.LiteralValueExpr)
			if !ok || l.Val.IsNull() || l.Val.Type() != cty.String {
				plain = false
				break
			}
			b.WriteString(l.Val.AsString())
		}
		if plain && inURL.MatchString(b.String()) {
			s.r.refuse(CodeSecret, s.r.rangeOf(e.Range()), name+" holds a URL with a password",
				"put the whole URL into an environment variable or a file; where an order takes one, it is named by env:NAME or file:PATH")
			return "", false
		}
		if plain {
			return cty.NormalizeString(b.String()), true
		}
	}
	s.r.refuse(CodeWrongKind, s.r.rangeOf(e.Range()), name+" takes a text in quotes", fmt.Sprintf(`write %s = "…"; nothing in an order is evaluated`, name))
	return "", false
}

// number reads a whole number within bounds.
func (s scope) number(name string, least, most, otherwise int) int {
	a := s.body.Attributes[name]
	if a == nil {
		return otherwise
	}
	l, ok := a.Expr.(*hclsyntax.LiteralValueExpr)
	if !ok || l.Val.IsNull() || l.Val.Type() != cty.Number {
		s.r.refuse(CodeWrongKind, s.place(name), name+" takes a number", fmt.Sprintf("write %s = %d", name, otherwise))
		return otherwise
	}
	n, accuracy := l.Val.AsBigFloat().Int64()
	if accuracy != big.Exact || n < int64(least) || n > int64(most) {
		s.r.refuse(CodeNumber, s.place(name), name+" is outside its bounds", fmt.Sprintf("write a whole number from %d to %d", least, most))
		return otherwise
	}
	return int(n)
}

// flag reads an attribute that is true, or not written.
func (s scope) flag(name string) bool {
	a := s.body.Attributes[name]
	if a == nil {
		return false
	}
	if l, ok := a.Expr.(*hclsyntax.LiteralValueExpr); ok && l.Val.RawEquals(cty.True) {
		return true
	}
	s.r.refuse(CodeWrongKind, s.place(name), name+" takes true, or isn't written", fmt.Sprintf("write %s = true", name))
	return false
}

// list reads a list of texts, at least one.
func (s scope) list(name, form string) []string {
	a := s.body.Attributes[name]
	if a == nil {
		s.missing(name, form)
		return nil
	}
	tuple, ok := a.Expr.(*hclsyntax.TupleConsExpr)
	if !ok || len(tuple.Exprs) == 0 {
		s.r.refuse(CodeWrongKind, s.place(name), name+" takes a list of texts", "write "+form)
		return nil
	}
	var texts []string
	for _, e := range tuple.Exprs {
		if text, ok := s.literal(name, e); ok {
			texts = append(texts, text)
		}
	}
	return texts
}
