package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/pack"
	"github.com/utdrag/utdrag/plan/run"
)

// extraction is what the flags of extract say.
type extraction struct {
	inputs
	to, sign, planHash, compression string
	recipients                      []string
	plaintext, asJSON               bool
	options                         run.Options
}

func newExtract(u *ui) *cobra.Command {
	x := &extraction{}
	c := &cobra.Command{
		Use:   "extract --map FILE --source URL --provider ID --to FILE --recipient KEY.asc",
		Short: "copy one care provider's rows, sealed for a recipient",
		Long: `Extract plans, reads the included rows from one snapshot of the source, masks them,
and writes them to a new place:

  --to FILE          one package, sealed with OpenPGP for every --recipient. Any
                     name will do; .tar.zst.pgp says what it is
  --to URL           a new database, of the source's engine or another that has an
                     exact type for every column. It holds plaintext
  --to DIR --plaintext
                     a new folder with what a package would hold, in plaintext

Before the copy gets its name, its keys are compared with those that a query
formed in another way finds in the same snapshot; a database copy is then
verified as a whole. A run that fails or is interrupted leaves nothing.

Masks that need it use the masking key of --mask-key. With --plan-hash nothing is
run but the plan that somebody reviewed. --sign signs the package with a private
key; its passphrase is asked for when it is needed.

` + aboutDatabases + `
What comes out: the tables with their rows and bytes, and the checks that were
made. --json prints the same as a report.

` + exitCodes,
		Example: `  utdrag extract --map journal.hcl --source sqlite:journal.db --provider SE5500000020-1000 \
      --to tallmo.tar.zst.pgp --recipient tallmo.asc --mask-key mask.key
  utdrag extract --map journal.hcl --source sqlite:journal.db --provider SE5500000020-1000 \
      --to sqlite:tallmo.db --mask-key mask.key`,
		Args: exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := demand(c, "map", "source", "provider", "to"); err != nil {
				return err
			}
			return u.extract(c.Context(), x)
		},
	}
	x.mapFlag(c)
	x.sourceFlag(c, "the database to read, a `URL`: "+databases)
	x.orderFlags(c)
	c.Flags().StringVar(&x.to, "to", "", "the `TARGET` to make: a package FILE, a database as a URL, or a folder with --plaintext")
	c.Flags().StringArrayVarP(&x.recipients, "recipient", "r", nil, "seal for the OpenPGP public key in this `FILE`; may be repeated")
	completeFiles(c, "recipient", "asc", "gpg", "pgp")
	c.Flags().StringVar(&x.sign, "sign", "", "sign with the OpenPGP private key in this `FILE`")
	completeFiles(c, "sign", "asc", "gpg", "pgp")
	x.passphraseFlag(c)
	x.maskKeyFlag(c)
	snapshotFlags(c, &x.options)
	c.Flags().StringVar(&x.planHash, "plan-hash", "", "run only the plan with this `HASH`")
	c.Flags().StringVar(&x.compression, "compression", "zstd", "the package's `COMPRESSION`: zstd, gzip or none")
	completeWords(c, "compression", "zstd", "gzip", "none")
	c.Flags().BoolVar(&x.plaintext, "plaintext", false, "make a folder that is not sealed")
	c.Flags().BoolVar(&x.asJSON, "json", false, "print the report as JSON")
	return c
}

func (u *ui) extract(ctx context.Context, x *extraction) (err error) {
	if err := resolve(&x.source, &x.to); err != nil {
		return err
	}
	compression, err := x.check()
	if err != nil {
		return err
	}
	m, err := u.readMap(x.mapFile)
	if err != nil {
		return err
	}
	sink, err := u.sink(ctx, x, compression)
	if err != nil {
		return err
	}
	source, err := run.Open(ctx, x.source)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	c, err := source.Catalog(ctx)
	if err != nil {
		return err
	}
	p, err := u.makePlan(m, c, x.request)
	if err != nil {
		return err
	}
	key, err := u.keyFor(p, x.maskKey)
	if err != nil {
		return err
	}
	if x.plaintext || isURL(x.to) {
		u.note("the copy is plaintext: keep it as safe as the source")
	}
	x.options.Key, x.options.PlanHash = key, x.planHash
	report, err := u.runPlan(ctx, p, source, sink, x.options)
	if err != nil {
		return err
	}
	if x.asJSON {
		return u.printJSON(report)
	}
	u.report(report, x.to, x.plaintext)
	return nil
}

// check refuses what can be seen from the flags alone.
func (x *extraction) check() (compression pack.Compression, err error) {
	if err := compression.UnmarshalText([]byte(x.compression)); err != nil {
		return 0, misuse(codeUsage, "choose zstd, gzip or none", "there is no such compression")
	}
	target, database := x.to, isURL(x.to)
	if path, ok := sqliteFile(x.to); ok {
		target = path
	}
	if from, ok := sqliteFile(x.source); ok && samePlace(from, target) {
		return 0, misuse(codeSame, "choose another target", "the source and the target are the same")
	}
	switch {
	case x.plaintext && database:
		return 0, misuse(codeUsage, "leave --plaintext out", "--plaintext is for a folder; a database is plaintext anyhow")
	case x.plaintext && (len(x.recipients) > 0 || x.sign != ""):
		return 0, misuse(codeUsage, "leave --plaintext out to make a sealed package", "a folder is not sealed: --recipient and --sign are for packages")
	case database && (len(x.recipients) > 0 || x.sign != ""):
		return 0, misuse(codeUsage, "name a file with --to to make a sealed package", "a copy in a database is not sealed: --recipient and --sign are for packages")
	case !database && !x.plaintext && len(x.recipients) == 0:
		return 0, misuse(codeRecipient, "name the recipient's public key with --recipient KEY.asc; for a plaintext copy, write --to sqlite:FILE or add --plaintext",
			"a package is always sealed, and nobody is named to seal it for")
	case database && target == x.to:
		return compression, nil // another engine's: it says itself what is there
	}
	if info, err := os.Stat(filepath.Dir(target)); err != nil || !info.IsDir() {
		return 0, misuse(codeOutput, "make it first", "the target's folder is not there")
	}
	if info, err := os.Lstat(target); err == nil {
		if info.IsDir() {
			return 0, misuse(codeExists, "name a file in it", "the target is a folder")
		}
		return 0, misuse(codeExists, "choose another name, or move away what is there", "the target exists, and nothing is ever written over")
	} else if !errors.Is(err, fs.ErrNotExist) {
		return 0, unwritable("the target", err)
	}
	return compression, nil
}

func (u *ui) sink(ctx context.Context, x *extraction, compression pack.Compression) (run.Sink, error) {
	if isURL(x.to) {
		return run.NewDatabase(x.to), nil
	}
	if x.plaintext {
		return run.NewFolder(x.to, tool()), nil
	}
	to, err := recipients(x.recipients)
	if err != nil {
		return nil, err
	}
	signer, err := u.secret(ctx, x.sign, x.passphrase)
	if err != nil {
		return nil, err
	}
	return run.NewPackage(x.to, run.PackageOptions{Recipients: to, Signer: signer, Compression: compression, Tool: tool()}), nil
}

// keyFor reads the masking key where the plan needs one.
func (u *ui) keyFor(p *plan.Plan, file string) (*mask.Key, error) {
	if !p.NeedsKey() {
		return nil, nil
	}
	key, err := u.masking(file)
	if err == nil && key == nil {
		return nil, misuse(codeMaskKey, "name its file with --mask-key, or set "+envMaskKeyFile+"; make one with: openssl rand -hex 32", "the map's masks need a masking key")
	}
	return key, err
}

// runPlan runs a plan and shows how it goes on.
func (u *ui) runPlan(ctx context.Context, p *plan.Plan, source *run.Source, sink run.Sink, o run.Options) (*run.Report, error) {
	shown := newProgress(u)
	defer shown.stop()
	o.Progress = shown
	return run.Run(ctx, p, source, sink, o)
}

// report prints what was copied, and the checks that were made.
func (u *ui) report(r *run.Report, to string, plaintext bool) {
	rows := [][]string{{"table", "rows", "bytes"}}
	for _, t := range r.Tables {
		rows = append(rows, []string{t.Name.String(), grouped(t.Rows), grouped(t.Bytes)})
	}
	all, bytes := r.Rows()
	rows = append(rows, []string{number(len(r.Tables), "table"), grouped(all), grouped(bytes)})
	u.print("%s\nchecks made:\n", columns(rows))
	for _, check := range r.Checks {
		u.print("  %s\n", check)
	}
	u.print("\nplan      %s\nsnapshot  %s\n", r.Plan, r.Snapshot)
	if r.MaskKey != "" {
		u.print("mask key  %s\n", r.MaskKey)
	}
	if isURL(to) {
		return
	}
	if plaintext {
		u.print("folder    %s\n", to)
		return
	}
	u.print("package   %s\n", to)
	if info, err := os.Stat(to); err == nil {
		u.note("the package has %s", size(info.Size()))
	}
	if !strings.Contains(to, ".pgp") && !strings.Contains(to, ".gpg") {
		u.note("the package is an OpenPGP message; a name that ends in .tar.zst.pgp would say so")
	}
}
