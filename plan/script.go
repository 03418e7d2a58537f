package plan

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
)

// CodeNoScript and CodeMaskNoSQL refuse a SQL script.
const (
	CodeNoScript  = "UP008" // the engine's client can't run a plan
	CodeMaskNoSQL = "UP009" // a mask has no SQL form on the engine
)

// WriteScript writes the plan as one SQL script for the engine's own client. The script makes the copy that a run
// makes, from one snapshot, and stops at the first thing wrong. A mask without a SQL form is refused, unless the engine's
// client can compute it: the masking key is then read from a place that the script names, and never stands in it.
//
// target names the database that the script makes, or fills if it is empty; "" for the engine's default.
func (p *Plan) WriteScript(w io.Writer, target string) error {
	s, err := p.script(target)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, s.out.String())
	return err
}

// script writes the script, and keeps its parts apart.
func (p *Plan) script(target string) (*script, error) {
	scripting, ok := p.dialect.(engine.Scripting)
	if !ok {
		return nil, &diag.Error{Code: CodeNoScript, Class: diag.Refused, Message: "there is no script form for " + p.Engine, Advice: "use utdrag extract"}
	}
	to, err := scripting.Script(p.schema.Catalog.Database, target)
	if err != nil {
		return nil, err
	}
	s := &script{plan: p, to: to}
	if err := s.masks(); err != nil {
		return nil, err
	}
	s.header()
	d := p.Definition()
	s.part(filter.PartOpen, "the settings, and the empty target", s.to.Open(d))
	s.tables(d)
	for i, step := range p.Steps {
		if step.Kind == filter.StepMake {
			s.step(i+1, step)
		}
	}
	s.part(filter.PartSnapshot, "the snapshot", s.to.Begin())
	begun := false
	for i, step := range p.Steps {
		if step.Kind == StepCopy && !begun {
			begun = true
			s.part(filter.PartMasking, "what masks need", s.masking.Before)
		}
		if step.Kind != filter.StepMake {
			s.step(i+1, step)
		}
	}
	s.part(filter.PartMasking, "nothing that masks needed is left", s.masking.After)
	s.part(filter.PartSnapshot, "the end of the snapshot", s.to.Commit())
	s.indexes()
	s.part(filter.PartClose, "the last checks, and what was copied", s.to.Close(d))
	return s, s.err
}

// masks finds the masks that only the engine's scripter may be able to apply, and refuses those that it can't.
func (s *script) masks() error {
	var found diag.List
	var places []copied
	var cells []engine.Cells
	masker, _ := s.to.(engine.Masker)
	for i := range s.plan.Tables {
		t := &s.plan.Tables[i]
		for j := range t.Columns {
			c := &t.Columns[j]
			if c.rule == nil || c.inSQL || t.Empty {
				continue
			}
			if masker == nil || !masker.CanMask(c.rule, c.masked) {
				found = append(found, diag.Diagnostic{Code: CodeMaskNoSQL, Subject: t.source.Field(c.Name).Cause,
					Summary: fmt.Sprintf("column %s of %s: mask %s has no SQL form on %s", c.Name, t.Name, c.Mask, s.plan.Engine),
					Advice:  "run the plan with utdrag extract, or omit the column or mask it in another way"})
				continue
			}
			for _, step := range s.plan.Steps {
				if step.Kind != StepCopy || step.Copy.Table != t.source.Table {
					continue
				}
				at := slices.IndexFunc(step.Copy.Columns, func(out engine.CopyColumn) bool { return out.Name == c.Name })
				places = append(places, copied{step.Copy, at})
				cells = append(cells, engine.Cells{Table: t.Name, Column: c.Name, Rule: c.rule, Of: c.masked,
					SQL: step.Copy.Columns[at].SQL, From: step.Copy.From})
			}
		}
	}
	if len(cells) > 0 && len(found) == 0 {
		s.masking = masker.Mask(cells)
		s.masked = map[copied]string{}
		for i, place := range places {
			s.masked[place] = s.masking.SQL[i]
		}
	}
	found.Sort()
	return found.Err()
}

// copied is one output column of a copy step.
type copied struct {
	copy   *engine.Copy
	column int
}

// read is the SELECT of a copy step, with the masks that masking applies.
func (s *script) read(step Step) *engine.Copy {
	masked := *step.Copy
	masked.Columns = slices.Clone(masked.Columns)
	for i := range masked.Columns {
		if text, ok := s.masked[copied{step.Copy, i}]; ok {
			masked.Columns[i].SQL, masked.Columns[i].Plain = text, false
		}
	}
	return &masked
}

type script struct {
	plan *Plan
	to   engine.Scripter
	out  strings.Builder
	err  error

	masking engine.Masking
	masked  map[copied]string
	parts   []filter.ScriptPart
}

// part writes a piece of the script that stands for itself. what says in words what it does.
func (s *script) part(kind filter.PartKind, what, text string) {
	if text == "" {
		return
	}
	s.parts = append(s.parts, filter.ScriptPart{Kind: kind, What: what, Text: text})
	s.out.WriteString(strings.TrimRight(text, "\n") + "\n\n")
}

// comment writes lines that the client skips. Only the format has line breaks: no argument can end the comment, or
// begin a line that says something else.
func (s *script) comment(format string, args ...any) {
	for line := range strings.SplitSeq(fmt.Sprintf(format, oneLine(args)...), "\n") {
		s.out.WriteString("-- " + line + "\n")
	}
}

func (s *script) header() {
	p := s.plan
	s.comment("Utdrag copy plan: the rows of one care provider, and no other row.")
	s.comment("provider  %s", p.Request.Provider)
	if len(p.Request.Units) > 0 {
		s.comment("units     %s", strings.Join(p.Request.Units, ", "))
	}
	s.comment("map       %s\ncatalog   %s\nplan      %s\n\nrun it    %s", p.MapHash, p.CatalogHash, p.Hash, s.to.Usage())
	if s.masking.Needs != "" {
		s.comment("needs     %s", s.masking.Needs)
	}
	s.comment("\nIt reads one snapshot of the source, changes nothing there, and stops at the first error.")
	s.out.WriteString("\n")
}

func (s *script) tables(d engine.Definition) {
	s.comment("The tables of the copy")
	before, err := s.plan.dialect.Prepare(d)
	s.fail(err)
	for _, statement := range before {
		s.part(filter.PartTable, "what the tables are made of", s.to.Define(statement))
	}
	for i := range s.plan.Tables {
		t := &s.plan.Tables[i]
		text, err := s.plan.dialect.CreateTable(s.to.Target(), &t.Definition)
		s.fail(err)
		for _, change := range t.Changes {
			s.comment("%s: %s", t.Name, change)
		}
		s.part(filter.PartTable, "table "+t.Name.String(), s.to.Define(text))
	}
}

func (s *script) step(number int, step Step) {
	s.comment("%d. %s\n   map: %s", number, step.Comment, step.Cause)
	switch step.Kind {
	case filter.StepMake, filter.StepFill, filter.StepClear:
		s.part(filter.PartKeys, step.Comment, s.to.Statement(step.SQL, step.Args))
	case filter.StepFixpoint:
		rounds := make([]string, len(step.Rounds))
		for i, r := range step.Rounds {
			rounds[i] = s.to.Statement(r.SQL, r.Args)
		}
		s.part(filter.PartKeys, step.Comment, s.to.Fixpoint(number, rounds, step.SQL, s.size(step)))
	case filter.StepCheck:
		s.part(filter.PartCheck, step.Comment, s.to.Check(number, step.SQL, step.Expect, step.Code+": "+step.Message))
	case StepCopy:
		var columns []string
		for _, c := range step.Copy.Columns {
			columns = append(columns, c.Name)
		}
		query := s.read(step)
		s.part(filter.PartCopy, step.Comment, s.to.Insert(&s.plan.Table(step.Copy.Table.Name).Definition, columns, SelectText(query, s.plan.dialect)))
		s.parts[len(s.parts)-1].Copy = s.copyOf(step, query)
	default:
		s.fail(fmt.Errorf("plan: no script form for a step of kind %q", step.Kind))
	}
}

// size counts the rows of the tables that a fixpoint runs over: each round but the last finds one at least.
func (s *script) size(step Step) string {
	var counts []string
	seen := map[string]bool{}
	for _, r := range step.Rounds {
		if seen[r.Table] {
			continue
		}
		seen[r.Table] = true
		for _, t := range s.plan.schema.Tables {
			if t.Name.String() == r.Table {
				counts = append(counts, "(SELECT "+s.plan.dialect.Count()+" FROM "+s.plan.dialect.Table(t.Name)+")")
			}
		}
	}
	return "SELECT " + strings.Join(counts, " + ") + " + 1"
}

func (s *script) indexes() {
	for i := range s.plan.Tables {
		t := &s.plan.Tables[i]
		for _, index := range t.Definition.Indexes {
			text, err := s.plan.dialect.CreateIndex(s.to.Target(), &t.Definition, index)
			s.fail(err)
			s.part(filter.PartIndex, "an index of "+t.Name.String(), s.to.Define(text))
		}
	}
	for i := range s.plan.Tables {
		statements, err := s.plan.dialect.Complete(s.to.Target(), &s.plan.Tables[i].Definition)
		s.fail(err)
		for _, statement := range statements {
			s.part(filter.PartConstraint, "a constraint of "+s.plan.Tables[i].Name.String(), s.to.Define(statement))
		}
	}
}

func (s *script) fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

// SchemaText is the definition of the copy's data types, tables, indexes and foreign keys in SQL, for the default database of
// a connection. before makes what rows are loaded into, and after what comes once they are there.
func (p *Plan) SchemaText() (before, after string, err error) {
	d := p.Definition()
	first, err := p.dialect.Prepare(d)
	if err != nil {
		return "", "", err
	}
	var last, indexes []string
	for i := range d.Tables {
		t := &d.Tables[i]
		text, err := p.dialect.CreateTable("", t)
		if err != nil {
			return "", "", err
		}
		first = append(first, text)
		for _, index := range t.Indexes {
			text, err := p.dialect.CreateIndex("", t, index)
			if err != nil {
				return "", "", err
			}
			indexes = append(indexes, text)
		}
		complete, err := p.dialect.Complete("", t)
		if err != nil {
			return "", "", err
		}
		last = append(last, complete...)
	}
	text := func(statements []string) string {
		var b strings.Builder
		for _, s := range statements {
			b.WriteString(s + ";\n\n")
		}
		return b.String()
	}
	return text(first), text(append(indexes, last...)), nil
}

// WriteSteps writes every step's SQL with its comment, for reading: unlike WriteScript's, the text isn't meant to be
// run, so it needs no form for masks that only a run can apply.
func (p *Plan) WriteSteps(w io.Writer) error {
	s := &script{plan: p}
	s.comment("Utdrag copy plan %s, for reading", p.Hash)
	s.comment("provider  %s", p.Request.Provider)
	s.out.WriteString("\n")
	for i, step := range p.Steps {
		s.comment("%d. %s\n   map: %s", i+1, step.Comment, step.Cause)
		s.part(filter.PartKeys, "", step.SQL+";")
		for _, r := range step.Rounds {
			s.part(filter.PartKeys, "", r.SQL+";")
		}
	}
	_, err := io.WriteString(w, s.out.String())
	return err
}
