package deliver

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/plan/deliver/disclosure"
	"github.com/utdrag/utdrag/plan/deliver/order"
	"github.com/utdrag/utdrag/plan/deliver/sink"
)

// askable reports whether a package can be looked for where it was to be delivered. What a command took can't.
func askable(o *order.Order) bool { return len(o.Delivery.Command) == 0 }

var errAbsent = errors.New("the package isn't there")

// settle finishes what a killed process began: a package that got its name is delivered, and then done is true. Anything else
// failed.
func (d *delivery) settle(ctx context.Context) (done bool, err error) {
	begun := d.state.Begun
	if begun == nil {
		return false, nil
	}
	said, err := d.said(ctx, begun)
	if err != nil {
		d.out.Outcome = disclosure.Failed
		return false, err
	}
	if said != nil && said.Disclosure.Outcome == disclosure.Delivered {
		// The package may be gone by now, fetched by its recipient.
		d.out.Outcome, d.out.Completed, d.out.Begun, d.out.Record = disclosure.Delivered, true, begun.At, said.Sequence
		d.out.Package, d.out.Tables, d.out.Plan = said.Disclosure.Package, begun.Tables, begun.Plan
		return true, d.done(said.At().Truncate(time.Second))
	}
	if begun.Tables != nil && begun.OrderHash == d.record.Order.Hash && askable(d.order) {
		receipt, err := d.standing(ctx, begun)
		if err == nil {
			d.out.Completed, d.out.Begun = true, begun.At
			return true, d.delivered(ctx, receipt)
		}
		if !errors.Is(err, errAbsent) && ClassOf(err) == diag.External {
			// Whether it was delivered isn't known, so nothing is begun.
			d.out.Outcome = disclosure.Failed
			return false, err
		}
	}
	d.out.Outcome = disclosure.Failed
	if said != nil {
		d.state.Begun = nil
		return false, d.state.save(d.order)
	}
	record := d.record
	record.Outcome, record.Code, record.Started = disclosure.Failed, codeInterrupted, begun.Record
	record.Order.Hash, record.Map, record.Catalog, record.Plan = begun.OrderHash, begun.Map, begun.Catalog, begun.Plan
	if _, err := d.append(ctx, record); err != nil {
		return false, err
	}
	d.state.Begun = nil
	return false, d.state.save(d.order)
}

// said is the last record that says what became of the run that was begun, or nil. It sets the number of the record that says that it
// began to what the log has: the state lacks it where the run was killed in between, and it means nothing in a log that was begun anew.
func (d *delivery) said(ctx context.Context, begun *Begun) (last *disclosure.Record, err error) {
	began := func(r *disclosure.Record) bool {
		return r.Disclosure.Outcome == disclosure.Started && r.Disclosure.Order == disclosure.Order{ID: d.order.ID, Hash: begun.OrderHash} &&
			(r.Sequence == begun.Record || begun.Record == 0 && !r.At().Before(begun.At))
	}
	var number int64
	err = d.Log.Records(ctx, func(r *disclosure.Record) bool {
		switch {
		case r.Disclosure == nil:
		case began(r):
			number, last = r.Sequence, nil
		case number > 0 && r.Disclosure.Started == number:
			last = r
		}
		return true
	})
	begun.Record = number
	return last, err
}

// standing is the receipt of a package that lies under its name with a receipt of the same run.
func (d *delivery) standing(ctx context.Context, begun *Begun) (*sink.Receipt, error) {
	to, err := d.sinkOf(ctx, d.sinkOptions(begun.At))
	if err != nil {
		return nil, err
	}
	// A stream that has nothing to give: it is asked only if the package isn't there.
	return to.Put(ctx, begun.Package, sink.Stream(func(io.Writer) error { return errAbsent }))
}
