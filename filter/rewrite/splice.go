package rewrite

import (
	"errors"
	"sort"
	"strings"
)

// edit replaces a piece of a text.
type edit struct {
	Span
	text string
}

var errOverlap = errors.New("edits overlap")

// splice applies edits, which must not overlap, and returns where the new pieces stand.
func splice(text string, edits []edit) (string, []Span, error) {
	sort.SliceStable(edits, func(i, j int) bool { return edits[i].Start < edits[j].Start })
	var b strings.Builder
	written := make([]Span, len(edits))
	last := 0
	for i, e := range edits {
		if e.Start < last || e.End < e.Start || e.End > len(text) {
			return "", nil, errOverlap
		}
		b.WriteString(text[last:e.Start])
		start := b.Len()
		b.WriteString(e.text)
		written[i] = Span{start, b.Len()}
		last = e.End
	}
	b.WriteString(text[last:])
	return b.String(), written, nil
}
