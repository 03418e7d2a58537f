package postgres

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
)

const (
	// marker is the table that says that a copy is not finished, and what there is of it.
	marker      = "utdrag_partial"
	markerTable = `"public"."utdrag_partial"`
	// lockNumber is the advisory lock of a run, of the one database: the letters "utdrag".
	lockNumber = "128975240487271"
	// maintenance is the database that every server has.
	maintenance = "postgres"

	askRelations = `SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND c.relpersistence <> 't' AND ` + ownSchemas + ` AND NOT ` + ofClass
)

// made is something that a run makes in a target.
type made struct {
	kind string // schema, type, table
	catalog.Name
}

// open makes the database where it isn't there, and sees to it that it is empty and ours alone.
func (t *target) open(ctx context.Context) error {
	conn, err := connect(ctx, t.config)
	if failed, ok := errors.AsType[*diag.Error](err); ok && failed.Code == codeMissing {
		if err := t.createDatabase(ctx); err != nil {
			return err
		}
		conn, err = connect(ctx, t.config)
	}
	if err != nil {
		return err
	}
	t.conn = conn
	standby, err := cells(ctx, conn, "SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::bool")
	if err != nil {
		return wrap(ctx, err, "looking at the target")
	}
	if standby[0][0] == "t" {
		return failure(codeTarget, diag.External, "name a primary", nil, "the target's server can only be read")
	}
	if err := lock(ctx, conn, "loading into", lockNumber); err != nil {
		return err
	}
	if err := run(ctx, conn, "SET maintenance_work_mem = '256MB'; SET synchronous_commit = off"); err != nil {
		return wrap(ctx, err, "setting up the session")
	}
	return t.clear(ctx)
}

// patience is how long a session that was ended, perhaps by killing the process, may hold its lock.
const patience = 3 * time.Second

// lock takes an advisory lock, which keeps other runs from doing the same with the target until the session ends.
func lock(ctx context.Context, conn *pgconn.PgConn, doing, key string, args ...string) error {
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		locked, err := cells(ctx, conn, "SELECT pg_try_advisory_lock("+key+")", args...)
		switch {
		case err != nil:
			return wrap(ctx, err, "locking the target")
		case locked[0][0] == "t":
			return nil
		case time.Now().After(deadline):
			return failure(codeBusy, diag.External, "wait for it, or name another database", nil, "another run is %s the target", doing)
		}
	}
}

func (t *target) createDatabase(ctx context.Context) error {
	if strings.ContainsAny(t.config.Database, "\x00") || short(t.config.Database) != nil {
		return failure(codeURL, diag.Misuse, "name another database", nil, "the server can't make a database of the target's name")
	}
	config := t.config.Copy()
	config.Database = maintenance
	conn, err := connect(ctx, config)
	if err != nil {
		return err
	}
	defer hangUp(conn)
	err = run(ctx, conn, "CREATE DATABASE "+quote(t.config.Database))
	if sqlState(err) == "42P04" { // somebody made it meanwhile
		return nil
	}
	if sqlState(err) == "42501" {
		return failure(codePermission, diag.External, "grant the role CREATEDB, or have the database made", &Failure{SQLState: "42501"}, "the role may not make the target database")
	}
	t.created = err == nil
	return wrap(ctx, err, "making the target database")
}

func (t *target) dropDatabase(ctx context.Context) error {
	config := t.config.Copy()
	config.Database = maintenance
	conn, err := connect(ctx, config)
	if err != nil {
		return err
	}
	defer hangUp(conn)
	// Our own sessions may take a moment to end.
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		err := run(ctx, conn, "DROP DATABASE IF EXISTS "+quote(t.config.Database))
		if sqlState(err) != "55006" || time.Now().After(deadline) { // object_in_use
			return wrap(ctx, err, "dropping the target database")
		}
	}
}

// clear refuses a database that holds anything but an earlier run's leftover, and clears that away.
func (t *target) clear(ctx context.Context) error {
	there, err := t.relations(ctx)
	if err != nil {
		return wrap(ctx, err, "looking at the target")
	}
	if len(there) == 0 {
		return nil
	}
	var left []made
	if slices.Contains(there, catalog.Name{Schema: defaultSchema, Table: marker}) {
		rows, err := cells(ctx, t.conn, "SELECT kind, schema, name FROM "+markerTable)
		if err != nil && sqlState(err) != "42703" {
			return wrap(ctx, err, "looking at the target")
		}
		for _, row := range rows {
			left = append(left, made{row[0], catalog.Name{Schema: row[1], Table: row[2]}})
		}
		left = append(left, made{"table", catalog.Name{Schema: defaultSchema, Table: marker}})
	}
	for _, name := range there {
		if !slices.Contains(left, made{"table", name}) {
			return failure(codeExists, diag.Misuse, "name a database that is empty, or that isn't there yet", nil, "the target database holds tables or views already, such as %s", name)
		}
	}
	return wrap(ctx, t.drop(ctx, left), "clearing away what an earlier run left")
}

func (t *target) relations(ctx context.Context) ([]catalog.Name, error) {
	rows, err := cells(ctx, t.conn, askRelations+" ORDER BY 1, 2")
	names := make([]catalog.Name, len(rows))
	for i, row := range rows {
		names[i] = catalog.Name{Schema: row[0], Table: row[1]}
	}
	return names, err
}

// mark makes the marker, with everything that is about to be made. What is there already is not ours, and stays.
func (t *target) mark(ctx context.Context, d engine.Definition) error {
	schemas, err := cells(ctx, t.conn, "SELECT nspname FROM pg_namespace")
	if err != nil {
		return err
	}
	for _, schema := range t.dialect.schemas(d) {
		if !slices.ContainsFunc(schemas, func(row []string) bool { return row[0] == schema }) {
			t.made = append(t.made, made{"schema", catalog.Name{Schema: schema}})
		}
	}
	if t.dialect.Home == "" {
		for _, dataType := range d.DataTypes {
			found, err := cells(ctx, t.conn, "SELECT 1 FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname = $1 AND t.typname = $2", dataType.Schema, dataType.Name.Table)
			if err != nil {
				return err
			}
			if len(found) > 0 {
				return failure(codeExists, diag.Misuse, "name a database that is empty, or that isn't there yet", nil, "the target database has a data type %s already", dataType.Name)
			}
			t.made = append(t.made, made{"type", dataType.Name})
		}
	}
	for i := range d.Tables {
		t.made = append(t.made, made{"table", t.dialect.Place(d.Tables[i].Name)})
	}
	var b strings.Builder
	// CREATE SCHEMA IF NOT EXISTS wants the privilege to make one even where it is there.
	if !slices.ContainsFunc(schemas, func(row []string) bool { return row[0] == defaultSchema }) {
		b.WriteString("CREATE SCHEMA " + defaultSchema + ";\n")
	}
	b.WriteString("CREATE TABLE " + markerTable + " (kind text NOT NULL, schema text NOT NULL, name text NOT NULL)")
	for i, m := range t.made {
		separator := ",\n"
		if i == 0 {
			separator = ";\nINSERT INTO " + markerTable + " VALUES\n"
		}
		b.WriteString(separator + "(" + text(m.kind) + ", " + text(m.Schema) + ", " + text(m.Name.Table) + ")")
	}
	t.marked = true
	return run(ctx, t.conn, b.String()) // one transaction: the marker is there with all it says, or not at all
}

// drop removes what a run made, the marker last.
func (t *target) drop(ctx context.Context, things []made) error {
	kinds := []string{"table", "type", "schema"}
	for _, kind := range kinds {
		for i := len(things) - 1; i >= 0; i-- {
			m := things[i]
			if m.kind != kind || m.Name == (catalog.Name{Schema: defaultSchema, Table: marker}) {
				continue
			}
			statement := "DROP SCHEMA IF EXISTS " + quote(m.Schema)
			switch kind {
			case "table":
				statement = "DROP TABLE IF EXISTS " + qualified(m.Name) + " CASCADE"
			case "type":
				statement = "DROP TYPE IF EXISTS " + qualified(m.Name)
			}
			if err := run(ctx, t.conn, statement); err != nil && sqlState(err) != "3F000" { // the schema itself is not there
				return err
			}
		}
	}
	return run(ctx, t.conn, "DROP TABLE IF EXISTS "+markerTable)
}

// remove clears everything away that this run made, over a new connection where ours is lost.
func (t *target) remove() error {
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	defer stop()
	if t.created {
		t.hangUp()
		return t.dropDatabase(ctx)
	}
	defer t.hangUp()
	if !t.marked {
		return nil
	}
	if t.conn.IsClosed() || t.conn.IsBusy() || t.conn.Ping(ctx) != nil {
		hangUp(t.conn)
		conn, err := connect(ctx, t.config)
		if err != nil {
			return err
		}
		t.conn = conn
		// Our lock went with our session. Another run may have cleared ours away since, and what is there is then its own.
		if err := lock(ctx, conn, "loading into", lockNumber); err != nil {
			return err
		}
		there, err := t.relations(ctx)
		if err != nil || !slices.Contains(there, catalog.Name{Schema: defaultSchema, Table: marker}) {
			return wrap(ctx, err, "looking at the target")
		}
	}
	return wrap(ctx, t.drop(ctx, t.made), "clearing the target")
}

// hangUp ends all sessions.
func (t *target) hangUp() {
	for _, conn := range t.idle {
		hangUp(conn)
	}
	t.idle = nil
	if t.conn != nil {
		hangUp(t.conn)
	}
}
