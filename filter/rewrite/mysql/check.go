package mysql

import (
	"errors"
	"reflect"

	"github.com/pingcap/tidb/pkg/parser/ast"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// The findings of a check. The text is not to be run then.
var (
	errCanonical = errors.New("the rewritten text holds more than its tokens")
	errChanged   = errors.New("the rewritten text is not the query with its edits")
	errBare      = errors.New("the rewritten text has a table outside what was put in")
	errShadowed  = errors.New("the rewritten text has a name that could lead to another table")
)

// check proves by structure that a text is the query with its edits and nothing else, and that no table in it stands
// outside them.
func (w *walker) check(text string, e rewrite.Edits) (err error) {
	defer func() {
		if recover() != nil {
			err = errChanged
		}
	}()
	made, err := apply(w.source, e)
	if err != nil {
		return err
	}
	found, err := again(text)
	if err != nil {
		return err
	}
	if found.source.Text != text {
		return errCanonical
	}
	c := comparison{twins: map[ast.Node]ast.Node{}}
	if !c.same(reflect.ValueOf(made.query), reflect.ValueOf(found.query)) {
		return errChanged
	}
	t := tables{found: found, ours: map[ast.Node]bool{}, defined: map[*ast.CommonTableExpression]bool{}}
	for _, n := range made.derived {
		t.ours[c.twins[n]] = true
	}
	for _, n := range made.with {
		twin, ok := c.twins[n].(*ast.CommonTableExpression)
		if !ok {
			return errChanged
		}
		t.ours[twin], t.defined[twin] = true, true
	}
	if t.ours[nil] {
		return errChanged
	}
	found.query.Accept(&t)
	if t.err == nil && t.seen != len(found.tables)+len(found.commons) {
		return errBare // the library's way and our own through the tree don't meet the same tables
	}
	return t.err
}

// tables visits every table name of a tree, by the library's own way through it.
type tables struct {
	found *walker
	// ours are the derived tables and common table expressions that edits made, and defined are the latter.
	ours    map[ast.Node]bool
	defined map[*ast.CommonTableExpression]bool
	inside  int
	seen    int
	err     error
}

// Enter judges a table name by what it is inside of.
func (t *tables) Enter(n ast.Node) (ast.Node, bool) {
	if t.ours[n] {
		t.inside++
	}
	name, ok := n.(*ast.TableName)
	if !ok {
		return n, t.err != nil
	}
	t.seen++
	common := t.found.commons[name]
	switch {
	case common != nil && t.inside == 0 && t.defined[common.node]:
		t.err = errShadowed // the query reads a set that the filter keeps for itself
	case common != nil && t.inside > 0 && !t.defined[common.node]:
		t.err = errShadowed // the filter reads something that the query defines
	case common == nil && t.inside == 0:
		t.err = errBare
	case common == nil && name.Schema.O == "":
		t.err = errShadowed // only a whole name is a table's whatever is defined around it
	}
	return n, t.err != nil
}

// Leave counts the edits that are left.
func (t *tables) Leave(n ast.Node) (ast.Node, bool) {
	if t.ours[n] {
		t.inside--
	}
	return n, true
}
