package tsql

import (
	"context"
	"sort"
	"strings"

	"github.com/sqlc-dev/teesql/ast"
	"github.com/sqlc-dev/teesql/parser"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// tree is what teesql made of a query, and where its offsets lead.
type tree struct {
	statement *ast.SelectStatement
	// offsets are where tokens begin in the skeleton, in order, and tokens which ones they are.
	offsets, tokens []int
	// collations are the names after COLLATE, which the skeleton leaves out.
	collations []int
}

// parse gives teesql the skeleton of a query and demands exactly one SELECT of it.
func (t *text) parse(s *scan) (result *tree) {
	skeleton, result := s.skeleton()
	defer func() {
		if r := recover(); r != nil {
			if _, ours := r.(refusal); ours {
				panic(r)
			}
			t.refuse(rewrite.CodeSyntax, 0, "the parser gave up on the query")
		}
	}()
	script, err := parser.Parse(context.Background(), strings.NewReader(skeleton))
	if err != nil {
		// The parser's message quotes its skeleton, which means nothing to anyone.
		t.refuse(rewrite.CodeSyntax, 0, "the query can't be read as Transact-SQL")
	}
	if len(script.Batches) != 1 || len(script.Batches[0].Statements) != 1 {
		at := 0
		if len(script.Batches) > 0 && len(script.Batches[0].Statements) > 1 {
			if f, ok := script.Batches[0].Statements[1].(spanned); ok {
				at, _ = result.token(f.Frag().StartOffset)
			}
		}
		t.refuse(rewrite.CodeStatements, at, "not exactly one statement")
	}
	statement, ok := script.Batches[0].Statements[0].(*ast.SelectStatement)
	if !ok {
		t.refuse(rewrite.CodeNotSelect, 0, "not a SELECT")
	}
	result.statement = statement
	return result
}

// token returns the token that begins at an offset of the skeleton. The skeleton is ASCII, so that teesql's units of UTF-16 are
// bytes.
func (t *tree) token(offset int) (int, bool) {
	i := sort.SearchInts(t.offsets, offset)
	if i == len(t.offsets) || t.offsets[i] != offset {
		return 0, false
	}
	return t.tokens[i], true
}

// spanned is any node.
type spanned interface{ Frag() *ast.Fragment }

// skeleton writes the query for teesql: tokens apart by one space, quotes without their contents, names that it would take for
// keywords as one that it doesn't. It leaves out what teesql reads wrongly or not at all and what means nothing to where names
// stand: the clauses that were read already, COLLATE, ANY and ALL, and parentheses around conditions and operands, which
// only change what is computed first.
func (s *scan) skeleton() (string, *tree) {
	result := &tree{offsets: make([]int, 0, len(s.Tokens)), tokens: make([]int, 0, len(s.Tokens))}
	group := s.grouping()
	var b strings.Builder
	b.Grow(len(s.Text) + len(s.Tokens))
	for i := 0; i < len(s.Tokens); i++ {
		token := s.Tokens[i]
		text := token.Value
		switch token.Kind {
		case rewrite.Word:
			if s.is(i, "COLLATE") && s.keyword(i) {
				if !s.kind(i+1, rewrite.Word) || reserved[s.upper[i+1]] {
					s.refuse(rewrite.CodeSyntax, i, "COLLATE without the name of a collation")
				}
				result.collations = append(result.collations, i+1)
				i++
				continue
			}
			if s.quantifier(i) || s.dropped[i] {
				continue
			}
			if !plain(text) || foreignKeywords[s.upper[i]] {
				text = "q"
			}
		case rewrite.Quoted:
			text = "[q]"
		case rewrite.String:
			text = "'x'"
		case rewrite.Number:
			text = "1"
		case rewrite.Variable:
			text = "@q"
		}
		if s.dropped[i] || group[i] == dropParenthesis {
			continue
		}
		if group[i] == signBefore {
			b.WriteString("+ ")
		}
		result.offsets, result.tokens = append(result.offsets, b.Len()), append(result.tokens, i)
		b.WriteString(text)
		b.WriteByte(' ')
	}
	return b.String(), result
}

func plain(word string) bool {
	for i := range len(word) {
		if c := word[i]; c >= 0x80 || c == '$' || c == '#' || c == '@' {
			return false
		}
	}
	return true
}

// quantifier reports whether a word is the ANY, SOME or ALL of a comparison.
func (s *scan) quantifier(i int) bool {
	return s.is(i, "ANY", "SOME", "ALL") && s.is(i+1, "(") && s.is(i-1, "=", "<", ">", "<=", ">=", "<>", "!=", "!<", "!>")
}

// grouped is what becomes of a parenthesis in the skeleton.
type grouped uint8

const (
	keepParenthesis grouped = iota
	dropParenthesis
	signBefore // what teesql reads only if something else comes before it: a query that begins a condition, a sum that is grouped by
)

// arithmetic are the operators between two values.
var arithmetic = []string{"+", "-", "*", "/", "%", "&", "|", "^", "||"}

// grouping finds the parentheses that begin a condition or one of its operands.
func (s *scan) grouping() []grouped {
	group := make([]grouped, len(s.Tokens))
	for i := range s.Tokens {
		if !s.is(i, "(") || s.dropped[i] {
			continue
		}
		begins := s.is(i-1, "WHERE", "AND", "OR", "NOT", "ON", "HAVING", "WHEN") && s.keyword(i-1) ||
			s.is(i-1, "(") && (group[i-1] == dropParenthesis || s.is(i-2, "IIF"))
		// GROUP BY (a + b) / 2 is no list of columns in parentheses.
		divided := s.is(i-1, "BY", ",") && s.is(s.closing[i]+1, arithmetic...)
		switch {
		case !begins && divided:
			group[i] = signBefore
		case !begins:
		case s.is(i+1, "SELECT"):
			group[i] = signBefore
		case s.isQuery(i):
		default:
			group[i], group[s.closing[i]] = dropParenthesis, dropParenthesis
		}
	}
	return group
}
