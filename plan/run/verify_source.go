package run

import (
	"context"
	"errors"
	"strings"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
)

// verify compares what passed with what the other route finds in the same snapshot, and then verifies the copy itself
// where the sink can read it back. Only after that is the copy made final.
func (r *runner) verify(ctx context.Context) error {
	r.options.Progress.Phase("verify", len(r.plan.Tables))
	found, err := r.compareSource(ctx)
	if err != nil {
		return err
	}
	if err := found.err(); err != nil {
		return err
	}
	r.report.Checks = append(r.report.Checks, "the keys copied of every table are those that a second query, formed in another way, finds in the same snapshot")
	readable, ok := r.sink.(Readable)
	if !ok {
		return nil
	}
	v := newCopyVerifier(r.made, r.report, r.options.Progress)
	v.jobs = r.options.Jobs
	copied, err := readable.Read(ctx, v.recheck.work())
	if err != nil {
		return err
	}
	if err = errors.Join(v.verify(ctx, copied), copied.Close()); err != nil {
		return err
	}
	r.report.Checks = append(r.report.Checks, v.checks...)
	return v.found.err()
}

// compareSource tallies the keys by the other route and compares them with those that passed.
func (r *runner) compareSource(ctx context.Context) (Violations, error) {
	p, c := r.plan, r.second
	c.snapshot = r.snapshot
	if err := c.reach(ctx); err != nil {
		return nil, err
	}
	if err := c.add(ctx); err != nil {
		return nil, err
	}
	others := make([]*tally, len(p.Tables))
	err := each(ctx, r.snapshot, r.options.Jobs, len(p.Tables), func(ctx context.Context, s engine.Snapshot, i int) (err error) {
		r.options.Progress.Table(p.Tables[i].Name.String(), -1)
		others[i], err = c.keys(ctx, s, p, &p.Tables[i])
		return err
	})
	if err != nil {
		return nil, err
	}
	var found Violations
	for i := range p.Tables {
		name, passed, other := p.Tables[i].Name.String(), r.keys[i], others[i]
		switch {
		case passed.Rows != other.Rows:
			found = append(found, Violation{Code: CodeRowCount, Table: name, Message: "the copy has another number of rows than the second query finds", Count: abs(passed.Rows - other.Rows)})
		case passed.Digest != other.Digest:
			found = append(found, Violation{Code: CodeKeys, Table: name, Message: "the copy has other keys than the second query finds"})
		}
	}
	return found, nil
}

// keys tallies the keys of a table's rows by this route.
func (c *recheck) keys(ctx context.Context, s engine.Snapshot, p *plan.Plan, t *plan.Table) (*tally, error) {
	keys := &tally{}
	source := t.Source()
	for i := range p.Steps {
		step := &p.Steps[i]
		if step.Kind != plan.StepCopy || step.Copy.Table.Name != t.Name {
			continue
		}
		var columns []string
		for _, place := range keyPlaces(t) {
			columns = append(columns, step.Copy.Columns[place].SQL)
		}
		for _, query := range c.queries(source, step.Stubs, strings.Join(columns, ", ")) {
			if err := addAll(ctx, s, query, len(columns), keys); err != nil {
				return nil, err
			}
		}
	}
	return keys, nil
}

// queries select columns of the rows of t that this route finds, each row once.
func (c *recheck) queries(t *filter.Table, stubs bool, columns string) []string {
	if columns == "" {
		columns = "1"
	}
	joined := func(work string) string {
		return "SELECT " + columns + " FROM " + c.dialect.Work(work) + " s JOIN " + c.dialect.Table(t.Name) + " t ON " + c.same(t, "s", "t")
	}
	if stubs {
		return []string{joined(c.stub[t])}
	}
	if work, ok := c.seen[t]; ok {
		queries := []string{joined(work)}
		if more := c.more[t]; more != "" {
			queries = append(queries, joined(more))
		}
		return queries
	}
	if t.Rule == filter.AllRows {
		return []string{"SELECT " + columns + " FROM " + c.dialect.Table(t.Name) + " t"}
	}
	return []string{"SELECT " + columns + c.fromHop(t, t.Paths[0])}
}

func addAll(ctx context.Context, s engine.Snapshot, query string, columns int, into *tally) (err error) {
	rows, err := s.Query(ctx, query)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	row := make([]value.Value, max(columns, 1))
	for rows.Next(row) {
		if err := into.Add(row[:columns]); err != nil {
			return err
		}
	}
	return rows.Err()
}

func abs(n int64) int64 { return max(n, -n) }
