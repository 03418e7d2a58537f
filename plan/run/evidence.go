package run

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/engines"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/pack"
)

// ManifestTable is the table in which a copy in a database carries its evidence, so that whoever holds the copy and
// the map can verify it with no source at hand: the catalog that it was planned from, and the report of the run that
// made it or the manifest of the package that it was loaded from.
const ManifestTable = pack.ManifestTable

const (
	reportDocument  = "report"
	packageDocument = pack.PackageDocument
	catalogDocument = pack.CatalogDocument
)

// CodeManifestName refuses a source that has a table of the manifest's name.
const CodeManifestName = "UX007"

// nameIsFree refuses a plan whose copy would have no place for its manifest, in a database or where a package is loaded.
func nameIsFree(p *plan.Plan) error {
	for _, t := range p.Tables {
		if catalog.FoldName(t.Name.Table) == ManifestTable {
			return &diag.Error{Code: CodeManifestName, Class: diag.Refused, Message: "the source has a table named " + ManifestTable + ", where a copy keeps its manifest", Advice: "exclude it"}
		}
	}
	return nil
}

// carriedCatalog is the catalog that a copy carries, as JSON. It says nothing of how many rows the source has: they are
// other providers' rows too.
func carriedCatalog(p *plan.Plan) ([]byte, error) {
	var text bytes.Buffer
	err := p.Schema().Catalog.Definition().Write(&text)
	return text.Bytes(), err
}

// leaveEvidence fills the manifest table of a copy.
func leaveEvidence(ctx context.Context, target engine.Target, schema string, r *Report, cat []byte) error {
	report, err := json.Marshal(r)
	if err != nil {
		return err
	}
	loader, err := target.Load(ctx, catalog.Name{Schema: schema, Table: ManifestTable}, []string{"name", "document"})
	if err != nil {
		return err
	}
	for _, document := range [][2]string{{catalogDocument, string(cat)}, {reportDocument, string(report)}} {
		if err := loader.Write([]value.Value{value.NewText(document[0]), value.NewText(document[1])}); err != nil {
			return errors.Join(err, loader.Close())
		}
	}
	return loader.Close()
}

// evidence reads what a copy carries: the report, and the catalog as JSON.
func evidence(ctx context.Context, copied *Source, has *catalog.Catalog) (*Report, []byte, error) {
	table := has.Table(catalog.Name{Table: ManifestTable})
	if table == nil {
		return nil, nil, &diag.Error{Code: CodeNoManifest, Class: diag.Refused, Message: "the database has no table " + ManifestTable + ", so it is no copy made by utdrag extract or load.sh", Advice: "verify such a copy, or a package"}
	}
	if !slices.Equal(table.ColumnNames(), []string{"name", "document"}) {
		return nil, nil, badManifest("its columns are others")
	}
	s, err := copied.engine.Begin(ctx, engine.Terms{AllowInconsistent: true})
	if err != nil {
		return nil, nil, err
	}
	documents, err := readDocuments(ctx, s, has.Engine, table)
	if err = errors.Join(err, s.Close()); err != nil {
		return nil, nil, err
	}
	cat, ok := documents[catalogDocument]
	if !ok {
		return nil, nil, badManifest("it has no " + catalogDocument)
	}
	if len(documents) != 2 {
		return nil, nil, badManifest("it doesn't hold one report or package and one catalog")
	}
	if text, ok := documents[packageDocument]; ok {
		m, err := pack.ReadManifest(bytes.NewReader([]byte(text)))
		if err != nil {
			return nil, nil, errors.Join(badManifest("its package can't be read"), err)
		}
		return reportOf(m), []byte(cat), nil
	}
	text, ok := documents[reportDocument]
	if !ok {
		return nil, nil, badManifest("it has no " + reportDocument)
	}
	report, err := readReport(text)
	return report, []byte(cat), err
}

func readReport(text string) (*Report, error) {
	report := &Report{}
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(report); err != nil {
		return nil, badManifest("its report can't be read")
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, badManifest("something follows its report")
	}
	return report, nil
}

func badManifest(what string) error {
	return &diag.Error{Code: CodeNoManifest, Class: diag.Refused, Message: "the copy's manifest is damaged: " + what, Advice: "make the copy anew"}
}

// maxDocuments is more than a manifest has, so that one with too many is seen as such.
const maxDocuments = 3

// readDocuments reads the manifest's documents by name.
func readDocuments(ctx context.Context, s engine.Snapshot, name string, table *catalog.Table) (documents map[string]string, err error) {
	d, err := engines.Dialect(name)
	if err != nil {
		return nil, err
	}
	rows, err := s.Query(ctx, "SELECT t."+d.Quote("name")+", t."+d.Quote("document")+" FROM "+d.Table(table.Name)+" t")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	documents = map[string]string{}
	row := make([]value.Value, 2)
	for n := 0; n < maxDocuments && rows.Next(row); n++ {
		if row[0].Form() != value.Text || row[1].Form() != value.Text {
			return nil, badManifest("a document is no text")
		}
		if _, twice := documents[row[0].Text()]; twice {
			return nil, badManifest("it has a document twice")
		}
		documents[row[0].Text()] = row[1].Text()
	}
	return documents, rows.Err()
}
