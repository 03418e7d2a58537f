package sqlite

import (
	"github.com/sqlc-dev/meyer/ast"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// call walks the call of a function, of an aggregate or over a window.
func (w *walker) call(e *ast.FuncCall, p place) {
	name := w.name(e.Name)
	folded := fold(name)
	if code, why := forbidden(folded); code != "" {
		w.stop(code, e.Name, "the function %s %s", name, why)
	}
	if !functions[folded] {
		w.Calls = append(w.Calls, rewrite.Call{Span: span(e.Name), Name: []string{name}})
	}
	arguments := p
	switch {
	case e.Star && (e.Distinct || e.All || len(e.Args) > 0 || len(e.OrderBy) > 0):
		w.stop(rewrite.CodeUnaccounted, e, "the parser didn't make out what this is")
	case e.Distinct:
		w.words("DISTINCT")
		arguments = p.deciding()
	case e.All:
		w.words("ALL")
	}
	if e.Star {
		w.words("*")
	}
	w.parens()
	w.exprs(e.Args, arguments)
	w.orderBy(e.OrderBy, p)
	if e.Filter != nil {
		w.words("FILTER", "WHERE")
		w.parens()
		w.expr(e.Filter, p.deciding())
	}
	if e.Over != nil {
		w.words("OVER")
		if e.Over.Name != nil {
			w.stop(rewrite.CodeUnaccounted, e, "the parser names a window here")
		}
		if !e.Over.NameOnly {
			w.parens()
		}
		w.window(e.Over, p)
	}
}

// window walks the definition of a window, or its name after OVER.
func (w *walker) window(d *ast.WindowDef, p place) {
	p.decides = true
	if d.Base != nil {
		w.name(d.Base)
	}
	if d.NameOnly && (d.Base == nil || len(d.Partition) > 0 || len(d.OrderBy) > 0 || d.Frame != ast.FrameNone) {
		w.stop(rewrite.CodeUnaccounted, d, "the parser didn't make out what this is")
	}
	if len(d.Partition) > 0 {
		w.words("PARTITION", "BY")
		w.exprs(d.Partition, p)
	}
	w.orderBy(d.OrderBy, p)
	switch d.Frame {
	case ast.FrameNone:
		if d.StartBound != nil || d.EndBound != nil || d.Exclude != ast.ExcludeNone {
			w.stop(rewrite.CodeUnaccounted, d, "the parser found bounds of no frame")
		}
		return
	case ast.FrameRange:
		w.words("RANGE")
	case ast.FrameRows:
		w.words("ROWS")
	case ast.FrameGroups:
		w.words("GROUPS")
	default:
		w.stop(rewrite.CodeConstruct, d, "this frame is not on the list")
	}
	if d.EndBound != nil {
		w.words("BETWEEN", "AND")
		w.bound(d.EndBound, p)
	}
	if d.StartBound == nil {
		w.stop(rewrite.CodeUnaccounted, d, "the parser lost a bound of this frame")
	}
	w.bound(d.StartBound, p)
	switch d.Exclude {
	case ast.ExcludeNone:
	case ast.ExcludeNoOthers:
		w.words("EXCLUDE", "NO", "OTHERS")
	case ast.ExcludeCurrentRow:
		w.words("EXCLUDE", "CURRENT", "ROW")
	case ast.ExcludeGroup:
		w.words("EXCLUDE", "GROUP")
	case ast.ExcludeTies:
		w.words("EXCLUDE", "TIES")
	default:
		w.stop(rewrite.CodeConstruct, d, "this frame is not on the list")
	}
}

func (w *walker) bound(b *ast.FrameBound, p place) {
	expression := false
	switch b.Type {
	case ast.BoundUnboundedPreceding:
		w.words("UNBOUNDED", "PRECEDING")
	case ast.BoundUnboundedFollowing:
		w.words("UNBOUNDED", "FOLLOWING")
	case ast.BoundCurrentRow:
		w.words("CURRENT", "ROW")
	case ast.BoundPreceding:
		w.words("PRECEDING")
		expression = true
	case ast.BoundFollowing:
		w.words("FOLLOWING")
		expression = true
	default:
		w.stop(rewrite.CodeConstruct, b, "this bound is not on the list")
	}
	if expression != (b.Expr != nil) {
		w.stop(rewrite.CodeUnaccounted, b, "the parser didn't make out what this is")
	}
	if expression {
		w.expr(b.Expr, p)
	}
}
