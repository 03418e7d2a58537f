package run

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/engines"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/pack"
)

// VerifyOptions are what a verification may have besides the map and the copy.
type VerifyOptions struct {
	// Source is the source that the copy was taken from, to compare the copy with what is there now; or nil.
	Source *Source
	// Key is the masking key, for a comparison with the source of a plan whose masks need one.
	Key      *mask.Key
	Progress Progress
}

// Verification is what was found about a copy.
type Verification struct {
	Report *Report `json:"report"`
	// Checks are what was looked at and found good, in words.
	Checks     []string   `json:"checks"`
	Violations Violations `json:"violations"`
}

// Err is the violations as an error, or nil.
func (v *Verification) Err() error {
	if len(v.Violations) == 0 {
		return nil
	}
	return &diag.Error{Code: v.Violations[0].Code, Class: diag.Refused, Message: "the copy is not what it should be", Advice: "don't use it; make it anew and look into what happened", Err: v.Violations}
}

// VerifyDatabase verifies a copy that stands in a database, by the map that it should have been made by. The copy's own
// manifest says what it was planned from and what it should hold. An error means that verification could not be done;
// what it found stands in the Verification.
func VerifyDatabase(ctx context.Context, m *schemamap.Map, r filter.Request, copied *Source, o VerifyOptions) (*Verification, error) {
	has, err := copied.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	report, cat, err := evidence(ctx, copied, has)
	if err != nil {
		return nil, err
	}
	v, err := newVerifier(m, r, report, cat, o)
	if err != nil {
		return nil, err
	}
	if err := v.madeIn(has.Engine); err != nil {
		return nil, err
	}
	if v.made != v.plan && report.Into != has.Engine || v.made == v.plan && report.Into != "" {
		return nil, badManifest("it says that the copy is in another engine than it is")
	}
	v.structure(has)
	if b, ok := copied.engine.(engine.Beside); ok {
		names, err := b.Beside(ctx)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			v.found = append(v.found, Violation{Code: CodeStructure, Message: "the copy has " + name + ", which the plan doesn't make"})
		}
	}
	return v.verify(ctx, func(work []string) (engine.Snapshot, error) {
		return copied.engine.Begin(ctx, engine.Terms{Work: work, AllowInconsistent: true}) // nobody is meant to write to a copy
	})
}

// VerifyPackage verifies an opened package: it loads the rows into a SQLite database in memory, which takes about as much
// memory as the rows are large, and verifies that. Nothing is written to disk. To verify a package larger than memory,
// load it (see [Load]) and verify the database.
func VerifyPackage(ctx context.Context, m *schemamap.Map, r filter.Request, p *pack.Package, o VerifyOptions) (*Verification, error) {
	cat, err := p.ReadFile("catalog.json")
	if err != nil {
		return nil, err
	}
	v, err := newVerifier(m, r, reportOf(p.Manifest()), cat, o)
	if err != nil {
		return nil, err
	}
	if err := v.madeIn(engines.SQLite); err != nil {
		return nil, err
	}
	target, err := engines.Memory(ctx, home(v.plan, v.made))
	if err != nil {
		return nil, err
	}
	defer func() { _ = target.Abort() }() // nothing of it is kept, so nothing can fail that matters
	if err := target.Create(ctx, v.made.Definition()); err != nil {
		return nil, err
	}
	l := &packageLoader{target: target, neutral: v.made != v.plan, columns: v.columns}
	tables, err := l.load(ctx, p)
	if err != nil {
		return nil, err
	}
	if err := v.loaded(tables); err != nil {
		return nil, err
	}
	if err := target.Index(ctx); err != nil {
		return nil, err
	}
	return v.verify(ctx, func(work []string) (engine.Snapshot, error) { return target.Verify(ctx, work) })
}

// home is the default schema of the database that made is a copy of, where that is another engine's.
func home(p, made *plan.Plan) string {
	if made == p {
		return ""
	}
	return p.Schema().Catalog.DefaultSchema
}

// columns are the columns of a table of the package, which must be those that the map makes of it.
func (v *verifier) columns(said pack.Table) ([]pack.Column, error) {
	t := v.plan.Table(said.Name)
	if t == nil || !slices.EqualFunc(t.Columns, said.Columns, func(c plan.Column, s pack.Column) bool { return c.Name == s.Name }) {
		return nil, &diag.Error{Code: CodeStructure, Class: diag.Refused, Message: fmt.Sprintf("the package's table %s is not what the map makes of it", said.Name), Advice: "verify with the map that it was made by"}
	}
	return packedTable(t).Columns, nil
}

// loaded holds what was read of a package's tables against its manifest, where the copy will be compared with something
// else: with the neutral form of what was read.
func (v *verifier) loaded(tables []loadedTable) error {
	if v.made == v.plan {
		return nil
	}
	report := *v.report
	report.Into, report.packed, report.Tables = v.made.Engine, false, nil
	for i, t := range tables {
		if i >= len(v.report.Tables) || v.report.Tables[i].Name != t.Name || v.report.Tables[i].Content != t.exact {
			v.found = append(v.found, Violation{Code: CodeContent, Table: t.Name.String(), Message: "the content is not what was copied"})
			return nil
		}
		report.Tables = append(report.Tables, t.Table)
	}
	v.report = &report
	return nil
}

type verifier struct {
	m      *schemamap.Map
	plan   *plan.Plan
	made   *plan.Plan // the plan of the copy as it was made: another than plan where it is another engine's
	report *Report
	option VerifyOptions
	found  Violations
	checks []string
}

// newVerifier rebuilds the plan from the map and the catalog that the copy carries, and holds its hashes against what
// the copy says it was made by.
func newVerifier(m *schemamap.Map, r filter.Request, report *Report, cat []byte, o VerifyOptions) (*verifier, error) {
	if o.Progress == nil {
		o.Progress = silent{}
	}
	c, err := catalog.Read(bytes.NewReader(cat))
	if err != nil {
		return nil, errors.Join(badManifest("its catalog can't be read"), err)
	}
	p, found := plan.Build(m, c, r)
	if found.Refused() {
		return nil, found
	}
	v := &verifier{m: m, plan: p, made: p, report: report, option: o}
	for _, hash := range []struct{ what, is, should string }{
		{"engine", p.Engine, report.Engine},
		{"provider", p.Request.Provider, report.Request.Provider},
		{"map", p.MapHash, report.Map},
		{"catalog", p.CatalogHash, report.Catalog},
		{"plan", p.Hash, report.Plan},
	} {
		if hash.is != hash.should {
			v.found = append(v.found, Violation{Code: CodeStructure, Message: "the copy says that it was made by another " + hash.what + " than the one given"})
			return v, nil
		}
	}
	if !slices.EqualFunc(report.Tables, p.Tables, func(r Table, t plan.Table) bool { return r.Name == t.Name }) {
		v.found = append(v.found, Violation{Code: CodeStructure, Message: "the copy's manifest lists other tables than the plan makes"})
		return v, nil
	}
	v.checks = append(v.checks, "the copy was made by this map, for this provider, by the plan that they give")
	return v, nil
}

// madeIn says in which engine the copy was made.
func (v *verifier) madeIn(name string) error {
	made, found := v.plan.In(name)
	if found.Refused() {
		return found
	}
	v.made = made
	return nil
}

// structure holds the tables that a database has against those that the plan makes.
func (v *verifier) structure(has *catalog.Catalog) {
	for i := range has.Tables {
		t := &has.Tables[i]
		planned := v.placed(t.Name)
		if planned == nil {
			if t.Name.Table != ManifestTable || has.Table(catalog.Name{Table: ManifestTable}) != t {
				v.found = append(v.found, Violation{Code: CodeStructure, Table: t.Name.String(), Message: "the copy has a table that the plan doesn't make"})
			}
			continue
		}
		if !slices.Equal(t.ColumnNames(), planned.Definition.ColumnNames()) {
			v.found = append(v.found, Violation{Code: CodeStructure, Table: t.Name.String(), Message: "the table's columns are not those that the plan makes"})
			continue
		}
		v.declared(t, &planned.Definition)
	}
	for _, t := range v.made.Tables {
		if has.Table(v.made.Dialect().Place(t.Name)) == nil {
			v.found = append(v.found, Violation{Code: CodeStructure, Table: t.Name.String(), Message: "the copy lacks a table that the plan makes"})
		}
	}
}

// declared holds the types and foreign keys of a table against those that the plan makes.
func (v *verifier) declared(t, planned *catalog.Table) {
	wrong := func(format string, args ...any) {
		v.found = append(v.found, Violation{Code: CodeStructure, Table: t.Name.String(), Message: fmt.Sprintf(format, args...)})
	}
	if v.made == v.plan { // else the plan has the words for the type, and the database what it made of them
		for i := range t.Columns {
			if t.Columns[i].EngineType != planned.Columns[i].EngineType {
				wrong("column %s is of another type than the plan makes", t.Columns[i].Name)
			}
		}
	}
	for _, f := range planned.ForeignKeys {
		parent := v.made.Dialect().Place(f.Parent)
		holds := slices.ContainsFunc(t.ForeignKeys, func(own catalog.ForeignKey) bool {
			return !own.Disabled && catalog.FoldName(own.Parent.Table) == catalog.FoldName(parent.Table) && len(own.Columns) == len(f.Columns) &&
				!slices.ContainsFunc(f.Columns, func(pair catalog.Pair) bool { return !slices.Contains(own.Columns, pair) })
		})
		if !holds {
			wrong("the foreign key by (%s) is not there, or is disabled", strings.Join(f.ChildColumns(), ", "))
		}
	}
}

// placed is the table of the plan that stands under a name in the copy, or nil. Where the copy's engine tells names apart
// less strictly than the source's does, so does this.
func (v *verifier) placed(name catalog.Name) *plan.Table {
	for i := range v.made.Tables {
		t := &v.made.Tables[i]
		if place := v.made.Dialect().Place(t.Name); place == name || v.made.Schema().Catalog.FoldsCase && catalog.FoldName(place.Schema) == catalog.FoldName(name.Schema) && catalog.FoldName(place.Table) == catalog.FoldName(name.Table) {
			return t
		}
	}
	return nil
}

// verify verifies the copy by itself, and then against the source where there is one. Where the structure is wrong
// already, no more can be asked.
func (v *verifier) verify(ctx context.Context, open func(work []string) (engine.Snapshot, error)) (*Verification, error) {
	if len(v.found) == 0 {
		v.option.Progress.Phase("verify", len(v.plan.Tables))
		c := newCopyVerifier(v.made, v.report, v.option.Progress)
		s, err := open(c.recheck.work())
		if err != nil {
			return nil, err
		}
		if err := errors.Join(c.verify(ctx, s), s.Close()); err != nil {
			return nil, err
		}
		v.checks, v.found = append(v.checks, c.checks...), append(v.found, c.found...)
		if v.option.Source != nil {
			if err := v.compare(ctx); err != nil {
				return nil, err
			}
		}
	}
	return &Verification{Report: v.report, Checks: v.checks, Violations: v.found}, nil
}

// compare runs the plan again on the source, into nothing, and holds what passes against what the copy says.
func (v *verifier) compare(ctx context.Context) error {
	now, err := Run(ctx, v.plan, v.option.Source, discard{v.made}, Options{Key: v.option.Key, Progress: v.option.Progress, AllowInconsistent: true})
	if err != nil {
		return err
	}
	for i, t := range now.Tables { // in the plan's order, as the report's are
		said := v.report.Tables[i]
		switch {
		case said.Rows > t.Rows:
			v.found = append(v.found, Violation{Code: CodeRowCount, Table: t.Name.String(), Message: "the copy has rows that the source doesn't give", Count: said.Rows - t.Rows})
		case said.Rows < t.Rows:
			v.found = append(v.found, Violation{Code: CodeMissing, Table: t.Name.String(), Message: "the source gives rows that the copy lacks", Count: t.Rows - said.Rows})
		case said.Content != t.Content:
			v.found = append(v.found, Violation{Code: CodeContent, Table: t.Name.String(), Message: "the source gives other content than the copy has"})
		}
	}
	v.checks = append(v.checks, "the copy was compared with what the source gives now")
	return nil
}

// discard is a sink that keeps nothing of a copy as it was made.
type discard struct{ made *plan.Plan }

func (d discard) As(*plan.Plan) (*plan.Plan, error)                   { return d.made, nil }
func (discard) Begin(context.Context, *plan.Plan, *Report) error      { return nil }
func (discard) Table(context.Context, *plan.Table) (RowWriter, error) { return discard{}, nil }
func (discard) Write([]value.Value) error                             { return nil }
func (discard) Close() error                                          { return nil }
func (discard) Finish(context.Context, *Report) error                 { return nil }
func (discard) Abort() error                                          { return nil }
