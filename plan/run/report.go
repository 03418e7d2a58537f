package run

import (
	"fmt"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/plan"
)

// Report is what a run did: the evidence that goes into a package's manifest, or into a table of the copy. It holds no
// clock and no secret, so the same rows give the same report.
type Report struct {
	Engine   string         `json:"engine"`
	Request  filter.Request `json:"request"`
	Map      string         `json:"map"`
	Catalog  string         `json:"catalog"`
	Plan     string         `json:"plan"`
	Snapshot string         `json:"snapshot"`
	// Into is the engine of the copy where that is another than the source's. Bytes and digests are then of cells in their
	// neutral form (see package value).
	Into string `json:"into,omitempty"`
	// MaskKey is the fingerprint of the masking key that was used, or "".
	MaskKey string  `json:"mask_key,omitempty"`
	Tables  []Table `json:"tables"`
	// Checks are the verifications that were made and passed, in words.
	Checks []string `json:"checks"`

	// packed is set where the report is a package's: its bytes are those of the encoded rows.
	packed bool
}

// Table is what was copied of one table.
type Table struct {
	Name catalog.Name `json:"name"`
	Rows int64        `json:"rows"`
	// Bytes counts cell content, before any encoding.
	Bytes int64 `json:"bytes"`
	// Content is the order-independent digest of the rows as copied.
	Content string `json:"content"`
}

// Rows is the number of rows copied in all.
func (r *Report) Rows() (rows, bytes int64) {
	for _, t := range r.Tables {
		rows += t.Rows
		bytes += t.Bytes
	}
	return rows, bytes
}

func newReport(p *plan.Plan, snapshot string) *Report {
	return &Report{Engine: p.Engine, Request: p.Request, Map: p.MapHash, Catalog: p.CatalogHash, Plan: p.Hash, Snapshot: snapshot}
}

// Violation is one thing that verification found. It names tables and columns and counts rows; it never quotes them.
type Violation struct {
	Code    string `json:"code"`
	Table   string `json:"table,omitempty"`
	Message string `json:"message"`
	// Count is how many rows are concerned, or 0 where that isn't known.
	Count int64 `json:"count,omitempty"`
}

func (v Violation) String() string {
	text := v.Code + ": "
	if v.Table != "" {
		text += v.Table + ": "
	}
	text += v.Message
	switch {
	case v.Count == 1:
		text += " (1 row)"
	case v.Count > 1:
		text += fmt.Sprintf(" (%d rows)", v.Count)
	}
	return text
}

// The codes of violations.
const (
	CodeRowCount    = "UV001" // a table holds another number of rows than its manifest or plan says
	CodeKeys        = "UV002" // the keys copied are not those that the other route finds
	CodeContent     = "UV003" // a table's content is not what was copied
	CodeUnreachable = "UV004" // a row can't be reached inside the copy
	CodeOtherKey    = "UV005" // another provider's row or key occurs
	CodeOrphan      = "UV006" // a foreign key leads to no row
	CodeUnmasked    = "UV007" // a masked column holds what its mask can't have made
	CodeStructure   = "UV008" // the copy's tables or columns are not those of the plan
	CodeMissing     = "UV009" // rows that should be there are not
	CodeNoManifest  = "UV010" // the copy carries no manifest
)

// Violations are an error: the copy is not what it should be.
type Violations []Violation

func (v Violations) Error() string {
	text := fmt.Sprintf("verification found %d violations", len(v))
	if len(v) == 1 {
		text = "verification found a violation"
	}
	for _, one := range v {
		text += "\n" + one.String()
	}
	return text
}

func (v Violations) err() error {
	if len(v) == 0 {
		return nil
	}
	return &diag.Error{Code: v[0].Code, Class: diag.Refused, Message: "the copy is not what it should be", Advice: "nothing was made final; look into it before trying again", Err: v}
}
