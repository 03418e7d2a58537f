// Package plan turns a schema map, a catalog and an order into a copy plan.
//
// A [Plan] is inert data: what is read, in which order, by which SQL, and why. Nothing happens until somebody runs it
// (package plan/run) or takes its SQL script to the engine's own client. The same map, catalog and request give the
// same plan, byte for byte, and the same [Plan.Hash]; a run can be pinned to a hash that someone reviewed.
//
//	m, found := schemamap.Parse("journal.hcl", text)
//	p, found := plan.Build(m, cat, filter.Request{Provider: "SE5565000017-P1"})
//	err := p.WriteScript(os.Stdout, "")
package plan

import (
	"slices"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/mask/value"
)

// Format is the version of a plan's text. It changes when the same input would give another plan.
const Format = 2

// StepCopy is the kind of a step that reads rows of a table into the copy. The other kinds are package filter's.
const StepCopy filter.StepKind = "copy"

// Plan is what will be done, in order.
type Plan struct {
	// Engine is the engine whose SQL the steps are in.
	Engine  string
	Request filter.Request
	// MapHash and CatalogHash are over what the plan was built from; Hash is over those, the request and the plan.
	MapHash, CatalogHash, Hash string
	// Tables are the tables that the copy has, each after those that it references wherever that is possible.
	Tables []Table
	// LeftOut are the tables that the copy doesn't have.
	LeftOut []LeftOut
	// References say, for every foreign key of the tables copied, why no copied row leads outside, or what happens.
	References []Reference
	Steps      []Step

	schema    *filter.Schema
	sets      *filter.Sets
	dialect   engine.Dialect
	elsewhere bool
}

// Elsewhere reports whether the copy is in another engine than the source: see [Plan.In].
func (p *Plan) Elsewhere() bool { return p.elsewhere }

// Table is one table of the copy.
type Table struct {
	Name catalog.Name
	// Definition is the table as the copy makes it: without omitted columns, with types changed by masks.
	Definition catalog.Table
	Columns    []Column
	// Reach says in words how a row reaches the provider.
	Reach string
	// Shared is set where rows may belong to several providers.
	Shared bool
	// Empty is set where the table is made and no row is copied.
	Empty bool
	// Changes are what the copy's definition leaves out or alters, in words.
	Changes []string
	// Deferred are the foreign keys that lead to a table made later, or to the table itself: in this order of loading,
	// their columns can only be filled, or their constraint checked, after all rows are there.
	Deferred []string
	Cause    diag.Range

	source *filter.Table
}

// Column is a column that is copied.
type Column struct {
	Name string
	// Type is the type in the copy.
	Type       value.Type
	EngineType string
	Nullable   bool
	// Mask is the rule's canonical text, or "".
	Mask string
	// Blanked is set where some references are set to NULL because they lead outside.
	Blanked bool

	rule   mask.Rule
	masked mask.Column
	inSQL  bool
}

// LeftOut is a table that is not copied, and why.
type LeftOut struct {
	Name   catalog.Name
	Reason string
	Cause  diag.Range
}

// Step is one statement of the plan.
type Step struct {
	filter.Step
	// Copy is set on a step that reads rows: the same SELECT in parts.
	Copy *engine.Copy
	// Stubs is set on a copy step that reads rows of which only the key is copied.
	Stubs bool
}

// Schema is the bound map that the plan was built from.
func (p *Plan) Schema() *filter.Schema { return p.schema }

// Sets are the conditions of the included rows.
func (p *Plan) Sets() *filter.Sets { return p.sets }

// Source is the bound table that t is copied from.
func (t *Table) Source() *filter.Table { return t.source }

// Rule is the column's mask, or nil; MaskColumn is what the mask may know of it.
func (c *Column) Rule() mask.Rule { return c.rule }

// MaskColumn describes the source column to its mask.
func (c *Column) MaskColumn() mask.Column { return c.masked }

// MaskedInSQL reports whether the SELECT masks the column already.
func (c *Column) MaskedInSQL() bool { return c.inSQL }

// Table returns the table of that name, or nil.
func (p *Plan) Table(name catalog.Name) *Table {
	for i := range p.Tables {
		if p.Tables[i].Name == name {
			return &p.Tables[i]
		}
	}
	return nil
}

// Definition is what the copy is made of: the data types that its columns are of, and its tables in the order of loading.
func (p *Plan) Definition() engine.Definition {
	var d engine.Definition
	used := map[catalog.Name]bool{}
	for _, t := range p.Tables {
		d.Tables = append(d.Tables, t.Definition)
		for _, c := range t.Definition.Columns {
			used[c.DataType] = true
		}
	}
	types := p.schema.Catalog.DataTypes
	for i := len(types) - 1; i >= 0; i-- { // each stands after those that it uses
		if used[types[i].Name] {
			for _, name := range types[i].Uses {
				used[name] = true
			}
			d.DataTypes = append(d.DataTypes, types[i])
		}
	}
	slices.Reverse(d.DataTypes)
	return d
}

// NeedsKey reports whether a mask of the plan needs the masking key.
func (p *Plan) NeedsKey() bool {
	for _, t := range p.Tables {
		for _, c := range t.Columns {
			if c.rule != nil && c.rule.NeedsKey() && !t.Empty {
				return true
			}
		}
	}
	return false
}

// Dialect is the SQL of the plan's engine.
func (p *Plan) Dialect() engine.Dialect { return p.dialect }
