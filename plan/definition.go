package plan

import (
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
)

// definition is the table as the copy makes it. What can't be made, because a column is left out or its content
// changes, is said in words.
func (b *builder) definition(t *filter.Table, table *Table) {
	omitted := func(name string) bool { return t.Field(name) != nil && t.Field(name).Omit }
	changed := func(name string) bool {
		f := t.Field(name)
		return f != nil && (f.Omit || f.Mask != nil || len(b.blanked[t][name]) > 0)
	}
	def := *t.Table
	def.RowEstimate, def.Columns, def.Triggers = nil, nil, nil
	for _, name := range t.Triggers {
		table.Changes = append(table.Changes, "trigger "+name+" is not made")
	}
	def.Options = kept(t.Options, func(option string) bool { return strings.HasPrefix(option, catalog.NotCopied) }, func(option string) {
		table.Changes = append(table.Changes, strings.TrimPrefix(option, catalog.NotCopied)+" is not made")
	})
	if def.Temporal != nil {
		if history := b.plan.schema.Table(def.Temporal.History); history == nil || !history.Made() || changed(def.Temporal.Start) || changed(def.Temporal.End) {
			def.Temporal = nil
			table.Changes = append(table.Changes, "former rows are not kept: the table of former rows, or a column of the period, is left out or changed")
		}
	}
	if def.Partitioning != "" {
		def.Partitioning = ""
		table.Changes = append(table.Changes, "the table is not divided into partitions")
	}
	for i := range t.Fields {
		f := &t.Fields[i]
		if f.Omit {
			continue
		}
		column := *f.Column
		if f.Mask != nil {
			if i := slices.IndexFunc(table.Columns, func(c Column) bool { return c.Name == f.Name }); i >= 0 {
				column.Type, column.EngineType = table.Columns[i].Type, table.Columns[i].EngineType
				if !f.Effect.Blanks {
					column.DataType = catalog.Name{} // columns has named the type beneath
				}
			}
			if column.Default != "" {
				column.Default, column.DefaultName = "", ""
				table.Changes = append(table.Changes, "masked column "+f.Name+" has no default")
			}
		}
		def.Columns = append(def.Columns, column)
	}
	def.UniqueKeys = kept(t.UniqueKeys, func(k catalog.Key) bool { return slices.ContainsFunc(k.Columns, omitted) }, func(k catalog.Key) {
		table.Changes = append(table.Changes, "unique key ("+strings.Join(k.Columns, ", ")+") is not made: a column is left out")
	})
	def.Indexes = kept(t.Indexes, func(i catalog.Index) bool {
		return slices.ContainsFunc(i.Columns, omitted) || slices.ContainsFunc(t.Columns, func(c catalog.Column) bool {
			return changed(c.Name) && !slices.Contains(i.Columns, c.Name) && filter.Mentions(i.Definition, c.Name)
		})
	}, func(i catalog.Index) {
		table.Changes = append(table.Changes, "index "+i.Name+" is not made: it stands on a column that is left out or changed")
	})
	def.Checks = kept(t.Checks, func(c catalog.Check) bool { return slices.ContainsFunc(c.Columns, changed) }, func(c catalog.Check) {
		table.Changes = append(table.Changes, "CHECK on "+strings.Join(c.Columns, ", ")+" is not made: a column is left out or changed")
	})
	def.ForeignKeys = nil
	for _, r := range t.References {
		if b.made(r) {
			def.ForeignKeys = append(def.ForeignKeys, *r.ForeignKey)
		} else {
			table.Changes = append(table.Changes, "foreign key ("+strings.Join(r.ChildColumns(), ", ")+") to "+r.Parent.Name.String()+" is not made")
		}
	}
	table.Definition = def
}

// kept returns the items that are not lost, and calls note on those that are.
func kept[T any](items []T, lost func(T) bool, note func(T)) []T {
	var rest []T
	for _, item := range items {
		if lost(item) {
			note(item)
		} else {
			rest = append(rest, item)
		}
	}
	return rest
}

// loadOrder puts each table after those that it references. Inside a circle of references, those that can be NULL are
// looked past first, because they can be filled afterwards.
func (b *builder) loadOrder() (order []*filter.Table, position map[*filter.Table]int) {
	var made []*filter.Table
	for _, t := range b.plan.schema.Tables {
		if t.Made() {
			made = append(made, t)
		}
	}
	parents := func(required bool, among []*filter.Table) func(*filter.Table) []*filter.Table {
		return func(t *filter.Table) []*filter.Table {
			var tables []*filter.Table
			for _, r := range t.References {
				if b.made(r) && r.Parent != t && (!required || t.NotNull(r.ChildColumns())) && (among == nil || slices.Contains(among, r.Parent)) {
					tables = append(tables, r.Parent)
				}
			}
			return tables
		}
	}
	for _, circle := range filter.Components(made, parents(false, nil)) {
		if len(circle) == 1 {
			order = append(order, circle[0])
			continue
		}
		for _, part := range filter.Components(circle, parents(true, circle)) {
			order = append(order, part...)
		}
	}
	position = make(map[*filter.Table]int, len(order))
	for i, t := range order {
		position[t] = i
	}
	return order, position
}
