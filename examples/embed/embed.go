package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"

	"modernc.org/sqlite"

	"github.com/utdrag/utdrag/examples/pmo"
	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/plan/run"
)

// open opens the journal so that every query sees one care provider's rows and no others.
func open(ctx context.Context, journal, provider string) (*sql.DB, error) {
	m, found := schemamap.Parse("pmo.hcl", []byte(pmo.Map))
	if err := found.Err(); err != nil {
		return nil, err
	}
	source, err := run.Open(ctx, "sqlite:"+journal)
	if err != nil {
		return nil, err
	}
	catalog, err := source.Catalog(ctx) // or catalog.Read of a file that was reviewed
	if err := errors.Join(err, source.Close()); err != nil {
		return nil, err
	}
	confined, found := filter.New(m, catalog, filter.Request{Provider: provider}, filter.Options{})
	if err := found.Err(); err != nil {
		return nil, err
	}
	connector, err := sqlite.NewConnector("file:" + journal + "?mode=ro")
	if err != nil {
		return nil, err
	}
	return filter.OpenDB(connector, confined), nil
}

// busiest prints the units in the order of their visits. Nothing in the query says whose they are.
func busiest(ctx context.Context, db *sql.DB, w io.Writer) error {
	rows, err := db.QueryContext(ctx, `
		WITH seen AS (SELECT CareUnitId, COUNT(*) AS visits FROM Visit GROUP BY CareUnitId)
		SELECT COALESCE(u.Name, '(no unit)'), COALESCE(s.visits, 0), RANK() OVER (ORDER BY s.visits DESC)
		FROM seen AS s FULL JOIN CareUnit AS u ON u.Id = s.CareUnitId
		ORDER BY 3, 1`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var unit string
		var visits, rank int
		if err := rows.Scan(&unit, &visits, &rank); err != nil {
			return err
		}
		fmt.Fprintf(w, "%2d  %-40s %5d visits\n", rank, unit, visits)
	}
	return rows.Err()
}
