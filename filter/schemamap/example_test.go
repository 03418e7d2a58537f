package schemamap_test

import (
	"fmt"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/mask/value"
)

const visits = `
version = 1

provider {
  table = "CareProvider"
  key   = "HsaId"
}

table "Visit" {
  path { via = ["CareProviderId"] }
  where = "cancelled = 0 AND Begun >= '2020-01-01'"
}
`

// A map is read, or everything wrong with it is said.
func ExampleParse() {
	m, found := schemamap.Parse("visits.hcl", []byte(visits))
	fmt.Println(m.Table("", "Visit").Paths[0].Via[0].Text, found.Refused())

	_, found = schemamap.Parse("bad.hcl", []byte("version = 1\nprovider {\n  tabel = \"P\"\n  key = \"Id\"\n}\ntable \"T\" {}\n"))
	fmt.Println(found)
	// Output:
	// CareProviderId false
	// bad.hcl:2:1: error UM005: the provider block has no table (write table = "…")
	// bad.hcl:3:3: error UM004: the provider block has no attribute "tabel" (did you mean "table"?)
}

// A condition is bound to its table, and can then be evaluated without a database.
func ExampleWhere_Bind() {
	m, _ := schemamap.Parse("visits.hcl", []byte(visits))
	where := m.Table("", "Visit").Where
	found := where.Bind(&catalog.Table{
		Name: catalog.Name{Schema: "dbo", Table: "Visit"},
		Columns: []catalog.Column{
			{Name: "Cancelled", Type: value.Type{Kind: value.Boolean}},
			{Name: "Begun", Type: value.Type{Kind: value.Date}},
		},
	}, true)
	fmt.Println(found.Refused(), schemamap.Columns(where.Expr))

	row := map[string]value.Value{"Cancelled": value.NewBool(false), "Begun": value.NewTime("2021-03-01")}
	fmt.Println(schemamap.Eval(where.Expr, func(column string) value.Value { return row[column] }, nil))
	// Output:
	// false [Begun Cancelled]
	// true
}

func ExampleParseTableName() {
	schema, table, _ := schemamap.ParseTableName("[odd.schema].Visit")
	fmt.Printf("%q %q\n", schema, table)

	_, _, err := schemamap.ParseTableName("server.db.dbo.Visit")
	fmt.Println(err)
	// Output:
	// "odd.schema" "Visit"
	// UM011: table name "server.db.dbo.Visit": 4 parts; a name has a schema and a table, or a table only
}
