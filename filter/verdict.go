package filter

import (
	"fmt"
	"slices"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
)

// Package plan declares these codes.
const (
	codeUnproven  = "UP002"
	codeDropAdded = "UP003"
)

// Verdict says of one foreign key of a copied table why no copied row leads outside by it, or what happens where one does.
type Verdict struct {
	*Reference
	// Proof says by what it is certain that no copied row leads outside, given that the source's own foreign keys hold.
	// It is "" where a policy is needed.
	Proof string
}

// Verdicts gives a verdict on every foreign key of the tables that rows are copied of, and refuses those with neither a proof
// nor a policy.
func (s *Sets) Verdicts() ([]Verdict, diag.List) {
	var verdicts []Verdict
	var found diag.List
	refuse := func(code string, r *Reference, advice, format string, args ...any) {
		found = append(found, diag.Diagnostic{Code: code, Subject: r.Cause, Advice: advice, Summary: fmt.Sprintf(format, args...)})
	}
	for _, t := range s.Schema.Tables {
		if !t.Made() || t.Rule == NoneKept {
			continue
		}
		for _, r := range t.References {
			v := Verdict{Reference: r, Proof: s.prove(r)}
			verdicts = append(verdicts, v)
			added, _ := s.Adds(t)
			switch {
			case v.Proof != "":
			case r.Outside == "":
				refuse(codeUnproven, r, `write foreign "`+r.Label()+`" { outside = "null" }, or "stub", "drop", "include", or "error" to stop the run if it happens`,
					"a copied row of %s may reference a row of %s that is not copied, by %s", t.Name, r.Parent.Name, r.Label())
			case r.Outside == schemamap.OutsideDrop && added:
				refuse(codeDropAdded, r, `choose "null", "stub", "include" or "error"`,
					"outside = \"drop\" can't leave out rows of %s that another table's outside = \"include\" adds", t.Name)
			}
		}
	}
	return verdicts, found
}

// Blanked are, by table and column, the references that set the column to NULL where they lead outside.
func Blanked(verdicts []Verdict) map[*Table]map[string][]*Reference {
	blanked := map[*Table]map[string][]*Reference{}
	for _, v := range verdicts {
		if v.Proof != "" || v.Outside != schemamap.OutsideNull {
			continue
		}
		if blanked[v.Child] == nil {
			blanked[v.Child] = map[string][]*Reference{}
		}
		for _, name := range v.Blankable() {
			blanked[v.Child][name] = append(blanked[v.Child][name], v.Reference)
		}
	}
	return blanked
}

// prove says why no copied row can lead outside by this foreign key, or "".
func (s *Sets) prove(r *Reference) string {
	for _, name := range r.ChildColumns() {
		f := r.Child.Field(name)
		if f.Omit {
			return "column " + name + " is left out"
		}
		if f.Mask != nil && f.Effect.Blanks {
			return "column " + name + " is masked with NULL"
		}
	}
	if r.Parent.Rule == AllRows {
		return "every row of " + r.Parent.Name.String() + " is copied"
	}
	if added, _ := s.Adds(r.Child); added || r.Child.Rule == AllRows {
		return "" // rows that no path brought
	}
	if s.up(r) {
		return "a row is included only if its " + r.Parent.Name.String() + " is"
	}
	if s.down(r) {
		return "an included row includes the " + r.Parent.Name.String() + " that it names"
	}
	return ""
}

// up: each included child has its parent included, because that is the child's only path, or one of all.
func (s *Sets) up(r *Reference) bool {
	t := r.Child
	return slices.ContainsFunc(t.Paths, func(p *Path) bool {
		return p.Up && p.Other == r.Parent && slices.Equal(p.Pairs, r.Columns) && (len(t.Paths) == 1 || t.Match == schemamap.MatchAll)
	})
}

// down: the parent is included because an included child names it, and nothing narrows that.
func (s *Sets) down(r *Reference) bool {
	parent := r.Parent
	if parent.Rule != ByPaths || parent.Where != nil || parent == s.Schema.Unit ||
		slices.ContainsFunc(parent.References, func(f *Reference) bool { return f.Outside == schemamap.OutsideDrop }) {
		return false
	}
	return slices.ContainsFunc(parent.Paths, func(p *Path) bool {
		return !p.Up && p.Other == r.Child && slices.Equal(p.Pairs, r.Columns) && (len(parent.Paths) == 1 || parent.Match == schemamap.MatchAny)
	})
}
