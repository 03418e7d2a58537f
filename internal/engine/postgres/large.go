package postgres

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

// Large is the size in bytes above which [Snapshot.Read] gives a cell as a handle. Such a cell is read over another session on
// the same snapshot, Piece bytes at a time, by its row's place. Only columns of text, varchar, json and bytea come so, and only
// from tables that are not divided; other cells come whole, whatever their size.
const (
	Large = 1 << 20
	Piece = 4 << 20
)

// largeCells says where a composed query keeps what is needed to read large cells.
type largeCells struct {
	table   string
	columns []largeColumn
	visible int
}

// largeColumn is an output column whose cells may be large.
type largeColumn struct {
	place int
	form  value.Form
	bytes string // the expression of the cell's bytes over the alias t
}

// compose writes the SELECT. A cell that may be large is NULL if it is; one more column then has the row's place and the
// sizes of its cells. octet_length reads no content (textoctetlen in src/backend/utils/adt/varlena.c).
func compose(d Dialect, c engine.Copy) (string, *largeCells) {
	large := &largeCells{visible: len(c.Columns)}
	var output, tests, sizes []string
	for i, column := range c.Columns {
		sql := column.SQL
		if form, text, bytes := mayBeLarge(c.Table, column); form != value.Null {
			size := "octet_length(" + text + ")"
			test := fmt.Sprintf("%s > %d", size, Large)
			large.columns = append(large.columns, largeColumn{i, form, bytes})
			tests, sizes = append(tests, test), append(sizes, "coalesce("+size+", 0)")
			sql = "CASE WHEN " + test + " THEN NULL ELSE " + sql + " END"
		}
		output = append(output, sql+" AS "+quote(column.Name))
	}
	if len(large.columns) == 0 {
		return selectText(output, c), nil
	}
	large.table = d.Table(c.Table.Name)
	output = append(output, "CASE WHEN "+strings.Join(tests, " OR ")+" THEN concat_ws(' ', t."+rowID+", "+strings.Join(sizes, ", ")+") END")
	return selectText(output, c), large
}

// mayBeLarge tells the form of cells of a column that may be large, or Null; and its expressions as text and as bytes.
func mayBeLarge(t *catalog.Table, column engine.CopyColumn) (form value.Form, text, bytes string) {
	if t == nil || t.Partitioning != "" || !column.Plain {
		return value.Null, "", ""
	}
	c := t.Column(column.Name)
	if c == nil {
		return value.Null, "", ""
	}
	switch k := c.Type.Kind; {
	case k == value.Binary:
		return value.Bytes, column.SQL, column.SQL
	case k == value.String && !c.Type.Collation.IgnoresTrailingSpace && (c.Type.Length == 0 || 4*c.Type.Length > Large),
		k == value.JSON && c.EngineType == "json":
		text = "CAST(" + column.SQL + " AS text)"
		return value.Text, text, "convert_to(" + text + ", 'UTF8')"
	}
	return value.Null, "", ""
}

// handles puts handles in the places of the cells that are too large.
func (r *rows) handles(row []value.Value) {
	said := r.all[r.visible]
	if said.IsNull() {
		return
	}
	place, sizes, _ := strings.Cut(said.Text(), " ")
	for i, size := range strings.Fields(sizes) {
		n, err := strconv.ParseInt(size, 10, 64)
		if err != nil || n <= Large || i >= len(r.large.columns) {
			continue
		}
		c := r.large.columns[i]
		row[c.place] = value.NewLarge(c.form, &value.Large{Size: n, Open: r.opener(c, place, n)})
	}
}

// opener opens a cell for as long as its row is the current one.
func (r *rows) opener(c largeColumn, place string, size int64) func() (io.ReadCloser, error) {
	at := r.count
	return func() (io.ReadCloser, error) {
		if at != r.count || r.snapshot.closed {
			return nil, ended("a large cell")
		}
		query := fmt.Sprintf("SELECT substring(%s FROM $1::integer FOR %d) FROM %s t WHERE t.%s = $2::tid", c.bytes, Piece, r.large.table, rowID)
		return &cellReader{rows: r, at: at, query: query, place: place, size: size}, nil
	}
}

// cellReader reads one large cell.
type cellReader struct {
	rows  *rows
	at    int
	query string
	place string
	size  int64
	read  int64
	piece []byte
}

// Read reads on, and asks the server for the next piece when one is used up.
func (c *cellReader) Read(p []byte) (int, error) {
	if c.at != c.rows.count || c.rows.snapshot.closed {
		return 0, ended("a large cell")
	}
	if len(c.piece) == 0 {
		if c.read == c.size {
			return 0, io.EOF
		}
		piece, err := c.rows.snapshot.aside.piece(c.rows.ctx, c.query, c.read, c.place)
		if err == nil && len(piece) == 0 {
			err = errLength
		}
		if err != nil {
			return 0, wrap(c.rows.ctx, err, "reading a large cell")
		}
		c.piece = piece
		c.read += int64(len(piece))
	}
	n := copy(p, c.piece)
	c.piece = c.piece[n:]
	return n, nil
}

// Close lets the piece go.
func (c *cellReader) Close() error {
	c.piece = nil
	return nil
}

// aside is the session that reads large cells while another one streams rows. It is opened when the first is read.
type aside struct {
	mutex    sync.Mutex
	config   *pgconn.Config
	snapshot string
	conn     *pgconn.PgConn
}

// piece reads bytes of a cell, from a place counted from 0.
func (a *aside) piece(ctx context.Context, query string, from int64, place string) ([]byte, error) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if a.conn == nil {
		conn, err := connect(ctx, a.config)
		if err != nil {
			return nil, err
		}
		if err := run(ctx, conn, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT "+text(a.snapshot)); err != nil {
			hangUp(conn)
			return nil, err
		}
		a.conn = conn
	}
	arguments := [][]byte{strconv.AppendInt(nil, from+1, 10), []byte(place)}
	result := a.conn.ExecParams(ctx, query, arguments, nil, nil, []int16{pgBinary}).Read()
	if result.Err != nil {
		return nil, result.Err
	}
	if len(result.Rows) != 1 {
		return nil, errLength
	}
	return result.Rows[0][0], nil
}

func (a *aside) close() {
	if a != nil && a.conn != nil {
		hangUp(a.conn)
	}
}
