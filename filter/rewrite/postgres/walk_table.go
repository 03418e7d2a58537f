package postgres

import (
	"strconv"
	"strings"

	"github.com/sqlc-dev/oliphant/ast"
	"github.com/utdrag/utdrag/filter/rewrite"
)

// table reads the name of a table, view or common table expression in FROM.
func (r *reader) table(v *ast.RangeVar, sample *ast.RangeTableSample, it *item) {
	r.require(v.Inh && v.Relpersistence == "p" && !it.lateral, it.start)
	r.require(r.token(v.Location) == it.body, it.start)
	var name []string
	for _, part := range []string{v.Catalogname, v.Schemaname, v.Relname} {
		if part != "" || len(name) > 0 {
			name = append(name, part)
		}
	}
	i := r.names(it.body, name)
	whole := r.span(it.body, i)
	if isSign(r.Source, i, "*") && i < it.alias {
		r.claim(i)
		i++
	}
	r.require(i == it.alias, i)
	alias := v.Relname
	if v.Alias != nil {
		alias = v.Alias.Aliasname
	}
	i, names := r.alias(i, v.Alias)
	t := rewrite.Table{Span: r.span(it.start, it.end), Name: name, Alias: alias, Text: `"` + strings.ReplaceAll(alias, `"`, `""`) + `"`,
		Bare: v.Alias == nil, Scope: r.scope}
	if len(names) > 0 {
		t.Columns = r.Slice(r.span(i-2*len(names)-1, i))
	}
	if len(name) == 1 {
		if c := r.find(name[0], whole); c != nil {
			r.require(sample == nil && i == it.end && it.alias == it.body+1, i)
			r.Common = append(r.Common, rewrite.Common{Span: whole, Definition: c.span, Name: c.name, Scope: r.scope})
			r.addSource(rewrite.From{Alias: alias, Table: -1, Output: c.output, Renamed: rename(names, c.renamed)})
			return
		}
	}
	r.system(name, whole)
	if sample != nil {
		t.After = r.Slice(r.span(i, it.end))
		i = r.sample(sample, i)
	}
	r.require(i == it.end, i)
	r.Tables = append(r.Tables, t)
	r.addSource(rewrite.From{Alias: alias, Table: len(r.Tables) - 1, Renamed: names})
}

// system refuses what no map can describe: other databases, the server's own tables, and temporary ones.
func (r *reader) system(name []string, at rewrite.Span) {
	last := name[len(name)-1]
	schema := ""
	if len(name) > 1 {
		schema = name[len(name)-2]
	}
	switch {
	case len(name) > 2:
		r.refuse(rewrite.CodeElsewhere, at, "%s names a database", last)
	case strings.HasPrefix(schema, "pg_temp"):
		r.refuse(rewrite.CodeTemporary, at, "%s is a temporary table", last)
	case strings.HasPrefix(schema, "pg_"), schema == "information_schema", schema == "" && strings.HasPrefix(last, "pg_"):
		r.refuse(rewrite.CodeSystem, at, "%s is a system table", last)
	}
}

// sample reads TABLESAMPLE. Its arguments go with it into another query, so that they must be numbers.
func (r *reader) sample(s *ast.RangeTableSample, i int) int {
	r.word(i, "tablesample")
	method := r.texts(s.Method)
	if len(method) != 1 || method[0] != "system" && method[0] != "bernoulli" {
		r.refuse(rewrite.CodeConstruct, r.Tokens[i].Span, "a sampling method that is not SYSTEM or BERNOULLI")
	}
	r.require(r.token(s.Location) == i+1, i)
	r.name(i+1, method[0])
	r.sign(i+2, "(")
	for _, arg := range s.Args {
		r.sampleNumber(arg, i)
	}
	i = r.after(i + 2)
	if s.Repeatable != nil {
		r.word(i, "repeatable")
		r.sampleNumber(s.Repeatable, i)
		i = r.after(i + 1)
	}
	return i
}

func (r *reader) sampleNumber(n *ast.Node, i int) {
	c, ok := n.GetNode().(*ast.Node_AConst)
	if !ok {
		r.refuse(rewrite.CodeConstruct, r.Tokens[i].Span, "TABLESAMPLE takes a number here")
	}
	r.constant(c.AConst)
}

// function reads a function in FROM. Its arguments see the items before it.
func (r *reader) function(f *ast.RangeFunction, it *item) {
	r.require(f.Lateral == it.lateral && f.IsRowsfrom == (it.kind == rowsItem), it.start)
	if f.Lateral {
		r.word(it.start, "lateral")
	}
	i := it.body
	if f.IsRowsfrom {
		i = r.words(i, "rows", "from") + 1
	} else {
		r.require(len(f.Functions) == 1, i)
	}
	var output []rewrite.Output
	for n, node := range f.Functions {
		if n > 0 {
			r.sign(i, ",")
			i++
		}
		pair := node.GetList().GetItems()
		r.require(len(pair) == 2, i)
		call, ok := pair[0].GetNode().(*ast.Node_FuncCall)
		if !ok {
			r.refuse(rewrite.CodeTableCall, r.Tokens[i].Span, "%s in FROM is not read here", describe(pair[0]))
		}
		r.require(r.token(call.FuncCall.Location) == i, i)
		i = r.call(call.FuncCall, true)
		output = append(output, functionOutput(call.FuncCall)...)
		if pair[1].GetNode() != nil {
			i = r.words(i, "as")
			i, output = r.definitions(pair[1].GetList().GetItems(), i)
		}
	}
	if f.IsRowsfrom {
		r.sign(i, ")")
		i++
	}
	if f.Ordinality {
		i = r.words(i, "with", "ordinality")
		output = append(output, rewrite.Output{Name: "ordinality"})
	}
	r.require(i == it.alias, i)
	source := rewrite.From{Table: -1, Output: output}
	switch {
	case f.Alias == nil && len(f.Coldeflist) == 0:
		if len(f.Functions) == 1 && !f.IsRowsfrom {
			source.Alias = lastName(f.Functions[0].GetList().GetItems()[0].GetFuncCall())
		}
	case f.Alias == nil:
		i = r.words(i, "as")
	default:
		source.Alias = f.Alias.Aliasname
		i, source.Renamed = r.alias(i, f.Alias)
		if len(source.Renamed) == 0 && len(f.Functions) == 1 && len(output) > 0 && output[0].Name == lastName(f.Functions[0].GetList().GetItems()[0].GetFuncCall()) {
			output[0].Name = source.Alias // a function of one column names it as its alias
		}
	}
	if len(f.Coldeflist) > 0 {
		i, source.Output = r.definitions(f.Coldeflist, i)
	}
	r.require(i == it.end, i)
	r.addSource(source)
}

// definitions reads (a int, b text).
func (r *reader) definitions(list []*ast.Node, i int) (int, []rewrite.Output) {
	var output []rewrite.Output
	r.sign(i, "(")
	after := r.after(i)
	parts := r.split(i+1, after-1)
	r.require(len(parts) == len(list), i)
	for n, node := range list {
		d, ok := node.GetNode().(*ast.Node_ColumnDef)
		r.require(ok, i)
		c, at := d.ColumnDef, parts[n][0]
		r.require(r.token(c.Location) == at && len(c.Constraints)+len(c.Fdwoptions) == 0 && c.RawDefault == nil && c.CookedDefault == nil && c.IdentitySequence == nil &&
			c.Compression == "" && c.Identity == "" && c.Generated == "" && c.StorageName == "", at)
		r.name(at, c.Colname)
		at = r.bounds(c.TypeName, r.typeName(c.TypeName, at+1))
		if c.CollClause != nil {
			r.require(c.CollClause.Arg == nil && r.token(c.CollClause.Location) == at, at)
			r.word(at, "collate")
			at = r.names(at+1, r.texts(c.CollClause.Collname))
		}
		r.require(at == parts[n][1], at)
		output = append(output, rewrite.Output{Name: c.Colname})
	}
	return after, output
}

func decimal(n int) string { return strconv.Itoa(n) }
