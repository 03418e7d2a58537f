package mysql

import (
	"fmt"
	"strings"

	"github.com/pingcap/tidb/pkg/parser"
	"github.com/pingcap/tidb/pkg/parser/ast"
	"github.com/pingcap/tidb/pkg/parser/mysql"
	_ "github.com/pingcap/tidb/pkg/parser/test_driver" // the literals of the syntax tree

	"github.com/utdrag/utdrag/filter/rewrite"
)

// Modes are the sql_mode words under which a query is read. What is printed means the same with and without them.
const modes = mysql.ModeANSIQuotes | mysql.ModeNoBackslashEscapes | mysql.ModePipesAsConcat

// first are the words that a query may begin with.
var first = map[string]bool{"SELECT": true, "WITH": true, "(": true}

// refusedWords are keywords that are refused before parsing, with a code that says more than that the query can't be read.
var refusedWords = map[string]struct {
	code rewrite.Code
	what string
}{
	"INTO":       {rewrite.CodeWrites, "a SELECT that writes its rows somewhere"},
	"PROCEDURE":  {rewrite.CodeConstruct, "PROCEDURE after a SELECT"},
	"JSON_TABLE": {rewrite.CodeTableCall, "JSON_TABLE"},
}

// parse reads the canonical text into a tree.
func parse(s *rewrite.Source) (query ast.ResultSetNode, err error) {
	if len(s.Tokens) == 0 {
		return nil, s.RefuseAt(rewrite.CodeSize, 0, "the query is empty")
	}
	if begin := s.Tokens[0]; !first[strings.ToUpper(s.Slice(begin.Span))] {
		return nil, s.Refuse(rewrite.CodeNotSelect, begin.Span, "only a SELECT is read here")
	}
	joins := 0
	for i, t := range s.Tokens {
		if t.Kind != rewrite.Word || i > 0 && s.Tokens[i-1].Value == "." {
			continue
		}
		if r, refused := refusedWords[strings.ToUpper(t.Value)]; refused {
			return nil, s.Refuse(r.code, t.Span, "%s", r.what)
		}
		if strings.EqualFold(t.Value, "JOIN") || strings.EqualFold(t.Value, "STRAIGHT_JOIN") {
			if joins++; joins > rewrite.MaxTables { // the parser takes a time that grows with their square
				return nil, s.Refuse(rewrite.CodeSize, t.Span, "more than %d joins", rewrite.MaxTables)
			}
		}
	}
	defer func() { // the parser is another's; what it trips over can't be read
		if recover() != nil {
			query, err = nil, s.Refuse(rewrite.CodeSyntax, s.Tokens[0].Span, "the query can't be read")
		}
	}()
	p := parser.New()
	p.SetSQLMode(modes)
	statements, warnings, err := p.ParseSQL(s.Text)
	switch {
	case err != nil:
		return nil, syntaxError(s, err)
	case len(statements) != 1:
		return nil, s.Refuse(rewrite.CodeStatements, s.Tokens[0].Span, "more than one statement")
	case len(warnings) > 0:
		return nil, s.Refuse(rewrite.CodeSyntax, s.Tokens[0].Span, "the query can be read only in part")
	}
	switch n := statements[0].(type) {
	case *ast.SelectStmt:
		return n, nil
	case *ast.SetOprStmt:
		return n, nil
	}
	return nil, s.Refuse(rewrite.CodeNotSelect, s.Tokens[0].Span, "only a SELECT is read here")
}

// syntaxError says where the parser stopped. Its own text is never shown: it quotes the query.
func syntaxError(s *rewrite.Source, err error) error {
	var line, column int
	last := s.Tokens[len(s.Tokens)-1].Span
	if n, _ := fmt.Sscanf(err.Error(), "line %d column %d", &line, &column); n == 2 && column > 0 {
		for i := 1; i < line && column <= len(s.Text); i++ { // quotes may hold line breaks
			end := strings.IndexByte(s.Text[column-1:], '\n')
			if end < 0 {
				break
			}
			column += end + 1
		}
		if i := s.TokenAt(column); i > 0 && column <= len(s.Text) { // a column is that of the last byte of what it didn't expect
			return s.Refuse(rewrite.CodeSyntax, s.Tokens[i-1].Span, "the query can't be read from here")
		}
	}
	return s.Refuse(rewrite.CodeSyntax, rewrite.Span{Start: last.End, End: last.End}, "the query ends too soon, or can't be read")
}
