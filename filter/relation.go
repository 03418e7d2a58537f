package filter

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/rewrite"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask"
)

// rows writes what may be seen of each table as SELECTs.
type rows struct {
	*Filter
	engine engine.Dialect
	sets   *Sets
	// within has the key sets where they are part of the query.
	within  *within
	blanked map[*Table]map[string][]*Reference

	mu        sync.Mutex
	relations map[*Table]*rewrite.Relation
	shapes    map[*Table]shape
}

// shape are the columns of a table's rows, and of its stub rows.
type shape struct{ cells, stubs []cell }

func newRows(f *Filter, d engine.Dialect, sets *Sets, verdicts []Verdict) *rows {
	sets.shaped = true
	return &rows{Filter: f, engine: d, sets: sets, blanked: Blanked(verdicts), relations: map[*Table]*rewrite.Relation{}, shapes: map[*Table]shape{}}
}

// relation finds what may be seen of a table or view.
func (f *rows) relation(name []string) (*rewrite.Relation, error) {
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
func (f *rows) table(t *Table) (*rewrite.Relation, error) {
	if t.Rule == NoRows {
		return nil, &rewrite.Refused{Code: rewrite.CodeExcluded, Summary: "the map leaves " + t.Name.String() + " out: " + t.Reason}
	}
	r := &rewrite.Relation{Label: t.Name.String(), Schema: t.Name.Schema, Confined: t.Words() + f.named(t), Rule: map[Rule]string{ByPaths: "path", Anchor: "anchor", AllRows: "reference", NoneKept: "empty"}[t.Rule], Warnings: f.warnings[t]}
	for i := range t.Fields {
		field := &t.Fields[i]
		if !f.shown(t, field) {
			continue
		}
		visible := rewrite.Visible{Name: field.Name, Computed: field.Computed}
		if field.Mask != nil {
			_, apart := field.Mask.(mask.Keyed) // what is cut or overwritten is equal to much that it wasn't equal to
			visible.Masked, visible.Deterministic = field.Mask.Spec(), apart && field.Effect.Deterministic
			r.Masks = append(r.Masks, field.Name+": "+field.Mask.Spec())
		}
		r.Columns = append(r.Columns, visible)
	}
	s := shape{f.cells(t, false), f.cells(t, true)}
	f.shapes[t] = s
	r.Rows = func(use rewrite.Use) (string, error) { return f.query(t, r.Columns, s, use) }
	return r, nil
}

// named says which rows of a table are there because others name them, though no path leads to them.
func (f *rows) named(t *Table) string {
	added, stubs := f.sets.Adds(t)
	var text string
	for _, child := range f.schema.Tables {
		for _, r := range child.References {
			by := r.Child.Name.String() + " (by " + columnsLabel(r.ChildColumns()) + ")"
			switch {
			case r.Parent != t:
			case added && r.Outside == schemamap.OutsideInclude:
				text += "; with the rows that are named in " + by
			case stubs && r.Outside == schemamap.OutsideStub:
				text += "; with nothing but the keys of rows that are named in " + by
			}
		}
	}
	return text
}

// shape is that of a table whose relation has been asked for.
func (f *rows) shape(t *Table) shape {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.shapes[t]
}

// shown reports whether a query sees the column. A hidden one is no part of a star, and one that is computed from what is left
// out has nothing to be computed from.
func (f *rows) shown(t *Table, field *Field) bool {
	if field.Omit || hidden(field) {
		return false
	}
	return field.Computed == "" || !slices.ContainsFunc(t.Fields, func(other Field) bool { return (other.Omit || hidden(&other)) && Mentions(field.Computed, other.Name) })
}

// hidden reports whether no star shows the column: SQL Server calls such columns HIDDEN, and MySQL INVISIBLE.
func hidden(field *Field) bool {
	return slices.Contains(field.Options, "HIDDEN") || slices.Contains(field.Options, "INVISIBLE")
}

// cell is one output column of a table's rows: its SQL, or why there is none. level is 0 unless the column is computed anew from
// changed ones: then it is how many SELECTs around the rows that takes.
type cell struct {
	sql   string
	err   error
	level int
}

func (f *rows) cells(t *Table, stub bool) []cell {
	levels := f.levels(t)
	var cells []cell
	for i := range t.Fields {
		field := &t.Fields[i]
		if !f.shown(t, field) {
			continue
		}
		c := cell{level: levels[field.Name]}
		switch {
		case c.level > len(t.Fields):
			c.err = &rewrite.Refused{Code: rewrite.CodeMask, Summary: fmt.Sprintf("column %s of %s seems to be computed from itself", field.Name, t.Name)}
		case c.level == 0:
			if c.sql, c.err = f.cell(t, field, stub); c.sql != f.sets.column("t", field.Name) {
				c.sql += " AS " + f.sets.Dialect.Quote(field.Name)
			}
		default:
			c.sql = f.computed(field)
		}
		cells = append(cells, c)
	}
	return cells
}

// levels says of the computed columns that must be computed anew, because what they are computed from is changed, how many
// SELECTs around the rows that takes: a column may be computed from others that are. One that never ends has more levels than
// the table has columns.
func (f *rows) levels(t *Table) map[string]int {
	levels := map[string]int{}
	changed := func(other *Field) bool { return other.Mask != nil || len(f.blanked[t][other.Name]) > 0 || f.stubbed(t) }
	for again := true; again; {
		again = false
		for i := range t.Fields {
			field := &t.Fields[i]
			if field.Computed == "" {
				continue
			}
			level := 0
			for j := range t.Fields {
				if other := &t.Fields[j]; i != j && (levels[other.Name] > 0 || changed(other)) && Mentions(field.Computed, other.Name) {
					level = max(level, levels[other.Name]+1)
				}
			}
			if level = min(level, len(t.Fields)+1); level > levels[field.Name] {
				levels[field.Name], again = level, true
			}
		}
	}
	return levels
}

// computed is a column's expression, which yields and compares as the column does.
func (f *rows) computed(field *Field) string {
	if c, ok := f.engine.(engine.Computer); ok {
		return c.Compute("("+field.Computed+")", field.Column)
	}
	return "(" + field.Computed + ")"
}

func (f *rows) stubbed(t *Table) bool {
	_, stubs := f.sets.Adds(t)
	return stubs
}

func (f *rows) cell(t *Table, field *Field, stub bool) (string, error) {
	text := f.sets.Cell(field, t, f.blanked[t][field.Name], stub)
	if field.Mask == nil {
		if stub && text != f.sets.column("t", field.Name) { // a dummy must be what it is in the column: char(5) fills it up
			text = f.shaped(text, field.EngineType, field.Column)
		}
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
		if engineType, err = f.sets.Dialect.TypeName(field.Effect.Type); err != nil && field.Effect.Type == field.Type {
			engineType = field.EngineType // a type of the database's own, such as an enumeration, which NULL is of as well
		} else if err != nil {
			return "", f.unmasked(t, field, "the masked type has no form on "+f.sets.Dialect.Name())
		}
	}
	return f.shaped(text, engineType, field.Column), nil
}

// shaped gives an expression the type and collation of a column.
func (f *rows) shaped(text, engineType string, c *catalog.Column) string {
	if s, ok := f.sets.Dialect.(interface {
		Shape(string, string, *catalog.Column) string
	}); ok {
		return s.Shape(text, engineType, c)
	}
	return text
}

func (f *rows) hash(t *Table, field *Field, c mask.Column, cell string) (string, error) {
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
	hasher, ok := f.engine.(engine.Hasher)
	if !ok {
		return "", f.unmasked(t, field, f.sets.Dialect.Name()+" can't compute it")
	}
	inner, outer := f.pads(f.sets.Dialect)
	text, ok := hasher.Hash(hashing, cell, inner, outer)
	if !ok {
		return "", f.unmasked(t, field, f.sets.Dialect.Name()+" can't compute it for a column of this collation")
	}
	return text, nil
}

func (f *rows) unmasked(t *Table, field *Field, why string) error {
	return &rewrite.Refused{Code: rewrite.CodeMask, Summary: fmt.Sprintf("column %s of %s: mask %s: %s", field.Name, t.Name, field.Mask.Spec(), why)}
}

// query writes the SELECT of a table's visible rows.
func (f *rows) query(t *Table, columns []rewrite.Visible, s shape, use rewrite.Use) (string, error) {
	d := f.sets.Dialect
	from := "FROM " + d.Table(t.Name)
	if use.Before != "" {
		from += " " + use.Before
	}
	from += " AS t"
	if use.After != "" {
		from += " " + use.After
	}
	condition := f.sets.Taken(t, "t")
	if use.History {
		// Whose a former row was is said by its own columns, and not by whether its present self is in a key set.
		if slices.ContainsFunc(t.Paths, func(p *Path) bool { return !p.Up }) || t.Rule == Anchor {
			return "", &rewrite.Refused{Code: rewrite.CodeHistory, Summary: "former rows of " + t.Name.String() + " don't say themselves whose they were"}
		}
		if t.Rule == ByPaths {
			condition = and(f.sets.reached(t, "t", 1), f.sets.narrowing(t, "t", 1))
		}
	}
	keep, err := kept(columns, s.cells, use)
	if err != nil {
		return "", err
	}
	text := f.layer(columns, s.cells, keep, from, condition)
	if stubbed, ok := f.sets.Stubbed(t, "t"); ok && !use.History {
		text += "\nUNION ALL\n" + f.layer(columns, s.stubs, keep, from, stubbed)
	}
	return text, nil
}

// kept are the columns that a query may name: one at least, and all of them where some are computed from others.
func kept(columns []rewrite.Visible, cells []cell, use rewrite.Use) ([]bool, error) {
	keep := make([]bool, len(cells))
	some, all := false, false
	for i, c := range columns {
		keep[i] = use.Column(c.Name)
		some = some || keep[i]
		all = all || keep[i] && cells[i].level > 0
	}
	for i := range keep {
		if all || !some && cells[i].err == nil && cells[i].level == 0 {
			keep[i], some = true, true
		}
		if keep[i] && cells[i].err != nil {
			return nil, cells[i].err
		}
	}
	return keep, nil
}

// layer is one SELECT of rows. Where columns are computed from changed ones, more SELECTs around it compute them.
func (f *rows) layer(columns []rewrite.Visible, cells []cell, keep []bool, from, condition string) string {
	if condition != "" {
		from += "\n  WHERE " + condition
	}
	highest := 0
	var plain []string
	for i, c := range cells {
		if keep[i] && c.level == 0 {
			plain = append(plain, c.sql)
		}
		if keep[i] {
			highest = max(highest, c.level)
		}
	}
	text := "SELECT " + strings.Join(plain, ", ") + "\n  " + from
	for level := 1; level <= highest; level++ {
		var shown []string
		for i, c := range cells {
			name := f.sets.Dialect.Quote(columns[i].Name)
			switch {
			case !keep[i] || c.level > level:
			case c.level == level:
				shown = append(shown, c.sql+" AS "+name)
			default:
				shown = append(shown, "c."+name)
			}
		}
		text = "SELECT " + strings.Join(shown, ", ") + "\n  FROM (" + text + ") AS c"
	}
	return text
}

// view is a view of the catalog: shown as it is where the map allows it, and otherwise expanded.
func (f *rows) view(v *catalog.View) *rewrite.Relation {
	r := &rewrite.Relation{Label: v.Name.String(), Schema: v.Name.Schema, View: v.Definition}
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
		r.Rows = func(use rewrite.Use) (string, error) {
			if use.Before != "" || use.After != "" || use.History {
				return "", &rewrite.Refused{Code: rewrite.CodeHint, Summary: "hints and periods on a view are not carried into it"}
			}
			return "SELECT " + strings.Join(columns, ", ") + " FROM " + d.Table(v.Name) + " AS t", nil
		}
	}
	return r
}
