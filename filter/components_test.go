package filter_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/filter"
)

// TestComponents holds Components against the definition: two nodes share a component when, and only when, each can be
// reached from the other; and no component leads to one that comes later.
func TestComponents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.IntRange(0, 9).Draw(t, "nodes")
		nodes := rapid.Permutation(numbers(count)).Draw(t, "order")
		edges := make([][]int, count)
		for i := range edges {
			edges[i] = rapid.SliceOfN(rapid.IntRange(0, count-1), 0, 3).Draw(t, "edges")
		}
		next := func(n int) []int { return edges[n] }
		reaches := closure(edges)
		components := filter.Components(nodes, next)

		place := map[int]int{}
		for i, members := range components {
			if len(members) == 0 {
				t.Fatal("an empty component")
			}
			for _, n := range members {
				if _, twice := place[n]; twice {
					t.Fatalf("node %d stands twice in %v", n, components)
				}
				place[n] = i
			}
			if !slices.IsSortedFunc(members, func(a, b int) int { return slices.Index(nodes, a) - slices.Index(nodes, b) }) {
				t.Fatalf("members %v don't keep the order of %v", members, nodes)
			}
		}
		if len(place) != count {
			t.Fatalf("%d of %d nodes in %v", len(place), count, components)
		}
		for a := range count {
			for b := range count {
				together := a == b || reaches[a][b] && reaches[b][a]
				if together != (place[a] == place[b]) {
					t.Fatalf("%d and %d: reach each other %v, in one component %v", a, b, together, place[a] == place[b])
				}
				if reaches[a][b] && place[b] > place[a] {
					t.Fatalf("%d leads to %d, which comes later: %v", a, b, components)
				}
			}
		}
	})
}

func numbers(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// closure tells which node reaches which over one edge or more (Warshall).
func closure(edges [][]int) [][]bool {
	reaches := make([][]bool, len(edges))
	for a := range edges {
		reaches[a] = make([]bool, len(edges))
		for _, b := range edges[a] {
			reaches[a][b] = true
		}
	}
	for via := range edges {
		for a := range edges {
			for b := range edges {
				reaches[a][b] = reaches[a][b] || reaches[a][via] && reaches[via][b]
			}
		}
	}
	return reaches
}

// A chain as long as a large database has tables must not exhaust the stack.
func TestComponentsLongChain(t *testing.T) {
	const count = 200_000
	components := filter.Components(numbers(count), func(n int) []int {
		if n+1 < count {
			return []int{n + 1}
		}
		return nil
	})
	if len(components) != count || components[0][0] != count-1 || components[count-1][0] != 0 {
		t.Errorf("%d components, first %v", len(components), components[0])
	}
}

func TestMentions(t *testing.T) {
	for _, c := range []struct {
		expression, name string
		want             bool
	}{
		{"First || ' ' || Last", "first", true},
		{"FirstName", "First", false},
		{"MyFirst", "First", false},
		{"MyFirst+First", "First", true},
		{`"First"`, "First", true},
		{"f(First)", "First", true},
		{"Första", "Först", false},
		{"Första", "första", true},
		{"a.Namn$", "Namn", false},
		{"x_y", "x", false},
		{"", "x", false},
		{"aaa", "aa", false},
		{"a b", "a b", true},
	} {
		if got := filter.Mentions(c.expression, c.name); got != c.want {
			t.Errorf("Mentions(%q, %q) = %v", c.expression, c.name, got)
		}
	}
}
