package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/utdrag/utdrag/plan/pack"
)

// opening is what the flags of open say.
type opening struct {
	path, folder, key, signer, passphrase string
	list, asJSON                          bool
}

func newOpen(u *ui) *cobra.Command {
	o, in := &opening{}, &inputs{}
	c := &cobra.Command{
		Use:   "open PACKAGE --key KEY [-o DIR]",
		Short: "open a package into a folder",
		Long: `Open decrypts a package with the private key that it was sealed for, checks everything
in it against everything else - seal, signature, manifest, every size and digest -
and then writes what it holds to a new folder: schema.sql, the rows as CSV, the
plan and the catalog they were made by, and load.sh or load.sql, by which a
database's own client makes a database of it all. The folder appears when everything
is in it. It holds plaintext.

--list only checks the package and says what it holds. Without --signer a package
is not known to come from anybody.

What comes out: what the package holds, and how to load it.

` + exitCodes,
		Example: `  utdrag open tallmo.tar.zst.pgp --key private.asc
  utdrag open tallmo.tar.zst.pgp --key private.asc --signer region.asc -o tallmo
  utdrag open tallmo.tar.zst.pgp --key private.asc --list`,
		Args: exactly(1, "one package"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := demand(c, "key"); err != nil {
				return err
			}
			switch {
			case o.list && o.folder != "":
				return misuse(codeUsage, "choose one", "--list writes nothing, so -o has no use")
			case o.asJSON && !o.list:
				return misuse(codeUsage, "add --list", "--json prints the manifest of --list")
			}
			o.path, o.passphrase = args[0], in.passphrase
			return u.open(c.Context(), o)
		},
	}
	keyFlags(c, &o.key, &o.signer)
	in.passphraseFlag(c)
	c.Flags().StringVarP(&o.folder, "output", "o", "", "the folder to make, `DIR`; the package's name without extensions by default")
	completeFolders(c, "output")
	c.Flags().BoolVar(&o.list, "list", false, "only check the package and say what it holds")
	c.Flags().BoolVar(&o.asJSON, "json", false, "print the manifest as JSON, with --list")
	return c
}

func (u *ui) open(ctx context.Context, o *opening) error {
	if o.folder == "" {
		o.folder = folderName(o.path)
	}
	if !o.list {
		if _, err := os.Lstat(o.folder); err == nil {
			return misuse(codeExists, "name another folder with -o, or move away what is there", "%s exists", o.folder)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return unwritable(o.folder, err)
		}
	}
	p, done, err := u.openPackage(ctx, o.path, o.key, o.passphrase, o.signer)
	if err != nil {
		return err
	}
	if !o.list {
		if err = p.Extract(o.folder); err == nil && ctx.Err() != nil {
			// The signal came when everything was written. What was said of interruptions holds nevertheless.
			err = errors.Join(ctx.Err(), os.RemoveAll(o.folder))
		}
	}
	if err := errors.Join(err, done()); err != nil {
		return err
	}
	if o.asJSON {
		return u.printJSON(p.Manifest())
	}
	u.manifest(p)
	if !o.list {
		u.print("\nopened into %s\n", o.folder)
		u.note("the folder holds plaintext: keep it as safe as the source")
		u.loading(p.Manifest(), o.folder)
	}
	return nil
}

// manifest says what a verified package holds.
func (u *ui) manifest(p *pack.Package) {
	m := p.Manifest()
	u.print("care provider  %s\n", m.Provider)
	if len(m.Units) > 0 {
		u.print("care units     %s\n", strings.Join(m.Units, ", "))
	}
	u.print("made by        %s, from %s (%s)\n", m.Tool, m.Engine, m.Snapshot)
	if m.Inconsistent {
		u.warn("ask the sender why", "the rows were not read under one snapshot")
	}
	u.print("plan           %s\nmap            %s\ncatalog        %s\n", m.PlanHash, m.MapHash, m.CatalogHash)
	s := p.Signature()
	switch s.State {
	case pack.Good:
		u.print("signature      good, by %s\n", s.Fingerprint)
	case pack.Unknown:
		u.print("signature      not checked\n")
		u.warn("demand a signature with --signer KEY.asc", "the package is signed, by nobody who is known here: it may come from anyone")
	default:
		u.print("signature      none\n")
		u.warn("ask the sender to sign it, and demand it with --signer KEY.asc", "the package is not signed: it may come from anyone")
	}
	rows := [][]string{{"table", "rows", "bytes"}}
	var all, bytes int64
	masked := 0
	for _, t := range m.Tables {
		rows = append(rows, []string{t.Name.String(), grouped(t.Rows), grouped(t.Bytes)})
		all, bytes = all+t.Rows, bytes+t.Bytes
		for _, c := range t.Columns {
			if c.Mask != "" {
				masked++
			}
		}
	}
	rows = append(rows, []string{number(len(m.Tables), "table"), grouped(all), grouped(bytes)})
	u.print("\n%s\n%s masked\n", columns(rows), number(masked, "column"))
}

// loading says how to make a database of an opened package.
func (u *ui) loading(m *pack.Manifest, folder string) {
	for _, f := range m.Files {
		switch {
		case f.Name == "load.sh":
			u.print("load it with: sh %s NEW.db\n", shellQuote(filepath.Join(folder, f.Name)))
		case f.Name == "load.sql" && m.Engine == "postgres":
			u.print("load it with: cd %s && psql -X -d NEW -f load.sql\n", shellQuote(folder))
		case f.Name == "load.sql":
			u.print("load it with: sqlcmd -S SERVER -d NEW -b -f 65001 -i %s -v folder=\"THE FOLDER AS THE SERVER SEES IT\"\n", shellQuote(filepath.Join(folder, f.Name)))
		}
	}
}

// shellQuote writes a word for a POSIX shell.
func shellQuote(text string) string {
	if strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:=@%+") == "" && text != "" {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// folderName is a package's name without its extensions, in the folder at hand.
func folderName(path string) string {
	base := filepath.Base(path)
	name := base
	for {
		extension := filepath.Ext(name)
		switch strings.ToLower(extension) {
		case ".pgp", ".gpg", ".asc", ".zst", ".gz", ".tar", ".tgz":
			name = strings.TrimSuffix(name, extension)
			continue
		}
		break
	}
	if name == "" || name == base {
		return base + "-opened"
	}
	return name
}
