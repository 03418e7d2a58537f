// Package engines is the list of engines: it finds one by its name or by a database URL.
package engines

import (
	"context"
	"strings"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/postgres"
	"github.com/utdrag/utdrag/internal/engine/sqlite"
	"github.com/utdrag/utdrag/internal/engine/sqlserver"
)

// The names of the engines.
const (
	SQLite    = sqlite.Name
	Postgres  = postgres.Name
	SQLServer = sqlserver.Name
)

// CodeUnknownEngine refuses an engine or URL that nothing here serves.
const CodeUnknownEngine = "UE100"

// driver is one engine.
type driver struct {
	name string
	// schemes are what its URLs begin with.
	schemes []string
	// at is the dialect of a copy of a database whose default schema is home; of the engine's own databases for "".
	at     func(home string) engine.Dialect
	open   func(ctx context.Context, url string) (engine.Source, error)
	create func(ctx context.Context, url, home string) (engine.Target, error)
}

var drivers = []driver{
	{
		name: sqlite.Name, schemes: []string{sqlite.Scheme},
		at:     func(home string) engine.Dialect { return sqlite.Dialect{Home: home} },
		open:   sqlite.Open,
		create: sqlite.CreateURL,
	},
	{
		name: postgres.Name, schemes: []string{postgres.Scheme, postgres.LongScheme},
		at:     func(home string) engine.Dialect { return postgres.Dialect{Home: home} },
		open:   postgres.Open,
		create: postgres.CreateURL,
	},
	{
		name: sqlserver.Name, schemes: []string{sqlserver.Scheme},
		at:     func(home string) engine.Dialect { return sqlserver.Dialect{Home: home} },
		open:   sqlserver.Open,
		create: sqlserver.CreateURL,
	},
}

// Dialect returns the SQL of the engine of that name.
func Dialect(name string) (engine.Dialect, error) { return At(name, "") }

// At returns the SQL of an engine for a copy of another engine's database, whose default schema is home: its tables stand
// in this engine's own default schema.
func At(name, home string) (engine.Dialect, error) {
	for _, d := range drivers {
		if d.name == name {
			return d.at(home), nil
		}
	}
	return nil, unknown("no engine is named " + name)
}

// Of is the name of the engine that a URL leads to, or "".
func Of(url string) string {
	if d := byURL(url); d != nil {
		return d.name
	}
	return ""
}

func byURL(url string) *driver {
	for i := range drivers {
		for _, scheme := range drivers[i].schemes {
			if len(url) >= len(scheme) && strings.EqualFold(url[:len(scheme)], scheme) {
				return &drivers[i]
			}
		}
	}
	return nil
}

// Open opens a source by its URL, for reading only.
func Open(ctx context.Context, url string) (engine.Source, error) {
	if d := byURL(url); d != nil {
		return d.open(ctx, url)
	}
	return nil, unknown("the database URL has no scheme that is known")
}

// Create makes a new target at a URL, for a copy of a database whose default schema is home where that is another
// engine's, else "". It is final when it is committed.
func Create(ctx context.Context, url, home string) (engine.Target, error) {
	if d := byURL(url); d != nil {
		return d.create(ctx, url, home)
	}
	return nil, unknown("the target's URL has no scheme that is known")
}

// Memory makes a database in memory, of the engine SQLite, for a copy of a database whose default schema is home where
// that is another engine's, else "".
func Memory(ctx context.Context, home string) (engine.Target, error) { return sqlite.Memory(ctx, home) }

func unknown(message string) error {
	return &diag.Error{Code: CodeUnknownEngine, Class: diag.Misuse, Message: message, Advice: "write sqlite:FILE, postgres://… or sqlserver://…"}
}
