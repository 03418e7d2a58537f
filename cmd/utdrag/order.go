package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/plan/deliver"
	"github.com/utdrag/utdrag/plan/deliver/order"
	"github.com/utdrag/utdrag/plan/run"
)

// What an order says is never shown beside a diagnostic: it may hold a secret that doesn't belong there.

func newOrder(u *ui) *cobra.Command {
	c := &cobra.Command{
		Use:   "order",
		Short: "write, check and show orders",
		Long: `An order is the form by which a care provider's head of operations orders a
disclosure, as an HCL file whose name ends in ` + order.Extension + `: whose data, which units, how often,
sealed for which key and delivered where. No secret stands in it: passwords are named
by where they are, env:NAME or file:PATH.

What comes out: see each command.

` + exitCodes,
		Example: `  utdrag order new -o tallmo` + order.Extension + `
  utdrag order check orders/
  utdrag order show tallmo` + order.Extension + ` --html -o tallmo.html`,
		Args: noSuchCommand,
		RunE: group,
	}
	c.AddCommand(newOrderNew(u), newOrderCheck(u), newOrderShow(u))
	return c
}

func newOrderNew(u *ui) *cobra.Command {
	o, template := &output{}, false
	c := &cobra.Command{
		Use:   "new [-o FILE]",
		Short: "ask for an order's fields, or write a template to fill in",
		Long: `New asks for every field of the form on a terminal, one after the other, and tells at
once what can't be. Elsewhere, and with --template, it writes a commented template to
fill in; its blanks are refused until they are.

What comes out: the order, to standard output or the file that -o names.

` + exitCodes,
		Example: `  utdrag order new -o tallmo` + order.Extension + `
  utdrag order new --template > tallmo` + order.Extension,
		Args: exactly(0, ""),
		RunE: func(*cobra.Command, []string) error { return u.orderNew(o, template) },
	}
	outputFlags(c, o, "hcl")
	c.Flags().BoolVar(&template, "template", false, "write the template, on a terminal too")
	return c
}

func (u *ui) orderNew(o *output, template bool) error {
	if err := o.check(); err != nil {
		return err
	}
	if template || !isTerminal(u.stdin) {
		return u.write(o, order.Template)
	}
	file := o.path
	if file == "" {
		file = "new" + order.Extension
	}
	made, found, err := order.Ask(order.NewTerminal(u.stdin, u.err), file)
	if err != nil {
		return err
	}
	u.diagnostics(found)
	return u.write(o, func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(order.Write(made)))
		return err
	})
}

func newOrderCheck(u *ui) *cobra.Command {
	sources := false
	c := &cobra.Command{
		Use:   "check (FILE | DIR)",
		Short: "everything that is wrong with orders, at once",
		Long: `Check holds one order, or all orders of a folder, against the form, the files and keys
that they name, the date, and each other: two legal persons with one SFTP account, one
folder or one key; a key that has expired, is too weak or can't be sealed for. With
--source-check each source is asked whether it knows the provider and its units.

What comes out: everything found, by file and line, and how many orders were checked.

` + exitCodes,
		Example: `  utdrag order check orders/
  utdrag order check --source-check tallmo` + order.Extension,
		Args: exactly(1, "one order or folder of orders"),
		RunE: func(c *cobra.Command, args []string) error { return u.orderCheck(c.Context(), args[0], sources) },
	}
	c.Flags().BoolVar(&sources, "source-check", false, "ask the sources too")
	return c
}

// loadOrders reads an order, or a folder of them, and what was found in them.
func loadOrders(path string) ([]*order.Order, diag.List, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return order.LoadFolder(path)
	}
	o, found, err := order.Load(path)
	if o == nil {
		return nil, found, err
	}
	return []*order.Order{o}, found, err
}

func (u *ui) orderCheck(ctx context.Context, path string, asked bool) error {
	orders, found, err := loadOrders(path)
	if _, listed := errors.AsType[diag.List](err); err != nil && !listed {
		u.diagnostics(found)
		return err
	}
	var sources order.Sources
	if asked {
		opened := &openSources{u: u, open: map[string]order.Source{}}
		defer opened.close()
		sources = opened.of
	}
	// Those that could be read are held against each other even if others couldn't: everything is said at once.
	found = append(found, order.Check(ctx, orders, u.now(), sources)...)
	found.Sort()
	if found.Refused() {
		return found
	}
	u.diagnostics(found)
	u.print("checked: %s\n", number(len(orders), "order"))
	return nil
}

// openSources opens each source once.
type openSources struct {
	u       *ui
	open    map[string]order.Source
	closers []*run.Source
}

func (s *openSources) of(ctx context.Context, o *order.Order) (order.Source, error) {
	url, err := o.SourceURL(os.Getenv)
	if err != nil {
		return nil, err
	}
	key := url + "\x00" + o.Path(o.Map)
	if source, ok := s.open[key]; ok {
		return source, nil
	}
	m, c, source, err := deliver.OpenSource(ctx, o, os.Getenv)
	if err != nil {
		return nil, err
	}
	s.closers = append(s.closers, source)
	s.open[key] = deliver.NewSource(m, c, source)
	return s.open[key], nil
}

func (s *openSources) close() {
	for _, source := range s.closers {
		_ = source.Close() // it was only read
	}
}

func newOrderShow(u *ui) *cobra.Command {
	o, html := &output{}, false
	c := &cobra.Command{
		Use:   "show FILE [--html]",
		Short: "the form for signing",
		Long: `Show writes an order as the form that is signed: Swedish, with the English beside it,
and the hash of what was signed, which the disclosure log has too.

What comes out: the form as text, or with --html as one file to print, to standard
output or the file that -o names.

` + exitCodes,
		Example: `  utdrag order show tallmo` + order.Extension + `
  utdrag order show tallmo` + order.Extension + ` --html -o tallmo.html`,
		Args: exactly(1, "one order"),
		RunE: func(_ *cobra.Command, args []string) error {
			o.inputs = args
			one, found, err := order.Load(args[0])
			if err != nil {
				return err
			}
			u.diagnostics(found)
			if html {
				return u.write(o, one.ShowHTML)
			}
			return u.write(o, one.ShowText)
		},
	}
	outputFlags(c, o, "hcl")
	c.Flags().BoolVar(&html, "html", false, "write HTML, to be printed")
	return c
}
