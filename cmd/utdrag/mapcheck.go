package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/plan"
)

func newMapCheck(u *ui) *cobra.Command {
	in, asJSON := &inputs{}, false
	c := &cobra.Command{
		Use:   "check --map FILE (--source URL | --catalog FILE) [--provider ID]",
		Short: "check a schema map against a database or its catalog",
		Long: `Map check reads a schema map and holds it against the tables, columns and foreign
keys of a database, or of a catalog file. It reports everything that is wrong,
each with its place in the map and what to write instead: tables that no block
accounts for, paths that more than one foreign key could mean, masks that don't
fit, foreign keys that may lead outside the copy while the map doesn't say what
happens then.

It reads no rows. --provider checks that an order's key has the right form too.

What comes out: how many tables are accounted for, and how.

` + exitCodes,
		Example: `  utdrag map check --map journal.hcl --source sqlite:journal.db
  utdrag map check --map journal.hcl --catalog catalog.json --json`,
		Args: exactly(0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := demand(c, "map", "source|catalog"); err != nil {
				return err
			}
			return u.mapCheck(c.Context(), in, asJSON)
		},
	}
	in.mapFlag(c)
	in.sourceFlag(c, "the database, a `URL`: "+databases)
	in.catalogFlag(c)
	c.Flags().StringVar(&in.request.Provider, "provider", "", "also check this care provider's key, its `ID`")
	c.Flags().BoolVar(&asJSON, "json", false, "print the result as JSON")
	return c
}

// checked is what map check found, for programs.
type checked struct {
	OK          bool           `json:"ok"`
	Tables      map[string]int `json:"tables,omitempty"`
	Masked      int            `json:"masked_columns"`
	Omitted     int            `json:"omitted_columns"`
	Proven      int            `json:"foreign_keys_proven"`
	Decided     int            `json:"foreign_keys_decided"`
	Diagnostics diag.List      `json:"diagnostics"`
}

func (u *ui) mapCheck(ctx context.Context, in *inputs, asJSON bool) error {
	text, err := readFile("the map "+in.mapFile, in.mapFile, schemamap.MaxSize)
	if err != nil {
		return err
	}
	m, err := u.parseMap(in.mapFile, text)
	var result checked
	if err == nil {
		// The database is asked only when there is something to hold against it.
		var c *catalog.Catalog
		if c, err = in.takeCatalog(ctx); err == nil {
			result, err = u.checkAgainst(m, c, in.request)
		}
	}
	if !asJSON {
		if err == nil {
			u.print("%s", result.words())
		}
		return err
	}
	if list, ok := errors.AsType[diag.List](err); ok {
		result.Diagnostics = list
	} else if err != nil {
		return err
	}
	if result.Diagnostics == nil {
		result.Diagnostics = diag.List{}
	}
	return errors.Join(err, u.printJSON(result))
}

// anyKey stands for a provider's key where none is given: the plan's shape doesn't hang on it.
const anyKey = "0"

func (u *ui) checkAgainst(m *schemamap.Map, c *catalog.Catalog, r filter.Request) (checked, error) {
	if r.Provider == "" {
		r.Provider = anyKey
	}
	p, err := u.makePlan(m, c, r)
	if err != nil {
		return checked{}, err
	}
	return summarize(p), nil
}

// rules are the words for what decides about a table's rows, in the order in which they are told.
var rules = []struct {
	rule filter.Rule
	key  string
	say  string
}{
	{filter.Anchor, "provider", "the care provider's own"},
	{filter.ByPaths, "by_paths", "reached by paths"},
	{filter.AllRows, "all_rows", "copied whole"},
	{filter.NoneKept, "empty", "made empty"},
	{filter.NoRows, "left_out", "left out"},
}

func summarize(p *plan.Plan) checked {
	result := checked{OK: true, Tables: map[string]int{}}
	for _, t := range p.Schema().Tables {
		for _, r := range rules {
			if r.rule == t.Rule {
				result.Tables[r.key]++
			}
		}
		for i := range t.Fields {
			if t.Made() && t.Fields[i].Omit {
				result.Omitted++
			}
			if t.Made() && t.Fields[i].Mask != nil {
				result.Masked++
			}
		}
	}
	for i := range p.References {
		if p.References[i].Proof != "" {
			result.Proven++
		} else {
			result.Decided++
		}
	}
	return result
}

func (r checked) words() string {
	total, parts := 0, []string{}
	for _, rule := range rules {
		if n := r.Tables[rule.key]; n > 0 {
			total += n
			parts = append(parts, fmt.Sprintf("  %d %s\n", n, rule.say))
		}
	}
	return number(total, "table") + " accounted for\n" + strings.Join(parts, "") +
		number(r.Masked, "column") + " masked, " + grouped(int64(r.Omitted)) + " left out\n" +
		number(r.Proven+r.Decided, "foreign key") + ": " + grouped(int64(r.Proven)) + " proven to stay inside, " + grouped(int64(r.Decided)) + " decided by the map\n"
}
