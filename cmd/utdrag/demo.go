package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/utdrag/utdrag/examples/pmo"
	"github.com/utdrag/utdrag/filter/diag"
)

func newDemo(u *ui) *cobra.Command {
	folder, delivery := "", false
	c := &cobra.Command{
		Use:   "demo [--delivery] [--dir DIR]",
		Short: "the whole story on sample data, in under a minute",
		Long: `Demo makes an invented journal database that six care providers share, with its
schema map and keys for an invented recipient, and then does what one does with
utdrag: check the map, plan, extract one care provider's rows into a sealed
package, open and verify it, and make and verify a database copy. At last it shows
what happens when things go wrong: a package opened with the wrong key, and
another care provider's row smuggled into a copy.

With --delivery it tells the story of an order instead, between a region, a care
provider and an SFTP server that it starts on this machine, for nobody else, and ends:
the order and its form, the plan, the delivery, the reception into a database, its
verification and the disclosure log. Then a package received twice is refused, and an
edited record of the log is found.

Everything stays in one folder, a new temporary one unless --dir names another.
No person, care provider or number in it is real.

What comes out: each command as one would write it, and what became of it. Sizes,
rows and times are on standard error.

` + exitCodes,
		Example: `  utdrag demo
  utdrag demo --dir utdrag-demo
  utdrag demo --delivery --dir utdrag-delivery`,
		Args: exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			if delivery {
				return u.demonstrate(c.Context(), folder, (*demo).delivery)
			}
			return u.demonstrate(c.Context(), folder, (*demo).extract)
		},
	}
	c.Flags().BoolVar(&delivery, "delivery", false, "tell of an order and its delivery")
	c.Flags().StringVar(&folder, "dir", "", "the folder for everything, `DIR`, which must be empty or not there")
	completeFolders(c, "dir")
	return c
}

// demo is a demonstration under way.
type demo struct {
	u        *ui
	ctx      context.Context
	folder   string
	provider pmo.Provider
	column   int // how wide the names of files are
}

// The files of a demonstration.
const (
	demoJournal   = "journal.db"
	demoMap       = "journal.hcl"
	demoPublic    = "recipient-public.asc"
	demoPrivate   = "recipient-private.asc"
	demoStranger  = "stranger-private.asc"
	demoMaskKey   = "mask.key"
	demoCatalog   = "catalog.json"
	demoPackage   = "tallmo.tar.zst.pgp"
	demoOpened    = "tallmo"
	demoCopy      = "tallmo.db"
	demoSmuggling = "smuggled.db"
)

func (u *ui) demonstrate(ctx context.Context, folder string, tell func(*demo) error) (err error) {
	folder, clear, err := demoFolder(folder)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, clear())
		}
	}()
	d := &demo{u: u, ctx: ctx, folder: folder, provider: pmo.Providers()[1], column: 22}
	u.print("everything is in %s\n", folder)
	return tell(d)
}

// chapter is a part of a demonstration.
type chapter struct {
	title string
	tell  func() error
}

// extract tells how rows are taken out.
func (d *demo) extract() error {
	err := d.story([]chapter{
		{"a journal database that six care providers share", d.sample},
		{"is every table of it accounted for", d.check},
		{"the plan, for people to review", d.plan},
		{"one care provider's rows, masked and sealed for the recipient", d.seal},
		{"the recipient opens the package", d.open},
		{"the recipient verifies it", d.verify},
		{"a copy in a database of its own, and its verification", d.copy},
		{"the wrong key opens nothing", d.stranger},
		{"a row of another care provider, smuggled into the copy, is found", d.smuggle},
	})
	if err == nil {
		d.next()
	}
	return err
}

// story tells chapters, one after the other.
func (d *demo) story(chapters []chapter) error {
	for i, chapter := range chapters {
		d.u.print("\n%d. %s\n", i+1, chapter.title)
		began := time.Now()
		if err := chapter.tell(); err != nil {
			return err
		}
		if err := d.ctx.Err(); err != nil {
			return err
		}
		d.u.note("   took %s", time.Since(began).Round(time.Millisecond))
	}
	return nil
}

// demoFolder makes the folder, or takes an empty one. clear leaves it as it was found.
func demoFolder(name string) (folder string, clear func() error, err error) {
	if name == "" {
		folder, err = os.MkdirTemp("", "utdrag-demo-")
		return folder, func() error { return os.RemoveAll(folder) }, unwritable("a temporary folder", err)
	}
	if folder, err = filepath.Abs(name); err != nil {
		return "", nil, unwritable(name, err)
	}
	entries, err := os.ReadDir(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = os.MkdirAll(folder, 0o700)
		return folder, func() error { return os.RemoveAll(folder) }, unwritable(name, err)
	case err != nil:
		if info, statErr := os.Stat(folder); statErr == nil && !info.IsDir() {
			return "", nil, misuse(codeExists, "name a folder with --dir", "%s is not a folder", name)
		}
		return "", nil, unreadable("the folder "+name, err)
	case len(entries) > 0:
		return "", nil, misuse(codeExists, "name an empty or a new folder with --dir", "the folder %s is not empty", name)
	}
	return folder, func() error { return emptyFolder(folder) }, nil
}

// emptyFolder removes what is in a folder, which was nothing when the demonstration began.
func emptyFolder(folder string) error {
	entries, err := os.ReadDir(folder)
	for _, e := range entries {
		err = errors.Join(err, os.RemoveAll(filepath.Join(folder, e.Name())))
	}
	return err
}

func (d *demo) path(name string) string { return filepath.Join(d.folder, name) }

// made tells of a file and, on standard error, its size.
func (d *demo) made(name, what string) {
	d.u.print("   %-*s %s\n", d.column, name, what)
	if info, err := os.Stat(d.path(name)); err == nil && info.Mode().IsRegular() {
		d.u.note("   %s has %s", name, size(info.Size()))
	}
}

// run does one command line and demands its exit code.
func (d *demo) run(expected int, args ...string) (stdout, stderr string, err error) {
	code, stdout, stderr, err := d.try(args...)
	if err == nil && code != expected {
		d.u.note("%s", stderr)
		class := diag.Refused
		if code == exitExternal {
			class = diag.External // nothing came out wrong: a disk is full, or the like
		}
		err = &diag.Error{Code: codeDemo, Class: class, Message: fmt.Sprintf("the demonstration expected exit code %d of this command, and it was %d", expected, code)}
	}
	return stdout, stderr, err
}

// try does one command line, as Do would. An @ stands before the name of a file in the folder. The command is told as
// one would write it there; standing in the folder, one needs no more. The error is the context's.
func (d *demo) try(args ...string) (code int, stdout, stderr string, err error) {
	told := make([]string, len(args))
	for i, a := range args {
		told[i] = shellQuote(a)
		if !strings.HasPrefix(a, sftpScheme) { // which has an @ of its own
			told[i] = shellQuote(strings.Replace(a, "@", "", 1))
			args[i] = strings.Replace(a, "@", d.folder+string(filepath.Separator), 1)
		}
	}
	d.u.print("%s", commandText("   $ utdrag", told))
	var out, messages bytes.Buffer
	u := newUI(strings.NewReader(""), &out, &messages)
	root := newRoot(u)
	root.SetArgs(args)
	code = u.end(d.ctx, root.ExecuteContext(d.ctx))
	return code, d.local(out.String()), d.local(messages.String()), d.ctx.Err()
}

// commandText is a command with its arguments, broken before a flag where a line would be long.
func commandText(command string, args []string) string {
	var b strings.Builder
	b.WriteString(command)
	width := utf8.RuneCountInString(command)
	for i, a := range args {
		next := utf8.RuneCountInString(a) + 1
		if strings.HasPrefix(a, "--") && i+1 < len(args) {
			next += utf8.RuneCountInString(args[i+1]) + 1 // a flag stays with what it says
		}
		if strings.HasPrefix(a, "-") && width+next > 118 {
			b.WriteString(" \\\n      ")
			width = 6
		}
		b.WriteString(" " + a)
		width += utf8.RuneCountInString(a) + 1
	}
	return b.String() + "\n"
}

// local takes the folder's name out of a text.
func (d *demo) local(text string) string {
	return strings.ReplaceAll(text, d.folder+string(filepath.Separator), "")
}

// tell prints a command's text under it.
func (d *demo) tell(text string) {
	for line := range strings.Lines(text) {
		d.u.print("     %s\n", strings.TrimRight(line, "\n"))
	}
}

// order are the flags that every command about the order has.
func (d *demo) order() []string {
	return []string{"--map", "@" + demoMap, "--provider", d.provider.HsaID}
}

// command puts a command's name before the order and more flags behind it.
func (d *demo) command(name string, more ...string) []string {
	return append(append([]string{name}, d.order()...), more...)
}

func (d *demo) next() {
	d.u.print(`
what to try next:
   cd %s
   utdrag why %s --source sqlite:%s --table Patient --key 17
   utdrag plan %s --catalog %s --unit %s
   utdrag extract %s --source sqlite:%s --unit %s --to sqlite:unit.db --mask-key %s
   utdrag catalog --source sqlite:%s --compare %s
   sqlite3 %s < plan.sql
   sh %s/load.sh loaded.db
   utdrag verify %s sqlite:loaded.db

then take a table out of %s, and see what utdrag map check says of it
`, shellQuote(d.folder), d.orderText(), demoJournal, d.orderText(), demoCatalog, d.provider.UnitHsaID,
		d.orderText(), demoJournal, d.provider.UnitHsaID, demoMaskKey, demoJournal, demoCatalog, demoJournal, demoOpened, d.orderText(), demoMap)
}

func (d *demo) orderText() string { return strings.ReplaceAll(strings.Join(d.order(), " "), "@", "") }
