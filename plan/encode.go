package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

// document is a plan as JSON. Its field order is part of the format.
type document struct {
	Format     int                 `json:"format"`
	Hash       string              `json:"hash,omitempty"`
	Engine     string              `json:"engine"`
	Request    filter.Request      `json:"request"`
	Map        string              `json:"map"`
	Catalog    string              `json:"catalog"`
	Tables     []tableDocument     `json:"tables"`
	LeftOut    []leftOutDocument   `json:"left_out,omitempty"`
	References []referenceDocument `json:"references,omitempty"`
	Steps      []stepDocument      `json:"steps"`
}

type tableDocument struct {
	Name     string           `json:"name"`
	Reach    string           `json:"reach"`
	Shared   bool             `json:"shared,omitempty"`
	Empty    bool             `json:"empty,omitempty"`
	Columns  []columnDocument `json:"columns"`
	Changes  []string         `json:"changes,omitempty"`
	Deferred []string         `json:"deferred,omitempty"`
	Cause    string           `json:"cause"`
}

type columnDocument struct {
	Name     string     `json:"name"`
	Type     string     `json:"type"`
	Kind     value.Kind `json:"kind"`
	Nullable bool       `json:"nullable,omitempty"`
	Mask     string     `json:"mask,omitempty"`
	MaskedBy string     `json:"masked_by,omitempty"`
	Blanked  bool       `json:"blanked,omitempty"`
}

type leftOutDocument struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
	Cause  string `json:"cause"`
}

type referenceDocument struct {
	Child      string   `json:"child"`
	Columns    []string `json:"columns"`
	Parent     string   `json:"parent"`
	Constraint string   `json:"constraint,omitempty"`
	Proof      string   `json:"proof,omitempty"`
	Policy     string   `json:"policy,omitempty"`
	Made       bool     `json:"made"`
	Cause      string   `json:"cause"`
}

type stepDocument struct {
	Number  int            `json:"number,omitempty"`
	Kind    string         `json:"kind"`
	Table   string         `json:"table"`
	Work    string         `json:"work,omitempty"`
	Comment string         `json:"comment,omitempty"`
	SQL     string         `json:"sql"`
	Args    []argument     `json:"args,omitempty"`
	Rounds  []stepDocument `json:"rounds,omitempty"`
	Expect  *int64         `json:"expect,omitempty"`
	Message string         `json:"message,omitempty"`
	Cause   string         `json:"cause"`
}

type argument struct {
	Form  string `json:"form"`
	Value string `json:"value"`
}

// WriteJSON writes the plan as indented JSON.
func (p *Plan) WriteJSON(w io.Writer) error {
	d := p.document(diag.Range.String)
	d.Hash = p.Hash
	text, err := encode(d)
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// hash covers everything that the JSON form says but itself and the name of the map's file: where a map lies on a disk
// is no part of what it says.
func (p *Plan) hash() string {
	text, err := encode(p.document(func(at diag.Range) string {
		at.File = ""
		return at.String()
	}))
	if err != nil { // the kinds of columns come from a checked catalog
		panic(fmt.Sprintf("plan: encoding our own document: %v", err))
	}
	return digest(text)
}

func encode(d document) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(d)
	return b.Bytes(), err
}

func (p *Plan) document(place func(diag.Range) string) document {
	d := document{Format: Format, Engine: p.Engine, Request: p.Request, Map: p.MapHash, Catalog: p.CatalogHash, Steps: []stepDocument{}}
	for _, t := range p.Tables {
		table := tableDocument{Name: t.Name.String(), Reach: t.Reach, Shared: t.Shared, Empty: t.Empty, Changes: t.Changes,
			Deferred: t.Deferred, Cause: place(t.Cause), Columns: []columnDocument{}}
		for _, c := range t.Columns {
			column := columnDocument{Name: c.Name, Type: c.EngineType, Kind: c.Type.Kind, Nullable: c.Nullable, Mask: c.Mask, Blanked: c.Blanked}
			if c.Mask != "" {
				column.MaskedBy = "utdrag"
				if c.inSQL {
					column.MaskedBy = "sql"
				}
			}
			table.Columns = append(table.Columns, column)
		}
		d.Tables = append(d.Tables, table)
	}
	for _, l := range p.LeftOut {
		d.LeftOut = append(d.LeftOut, leftOutDocument{l.Name.String(), l.Reason, place(l.Cause)})
	}
	for _, r := range p.References {
		d.References = append(d.References, referenceDocument{r.Child.String(), r.Columns, r.Parent.String(), r.Constraint, r.Proof, r.Policy, r.Made, place(r.Cause)})
	}
	for i, s := range p.Steps {
		step := stepOf(s.Step, place)
		step.Number = i + 1
		d.Steps = append(d.Steps, step)
	}
	return d
}

func stepOf(s filter.Step, place func(diag.Range) string) stepDocument {
	d := stepDocument{Kind: string(s.Kind), Table: s.Table, Work: s.Work, Comment: s.Comment, SQL: s.SQL, Message: s.Message, Cause: place(s.Cause)}
	for _, a := range s.Args {
		d.Args = append(d.Args, argument{a.Form().String(), argumentText(a)})
	}
	for _, r := range s.Rounds {
		d.Rounds = append(d.Rounds, stepOf(r, place))
	}
	if s.Kind == filter.StepCheck {
		d.Expect = &s.Expect
	}
	return d
}

// argumentText prints an argument. Arguments are the order's own keys, never content of the database.
func argumentText(v value.Value) string {
	if v.Form() == value.Int {
		return fmt.Sprint(v.Int())
	}
	return v.Text()
}
