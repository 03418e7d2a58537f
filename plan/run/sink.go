package run

import (
	"context"

	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
)

// Sink takes what a run copies. A sink of your own needs these four methods; [Run] calls them from one goroutine, in
// the order Begin, Table for each table of the plan in its order, Finish. Abort is called instead of Finish, or after
// a Finish that failed.
type Sink interface {
	// Begin gets the report as far as it is known: everything but the tables and checks.
	Begin(ctx context.Context, p *plan.Plan, r *Report) error
	// Table starts a table, and is called for tables without rows too.
	Table(ctx context.Context, t *plan.Table) (RowWriter, error)
	// Finish makes the copy final. It is called only after the rows were checked against the source by another route.
	Finish(ctx context.Context, r *Report) error
	// Abort leaves nothing behind.
	Abort() error
}

// RowWriter takes the rows of one table, masked. A row has the table's columns in order, and is only valid during the
// call; so are large cells.
type RowWriter interface {
	Write(row []value.Value) error
	Close() error
}

// Digested is what a RowWriter can do that wants to know, before Close, the digest of the rows that it was given.
type Digested interface {
	Digest(content string)
}

// Readable is what a sink can do whose copy can be read back before it is final. Such a copy is verified as a whole.
type Readable interface {
	// Read checks the constraints of what was loaded and opens it, with the work tables that the statements make.
	Read(ctx context.Context, work []string) (engine.Snapshot, error)
}

// Foreign is what a sink can do that may make a copy in another engine than the plan's. As returns the plan of the copy
// as the sink makes it (see plan.Plan.In), or refuses; it is called before anything else. Rows then come in neutral form.
type Foreign interface {
	As(p *plan.Plan) (*plan.Plan, error)
}

// Concurrent is what a sink can do that takes several tables at a time: Table may then be called from several goroutines,
// before the writers that it returned are closed.
type Concurrent interface {
	// Writers is how many tables may be under way at a time.
	Writers() int
}

// Progress is told how a run goes on, often, and by several goroutines at a time where several tables are under way.
type Progress interface {
	// Phase starts a phase: "key sets", "copy", "verify". tables is how many it goes through, or 0.
	Phase(name string, tables int)
	// Table starts a table. rows is how many are expected, or -1.
	Table(name string, rows int64)
	// Add counts rows and bytes since the last call.
	Add(rows, bytes int64)
}

type silent struct{}

func (silent) Phase(string, int)   {}
func (silent) Table(string, int64) {}
func (silent) Add(int64, int64)    {}
