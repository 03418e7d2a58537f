package deliver

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/plan/deliver/disclosure"
	"github.com/utdrag/utdrag/plan/deliver/order"
)

// RunOptions are what running a folder of orders needs.
type RunOptions struct {
	// Options are those of each delivery; Others, PlanHash and Confirm are not looked at.
	Options
	// DryRun says what would be done and does nothing: neither log nor key is needed.
	DryRun bool
	// Attempt is told before each attempt at an order, the first being 1, and Wait before waiting for the next one of any. Both may
	// be nil.
	Attempt func(o *order.Order, attempt int)
	Wait    func(d time.Duration)
}

// Status is what a run did about an order.
type Status string

// The statuses.
const (
	StatusDelivered Status = "delivered"
	StatusWould     Status = "would deliver" // of a dry run
	StatusNotDue    Status = "not due"
	StatusHeld      Status = "held"
	StatusRefused   Status = "refused"
	StatusFailed    Status = "failed"
	StatusClockBack Status = "clock back" // the last delivery is in the future
	StatusNotTried  Status = "not tried"  // the run was interrupted
)

// Item is one order of a run.
type Item struct {
	Order    string `json:"order"`
	Provider string `json:"provider"`
	File     string `json:"file"`
	Status   Status `json:"status"`
	// Reason says why, in words.
	Reason string `json:"reason"`
	// Last is when the last delivery was begun, and Next when one will fall due; zero for never. Missed counts the deliveries that
	// fell due before this one and are passed over.
	Last   time.Time `json:"last,omitzero"`
	Next   time.Time `json:"next,omitzero"`
	Missed int       `json:"missed,omitempty"`
	// Attempts counts those of this run.
	Attempts int `json:"attempts,omitempty"`
	// Code is that of the error, which Err returns.
	Code    string   `json:"code,omitempty"`
	Outcome *Outcome `json:"outcome,omitempty"`

	err    error
	order  *order.Order
	ready  time.Time
	settle bool // not due, but an earlier delivery didn't come to an end
}

// Err is why the order wasn't delivered, or nil.
func (i *Item) Err() error { return i.err }

// Summary is what a run did, an item for each order of the folder in the order of their files' names.
type Summary struct {
	Began    time.Time `json:"began"`
	Ended    time.Time `json:"ended"`
	DryRun   bool      `json:"dry_run"`
	Items    []*Item   `json:"orders"`
	Warnings diag.List `json:"warnings,omitempty"`
}

// Err joins the errors of all orders, those of the worst class first, or is nil.
func (s *Summary) Err() error {
	var all []error
	for _, i := range s.Items {
		if i.err != nil {
			all = append(all, i.err)
		}
	}
	slices.SortStableFunc(all, func(a, b error) int { return int(ClassOf(b)) - int(ClassOf(a)) })
	return errors.Join(all...)
}

// Run delivers what is due of the orders of a folder, one after the other, so that no source is read twice at a time. What failed
// from outside is tried again as its order says; meanwhile others go on. One period that was missed is made up for. The error
// means that none could be run: another process runs them, or they can't stand together. What became of each order is in the
// summary, and [Summary.Err] is the worst of it.
func Run(ctx context.Context, folder string, options RunOptions) (*Summary, error) {
	options.Options = options.withDefaults()
	options.PlanHash, options.Confirm = "", ""
	s := &Summary{Began: options.Now().UTC().Truncate(time.Second), DryRun: options.DryRun}
	if !options.DryRun {
		release, err := lock(filepath.Join(folder, StateFolder), folderLock, s.Began)
		if held, ok := err.(errLocked); ok {
			return nil, refused(codeFolderLocked, "wait until it is done", "the orders of this folder are being run by %s", held.holder)
		}
		if err != nil {
			return nil, err
		}
		defer release()
	}
	orders, err := s.load(ctx, folder, options)
	if err != nil {
		return nil, err
	}
	var queue []*Item
	for _, o := range orders {
		i := newItem(o, s.Began)
		s.Items = append(s.Items, i)
		if i.Status == StatusWould && !options.DryRun {
			i.Status, i.Reason = StatusNotTried, "the run was interrupted"
			queue = append(queue, i)
		}
	}
	err = work(ctx, queue, orders, options)
	s.Ended = options.Now().UTC().Truncate(time.Second)
	return s, err
}

// load reads the orders and holds them against each other. What is wrong with one alone is found when it is its turn.
func (s *Summary) load(ctx context.Context, folder string, options RunOptions) ([]*order.Order, error) {
	orders, found, err := order.LoadFolder(folder)
	if err == nil {
		s.Warnings = found
		conflicts := slices.DeleteFunc(order.Check(ctx, orders, s.Began, nil), func(d diag.Diagnostic) bool { return !conflict(d) })
		err = conflicts.Err()
	}
	if err == nil || options.DryRun || options.Log == nil {
		return orders, err
	}
	return nil, errors.Join(err, Refuse(ctx, options.Log, err))
}

// Refuse writes to the log that something was refused before it was known which order it was.
func Refuse(ctx context.Context, log *disclosure.Log, cause error) error {
	d := &delivery{Options: Options{Log: log}, out: &Outcome{}}
	_, err := d.append(ctx, disclosure.Disclosure{Outcome: disclosure.Refused, Code: codeOf(cause)})
	return err
}

// newItem finds out whether an order is due.
func newItem(o *order.Order, now time.Time) *Item {
	i := &Item{Order: o.ID, Provider: o.Provider.HSAID, File: filepath.Base(o.File()), order: o}
	state, err := LoadState(o)
	if err != nil {
		i.fail(err)
		return i
	}
	if d := state.Delivered; d != nil {
		i.Last = d.Begun
	}
	due, next, missed := o.Due(i.Last, now)
	i.Next, i.Missed = next.UTC(), missed
	switch {
	case i.Last.After(now):
		i.fail(refused(codeClock, "set the clock, and find out why it went back; if the state is wrong, restore it from a backup", "the last delivery of the order %s was begun later than it is now, and nothing is due until that time has passed again", o.ID))
		i.Status = StatusClockBack
	case state.Begun != nil:
		i.Status, i.Reason, i.settle = StatusWould, "an earlier delivery was killed or cut off: what it began is looked for first", !due
	case !due:
		i.Status, i.Reason = StatusNotDue, "nothing more will fall due"
		if !next.IsZero() {
			i.Reason = "due " + next.UTC().Format(time.RFC3339)
		}
	case state.Held != nil:
		i.fail(refused(codeHeld, "look at it, and then: utdrag deliver --confirm "+state.Held.Hash+" "+o.File(), "the order %s is held since %s: a table changed by more than it allows", o.ID, state.Held.Since.Format(time.RFC3339)))
	default:
		i.Status, i.Reason = StatusWould, "never delivered"
		if !i.Last.IsZero() {
			i.Reason = "last delivered " + i.Last.Format(time.RFC3339)
		}
		if missed > 0 {
			i.Reason += fmt.Sprintf("; %d missed before this one", missed)
		}
	}
	return i
}

func (i *Item) fail(err error) {
	i.err, i.Code = err, codeOf(err)
	i.Status, i.Reason = StatusRefused, "see the error"
	switch {
	case i.Code == codeHeld:
		i.Status, i.Reason = StatusHeld, "somebody must look at it and confirm"
	case ClassOf(err) == diag.External:
		i.Status = StatusFailed
	}
}

// work goes through the orders that are due, and again through those that failed from outside when their time has come.
func work(ctx context.Context, queue []*Item, all []*order.Order, options RunOptions) error {
	for len(queue) > 0 {
		if ctx.Err() != nil {
			return external(codeInterrupted, "", ctx.Err(), "the run was interrupted")
		}
		next := 0
		for at, i := range queue {
			if i.ready.Before(queue[next].ready) {
				next = at
			}
		}
		i := queue[next]
		queue = slices.Delete(queue, next, next+1)
		if wait := i.ready.Sub(options.Now()); wait > 0 {
			if options.Wait != nil {
				options.Wait(wait)
			}
			if options.Sleep(ctx, wait) != nil {
				continue // the context has ended; its first attempts' error stands
			}
		}
		if i.attempt(ctx, all, options) {
			queue = append(queue, i)
		}
	}
	return nil
}

// attempt delivers an order and reports whether to try again, and when.
func (i *Item) attempt(ctx context.Context, all []*order.Order, options RunOptions) (again bool) {
	i.Attempts++
	if options.Attempt != nil {
		options.Attempt(i.order, i.Attempts)
	}
	one := options.Options
	one.Others, one.settle = all, i.settle
	out, err := Deliver(ctx, i.order, one)
	i.Outcome, i.err, i.Code, i.Reason = out, nil, "", ""
	if out != nil && out.Outcome == disclosure.Delivered {
		i.Status, i.Last = StatusDelivered, out.Begun
		if out.Completed {
			i.Reason = "an earlier run had laid it down"
		}
		if err != nil {
			i.err, i.Code, i.Reason = err, codeOf(err), "delivered; see the error"
		}
		return false
	}
	if err == nil {
		i.Status, i.Reason = StatusNotDue, "what an earlier delivery began wasn't delivered, and isn't due any more"
		return false
	}
	i.fail(err)
	r := i.order.Retry
	if ClassOf(err) != diag.External || i.Attempts >= r.Attempts || ctx.Err() != nil {
		return false
	}
	i.ready = options.Now().Add(min(r.Wait<<min(i.Attempts-1, 20), r.Longest))
	return true
}
