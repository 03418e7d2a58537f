package synthea

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// table is what the schema says of one file.
type table struct {
	name    string
	columns []column
}

func (t table) file() string { return t.name + ".csv" }

type column struct {
	name     string
	kind     string // the first word of the declared type
	required bool
}

// readTables asks the new database for its tables, in the schema's order.
func readTables(ctx context.Context, tx *sql.Tx) (tables []table, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT t.name, c.name, c.type, c."notnull" FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
		WHERE t.type = 'table' ORDER BY t.rowid, c.cid`)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var name, kind string
		var c column
		if err := rows.Scan(&name, &c.name, &kind, &c.required); err != nil {
			return nil, err
		}
		c.kind, _, _ = strings.Cut(kind, "(")
		if len(tables) == 0 || tables[len(tables)-1].name != name {
			tables = append(tables, table{name: name})
		}
		last := &tables[len(tables)-1]
		last.columns = append(last.columns, c)
	}
	return tables, rows.Err()
}

var (
	uuidForm    = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	decimalForm = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)
)

// cell turns the text of a cell into what its column holds. The error completes "column X …" and doesn't quote the
// cell.
func (c column) cell(text string) (any, error) {
	if text == "" {
		if c.required {
			return nil, errors.New("is empty")
		}
		return nil, nil
	}
	var err error
	switch c.kind {
	case "TEXT":
		return text, nil
	case "UUID":
		if !uuidForm.MatchString(text) {
			return nil, errors.New("holds no UUID")
		}
		return text, nil
	case "DECIMAL":
		if !decimalForm.MatchString(text) {
			return nil, errors.New("holds no decimal number")
		}
		return text, nil
	case "INTEGER":
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, errors.New("holds no integer")
		}
		return n, nil
	case "DOUBLE":
		x, err := strconv.ParseFloat(text, 64)
		switch {
		case err != nil || math.IsInf(x, 0):
			return nil, errors.New("holds no number")
		case math.IsNaN(x): // the mean of nothing; SQLite would store NULL without a word
			if c.required {
				return nil, errors.New("is not a number")
			}
			return nil, nil
		}
		return x, nil
	case "DATE":
		if _, err = time.Parse(time.DateOnly, text); err != nil {
			return nil, errors.New("holds no date")
		}
		return text, nil
	case "TIMESTAMPTZ":
		if _, err = time.Parse(time.RFC3339, text); err != nil {
			return nil, errors.New("holds no time stamp")
		}
		return text, nil
	}
	return nil, fmt.Errorf("is declared %s, which is not read", c.kind)
}
