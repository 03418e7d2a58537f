package run

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
)

// copyTables copies the tables: in the plan's order, or several at a time where source and sink can.
func (r *runner) copyTables(ctx context.Context) error {
	r.options.Progress.Phase("copy", len(r.plan.Tables))
	r.report.Tables = make([]Table, len(r.plan.Tables))
	r.keys = make([]*tally, len(r.plan.Tables))
	jobs := 1
	if c, ok := r.sink.(Concurrent); ok {
		jobs = min(r.options.Jobs, c.Writers())
	}
	return each(ctx, r.snapshot, jobs, len(r.plan.Tables), r.copyTable)
}

// each does the work of count tables, in their order, with as many as jobs of them under way at a time, each over a
// connection of its own that sees the same snapshot. Where the snapshot can't be shared there is one.
func each(ctx context.Context, s engine.Snapshot, jobs, count int, work func(ctx context.Context, s engine.Snapshot, table int) error) (err error) {
	snapshots := []engine.Snapshot{s}
	sharer, ok := s.(engine.Sharer)
	for ok && len(snapshots) < min(jobs, count) {
		shared, err := sharer.Share(ctx)
		if err != nil {
			return errors.Join(err, closeAll(snapshots[1:]))
		}
		snapshots = append(snapshots, shared)
	}
	defer func() { err = errors.Join(err, closeAll(snapshots[1:])) }()
	if len(snapshots) == 1 {
		for i := range count {
			if err := work(ctx, s, i); err != nil {
				return err
			}
		}
		return nil
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	next := make(chan int)
	var group sync.WaitGroup
	errs := make([]error, len(snapshots))
	for at, snapshot := range snapshots {
		group.Go(func() {
			for i := range next {
				if errs[at] = work(ctx, snapshot, i); errs[at] != nil {
					stop(errs[at])
					return
				}
			}
		})
	}
	for i := range count {
		select {
		case next <- i:
		case <-ctx.Done():
		}
	}
	close(next)
	group.Wait()
	return first(ctx, errs)
}

// first is what went wrong first; what the others say of it is only that they were stopped.
func first(ctx context.Context, errs []error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return errors.Join(errs...)
}

func closeAll(snapshots []engine.Snapshot) error {
	var errs []error
	for _, s := range snapshots {
		errs = append(errs, s.Close())
	}
	return errors.Join(errs...)
}

func (r *runner) copyTable(ctx context.Context, s engine.Snapshot, place int) error {
	t := &r.plan.Tables[place]
	expected := int64(-1)
	if e := t.Source().RowEstimate; e != nil {
		expected = *e
	}
	r.options.Progress.Table(t.Name.String(), expected)
	writer, err := r.sink.Table(ctx, t)
	if err != nil {
		return err
	}
	c := &copier{table: t, writer: writer, progress: r.options.Progress, content: &tally{}, keys: &tally{}, keyPlaces: keyPlaces(t), neutral: r.made != r.plan}
	if err := c.masks(r.options.Key); err != nil {
		return errors.Join(err, writer.Close())
	}
	for i := range r.plan.Steps {
		if step := &r.plan.Steps[i]; step.Kind == plan.StepCopy && step.Copy.Table.Name == t.Name {
			if err := c.copy(ctx, s, *step.Copy); err != nil {
				return errors.Join(err, writer.Close())
			}
		}
	}
	if d, ok := writer.(Digested); ok {
		d.Digest(c.content.String())
	}
	if err := writer.Close(); err != nil {
		return err
	}
	r.keys[place] = c.keys
	r.report.Tables[place] = Table{Name: t.Name, Rows: c.content.Rows, Bytes: c.bytes, Content: c.content.String()}
	return nil
}

// copier moves the rows of one table.
type copier struct {
	table     *plan.Table
	writer    RowWriter
	progress  Progress
	funcs     []mask.Func // by place; nil where nothing is masked here
	content   *tally
	keys      *tally
	keyPlaces []int
	neutral   bool // the copy is another engine's
	bytes     int64
}

func (c *copier) masks(key *mask.Key) error {
	c.funcs = make([]mask.Func, len(c.table.Columns))
	for i := range c.table.Columns {
		column := &c.table.Columns[i]
		if column.Rule() == nil || column.MaskedInSQL() {
			continue
		}
		f, err := column.Rule().Func(column.MaskColumn(), key)
		if err != nil {
			return err
		}
		c.funcs[i] = f
	}
	return nil
}

func (c *copier) copy(ctx context.Context, s engine.Snapshot, source engine.Copy) (err error) {
	rows, err := s.Read(ctx, source)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	row := make([]value.Value, len(source.Columns))
	key := make([]value.Value, len(c.keyPlaces))
	var pending, pendingBytes int64
	for rows.Next(row) {
		for i, place := range c.keyPlaces {
			key[i] = row[place]
		}
		if err := c.keys.Add(key); err != nil {
			return err
		}
		if err := c.write(row, &pendingBytes); err != nil {
			return err
		}
		if pending++; pending == 1024 || pendingBytes > 1<<20 {
			c.progress.Add(pending, pendingBytes)
			c.bytes += pendingBytes
			pending, pendingBytes = 0, 0
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
	c.progress.Add(pending, pendingBytes)
	c.bytes += pendingBytes
	return rows.Err()
}

// write masks a row, hands it to the sink and digests it.
func (c *copier) write(row []value.Value, bytes *int64) error {
	for i, f := range c.funcs {
		if f == nil {
			continue
		}
		masked, err := f(row[i])
		if err != nil {
			column := &c.table.Columns[i]
			return &diag.Error{Code: CodeMaskFailed, Class: diag.Refused, Err: err, Message: fmt.Sprintf("column %s of %s: mask %s met a cell that it can't mask", column.Name, c.table.Name, column.Mask),
				Advice: "omit the column, or mask it with null"}
		}
		row[i] = masked
	}
	if c.neutral {
		neutralize(row, c.table)
	}
	for _, v := range row {
		*bytes += v.Size()
	}
	row = c.content.meter(row)
	if err := c.writer.Write(row); err != nil {
		return err
	}
	return c.content.settle(row)
}

// neutralize gives the cells of a row the form that they have in every engine.
func neutralize(row []value.Value, t *plan.Table) {
	for i := range row {
		row[i] = value.Neutral(row[i], t.Columns[i].Type)
	}
}

// keyPlaces are the places, among a table's columns, of its key: the primary key, else a unique key, else all columns.
func keyPlaces(t *plan.Table) []int {
	var names []string
	if keys := t.Source().Keys(); len(keys) > 0 {
		names = keys[0].Columns
	}
	var places []int
	for i, c := range t.Columns {
		if names == nil && !c.Blanked || slices.Contains(names, c.Name) {
			places = append(places, i)
		}
	}
	return places
}
