package filter

import (
	"slices"
	"sync"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/rewrite"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/engines"
	"github.com/utdrag/utdrag/mask"
)

// Filter confines queries to what one care provider may see: the rows that a copy would hold, with their masks. It is made
// by [New] and safe for concurrent use.
type Filter struct {
	schema  *Schema
	options Options
	syntax  rewrite.Syntax
	// single writes the visible rows so that a query needs nothing but itself: every key set is a common table expression of it.
	// What is proven of a query is proven of this form.
	single *rows
	// keyed is set where queries can't be run in that form, because tables depend on themselves, or shall not, because the filter
	// is strict: key sets are work tables then, which are filled first.
	keyed *rows
	// warnings are, by table, what rewriting can't promise.
	warnings map[*Table][]rewrite.Refused
	// inner and outer are the numbers of the arguments that keyed hashes need, or 0.
	inner, outer int

	proofs rewrite.Proofs

	mu      sync.Mutex
	queries map[string]*Query
}

// Options are how a filter works. The zero value is a good one.
type Options struct {
	// Key is the masking key. Without it, tables with masks that need one are refused.
	Key *mask.Key
	// Strict stages the rows that a query may see in work tables first, and runs it over those alone. Nothing of the query's own
	// is evaluated on other rows then, so that no error and no timing can tell of them.
	Strict bool
}

// New makes the filter of one care provider, or says everything that stands in its way. The list may hold warnings beside a
// filter. The dialect of the queries is that of the catalog's engine.
func New(m *schemamap.Map, c *catalog.Catalog, r Request, o Options) (*Filter, diag.List) {
	schema, found := Bind(m, c)
	if schema == nil {
		return nil, found
	}
	d, syntax := dialect(c.Engine)
	if syntax == nil {
		return nil, append(found, rewrite.CodeDialect.Diagnostic(diag.Range{}, "the SQL of engine "+c.Engine+" is not read here"))
	}
	f := &Filter{schema: schema, options: o, syntax: syntax, warnings: map[*Table][]rewrite.Refused{}, queries: map[string]*Query{}}
	more := f.compile(d, r)
	found = append(found, more...)
	if more.Refused() {
		return nil, found
	}
	return f, found
}

func (f *Filter) compile(d engine.Dialect, r Request) diag.List {
	in := &within{}
	sets, found := f.schema.compile(withinDialect{d}, r, in)
	if sets == nil {
		return found
	}
	verdicts, unproven := sets.Verdicts()
	if found = append(found, unproven...); found.Refused() {
		return found
	}
	f.single = newRows(f, d, sets, verdicts)
	f.single.within = in
	if f.options.Strict || slices.ContainsFunc(sets.Steps, func(s Step) bool { return s.Kind == StepFixpoint }) {
		keyed, _ := f.schema.compile(keyedDialect{withinDialect{d}}, r, nil)
		f.keyed = newRows(f, d, keyed, verdicts)
	}
	if f.options.Key != nil {
		f.inner, f.outer = len(in.args)+1, len(in.args)+2
	}
	for _, v := range verdicts {
		if v.Proof == "" && v.Outside == schemamap.OutsideError {
			f.warnings[v.Child] = append(f.warnings[v.Child], rewrite.Refused{Code: rewrite.CodeUnchecked,
				Summary: "rows of " + v.Child.Name.String() + " may reference rows of " + v.Parent.Name.String() + " that are not the provider's, by " + v.Label()})
		}
	}
	return found
}

// keyedDialect is an engine's SQL in a query whose key sets are work tables.
type keyedDialect struct{ withinDialect }

func (d keyedDialect) Work(name string) string { return d.Dialect.Work(name) }

// Parameter is the engine's own: the statements that fill key sets are run as they are.
func (d keyedDialect) Parameter(number int) string { return d.Dialect.Parameter(number) }

// dialect finds the SQL of an engine and its reader.
func dialect(name string) (engine.Dialect, rewrite.Syntax) {
	for _, s := range syntaxes {
		if s.engine != name {
			continue
		}
		if s.dialect != nil {
			return s.dialect, s.syntax
		}
		if d, err := engines.Dialect(name); err == nil {
			return d, s.syntax
		}
	}
	return nil, nil
}

// Request is what the filter was made for.
func (f *Filter) Request() Request { return f.single.sets.Request }

// Schema is the bound map.
func (f *Filter) Schema() *Schema { return f.schema }

// engine is the SQL of the filter's database.
func (f *Filter) engine() engine.Dialect { return f.single.engine }
