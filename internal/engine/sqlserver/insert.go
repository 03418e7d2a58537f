package sqlserver

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

// What one INSERT takes: SQL Server allows 2,100 parameters a statement and 1,000 rows in VALUES.
const (
	insertParameters = 2000
	insertRows       = 1000
	insertBytes      = 4 << 20
)

// insertSink inserts rows with statements of many rows each, whose arguments the server converts.
type insertSink struct {
	loader *loader
	rows   []string
	args   []any
	bytes  int
}

func (s *insertSink) write(cells []any) error {
	if len(cells) > insertParameters {
		return failure(codeLarge, diag.Refused, "omit columns", nil, "a table of %d columns can't be loaded", len(cells))
	}
	if len(s.rows) >= insertRows || len(s.args)+len(cells) > insertParameters || s.bytes >= insertBytes {
		if err := s.flush(); err != nil {
			return err
		}
	}
	places := make([]string, len(cells))
	for i, cell := range cells {
		v, _ := cell.(value.Value) // nil is NULL, as is the zero Value
		place, arg, err := s.loader.columns[i].place(s.loader.ctx, v, s.loader.target.pages, fmt.Sprintf("@p%d", len(s.args)+1))
		if err != nil {
			return err
		}
		places[i] = place
		s.args = append(s.args, arg)
		s.bytes += int(v.Size())
	}
	s.rows = append(s.rows, "("+strings.Join(places, ", ")+")")
	return nil
}

// flush inserts what has been gathered.
func (s *insertSink) flush() error {
	if len(s.rows) == 0 {
		return nil
	}
	l := s.loader
	table := Dialect{}.Table(l.table.Name)
	if len(l.columns) == 0 {
		for range s.rows {
			if err := batch(l.ctx, l.conn, "INSERT INTO "+table+" DEFAULT VALUES"); err != nil {
				return err
			}
		}
		s.rows = s.rows[:0]
		return nil
	}
	names := make([]string, len(l.columns))
	for i := range l.columns {
		names[i] = l.columns[i].name
	}
	result, err := l.conn.ExecContext(l.ctx, "INSERT INTO "+table+" ("+quoteAll(names)+") VALUES "+strings.Join(s.rows, ", "), s.args...)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n != int64(len(s.rows)) {
		return failure(codeTarget, diag.External, "", nil, "the server took %d rows of %d", n, len(s.rows))
	}
	clear(s.args)
	s.rows, s.args, s.bytes = s.rows[:0], s.args[:0], 0
	return nil
}

// place is a cell's place in VALUES, with the argument for it. All rows of VALUES must have the column's own type there:
// else the server would convert them to what they have in common first.
func (c *loadColumn) place(ctx context.Context, v value.Value, pages *codePages, parameter string) (string, any, error) {
	switch c.base {
	case "sql_variant":
		if v.IsNull() {
			return "CONVERT(sql_variant, " + parameter + ")", sql.NullString{}, nil
		}
		if v.Form() != value.Text {
			return "", nil, c.refused("is no text that begins with a type")
		}
		own, err := parseVariant(v.Text())
		if err != nil {
			return "", nil, err
		}
		return own.expression(parameter), argument(own.content), nil
	case "binary", "varbinary", "image", "hierarchyid", "geography", "geometry":
		if !v.IsNull() && v.Form() != value.Bytes {
			return "", nil, c.refused("is not binary")
		}
		arg := []byte(nil)
		if !v.IsNull() {
			arg = []byte(v.Text())
		}
		return cast(c.words, parameter), arg, nil
	case "char", "varchar", "text", "nchar", "nvarchar", "ntext", "xml":
		if !v.IsNull() && (v.Form() != value.Text || !utf8.ValidString(v.Text())) {
			return "", nil, c.refused("is no text")
		}
		switch {
		case c.base == "xml": // style 1 keeps white space (https://learn.microsoft.com/sql/t-sql/functions/cast-and-convert-transact-sql)
			return "CONVERT(xml, " + parameter + ", 1)", argument(v), nil
		case narrow[c.base]:
			if !isUTF8(c.collation) { // the server would put a ? for a character that it doesn't have
				if _, err := pages.encode(ctx, v.Text(), c.collation); err != nil {
					return "", nil, err
				}
			}
			// In the column's own code page, whatever the database's is. Too long a text must not be cut off by CONVERT.
			return "CONVERT(varchar(max), " + parameter + " COLLATE " + c.collation + ")", argument(v), nil
		}
		return "CONVERT(nvarchar(max), " + parameter + ")", argument(v), nil
	}
	if v.IsNull() {
		return cast(c.words, parameter), sql.NullString{}, nil
	}
	// The same checks as for a bulk copy; but as an argument of its own type, or text.
	encoded, err := c.encode(ctx, v, pages)
	if err != nil {
		return "", nil, err
	}
	switch encoded := encoded.(type) {
	case bool, float64, int64:
		return cast(c.words, parameter), encoded, nil
	case string:
		return cast(c.words, parameter), encoded, nil
	}
	return cast(c.words, parameter), v.Text(), nil
}

// read takes a large cell into memory.
func read(v value.Value) (value.Value, error) {
	r, err := v.Large().Open()
	if err != nil {
		return value.Value{}, err
	}
	defer r.Close()
	size := v.Large().Size
	if size < 0 || size > 1<<31-1 {
		return value.Value{}, failure(codeLarge, diag.Refused, "mask or omit the column", nil, "a cell of %d bytes is more than SQL Server holds", size)
	}
	var b strings.Builder
	b.Grow(int(size))
	n, err := io.Copy(&b, io.LimitReader(r, size+1))
	switch {
	case err != nil:
		return value.Value{}, err
	case n != size:
		return value.Value{}, failure(codeLarge, diag.External, "", nil, "a large cell didn't have the length that it was said to have")
	case v.Form() == value.Bytes:
		return value.NewBinary(b.String()), nil
	}
	return value.NewText(b.String()), nil
}
