package filter_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// expression is the SQL of a value.
type expression struct {
	sql   string
	loose bool
	exact bool
	// column is its name where it is a column alone.
	column string
}

// visible is a column that an expression can name.
type visible struct {
	*source
	seen
	outer bool
}

// visible are the columns that expressions of a block can name.
func (a *author) visible(b *block) []visible {
	var all []visible
	var hidden []string
	for at := b; at != nil; at = at.parent {
		var names []string
		for _, s := range at.sources {
			names = append(names, s.alias)
			if slices.ContainsFunc(hidden, func(h string) bool { return strings.EqualFold(h, s.alias) }) {
				continue
			}
			for _, c := range s.columns {
				all = append(all, visible{s, c, at != b})
			}
		}
		for _, s := range at.hides {
			names = append(names, s.alias)
		}
		hidden = append(hidden, names...)
	}
	return all
}

// columnOf writes a column of that sort, or nothing.
func (a *author) columnOf(b *block, sort string) expression {
	all := a.visible(b)
	fit := slices.DeleteFunc(slices.Clone(all), func(v visible) bool { return v.sort != sort })
	if inner := slices.DeleteFunc(slices.Clone(fit), func(v visible) bool { return v.outer }); len(inner) > 0 && a.chance(65) {
		fit = inner
	}
	if len(fit) == 0 {
		return expression{}
	}
	v := fit[a.pick(len(fit))]
	if v.outer {
		a.use("correlated")
	}
	x := expression{loose: v.loose, exact: v.exact, column: v.seen.name}
	if v.masked {
		a.use("masked column")
	}
	if a.chance(35) && a.unqualified(b, v) {
		a.use("unqualified column")
		x.sql = a.name(v.seen.name)
		return x
	}
	x.sql = a.qualified(v.source, v.seen.name)
	return x
}

// unqualified reports whether a column's name alone means it: the block that has it has it once, and none before has it.
func (a *author) unqualified(b *block, v visible) bool {
	for at := b; at != nil; at = at.parent {
		if at.partial {
			return false
		}
		found := 0
		for _, s := range at.sources {
			for _, c := range s.columns {
				if strings.EqualFold(c.name, v.seen.name) {
					found++
				}
			}
		}
		if found > 0 {
			if v.outer && at != b && found == 1 {
				a.use("unqualified outer column")
			}
			return found == 1 && slices.Contains(at.sources, v.source) && (at == b) == !v.outer
		}
	}
	return false
}

func (a *author) argument(number int, v any) any {
	if a.style == 3 {
		return sql.Named("p"+strconv.Itoa(number), v)
	}
	return v
}

func (a *author) parameter(number int, v any) string {
	switch {
	case a.postgres:
		word := "bigint"
		if _, ok := v.(string); ok {
			word = "text"
		}
		return fmt.Sprintf("CAST($%d AS %s)", number, word)
	case a.style == 3:
		return ":p" + strconv.Itoa(number)
	}
	return "?" + strconv.Itoa(number)
}

// literal writes a constant of a sort, or binds it.
func (a *author) literal(sort string) string {
	text := a.one(a.literals[sort]...)
	if a.style == 0 || !a.chance(40) {
		if sort == numeric {
			return text
		}
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	}
	a.use("parameter")
	if sort == numeric {
		return a.mark(mark{arg: must(strconv.ParseInt(text, 10, 64))})
	}
	return a.mark(mark{arg: text})
}

// expression writes a value of a sort.
func (a *author) expression(scope *common, b *block, sort string, depth int) expression {
	n := a.pick(100)
	if x := a.columnOf(b, sort); x.sql != "" && (n < 62 || sort != numeric && sort != textual) {
		return x
	}
	if depth > 0 && n >= 90 {
		return expression{sql: a.scalar(scope, b, sort, depth-1)}
	}
	if sort == textual && !a.careful && a.chance(10) {
		if x := a.omitted(b); x != "" {
			return expression{sql: x}
		}
	}
	deeper := func(sort string) string { return a.expression(scope, b, sort, depth-1).sql }
	switch {
	case depth <= 0 || n < 68:
		return expression{sql: a.literal(sort)}
	case n < 73:
		a.use("case")
		return expression{sql: "CASE WHEN " + a.condition(scope, b, depth-1) + " THEN " + deeper(sort) + " ELSE " + deeper(sort) + " END"}
	case n < 79:
		return expression{sql: "COALESCE(" + deeper(sort) + ", " + deeper(sort) + ")"}
	case n < 82:
		return expression{sql: "NULLIF(" + deeper(sort) + ", " + deeper(sort) + ")"}
	case sort == numeric:
		options := []string{"(" + deeper(numeric) + " + 1)", "LENGTH(" + deeper(textual) + ")", "(" + deeper(numeric) + " * 2)", "ABS(" + deeper(numeric) + ")"}
		return expression{sql: options[a.pick(len(options))]}
	}
	x := deeper(textual)
	options := []string{"(" + x + " || '!')", "UPPER(" + x + ")", "SUBSTR(" + x + ", 1, 2)", "REPLACE(" + x + ", 'a', 'o')", "CAST(" + deeper(numeric) + " AS " + a.textType() + ")"}
	if !a.postgres {
		options = append(options, "QUOTE("+x+")", "TYPEOF("+deeper(a.one(numeric, textual))+")", "PRINTF('%s', "+x+")")
	}
	return expression{sql: options[a.pick(len(options))]}
}

func (a *author) textType() string {
	if a.postgres {
		return "text"
	}
	return "TEXT"
}

// omitted writes a column that the copy doesn't have, or nothing.
func (a *author) omitted(b *block) string {
	var all []string
	for _, s := range b.sources {
		for _, name := range s.omitted {
			if !s.lost {
				all = append(all, a.qualified(s, name), a.quote(name)) // SQLite takes the one in quotes for a text
			}
		}
	}
	if len(all) == 0 {
		return ""
	}
	a.use("omitted column")
	return all[a.pick(len(all))]
}

// alike writes a text so that those that are equal are the same.
func alike(x expression) string {
	if x.loose {
		return "LOWER(RTRIM(" + x.sql + "))"
	}
	return x.sql
}

// scalar writes a subquery that yields one value.
func (a *author) scalar(scope *common, b *block, sort string, depth int) string {
	a.use("scalar subquery")
	inner := &block{parent: b}
	from := a.from(scope, inner, depth, min(100, 60000/max(b.rows, 1)))
	text := "SELECT " + a.aggregate(scope, inner, sort) + " FROM " + from
	if a.chance(70) {
		text += " WHERE " + a.condition(scope, inner, min(depth, 1))
	}
	return "(" + text + ")"
}

// aggregate writes an aggregate of the block's own columns.
func (a *author) aggregate(scope *common, b *block, sort string) string {
	own := &block{sources: b.sources}
	x := a.columnOf(own, sort)
	var text string
	switch n := a.pick(10); {
	case sort == textual:
		if x.sql == "" {
			x.sql = "'-'"
		}
		if n < 2 && !x.loose {
			function := map[bool]string{true: "STRING_AGG(" + x.sql + ", ',' ORDER BY " + x.sql + ")", false: "GROUP_CONCAT(" + x.sql + ", ',' ORDER BY " + x.sql + ")"}[a.postgres]
			a.use("ordered aggregate")
			text = function
		} else {
			text = a.one("MIN", "MAX") + "(" + alike(x) + ")"
		}
	case x.sql == "" || n < 3:
		text = "COUNT(*)"
	case n < 4:
		any := a.columnOf(own, a.one(textual, numeric))
		if any.sql == "" {
			any.sql = "1"
		}
		text = "COUNT(DISTINCT " + alike(any) + ")"
	default:
		text = a.one("SUM", "MAX", "MIN", "COUNT") + "(" + x.sql + ")"
	}
	if a.chance(12) {
		a.use("filtered aggregate")
		text += " FILTER (WHERE " + a.condition(scope, own, 0) + ")"
	}
	a.use("aggregate")
	return text
}

// condition writes a predicate.
func (a *author) condition(scope *common, b *block, depth int) string {
	n := a.pick(100)
	sort := a.one(numeric, textual)
	x := func() string { return a.expression(scope, b, sort, depth-1).sql }
	inner := func(want ...string) string {
		text, _, _ := a.query(scope, b, min(depth-1, 1), asked{want: want, rows: min(60, 60000/max(b.rows, 1))})
		return "(" + text + ")"
	}
	if depth > 0 {
		switch {
		case n >= 96:
			a.use("row values")
			return "(" + a.expression(scope, b, numeric, 0).sql + ", " + a.expression(scope, b, textual, 0).sql + ") " + a.one("IN", "NOT IN") + " " + inner(numeric, textual)
		case n >= 91:
			word := a.one("IN", "NOT IN")
			a.use(strings.ToLower(word) + " subquery")
			left := x()
			if a.chance(15) {
				a.use("subquery left of in")
				left = a.scalar(scope, b, sort, 0)
			}
			return left + " " + word + " " + inner(sort)
		case n >= 84:
			word := a.one("EXISTS", "NOT EXISTS")
			a.use(strings.ToLower(word))
			return word + " " + inner(a.one(numeric, textual))
		case n >= 82 && a.postgres:
			word := a.one("ALL", "ANY")
			a.use(strings.ToLower(word))
			return x() + " " + a.one("=", "<>", "<=") + " " + word + " " + inner(sort)
		case n >= 79:
			return a.scalar(scope, b, numeric, 0) + a.one(" >= ", " = ", " < ") + a.expression(scope, b, numeric, 0).sql
		case n >= 76:
			a.use("between")
			return x() + " BETWEEN " + a.scalar(scope, b, sort, 0) + " AND " + x()
		case n >= 70:
			a.use("or")
			return "(" + a.condition(scope, b, depth-1) + " OR " + a.condition(scope, b, depth-1) + ")"
		case n >= 66:
			a.use("and")
			return a.condition(scope, b, depth-1) + " AND " + a.condition(scope, b, depth-1)
		case n >= 61:
			a.use("not")
			return "NOT (" + a.condition(scope, b, depth-1) + ")"
		case n >= 59:
			return "CASE WHEN " + a.condition(scope, b, depth-1) + " THEN 1 ELSE 0 END = 1"
		}
	}
	n = a.pick(100)
	switch {
	case n < 22:
		return x() + a.one(" IS NOT NULL", " IS NULL", " IS NOT NULL")
	case n < 55:
		return x() + a.one(" = ", " <> ", " < ", " >= ") + x()
	case n < 64:
		return x() + a.one(" IN (", " NOT IN (") + a.literal(sort) + ", " + a.literal(sort) + ", " + a.literal(sort) + ")"
	case n < 70 && sort == numeric:
		return x() + " BETWEEN 1 AND " + a.literal(numeric)
	case n < 80 && sort == textual:
		return x() + a.one(" LIKE ", " NOT LIKE ") + a.one("'%a%'", "'P%'", "'a%'", "'_%'")
	case n < 90:
		if a.postgres {
			return x() + a.one(" IS DISTINCT FROM ", " IS NOT DISTINCT FROM ") + x()
		}
		return x() + a.one(" IS ", " IS NOT ", " IS NOT DISTINCT FROM ") + x()
	case !a.postgres:
		return a.odd(b, sort)
	}
	return "1 = 1"
}

// odd compares a column with a constant of another sort: the column's affinity decides. Where the column is not certain to
// have one, the constant is of its own sort.
func (a *author) odd(b *block, sort string) string {
	x := a.columnOf(b, sort)
	switch {
	case x.sql == "":
		return "1 = 1"
	case !x.exact:
		return x.sql + " = " + a.literal(sort)
	}
	a.use("comparison by affinity")
	if sort == numeric {
		return x.sql + a.one(" = ", " <> ", " < ") + a.one("'1'", "'3'", "' 2 '", "'a'")
	}
	return x.sql + a.one(" = ", " <> ", " >= ") + a.one("5", "1", "100")
}
