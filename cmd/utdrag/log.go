package main

import (
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/plan/deliver/disclosure"
)

func newLog(u *ui) *cobra.Command {
	c := &cobra.Command{
		Use:   "log",
		Short: "the disclosure log: who got what, when and why",
		Long: `The disclosure log has a record for every order that was begun, delivered, held,
refused or failed: who ran it, for which care provider, units and purpose, by which
map and plan, how many rows of each table, sealed for which key, and where it went.
Records are chained by their hashes and signed. It holds nothing about a patient.

What comes out: see each command.

` + exitCodes,
		Example: `  utdrag log create disclosure.log --sign region-private.asc
  utdrag log verify disclosure.log --key region.asc
  utdrag log show disclosure.log --provider SE5500000020-1000`,
		Args: noSuchCommand,
		RunE: group,
	}
	c.AddCommand(newLogCreate(u), newLogVerify(u), newLogShow(u), newLogRepair(u))
	return c
}

func newLogCreate(u *ui) *cobra.Command {
	s := &signing{}
	c := &cobra.Command{
		Use:   "create FILE --sign KEY",
		Short: "make a log, once",
		Long: `Create makes a log with its first record, and its anchor beside it, FILE.anchor, which
says how far the log has come. Copy the anchor to another place now and then: whoever
can write to both files could cut the log back, and a copy finds that.

What comes out: nothing but what is on standard error.

` + exitCodes,
		Example: `  utdrag log create disclosure.log --sign region-private.asc`,
		Args:    exactly(1, "one file"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := demand(c, "sign"); err != nil {
				return err
			}
			if _, _, err := u.log(c.Context(), args[0], s, disclosure.Create); err != nil {
				return err
			}
			u.note("made %s and its anchor", args[0])
			return nil
		},
	}
	s.flags(c, "sign the log")
	return c
}

func newLogVerify(u *ui) *cobra.Command {
	var keys, witnesses []string
	anchor, asJSON := "", false
	c := &cobra.Command{
		Use:   "verify FILE --key KEY",
		Short: "is the log whole and unaltered",
		Long: `Verify reads a log to its end and holds each record against its form, its signature and
the record before it, and the end against the anchor. A record that was edited, taken
out, put in or moved is found, and so is a tail that was cut off, as long as its anchor
wasn't put back with it.

The files alone don't tell another log of the same key in its place, nor a log that was
put back to an earlier day together with its anchor. A copy of the anchor that is kept
elsewhere finds the first, and the second if it is newer than that day: give it with
--witness. Whoever has the private key can write another history, and only what is
older than the newest such copy is safe from that.

What comes out: how many records there are and of which time, or everything found.

` + exitCodes,
		Example: `  utdrag log verify disclosure.log --key region.asc
  utdrag log verify disclosure.log --key region.asc --key region-before.asc --witness usb/disclosure.log.anchor`,
		Args: exactly(1, "one log"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := demand(c, "key"); err != nil {
				return err
			}
			trusted, err := senders(keys)
			if err != nil {
				return err
			}
			v := disclosure.Verification{Name: filepath.Base(args[0]), Keys: trusted}
			for _, path := range witnesses {
				w, err := readAnchor(path, trusted)
				if err != nil {
					return err
				}
				v.Witnesses = append(v.Witnesses, w)
			}
			report, err := disclosure.VerifyFile(c.Context(), args[0], anchor, v)
			if err != nil {
				return err
			}
			return u.logReport(report, asJSON)
		},
	}
	c.Flags().StringArrayVar(&keys, "key", nil, "the OpenPGP public key in this `FILE` may have signed it; may be repeated")
	completeFiles(c, "key", "asc", "gpg", "pgp")
	c.Flags().StringVar(&anchor, "anchor", "", "the anchor, a `FILE`; the log's name with .anchor added by default")
	c.Flags().StringArrayVar(&witnesses, "witness", nil, "a copy of the anchor that was kept elsewhere, a `FILE`; may be repeated")
	c.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	return c
}

func readAnchor(path string, keys []disclosure.Verifier) (*disclosure.Anchor, error) {
	f, err := openFile("the witness "+path, path)
	if err != nil {
		return nil, err
	}
	a, err := disclosure.ReadAnchor(f, keys)
	return a, errors.Join(err, f.Close())
}

func (u *ui) logReport(r *disclosure.Report, asJSON bool) (err error) {
	if r.Findings.Refused() {
		// Found by a look at evidence, and not a mistake in what somebody wrote: exit code 1.
		err = &diag.Error{Code: diag.CodeOf(r.Findings), Class: diag.Refused, Message: "the log is not what it should be", Err: r.Findings, Advice: "keep it as it is, and find out what happened"}
	}
	switch {
	case asJSON:
		return errors.Join(err, u.printJSON(r))
	case err != nil:
		return err
	}
	u.diagnostics(r.Findings)
	u.print("verified: %s, from %s to %s\nlog   %s\nlast  %d %s\n", number(int(r.Records), "record"), r.From, r.To, r.Log, r.Last, r.SHA256)
	return nil
}

func newLogShow(u *ui) *cobra.Command {
	f, from, to, asJSON := disclosure.Filter{}, "", "", false
	c := &cobra.Command{
		Use:   "show FILE",
		Short: "the records of a log",
		Long: `Show prints the records of a log, one line each, as far as they can be read. It checks
neither signatures nor the chain: verify does, and first.

What comes out: the records that were asked for, as a table, or with --json as the
lines that they are.

` + exitCodes,
		Example: `  utdrag log show disclosure.log --provider SE5500000020-1000 --from 2026-01-01`,
		Args:    exactly(1, "one log"),
		RunE: func(_ *cobra.Command, args []string) (err error) {
			if f.From, err = day(from); err != nil {
				return err
			}
			if f.To, err = day(to); err != nil {
				return err
			}
			in, err := openFile("the log "+args[0], args[0])
			if err != nil {
				return err
			}
			return errors.Join(showLog(u, in, f, asJSON), in.Close())
		},
	}
	c.Flags().StringVar(&f.Provider, "provider", "", "of the care provider with this HSA-id, its `ID`")
	c.Flags().StringVar(&f.Order, "order", "", "of the order with this `ID`")
	c.Flags().StringVar(&from, "from", "", "from this `DATE` on, in UTC: 2026-01-31")
	c.Flags().StringVar(&to, "to", "", "before this `DATE`, in UTC")
	c.Flags().BoolVar(&asJSON, "json", false, "print the records as they are")
	return c
}

func showLog(u *ui, in *os.File, f disclosure.Filter, asJSON bool) error {
	if asJSON {
		return disclosure.ShowJSON(u.out, in, f)
	}
	return disclosure.Show(u.out, in, f)
}

// day reads a date, or nothing.
func day(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}, misuse(codeUsage, "write it as 2026-01-31", "a date can't be read")
	}
	return at, nil
}

func newLogRepair(u *ui) *cobra.Command {
	s := &signing{}
	c := &cobra.Command{
		Use:   "repair FILE --sign KEY",
		Short: "set aside what a crash left of a log's last line",
		Long: `Repair moves a last line that isn't whole to a file beside the log, FILE.torn-N, byte
for byte, and writes a record that says so. Everything before it must verify: what
else can be wrong with a log was not done by a crash, and isn't mended. Deliveries do
this by themselves.

What comes out: the number of the record.

` + exitCodes,
		Example: `  utdrag log repair disclosure.log --sign region-private.asc`,
		Args:    exactly(1, "one log"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := demand(c, "sign"); err != nil {
				return err
			}
			log, _, err := u.log(c.Context(), args[0], s, disclosure.Open)
			if err != nil {
				return err
			}
			r, err := log.Repair(c.Context())
			if err != nil {
				return err
			}
			u.print("repaired: record %d, %s\n", r.Sequence, r.Repaired.File)
			return nil
		},
	}
	s.flags(c, "sign the log")
	return c
}
