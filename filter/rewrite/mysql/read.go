// Package mysql reads the SQL of the MySQL family: MySQL 8, MariaDB and TiDB.
//
// A query is read as the server reads it with the words ANSI_QUOTES, NO_BACKSLASH_ESCAPES and PIPES_AS_CONCAT in its
// sql_mode: "x" is a name, a backslash is a character like any other, and || joins texts. Whoever runs what is printed here
// must hold to that, over a connection whose character set is utf8mb4, or the query may be given another meaning than the
// user's. It would still be confined: what is printed has its names in backquotes, its texts in single quotes without a
// backslash, no ||, no comment and no hint, and parentheses around every operation inside another one, so that neither
// sql_mode nor the precedence of operators decides what it means.
//
// The parser is TiDB's. It reads more than the server does, and some of it in another way, so nothing reaches it but what
// a lexer of our own made; every node of its tree is on a list, and every name and literal of the query must have its
// place there. The tables of the tree are then replaced, the tree is printed, and the print is read again.
//
// Bound arguments are question marks and count by their place alone. Those of ours in [rewrite.Edits].With come first, and
// are bound before those of the query. Those in Edits.Tables follow in the order of the tables; a query that has arguments
// of its own is refused then.
package mysql

import (
	"strings"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// Syntax is the grammar of the MySQL family.
type Syntax struct{}

var _ rewrite.Syntax = Syntax{}

// Read reads exactly one SELECT.
func (Syntax) Read(sql string) (*rewrite.Statement, error) {
	l, err := lex(sql, 0)
	if err != nil {
		return nil, err
	}
	return statement(l.source)
}

func statement(s *rewrite.Source) (*rewrite.Statement, error) {
	w, err := read(s)
	if err != nil {
		return nil, err
	}
	w.statement.With = w.placeOfWith()
	w.statement.Render = w.render
	w.statement.Check = w.check
	return w.statement, nil
}

// placeOfWith is where WITH would be written into the text; render puts it into the tree instead.
func (w *walker) placeOfWith() rewrite.With {
	if with := withOf(w.query); *with != nil {
		return rewrite.With{At: w.span(w.source.TokenAt(w.word("WITH").End)).Start, Has: true}
	}
	return rewrite.With{}
}

// Parameter is a question mark, whatever the number.
func (Syntax) Parameter(int, int) string { return "?" }

// Fold makes names lower case: those of columns are compared so everywhere, and those of tables on some servers.
func (Syntax) Fold(name string) string { return strings.ToLower(name) }
