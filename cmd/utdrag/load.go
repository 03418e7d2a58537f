package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/utdrag/utdrag/plan/run"
)

// loading is what the flags of load say.
type loading struct {
	path, to, key, signer, passphrase string
	asJSON                            bool
}

func newLoad(u *ui) *cobra.Command {
	l, in := &loading{}, &inputs{}
	c := &cobra.Command{
		Use:   "load PACKAGE --key KEY --to URL",
		Short: "make a database of a package",
		Long: `Load opens a package with the private key that it was sealed for, checks it whole, and
makes a new database of it: tables, keys, rows, indexes and foreign keys. The database
may be of another engine than the source, where that has an exact type for every
column. Rows go straight from the package into the database; nothing else is written.

A server's database is made if it isn't there; one that is there must be empty. Until
everything is loaded, read back and checked, a table utdrag_partial in it says that it
is not finished; a load that fails takes away what it made.

` + aboutDatabases + `
What comes out: the tables with their rows and bytes, and the checks that were made.

` + exitCodes,
		Example: `  utdrag load tallmo.tar.zst.pgp --key private.asc --to "sqlserver://localhost?database=tallmo"
  utdrag load tallmo.tar.zst.pgp --key private.asc --signer region.asc --to sqlite:tallmo.db`,
		Args: exactly(1, "one package"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := demand(c, "key", "to"); err != nil {
				return err
			}
			if err := resolve(&l.to); err != nil {
				return err
			}
			l.path, l.passphrase = args[0], in.passphrase
			return u.load(c.Context(), l)
		},
	}
	keyFlags(c, &l.key, &l.signer)
	in.passphraseFlag(c)
	c.Flags().StringVar(&l.to, "to", "", "the database to make, a `URL`: "+databases)
	completeURL(c, "to")
	c.Flags().BoolVar(&l.asJSON, "json", false, "print the report as JSON")
	return c
}

func (u *ui) load(ctx context.Context, l *loading) (err error) {
	if !isURL(l.to) {
		return misuse(codeUsage, "write "+databases+"; utdrag open unpacks into a folder", "a package is loaded into a database, and --to names none")
	}
	p, done, err := u.openPackage(ctx, l.path, l.key, l.passphrase, l.signer)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	u.note("the database is plaintext: keep it as safe as the source")
	shown := newProgress(u)
	report, err := run.Load(ctx, p, l.to, run.LoadOptions{Progress: shown})
	shown.stop()
	if err != nil {
		return err
	}
	if l.asJSON {
		return u.printJSON(report)
	}
	u.report(report, l.to, false)
	return nil
}
