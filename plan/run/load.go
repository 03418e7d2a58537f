package run

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/engines"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/pack"
)

// definitionFile is the file of a package that describes the copy's tables, as a catalog.
const definitionFile = "definition.json"

// LoadOptions of a load.
type LoadOptions struct {
	// Progress is told how it goes; nil for silence.
	Progress Progress
}

// Load makes a new database of an opened package, at a URL: of the engine that it was taken from, or of another that
// has an exact type for every column. Every table's rows are held against the package's manifest as they are loaded, and
// read back from the database; every foreign key must hold. What the package says of its tables may describe them and no more:
// a default, check, computed column, index or data type that isn't whole, or calls what does more than compute, is refused
// before the database is touched. The database carries the evidence that [VerifyDatabase] needs.
// On error nothing of it is left.
func Load(ctx context.Context, p *pack.Package, url string, o LoadOptions) (report *Report, err error) {
	if o.Progress == nil {
		o.Progress = silent{}
	}
	text, err := p.ReadFile(definitionFile)
	if err != nil {
		return nil, err
	}
	cat, err := p.ReadFile("catalog.json")
	if err != nil {
		return nil, err
	}
	described, err := catalog.Read(bytes.NewReader(text))
	if err != nil {
		return nil, errors.Join(badManifest("its definition can't be read"), err)
	}
	name := engines.Of(url)
	if name == "" {
		return nil, unknownTarget()
	}
	made, found := plan.Translate(described, name)
	if found.Refused() {
		return nil, found
	}
	if err := vet(made); err != nil {
		return nil, err
	}
	target, err := create(ctx, url, described)
	if err != nil {
		return nil, err
	}
	l := &databaseLoad{from: p, described: described, made: made, target: target, progress: o.Progress}
	if report, err = l.run(ctx, cat); err != nil {
		return nil, given(ctx, err, target.Abort())
	}
	return report, nil
}

// vet refuses a definition whose words would do more in the database than describe it. A package is sealed for somebody, and who
// sealed it is known only where it is signed.
func vet(c *catalog.Catalog) error {
	d, err := engines.Dialect(c.Engine)
	if err != nil {
		return err
	}
	if v, ok := d.(engine.Vetter); ok {
		return v.Vet(engine.Definition{DataTypes: c.DataTypes, Tables: c.Tables})
	}
	return nil
}

func unknownTarget() error {
	return &diag.Error{Code: engines.CodeUnknownEngine, Class: diag.Misuse, Message: "the target's URL has no scheme that is known", Advice: "write sqlite:FILE, postgres://… or sqlserver://…"}
}

// databaseLoad is one load into a new database.
type databaseLoad struct {
	from      *pack.Package
	described *catalog.Catalog // the copy as its own engine makes it
	made      *catalog.Catalog // … and as it is made here
	target    engine.Target
	progress  Progress
}

func (l *databaseLoad) run(ctx context.Context, cat []byte) (*Report, error) {
	d, err := engines.At(l.made.Engine, l.home())
	if err != nil {
		return nil, err
	}
	manifest, err := manifestTable(d, l.made.DefaultSchema)
	if err != nil {
		return nil, err
	}
	definition := engine.Definition{DataTypes: l.made.DataTypes, Tables: append(slices.Clone(l.made.Tables), manifest)}
	if err := l.target.Create(ctx, definition); err != nil {
		return nil, err
	}
	report := reportOf(l.from.Manifest())
	l.progress.Phase("load", len(report.Tables))
	rows := &packageLoader{target: l.target, neutral: l.made != l.described, columns: l.columns, progress: l.progress}
	tables, err := rows.load(ctx, l.from)
	if err != nil {
		return nil, err
	}
	if err := l.agree(report, tables); err != nil {
		return nil, err
	}
	if err := l.target.Index(ctx); err != nil {
		return nil, err
	}
	if err := l.readBack(ctx, d, tables); err != nil {
		return nil, err
	}
	report.Checks = []string{"every table holds the rows of the package, by number and content", "every foreign key of the copy holds"}
	if err := leaveEvidence(ctx, l.target, l.made.DefaultSchema, report, cat); err != nil {
		return nil, err
	}
	return report, l.target.Commit(ctx)
}

func (l *databaseLoad) home() string {
	if l.made == l.described {
		return ""
	}
	return l.described.DefaultSchema
}

// columns are the columns of a table of the package, which must be those of its definition.
func (l *databaseLoad) columns(said pack.Table) ([]pack.Column, error) {
	t := l.described.Table(said.Name)
	if t == nil || t.Name != said.Name {
		return nil, badManifest(fmt.Sprintf("it has rows of %s and no definition of it", said.Name))
	}
	var names []string
	for i := range t.Columns {
		if t.Columns[i].Inserted() {
			names = append(names, t.Columns[i].Name)
		}
	}
	if !slices.EqualFunc(names, said.Columns, func(name string, c pack.Column) bool { return c.Name == name }) {
		return nil, badManifest(fmt.Sprintf("the columns of %s are others than its definition says", said.Name))
	}
	return said.Columns, nil
}

// agree holds what was loaded against the package's manifest, and makes the report that of the copy.
func (l *databaseLoad) agree(report *Report, tables []loadedTable) error {
	if len(tables) != len(report.Tables) || len(tables) != len(l.described.Tables) {
		return badManifest("it lists other tables than the package has")
	}
	report.packed = false
	if l.made != l.described {
		report.Into = l.made.Engine
	}
	for i, t := range tables {
		if said := report.Tables[i]; said.Name != t.Name || said.Rows != t.Rows || said.Content != t.exact {
			return Violations{{Code: CodeContent, Table: t.Name.String(), Message: "the content is not what was copied"}}.err()
		}
		report.Tables[i] = t.Table
	}
	return nil
}

// readBack reads every row from the database and holds it against what was loaded.
func (l *databaseLoad) readBack(ctx context.Context, d engine.Dialect, tables []loadedTable) (err error) {
	s, err := l.target.Verify(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	l.progress.Phase("verify", len(tables))
	var found Violations
	for _, t := range tables {
		l.progress.Table(t.Name.String(), t.Rows)
		has, err := l.read(ctx, s, d, t)
		if err != nil {
			return err
		}
		switch {
		case has.Rows != t.Rows:
			found = append(found, Violation{Code: CodeRowCount, Table: t.Name.String(), Message: "the database has another number of rows than were loaded", Count: abs(has.Rows - t.Rows)})
		case has.String() != t.Content:
			found = append(found, Violation{Code: CodeContent, Table: t.Name.String(), Message: "the database gives other content than was loaded"})
		}
	}
	return found.err()
}

func (l *databaseLoad) read(ctx context.Context, s engine.Snapshot, d engine.Dialect, t loadedTable) (has *tally, err error) {
	c := engine.Copy{Table: l.made.Table(t.Name), From: "FROM " + d.Table(t.Name) + " t"}
	for _, column := range t.columns {
		c.Columns = append(c.Columns, engine.CopyColumn{Name: column.Name, SQL: "t." + d.Quote(column.Name), Plain: true})
	}
	rows, err := s.Read(ctx, c)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	has = &tally{}
	row := make([]value.Value, len(t.columns))
	for rows.Next(row) {
		if l.made != l.described {
			for i := range row {
				row[i] = value.Neutral(row[i], t.columns[i].Type)
			}
		}
		if err := has.Add(row); err != nil {
			return nil, err
		}
	}
	return has, rows.Err()
}

// packageLoader loads the rows of a package into a target.
type packageLoader struct {
	target engine.Target
	// neutral is set where the target is another engine's than the rows.
	neutral bool
	// columns says what the columns of a table are, or refuses the table.
	columns  func(pack.Table) ([]pack.Column, error)
	progress Progress
}

// loadedTable is what was loaded of a table: its Content is that of the cells as they were given to the target, and exact
// that of those in the package.
type loadedTable struct {
	Table
	exact   string
	columns []pack.Column
}

func (l *packageLoader) load(ctx context.Context, from *pack.Package) (tables []loadedTable, err error) {
	rows, err := from.Rows()
	if err != nil {
		return nil, err
	}
	if l.progress == nil {
		l.progress = silent{}
	}
	for rows.NextTable() {
		t, err := l.table(ctx, rows)
		if err != nil {
			return nil, err
		}
		tables = append(tables, *t)
	}
	return tables, rows.Err()
}

func (l *packageLoader) table(ctx context.Context, rows *pack.Reader) (*loadedTable, error) {
	said := rows.Table()
	columns, err := l.columns(said.Table)
	if err != nil {
		return nil, err
	}
	l.progress.Table(said.Name.String(), -1)
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	loader, err := l.target.Load(ctx, said.Name, names)
	if err != nil {
		return nil, err
	}
	t := &loadedTable{Table: Table{Name: said.Name}, columns: columns}
	if err := l.rows(ctx, rows, loader, t); err != nil {
		return nil, errors.Join(err, loader.Close())
	}
	return t, loader.Close()
}

func (l *packageLoader) rows(ctx context.Context, rows *pack.Reader, loader engine.Loader, t *loadedTable) error {
	exact, given := &tally{}, &tally{}
	row := make([]value.Value, len(t.columns))
	var counted, bytes int64
	for rows.Next(row) {
		if err := exact.Add(row); err != nil {
			return err
		}
		if l.neutral {
			for i := range row {
				row[i] = value.Neutral(row[i], t.columns[i].Type)
			}
			if err := given.Add(row); err != nil {
				return err
			}
		}
		for _, v := range row {
			t.Bytes += v.Size()
		}
		if err := loader.Write(row); err != nil {
			return err
		}
		if exact.Rows%1024 == 0 {
			l.progress.Add(exact.Rows-counted, t.Bytes-bytes)
			counted, bytes = exact.Rows, t.Bytes
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
	l.progress.Add(exact.Rows-counted, t.Bytes-bytes)
	if !l.neutral {
		given = exact
	}
	t.Rows, t.Content, t.exact = exact.Rows, given.String(), exact.String()
	return rows.Err()
}
