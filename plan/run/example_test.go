package run_test

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/run"
)

const exampleMap = `version = 1

provider {
  table = "Provider"
  key   = "HsaId"
}

table "Visit" {
  path { via = ["Provider"] }
  column "Reason" { mask = partial(1, 0) }
}
`

// exampleJournal makes a small database that two providers share.
func exampleJournal(dir string) (url string) {
	path := filepath.Join(dir, "journal.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		log.Fatal(err)
	}
	_, err = db.Exec(`
CREATE TABLE Provider (HsaId TEXT PRIMARY KEY NOT NULL);
CREATE TABLE Visit (Id INTEGER PRIMARY KEY, Provider TEXT NOT NULL REFERENCES Provider, Reason TEXT);
INSERT INTO Provider VALUES ('SE2321000016-1'), ('SE2321000016-2');
INSERT INTO Visit VALUES (1, 'SE2321000016-1', 'cough'), (2, 'SE2321000016-2', 'fever'), (3, 'SE2321000016-1', NULL);`)
	if err != nil {
		log.Fatal(err)
	}
	if err := db.Close(); err != nil {
		log.Fatal(err)
	}
	return "sqlite:" + path
}

// examplePlan opens the journal and plans the extract of one provider.
func examplePlan(ctx context.Context, url string) (*run.Source, *plan.Plan) {
	source, err := run.Open(ctx, url)
	if err != nil {
		log.Fatal(err)
	}
	c, err := source.Catalog(ctx)
	if err != nil {
		log.Fatal(err)
	}
	m, found := schemamap.Parse("journal.hcl", []byte(exampleMap))
	if found.Refused() {
		log.Fatal(found)
	}
	p, found := plan.Build(m, c, filter.Request{Provider: "SE2321000016-1"})
	if found.Refused() {
		log.Fatal(found)
	}
	return source, p
}

// Extract into a new database, and verify it from what it carries itself and the map: with no source at hand.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	source, p := examplePlan(ctx, exampleJournal(dir))
	defer source.Close()

	to := "sqlite:" + filepath.Join(dir, "copy.db")
	report, err := run.Run(ctx, p, source, run.NewDatabase(to), run.Options{PlanHash: p.Hash})
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range report.Tables {
		fmt.Println(t.Name, t.Rows)
	}

	copied, err := run.Open(ctx, to)
	if err != nil {
		log.Fatal(err)
	}
	defer copied.Close()
	v, err := run.VerifyDatabase(ctx, p.Schema().Map, filter.Request{Provider: "SE2321000016-1"}, copied, run.VerifyOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, check := range v.Checks {
		fmt.Println("-", check)
	}
	fmt.Println("violations:", len(v.Violations))
	// Output:
	// main.Provider 1
	// main.Visit 2
	// - the copy was made by this map, for this provider, by the plan that they give
	// - every table holds the rows that were copied, by number and content
	// - every masked column holds only what its mask can have made
	// - the provider's own row is there, once
	// - every row can be reached inside the copy from the provider's own, or a foreign key's policy explains it
	// - every foreign key of the copy holds
	// violations: 0
}

// printer is a sink of one's own: it prints the rows. Run calls it from one goroutine.
type printer struct{}

func (printer) Begin(_ context.Context, p *plan.Plan, _ *run.Report) error {
	fmt.Println("the extract of", p.Request.Provider)
	return nil
}

func (printer) Table(_ context.Context, t *plan.Table) (run.RowWriter, error) {
	return table{t.Name.String()}, nil
}

func (printer) Finish(_ context.Context, r *run.Report) error {
	rows, _ := r.Rows()
	fmt.Println("done, and compared with the source by another route:", rows, "rows")
	return nil
}

func (printer) Abort() error { return nil } // nothing to clear away

type table struct{ name string }

func (t table) Write(row []value.Value) error { // the row is reused: copy what you keep
	fmt.Print(t.name)
	for _, cell := range row {
		switch cell.Form() {
		case value.Null:
			fmt.Print(" NULL")
		case value.Int:
			fmt.Print(" ", cell.Int())
		case value.Text:
			fmt.Print(" ", cell.Text())
		}
	}
	fmt.Println()
	return nil
}

func (t table) Close() error { return nil }

// A sink of one's own needs four methods, and a writer for rows two.
func ExampleSink() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	source, p := examplePlan(ctx, exampleJournal(dir))
	defer source.Close()
	if _, err := run.Run(ctx, p, source, printer{}, run.Options{}); err != nil {
		log.Fatal(err)
	}
	// Output:
	// the extract of SE2321000016-1
	// main.Provider SE2321000016-1
	// main.Visit 1 SE2321000016-1 c****
	// main.Visit 3 SE2321000016-1 NULL
	// done, and compared with the source by another route: 3 rows
}

// Why is a row in, or out?
func ExampleWhy() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	source, p := examplePlan(ctx, exampleJournal(dir))
	defer source.Close()
	e, err := run.Why(ctx, p, source, catalog.Name{Table: "Visit"}, []string{"2"})
	if err != nil {
		log.Fatal(err)
	}
	for _, line := range e.Lines {
		fmt.Println(line)
	}
	// Output:
	// main.Visit 2 is out
	//   the path by Provider to its main.Provider does not lead to the provider (journal.hcl:9:3)
	//     main.Provider "SE2321000016-2" is out
	//       the ordered care provider's own row (journal.hcl:3:1)
}
