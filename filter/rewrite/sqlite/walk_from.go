package sqlite

import (
	"strings"

	"github.com/sqlc-dev/meyer/ast"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// from walks a FROM clause, or what stands in parentheses there.
func (w *walker) from(list []*ast.TableRef, p place) {
	for i, ref := range list {
		if (i == 0) != (ref.Join == nil) {
			w.stop(rewrite.CodeUnaccounted, ref, "the parser lost a join here")
		}
		if ref.Join != nil {
			w.join(ref.Join)
		}
		w.source(ref, p)
		if ref.On != nil {
			w.words("ON")
			w.expr(ref.On, p)
		}
		if len(ref.Using) > 0 {
			w.words("USING")
			w.parens()
			w.list(len(ref.Using))
			for _, id := range ref.Using {
				w.column([]*ast.Ident{id}, p)
			}
		}
	}
}

// joins are the ways to write a join. SQLite takes the words in any order; these are the ones that everybody knows.
var joins = func() map[string]bool {
	m := map[string]bool{"JOIN": true, "CROSS JOIN": true}
	for _, natural := range []string{"", "NATURAL "} {
		for _, j := range []string{"JOIN", "INNER JOIN", "LEFT JOIN", "LEFT OUTER JOIN", "RIGHT JOIN", "RIGHT OUTER JOIN", "FULL JOIN", "FULL OUTER JOIN"} {
			m[natural+j] = true
		}
	}
	return m
}()

func (w *walker) join(j *ast.JoinOperator) {
	text := w.Slice(span(j))
	if j.Type&ast.JoinComma != 0 {
		if text != "," || len(j.Words) > 0 {
			w.stop(rewrite.CodeUnaccounted, j, "the parser takes something else for a comma")
		}
		w.words(",")
		return
	}
	if !joins[strings.ToUpper(text)] {
		w.stop(rewrite.CodeConstruct, j, "this kind of join is not on the list")
	}
	w.leaf(span(j))
}

// source walks one item of a FROM clause without its join condition.
func (w *walker) source(ref *ast.TableRef, p place) {
	w.enter(ref)
	defer w.leave()
	kinds := 0
	for _, set := range []bool{ref.Name != nil, ref.Select != nil, len(ref.List) > 0} {
		if set {
			kinds++
		}
	}
	plain := ref.Name != nil && !ref.HasArgs
	if kinds != 1 || ref.HasArgs && ref.Name == nil || len(ref.Args) > 0 && !ref.HasArgs || !plain && (ref.IndexedBy != nil || ref.NotIndexed) {
		w.stop(rewrite.CodeUnaccounted, ref, "the parser didn't make out what this is")
	}
	switch {
	case ref.Select != nil:
		w.parens()
		output := w.query(ref.Select, w.Scopes[p.scope].Parent, p.with, false)
		w.add(p, rewrite.From{Alias: w.alias(ref), Table: -1, Output: output})
	case len(ref.List) > 0:
		if ref.Alias != nil || ref.HasAs {
			w.stop(rewrite.CodeConstruct, ref, "a join in parentheses has an alias; write (SELECT … FROM …) AS alias")
		}
		w.parens()
		w.from(ref.List, p)
	case ref.HasArgs:
		w.tableFunction(ref, p)
	default:
		w.table(ref, p)
	}
}

func (w *walker) add(p place, f rewrite.From) {
	w.Scopes[p.scope].Sources = append(w.Scopes[p.scope].Sources, f)
}

// alias accounts for an alias and returns it, or "".
func (w *walker) alias(ref *ast.TableRef) string {
	if ref.HasAs {
		w.words("AS")
	}
	if ref.Alias == nil {
		return ""
	}
	return w.name(ref.Alias)
}

// tableFunctions are the table functions that work on their arguments only, and their columns.
var tableFunctions = map[string][]rewrite.Output{
	"json_each":       named("key", "value", "type", "atom", "id", "parent", "fullkey", "path"),
	"json_tree":       named("key", "value", "type", "atom", "id", "parent", "fullkey", "path"),
	"jsonb_each":      named("key", "value", "type", "atom", "id", "parent", "fullkey", "path"),
	"jsonb_tree":      named("key", "value", "type", "atom", "id", "parent", "fullkey", "path"),
	"generate_series": named("value"),
}

func named(names ...string) []rewrite.Output {
	output := make([]rewrite.Output, len(names))
	for i, n := range names {
		output[i].Name = n
	}
	return output
}

// tableFunction walks f(…) in FROM. Its arguments see the whole FROM clause.
func (w *walker) tableFunction(ref *ast.TableRef, p place) {
	schema, name := w.qualified(ref.Name)
	output := tableFunctions[fold(name)]
	switch {
	case system(fold(name)):
		w.stop(rewrite.CodeSystem, ref.Name, "%s tells of the database itself", name)
	case output == nil:
		w.stop(rewrite.CodeTableCall, ref.Name, "the table function %s is not on the list", name)
	case schema != "":
		w.stop(rewrite.CodeTableCall, ref.Name, "the table function %s is named with a schema", name)
	case p.with.find(name) != nil:
		w.stop(rewrite.CodeCommonScope, ref.Name, "%s is a common table expression, not a function", name)
	}
	w.parens()
	w.exprs(ref.Args, p)
	alias := w.alias(ref)
	if alias == "" {
		alias = name
	}
	w.add(p, rewrite.From{Alias: alias, Table: -1, Output: output})
}

func (w *walker) qualified(q *ast.QualifiedName) (schema, name string) {
	if q.Schema != nil {
		schema = w.name(q.Schema)
		w.words(".")
	}
	return schema, w.name(q.Name)
}

// table notes a name in FROM: a common table expression, or else a table or view.
func (w *walker) table(ref *ast.TableRef, p place) {
	schema, name := w.qualified(ref.Name)
	alias := w.alias(ref)
	whole, after := w.reference(ref)
	if schema == "" {
		if found := p.with.find(name); found != nil {
			if after != "" {
				w.stopAt(rewrite.CodeHint, whole, "a common table expression has no index")
			}
			w.Common = append(w.Common, rewrite.Common{Span: span(ref.Name), Definition: found.definition, Name: name, Scope: p.scope})
			if alias == "" {
				alias = name
			}
			w.add(p, rewrite.From{Alias: alias, Table: -1})
			w.late = append(w.late, late{scope: p.scope, source: len(w.Scopes[p.scope].Sources) - 1, common: found})
			return
		}
	}
	switch folded := fold(name); {
	case fold(schema) == "temp":
		w.stop(rewrite.CodeTemporary, ref.Name, "%s is a temporary table", name)
	case schema != "" && fold(schema) != "main":
		w.stop(rewrite.CodeElsewhere, ref.Name, "%s is of another database, %s", name, schema)
	case system(folded):
		w.stop(rewrite.CodeSystem, ref.Name, "%s tells of the database itself", name)
	case tableFunctions[folded] != nil:
		w.stop(rewrite.CodeTableCall, ref.Name, "the table function %s stands here without its arguments", name)
	}
	t := rewrite.Table{Span: whole, Name: []string{name}, Alias: alias, After: after, Scope: p.scope}
	if schema != "" {
		t.Name = []string{schema, name}
	}
	if alias == "" {
		t.Alias, t.Bare = name, true
	}
	t.Text = quote(t.Alias)
	if len(w.Tables) == rewrite.MaxTables {
		w.stopAt(rewrite.CodeSize, whole, "the query names more than %d tables", rewrite.MaxTables)
	}
	w.add(p, rewrite.From{Alias: t.Alias, Table: len(w.Tables)})
	w.Tables = append(w.Tables, t)
}

// reference is the span of a table's name, alias and index hint, and the hint.
func (w *walker) reference(ref *ast.TableRef) (whole rewrite.Span, hint string) {
	whole = span(ref.Name)
	if ref.Alias != nil {
		whole.End = ref.Alias.End()
	}
	i := w.TokenAt(whole.End)
	switch {
	case ref.IndexedBy != nil && ref.NotIndexed:
		w.stop(rewrite.CodeUnaccounted, ref, "the parser didn't make out what this is")
	case ref.IndexedBy != nil:
		w.words("INDEXED", "BY")
		w.name(ref.IndexedBy)
		whole.End = ref.IndexedBy.End()
	case ref.NotIndexed:
		w.words("NOT", "INDEXED")
		if i+1 >= len(w.Tokens) || !strings.EqualFold(w.Tokens[i+1].Value, "INDEXED") {
			w.stop(rewrite.CodeUnaccounted, ref, "the parser found a NOT INDEXED that isn't there")
		}
		whole.End = w.Tokens[i+1].Span.End
	default:
		return whole, ""
	}
	return whole, w.Slice(rewrite.Span{Start: w.Tokens[i].Span.Start, End: whole.End})
}

// system reports whether a folded name is one of SQLite's own tables, views or table functions. Names that begin with
// sqlite_ are kept for it (https://www.sqlite.org/fileformat2.html#internal_schema_objects); the others are virtual tables
// that some builds have. One that is missing here is in no catalog, and refused for that.
func system(name string) bool {
	if strings.HasPrefix(name, "sqlite_") || strings.HasPrefix(name, "pragma_") {
		return true
	}
	switch name {
	case "dbstat", "bytecode", "tables_used", "fts3tokenize", "fts4aux", "fts5vocab":
		return true
	}
	return false
}
