package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
)

func newCatalog(u *ui) *cobra.Command {
	in, out, compare, asJSON := &inputs{}, &output{}, "", false
	c := &cobra.Command{
		Use:   "catalog --source URL [-o FILE | --compare FILE]",
		Short: "write down what a database says of its tables, or what changed since",
		Long: `Catalog asks a database for its tables, columns, keys and foreign keys, and writes
them as JSON. With that file, maps can be checked and plans made and reviewed
where there is no database at hand. It holds no rows.

With --compare it says instead, in words, what changed since such a file was
written.

What comes out: the catalog as JSON, on standard output or in the file after -o;
with --compare one line for each difference, and exit code 1 if there is any.

` + exitCodes,
		Example: `  utdrag catalog --source sqlite:journal.db -o catalog.json
  utdrag catalog --source sqlite:journal.db --compare catalog.json`,
		Args: exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := demand(c, "source"); err != nil {
				return err
			}
			out.inputs = append(in.files(), compare)
			if compare == "" {
				if asJSON {
					return misuse(codeUsage, "leave --json out", "--json is for --compare: a catalog is JSON already")
				}
				return u.catalog(c.Context(), in, out)
			}
			if out.path != "" {
				return misuse(codeUsage, "choose one", "-o and --compare can't be given together")
			}
			return u.drift(c.Context(), in, compare, asJSON)
		},
	}
	in.sourceFlag(c, "the database, a `URL`: "+databases)
	outputFlags(c, out, "json")
	c.Flags().StringVar(&compare, "compare", "", "say what changed since this catalog `FILE`")
	completeFiles(c, "compare", "json")
	c.Flags().BoolVar(&asJSON, "json", false, "print the differences as JSON")
	return c
}

// outputFlags are the flags of a command whose result may go to a file.
func outputFlags(c *cobra.Command, o *output, extensions ...string) {
	c.Flags().StringVarP(&o.path, "output", "o", "", "write to this `FILE` instead of standard output")
	c.Flags().BoolVar(&o.force, "force", false, "replace the output file if it exists")
	completeFiles(c, "output", extensions...)
}

func (u *ui) catalog(ctx context.Context, in *inputs, out *output) error {
	if err := out.check(); err != nil {
		return err
	}
	c, err := in.takeCatalog(ctx)
	if err != nil {
		return err
	}
	if err := u.write(out, c.Write); err != nil {
		return err
	}
	if out.path != "" {
		u.note("wrote %s: %s, %s", out.path, number(len(c.Tables), "table"), c.Hash())
	}
	return nil
}

func (u *ui) drift(ctx context.Context, in *inputs, file string, asJSON bool) error {
	old, err := readCatalog(file)
	if err != nil {
		return err
	}
	now, err := in.takeCatalog(ctx)
	if err != nil {
		return err
	}
	differences := catalog.Compare(old, now)
	if asJSON {
		if differences == nil {
			differences = []catalog.Difference{}
		}
		err = u.printJSON(differences)
	} else {
		for _, d := range differences {
			u.print("%s\n", d)
		}
		if len(differences) == 0 {
			u.print("nothing changed since %s\n", file)
		}
	}
	if len(differences) == 0 {
		return err
	}
	return errors.Join(err, &diag.Error{Code: codeDrift, Class: diag.Refused,
		Message: fmt.Sprintf("the database is not what %s says: %s", file, number(len(differences), "difference")),
		Advice:  "see whether the map still holds with utdrag map check, and take the catalog again"})
}
