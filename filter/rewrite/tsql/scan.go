package tsql

import (
	"strings"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// scan is what this package's own reader finds: the query blocks with the items of their FROM clauses, and the clauses that
// hold no expression. All numbers are indices of tokens.
type scan struct {
	*text
	blocks []*block
	// at are the blocks by their SELECT.
	at map[int]*block
	// common are the common table expressions.
	common []common
	with   rewrite.With
	// dropped are the tokens of clauses that were read here to the last word. teesql doesn't get them.
	dropped []bool
}

// block is one SELECT.
type block struct {
	selectAt int
	from     bool
	items    []item
	// shaped is set for the first block of a query with FOR XML or FOR JSON, whose result is one column.
	shaped bool
}

type common struct {
	name    int
	columns []int
}

// scan reads the whole query.
func (t *text) scan() *scan {
	s := &scan{text: t, at: map[int]*block{}, dropped: make([]bool, len(t.Tokens))}
	start := 0
	if t.is(0, "WITH") {
		start = s.commonExpressions()
	}
	if end := s.region(start, -1); end != len(t.Tokens) {
		t.refuse(rewrite.CodeSyntax, end, "what stands here doesn't belong to the SELECT")
	}
	return s
}

// commonExpressions reads WITH, and returns what follows it.
func (s *scan) commonExpressions() int {
	i := 1
	if s.is(1, "XMLNAMESPACES") && s.is(2, "(") {
		i = s.closing[2] + 1
		if !s.is(i, ",") {
			s.with = rewrite.With{At: s.span(i-1, i).End, After: true}
			return i
		}
		i++
	}
	s.with = rewrite.With{At: s.span(i, i+1).Start, Has: true}
	for ; ; i++ {
		if !s.isName(i) {
			s.refuse(rewrite.CodeSyntax, min(i, len(s.Tokens)-1), "WITH without the name of a common table expression")
		}
		c := common{name: i}
		i++
		if s.is(i, "(") {
			c.columns, i = s.names(i)
		}
		if !s.is(i, "AS") || !s.is(i+1, "(") {
			s.refuse(rewrite.CodeSyntax, c.name, "a common table expression without AS and a query in parentheses")
		}
		s.common = append(s.common, c)
		i = s.inner(i+1) + 1
		if !s.is(i, ",") {
			return i
		}
	}
}

// inner reads what stands in parentheses, and returns the closing one.
func (s *scan) inner(open int) int {
	if end := s.region(open+1, open); end != s.closing[open] {
		s.refuse(rewrite.CodeSyntax, end, "what stands here doesn't belong to the query in parentheses")
	}
	return s.closing[open]
}

// region reads what stands between parentheses, be it a query, an expression or a list, and returns where it ends.
func (s *scan) region(i, open int) int {
	var current, first *block
	start, trimmed := i, false
	for i < len(s.Tokens) && !s.is(i, ")") {
		if s.is(i, "(") {
			i = s.inner(i) + 1
			continue
		}
		if !s.keyword(i) {
			i++
			continue
		}
		switch s.upper[i] {
		case "SELECT":
			if current != nil || i != start && !s.is(i-1, "UNION", "EXCEPT", "INTERSECT") && !(s.is(i-1, "ALL") && s.is(i-2, "UNION")) {
				s.refuse(rewrite.CodeStatements, i, "more than one statement")
			}
			current = &block{selectAt: i}
			if first == nil {
				first = current
			}
			s.blocks = append(s.blocks, current)
			s.at[i] = current
		case "UNION", "EXCEPT", "INTERSECT":
			current = nil
		case "FROM":
			switch {
			case s.distinctFrom(i):
			case current == nil && open > 0 && s.is(open-1, "TRIM") && !trimmed:
				trimmed = true
			case current == nil || current.from:
				s.refuse(rewrite.CodeUnaccounted, i, "FROM without a SELECT")
			default:
				current.from = true
				i = s.from(i+1, current)
				continue
			}
		case "FOR":
			i = s.forClause(i)
			if first == nil {
				s.refuse(rewrite.CodeSyntax, min(i, len(s.Tokens)-1), "FOR without a SELECT")
			}
			first.shaped = true
			continue
		case "OFFSET":
			i = s.offset(i)
			continue
		case "OPTION":
			if open >= 0 {
				s.refuse(rewrite.CodeSyntax, i, "OPTION inside parentheses")
			}
			i = s.option(i)
			continue
		}
		i++
	}
	return i
}

// distinctFrom reports whether a FROM belongs to IS [NOT] DISTINCT FROM.
func (s *scan) distinctFrom(i int) bool {
	return s.is(i-1, "DISTINCT") && (s.is(i-2, "IS") || s.is(i-2, "NOT") && s.is(i-3, "IS"))
}

// drop takes tokens out of what teesql gets.
func (s *scan) drop(first, end int) {
	for i := first; i < end; i++ {
		s.dropped[i] = true
	}
}

// names reads a list of names in parentheses, and returns what follows it.
func (s *scan) names(open int) ([]int, int) {
	var names []int
	for i := open + 1; ; i += 2 {
		if !s.isName(i) || !s.is(i+1, ",", ")") {
			s.refuse(rewrite.CodeSyntax, open, "a list of columns that can't be read")
		}
		names = append(names, i)
		if s.is(i+1, ")") {
			return names, i + 2
		}
	}
}

// form spells some tokens out for the lists of hints and options.
func (s *scan) form(first, end int) string {
	var b strings.Builder
	for i := first; i < end; i++ {
		if i > first {
			b.WriteByte('/')
		}
		switch s.Tokens[i].Kind {
		case rewrite.Word:
			b.WriteString(s.upper[i])
		case rewrite.Number:
			b.WriteByte('#')
		case rewrite.String:
			b.WriteByte('\'')
		case rewrite.Operator:
			b.WriteString(s.Tokens[i].Value)
		default:
			b.WriteByte('?')
		}
	}
	return b.String()
}

// next is the first comma, or the end of the clause, at or after a token, parentheses skipped.
func (s *scan) next(i int, stop ...string) int {
	for i < len(s.Tokens) && !s.is(i, ")") && !s.is(i, ",") && !s.is(i, stop...) {
		if s.is(i, "(") {
			i = s.closing[i]
		}
		i++
	}
	return i
}

// option reads OPTION (…), and returns what follows it.
func (s *scan) option(i int) int {
	if !s.is(i+1, "(") {
		s.refuse(rewrite.CodeSyntax, i, "OPTION without parentheses")
	}
	end := s.closing[i+1]
	for hint := i + 2; ; {
		next := s.next(hint)
		if !queryHints[s.form(hint, next)] {
			s.refuse(rewrite.CodeHint, min(hint, end), "a query hint that is not allowed")
		}
		if next == end {
			break
		}
		hint = next + 1
	}
	s.drop(i, end+1)
	if end+1 < len(s.Tokens) {
		s.refuse(rewrite.CodeStatements, end+1, "something after OPTION")
	}
	return end + 1
}

// forClause reads FOR XML or FOR JSON, and returns what follows it.
func (s *scan) forClause(i int) int {
	options := forOptions[s.upperAt(i+1)]
	switch {
	case s.is(i-1, "VALUE") && s.is(i-2, "NEXT"):
		s.refuse(rewrite.CodeFunction, i-2, "NEXT VALUE FOR changes a sequence")
	case options == nil:
		s.refuse(rewrite.CodeConstruct, i, "FOR without XML or JSON")
	}
	end := i + 2
	for {
		next := s.next(end, "OPTION", "UNION", "EXCEPT", "INTERSECT")
		if !options[s.form(end, next)] {
			s.refuse(rewrite.CodeConstruct, min(end, len(s.Tokens)-1), "an option of FOR %s that is not allowed", s.upper[i+1])
		}
		if !s.is(next, ",") {
			s.drop(i, next)
			return next
		}
		end = next + 1
	}
}

// offset reads OFFSET and FETCH where they take literals or parameters, and returns what follows. Others are left to teesql,
// which loses them after UNION.
func (s *scan) offset(i int) int {
	count := func(at int) (int, bool) {
		if s.is(at, "(") && s.is(at+2, ")") && (s.kind(at+1, rewrite.Number) || s.kind(at+1, rewrite.Variable)) {
			return at + 3, true
		}
		return at + 1, s.kind(at, rewrite.Number) || s.kind(at, rewrite.Variable)
	}
	end, ok := count(i + 1)
	if !ok || !s.is(end, "ROW", "ROWS") {
		return i + 1
	}
	end++
	if s.is(end, "FETCH") && s.is(end+1, "NEXT", "FIRST") {
		if end, ok = count(end + 2); !ok || !s.is(end, "ROW", "ROWS") || !s.is(end+1, "ONLY") {
			return i + 1
		}
		end += 2
	}
	s.drop(i, end)
	return end
}
