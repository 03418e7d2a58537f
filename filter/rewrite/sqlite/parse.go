package sqlite

import (
	"errors"
	"strings"

	"github.com/sqlc-dev/meyer/ast"
	"github.com/sqlc-dev/meyer/lexer"
	"github.com/sqlc-dev/meyer/parser"
	meyer "github.com/sqlc-dev/meyer/token"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// shallow refuses what nests too deeply, before a parser recurses into it: parentheses, CASE, and prefixes in a row. The
// parser has a limit of its own for the rest, far below what a stack holds.
func shallow(source *rewrite.Source) error {
	depth, prefixes := 0, 0
	for _, t := range source.Tokens {
		prefix := false
		switch text := t.Value; {
		case t.Kind == rewrite.Operator:
			switch text {
			case "(":
				depth++
			case ")":
				depth--
			case "-", "+", "~":
				prefix = true
			}
		case t.Kind == rewrite.Word && len(text) == 4 && strings.EqualFold(text, "CASE"):
			depth++
		case t.Kind == rewrite.Word && len(text) == 3 && strings.EqualFold(text, "END"):
			depth--
		case t.Kind == rewrite.Word && len(text) == 3 && strings.EqualFold(text, "NOT"):
			prefix = true
		}
		if prefix {
			prefixes++
		} else {
			prefixes = 0
		}
		if depth > rewrite.MaxDepth || prefixes > rewrite.MaxDepth {
			return source.Refuse(rewrite.CodeSize, t.Span, "the query is nested more than %d deep", rewrite.MaxDepth)
		}
	}
	return nil
}

// parse makes the tree of the canonical text.
func parse(source *rewrite.Source) (tree *ast.SelectStmt, err error) {
	if t, ok := sameTokens(source); !ok {
		return nil, source.Refuse(rewrite.CodeUnaccounted, t, "the parser reads other characters as one token here")
	}
	statements, err := parseText(source.Text)
	if err != nil {
		return nil, syntaxError(source, err)
	}
	whole := rewrite.Span{Start: 0, End: len(source.Text)}
	if len(statements) != 1 {
		return nil, source.Refuse(rewrite.CodeStatements, whole, "only one statement is read")
	}
	tree, ok := statements[0].(*ast.SelectStmt)
	if !ok {
		return nil, source.Refuse(rewrite.CodeNotSelect, whole, "only a SELECT is read")
	}
	if span(tree) != whole {
		return nil, source.Refuse(rewrite.CodeUnaccounted, whole, "the parser read only a part of the query")
	}
	return tree, nil
}

var errParser = errors.New("the parser failed")

// parseText contains a panic of the library: a query that brings its parser down is one that can't be read.
func parseText(text string) (statements []ast.Stmt, err error) {
	defer func() {
		if recover() != nil {
			statements, err = nil, errParser
		}
	}()
	return parser.ParseString(text)
}

// syntaxError says where the parser stopped. Its own message isn't passed on, since it may quote a literal.
func syntaxError(source *rewrite.Source, err error) error {
	var e *parser.Error
	if !errors.As(err, &e) || e.Offset < 0 {
		return source.RefuseAt(rewrite.CodeSyntax, 0, "the query can't be read")
	}
	if strings.HasPrefix(e.Message, "Recursion") {
		return source.RefuseAt(rewrite.CodeSize, 0, "the query is nested too deeply")
	}
	i := source.TokenAt(e.Offset)
	if i == len(source.Tokens) {
		return source.RefuseAt(rewrite.CodeSyntax, len(source.Original), "the query ends too early")
	}
	t := source.Tokens[i]
	if t.Kind == rewrite.Word || t.Kind == rewrite.Operator {
		return source.Refuse(rewrite.CodeSyntax, t.Span, "the query can't be read at %s", source.Slice(t.Span))
	}
	return source.Refuse(rewrite.CodeSyntax, t.Span, "the query can't be read here")
}

// sameTokens reports whether the library splits the text where our lexer did, and the first place where it doesn't.
func sameTokens(source *rewrite.Source) (rewrite.Span, bool) {
	theirs := lexer.Lex(source.Text)
	for i, t := range theirs {
		at := rewrite.Span{Start: t.Pos, End: t.End}
		if t.Kind == meyer.EOF {
			return at, i == len(source.Tokens) && i == len(theirs)-1
		}
		if i == len(source.Tokens) || source.Tokens[i].Span != at || !sameKind(source.Tokens[i].Kind, t.Kind) {
			return at, false
		}
	}
	return rewrite.Span{}, false
}

func sameKind(ours rewrite.Kind, theirs meyer.Kind) bool {
	switch theirs {
	case meyer.ID:
		return ours == rewrite.Word || ours == rewrite.Quoted
	case meyer.STRING, meyer.BLOB:
		return ours == rewrite.String
	case meyer.INTEGER, meyer.FLOAT, meyer.QNUMBER:
		return ours == rewrite.Number
	case meyer.VARIABLE:
		return ours == rewrite.Variable
	case meyer.ILLEGAL, meyer.SEMI:
		return false
	}
	return ours == rewrite.Operator || ours == rewrite.Word
}

func span(n ast.Node) rewrite.Span { return rewrite.Span{Start: n.Pos(), End: n.End()} }
