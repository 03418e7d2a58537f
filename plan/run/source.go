package run

import (
	"context"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/engines"
)

// Source is a database that rows are taken from. It is opened for reading only.
type Source struct{ engine engine.Source }

// Open opens a source by its URL: "sqlite:FILE". The error never holds the URL: it may carry a password.
func Open(ctx context.Context, url string) (*Source, error) {
	source, err := engines.Open(ctx, url)
	if err != nil {
		return nil, err
	}
	return &Source{source}, nil
}

// Catalog asks the database for its tables, columns and keys.
func (s *Source) Catalog(ctx context.Context) (*catalog.Catalog, error) { return s.engine.Catalog(ctx) }

// Close closes the connection.
func (s *Source) Close() error { return s.engine.Close() }
