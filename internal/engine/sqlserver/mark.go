package sqlserver

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
)

// markTable marks a database in which a copy is being made. Its rows name what the run makes, before it does.
const (
	markName  = "utdrag_partial"
	markTable = "[dbo].[" + markName + "]"
)

// The kinds of the mark's rows.
const (
	markDatabase = "database" // the run made the database itself
	markSchema   = "schema"
	markType     = "type"
	markTableRow = "table"
)

// abortTime is how long Abort may take: it drops tables, which is quick however large they are.
const abortTime = 2 * time.Minute

type leftovers struct {
	marked bool // an earlier run was killed
	made   bool // … which had made the database
}

// leftovers looks at what the database holds, and refuses it if anything is there that no run of ours made.
func (t *target) leftovers(ctx context.Context) (leftovers, error) {
	var left leftovers
	if err := one(ctx, t.control, "SELECT CONVERT(bit, CASE WHEN OBJECT_ID("+text(markTable, false)+") IS NULL THEN 0 ELSE 1 END)", &left.marked); err != nil {
		return left, wrap(ctx, err, "looking at the target database")
	}
	others := "SELECT COUNT(*) FROM sys.tables o WHERE o.is_ms_shipped = 0"
	if left.marked {
		others += " AND o.object_id <> OBJECT_ID(" + text(markTable, false) + ") AND o.object_id NOT IN (SELECT " + markedObject + " FROM " + markTable +
			" m WHERE m.kind = '" + markTableRow + "' AND " + markedObject + " IS NOT NULL)"
		var made int
		if err := one(ctx, t.control, "SELECT COUNT(*) FROM "+markTable+" WHERE kind = '"+markDatabase+"'", &made); err != nil {
			return left, wrap(ctx, err, "looking at the target database")
		}
		left.made = made > 0
	}
	var count int
	if err := one(ctx, t.control, others, &count); err != nil {
		return left, wrap(ctx, err, "looking at the target database")
	}
	if count > 0 {
		return left, failure(codeExists, diag.Misuse, "name a database that isn't there yet, or an empty one", nil, "the target database holds %d tables already", count)
	}
	return left, nil
}

// markedObject is the object that a row m of the mark names, or NULL.
const markedObject = "OBJECT_ID(QUOTENAME(m.schema_name) + N'.' + QUOTENAME(m.name))"

// mark makes the mark.
func (t *target) mark(ctx context.Context) error {
	statements := []string{"CREATE TABLE " + markTable + " (kind varchar(10) NOT NULL, schema_name nvarchar(128) NOT NULL, name nvarchar(128) NOT NULL)"}
	if t.made {
		statements = append(statements, "INSERT INTO "+markTable+" VALUES ('"+markDatabase+"', N'', N'')")
	}
	for _, statement := range statements {
		if err := batch(ctx, t.control, statement); err != nil {
			return wrap(ctx, err, "marking the target database")
		}
	}
	return nil
}

// announce writes down what Create is about to make.
func (t *target) announce(ctx context.Context, d engine.Definition) error {
	insert := func(kind, schema, name string) error {
		_, err := t.control.ExecContext(ctx, "INSERT INTO "+markTable+" VALUES (@p1, @p2, @p3)", kind, schema, name)
		return err
	}
	var schemas []string
	for _, own := range d.DataTypes {
		schemas = append(schemas, t.dialect.Place(own.Name).Schema)
	}
	for i := range t.tables {
		schemas = append(schemas, t.tables[i].Schema)
	}
	slices.Sort(schemas)
	for _, schema := range slices.Compact(schemas) {
		var there bool
		if err := one(ctx, t.control, "SELECT CONVERT(bit, CASE WHEN SCHEMA_ID("+text(schema, false)+") IS NULL THEN 0 ELSE 1 END)", &there); err != nil {
			return err
		}
		if there {
			continue
		}
		if err := insert(markSchema, schema, ""); err != nil {
			return err
		}
	}
	for _, own := range d.DataTypes {
		// One that is there is not ours to drop, and making it will fail.
		var there bool
		name := t.dialect.Place(own.Name)
		if err := one(ctx, t.control, "SELECT CONVERT(bit, CASE WHEN TYPE_ID("+text(t.dialect.Table(own.Name), false)+") IS NULL THEN 0 ELSE 1 END)", &there); err != nil {
			return err
		}
		if there {
			return failure(codeExists, diag.Misuse, "name an empty database", nil, "the target database has a data type %s already", name)
		}
		if err := insert(markType, name.Schema, name.Table); err != nil {
			return err
		}
	}
	for i := range t.tables {
		if err := insert(markTableRow, t.tables[i].Schema, t.tables[i].Table); err != nil {
			return err
		}
	}
	return nil
}

// marked are the names of one kind that the mark lists and the database has.
func marked(ctx context.Context, conn *sql.Conn, kind, condition string) (names []catalog.Name, err error) {
	rows, err := conn.QueryContext(ctx, "SELECT m.schema_name, m.name FROM "+markTable+" m WHERE m.kind = '"+kind+"' AND "+condition+" ORDER BY 1, 2")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var n catalog.Name
		if err := rows.Scan(&n.Schema, &n.Table); err != nil {
			return nil, err
		}
		names = append(names, n)
	}
	return names, rows.Err()
}

// drop removes what the mark lists, and the mark last.
func (t *target) drop(ctx context.Context) error {
	return wrap(ctx, dropMarked(ctx, t.control), "removing what an unfinished run left in the target database")
}

func dropMarked(ctx context.Context, conn *sql.Conn) error {
	tables, err := marked(ctx, conn, markTableRow, markedObject+" IS NOT NULL")
	if err != nil {
		return err
	}
	var statements []string
	for _, name := range tables {
		table := Dialect{}.Table(name)
		// 2 is a temporal table with a history (OBJECTPROPERTY); it can't be dropped before the two are parted.
		statements = append(statements, "IF OBJECTPROPERTY(OBJECT_ID("+text(table, false)+"), 'TableTemporalType') = 2 EXEC ("+
			text("ALTER TABLE "+table+" SET (SYSTEM_VERSIONING = OFF)", false)+")")
	}
	keys, err := foreignKeys(ctx, conn, tables)
	if err != nil {
		return err
	}
	statements = append(statements, keys...)
	for _, name := range tables {
		statements = append(statements, "DROP TABLE "+Dialect{}.Table(name))
	}
	types, err := marked(ctx, conn, markType, "TYPE_ID(QUOTENAME(m.schema_name) + N'.' + QUOTENAME(m.name)) IS NOT NULL")
	if err != nil {
		return err
	}
	for _, name := range slices.Backward(types) {
		statements = append(statements, "DROP TYPE "+Dialect{}.Table(name))
	}
	schemas, err := marked(ctx, conn, markSchema, "SCHEMA_ID(m.schema_name) IS NOT NULL")
	if err != nil {
		return err
	}
	for _, name := range schemas {
		statements = append(statements, "DROP SCHEMA "+quote(name.Schema))
	}
	statements = append(statements, "DROP TABLE "+markTable)
	for _, statement := range statements {
		if err := batch(ctx, conn, statement); err != nil {
			return err
		}
	}
	return nil
}

// foreignKeys are the statements that drop the foreign keys of tables.
func foreignKeys(ctx context.Context, conn *sql.Conn, tables []catalog.Name) (statements []string, err error) {
	for _, table := range tables {
		own := Dialect{}.Table(table)
		rows, err := conn.QueryContext(ctx, "SELECT name FROM sys.foreign_keys WHERE parent_object_id = OBJECT_ID("+text(own, false)+") ORDER BY name")
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				rows.Close()
				return nil, err
			}
			statements = append(statements, "ALTER TABLE "+own+" DROP CONSTRAINT "+quote(name))
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, err
		}
	}
	return statements, nil
}

// trusted asserts that the server trusts every foreign key and check (is_not_trusted, is_disabled), and has it check once more
// those that it doesn't: a bulk copy that skips a check leaves it untrusted.
func (t *target) trusted(ctx context.Context) error {
	again, err := t.untrusted(ctx)
	if err != nil {
		return err
	}
	for _, own := range again {
		if err := batch(ctx, t.control, "ALTER TABLE "+own.table+" WITH CHECK CHECK CONSTRAINT "+own.constraint); err != nil {
			return wrap(ctx, err, "checking constraint %s of table %s", own.constraint, own.table)
		}
	}
	if again, err = t.untrusted(ctx); err != nil || len(again) == 0 {
		return err
	}
	lines := make([]string, len(again))
	for i, own := range again {
		lines[i] = own.constraint + " of " + own.table
	}
	return failure(codeConstraint, diag.Refused, "", nil, "the server doesn't trust constraint %s", strings.Join(lines, ", "))
}

type constraintName struct{ table, constraint string }

func (t *target) untrusted(ctx context.Context) (found []constraintName, err error) {
	for _, view := range []string{"sys.foreign_keys", "sys.check_constraints"} {
		rows, err := t.control.QueryContext(ctx, "SELECT SCHEMA_NAME(o.schema_id), OBJECT_NAME(o.parent_object_id), o.name FROM "+view+
			" o WHERE o.is_not_trusted = 1 OR o.is_disabled = 1 ORDER BY 1, 2, 3")
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var schema, table, name string
			if err := rows.Scan(&schema, &table, &name); err != nil {
				rows.Close()
				return nil, err
			}
			found = append(found, constraintName{quote(schema) + "." + quote(table), quote(name)})
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// remove is Abort on the server. If the session that holds the lock is gone, what lies there is removed only if the lock can
// be had again: another run may have taken over.
func (t *target) remove() error {
	ctx, cancel := context.WithTimeout(context.Background(), abortTime)
	defer cancel()
	var open int
	if t.control == nil || one(ctx, t.control, "SELECT 1", &open) != nil {
		if err := t.reconnect(ctx); err != nil {
			return errors.Join(err, t.release())
		}
	}
	if t.made {
		err := t.release()
		return errors.Join(err, t.removeDatabase(ctx))
	}
	err := wrap(ctx, dropMarked(ctx, t.control), "removing the unfinished copy")
	return errors.Join(err, t.release())
}

func (t *target) reconnect(ctx context.Context) (err error) {
	if t.control != nil {
		t.control.Close()
	}
	if t.control, err = session(ctx, t.db); err != nil {
		return err
	}
	return t.lock(ctx)
}

// removeDatabase drops the database. The server may take a moment to notice that our sessions have ended.
func (t *target) removeDatabase(ctx context.Context) error {
	for {
		err := dropDatabase(t.address, t.address.database)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return failure(codeTarget, diag.External, "drop the database", err, "the unfinished target database can't be dropped")
		case <-time.After(200 * time.Millisecond):
		}
		if said, ok := errors.AsType[*serverError](err); ok && !slices.Contains([]int32{3702, 5061, 5070}, said.number) && !inUse(said) {
			return fmt.Errorf("%w", err)
		}
	}
}

// inUse reports whether the error is the one with which a server that has no number of its own for it says that a database is
// in use.
func inUse(e *serverError) bool { return e.number > 1<<24 }
