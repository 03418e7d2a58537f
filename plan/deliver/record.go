package deliver

import (
	"context"
	"errors"
	"time"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/plan/deliver/disclosure"
	"github.com/utdrag/utdrag/plan/deliver/sink"
)

// The codes of the disclosure log that say what a crash left, which its repair mends.
const (
	codeLogTorn        = "UD215"
	codeRepairHalfDone = "UD238"
	codeLogHalfDone    = "UD236"
)

// patience is how long a record may wait for the log after an interruption.
const patience = 30 * time.Second

// append writes a record, and first mends what a crash left of the one before. It is done even when the rest is called off.
func (d *delivery) append(ctx context.Context, record disclosure.Disclosure) (*disclosure.Record, error) {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer stop()
	r, err := d.Log.Append(ctx, record)
	if code := diag.CodeOf(err); code == codeLogTorn || code == codeRepairHalfDone {
		repaired, err := d.Log.Repair(ctx)
		if err != nil {
			return nil, err
		}
		d.out.Repaired = repaired.Sequence
		return d.Log.Append(ctx, record)
	}
	return r, err
}

// start says that the delivery begins.
func (d *delivery) start(ctx context.Context) error {
	record := d.record
	record.Outcome = disclosure.Started
	r, err := d.append(ctx, record)
	if err != nil {
		d.out.Outcome = disclosure.Failed
		if diag.CodeOf(err) == codeLogHalfDone {
			return err // the record is there; the next delivery says what became of it
		}
		d.state.Begun = nil
		return errors.Join(err, d.state.save(d.order))
	}
	if err := d.step("numbered"); err != nil {
		return d.end(ctx, err)
	}
	d.record.Started, d.state.Begun.Record = r.Sequence, r.Sequence
	if err := d.state.save(d.order); err != nil {
		return d.end(ctx, err)
	}
	if err := d.step("started"); err != nil {
		return d.end(ctx, err)
	}
	return nil
}

// end says in log and state why the order wasn't delivered.
func (d *delivery) end(ctx context.Context, cause error) error {
	record := d.record
	record.Outcome, record.Code, record.Tables = outcomeOf(ctx, cause), codeOf(cause), nil
	if d.out.Held != nil && diag.CodeOf(cause) == codeHeld {
		record.Outcome, record.Tables = disclosure.Held, logged(d.out.Held.Tables)
	} else {
		d.out.Held = nil
	}
	d.out.Outcome = record.Outcome
	r, err := d.append(ctx, record)
	if err == nil {
		d.out.Record = r.Sequence
	}
	if d.state != nil && (d.state.Begun != nil || d.out.Held != nil) {
		if b := d.state.Begun; b != nil && !(b.Failed && err == nil) {
			d.state.Begun = nil
		}
		if d.out.Held != nil {
			d.state.Held = d.out.Held
		}
		err = errors.Join(err, d.state.save(d.order))
	}
	if err != nil {
		return errors.Join(cause, err)
	}
	return cause
}

func outcomeOf(ctx context.Context, err error) disclosure.Outcome {
	if stopped(ctx, err) || ClassOf(err) == diag.External {
		return disclosure.Failed
	}
	return disclosure.Refused
}

// codeOf is the code of an error for the log.
func codeOf(err error) string {
	if code := diag.CodeOf(err); code != "" {
		return code
	}
	return codeUncoded
}

// delivered says in log and state that the package lies with its recipient. The log comes first, because an order whose state
// says so is done with. Killed between the two, the next delivery finds the record.
func (d *delivery) delivered(ctx context.Context, receipt *sink.Receipt) error {
	if err := d.step("published"); err != nil {
		return err
	}
	begun := d.state.Begun
	record := d.record
	record.Outcome, record.Started = disclosure.Delivered, begun.Record
	record.Map, record.Catalog, record.Plan = begun.Map, begun.Catalog, begun.Plan
	record.Package = disclosure.Package{Name: begun.Package, SHA256: receipt.SHA256, Size: receipt.Bytes}
	record.Tables = logged(begun.Tables)
	d.out.Outcome, d.out.Receipt, d.out.Package, d.out.Tables, d.out.Plan = disclosure.Delivered, receipt, record.Package, begun.Tables, begun.Plan
	d.out.Held, d.out.Changes = nil, nil
	r, halfDone := d.append(ctx, record)
	if halfDone != nil && diag.CodeOf(halfDone) != codeLogHalfDone {
		return unsaid(halfDone)
	}
	if r != nil {
		d.out.Record = r.Sequence
	}
	if err := d.step("logged"); err != nil {
		return err
	}
	if err := d.done(receipt.Finished); err != nil {
		return errors.Join(err, halfDone)
	}
	return errors.Join(halfDone, d.step("delivered"))
}

// done says in the state that the run that was begun is delivered, as the outcome has it.
func (d *delivery) done(finished time.Time) error {
	begun := d.state.Begun
	d.state.Delivered = &Delivered{Begun: begun.At, Finished: finished, Record: begun.Record, Plan: begun.Plan, Package: d.out.Package, Tables: begun.Tables}
	d.state.Held, d.state.Begun = nil, nil
	if err := d.state.save(d.order); err != nil {
		return unsaid(err)
	}
	return nil
}

// unsaid is about a delivery of which log or state couldn't be told. That it was begun still stands in the state, so the next
// delivery of the order finds the package.
func unsaid(err error) error {
	return errors.Join(failure(codeUnlogged, diag.External, "see to the disk and the log, and deliver the order again: that completes it and sends nothing twice", nil,
		"the package was delivered, and the log or the order's state doesn't say so yet"), err)
}
