package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/diag"
)

// maxPlanScript is how many bytes a script may have that is checked.
const maxPlanScript = 64 << 20

func newPlanCheck(u *ui) *cobra.Command {
	in, into, asJSON := &inputs{}, "", false
	c := &cobra.Command{
		Use:   "check --map FILE (--source URL | --catalog FILE) --provider ID SCRIPT",
		Short: "check a plan's SQL script that somebody edited",
		Long: `Plan check reads a script that utdrag plan --format sql wrote and somebody edited,
and holds it against the plan of the same map, catalog and order. It proves
statement by statement that the script still copies the care provider's rows and no
others, masked as the map says, or names the line where it doesn't.

What may be changed: comments and white space; copies and indexes may be taken out;
a copy may name its columns in another order, or fewer, narrow its rows by more
conditions joined with AND, join reference tables, and use the plan's expression of a
column further. Checks, key sets and settings must stay as they are. Whatever can't
be proven is refused, with a code that filter/rewrite/REFUSALS.md explains.

It reads no rows, and needs no database where there is a catalog file. What the
script was written with must be given again: the provider, the units and --into.

What comes out: the statements that differ from the plan's, with their lines, and how
many there are of each kind. With --json every statement.

` + exitCodes,
		Example: `  utdrag plan check --map journal.hcl --source sqlite:journal.db --provider SE5500000020-1000 plan.sql
  utdrag plan check --map journal.hcl --catalog catalog.json --provider SE5500000020-1000 \
      --unit SE5500000020-U002 --json plan.sql`,
		Args: exactly(1, "a script"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := demand(c, "map", "source|catalog", "provider"); err != nil {
				return err
			}
			return u.planCheck(c.Context(), in, args[0], into, asJSON)
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return []cobra.Completion{"sql"}, cobra.ShellCompDirectiveFilterFileExt
		},
	}
	in.mapFlag(c)
	in.sourceFlag(c, "the database, a `URL`: "+databases)
	in.catalogFlag(c)
	in.orderFlags(c)
	c.Flags().StringVar(&into, "into", "", "the `TARGET` that the script was written for, if it was named then")
	c.Flags().BoolVar(&asJSON, "json", false, "print every statement and what is known of it as JSON")
	return c
}

func (u *ui) planCheck(ctx context.Context, in *inputs, file, into string, asJSON bool) error {
	text, err := readFile("the script "+file, file, maxPlanScript)
	if err != nil {
		return err
	}
	p, err := u.planFor(ctx, in)
	if err != nil {
		return err
	}
	name := filepath.Base(file)
	checked, err := p.Check(name, string(text), into)
	if err != nil {
		return err
	}
	u.maps[name] = mapText{path: file, text: text}
	err = checked.Found.Err()
	if asJSON {
		result := planChecked{OK: err == nil, Checked: checked}
		if result.Found == nil {
			result.Found = diag.List{}
		}
		return errors.Join(err, u.printJSON(result))
	}
	if err == nil {
		u.diagnostics(checked.Found)
		u.print("%s", clean(checkedWords(checked)))
	}
	return err
}

// planChecked is what plan check found, for programs.
type planChecked struct {
	OK bool `json:"ok"`
	*filter.Checked
}

func checkedWords(c *filter.Checked) string {
	var b strings.Builder
	for _, s := range c.Statements {
		switch s.Verdict {
		case filter.VerdictProven, filter.VerdictMissing:
			fmt.Fprintf(&b, "line %-5d %-8s %s\n", s.Line, s.Verdict, strings.ReplaceAll(s.What, "\n", " "))
		}
	}
	fmt.Fprintf(&b, "%s as the plan has them, %s changed and proven, %s left out\n", number(c.Count(filter.VerdictEqual), "statement"),
		grouped(int64(c.Count(filter.VerdictProven))), grouped(int64(c.Count(filter.VerdictMissing))))
	return b.String()
}
