package sqlserver

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

// The kinds of a snapshot.
const (
	kindTransaction  = "SQL Server transaction with SNAPSHOT isolation"
	kindDatabase     = "SQL Server database snapshot"
	kindReadOnly     = "SQL Server database that is read-only"
	kindInconsistent = engine.NoSnapshot + "SQL Server reads what is committed, rows are of different times"
	kindLoaded       = "SQL Server copy as loaded"
)

// snapshot is one session. TDS answers one statement at a time, so one query can be open.
type snapshot struct {
	conn *sql.Conn
	kind string
	// transaction is set where the snapshot is a transaction that must not end before Close.
	transaction bool
	// unicode is set where a text that the server sends in a code page may be read wrongly by the driver.
	unicode bool
	// codePoints is set where functions count code points under any collation, and the collation that SQL Server needs for it
	// isn't there.
	codePoints bool
	after      []func() error // what is left to do once the session has ended
	rows       *rows
	failed     error
	suspect    error // an error after which the transaction must be looked at
	closed     bool
}

var _ engine.Snapshot = (*snapshot)(nil)

// Begin opens a snapshot over a session of its own. See the package's documentation for what it is.
func (s *source) Begin(ctx context.Context, terms engine.Terms) (engine.Snapshot, error) {
	if s.db == nil {
		return nil, ended("the source")
	}
	// Snapshots outlive the source, and so have connections of their own.
	db, err := s.address.open(s.address.database)
	if err != nil {
		return nil, err
	}
	conn, err := session(ctx, db)
	if err != nil {
		db.Close()
		return nil, err
	}
	snap := &snapshot{conn: conn, after: []func() error{db.Close}}
	if err := snap.begin(ctx, s.address, terms); err != nil {
		return nil, errors.Join(err, snap.Close())
	}
	return snap, nil
}

// begin makes the work tables, and then the snapshot: indexes of #temporary tables can't be made under SNAPSHOT.
func (s *snapshot) begin(ctx context.Context, a *address, terms engine.Terms) error {
	if err := s.makeWork(ctx, slices.Concat(terms.Work, terms.Stages)); err != nil {
		return err
	}
	if err := s.lookAtCollations(ctx); err != nil {
		return err
	}
	if err := s.lookAtCharacters(ctx); err != nil {
		return err
	}
	state, err := s.state(ctx)
	if err != nil {
		return err
	}
	if s.kind, err = choose(state, terms); err != nil {
		return err
	}
	switch s.kind {
	case kindTransaction:
		// With XACT_ABORT a query that is left before its end would end the transaction: leaving one is an attention
		// (https://learn.microsoft.com/sql/t-sql/statements/set-xact-abort-transact-sql).
		err = batch(ctx, s.conn, beginTransaction)
		s.transaction = err == nil
		return wrap(ctx, err, "beginning a SNAPSHOT transaction")
	case kindDatabase:
		return s.makeDatabase(ctx, a)
	}
	return nil
}

const beginTransaction = "SET XACT_ABORT OFF;\nSET TRANSACTION ISOLATION LEVEL SNAPSHOT;\nBEGIN TRANSACTION"

// choose settles the kind of a snapshot.
func choose(state databaseState, terms engine.Terms) (string, error) {
	switch {
	case state.still:
		return kindReadOnly, nil
	case state.isolation:
		return kindTransaction, nil
	case terms.DatabaseSnapshot:
		return kindDatabase, nil
	case terms.AllowInconsistent:
		return kindInconsistent, nil
	}
	return "", failure(codeSnapshot, diag.Refused, adviceIsolation, nil, "the database doesn't allow SNAPSHOT isolation, so that rows would be of different times")
}

// makeWork runs each statement as a batch without arguments: a table that is made inside sp_executesql is gone with it.
func (s *snapshot) makeWork(ctx context.Context, statements []string) error {
	for _, statement := range statements {
		if err := batch(ctx, s.conn, statement); err != nil {
			return wrap(ctx, err, "making work tables")
		}
	}
	return nil
}

// lookAtCollations finds out whether the database has text in UTF-8, or without a code page. The driver doesn't tell the
// server that it knows UTF-8, and reads by the language of a collation only.
func (s *snapshot) lookAtCollations(ctx context.Context) error {
	var count int
	err := one(ctx, s.conn, `SELECT COUNT(*) FROM (SELECT DISTINCT collation_name FROM sys.columns WHERE collation_name IS NOT NULL
		UNION SELECT CONVERT(nvarchar(128), DATABASEPROPERTYEX(DB_NAME(), 'Collation'))) AS c
		WHERE CONVERT(int, COLLATIONPROPERTY(c.collation_name, 'CodePage')) IN (0, 65001)`, &count)
	s.unicode = count > 0
	return wrap(ctx, err, "reading collations")
}

// lookAtCharacters finds out whether this is a server that stands in for SQL Server and counts characters otherwise.
func (s *snapshot) lookAtCharacters(ctx context.Context) error {
	var collations, length int
	err := one(ctx, s.conn, "SELECT COUNT(*), LEN(N'\U0001f600') FROM sys.fn_helpcollations() WHERE name = '"+strings.TrimPrefix(supplementary, " COLLATE ")+"'", &collations, &length)
	s.codePoints = collations == 0 && length == 1
	return wrap(ctx, err, "reading collations")
}

// text is a statement in the words of this server.
func (s *snapshot) text(statement string) string {
	if s.codePoints {
		return withoutSupplementary(statement)
	}
	return statement
}

type databaseState struct {
	isolation bool // SNAPSHOT isolation is allowed
	still     bool // nothing in the database can change
}

func (s *snapshot) state(ctx context.Context) (databaseState, error) {
	var isolation int
	var readOnly, standby, of sql.NullInt64
	err := one(ctx, s.conn, `SELECT CONVERT(int, snapshot_isolation_state), CONVERT(int, is_read_only), CONVERT(int, is_in_standby),
		CONVERT(int, source_database_id) FROM sys.databases WHERE database_id = DB_ID()`, &isolation, &readOnly, &standby, &of)
	if err != nil {
		return databaseState{}, wrap(ctx, err, "reading how the database takes snapshots")
	}
	// 1 is ON; 2 and 3 are on the way to another state (sys.databases). A read-only database can't be made writable while a
	// session uses it; a standby changes whenever a log is restored.
	return databaseState{
		isolation: isolation == 1,
		still:     of.Valid || readOnly.Int64 == 1 && standby.Int64 == 0,
	}, nil
}

// makeDatabase makes a database snapshot beside the source's files and moves the session into it.
func (s *snapshot) makeDatabase(ctx context.Context, a *address) error {
	var source string
	if err := one(ctx, s.conn, "SELECT DB_NAME()", &source); err != nil {
		return wrap(ctx, err, "reading the database's name")
	}
	mark := "_utdrag_" + strings.ToLower(rand.Text()[:10])
	files, err := s.files(ctx)
	if err != nil {
		return err
	}
	name := cut(source, 128-len(mark)) + mark
	if err := batch(ctx, s.conn, createSnapshot(name, source, mark, files)); err != nil {
		return wrap(ctx, err, "making a database snapshot")
	}
	s.after = append([]func() error{func() error { return dropDatabase(a, name) }}, s.after...)
	return wrap(ctx, batch(ctx, s.conn, "USE "+quote(name)), "opening the database snapshot")
}

// dataFile is a data file of a database, by its logical name and where it lies.
type dataFile struct{ name, path string }

// createSnapshot makes a database snapshot, which has a sparse file for each data file of its source
// (https://learn.microsoft.com/sql/relational-databases/databases/create-a-database-snapshot-transact-sql).
func createSnapshot(name, source, mark string, files []dataFile) string {
	parts := make([]string, len(files))
	for i, f := range files {
		parts[i] = "(NAME = " + quote(f.name) + ", FILENAME = N'" + strings.ReplaceAll(f.path+mark+".ss", "'", "''") + "')"
	}
	return "CREATE DATABASE " + quote(name) + " ON " + strings.Join(parts, ", ") + " AS SNAPSHOT OF " + quote(source)
}

func (s *snapshot) files(ctx context.Context) (files []dataFile, err error) {
	result, err := s.conn.QueryContext(ctx, "SELECT name, physical_name FROM sys.database_files WHERE type = 0 ORDER BY file_id")
	if err != nil {
		return nil, wrap(ctx, err, "reading the database's files")
	}
	defer result.Close()
	for result.Next() {
		var f dataFile
		if err := result.Scan(&f.name, &f.path); err != nil {
			return nil, wrap(ctx, err, "reading the database's files")
		}
		files = append(files, f)
	}
	return files, wrap(ctx, result.Err(), "reading the database's files")
}

// dropDatabase drops a database of ours over a connection of its own.
func dropDatabase(a *address, name string) error {
	ctx := context.Background()
	db, err := a.open("master")
	if err != nil {
		return err
	}
	defer db.Close()
	conn, err := session(ctx, db)
	if err != nil {
		return err
	}
	defer conn.Close()
	return wrap(ctx, batch(ctx, conn, "IF DB_ID(N'"+strings.ReplaceAll(name, "'", "''")+"') IS NOT NULL DROP DATABASE "+quote(name)), "dropping a database")
}

// cut is a name of at most so many characters, as SQL Server counts them: UTF-16 code units.
func cut(name string, most int) string {
	units := 0
	for i, r := range name {
		if units++; r > 0xffff {
			units++
		}
		if units > most {
			return name[:i]
		}
	}
	return name
}

// Kind says what kind of snapshot it is.
func (s *snapshot) Kind() string { return s.kind }

// Catalog describes the database as the snapshot sees it. What SQL Server says of tables is not part of a transaction's
// snapshot; a table that changes under one ends it with error 3961.
func (s *snapshot) Catalog(ctx context.Context) (*catalog.Catalog, error) {
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	c, err := introspect(ctx, s.conn)
	return c, s.noted(ctx, err, "reading the catalog")
}

// Exec runs one statement on work tables.
func (s *snapshot) Exec(ctx context.Context, statement string, args ...value.Value) (int64, error) {
	if err := s.usable(ctx); err != nil {
		return 0, err
	}
	bound, err := bind(args)
	if err != nil {
		return 0, err
	}
	result, err := s.conn.ExecContext(ctx, s.text(statement), bound...)
	if err != nil {
		return 0, s.noted(ctx, err, "running a statement")
	}
	n, err := result.RowsAffected()
	return n, s.noted(ctx, err, "running a statement")
}

// noted wraps an error, and remembers it: the caller's giving up leaves the session in a state that nobody knows, and any
// other error may have ended the transaction.
func (s *snapshot) noted(ctx context.Context, err error, doing string) error {
	if err == nil {
		return nil
	}
	err = wrap(ctx, err, "%s", doing)
	switch diag.CodeOf(err) {
	case codeCanceled, codeLost, codeBusy:
		s.failed = err
	default:
		s.suspect = err
	}
	return err
}

// usable refuses what can't be done now. After an error it looks whether the transaction is still there.
func (s *snapshot) usable(ctx context.Context) error {
	switch {
	case s.closed:
		return ended("the snapshot")
	case s.failed != nil:
		return failure(codeEnded, diag.Misuse, "close it, and start over", s.failed, "the snapshot is used after it failed")
	case s.rows != nil:
		return failure(codeEnded, diag.Misuse, "", nil, "a statement is run while the rows of another are still being read")
	}
	if err := ctx.Err(); err != nil {
		return wrap(ctx, err, "using the snapshot")
	}
	if s.suspect != nil && s.transaction {
		var open, state int
		err := one(ctx, s.conn, "SELECT @@TRANCOUNT, CONVERT(int, XACT_STATE())", &open, &state)
		if err != nil || open != 1 || state != 1 {
			s.failed = s.suspect
			return s.usable(ctx)
		}
	}
	s.suspect = nil
	return nil
}

// Close ends the snapshot. Its work tables go with its session.
func (s *snapshot) Close() error {
	if s.closed {
		return nil
	}
	if s.rows != nil {
		s.rows.Close()
	}
	s.closed = true
	// A session that is cut off rolls back; nothing was written that anyone keeps.
	err := s.conn.Close()
	for _, do := range s.after {
		err = errors.Join(err, do())
	}
	return wrap(context.Background(), err, "ending the snapshot")
}
