package deliver

import (
	"context"
	"errors"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/deliver/order"
	"github.com/utdrag/utdrag/plan/run"
)

// asked is a source database that [order.Check] asks. The map says where providers and units are.
type asked struct {
	source *run.Source
	plan   func(provider string) (*plan.Plan, error)
	units  map[string][]string
	err    error // the first failure
}

// NewSource makes an open database answer what [order.Check] asks.
func NewSource(m *schemamap.Map, c *catalog.Catalog, s *run.Source) order.Source {
	return newSource(m, c, s)
}

func newSource(m *schemamap.Map, c *catalog.Catalog, s *run.Source) *asked {
	return &asked{source: s, units: map[string][]string{}, plan: func(provider string) (*plan.Plan, error) {
		p, found := plan.Build(m, c, filter.Request{Provider: provider})
		return p, found.Err()
	}}
}

// Registered implements [order.Source].
func (a *asked) Registered(ctx context.Context, provider string) (bool, error) {
	_, err := a.UnitsOf(ctx, provider)
	if diag.CodeOf(err) == plan.CodeAnchorRow {
		return false, nil
	}
	if a.err == nil {
		a.err = err
	}
	return err == nil, err
}

// UnitsOf implements [order.Source].
func (a *asked) UnitsOf(ctx context.Context, provider string) ([]string, error) {
	if units, ok := a.units[provider]; ok {
		return units, nil
	}
	p, err := a.plan(provider)
	if err != nil {
		return nil, err
	}
	units, err := run.Units(ctx, p, a.source)
	if err == nil {
		a.units[provider] = units
	}
	return units, err
}

// OpenSource opens the source of an order and reads what its check needs: the map, and the catalog.
func OpenSource(ctx context.Context, o *order.Order, getenv func(string) string) (m *schemamap.Map, c *catalog.Catalog, s *run.Source, err error) {
	if m, err = readMap(o); err != nil {
		return nil, nil, nil, err
	}
	url, err := o.SourceURL(getenv)
	if err != nil {
		return nil, nil, nil, err
	}
	if s, err = run.Open(ctx, url); err != nil {
		return nil, nil, nil, err
	}
	if c, err = s.Catalog(ctx); err != nil {
		return nil, nil, nil, errors.Join(err, s.Close())
	}
	return m, c, s, nil
}
