package plan

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// WriteText writes a summary for a terminal: what is copied and how it reaches the provider, the masks, the verdict on
// every foreign key, what is left out.
func (p *Plan) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "copy plan for care provider %s", p.Request.Provider)
	if len(p.Request.Units) > 0 {
		fmt.Fprintf(&b, ", units %s", strings.Join(p.Request.Units, ", "))
	}
	fmt.Fprintf(&b, "\n\nengine   %s\nmap      %s\ncatalog  %s\nplan     %s\n", p.Engine, p.MapHash, p.CatalogHash, p.Hash)

	fmt.Fprintf(&b, "\ntables copied, in order: %d\n", len(p.Tables))
	for i, t := range p.Tables {
		fmt.Fprintf(&b, "\n%4d  %s\n      %s\n", i+1, t.Name, t.Reach)
		if t.Shared {
			b.WriteString("      shared: its rows may belong to several providers\n")
		}
		for _, c := range t.Columns {
			if c.Mask != "" {
				fmt.Fprintf(&b, "      column %s is masked: %s\n", c.Name, c.Mask)
			}
			if c.Blanked {
				fmt.Fprintf(&b, "      column %s is set to NULL where it leads outside\n", c.Name)
			}
		}
		for _, change := range t.Changes {
			fmt.Fprintf(&b, "      %s\n", change)
		}
		for _, f := range t.Deferred {
			fmt.Fprintf(&b, "      checked after loading: %s\n", f)
		}
		fmt.Fprintf(&b, "      map: %s\n", t.Cause)
	}

	fmt.Fprintf(&b, "\ntables left out: %d\n", len(p.LeftOut))
	for _, l := range p.LeftOut {
		fmt.Fprintf(&b, "      %s: %s\n", l.Name, l.Reason)
	}

	fmt.Fprintf(&b, "\nforeign keys: %d\n", len(p.References))
	table := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	for _, r := range p.References {
		fmt.Fprintf(table, "      %s (%s)\t-> %s\t%s\n", r.Child, strings.Join(r.Columns, ", "), r.Parent, r.Verdict())
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(&b, "\nsteps: %d; see them with --format sql, json or html\n", len(p.Steps))
	_, err := io.WriteString(w, b.String())
	return err
}

// Verdict is the proof, or what the policy does, in words.
func (r *Reference) Verdict() string {
	if r.Proof != "" {
		return "proven: " + r.Proof
	}
	switch r.Policy {
	case "error":
		return "error: the run stops if a row leads outside"
	case "null":
		return "null: the reference is blanked where it leads outside"
	case "stub":
		return "stub: the key of the row outside is copied, and nothing else of it"
	case "drop":
		return "drop: a row that leads outside is left out"
	case "include":
		return "include: the row outside is copied, masked, and nothing is reached through it"
	}
	return "refused"
}
