package filter_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/oracle"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/mask/value"
)

// disturbed is a database in which only what the provider doesn't see has changed.
type disturbed struct {
	data  oracle.Data
	count int
}

// disturb changes, removes and adds rows one by one, and keeps each change after which the oracle gives the same copy and all
// foreign keys hold. What is left are changes of other providers' rows, and of such cells of stub rows as the copy doesn't hold.
func disturb(o *oracle.Oracle, key *mask.Key, want map[string][][]value.Value, seed int) disturbed {
	random := rand.New(rand.NewPCG(uint64(seed), 5))
	now := oracle.Data{}
	for name, rows := range o.Data {
		now[name] = slices.Clone(rows)
	}
	d := disturbed{data: now}
	number := 1000
	same := func() bool {
		changed := &oracle.Oracle{Schema: o.Schema, Request: o.Request, Data: now}
		got, failed := changed.Copy(key)
		return failed == "" && whole(changed) && cmp.Equal(printed(want), printed(got), cmpopts.EquateEmpty())
	}
	for range 3 {
		for _, t := range o.Schema.Tables {
			name := t.Name.String()
			for i := 0; i < len(now[name]); i++ {
				before := now[name]
				next := slices.Clone(before)
				switch random.IntN(4) {
				case 0:
					next = slices.Delete(next, i, i+1)
				case 1:
					added := maps.Clone(next[i])
					number++
					if !fresh(t, added, number) {
						continue
					}
					next = append(next, added)
				default:
					next[i] = maps.Clone(next[i])
					for range 2 {
						change(t, next[i], random, now)
					}
				}
				if cmp.Equal(next, before, cmp.Comparer(func(a, b value.Value) bool { return a == b })) {
					continue
				}
				if now[name] = next; same() {
					d.count++
				} else {
					now[name] = before
				}
			}
		}
	}
	return d
}

// printed are rows as sorted lines.
func printed(tables map[string][][]value.Value) map[string][]string {
	all := map[string][]string{}
	for name, rows := range tables {
		for _, row := range rows {
			line := ""
			for _, cell := range row {
				line += fmt.Sprintf("%v %q|", cell.Form(), content(cell))
			}
			all[name] = append(all[name], line)
		}
		slices.Sort(all[name])
	}
	return all
}

// content is a cell's content: values don't print themselves.
func content(v value.Value) string {
	switch v.Form() {
	case value.Null:
		return ""
	case value.Int:
		return fmt.Sprint(v.Int())
	case value.Float:
		return fmt.Sprint(v.Float())
	case value.Bool:
		return fmt.Sprint(v.Bool())
	}
	return v.Text()
}

// whole reports whether every reference leads to a row.
func whole(o *oracle.Oracle) bool {
	for _, t := range o.Schema.Tables {
		for _, r := range t.References {
			for _, row := range o.Data[t.Name.String()] {
				null := slices.ContainsFunc(r.Columns, func(p catalog.Pair) bool { return row[p.Child].IsNull() })
				if null {
					continue
				}
				if !slices.ContainsFunc(o.Data[r.Parent.Name.String()], func(parent oracle.Row) bool {
					return !slices.ContainsFunc(r.Columns, func(p catalog.Pair) bool {
						return !oracle.Same(r.Parent.Column(p.Parent), parent[p.Parent], row[p.Child])
					})
				}) {
					return false
				}
			}
		}
	}
	return true
}

// keyed reports whether a column is part of a key that rows are told apart by.
func keyed(t *filter.Table, name string) bool {
	return slices.ContainsFunc(t.Keys(), func(k catalog.Key) bool { return slices.Contains(k.Columns, name) }) ||
		slices.ContainsFunc(t.Indexes, func(i catalog.Index) bool { return i.Unique && slices.Contains(i.Columns, name) })
}

// change gives one cell that is no part of a key another content of its column, or of a referenced one.
func change(t *filter.Table, row oracle.Row, random *rand.Rand, data oracle.Data) {
	f := &t.Fields[random.IntN(len(t.Fields))]
	if keyed(t, f.Name) || f.Computed != "" {
		return
	}
	if _, there := row[f.Name]; !there {
		return
	}
	for _, r := range t.References {
		for _, p := range r.Columns {
			if p.Child == f.Name && len(r.Columns) == 1 {
				if parents := data[r.Parent.Name.String()]; len(parents) > 0 {
					if cell := parents[random.IntN(len(parents))][p.Parent]; !cell.IsNull() || f.Nullable {
						row[f.Name] = cell
					}
				}
				return
			} else if p.Child == f.Name {
				return
			}
		}
	}
	switch {
	case f.Name == "N":
		row["N"] = value.NewInt(int64(random.IntN(10)))
	case f.Name == "Txt":
		row["Txt"] = value.NewText([]string{"Anna", "a", "åäö", "x", "björk", "zz", "ab"}[random.IntN(7)])
	default:
		rows := data[t.Name.String()]
		row[f.Name] = rows[random.IntN(len(rows))][f.Name]
	}
}

// fresh gives a row keys that no other has, where they are numbers or texts.
func fresh(t *filter.Table, row oracle.Row, number int) bool {
	for i := range t.Fields {
		f := &t.Fields[i]
		if !keyed(t, f.Name) {
			continue
		}
		switch cell := row[f.Name]; cell.Form() {
		case value.Int:
			row[f.Name] = value.NewInt(int64(number))
		case value.Text:
			if f.Type.Kind == value.UUID {
				return false
			}
			row[f.Name] = value.NewText(fmt.Sprintf("n%d", number))
		case value.Null:
		default:
			return false
		}
	}
	return len(t.Keys()) > 0
}
