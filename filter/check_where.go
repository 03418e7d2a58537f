package filter

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/rewrite"
)

// conditions finds the plan's conditions where they hold of every row: joined by AND, in the WHERE of the query block whose FROM
// has the table.
func (r *prover) conditions() diag.List {
	for _, column := range r.st.Columns {
		name := column.Parts[len(column.Parts)-1]
		number, ok := numbers(name, keptName, 2)
		if !ok {
			continue
		}
		of := r.syntax.Fold(column.Parts[0])
		ref := r.refs[of]
		if len(column.Parts) != 2 || ref == nil || r.forms[number[0]].table != r.tables[of] {
			return r.refuse(rewrite.CodeScriptTable, column.Span, "a condition of another table")
		}
		if ref.Scope != column.Scope || !r.joined(r.st.TokenAt(column.Span.Start)-1) {
			return r.refuse(rewrite.CodeScriptTable, column.Span, "the condition of %s doesn't decide alone which of its rows are copied: it stands in the WHERE of that table's SELECT, and AND joins it to all else there", ref.Alias)
		}
		if r.kept[of] == nil {
			r.kept[of] = map[[2]int]bool{}
		}
		r.kept[of][[2]int{number[0], number[1]}] = true
	}
	return nil
}

// word reports whether a token is one of some keywords, and not the name of a column.
func (r *prover) word(i int, words ...string) bool {
	if i < 0 || i >= len(r.st.Tokens) || r.st.Tokens[i].Kind != rewrite.Word || i > 0 && r.sign(i-1, ".") {
		return false
	}
	return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(r.st.Tokens[i].Value, w) })
}

func (r *prover) sign(i int, signs ...string) bool {
	return i >= 0 && i < len(r.st.Tokens) && r.st.Tokens[i].Kind == rewrite.Operator && slices.Contains(signs, r.st.Tokens[i].Value)
}

// clauses end the search for the beginning of a WHERE.
var clauses = []string{"SELECT", "FROM", "ON", "USING", "JOIN", "HAVING", "GROUP", "ORDER", "WINDOW", "LIMIT", "OFFSET", "FETCH", "UNION", "EXCEPT", "INTERSECT", "VALUES", "SET", "WITH", "QUALIFY", "FOR", "OPTION"}

// joined reports whether the parenthesis at a token begins a condition that is a conjunct of its WHERE as a whole. Nothing but OR binds
// less than AND; so none may stand in the WHERE or after it in the block outside parentheses. BETWEEN has an AND of its own, and CASE is
// a parenthesis of words, which must not be open.
func (r *prover) joined(open int) bool {
	where := r.back(open, func(i int) (bool, bool) {
		return r.word(i, "WHERE"), r.word(i, clauses...) && !r.distinctFrom(i) || r.word(i, "CASE", "WHEN", "THEN", "ELSE", "END")
	})
	// The WHERE must be a SELECT's: FILTER has one too.
	from := r.back(where, func(i int) (bool, bool) {
		return r.word(i, "FROM") && !r.distinctFrom(i), r.word(i, "WHERE", "SELECT", "GROUP", "ORDER", "UNION", "EXCEPT", "INTERSECT")
	})
	if r.back(from, func(i int) (bool, bool) {
		return r.word(i, "SELECT"), r.word(i, "UNION", "EXCEPT", "INTERSECT", "WHERE")
	}) < 0 {
		return false
	}
	depth, pending := 0, 0
	begins, ends := where+1, -1 // the conjunct that is being passed, and where the one asked for ends
	ours, held := false, false
	for i := where + 1; i <= len(r.st.Tokens); i++ {
		last := i == len(r.st.Tokens) || depth == 0 && (r.sign(i, ")", "]") || r.word(i, "UNION", "EXCEPT", "INTERSECT"))
		clause := depth == 0 && r.word(i, clauses...) && !r.distinctFrom(i)
		split := depth == 0 && r.word(i, "AND") && pending == 0
		if (last || clause || split) && ours {
			held = begins == open && ends == i
			ours = false
		}
		if last {
			return held
		}
		switch {
		case r.sign(i, "(", "["):
			if depth == 0 && i == open {
				ours, ends = true, i+markerTokens
			}
			depth++
		case r.sign(i, ")", "]"):
			depth--
		case depth > 0:
		case r.word(i, "OR"):
			return false
		case split:
			begins = i + 1
		case r.word(i, "AND"):
			pending--
		case r.word(i, "BETWEEN"):
			pending++
		}
	}
	return false
}

// markerTokens are those of (t.utdrag_kept_0_0 IS NULL).
const markerTokens = 7

// back goes from a token to the beginning of what stands in the same parentheses, until found, and returns where; -1 where it is
// stopped before.
func (r *prover) back(from int, look func(i int) (found, stop bool)) int {
	depth := 0
	for i := from - 1; i >= 0; i-- {
		switch {
		case r.sign(i, ")", "]"):
			depth++
		case r.sign(i, "(", "["):
			if depth--; depth < 0 {
				return -1
			}
		case depth == 0:
			found, stop := look(i)
			if found {
				return i
			}
			if stop {
				return -1
			}
		}
	}
	return -1
}

// distinctFrom reports whether a FROM is the one of IS DISTINCT FROM.
func (r *prover) distinctFrom(i int) bool {
	return r.word(i, "FROM") && r.word(i-1, "DISTINCT") && (r.word(i-2, "IS") || r.word(i-2, "NOT") && r.word(i-3, "IS"))
}

// choose finds for each table the form of which all conditions hold.
func (r *prover) choose() diag.List {
	for i := range r.st.Tables {
		t := &r.st.Tables[i]
		name := r.syntax.Fold(t.Alias)
		missing := 0
		for number, form := range r.forms {
			if form.table != r.tables[name] || r.chosen[name] != nil {
				continue
			}
			lacks := 0
			for k := range form.conditions {
				if !r.kept[name][[2]int{number, k}] {
					lacks++
				}
			}
			if lacks == 0 {
				r.chosen[name] = form
			}
			missing = max(missing, lacks)
		}
		if r.chosen[name] == nil {
			return r.refuse(rewrite.CodeScriptTable, t.Span, "%s is read without exactly its own condition in the WHERE of the same SELECT", r.tables[name].Name)
		}
	}
	return nil
}

// columns allows those that the plan copies as they are, and the plan's own expressions for the others.
func (r *prover) columns() diag.List {
	for _, column := range r.st.Columns {
		if found := r.column(column); found != nil {
			return found
		}
	}
	return nil
}

func (r *prover) column(column rewrite.Column) diag.List {
	refuse := func(format string, args ...any) diag.List {
		return r.refuse(rewrite.CodeScriptColumn, column.Span, format, args...)
	}
	name := column.Parts[len(column.Parts)-1]
	folded := r.syntax.Fold(name)
	switch {
	case name == "*":
		return refuse("a star names columns that nobody looked at")
	case len(column.Parts) > 2:
		return refuse("a column is named by the alias of its table here")
	case len(column.Parts) == 1:
		return r.unqualified(column, name)
	}
	of := r.syntax.Fold(column.Parts[0])
	ref := r.refs[of]
	if ref == nil {
		known := slices.ContainsFunc(r.st.Scopes, func(s rewrite.Scope) bool {
			return slices.ContainsFunc(s.Sources, func(f rewrite.From) bool { return f.Alias != "" && r.syntax.Fold(f.Alias) == of })
		})
		if !known {
			return refuse("no table of this copy is called %s", column.Parts[0])
		}
		return nil // of a subquery, all of which is proven
	}
	form := r.chosen[of]
	if number, ok := numbers(name, cellName, 1); ok {
		if !r.expressions[number[0]].of(form, r.tables[of]) || !r.sees(column.Scope, ref.Scope) {
			return refuse("the expression is not the one by which these rows of %s are copied", r.tables[of].Name)
		}
		return nil
	}
	if _, ok := numbers(name, keptName, 2); ok {
		return nil // looked at by conditions
	}
	if !form.raw[folded] {
		return refuse("column %s of %s is not copied as it is: only the plan's own expression for it may be used", name, r.tables[of].Name)
	}
	return nil
}

// sees reports whether a query block sees the columns of another.
func (r *prover) sees(scope, other int) bool {
	for at, steps := scope, 0; at >= 0 && at < len(r.st.Scopes) && steps <= len(r.st.Scopes); at, steps = r.st.Scopes[at].Parent, steps+1 {
		if at == other {
			return true
		}
	}
	return false
}

// unqualified allows a column without its table where every table that has one of that name copies it as it is. It may be no other
// name: some engines take one for a whole row, for a text, or for a column that is spelled nearly so.
func (r *prover) unqualified(column rewrite.Column, name string) diag.List {
	folded, known := r.syntax.Fold(name), false
	for of, form := range r.chosen {
		if of == folded {
			return r.refuse(rewrite.CodeScriptColumn, column.Span, "%s is a whole row", name)
		}
		known = known || form.raw[folded]
		for _, c := range form.table.Columns {
			if loose(c.Name) == loose(name) && !form.raw[r.syntax.Fold(c.Name)] {
				return r.refuse(rewrite.CodeScriptColumn, column.Span, "column %s may be that of %s, which is not copied as it is: name its table's alias", name, form.table.Name)
			}
		}
	}
	if !known {
		return r.refuse(rewrite.CodeScriptColumn, column.Span, "no table of this copy has a column %s that is copied as it is: write the table's alias before a column, and a text in single quotes", name)
	}
	return nil
}

// loose is what names have in common that the widest collation holds equal: without case, accents and width.
func loose(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(name))
}
