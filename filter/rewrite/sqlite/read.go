// Package sqlite reads SQLite's SELECT for [rewrite.Confine].
//
// The text goes through a strict lexer first, which writes it anew: without comments, with one space in each gap, and with
// every bound argument under its number. That canonical text is what the engine runs in the end, so whatever another reader
// would have made of the original doesn't matter. The parser is github.com/sqlc-dev/meyer, a port of SQLite's own grammar.
// It is not trusted alone: its tokens must be the lexer's, and after the walk every word, quoted name, literal and argument
// of the text must have been accounted for by some node of the tree.
//
// What is particular to SQLite:
//
//   - All common table expressions of a WITH see each other, later ones too, with or without the word RECURSIVE, and
//     everything inside the SELECT sees them. A name with a schema is always a table.
//   - A name in double quotes that is no column is a text to SQLite. Nobody can tell here; it is reported as a column.
//     Derived tables keep their columns' names, so it stays what it was, or is the text of a column that the map hides.
//   - A text in single quotes is a name to SQLite where only a name can stand. It is refused there.
//   - rowid, _rowid_ and oid are reported as pseudo columns under any quotes, though a table may have a column of that name.
//   - The body of a common table expression can see columns of the query that uses it, wherever that is. Scopes say what is
//     around the WITH; a column that is found in neither is not to be bound to anything.
package sqlite

import (
	"strconv"
	"strings"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// Syntax is SQLite's grammar. It is a pure value.
type Syntax struct{}

var _ rewrite.Syntax = Syntax{}

// Read reads exactly one SELECT.
func (Syntax) Read(sql string) (*rewrite.Statement, error) {
	source := rewrite.NewSource(sql)
	tokens, err := lex(source)
	if err != nil {
		return nil, err
	}
	return read(source, tokens)
}

// View reads a CREATE VIEW, as sqlite_schema has it, or a SELECT.
func (Syntax) View(definition string) (*rewrite.Statement, []string, error) {
	source := rewrite.NewSource(definition)
	tokens, err := lex(source)
	if err != nil {
		return nil, nil, err
	}
	tokens, columns, err := viewBody(source, tokens)
	if err != nil {
		return nil, nil, err
	}
	statement, err := read(source, tokens)
	if err != nil {
		return nil, nil, err
	}
	if len(statement.Parameters) > 0 {
		return nil, nil, source.Refuse(rewrite.CodeParameter, statement.Parameters[0].Span, "a view has no bound arguments")
	}
	return statement, columns, nil
}

// Parameter is ?N. Read has put the query's own arguments under their numbers, so that none of them moves.
func (Syntax) Parameter(number, theirs int) string { return "?" + strconv.Itoa(theirs+number) }

// Fold is a name with A to Z in lower case: SQLite compares no other letters without regard to case.
func (Syntax) Fold(name string) string { return fold(name) }

func fold(s string) string {
	for i := range len(s) {
		if 'A' <= s[i] && s[i] <= 'Z' {
			return strings.Map(func(r rune) rune {
				if 'A' <= r && r <= 'Z' {
					return r + 'a' - 'A'
				}
				return r
			}, s)
		}
	}
	return s
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// read makes the canonical text of tokens and reads it. Nothing has been added to source yet.
func read(source *rewrite.Source, tokens []token) (*rewrite.Statement, error) {
	statement := &rewrite.Statement{Source: source}
	tokens, err := single(source, tokens)
	if err != nil {
		return nil, err
	}
	if err := number(source, tokens); err != nil {
		return nil, err
	}
	source.Tokens = make([]rewrite.Token, 0, len(tokens))
	for _, t := range tokens {
		source.Add(t.kind, t.text, t.value, t.at, t.gap)
		if t.kind == rewrite.Variable {
			statement.Parameters = append(statement.Parameters, rewrite.Parameter{
				Span: source.Tokens[len(source.Tokens)-1].Span, Name: t.name, Number: t.number,
			})
		}
	}
	source.Finish()
	if err := shallow(source); err != nil {
		return nil, err
	}
	tree, err := parse(source)
	if err != nil {
		return nil, err
	}
	return statement, walk(statement, tree)
}

// single takes the semicolon off the end and refuses any other, and what can't begin a query.
func single(source *rewrite.Source, tokens []token) ([]token, error) {
	if n := len(tokens); n > 0 && tokens[n-1].kind == rewrite.Semicolon {
		tokens = tokens[:n-1]
	}
	if len(tokens) == 0 {
		return nil, source.RefuseAt(rewrite.CodeSize, 0, "the query is empty")
	}
	for _, t := range tokens {
		if t.kind == rewrite.Semicolon {
			return nil, source.RefuseAt(rewrite.CodeStatements, t.at, "a semicolon stands before the end: only one statement is read")
		}
	}
	if first := tokens[0]; !first.is("SELECT") && !first.is("VALUES") && !first.is("WITH") {
		if first.kind == rewrite.Word {
			return nil, source.RefuseAt(rewrite.CodeNotSelect, first.at, "only a SELECT is read, and this begins with %s", strings.ToUpper(first.text))
		}
		return nil, source.RefuseAt(rewrite.CodeNotSelect, first.at, "only a SELECT is read")
	}
	return tokens, nil
}
