package plan_test

import (
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/plan"
)

// What `utdrag catalog` wrote once, where the database was at hand.
const exampleCatalog = `{
  "utdrag_catalog": 1,
  "engine": "sqlite",
  "default_schema": "main",
  "folds_case": true,
  "tables": [
    {
      "schema": "main",
      "table": "Provider",
      "columns": [
        {"name": "HsaId", "engine_type": "TEXT", "type": {"kind": "text", "collation": {"name": "BINARY"}}}
      ],
      "primary_key": {"columns": ["HsaId"]},
      "row_id": "rowid"
    },
    {
      "schema": "main",
      "table": "Visit",
      "columns": [
        {"name": "Id", "engine_type": "INTEGER", "type": {"kind": "integer"}},
        {"name": "Provider", "engine_type": "TEXT", "type": {"kind": "text", "collation": {"name": "BINARY"}}},
        {"name": "Reason", "engine_type": "TEXT", "type": {"kind": "text", "collation": {"name": "BINARY"}}, "nullable": true}
      ],
      "primary_key": {"columns": ["Id"]},
      "foreign_keys": [
        {"parent": {"schema": "main", "table": "Provider"}, "columns": [{"child": "Provider", "parent": "HsaId"}]}
      ],
      "row_id": "rowid"
    }
  ]
}
`

const exampleMap = `version = 1

provider {
  table = "Provider"
  key   = "HsaId"
}

table "Visit" {
  path { via = ["Provider"] }
  column "Reason" { mask = redact }
}
`

// A plan needs a map and a catalog, and no database.
func ExampleBuild() {
	m, found := schemamap.Parse("journal.hcl", []byte(exampleMap))
	if found.Refused() {
		log.Fatal(found)
	}
	c, err := catalog.Read(strings.NewReader(exampleCatalog))
	if err != nil {
		log.Fatal(err)
	}
	p, found := plan.Build(m, c, filter.Request{Provider: "SE2321000016-1"})
	if found.Refused() {
		log.Fatal(found)
	}
	for _, t := range p.Tables {
		fmt.Printf("%s: %s\n", t.Name, t.Reach)
	}
	for _, r := range p.References {
		fmt.Printf("%s -> %s: %s\n", r.Child, r.Parent, r.Verdict())
	}
	last := p.Steps[len(p.Steps)-1]
	fmt.Println(last.SQL)
	// Output:
	// main.Provider: the ordered care provider's own row
	// main.Visit: a row is included when its main.Provider is included (by Provider)
	// main.Visit -> main.Provider: proven: a row is included only if its main.Provider is
	// SELECT t."Id",
	//   t."Provider",
	//   CASE WHEN t."Reason" IS NULL THEN NULL ELSE '***' END AS "Reason"
	//   FROM "main"."Visit" t
	//   WHERE EXISTS (SELECT 1 FROM "main"."Provider" p1 WHERE p1."HsaId" = t."Provider"
	//     AND EXISTS (SELECT 1 FROM temp."keys_1_Provider" k WHERE k."rowid" = p1."rowid"))
	//   ORDER BY t."rowid"
}

// Everything that stands in the way is said at once, with its place and what to write.
func ExampleBuild_refused() {
	text := strings.Replace(exampleMap, `via = ["Provider"]`, `via = ["Providr"]`, 1)
	text = strings.Replace(text, "redact", "partial(1)", 1)
	m, found := schemamap.Parse("journal.hcl", []byte(text))
	if found.Refused() {
		log.Fatal(found)
	}
	c, err := catalog.Read(strings.NewReader(exampleCatalog))
	if err != nil {
		log.Fatal(err)
	}
	_, found = plan.Build(m, c, filter.Request{Provider: "SE2321000016-1"})
	fmt.Println(found.Err())
	// Output:
	// journal.hcl:9:17: error UF003: table main.Visit has no column "Providr" (did you mean "Provider"?)
	// journal.hcl:10:28: error UF011: mask "partial": it takes two arguments, and 1 are given (write partial(first, last), as in partial(1, 0))
}

// A database administrator can review the SQL and run it with the engine's own client.
func ExamplePlan_WriteScript() {
	m, found := schemamap.Parse("journal.hcl", []byte(exampleMap))
	if found.Refused() {
		log.Fatal(found)
	}
	c, err := catalog.Read(strings.NewReader(exampleCatalog))
	if err != nil {
		log.Fatal(err)
	}
	p, found := plan.Build(m, c, filter.Request{Provider: "SE2321000016-1"})
	if found.Refused() {
		log.Fatal(found)
	}
	var script strings.Builder
	if err := p.WriteScript(&script, ""); err != nil {
		log.Fatal(err)
	}
	for line := range strings.Lines(script.String()) {
		if strings.HasPrefix(line, "INSERT INTO copy.") {
			fmt.Fprint(os.Stdout, line)
		}
	}
	// Output:
	// INSERT INTO copy."Provider" ("HsaId")
	// INSERT INTO copy."Visit" ("Id", "Provider", "Reason")
}
