package engines

import (
	"context"

	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/postgres"
	"github.com/utdrag/utdrag/internal/engine/sqlite"
	"github.com/utdrag/utdrag/internal/engine/sqlserver"
)

// Succeed begins to replace the copy at a URL by a newer one. There need be none yet.
func Succeed(ctx context.Context, url string, terms engine.SwapTerms) (engine.Succession, error) {
	switch Of(url) {
	case SQLite:
		return sqlite.Succeed(ctx, url, terms)
	case Postgres:
		return postgres.Succeed(ctx, url, terms)
	case SQLServer:
		return sqlserver.Succeed(ctx, url, terms)
	}
	return nil, unknown("the target's URL has no scheme that is known")
}
