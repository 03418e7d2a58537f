package pmo_test

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sqlc-dev/teesql/parser"

	"github.com/utdrag/utdrag/examples/pmo"
	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/run"
)

// The whole plan as T-SQL, with its key sets, masks, hashes and foreign keys, is T-SQL: each batch parses, and the script says
// nothing of a masking key but where it comes from. The steps parse too, which a run sends to the server.
func TestScriptParses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	if err := pmo.Generate(t.Context(), path, pmo.Options{Scale: 0.05}); err != nil {
		t.Fatal(err)
	}
	source, err := run.Open(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	c, err := source.Catalog(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c, found := plan.Translate(c, "sqlserver")
	if found.Refused() {
		t.Fatal(found)
	}
	c.Database = "journal"
	m, found := schemamap.Parse("pmo.hcl", []byte(pmo.Map))
	if found.Refused() {
		t.Fatal(found)
	}
	p, found := plan.Build(m, c, filter.Request{Provider: pmo.Providers()[1].HsaID})
	if found.Refused() {
		t.Fatal(found)
	}
	var script bytes.Buffer
	if err := p.WriteScript(&script, "tallmo"); err != nil {
		t.Fatal(err)
	}
	batches := strings.Split("\n"+script.String(), "\nGO\n")
	if len(batches) < 100 {
		t.Fatalf("only %d batches", len(batches))
	}
	for _, batch := range batches {
		parses(t, batch)
	}
	for _, step := range p.Steps {
		parses(t, step.SQL)
		for _, r := range step.Rounds {
			parses(t, r.SQL)
		}
	}
	if text := script.String(); !strings.Contains(text, "HASHBYTES('SHA2_256'") || !strings.Contains(text, "utdrag.mask_key") {
		t.Error("the script hashes nothing, or says nothing of the key")
	}
}

func parses(t *testing.T, sql string) {
	t.Helper()
	if _, err := parser.Parse(context.Background(), strings.NewReader(sql)); err != nil {
		t.Errorf("%v\n%s", err, sql[:min(len(sql), 1000)])
	}
}
