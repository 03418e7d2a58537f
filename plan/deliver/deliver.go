package deliver

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/deliver/disclosure"
	"github.com/utdrag/utdrag/plan/deliver/order"
	"github.com/utdrag/utdrag/plan/deliver/sink"
	"github.com/utdrag/utdrag/plan/pack"
	"github.com/utdrag/utdrag/plan/run"
)

// Options are what deliveries need besides their orders.
type Options struct {
	// Log is written to before a row is read. Its signer is usually Signer.
	Log *disclosure.Log
	// Signer is the region's private key: packages are signed by it.
	Signer *pack.Secret
	// Tool names the program and its version, for the manifest.
	Tool string
	// Others are the other orders of the folder, that the order is held against: nobody else's key, account or folder.
	Others []*order.Order
	// Getenv is where orders' env: places are looked up, usually os.Getenv.
	Getenv func(string) string
	// Ask asks somebody for a secret, where an order says so; nil where nobody is there to be asked.
	Ask func(ctx context.Context, question string) ([]byte, error)
	// PlanHash pins the delivery to a plan that was reviewed; "" delivers by any plan.
	PlanHash string
	// Confirm is the hash of a delivery that was held, from somebody who has looked at it; "" for none.
	Confirm string
	// Spool is a folder for a sealed copy while it is sent, so that a connection that breaks goes on where it broke and the source
	// is let go of sooner. "": straight through, without a local file.
	Spool string
	// Jobs, AllowInconsistent, DatabaseSnapshot and Progress are those of [run.Options].
	Jobs                                int
	AllowInconsistent, DatabaseSnapshot bool
	Progress                            run.Progress
	// Sent is told how many bytes of a package have arrived. May be nil.
	Sent func(bytes int64)
	// Now, Sleep and Random are the clock, waiting and randomness; nil for the real ones.
	Now    func() time.Time
	Sleep  func(ctx context.Context, d time.Duration) error
	Random io.Reader

	// settle is set where only what an earlier run began is to be brought to an end.
	settle bool
	// step, in tests, is told of each step when it was taken, and may fail it.
	step func(string) error
	// sinks, in tests, puts something between a delivery and its sink.
	sinks func(sink.Sink) sink.Sink
}

// Outcome is what became of an order.
type Outcome struct {
	Order    string             `json:"order"`
	Provider string             `json:"provider"`
	Outcome  disclosure.Outcome `json:"outcome"`
	Begun    time.Time          `json:"begun"`
	Plan     string             `json:"plan,omitempty"`
	Package  disclosure.Package `json:"package,omitzero"`
	Tables   []run.Rows         `json:"tables,omitempty"`
	// Receipt is the sink's, of a delivery; nil where the log says already that an earlier run delivered it.
	Receipt *sink.Receipt `json:"receipt,omitempty"`
	// Held and Changes are set where it is held: what to confirm, and why.
	Held    *Held    `json:"held,omitempty"`
	Changes []Change `json:"changes,omitempty"`
	// Completed is set where an earlier run had laid the package down and was killed before log and state said so.
	Completed bool `json:"completed,omitempty"`
	// Record is the number of the log's record that says the outcome, and Repaired of one that says that a crash had torn the log.
	Record   int64 `json:"record,omitempty"`
	Repaired int64 `json:"repaired,omitempty"`
	// Warnings are what the check of the order remarked on.
	Warnings diag.List `json:"warnings,omitempty"`
}

// Deliver carries out an order now, whether it is due or not. The outcome is nil only where nothing could be done or logged;
// otherwise it says what became of the order, whatever the error. Where the package was delivered and the log or the state
// couldn't say so, the outcome is delivered and the error isn't nil.
func Deliver(ctx context.Context, o *order.Order, options Options) (*Outcome, error) {
	d, err := begin(o, options)
	if err != nil {
		return nil, err
	}
	if d.unsayable != nil {
		return d.out, d.end(ctx, d.unsayable)
	}
	url, err := o.SourceURL(d.Getenv)
	if err != nil {
		return d.out, d.end(ctx, err)
	}
	release, err := lockOrder(o, url, d.began)
	if err != nil {
		return nil, err // who holds the lock writes the log
	}
	defer release()
	return d.out, d.deliver(ctx)
}

// delivery is one under way.
type delivery struct {
	Options
	order *order.Order
	began time.Time
	state *State
	// record is what is known for the log so far.
	record disclosure.Disclosure
	// unsayable is why the log can't hold what the order says. record is without it then.
	unsayable error
	// answers are what somebody was asked for, by question.
	answers map[string][]byte
	out     *Outcome

	schema    *schemamap.Map
	catalog   *catalog.Catalog
	source    *run.Source
	plan      *plan.Plan
	key       *mask.Key
	recipient *pack.Recipient
	sink      sink.Sink
}

func begin(o *order.Order, options Options) (*delivery, error) {
	switch {
	case o == nil || o.File() == "":
		return nil, misuse(codeOptions, "", "there is no order, or it stands in no file")
	case options.Log == nil:
		return nil, misuse(codeOptions, "give the disclosure log", "nothing is disclosed without a log")
	case options.Signer == nil:
		return nil, misuse(codeOptions, "give the region's private key", "nothing is delivered unsigned")
	case options.Tool == "":
		return nil, misuse(codeOptions, "", "the manifest needs the program's name")
	}
	options = options.withDefaults()
	d := &delivery{Options: options, order: o, began: options.Now().UTC().Truncate(time.Second)}
	d.out = &Outcome{Order: o.ID, Provider: o.Provider.HSAID, Begun: d.began}
	d.record = disclosure.Disclosure{Order: disclosure.Order{ID: o.ID, Hash: "sha256:" + o.Hash()}, Provider: o.Provider.HSAID, Purpose: o.Purpose,
		Recipient: o.Recipient.Fingerprint, Sender: options.Signer.Fingerprint(), Destination: o.Delivery.Destination()}
	for _, u := range o.Units {
		d.record.Units = append(d.record.Units, u.HSAID)
	}
	d.unsayable = d.leaveUnsaid()
	return d, nil
}

func (o Options) withDefaults() Options {
	if o.Getenv == nil {
		o.Getenv = func(string) string { return "" }
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.sinks == nil {
		o.sinks = func(s sink.Sink) sink.Sink { return s }
	}
	if o.step == nil {
		o.step = func(string) error { return nil }
	}
	return o
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// deliver does all of it under the locks.
func (d *delivery) deliver(ctx context.Context) (err error) {
	if d.state, err = LoadState(d.order); err != nil {
		return d.end(ctx, err)
	}
	if last := d.state.Delivered; last != nil && !d.began.After(last.Begun) {
		return d.end(ctx, refused(codeClock, "set the clock; packages are told apart, and replays found, by when they were begun", "the clock is not later than when the order's last delivery was begun"))
	}
	if done, err := d.settle(ctx); done || err != nil || d.Options.settle {
		return err
	}
	if err := d.prepare(ctx); err != nil {
		return d.end(ctx, errors.Join(err, d.close()))
	}
	return errors.Join(d.carry(ctx), d.close())
}

func (d *delivery) close() error {
	if d.source == nil {
		return nil
	}
	return d.source.Close()
}

// prepare finds out everything that can be known before a row is read.
func (d *delivery) prepare(ctx context.Context) (err error) {
	found := d.check(ctx)
	if d.out.Warnings = warnings(found); found.Refused() {
		return refusals(found)
	}
	if d.recipient, err = readRecipient(d.order); err != nil {
		return err
	}
	if d.schema, d.catalog, d.source, err = OpenSource(ctx, d.order, d.Getenv); err != nil {
		return err
	}
	request := filter.Request{Provider: d.order.Provider.HSAID, Units: d.record.Units}
	p, problems := plan.Build(d.schema, d.catalog, request)
	if problems.Refused() {
		return problems
	}
	if _, problems := p.In(d.order.Format); problems.Refused() {
		return problems // the recipient couldn't load it
	}
	d.plan, d.out.Plan = p, p.Hash
	d.record.Map, d.record.Catalog, d.record.Plan = p.MapHash, p.CatalogHash, p.Hash
	if d.PlanHash != "" && d.PlanHash != p.Hash {
		return refused(run.CodePlanHash, "the map, the database's tables or the order changed: review the plan again", "the plan is not the one that was reviewed: its hash is %s", p.Hash)
	}
	if err := d.sayable(); err != nil {
		return err
	}
	if err := checkHold(d.order, p); err != nil {
		return err
	}
	if d.key, err = maskingKey(d.order, p); err != nil {
		return err
	}
	if err := d.confirmed(); err != nil {
		return err
	}
	to, err := d.sinkOf(ctx, d.sinkOptions(d.began))
	if err == nil {
		d.sink = d.sinks(to)
	}
	return err
}

// check is [order.Check] without the source, of this order among the others. What is wrong with others alone is theirs.
func (d *delivery) check(ctx context.Context) (found diag.List) {
	mine := absolute(d.order.File())
	all := append([]*order.Order{d.order}, slices.DeleteFunc(slices.Clone(d.Others), func(o *order.Order) bool { return absolute(o.File()) == mine })...)
	for _, one := range order.Check(ctx, all, d.began, nil) {
		if one.Subject.File == d.order.File() || conflict(one) {
			found = append(found, one)
		}
	}
	return found
}

// conflict reports whether a diagnostic is about two orders.
func conflict(d diag.Diagnostic) bool {
	switch d.Code {
	case order.CodeSameID, order.CodeSameAccount, order.CodeSameFolder, order.CodeSharedKey:
		return true
	}
	return false
}

func warnings(l diag.List) diag.List {
	return slices.DeleteFunc(slices.Clone(l), func(d diag.Diagnostic) bool { return d.Severity != diag.Warning })
}

func refusals(l diag.List) diag.List {
	return slices.DeleteFunc(slices.Clone(l), func(d diag.Diagnostic) bool { return d.Severity == diag.Warning })
}

func (d *delivery) sinkOptions(began time.Time) sink.Options {
	o := sink.Options{Order: d.order.ID, Run: began.Format("20060102T150405Z"), Leftovers: leftovers, Now: d.Now, Sleep: d.Sleep, Random: d.Random, Progress: d.Sent}
	if d.state.Delivered != nil {
		o.Expect = d.state.Delivered.Package.Size
	}
	return o
}

// carry says in the log that it begins, and carries the order out.
func (d *delivery) carry(ctx context.Context) error {
	d.state.Begun = &Begun{At: d.began, Package: packageName(d.order, d.began), OrderHash: d.record.Order.Hash,
		Map: d.plan.MapHash, Catalog: d.plan.CatalogHash, Plan: d.plan.Hash}
	if err := d.state.save(d.order); err != nil {
		return d.end(ctx, err)
	}
	if err := d.start(ctx); err != nil {
		return err
	}
	if err := d.known(ctx); err != nil {
		return d.end(ctx, err)
	}
	var upload upload = &piped{delivery: d}
	if d.Spool != "" {
		upload = &spooled{delivery: d}
	}
	report, err := run.Run(ctx, d.plan, d.source, run.NewStream(upload.open, d.packageOptions()), d.runOptions())
	if err == nil {
		d.state.Begun.Tables = rowsOf(report)
		if err = d.state.save(d.order); err == nil {
			err = d.step("sealed")
		}
	}
	sealed := err == nil
	receipt, err := upload.finish(ctx, err)
	if err != nil {
		d.state.Begun.Failed = sealed && askable(d.order)
		return d.end(ctx, err)
	}
	return d.delivered(ctx, receipt)
}

// known asks the source for the provider and its units.
func (d *delivery) known(ctx context.Context) error {
	source := newSource(d.schema, d.catalog, d.source)
	var found diag.List
	for _, one := range order.Check(ctx, []*order.Order{d.order}, d.began, func(context.Context, *order.Order) (order.Source, error) { return source, nil }) {
		switch one.Code {
		case order.CodeNotRegistered, order.CodeNotItsUnit, order.CodeSourceFailed:
			found = append(found, one)
		}
	}
	if source.err != nil {
		return source.err // with its class: a source that can't be reached is no fault of the order's
	}
	return found.Err()
}

func (d *delivery) packageOptions() run.PackageOptions {
	return run.PackageOptions{Recipients: []*pack.Recipient{d.recipient}, Signer: d.Signer, Tool: d.Tool, Now: d.Now,
		Order: pack.Order{ID: d.order.ID, Hash: d.record.Order.Hash, Sequence: d.state.Begun.Record, Created: d.began.Format(time.RFC3339)}}
}

func (d *delivery) runOptions() run.Options {
	o := run.Options{Key: d.key, PlanHash: d.PlanHash, AllowInconsistent: d.AllowInconsistent, DatabaseSnapshot: d.DatabaseSnapshot, Jobs: d.Jobs, Progress: d.Progress}
	if d.state.Delivered != nil {
		o.Counted = d.counted
	}
	return o
}

// confirmed holds what was confirmed against what is held.
func (d *delivery) confirmed() error {
	if d.Confirm == "" {
		return nil
	}
	switch h := d.state.Held; {
	case h == nil:
		return misuse(codeConfirm, "leave it out", "nothing of this order is held, so there is nothing to confirm")
	case h.Hash != d.Confirm:
		return refused(codeConfirm, "look at what is held now, and confirm that", "what was confirmed is not what is held")
	case h.Order != d.record.Order.Hash:
		return refused(codeConfirm, "deliver without a confirmation: it is counted anew", "the order is not that of the delivery that is held")
	case h.Plan != d.plan.Hash:
		return refused(codeConfirm, "deliver without a confirmation: it is counted anew", "the plan is not that of the delivery that is held")
	}
	return nil
}

// counted compares the rows that are to be copied with the last delivery's, or with those that somebody has confirmed.
func (d *delivery) counted(_ context.Context, now []run.Rows) error {
	before := d.state.Delivered.Tables
	if d.Confirm != "" {
		before = d.state.Held.Tables
	}
	d.out.Changes = changes(d.order.Hold, before, now)
	if len(d.out.Changes) == 0 {
		return nil
	}
	d.out.Tables = now
	d.out.Held = &Held{Hash: heldHash(d.order, d.plan, before, now), Since: d.began, Order: d.record.Order.Hash, Plan: d.plan.Hash, Tables: now}
	return refused(codeHeld, "look at it, and confirm: utdrag deliver --confirm "+d.out.Held.Hash+" "+d.order.File(),
		"the number of rows of %s differs from the last delivery's by more than the order %s allows, and nothing was sent", namesOf(d.out.Changes), d.order.ID)
}

// stopped reports whether an error came of an interruption.
func stopped(ctx context.Context, err error) bool { return err != nil && ctx.Err() != nil }
