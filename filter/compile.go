package filter

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/rewrite"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

// Request is what an order asks for: a provider, and perhaps some of its care units only.
type Request struct {
	// Provider is the value of the provider key.
	Provider string `json:"provider"`
	// Units are values of the unit key, sorted and distinct; none means all of the provider.
	Units []string `json:"units,omitempty"`
}

// maxInline is how many tables up a plain chain of via paths is written out before a key set stands in for it. It is
// a constant, so a plan's size is linear in the map.
const maxInline = 3

// Sets are the included rows of one request, in the SQL of one engine.
type Sets struct {
	Schema  *Schema
	Dialect engine.Dialect
	Request Request
	// Steps make and fill every work table, in order.
	Steps []Step

	keys  map[*Table]string // work table with the keys of the included rows
	added map[*Table]string // … of rows that a foreign key's include adds
	stubs map[*Table]string // … of rows that a foreign key's stub adds
	depth map[*Table]int    // tables written out above a table without a key set
	found diag.List

	// within is set where the sets are part of a query: key sets are common table expressions of it then.
	within *within
	// shaped is set where queries compare the cells: they must then compare as their columns do.
	shaped bool
}

const (
	workProvider = "provider"
	workUnits    = "units"
)

// Compile writes the included rows of a request in the SQL of an engine.
func (s *Schema) Compile(d engine.Dialect, r Request) (*Sets, diag.List) { return s.compile(d, r, nil) }

func (s *Schema) compile(d engine.Dialect, r Request, in *within) (*Sets, diag.List) {
	sets := &Sets{within: in, Schema: s, Dialect: d, keys: map[*Table]string{}, added: map[*Table]string{}, stubs: map[*Table]string{}, depth: map[*Table]int{}}
	sets.request(r)
	sets.orderedTwice()
	sets.comparable()
	sets.conditions()
	sets.named()
	if sets.found.Refused() {
		sets.found.Sort()
		return nil, sets.found
	}
	sets.anchor()
	needed := s.dependedOn()
	for _, component := range s.components {
		if component[0].Cyclic() {
			sets.fixpoint(component)
			continue
		}
		t := component[0]
		if t.Rule == ByPaths && sets.needsKeys(t, needed[t]) {
			sets.keySet(t)
		}
	}
	sets.addRows()
	sets.found.Sort()
	if sets.found.Refused() {
		return nil, sets.found
	}
	return sets, sets.found
}

func (s *Sets) refuse(code string, at diag.Range, advice, format string, args ...any) {
	s.found = append(s.found, diag.Diagnostic{Code: code, Subject: at, Advice: advice, Summary: fmt.Sprintf(format, args...)})
}

func (s *Sets) request(r Request) {
	r.Units = slices.Compact(slices.Sorted(slices.Values(r.Units)))
	s.Request = r
	if r.Provider == "" {
		s.refuse(CodeNoProvider, s.Schema.Map.Provider.Range, "give the provider key of the order", "no care provider is named")
	}
	if len(r.Units) > 0 && s.Schema.Unit == nil {
		s.refuse(CodeNoUnits, s.Schema.Map.Provider.Range, "add a unit block to provider, or order the whole provider", "the order names care units and the map declares no unit table")
	}
	if slices.Contains(r.Units, "") {
		s.refuse(CodeNoUnits, s.Schema.Map.Provider.Range, "give each unit's key", "a care unit is named by an empty key")
	}
}

// orderedTwice refuses units whose keys differ as written and not as their column compares them.
func (s *Sets) orderedTwice() {
	if s.Schema.Unit == nil {
		return
	}
	seen := map[string]string{}
	for _, unit := range s.Request.Units {
		key := unit
		if v, err := typed(unit, s.Schema.UnitKey); err == nil && v.Form() == value.Int {
			key = strconv.FormatInt(v.Int(), 10)
		}
		key = folded(key, s.Schema.UnitKey.Type.Collation)
		if other, twice := seen[key]; twice {
			s.refuse(CodeNoUnits, s.Schema.Map.Provider.Range, "name each unit once", "the order names one care unit twice: %q and %q", other, unit)
		}
		seen[key] = unit
	}
}

// folded is what texts have in common that a collation holds equal, as far as case and trailing spaces go.
func folded(text string, c value.Collation) string {
	if c.IgnoresTrailingSpace {
		text = strings.TrimRight(text, " ")
	}
	switch {
	case c.IgnoresCase && c.ASCIIOnly:
		text = strings.Map(func(r rune) rune {
			if 'A' <= r && r <= 'Z' {
				return r + 'a' - 'A'
			}
			return r
		}, text)
	case c.IgnoresCase:
		text = strings.ToLower(text)
	}
	return text
}

// comparable refuses paths and foreign keys whose columns the engine would convert before comparing.
func (s *Sets) comparable() {
	pairs := func(child, parent *Table, pairs []catalog.Pair, at diag.Range) {
		for _, p := range pairs {
			if !s.Dialect.Comparable(*child.Column(p.Child), *parent.Column(p.Parent)) {
				s.refuse(CodeNotComparable, at, "give both columns the same type in the database, or name another path",
					"column %s of %s (%s) and column %s of %s (%s) don't compare without a conversion", p.Child, child.Name,
					child.Column(p.Child).EngineType, p.Parent, parent.Name, parent.Column(p.Parent).EngineType)
			}
		}
	}
	for _, t := range s.Schema.Tables {
		for _, p := range t.Paths {
			if p.Up {
				pairs(t, p.Other, p.Pairs, p.Cause)
			} else {
				pairs(p.Other, t, p.Pairs, p.Cause)
			}
		}
		for _, r := range t.References {
			if t.Made() && r.Parent.Made() {
				pairs(t, r.Parent, r.Columns, r.Cause)
			}
		}
	}
}

// conditions refuses where conditions that have no form on the engine: later, where they are written out, nobody asks.
func (s *Sets) conditions() {
	for _, t := range s.Schema.Tables {
		if t.Where == nil || t.Rule != ByPaths {
			continue
		}
		if _, err := s.where(t, "t"); err != nil {
			s.refuse(CodeWhere, t.Where.Range, "write the condition in another way", "the where condition of %s has no form on %s", t.Name, s.Dialect.Name())
		}
	}
}

// named refuses tables whose rows can't be told apart where their names are needed: for key sets, and to count each row
// once. A table at the end of one plain path can do without.
func (s *Sets) named() {
	for _, t := range s.Schema.Tables {
		if (t.Rule == ByPaths || t.Rule == Anchor) && t.Identity() == nil && !s.Schema.nameless(t) {
			s.refuse(CodeNoIdentity, t.Cause, "give the table a primary key in the database, or leave it out", "nothing names a row of %s, so nobody can tell which of them are copied", t.Name)
		}
	}
}

// nameless reports whether the rows of t need no names: one path leads up to a key of its parent, nothing else narrows them
// or adds to them, and no other table asks for them.
func (s *Schema) nameless(t *Table) bool {
	if len(t.Paths) != 1 || !t.Paths[0].Up || t.Paths[0].NullInclude || t.Where != nil || t == s.Unit || t.cyclic {
		return false
	}
	for _, other := range s.Tables {
		if slices.Contains(other.dependencies(), t) {
			return false
		}
		for _, r := range other.References {
			if r.Outside != "" && (r.Parent == t || other == t && r.Outside != schemamap.OutsideNull && r.Outside != schemamap.OutsideError) {
				return false
			}
		}
	}
	return true
}

// anchor makes the work tables of the order itself and the anchor's key set, and demands exactly one row for each
// key that the order names.
func (s *Sets) anchor() {
	sc := s.Schema
	s.orderKeys(workProvider, sc.Anchor, sc.AnchorKey, []string{s.Request.Provider}, "the ordered care provider")
	s.keySet(sc.Anchor)
	s.Steps = append(s.Steps, Step{
		Kind: StepCheck, Table: sc.Anchor.Name.String(), SQL: "SELECT " + s.Dialect.Count() + " FROM " + s.Dialect.Work(s.keys[sc.Anchor]),
		Expect: 1, Code: "UP001", Message: "the ordered provider key is not exactly one row of " + sc.Anchor.Name.String(),
		Advice:  "check the order's key against column " + sc.AnchorKey.Name + " of that table",
		Comment: "the provider is registered exactly once", Cause: sc.Map.Provider.Range,
	})
	if len(s.Request.Units) > 0 {
		s.orderKeys(workUnits, sc.Unit, sc.UnitKey, s.Request.Units, "the ordered care units")
	}
}

// orderKeys makes a work table with keys that an order names, typed as their column.
func (s *Sets) orderKeys(work string, t *Table, key *catalog.Column, keys []string, comment string) {
	cause := s.Schema.Map.Provider.Range
	if s.within == nil {
		s.Steps = append(s.Steps, Step{Kind: StepMake, Table: t.Name.String(), Work: work, Cause: cause, Comment: comment,
			SQL: s.Dialect.CreateWork(work, []engine.WorkColumn{{Name: key.Name, Like: key}})})
	}
	for _, k := range keys {
		v, err := typed(k, key)
		if err != nil || !s.Dialect.Representable(k, key) {
			s.refuse(CodeNoProvider, cause, "give a key that the column can hold", "an ordered key of %s is none that its column, of type %s, can hold", t.Name, key.EngineType)
			return
		}
		if s.within != nil {
			s.within.argument(work, v)
			continue
		}
		s.Steps = append(s.Steps, Step{Kind: StepFill, Table: t.Name.String(), Work: work, Cause: cause, Comment: comment,
			SQL: "INSERT INTO " + s.Dialect.Work(work) + " (" + s.Dialect.Quote(key.Name) + ") VALUES (" + s.Dialect.Parameter(1) + ")", Args: []value.Value{v}})
	}
}

// typed is a key that an order names, as its column holds it.
func typed(key string, column *catalog.Column) (value.Value, error) {
	if column.Type.Kind != value.Integer {
		return value.NewText(key), nil
	}
	n, err := strconv.ParseInt(key, 10, 64)
	return value.NewInt(n), err
}

// KeyValue is a key that an order names, as its column holds it. Compile has refused keys that are not.
func KeyValue(key string, column *catalog.Column) value.Value {
	v, err := typed(key, column)
	if err != nil {
		return value.Value{}
	}
	return v
}

// dependedOn tells which tables others need: by a path, or by an outside policy that asks whether a row is copied.
func (s *Schema) dependedOn() map[*Table]bool {
	needed := map[*Table]bool{}
	for _, t := range s.Tables {
		for _, d := range t.dependencies() {
			needed[d] = true
		}
		for _, r := range t.References {
			if r.Outside != "" {
				needed[r.Parent] = true
			}
		}
	}
	return needed
}

// needsKeys decides between a key set and writing the condition out. It is written out for a plain chain of via
// paths, and for a table that nothing else asks about.
func (s *Sets) needsKeys(t *Table, needed bool) bool {
	if slices.ContainsFunc(t.Paths, func(p *Path) bool { return !p.Up }) {
		return true
	}
	if t == s.Schema.Unit && len(s.Request.Units) > 0 {
		return true
	}
	branches, depth := len(t.dependencies()), 0
	for _, p := range t.dependencies() {
		depth = max(depth, s.depth[p]+1)
	}
	if needed && (branches > 1 || depth > maxInline) {
		return true
	}
	s.depth[t] = depth
	return false
}

// work names a work table: what it holds, a number that makes it unique, and the table's own name for the reader.
func (s *Sets) work(kind string, t *Table) string {
	name := fmt.Sprintf("%s_%d_%s", kind, t.index+1, t.Name.Table)
	limit := 60 // the shortest limit of the engines is 63 bytes
	if s.within != nil {
		limit -= len(rewrite.Reserved)
	}
	for len(name) > limit {
		runes := []rune(name)
		name = string(runes[:len(runes)-1])
	}
	return name
}

// makeWork makes a work table for keys of t.
func (s *Sets) makeWork(kind string, t *Table, comment string) string {
	name := s.work(kind, t)
	s.Steps = append(s.Steps, Step{Kind: StepMake, Table: t.Name.String(), Work: name, Cause: t.Cause, Comment: comment,
		SQL: s.Dialect.CreateWork(name, s.identity(t))})
	return name
}

func (s *Sets) identity(t *Table) []engine.WorkColumn {
	names := t.Identity()
	columns := make([]engine.WorkColumn, len(names))
	for i, name := range names {
		columns[i] = engine.WorkColumn{Name: name, Like: t.Column(name)}
	}
	return columns
}

// keySet makes and fills the key set of a table that doesn't depend on itself.
func (s *Sets) keySet(t *Table) {
	work := s.makeWork("keys", t, "keys of the included rows of "+t.Name.String())
	s.Steps = append(s.Steps, Step{Kind: StepFill, Table: t.Name.String(), Work: work, Cause: t.Cause, Comment: t.Words(),
		SQL: s.insert(work, t, s.branches(t))})
	s.keys[t] = work
}

// branches are the SELECTs of a table's keys, one a path, combined as the paths are.
func (s *Sets) branches(t *Table) string {
	if t.Rule == Anchor {
		return s.selectKeys(t, "", "FROM "+s.Dialect.Table(t.Name)+" t", s.ordered(workProvider, "t", s.Schema.AnchorKey))
	}
	var selects []string
	for _, p := range t.Paths {
		selects = append(selects, s.branch(t, p, len(t.Paths) == 1))
	}
	combine := "\nUNION\n"
	if t.Match == schemamap.MatchAll {
		combine = "\nINTERSECT\n"
	}
	return strings.Join(selects, combine)
}

// ordered is the condition that a column holds one of the keys that the order names.
func (s *Sets) ordered(work, alias string, key *catalog.Column) string {
	if s.within != nil {
		return s.within.ordered(s, work, s.column(alias, key.Name), key)
	}
	return "EXISTS (SELECT 1 FROM " + s.Dialect.Work(work) + " k WHERE " + s.Dialect.Compare(s.column(alias, key.Name), s.column("k", key.Name)) + ")"
}

// branch selects the keys that one path reaches.
func (s *Sets) branch(t *Table, p *Path, alone bool) string {
	if p.Up {
		return s.selectKeys(t, "", "FROM "+s.Dialect.Table(t.Name)+" t", s.via(p, "t", 1), s.narrowing(t, "t", 1))
	}
	distinct := ""
	if alone {
		distinct = "DISTINCT "
	}
	return s.selectKeys(t, distinct, "FROM "+s.Dialect.Table(p.Other.Name)+" c\n  JOIN "+s.Dialect.Table(t.Name)+" t ON "+s.pairs(p.Pairs, "t", "c"),
		s.included(p.Other, "c", 1), s.narrowing(t, "t", 1))
}

func (s *Sets) selectKeys(t *Table, distinct, from string, conditions ...string) string {
	text := "SELECT " + distinct + s.columns(t.Identity(), "t") + "\n  " + from
	if where := and(conditions...); where != "" {
		text += "\n  WHERE " + where
	}
	return text
}

func (s *Sets) insert(work string, t *Table, query string) string {
	if s.within != nil {
		s.within.fill(s.Dialect.Work(work), s.columns(t.Identity(), ""), query)
	}
	return "INSERT INTO " + s.Dialect.Work(work) + " (" + s.columns(t.Identity(), "") + ")\n" + query
}

// columns lists quoted columns of an alias.
func (s *Sets) columns(names []string, alias string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = s.column(alias, name)
	}
	return strings.Join(quoted, ", ")
}

func (s *Sets) column(alias, name string) string {
	if alias == "" {
		return s.Dialect.Quote(name)
	}
	return alias + "." + s.Dialect.Quote(name)
}

// and joins the conditions that are not empty. An empty condition is always true.
func and(conditions ...string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(conditions), func(c string) bool { return c == "" }), "\n    AND ")
}
