package main

import (
	"bytes"
	"context"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/utdrag/utdrag/plan"
)

// formats are the forms of a plan, the first of which is the usual one.
var formats = []string{"text", "sql", "json", "html"}

func newPlan(u *ui) *cobra.Command {
	in, out, format, into := &inputs{}, &output{}, "", ""
	c := &cobra.Command{
		Use:   "plan --map FILE (--source URL | --catalog FILE) --provider ID",
		Short: "make the copy plan, for people to review",
		Long: `Plan makes the copy plan of one extract: which rows of which tables, how they
reach the care provider, what is masked, and what happens where a foreign key
leads outside the copy. It reads no rows, and needs no database where there is a
catalog file. The same map, catalog and order always give the same plan, byte for
byte, and the same hash; utdrag extract --plan-hash runs no other.

The formats:
  text   a summary for the terminal
  html   a document to review
  json   the plan as data
  sql    a script that a DBA can run with the database's own client. It makes the
         copy by itself and never holds the masking key: where a hash needs it, the
         script reads it from where its head says. --into names what it makes

What comes out: the plan, on standard output or in the file after -o.

` + exitCodes,
		Example: `  utdrag plan --map journal.hcl --source sqlite:journal.db --provider SE5500000020-1000
  utdrag plan --map journal.hcl --catalog catalog.json --provider SE5500000020-1000 \
      --unit SE5500000020-U002 --format html -o plan.html`,
		Args: exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := demand(c, "map", "source|catalog", "provider"); err != nil {
				return err
			}
			if !slices.Contains(formats, format) {
				return misuse(codeUsage, "choose text, sql, json or html", "a plan has no such format")
			}
			out.inputs = in.files()
			return u.plan(c.Context(), in, out, format, into)
		},
	}
	in.mapFlag(c)
	in.sourceFlag(c, "the database, a `URL`: "+databases)
	in.catalogFlag(c)
	in.orderFlags(c)
	c.Flags().StringVar(&format, "format", formats[0], "the `FORM` of the plan: text, sql, json or html")
	completeWords(c, "format", formats...)
	c.Flags().StringVar(&into, "into", "", "the `TARGET` that a SQL script fills: a file, or a database on the same server")
	outputFlags(c, out)
	c.AddCommand(newPlanCheck(u))
	return c
}

func (u *ui) plan(ctx context.Context, in *inputs, out *output, format, into string) error {
	if err := out.check(); err != nil {
		return err
	}
	p, err := u.planFor(ctx, in)
	if err != nil {
		return err
	}
	if err := u.write(out, func(w io.Writer) error { return writePlan(w, p, format, into) }); err != nil {
		return err
	}
	if out.path != "" {
		u.note("wrote %s: %s", out.path, p.Hash)
	}
	return nil
}

// planFor reads what a plan is made of, and makes it.
func (u *ui) planFor(ctx context.Context, in *inputs) (*plan.Plan, error) {
	m, err := u.readMap(in.mapFile)
	if err != nil {
		return nil, err
	}
	c, err := in.takeCatalog(ctx)
	if err != nil {
		return nil, err
	}
	return u.makePlan(m, c, in.request)
}

func writePlan(w io.Writer, p *plan.Plan, format, into string) error {
	switch format {
	case "sql":
		return p.WriteScript(w, into)
	case "json":
		return p.WriteJSON(w)
	case "html":
		return p.WriteHTML(w)
	}
	var b bytes.Buffer
	if err := p.WriteText(&b); err != nil {
		return err
	}
	_, err := io.WriteString(w, clean(b.String()))
	return err
}
