package main

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/plan/deliver"
	"github.com/utdrag/utdrag/plan/deliver/disclosure"
	"github.com/utdrag/utdrag/plan/deliver/order"
)

func newDeliver(u *ui) *cobra.Command {
	d, confirm, planHash := &delivering{}, "", ""
	c := &cobra.Command{
		Use:   "deliver ORDER --sign KEY",
		Short: "carry out an order: extract, seal, sign, deliver, log",
		Long: `Deliver carries out one order now, whether it is due or not: it takes the rows from one
snapshot of the source, masks them, seals them for the provider's key, signs them and
lays the package where the order says, with a receipt. There is no local file unless
--spool names a folder for the sealed package. The package gets its name when it is
whole and was verified.

The disclosure log, made once with utdrag log create, says before a row is read that
the delivery begins, and afterwards what became of it. What can't be logged isn't
disclosed.

A delivery in which a table has changed by more than the order allows is held, and
nothing is sent. Look at what changed, and confirm it with the hash that was shown:
--confirm HASH delivers that, and nothing that differs from it.

Secrets are where the order says, env:NAME or file:PATH; a login's may be asked for.

What comes out: what was delivered, or the tables that changed. --json prints the same
for programs.

` + exitCodes,
		Example: `  utdrag log create disclosure.log --sign region-private.asc
  utdrag deliver tallmo` + order.Extension + ` --sign region-private.asc
  utdrag deliver tallmo` + order.Extension + ` --sign region-private.asc --confirm sha256:2c26b4…`,
		Args: exactly(1, "one order"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := demand(c, "sign"); err != nil {
				return err
			}
			return u.deliver(c.Context(), args[0], d, confirm, planHash)
		},
	}
	d.flags(c)
	c.Flags().StringVar(&confirm, "confirm", "", "deliver what was held under this `HASH`")
	c.Flags().StringVar(&planHash, "plan-hash", "", "deliver only by the plan with this `HASH`")
	c.Flags().BoolVar(&d.asJSON, "json", false, "print the outcome as JSON")
	return c
}

func (u *ui) deliver(ctx context.Context, file string, d *delivering, confirm, planHash string) error {
	folder := filepath.Dir(file)
	options, err := u.delivery(ctx, d, folder)
	if err != nil {
		return err
	}
	o, found, err := order.Load(file)
	if err != nil {
		return errors.Join(err, deliver.Refuse(ctx, options.Log, err))
	}
	u.diagnostics(found)
	options.Confirm, options.PlanHash = confirm, planHash
	options.Others = u.others(folder)
	shown := newProgress(u)
	options.Progress = shown
	out, err := deliver.Deliver(ctx, o, options)
	shown.stop()
	if out != nil {
		u.diagnostics(out.Warnings)
		if d.asJSON {
			return errors.Join(err, u.printJSON(out))
		}
		u.outcome(out)
	}
	return err
}

// others are the orders that an order stands beside. One that can't be read is somebody else's trouble, and is remarked on.
func (u *ui) others(folder string) []*order.Order {
	orders, _, err := order.LoadFolder(folder)
	if code := diag.CodeOf(err); err != nil && code != order.CodeFolder {
		u.warn("utdrag order check "+folder, "an order in the same folder can't be read, and this one isn't held against it")
	}
	return orders
}

// outcome says what became of an order.
func (u *ui) outcome(out *deliver.Outcome) {
	if out.Repaired != 0 {
		u.warn("", "the disclosure log's last line was torn by a crash; it was set aside, as record %d says", out.Repaired)
	}
	switch {
	case out.Outcome == disclosure.Delivered:
		if out.Completed {
			u.note("an earlier run had laid the package down and was killed before it was done")
		}
		rows := [][]string{{"table", "rows"}}
		var all int64
		for _, t := range out.Tables {
			rows = append(rows, []string{t.Table.String(), grouped(t.Rows)})
			all += t.Rows
		}
		rows = append(rows, []string{number(len(out.Tables), "table"), grouped(all)})
		verified := "the earlier run, as the log says"
		if out.Receipt != nil {
			verified = out.Receipt.Verified
		}
		u.print("%s\ndelivered  %s\nsha256     %s\nsize       %s\nverified   by %s\nplan       %s\nrecord     %d\n",
			columns(rows), out.Package.Name, out.Package.SHA256, size(out.Package.Size), verified, out.Plan, out.Record)
		if out.Receipt != nil {
			for _, remark := range out.Receipt.Remarks {
				u.warn("", "%s", remark)
			}
		}
	case out.Held != nil:
		u.print("%s\nheld       %s\nrecord     %d\n", changed(out.Changes), out.Held.Hash, out.Record)
	}
}

// changed are the tables that hold a delivery.
func changed(changes []deliver.Change) string {
	rows := [][]string{{"table", "rows before", "now", "allowed"}}
	for _, c := range changes {
		rows = append(rows, []string{c.Table.String(), grouped(c.Before), grouped(c.Now), grouped(int64(c.Bound)) + " %"})
	}
	return columns(rows)
}
