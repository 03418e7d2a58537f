package postgres

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

// Snapshot is one transaction that sees one state of the database.
type Snapshot struct {
	config  *pgconn.Config
	conn    *pgconn.PgConn
	dialect Dialect // says where the tables of a copy stand
	kind    string
	work    []workTable
	// held keeps the work tables in this process; nil where the session has them as temporary tables.
	held     *heldTables
	exported string // the snapshot's name at the server, once others have joined
	analyzed map[string]int64
	aside    *aside // nil until a table is read whose cells may be large
	rows     *rows
	closed   bool
}

var (
	_ engine.Snapshot = (*Snapshot)(nil)
	_ engine.Sharer   = (*Snapshot)(nil)
)

const kindOfSnapshot = "postgres repeatable read snapshot"

// begin opens a session, makes work tables and begins the transaction; it joins the snapshot of that name unless it is "".
func begin(ctx context.Context, config *pgconn.Config, terms engine.Terms, join string) (*Snapshot, error) {
	conn, err := connect(ctx, config)
	if err != nil {
		return nil, err
	}
	s := &Snapshot{config: config, conn: conn, kind: kindOfSnapshot, exported: join, analyzed: map[string]int64{}}
	if err := s.begin(ctx, terms, join); err != nil {
		hangUp(conn)
		return nil, wrap(ctx, err, "beginning a snapshot")
	}
	return s, nil
}

func (s *Snapshot) begin(ctx context.Context, terms engine.Terms, join string) error {
	work := terms.Work
	session, err := cells(ctx, s.conn, "SELECT pg_is_in_recovery(), pg_is_in_recovery() OR NOT has_database_privilege(current_database(), 'TEMP')")
	if err != nil {
		return err
	}
	if session[0][0] == "t" {
		s.kind += " on a replica"
	}
	for _, statement := range work {
		table, err := parseWork(statement)
		if err != nil {
			return err
		}
		s.work = append(s.work, table)
	}
	if session[0][1] == "t" {
		if len(terms.Stages) > 0 {
			return failure(codeStatement, diag.Refused, "ask the primary, or without strict mode", nil, "rows can't be staged where no temporary tables can be made")
		}
		s.held = newHeldTables(s.work)
	} else if len(work)+len(terms.Stages) > 0 {
		if err := run(ctx, s.conn, strings.Join(slices.Concat(work, terms.Stages), ";\n")); err != nil {
			return err
		}
	}
	if err := run(ctx, s.conn, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); err != nil {
		return err
	}
	if join != "" {
		return run(ctx, s.conn, "SET TRANSACTION SNAPSHOT "+text(join))
	}
	// BEGIN alone sees nothing yet: the snapshot is the state at the first query.
	return run(ctx, s.conn, "SELECT 1")
}

// Kind is "postgres repeatable read snapshot", and says where it is one of a replica.
func (s *Snapshot) Kind() string { return s.kind }

// Catalog describes the database as the snapshot sees it.
func (s *Snapshot) Catalog(ctx context.Context) (*catalog.Catalog, error) {
	if err := s.usable(); err != nil {
		return nil, err
	}
	c, err := introspect(ctx, s.conn)
	return c, wrap(ctx, err, "reading the catalog")
}

// Exec runs one statement on work tables.
func (s *Snapshot) Exec(ctx context.Context, statement string, args ...value.Value) (int64, error) {
	if err := s.usable(); err != nil {
		return 0, err
	}
	if err := ctx.Err(); err != nil {
		return 0, wrap(ctx, err, "running a statement")
	}
	parameters, err := arguments(args)
	if err != nil {
		return 0, err
	}
	if s.held != nil {
		n, err := s.held.execute(ctx, s.conn, statement, parameters)
		return n, wrap(ctx, err, "running a statement")
	}
	tag, err := s.conn.ExecParams(ctx, statement, parameters, nil, nil, nil).Close()
	if err != nil {
		return 0, wrap(ctx, err, "running a statement")
	}
	return tag.RowsAffected(), wrap(ctx, s.analyze(ctx, statement, tag.RowsAffected()), "looking at a work table")
}

// analyzeFrom is how many rows make statistics of a work table worthwhile.
const analyzeFrom = 1000

// analyze has the server look at a work table that has grown, for nobody else does that to a temporary table.
func (s *Snapshot) analyze(ctx context.Context, statement string, inserted int64) error {
	name, ok := inserts(statement)
	if !ok {
		return nil
	}
	for _, w := range s.work {
		if w.name != name {
			continue
		}
		if s.analyzed[name] += inserted; s.analyzed[name] < analyzeFrom || inserted < s.analyzed[name]/2 {
			return nil
		}
		return run(ctx, s.conn, "ANALYZE "+workSchema+"."+quote(w.table))
	}
	return nil
}

func (s *Snapshot) usable() error {
	switch {
	case s.closed:
		return ended("the snapshot")
	case s.rows != nil:
		return failure(codeEnded, diag.Misuse, "", nil, "the snapshot is used while rows of it are still being read")
	}
	return nil
}

// Close ends the snapshot. Its work tables go with the session.
func (s *Snapshot) Close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	s.aside.close()
	hangUp(s.conn)
	return nil
}

// export gives the snapshot a name by which other sessions join it. It is the name of the first snapshot also in a session that
// joined one, whose own would not outlive it.
func (s *Snapshot) export(ctx context.Context) error {
	if s.exported != "" {
		return nil
	}
	name, err := cells(ctx, s.conn, "SELECT pg_export_snapshot()")
	if err != nil {
		return wrap(ctx, err, "sharing the snapshot")
	}
	s.exported = name[0][0]
	return nil
}

// Share opens another session on the same state, with copies of the work tables.
func (s *Snapshot) Share(ctx context.Context) (engine.Snapshot, error) {
	if err := s.usable(); err != nil {
		return nil, err
	}
	if err := s.export(ctx); err != nil {
		return nil, err
	}
	statements := make([]string, len(s.work))
	for i, w := range s.work {
		statements[i] = w.statement
	}
	other, err := begin(ctx, s.config, engine.Terms{Work: statements}, s.exported)
	if err != nil {
		return nil, err
	}
	other.dialect = s.dialect
	if s.held != nil {
		other.held = s.held.clone()
		return other, nil
	}
	for _, w := range s.work {
		if err := copyWork(ctx, s, other, w); err != nil {
			hangUp(other.conn)
			return nil, wrap(ctx, err, "sharing the work tables")
		}
	}
	return other, nil
}

// copyWork copies a work table from one session to another.
func copyWork(ctx context.Context, from, to *Snapshot, w workTable) error {
	name := workSchema + "." + quote(w.table)
	reader, writer := io.Pipe()
	sent := make(chan error, 1)
	go func() {
		_, err := from.conn.CopyTo(ctx, writer, "COPY "+name+" TO STDOUT")
		writer.CloseWithError(err)
		sent <- err
	}()
	tag, err := to.conn.CopyFrom(ctx, reader, "COPY "+name+" FROM STDIN")
	reader.CloseWithError(io.ErrClosedPipe)
	if err = errors.Join(err, <-sent); err != nil || tag.RowsAffected() < analyzeFrom {
		return err
	}
	return run(ctx, to.conn, "ANALYZE "+name)
}
