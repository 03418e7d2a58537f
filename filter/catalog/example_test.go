package catalog_test

import (
	"fmt"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/mask/value"
)

func ExampleCompare() {
	visit := catalog.Name{Schema: "dbo", Table: "Visit"}
	id := catalog.Column{Name: "Id", EngineType: "int", Type: value.Type{Kind: value.Integer}}
	note := catalog.Column{Name: "Note", EngineType: "nvarchar(max)", Type: value.Type{Kind: value.String}, Nullable: true}
	before := &catalog.Catalog{Tables: []catalog.Table{{Name: visit, Columns: []catalog.Column{id}}}}
	after := &catalog.Catalog{Tables: []catalog.Table{{Name: visit, Columns: []catalog.Column{id, note}}}}
	for _, d := range catalog.Compare(before, after) {
		fmt.Println(d)
	}
	// Output: table dbo.Visit: column "Note": added, nvarchar(max), may be NULL
}
