// Package tsql reads a SELECT of Transact-SQL, so that package rewrite can confine it.
//
// Two readers look at every query. The one is this package's own: a strict lexer, and a scanner that finds the query blocks,
// what stands in their FROM clauses, and the clauses that hold no expression. The other is github.com/sqlc-dev/teesql, whose
// tree is walked by an allow-list for everything inside expressions. Both must find the same blocks with the same table
// references in the same order, and every token must be one that either of them accounted for.
//
// teesql is lenient: it drops what it can't read in FROM, doesn't nest comments, and skips words where it expects others. It
// is therefore given a skeleton of the query, token by token: no comments, no contents of quotes, and without the clauses that
// the scanner has read completely. Names are never taken from it, only the places of names.
package tsql

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// Syntax is Transact-SQL with QUOTED_IDENTIFIER ON.
type Syntax struct{}

var _ rewrite.Syntax = Syntax{}

// Read reads exactly one SELECT.
func (Syntax) Read(sql string) (*rewrite.Statement, error) {
	source := rewrite.NewSource(sql)
	if len(sql) > rewrite.MaxLength {
		return nil, source.RefuseAt(rewrite.CodeSize, 0, "the query is longer than %d bytes", rewrite.MaxLength)
	}
	lexemes, err := lex(source)
	if err != nil {
		return nil, err
	}
	return read(source, lexemes)
}

// Parameter is @utdrag_p1, @utdrag_p2 and so on: named, so that it doesn't matter how many the query has.
func (Syntax) Parameter(number, _ int) string {
	return "@" + rewrite.Reserved + "p" + strconv.Itoa(number)
}

// Fold is the name in lower case. Whether case matters is the database's collation; where it decides what a name means, Read
// asks for the same spelling.
func (Syntax) Fold(name string) string { return fold(name) }

func fold(name string) string {
	for i := range len(name) {
		if c := name[i]; c >= 0x80 || 'A' <= c && c <= 'Z' {
			return strings.Map(unicode.ToLower, name)
		}
	}
	return name
}

// read reads lexemes into a statement, and turns the refusals of the readers into an error.
func read(source *rewrite.Source, lexemes []lexeme) (statement *rewrite.Statement, err error) {
	for i, l := range lexemes {
		source.Add(l.kind, l.text, l.value, l.at, l.gap && i > 0)
	}
	source.Finish()
	defer func() {
		if r := recover(); r != nil {
			refused, ok := r.(refusal)
			if !ok {
				panic(r)
			}
			statement, err = nil, refused.error
		}
	}()
	if len(source.Tokens) == 0 {
		return nil, source.RefuseAt(rewrite.CodeSize, 0, "the query is empty")
	}
	t := newText(source)
	t.guard()
	scanned := t.scan()
	tree := t.parse(scanned)
	w := newWalker(t, scanned)
	w.statement(tree)
	w.cover()
	return w.finish(), nil
}

// refusal carries an error out of a reader. It never leaves this package.
type refusal struct{ error }
