package filter_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// from writes a FROM clause. What it names becomes the sources of b.
func (a *author) from(scope *common, b *block, depth int, rows int) string {
	b.starred, b.rows = true, 1
	text := a.joined(scope, b, 0, depth, rows)
	for b.rows*8 <= rows && a.chance(12) {
		a.use("comma join")
		text += ", " + a.joined(scope, b, len(b.sources), depth, rows)
	}
	return text
}

// joined writes a chain of joins. Its conditions name the sources of b from first on, which are its own.
func (a *author) joined(scope *common, b *block, first, depth, rows int) string {
	text := a.source(scope, b, depth, rows)
	for len(b.sources)-first < 4 && b.rows*8 <= rows && a.chance(45) {
		text = a.join(scope, b, text, first, depth, rows)
	}
	return text
}

func (a *author) join(scope *common, b *block, left string, first, depth, rows int) string {
	middle := len(b.sources)
	kind := a.one("JOIN", "LEFT JOIN", "INNER JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN", "LEFT OUTER JOIN", "FULL OUTER JOIN")
	a.use(strings.ToLower(strings.Replace(kind, " OUTER", "", 1)))
	var right string
	if a.chance(12) && b.rows*64 <= rows {
		a.use("parenthesised join")
		right = "(" + a.join(scope, b, a.source(scope, b, depth, rows), middle, depth, rows) + ")"
		b.starred = b.starred && a.postgres
	} else {
		right = a.source(scope, b, depth, rows)
	}
	if kind == "CROSS JOIN" {
		return left + " CROSS JOIN " + right
	}
	if len(b.sources) == middle+1 && a.chance(25) {
		if shared := a.shared(b.sources[first:middle], b.sources[middle]); len(shared) > 0 {
			b.starred = false
			if a.chance(30) && a.natural(b.sources[first:middle], b.sources[middle]) {
				a.use("natural join")
				return left + " NATURAL " + kind + " " + right
			}
			a.use("join using")
			names := []string{a.name(shared[a.pick(len(shared))])}
			return left + " " + kind + " " + right + " USING (" + strings.Join(names, ", ") + ")"
		}
	}
	return left + " " + kind + " " + right + " ON " + a.on(scope, b, first, middle, kind)
}

// shared are the names of columns that a join can use: there is one of them on either side, and both are of one sort.
func (a *author) shared(left []*source, right *source) []string {
	var names []string
	for _, c := range right.columns {
		found := 0
		for _, s := range left {
			for _, other := range s.columns {
				if strings.EqualFold(other.name, c.name) {
					found++
					if other.sort != c.sort {
						found += 2
					}
				}
			}
		}
		if found == 1 {
			names = append(names, c.name)
		}
	}
	return names
}

// natural reports whether a natural join is one of columns that can be compared.
func (a *author) natural(left []*source, right *source) bool {
	common := 0
	for _, c := range right.columns {
		if slices.ContainsFunc(left, func(s *source) bool {
			return slices.ContainsFunc(s.columns, func(other seen) bool { return strings.EqualFold(other.name, c.name) })
		}) {
			common++
		}
	}
	return common == len(a.shared(left, right))
}

// on writes a join condition: most often along a foreign key.
func (a *author) on(scope *common, b *block, first, middle int, kind string) string {
	own := &block{parent: b.parent, sources: b.sources[first:], rows: b.rows, partial: true, hides: b.sources}
	var pairs []string
	for _, l := range b.sources[first:middle] {
		for _, r := range b.sources[middle:] {
			for _, ends := range [][2]*source{{l, r}, {r, l}} {
				for _, f := range ends[0].foreign {
					if f.parent == ends[1].label && f.parent != "" && !ends[0].lost && !ends[1].lost {
						var equal []string
						for i := range f.columns {
							equal = append(equal, a.qualified(ends[0], f.columns[i])+" = "+a.qualified(ends[1], f.references[i]))
						}
						pairs = append(pairs, strings.Join(equal, " AND "))
					}
				}
			}
		}
	}
	var text string
	if len(pairs) > 0 && a.chance(75) {
		text = pairs[a.pick(len(pairs))]
	} else {
		sort := a.one(numeric, textual)
		x, y := a.columnOf(&block{sources: b.sources[first:middle], partial: true}, sort), a.columnOf(&block{sources: b.sources[middle:], partial: true}, sort)
		if text = x.sql + " = " + y.sql; x.sql == "" || y.sql == "" {
			text = "1 = 1"
		}
	}
	if full := strings.HasPrefix(kind, "FULL"); a.chance(20) && !(full && a.postgres) { // PostgreSQL must be able to merge or hash
		a.use("condition in on")
		text += a.one(" AND ", " OR ") + a.condition(scope, own, 1)
		if a.chance(40) {
			text = "(" + text + ")"
		}
	}
	return text
}

// source writes one item of a FROM clause.
func (a *author) source(scope *common, b *block, depth, rows int) string {
	if b.rows == 0 {
		b.rows = 1
	}
	switch n := a.pick(100); {
	case depth > 0 && n >= 97:
		a.use("values")
		s := &source{relation: &relation{columns: []seen{{name: "v1", sort: numeric}, {name: "v2", sort: textual}}}}
		b.rows *= 2
		values := "VALUES (1, 'a'), (NULL, 'Anna')"
		if !a.postgres {
			values = "SELECT 1 AS v1, 'a' AS v2 UNION ALL " + values
			return "(" + values + ")" + a.as(b, s, false)
		}
		return "(" + values + ")" + a.as(b, s, false) + " (v1, v2)"
	case depth > 0 && n >= 80:
		return a.derived(scope, b, depth-1, rows)
	case n >= 68 && a.anyCommon(scope) != nil:
		r := a.anyCommon(scope)
		s := &source{relation: r}
		text := a.name(r.name)
		b.rows *= max(r.rows, 1)
		return text + a.as(b, s, a.chance(40))
	case n >= 96 && !a.postgres:
		a.use("table function")
		s := &source{relation: &relation{name: "json_each", columns: []seen{{name: "value", sort: numeric}}}}
		b.starred, b.rows = false, b.rows*2
		return "json_each('[1, 2]')" + a.as(b, s, false)
	}
	r := a.relation()
	if r.view {
		a.use("view")
	}
	s := &source{relation: r}
	b.rows *= max(r.rows, 1)
	text := a.name(r.name)
	if scope.taken(r.name) || a.chance(25) {
		a.use("table with its schema")
		if scope.taken(r.name) {
			a.use("table whose name is taken")
		}
		text = a.name(r.schema) + "." + text
	} else if a.postgres && r.schema != "public" {
		text = a.name(r.schema) + "." + text
	}
	for other := range a.each(b) {
		if other.relation == r {
			a.use("one table twice")
		}
	}
	text = a.mark(mark{text: text, table: r.label}) + a.as(b, s, a.chance(35))
	if !a.postgres && !r.view && a.chance(4) {
		a.use("hint")
		text += " NOT INDEXED"
	}
	return text
}

// each are the sources that a block sees.
func (a *author) each(b *block) func(func(*source) bool) {
	return func(yield func(*source) bool) {
		for ; b != nil; b = b.parent {
			for _, s := range b.sources {
				if !yield(s) {
					return
				}
			}
		}
	}
}

func (a *author) anyCommon(scope *common) *relation {
	var all []*relation
	for at := scope; at != nil; at = at.around {
		for _, r := range at.names {
			if scope.find(r.name) == r && len(r.columns) > 0 && !slices.ContainsFunc(scope.hidden, func(h string) bool { return strings.EqualFold(h, r.name) }) {
				all = append(all, r)
			}
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all[len(all)-1-a.pick(len(all))]
}

// derived writes a SELECT in parentheses. A lateral one sees the sources before it.
func (a *author) derived(scope *common, b *block, depth, rows int) string {
	a.use("derived table")
	if depth < 2 {
		a.use("derived table in a derived table")
	}
	s := &source{relation: &relation{}}
	parent, words := b.parent, ""
	if a.postgres && len(b.sources) > 0 && a.chance(35) {
		a.use("lateral")
		parent, words = &block{parent: b.parent, sources: slices.Clone(b.sources), partial: true}, "LATERAL "
	}
	text, columns, _ := a.query(scope, parent, depth, asked{rows: min(rows/b.rows, 200)})
	s.columns = columns
	b.rows *= 10
	return words + "(" + text + ")" + a.as(b, s, false)
}

// as gives a source its alias, or none, and adds it to the block. A bare table may be called by its name.
func (a *author) as(b *block, s *source, bare bool) string {
	clash := func(alias string) bool {
		for other := range a.each(b) { // conditions that stand before may mean one outside: only the first can hide that
			if strings.EqualFold(other.alias, alias) && (len(b.sources) > 0 || slices.Contains(b.sources, other)) {
				return true
			}
		}
		return false
	}
	b.sources = append(b.sources, s)
	own := b.sources
	b.sources = own[:len(own)-1]
	defer func() { b.sources = own }()
	if bare && s.name != "" && !clash(s.name) {
		s.alias, s.bare = s.name, s.label != ""
		return ""
	}
	for outer := range a.each(b.parent) { // a name that means another table outside
		if !clash(outer.alias) && a.chance(15) {
			a.use("one alias inside and outside")
			s.alias = outer.alias
		}
	}
	if s.alias == "" && a.chance(10) {
		if r := a.relation(); !clash(r.name) {
			a.use("alias that is a table's name")
			s.alias = r.name
		}
	}
	if s.alias == "" {
		a.aliases++
		s.alias = fmt.Sprintf("%c%d", 's'+byte(a.pick(3)), a.aliases)
		if a.chance(15) {
			a.use("quoted alias")
			s.alias = a.one("Odd ", "d.", "select ", "ö") + strconv.Itoa(a.aliases)
		}
	}
	return a.one(" AS ", " ", " AS ") + a.name(s.alias)
}

// name writes a name: quoted where it must be, and sometimes otherwise, in one case or another.
func (a *author) name(name string) string {
	if !plainName(name) || a.lower && strings.ToLower(name) != name || a.chance(30) {
		if a.folds && a.chance(15) {
			return a.quote(swapCase(name))
		}
		return a.quote(name)
	}
	if a.chance(10) {
		a.use("another case")
		return swapCase(name)
	}
	return name
}

// plainName reports whether a name needs no quotes in any dialect.
func plainName(name string) bool {
	for i, r := range name {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == '_'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	switch strings.ToLower(name) {
	case "order", "user", "select", "public", "alias", "value", "day", "real", "at":
		return false
	}
	return true
}

func swapCase(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z':
			return r - 'a' + 'A'
		case 'A' <= r && r <= 'Z':
			return r - 'A' + 'a'
		}
		return r
	}, name)
}

// qualified writes a column with its table.
func (a *author) qualified(s *source, name string) string {
	alias := a.name(s.alias)
	if s.bare && a.chance(25) {
		a.use("column with the schema")
		alias = a.name(s.schema) + "." + alias
	}
	return alias + "." + a.name(name)
}
