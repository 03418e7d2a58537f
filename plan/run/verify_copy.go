package run

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/engines"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
)

// newCopyVerifier returns what verifies a copy by itself, with nothing but the plan and the report of the run that made it: its rows are
// those that were copied, byte for byte; every row can be reached inside the copy from the one provider, or a policy
// of the map explains it; every foreign key holds; every masked column holds what its mask can have made.
func newCopyVerifier(p *plan.Plan, report *Report, progress Progress) *copyVerifier {
	v := &copyVerifier{plan: p, report: report, progress: progress,
		recheck: &recheck{schema: p.Schema(), request: p.Request, dialect: p.Dialect(), view: copyView{}}}
	if p.Elsewhere() {
		v.recheck.elsewhere = p
	}
	return v
}

// verify fills checks and found. The snapshot has the work tables of the recheck.
func (v *copyVerifier) verify(ctx context.Context, s engine.Snapshot) error {
	v.snapshot, v.recheck.snapshot = s, s
	for _, step := range []func(context.Context) error{v.contents, v.provider, v.reachable, v.references} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

type copyVerifier struct {
	plan     *plan.Plan
	snapshot engine.Snapshot
	report   *Report
	progress Progress
	recheck  *recheck
	checks   []string
	found    Violations
	jobs     int
}

func (v *copyVerifier) violation(code string, t *filter.Table, count int64, format string, args ...any) {
	v.found = append(v.found, Violation{Code: code, Table: t.Name.String(), Count: count, Message: fmt.Sprintf(format, args...)})
}

// copyView shows a column as it was where it was copied and nothing masked it. A path is as good as ever where both
// ends are masked alike.
type copyView struct{}

func (copyView) column(t *filter.Table, name string) bool {
	f := t.Field(name)
	return f != nil && !f.Omit && f.Mask == nil
}

func (copyView) path(t *filter.Table, p *filter.Path) bool {
	child, parent := t, p.Other
	if !p.Up {
		child, parent = p.Other, t
	}
	for _, pair := range p.Pairs {
		c, r := child.Field(pair.Child), parent.Field(pair.Parent)
		if c.Omit || r.Omit || c.Effect.Blanks || r.Effect.Blanks {
			return false
		}
		if (c.Mask == nil) != (r.Mask == nil) || c.Mask != nil && (c.Mask.Spec() != r.Mask.Spec() || c.Effect.Form != r.Effect.Form) {
			return false
		}
	}
	return true
}

func (copyView) reference(r *filter.Reference) bool {
	return !slices.ContainsFunc(r.ChildColumns(), func(name string) bool { return r.Child.Field(name).Omit })
}

// contents reads every row once: it counts and digests them, and holds every masked cell against its mask.
func (v *copyVerifier) contents(ctx context.Context) error {
	all := make([]contents, len(v.plan.Tables))
	err := each(ctx, v.snapshot, v.jobs, len(v.plan.Tables), func(ctx context.Context, s engine.Snapshot, i int) (err error) {
		v.progress.Table(v.plan.Tables[i].Name.String(), -1)
		all[i], err = v.read(ctx, s, &v.plan.Tables[i])
		return err
	})
	if err != nil {
		return err
	}
	for i := range v.plan.Tables {
		v.compare(&v.plan.Tables[i], all[i])
	}
	v.checks = append(v.checks, "every table holds the rows that were copied, by number and content", "every masked column holds only what its mask can have made")
	return nil
}

// compare holds the content of a table against what the manifest says of it.
func (v *copyVerifier) compare(t *plan.Table, found contents) {
	said := slices.IndexFunc(v.report.Tables, func(r Table) bool { return r.Name == t.Name })
	if said < 0 {
		v.violation(CodeStructure, t.Source(), 0, "the manifest says nothing of this table")
		return
	}
	for i, n := range found.broken {
		if n > 0 {
			v.violation(CodeUnmasked, t.Source(), n, "column %s holds what mask %s can't have made", t.Columns[i].Name, t.Columns[i].Mask)
		}
	}
	manifest := v.report.Tables[said]
	switch {
	case found.Rows != manifest.Rows:
		v.violation(CodeRowCount, t.Source(), abs(found.Rows-manifest.Rows), "the copy has another number of rows than were copied")
	case found.String() != manifest.Content:
		v.violation(CodeContent, t.Source(), 0, "the content is not what was copied")
	case found.size != manifest.Bytes && !v.report.packed:
		v.violation(CodeContent, t.Source(), 0, "the manifest counts other bytes than the content has")
	}
}

// contents are what a table of a copy holds: its digest, its bytes, and by column how many cells no mask can have made.
type contents struct {
	tally
	size   int64
	broken []int64
}

func (v *copyVerifier) read(ctx context.Context, s engine.Snapshot, t *plan.Table) (found contents, err error) {
	d := v.plan.Dialect()
	table := t.Definition
	table.Name = d.Place(t.Name) // in a copy that another engine holds
	c := engine.Copy{Table: &table, From: "FROM " + d.Table(t.Name) + " t"}
	for _, column := range t.Columns {
		c.Columns = append(c.Columns, engine.CopyColumn{Name: column.Name, SQL: "t." + d.Quote(column.Name), Plain: true})
	}
	rows, err := s.Read(ctx, c)
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	found.broken = make([]int64, len(t.Columns))
	row := make([]value.Value, len(t.Columns))
	for rows.Next(row) {
		if v.report.Into != "" {
			neutralize(row, t)
		}
		for i := range t.Columns {
			if rule := t.Columns[i].Rule(); rule != nil && !rule.Holds(t.Columns[i].MaskColumn(), row[i]) {
				found.broken[i]++
			}
		}
		for _, cell := range row {
			found.size += cell.Size()
		}
		if err := found.Add(row); err != nil {
			return found, err
		}
	}
	return found, rows.Err()
}

// provider demands that the anchor's only rows are the provider's own, or what a policy added.
func (v *copyVerifier) provider(ctx context.Context) error {
	anchor := v.plan.Schema().Anchor
	key := v.plan.Schema().AnchorKey
	if !(copyView{}).column(anchor, key.Name) {
		return v.loneProvider(ctx, anchor)
	}
	c := v.recheck
	n, err := number(ctx, v.snapshot, "SELECT "+c.dialect.Count()+" FROM "+c.dialect.Table(anchor.Name)+" t WHERE "+c.dialect.Compare(c.column("t", key.Name), c.literal(v.plan.Request.Provider, key)))
	if err != nil {
		return err
	}
	if n != 1 {
		v.violation(CodeMissing, anchor, 0, "the provider's own row is not there exactly once")
	}
	check := "the provider's own row is there, once"
	if added, stubs := v.plan.Sets().Adds(anchor); added || stubs {
		check += "; rows of other providers stand beside it only where a foreign key's policy in the map adds them"
	}
	v.checks = append(v.checks, check)
	return nil
}

// loneProvider stands in where the provider's key is masked: one row at most that no policy can have added.
func (v *copyVerifier) loneProvider(ctx context.Context, anchor *filter.Table) error {
	c := v.recheck
	set, adds := c.all(anchor, ""), false
	for _, child := range v.plan.Schema().Tables {
		for _, r := range child.References {
			if r.Parent == anchor && child.Made() && (r.Outside == schemamap.OutsideInclude || r.Outside == schemamap.OutsideStub) {
				adds = true
				set += " EXCEPT " + c.referenced(r, "")
			}
		}
	}
	n, err := number(ctx, v.snapshot, "SELECT "+c.dialect.Count()+" FROM ("+set+") AS providers")
	switch {
	case err != nil:
		return err
	case n > 1:
		v.violation(CodeOtherKey, anchor, n-1, "rows of other providers stand in the copy")
	case n == 0 && !adds:
		v.violation(CodeMissing, anchor, 0, "the provider's own row is not there exactly once")
	}
	v.checks = append(v.checks, "one provider's own row is there at most; its key is masked")
	return nil
}

// reachable demands that every row can be reached inside the copy, or is explained by a policy.
func (v *copyVerifier) reachable(ctx context.Context) error {
	if err := v.recheck.reach(ctx); err != nil {
		return err
	}
	if err := v.recheck.add(ctx); err != nil {
		return err
	}
	unseen := 0
	for i := range v.plan.Tables {
		t := v.plan.Tables[i].Source()
		switch t.Rule {
		case filter.AllRows:
			continue
		case filter.NoneKept:
			n, err := number(ctx, v.snapshot, "SELECT "+v.recheck.dialect.Count()+" FROM "+v.recheck.dialect.Table(t.Name))
			if err != nil {
				return err
			}
			if n > 0 {
				v.violation(CodeUnreachable, t, n, "rows stand in a table that has none")
			}
			continue
		}
		if err := v.strangers(ctx, t, &unseen); err != nil {
			return err
		}
	}
	text := "every row can be reached inside the copy from the provider's own, or a foreign key's policy explains it"
	if unseen > 0 {
		text += fmt.Sprintf(" (%d tables lead over masked or omitted columns and were compared with the source only)", unseen)
	}
	v.checks = append(v.checks, text)
	return nil
}

// strangers counts the rows of t that no path reaches and no policy explains.
func (v *copyVerifier) strangers(ctx context.Context, t *filter.Table, unseen *int) error {
	c := v.recheck
	if _, ok := c.hops(t); !ok && t.Rule == filter.ByPaths {
		*unseen++
	}
	from := c.fromSeen(t)
	rest, err := number(ctx, v.snapshot, "SELECT (SELECT "+c.dialect.Count()+" FROM "+c.dialect.Table(t.Name)+") - (SELECT "+c.dialect.Count()+from+")")
	if err != nil || rest == 0 {
		return err // what was seen are rows of t, so there is no other
	}
	if t.Identity() == nil {
		v.violation(CodeUnreachable, t, abs(rest), "rows that nothing leads to from the provider stand in the copy")
		return nil
	}
	set := c.all(t, "") + " EXCEPT SELECT " + c.list(t.Identity(), "t") + from
	code := CodeUnreachable
	if t == v.plan.Schema().Anchor {
		code = CodeOtherKey
	}
	less := func(work string) string { // only rows that are in the copy for a reason explain another
		if work == "" {
			return ""
		}
		return " EXCEPT SELECT " + c.list(t.Identity(), "") + " FROM " + c.dialect.Work(work)
	}
	set += less(c.more[t])
	n, err := number(ctx, v.snapshot, "SELECT "+c.dialect.Count()+" FROM ("+set+less(c.stub[t])+") AS strangers")
	if err != nil {
		return err
	}
	if n > 0 {
		v.violation(code, t, n, "rows that nothing leads to from the provider stand in the copy")
	}
	if _, stubs := v.plan.Sets().Adds(t); !stubs {
		return nil
	}
	full := v.unlikeStub(t)
	if full == "" {
		return nil
	}
	only := "SELECT " + c.dialect.Count() + " FROM (" + set + ") AS stubs JOIN " + c.dialect.Table(t.Name) + " t ON " + c.same(t, "stubs", "t") + " WHERE " + full
	if n, err = number(ctx, v.snapshot, only); err != nil {
		return err
	}
	if n > 0 {
		v.violation(CodeUnreachable, t, n, "rows that are only referenced hold more than their key")
	}
	return nil
}

// unlikeStub is the condition that a row holds more than a stub row would.
func (v *copyVerifier) unlikeStub(t *filter.Table) string {
	keys := v.plan.Schema().StubColumns(t)
	var conditions []string
	for _, column := range v.plan.Table(t.Name).Columns {
		if slices.Contains(keys, column.Name) {
			continue
		}
		name := v.recheck.column("t", column.Name)
		dummy := t.Field(column.Name).Stub
		switch {
		case dummy == nil, dummy.IsNull(), t.Field(column.Name).Effect.Blanks:
			conditions = append(conditions, name+" IS NOT NULL")
		case v.recheck.elsewhere != nil:
			if made, ok := maskedDummy(&column, *dummy); ok {
				of, comparing := t.Column(column.Name).Type, v.recheck.comparing()
				conditions = append(conditions, name+" IS NULL OR NOT ("+comparing.cell(name, of)+" = "+comparing.Literal(value.Neutral(made, column.Type), of)+")")
			}
		case column.Rule() == nil || column.MaskedInSQL():
			literal := v.recheck.dialect.Literal(*dummy, column.Type)
			if column.MaskedInSQL() {
				literal, _ = column.Rule().SQL(v.recheck.dialect, column.MaskColumn(), literal)
				// In an expression of a mask's making, a literal is a text, and PostgreSQL compares no jsonb with that.
				if shaper, ok := v.recheck.dialect.(engine.Shaper); ok && column.Type.Kind == value.JSON && v.recheck.dialect.Name() == engines.Postgres {
					literal = shaper.Shape(literal, column.EngineType, t.Column(column.Name))
				}
			}
			conditions = append(conditions, name+" IS NULL OR NOT ("+name+" = "+literal+")")
		}
	}
	return strings.Join(conditions, " OR ")
}

// maskedDummy is what a stub's dummy became in a copy. It is not ok where only the masking key's holder could tell.
func maskedDummy(c *plan.Column, dummy value.Value) (value.Value, bool) {
	if c.Rule() == nil {
		return dummy, true
	}
	if c.Rule().NeedsKey() {
		return value.Value{}, false
	}
	apply, err := c.Rule().Func(c.MaskColumn(), nil)
	if err != nil {
		return value.Value{}, false
	}
	made, err := apply(dummy)
	return made, err == nil && !made.IsNull()
}

// references demands that every foreign key of the copy holds: those that it declares, and those that it can't.
func (v *copyVerifier) references(ctx context.Context) error {
	c := v.recheck
	for i := range v.plan.References {
		r := &v.plan.References[i]
		if !r.Made {
			continue
		}
		source := r.Source()
		set := []string{}
		for _, name := range r.Columns {
			set = append(set, c.column("t", name)+" IS NOT NULL")
		}
		n, err := number(ctx, v.snapshot, "SELECT "+c.dialect.Count()+" FROM "+c.dialect.Table(r.Child)+" t LEFT JOIN "+c.dialect.Table(r.Parent)+" o ON "+c.pairs(source.Columns, "o", "t")+
			" WHERE "+strings.Join(set, " AND ")+" AND "+c.column("o", source.Columns[0].Parent)+" IS NULL")
		if err != nil {
			return err
		}
		if n > 0 {
			v.violation(CodeOrphan, source.Child, n, "the reference by (%s) leads to no row of %s", strings.Join(r.Columns, ", "), r.Parent)
		}
	}
	v.checks = append(v.checks, "every foreign key of the copy holds")
	return nil
}
