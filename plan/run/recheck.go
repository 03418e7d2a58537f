package run

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/plan"
)

// recheck computes the included rows once more, by another route than the plan's: it shares neither text nor shape
// with package filter's SQL. Where the plan asks of each row whether its parent is included, this joins outward from
// the rows that were seen; where the plan narrows by conditions, this subtracts sets; where the plan iterates over what
// was new, this repeats whole passes until nothing changes.
type recheck struct {
	schema   *filter.Schema
	request  filter.Request
	dialect  engine.Dialect
	snapshot engine.Snapshot
	// view says what can be recomputed here: everything in a source, less in a copy with masked columns.
	view view
	// elsewhere is the plan of a copy in another engine than the source's; nil in every other database.
	elsewhere *plan.Plan
	seen      map[*filter.Table]string // work tables: the rows that the paths reach
	more      map[*filter.Table]string // … those that include policies add
	stub      map[*filter.Table]string // … and those that stub policies add
}

// view tells what a database still shows.
type view interface {
	// path reports whether the columns of a path are as they were.
	path(t *filter.Table, p *filter.Path) bool
	// column reports whether a column is as it was.
	column(t *filter.Table, name string) bool
	// reference reports whether the columns of a foreign key are there.
	reference(r *filter.Reference) bool
}

// source is the view of a database that nothing was done to.
type sourceView struct{}

func (sourceView) path(*filter.Table, *filter.Path) bool { return true }
func (sourceView) column(*filter.Table, string) bool     { return true }
func (sourceView) reference(*filter.Reference) bool      { return true }

// work names the work tables that reach and add fill, and returns the statements that make them.
func (c *recheck) work() (statements []string) {
	c.seen, c.more, c.stub = map[*filter.Table]string{}, map[*filter.Table]string{}, map[*filter.Table]string{}
	asked := c.asked()
	for _, t := range c.schema.Tables {
		if (t.Rule == filter.ByPaths || t.Rule == filter.Anchor) && (asked[t] || !c.streams(t)) {
			statements = append(statements, c.make(c.seen, "seen_", t))
		}
	}
	for _, policy := range []schemamap.Outside{schemamap.OutsideInclude, schemamap.OutsideStub} {
		into := c.addedBy(policy)
		for _, r := range c.policies(policy) {
			if into[r.Parent] == "" {
				statements = append(statements, c.make(into, string(policy)+"_", r.Parent))
			}
		}
	}
	return statements
}

// addedBy are the work tables of the rows that a policy adds.
func (c *recheck) addedBy(policy schemamap.Outside) map[*filter.Table]string {
	if policy == schemamap.OutsideStub {
		return c.stub
	}
	return c.more
}

// policies are the foreign keys by which a policy can add rows.
func (c *recheck) policies(policy schemamap.Outside) (references []*filter.Reference) {
	for _, t := range c.schema.Tables {
		for _, r := range t.References {
			if r.Outside == policy && t.Made() && t.Rule != filter.NoneKept && r.Parent.Rule != filter.AllRows {
				references = append(references, r)
			}
		}
	}
	return references
}

// reach fills the seen sets of every table that paths decide.
func (c *recheck) reach(ctx context.Context) error {
	for _, component := range c.schema.Components() {
		tables := slices.DeleteFunc(slices.Clone(component), func(t *filter.Table) bool { return c.seen[t] == "" })
		for again := len(tables) > 0; again; {
			again = false
			for _, t := range tables {
				less := []string{c.seen[t]}
				if !t.Cyclic() && c.streams(t) {
					less = nil // it is empty, and the hop finds no row twice
				}
				changed, err := c.insert(ctx, c.seen[t], t, c.reached(t), less...)
				if err != nil {
					return err
				}
				again = again || changed > 0 && t.Cyclic()
			}
		}
	}
	return nil
}

// make names a work table for rows of t, and returns the statement that makes it. No engine cuts off so short a name.
func (c *recheck) make(into map[*filter.Table]string, prefix string, t *filter.Table) string {
	name := prefix + t.Name.Table
	for len(name) > 50 {
		_, last := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-last]
	}
	for taken := slices.Collect(maps.Values(into)); slices.ContainsFunc(taken, func(other string) bool { return strings.EqualFold(other, name) }); {
		name += "_"
	}
	into[t] = name
	columns := make([]engine.WorkColumn, 0, 1)
	for _, id := range t.Identity() {
		columns = append(columns, engine.WorkColumn{Name: id, Like: t.Column(id)})
	}
	return c.dialect.CreateWork(name, columns)
}

// insert adds the rows of a set that a work table doesn't hold yet.
func (c *recheck) insert(ctx context.Context, work string, t *filter.Table, set string, less ...string) (int64, error) {
	text := "INSERT INTO " + c.dialect.Work(work) + " SELECT * FROM (" + set + ") AS found"
	for _, l := range less {
		text += " EXCEPT SELECT " + c.list(t.Identity(), "") + " FROM " + c.dialect.Work(l)
	}
	return c.snapshot.Exec(ctx, text)
}

// reached is the set of rows that the paths reach from what was seen so far, less what is taken away.
func (c *recheck) reached(t *filter.Table) string {
	set := c.all(t, "")
	if t.Rule == filter.Anchor {
		if c.view.column(t, c.schema.AnchorKey.Name) {
			set = c.all(t, c.dialect.Compare(c.column("t", c.schema.AnchorKey.Name), c.literal(c.request.Provider, c.schema.AnchorKey)))
		}
	} else if hops, ok := c.hops(t); ok {
		set = hops
	}
	for _, less := range c.less(t) {
		set = "SELECT * FROM (" + set + ") AS kept EXCEPT " + less
	}
	return set
}

// hops combines the sets that the paths reach. It is not ok where a path can't be recomputed in this view and might
// have brought any row.
func (c *recheck) hops(t *filter.Table) (string, bool) {
	var sets []string
	for _, p := range t.Paths {
		if !c.view.path(t, p) {
			if t.Match == schemamap.MatchAll {
				continue
			}
			return "", false
		}
		sets = append(sets, c.hop(t, p))
	}
	combine := " UNION "
	if t.Match == schemamap.MatchAll {
		combine = " INTERSECT "
	}
	return strings.Join(sets, combine), len(sets) > 0
}

// hop is the set of rows of t next to the seen rows of the other table.
func (c *recheck) hop(t *filter.Table, p *filter.Path) string {
	set := "SELECT " + c.list(t.Identity(), "t") + c.fromHop(t, p)
	if !p.NullInclude {
		return set
	}
	for _, pair := range p.Pairs {
		set += " UNION " + c.all(t, c.column("t", pair.Child)+" IS NULL")
	}
	return "SELECT * FROM (" + set + ") AS either"
}

// fromHop is the FROM clause of a hop, with the rows of t under that alias.
func (c *recheck) fromHop(t *filter.Table, p *filter.Path) string {
	parent, child := "o", "t"
	if !p.Up {
		parent, child = "t", "o"
	}
	return " FROM " + c.dialect.Work(c.seen[p.Other]) + " s JOIN " + c.dialect.Table(p.Other.Name) + " o ON " + c.same(p.Other, "s", "o") +
		" JOIN " + c.dialect.Table(t.Name) + " t ON " + c.pairs(p.Pairs, parent, child)
}

// fromSeen is the FROM clause of the rows of t that the paths reach, each once, under that alias.
func (c *recheck) fromSeen(t *filter.Table) string {
	if work, ok := c.seen[t]; ok {
		return " FROM " + c.dialect.Work(work) + " t"
	}
	return c.fromHop(t, t.Paths[0])
}

// less are the sets that where, drop and units take away.
func (c *recheck) less(t *filter.Table) []string {
	var sets []string
	if text, ok := c.where(t); ok {
		sets = append(sets, c.all(t, "CASE WHEN "+text+" THEN 0 ELSE 1 END = 1"))
	}
	if t == c.schema.Unit && len(c.request.Units) > 0 && c.view.column(t, c.schema.UnitKey.Name) {
		conditions := make([]string, len(c.request.Units))
		for i, unit := range c.request.Units {
			conditions[i] = c.dialect.Compare(c.column("t", c.schema.UnitKey.Name), c.literal(unit, c.schema.UnitKey))
		}
		sets = append(sets, c.all(t, "CASE WHEN "+strings.Join(conditions, " OR ")+" THEN 0 ELSE 1 END = 1"))
	}
	for _, r := range t.References {
		if r.Outside == schemamap.OutsideDrop && t.Rule == filter.ByPaths && c.view.reference(r) {
			sets = append(sets, c.astray(r))
		}
	}
	return sets
}

// astray is the set of rows whose reference leads to a row that was not seen.
func (c *recheck) astray(r *filter.Reference) string {
	var names []string
	for _, p := range r.Columns {
		names = append(names, c.column("t", p.Child)+" IS NOT NULL")
	}
	set := c.all(r.Child, strings.Join(names, " AND "))
	if !r.Parent.Made() || r.Parent.Rule == filter.NoneKept {
		return "SELECT * FROM (" + set + ") AS astray"
	}
	inside := "SELECT " + c.list(r.Child.Identity(), "t") + " FROM " + c.dialect.Table(r.Parent.Name) + " o JOIN " + c.dialect.Table(r.Child.Name) + " t ON " + c.pairs(r.Columns, "o", "t")
	if work, ok := c.seen[r.Parent]; ok {
		inside += " JOIN " + c.dialect.Work(work) + " s ON " + c.same(r.Parent, "s", "o")
	}
	return "SELECT * FROM (" + set + " EXCEPT " + inside + ") AS astray"
}

// asked tells which tables others ask about, so that their rows must be kept for the asking.
func (c *recheck) asked() map[*filter.Table]bool {
	asked := map[*filter.Table]bool{c.schema.Anchor: true}
	for _, t := range c.schema.Tables {
		for _, p := range t.Paths {
			asked[p.Other] = true
		}
		for _, r := range t.References {
			if r.Outside != "" {
				asked[r.Parent] = true
			}
			if r.Outside == schemamap.OutsideInclude || r.Outside == schemamap.OutsideStub {
				asked[t] = true
			}
		}
	}
	return asked
}

// streams reports whether the rows of t can be read straight from its one hop, none twice: then nothing is kept.
func (c *recheck) streams(t *filter.Table) bool {
	if len(t.Paths) != 1 || !t.Paths[0].Up || t.Paths[0].NullInclude || !c.view.path(t, t.Paths[0]) || len(c.less(t)) > 0 {
		return false
	}
	p := t.Paths[0]
	return slices.ContainsFunc(p.Other.Keys(), func(k catalog.Key) bool {
		return !slices.ContainsFunc(k.Columns, func(name string) bool {
			return !slices.ContainsFunc(p.Pairs, func(pair catalog.Pair) bool { return pair.Parent == name })
		})
	})
}

// add fills the sets of rows that include and stub policies add, in whole passes until nothing changes. Stubs come
// last: they are what no include brought, and they reference nothing.
func (c *recheck) add(ctx context.Context) error {
	for again := true; again; {
		changed, err := c.addBy(ctx, schemamap.OutsideInclude)
		if err != nil {
			return err
		}
		again = changed > 0
	}
	_, err := c.addBy(ctx, schemamap.OutsideStub)
	return err
}

// addBy makes one pass over the foreign keys with a policy.
func (c *recheck) addBy(ctx context.Context, policy schemamap.Outside) (changed int64, err error) {
	into := c.addedBy(policy)
	for _, r := range c.policies(policy) {
		less := []string{c.seen[r.Parent], into[r.Parent]}
		if work := c.more[r.Parent]; work != "" && policy == schemamap.OutsideStub {
			less = append(less, work)
		}
		for _, from := range c.taken(r.Child) {
			n, err := c.insert(ctx, into[r.Parent], r.Parent, c.referenced(r, from), less...)
			if err != nil {
				return 0, err
			}
			changed += n
		}
	}
	return changed, nil
}

// taken are the work tables of t's taken rows; "" stands for all of them.
func (c *recheck) taken(t *filter.Table) []string {
	seen, ok := c.seen[t]
	if !ok {
		return []string{""}
	}
	if work := c.more[t]; work != "" {
		return []string{seen, work}
	}
	return []string{seen}
}

func (c *recheck) referenced(r *filter.Reference, from string) string {
	set := "SELECT " + c.list(r.Parent.Identity(), "t") + " FROM " + c.dialect.Table(r.Child.Name) + " o"
	if from != "" {
		set = "SELECT " + c.list(r.Parent.Identity(), "t") + " FROM " + c.dialect.Work(from) + " s JOIN " + c.dialect.Table(r.Child.Name) + " o ON " + c.same(r.Child, "s", "o")
	}
	return set + " JOIN " + c.dialect.Table(r.Parent.Name) + " t ON " + c.pairs(r.Columns, "t", "o")
}

func (c *recheck) all(t *filter.Table, where string) string {
	text := "SELECT " + c.list(t.Identity(), "t") + " FROM " + c.dialect.Table(t.Name) + " t"
	if where != "" {
		text += " WHERE " + where
	}
	return text
}

func (c *recheck) same(t *filter.Table, a, b string) string {
	var conditions []string
	for _, id := range t.Identity() {
		conditions = append(conditions, c.column(a, id)+" = "+c.column(b, id))
	}
	return strings.Join(conditions, " AND ")
}

func (c *recheck) pairs(pairs []catalog.Pair, parent, child string) string {
	var conditions []string
	for _, p := range pairs {
		conditions = append(conditions, c.dialect.Compare(c.column(parent, p.Parent), c.column(child, p.Child)))
	}
	return strings.Join(conditions, " AND ")
}

func (c *recheck) list(names []string, alias string) string {
	var columns []string
	for _, name := range names {
		columns = append(columns, c.column(alias, name))
	}
	return strings.Join(columns, ", ")
}

func (c *recheck) column(alias, name string) string {
	if alias == "" {
		return c.dialect.Quote(name)
	}
	return alias + "." + c.dialect.Quote(name)
}

func (c *recheck) literal(key string, column *catalog.Column) string {
	return c.dialect.Literal(filter.KeyValue(key, column), column.Type)
}
