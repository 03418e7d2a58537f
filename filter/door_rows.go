package filter

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/utdrag/utdrag/filter/diag"
)

// doorRows are the rows of a confined query. Its errors are redacted, and closing it removes what was set up for it. The inner
// rows are no exported field, and further results of a driver's are not passed on.
type doorRows struct {
	inner driver.Rows
	ctx   context.Context
	after func() error
}

// Columns are the names of the columns.
func (r *doorRows) Columns() []string { return r.inner.Columns() }

// Next reads a row.
func (r *doorRows) Next(dest []driver.Value) error {
	err := r.inner.Next(dest)
	if err == io.EOF { // and nothing that wraps it, as a broken connection's error may
		return err
	}
	return redacted(r.ctx, err)
}

// Close ends the query.
func (r *doorRows) Close() error {
	err := redacted(r.ctx, r.inner.Close())
	if r.after != nil {
		err = errors.Join(err, r.after())
	}
	return err
}

// ColumnTypeDatabaseTypeName is the driver's, where it says.
func (r *doorRows) ColumnTypeDatabaseTypeName(index int) string {
	if t, ok := r.inner.(driver.RowsColumnTypeDatabaseTypeName); ok {
		return t.ColumnTypeDatabaseTypeName(index)
	}
	return ""
}

// ColumnTypeLength is the driver's, where it says.
func (r *doorRows) ColumnTypeLength(index int) (int64, bool) {
	if t, ok := r.inner.(driver.RowsColumnTypeLength); ok {
		return t.ColumnTypeLength(index)
	}
	return 0, false
}

// ColumnTypeNullable is the driver's, where it says.
func (r *doorRows) ColumnTypeNullable(index int) (nullable, ok bool) {
	if t, ok := r.inner.(driver.RowsColumnTypeNullable); ok {
		return t.ColumnTypeNullable(index)
	}
	return false, false
}

// ColumnTypePrecisionScale is the driver's, where it says.
func (r *doorRows) ColumnTypePrecisionScale(index int) (precision, scale int64, ok bool) {
	if t, ok := r.inner.(driver.RowsColumnTypePrecisionScale); ok {
		return t.ColumnTypePrecisionScale(index)
	}
	return 0, 0, false
}

// ColumnTypeScanType is the driver's, where it says.
func (r *doorRows) ColumnTypeScanType(index int) reflect.Type {
	if t, ok := r.inner.(driver.RowsColumnTypeScanType); ok {
		return t.ColumnTypeScanType(index)
	}
	return reflect.TypeFor[any]()
}

// redacted keeps back what a driver says, which may quote cells of any row that the query passed on its way. What the pool
// needs to know comes through, and so does the number of the error.
func redacted(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, driver.ErrBadConn): // not what wraps it, which has the driver's words
		return driver.ErrBadConn
	case ctx.Err() != nil:
		return ctx.Err()
	}
	if ours, ok := err.(*diag.Error); ok {
		return ours
	}
	message := "the database refused the query"
	if number := errorNumber(err); number != "" {
		message += " (" + number + ")"
	}
	return &diag.Error{Code: CodeDoorDriver, Class: diag.External, Message: message,
		Advice: "what the database said is kept back, because it may quote rows that the query may not see: check names, types and divisors"}
}

// errorNumber is the number by which the engine's documentation knows an error, or "".
func errorNumber(err error) string {
	if e, ok := errors.AsType[interface {
		error
		SQLState() string
	}](err); ok {
		return "SQLSTATE " + e.SQLState()
	}
	if e, ok := errors.AsType[interface {
		error
		SQLErrorNumber() int32
	}](err); ok {
		return fmt.Sprintf("error %d", e.SQLErrorNumber())
	}
	if e, ok := errors.AsType[interface {
		error
		Code() int
	}](err); ok {
		return fmt.Sprintf("result code %d", e.Code())
	}
	return ""
}
