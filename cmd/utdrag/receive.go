package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/plan/deliver/receive"
	"github.com/utdrag/utdrag/plan/pack"
)

// receiving is what the flags of receive say.
type receiving struct {
	area
	name, key, signer, passphrase, to string
	wait                              time.Duration
	asJSON                            bool
	options                           receive.Options
}

func newReceive(u *ui) *cobra.Command {
	r, in := &receiving{}, &inputs{}
	c := &cobra.Command{
		Use:   "receive [PACKAGE] [--from AREA] --provider ID --key KEY --signer KEY --state FILE --to URL",
		Short: "fetch a package, check it and load it, at the care provider",
		Long: `Receive takes a package from a file, or fetches the newest of an SFTP area or a folder,
or the one named, and loads it into a database when all of this holds: it opens with
the private key; the signer signed it; everything in it is what its manifest says; it
was made for this care provider; and it is newer than what was received before, which
the state file says. The package is never decrypted to disk: rows go straight into
the database.

The database is a new one, in whose URL {time} stands for the time that the package
bears. With --replace it takes the place of the copy that is there, under the same
name, when it is loaded, read back and checked, and the copy before is kept as
NAME.previous or NAME_previous until the next. Readers find one or the other, whole.
A file is replaced under its readers. A server renames databases, which nobody may use
meanwhile: receive waits for their sessions, or ends them with --disconnect. SQL Server
has no database of the name for some milliseconds. Permissions given within a database
stay behind with the copy before: give those of the server, such as pg_read_all_data,
or CONNECT ANY DATABASE with SELECT ALL USER SECURABLES.

An SFTP area is sftp://USER@HOST:PORT/FOLDER, or …/~/FOLDER below the home folder. Its
host is known by --host-key or --known-hosts. One logs in by --identity, --agent, or a
password: --password-file, UTDRAG_SFTP_PASSWORD, or a prompt.

` + aboutDatabases + `
What comes out: what was received, its tables with their rows, and the checks made.
Run it by cron as often as you like: a package that was received before ends with 1.

` + exitCodes,
		Example: `  utdrag receive tallmo.tar.zst.pgp --provider SE5500000020-1000 --key private.asc \
      --signer region.asc --state received.json --to sqlite:tallmo.db
  utdrag receive --from sftp://region@sftp.tallmo.example/in --host-key SHA256:47DE… \
      --identity id_ed25519 --provider SE5500000020-1000 --key private.asc \
      --signer region.asc --state received.json --to env:TARGET --replace`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return exactly(1, "one package at most")(c, args)
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if err := demand(c, "provider", "key", "signer", "state", "to"); err != nil {
				return err
			}
			if len(args) == 1 {
				r.name = args[0]
			}
			switch {
			case r.name == "" && r.from == "":
				return misuse(codeMissing, "see utdrag receive --help", "utdrag receive needs a package, or an area with --from")
			case c.Flags().Changed("wait") && !r.options.Replace, r.options.Disconnect && !r.options.Replace:
				return misuse(codeUsage, "add --replace", "--wait and --disconnect are for a copy that is replaced")
			}
			if err := r.area.check(c); err != nil {
				return err
			}
			r.passphrase = in.passphrase
			return u.receive(c.Context(), r)
		},
	}
	f := c.Flags()
	r.area.flags(c)
	keyFlags(c, &r.key, &r.signer)
	in.passphraseFlag(c)
	f.StringVar(&r.options.Provider, "provider", "", "the HSA-`ID` of the care provider that the package must be for")
	f.StringVar(&r.options.Order, "order", "", "take only packages that answer the order with this `ID`")
	f.StringVar(&r.options.State, "state", "", "the `FILE` that says what was received before; made if it isn't there")
	completeFiles(c, "state", "json")
	f.StringVar(&r.to, "to", "", "the database to make, a `URL`: "+databases)
	completeURL(c, "to")
	f.BoolVar(&r.options.Replace, "replace", false, "put the copy in the place of the one that is there")
	f.BoolVar(&r.options.Disconnect, "disconnect", false, "end the sessions of those who use the copy that is replaced")
	f.DurationVar(&r.wait, "wait", time.Minute, "wait `TIME` for those who use the copy that is replaced: 30s, 10m")
	f.BoolVar(&r.options.AllowOlder, "allow-older", false, "load what was received before, is older, or doesn't say when it was made")
	f.StringVar(&r.options.Spool, "spool", "", "keep the fetched ciphertext in `DIR` meanwhile; the system's temporary folder by default")
	completeFolders(c, "spool")
	f.BoolVar(&r.asJSON, "json", false, "print the report as JSON")
	return c
}

func (u *ui) receive(ctx context.Context, r *receiving) error {
	if err := resolve(&r.to); err != nil {
		return err
	}
	if !isURL(r.to) {
		return misuse(codeUsage, "write "+databases+"; utdrag open unpacks into a folder", "a package is received into a database, and --to names none")
	}
	from, err := u.origin(ctx, r)
	if err != nil {
		return err
	}
	o := r.options
	o.Patience, o.Now = r.wait, u.now
	if o.Keys.Sender, err = sender(r.signer); err != nil {
		return err
	}
	key, err := u.secret(ctx, r.key, r.passphrase)
	if err != nil {
		return err
	}
	o.Keys.Secrets = []*pack.Secret{key}
	u.note("the database is plaintext: keep it as safe as the source")
	shown := newProgress(u)
	o.Progress = shown
	report, err := receive.Receive(ctx, from, r.to, o)
	shown.stop()
	if report == nil {
		return err
	}
	if r.asJSON {
		return errors.Join(err, u.printJSON(report))
	}
	u.received(report)
	return err
}

// received says what was received.
func (u *ui) received(r *receive.Report) {
	for _, remark := range r.Remarks {
		u.warn("", "%s", remark)
	}
	u.report(r.Copy, r.Target, false)
	u.print("package   %s\nsha256    %s\nsigned by %s\n", r.Package, r.SHA256, r.Signer)
	if r.Order.ID != "" {
		u.print("order     %s, number %d, made %s\n", r.Order.ID, r.Order.Sequence, r.Order.Created)
	}
	switch {
	case r.Previous != "":
		u.print("replaced  the copy before, which is kept as %s\n", r.Previous)
	case r.Replaced:
		u.print("replaced  nothing: there was no copy before\n")
	}
	u.print("received  %s, for %s\n", r.Loaded.Format(time.RFC3339), r.Provider)
}

// origin is where the package is: a folder or server, or a file.
func (u *ui) origin(ctx context.Context, r *receiving) (from receive.From, err error) {
	if r.from == "" {
		info, err := os.Stat(r.name)
		if err != nil || info.IsDir() {
			if err == nil {
				err = errFolder
			}
			return from, unreadable(fmt.Sprintf("the package %s", r.name), err)
		}
		return receive.From{File: r.name}, nil
	}
	store, err := u.store(ctx, &r.area)
	if errors.Is(err, fs.ErrNotExist) && diag.CodeOf(err) == "" {
		err = unreadable("the folder", err)
	}
	return receive.From{Store: store, Name: r.name}, err
}
