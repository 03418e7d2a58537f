package run

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/engines"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
)

// NewDatabase returns a sink that makes a new database at a URL: "sqlite:FILE". What it holds is plaintext, in the
// place that the user named for it. The database is there under its name once the run has verified it, and not before.
func NewDatabase(url string) Sink { return &database{url: url} }

type database struct {
	url    string
	plan   *plan.Plan
	target engine.Target
}

func (d *database) Begin(ctx context.Context, p *plan.Plan, _ *Report) error {
	d.plan = p
	if err := nameIsFree(p); err != nil {
		return err
	}
	target, err := engines.Create(ctx, d.url, "")
	if err != nil {
		return err
	}
	d.target = target
	manifest, err := manifestTable(p)
	if err != nil {
		return err
	}
	definition := p.Definition()
	definition.Tables = append(definition.Tables, manifest)
	return target.Create(ctx, definition)
}

// manifestTable is the definition of the copy's own table.
func manifestTable(p *plan.Plan) (catalog.Table, error) {
	text := value.Type{Kind: value.String}
	name, err := p.Dialect().TypeName(text)
	if err != nil {
		return catalog.Table{}, err
	}
	return catalog.Table{
		Name:       catalog.Name{Schema: p.Schema().Catalog.DefaultSchema, Table: ManifestTable},
		Columns:    []catalog.Column{{Name: "name", EngineType: name, Type: text}, {Name: "document", EngineType: name, Type: text}},
		UniqueKeys: []catalog.Key{{Columns: []string{"name"}}},
	}, nil
}

func (d *database) Table(ctx context.Context, t *plan.Table) (RowWriter, error) {
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = c.Name
	}
	return d.target.Load(ctx, t.Name, columns)
}

func (d *database) Read(ctx context.Context, work []string) (engine.Snapshot, error) {
	if err := d.target.Index(ctx); err != nil {
		return nil, err
	}
	return d.target.Verify(ctx, work)
}

func (d *database) Finish(ctx context.Context, r *Report) error {
	report, err := json.Marshal(r)
	if err != nil {
		return err
	}
	cat, err := carriedCatalog(d.plan)
	if err != nil {
		return err
	}
	loader, err := d.target.Load(ctx, catalog.Name{Schema: d.plan.Schema().Catalog.DefaultSchema, Table: ManifestTable}, []string{"name", "document"})
	if err != nil {
		return err
	}
	for _, document := range [][2]string{{reportDocument, string(report)}, {catalogDocument, string(cat)}} {
		if err := loader.Write([]value.Value{value.NewText(document[0]), value.NewText(document[1])}); err != nil {
			return errors.Join(err, loader.Close())
		}
	}
	if err := loader.Close(); err != nil {
		return err
	}
	return d.target.Commit(ctx)
}

func (d *database) Abort() error {
	if d.target == nil {
		return nil
	}
	return d.target.Abort()
}
