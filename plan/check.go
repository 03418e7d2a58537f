package plan

import (
	"strings"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/rewrite"
	"github.com/utdrag/utdrag/internal/engine"
)

// Check holds a script that somebody edited against the script of this plan, and proves statement by statement that it still
// copies nothing but the care provider's rows, masked: see [filter.Check]. name is the file's name in diagnostics, and target
// what WriteScript was given.
func (p *Plan) Check(name, text, target string) (*filter.Checked, error) {
	s, err := p.script(target)
	if err != nil {
		return nil, err
	}
	checked, err := filter.Check(&filter.Script{Schema: p.schema, Dialect: p.dialect, Parts: s.parts}, name, text)
	if err != nil {
		return nil, err
	}
	if other := statedHash(text); other != "" && other != p.Hash && checked.Found.Refused() {
		checked.Found = append(checked.Found, rewrite.CodeScriptPlan.Diagnostic(diag.Range{File: name, Start: diag.Pos{Line: 1, Column: 1}, End: diag.Pos{Line: 1, Column: 1}},
			"the script says that it was made of plan "+other+", and this is plan "+p.Hash))
	}
	return checked, nil
}

// statedHash is the hash of the plan that the head of a script names, or "".
func statedHash(text string) string {
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] != "--" {
			return ""
		}
		if len(words) == 3 && words[1] == "plan" && strings.HasPrefix(words[2], "sha256:") && len(words[2]) == len(digest(nil)) {
			return words[2]
		}
	}
	return ""
}

// copyOf describes a copy step to the check.
func (s *script) copyOf(step Step, query *engine.Copy) *filter.ScriptCopy {
	p := s.plan
	t := p.Table(step.Copy.Table.Name)
	c := &filter.ScriptCopy{Table: t.source, Stubs: step.Stubs, Condition: p.sets.Taken(t.source, "t"), Order: query.Order, Query: SelectText(query, p.dialect)}
	if step.Stubs {
		c.Condition, _ = p.sets.Stubbed(t.source, "t")
	}
	for _, column := range query.Columns {
		c.Cells = append(c.Cells, filter.ScriptCell{Column: column.Name, SQL: column.SQL})
	}
	return c
}
