package postgres

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/utdrag/utdrag/filter/diag"
)

// heldTables are work tables that this process keeps, because the server takes none. A statement that reads them gets them
// as arrays.
type heldTables struct{ tables map[string]*heldTable }

// heldTable keeps each column as the inside of an array in the server's text form.
type heldTable struct {
	workTable
	arrays [][]byte
	rows   int64
}

func newHeldTables(work []workTable) *heldTables {
	h := &heldTables{map[string]*heldTable{}}
	for _, w := range work {
		h.tables[w.name] = &heldTable{workTable: w, arrays: make([][]byte, len(w.columns))}
	}
	return h
}

// clone shares the arrays, which are only ever added to: the copies' ends are their own.
func (h *heldTables) clone() *heldTables {
	c := &heldTables{map[string]*heldTable{}}
	for name, t := range h.tables {
		other := &heldTable{workTable: t.workTable, rows: t.rows, arrays: make([][]byte, len(t.arrays))}
		for i, array := range t.arrays {
			other.arrays[i] = array[:len(array):len(array)]
		}
		c.tables[name] = other
	}
	return c
}

// largestArray is how long a parameter may be: the server takes a gigabyte at most.
const largestArray = 1<<30 - 1<<20

// execute runs one of the statements that plans and their verification compose: INSERT INTO work SELECT or VALUES, and DELETE
// FROM work. Any other is refused.
func (h *heldTables) execute(ctx context.Context, conn *pgconn.PgConn, statement string, parameters [][]byte) (int64, error) {
	unknown := failure(codeStatement, diag.Misuse, "", nil, "a statement can't be run without work tables in the database")
	if rest, ok := strings.CutPrefix(statement, "DELETE FROM "+workSchema+"."); ok {
		name, rest, ok := identifier(rest)
		t := h.tables[name]
		if !ok || rest != "" || t == nil {
			return 0, unknown
		}
		n := t.rows
		t.rows, t.arrays = 0, make([][]byte, len(t.columns))
		return n, nil
	}
	rest, ok := strings.CutPrefix(statement, "INSERT INTO "+workSchema+".")
	if !ok {
		return 0, unknown
	}
	name, rest, ok := identifier(rest)
	t := h.tables[name]
	if !ok || t == nil {
		return 0, unknown
	}
	if list := " (" + t.list() + ")"; strings.HasPrefix(rest, list) {
		rest = rest[len(list):]
	}
	rest = strings.TrimLeft(rest, " \n")
	if strings.HasPrefix(rest, "VALUES (") {
		if rest != "VALUES ("+placeholders(len(t.columns))+")" || len(parameters) != len(t.columns) {
			return 0, unknown
		}
		return 1, t.add([][][]byte{parameters})
	}
	if !strings.HasPrefix(rest, "SELECT ") {
		return 0, unknown
	}
	query, parameters := h.expand(rest, parameters)
	result := conn.ExecParams(ctx, query, parameters, nil, nil, nil)
	before := t.rows
	grown := &heldTable{workTable: t.workTable, rows: t.rows, arrays: make([][]byte, len(t.arrays))}
	copy(grown.arrays, t.arrays)
	var failed error
	for result.NextRow() {
		if failed == nil {
			failed = grown.add([][][]byte{result.Values()})
		}
	}
	if _, err := result.Close(); err != nil {
		return 0, err
	}
	if failed != nil {
		return 0, failed
	}
	*t = *grown
	return t.rows - before, nil
}

func (t *heldTable) list() string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.name
	}
	return quoteAll(names)
}

func placeholders(count int) string {
	parts := make([]string, count)
	for i := range parts {
		parts[i] = Dialect{}.Parameter(i + 1)
	}
	return strings.Join(parts, ", ")
}

// add appends rows to the arrays. Keys are never NULL.
func (t *heldTable) add(rows [][][]byte) error {
	for _, row := range rows {
		if len(row) != len(t.columns) {
			return failure(codeStatement, diag.Misuse, "", nil, "a row of %d cells is kept in a work table of %d columns", len(row), len(t.columns))
		}
		for i, cell := range row {
			if cell == nil {
				return failure(codeConstraint, diag.Refused, "", nil, "a key is NULL")
			}
			if len(t.arrays[i])+2*len(cell) > largestArray {
				return failure(codeReplica, diag.Refused, "read the primary", nil, "a set of keys is too large to be kept without work tables in the database")
			}
			t.arrays[i] = appendElement(t.arrays[i], cell)
		}
		t.rows++
	}
	return nil
}

// appendElement appends an element to the inside of an array, in quotes unless it is a number
// (https://www.postgresql.org/docs/15/arrays.html section 8.15.6).
func appendElement(array, cell []byte) []byte {
	if len(array) > 0 {
		array = append(array, ',')
	}
	if len(cell) > 0 && strings.Trim(string(cell), "0123456789") == "" {
		return append(array, cell...)
	}
	array = append(array, '"')
	for _, c := range cell {
		if c == '"' || c == '\\' {
			array = append(array, '\\')
		}
		array = append(array, c)
	}
	return append(array, '"')
}

// expand replaces the work tables that a query reads by arrays, one parameter a column: each becomes a common table
// expression, which has a name as a table has.
func (h *heldTables) expand(query string, parameters [][]byte) (string, [][]byte) {
	var with []string
	names := map[string]string{}
	var b strings.Builder
	for i := 0; i < len(query); {
		if strings.HasPrefix(query[i:], workSchema+`."`) {
			name, rest, ok := identifier(query[i+len(workSchema)+1:])
			if t := h.tables[name]; ok && t != nil {
				if names[name] == "" {
					names[name] = fmt.Sprintf("work_%d", len(names)+1)
					with = append(with, t.expression(names[name], len(parameters)))
					for _, array := range t.arrays {
						parameters = append(parameters, append(append([]byte("{"), array...), '}'))
					}
				}
				b.WriteString(quote(names[name]))
				i = len(query) - len(rest)
				continue
			}
		}
		end := i + 1
		if query[i] == '\'' || query[i] == '"' {
			if length := strings.IndexByte(query[i+1:], query[i]); length >= 0 {
				end = i + length + 2
			} else {
				end = len(query)
			}
		}
		b.WriteString(query[i:end])
		i = end
	}
	if len(with) == 0 {
		return query, parameters
	}
	return "WITH " + strings.Join(with, ", ") + " " + b.String(), parameters
}

// expression is the common table expression of the table's arrays, which are the parameters after so many others.
func (t *heldTable) expression(name string, after int) string {
	var output, arrays, aliases []string
	for i, c := range t.columns {
		engineType, collation, _ := strings.Cut(c.engineType, " COLLATE ")
		alias := "c" + strconv.Itoa(i+1)
		arrays = append(arrays, "$"+strconv.Itoa(after+i+1)+"::"+engineType+"[]")
		aliases = append(aliases, alias)
		if collation != "" {
			alias += " COLLATE " + collation
		}
		output = append(output, alias)
	}
	return quote(name) + " (" + t.list() + ") AS (SELECT " + strings.Join(output, ", ") + " FROM unnest(" + strings.Join(arrays, ", ") + ") AS held (" +
		strings.Join(aliases, ", ") + "))"
}
