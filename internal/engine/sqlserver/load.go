package sqlserver

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"sync"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
)

// loaders is how many tables are loaded at a time. Each has a session of its own; more would wait for the server's log.
const loaders = 4

// target is a database that is being made. Its first error is final: a copy that lacks what failed is no copy.
type target struct {
	address *address
	dialect Dialect
	db      *sql.DB
	// control is the session that holds the lock against other runs, and makes everything but rows.
	control *sql.Conn
	pages   *codePages
	tables  []catalog.Table
	made    bool // this run, or the one that it takes over from, made the database
	indexed bool
	ended   bool
	reader  *snapshot

	guard     sync.Mutex
	open      map[*loader]bool
	idle      []*sql.Conn            // sessions of loaders that ended well, for the next
	described map[int64][]loadColumn // what the server says of the tables' columns, by object_id
	failed    error
}

var (
	_ engine.Target     = (*target)(nil)
	_ engine.Concurrent = (*target)(nil)
)

// CreateURL begins a copy in the database that a sqlserver:// URL names, of a database whose default schema is home where that
// is another engine's: see [Dialect].
//
// The database is made if it isn't there. If it is, it must hold no user tables, or nothing but the leftovers of a run that was
// killed, which are dropped. A table utdrag_partial in schema dbo tells: it is made first, lists what a run makes before it
// is made, and is dropped by Commit, last. So whatever lies in a database with that table is no finished copy. A lock
// (sp_getapplock) keeps a second run out. The login needs to make tables, schemas and types, and to bulk copy; to make the
// database it needs CREATE ANY DATABASE.
//
// Rows are bulk copied, each table over a session of its own under a table lock: NULL stays NULL where there is a default,
// identity values stay what they were, checks are checked row by row and no trigger fires. Tables with a column of a type that
// the driver can't bulk copy exactly (xml, sql_variant, text, ntext, image, hierarchyid, geography, geometry, varchar in UTF-8) are
// filled by INSERT statements of many rows each. Text in a code page is converted by the server's own tables; a character that
// the code page doesn't have is refused, as is a number or time that the column would round.
//
// Foreign keys come last and are checked against the rows; Index then asserts that the server trusts every foreign key and
// check. Nothing that Abort does waits for the caller's context.
func CreateURL(ctx context.Context, url, home string) (engine.Target, error) {
	a, err := parse(url)
	if err != nil {
		return nil, err
	}
	t := &target{address: a, dialect: Dialect{Home: home}, open: map[*loader]bool{}}
	if err := t.begin(ctx); err != nil {
		if t.made {
			return nil, errors.Join(err, t.Abort())
		}
		return nil, errors.Join(err, t.release())
	}
	return t, nil
}

func (t *target) begin(ctx context.Context) error {
	if err := t.connect(ctx); err != nil {
		return err
	}
	if err := t.lock(ctx); err != nil {
		return err
	}
	left, err := t.leftovers(ctx)
	if err != nil {
		return err
	}
	if left.marked {
		t.made = t.made || left.made
		if err := t.drop(ctx); err != nil {
			return err
		}
	}
	if err := t.mark(ctx); err != nil {
		return err
	}
	t.pages = &codePages{open: func(ctx context.Context) (*sql.Conn, error) { return session(ctx, t.db) }}
	return nil
}

// connect opens the database, and makes it if it isn't there.
func (t *target) connect(ctx context.Context) (err error) {
	if t.db, err = t.address.open(t.address.database); err != nil {
		return err
	}
	t.control, err = session(ctx, t.db)
	if err == nil || ctx.Err() != nil || diag.CodeOf(err) == codeLogin || diag.CodeOf(err) == codeOpen || diag.CodeOf(err) == codeCertificate {
		return err
	}
	refused := err
	db, err := t.address.open("master")
	if err != nil {
		return err
	}
	defer db.Close()
	conn, err := session(ctx, db)
	if err != nil {
		return refused
	}
	defer conn.Close()
	var there bool
	if err := one(ctx, conn, "SELECT CONVERT(bit, CASE WHEN DB_ID("+text(t.address.database, false)+") IS NULL THEN 0 ELSE 1 END)", &there); err != nil {
		return wrap(ctx, err, "looking for the target database")
	}
	if there {
		return refused
	}
	if err := batch(ctx, conn, "CREATE DATABASE "+quote(t.address.database)); err != nil {
		return wrap(ctx, err, "making the target database")
	}
	t.made = true
	t.control, err = session(ctx, t.db)
	return err
}

// lock keeps other runs out of the database for as long as the session lasts.
func (t *target) lock(ctx context.Context) error {
	var answer int
	// SQL Server's locks are a database's own; others' may not be, so that the database's name is in that of the lock.
	err := one(ctx, t.control, `DECLARE @answer int;
DECLARE @name nvarchar(255) = N'utdrag ' + DB_NAME();
EXEC @answer = sp_getapplock @Resource = @name, @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = 0;
SELECT @answer`, &answer)
	if err != nil {
		return wrap(ctx, err, "locking the target database")
	}
	if answer < 0 {
		t.made = false // it is the other's now
		return failure(codeBusy, diag.External, "wait for it to end, or name another database", nil, "another run is loading into the target database")
	}
	return nil
}

// Loaders is how many tables can be loaded at a time.
func (t *target) Loaders() int { return loaders }

// fail makes err final, with what was being done, and returns it.
func (t *target) fail(ctx context.Context, err error, doing string, args ...any) error {
	if err == nil {
		return nil
	}
	err = wrap(ctx, err, doing, args...)
	t.guard.Lock()
	defer t.guard.Unlock()
	if t.failed == nil {
		t.failed = err
	}
	return err
}

// living refuses a target that has ended or failed.
func (t *target) living() error {
	t.guard.Lock()
	defer t.guard.Unlock()
	switch {
	case t.ended:
		return ended("the target")
	case t.failed != nil:
		return failure(codeEnded, diag.Misuse, "abort it, and start over", t.failed, "the target is used after it failed")
	}
	return nil
}

// usable refuses what must not happen beside anything else.
func (t *target) usable() error {
	if err := t.living(); err != nil {
		return err
	}
	t.guard.Lock()
	loading := len(t.open) > 0
	t.guard.Unlock()
	switch {
	case loading:
		return failure(codeEnded, diag.Misuse, "", nil, "the target is used while a table is still being loaded")
	case t.reader != nil && !t.reader.closed:
		return failure(codeEnded, diag.Misuse, "", nil, "the target is used while it is still being verified")
	}
	t.reader = nil
	return nil
}

// Create makes the data types and tables.
func (t *target) Create(ctx context.Context, d engine.Definition) error {
	if err := t.usable(); err != nil {
		return err
	}
	if len(t.tables) > 0 {
		return failure(codeEnded, diag.Misuse, "", nil, "the target's tables are made twice")
	}
	statements, err := t.dialect.Prepare(d)
	if err != nil {
		return t.fail(ctx, err, "")
	}
	for i := range d.Tables {
		t.tables = append(t.tables, t.placed(&d.Tables[i]))
	}
	if err := t.announce(ctx, d); err != nil {
		return t.fail(ctx, err, "marking the target database")
	}
	for _, statement := range statements {
		if err := batch(ctx, t.control, statement); err != nil {
			return t.fail(ctx, err, "making schemas and data types")
		}
	}
	for i := range d.Tables {
		statement, err := t.dialect.CreateTable("", &d.Tables[i])
		if err == nil {
			err = batch(ctx, t.control, statement)
		}
		if err != nil {
			return t.fail(ctx, err, "making table %s", d.Tables[i].Name)
		}
	}
	return t.fail(ctx, t.describe(ctx), "reading the tables that were made")
}

// placed is a definition under the names that stand in this database.
func (t *target) placed(definition *catalog.Table) catalog.Table {
	table := *definition
	table.Name = t.dialect.Place(table.Name)
	return table
}

func (t *target) table(name catalog.Name) *catalog.Table {
	name = t.dialect.Place(name)
	if i := slices.IndexFunc(t.tables, func(own catalog.Table) bool { return own.Name == name }); i >= 0 {
		return &t.tables[i]
	}
	return nil
}

// rest ends the sessions that loaders left.
func (t *target) rest() {
	t.guard.Lock()
	defer t.guard.Unlock()
	for _, conn := range t.idle {
		conn.Close()
	}
	t.idle = nil
}

// Index makes the indexes and foreign keys, and asserts that the server trusts what it was told.
func (t *target) Index(ctx context.Context) error {
	if err := t.usable(); err != nil {
		return err
	}
	t.rest()
	for i := range t.tables {
		for _, index := range t.tables[i].Indexes {
			statement, err := t.dialect.CreateIndex("", &t.tables[i], index)
			if err == nil {
				err = batch(ctx, t.control, statement)
			}
			if err != nil {
				return t.fail(ctx, err, "making index %s of table %s", quote(index.Name), t.tables[i].Name)
			}
		}
	}
	for i := range t.tables {
		statements, err := t.dialect.Complete("", &t.tables[i])
		if err != nil {
			return t.fail(ctx, err, "")
		}
		for _, statement := range statements {
			if err := batch(ctx, t.control, statement); err != nil {
				return t.fail(ctx, foreign(ctx, err), "completing table %s", t.tables[i].Name)
			}
		}
	}
	if err := t.trusted(ctx); err != nil {
		return t.fail(ctx, err, "checking constraints")
	}
	t.indexed = true
	return nil
}

// foreign gives a conflict with a constraint that is being added its own code: by then only foreign keys are.
func foreign(ctx context.Context, err error) error {
	if e, ok := serverSaid(err); ok && e.Number == 547 && ctx.Err() == nil {
		said := &serverError{number: e.Number, state: e.State, said: e.Message}
		return failure(codeForeign, diag.Refused, adviceForeign, said, "rows reference rows that were not copied")
	}
	return err
}

// Verify opens what was loaded.
func (t *target) Verify(ctx context.Context, work []string) (engine.Snapshot, error) {
	if err := t.usable(); err != nil {
		return nil, err
	}
	if !t.indexed {
		return nil, failure(codeEnded, diag.Misuse, "", nil, "the target is verified before it was indexed")
	}
	conn, err := session(ctx, t.db)
	if err != nil {
		return nil, err
	}
	snap := &snapshot{conn: conn, kind: kindLoaded}
	err = snap.makeWork(ctx, work)
	if err == nil {
		err = snap.lookAtCollations(ctx)
	}
	if err == nil {
		err = snap.lookAtCharacters(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, snap.Close())
	}
	t.reader = snap
	return snap, nil
}

// Commit takes the mark away.
func (t *target) Commit(ctx context.Context) error {
	if err := t.usable(); err != nil {
		return err
	}
	if !t.indexed {
		return failure(codeEnded, diag.Misuse, "", nil, "the target is committed before it was indexed")
	}
	if err := batch(ctx, t.control, "DROP TABLE "+markTable); err != nil {
		return t.fail(ctx, err, "making the target final")
	}
	t.ended = true
	t.release() // the copy is final; sessions that end badly change nothing about it
	return nil
}

// Abort removes what was made.
func (t *target) Abort() error {
	t.guard.Lock()
	if t.ended {
		t.guard.Unlock()
		return nil
	}
	t.ended = true
	open := t.open
	t.open = map[*loader]bool{}
	t.guard.Unlock()
	for l := range open {
		l.discard()
	}
	t.rest()
	if t.reader != nil {
		t.reader.Close()
	}
	return t.remove()
}

// release ends every session.
func (t *target) release() error {
	t.rest()
	var err error
	if t.pages != nil {
		err = t.pages.close()
	}
	if t.control != nil {
		err = errors.Join(err, t.control.Close())
	}
	if t.db != nil {
		err = errors.Join(err, t.db.Close())
	}
	return wrap(context.Background(), err, "ending the target's sessions")
}
