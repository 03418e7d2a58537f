package main

import (
	"context"
	"encoding/csv"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/plan/run"
)

func newWhy(u *ui) *cobra.Command {
	in, table, key, asJSON := &inputs{}, "", "", false
	c := &cobra.Command{
		Use:   "why --map FILE --source URL --provider ID --table T --key K",
		Short: "why is this row in the copy, or out of it",
		Long: `Why explains one row of the source: by which paths it reaches the care provider and
is copied, or where every path ends and it is not. The row is named by its table
and key; the columns of a longer key are separated by commas, and a value that
holds a comma stands in double quotes.

Unlike everything else, the answer quotes keys of rows: it is for whoever may read
the source anyway.

What comes out: the verdict, and the steps that lead to it. Both verdicts are exit
code 0.

` + exitCodes,
		Example: `  utdrag why --map journal.hcl --source sqlite:journal.db --provider SE5500000020-1000 \
      --table Patient --key 17
  utdrag why --map journal.hcl --source sqlite:journal.db --provider SE5500000020-1000 \
      --table NoteValue --key 204,1`,
		Args: exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := demand(c, "map", "source", "provider", "table", "key"); err != nil {
				return err
			}
			return u.why(c.Context(), in, table, key, asJSON)
		},
	}
	in.mapFlag(c)
	in.sourceFlag(c, "the database, a `URL`: "+databases)
	in.orderFlags(c)
	c.Flags().StringVar(&table, "table", "", "the row's `TABLE`, with its schema or without")
	c.Flags().StringVar(&key, "key", "", "the row's `KEY`, its columns separated by commas")
	c.Flags().BoolVar(&asJSON, "json", false, "print the explanation as JSON")
	return c
}

func (u *ui) why(ctx context.Context, in *inputs, table, key string, asJSON bool) (err error) {
	schema, name, err := schemamap.ParseTableName(table)
	if err != nil {
		return err
	}
	parts, err := keyParts(key)
	if err != nil {
		return err
	}
	m, err := u.readMap(in.mapFile)
	if err != nil {
		return err
	}
	if err := resolve(&in.source); err != nil {
		return err
	}
	source, err := run.Open(ctx, in.source)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	c, err := source.Catalog(ctx)
	if err != nil {
		return err
	}
	p, err := u.makePlan(m, c, in.request)
	if err != nil {
		return err
	}
	e, err := run.Why(ctx, p, source, catalog.Name{Schema: schema, Table: name}, parts)
	if err != nil {
		return err
	}
	if asJSON {
		return u.printJSON(e)
	}
	for _, line := range e.Lines {
		u.print("%s\n", line)
	}
	return nil
}

// keyParts takes a key apart at its commas, as a line of CSV.
func keyParts(key string) ([]string, error) {
	r := csv.NewReader(strings.NewReader(key))
	parts, err := r.Read()
	if err == nil {
		if _, more := r.Read(); more == nil {
			err = csv.ErrFieldCount
		}
	}
	if err != nil {
		return nil, misuse(codeUsage, `write the key's columns with commas between them, and "…" around one that holds a comma`, "the key can't be read")
	}
	return parts, nil
}
