package filter

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/rewrite"
	"github.com/utdrag/utdrag/mask"
)

// Relation finds what may be seen of a table or view.
func (f *Filter) relation(name []string) (*rewrite.Relation, error) {
	full, err := f.name(name)
	if err != nil {
		return nil, err
	}
	if t := f.schema.Table(full); t != nil {
		f.mu.Lock()
		defer f.mu.Unlock()
		relation := f.relations[t]
		if relation == nil {
			if relation, err = f.table(t); err != nil {
				return nil, err
			}
			f.relations[t] = relation
		}
		return relation, nil
	}
	if v := f.schema.Catalog.View(full); v != nil {
		return f.view(v), nil
	}
	if f.schema.Catalog.HasSynonym(full) {
		return nil, &rewrite.Refused{Code: rewrite.CodeSynonym, Summary: full.String() + " is a synonym"}
	}
	return nil, &rewrite.Refused{Code: rewrite.CodeUnknownTable, Summary: "the catalog has no table or view " + full.String(), Advice: diag.DidYouMean(full.Table, f.names())}
}

// name is a table's full name. One part more than a schema is the database's own name, or refused.
func (f *Filter) name(parts []string) (catalog.Name, error) {
	c := f.schema.Catalog
	if len(parts) == 3 && c.Database != "" && f.syntax.Fold(parts[0]) == f.syntax.Fold(c.Database) {
		parts = parts[1:]
	}
	switch {
	case len(parts) == 1:
		return catalog.Name{Schema: c.DefaultSchema, Table: parts[0]}, nil
	case len(parts) == 2 && parts[0] != "":
		return catalog.Name{Schema: parts[0], Table: parts[1]}, nil
	}
	return catalog.Name{}, &rewrite.Refused{Code: rewrite.CodeElsewhere, Summary: strings.Join(parts, ".") + " is a name of another database or server"}
}

func (f *Filter) names() []string {
	var names []string
	for _, t := range f.schema.Tables {
		names = append(names, t.Name.Table)
	}
	return names
}

// table is what may be seen of a table of the catalog.
func (f *Filter) table(t *Table) (*rewrite.Relation, error) {
	if t.Rule == NoRows {
		return nil, &rewrite.Refused{Code: rewrite.CodeExcluded, Summary: "the map leaves " + t.Name.String() + " out: " + t.Reason}
	}
	r := &rewrite.Relation{Label: t.Name.String(), Confined: t.Words(), Rule: map[Rule]string{ByPaths: "path", Anchor: "anchor", AllRows: "reference", NoneKept: "empty"}[t.Rule], Warnings: f.warnings[t]}
	for i := range t.Fields {
		field := &t.Fields[i]
		if !f.shown(t, field) {
			continue
		}
		visible := rewrite.Visible{Name: field.Name}
		if field.Mask != nil {
			visible.Masked, visible.Deterministic = field.Mask.Spec(), field.Effect.Deterministic
			r.Masks = append(r.Masks, field.Name+": "+field.Mask.Spec())
		}
		r.Columns = append(r.Columns, visible)
	}
	cells, err := f.cells(t, false)
	if err != nil {
		return nil, err
	}
	stubs, err := f.cells(t, true)
	if err != nil {
		return nil, err
	}
	r.Rows = func(before, after string, history bool) (string, error) {
		return f.rows(t, cells, stubs, before, after, history)
	}
	return r, nil
}

// shown reports whether a query sees the column. A hidden one is no part of a star, and one that is computed from what is left
// out has nothing to be computed from.
func (f *Filter) shown(t *Table, field *Field) bool {
	if field.Omit || slices.Contains(field.Options, optionHidden) {
		return false
	}
	return field.Computed == "" || !slices.ContainsFunc(t.Fields, func(other Field) bool { return other.Omit && Mentions(field.Computed, other.Name) })
}

// optionHidden is how SQL Server calls columns that no star shows.
const optionHidden = "HIDDEN"

// cells are the output columns of a table's rows: the SQL of each, and for a column that is computed from changed ones "".
func (f *Filter) cells(t *Table, stub bool) ([]string, error) {
	var cells []string
	for i := range t.Fields {
		field := &t.Fields[i]
		if !f.shown(t, field) {
			continue
		}
		cell := ""
		if !f.recomputed(t, field) {
			var err error
			if cell, err = f.cell(t, field, stub); err != nil {
				return nil, err
			}
			if cell != f.sets.column("t", field.Name) {
				cell += " AS " + f.sets.Dialect.Quote(field.Name)
			}
		}
		cells = append(cells, cell)
	}
	return cells, nil
}

// recomputed reports whether a computed column must be computed anew, because what it is computed from is changed.
func (f *Filter) recomputed(t *Table, field *Field) bool {
	return field.Computed != "" && slices.ContainsFunc(t.Fields, func(other Field) bool {
		return (other.Mask != nil || len(f.blanked[t][other.Name]) > 0 || f.stubbed(t)) && other.Name != field.Name && Mentions(field.Computed, other.Name)
	})
}

func (f *Filter) stubbed(t *Table) bool {
	_, stubs := f.sets.Adds(t)
	return stubs
}

func (f *Filter) cell(t *Table, field *Field, stub bool) (string, error) {
	text := f.sets.Cell(field, t, f.blanked[t][field.Name], stub)
	if field.Mask == nil {
		return text, nil
	}
	masked := t.MaskColumn(field.Name)
	if _, inSQL := field.Mask.SQL(f.sets.Dialect, masked, text); !inSQL {
		hashed, err := f.hash(t, field, masked, text)
		if err != nil {
			return "", err
		}
		text = hashed
	}
	engineType := field.EngineType
	if field.Effect.Type != field.Type || field.DataType != (catalog.Name{}) {
		var err error
		if engineType, err = f.sets.Dialect.TypeName(field.Effect.Type); err != nil {
			return "", f.unmasked(t, field, "the masked type has no form on "+f.sets.Dialect.Name())
		}
	}
	if s, ok := f.sets.Dialect.(interface {
		Shape(string, string, *catalog.Column) string
	}); ok {
		text = s.Shape(text, engineType, field.Column)
	}
	return text, nil
}

func (f *Filter) hash(t *Table, field *Field, c mask.Column, cell string) (string, error) {
	keyed, ok := field.Mask.(mask.Keyed)
	if !ok {
		return "", f.unmasked(t, field, "it has no SQL form on "+f.sets.Dialect.Name())
	}
	if f.inner == 0 {
		return "", f.unmasked(t, field, "no masking key is given")
	}
	hashing, err := keyed.Hashing(c)
	if err != nil {
		return "", f.unmasked(t, field, err.Error())
	}
	hasher, ok := f.hasher()
	if !ok {
		return "", f.unmasked(t, field, f.sets.Dialect.Name()+" can't compute it")
	}
	text, ok := hasher.Hash(hashing, cell, rewrite.Placeholder(f.inner), rewrite.Placeholder(f.outer))
	if !ok {
		return "", f.unmasked(t, field, f.sets.Dialect.Name()+" can't compute it for a column of this collation")
	}
	return text, nil
}

func (f *Filter) unmasked(t *Table, field *Field, why string) error {
	return &rewrite.Refused{Code: rewrite.CodeMask, Summary: fmt.Sprintf("column %s of %s: mask %s: %s", field.Name, t.Name, field.Mask.Spec(), why)}
}

// rows writes the SELECT of a table's visible rows.
func (f *Filter) rows(t *Table, cells, stubs []string, before, after string, history bool) (string, error) {
	d := f.sets.Dialect
	from := "FROM " + d.Table(t.Name)
	if before != "" {
		from += " " + before
	}
	from += " AS t"
	if after != "" {
		from += " " + after
	}
	condition := f.sets.Taken(t, "t")
	if history {
		// Whose a former row was is said by its own columns, and not by whether its present self is in a key set.
		if slices.ContainsFunc(t.Paths, func(p *Path) bool { return !p.Up }) || t.Rule == Anchor {
			return "", &rewrite.Refused{Code: rewrite.CodeHistory, Summary: "former rows of " + t.Name.String() + " don't say themselves whose they were"}
		}
		if t.Rule == ByPaths {
			condition = and(f.sets.reached(t, "t", 1), f.sets.narrowing(t, "t", 1))
		}
	}
	text := f.layer(t, cells, from, condition)
	if stubbed, ok := f.sets.Stubbed(t, "t"); ok && !history {
		text += "\nUNION ALL\n" + f.layer(t, stubs, from, stubbed)
	}
	return text, nil
}

// layer is one SELECT of rows. Where columns are computed from changed ones, a second SELECT around it computes them.
func (f *Filter) layer(t *Table, cells []string, from, condition string) string {
	where := ""
	if condition != "" {
		where = "\n  WHERE " + condition
	}
	if !slices.Contains(cells, "") {
		return "SELECT " + strings.Join(cells, ", ") + "\n  " + from + where
	}
	inner := slices.DeleteFunc(slices.Clone(cells), func(c string) bool { return c == "" })
	var outer []string
	next := 0
	for i := range t.Fields {
		field := &t.Fields[i]
		if !f.shown(t, field) {
			continue
		}
		name := f.sets.Dialect.Quote(field.Name)
		if cells[next] == "" {
			outer = append(outer, "("+field.Computed+") AS "+name)
		} else {
			outer = append(outer, "c."+name)
		}
		next++
	}
	return "SELECT " + strings.Join(outer, ", ") + "\n  FROM (SELECT " + strings.Join(inner, ", ") + "\n  " + from + where + ") AS c"
}

// view is a view of the catalog: shown as it is where the map allows it, and otherwise expanded.
func (f *Filter) view(v *catalog.View) *rewrite.Relation {
	r := &rewrite.Relation{Label: v.Name.String(), View: v.Definition}
	for _, name := range v.Columns {
		r.Columns = append(r.Columns, rewrite.Visible{Name: name})
	}
	if reason, ok := f.schema.allowedView(v.Name); ok {
		d := f.sets.Dialect
		columns := make([]string, len(v.Columns))
		for i, name := range v.Columns {
			columns[i] = f.sets.column("t", name)
		}
		r.View, r.Rule, r.Confined = "", "allowed", "as it is: "+reason
		r.Rows = func(before, after string, history bool) (string, error) {
			if before != "" || after != "" || history {
				return "", &rewrite.Refused{Code: rewrite.CodeHint, Summary: "hints and periods on a view are not carried into it"}
			}
			return "SELECT " + strings.Join(columns, ", ") + " FROM " + d.Table(v.Name) + " AS t", nil
		}
	}
	return r
}

var errNoRows = errors.New("filter: a relation without rows")
