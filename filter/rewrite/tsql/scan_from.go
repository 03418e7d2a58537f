package tsql

import (
	"strings"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// itemKind is what an item of a FROM clause is.
type itemKind uint8

const (
	named    itemKind = iota // a table, view or common table expression
	derived                  // a query in parentheses
	values                   // VALUES in parentheses
	function                 // a call
	pivot                    // PIVOT or UNPIVOT, after the items that it turns
)

func (k itemKind) String() string {
	return [...]string{"a table", "a derived table", "a list of values", "a call", "a pivot"}[k]
}

// item is one item of a FROM clause, joins taken apart. Numbers are indices of tokens.
type item struct {
	kind       itemKind
	first, end int
	// name are the parts of a table's or function's name.
	name []int
	// alias is -1 where there is none.
	alias   int
	columns []int
	// before and after are what stays at the base table.
	before, after string
	history       bool
}

// rowsets read from outside the database, and namesTable take the name of a table.
var (
	rowsets    = set("OPENROWSET OPENQUERY OPENDATASOURCE OPENXML PREDICT")
	namesTable = set(`CONTAINSTABLE FREETEXTTABLE CHANGETABLE SEMANTICKEYPHRASETABLE SEMANTICSIMILARITYTABLE
		SEMANTICSIMILARITYDETAILSTABLE`)
)

// from reads a FROM clause, and returns what follows it.
func (s *scan) from(i int, b *block) int {
	for ; ; i++ {
		i = s.joined(i, b)
		if !s.is(i, ",") {
			break
		}
	}
	if i < len(s.Tokens) && !s.is(i, ")") && !s.is(i, clauseWords...) && !s.window(i) {
		s.refuse(rewrite.CodeSyntax, i, "a FROM clause that can't be read from here on")
	}
	return i
}

// window reports whether a WINDOW clause begins, which is no reserved word.
func (s *scan) window(i int) bool { return s.is(i, "WINDOW") && s.isName(i+1) && s.is(i+2, "AS") }

// joined reads a table reference with everything joined to it.
func (s *scan) joined(i int, b *block) int {
	i = s.primary(i, b)
	conditions := 0
	for {
		switch {
		case s.is(i, "PIVOT", "UNPIVOT") && s.is(i+1, "("):
			i = s.pivot(i, b)
		case s.is(i, "CROSS") && s.is(i+1, "JOIN", "APPLY"), s.is(i, "OUTER") && s.is(i+1, "APPLY"):
			i = s.primary(i+2, b)
		case s.is(i, "ON"):
			if conditions--; conditions < 0 {
				s.refuse(rewrite.CodeSyntax, i, "ON without JOIN")
			}
			i = s.condition(i + 1)
		case s.join(i) > 0:
			i = s.primary(s.join(i), b)
			conditions++
		case conditions > 0:
			s.refuse(rewrite.CodeSyntax, min(i, len(s.Tokens)-1), "JOIN without ON")
		default:
			return i
		}
	}
}

// join returns what follows [INNER | LEFT | RIGHT | FULL [OUTER]] [hint] JOIN, or 0.
func (s *scan) join(i int) int {
	if s.is(i, "INNER", "LEFT", "RIGHT", "FULL") {
		outer := !s.is(i, "INNER")
		i++
		if outer && s.is(i, "OUTER") {
			i++
		}
		if s.is(i, "LOOP", "HASH", "MERGE", "REMOTE") {
			i++
		}
	}
	if s.is(i, "JOIN") {
		return i + 1
	}
	return 0
}

// condition skips the condition of a join, but for the queries in it.
func (s *scan) condition(i int) int {
	for i < len(s.Tokens) {
		switch {
		case s.is(i, "("):
			i = s.inner(i) + 1
			continue
		case s.is(i, ")", ","):
			return i
		case !s.keyword(i):
		case s.is(i, clauseWords...), s.window(i), s.is(i, "ON", "JOIN", "INNER", "CROSS", "FULL", "PIVOT", "UNPIVOT"),
			s.is(i, "OUTER") && s.is(i+1, "APPLY"), s.is(i, "LEFT", "RIGHT") && !s.is(i+1, "("):
			return i
		case s.is(i, "SELECT"):
			s.refuse(rewrite.CodeStatements, i, "more than one statement")
		case s.is(i, "FROM") && !s.distinctFrom(i):
			s.refuse(rewrite.CodeUnaccounted, i, "FROM without a SELECT")
		}
		i++
	}
	return i
}

// pivot reads PIVOT or UNPIVOT, which turn everything before them.
func (s *scan) pivot(i int, b *block) int {
	it := item{kind: pivot, first: i, alias: -1}
	for j := i + 2; j < s.closing[i+1]; j++ {
		if s.is(j, "SELECT", "FROM") {
			s.refuse(rewrite.CodeSyntax, j, "a query inside a pivot")
		}
	}
	i = s.alias(s.closing[i+1]+1, &it)
	if it.alias < 0 {
		s.refuse(rewrite.CodeSyntax, it.first, "a pivot without an alias")
	}
	it.end = i
	b.items = append(b.items, it)
	return i
}

// isQuery reports whether parentheses hold a query, rather than a join.
func (s *scan) isQuery(open int) bool {
	switch {
	case s.is(open+1, "SELECT"):
		return true
	case s.is(open+1, "("):
		return s.isQuery(open+1) && s.is(s.closing[open+1]+1, ")", "UNION", "EXCEPT", "INTERSECT", "ORDER")
	}
	return false
}

// primary reads one table reference.
func (s *scan) primary(i int, b *block) int {
	it := item{first: i, alias: -1}
	switch {
	case s.is(i, "(") && s.isQuery(i):
		it.kind = derived
		i = s.aliasAndColumns(s.inner(i)+1, &it)
	case s.is(i, "(") && s.is(i+1, "VALUES"):
		it.kind = values
		i = s.aliasAndColumns(s.inner(i)+1, &it)
	case s.is(i, "("):
		if s.is(i+1, "WITH") {
			s.refuse(rewrite.CodeSyntax, i+1, "a common table expression inside a derived table")
		}
		if end := s.joined(i+1, b); end != s.closing[i] {
			s.refuse(rewrite.CodeSyntax, end, "a join in parentheses that can't be read from here on")
		}
		return s.closing[i] + 1
	case s.kind(i, rewrite.Variable):
		s.refuse(rewrite.CodeTemporary, i, "a table variable, or a method of a variable, in FROM")
	case rowsets[s.upperAt(i)] && s.is(i+1, "("):
		s.refuse(rewrite.CodeRowset, i, "%s reads from outside the database", s.upper[i])
	case namesTable[s.upperAt(i)] && s.is(i+1, "("):
		s.refuse(rewrite.CodeNamesTable, i, "%s takes the name of a table", s.upper[i])
	case s.isName(i):
		i = s.namedItem(i, &it)
	default:
		s.refuse(rewrite.CodeSyntax, min(i, len(s.Tokens)-1), "a table reference that can't be read")
	}
	it.end = i
	b.items = append(b.items, it)
	return i
}

// namedItem reads a table with what belongs to it, or a call.
func (s *scan) namedItem(i int, it *item) int {
	it.name = append(it.name, i)
	for i++; s.is(i, "."); i += 2 {
		if s.is(i+1, ".") {
			s.refuse(rewrite.CodeElsewhere, it.first, "a table of another database")
		}
		if !s.isName(i + 1) {
			s.refuse(rewrite.CodeSyntax, i, "a name that ends in a dot")
		}
		it.name = append(it.name, i+1)
	}
	if s.is(i, "(") && !s.hintList(i) {
		it.kind = function
		i = s.inner(i) + 1
		if s.is(i, "WITH") && s.is(i+1, "(") {
			i = s.inner(i+1) + 1
		}
		return s.aliasAndColumns(i, it)
	}
	if s.is(i, "FOR") && s.is(i+1, "SYSTEM_TIME") {
		end := s.systemTime(i)
		it.before, it.history = s.Slice(s.span(i, end)), true
		s.drop(i, end)
		i = end
	}
	var after []string
	hints := func() {
		if open := i; s.hintList(open) {
			i = s.hints(open)
			after = append(after, "WITH "+s.Slice(s.span(open, i)))
		}
	}
	hints() // the old place: before the alias, without WITH
	i = s.alias(i, it)
	if s.is(i, "TABLESAMPLE") {
		end := s.sample(i)
		after = append([]string{s.Slice(s.span(i, end))}, after...)
		s.drop(i, end)
		i = end
	}
	if s.is(i, "WITH") && s.is(i+1, "(") {
		s.drop(i, i+1)
		i++
		if !s.hintList(i) {
			s.refuse(rewrite.CodeHint, i, "a table hint that is not known")
		}
	}
	hints()
	if len(after) > 2 || len(after) == 2 && strings.HasPrefix(after[0], "WITH") {
		s.refuse(rewrite.CodeHint, it.first, "table hints in two places")
	}
	it.after = strings.Join(after, " ")
	return i
}

// hintList reports whether parentheses hold table hints rather than arguments.
func (s *scan) hintList(open int) bool {
	return s.is(open, "(") && tableHints[s.upperAt(open+1)] && s.is(open+2, ")", ",", "(", "=") ||
		s.is(open, "(") && tableHints[s.upperAt(open+1)] && tableHints[s.upperAt(open+2)]
}

// hints reads table hints in parentheses, and returns what follows them.
func (s *scan) hints(open int) int {
	for i := open + 1; i < s.closing[open]; i++ {
		if !allowedHints[s.upper[i]] {
			s.refuse(rewrite.CodeHint, i, "a table hint that is not allowed")
		}
		if s.is(i+1, ",") && i+2 < s.closing[open] {
			i++
		}
	}
	s.drop(open, s.closing[open]+1)
	return s.closing[open] + 1
}

// instants are the forms of FOR SYSTEM_TIME, with ' for each literal or parameter.
var instants = set("AS/OF/'", "FROM/'/TO/'", "BETWEEN/'/AND/'", "CONTAINED/IN/(/'/,/'/)", "ALL")

// systemTime reads FOR SYSTEM_TIME, and returns what follows it.
func (s *scan) systemTime(i int) int {
	for end := i + 3; end <= min(i+9, len(s.Tokens)); end++ {
		form := s.form(i+2, end)
		if instants[strings.ReplaceAll(form, "?", "'")] && !s.quotedIn(i+2, end) {
			return end
		}
	}
	s.refuse(rewrite.CodeConstruct, i+1, "FOR SYSTEM_TIME takes literals and parameters")
	return 0
}

func (s *scan) quotedIn(first, end int) bool {
	for ; first < end; first++ {
		if s.kind(first, rewrite.Quoted) {
			return true
		}
	}
	return false
}

// samples are the forms of TABLESAMPLE's arguments.
var samples = set("(/#/)", "(/#/PERCENT/)", "(/#/ROWS/)")

// sample reads TABLESAMPLE, and returns what follows it.
func (s *scan) sample(i int) int {
	open := i + 1
	if s.is(open, "SYSTEM") {
		open++
	}
	if !s.is(open, "(") || !samples[s.form(open, s.closing[open]+1)] {
		s.refuse(rewrite.CodeConstruct, i, "TABLESAMPLE takes a number")
	}
	end := s.closing[open] + 1
	if s.is(end, "REPEATABLE") {
		if !s.is(end+1, "(") || s.form(end+1, s.closing[end+1]+1) != "(/#/)" {
			s.refuse(rewrite.CodeConstruct, end, "REPEATABLE takes a number")
		}
		end = s.closing[end+1] + 1
	}
	return end
}

// alias reads an alias, if there is one.
func (s *scan) alias(i int, it *item) int {
	if s.is(i, "AS") {
		i++
		if !s.isName(i) {
			s.refuse(rewrite.CodeSyntax, i-1, "AS without an alias")
		}
	} else if !s.isName(i) || s.window(i) {
		return i
	}
	it.alias = i
	return i + 1
}

func (s *scan) aliasAndColumns(i int, it *item) int {
	i = s.alias(i, it)
	if it.alias >= 0 && s.is(i, "(") {
		it.columns, i = s.names(i)
	}
	return i
}
