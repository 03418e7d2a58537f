package filter

import (
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/rewrite"
)

// prover proves one copy that somebody wrote.
//
// The plan's own conditions and expressions in it are found token by token, and each is replaced by a column with a reserved
// name, of the table that the piece is about: a condition by (t.utdrag_kept_1_0 IS NULL), an expression by t.utdrag_cell_1_3.
// They read work tables, which no reader passes, and columns that nothing else may read. What is left is read by the dialect's
// reader, which says of every table and column in which query block it stands and what its name leads to. The replacement doesn't
// change how the rest is read: a condition only counts where AND joins it to the others of its WHERE, and an expression is only
// replaced where it is all that stands between two commas, parentheses or clauses. Both are complete by themselves.
type prover struct {
	*checker
	file *checkedFile
	// text is what is read, and origins say where each of its tokens stands in the file.
	text    strings.Builder
	starts  []int
	origins []int
	// expressions are those that were replaced, by number.
	expressions []expression
	st          *rewrite.Statement
	// refs are the references to tables, by folded alias; chosen is the form that is proven for each.
	refs   map[string]*rewrite.Table
	tables map[string]*Table
	chosen map[string]*copyForm
	// kept are the conditions that hold, by folded alias, form and number.
	kept map[string]map[[2]int]bool
}

// prove says in words what a copy does, or why it is refused.
func (c *checker) prove(f *checkedFile, insert scriptInsert) (p proof) {
	if c.syntax == nil {
		p.found = f.refuse(rewrite.CodeDialect, insert.target.at, "an edited copy of this engine is not read here")
		return p
	}
	target := c.targets[insert.target.name]
	if target == nil {
		p.found = f.refuse(rewrite.CodeScriptTarget, insert.target.at, "no copy of the plan's goes into this table, named as it is")
		return p
	}
	for i, column := range insert.target.columns {
		field := target.Field(column.value())
		if field == nil || field.Omit {
			p.found = f.refuse(rewrite.CodeScriptTarget, column.at, "the copy of %s has no such column", target.Name)
			return p
		}
		if slices.ContainsFunc(insert.target.columns[:i], func(t scriptToken) bool { return t.value() == column.value() }) {
			p.found = f.refuse(rewrite.CodeScriptTarget, column.at, "column %s is named twice", field.Name)
			return p
		}
	}
	r := &prover{checker: c, file: f, refs: map[string]*rewrite.Table{}, tables: map[string]*Table{}, chosen: map[string]*copyForm{}, kept: map[string]map[[2]int]bool{}}
	for _, step := range []func() diag.List{
		func() diag.List { return r.plain(insert.query) },
		func() diag.List { return r.replace(insert.query) },
		r.read, r.references, r.joins, r.conditions, r.choose, r.columns,
	} {
		if p.found = step(); p.found != nil {
			return p
		}
	}
	var from []string
	for _, t := range r.st.Tables {
		from = append(from, r.tables[c.syntax.Fold(t.Alias)].Name.String())
	}
	slices.Sort(from)
	p.what = "edited: copies into " + target.Name.String() + " nothing but what the plan copies"
	if len(from) > 0 {
		p.what += " of " + strings.Join(slices.Compact(from), ", ")
	}
	return p
}

// plain refuses what only the plan's own SQL may have, and what the client would change before the server reads it.
func (r *prover) plain(query []scriptToken) diag.List {
	for i, t := range query {
		for _, char := range t.text {
			if turns(char) {
				return r.file.refuse(rewrite.CodeCharacter, t.at, "the character %U shows another text than it is", char)
			}
		}
		switch {
		case t.is(":") && r.client.dollars:
			return r.file.refuse(rewrite.CodeScriptClient, t.at, "a colon, which psql may take for a variable")
		case r.client.variables != "" && strings.Contains(t.text, r.client.variables), t.is("$") && i+1 < len(query) && query[i+1].is("("):
			return r.file.refuse(rewrite.CodeScriptClient, t.at, "a variable of the client's")
		case t.name() && len(t.value()) >= len(rewrite.Reserved) && strings.EqualFold(t.value()[:len(rewrite.Reserved)], rewrite.Reserved):
			return r.file.refuse(rewrite.CodeReserved, t.at, "a name begins with %s", rewrite.Reserved)
		}
	}
	return nil
}

// fromName is a table that seems to be named in a FROM clause. What it is there, the reader says.
type fromName struct {
	table *Table
	alias scriptToken
}

// froms finds the names of tables among tokens, each with what seems to be its alias.
func (r *prover) froms(query []scriptToken) []fromName {
	var all []fromName
	for i := range query {
		for _, t := range r.script.Schema.Tables {
			own := r.checker.tables[t]
			end := i + len(own)
			if end > len(query) || !sameTokens(query[i:end], own) || i > 0 && query[i-1].is(".") || end < len(query) && query[end].is(".") {
				continue
			}
			if end < len(query) && query[end].is("AS") {
				end++
			}
			name := own[len(own)-1]
			if end < len(query) && query[end].name() && !query[end].is(afterTable...) {
				name = query[end]
			}
			if !slices.ContainsFunc(all, func(n fromName) bool { return n.table == t && n.alias.same == name.same }) {
				all = append(all, fromName{t, name})
			}
		}
	}
	return all
}

// afterTable are words that may follow a table's name and are no alias.
var afterTable = []string{"WHERE", "JOIN", "INNER", "CROSS", "LEFT", "ON", "GROUP", "ORDER", "HAVING", "LIMIT", "UNION", "EXCEPT", "INTERSECT", "WITH", "OPTION", "OFFSET", "FETCH", "WINDOW"}

// stand is a piece of the plan's SQL under an alias that the file uses.
type stand struct {
	same []string
	// instead is written in its place. whole is set where it must be a whole expression, and order where ORDER BY stands before it.
	instead      string
	whole, order bool
	secret       bool
}

// expression is one of the plan's for a column, under an alias.
type expression struct {
	table *Table
	same  string
	alias scriptToken
}

// of reports whether rows of a form are copied by the expression.
func (e expression) of(form *copyForm, table *Table) bool {
	return e.table == table && slices.ContainsFunc(form.cells, func(cell fragment) bool {
		return strings.Join(cell.under(e.alias), "\x00") == e.same
	})
}

// replace writes the query with names instead of the plan's own conditions and expressions.
func (r *prover) replace(query []scriptToken) diag.List {
	var stands []stand
	for _, n := range r.froms(query) {
		for number, form := range r.forms {
			if form.table != n.table || !form.fits(n.alias) {
				continue
			}
			for i, condition := range form.conditions {
				stands = append(stands, stand{same: condition.under(n.alias), instead: "(" + n.alias.text + "." + numbered(keptName, number, i) + " IS NULL)"})
			}
			for _, cell := range form.cells {
				if same := cell.under(n.alias); len(same) > 1 {
					r.expressions = append(r.expressions, expression{n.table, strings.Join(same, "\x00"), n.alias})
					stands = append(stands, stand{same: same, whole: true, instead: n.alias.text + "." + numbered(cellName, len(r.expressions)-1)})
				}
			}
			if form.order != nil {
				stands = append(stands, stand{same: fragment(form.order).under(n.alias), order: true, secret: form.secret, instead: "1"})
			}
		}
	}
	slices.SortStableFunc(stands, func(a, b stand) int { return len(b.same) - len(a.same) })
	byFirst := map[string][]stand{}
	for _, s := range stands {
		byFirst[s.same[0]] = append(byFirst[s.same[0]], s)
	}
	top := slices.ContainsFunc(query, func(t scriptToken) bool { return t.is("TOP") })
	for i := 0; i < len(query); {
		length := 0
		for _, s := range byFirst[query[i].same] {
			if s.stands(query, i, top) {
				r.write(s.instead, query[i].at, true)
				length = len(s.same)
				break
			}
		}
		if length == 0 {
			r.write(query[i].text, query[i].at, query[i].gap)
			length = 1
		}
		i += length
	}
	return nil
}

// stands reports whether the piece stands at a place, and may be replaced there.
func (s *stand) stands(query []scriptToken, at int, top bool) bool {
	end := at + len(s.same)
	if end > len(query) {
		return false
	}
	for i, same := range s.same {
		if query[at+i].same != same {
			return false
		}
	}
	before, after := scriptToken{}, scriptToken{same: ")", kind: rewrite.Operator}
	if at > 0 {
		before = query[at-1]
	}
	if end < len(query) {
		after = query[end]
	}
	switch {
	case s.order && s.secret:
		return !top && before.is("BY") && end == len(query)
	case s.order:
		return before.is("BY") && after.is(")", "LIMIT", "OFFSET", "FETCH")
	case s.whole:
		return before.is("SELECT", "DISTINCT", ",", "(") && after.is(")", ",", "AS", "FROM")
	}
	return true
}

// write adds to the text that is read.
func (r *prover) write(text string, at int, gap bool) {
	if gap || r.text.Len() == 0 || strings.HasSuffix(r.text.String(), " ") {
		r.text.WriteByte(' ')
	}
	r.starts = append(r.starts, r.text.Len())
	r.origins = append(r.origins, at)
	r.text.WriteString(text)
}

// read lets the dialect's reader read what is left.
func (r *prover) read() diag.List {
	st, err := r.syntax.Read(r.text.String())
	if err != nil {
		list, ok := err.(diag.List)
		if !ok || len(list) == 0 {
			return r.file.refuse(rewrite.CodeSyntax, r.origins[0], "the copy can't be read")
		}
		var found diag.List
		for _, d := range list {
			d.Subject = diag.Range{File: r.file.name, Start: r.origin(d.Subject.Start.Byte), End: r.origin(d.Subject.Start.Byte)}
			found = append(found, d)
		}
		return found
	}
	r.st = st
	switch {
	case len(st.Parameters) > 0:
		return r.refuse(rewrite.CodeParameter, st.Parameters[0].Span, "a script has no bound arguments")
	case len(st.Pseudo) > 0:
		return r.refuse(rewrite.CodePseudo, st.Pseudo[0], "a pseudo column")
	case len(st.Calls) > 0:
		return r.refuse(rewrite.CodeFunction, st.Calls[0].Span, "function %s is not on the list", strings.Join(st.Calls[0].Name, "."))
	}
	return nil
}

// origin is where a place of the text that was read stands in the file.
func (r *prover) origin(at int) diag.Pos {
	i, met := slices.BinarySearch(r.starts, at)
	if !met {
		i--
	}
	return r.file.position(r.origins[max(i, 0)])
}

func (r *prover) refuse(code rewrite.Code, span rewrite.Span, format string, args ...any) diag.List {
	at := r.origin(r.st.Range(span).Start.Byte)
	return r.file.refuse(code, at.Byte, format, args...)
}

// references finds what each table is. A name must lead to its table without a search path, and an alias to one table in the whole
// copy, so that what stands behind it is never in doubt.
func (r *prover) references() diag.List {
	for i := range r.st.Tables {
		t := &r.st.Tables[i]
		table := r.table(t.Name)
		switch {
		case table == nil:
			return r.refuse(rewrite.CodeScriptTable, t.Span, "%s is no table that this plan copies from: tables are named with their schema, as the plan does", strings.Join(t.Name, "."))
		case !slices.ContainsFunc(r.forms, func(f *copyForm) bool { return f.table == table }):
			return r.refuse(rewrite.CodeScriptTable, t.Span, "no row of %s is copied", table.Name)
		case t.Before != "" || t.After != "" || t.Columns != "" || t.History:
			return r.refuse(rewrite.CodeHint, t.Span, "hints, samples, periods and new names for columns are not read here")
		}
		name := r.syntax.Fold(t.Alias)
		if r.refs[name] != nil {
			return r.refuse(rewrite.CodeAliasTwice, t.Span, "two tables of this copy are both called %s", t.Alias)
		}
		r.refs[name], r.tables[name] = t, table
	}
	for _, scope := range r.st.Scopes {
		for _, from := range scope.Sources {
			for i := range r.st.Tables {
				if t := &r.st.Tables[i]; from.Table != i && loose(from.Alias) == loose(t.Alias) {
					return r.refuse(rewrite.CodeAliasTwice, t.Span, "two tables of this copy are both called %s", t.Alias)
				}
			}
		}
	}
	return nil
}

// table finds the table of a name that has all its parts.
func (r *prover) table(name []string) *Table {
	for t, own := range r.checker.tables {
		var parts []string
		for _, token := range own {
			if token.name() {
				parts = append(parts, token.value())
			}
		}
		same := slices.Equal(parts, name)
		if r.script.Schema.Catalog.FoldsCase {
			same = slices.EqualFunc(parts, name, func(a, b string) bool { return catalog.FoldName(a) == catalog.FoldName(b) })
		}
		if same {
			return t
		}
	}
	return nil
}

// free reports whether every row of a table is copied, so that it needs no condition.
func (r *prover) free(t *Table) bool {
	return slices.ContainsFunc(r.forms, func(f *copyForm) bool { return f.table == t && len(f.conditions) == 0 })
}

// joins refuses those in which WHERE comes too late. In an inner join it takes away what a filter on the table itself would. An
// outer join puts NULL in the place of rows that the other providers' rows drive out, or don't; only the first table of a chain of
// LEFT JOINs is as it would be, when the others have nothing to hide. A natural join compares columns that nobody named.
func (r *prover) joins() diag.List {
	outer := false
	for i, t := range r.st.Tokens {
		word := func(j int, words ...string) bool {
			return j < len(r.st.Tokens) && r.st.Tokens[j].Kind == rewrite.Word && slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(r.st.Tokens[j].Value, w) })
		}
		switch {
		case i > 0 && r.st.Tokens[i-1].Value == ".":
		case word(i, "NATURAL"), word(i, "RIGHT", "FULL") && word(i+1, "JOIN", "OUTER", "HASH", "LOOP", "MERGE", "REMOTE"), word(i, "OUTER") && !word(i-1, "LEFT"):
			return r.refuse(rewrite.CodeScriptJoin, t.Span, "a join of this kind")
		case word(i, "LEFT") && word(i+1, "JOIN", "OUTER", "HASH", "LOOP", "MERGE", "REMOTE"):
			outer = true
		}
	}
	if !outer {
		return nil
	}
	for i := range r.st.Tables {
		t := &r.st.Tables[i]
		sources := r.st.Scopes[t.Scope].Sources
		if !r.free(r.tables[r.syntax.Fold(t.Alias)]) && sources[0].Table != i {
			return r.refuse(rewrite.CodeScriptJoin, t.Span, "beside a LEFT JOIN, %s must come first in FROM, and be the only table there that needs a condition", t.Alias)
		}
	}
	return nil
}
