package filter_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
)

// replaced is an argument that pgx takes for what writes the query anew.
type replaced struct{ query string }

func (r replaced) RewriteQuery(context.Context, *pgx.Conn, string, []any) (string, []any, error) {
	return r.query, nil, nil
}

// careless is a connector whose connections find functions of schema public first, anew each time the pool hands one out.
type careless struct {
	pgxConnector
	between func(statement string)
}

const carelessPath = "SET search_path = public, pg_catalog"

func (c *careless) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.pgxConnector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	careless := carelessConn{conn.(*pgxConn), &c.between}
	return careless, careless.ResetSession(ctx)
}

type carelessConn struct {
	*pgxConn
	between *func(statement string)
}

// ExecContext lets a test do something between two statements of the door's.
func (c carelessConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if *c.between != nil {
		(*c.between)(query)
	}
	return c.pgxConn.ExecContext(ctx, query, args)
}

func (c carelessConn) ResetSession(ctx context.Context) error {
	_, err := c.Conn.Exec(ctx, carelessPath)
	return err
}

func pgWard(t *testing.T) (*careless, map[string]*sql.DB) {
	t.Helper()
	server := pgtest.Server(t)
	url := server.Database(t)
	server.Exec(t, url, bypassFile(t, "schema.sql")+bypassFile(t, "postgres.sql"))
	connector := &careless{pgxConnector: pgConnector(t, url).(pgxConnector)}
	c := catalogAt(t, url)
	return connector, map[string]*sql.DB{"usual": doorTo(t, connector, c, "SE1", false), "strict": doorTo(t, connector, c, "SE1", true)}
}

// Functions and operators are the server's own, though others of the same name would fit better and come first in the path of
// the connection that the door is given.
func TestDoorCallsTheServersFunctions(t *testing.T) {
	connector, doors := pgWard(t)
	raw := sql.OpenDB(connector)
	defer raw.Close()
	if got, err := column(t, raw, "SELECT lower(reason) FROM public.visit WHERE id = 1000"); err != nil || !strings.Contains(got, "CANARY iban") {
		t.Fatalf("nothing better than lower is called: %q, %v", got, err)
	}
	if got, err := column(t, raw, "SELECT count(*) FROM public.visit WHERE reason = CAST('x' AS varchar)"); err != nil || got != "5" {
		t.Fatalf("nothing better than = is called: %q, %v", got, err)
	}
	for mode, db := range doors {
		db.SetMaxOpenConns(1)
		for range 3 { // the pool resets the connection in between
			expect(t, mode, "flu")(column(t, db, "SELECT lower(reason) FROM visit WHERE id = 1000"))
			expect(t, mode, "0")(column(t, db, "SELECT count(*) FROM visit WHERE reason = CAST('x' AS varchar)"))
			expect(t, mode, "1")(column(t, db, "SELECT count(*) FROM visit WHERE reason = $1", "flu"))
		}
	}
}

func TestDoorTakesNoOptionsForArguments(t *testing.T) {
	connector, doors := pgWard(t)
	raw := sql.OpenDB(connector)
	defer raw.Close()
	const other = "SELECT iban FROM public.payroll"
	if got, err := column(t, raw, "SELECT $1::text", replaced{other}); err != nil || got != "CANARY iban" {
		t.Fatalf("pgx doesn't run the other query: %q, %v", got, err)
	}
	for mode, db := range doors {
		for _, arg := range []any{replaced{other}, &replaced{other}, pgx.NamedArgs{"x": 1}, pgx.StrictNamedArgs{"x": 1}, pgx.QueryResultFormats{1}, pgx.QueryResultFormatsByOID{25: 1}} {
			if got, err := column(t, db, "SELECT $1::text", arg); diag.CodeOf(err) != filter.CodeDoorArgument {
				t.Errorf("%s: %T: %q, %v", mode, arg, got, err)
			}
			if got, err := column(t, db, "SELECT 1", arg); diag.CodeOf(err) != filter.CodeDoorArgument {
				t.Errorf("%s: %T and no parameters: %q, %v", mode, arg, got, err)
			}
		}
		// A mode is a number, and no more.
		expect(t, mode, "5")(column(t, db, "SELECT $1::int", pgx.QueryExecModeSimpleProtocol))
		expect(t, mode, "1000 1001")(column(t, db, "SELECT id FROM visit WHERE reason = ANY ($1) ORDER BY id", []string{"flu", "x-ray", "CANARY reason"}))
	}
}

func TestDoorKeepsBackWhatPostgresSays(t *testing.T) {
	connector, doors := pgWard(t)
	raw := sql.OpenDB(connector)
	defer raw.Close()
	const query = "SELECT id FROM visit WHERE CAST(coalesce(CAST(amount AS text), '0') AS smallint) >= 0 ORDER BY id"
	if _, err := column(t, raw, query); err == nil || !strings.Contains(err.Error(), `"666100"`) {
		t.Fatalf("the server itself says %v", err)
	}
	for mode, db := range doors {
		got, err := column(t, db, query)
		if err == nil && got != "1000 1001 1002" || err != nil && (mode == "strict" || diag.CodeOf(err) != filter.CodeDoorDriver) {
			t.Errorf("%s: %q, %v", mode, got, err)
		}
		if err != nil {
			quiet(t, err.Error())
		}
		_, err = column(t, db, "SELECT CAST(reason AS integer) FROM visit WHERE id = 1000")
		if diag.CodeOf(err) != filter.CodeDoorDriver || strings.Contains(err.Error(), "flu") || !strings.Contains(err.Error(), "SQLSTATE 22P02") {
			t.Errorf("%s: %v", mode, err)
		}
	}
}

func TestDoorTransactionsOnPostgres(t *testing.T) {
	_, doors := pgWard(t)
	for mode, db := range doors {
		db.SetMaxOpenConns(1)
		tx, err := db.BeginTx(t.Context(), &sql.TxOptions{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			expect(t, mode, "1000 1001 1002")(column(t, tx, "SELECT id FROM visit ORDER BY id"))
		}
		// An error ends a transaction here, with whatever was made in it.
		if _, err := column(t, tx, "SELECT CAST(reason AS integer) FROM visit"); diag.CodeOf(err) != filter.CodeDoorDriver {
			t.Errorf("%s: %v", mode, err)
		}
		if got, err := column(t, tx, "SELECT id FROM visit"); err == nil {
			t.Errorf("%s: %s", mode, got)
		}
		if err := tx.Rollback(); err != nil {
			t.Error(err)
		}
		expect(t, mode+": afterwards", "3")(column(t, db, "SELECT count(*) FROM visit"))
		ctx, cancel := context.WithCancel(t.Context())
		rows, err := db.QueryContext(ctx, "SELECT g FROM visit, generate_series(1, 100000) AS g")
		if err != nil {
			t.Fatal(err)
		}
		rows.Next()
		cancel()
		for rows.Next() {
		}
		if err := rows.Err(); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", mode, err)
		}
		_ = rows.Close()
		expect(t, mode+": after a canceled one", "3")(column(t, db, "SELECT count(*) FROM visit"))
	}
}

// A strict query sees one state of the database, though it takes many statements: here, a patient's visits go to another provider
// after the patients have been found and before the visits are.
func TestDoorSeesOneState(t *testing.T) {
	for _, inTx := range []bool{false, true} {
		connector, doors := pgWard(t)
		raw := sql.OpenDB(connector.pgxConnector)
		moved := false
		connector.between = func(statement string) {
			if !moved && strings.HasPrefix(statement, `INSERT INTO pg_temp."rows_1"`) {
				moved = true
				if _, err := raw.Exec("UPDATE public.visit SET unit_id = 66620, reason = 'CANARY moved'; UPDATE public.patient SET sex = 'CANARY'"); err != nil {
					t.Error(err)
				}
			}
		}
		var q querier = doors["strict"]
		var tx *sql.Tx
		if inTx {
			var err error
			if tx, err = doors["strict"].BeginTx(t.Context(), &sql.TxOptions{ReadOnly: true}); err != nil {
				t.Fatal(err)
			}
			q = tx
		}
		const query = "SELECT p.sex || v.id || v.reason FROM patient p JOIN visit v ON v.patient_id = p.id WHERE v.reason IS NOT NULL ORDER BY 1"
		expect(t, "one state", "F1000flu M1001x-ray")(column(t, q, query))
		if !moved {
			t.Error("nothing was moved in between")
		}
		if inTx {
			expect(t, "the same state", "F1000flu M1001x-ray")(column(t, q, query))
			if err := tx.Commit(); err != nil {
				t.Error(err)
			}
		}
		expect(t, "the next one", "")(column(t, doors["strict"], query))
		if err := raw.Close(); err != nil {
			t.Error(err)
		}
	}
}
