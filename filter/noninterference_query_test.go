package filter_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// query is a generated SELECT.
type query struct {
	sql string
	// args are its bound arguments: sql.NamedArg where the parameters have names.
	args []any
	// tables are the tables and views that it refers to, as the catalog names them, in the order of the text.
	tables []string
	// uses are the constructs in it.
	uses map[string]bool
	// ordered is set where its ORDER BY leaves nothing open.
	ordered bool
	// fallible is set where it fails on some rows.
	fallible bool
}

// GoString is what a failed test shows.
func (q query) GoString() string { return fmt.Sprintf("%s\narguments: %v", q.sql, q.args) }

// cells are the sorts of cells that generated expressions tell apart. Those of another sort have their type's name.
const (
	numeric = "number"
	textual = "text"
)

// seen is a column that generated SQL can name.
type seen struct {
	name string
	sort string
	// loose is set where textual that differ are equal: which of them stands for a group is open.
	loose bool
	// exact is set where it is certain how the column compares with cells of another sort.
	exact bool
	// masked is set for a table's column whose cells are masked.
	masked bool
}

// relation is a table, a view or a common table expression.
type relation struct {
	name string
	// schema is that of a table or view, and label its full name; "" for a common table expression.
	schema, label string
	columns       []seen
	foreign       []foreign
	rows          int
	view, filled  bool
	// omitted are columns that the copy doesn't have.
	omitted []string
}

type foreign struct {
	columns, references []string
	parent              string
}

// source is one item of a FROM clause.
type source struct {
	*relation
	alias string
	bare  bool // columns may be named with the schema
	lost  bool // columns have other names by the alias
}

// block is a SELECT with what its expressions can name.
type block struct {
	parent  *block
	sources []*source
	rows    int
	// partial is set where other sources may have columns of the same names, and hides has their aliases.
	partial bool
	hides   []*source
	starred bool // a star yields the columns of the sources, one after the other
}

// common are the common table expressions that are in scope.
type common struct {
	around *common
	names  []*relation
	// hidden are names that are taken and can't be used yet.
	hidden []string
}

// tongue is what a dialect has and how it is written.
type tongue struct {
	syntax rewrite.Syntax
	quote  func(string) string
	// folds is set where the case of quoted names doesn't matter.
	folds bool
	// lower is set where unquoted names are in lower case.
	lower bool
	// postgres is set for PostgreSQL's dialect; it is SQLite's otherwise.
	postgres bool
}

// author writes one query.
type author struct {
	*tongue
	rt        *rapid.T
	relations []*relation
	literals  map[string][]string
	uses      map[string]bool
	aliases   int
	style     int // of parameters; 0 for none
	marks     []mark
	fallible  bool
	// careful is set where no column is named that the copy lacks.
	careful bool
}

// mark is a place in the text that is filled in at the end: a table or an argument.
type mark struct {
	text, table string
	arg         any
}

// pick draws one of n, all alike. 0 is what a failing query shrinks to.
func (a *author) pick(n int) int {
	bits := 0
	for limit := 1; limit < n*4; limit *= 2 {
		bits = bits*2 + map[bool]int{true: 1}[coin.Draw(a.rt, "")]
	}
	return bits % n
}

var coin = rapid.Bool()

func (a *author) chance(percent int) bool { return a.pick(100) >= 100-percent }

func (a *author) one(options ...string) string { return options[a.pick(len(options))] }

func (a *author) use(construct string) { a.uses[construct] = true }

// write draws a query over relations.
func write(rt *rapid.T, t *tongue, relations []*relation, literals map[string][]string) query {
	a := &author{tongue: t, rt: rt, relations: relations, literals: literals, uses: map[string]bool{}}
	if a.chance(30) {
		a.style = 1 + a.pick(3)
		if t.postgres {
			a.style = 2
		}
	}
	var text string
	ordered := false
	if a.chance(6) {
		text = a.failing()
	} else {
		text, _, ordered = a.query(nil, nil, 3, asked{rows: 2500, top: true})
	}
	q := query{uses: a.uses, ordered: ordered, fallible: a.fallible}
	q.sql = a.finish(text, &q)
	return q
}

func (a *author) mark(m mark) string {
	a.marks = append(a.marks, m)
	return "\x01" + strconv.Itoa(len(a.marks)-1) + "\x01"
}

// finish fills in what is known when the whole text is there.
func (a *author) finish(text string, q *query) string {
	pieces := strings.Split(text, "\x01")
	given := map[string]int{}
	for i := 1; i < len(pieces); i += 2 {
		m := a.marks[must(strconv.Atoi(pieces[i]))]
		switch {
		case m.table != "":
			q.tables = append(q.tables, m.table)
			pieces[i] = m.text
		case a.style == 1:
			q.args = append(q.args, m.arg)
			pieces[i] = "?"
		default:
			key := fmt.Sprintf("%T %v", m.arg, m.arg)
			if given[key] == 0 {
				given[key] = len(given) + 1
				q.args = append(q.args, a.argument(given[key], m.arg))
			}
			pieces[i] = a.parameter(given[key], m.arg)
		}
	}
	return strings.Join(pieces, "")
}

// asked is what a SELECT must be.
type asked struct {
	// want are the sorts of its columns, nil for any.
	want []string
	// rows is how many combinations of rows it may look at.
	rows int
	// top is set for the outermost, whose columns needn't have different names.
	top bool
	// plain is set where textual that are equal must be the same.
	plain bool
}

// query writes a SELECT with all that can stand around it. parent has the columns that it sees beside its own.
func (a *author) query(scope *common, parent *block, depth int, ask asked) (text string, result []seen, ordered bool) {
	with := ""
	if depth > 0 && a.chance(22) {
		with, scope = a.with(scope, parent, depth-1, ask.rows)
	}
	if depth > 0 && a.chance(14) {
		text, result = a.compound(scope, parent, depth-1, ask)
	} else {
		text, result = a.core(scope, parent, depth, ask)
	}
	// A limit needs an order that leaves nothing open. An order without a limit decides nothing inside of another query, and
	// SQLite 3.53 takes it for an index on which MAX can rely even where it is of a RIGHT JOIN.
	if limited := a.chance(60); len(result) > 0 && (limited || ask.top) && a.chance(22) {
		text += a.totally(result)
		ordered = true
		if limited {
			a.use("limit")
			text += " LIMIT " + a.limit(scope)
		}
	} else if ask.top && len(result) > 0 && a.chance(20) {
		text += " ORDER BY " + a.one("1", "1 DESC")
	}
	return with + text, result, ordered
}

func (a *author) totally(result []seen) string {
	a.use("total order")
	terms := make([]string, len(result))
	for i, c := range result {
		terms[i] = strconv.Itoa(i+1) + a.one("", " DESC")
		if c.loose && !a.postgres {
			terms[i] = strconv.Itoa(i+1) + " COLLATE BINARY"
		}
	}
	return " ORDER BY " + strings.Join(terms, ", ")
}

func (a *author) limit(scope *common) string {
	limit := a.one("3", "1", "5", "2")
	if a.chance(15) {
		a.use("subquery in limit")
		b := &block{}
		limit = "(SELECT COUNT(*) FROM " + a.source(scope, b, 0, 100) + ")"
	} else if a.style != 0 && a.chance(30) {
		limit = a.mark(mark{arg: int64(2)})
	}
	if a.chance(30) {
		limit += " OFFSET 1"
	}
	return limit
}

// with writes a WITH clause and returns the scope with what it defines.
func (a *author) with(around *common, parent *block, depth, rows int) (string, *common) {
	a.use("common table expression")
	if around != nil {
		a.use("nested common table expressions")
	}
	scope := &common{around: around}
	count := 1 + a.pick(2)
	var taken []string
	for range count {
		name := a.commonName(around, taken)
		taken = append(taken, name)
	}
	if !a.postgres { // all of them see each other
		scope.hidden = slices.Clone(taken)
	}
	recursive := a.chance(25)
	var definitions []string
	for i, name := range taken {
		if a.postgres && !recursive { // a body sees those before it, and the reader refuses a name that means something else later
			scope.hidden = taken[i+1:]
		}
		defined := &relation{name: name}
		var body string
		if recursive {
			scope.hidden = slices.Clone(taken)
			body, defined.columns = a.recursion(scope, name, rows)
		} else {
			body, defined.columns, _ = a.query(scope, a.around(parent), depth, asked{rows: min(rows, 150)})
		}
		defined.rows = 12
		columns := ""
		if recursive {
			columns = " (" + a.name("r1") + ", " + a.name("r2") + ")"
		} else if a.chance(40) {
			columns = a.rename(defined.columns)
		}
		hint := ""
		if a.chance(15) {
			hint = a.one("MATERIALIZED ", "NOT MATERIALIZED ")
		}
		definitions = append(definitions, a.name(name)+columns+" AS "+hint+"("+body+")")
		scope.names = append(scope.names, defined)
	}
	words := "WITH "
	if recursive {
		words = "WITH RECURSIVE "
	}
	scope.hidden = nil
	return words + strings.Join(definitions, ", ") + " ", scope
}

// around is what a common table expression sees of the query that it is in.
func (a *author) around(parent *block) *block {
	if parent == nil || !a.chance(40) {
		return nil
	}
	a.use("correlated common table expression")
	return parent
}

// commonName is a name for a common table expression: new, or one that means a table or something else elsewhere.
func (a *author) commonName(around *common, taken []string) string {
	for range 5 {
		name := fmt.Sprintf("c%d", a.pick(3)+1)
		if a.chance(40) {
			name = a.relation().name
		}
		if !slices.ContainsFunc(taken, func(t string) bool { return strings.EqualFold(t, name) }) {
			if a.known(name) {
				a.use("common table expression named like a table")
			}
			if around.taken(name) {
				a.use("one name in two scopes")
			}
			return name
		}
	}
	a.aliases++
	return fmt.Sprintf("cte%d", a.aliases)
}

// relation draws a table or view: most often one that has rows.
func (a *author) relation() *relation {
	filled := slices.DeleteFunc(slices.Clone(a.relations), func(r *relation) bool { return !r.filled })
	if len(filled) > 0 && !a.chance(12) {
		return filled[a.pick(len(filled))]
	}
	return a.relations[a.pick(len(a.relations))]
}

func (a *author) known(name string) bool {
	return slices.ContainsFunc(a.relations, func(r *relation) bool { return strings.EqualFold(r.name, name) })
}

func (c *common) find(name string) *relation {
	for ; c != nil; c = c.around {
		for _, r := range c.names {
			if strings.EqualFold(r.name, name) {
				return r
			}
		}
	}
	return nil
}

// taken reports whether a bare name is not, or not certainly, that of a table.
func (c *common) taken(name string) bool {
	for at := c; at != nil; at = at.around {
		if slices.ContainsFunc(at.hidden, func(h string) bool { return strings.EqualFold(h, name) }) {
			return true
		}
	}
	return c.find(name) != nil
}

// rename gives columns other names.
func (a *author) rename(columns []seen) string {
	names := make([]string, len(columns))
	for i := range columns {
		columns[i].name = fmt.Sprintf("r%d", i+1)
		if i == 0 && a.chance(40) {
			columns[i].name = "N"
		}
		names[i] = a.name(columns[i].name)
	}
	return " (" + strings.Join(names, ", ") + ")"
}

// recursion writes the body of a recursive common table expression, which climbs over tables or counts.
func (a *author) recursion(scope *common, name string, rows int) (string, []seen) {
	a.use("recursive common table expression")
	b := &block{}
	from := a.source(scope, b, 0, rows)
	text := "SELECT " + a.cast(a.expression(scope, b, numeric, 0).sql) + ", " + a.cast("0") + " FROM " + from
	if a.chance(40) {
		text += " WHERE " + a.condition(scope, b, 1)
	}
	next, others := "p."+a.name("r1")+" + 1", ""
	if a.chance(60) { // another table in the step, which is confined as well
		inner := &block{}
		others = ", " + a.source(scope, inner, 0, 20)
		greatest := map[bool]string{true: "GREATEST", false: "MAX"}[a.postgres]
		next = greatest + "(p." + a.name("r1") + ", " + a.expression(scope, inner, numeric, 0).sql + ")"
	}
	text += " UNION SELECT " + next + ", p." + a.name("r2") + " + 1 FROM " + a.name(name) + " AS p" + others + " WHERE p." + a.name("r2") + " < 2"
	return text, []seen{{name: "r1", sort: numeric}, {name: "r2", sort: numeric}}
}

// cast gives both halves of a recursion one type.
func (a *author) cast(text string) string {
	if a.postgres {
		return "CAST(" + text + " AS bigint)"
	}
	return text
}

// compound writes a compound SELECT. Where textual that differ are equal it shows them alike, as it is open which of them stays.
func (a *author) compound(scope *common, parent *block, depth int, ask asked) (string, []seen) {
	ask.plain, ask.top, ask.rows = true, false, ask.rows/2
	if ask.want == nil {
		for range 1 + a.pick(2) {
			ask.want = append(ask.want, a.one(numeric, textual))
		}
	}
	var result []seen
	text := ""
	for i := range 2 + a.pick(2) {
		if i > 0 {
			op := a.one("UNION", "UNION ALL", "EXCEPT", "INTERSECT")
			a.use(strings.ToLower(op))
			text += " " + op + " "
		}
		branch, columns := a.core(scope, parent, min(depth, 1), ask)
		if a.postgres && a.chance(30) {
			a.use("parenthesised branch")
			branch = "(" + branch + ")"
		}
		text += branch
		if i == 0 {
			result = columns
		}
	}
	for i := range result {
		result[i].exact = false
	}
	return text, result
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
