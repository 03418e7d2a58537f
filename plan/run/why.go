package run

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
)

// The codes of questions that can't be answered.
const (
	CodeNoTable = "UX008" // the question names a table that is not there
	CodeNoRow   = "UX009" // no row, or more than one, has the key

)

// Explanation says why a row is in the copy, or out of it.
type Explanation struct {
	Table string   `json:"table"`
	Key   []string `json:"key"`
	// Included, Added and Stub tell how the row stands in the copy; none of them means that it doesn't.
	Included bool `json:"included"`
	Added    bool `json:"added"`
	Stub     bool `json:"stub"`
	// Lines say why, one step a line, indented by how far they are from the row. They hold keys of rows.
	Lines []string `json:"lines"`
}

// Why explains one row, named by its table and its key: the primary key, or else the first unique key. It answers
// whoever may read the source anyway: the lines quote keys.
func Why(ctx context.Context, p *plan.Plan, s *Source, table catalog.Name, key []string) (e *Explanation, err error) {
	t := p.Schema().Table(table)
	if t == nil {
		return nil, &diag.Error{Code: CodeNoTable, Class: diag.Misuse, Message: fmt.Sprintf("the database has no table %s", table)}
	}
	snapshot, err := s.engine.Begin(ctx, engine.Terms{Work: workTables(p)})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, snapshot.Close()) }()
	w := &inquiry{plan: p, snapshot: snapshot, result: &Explanation{Table: t.Name.String(), Key: key}}
	for i := range p.Steps {
		if step := &p.Steps[i].Step; step.Kind != plan.StepCopy && step.Kind != filter.StepMake && step.Code != plan.CodeOutside {
			if err := execute(ctx, snapshot, step); err != nil {
				return nil, err
			}
		}
	}
	row, err := w.find(ctx, t, key)
	if err != nil {
		return nil, err
	}
	return w.result, w.explain(ctx, row, 0)
}

type inquiry struct {
	plan     *plan.Plan
	snapshot engine.Snapshot
	result   *Explanation
}

// maxDepth and maxRows keep an explanation readable.
const (
	maxDepth = 8
	maxRows  = 3
)

func (w *inquiry) say(depth int, format string, args ...any) {
	w.result.Lines = append(w.result.Lines, strings.Repeat("  ", depth)+fmt.Sprintf(format, args...))
}

// keyColumns are the columns by which people name a row.
func keyColumns(t *filter.Table) []string {
	if keys := t.Keys(); len(keys) > 0 {
		return keys[0].Columns
	}
	return t.Identity()
}

// located is a row: its table and the values of the table's identity.
type located struct {
	table *filter.Table
	id    []value.Value
}

// find looks a row up by the key that people name it by.
func (w *inquiry) find(ctx context.Context, t *filter.Table, key []string) (*located, error) {
	columns := keyColumns(t)
	if len(columns) != len(key) {
		return nil, &diag.Error{Code: CodeNoRow, Class: diag.Misuse, Message: fmt.Sprintf("the key of %s has %d columns: %s", t.Name, len(columns), strings.Join(columns, ", ")), Advice: "give them all, separated by commas"}
	}
	var conditions []string
	var args []value.Value
	for i, name := range columns {
		column := t.Column(name)
		if column == nil { // the hidden row id
			column = &catalog.Column{Type: value.Type{Kind: value.Integer}}
		}
		v := filter.KeyValue(key[i], column)
		if v.IsNull() {
			return nil, &diag.Error{Code: CodeNoRow, Class: diag.Misuse, Message: fmt.Sprintf("the key's column %s is a number", name)}
		}
		conditions, args = append(conditions, w.column("t", name)+" = "+w.plan.Dialect().Parameter(i+1)), append(args, v)
	}
	found, err := w.rows(ctx, t, "FROM "+w.plan.Dialect().Table(t.Name)+" t WHERE "+strings.Join(conditions, " AND "), args)
	if err != nil {
		return nil, err
	}
	if len(found) != 1 {
		return nil, &diag.Error{Code: CodeNoRow, Class: diag.Misuse, Message: fmt.Sprintf("%d rows of %s have that key", len(found), t.Name), Advice: "give the whole primary key, its columns separated by commas"}
	}
	return found[0], nil
}

func (w *inquiry) column(alias, name string) string {
	return alias + "." + w.plan.Dialect().Quote(name)
}

// rows locates the rows of t, under that alias, that a FROM clause yields: a few of them.
func (w *inquiry) rows(ctx context.Context, t *filter.Table, from string, args []value.Value) ([]*located, error) {
	cells, err := w.query(ctx, t, t.Identity(), from, args)
	found := make([]*located, len(cells))
	for i := range cells {
		found[i] = &located{t, cells[i]}
	}
	return found, err
}

// query reads columns of a few rows.
func (w *inquiry) query(ctx context.Context, t *filter.Table, names []string, from string, args []value.Value) (cells [][]value.Value, err error) {
	if len(names) == 0 {
		return nil, &diag.Error{Code: CodeNoRow, Class: diag.Misuse, Message: "nothing names a row of " + t.Name.String()}
	}
	columns := make([]string, len(names))
	for i, name := range names {
		columns[i] = w.column("t", name)
	}
	rows, err := w.snapshot.Query(ctx, "SELECT DISTINCT "+strings.Join(columns, ", ")+" "+from, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	row := make([]value.Value, len(columns))
	for len(cells) <= maxRows && rows.Next(row) {
		cells = append(cells, slices.Clone(row))
	}
	return cells, rows.Err()
}

// is is the condition that t is just this row.
func (w *inquiry) is(r *located, alias string) string {
	var conditions []string
	for i, name := range r.table.Identity() {
		conditions = append(conditions, w.column(alias, name)+" = "+w.plan.Dialect().Parameter(i+1))
	}
	return strings.Join(conditions, " AND ")
}

// holds tells whether a condition holds of a row. An empty one always does.
func (w *inquiry) holds(ctx context.Context, r *located, condition string) (bool, error) {
	if condition == "" {
		return true, nil
	}
	n, err := number(ctx, w.snapshot, "SELECT "+w.plan.Dialect().Count()+" FROM "+w.plan.Dialect().Table(r.table.Name)+" t WHERE "+w.is(r, "t")+" AND "+condition, r.id...)
	return n > 0, err
}

// explain says of one row whether it is in the copy, and by what.
func (w *inquiry) explain(ctx context.Context, r *located, depth int) error {
	t := r.table
	included, err := w.holds(ctx, r, w.plan.Sets().Included(t, "t"))
	if err != nil {
		return err
	}
	taken, err := w.holds(ctx, r, w.plan.Sets().Taken(t, "t"))
	if err != nil {
		return err
	}
	stub := false
	if text, ok := w.plan.Sets().Stubbed(t, "t"); ok && !taken {
		if stub, err = w.holds(ctx, r, text); err != nil {
			return err
		}
	}
	if depth == 0 {
		w.result.Included, w.result.Added, w.result.Stub = included, taken && !included, stub
	}
	name, err := w.name(ctx, r)
	if err != nil {
		return err
	}
	switch {
	case included:
		w.say(depth, "%s is included", name)
	case taken:
		w.say(depth, "%s is not included, but copied: a copied row references it, and that foreign key's policy is include", name)
	case stub:
		w.say(depth, "%s is not included, but its key is copied: a copied row references it, and that foreign key's policy is stub", name)
	default:
		w.say(depth, "%s is out", name)
	}
	if t.Rule != filter.ByPaths {
		w.say(depth+1, "%s (%s)", t.Words(), t.Cause)
		return nil
	}
	for _, p := range t.Paths {
		if err := w.path(ctx, r, p, depth+1); err != nil {
			return err
		}
	}
	return w.narrowed(ctx, r, depth+1)
}

// name quotes the row's key.
func (w *inquiry) name(ctx context.Context, r *located) (string, error) {
	cells, err := w.query(ctx, r.table, keyColumns(r.table), "FROM "+w.plan.Dialect().Table(r.table.Name)+" t WHERE "+w.is(r, "t"), r.id)
	if err != nil || len(cells) != 1 {
		return "", err
	}
	parts := make([]string, len(cells[0]))
	for i, v := range cells[0] {
		parts[i] = printed(v)
	}
	return r.table.Name.String() + " " + strings.Join(parts, ","), nil
}

func printed(v value.Value) string {
	switch v.Form() {
	case value.Null:
		return "NULL"
	case value.Int:
		return fmt.Sprint(v.Int())
	case value.Float:
		return fmt.Sprint(v.Float())
	case value.Text, value.Decimal, value.Time:
		return fmt.Sprintf("%q", v.Text())
	}
	return v.String()
}

// path says whether one path leads on, and explains the rows at its other end: those that are included where it does.
func (w *inquiry) path(ctx context.Context, r *located, p *filter.Path, depth int) error {
	leads, err := w.holds(ctx, r, w.plan.Sets().Leads(p, "t"))
	if err != nil {
		return err
	}
	d := w.plan.Dialect()
	var columns, pairs []string
	for _, pair := range p.Pairs {
		columns = append(columns, pair.Child)
		parent, child := "t", "q"
		if !p.Up {
			parent, child = "q", "t"
		}
		pairs = append(pairs, d.Compare(w.column(parent, pair.Parent), w.column(child, pair.Child)))
	}
	way := "by " + strings.Join(columns, ", ") + " to its " + p.Other.Name.String()
	if !p.Up {
		way = "from a " + p.Other.Name.String() + " that names it, by " + strings.Join(columns, ", ")
	}
	w.say(depth, "the path %s %s (%s)", way, map[bool]string{true: "leads to the provider", false: "does not lead to the provider"}[leads], p.Cause)
	if depth >= maxDepth {
		w.say(depth+1, "and so on")
		return nil
	}
	from := "FROM " + d.Table(r.table.Name) + " q JOIN " + d.Table(p.Other.Name) + " t ON " + strings.Join(pairs, " AND ") + " WHERE " + w.is(r, "q")
	if included := w.plan.Sets().Included(p.Other, "t"); leads && included != "" {
		from += " AND " + included
	}
	others, err := w.rows(ctx, p.Other, from, r.id)
	if err != nil {
		return err
	}
	switch {
	case len(others) == 0 && leads: // nothing else makes such a path lead on
		w.say(depth+1, "%s is NULL, and null = \"include\" includes the row", strings.Join(columns, ", "))
	case len(others) == 0:
		w.say(depth+1, "there is no such row")
	}
	for i, other := range others {
		if i == maxRows {
			w.say(depth+1, "and others")
			break
		}
		if err := w.explain(ctx, other, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// narrowed says what where, drop and units take away.
func (w *inquiry) narrowed(ctx context.Context, r *located, depth int) error {
	t := r.table
	if t.Where != nil {
		text, err := schemamap.Print(t.Where.Expr, w.plan.Dialect(), func(name string) (string, value.Type) {
			return w.column("t", name), t.Column(name).Type
		})
		if err != nil {
			return err
		}
		ok, err := w.holds(ctx, r, "("+text+")")
		if err != nil {
			return err
		}
		w.say(depth, "where %s: %s", t.Where.Text, map[bool]string{true: "holds", false: "does not hold, so the row is left out"}[ok])
	}
	for _, reference := range t.References {
		if reference.Outside != schemamap.OutsideDrop {
			continue
		}
		ok, err := w.holds(ctx, r, w.plan.Sets().Kept(reference, "t"))
		if err != nil {
			return err
		}
		if !ok {
			w.say(depth, "%s leads outside, and its policy is drop (%s)", reference.Label(), reference.Cause)
		}
	}
	if t == w.plan.Schema().Unit && len(w.plan.Request.Units) > 0 {
		w.say(depth, "the order is for units %s only", strings.Join(w.plan.Request.Units, ", "))
	}
	return nil
}
