package filter

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// copyForm is one way in which rows of a table are copied: with their columns, or as stubs.
type copyForm struct {
	table *Table
	// conditions must all hold of a copied row. Where there is none, every row is copied.
	conditions []fragment
	// cells are the expressions that hide something, and raw the columns that are copied as they are, folded.
	cells []fragment
	raw   map[string]bool
	// order is what the rows are sorted by where readers wouldn't pass it, and secret is set where it shows a column that is not raw.
	order  []scriptToken
	secret bool
}

// fragment is a piece of the plan's SQL over the alias t.
type fragment []scriptToken

// alias is the name under which the plan's own SQL knows the table of a copy.
const alias = "t"

// under is the fragment over another alias, as one string.
func (f fragment) under(name scriptToken) []string {
	same := make([]string, len(f))
	for i, t := range f {
		same[i] = t.same
		if t.kind == rewrite.Word && t.text == alias && i+1 < len(f) && f[i+1].is(".") {
			same[i] = name.same
		}
	}
	return same
}

// has reports whether a fragment names something so, under any quotes and in any spelling.
func (f fragment) has(name string) bool {
	return slices.ContainsFunc(f, func(t scriptToken) bool { return t.name() && loose(t.value()) == loose(name) })
}

// fits reports whether the form's own SQL stays what it is under an alias: none of its names may be the same.
func (f *copyForm) fits(name scriptToken) bool {
	if name.kind == rewrite.Word && name.text == alias {
		return true // it was written for this one
	}
	all := slices.Concat(f.conditions, f.cells, []fragment{f.order})
	return !slices.ContainsFunc(all, func(x fragment) bool { return x.has(name.value()) })
}

// copied learns from a part that copies rows: how its table's rows may be copied, and where to.
func (c *checker) copied(item *scriptItem) error {
	query, err := c.tokens(item.Copy.Query)
	if err != nil {
		return err
	}
	for i, u := range item.units {
		if at := indexTokens(u.tokens, query); at >= 0 {
			item.edit, item.head, item.tail = i, at, len(u.tokens)-at-len(query)
		}
	}
	if item.edit < 0 {
		return nil // a script that stops by itself: see Insert of the engines
	}
	target, found := c.target(item, &item.units[item.edit])
	if found != nil {
		return fmt.Errorf("filter: the copy of %s can't be read: %w", item.Copy.Table.Name, found)
	}
	c.targets[target.name] = item.Copy.Table
	return c.form(item.Copy)
}

// form reads the conditions and cells of a copy.
func (c *checker) form(s *ScriptCopy) error {
	f := &copyForm{table: s.Table, raw: map[string]bool{}}
	if s.Condition == "" && s.Table.Rule != AllRows {
		return fmt.Errorf("filter: the copy of %s has no condition", s.Table.Name)
	}
	condition, err := c.tokens(s.Condition)
	if err != nil {
		return err
	}
	f.conditions = conjuncts(condition)
	for _, cell := range s.Cells {
		tokens, err := c.tokens(cell.SQL)
		if err != nil {
			return err
		}
		if cell.SQL == alias+"."+c.script.Dialect.Quote(cell.Column) {
			f.raw[c.syntax.Fold(cell.Column)] = true
			continue
		}
		f.cells = append(f.cells, tokens)
	}
	order, err := c.tokens(strings.Join(s.Order, ", "))
	if err != nil {
		return err
	}
	plain := true
	for i, t := range order {
		if i == 0 || !order[i-1].is(".") || f.raw[c.syntax.Fold(t.value())] {
			continue
		}
		plain = false
		f.secret = f.secret || t.value() != s.Table.RowID
	}
	if !plain {
		f.order = order
	}
	c.forms = append(c.forms, f)
	return nil
}

// conjuncts takes a condition apart where AND joins it, or leaves it whole where that isn't plain.
func conjuncts(condition []scriptToken) []fragment {
	if len(condition) == 0 {
		return nil
	}
	var parts []fragment
	depth, start := 0, 0
	for i, t := range condition {
		switch {
		case t.is("("):
			depth++
		case t.is(")"):
			depth--
		case depth > 0:
		case t.is("OR", "BETWEEN", "CASE"):
			return []fragment{condition}
		case t.is("AND"):
			parts = append(parts, condition[start:i])
			start = i + 1
		}
	}
	return append(parts, condition[start:])
}

// indexTokens finds tokens among others.
func indexTokens(in, of []scriptToken) int {
	for i := 0; i+len(of) <= len(in); i++ {
		if sameTokens(in[i:i+len(of)], of) {
			return i
		}
	}
	return -1
}

func sameTokens(a, b []scriptToken) bool {
	return slices.EqualFunc(a, b, func(x, y scriptToken) bool { return x.same == y.same })
}

// The names that stand for the plan's own SQL while a reader reads the rest.
const (
	keptName = rewrite.Reserved + "kept"
	cellName = rewrite.Reserved + "cell"
)

func numbered(name string, numbers ...int) string {
	for _, n := range numbers {
		name += "_" + strconv.Itoa(n)
	}
	return name
}

// numbers takes the numbers off a name that numbered made.
func numbers(name, begins string, count int) ([]int, bool) {
	rest, ok := strings.CutPrefix(strings.ToLower(name), begins+"_")
	if !ok {
		return nil, false
	}
	var all []int
	for part := range strings.SplitSeq(rest, "_") {
		n, err := strconv.Atoi(part)
		if err != nil {
			return nil, false
		}
		all = append(all, n)
	}
	return all, len(all) == count
}
