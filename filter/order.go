package filter

import (
	"cmp"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter/schemamap"
)

// dependencies are the tables whose included rows decide which rows of t are included.
func (t *Table) dependencies() []*Table {
	var tables []*Table
	for _, p := range t.Paths {
		tables = append(tables, p.Other)
	}
	for _, r := range t.References {
		if r.Outside == schemamap.OutsideDrop && t.Rule == ByPaths {
			tables = append(tables, r.Parent)
		}
	}
	return tables
}

// order finds the strongly connected components of the dependencies, each after those that it depends on, and refuses
// a drop inside one.
func (s *Schema) order(b *binder) {
	s.components = Components(s.Tables, (*Table).dependencies)
	for i, tables := range s.components {
		for _, t := range tables {
			t.component = i
			t.cyclic = len(tables) > 1 || slices.Contains(t.dependencies(), t)
		}
	}
	for _, t := range s.Tables {
		for _, r := range t.References {
			if r.Outside == schemamap.OutsideDrop && t.Rule == ByPaths && r.Parent.component == t.component {
				b.refuse(CodeDropOnCycle, r.Cause, `choose "null", "stub", "include" or "error"`,
					"outside = \"drop\" on %s of %s: whether a row is included would depend on itself", r.Label(), t.Name)
			}
		}
	}
}

// Components returns the strongly connected components of a graph, each after those that its members lead to
// (Tarjan, "Depth-first search and linear graph algorithms", 1972). Members keep the order of nodes.
func Components[N comparable](nodes []N, next func(N) []N) [][]N {
	position := make(map[N]int, len(nodes))
	for i, n := range nodes {
		position[n] = i
	}
	type frame struct {
		node N
		rest []N
	}
	var (
		components [][]N
		stack      []N
		index      = map[N]int{}
		low        = map[N]int{}
		onStack    = map[N]bool{}
	)
	enter := func(n N) frame {
		index[n] = len(index)
		low[n] = index[n]
		stack, onStack[n] = append(stack, n), true
		return frame{n, next(n)}
	}
	for _, root := range nodes {
		if _, seen := index[root]; seen {
			continue
		}
		work := []frame{enter(root)} // a stack of our own: a chain of thousands of tables must not recurse
		for len(work) > 0 {
			top := &work[len(work)-1]
			if len(top.rest) > 0 {
				n := top.rest[0]
				top.rest = top.rest[1:]
				if _, seen := index[n]; !seen {
					work = append(work, enter(n))
				} else if onStack[n] {
					low[top.node] = min(low[top.node], index[n])
				}
				continue
			}
			n := top.node
			work = work[:len(work)-1]
			if len(work) > 0 {
				low[work[len(work)-1].node] = min(low[work[len(work)-1].node], low[n])
			}
			if low[n] != index[n] {
				continue
			}
			cut := slices.Index(stack, n)
			members := slices.Clone(stack[cut:])
			for _, m := range members {
				onStack[m] = false
			}
			stack = stack[:cut]
			slices.SortFunc(members, func(a, b N) int { return cmp.Compare(position[a], position[b]) })
			components = append(components, members)
		}
	}
	return components
}

// reach refuses tables that no combination of paths connects to the provider.
func (b *binder) reach() {
	reached := map[*Table]bool{b.schema.Anchor: true}
	leads := func(p *Path) bool { return reached[p.Other] || p.NullInclude }
	for changed := true; changed; {
		changed = false
		for _, component := range b.schema.components {
			for _, t := range component {
				if reached[t] || t.Rule != ByPaths || len(t.Paths) == 0 {
					continue
				}
				any, all := slices.ContainsFunc(t.Paths, leads), !slices.ContainsFunc(t.Paths, func(p *Path) bool { return !leads(p) })
				if all || any && t.Match != schemamap.MatchAll {
					reached[t], changed = true, true
				}
			}
		}
	}
	for _, t := range b.schema.Tables {
		if t.Rule == ByPaths && !reached[t] {
			b.refuse(CodeUnreached, t.Cause, "write a path that ends at "+b.schema.Anchor.Name.String()+", through other tables if need be",
				"the paths of %s never reach the provider", t.Name)
		}
	}
}

// sharing marks the tables whose rows may belong to several providers, and refuses to go up to one and down again
// unless the path says why.
func (b *binder) sharing() {
	for changed := true; changed; {
		changed = false
		for _, t := range b.schema.Tables {
			if !t.Shared && slices.ContainsFunc(t.Paths, func(p *Path) bool { return !p.Up || p.Other.Shared }) {
				t.Shared, changed = true, true
			}
		}
	}
	for _, t := range b.schema.Tables {
		block := b.blocks[t]
		for i, p := range t.Paths {
			reason := strings.TrimSpace(block.Paths[i].Shared.Text)
			switch {
			case p.Up && p.Other.Shared && reason == "":
				b.refuse(CodeSharedParent, p.Cause, `write shared = "why this is right" in the path, or another path`,
					"a path of %s goes up to %s, whose rows may belong to several providers, and may bring rows that another provider recorded", t.Name, p.Other.Name)
			case reason != "" && !p.Other.Shared:
				b.refuse(CodeSharedNeedless, p.Cause, "remove shared", "a path of %s says that %s is shared, and it is not", t.Name, p.Other.Name)
			}
		}
	}
}
