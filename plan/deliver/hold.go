package deliver

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/deliver/order"
	"github.com/utdrag/utdrag/plan/run"
)

// maxRows is more than any table has, and keeps percents of it in an int64.
const maxRows = 1 << 53

// Change is a table that changed by more than the order allows.
type Change struct {
	Table  catalog.Name `json:"table"`
	Before int64        `json:"before"`
	Now    int64        `json:"now"`
	// Bound is how much it may change, in percent.
	Bound int `json:"bound"`
}

// namesOf are the tables of changes, or how many there are where they are many.
func namesOf(changes []Change) string {
	if len(changes) > 3 {
		return fmt.Sprintf("%d tables", len(changes))
	}
	names := make([]string, len(changes))
	for i, c := range changes {
		names[i] = c.Table.String()
	}
	return strings.Join(names, ", ")
}

// changes are the tables that differ by more than the order allows. A table that isn't in one of the two has no rows there, and
// one without rows before is reckoned as if it had had one: else any change would be without bounds.
func changes(h order.Hold, before, now []run.Rows) (all []Change) {
	counts := map[catalog.Name]*Change{}
	var names []catalog.Name
	at := func(name catalog.Name) *Change {
		if counts[name] == nil {
			counts[name] = &Change{Table: name, Bound: h.Of(name.String())}
			names = append(names, name)
		}
		return counts[name]
	}
	for _, t := range now {
		at(t.Table).Now = t.Rows
	}
	for _, t := range before {
		at(t.Table).Before = t.Rows
	}
	for _, name := range names {
		c := counts[name]
		difference := max(c.Now-c.Before, c.Before-c.Now)
		if difference > maxRows || difference*100 > int64(c.Bound)*max(c.Before, 1) {
			all = append(all, *c)
		}
	}
	return all
}

// heldHash names what somebody is to look at: the order, the plan, and how many rows each table has now and had last.
func heldHash(o *order.Order, p *plan.Plan, before, now []run.Rows) string {
	text, err := json.Marshal(struct {
		Order, Plan string
		Before, Now []run.Rows
	}{o.Hash(), p.Hash, before, now})
	if err != nil {
		panic("deliver: " + err.Error()) // names and numbers always encode
	}
	sum := sha256.Sum256(append([]byte("utdrag held 1\n"), text...))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// checkHold refuses bounds for tables that aren't copied: somebody believes that they are watched.
func checkHold(o *order.Order, p *plan.Plan) error {
	var names []string
	for _, t := range p.Tables {
		names = append(names, t.Name.String())
	}
	var found diag.List
	for _, t := range o.Hold.Tables {
		if slices.Contains(names, t.Table) {
			continue
		}
		advice := diag.DidYouMean(t.Table, names)
		if advice == "" {
			advice = "write the name as the plan does, with its schema"
			for _, name := range names {
				if strings.HasSuffix(name, "."+t.Table) {
					advice = fmt.Sprintf("did you mean %q?", name)
				}
			}
		}
		found = append(found, diag.Diagnostic{Code: codeHoldTable, Summary: "a table that hold bounds isn't among those that are copied", Advice: advice,
			Subject: o.Place("hold")})
	}
	return found.Err()
}
