package postgres

import (
	"github.com/sqlc-dev/oliphant/ast"
	"github.com/utdrag/utdrag/filter/rewrite"
)

// limits reads LIMIT, OFFSET and FETCH.
func (r *reader) limits(sel *ast.SelectStmt, l layout) {
	if l.limit >= 0 {
		r.require(l.fetch < 0, l.fetch)
		r.word(l.limit, "limit")
		r.within(l.limit+1, l.ends[l.limit], func() {
			if c, ok := sel.LimitCount.GetNode().(*ast.Node_AConst); ok && c.AConst.Isnull && r.is(l.limit+1, "all") {
				r.require(r.token(c.AConst.Location) == l.limit+1, l.limit)
				r.word(l.limit+1, "all")
				return
			}
			r.expression(sel.LimitCount)
		})
	}
	if l.offset >= 0 {
		r.word(l.offset, "offset")
		end := l.ends[l.offset]
		r.expression(sel.LimitOffset)
		if r.is(end-1, "row", "rows") && !r.claimed[end-1] {
			r.claim(end - 1)
		}
	}
	if l.fetch < 0 {
		return
	}
	r.word(l.fetch, "fetch")
	r.word(l.fetch+1, "first", "next")
	end := l.ends[l.fetch]
	if sel.LimitOption == ast.LimitOption_LIMIT_OPTION_WITH_TIES {
		r.words(end-2, "with", "ties")
		end -= 2
	} else {
		r.word(end-1, "only")
		end--
	}
	r.word(end-1, "row", "rows")
	if end-1 == l.fetch+2 {
		c, ok := sel.LimitCount.GetNode().(*ast.Node_AConst)
		r.require(ok && c.AConst.Location == -1 && c.AConst.GetIval().GetIval() == 1, l.fetch)
		return
	}
	r.expression(sel.LimitCount)
}

// within runs read, which must claim something, and nothing before i.
func (r *reader) within(i, end int, read func()) {
	first := r.since(read)
	r.require(first >= i && first < end, i)
}

// sorts reads the list of an ORDER BY.
func (r *reader) sorts(list []*ast.Node, i, end int) {
	parts := r.split(i, end)
	r.require(len(parts) == len(list), i)
	for n, node := range list {
		s, ok := node.GetNode().(*ast.Node_SortBy)
		r.require(ok, i)
		end := parts[n][1]
		switch s.SortBy.SortbyNulls {
		case ast.SortByNulls_SORTBY_NULLS_FIRST:
			end = r.words(end-2, "nulls", "first") - 2
		case ast.SortByNulls_SORTBY_NULLS_LAST:
			end = r.words(end-2, "nulls", "last") - 2
		default:
			r.require(s.SortBy.SortbyNulls == ast.SortByNulls_SORTBY_NULLS_DEFAULT, end-1)
		}
		switch s.SortBy.SortbyDir {
		case ast.SortByDir_SORTBY_ASC:
			r.word(end-1, "asc")
		case ast.SortByDir_SORTBY_DESC:
			r.word(end-1, "desc")
		case ast.SortByDir_SORTBY_DEFAULT:
		default:
			r.refuse(rewrite.CodeConstruct, r.span(parts[n][0], parts[n][1]), "ORDER BY … USING is not read here")
		}
		r.require(len(s.SortBy.UseOp) == 0, i)
		r.deciding(true, func() { r.within(parts[n][0], parts[n][1], func() { r.expression(s.SortBy.Node) }) })
	}
}
