package rewrite

import (
	"fmt"
	"strings"
)

// Page is the documentation of every code, in Markdown. It stands in REFUSALS.md.
func Page() string {
	var b strings.Builder
	b.WriteString("# Why a query is refused\n\nEverything that rewriting refuses or warns of has a code, a place in the query, and what to write instead. A code is never given\nanother meaning. This page is made from codes.go by `go test ./filter/rewrite -run TestPage -update`.\n")
	for _, kind := range []struct {
		title    string
		warnings bool
	}{{"Refusals", false}, {"Warnings", true}} {
		fmt.Fprintf(&b, "\n## %s\n", kind.title)
		for _, e := range Codes {
			if e.Warning == kind.warnings {
				fmt.Fprintf(&b, "\n### %s: %s\n\n%s.\n\nWhat to do: %s.\n", e.Code, e.Title, sentence(e.Why), e.Advice)
			}
		}
	}
	return b.String()
}

func sentence(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
