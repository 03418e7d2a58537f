// Package run executes a copy plan: it reads the included rows of one provider from one snapshot of a source, masks
// them, and hands them to a sink.
//
//	source, err := run.Open(ctx, "sqlite:journal.db")
//	cat, err := source.Catalog(ctx)
//	p, found := plan.Build(m, cat, filter.Request{Provider: id})
//	report, err := run.Run(ctx, p, source, run.NewDatabase("sqlite:copy.db"), run.Options{})
//
// # Promises
//
// Every row is read from one snapshot. Memory doesn't grow with a table; it grows with the key sets of tables that
// several paths reach where the engine holds work tables in memory, as SQLite does here: about ten bytes a row. Large
// cells are read in pieces. After the copy, and before a sink makes it final, the keys
// copied are compared with those that a query formed in another way finds in the same snapshot; a copy that can be
// read back is then verified as a whole, by itself. A run that fails or is cancelled leaves no copy, and one that is
// killed leaves none under its name. Only a folder that a user asked for in plaintext ([NewFolder]) can leave a partial
// folder beside it when the process is killed.
package run

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
)

// The codes of runs that were refused.
const (
	CodeNeedsKey    = "UX001" // a mask needs the masking key
	CodePlanHash    = "UX002" // the plan is not the one that was reviewed
	CodeMaskFailed  = "UX003" // a mask could not be applied to a cell
	CodeDrift       = "UX005" // the source's tables changed between planning and running
	CodeInterrupted = "UX006" // somebody interrupted the run
	CodeParameters  = "UX010" // a query has parameters of its own
)

// Options of a run.
type Options struct {
	// Key is the masking key, for plans whose masks need one.
	Key *mask.Key
	// PlanHash pins the run to a plan that was reviewed; "" runs any plan.
	PlanHash string
	// AllowInconsistent accepts a source that can't give a snapshot: rows may then be of different moments, and the report
	// says so. DatabaseSnapshot asks for a snapshot of the whole database where a transaction can't give one.
	AllowInconsistent, DatabaseSnapshot bool
	// Jobs is how many tables are copied at a time, at most, where the source and the sink can; less than two means one.
	Jobs int
	// Counted, if not nil, is told how many rows of each table will be copied, by the same snapshot and before the sink has
	// begun. Its error ends the run. It costs one more reading of the tables' keys.
	Counted func(ctx context.Context, rows []Rows) error
	// Progress is told how it goes; nil for silence.
	Progress Progress
}

// Run executes a plan. On error nothing is left in the sink. The error is coded: see package diag.
func Run(ctx context.Context, p *plan.Plan, source *Source, sink Sink, o Options) (*Report, error) {
	if o.Progress == nil {
		o.Progress = silent{}
	}
	if o.PlanHash != "" && o.PlanHash != p.Hash {
		return nil, &diag.Error{Code: CodePlanHash, Class: diag.Refused, Message: "the plan is not the one that was reviewed: its hash is " + p.Hash,
			Advice: "the map, the database's tables or the order changed: review the plan again"}
	}
	if o.Key == nil && p.NeedsKey() {
		return nil, &diag.Error{Code: CodeNeedsKey, Class: diag.Misuse, Message: "a mask of the plan needs the masking key", Advice: "name the file that holds it"}
	}
	r := &runner{plan: p, made: p, source: source, sink: sink, options: o}
	if f, ok := sink.(Foreign); ok {
		made, err := f.As(p)
		if err != nil {
			return nil, err
		}
		r.made = made
	}
	report, err := r.run(ctx)
	if err == nil {
		return report, nil
	}
	return nil, given(ctx, err, sink.Abort())
}

// given is the error of a run that failed: its own and that of clearing away, or that somebody interrupted it.
func given(ctx context.Context, err, aborted error) error {
	switch {
	case ctx.Err() == nil:
		return errors.Join(err, aborted)
	case aborted != nil:
		return &diag.Error{Code: CodeInterrupted, Class: diag.External, Message: "the run was interrupted, and what it had made could not be cleared away", Err: errors.Join(context.Cause(ctx), aborted)}
	}
	return &diag.Error{Code: CodeInterrupted, Class: diag.External, Message: "the run was interrupted and left nothing", Err: context.Cause(ctx)}
}

type runner struct {
	plan     *plan.Plan
	source   *Source
	sink     Sink
	options  Options
	snapshot engine.Snapshot
	report   *Report
	second   *recheck   // the other route to the same rows
	made     *plan.Plan // the plan of the copy as the sink makes it
	keys     []*tally   // by table: the keys of rows as they passed, before Go masks
}

func (r *runner) run(ctx context.Context) (report *Report, err error) {
	r.second = &recheck{schema: r.plan.Schema(), request: r.plan.Request, dialect: r.plan.Dialect(), view: sourceView{}}
	terms := engine.Terms{Work: append(workTables(r.plan), r.second.work()...), AllowInconsistent: r.options.AllowInconsistent, DatabaseSnapshot: r.options.DatabaseSnapshot}
	r.snapshot, err = r.source.engine.Begin(ctx, terms)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.snapshot.Close()) }()
	if err := r.unchanged(ctx); err != nil {
		return nil, err
	}
	r.report = newReport(r.plan, r.snapshot.Kind())
	if r.made != r.plan {
		r.report.Into = r.made.Engine
	}
	if r.options.Key != nil && r.plan.NeedsKey() {
		r.report.MaskKey = r.options.Key.Fingerprint()
	}
	if err := r.keySets(ctx); err != nil {
		return nil, err
	}
	if r.options.Counted != nil {
		rows, err := r.count(ctx)
		if err != nil {
			return nil, err
		}
		if err := r.options.Counted(ctx, rows); err != nil {
			return nil, err
		}
	}
	if err := r.sink.Begin(ctx, r.plan, r.report); err != nil {
		return nil, err
	}
	if err := r.copyTables(ctx); err != nil {
		return nil, err
	}
	if err := r.verify(ctx); err != nil {
		return nil, err
	}
	return r.report, r.sink.Finish(ctx, r.report)
}

// unchanged refuses to run a plan on tables other than those it was made for.
func (r *runner) unchanged(ctx context.Context) error {
	now, err := r.snapshot.Catalog(ctx)
	if err != nil {
		return err
	}
	if now.Hash() != r.plan.CatalogHash {
		return &diag.Error{Code: CodeDrift, Class: diag.Refused, Message: "the source's tables are not those that the plan was made for", Advice: "take the catalog again, and plan and review again"}
	}
	return nil
}

// keySets runs every step before the first copy.
func (r *runner) keySets(ctx context.Context) error {
	r.options.Progress.Phase("key sets", 0)
	for i := range r.plan.Steps {
		step := &r.plan.Steps[i]
		if step.Kind == plan.StepCopy || step.Kind == filter.StepMake {
			continue
		}
		r.options.Progress.Table(step.Table, -1)
		if err := execute(ctx, r.snapshot, &step.Step); err != nil {
			return err
		}
	}
	return nil
}

// workTables are the statements that make the plan's work tables.
func workTables(p *plan.Plan) (statements []string) {
	for i := range p.Steps {
		if p.Steps[i].Kind == filter.StepMake {
			statements = append(statements, p.Steps[i].SQL)
		}
	}
	return statements
}

// execute runs a step that is neither a copy nor the making of a work table.
func execute(ctx context.Context, s engine.Snapshot, step *filter.Step) error {
	switch step.Kind {
	case filter.StepFill, filter.StepClear:
		_, err := s.Exec(ctx, step.SQL, step.Args...)
		return err
	case filter.StepCheck:
		found, err := number(ctx, s, step.SQL)
		if err != nil {
			return err
		}
		if found != step.Expect {
			return &diag.Error{Code: step.Code, Class: diag.Refused, Advice: step.Advice, Message: step.Message + ": expected " + strconv.FormatInt(step.Expect, 10) + ", found " + strconv.FormatInt(found, 10)}
		}
		return nil
	case filter.StepFixpoint:
		return fixpoint(ctx, s, step)
	}
	return fmt.Errorf("run: a step of kind %q can't be executed", step.Kind)
}

// fixpoint repeats the rounds while the step's condition yields 1. Each round finds a row at least, so it ends.
func fixpoint(ctx context.Context, s engine.Snapshot, step *filter.Step) error {
	for {
		on, err := number(ctx, s, step.SQL)
		if err != nil || on == 0 {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		for i := range step.Rounds {
			if err := execute(ctx, s, &step.Rounds[i]); err != nil {
				return err
			}
		}
	}
}

// number runs a query that yields one number.
func number(ctx context.Context, s engine.Snapshot, query string, args ...value.Value) (n int64, err error) {
	rows, err := s.Query(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	row := make([]value.Value, 1)
	if !rows.Next(row) {
		return 0, errors.Join(errors.New("a query for a number yielded none"), rows.Err())
	}
	if row[0].Form() != value.Int {
		return 0, errors.New("a query for a number yielded something else")
	}
	return row[0].Int(), nil
}
