package schemamap

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

// describe says what an expression is, without quoting it.
func describe(e hclsyntax.Expression) string {
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
		switch {
		case e.Val.IsNull():
			return "null"
		case e.Val.Type() == cty.Bool:
			return "true or false"
		case e.Val.Type() == cty.Number:
			return "a number"
		}
		return "a text"
	case *hclsyntax.TemplateExpr:
		for _, p := range e.Parts {
			if l, ok := p.(*hclsyntax.LiteralValueExpr); !ok || l.Val.Type() != cty.String {
				return "a text with ${ } or %{ } in it"
			}
		}
		return "a text"
	case *hclsyntax.TemplateWrapExpr:
		return "a text with ${ } in it"
	case *hclsyntax.ScopeTraversalExpr:
		return "a bare word"
	case *hclsyntax.FunctionCallExpr:
		return "a call"
	case *hclsyntax.TupleConsExpr:
		return "a list"
	case *hclsyntax.ObjectConsExpr:
		return "an object"
	case *hclsyntax.ParenthesesExpr:
		return "something in parentheses"
	case *hclsyntax.UnaryOpExpr:
		if _, ok := e.Val.(*hclsyntax.LiteralValueExpr); ok && e.Op == hclsyntax.OpNegate {
			return "a number"
		}
		return "an operation"
	case *hclsyntax.BinaryOpExpr:
		return "an operation"
	}
	return "an expression"
}

// text reads an attribute that holds a text. The attribute may be nil.
func (r *reader) text(a *hclsyntax.Attribute) (located, bool) {
	if a == nil {
		return located{}, false
	}
	return r.textOf(a.Expr, a.Name+" takes a text", fmt.Sprintf(`%s = "…"`, a.Name))
}

func (r *reader) textOf(e hclsyntax.Expression, takes, form string) (located, bool) {
	found, ok := r.exactText(e)
	if ok {
		return found, true
	}
	at, what := r.hclRange(e.Range()), describe(e)
	if what == "a text" {
		r.refuse(CodeBadText, at, "the text is not in Unicode normal form C",
			"write it in double quotes, with \\u escapes for combining characters")
		return located{}, false
	}
	r.refuse(CodeWrongValue, at, fmt.Sprintf("%s, and this is %s", takes, what), "write "+form+"; nothing in a map is evaluated")
	return located{}, false
}

// word reads a name: a text that is not empty and holds no control characters.
func (r *reader) word(l located) (Word, bool) {
	if strings.TrimSpace(l.text) == "" {
		r.refuse(CodeBadText, l.rng, "the name is empty", "write a name")
		return Word{}, false
	}
	if i := badCharacter(l.text, ""); i >= 0 {
		r.refuse(CodeBadText, l.at(r, i, i), "the name holds a control character", "write it without")
		return Word{}, false
	}
	return Word{l.text, l.rng}, true
}

// name reads an attribute that holds a name.
func (r *reader) name(a *hclsyntax.Attribute) Word {
	l, ok := r.text(a)
	if !ok {
		return Word{}
	}
	w, _ := r.word(l)
	return w
}

// choice reads an attribute that takes one of a few words.
func (r *reader) choice(a *hclsyntax.Attribute, known ...string) string {
	if a == nil {
		return ""
	}
	l, ok := r.textOf(a.Expr, a.Name+" takes a text", fmt.Sprintf("%s = %q", a.Name, known[0]))
	if !ok {
		return ""
	}
	for _, k := range known {
		if k == l.text {
			return k
		}
	}
	r.refuse(CodeUnknownWord, l.rng, fmt.Sprintf("%s = %q is not known", a.Name, l.text), nearOrList(l.text, known))
	return ""
}

// reason reads an attribute that says why. A reason is one line: line breaks and runs of spaces become one space.
func (r *reader) reason(a *hclsyntax.Attribute) Word {
	l, ok := r.text(a)
	if !ok {
		return Word{}
	}
	line := strings.Join(strings.Fields(l.text), " ")
	if line == "" {
		r.refuse(CodeReasonBlank, l.rng, a.Name+" is blank", "write why, for whoever reviews the map")
		return Word{Range: l.rng}
	}
	if i := badCharacter(l.text, "\n\r\t"); i >= 0 {
		r.refuse(CodeBadText, l.at(r, i, i), a.Name+" holds a control character", "write it without")
	}
	return Word{line, l.rng}
}

// flag reads an attribute that is true or false. said is false where nothing (readable) is written.
func (r *reader) flag(a *hclsyntax.Attribute) (on, said bool) {
	if a == nil {
		return false, false
	}
	if l, ok := a.Expr.(*hclsyntax.LiteralValueExpr); ok && !l.Val.IsNull() && l.Val.Type() == cty.Bool {
		return l.Val.True(), true
	}
	r.refuse(CodeWrongValue, r.hclRange(a.Expr.Range()),
		fmt.Sprintf("%s takes true or false, and this is %s", a.Name, describe(a.Expr)), fmt.Sprintf("write %s = true", a.Name))
	return false, false
}

// list reads an attribute that holds a list of texts, at least one.
func (r *reader) list(a *hclsyntax.Attribute) []located {
	tuple, ok := a.Expr.(*hclsyntax.TupleConsExpr)
	at := r.hclRange(a.Expr.Range())
	if !ok {
		r.refuse(CodeWrongValue, at, fmt.Sprintf("%s takes a list of texts, and this is %s", a.Name, describe(a.Expr)),
			fmt.Sprintf(`write %s = ["…"]`, a.Name))
		return nil
	}
	if len(tuple.Exprs) == 0 {
		r.refuse(CodeEmptyList, at, a.Name+" is an empty list", "name at least one, or remove the block")
	}
	var found []located
	for _, e := range tuple.Exprs {
		if l, ok := r.textOf(e, a.Name+" takes a list of texts", `"…"`); ok {
			found = append(found, l)
		}
	}
	return found
}

// columns reads an attribute that lists columns, each once.
func (r *reader) columns(a *hclsyntax.Attribute) []Word {
	if a == nil {
		return nil
	}
	var found []Word
	seen := firsts{}
	for _, l := range r.list(a) {
		w, ok := r.word(l)
		if !ok || seen.again(r, CodeColumnTwice, w.Text, w.Range, fmt.Sprintf("%s lists column %q twice", a.Name, w.Text), "name it once") {
			continue
		}
		found = append(found, w)
	}
	return found
}

// literal reads a text, number, true, false or null. takes begins the refusal: "a stub takes a literal".
func (r *reader) literal(e hclsyntax.Expression, takes string) (value.Value, bool) {
	at := r.hclRange(e.Range())
	negative, inner := false, e
	if u, ok := e.(*hclsyntax.UnaryOpExpr); ok && u.Op == hclsyntax.OpNegate {
		negative, inner = true, u.Val
	}
	if l, ok := inner.(*hclsyntax.LiteralValueExpr); ok {
		switch {
		case !l.Val.IsNull() && l.Val.Type() == cty.Number:
			rng := l.Range()
			v, problem := number(string(r.src[rng.Start.Byte:rng.End.Byte]), negative)
			if problem != "" {
				r.refuse(CodeNumber, at, "the number "+problem, "write the digits out, at most 38, or a text in quotes")
				return value.Value{}, false
			}
			return v, true
		case negative:
		case l.Val.IsNull():
			return value.Value{}, true
		case l.Val.Type() == cty.Bool:
			return value.NewBool(l.Val.True()), true
		}
	}
	if l, ok := r.exactText(inner); ok && !negative {
		if i := strings.IndexByte(l.text, 0); i >= 0 {
			r.refuse(CodeBadText, l.at(r, i, i), "the text holds the character NUL", "no database takes it in a text")
			return value.Value{}, false
		}
		return value.NewText(l.text), true
	}
	r.refuse(CodeWrongValue, at, fmt.Sprintf("%s, and this is %s", takes, describe(e)),
		"write a text, a number, true, false or null; nothing in a map is evaluated")
	return value.Value{}, false
}

// number reads digits with at most one point. It is exact, or it says what is the matter.
func number(digits string, negative bool) (value.Value, string) {
	whole, fraction, point := strings.Cut(digits, ".")
	sign := ""
	if negative {
		sign = "-"
	}
	switch {
	case !allDigits(whole) || point && !allDigits(fraction):
		return value.Value{}, "is not plain digits"
	case len(whole) > 1 && whole[0] == '0':
		return value.Value{}, "begins with a zero"
	case point && len(whole)+len(fraction) > 38:
		return value.Value{}, "has more than 38 digits"
	case point:
		return value.NewDecimal(sign + digits), ""
	}
	n, err := strconv.ParseInt(sign+whole, 10, 64)
	if err != nil {
		return value.Value{}, "does not fit in 64 bits"
	}
	return value.NewInt(n), ""
}

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// tableName reads a table's name.
func (r *reader) tableName(text string, at diag.Range) (TableName, bool) {
	schema, table, err := ParseTableName(text)
	if err != nil {
		coded := err.(*diag.Error)
		r.refuse(CodeTableName, at, coded.Message, coded.Advice)
		return TableName{}, false
	}
	return TableName{Schema: schema, Table: table, Range: at}, true
}

func (r *reader) tableAttribute(a *hclsyntax.Attribute) (TableName, bool) {
	l, ok := r.text(a)
	if !ok {
		return TableName{}, false
	}
	return r.tableName(l.text, l.rng)
}
