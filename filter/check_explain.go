package filter

import (
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/rewrite"
)

// maxExplained is how many pairs of statements are held against each other to say what is wrong.
const maxExplained = 1 << 24

// maxFound is how many refusals are told. A script with more is no edited one.
const maxFound = 100

// explain says what is wrong with a file through which there is no way: statement by statement, where the plan's and the file's
// differ.
func (c *checker) explain(f *checkedFile) *Checked {
	result := &Checked{}
	type place struct{ item, unit int }
	var plan []place
	for i := range c.items {
		for j := range c.items[i].units {
			plan = append(plan, place{i, j})
		}
	}
	ids := map[string]int{}
	id := func(key string) int {
		if _, met := ids[key]; !met {
			ids[key] = len(ids)
		}
		return ids[key]
	}
	own, theirs := make([]int, len(plan)), make([]int, len(f.units))
	for i := range plan {
		own[i] = id(c.items[plan[i].item].units[plan[i].unit].key)
	}
	for j := range f.units {
		theirs[j] = id(f.units[j].key)
	}
	pairs := matchUnits(len(plan), len(f.units), func(i, j int) bool { return own[i] == theirs[j] })
	there := map[int]int{} // units of an item that are there
	for _, p := range pairs {
		there[plan[p[0]].item]++
	}
	add := func(at int, kind PartKind, verdict CheckVerdict, what string) {
		pos := f.position(at)
		result.Statements = append(result.Statements, CheckedStatement{Line: pos.Line, Column: pos.Column, Kind: kind, Verdict: verdict, What: what})
	}
	gap := func(i, endI, j, endJ int) {
		at := f.begin(j)
		copies := map[int]bool{} // items of which an edited copy stands here
		var lost []string        // what the plan has here and can't do without
		for k := i; k < endI; k++ {
			if item := &c.items[plan[k].item]; !item.Kind.optional() {
				lost = append(lost, item.What)
			}
		}
		for ; j < endJ; j++ {
			u := &f.units[j]
			if len(result.Found) >= maxFound {
				add(u.at, "", VerdictRefused, "")
				continue
			}
			var item *scriptItem
			for k := i; k < endI && item == nil; k++ {
				if it := &c.items[plan[k].item]; plan[k].unit == it.edit && !copies[plan[k].item] && c.looksEdited(it, u) {
					item = it
					copies[plan[k].item] = true
				}
			}
			found := c.whyNot(f, item, j, u)
			if found == nil { // proven, but not where it stands
				found = f.refuse(rewrite.CodeScriptStatement, u.at, "this copy doesn't stand among the copies, or parts of it are missing")
			}
			if len(lost) > 0 && found[0].Code == string(rewrite.CodeScriptStatement) {
				found[0].Summary = "this is not what the plan has here: " + lost[0]
				lost = lost[1:]
			}
			result.Found = append(result.Found, found...)
			kind := PartKind("")
			if item != nil {
				kind = item.Kind
			}
			add(u.at, kind, VerdictRefused, found[0].Summary)
		}
		for ; i < endI; i++ {
			item := &c.items[plan[i].item]
			switch {
			case !item.Kind.optional() || copies[plan[i].item] && plan[i].unit == item.edit:
			case there[plan[i].item] == 0:
				if plan[i].unit == 0 {
					add(at, item.Kind, VerdictMissing, item.What)
				}
			default:
				lost = append(lost, item.What)
			}
		}
		for _, what := range lost {
			what = "a statement of the plan is missing here: " + what
			result.Found = append(result.Found, f.refuse(rewrite.CodeScriptMissing, at, "%s", what)...)
			add(at, "", VerdictRefused, what)
		}
	}
	i, j := 0, 0
	for _, p := range append(pairs, [2]int{len(plan), len(f.units)}) {
		gap(i, p[0], j, p[1])
		if i, j = p[0]+1, p[1]+1; j <= len(f.units) {
			item := &c.items[plan[p[0]].item]
			add(f.units[p[1]].at, item.Kind, VerdictEqual, item.What)
		}
	}
	if !result.Found.Refused() { // each statement is the plan's, and they don't make it up together
		result.Found = append(result.Found, f.refuse(rewrite.CodeScriptMissing, len(f.text), "the statements are the plan's, but not in an order that the plan allows, or parts of a copy are missing")...)
	}
	result.Found.Sort()
	return result
}

// looksEdited reports whether a unit seems to be meant as the copy of an item.
func (c *checker) looksEdited(item *scriptItem, u *scriptUnit) bool {
	own := &item.units[item.edit]
	switch {
	case c.client.batches:
		_, ok := between(u.tokens, own.tokens, item)
		return ok
	case c.client.dollars:
		return len(u.tokens) > 0 && u.tokens[0].is("COPY")
	}
	return beginsInsert(u.tokens) == 0
}

// whyNot says why a unit is refused; nil where it is proven.
func (c *checker) whyNot(f *checkedFile, item *scriptItem, at int, u *scriptUnit) diag.List {
	if item != nil {
		if first := at - item.edit; first >= 0 {
			alone := *item // the unit alone: what stands around it is judged by itself
			alone.units, alone.edit = item.units[item.edit:item.edit+1], 0
			inserts, ok, found := c.edited(&alone, f.units[at:at+1], f)
			if found != nil {
				return found
			}
			if ok {
				_, found := c.proveAll(f, inserts)
				return found
			}
		}
	}
	if inserts, ok := c.added(u, f); ok && (item != nil || c.targets[inserts[0].target.name] != nil) {
		if _, found := c.proveAll(f, inserts); found != nil {
			return found
		}
		return nil
	}
	return f.refuse(rewrite.CodeScriptStatement, u.at, "this is not a statement of the plan's")
}

// matchUnits pairs as many of n and m things as it can, in order. Of very many that differ only the first and the last are paired.
func matchUnits(n, m int, same func(i, j int) bool) [][2]int {
	var pairs [][2]int
	start := 0
	for start < n && start < m && same(start, start) {
		pairs = append(pairs, [2]int{start, start})
		start++
	}
	tail := 0
	for tail < n-start && tail < m-start && same(n-1-tail, m-1-tail) {
		tail++
	}
	rows, columns := n-start-tail, m-start-tail
	if rows > 0 && columns > 0 && rows*columns <= maxExplained {
		longest := make([][]int32, rows+1)
		longest[rows] = make([]int32, columns+1)
		for i := rows - 1; i >= 0; i-- {
			longest[i] = make([]int32, columns+1)
			for j := columns - 1; j >= 0; j-- {
				if same(start+i, start+j) {
					longest[i][j] = longest[i+1][j+1] + 1
				} else {
					longest[i][j] = max(longest[i+1][j], longest[i][j+1])
				}
			}
		}
		for i, j := 0, 0; i < rows && j < columns; {
			switch {
			case same(start+i, start+j):
				pairs = append(pairs, [2]int{start + i, start + j})
				i++
				j++
			case longest[i+1][j] >= longest[i][j+1]:
				i++
			default:
				j++
			}
		}
	}
	for k := tail; k > 0; k-- {
		pairs = append(pairs, [2]int{n - k, m - k})
	}
	return pairs
}
