package run

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/engines"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/pack"
)

// PackageOptions say for whom a package is sealed.
type PackageOptions struct {
	// Recipients can open it; at least one.
	Recipients []*pack.Recipient
	// Signer signs it, or nil.
	Signer *pack.Secret
	// Compression of the archive; the zero value is zstd.
	Compression pack.Compression
	// Tool is the name and version of the program, for the manifest.
	Tool string
	// Order is what the manifest says of the order, if there is one.
	Order pack.Order
	// Now is the time that keys must be valid at and that the signature bears; nil for the clock.
	Now func() time.Time
}

func (o PackageOptions) with(info pack.Info) pack.Options {
	info.Order = o.Order
	return pack.Options{Info: info, Recipients: o.Recipients, Signer: o.Signer, Compression: o.Compression, Now: o.Now}
}

// NewPackage returns a sink that writes one sealed package file. What is on disk is sealed from its first byte, and
// the file is there under its name once the run is done, and not before.
func NewPackage(path string, o PackageOptions) Sink {
	return &packed{tool: o.Tool, create: func(_ context.Context, info pack.Info) (*pack.Writer, error) {
		return pack.Create(path, o.with(info))
	}}
}

// NewStream returns a sink that writes one sealed package to the stream that open returns. open is called when the rows to copy
// are known and none was read. The stream isn't closed: whether what it got is a package is known when [Run] returns, and nobody
// may take it for one before.
func NewStream(open func(context.Context) (io.Writer, error), o PackageOptions) Sink {
	return &packed{tool: o.Tool, create: func(ctx context.Context, info pack.Info) (*pack.Writer, error) {
		stream, err := open(ctx)
		if err != nil {
			return nil, err
		}
		return pack.NewWriter(stream, o.with(info))
	}}
}

// NewFolder returns a sink that writes what a package holds as plain files into a new folder, in plaintext, in the
// place that the user named for it. The manifest says so. A process that is killed leaves what it has written so far, in
// a folder .NAME.utdrag-partial-… beside it.
func NewFolder(path, tool string) Sink {
	return &packed{tool: tool, create: func(_ context.Context, info pack.Info) (*pack.Writer, error) { return pack.CreateFolder(path, info) }}
}

type packed struct {
	tool   string
	create func(context.Context, pack.Info) (*pack.Writer, error)
	writer *pack.Writer
}

func (s *packed) Begin(ctx context.Context, p *plan.Plan, r *Report) error {
	if err := nameIsFree(p); err != nil {
		return err
	}
	w, err := s.create(ctx, pack.Info{Tool: s.tool, Provider: r.Request.Provider, Units: r.Request.Units, Engine: r.Engine,
		MapHash: r.Map, CatalogHash: r.Catalog, PlanHash: r.Plan, Snapshot: r.Snapshot,
		Inconsistent: strings.HasPrefix(r.Snapshot, engine.NoSnapshot)})
	if err != nil {
		return err
	}
	s.writer = w
	files, err := packageFiles(p)
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := w.File(f.name, f.content); err != nil {
			return err
		}
	}
	return nil
}

type packageFile struct {
	name    string
	content []byte
}

// packageFiles are what a recipient needs beside the rows, in the order of a package's entries.
func packageFiles(p *plan.Plan) ([]packageFile, error) {
	before, after, err := p.SchemaText()
	if err != nil {
		return nil, err
	}
	cat, err := carriedCatalog(p)
	if err != nil {
		return nil, err
	}
	var steps bytes.Buffer
	if err := p.WriteSteps(&steps); err != nil {
		return nil, err
	}
	definition, err := packedDefinition(p)
	if err != nil {
		return nil, err
	}
	files := []packageFile{{"schema.sql", []byte(before + after)}, {definitionFile, definition}, {"catalog.json", cat}, {"plan.sql", steps.Bytes()}}
	tables := make([]pack.Table, len(p.Tables))
	for i := range p.Tables {
		tables[i] = packedTable(&p.Tables[i])
	}
	if p.Engine != engines.SQLite {
		script, err := pack.LoadSQL(p.Engine, tables, before, after)
		if err != nil || script == nil {
			return files, err
		}
		return append(files, packageFile{"load.sql", script}), nil
	}
	script, err := pack.LoadScript(tables)
	if err != nil {
		return nil, err
	}
	return append(files, packageFile{"load.sh", script}), nil
}

// packedDefinition is the copy's tables as a catalog.
func packedDefinition(p *plan.Plan) ([]byte, error) {
	d, c := p.Definition(), p.Schema().Catalog
	made := catalog.Catalog{Engine: c.Engine, DefaultSchema: c.DefaultSchema, FoldsCase: c.FoldsCase, NullsCollide: c.NullsCollide, DataTypes: d.DataTypes, Tables: d.Tables}
	slices.SortFunc(made.Tables, func(a, b catalog.Table) int { return a.Name.Compare(b.Name) })
	var text bytes.Buffer
	err := made.Definition().Write(&text)
	return text.Bytes(), err
}

func packedTable(t *plan.Table) pack.Table {
	table := pack.Table{Name: t.Name}
	for _, c := range t.Columns {
		table.Columns = append(table.Columns, pack.Column{Name: c.Name, EngineType: c.EngineType, Type: c.Type, Nullable: c.Nullable || c.Blanked, Mask: c.Mask})
	}
	return table
}

func (s *packed) Table(_ context.Context, t *plan.Table) (RowWriter, error) {
	w, err := s.writer.Table(packedTable(t))
	if err != nil {
		return nil, err
	}
	return &packedRows{writer: w}, nil
}

// packedRows keeps the content digest for the manifest.
type packedRows struct {
	writer  *pack.TableWriter
	content string
}

func (t *packedRows) Write(row []value.Value) error { return t.writer.Write(row) }

// Digest is told the table's content digest before Close.
func (t *packedRows) Digest(content string) { t.content = content }

func (t *packedRows) Close() error {
	_, err := t.writer.Close(t.content)
	return err
}

func (s *packed) Finish(context.Context, *Report) error {
	_, err := s.writer.Commit()
	return err
}

func (s *packed) Abort() error {
	if s.writer != nil {
		s.writer.Abort()
	}
	return nil
}

// reportOf is the report that a package's manifest holds.
func reportOf(m *pack.Manifest) *Report {
	r := &Report{Engine: m.Engine, Map: m.MapHash, Catalog: m.CatalogHash, Plan: m.PlanHash, Snapshot: m.Snapshot, packed: true}
	r.Request.Provider, r.Request.Units = m.Provider, m.Units
	for _, t := range m.Tables {
		r.Tables = append(r.Tables, Table{Name: t.Name, Rows: t.Rows, Bytes: t.Bytes, Content: t.KeyDigest})
	}
	return r
}
