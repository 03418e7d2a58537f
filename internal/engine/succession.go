package engine

import (
	"context"
	"time"
)

// CopyMark is the table by which a database is known to be a copy of ours: it holds the copy's evidence. Nothing else is
// ever replaced.
const CopyMark = "utdrag_manifest"

// Succession puts a newer copy in the place of an older one. The newer one is made at Incoming, on the same server or in the
// same folder, and gets the older one's name by Swap. Whoever opens that name finds one of the two, whole.
type Succession interface {
	// Incoming is the URL to make the newer copy at, as a [Target]. What a killed run left of its own is gone.
	Incoming() string
	// Swap gives the copy at Incoming the name, and the one that had it the name Previous, whose own older one is removed.
	Swap(ctx context.Context) error
	// Previous is the name under which the older copy is kept: "" where there was none.
	Previous() string
	// Close ends it. Unless Swap succeeded, nothing is left at Incoming.
	Close() error
}

// SwapTerms say what a swap may do to those who use the older copy.
type SwapTerms struct {
	// Disconnect ends their sessions. Without it, they are waited for.
	Disconnect bool
	// Patience is how long to wait for them.
	Patience time.Duration
}
