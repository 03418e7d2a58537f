package schemamap

import (
	"fmt"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/utdrag/utdrag/filter/diag"
)

func (r *reader) readMap(body *hclsyntax.Body) *Map {
	r.names(body, "a map", []string{"version", "strict"}, []string{"provider", "table", "reference", "excluded", "allowed"})
	m := &Map{Source: append([]byte(nil), r.src...), File: r.file}
	m.Version = r.version(body)
	m.Strict, _ = r.flag(body.Attributes["strict"])
	r.provider(m, body)
	for _, b := range blocks(body, "table") {
		if t, ok := r.table(b, m.Provider.Table); ok {
			m.Tables = append(m.Tables, t)
		}
	}
	for _, b := range blocks(body, "reference") {
		m.Reference = append(m.Reference, r.listing(b))
	}
	for _, b := range blocks(body, "excluded") {
		m.Excluded = append(m.Excluded, r.listing(b))
	}
	for _, b := range blocks(body, "allowed") {
		m.Allowed = append(m.Allowed, r.allowed(b))
	}
	r.allowOnce(m, r.accountOnce(m))
	return m
}

func (r *reader) version(body *hclsyntax.Body) int {
	a := body.Attributes["version"]
	if a == nil {
		top := diag.Pos{Line: 1, Column: 1}
		r.missing(diag.Range{File: r.file, Start: top, End: top}, "the map", "version", "version = 1")
		return 0
	}
	l, ok := a.Expr.(*hclsyntax.LiteralValueExpr)
	if !ok || l.Val.IsNull() || l.Val.Type() != cty.Number || !l.Val.RawEquals(cty.NumberIntVal(1)) {
		r.refuse(CodeVersion, r.hclRange(a.Expr.Range()), "this version of the map language is not known", "write version = 1")
		return 0
	}
	return 1
}

// only returns the first block of a type that may be written once, and refuses the others.
func (r *reader) only(body *hclsyntax.Body, name string) *hclsyntax.Block {
	found := blocks(body, name)
	if len(found) == 0 {
		return nil
	}
	for _, b := range found[1:] {
		r.refuse(CodeTwice, r.header(b), fmt.Sprintf("the %s block is written twice", name),
			fmt.Sprintf("first at %s; keep one", r.header(found[0])))
	}
	return found[0]
}

func (r *reader) provider(m *Map, body *hclsyntax.Body) {
	const form = `provider { … } with table = "…" and key = "…"`
	b := r.only(body, "provider")
	if b == nil {
		top := diag.Pos{Line: 1, Column: 1}
		r.missing(diag.Range{File: r.file, Start: top, End: top}, "the map", "provider block", form)
		return
	}
	r.labels(b, 0, 0, form)
	r.names(b.Body, "the provider block", []string{"table", "key"}, []string{"unit"})
	m.Provider.Range = r.header(b)
	m.Provider.Table, m.Provider.Key = r.keyed(b)
	u := r.only(b.Body, "unit")
	if u == nil {
		return
	}
	r.labels(u, 0, 0, `unit { … } with table = "…" and key = "…"`)
	r.names(u.Body, "the unit block", []string{"table", "key"}, nil)
	unit := &Unit{Range: r.header(u)}
	unit.Table, unit.Key = r.keyed(u)
	m.Provider.Unit = unit
	if unit.Table.Table != "" && unit.Table.key() == m.Provider.Table.key() {
		r.refuse(CodeUnitTable, unit.Table.Range, fmt.Sprintf("%s is both the provider's table and the unit table", unit.Table),
			"name the table of care units, or remove the unit block")
	}
}

// keyed reads the table and key of a provider or unit block.
func (r *reader) keyed(b *hclsyntax.Block) (TableName, Word) {
	for _, name := range []string{"table", "key"} {
		if b.Body.Attributes[name] == nil {
			r.missing(r.header(b), "the "+b.Type+" block", name, name+` = "…"`)
		}
	}
	t, _ := r.tableAttribute(b.Body.Attributes["table"])
	return t, r.name(b.Body.Attributes["key"])
}

// listing reads a reference or excluded block.
func (r *reader) listing(b *hclsyntax.Block) Listing {
	form := b.Type + ` { … } with tables = ["…"] and reason = "…"`
	r.labels(b, 0, 0, form)
	r.names(b.Body, "a "+b.Type+" block", []string{"tables", "reason"}, nil)
	found := Listing{Range: r.header(b)}
	if a := b.Body.Attributes["tables"]; a == nil {
		r.missing(r.header(b), "the "+b.Type+" block", "tables", form)
	} else {
		found.Tables = r.tableNames(a)
	}
	found.Reason = r.needed(b)
	return found
}

// tableNames reads an attribute that lists names of tables, or of what is named as they are.
func (r *reader) tableNames(a *hclsyntax.Attribute) []TableName {
	var found []TableName
	for _, l := range r.list(a) {
		if t, ok := r.tableName(l.text, l.rng); ok {
			found = append(found, t)
		}
	}
	return found
}

// needed reads the reason of a block that must have one.
func (r *reader) needed(b *hclsyntax.Block) Word {
	if b.Body.Attributes["reason"] == nil {
		r.refuse(CodeReasonMissing, r.header(b), "the "+b.Type+" block has no reason", `write reason = "…"`)
	}
	return r.reason(b.Body.Attributes["reason"])
}

// accountOnce refuses a table that more than one block accounts for, and returns where each stands. Names are compared as written;
// whether dbo.X and X are the same table is for the catalog to say.
func (r *reader) accountOnce(m *Map) firsts {
	seen := firsts{}
	for _, t := range m.Tables {
		seen.again(r, CodeTableTwice, t.Name.key(), t.Name.Range, fmt.Sprintf("table %s has two blocks", t.Name), "write one block")
	}
	listed := func(block string, listings []Listing) {
		for _, l := range listings {
			for _, t := range l.Tables {
				switch {
				case m.Provider.Table.Table != "" && t.key() == m.Provider.Table.key():
					r.refuse(CodeProviderTable, t.Range, fmt.Sprintf("the provider's table %s is listed in %s", t, block),
						"remove it: of that table, the ordered row is copied")
				case m.Provider.Unit != nil && t.key() == m.Provider.Unit.Table.key():
					r.refuse(CodeUnitTable, t.Range, fmt.Sprintf("the unit table %s is listed in %s", t, block),
						"write a table block with a path to the provider")
				default:
					seen.again(r, CodeTableTwice, t.key(), t.Range, fmt.Sprintf("table %s is accounted for twice", t),
						"account for it once")
				}
			}
		}
	}
	listed("reference", m.Reference)
	listed("excluded", m.Excluded)
	return seen
}
