package filter_test

import (
	"fmt"
	"slices"
	"strings"
)

// core writes one SELECT without what stands around it.
func (a *author) core(scope *common, parent *block, depth int, ask asked) (string, []seen) {
	b := &block{parent: parent}
	from := a.from(scope, b, depth, ask.rows)
	if ask.want == nil && a.chance(18) {
		if text, columns, ok := a.star(b, ask); ok {
			text = "SELECT " + text + " FROM " + from
			if a.chance(60) {
				text += " WHERE " + a.condition(scope, b, depth)
			}
			return text, columns
		}
	}
	want := ask.want
	if want == nil {
		for range 1 + a.pick(4) {
			want = append(want, a.wanted(b))
		}
	}
	where := ""
	if a.chance(60) {
		where = " WHERE " + a.condition(scope, b, depth)
	}
	if a.chance(20) && !slices.ContainsFunc(want, func(s string) bool { return s != numeric && s != textual }) {
		return a.grouped(scope, b, depth, want, ask, from+where)
	}
	distinct := ""
	if a.chance(12) {
		a.use("distinct")
		distinct, ask.plain = "DISTINCT ", true
	}
	var items []string
	var result []seen
	for i, sort := range want {
		var x expression
		if depth > 0 && sort == numeric && a.chance(14) {
			x.sql = a.window(scope, b, depth)
		} else {
			x = a.expression(scope, b, sort, depth)
		}
		item, c := a.item(x, sort, i, ask)
		items, result = append(items, item), append(result, c)
	}
	text := "SELECT " + distinct + strings.Join(items, ", ") + " FROM " + from + where
	if strings.Contains(text, " OVER w") {
		text += " WINDOW w AS (PARTITION BY " + a.partition(scope, b, depth) + ")"
	}
	if distinct == "" && a.chance(8) && ask.top {
		a.use("subquery in order by")
		text += " ORDER BY " + a.scalar(scope, b, numeric, 0)
		return text, nil // nothing more can be said of its order
	}
	return text, result
}

// wanted is a sort of cells that the block has.
func (a *author) wanted(b *block) string {
	if all := a.visible(&block{sources: b.sources}); len(all) > 0 && a.chance(50) {
		return all[a.pick(len(all))].sort
	}
	return a.one(numeric, textual)
}

// item writes one result with its name. Only the outermost may leave the name to the engine, or have one twice.
func (a *author) item(x expression, sort string, i int, ask asked) (string, seen) {
	if ask.plain {
		x = expression{sql: alike(x), column: x.column, exact: x.exact && !x.loose}
	}
	c := seen{sort: sort, loose: x.loose, exact: x.exact}
	if ask.top && a.chance(50) {
		return x.sql, c
	}
	c.name = fmt.Sprintf("o%d", i+1)
	switch n := a.pick(10); {
	case i == 0 && n >= 7: // as columns of tables are called
		c.name = a.one("N", "Txt", "Id", "Code")
	case i == 0 && n == 6:
		c.name = "an odd name"
	}
	return x.sql + a.one(" AS ", " AS ", " ") + a.quote(c.name), c
}

// star writes stars, where it is known what they yield.
func (a *author) star(b *block, ask asked) (string, []seen, bool) {
	sources := b.sources
	text := "*"
	if a.chance(40) || !b.starred {
		s := sources[a.pick(len(sources))]
		sources, text = []*source{s}, a.name(s.alias)+".*"
	}
	var columns []seen
	seen := map[string]bool{}
	for _, s := range sources {
		for _, c := range s.columns {
			if seen[strings.ToLower(c.name)] && !ask.top || c.name == "" {
				return "", nil, false
			}
			seen[strings.ToLower(c.name)] = true
			columns = append(columns, c)
		}
		if s.name == "json_each" {
			return "", nil, false // it has more columns
		}
	}
	if len(columns) == 0 || ask.plain {
		return "", nil, false
	}
	a.use(map[bool]string{true: "star", false: "star of one table"}[text == "*"])
	return text, columns, true
}

// grouped writes the rest of a SELECT that groups. Columns that it groups by are shown alike.
func (a *author) grouped(scope *common, b *block, depth int, want []string, ask asked, from string) (string, []seen) {
	var keys []string
	keyed := &block{parent: b.parent, rows: b.rows, partial: true, hides: b.sources}
	shown := map[string]string{}
	if a.chance(80) {
		a.use("group by")
		for range 1 + a.pick(2) {
			v := a.visible(&block{sources: b.sources})
			c := v[a.pick(len(v))]
			text := a.qualified(c.source, c.seen.name)
			keys = append(keys, text)
			if c.sort == numeric || c.sort == textual {
				shown[c.sort] = alike(expression{sql: text, loose: c.loose})
				keyed.sources = append(keyed.sources, &source{relation: &relation{columns: []seen{c.seen}}, alias: c.alias, bare: false})
			}
		}
	}
	var items []string
	var result []seen
	for i, sort := range want {
		x := expression{sql: shown[sort]}
		if x.sql == "" || a.chance(60) {
			x.sql = a.aggregate(scope, b, sort)
		}
		item, c := a.item(x, sort, i, ask)
		items, result = append(items, item), append(result, c)
	}
	text := "SELECT " + strings.Join(items, ", ") + " FROM " + from
	if len(keys) > 0 {
		if depth > 0 && a.chance(8) && !a.postgres {
			a.use("subquery in group by")
			keys = append(keys, a.scalar(scope, b, numeric, 0))
		}
		text += " GROUP BY " + strings.Join(keys, ", ")
	}
	if a.chance(30) {
		a.use("having")
		text += " HAVING " + a.aggregate(scope, b, numeric) + a.one(" >= ", " > ", " < ") + a.literal(numeric)
		if depth > 0 && a.chance(40) {
			a.use("subquery in having")
			text += a.one(" OR ", " AND ") + "EXISTS (SELECT 1 FROM " + a.exists(scope, keyed) + ")"
		}
	}
	return text, result
}

func (a *author) exists(scope *common, b *block) string {
	inner := &block{parent: b}
	text := a.source(scope, inner, 0, 10)
	return text + " WHERE " + a.condition(scope, inner, 0)
}

// window writes an aggregate or a rank over a window. Where the order of equal rows would matter, it orders by all columns.
func (a *author) window(scope *common, b *block, depth int) string {
	a.use("window")
	own := &block{sources: b.sources}
	switch a.pick(6) {
	case 0:
		return "COUNT(*) OVER w"
	case 1:
		a.use("rank")
		return a.one("RANK", "DENSE_RANK") + "() OVER (ORDER BY " + a.expression(scope, own, a.one(numeric, textual), 0).sql + ")"
	case 2, 3:
		if order, ok := a.allColumns(b); ok {
			if x := a.columnOf(own, numeric); a.chance(50) && x.sql != "" {
				return a.one("LAG", "FIRST_VALUE", "LAST_VALUE") + "(" + x.sql + ") OVER (ORDER BY " + order + ")"
			}
			return "ROW_NUMBER() OVER (ORDER BY " + order + ")"
		}
	}
	order := ""
	if a.chance(50) {
		order = " ORDER BY " + a.expression(scope, own, numeric, 0).sql
	}
	return a.aggregateOver(own) + " OVER (PARTITION BY " + a.partition(scope, b, depth) + order + ")"
}

func (a *author) aggregateOver(own *block) string {
	if x := a.columnOf(own, numeric); x.sql != "" {
		return a.one("SUM", "MAX", "COUNT") + "(" + x.sql + ")"
	}
	return "COUNT(*)"
}

func (a *author) partition(scope *common, b *block, depth int) string {
	if depth > 0 && a.chance(15) {
		a.use("subquery in over")
		return a.scalar(scope, b, numeric, 0)
	}
	return a.expression(scope, &block{sources: b.sources}, a.one(numeric, textual), 0).sql
}

// allColumns orders by every column of the block, so that only rows that are the same are equal.
func (a *author) allColumns(b *block) (string, bool) {
	var terms []string
	for _, s := range b.sources {
		for _, c := range s.columns {
			if c.sort != numeric && c.sort != textual || c.name == "" || s.name == "json_each" {
				return "", false
			}
			text := a.qualified(s, c.name)
			if c.loose && !a.postgres {
				text += " COLLATE BINARY"
			}
			terms = append(terms, text)
		}
	}
	return strings.Join(terms, ", "), len(terms) > 0
}

// failing writes a query that fails on some rows, in one place where no other condition comes before or after.
func (a *author) failing() string {
	a.use("error")
	a.fallible = true
	a.relations = slices.DeleteFunc(slices.Clone(a.relations), func(r *relation) bool { return r.view })
	b := &block{}
	from := a.source(nil, b, 0, 20)
	sort := a.one(numeric, textual)
	x := a.columnOf(b, sort)
	if x.sql == "" { // every table has a number
		sort, x = numeric, a.columnOf(b, numeric)
	}
	condition := x.sql + a.one(" = ", " >= ", " <> ") + a.literal(sort)
	text := "LENGTH(JSON(CASE WHEN " + condition + " THEN 'x' ELSE '1' END))"
	if a.postgres {
		text = "1 / (CASE WHEN " + condition + " THEN 0 ELSE 1 END)"
	}
	if a.chance(50) {
		return "SELECT " + text + " AS o1 FROM " + from
	}
	return "SELECT COUNT(*) AS o1 FROM " + from + " WHERE " + text + " = 1"
}
