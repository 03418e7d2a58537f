package schemamap

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/utdrag/utdrag/mask/value"
)

func (r *reader) column(b *hclsyntax.Block) Column {
	const form = `column "Column" { keep = true }, { omit = true } or { mask = … }`
	r.names(b.Body, "a column block", []string{"keep", "omit", "mask", "stub"}, nil)
	c := Column{Range: r.header(b)}
	if r.labels(b, 1, 1, form) {
		c.Name, _ = r.label(b)
	}
	attributes := b.Body.Attributes
	c.Keep = r.decision(attributes["keep"])
	c.Omit = r.decision(attributes["omit"])
	if a := attributes["mask"]; a != nil {
		c.Mask = r.mask(a.Expr)
	}
	if a := attributes["stub"]; a != nil {
		if v, ok := r.literal(a.Expr, "stub takes a literal"); ok {
			c.Stub = &v
		}
	}
	var written []string
	for _, name := range []string{"keep", "omit", "mask"} {
		if attributes[name] != nil {
			written = append(written, name)
		}
	}
	switch {
	case len(written) > 1:
		r.refuse(CodeColumnConflict, c.Range, fmt.Sprintf("the column has %s", strings.Join(written, " and ")),
			"write one of keep, omit and mask")
	case len(written) == 0 && attributes["stub"] == nil:
		r.refuse(CodeColumnEmpty, c.Range, "the column block decides nothing", "write "+form)
	case attributes["omit"] != nil && attributes["stub"] != nil:
		r.refuse(CodeColumnConflict, c.Range, "the column has omit and stub", "a column that is not copied has no dummy; keep one")
	case len(written) == 0:
		c.Keep = true
	}
	return c
}

// decision reads keep or omit, which are true or not written.
func (r *reader) decision(a *hclsyntax.Attribute) bool {
	on, said := r.flag(a)
	if said && !on {
		r.refuse(CodeWrongValue, r.hclRange(a.Expr.Range()), a.Name+" = false says nothing",
			"write keep = true, omit = true or mask = …")
	}
	return on
}

// mask reads null, a bare word, or a call whose arguments are literals. It returns nil when it refused.
func (r *reader) mask(e hclsyntax.Expression) *Mask {
	at := r.hclRange(e.Range())
	const advice = `write mask = null, a word (mask = redact) or a call (mask = hash("person"))`
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
		if e.Val.IsNull() {
			return &Mask{Name: "null", Range: at}
		}
		if e.Val.Type() == cty.Bool || e.Val.Type() == cty.Number {
			break
		}
	case *hclsyntax.ScopeTraversalExpr:
		if len(e.Traversal) == 1 {
			return &Mask{Name: e.Traversal.RootName(), Range: at}
		}
	case *hclsyntax.FunctionCallExpr:
		return r.maskCall(e)
	case *hclsyntax.TemplateExpr:
		if l, ok := r.exactText(e); ok {
			r.refuse(CodeMaskForm, at, "a mask is not a text", fmt.Sprintf("write it without quotes: mask = %s", plainWord(l.text)))
			return nil
		}
	}
	r.refuse(CodeMaskForm, at, fmt.Sprintf("mask takes a mask, and this is %s", describe(e)), advice)
	return nil
}

// plainWord keeps advice readable when a text is no word at all.
func plainWord(s string) string {
	if s == "" || len(s) > 40 || badCharacter(s, "") >= 0 {
		return "redact"
	}
	return s
}

func (r *reader) maskCall(e *hclsyntax.FunctionCallExpr) *Mask {
	at := r.hclRange(e.Range())
	if e.ExpandFinal || strings.Contains(e.Name, "::") {
		r.refuse(CodeMaskForm, at, "a mask's call has a plain name and plain arguments", `write mask = hash("person")`)
		return nil
	}
	m := &Mask{Name: e.Name, Range: at}
	for _, a := range e.Args {
		v, ok := r.literal(a, "a mask takes literals")
		if !ok {
			v = value.Value{} // already refused
		}
		m.Args = append(m.Args, v)
	}
	return m
}
