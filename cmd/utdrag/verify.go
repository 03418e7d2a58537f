package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/plan/run"
)

// verification is what the flags of verify say.
type verification struct {
	inputs
	copied, key, signer string
	asJSON              bool
}

func newVerify(u *ui) *cobra.Command {
	v := &verification{}
	c := &cobra.Command{
		Use:   "verify --map FILE --provider ID (PACKAGE --key KEY | URL)",
		Short: "is a copy what it should be",
		Long: `Verify holds a finished copy against the map that it should have been made by: every
row can be reached inside the copy, no other care provider's row or key occurs
unless a policy of the map adds it, every foreign key holds, every masked column
holds only what its mask can have made, and the content is what its manifest says. It trusts neither whoever made
the copy nor whoever had it since.

A package is opened with the private key it was sealed for, and verified in memory;
nothing is written to disk. With --signer its signature is demanded. A copy in a
database is verified where it is. With --source the copy is also compared with
what the source gives now, for which masks may need the masking key.

What comes out: the checks that were made, or every violation. A violation names
tables and columns and counts rows; it never quotes them.

` + exitCodes,
		Example: `  utdrag verify --map journal.hcl --provider SE5500000020-1000 tallmo.tar.zst.pgp --key private.asc
  utdrag verify --map journal.hcl --provider SE5500000020-1000 sqlite:tallmo.db`,
		Args: exactly(1, "one package or database"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := demand(c, "map", "provider"); err != nil {
				return err
			}
			v.copied = args[0]
			return u.verify(c.Context(), v)
		},
	}
	v.mapFlag(c)
	v.orderFlags(c)
	keyFlags(c, &v.key, &v.signer)
	v.passphraseFlag(c)
	v.sourceFlag(c, "compare with this database too, a `URL`: "+databases)
	v.maskKeyFlag(c)
	c.Flags().BoolVar(&v.asJSON, "json", false, "print what was found as JSON")
	return c
}

// keyFlags are the flags of a command that opens packages.
func keyFlags(c *cobra.Command, key, signer *string) {
	c.Flags().StringVar(key, "key", "", "the OpenPGP private key that the package was sealed for, a `FILE`")
	completeFiles(c, "key", "asc", "gpg", "pgp")
	c.Flags().StringVar(signer, "signer", "", "demand a signature by the OpenPGP public key in this `FILE`")
	completeFiles(c, "signer", "asc", "gpg", "pgp")
}

func (u *ui) verify(ctx context.Context, v *verification) (err error) {
	if err := resolve(&v.source, &v.copied); err != nil {
		return err
	}
	switch {
	case isURL(v.copied) && (v.key != "" || v.signer != ""):
		return misuse(codeUsage, "leave them out", "--key and --signer are for packages, and this is a database")
	case v.maskKey != "" && v.source == "":
		return misuse(codeUsage, "leave it out, or name the source with --source", "--mask-key is for a comparison with the source")
	case !isURL(v.copied) && v.key == "":
		return misuse(codeMissing, "name it with --key FILE; the sender can't open a package, only its recipient can", "a package is verified with the private key that it was sealed for")
	}
	m, err := u.readMap(v.mapFile)
	if err != nil {
		return err
	}
	o := run.VerifyOptions{}
	if v.source != "" {
		if o.Key, err = u.masking(v.maskKey); err != nil {
			return err
		}
		source, err := run.Open(ctx, v.source)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, source.Close()) }()
		o.Source = source
	}
	found, err := u.verified(ctx, m, v, o)
	if err != nil {
		return err
	}
	if v.asJSON {
		if found.Violations == nil {
			found.Violations = run.Violations{}
		}
		return errors.Join(found.Err(), u.printJSON(found))
	}
	for _, check := range found.Checks {
		u.print("checked: %s\n", check)
	}
	if len(found.Violations) == 0 {
		rows, _ := found.Report.Rows()
		u.print("verified: %s, %s\n", number(len(found.Report.Tables), "table"), number(int(rows), "row"))
	}
	return found.Err()
}

func (u *ui) verified(ctx context.Context, m *schemamap.Map, v *verification, o run.VerifyOptions) (found *run.Verification, err error) {
	if isURL(v.copied) {
		copied, err := run.Open(ctx, v.copied)
		if err != nil {
			return nil, err
		}
		shown := newProgress(u)
		o.Progress = shown
		found, err = run.VerifyDatabase(ctx, m, v.request, copied, o)
		shown.stop()
		return found, errors.Join(err, copied.Close())
	}
	p, done, err := u.openPackage(ctx, v.copied, v.key, v.passphrase, v.signer)
	if err != nil {
		return nil, err
	}
	shown := newProgress(u)
	o.Progress = shown
	found, err = run.VerifyPackage(ctx, m, v.request, p, o)
	shown.stop()
	return found, errors.Join(err, done())
}
