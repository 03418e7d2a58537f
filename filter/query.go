package filter

import (
	"fmt"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/rewrite"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

// Query is a SELECT that sees one care provider's rows and no others.
type Query struct {
	// SQL is the text. Its arguments are the query's own, as they were, and Args after them: see [Query.Bind].
	SQL string
	// Args are the filter's bound arguments. Those of keyed masks are secret.
	Args []value.Value
	// Columns are the names of the result's columns; "" for one that the engine names itself.
	Columns []string
	// Receipt says of each reference to a table what confined it, in the order of the text.
	Receipt []rewrite.Reference
	// Warnings are what to know of the answer.
	Warnings diag.List
	// Setup are statements to run first, in order, on the same connection: none, unless tables of the map depend on themselves or
	// the filter is strict. Teardown are those to run afterwards, whatever happened.
	Setup, Teardown []Step
	// Theirs are the query's own parameters.
	Theirs []rewrite.Parameter
}

// maxQueries is how many rewritten queries a filter keeps.
const maxQueries = 1000

// Rewrite confines a query to the filter's care provider: it sees that provider's rows as a copy would hold them, and no
// others. The query is one SELECT in the dialect of the filter's database. Whatever is not known to be safe is refused; the
// error is a diag.List whose codes package rewrite explains.
//
// Rewriting the same text again costs nothing.
func (f *Filter) Rewrite(sql string) (Query, error) {
	f.mu.Lock()
	known := f.queries[sql]
	f.mu.Unlock()
	if known != nil {
		return known.clone(), nil
	}
	q, err := f.rewrite(sql)
	if err != nil {
		return Query{}, err
	}
	f.mu.Lock()
	if len(f.queries) >= maxQueries {
		clear(f.queries)
	}
	f.queries[strings.Clone(sql)] = q
	f.mu.Unlock()
	return q.clone(), nil
}

func (q *Query) clone() Query {
	c := *q
	c.Args, c.Columns, c.Receipt, c.Warnings = slices.Clone(q.Args), slices.Clone(q.Columns), slices.Clone(q.Receipt), slices.Clone(q.Warnings)
	c.Setup, c.Teardown, c.Theirs = slices.Clone(q.Setup), slices.Clone(q.Teardown), slices.Clone(q.Theirs)
	return c
}

func (f *Filter) rewrite(sql string) (*Query, error) {
	r := &resolver{filter: f}
	result, err := rewrite.Confine(f.syntax, sql, r)
	if err != nil {
		return nil, err
	}
	q := &Query{SQL: result.SQL, Columns: result.Columns, Receipt: result.Receipt, Warnings: result.Warnings, Theirs: result.Theirs}
	if !f.options.Strict {
		q.keys(f, r.texts)
	} else if err := f.stage(q, sql, r); err != nil {
		return nil, err
	}
	q.Args = slices.Clone(f.args())
	if f.inner > 0 && strings.Contains(strings.Join(r.texts, ""), rewrite.Placeholder(f.inner)) && !f.options.Strict {
		inner, outer, err := f.options.Key.Pads()
		if err != nil {
			return nil, diag.List{rewrite.CodeMask.Diagnostic(diag.Range{}, "the masking key was wiped")}
		}
		q.Args = append(q.Args, value.NewBytes(inner), value.NewBytes(outer))
	}
	return q, nil
}

// keys adds the statements that make and fill the work tables which texts mention, and those that remove them.
func (q *Query) keys(f *Filter, texts []string) {
	q.Setup = f.setup(texts)
	for _, step := range q.Setup {
		if step.Kind == StepMake {
			q.Teardown = append(q.Teardown, f.drop(step))
		}
	}
}

// stage makes a query strict. What was proven of its text runs as the statements that stage rows; the text itself then runs over
// those alone.
func (f *Filter) stage(q *Query, sql string, r *resolver) error {
	s := &stager{resolver: r}
	final, err := rewrite.Replace(f.syntax, sql, s)
	if err != nil {
		return err
	}
	q.SQL = final.SQL
	var texts []string
	for _, stage := range s.stages {
		texts = append(texts, stage.query)
	}
	q.keys(f, texts)
	for _, stage := range s.stages {
		q.Setup = append(q.Setup, stage.steps...)
		q.Teardown = append(q.Teardown, stage.drop)
	}
	return nil
}

// resolver answers for one query.
type resolver struct {
	filter *Filter
	// texts are the rows that were written.
	texts []string
}

func (r *resolver) Relation(name []string) (*rewrite.Relation, error) {
	relation, err := r.filter.relation(name)
	if err != nil || relation.Rows == nil {
		return relation, err
	}
	noted := *relation
	noted.Rows = func(before, after string, history bool) (string, error) {
		text, err := relation.Rows(before, after, history)
		if err == nil {
			r.texts = append(r.texts, text)
		}
		return text, err
	}
	return &noted, nil
}

func (r *resolver) Quote(name string) string { return r.filter.sets.Dialect.Quote(name) }

// Function reports whether the map allows a function.
func (r *resolver) Function(name []string) bool {
	full, err := r.filter.name(name)
	return err == nil && r.filter.schema.allowed(full, func(a *schemamap.Allowed) []schemamap.TableName { return a.Functions }) != ""
}

// Type reports whether the database defines a type for columns of tables that providers see.
func (r *resolver) Type(name []string) bool {
	full, err := r.filter.name(name)
	return err == nil && slices.ContainsFunc(r.filter.schema.Catalog.DataTypes, func(t catalog.DataType) bool { return t.Name == full })
}

func (r *resolver) Definitions(texts []string) []rewrite.Definition {
	if r.filter.within == nil {
		return nil
	}
	return r.filter.within.definitions(texts)
}

// allowed is the reason for which the map lets queries use what has that name, or "".
func (s *Schema) allowed(name catalog.Name, list func(*schemamap.Allowed) []schemamap.TableName) string {
	for i := range s.Map.Allowed {
		a := &s.Map.Allowed[i]
		for _, n := range list(a) {
			if s.key(catalog.Name{Schema: n.Schema, Table: n.Table}) == s.key(name) {
				return a.Reason.Text
			}
		}
	}
	return ""
}

func (s *Schema) allowedView(name catalog.Name) (string, bool) {
	reason := s.allowed(name, func(a *schemamap.Allowed) []schemamap.TableName { return a.Views })
	return reason, reason != ""
}

// setup are the statements that fill the work tables which texts mention, directly or through each other.
func (f *Filter) setup(texts []string) []Step {
	if f.within != nil {
		return nil
	}
	needed := map[string]bool{}
	mention := func(text string) (more bool) {
		for _, s := range f.sets.Steps {
			if s.Kind == StepMake && !needed[s.Work] && strings.Contains(text, f.sets.Dialect.Work(s.Work)) {
				needed[s.Work], more = true, true
			}
		}
		return more
	}
	for _, text := range texts {
		mention(text)
	}
	for again := len(needed) > 0; again; {
		again = false
		for _, s := range f.sets.Steps {
			if !f.touches(s, needed) {
				continue
			}
			again = mention(s.SQL) || again
			for _, r := range s.Rounds {
				again = mention(r.SQL) || again
			}
		}
	}
	var steps []Step
	for _, s := range f.sets.Steps {
		if f.touches(s, needed) {
			steps = append(steps, s)
		}
	}
	return steps
}

// touches reports whether a step makes, fills or checks one of the work tables.
func (f *Filter) touches(s Step, works map[string]bool) bool {
	if s.Work != "" {
		return works[s.Work]
	}
	if slices.ContainsFunc(s.Rounds, func(r Step) bool { return works[r.Work] }) {
		return true
	}
	for work := range works {
		if strings.Contains(s.SQL, f.sets.Dialect.Work(work)) {
			return true
		}
	}
	return false
}

// drop removes the work table that a step makes.
func (f *Filter) drop(step Step) Step {
	text := "DROP TABLE " + f.sets.Dialect.Work(step.Work)
	if s, ok := f.engine().(engine.Stager); ok {
		text = s.DropWork(step.Work)
	}
	return Step{Kind: StepClear, Table: step.Table, Work: step.Work, SQL: text, Comment: "removes the work table"}
}

// engine is the dialect without what queries need of it.
func (f *Filter) engine() engine.Dialect {
	switch d := f.sets.Dialect.(type) {
	case withinDialect:
		return d.Dialect
	case keyedDialect:
		return d.Dialect
	}
	return f.sets.Dialect
}

func (f *Filter) hasher() (engine.Hasher, bool) {
	h, ok := f.engine().(engine.Hasher)
	return h, ok
}

// stager keeps the visible rows of tables in work tables, and shows those.
type stager struct {
	*resolver
	stages []stage
}

// stage is one work table with rows of a table.
type stage struct {
	of    string // table and what belongs to the reference
	name  string
	query string
	steps []Step
	drop  Step
}

func (s *stager) Definitions([]string) []rewrite.Definition { return nil }

func (s *stager) Relation(name []string) (*rewrite.Relation, error) {
	relation, err := s.filter.relation(name)
	if err != nil || relation.Rows == nil {
		return relation, err
	}
	full, err := s.filter.name(name)
	if err != nil {
		return nil, err
	}
	t := s.filter.schema.Table(full)
	if t == nil { // a view that the map allows
		return relation, nil
	}
	noted := *relation
	noted.Rows = func(before, after string, history bool) (string, error) {
		work, err := s.stage(t, relation, before, after, history)
		if err != nil {
			return "", err
		}
		d := s.filter.sets.Dialect
		columns := make([]string, len(relation.Columns))
		for i, c := range relation.Columns {
			columns[i] = "t." + d.Quote(c.Name)
		}
		return "SELECT " + strings.Join(columns, ", ") + " FROM " + d.Work(work) + " AS t", nil
	}
	return &noted, nil
}

// stage names the work table of a reference, one for all that ask for the same rows.
func (s *stager) stage(t *Table, relation *rewrite.Relation, before, after string, history bool) (string, error) {
	of := fmt.Sprint(t.index, "\x00", before, "\x00", after, "\x00", history)
	for _, known := range s.stages {
		if known.of == of {
			return known.name, nil
		}
	}
	f := s.filter
	query, err := relation.Rows(before, after, history)
	if err != nil {
		return "", err
	}
	keeper, ok := f.engine().(engine.Stager)
	if !ok {
		return "", &rewrite.Refused{Code: rewrite.CodeDialect, Summary: "rows can't be staged in " + f.sets.Dialect.Name()}
	}
	name := fmt.Sprintf("rows_%d", len(s.stages)+1)
	var columns []engine.StageColumn
	var quoted []string
	for _, c := range relation.Columns {
		column := engine.StageColumn{Name: c.Name, Like: t.Column(c.Name)}
		if field := t.Field(c.Name); field.Mask != nil && field.Effect.Type != field.Type {
			if column.EngineType, err = f.sets.Dialect.TypeName(field.Effect.Type); err != nil {
				return "", f.unmasked(t, field, "the masked type has no form on "+f.sets.Dialect.Name())
			}
		}
		columns = append(columns, column)
		quoted = append(quoted, f.sets.Dialect.Quote(c.Name))
	}
	fill := Step{Kind: StepFill, Table: relation.Label, Work: name, Cause: t.Cause, Comment: "the rows of " + relation.Label + " that the query may see",
		SQL: "INSERT INTO " + f.sets.Dialect.Work(name) + " (" + strings.Join(quoted, ", ") + ")\n" + query}
	shape := query
	if f.inner > 0 && strings.Contains(query, rewrite.Placeholder(f.inner)) {
		inner, outer, err := f.options.Key.Pads()
		if err != nil {
			return "", f.unmasked(t, &t.Fields[0], "the masking key was wiped")
		}
		none := f.sets.Dialect.Literal(value.NewBytes(make([]byte, len(inner))), value.Type{Kind: value.Binary, Length: len(inner)})
		for number, with := range map[int]struct{ argument, literal string }{f.inner: {f.engine().Parameter(1), none}, f.outer: {f.engine().Parameter(2), none}} {
			fill.SQL = strings.ReplaceAll(fill.SQL, rewrite.Placeholder(number), with.argument)
			shape = strings.ReplaceAll(shape, rewrite.Placeholder(number), with.literal)
		}
		fill.Args = []value.Value{value.NewBytes(inner), value.NewBytes(outer)}
	}
	create := Step{Kind: StepMake, Table: relation.Label, Work: name, Cause: t.Cause, Comment: "for the rows of " + relation.Label,
		SQL: keeper.CreateStage(name, columns, shape)}
	s.stages = append(s.stages, stage{of: of, name: name, query: query, steps: []Step{create, fill},
		drop: Step{Kind: StepClear, Table: relation.Label, Work: name, SQL: keeper.DropWork(name), Comment: "removes the staged rows"}})
	return name, nil
}
