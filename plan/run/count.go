package run

import (
	"context"
	"errors"
	"slices"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
)

// Rows is how many rows of a table there are to copy.
type Rows struct {
	Table catalog.Name `json:"table"`
	Rows  int64        `json:"rows"`
}

// count asks for the rows of every table of the plan by the conditions that they are copied by.
func (r *runner) count(ctx context.Context) ([]Rows, error) {
	r.options.Progress.Phase("count", len(r.plan.Tables))
	rows := make([]Rows, len(r.plan.Tables))
	for i := range r.plan.Tables {
		t := &r.plan.Tables[i]
		r.options.Progress.Table(t.Name.String(), -1)
		rows[i].Table = t.Name
		for _, step := range copies(r.plan, t.Name) {
			n, err := number(ctx, r.snapshot, "SELECT "+r.plan.Dialect().Count()+" "+step.From)
			if err != nil {
				return nil, err
			}
			rows[i].Rows += n
		}
	}
	return rows, nil
}

// copies are the SELECTs that copy a table.
func copies(p *plan.Plan, table catalog.Name) (all []*engine.Copy) {
	for i := range p.Steps {
		if step := &p.Steps[i]; step.Kind == plan.StepCopy && step.Copy.Table.Name == table {
			all = append(all, step.Copy)
		}
	}
	return all
}

// CodeKeysNotText refuses keys that aren't texts.
const CodeKeysNotText = "UX011"

// Units returns the keys of the ordered provider's units as the source has them, without masks: what an order may be narrowed
// to. The plan must be one for the provider without units. Where the map declares no units there are none. The error has the
// code [plan.CodeAnchorRow] where the provider isn't exactly one row of the source.
func Units(ctx context.Context, p *plan.Plan, s *Source) (keys []string, err error) {
	schema := p.Schema()
	needed := map[string]bool{}
	for _, component := range schema.Components() {
		for _, t := range component {
			if schema.Unit != nil && slices.Contains(component, schema.Unit) {
				needed[t.Name.String()] = true
			}
		}
	}
	// What fills the units' key set stands no later than their own table's last such step, because each set comes after those that
	// it is made of.
	var steps []*filter.Step
	last := 0
	for i := range p.Steps {
		step := &p.Steps[i].Step
		switch {
		case step.Kind == plan.StepCopy, step.Kind == filter.StepMake, step.Kind == filter.StepCheck && step.Code != plan.CodeAnchorRow:
			continue
		}
		steps = append(steps, step)
		if step.Kind == filter.StepCheck || needed[step.Table] {
			last = len(steps)
		}
	}
	// An order's form is held against what there is, and no data are taken: any state of the database will do.
	snapshot, err := s.engine.Begin(ctx, engine.Terms{Work: workTables(p), AllowInconsistent: true})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, snapshot.Close()) }()
	for _, step := range steps[:last] {
		if err := execute(ctx, snapshot, step); err != nil {
			return nil, err
		}
	}
	if schema.Unit == nil {
		return nil, nil
	}
	for _, c := range copies(p, schema.Unit.Name) {
		found, err := texts(ctx, snapshot, "SELECT t."+p.Dialect().Quote(schema.UnitKey.Name)+" "+c.From)
		if err != nil {
			return nil, err
		}
		keys = append(keys, found...)
	}
	return keys, nil
}

// texts runs a query that yields one column of texts.
func texts(ctx context.Context, s engine.Snapshot, query string) (all []string, err error) {
	rows, err := s.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	row := make([]value.Value, 1)
	for rows.Next(row) {
		if row[0].Form() != value.Text {
			return nil, &diag.Error{Code: CodeKeysNotText, Class: diag.Refused, Message: "the keys of units are not all texts", Advice: "name the column that holds the units' HSA-ids in the map"}
		}
		all = append(all, string(append([]byte(nil), row[0].Text()...)))
	}
	return all, rows.Err()
}
