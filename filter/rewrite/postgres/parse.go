package postgres

import (
	"errors"
	"fmt"

	"github.com/sqlc-dev/oliphant/ast"
	"github.com/sqlc-dev/oliphant/parser"
	"github.com/utdrag/utdrag/filter/rewrite"
)

// read parses a canonical text and walks its tree.
func read(s *rewrite.Source) (*rewrite.Statement, error) {
	pairs, err := measure(s)
	if err != nil {
		return nil, err
	}
	first := 0
	for isSign(s, first, "(") {
		first++
	}
	// Whatever else there is need not come to the parser.
	if !isWord(s, first, "select", "with", "values", "table") {
		return nil, s.Refuse(rewrite.CodeNotSelect, s.Tokens[0].Span, "the statement is not a SELECT")
	}
	tree, err := parse(s)
	if err != nil {
		return nil, err
	}
	if len(tree.Stmts) != 1 {
		return nil, s.Refuse(rewrite.CodeStatements, s.Tokens[0].Span, "not exactly one statement")
	}
	raw := tree.Stmts[0]
	sel, ok := raw.GetStmt().GetNode().(*ast.Node_SelectStmt)
	if !ok {
		return nil, s.Refuse(rewrite.CodeNotSelect, s.Tokens[0].Span, "the statement is not a SELECT")
	}
	if raw.StmtLocation != 0 || raw.StmtLen != 0 {
		return nil, s.Refuse(rewrite.CodeUnaccounted, s.Tokens[0].Span, "the parser did not read the whole text")
	}
	return walk(s, pairs, sel.SelectStmt)
}

// parse calls the library. Whatever goes wrong there is a query that can't be read.
func parse(s *rewrite.Source) (tree *ast.ParseResult, err error) {
	whole := rewrite.Span{Start: 0, End: len(s.Text)}
	defer func() {
		if p := recover(); p != nil {
			tree, err = nil, s.Refuse(rewrite.CodeSyntax, whole, "the query can't be read")
		}
	}()
	tree, err = parser.ParseToTree(s.Text)
	if err != nil {
		return nil, syntaxError(s, err)
	}
	return tree, nil
}

// syntaxError points at the token where the parser stopped. Its own message may quote literals, and is left out.
func syntaxError(s *rewrite.Source, err error) error {
	var failure *parser.Error
	span := rewrite.Span{Start: len(s.Text), End: len(s.Text)}
	near := " at the end"
	if errors.As(err, &failure) && failure.Cursorpos > 0 {
		if i := s.TokenAt(byteOffset(s.Text, failure.Cursorpos-1)); i < len(s.Tokens) {
			span, near = s.Tokens[i].Span, ""
			if t := s.Tokens[i]; t.Kind == rewrite.Word || t.Kind == rewrite.Operator {
				near = fmt.Sprintf(" at %s", s.Slice(span))
			}
		}
	}
	return s.Refuse(rewrite.CodeSyntax, span, "the query can't be read%s", near)
}

// byteOffset is where the n-th character of a text begins.
func byteOffset(text string, n int) int {
	for i := range text {
		if n == 0 {
			return i
		}
		n--
	}
	return len(text)
}
