package schemamap

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/pingcap/tidb/pkg/parser"
	"github.com/pingcap/tidb/pkg/parser/ast"
	"github.com/pingcap/tidb/pkg/parser/mysql"
	_ "github.com/pingcap/tidb/pkg/parser/test_driver" // the literals of the syntax tree

	"github.com/utdrag/utdrag/filter/diag"
)

// Limits of a condition. Deeper ones exist only where somebody tries.
const (
	maxWhereSize    = 64 << 10
	maxWhereNesting = 200 // brackets and NOT
	maxWhereDepth   = 100 // of the tree: an AND of a hundred conditions is as deep
)

// whereReader reads one condition in three steps, each of which refuses what it doesn't know. Our own lexer splits the
// text into the few kinds of token that the language has. The tokens are written anew, columns as "c0" and literals as
// their number among the tokens, and that is all that tidb's parser, which knows the grammar, gets to see. The tree
// that comes back is walked through an allow-list, and the numbers lead back to the tokens.
type whereReader struct {
	r      *reader
	text   located
	tokens []token
	// starts are the tokens' offsets in the text that tidb sees, and end is that of the bracket after them.
	starts []int
	end    int
	failed bool
}

// where reads a condition, and returns nil when it refused.
func (r *reader) where(text located) *Where {
	w := &whereReader{r: r, text: text}
	e := w.read()
	if w.failed || e == nil {
		return nil
	}
	return &Where{Text: text.text, Expr: e, Range: text.rng}
}

func (w *whereReader) refuse(code string, start, end int, summary, advice string) {
	w.failed = true
	w.r.refuse(code, w.text.at(w.r, start, end), summary, advice)
}

func (w *whereReader) refuseToken(code string, t token, summary, advice string) {
	w.refuse(code, t.start, t.end, summary, advice)
}

func (w *whereReader) read() Expr {
	if len(w.text.text) > maxWhereSize {
		w.failed = true
		w.r.refuse(CodeWhereSize, w.text.rng, "the condition is too long", fmt.Sprintf("a condition has at most %d bytes", maxWhereSize))
		return nil
	}
	if w.lex(); w.failed {
		return nil
	}
	if len(w.tokens) == 0 {
		w.failed = true
		w.r.refuse(CodeWhereSyntax, w.text.rng, "the condition is empty", "write one, or remove where")
		return nil
	}
	if w.guard(); w.failed {
		return nil
	}
	tree := w.grammar()
	if w.failed {
		return nil
	}
	return w.walk(tree, 1)
}

// whereSelect is what precedes a condition. The parenthesis is closed after it: the guard has seen to it that the
// condition closes none that it didn't open.
const whereSelect = "SELECT 1 FROM t WHERE ("

// grammar lets tidb's parser read the tokens, and returns the condition's tree.
func (w *whereReader) grammar() ast.ExprNode {
	var b strings.Builder
	b.WriteString(whereSelect)
	for i, t := range w.tokens {
		if i > 0 {
			b.WriteByte(' ')
		}
		w.starts = append(w.starts, b.Len())
		switch t.kind {
		case tokenColumn:
			b.WriteString(`"c` + strconv.Itoa(i) + `"`)
		case tokenText:
			b.WriteString("'" + strconv.Itoa(i) + "'")
		case tokenNumber, tokenTruth:
			b.WriteString(strconv.Itoa(i))
		default: // keywords, comparisons, parentheses, commas: all from our own lists
			b.WriteString(t.word)
		}
	}
	w.end = b.Len()
	b.WriteByte(')')
	condition, err := parseSelect(b.String())
	if err != nil {
		w.syntaxError(err)
		return nil
	}
	return condition
}

// parseSelect parses one SELECT that has a condition and nothing else, and returns the condition.
func parseSelect(text string) (condition ast.ExprNode, err error) {
	defer func() { // the parser is another's; what it trips over can't be read
		if recover() != nil {
			condition, err = nil, fmt.Errorf("unreadable")
		}
	}()
	p := parser.New()
	p.SetSQLMode(mysql.ModeANSIQuotes | mysql.ModeNoBackslashEscapes | mysql.ModePipesAsConcat)
	statements, warnings, err := p.ParseSQL(text)
	if err != nil {
		return nil, err
	}
	if len(statements) != 1 || len(warnings) > 0 {
		return nil, fmt.Errorf("more than a condition")
	}
	s, ok := statements[0].(*ast.SelectStmt)
	if !ok || s.Where == nil || s.From == nil || s.GroupBy != nil || s.Having != nil || s.OrderBy != nil || s.Limit != nil ||
		s.LockInfo != nil || s.SelectIntoOpt != nil || s.With != nil || s.Distinct || len(s.TableHints) > 0 ||
		len(s.WindowSpecs) > 0 || s.Kind != ast.SelectStmtKindSelect || len(s.Lists) > 0 || s.AfterSetOperator != nil {
		return nil, fmt.Errorf("more than a condition")
	}
	return s.Where, nil
}

// syntaxError says where the parser stopped. Its own text is never shown: it quotes what we wrote for it.
func (w *whereReader) syntaxError(err error) {
	const advice = "a condition is comparisons, IN, BETWEEN, LIKE and IS NULL, joined by AND, OR and NOT"
	var line, column int
	n, _ := fmt.Sscanf(err.Error(), "line %d column %d", &line, &column)
	if n == 2 && line == 1 && column-1 < w.end { // a column counts from 1, and may be that of a token's last byte
		w.refuseToken(CodeWhereSyntax, w.tokenAt(column-1), "the condition can't be read from here", advice)
		return
	}
	last := w.tokens[len(w.tokens)-1]
	w.refuse(CodeWhereSyntax, last.end, last.end, "the condition ends too soon", advice)
}

// tokenAt returns the token at an offset of the text that the parser saw.
func (w *whereReader) tokenAt(offset int) token {
	found := w.tokens[0]
	for i, start := range w.starts {
		if start > offset {
			break
		}
		found = w.tokens[i]
	}
	return found
}

// rangeOf is where a node of the parser's tree begins.
func (w *whereReader) rangeOf(n ast.ExprNode) diag.Range {
	t := w.tokenAt(n.OriginTextPosition())
	return w.text.at(w.r, t.start, t.end)
}
