// Package engines is the list of engines: it finds one by its name or by a database URL.
package engines

import (
	"context"
	"strings"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/sqlite"
)

// CodeUnknownEngine refuses an engine or URL that nothing here serves.
const CodeUnknownEngine = "UE100"

// Dialect returns the SQL of the engine of that name.
func Dialect(name string) (engine.Dialect, error) {
	if name == "sqlite" {
		return sqlite.Dialect{}, nil
	}
	return nil, unknown("no engine is named " + name)
}

// Open opens a source by its URL, for reading only.
func Open(ctx context.Context, url string) (engine.Source, error) {
	if strings.HasPrefix(url, "sqlite:") {
		return sqlite.Open(ctx, url)
	}
	return nil, unknown("the database URL has no scheme that is known")
}

// Create makes a new target at a URL. It takes its final name when it is committed.
func Create(ctx context.Context, url string) (engine.Target, error) {
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		return sqlite.Create(ctx, path)
	}
	return nil, unknown("the target's URL has no scheme that is known")
}

func unknown(message string) error {
	return &diag.Error{Code: CodeUnknownEngine, Class: diag.Misuse, Message: message, Advice: "write sqlite:FILE"}
}

// Memory makes a database in memory for rows that were taken from an engine.
func Memory(ctx context.Context, name string) (engine.Target, error) {
	if name == "sqlite" {
		return sqlite.Memory(ctx)
	}
	return nil, unknown("no database in memory takes rows from " + name)
}
