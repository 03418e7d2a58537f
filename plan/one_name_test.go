package plan_test

import (
	"testing"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
)

// Two tables, or two columns, whose names differ in case only are one in an engine that folds case: such a copy is refused before
// anything is read, and not when its second table can't be made.
func TestOneName(t *testing.T) {
	id := catalog.Column{Name: "id", EngineType: "integer", Type: value.Type{Kind: value.Integer}}
	other := id
	other.Name = "ID"
	table := func(name string, columns ...catalog.Column) catalog.Table {
		return catalog.Table{Name: catalog.Name{Schema: "public", Table: name}, Columns: columns, PrimaryKey: &catalog.Key{Columns: []string{"id"}}}
	}
	m, found := schemamap.Parse("map.hcl", []byte(`version = 1
provider {
  table = "provider"
  key   = "id"
}
reference {
  tables = ["User", "user"]
  reason = "for everybody"
}`))
	if found.Refused() {
		t.Fatal(found)
	}
	build := func(tables ...catalog.Table) *plan.Plan {
		p, found := plan.Build(m, &catalog.Catalog{Engine: "postgres", DefaultSchema: "public", Tables: tables}, filter.Request{Provider: "1"})
		if p == nil {
			t.Fatal(found)
		}
		return p
	}
	tables := build(table("User", id), table("provider", id), table("user", id))
	for _, engine := range []string{"sqlite", "sqlserver"} {
		if _, found := tables.In(engine); diag.CodeOf(found.Err()) != plan.CodeNoImage || len(found) != 1 {
			t.Errorf("%s: %v", engine, found)
		}
	}
	if _, found := tables.In("postgres"); len(found) > 0 {
		t.Error(found)
	}
	columns := build(table("User", id), table("provider", id, other), table("user", id))
	if _, found := columns.In("sqlite"); len(found) != 2 {
		t.Errorf("%v", found)
	}
}
