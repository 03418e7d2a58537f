package filter

import (
	"fmt"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/mask/value"
)

const never = "1 = 0"

// Included is the SQL condition that a row of t, under an alias, is included. It is "" where every row is.
func (s *Sets) Included(t *Table, alias string) string { return s.included(t, alias, 1) }

// Leads is the condition that one path of a table leads a row to the provider.
func (s *Sets) Leads(p *Path, alias string) string { return s.path(p, alias, 1) }

// Kept is the condition that outside = "drop" on a reference leaves a row in.
func (s *Sets) Kept(r *Reference, alias string) string { return s.kept(r, alias, 1) }

// Taken is the condition that a row is copied with its columns: included, or added by a foreign key's include.
func (s *Sets) Taken(t *Table, alias string) string { return s.taken(t, alias, 1) }

// Copied is the condition that a row is copied at all: taken, or as a stub.
func (s *Sets) Copied(t *Table, alias string) string { return s.copied(t, alias, 1) }

// Stubbed is the condition that a row is copied as a stub only, or "" and false where t has no stubs.
func (s *Sets) Stubbed(t *Table, alias string) (string, bool) {
	work, ok := s.stubs[t]
	if !ok {
		return "", false
	}
	return s.inWork(work, t, alias), true
}

// Adds reports whether rows of t may be copied without being included.
func (s *Sets) Adds(t *Table) (added, stubs bool) {
	_, added = s.added[t]
	_, stubs = s.stubs[t]
	return added, stubs
}

// Outside is the condition that a row's reference leads to a row that is not copied.
func (s *Sets) Outside(r *Reference, alias string) string {
	return and(s.notNull(r.ChildColumns(), alias), "NOT ("+s.Inside(r, alias)+")")
}

// Inside is the condition that a row's reference leads to a row that is copied. It is not true where a column of the
// reference is NULL.
func (s *Sets) Inside(r *Reference, alias string) string {
	if !r.Parent.Made() || r.Parent.Rule == NoneKept {
		return never
	}
	copied := s.copied
	if _, ok := s.stubs[r.Parent]; ok && !subset(r.ParentColumns(), s.Schema.StubColumns(r.Parent)) {
		copied = s.taken // a stub row doesn't have what this key references
	}
	return s.exists(r.Parent, r.Columns, alias, 1, copied)
}

func subset(columns, of []string) bool {
	return !slices.ContainsFunc(columns, func(c string) bool { return !slices.Contains(of, c) })
}

func (s *Sets) taken(t *Table, alias string, depth int) string {
	condition := s.included(t, alias, depth)
	if work, ok := s.added[t]; ok && condition != "" {
		condition = "(" + condition + " OR " + s.inWork(work, t, alias) + ")"
	}
	return condition
}

func (s *Sets) copied(t *Table, alias string, depth int) string {
	condition := s.taken(t, alias, depth)
	if work, ok := s.stubs[t]; ok && condition != "" {
		condition = "(" + condition + " OR " + s.inWork(work, t, alias) + ")"
	}
	return condition
}

// included writes the condition out, or asks the key set. depth numbers the aliases, so that none is ever captured.
func (s *Sets) included(t *Table, alias string, depth int) string {
	switch t.Rule {
	case AllRows:
		return ""
	case NoRows, NoneKept:
		return never
	}
	if work, ok := s.keys[t]; ok {
		return s.inWork(work, t, alias)
	}
	return and(s.reached(t, alias, depth), s.narrowing(t, alias, depth))
}

// reached combines the conditions of the paths.
func (s *Sets) reached(t *Table, alias string, depth int) string {
	conditions := make([]string, len(t.Paths))
	for i, p := range t.Paths {
		conditions[i] = s.path(p, alias, depth)
	}
	if len(conditions) == 1 {
		return conditions[0]
	}
	combine := " OR "
	if t.Match == schemamap.MatchAll {
		combine = " AND "
	}
	return "(" + strings.Join(conditions, combine) + ")"
}

func (s *Sets) path(p *Path, alias string, depth int) string {
	if p.Up {
		return s.via(p, alias, depth)
	}
	return s.from(p, alias, depth)
}

// via is the condition that the parent row is included, or that NULL is and there is none.
func (s *Sets) via(p *Path, alias string, depth int) string {
	condition := s.exists(p.Other, p.Pairs, alias, depth, s.included)
	if p.NullInclude {
		return "(" + condition + " OR " + s.anyNull(childColumns(p.Pairs), alias) + ")"
	}
	return condition
}

// from is the condition that some included child row names this row.
func (s *Sets) from(p *Path, alias string, depth int) string {
	child := fmt.Sprintf("p%d", depth)
	if len(p.Pairs) == 1 { // a set that doesn't depend on the row: the engine computes it once
		return s.column(alias, p.Pairs[0].Parent) + " IN (" + s.selectFrom(p.Other, child, s.column(child, p.Pairs[0].Child), s.included(p.Other, child, depth+1)) + ")"
	}
	return "EXISTS (" + s.selectFrom(p.Other, child, "1", and(s.pairs(p.Pairs, alias, child), s.included(p.Other, child, depth+1))) + ")"
}

// exists is the condition that the parent row of a reference satisfies condition. A key set over just the referenced
// columns is asked without going through the parent table.
func (s *Sets) exists(parent *Table, pairs []catalog.Pair, alias string, depth int, condition func(*Table, string, int) string) string {
	key := fmt.Sprintf("p%d", depth)
	_, added := s.added[parent]
	_, stubs := s.stubs[parent]
	if work, ok := s.keys[parent]; ok && !added && !stubs && sameColumns(parentColumns(pairs), parent.Identity(), func(x, y string) bool { return x == y }) {
		return "EXISTS (SELECT 1 FROM " + s.Dialect.Work(work) + " " + key + " WHERE " + s.pairs(pairs, key, alias) + ")"
	}
	return "EXISTS (" + s.selectFrom(parent, key, "1", and(s.pairs(pairs, key, alias), condition(parent, key, depth+1))) + ")"
}

func (s *Sets) selectFrom(t *Table, alias, columns, where string) string {
	text := "SELECT " + columns + " FROM " + s.Dialect.Table(t.Name) + " " + alias
	if where != "" {
		text += " WHERE " + where
	}
	return text
}

// inWork is the condition that a row's key is in a work table.
func (s *Sets) inWork(work string, t *Table, alias string) string {
	conditions := make([]string, 0, 1)
	for _, name := range t.Identity() {
		conditions = append(conditions, s.column("k", name)+" = "+s.column(alias, name))
	}
	return "EXISTS (SELECT 1 FROM " + s.Dialect.Work(work) + " k WHERE " + strings.Join(conditions, " AND ") + ")"
}

// narrowing is what where, drop and units take away.
func (s *Sets) narrowing(t *Table, alias string, depth int) string {
	var conditions []string
	if t == s.Schema.Unit && len(s.Request.Units) > 0 {
		conditions = append(conditions, s.ordered(workUnits, alias, s.Schema.UnitKey))
	}
	if t.Where != nil {
		text, err := s.where(t, alias)
		if err != nil { // Compile has refused it
			return never
		}
		conditions = append(conditions, "("+text+")")
	}
	for _, r := range t.References {
		if r.Outside == schemamap.OutsideDrop {
			conditions = append(conditions, s.kept(r, alias, depth))
		}
	}
	return and(conditions...)
}

// where writes the table's where condition out.
func (s *Sets) where(t *Table, alias string) (string, error) {
	return schemamap.Print(t.Where.Expr, s.Dialect, func(name string) (string, value.Type) {
		return s.column(alias, name), t.Column(name).Type
	})
}

// kept is the condition that outside = "drop" leaves a row in: it references nothing, or an included row.
func (s *Sets) kept(r *Reference, alias string, depth int) string {
	null := s.anyNull(r.ChildColumns(), alias)
	if !r.Parent.Made() || r.Parent.Rule == NoneKept {
		return null
	}
	return "(" + null + " OR " + s.exists(r.Parent, r.Columns, alias, depth, s.included) + ")"
}

// pairs compares the columns of a foreign key, the parent's way.
func (s *Sets) pairs(pairs []catalog.Pair, parent, child string) string {
	conditions := make([]string, len(pairs))
	for i, p := range pairs {
		conditions[i] = s.Dialect.Compare(s.column(parent, p.Parent), s.column(child, p.Child))
	}
	return strings.Join(conditions, " AND ")
}

func (s *Sets) anyNull(columns []string, alias string) string {
	conditions := make([]string, len(columns))
	for i, name := range columns {
		conditions[i] = s.column(alias, name) + " IS NULL"
	}
	return "(" + strings.Join(conditions, " OR ") + ")"
}

func (s *Sets) notNull(columns []string, alias string) string {
	conditions := make([]string, len(columns))
	for i, name := range columns {
		conditions[i] = s.column(alias, name) + " IS NOT NULL"
	}
	return strings.Join(conditions, " AND ")
}

func childColumns(pairs []catalog.Pair) []string {
	names := make([]string, len(pairs))
	for i, p := range pairs {
		names[i] = p.Child
	}
	return names
}

func parentColumns(pairs []catalog.Pair) []string {
	names := make([]string, len(pairs))
	for i, p := range pairs {
		names[i] = p.Parent
	}
	return names
}
