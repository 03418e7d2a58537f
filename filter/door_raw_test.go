package filter_test

import (
	"database/sql/driver"
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/diag"
)

// What Conn.Raw gives, and everything that one gets from it, has the methods of database/sql's own interfaces and no others, and no
// field that anybody can read.
func TestDoorRaw(t *testing.T) {
	public := map[string][]reflect.Type{
		"conn": {reflect.TypeFor[driver.Conn](), reflect.TypeFor[driver.ConnPrepareContext](), reflect.TypeFor[driver.QueryerContext](), reflect.TypeFor[driver.ExecerContext](),
			reflect.TypeFor[driver.ConnBeginTx](), reflect.TypeFor[driver.Pinger](), reflect.TypeFor[driver.SessionResetter](), reflect.TypeFor[driver.Validator](), reflect.TypeFor[driver.NamedValueChecker]()},
		"statement": {reflect.TypeFor[driver.Stmt](), reflect.TypeFor[driver.StmtQueryContext](), reflect.TypeFor[driver.NamedValueChecker]()},
		"rows": {reflect.TypeFor[driver.Rows](), reflect.TypeFor[driver.RowsColumnTypeDatabaseTypeName](), reflect.TypeFor[driver.RowsColumnTypeLength](),
			reflect.TypeFor[driver.RowsColumnTypeNullable](), reflect.TypeFor[driver.RowsColumnTypePrecisionScale](), reflect.TypeFor[driver.RowsColumnTypeScanType]()},
		"transaction": {reflect.TypeFor[driver.Tx]()},
	}
	closed := func(what string, v any) {
		t.Helper()
		typ := reflect.TypeOf(v)
		for m := range typ.Methods() {
			if !slices.ContainsFunc(public[what], func(i reflect.Type) bool { _, ok := i.MethodByName(m.Name); return ok }) {
				t.Errorf("a %s has the method %s", what, m.Name)
			}
		}
		if typ.Kind() == reflect.Pointer {
			typ = typ.Elem()
		}
		for f := range typ.Fields() {
			if f.IsExported() {
				t.Errorf("a %s shows its field %s", what, f.Name)
			}
		}
	}
	for mode, db := range doorsTo(t, nil) {
		conn, err := db.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		err = conn.Raw(func(raw any) error {
			closed("conn", raw)
			c := raw.(driver.Conn)
			if _, err := raw.(interface{ Begin() (driver.Tx, error) }).Begin(); diag.CodeOf(err) != filter.CodeDoorWrites {
				t.Errorf("%s: Begin: %v", mode, err)
			}
			if _, err := c.Prepare("DELETE FROM visit"); diag.CodeOf(err) != "UR005" {
				t.Errorf("%s: Prepare: %v", mode, err)
			}
			if _, err := raw.(driver.QueryerContext).QueryContext(t.Context(), "SELECT * FROM payroll", nil); diag.CodeOf(err) != "UR011" {
				t.Errorf("%s: QueryContext: %v", mode, err)
			}
			if _, err := raw.(driver.QueryerContext).QueryContext(t.Context(), "SELECT ?", []driver.NamedValue{{Ordinal: 2, Value: "x"}}); diag.CodeOf(err) != "UF031" {
				t.Errorf("%s: an argument out of place: %v", mode, err)
			}
			stmt, err := c.Prepare("SELECT id FROM visit")
			if err != nil {
				return err
			}
			closed("statement", stmt)
			old := stmt.(interface {
				Query([]driver.Value) (driver.Rows, error)
				Exec([]driver.Value) (driver.Result, error)
			})
			if _, err := old.Query(nil); diag.CodeOf(err) != filter.CodeDoorWrites {
				t.Errorf("%s: Query of old: %v", mode, err)
			}
			if _, err := old.Exec(nil); diag.CodeOf(err) != filter.CodeDoorWrites {
				t.Errorf("%s: Exec of old: %v", mode, err)
			}
			rows, err := stmt.(driver.StmtQueryContext).QueryContext(t.Context(), nil)
			if err != nil {
				return err
			}
			closed("rows", rows)
			if err := rows.Close(); err != nil {
				return err
			}
			tx, err := raw.(driver.ConnBeginTx).BeginTx(t.Context(), driver.TxOptions{ReadOnly: true})
			if err != nil {
				return err
			}
			closed("transaction", tx)
			return errors.Join(tx.Rollback(), stmt.Close())
		})
		if err := errors.Join(err, conn.Close()); err != nil {
			t.Error(err)
		}
	}
}
