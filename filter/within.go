package filter

import (
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/rewrite"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

// within gathers the key sets of a query: each is a common table expression, so that the query needs nothing but itself.
type within struct {
	// args are the bound arguments of the order, in the order of their numbers, and numbers those of each work table's.
	args    []value.Value
	numbers map[string][]int
	sets    []keySet
}

// keySet is the query that yields the keys of one work table.
type keySet struct{ name, columns, query string }

func (w *within) argument(work string, v value.Value) {
	w.args = append(w.args, v)
	if w.numbers == nil {
		w.numbers = map[string][]int{}
	}
	w.numbers[work] = append(w.numbers[work], len(w.args))
}

// ordered compares a column with the arguments themselves: the column's type and collation decide, as they do when a key is
// looked up.
func (w *within) ordered(s *Sets, work, column string, key *catalog.Column) string {
	conditions := make([]string, len(w.numbers[work]))
	for i, n := range w.numbers[work] {
		conditions[i] = s.Dialect.Compare(column, typedArgument(s.Dialect, n, key))
	}
	if len(conditions) == 1 {
		return conditions[0]
	}
	return "(" + strings.Join(conditions, " OR ") + ")"
}

func (w *within) fill(name, columns, query string) {
	if i := slices.IndexFunc(w.sets, func(k keySet) bool { return k.name == name }); i >= 0 {
		w.sets[i].query += "\nUNION\n" + query
		return
	}
	w.sets = append(w.sets, keySet{name, columns, query})
}

// definitions are the common table expressions that texts mention, directly or through each other, in their order.
func (w *within) definitions(texts []string) []rewrite.Definition {
	needed := make([]bool, len(w.sets))
	mention := func(text string) {
		for i, k := range w.sets {
			needed[i] = needed[i] || strings.Contains(text, k.name)
		}
	}
	for _, text := range texts {
		mention(text)
	}
	for i := len(w.sets) - 1; i >= 0; i-- { // each stands after those that it mentions
		if needed[i] {
			mention(w.sets[i].query)
		}
	}
	var definitions []rewrite.Definition
	for i, k := range w.sets {
		if needed[i] {
			definitions = append(definitions, rewrite.Definition{Name: k.name, Columns: "(" + k.columns + ")", Body: k.query})
		}
	}
	return definitions
}

// withinDialect is an engine's SQL inside a query: work tables are its common table expressions, and arguments get their
// numbers when it is known how many the query has itself.
type withinDialect struct{ engine.Dialect }

func (d withinDialect) Work(name string) string { return d.Quote(rewrite.Reserved + name) }

func (withinDialect) Parameter(number int) string { return rewrite.Placeholder(number) }

// Shape gives an expression the type and collation of a column.
func (d withinDialect) Shape(expression, engineType string, c *catalog.Column) string {
	if s, ok := d.Dialect.(engine.Shaper); ok {
		return s.Shape(expression, engineType, c)
	}
	return expression
}

// Blank keeps how the cell compares.
func (d withinDialect) Blank(cell, condition string) string {
	if b, ok := d.Dialect.(engine.Blanker); ok {
		return b.Blank(cell, condition)
	}
	return "CASE WHEN " + condition + " THEN NULL ELSE " + cell + " END"
}

// typedArgument is a bound argument that is compared with a column.
func typedArgument(d engine.Dialect, number int, key *catalog.Column) string {
	own := d
	if in, ok := d.(withinDialect); ok {
		own = in.Dialect
	}
	if t, ok := own.(engine.Typer); ok {
		return t.Typed(d.Parameter(number), key)
	}
	return d.Parameter(number)
}
