package sqlserver

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

// Query streams the rows of one SELECT.
func (s *snapshot) Query(ctx context.Context, query string, args ...value.Value) (engine.Rows, error) {
	bound, err := bind(args)
	if err != nil {
		return nil, err
	}
	if strings.Contains(query, "@"+argumentOfFilter) { // package filter's names: see the T-SQL reader's Parameter
		for i := range bound {
			bound[i] = sql.Named(argumentOfFilter+strconv.Itoa(i+1), bound[i])
		}
	}
	return s.query(ctx, query, bound, nil)
}

// argumentOfFilter begins the names of arguments in confined queries.
const argumentOfFilter = "utdrag_p"

// Read streams the rows of a copy.
func (s *snapshot) Read(ctx context.Context, c engine.Copy) (engine.Rows, error) {
	query, plan := compose(c)
	return s.query(ctx, query, nil, plan)
}

// layout says how the output of a composed query becomes rows.
type layout struct {
	visible  int
	variants map[int]int // by output column: the column with its variant's type
}

// compose writes the SELECT. The columns that the driver reads wrongly, or not at all, are converted by the server.
func compose(c engine.Copy) (string, *layout) {
	l := &layout{visible: len(c.Columns), variants: map[int]int{}}
	var output, types []string
	for i, column := range c.Columns {
		expression := column.SQL
		if c.Table != nil {
			if own := c.Table.Column(column.Name); own != nil {
				if base, _ := baseOf(own.EngineType); base == "sql_variant" && column.Plain {
					l.variants[i] = len(c.Columns) + len(types)
					types = append(types, variantType(column.SQL))
				}
				expression = readable(expression, own, column.Plain)
			}
		}
		output = append(output, expression+" AS "+quote(column.Name))
	}
	output = append(output, types...)
	if len(output) == 0 {
		output = []string{"NULL"} // a SELECT needs one; a table whose columns are all left out has none
	}
	query := "SELECT " + strings.Join(output, ", ") + " " + c.From
	if len(c.Order) > 0 {
		query += " ORDER BY " + strings.Join(c.Order, ", ")
	}
	return query, l
}

// readable is an expression over a column in a type that the driver reads exactly. Text in a code page is sent as Unicode: the
// driver knows code pages by the language of a collation, not all of them, and not UTF-8. What a mask makes of such a text is
// such a text.
func readable(expression string, c *catalog.Column, plain bool) string {
	base, numbers := baseOf(c.EngineType)
	switch {
	case base == "char": // without the spaces that fill it up
		return fmt.Sprintf("RTRIM(CAST(%s AS nvarchar(max)))", expression)
	case !plain && (base == "decimal" || base == "numeric"): // an expression may have another scale
		return "CAST(" + expression + " AS " + c.EngineType + ")"
	case narrow[base]:
		if len(numbers) == 1 && 0 < numbers[0] && numbers[0] <= 4000 {
			return fmt.Sprintf("CAST(%s AS nvarchar(%d))", expression, numbers[0])
		}
		return "CAST(" + expression + " AS nvarchar(max))"
	case !plain:
		return expression
	case base == "xml":
		return "CAST(" + expression + " AS nvarchar(max))"
	case base == "hierarchyid", base == "geography", base == "geometry":
		return "CAST(" + expression + " AS varbinary(max))"
	}
	return expression
}

// rows is an open query.
type rows struct {
	ctx      context.Context
	snapshot *snapshot
	result   *sql.Rows
	layout   *layout
	names    []string // the types of the output, as the driver names them
	convert  []converter
	cells    []any
	into     []any
	err      error
	closed   bool
}

func (s *snapshot) query(ctx context.Context, query string, args []any, l *layout) (engine.Rows, error) {
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	result, err := s.conn.QueryContext(ctx, s.text(query), args...)
	if err != nil {
		return nil, s.noted(ctx, err, "running a query")
	}
	r := &rows{ctx: ctx, snapshot: s, result: result, layout: l}
	if err := r.prepare(); err != nil {
		result.Close()
		return nil, s.noted(ctx, err, "running a query")
	}
	s.rows = r
	return r, nil
}

// prepare settles how each column becomes a cell.
func (r *rows) prepare() (err error) {
	// The driver panics for types of an assembly.
	defer func() {
		if recover() != nil {
			err = failure(codeType, diag.Refused, "omit the column", nil, "a query gives a column of a type that the driver doesn't know")
		}
	}()
	types, err := r.result.ColumnTypes()
	if err != nil {
		return err
	}
	if r.layout == nil {
		r.layout = &layout{visible: len(types)}
	}
	r.convert, r.cells, r.into = make([]converter, len(types)), make([]any, len(types)), make([]any, len(types))
	for i, t := range types {
		name := t.DatabaseTypeName()
		r.into[i], r.names = &r.cells[i], append(r.names, name)
		if _, isVariant := r.layout.variants[i]; isVariant {
			continue
		}
		if r.convert[i] = converters[name]; r.convert[i] == nil {
			return failure(codeType, diag.Refused, "omit the column", nil, "column %s of a query is of type %s, which is not known", quote(t.Name()), name)
		}
	}
	return nil
}

// Columns are the names of the columns.
func (r *rows) Columns() []string {
	names, err := r.result.Columns()
	if err != nil {
		return nil
	}
	if r.layout != nil {
		names = names[:r.layout.visible]
	}
	return names
}

// Next reads the next row.
func (r *rows) Next(row []value.Value) bool {
	if r.closed || r.err != nil {
		return false
	}
	if len(row) != r.layout.visible {
		return r.fail(failure(codeStatement, diag.Misuse, "", nil, "a query of %d columns is read into a row of %d", r.layout.visible, len(row)))
	}
	// An ended context ends the rows too, but perhaps only after those that have come already.
	if err := r.ctx.Err(); err != nil {
		return r.fail(err)
	}
	if !r.result.Next() {
		if err := r.result.Err(); err != nil {
			return r.fail(err)
		}
		r.closed, r.snapshot.rows = true, nil
		r.err = r.snapshot.noted(r.ctx, r.result.Close(), "ending a query")
		return false
	}
	if err := r.result.Scan(r.into...); err != nil {
		return r.fail(err)
	}
	for i := range row {
		cell, err := r.cell(i)
		if err != nil {
			return r.fail(err)
		}
		row[i] = cell
	}
	return true
}

func (r *rows) cell(i int) (value.Value, error) {
	v := r.cells[i]
	if v == nil {
		return value.Value{}, nil
	}
	if at, isVariant := r.layout.variants[i]; isVariant {
		words, ok := r.cells[at].(string)
		if !ok {
			return value.Value{}, unexpected(r.cells[at])
		}
		return variantCell(words, v)
	}
	cell, err := r.convert[i](v)
	if err == nil && r.snapshot.unicode && narrowTypes[r.names[i]] && !ascii(cell.Text()) {
		err = failure(codeType, diag.Refused, "", nil, "a text comes in a code page that may be another than the driver believes")
	}
	return cell, err
}

// fail ends the rows. What the session holds is settled before anything else is done with it.
func (r *rows) fail(err error) bool {
	r.err = r.snapshot.noted(r.ctx, err, "reading rows")
	return false
}

// Err is what ended the rows before their end.
func (r *rows) Err() error { return r.err }

// Close ends the query.
func (r *rows) Close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	r.snapshot.rows = nil
	// The last few rows are read to their end: to leave a query tells the server to stop what it does, which is no small thing.
	for i := 0; r.err == nil && i < fewRows && r.result.Next(); i++ {
	}
	if err := r.result.Err(); err != nil && r.err == nil {
		r.fail(err)
		r.result.Close()
		return r.err
	}
	err := r.result.Close()
	if r.err != nil {
		return nil // Err has said it
	}
	// Whether the transaction outlived it is looked at before the snapshot is used again.
	if r.snapshot.suspect == nil {
		r.snapshot.suspect = errLeft
	}
	return r.snapshot.noted(r.ctx, err, "ending a query")
}

// fewRows are rows that are read for nothing rather than left.
const fewRows = 1000

var errLeft = errors.New("a query was left before its end")
