package oracle

import (
	"maps"
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
	for _, t := range o.Schema.Tables {
		if !t.Made() {
			continue
		}
		rows := [][]value.Value{}
		for i, row := range o.rows(t) {
			switch {
			case taken[t][i]:
				out := maps.Clone(row)
				if o.blank(t, out, taken, stubs) {
					failed = t.Name.String()
				}
				rows = append(rows, o.masked(t, out, key))
			case stubs[t][i]:
				rows = append(rows, o.masked(t, o.stub(t, row), key))
			}
		}
		copied[t.Name.String()] = rows
	}
	return copied, failed
}

// blank sets to NULL what leads outside, and tells whether a reference leads there that must not.
func (o *Oracle) blank(t *filter.Table, row Row, taken, stubs Sets) (failed bool) {
	whole := maps.Clone(row)
	for _, r := range t.References {
		if hasNull(whole, r.Columns) || o.blanked(r) || r.Parent.Made() && o.there(r, whole, taken, stubs) {
			continue
		}
		switch r.Outside {
		case schemamap.OutsideNull:
			for _, name := range r.Blankable() {
				row[name] = value.Value{}
			}
		case schemamap.OutsideError:
			failed = true
		}
	}
	return failed
}

// there tells whether the copy has a row that the reference names: by what the row holds in the copy.
func (o *Oracle) there(r *filter.Reference, row Row, taken, stubs Sets) bool {
	for i, candidate := range o.rows(r.Parent) {
		if taken[r.Parent][i] && refers(r.Parent, r.Columns, row, candidate) ||
			stubs[r.Parent][i] && refers(r.Parent, r.Columns, row, o.stub(r.Parent, candidate)) {
			return true
		}
	}
	return false
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

// stub is what a stub row holds: its key, and NULL or the declared dummy elsewhere.
func (o *Oracle) stub(t *filter.Table, whole Row) Row {
	row, keys := maps.Clone(whole), map[string]bool{}
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
			row[f.Name] = declared(*f.Stub, f.Type)
		}
	}
	return row
}

// declared is a dummy that a map declares as a cell of its column.
func declared(v value.Value, t value.Type) value.Value {
	switch t.Kind {
	case value.Number:
		if exact := number(v); exact != nil {
			return value.NewDecimal(exact.FloatString(t.Scale))
		}
	case value.Real:
		if exact := number(v); exact != nil {
			near, _ := exact.Float64()
			return value.NewFloat(near)
		}
	case value.Date, value.TimeOfDay, value.Timestamp, value.TimestampTZ:
		return value.NewTime(v.Text())
	}
	return v
}

func (o *Oracle) masked(t *filter.Table, row Row, key *mask.Key) []value.Value {
	var cells []value.Value
	for i := range t.Fields {
		f := &t.Fields[i]
		if f.Omit || !f.Inserted() {
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
