// Package pmo is an invented Swedish primary-care journal database that six care providers share: its schema, its
// schema map, and a generator of any amount of data.
//
// [Schema] and [Map] are the texts of schema.sql and pmo.hcl. [Generate] writes a SQLite file: the same options give
// the same rows, on every machine and every day, because nothing comes from a clock or from chance. [Providers] are
// the care providers to order an extract for.
//
// The data have the awkward corners of the real thing: patients who visit several providers, notes that correct another
// provider's note, staff who are lent, rows that nobody owns. No person, provider, unit or number in them is real; see
// README.md for where the numbers come from.
package pmo

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/utdrag/utdrag/examples/internal/newdb"
)

// Schema is the SQL text that makes the database, for SQLite.
//
//go:embed schema.sql
var Schema string

// Map is the schema map, pmo.hcl.
//
//go:embed pmo.hcl
var Map string

// MaxScale is the greatest scale: beyond it the test person numbers run out.
const MaxScale = 250

// Options say what [Generate] makes.
type Options struct {
	// Scale is the amount of data: 1 is about 50,000 rows, and rows grow in proportion. Zero means 1.
	Scale float64
	// Seed chooses among databases of the same size.
	Seed uint64
}

// Generate writes a new SQLite file. It refuses a path that exists, leaves nothing behind if it fails, and needs the
// same little memory whatever the scale.
func Generate(ctx context.Context, path string, o Options) error {
	if o.Scale == 0 {
		o.Scale = 1
	}
	if !(o.Scale > 0 && o.Scale <= MaxScale) {
		return fmt.Errorf("the scale is more than 0 and at most %d", MaxScale)
	}
	return newdb.Create(ctx, path, Schema, func(ctx context.Context, tx *sql.Tx) error {
		g := newGenerator(ctx, tx, o)
		g.codes()
		g.organisation()
		for id := 1; id <= g.patients && g.Err() == nil && ctx.Err() == nil; id++ {
			g.patient(id)
		}
		g.host()
		if err := g.Close(); err != nil {
			return err
		}
		return ctx.Err()
	})
}

// generator makes rows in the order of their ids. What a row refers to is computed from ids, not remembered.
type generator struct {
	*newdb.Inserter
	*rand.Rand
	units, staff, patients int
	last                   map[string]int // the last id of each table
}

func newGenerator(ctx context.Context, tx *sql.Tx, o Options) *generator {
	g := &generator{
		Inserter: newdb.NewInserter(ctx, tx),
		Rand:     rand.New(rand.NewPCG(o.Seed, 0x7574647261670001)),
		units:    len(providers) * max(2, int(math.Round(4*math.Sqrt(o.Scale)))),
		patients: max(12, int(math.Round(patientsAtScale1*o.Scale))),
		last:     map[string]int{},
	}
	g.staff = staffPerUnit * g.units
	for _, t := range tables {
		g.Prepare(t.name, t.columns...)
	}
	return g
}

const (
	patientsAtScale1 = 1750
	staffPerUnit     = 8
)

// next is the next id of a table.
func (g *generator) next(table string) int {
	g.last[table]++
	return g.last[table]
}

// chance is true in so many of a thousand cases.
func (g *generator) chance(perMille int) bool { return g.IntN(1000) < perMille }

// pick takes one of a list.
func pick[T any](g *generator, list []T) T { return list[g.IntN(len(list))] }

// sometimes is x in so many of a thousand cases, else NULL.
func (g *generator) sometimes(perMille int, x any) any {
	if g.chance(perMille) {
		return x
	}
	return nil
}
