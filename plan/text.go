package plan

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode"
)

// printable keeps a key from the order, a name from the catalog or a text from the map from being anything but text on
// its line: no control character, no other order of reading than the text's.
func printable(r rune) rune {
	if unicode.IsControl(r) || r == 0x2028 || r == 0x2029 || unicode.Is(unicode.Bidi_Control, r) {
		return ' '
	}
	return r
}

// oneLine makes every text among args printable.
func oneLine(args []any) []any {
	lines := make([]any, len(args))
	for i, a := range args {
		switch a := a.(type) {
		case string:
			lines[i] = strings.Map(printable, a)
		case fmt.Stringer:
			lines[i] = strings.Map(printable, a.String())
		default:
			lines[i] = a
		}
	}
	return lines
}

// WriteText writes a summary for a terminal: what is copied and how it reaches the provider, the masks, the verdict on
// every foreign key, what is left out.
func (p *Plan) WriteText(w io.Writer) error {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format, oneLine(args)...) }
	say("copy plan for care provider %s", p.Request.Provider)
	if len(p.Request.Units) > 0 {
		say(", units %s", strings.Join(p.Request.Units, ", "))
	}
	say("\n\nengine   %s\nmap      %s\ncatalog  %s\nplan     %s\n", p.Engine, p.MapHash, p.CatalogHash, p.Hash)

	say("\ntables copied, in order: %d\n", len(p.Tables))
	for i, t := range p.Tables {
		say("\n%4d  %s\n      %s\n", i+1, t.Name, t.Reach)
		if t.Shared {
			b.WriteString("      shared: its rows may belong to several providers\n")
		}
		for _, c := range t.Columns {
			if c.Mask != "" {
				say("      column %s is masked: %s\n", c.Name, c.Mask)
			}
			if c.Blanked {
				say("      column %s is set to NULL where it leads outside\n", c.Name)
			}
		}
		for _, change := range t.Changes {
			say("      %s\n", change)
		}
		for _, f := range t.Deferred {
			say("      checked after loading: %s\n", f)
		}
		say("      map: %s\n", t.Cause)
	}

	say("\ntables left out: %d\n", len(p.LeftOut))
	for _, l := range p.LeftOut {
		say("      %s: %s\n", l.Name, l.Reason)
	}

	say("\nforeign keys: %d\n", len(p.References))
	table := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	for _, r := range p.References {
		fmt.Fprintf(table, "      %s (%s)\t-> %s\t%s\n", oneLine([]any{r.Child, strings.Join(r.Columns, ", "), r.Parent, r.Verdict()})...)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	say("\nsteps: %d; see them with --format sql, json or html\n", len(p.Steps))
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
