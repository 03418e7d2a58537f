// Package oracle decides, in memory and with no SQL, which rows a care provider's copy holds. It is the text of
// design.md, section 4, written down as slowly and plainly as it can be said, and every engine, plan and verification
// is held against it. Only tests import it.
package oracle

import (
	"math/big"
	"strings"
	"unicode"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/mask/value"
)

// Row is one row: cells by column.
type Row map[string]value.Value

// Data are the rows of a database by table name as catalog.Name prints it.
type Data map[string][]Row

// Sets are row numbers by table.
type Sets map[*filter.Table]map[int]bool

// Oracle answers for one map, request and database.
type Oracle struct {
	Schema  *filter.Schema
	Request filter.Request
	Data    Data
}

func (o *Oracle) rows(t *filter.Table) []Row { return o.Data[t.Name.String()] }

// Included are the least sets of section 4: start with nothing, and repeat the rules until no rule adds a row.
func (o *Oracle) Included() Sets {
	in := Sets{}
	for _, t := range o.Schema.Tables {
		in[t] = map[int]bool{}
	}
	for changed := true; changed; {
		changed = false
		for _, t := range o.Schema.Tables {
			for i, row := range o.rows(t) {
				if !in[t][i] && o.belongs(in, t, row) {
					in[t][i], changed = true, true
				}
			}
		}
	}
	return in
}

// Astray tells whether an ordered unit is not one of the provider's.
func (o *Oracle) Astray() bool {
	return len(o.Request.Units) > 0 && len(o.Included()[o.Schema.Unit]) != len(o.Request.Units)
}

func (o *Oracle) belongs(in Sets, t *filter.Table, row Row) bool {
	switch t.Rule {
	case filter.AllRows:
		return true
	case filter.NoRows, filter.NoneKept:
		return false
	case filter.Anchor:
		return Same(o.Schema.AnchorKey, row[o.Schema.AnchorKey.Name], filter.KeyValue(o.Request.Provider, o.Schema.AnchorKey))
	}
	reached := t.Match == schemamap.MatchAll
	for _, p := range t.Paths {
		if t.Match == schemamap.MatchAll {
			reached = reached && o.leads(in, t, p, row)
		} else {
			reached = reached || o.leads(in, t, p, row)
		}
	}
	return reached && !o.takenAway(in, t, row)
}

func (o *Oracle) takenAway(in Sets, t *filter.Table, row Row) bool {
	if t.Where != nil {
		truth := schemamap.Eval(t.Where.Expr, func(c string) value.Value { return row[c] }, func(c string) value.Collation { return t.Column(c).Type.Collation })
		if truth != schemamap.True {
			return true
		}
	}
	if t == o.Schema.Unit && len(o.Request.Units) > 0 {
		ordered := false
		for _, u := range o.Request.Units {
			ordered = ordered || Same(o.Schema.UnitKey, row[o.Schema.UnitKey.Name], filter.KeyValue(u, o.Schema.UnitKey))
		}
		if !ordered {
			return true
		}
	}
	for _, r := range t.References {
		if r.Outside == schemamap.OutsideDrop && !hasNull(row, r.Columns) && !o.names(r.Parent, r.Columns, row, in[r.Parent]) {
			return true
		}
	}
	return false
}

// leads tells whether one path includes a row.
func (o *Oracle) leads(in Sets, t *filter.Table, p *filter.Path, row Row) bool {
	if p.Up {
		return p.NullInclude && hasNull(row, p.Pairs) || o.names(p.Other, p.Pairs, row, in[p.Other])
	}
	for i, child := range o.rows(p.Other) {
		if in[p.Other][i] && refers(t, p.Pairs, child, row) {
			return true
		}
	}
	return false
}

// names tells whether a row references some row of parent that is in a set.
func (o *Oracle) names(parent *filter.Table, pairs []catalog.Pair, row Row, set map[int]bool) bool {
	for i, candidate := range o.rows(parent) {
		if set[i] && refers(parent, pairs, row, candidate) {
			return true
		}
	}
	return false
}

// refers tells whether a child row references a row of parent.
func refers(parent *filter.Table, pairs []catalog.Pair, child, candidate Row) bool {
	for _, p := range pairs {
		if !Same(parent.Column(p.Parent), candidate[p.Parent], child[p.Child]) {
			return false
		}
	}
	return true
}

func hasNull(row Row, pairs []catalog.Pair) bool {
	for _, p := range pairs {
		if row[p.Child].IsNull() {
			return true
		}
	}
	return false
}

// Same tells whether two cells are equal as a column compares them. NULL equals nothing.
func Same(column *catalog.Column, a, b value.Value) bool {
	if a.IsNull() || b.IsNull() {
		return false
	}
	if x, y := number(a), number(b); x != nil && y != nil {
		return x.Cmp(y) == 0
	}
	if a.Form() != b.Form() {
		return false
	}
	if a.Form() == value.Bool {
		return a.Bool() == b.Bool()
	}
	x, y := a.Text(), b.Text()
	if column != nil && a.Form() == value.Text {
		if column.Type.Kind == value.UUID {
			return strings.EqualFold(x, y)
		}
		x, y = folded(x, column.Type.Collation), folded(y, column.Type.Collation)
	}
	return x == y
}

// number is a number exactly, or nil.
func number(v value.Value) *big.Rat {
	switch v.Form() {
	case value.Int:
		return new(big.Rat).SetInt64(v.Int())
	case value.Float:
		return new(big.Rat).SetFloat64(v.Float()) // nil where it is no number
	case value.Decimal:
		if exact, ok := new(big.Rat).SetString(v.Text()); ok {
			return exact
		}
		panic("oracle: a decimal that is none")
	}
	return nil
}

// folded is a text as a collation compares it. Case is folded as simply as Unicode does, character by character.
func folded(s string, c value.Collation) string {
	if c.IgnoresAccents {
		panic("oracle: no case has a collation that ignores accents")
	}
	if c.IgnoresTrailingSpace {
		s = strings.TrimRight(s, " ")
	}
	if c.IgnoresCase {
		s = strings.Map(func(r rune) rune {
			if 'A' <= r && r <= 'Z' {
				return r + 'a' - 'A'
			}
			if c.ASCIIOnly {
				return r
			}
			return unicode.ToLower(unicode.ToUpper(r))
		}, s)
	}
	return s
}
