package run

import (
	"context"
	"errors"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

// Answer streams the rows of a confined query. It must be closed.
type Answer struct {
	// Columns are the names of the columns, as the engine gives them.
	Columns []string

	snapshot engine.Snapshot
	rows     engine.Rows
	row      []value.Value
}

// Query runs a rewritten query on a source, in a snapshot of its own. The source's own errors quote no cells. Queries with
// parameters of their own are refused: for those there is [filter.OpenDB].
func Query(ctx context.Context, s *Source, f *filter.Filter, q filter.Query) (a *Answer, err error) {
	if len(q.Theirs) > 0 {
		return nil, &diag.Error{Code: CodeParameters, Class: diag.Misuse, Message: "the query has parameters, and nobody gives them values here", Advice: "write literals"}
	}
	terms := engine.Terms{AllowInconsistent: true} // a single query sees one state anyway, whatever the engine's snapshots need
	for _, step := range q.Setup {
		switch step.Kind {
		case filter.StepMake:
			terms.Work = append(terms.Work, step.SQL)
		case filter.StepStage:
			terms.Stages = append(terms.Stages, step.SQL)
		}
	}
	snapshot, err := s.engine.Begin(ctx, terms)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, snapshot.Close())
		}
	}()
	check := f.Registered()
	if found, err := number(ctx, snapshot, check.SQL, check.Args...); err != nil {
		return nil, err
	} else if found != check.Expect {
		return nil, &diag.Error{Code: check.Code, Class: diag.Refused, Message: check.Message, Advice: check.Advice}
	}
	for i := range q.Setup {
		if step := &q.Setup[i]; step.Kind != filter.StepMake && step.Kind != filter.StepStage {
			if err := execute(ctx, snapshot, step); err != nil {
				return nil, err
			}
		}
	}
	rows, err := snapshot.Query(ctx, q.SQL, q.Args...)
	if err != nil {
		return nil, err
	}
	a = &Answer{snapshot: snapshot, rows: rows, Columns: q.Columns}
	if d, ok := rows.(engine.Described); ok {
		a.Columns = d.Columns()
	}
	a.row = make([]value.Value, len(a.Columns))
	return a, nil
}

// Next returns the next row, or nil at the end. The row is valid until the next call.
func (a *Answer) Next() ([]value.Value, error) {
	if a.rows.Next(a.row) {
		return a.row, nil
	}
	return nil, a.rows.Err()
}

// Close ends the query and its snapshot.
func (a *Answer) Close() error { return errors.Join(a.rows.Close(), a.snapshot.Close()) }
