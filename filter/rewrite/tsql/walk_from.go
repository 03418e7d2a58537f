package tsql

import (
	"strings"

	"github.com/sqlc-dev/teesql/ast"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// from walks a FROM clause and holds it against what the scanner found there.
func (w *walker) from(f *ast.FromClause, b *block, scope int) {
	for _, r := range f.TableReferences {
		w.reference(r, b, scope, false)
	}
	if met := w.items[b]; met != len(b.items) {
		w.refuse(rewrite.CodeUnaccounted, b.items[min(met, len(b.items)-1)].first, "a FROM clause that was read in two ways")
	}
}

// item is the next item that the scanner found in a FROM clause. It must be of the kind.
func (w *walker) item(b *block, kind itemKind, alias *ast.Identifier, columns []*ast.Identifier) *item {
	next := w.items[b]
	if next >= len(b.items) {
		w.refuse(rewrite.CodeUnaccounted, b.selectAt, "a FROM clause that was read in two ways")
	}
	w.items[b]++
	it := &b.items[next]
	at := -1
	if alias != nil {
		at = w.name(alias)
	}
	if it.kind != kind || at != it.alias || !w.sameNames(columns, it.columns) {
		w.refuse(rewrite.CodeUnaccounted, it.first, "%s that was read in two ways", it.kind)
	}
	if at >= 0 && len(columns) > 0 {
		w.callable[at] = true
	}
	return it
}

func (w *walker) source(scope int, f rewrite.From) int {
	w.out.Scopes[scope].Sources = append(w.out.Scopes[scope].Sources, f)
	return len(w.out.Scopes[scope].Sources) - 1
}

func (w *walker) aliasOf(it *item) string {
	if it.alias < 0 {
		return ""
	}
	return w.Tokens[it.alias].Value
}

// parentOf is the block whose columns a derived table can see: after APPLY the one that it stands in, else the one around that.
func (w *walker) parentOf(scope int, applied bool) int {
	if applied {
		return scope
	}
	return w.out.Scopes[scope].Parent
}

// reference walks a table reference with everything joined to it.
func (w *walker) reference(r ast.TableReference, b *block, scope int, applied bool) {
	w.enter()
	defer w.leave()
	// A chain of joins leans to the left as deep as it is long.
	var joins []ast.TableReference
	for left := r; left != nil; {
		switch j := left.(type) {
		case *ast.QualifiedJoin:
			joins, left = append(joins, j), j.FirstTableReference
			continue
		case *ast.UnqualifiedJoin:
			joins, left = append(joins, j), j.FirstTableReference
			continue
		}
		r = left
		break
	}
	w.single(r, b, scope, applied)
	for i := len(joins) - 1; i >= 0; i-- {
		switch j := joins[i].(type) {
		case *ast.QualifiedJoin:
			w.reference(j.SecondTableReference, b, scope, applied)
			w.condition(j.SearchCondition, place{scope: scope, predicate: true})
		case *ast.UnqualifiedJoin:
			w.reference(j.SecondTableReference, b, scope, applied || j.UnqualifiedJoinType != "CrossJoin")
		}
	}
}

// single walks one table reference.
func (w *walker) single(r ast.TableReference, b *block, scope int, applied bool) {
	c := place{scope: scope}
	switch n := r.(type) {
	case *ast.NamedTableReference:
		w.empty(n, n.TableSampleClause, n.TemporalClause, n.TableHints, n.ForPath)
		it := w.item(b, named, n.Alias, nil)
		if !w.sameNames(n.SchemaObject.Identifiers, it.name) {
			w.refuse(rewrite.CodeUnaccounted, it.first, "a table that was read in two ways")
		}
		w.table(it, scope)
	case *ast.QueryDerivedTable:
		w.empty(n, n.ForPath)
		it := w.item(b, derived, n.Alias, n.Columns)
		source := w.source(scope, rewrite.From{Alias: w.aliasOf(it), Table: -1, Renamed: w.values(it.columns)})
		output, _ := w.query(n.QueryExpression, w.parentOf(scope, applied), false)
		w.out.Scopes[scope].Sources[source].Output = output
	case *ast.InlineDerivedTable:
		w.empty(n, n.ForPath)
		it := w.item(b, values, n.Alias, n.Columns)
		w.source(scope, rewrite.From{Alias: w.aliasOf(it), Table: -1, Renamed: w.values(it.columns)})
		for _, row := range n.RowValues {
			for _, v := range row.ColumnValues {
				w.expression(v, c)
			}
		}
	case *ast.JoinParenthesisTableReference:
		w.empty(n, n.ForPath)
		w.reference(n.Join, b, scope, applied)
	case *ast.GlobalFunctionTableReference:
		w.empty(n, n.ForPath)
		it := w.call(b, scope, n.Alias, n.Columns)
		if w.name(n.Name) != it.name[0] {
			w.refuse(rewrite.CodeUnaccounted, it.first, "a call that was read in two ways")
		}
		if !tableFunctions[w.upper[it.name[0]]] {
			w.refuse(rewrite.CodeTableCall, it.first, "a table function that is not on the list")
		}
		w.callable[it.name[0]] = true
		w.arguments(n.Parameters, c)
	case *ast.OpenJsonTableReference:
		w.empty(n, n.ForPath)
		w.openJSON(n, b, c)
	case *ast.SchemaObjectFunctionTableReference:
		w.empty(n, n.ForPath)
		w.tableFunction(n, b, c)
	case *ast.PivotedTableReference:
		w.empty(n, n.ForPath)
		w.pivoted(n, b, scope, applied)
	case *ast.UnpivotedTableReference:
		w.empty(n, n.ForPath)
		w.unpivoted(n, b, scope, applied)
	default:
		w.unknown(r)
	}
}

// table sorts a name in FROM into common table expressions, tables, and what is refused.
func (w *walker) table(it *item, scope int) {
	name := w.values(it.name)
	w.refuseSystem(it.first, name)
	span := w.span(it.first, it.end)
	alias, bare := w.aliasOf(it), it.alias < 0
	if bare {
		alias = name[len(name)-1]
	}
	if i := w.commonNamed(it); i >= 0 {
		if it.before != "" || strings.Contains(it.after, "TABLESAMPLE") {
			w.refuse(rewrite.CodeConstruct, it.first, "former rows or a sample of a common table expression")
		}
		source := w.source(scope, rewrite.From{Alias: alias, Table: -1})
		w.pending = append(w.pending, pending{scope, source, i})
		definition := w.common[i].name
		w.out.Common = append(w.out.Common, rewrite.Common{Span: span, Definition: w.span(definition, definition+1), Name: name[0], Scope: scope})
		return
	}
	w.source(scope, rewrite.From{Alias: alias, Table: len(w.out.Tables)})
	w.out.Tables = append(w.out.Tables, rewrite.Table{Span: span, Name: name, Alias: alias, Text: quote(alias), Bare: bare,
		Before: it.before, After: it.after, History: it.history, Scope: scope})
	if len(w.out.Tables) > rewrite.MaxTables {
		w.refuse(rewrite.CodeSize, it.first, "more than %d tables", rewrite.MaxTables)
	}
}

func quote(name string) string { return "[" + strings.ReplaceAll(name, "]", "]]") + "]" }

// commonNamed returns the common table expression that a name means, or -1. Whether case matters is the database's collation,
// so a name that differs from one by case only could be a table as well.
func (w *walker) commonNamed(it *item) int {
	if len(it.name) > 1 {
		return -1
	}
	name := w.Tokens[it.name[0]].Value
	for i, c := range w.common {
		common := w.Tokens[c.name].Value
		switch {
		case fold(name) != fold(common):
		case i >= w.visible:
			w.refuse(rewrite.CodeCommonScope, it.first, "a common table expression of this name is defined further on")
		case name != common:
			w.refuse(rewrite.CodeCommonScope, it.first, "the common table expression is written in another case where it is defined")
		default:
			return i
		}
	}
	return -1
}

// compatibility are the system views that need no schema
// (https://learn.microsoft.com/en-us/sql/relational-databases/system-compatibility-views).
var compatibility = set(`sysaltfiles syscacheobjects syscharsets syscolumns syscomments sysconfigures sysconstraints syscurconfigs
	syscursorcolumns syscursorrefs syscursors syscursortables sysdatabases sysdepends sysdevices sysfilegroups sysfiles
	sysforeignkeys sysfulltextcatalogs sysindexes sysindexkeys syslanguages syslockinfo syslogins sysmembers sysmessages sysobjects
	sysoledbusers sysopentapes sysperfinfo syspermissions sysprocesses sysprotects sysreferences sysremotelogins syssegments
	sysservers systypes sysusers`)

// refuseSystem refuses system tables, temporary tables and linked servers.
func (w *walker) refuseSystem(at int, name []string) {
	table := fold(name[len(name)-1])
	if strings.HasPrefix(table, "#") {
		w.refuse(rewrite.CodeTemporary, at, "a temporary table")
	}
	if len(name) > 3 {
		w.refuse(rewrite.CodeElsewhere, at, "a table of another server")
	}
	if len(name) == 3 {
		switch fold(name[0]) {
		case "tempdb":
			w.refuse(rewrite.CodeTemporary, at, "a table of tempdb")
		case "master", "msdb", "model", "mssqlsystemresource", "distribution":
			w.refuse(rewrite.CodeSystem, at, "a table of a system database")
		}
	}
	if len(name) > 1 {
		switch fold(name[len(name)-2]) {
		case "sys", "information_schema":
			w.refuse(rewrite.CodeSystem, at, "a system table or view")
		}
	}
	if compatibility[table] {
		w.refuse(rewrite.CodeSystem, at, "a system table or view")
	}
}

// call is the item of a function in FROM.
func (w *walker) call(b *block, scope int, alias *ast.Identifier, columns []*ast.Identifier) *item {
	it := w.item(b, function, alias, columns)
	w.source(scope, rewrite.From{Alias: w.aliasOf(it), Table: -1, Renamed: w.values(it.columns)})
	return it
}

// openJSON walks OPENJSON, whose WITH names columns and types.
func (w *walker) openJSON(n *ast.OpenJsonTableReference, b *block, c place) {
	it := w.item(b, function, n.Alias, nil)
	if !w.is(it.first, "OPENJSON") || len(it.columns) > 0 {
		w.refuse(rewrite.CodeUnaccounted, it.first, "a call that was read in two ways")
	}
	w.covered[it.first], w.callable[it.first] = true, true
	w.expression(n.Variable, c)
	if n.RowPattern != nil {
		w.expression(n.RowPattern, c)
	}
	var output []rewrite.Output
	for _, item := range n.SchemaDeclarationItems {
		column := item.ColumnDefinition
		w.empty(item, column.Collation)
		output = append(output, rewrite.Output{Name: w.Tokens[w.name(column.ColumnIdentifier)].Value})
		w.dataType(column.DataType)
		if item.Mapping != nil {
			w.expression(item.Mapping, c)
		}
	}
	if len(output) == 0 {
		output = []rewrite.Output{{Name: "key"}, {Name: "value"}, {Name: "type"}}
	}
	w.source(c.scope, rewrite.From{Alias: w.aliasOf(it), Table: -1, Output: output})
}

// tableFunction walks any other call in FROM: a method of an XML column, or a function that somebody defined.
func (w *walker) tableFunction(n *ast.SchemaObjectFunctionTableReference, b *block, c place) {
	it := w.call(b, c.scope, n.Alias, n.Columns)
	if !w.sameNames(n.SchemaObject.Identifiers, it.name) {
		w.refuse(rewrite.CodeUnaccounted, it.first, "a call that was read in two ways")
	}
	last := it.name[len(it.name)-1]
	w.callable[last] = true
	name := w.values(it.name)
	if name[len(name)-1] == "nodes" && len(name) > 1 {
		w.method(it.name, n.Parameters, c)
		return
	}
	w.refuseSystem(it.first, name)
	if first := fold(name[0]); len(name) == 1 && (strings.HasPrefix(first, "fn_") || strings.HasPrefix(first, "dm_")) {
		w.refuse(rewrite.CodeSystem, it.first, "a table function of the system's")
	}
	w.out.Calls = append(w.out.Calls, rewrite.Call{Span: w.span(it.name[0], last+1), Name: name, Table: true})
	w.arguments(withoutDefaults(n.Parameters), c)
}

// below makes a block of its own of what a pivot turns, because its names can't be seen outside of it.
func (w *walker) below(r ast.TableReference, b *block, scope int, applied bool) place {
	inner := len(w.out.Scopes)
	w.out.Scopes = append(w.out.Scopes, rewrite.Scope{Parent: w.parentOf(scope, applied)})
	w.reference(r, b, inner, applied)
	return place{scope: inner, predicate: true}
}

func (w *walker) pivoted(n *ast.PivotedTableReference, b *block, scope int, applied bool) {
	c := w.below(n.TableReference, b, scope, applied)
	it := w.item(b, pivot, n.Alias, nil)
	w.source(scope, rewrite.From{Alias: w.aliasOf(it), Table: -1})
	aggregate := w.names(n.AggregateFunctionIdentifier.Identifiers)
	if len(aggregate) != 1 || !aggregates[w.upper[aggregate[0]]] {
		w.refuse(rewrite.CodeFunction, aggregate[0], "an aggregate that is not on the list")
	}
	w.callable[aggregate[0]] = true
	for _, v := range n.ValueColumns {
		w.column(v, place{scope: c.scope})
	}
	w.column(n.PivotColumn, c)
	for _, id := range n.InColumns {
		w.name(id)
	}
}

func (w *walker) unpivoted(n *ast.UnpivotedTableReference, b *block, scope int, applied bool) {
	c := w.below(n.TableReference, b, scope, applied)
	it := w.item(b, pivot, n.Alias, nil)
	w.empty(n, n.NullHandling == "ExcludeNulls", n.NullHandling == "IncludeNulls")
	w.source(scope, rewrite.From{Alias: w.aliasOf(it), Table: -1})
	w.name(n.ValueColumn)
	w.name(n.PivotColumn)
	for _, column := range n.InColumns {
		w.column(column, place{scope: c.scope})
	}
}
