package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/utdrag/utdrag/plan/deliver"
	"github.com/utdrag/utdrag/plan/deliver/disclosure"
	"github.com/utdrag/utdrag/plan/deliver/order"
)

func newRun(u *ui) *cobra.Command {
	d, dry := &delivering{}, false
	c := &cobra.Command{
		Use:   "run DIR --sign KEY",
		Short: "deliver what is due of a folder of orders, for cron or a timer",
		Long: `Run delivers, one after the other, what is due of the orders in a folder: the files
whose names end in ` + order.Extension + `. It is meant to be started often, by cron or a
systemd timer, and does nothing where nothing is due.

When an order was delivered last, and what is held, is kept beside the orders in
` + deliver.StateFolder + `. Of several periods that were missed one is made up for. What fails from
outside is tried again, as the order says, and others go on meanwhile. A second run
at the same time says who is running, and ends. With a clock that was set back
nothing is due.

An order whose delivery is held stays so until somebody confirms it, see utdrag
deliver. If one of the orders can't be read, or two don't go together, none is run.

What comes out: each order, what was done about it and why. --json prints the same for
programs. --dry-run says what would be done, and does nothing; it needs no key.

Exit codes: the worst of all orders': 0 done, 1 refused, held, or another run is under
way, 2 wrong usage, map or order, 3 database, network or disk failed.`,
		Example: `  utdrag run orders/ --dry-run
  utdrag run orders/ --sign region-private.asc --passphrase-file /run/credentials/phrase`,
		Args: exactly(1, "one folder of orders"),
		RunE: func(c *cobra.Command, args []string) error {
			if !dry {
				if err := demand(c, "sign"); err != nil {
					return err
				}
			}
			return u.runOrders(c.Context(), args[0], d, dry)
		},
	}
	d.flags(c)
	c.Flags().BoolVar(&dry, "dry-run", false, "say what would be done, and why")
	c.Flags().BoolVar(&d.asJSON, "json", false, "print the summary as JSON")
	return c
}

func (u *ui) runOrders(ctx context.Context, folder string, d *delivering, dry bool) (err error) {
	o := deliver.RunOptions{DryRun: dry, Options: deliver.Options{Now: u.now}}
	if !dry {
		if o.Options, err = u.delivery(ctx, d, folder); err != nil {
			return err
		}
	}
	o.Attempt = func(one *order.Order, attempt int) {
		if attempt == 1 {
			u.note("delivering %s", one.ID)
		} else {
			u.note("delivering %s, attempt %d of %d", one.ID, attempt, one.Retry.Attempts)
		}
	}
	o.Wait = func(wait time.Duration) { u.note("waiting %s before the next attempt", wait.Round(time.Second)) }
	s, err := deliver.Run(ctx, folder, o)
	if s == nil {
		return err
	}
	u.diagnostics(s.Warnings)
	if d.asJSON {
		return errors.Join(err, s.Err(), u.printJSON(s))
	}
	u.summary(s)
	return errors.Join(err, s.Err())
}

// summary says what a run did.
func (u *ui) summary(s *deliver.Summary) {
	for _, i := range s.Items {
		u.print("%-14s  %s: %s\n", i.Status, i.Order, reasonOf(i))
		if i.Outcome != nil && i.Outcome.Held != nil {
			u.print("%s", changed(i.Outcome.Changes))
		}
	}
}

func reasonOf(i *deliver.Item) string {
	if i.Outcome != nil && i.Outcome.Outcome == disclosure.Delivered {
		text := i.Outcome.Package.Name + ", " + size(i.Outcome.Package.Size)
		if i.Reason != "" {
			text += "; " + i.Reason
		}
		return text
	}
	return i.Reason
}
