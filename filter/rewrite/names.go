package rewrite

import (
	"slices"
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// aliases refuses two tables under one name in a FROM clause: where one of them was told apart by its schema alone, the
// other could answer for it now.
func (c *confiner) aliases(st *Statement) error {
	for _, scope := range st.Scopes {
		seen := map[string]bool{}
		for _, from := range scope.Sources {
			name := c.syntax.Fold(from.Alias)
			if from.Alias == "" {
				continue
			}
			if seen[name] {
				var span Span
				if from.Table >= 0 {
					span = st.Tables[from.Table].Span
				}
				return c.refuse(st, CodeAliasTwice, span, "two tables of one FROM clause are both called %s", from.Alias)
			}
			seen[name] = true
		}
	}
	return nil
}

// source finds what an alias means in a query block: the item of the innermost FROM clause that has it.
func (c *confiner) source(st *Statement, scope int, alias string) (From, bool) {
	for at := scope; at >= 0 && at < len(st.Scopes); at = st.Scopes[at].Parent {
		for _, from := range st.Scopes[at].Sources {
			if c.syntax.Fold(from.Alias) == c.syntax.Fold(alias) {
				return from, true
			}
		}
	}
	return From{}, false
}

// known refuses a qualified column that its table doesn't have: PostgreSQL would read t.f as a call of f with the row.
func (c *confiner) known(st *Statement, relations []*Relation) error {
	for _, column := range st.Columns {
		name := column.Parts[len(column.Parts)-1]
		if len(column.Parts) < 2 || name == "*" {
			continue
		}
		from, ok := c.source(st, column.Scope, column.Parts[len(column.Parts)-2])
		if !ok || from.Table < 0 {
			continue
		}
		same := func(other string) bool { return c.syntax.Fold(other) == c.syntax.Fold(name) }
		if !slices.ContainsFunc(from.Renamed, same) && !slices.ContainsFunc(relations[from.Table].Columns, func(v Visible) bool { return same(v.Name) }) {
			return c.refuse(st, CodeUnknownColumn, column.Span, "%s has no column %s that the query may see", relations[from.Table].Label, name)
		}
	}
	return nil
}

// qualifiers finds the columns that name their table with its schema, as in dbo.T.c. The derived table has no schema: the
// alias, which is the table's own name, takes its place where that certainly leads to the same table.
func (c *confiner) qualifiers(st *Statement, relations []*Relation) (map[int]string, error) {
	renamed := map[int]string{}
	for i, column := range st.Columns {
		if len(column.Parts) < 3 {
			continue
		}
		name := column.Parts[:len(column.Parts)-1]
		unclear := func() error {
			return c.refuse(st, CodeQualifier, column.Span, "%s could mean more than one table", strings.Join(name, "."))
		}
		from, ok := c.source(st, column.Scope, name[len(name)-1])
		if !ok || from.Table < 0 || !st.Tables[from.Table].Bare {
			return nil, unclear()
		}
		meant, err := c.relation(name)
		if err != nil || meant.Label != relations[from.Table].Label {
			return nil, unclear()
		}
		renamed[i] = st.Tables[from.Table].Text
	}
	return renamed, nil
}

// masked warns of masked columns that decide which rows there are, unless equal originals stay equal.
func (c *confiner) masked(st *Statement, relations []*Relation) {
	for _, column := range st.Columns {
		if !column.Predicate {
			continue
		}
		name := c.syntax.Fold(column.Parts[len(column.Parts)-1])
		for _, table := range c.candidates(st, column) {
			for _, visible := range relations[table].Columns {
				if visible.Masked != "" && !visible.Deterministic && c.syntax.Fold(visible.Name) == name {
					c.warnings = append(c.warnings, CodeMaskedPredicate.Diagnostic(st.Range(column.Span),
						"column "+visible.Name+" of "+relations[table].Label+" is masked by "+visible.Masked+", and the query sees the masked values"))
				}
			}
		}
	}
}

// candidates are the tables that a column may be of: the one that its qualifier names, or all that its block can see.
func (c *confiner) candidates(st *Statement, column Column) []int {
	if len(column.Parts) > 1 {
		if from, ok := c.source(st, column.Scope, column.Parts[len(column.Parts)-2]); ok && from.Table >= 0 {
			return []int{from.Table}
		}
		return nil
	}
	var tables []int
	for at := column.Scope; at >= 0 && at < len(st.Scopes); at = st.Scopes[at].Parent {
		for _, from := range st.Scopes[at].Sources {
			if from.Table >= 0 {
				tables = append(tables, from.Table)
			}
		}
	}
	return tables
}

// columns names the columns of a result; depth guards against definitions that refer to each other.
func (c *confiner) columns(st *Statement, relations []*Relation, output []Output, depth int) []string {
	var names []string
	if depth > MaxDepth {
		return nil
	}
	for _, o := range output {
		if !o.Star {
			names = append(names, o.Name)
			continue
		}
		if o.Scope < 0 || o.Scope >= len(st.Scopes) {
			continue
		}
		for _, from := range st.Scopes[o.Scope].Sources {
			if o.Qualifier != "" && c.syntax.Fold(from.Alias) != c.syntax.Fold(o.Qualifier) {
				continue
			}
			own := slices.Clone(from.Renamed)
			var all []string
			if from.Table >= 0 && from.Table < len(relations) {
				for _, v := range relations[from.Table].Columns {
					all = append(all, v.Name)
				}
			} else {
				all = c.columns(st, relations, from.Output, depth+1)
			}
			if len(own) < len(all) {
				own = append(own, all[len(own):]...)
			}
			names = append(names, own...)
		}
	}
	return names
}

// named reports which columns a statement may name: those whose names it has anywhere, as a word, and all of them where it has a
// star, a natural join, a PIVOT, an alias with names for columns, or an alias in the place of a column.
func (c *confiner) named(st *Statement) func(string) bool {
	if st == c.names.of {
		return c.names.has
	}
	words := map[string]bool{}
	all := false
	for i, t := range st.Tokens {
		switch {
		case t.Kind == Word || t.Kind == Quoted:
			words[c.syntax.Fold(t.Value)] = true
			// PIVOT groups by every column that it doesn't name.
			all = all || t.Kind == Word && (strings.EqualFold(t.Value, "NATURAL") || strings.EqualFold(t.Value, "PIVOT"))
		case t.Value == "*":
			counts := i > 0 && i+1 < len(st.Tokens) && st.Tokens[i-1].Value == "(" && st.Tokens[i+1].Value == ")"
			all = all || !counts
		}
	}
	for _, column := range st.Columns {
		all = all || column.Parts[len(column.Parts)-1] == "*" // CHECKSUM(*) has one without being a COUNT
		if !all && len(column.Parts) == 1 {
			_, all = c.source(st, column.Scope, column.Parts[0])
		}
	}
	for _, t := range st.Tables {
		all = all || t.Columns != "" // new names go by the columns' places
	}
	for _, scope := range st.Scopes {
		for _, from := range scope.Sources {
			all = all || len(from.Renamed) > 0 // so do those of a join
		}
	}
	c.names.of = st
	c.names.has = func(name string) bool { return all || words[c.syntax.Fold(name)] }
	return c.names.has
}
