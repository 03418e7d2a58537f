package schemamap

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/utdrag/utdrag/filter/diag"
)

func (r *reader) refuse(code string, at diag.Range, summary, advice string) {
	r.found = append(r.found, diag.Diagnostic{Code: code, Summary: summary, Advice: advice, Subject: at})
}

func (r *reader) warn(code string, at diag.Range, summary, advice string) {
	r.found = append(r.found,
		diag.Diagnostic{Code: code, Severity: diag.Warning, Summary: summary, Advice: advice, Subject: at})
}

func (r *reader) hclRange(h hcl.Range) diag.Range {
	return diag.Range{
		File:  r.file,
		Start: diag.Pos{Line: h.Start.Line, Column: h.Start.Column, Byte: h.Start.Byte},
		End:   diag.Pos{Line: h.End.Line, Column: h.End.Column, Byte: h.End.Byte},
	}
}

// span is the range of the source bytes from start up to end.
func (r *reader) span(start, end int) diag.Range {
	return diag.Range{File: r.file, Start: r.position(start), End: r.position(max(start, end))}
}

func (r *reader) position(at int) diag.Pos {
	if r.lines == nil {
		r.lines = []int{0}
		for i, b := range r.src {
			if b == '\n' {
				r.lines = append(r.lines, i+1)
			}
		}
	}
	line := sort.SearchInts(r.lines, at+1) - 1
	return diag.Pos{Line: line + 1, Column: 1 + utf8.RuneCount(r.src[r.lines[line]:at]), Byte: at}
}

// names refuses every attribute and block of body that is not among those known in what ("a table block").
func (r *reader) names(body *hclsyntax.Body, what string, attributes, blocks []string) {
	for name, a := range body.Attributes {
		if slices.Contains(attributes, name) {
			continue
		}
		code, summary := CodeUnknownName, fmt.Sprintf("%s has no attribute %q", what, name)
		if slices.Contains(blocks, name) {
			r.refuse(code, r.hclRange(a.NameRange), summary, fmt.Sprintf("%s is a block: write %s { … }", name, name))
			continue
		}
		r.refuse(code, r.hclRange(a.NameRange), summary, nearOrList(name, append(slices.Clone(attributes), blocks...)))
	}
	for _, b := range body.Blocks {
		if slices.Contains(blocks, b.Type) {
			continue
		}
		summary := fmt.Sprintf("%s has no block %q", what, b.Type)
		if slices.Contains(attributes, b.Type) {
			r.refuse(CodeUnknownBlock, r.hclRange(b.TypeRange), summary,
				fmt.Sprintf("%s is an attribute: write %s = …", b.Type, b.Type))
			continue
		}
		r.refuse(CodeUnknownBlock, r.hclRange(b.TypeRange), summary,
			nearOrList(b.Type, append(slices.Clone(blocks), attributes...)))
	}
}

// nearOrList is the advice for an unknown name: the nearest one, or all there are.
func nearOrList(name string, known []string) string {
	if near := diag.DidYouMean(name, known); near != "" {
		return near
	}
	if len(known) == 0 {
		return "nothing can be written here"
	}
	return "known here: " + strings.Join(known, ", ")
}

// labels reports whether a block has from least to most labels, and refuses it otherwise.
func (r *reader) labels(b *hclsyntax.Block, least, most int, form string) bool {
	if n := len(b.Labels); n >= least && n <= most {
		return true
	}
	at := r.hclRange(b.TypeRange)
	if len(b.LabelRanges) > most {
		at = r.hclRange(b.LabelRanges[most])
	}
	r.refuse(CodeLabels, at, fmt.Sprintf("the %s block has %d labels", b.Type, len(b.Labels)), "write "+form)
	return false
}

// missing refuses a block that lacks what it must have.
func (r *reader) missing(at diag.Range, what, name, form string) {
	r.refuse(CodeMissing, at, fmt.Sprintf("%s has no %s", what, name), "write "+form)
}

// header is the range of a block's type and labels.
func (r *reader) header(b *hclsyntax.Block) diag.Range {
	at := r.hclRange(b.TypeRange)
	if n := len(b.LabelRanges); n > 0 {
		at.End = r.hclRange(b.LabelRanges[n-1]).End
	}
	return at
}

// blocks returns the blocks of one type, in the order of the text.
func blocks(body *hclsyntax.Body, name string) []*hclsyntax.Block {
	var found []*hclsyntax.Block
	for _, b := range body.Blocks {
		if b.Type == name {
			found = append(found, b)
		}
	}
	return found
}

// firsts remembers where each thing was written first, and refuses the second.
type firsts map[string]diag.Range

// again reports whether key was there before, and says so with the first place.
func (f firsts) again(r *reader, code, key string, at diag.Range, summary, advice string) bool {
	first, seen := f[key]
	if key == "" { // a name that was refused
		return false
	}
	if !seen {
		f[key] = at
		return false
	}
	r.refuse(code, at, summary, fmt.Sprintf("first at %s; %s", first, advice))
	return true
}
