package run

import (
	"context"

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
	source *plan.Plan
	plan   *plan.Plan // as the copy is made
	target engine.Target
	// writers is how many tables can be loaded at a time.
	writers int
}

// As is the plan in the engine that the URL leads to.
func (d *database) As(p *plan.Plan) (*plan.Plan, error) {
	name := engines.Of(d.url)
	if name == "" {
		return p, nil // Begin says what is wrong with it
	}
	made, found := p.In(name)
	d.source, d.plan = p, made
	return made, found.Err()
}

// Writers is how many tables the target can load at a time.
func (d *database) Writers() int { return d.writers }

func (d *database) Begin(ctx context.Context, p *plan.Plan, _ *Report) error {
	if err := nameIsFree(p); err != nil {
		return err
	}
	target, err := create(ctx, d.url, p.Schema().Catalog)
	if err != nil {
		return err
	}
	d.target, d.writers = target, 1
	if c, ok := target.(engine.Concurrent); ok {
		d.writers = c.Loaders()
	}
	manifest, err := manifestTable(d.plan.Dialect(), d.plan.Schema().Catalog.DefaultSchema)
	if err != nil {
		return err
	}
	definition := d.plan.Definition()
	definition.Tables = append(definition.Tables, manifest)
	return target.Create(ctx, definition)
}

// create makes a target for a copy of the database that c describes.
func create(ctx context.Context, url string, c *catalog.Catalog) (engine.Target, error) {
	home := ""
	if engines.Of(url) != c.Engine {
		home = c.DefaultSchema
	}
	return engines.Create(ctx, url, home)
}

// manifestTable is the definition of the copy's own table.
func manifestTable(d engine.Dialect, schema string) (catalog.Table, error) {
	t := catalog.Table{Name: catalog.Name{Schema: schema, Table: ManifestTable}, PrimaryKey: &catalog.Key{Columns: []string{"name"}, Clustered: true}}
	for _, c := range []catalog.Column{{Name: "name", Type: value.Type{Kind: value.String, Length: 20}}, {Name: "document", Type: value.Type{Kind: value.String}}} {
		var err error
		if c.EngineType, err = d.TypeName(c.Type); err != nil {
			return catalog.Table{}, err
		}
		t.Columns = append(t.Columns, c)
	}
	return t, nil
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
	cat, err := carriedCatalog(d.source)
	if err != nil {
		return err
	}
	if err := leaveEvidence(ctx, d.target, d.plan.Schema().Catalog.DefaultSchema, r, cat); err != nil {
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
