// Package synthea makes a SQLite database of the CSV files that the Synthea generator writes, and has a schema map for
// it in which an organization is the care provider.
//
// [Schema] and [Map] are the texts of schema.sql and synthea.hcl. [Import] reads a folder. The records are synthetic,
// but nobody made them for this map: columns and references are as the export has them.
package synthea

import (
	"context"
	"database/sql"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/examples/internal/newdb"
)

// Schema is the SQL text that makes the database, for SQLite.
//
//go:embed schema.sql
var Schema string

// Map is the schema map, synthea.hcl.
//
//go:embed synthea.hcl
var Map string

// Import reads the export in a folder into a new SQLite file. It refuses a path that exists, a file that is missing or
// unknown, a header with other columns, a cell that is not of its column's type, and a reference that leads nowhere;
// then it leaves nothing behind. An empty cell is NULL. Errors name file and line, never a cell's content.
func Import(ctx context.Context, folder, path string) error {
	return newdb.Create(ctx, path, Schema, func(ctx context.Context, tx *sql.Tx) error {
		tables, err := readTables(ctx, tx)
		if err != nil {
			return err
		}
		if err := checkFolder(folder, tables); err != nil {
			return err
		}
		rows := newdb.NewInserter(ctx, tx)
		for _, t := range tables {
			if err := t.load(rows, folder); err != nil {
				return errors.Join(err, rows.Close())
			}
		}
		if err := rows.Close(); err != nil {
			return err
		}
		return checkReferences(ctx, tx)
	})
}

// checkFolder refuses a folder that is not such an export.
func checkFolder(folder string, tables []table) error {
	found, err := filepath.Glob(filepath.Join(escape(folder), "*.csv"))
	if err != nil {
		return err
	}
	var missing, unknown []string
	for _, t := range tables {
		if !slices.Contains(found, filepath.Join(folder, t.file())) {
			missing = append(missing, t.file())
		}
	}
	for _, file := range found {
		if !slices.ContainsFunc(tables, func(t table) bool { return t.file() == filepath.Base(file) }) {
			unknown = append(unknown, filepath.Base(file))
		}
	}
	if len(missing) > 0 {
		err = errors.Join(err, fmt.Errorf("%s: missing: %s", folder, strings.Join(missing, ", ")))
	}
	if len(unknown) > 0 {
		err = errors.Join(err, fmt.Errorf("%s: no table for: %s", folder, strings.Join(unknown, ", ")))
	}
	return err
}

// escape takes the meaning from the characters that filepath.Match knows.
func escape(folder string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(folder)
}

// load streams one file into its table.
func (t table) load(rows *newdb.Inserter, folder string) (err error) {
	f, err := os.Open(filepath.Join(folder, t.file()))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	r := csv.NewReader(f)
	r.ReuseRecord = true
	header, err := r.Read()
	if err != nil {
		return fmt.Errorf("%s: no header: %w", t.file(), err)
	}
	if err := t.checkHeader(header); err != nil {
		return err
	}
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.name
	}
	rows.Prepare(t.name, names...)
	row := make([]any, len(t.columns))
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows.Err()
		}
		if err != nil { // a csv.ParseError: line, column and what is wrong with the quoting or the number of fields
			return fmt.Errorf("%s: %w", t.file(), err)
		}
		for i, c := range t.columns {
			if row[i], err = c.cell(record[i]); err != nil {
				line, _ := r.FieldPos(i)
				return fmt.Errorf("%s:%d: column %s %w", t.file(), line, c.name, err)
			}
		}
		rows.Add(t.name, row...)
		if rows.Err() != nil {
			line, _ := r.FieldPos(0)
			return fmt.Errorf("%s:%d: %w", t.file(), line, rows.Err())
		}
	}
}

// checkHeader refuses a header that is not the table's columns in their order.
func (t table) checkHeader(header []string) error {
	header[0] = strings.TrimPrefix(header[0], "\ufeff")
	var missing, unknown []string
	for _, c := range t.columns {
		if !slices.Contains(header, c.name) {
			missing = append(missing, c.name)
		}
	}
	for _, name := range header {
		if !slices.ContainsFunc(t.columns, func(c column) bool { return c.name == name }) {
			unknown = append(unknown, name)
		}
	}
	switch {
	case len(missing) > 0:
		return fmt.Errorf("%s:1: missing columns: %s", t.file(), strings.Join(missing, ", "))
	case len(unknown) > 0:
		return fmt.Errorf("%s:1: unknown columns: %s", t.file(), strings.Join(unknown, ", "))
	case !slices.EqualFunc(header, t.columns, func(name string, c column) bool { return name == c.name }):
		return fmt.Errorf("%s:1: the columns are not in the export's order", t.file())
	}
	return nil
}

// checkReferences refuses a database in which some foreign key leads nowhere. A row's number is its place in the file,
// the header not counted.
func checkReferences(ctx context.Context, tx *sql.Tx) (err error) {
	rows, err := tx.QueryContext(ctx, "PRAGMA foreign_key_check")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if rows.Next() {
		var child, parent string
		var row, key int64
		if err := rows.Scan(&child, &row, &parent, &key); err != nil {
			return err
		}
		return fmt.Errorf("%s.csv: row %d references a row of %s that is not there", child, row, parent)
	}
	return rows.Err()
}
