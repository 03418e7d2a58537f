package schemamap

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

func (r *reader) table(b *hclsyntax.Block, provider TableName) (Table, bool) {
	r.names(b.Body, "a table block", []string{"match", "where", "rows", "reason"}, []string{"path", "foreign", "column"})
	t := Table{Range: r.header(b)}
	named := r.labels(b, 1, 1, `table "schema.Table" { … }`)
	if named {
		t.Name, named = r.tableName(b.Labels[0], r.hclRange(b.LabelRanges[0]))
	}
	attributes := b.Body.Attributes
	t.Match = Match(r.choice(attributes["match"], string(MatchAny), string(MatchAll)))
	t.Rows = Rows(r.choice(attributes["rows"], string(RowsAll), string(RowsNone), string(RowsEmpty)))
	t.Reason = r.reason(attributes["reason"])
	if l, ok := r.text(attributes["where"]); ok {
		t.Where = r.where(l)
	}
	paths, foreigns, columns := firsts{}, firsts{}, firsts{}
	for _, p := range blocks(b.Body, "path") {
		path := r.path(p)
		if path.Label.Text != "" {
			paths.again(r, CodeTwice, path.Label.Text, path.Label.Range,
				fmt.Sprintf("path %q is written twice", path.Label.Text), "give each path a label of its own")
		}
		t.Paths = append(t.Paths, path)
	}
	for _, f := range blocks(b.Body, "foreign") {
		foreign := r.foreign(f)
		foreigns.again(r, CodeTwice, foreign.Label.Text, foreign.Range,
			fmt.Sprintf("foreign %q is written twice", foreign.Label.Text), "keep one")
		t.Foreigns = append(t.Foreigns, foreign)
	}
	for _, c := range blocks(b.Body, "column") {
		column := r.column(c)
		columns.again(r, CodeTwice, column.Name.Text, column.Range,
			fmt.Sprintf("column %q is written twice", column.Name.Text), "keep one")
		t.Columns = append(t.Columns, column)
	}
	if named && t.Name.key() == provider.key() {
		r.checkProviderTable(b, t)
	} else {
		r.checkTable(b, t, provider.Table != "")
	}
	return t, named
}

// checkProviderTable refuses what would decide rows of the anchor: the ordered row is the one that is copied.
func (r *reader) checkProviderTable(b *hclsyntax.Block, t Table) {
	const advice = "remove it: of the provider's table, the ordered row is copied"
	for _, p := range t.Paths {
		r.refuse(CodeProviderTable, p.Range, "the provider's table has a path", advice)
	}
	for _, name := range []string{"match", "rows", "where"} {
		if a := b.Body.Attributes[name]; a != nil {
			r.refuse(CodeProviderTable, r.hclRange(a.NameRange), "the provider's table has "+name, advice)
		}
	}
	r.needlessReason(b)
}

func (r *reader) needlessReason(b *hclsyntax.Block) {
	if a := b.Body.Attributes["reason"]; a != nil {
		r.warn(CodeReasonNeedless, r.hclRange(a.NameRange), "the reason says nothing: rows is not written here",
			"remove it, or make it a comment")
	}
}

func (r *reader) checkTable(b *hclsyntax.Block, t Table, providerKnown bool) {
	attributes := b.Body.Attributes
	if rows := attributes["rows"]; rows != nil {
		r.checkRows(b, t)
		return
	}
	r.needlessReason(b)
	match := attributes["match"]
	switch {
	case len(t.Paths) == 0 && providerKnown:
		r.refuse(CodeNoRule, t.Range, "the table block does not say which rows are included",
			`write a path, or rows = "all", "none" or "empty" with a reason`)
	case len(t.Paths) > 1 && match == nil:
		r.refuse(CodeMatchMissing, t.Range, fmt.Sprintf("the table has %d paths and no match", len(t.Paths)),
			`write match = "any" where one path is enough, or match = "all" where every path must lead to the provider`)
	}
	if len(t.Paths) < 2 && match != nil {
		r.warn(CodeMatchNeedless, r.hclRange(match.NameRange), "match is written and there are not two paths",
			"remove it, or write the other path")
	}
}

// checkRows holds a single-table form against what else decides rows.
func (r *reader) checkRows(b *hclsyntax.Block, t Table) {
	attributes := b.Body.Attributes
	if attributes["reason"] == nil {
		r.refuse(CodeReasonMissing, r.hclRange(attributes["rows"].NameRange), "rows is written without a reason",
			`write reason = "…"`)
	}
	const advice = "rows decides alone: keep it, or the others"
	for _, p := range t.Paths {
		r.refuse(CodeRowsExclude, p.Range, "rows and a path are both written", advice)
	}
	for _, name := range []string{"match", "where"} {
		if a := attributes[name]; a != nil {
			r.refuse(CodeRowsExclude, r.hclRange(a.NameRange), "rows and "+name+" are both written", advice)
		}
	}
	if t.Rows != RowsNone {
		return
	}
	for _, c := range t.Columns {
		r.refuse(CodeRowsExclude, c.Range, "a column of a table that is not made", "remove the block")
	}
	for _, f := range t.Foreigns {
		r.refuse(CodeRowsExclude, f.Range, "a foreign key of a table that is not made", "remove the block")
	}
}

func (r *reader) path(b *hclsyntax.Block) Path {
	r.labels(b, 0, 1, `path { … } or path "label" { … }`)
	r.names(b.Body, "a path block",
		[]string{"via", "from", "constraint", "to", "references", "null", "reason", "shared"}, nil)
	attributes := b.Body.Attributes
	p := Path{Range: r.header(b)}
	if len(b.Labels) == 1 {
		p.Label, _ = r.label(b)
	}
	if from, ok := r.tableAttribute(attributes["from"]); ok {
		p.From = &from
	}
	if attributes["via"] == nil {
		r.missing(p.Range, "the path", "via", `via = ["…"]: the child's columns`)
	}
	p.Via = r.columns(attributes["via"])
	p.Constraint = r.name(attributes["constraint"])
	if to, ok := r.tableAttribute(attributes["to"]); ok {
		p.To = &to
	}
	p.References = r.columns(attributes["references"])
	p.NullInclude = r.choice(attributes["null"], "include") != ""
	p.Reason = r.reason(attributes["reason"])
	p.Shared = r.reason(attributes["shared"])
	r.checkPath(attributes, p)
	return p
}

func (r *reader) checkPath(attributes hclsyntax.Attributes, p Path) {
	up, back := attributes["to"], attributes["references"]
	switch {
	case up == nil && back != nil:
		r.refuse(CodeVirtualKey, r.hclRange(back.NameRange), "references is written without to",
			"write to and references together, or neither where the catalog has the foreign key")
	case up != nil && back == nil:
		r.refuse(CodeVirtualKey, r.hclRange(up.NameRange), "to is written without references",
			"write to and references together, or neither where the catalog has the foreign key")
	case len(p.Via) > 0 && len(p.References) > 0 && len(p.Via) != len(p.References):
		r.refuse(CodeVirtualKey, r.hclRange(back.Expr.Range()),
			fmt.Sprintf("via has %d columns and references has %d", len(p.Via), len(p.References)), "pair them one to one")
	}
	if c := attributes["constraint"]; c != nil && (up != nil || back != nil) {
		r.refuse(CodeVirtualKey, r.hclRange(c.NameRange), "constraint and a virtual foreign key are both written",
			"constraint names a foreign key of the catalog; to and references write another")
	}
	from, null := attributes["from"], attributes["null"]
	if null != nil && from != nil {
		r.refuse(CodeNullInclude, r.hclRange(null.NameRange), "null is written on a path with from",
			"a row that no child row names can't be included by NULL; remove it")
	}
	if reason := attributes["reason"]; null != nil && reason == nil {
		r.refuse(CodeReasonMissing, r.hclRange(null.NameRange), "null is written without a reason", `write reason = "…"`)
	} else if null == nil && reason != nil {
		r.warn(CodeReasonNeedless, r.hclRange(reason.NameRange), `the reason says nothing: null = "include" is not written here`,
			"remove it, or make it a comment")
	}
	if shared := attributes["shared"]; shared != nil && from != nil {
		r.refuse(CodeSharedFrom, r.hclRange(shared.NameRange), "shared is written on a path with from",
			"shared belongs to a path from child to parent; remove it")
	}
}

// label reads a block's only label as a name.
func (r *reader) label(b *hclsyntax.Block) (Word, bool) {
	return r.word(located{text: b.Labels[0], rng: r.hclRange(b.LabelRanges[0])})
}

func (r *reader) foreign(b *hclsyntax.Block) Foreign {
	const form = `foreign "Column" { outside = "…" }`
	r.names(b.Body, "a foreign block", []string{"outside"}, nil)
	f := Foreign{Range: r.header(b)}
	if r.labels(b, 1, 1, form) {
		if w, ok := r.label(b); ok {
			f.Label = Word{strings.TrimSpace(w.Text), w.Range}
		}
	}
	a := b.Body.Attributes["outside"]
	if a == nil {
		r.missing(f.Range, "the foreign block", "outside", `outside = "error", "null", "stub", "drop" or "include"`)
	}
	f.Outside = Outside(r.choice(a, string(OutsideError), string(OutsideNull), string(OutsideStub), string(OutsideDrop),
		string(OutsideInclude)))
	return f
}
