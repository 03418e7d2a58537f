package filter

import (
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter/schemamap"
)

// fixpoint computes the key sets of tables that depend on each other, by semi-naive rounds: a row can only be new in a
// round if one of its paths leads to a row that was new in the round before (Bancilhon, "Naive evaluation of
// recursively defined relations", 1986). Nothing outside the component is iterated.
func (s *Sets) fixpoint(component []*Table) {
	delta, next := map[*Table]string{}, map[*Table]string{}
	for _, t := range component {
		s.keys[t] = s.makeWork("keys", t, "keys of the included rows of "+t.Name.String())
		delta[t] = s.makeWork("delta", t, "those found in the last round")
		next[t] = s.makeWork("next", t, "those found in this round")
	}
	within := func(p *Path) bool { return slices.Contains(component, p.Other) }
	var rounds []Step
	var names []string
	for _, t := range component {
		names = append(names, t.Name.String())
		if query := s.seeds(t, within); query != "" {
			s.Steps = append(s.Steps, Step{Kind: StepFill, Table: t.Name.String(), Work: delta[t], Cause: t.Cause,
				Comment: "first round: " + t.Words(), SQL: s.insert(delta[t], t, query)})
		}
		var selects []string
		for _, p := range t.Paths {
			if within(p) {
				selects = append(selects, s.step(t, p, delta[p.Other]))
			}
		}
		rounds = append(rounds, Step{Kind: StepFill, Table: t.Name.String(), Work: next[t], Cause: t.Cause,
			Comment: "rows of " + t.Name.String() + " next to those found last", SQL: s.insert(next[t], t, strings.Join(selects, "\nUNION\n"))})
	}
	move := s.advance(component, delta, next)
	for _, t := range component {
		s.Steps = append(s.Steps, s.absorb(t, s.keys[t], delta[t]))
	}
	s.Steps = append(s.Steps, Step{
		Kind: StepFixpoint, Table: strings.Join(names, ", "), Cause: component[0].Cause, Rounds: append(rounds, move...),
		SQL: s.goesOn(component, delta), Comment: "repeat until a round finds nothing new: these tables lead to each other",
	})
}

// seeds selects the keys that are included whatever the component's own key sets hold, which are empty so far.
func (s *Sets) seeds(t *Table, within func(*Path) bool) string {
	outer := slices.DeleteFunc(slices.Clone(t.Paths), within)
	var inner []*Path // those that NULL satisfies
	for _, p := range t.Paths {
		if within(p) && p.NullInclude {
			inner = append(inner, p)
		}
	}
	fromTable := "FROM " + s.Dialect.Table(t.Name) + " t"
	var selects []string
	combine := "\nUNION\n"
	if t.Match == schemamap.MatchAll {
		if len(outer)+len(inner) < len(t.Paths) {
			return ""
		}
		combine = "\nINTERSECT\n"
	}
	for _, p := range outer {
		selects = append(selects, s.branch(t, p, len(outer)+len(inner) == 1))
	}
	for _, p := range inner {
		selects = append(selects, s.selectKeys(t, "", fromTable, s.anyNull(childColumns(p.Pairs), "t"), s.narrowing(t, "t", 1)))
	}
	return strings.Join(selects, combine)
}

// step selects the keys of t that a path inside the component reaches from the rows in a delta, and that are new.
func (s *Sets) step(t *Table, p *Path, delta string) string {
	var conditions []string
	if t.Match == schemamap.MatchAll {
		for _, other := range t.Paths {
			if other != p {
				conditions = append(conditions, s.path(other, "t", 1))
			}
		}
	}
	conditions = append(conditions, s.narrowing(t, "t", 1), "NOT "+s.inWork(s.keys[t], t, "t"))
	parent, child := "o", "t"
	if !p.Up {
		parent, child = "t", "o"
	}
	return s.selectKeys(t, "DISTINCT ", s.fromDelta(delta, p.Other)+"\n  JOIN "+s.Dialect.Table(t.Name)+" t ON "+s.pairs(p.Pairs, parent, child), conditions...)
}

// fromDelta is the FROM clause of the rows, under the alias o, whose keys a work table holds.
func (s *Sets) fromDelta(delta string, t *Table) string {
	var on []string
	for _, name := range t.Identity() {
		on = append(on, s.column("d", name)+" = "+s.column("o", name))
	}
	return "FROM " + s.Dialect.Work(delta) + " d\n  JOIN " + s.Dialect.Table(t.Name) + " o ON " + strings.Join(on, " AND ")
}

// advance are the statements that end a round: what it found becomes the delta of the next and joins the key sets.
func (s *Sets) advance(component []*Table, delta, next map[*Table]string) []Step {
	var steps []Step
	for _, t := range component {
		columns := s.columns(t.Identity(), "")
		steps = append(steps,
			Step{Kind: StepClear, Table: t.Name.String(), Work: delta[t], Cause: t.Cause, SQL: "DELETE FROM " + s.Dialect.Work(delta[t])},
			Step{Kind: StepFill, Table: t.Name.String(), Work: delta[t], Cause: t.Cause,
				SQL: s.insert(delta[t], t, "SELECT "+columns+" FROM "+s.Dialect.Work(next[t]))},
			Step{Kind: StepClear, Table: t.Name.String(), Work: next[t], Cause: t.Cause, SQL: "DELETE FROM " + s.Dialect.Work(next[t])},
			s.absorb(t, s.keysOrAdded(t), delta[t]))
	}
	return steps
}

// keysOrAdded is the work table that a fixpoint grows: the added rows once they are being computed.
func (s *Sets) keysOrAdded(t *Table) string {
	if work, ok := s.added[t]; ok {
		return work
	}
	return s.keys[t]
}

func (s *Sets) absorb(t *Table, into, delta string) Step {
	return Step{Kind: StepFill, Table: t.Name.String(), Work: into, Cause: t.Cause, Comment: "they join the key set",
		SQL: s.insert(into, t, "SELECT "+s.columns(t.Identity(), "")+" FROM "+s.Dialect.Work(delta))}
}

// goesOn yields 1 while some delta holds a row.
func (s *Sets) goesOn(component []*Table, delta map[*Table]string) string {
	conditions := make([]string, len(component))
	for i, t := range component {
		conditions[i] = "EXISTS (SELECT 1 FROM " + s.Dialect.Work(delta[t]) + ")"
	}
	return "SELECT CASE WHEN " + strings.Join(conditions, " OR ") + " THEN 1 ELSE 0 END"
}

// addRows computes the rows that include and stub policies add to the copy. They are not included: nothing is reached
// through them. What an added row references is looked at in turn, by the policies of its own table.
func (s *Sets) addRows() {
	into := map[*Table][]*Reference{} // by parent
	var targets []*Table
	for _, policy := range []schemamap.Outside{schemamap.OutsideInclude, schemamap.OutsideStub} {
		clear(into)
		targets = targets[:0]
		for _, t := range s.Schema.Tables {
			for _, r := range t.References {
				if r.Outside == policy && t.Made() && t.Rule != NoneKept && r.Parent.Rule != AllRows {
					into[r.Parent] = append(into[r.Parent], r)
				}
			}
		}
		for _, t := range s.Schema.Tables {
			if len(into[t]) > 0 {
				targets = append(targets, t)
			}
		}
		if policy == schemamap.OutsideStub {
			s.stubRows(targets, into)
			continue
		}
		children := func(t *Table) []*Table {
			var tables []*Table
			for _, r := range into[t] {
				if len(into[r.Child]) > 0 {
					tables = append(tables, r.Child)
				}
			}
			return tables
		}
		for _, component := range Components(slices.Clone(targets), children) {
			s.addIncluded(component, into, len(component) > 1 || slices.Contains(children(component[0]), component[0]))
		}
	}
}

// referenced selects the keys of parent rows that taken rows reference and that are not copied so far.
func (s *Sets) referenced(r *Reference, from string, conditions ...string) string {
	conditions = append(conditions, s.absent(r.Parent))
	return s.selectKeys(r.Parent, "DISTINCT ", from+"\n  JOIN "+s.Dialect.Table(r.Parent.Name)+" t ON "+s.pairs(r.Columns, "t", "o"), conditions...)
}

// absent is the condition that a row is not copied so far. A condition that NULL leaves open is not true, and so is no NOT
// of it.
func (s *Sets) absent(t *Table) string {
	return "CASE WHEN " + s.copied(t, "t", 1) + " THEN 0 ELSE 1 END = 1"
}

func (s *Sets) addIncluded(component []*Table, into map[*Table][]*Reference, cyclic bool) {
	works, delta, next := map[*Table]string{}, map[*Table]string{}, map[*Table]string{}
	for _, t := range component {
		works[t] = s.makeWork("added", t, "keys of rows of "+t.Name.String()+` that outside = "include" adds`)
		if cyclic {
			delta[t] = s.makeWork("added_delta", t, "those found in the last round")
			next[t] = s.makeWork("added_next", t, "those found in this round")
		}
	}
	var rounds []Step
	for _, t := range component {
		var first, again []string
		for _, r := range into[t] {
			first = append(first, s.referenced(r, "FROM "+s.Dialect.Table(r.Child.Name)+" o", s.taken(r.Child, "o", 1)))
			if cyclic && slices.Contains(component, r.Child) {
				again = append(again, s.referenced(r, s.fromDelta(delta[r.Child], r.Child), "NOT "+s.inWork(works[t], t, "t")))
			}
		}
		target := works[t]
		if cyclic {
			target = delta[t]
			rounds = append(rounds, Step{Kind: StepFill, Table: t.Name.String(), Work: next[t], Cause: t.Cause,
				Comment: "rows of " + t.Name.String() + " that rows added last reference", SQL: s.insert(next[t], t, strings.Join(again, "\nUNION\n"))})
		}
		s.Steps = append(s.Steps, Step{Kind: StepFill, Table: t.Name.String(), Work: target, Cause: into[t][0].Cause,
			Comment: "rows of " + t.Name.String() + ` outside that copied rows reference: outside = "include"`, SQL: s.insert(target, t, strings.Join(first, "\nUNION\n"))})
	}
	for _, t := range component {
		s.added[t] = works[t]
	}
	if !cyclic {
		return
	}
	for _, t := range component {
		s.Steps = append(s.Steps, s.absorb(t, works[t], delta[t]))
	}
	s.Steps = append(s.Steps, Step{Kind: StepFixpoint, Table: component[0].Name.String(), Cause: component[0].Cause,
		Rounds: append(rounds, s.advance(component, delta, next)...), SQL: s.goesOn(component, delta),
		Comment: "repeat until a round adds nothing: these rows reference each other"})
}

func (s *Sets) stubRows(targets []*Table, into map[*Table][]*Reference) {
	made := map[*Table]string{}
	for _, t := range targets {
		work := s.makeWork("stubs", t, "keys of rows of "+t.Name.String()+` that outside = "stub" adds`)
		var selects []string
		for _, r := range into[t] {
			selects = append(selects, s.referenced(r, "FROM "+s.Dialect.Table(r.Child.Name)+" o", s.taken(r.Child, "o", 1)))
		}
		s.Steps = append(s.Steps, Step{Kind: StepFill, Table: t.Name.String(), Work: work, Cause: into[t][0].Cause,
			Comment: "rows of " + t.Name.String() + ` outside that copied rows reference: outside = "stub"`, SQL: s.insert(work, t, strings.Join(selects, "\nUNION\n"))})
		made[t] = work
	}
	for t, work := range made {
		s.stubs[t] = work
	}
}
