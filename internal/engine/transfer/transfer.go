// Package transfer takes a whole database over into another engine: sample data, for trying things on a server. It is no
// copy in the sense of a plan: everybody's rows are in it.
package transfer

import (
	"context"
	"errors"
	"fmt"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/engines"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
)

// All makes a database at a URL that holds every table and row of another database, of whatever engine: what a map of
// the one says of its tables holds of the other but for the name of the default schema. Foreign keys get indexes. adapt, if not nil, may
// change the description of what is made. All returns the rows copied.
func All(ctx context.Context, from, to string, adapt func(*catalog.Catalog) error) (rows int64, err error) {
	source, err := engines.Open(ctx, from)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	snapshot, err := source.Begin(ctx, engine.Terms{})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, snapshot.Close()) }()
	c, err := snapshot.Catalog(ctx)
	if err != nil {
		return 0, err
	}
	made, found := plan.Translate(c, engines.Of(to))
	if found.Refused() {
		return 0, found
	}
	for i := range made.Tables {
		index(&made.Tables[i])
	}
	if adapt != nil {
		if err := adapt(made); err != nil {
			return 0, err
		}
	}
	dialect, err := engines.Dialect(c.Engine)
	if err != nil {
		return 0, err
	}
	home := ""
	if made != c {
		home = c.DefaultSchema
	}
	target, err := engines.Create(ctx, to, home)
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, target.Abort())
		}
	}()
	if err := target.Create(ctx, engine.Definition{DataTypes: made.DataTypes, Tables: made.Tables}); err != nil {
		return 0, err
	}
	for i := range c.Tables {
		n, err := load(ctx, snapshot, dialect, &c.Tables[i], target)
		if err != nil {
			return 0, err
		}
		rows += n
	}
	if err := target.Index(ctx); err != nil {
		return 0, err
	}
	return rows, target.Commit(ctx)
}

// index gives each foreign key an index, as people who care for a server's speed do.
func index(t *catalog.Table) {
	for i, f := range t.ForeignKeys {
		t.Indexes = append(t.Indexes, catalog.Index{Name: fmt.Sprintf("ix_%s_%d", t.Name.Table, i+1), Columns: f.ChildColumns()})
	}
}

func load(ctx context.Context, snapshot engine.Snapshot, d engine.Dialect, t *catalog.Table, target engine.Target) (n int64, err error) {
	c := engine.Copy{Table: t, From: "FROM " + d.Table(t.Name) + " t", Order: d.ReadOrder(t, "t")}
	var names []string
	var types []value.Type
	for i := range t.Columns {
		column := &t.Columns[i]
		if !column.Inserted() {
			continue
		}
		names, types = append(names, column.Name), append(types, column.Type)
		c.Columns = append(c.Columns, engine.CopyColumn{Name: column.Name, SQL: "t." + d.Quote(column.Name), Plain: true})
	}
	rows, err := snapshot.Read(ctx, c)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	loader, err := target.Load(ctx, t.Name, names)
	if err != nil {
		return 0, err
	}
	row := make([]value.Value, len(names))
	for rows.Next(row) {
		for i := range row {
			row[i] = value.Neutral(row[i], types[i])
		}
		if err := loader.Write(row); err != nil {
			return 0, errors.Join(err, loader.Close())
		}
		n++
	}
	return n, errors.Join(rows.Err(), loader.Close())
}
