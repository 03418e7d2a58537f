package run

import (
	"context"
	"errors"
	"time"

	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/engines"
	"github.com/utdrag/utdrag/plan/pack"
)

// ReplaceOptions of a replacement.
type ReplaceOptions struct {
	LoadOptions
	// Disconnect ends the sessions of those who use the older copy, where the engine needs that; else they are waited for.
	Disconnect bool
	// Patience is how long to wait for them.
	Patience time.Duration
}

// Replaced says what became of the older copy.
type Replaced struct {
	// Previous is the name under which it is kept, "" if there was none.
	Previous string
}

// Replace makes a database of an opened package as [Load] does, and then puts it in the place of the one at the URL, which must
// be a copy that was made by Utdrag, or not be there. Whoever opens the name finds the older copy or the newer one, whole: a
// SQLite file is replaced by rename(2), PostgreSQL renames both databases in one transaction, and SQL Server, which has no
// such thing, refuses readers for a few milliseconds. On error the older copy is where it was.
func Replace(ctx context.Context, p *pack.Package, url string, o ReplaceOptions) (report *Report, replaced *Replaced, err error) {
	if engines.Of(url) == "" {
		return nil, nil, unknownTarget()
	}
	s, err := engines.Succeed(ctx, url, engine.SwapTerms{Disconnect: o.Disconnect, Patience: o.Patience})
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if report, err = Load(ctx, p, s.Incoming(), o.LoadOptions); err != nil {
		return nil, nil, err
	}
	if err := s.Swap(ctx); err != nil {
		return nil, nil, given(ctx, err, nil)
	}
	return report, &Replaced{Previous: s.Previous()}, nil
}
