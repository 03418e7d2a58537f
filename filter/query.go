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
	"github.com/utdrag/utdrag/internal/engine/engines"
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

	// first is set where the filter's arguments come before the query's own, and name gives the name of one of them, or "".
	first      bool
	name, mark func(number int) string
}

// Placeholder is what SQL has in the place of one of Args, counted from 1: "$2", "@utdrag_p2". Where it is the same for all of them,
// Args come before the query's own arguments.
func (q *Query) Placeholder(number int) string { return q.mark(number) }

// ArgumentName is the name of one of Args, counted from 1, or "" where the dialect counts arguments.
func (q *Query) ArgumentName(number int) string { return q.name(number) }

// maxQueries is how many rewritten queries a filter keeps, and maxKept how many bytes one of them may have to be kept: a query may
// be a megabyte long.
const (
	maxQueries = 1000
	maxKept    = 1 << 16
)

// Rewrite confines a query to the filter's care provider: it sees that provider's rows as a copy would hold them, and no
// others. The query is one SELECT in the dialect of the filter's database. Whatever is not known to be safe is refused; the
// error is a diag.List whose codes package rewrite explains.
//
// Rewriting the same text again costs nothing, unless it is a very long one.
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
	if len(sql) > maxKept {
		return q.clone(), nil
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
	result, err := rewrite.Confine(f.syntax, sql, &resolver{rows: f.single, stubs: f.keyed != nil}, &f.proofs)
	if err != nil {
		return nil, err
	}
	q := &Query{Columns: result.Columns, Receipt: result.Receipt, Warnings: result.Warnings, Theirs: result.Theirs}
	q.first, q.name = f.placement(q)
	theirs := 0
	for _, p := range q.Theirs {
		theirs = max(theirs, p.Number)
	}
	q.mark = func(number int) string { return f.syntax.Parameter(number, theirs) }
	if f.keyed != nil {
		// What was proven runs over key sets and rows in work tables, which no reader of queries accepts.
		if result, err = f.staged(q, sql); err != nil {
			return nil, err
		}
	}
	q.SQL = result.SQL
	for _, number := range result.Used {
		v, err := f.argument(number)
		if err != nil {
			return nil, err
		}
		q.Args = append(q.Args, v)
	}
	return q, nil
}

// argument is the value of one of the filter's placeholders.
func (f *Filter) argument(number int) (value.Value, error) {
	if args := f.single.within.args; number >= 1 && number <= len(args) {
		return args[number-1], nil
	}
	inner, outer, err := f.options.Key.Pads()
	switch {
	case err != nil:
		return value.Value{}, diag.List{rewrite.CodeMask.Diagnostic(diag.Range{}, "the masking key was wiped")}
	case number == f.inner:
		return value.NewBytes(inner), nil
	case number == f.outer:
		return value.NewBytes(outer), nil
	}
	return value.Value{}, diag.List{rewrite.CodeRecheck.Diagnostic(diag.Range{}, "the rewritten query has an argument that nobody knows")}
}

// placement says where the filter's arguments stand among the query's own: by name, first, or last. Parameters that only have
// names take the numbers that are left.
func (f *Filter) placement(q *Query) (first bool, name func(int) string) {
	parameter := f.syntax.Parameter(1, 1)
	name = func(int) string { return "" }
	if strings.HasPrefix(parameter, "@") {
		name = func(number int) string { return strings.TrimPrefix(f.syntax.Parameter(number, 0), "@") }
	}
	byName := slices.ContainsFunc(q.Theirs, func(p rewrite.Parameter) bool { return p.Number == 0 })
	return parameter == "?" || byName, name
}

// Registered is the check that the provider is exactly one row of its table.
func (f *Filter) Registered() Step {
	s := f.schema
	d := f.engine()
	column := "t." + d.Quote(s.AnchorKey.Name)
	return Step{Kind: StepCheck, Table: s.Anchor.Name.String(), Expect: 1, Code: "UP001", Cause: s.Map.Provider.Range,
		SQL:     "SELECT " + d.Count() + " FROM " + d.Table(s.Anchor.Name) + " t WHERE " + d.Compare(column, typedArgument(d, 1, s.AnchorKey)),
		Args:    []value.Value{KeyValue(f.Request().Provider, s.AnchorKey)},
		Message: "the provider key is not exactly one row of " + s.Anchor.Name.String(), Advice: "check it against column " + s.AnchorKey.Name + " of that table",
		Comment: "the provider is registered exactly once"}
}

// staged writes a query over work tables, and what fills them.
func (f *Filter) staged(q *Query, sql string) (*rewrite.Result, error) {
	r := &resolver{rows: f.keyed}
	if !f.options.Strict {
		result, err := rewrite.Replace(f.syntax, sql, r)
		f.keys(q, r.texts)
		return result, err
	}
	s := &stager{resolver: r}
	result, err := rewrite.Replace(f.syntax, sql, s)
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, stage := range s.stages {
		texts = append(texts, stage.query)
	}
	f.keys(q, texts)
	for _, stage := range s.stages {
		q.Setup = append(q.Setup, stage.steps...)
		q.Teardown = append(q.Teardown, stage.drop)
	}
	return result, nil
}

// keys adds the statements that make and fill the work tables which texts mention, and those that remove them.
func (f *Filter) keys(q *Query, texts []string) {
	q.Setup = f.setup(texts)
	for _, step := range q.Setup {
		if step.Kind == StepMake {
			q.Teardown = append(q.Teardown, f.drop(step))
		}
	}
}

// resolver answers for one query.
type resolver struct {
	*rows
	// texts are the rows that were written.
	texts []string
	// stubs is set where key sets are named and not written out, for a proof alone: they are other statements' business.
	stubs bool
}

func (r *resolver) Relation(name []string) (*rewrite.Relation, error) {
	relation, err := r.relation(name)
	if err != nil || relation.Rows == nil {
		return relation, err
	}
	noted := *relation
	noted.Rows = func(use rewrite.Use) (string, error) {
		text, err := relation.Rows(use)
		if err == nil {
			r.texts = append(r.texts, text)
		}
		return text, err
	}
	return &noted, nil
}

func (r *resolver) Quote(name string) string { return r.sets.Dialect.Quote(name) }

// Function reports whether the map allows a function.
func (r *resolver) Function(name []string) bool {
	full, err := r.name(name)
	return err == nil && r.schema.allowed(full, func(a *schemamap.Allowed) []schemamap.TableName { return a.Functions }) != ""
}

// CallName is the full name of a function or type that PostgreSQL would look for in the session's own path.
func (r *resolver) CallName(name []string) string {
	full, err := r.name(name)
	if err != nil || len(name) > 1 || r.engine.Name() != engines.Postgres {
		return ""
	}
	return r.sets.Dialect.Quote(full.Schema) + "." + r.sets.Dialect.Quote(full.Table)
}

// Type reports whether the database defines a type for columns of tables that providers see.
func (r *resolver) Type(name []string) bool {
	full, err := r.name(name)
	return err == nil && slices.ContainsFunc(r.schema.Catalog.DataTypes, func(t catalog.DataType) bool { return t.Name == full })
}

func (r *resolver) Definitions(texts []string) []rewrite.Definition {
	var definitions []rewrite.Definition
	if r.within != nil {
		definitions = r.within.definitions(texts)
		for i := range definitions {
			if r.stubs {
				definitions[i].Columns, definitions[i].Body = "", "SELECT 1"
			}
		}
	}
	d := r.sets.Dialect
	pads := r.padsName(d)
	if slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, pads) }) {
		definitions = append(definitions, rewrite.Definition{Name: pads, Columns: "(" + d.Quote("inner_pad") + ", " + d.Quote("outer_pad") + ")",
			Body: "SELECT " + rewrite.Placeholder(r.inner) + ", " + rewrite.Placeholder(r.outer)})
	}
	return definitions
}

// padsName is the common table expression that holds the padded masking keys, for dialects whose parameters have neither
// numbers nor names: they must all come before the query's own.
func (f *Filter) padsName(d engine.Dialect) string { return d.Quote(rewrite.Reserved + "pads") }

// pads are the references to the padded masking keys.
func (f *Filter) pads(d engine.Dialect) (inner, outer string) {
	if f.syntax.Parameter(1, 0) == f.syntax.Parameter(2, 0) {
		return "(SELECT " + d.Quote("inner_pad") + " FROM " + f.padsName(d) + ")", "(SELECT " + d.Quote("outer_pad") + " FROM " + f.padsName(d) + ")"
	}
	return rewrite.Placeholder(f.inner), rewrite.Placeholder(f.outer)
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
	sets := f.keyed.sets
	needed := map[string]bool{}
	mention := func(text string) (more bool) {
		for _, s := range sets.Steps {
			if s.Kind == StepMake && !needed[s.Work] && strings.Contains(text, sets.Dialect.Work(s.Work)) {
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
		for _, s := range sets.Steps {
			if !sets.touches(s, needed) {
				continue
			}
			again = mention(s.SQL) || again
			for _, r := range s.Rounds {
				again = mention(r.SQL) || again
			}
		}
	}
	var steps []Step
	for _, s := range sets.Steps {
		if sets.touches(s, needed) {
			steps = append(steps, s)
		}
	}
	return steps
}

// touches reports whether a step makes, fills or checks one of the work tables.
func (s *Sets) touches(step Step, works map[string]bool) bool {
	if step.Work != "" {
		return works[step.Work]
	}
	if slices.ContainsFunc(step.Rounds, func(r Step) bool { return works[r.Work] }) {
		return true
	}
	for work := range works {
		if strings.Contains(step.SQL, s.Dialect.Work(work)) {
			return true
		}
	}
	return false
}

// drop removes the work table that a step makes.
func (f *Filter) drop(step Step) Step {
	text := "DROP TABLE " + f.keyed.sets.Dialect.Work(step.Work)
	if s, ok := f.engine().(engine.Stager); ok {
		text = s.DropWork(step.Work)
	}
	return Step{Kind: StepClear, Table: step.Table, Work: step.Work, SQL: text, Comment: "removes the work table"}
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
	relation, err := s.relation(name)
	if err != nil || relation.Rows == nil {
		return relation, err
	}
	full, err := s.name(name)
	if err != nil {
		return nil, err
	}
	t := s.schema.Table(full)
	if t == nil { // a view that the map allows
		return relation, nil
	}
	noted := *relation
	noted.Rows = func(use rewrite.Use) (string, error) {
		work, columns, err := s.stage(t, relation, use)
		if err != nil {
			return "", err
		}
		d := s.sets.Dialect
		return "SELECT " + strings.Join(columns, ", ") + " FROM " + d.Work(work) + " AS t", nil
	}
	return &noted, nil
}

// stage names the work table of a reference, one for all that ask for the same rows.
func (s *stager) stage(t *Table, relation *rewrite.Relation, use rewrite.Use) (work string, shown []string, err error) {
	keep, err := kept(relation.Columns, s.shape(t).cells, use)
	if err != nil {
		return "", nil, err
	}
	var columns []engine.StageColumn
	var quoted []string
	for i, c := range relation.Columns {
		if !keep[i] {
			continue
		}
		column := engine.StageColumn{Name: c.Name, Like: t.Column(c.Name)}
		if field := t.Field(c.Name); field.Mask != nil && field.Effect.Type != field.Type {
			if column.EngineType, err = s.sets.Dialect.TypeName(field.Effect.Type); err != nil {
				return "", nil, s.unmasked(t, field, "the masked type has no form on "+s.sets.Dialect.Name())
			}
		}
		columns = append(columns, column)
		quoted = append(quoted, s.sets.Dialect.Quote(c.Name))
		shown = append(shown, "t."+s.sets.Dialect.Quote(c.Name))
	}
	of := fmt.Sprintf("%d %q %q %t %v", t.index, use.Before, use.After, use.History, keep)
	for _, known := range s.stages {
		if known.of == of {
			return known.name, shown, nil
		}
	}
	query, err := relation.Rows(use)
	if err != nil {
		return "", nil, err
	}
	keeper, ok := s.rows.engine.(engine.Stager)
	if !ok {
		return "", nil, &rewrite.Refused{Code: rewrite.CodeDialect, Summary: "rows can't be staged in " + s.sets.Dialect.Name(), Advice: "make the filter without the strict mode"}
	}
	name := fmt.Sprintf("rows_%d", len(s.stages)+1)
	fill := Step{Kind: StepFill, Table: relation.Label, Work: name, Cause: t.Cause, Comment: "the rows of " + relation.Label + " that the query may see",
		SQL: "INSERT INTO " + s.sets.Dialect.Work(name) + " (" + strings.Join(quoted, ", ") + ")\n" + query}
	shape := query
	if s.inner > 0 && strings.Contains(query, rewrite.Placeholder(s.inner)) {
		inner, outer, err := s.options.Key.Pads()
		if err != nil {
			return "", nil, s.unmasked(t, &t.Fields[0], "the masking key was wiped")
		}
		none := s.sets.Dialect.Literal(value.NewBytes(make([]byte, len(inner))), value.Type{Kind: value.Binary, Length: len(inner)})
		for number, with := range map[int]struct{ argument, literal string }{s.inner: {s.rows.engine.Parameter(1), none}, s.outer: {s.rows.engine.Parameter(2), none}} {
			fill.SQL = strings.ReplaceAll(fill.SQL, rewrite.Placeholder(number), with.argument)
			shape = strings.ReplaceAll(shape, rewrite.Placeholder(number), with.literal)
		}
		fill.Args = []value.Value{value.NewBytes(inner), value.NewBytes(outer)}
	}
	create := Step{Kind: StepStage, Table: relation.Label, Work: name, Cause: t.Cause, Comment: "for the rows of " + relation.Label,
		SQL: keeper.CreateStage(name, columns, shape)}
	s.stages = append(s.stages, stage{of: of, name: name, query: query, steps: []Step{create, fill},
		drop: Step{Kind: StepClear, Table: relation.Label, Work: name, SQL: keeper.DropWork(name), Comment: "removes the staged rows"}})
	return name, shown, nil
}
