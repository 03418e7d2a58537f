package oracle

import (
	"slices"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/mask/value"
)

// Copy are the rows that a copy holds, as it holds them, by table name: only tables that are made, only columns that
// are copied, in ordinal order. failed names a table under outside = "error" where a row does lead outside; then
// there is no copy.
func (o *Oracle) Copy(key *mask.Key) (copied map[string][][]value.Value, failed string) {
	in := o.Included()
	taken, stubs := o.add(in)
	copied = map[string][][]value.Value{}
	there := func(t *filter.Table) map[int]bool {
		all := map[int]bool{}
		for i := range o.rows(t) {
			all[i] = taken[t][i] || stubs[t][i]
		}
		return all
	}
	for _, t := range o.Schema.Tables {
		if !t.Made() {
			continue
		}
		rows := [][]value.Value{}
		for i, row := range o.rows(t) {
			if !taken[t][i] && !stubs[t][i] {
				continue
			}
			out := Row{}
			for name, cell := range row {
				out[name] = cell
			}
			if taken[t][i] {
				for _, r := range t.References {
					if hasNull(row, r.Columns) || r.Parent.Made() && o.names(r.Parent, r.Columns, row, there(r.Parent)) {
						continue
					}
					switch {
					case o.blanked(r):
					case r.Outside == schemamap.OutsideNull:
						for _, name := range r.Blankable() {
							out[name] = value.Value{}
						}
					case r.Outside == schemamap.OutsideError:
						failed = t.Name.String()
					}
				}
			} else {
				o.stub(t, out)
			}
			rows = append(rows, o.masked(t, out, key))
		}
		copied[t.Name.String()] = rows
	}
	return copied, failed
}

// blanked tells whether the copy keeps no reference at all: a column is omitted or masked with NULL.
func (o *Oracle) blanked(r *filter.Reference) bool {
	return slices.ContainsFunc(r.ChildColumns(), func(name string) bool {
		f := r.Child.Field(name)
		return f.Omit || f.Mask != nil && f.Mask.Name() == "null"
	})
}

// add follows the include policies from the rows taken so far until they add no more, and then the stub policies.
func (o *Oracle) add(in Sets) (taken, stubs Sets) {
	taken, stubs = Sets{}, Sets{}
	for _, t := range o.Schema.Tables {
		taken[t], stubs[t] = map[int]bool{}, map[int]bool{}
		for i := range in[t] {
			taken[t][i] = true
		}
	}
	for changed := true; changed; {
		changed = o.follow(taken, schemamap.OutsideInclude, func(t *filter.Table, i int) bool {
			if taken[t][i] {
				return false
			}
			taken[t][i] = true
			return true
		})
	}
	o.follow(taken, schemamap.OutsideStub, func(t *filter.Table, i int) bool {
		if !taken[t][i] {
			stubs[t][i] = true
		}
		return false
	})
	return taken, stubs
}

func (o *Oracle) follow(taken Sets, policy schemamap.Outside, found func(*filter.Table, int) bool) (changed bool) {
	for _, t := range o.Schema.Tables {
		for _, r := range t.References {
			if r.Outside != policy {
				continue
			}
			for i, row := range o.rows(t) {
				if !taken[t][i] {
					continue
				}
				for j, candidate := range o.rows(r.Parent) {
					if refers(r.Parent, r.Columns, row, candidate) && found(r.Parent, j) {
						changed = true
					}
				}
			}
		}
	}
	return changed
}

// stub leaves a row its key, and NULL or the declared dummy elsewhere.
func (o *Oracle) stub(t *filter.Table, row Row) {
	keys := map[string]bool{}
	if t.PrimaryKey != nil {
		for _, name := range t.PrimaryKey.Columns {
			keys[name] = true
		}
	}
	for _, child := range o.Schema.Tables {
		for _, r := range child.References {
			if r.Parent == t && r.Outside == schemamap.OutsideStub {
				for _, name := range r.ParentColumns() {
					keys[name] = true
				}
			}
		}
	}
	for i := range t.Fields {
		f := &t.Fields[i]
		if keys[f.Name] {
			continue
		}
		row[f.Name] = value.Value{}
		if f.Stub != nil {
			row[f.Name] = *f.Stub
		}
	}
}

func (o *Oracle) masked(t *filter.Table, row Row, key *mask.Key) []value.Value {
	var cells []value.Value
	for i := range t.Fields {
		f := &t.Fields[i]
		if f.Omit || f.Computed != "" {
			continue
		}
		cell := row[f.Name]
		if f.Mask != nil {
			apply, err := f.Mask.Func(t.MaskColumn(f.Name), key)
			if err != nil {
				panic("oracle: a mask that fitted has no Go form")
			}
			if cell, err = apply(cell); err != nil {
				panic("oracle: a mask that fitted failed")
			}
		}
		cells = append(cells, cell)
	}
	return cells
}
