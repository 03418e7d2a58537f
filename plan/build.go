package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/engines"
)

// Codes of what planning refuses. UP001 is a check that the plan itself holds.
const (
	CodeAnchorRow    = "UP001" // the ordered provider is not exactly one row (found when the plan runs)
	CodeUnproven     = "UP002" // a foreign key may lead outside and the map doesn't say what happens then
	CodeDropAdded    = "UP003" // outside = "drop" on a table that gets rows by another key's include
	CodeOutside      = "UP004" // a copied row leads outside under outside = "error" (found when the plan runs)
	CodeNoTargetType = "UP005" // a masked column's type has no name in the engine
	CodeUnitRow      = "UP006" // an ordered unit is not the provider's (found when the plan runs)
	CodeEngine       = "UP007" // the catalog was taken from an engine that is not known
)

// Build makes the plan of one extract, or says everything that stands in its way. The list may hold warnings beside a
// plan.
func Build(m *schemamap.Map, c *catalog.Catalog, r filter.Request) (*Plan, diag.List) {
	d, err := engines.Dialect(c.Engine)
	if err != nil {
		return nil, diag.List{{Code: CodeEngine, Summary: "the catalog was taken from an engine that is not known here", Advice: "take it again from the source"}}
	}
	return build(m, c, r, d)
}

func build(m *schemamap.Map, c *catalog.Catalog, r filter.Request, d engine.Dialect) (*Plan, diag.List) {
	schema, found := filter.Bind(m, c)
	if schema == nil {
		return nil, found
	}
	sets, more := schema.Compile(d, r)
	found = append(found, more...)
	if sets == nil {
		return nil, found
	}
	b := &builder{
		plan: &Plan{Engine: d.Name(), Request: sets.Request, MapHash: digest(m.Source), CatalogHash: c.Hash(),
			schema: schema, sets: sets, dialect: d},
	}
	b.references()
	b.tables()
	b.found.Sort()
	found = append(found, b.found...)
	if found.Refused() {
		return nil, found
	}
	b.steps()
	b.plan.Hash = b.plan.hash()
	return b.plan, found
}

type builder struct {
	plan *Plan
	// blanked are, by table and column, the references that set the column to NULL where they lead outside.
	blanked map[*filter.Table]map[string][]*filter.Reference
	found   diag.List
}

func (b *builder) refuse(code string, at diag.Range, advice, format string, args ...any) {
	b.found = append(b.found, diag.Diagnostic{Code: code, Subject: at, Advice: advice, Summary: fmt.Sprintf(format, args...)})
}

// tables describes every table of the copy, in load order.
func (b *builder) tables() {
	p := b.plan
	order, position := b.loadOrder()
	for _, t := range order {
		table := Table{Name: t.Name, Reach: t.Words(), Shared: t.Shared, Empty: t.Rule == filter.NoneKept, Cause: t.Cause, source: t}
		b.columns(t, &table)
		b.definition(t, &table)
		for _, f := range table.Definition.ForeignKeys {
			if parent := p.schema.Table(f.Parent); position[parent] >= position[t] {
				table.Deferred = append(table.Deferred, "("+strings.Join(f.ChildColumns(), ", ")+") -> "+f.Parent.String())
			}
		}
		p.Tables = append(p.Tables, table)
	}
	for _, t := range p.schema.Tables {
		if !t.Made() {
			p.LeftOut = append(p.LeftOut, LeftOut{Name: t.Name, Reason: t.Reason, Cause: t.Cause})
		}
	}
}

func (b *builder) columns(t *filter.Table, table *Table) {
	for i := range t.Fields {
		f := &t.Fields[i]
		if f.Omit {
			table.Changes = append(table.Changes, "column "+f.Name+" is left out")
			continue
		}
		if !f.Inserted() {
			continue
		}
		c := Column{Name: f.Name, Type: f.Type, EngineType: f.EngineType, Nullable: f.Nullable, Blanked: len(b.blanked[t][f.Name]) > 0}
		if f.Mask != nil {
			c.rule, c.Mask, c.masked = f.Mask, f.Mask.Spec(), t.MaskColumn(f.Name)
			_, c.inSQL = f.Mask.SQL(b.plan.dialect, c.masked, "x")
			// A type that somebody defined may demand of its values what a masked one doesn't satisfy.
			if f.Effect.Type != f.Type || f.DataType != (catalog.Name{}) && !f.Effect.Blanks {
				name, err := b.plan.dialect.TypeName(f.Effect.Type)
				if err != nil {
					b.refuse(CodeNoTargetType, f.Cause, "omit the column", "column %s of %s: the masked type has no form on %s", f.Name, t.Name, b.plan.Engine)
				}
				c.Type, c.EngineType = f.Effect.Type, name
				table.Changes = append(table.Changes, "column "+f.Name+" becomes "+name)
			}
		}
		table.Columns = append(table.Columns, c)
	}
}

// steps are the key sets, the checks, and the copy of each table in load order.
func (b *builder) steps() {
	p := b.plan
	for _, s := range p.sets.Steps {
		p.Steps = append(p.Steps, Step{Step: s})
	}
	b.unitCheck()
	b.outsideChecks()
	for i := range p.Tables {
		t := &p.Tables[i]
		if t.Empty {
			continue
		}
		b.copyStep(t, p.sets.Taken(t.source, "t"), false)
		if condition, ok := p.sets.Stubbed(t.source, "t"); ok {
			b.copyStep(t, condition, true)
		}
	}
}

// unitCheck demands that every ordered unit is one of the provider's.
func (b *builder) unitCheck() {
	p := b.plan
	if len(p.Request.Units) == 0 {
		return
	}
	unit := p.schema.Unit
	p.Steps = append(p.Steps, Step{Step: filter.Step{Kind: filter.StepCheck, Table: unit.Name.String(), Cause: p.schema.Map.Provider.Unit.Range,
		SQL:    "SELECT " + p.dialect.Count() + " FROM " + p.dialect.Table(unit.Name) + " t WHERE " + p.sets.Included(unit, "t"),
		Expect: int64(len(p.Request.Units)), Code: CodeUnitRow, Message: "an ordered care unit is not a unit of the provider", Advice: "check the order's units against column " + p.schema.UnitKey.Name + " of " + unit.Name.String(),
		Comment: "every ordered unit is the provider's"}})
}

// outsideChecks stop the run where the map says that leading outside is an error.
func (b *builder) outsideChecks() {
	p := b.plan
	for i := range p.References {
		r := &p.References[i]
		if r.Policy != string(schemamap.OutsideError) || r.Proof != "" {
			continue
		}
		child := r.source.Child
		p.Steps = append(p.Steps, Step{Step: filter.Step{Kind: filter.StepCheck, Table: child.Name.String(), Cause: r.Cause,
			SQL:  "SELECT " + p.dialect.Count() + " FROM " + p.dialect.Table(child.Name) + " t\n  WHERE " + conjunction(p.sets.Taken(child, "t"), p.sets.Outside(r.source, "t")),
			Code: CodeOutside, Message: "rows of " + child.Name.String() + " reference rows of " + r.Parent.String() + " that are not copied (by " + strings.Join(r.Columns, ", ") + ")",
			Comment: `outside = "error": no reference by ` + strings.Join(r.Columns, ", ") + " leads outside"}})
	}
}

// copyStep reads the rows of a table that satisfy condition.
func (b *builder) copyStep(t *Table, condition string, stubs bool) {
	p := b.plan
	from := "FROM " + p.dialect.Table(t.Name) + " t"
	if condition != "" {
		from += "\n  WHERE " + condition
	}
	c := &engine.Copy{Table: t.source.Table, From: from, Order: p.dialect.ReadOrder(t.source.Table, "t")}
	for i := range t.Columns {
		column := &t.Columns[i]
		plain := "t." + p.dialect.Quote(column.Name)
		text := p.sets.Cell(t.source.Field(column.Name), t.source, b.blanked[t.source][column.Name], stubs)
		c.Columns = append(c.Columns, engine.CopyColumn{Name: column.Name, SQL: text, Plain: text == plain})
	}
	comment := "rows of " + t.Name.String() + ": " + t.Reach
	if stubs {
		comment = "stub rows of " + t.Name.String() + ": referenced by copied rows, and copied as their key only"
	}
	p.Steps = append(p.Steps, Step{Copy: c, Stubs: stubs, Step: filter.Step{Kind: StepCopy, Table: t.Name.String(), SQL: SelectText(c, p.dialect), Comment: comment, Cause: t.Cause}})
}

// SelectText is the whole SELECT of a copy.
func SelectText(c *engine.Copy, d engine.Dialect) string {
	columns := make([]string, len(c.Columns))
	for i, column := range c.Columns {
		columns[i] = column.SQL
		if !column.Plain {
			columns[i] += " AS " + d.Quote(column.Name)
		}
	}
	text := "SELECT " + strings.Join(columns, ",\n  ") + "\n  " + c.From
	if len(c.Order) > 0 {
		text += "\n  ORDER BY " + strings.Join(c.Order, ", ")
	}
	return text
}

func conjunction(conditions ...string) string {
	return strings.Join(slices.DeleteFunc(conditions, func(c string) bool { return c == "" }), "\n    AND ")
}

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}
