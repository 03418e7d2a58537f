// Package newdb makes SQLite files for the examples: all of a file, or none of it.
package newdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // registers the driver

	"github.com/utdrag/utdrag/internal/durable"
)

// Create makes the SQLite file path from a schema and fills it in one transaction. It refuses a path that is taken. The
// file comes into being under its name when fill has succeeded, and not before.
func Create(ctx context.Context, path, schema string, fill func(context.Context, *sql.Tx) error) (err error) {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s exists already: choose another name, or remove it", path)
	}
	part, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.part")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(part.Name()))
		}
	}()
	defer func() { err = errors.Join(err, part.Close()) }()
	if err := write(ctx, part.Name(), schema, fill); err != nil {
		return err
	}
	if err := part.Sync(); err != nil {
		return err
	}
	return durable.RenameNew(part.Name(), path)
}

func write(ctx context.Context, path, schema string, fill func(context.Context, *sql.Tx) error) (err error) {
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", OmitHost: true, Path: path}).String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	// Nobody sees the file before it is done, so that it needs no journal.
	for _, statement := range []string{"PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA foreign_keys = OFF", schema} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := fill(ctx, tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// Inserter puts rows into the tables of one transaction. Once it has failed it does nothing more; Close tells.
type Inserter struct {
	ctx        context.Context
	tx         *sql.Tx
	statements map[string]*sql.Stmt
	err        error
}

// NewInserter returns an inserter.
func NewInserter(ctx context.Context, tx *sql.Tx) *Inserter {
	return &Inserter{ctx: ctx, tx: tx, statements: map[string]*sql.Stmt{}}
}

// Prepare names the columns of a table in which its rows will come.
func (i *Inserter) Prepare(table string, columns ...string) {
	if i.err != nil {
		return
	}
	i.statements[table], i.err = i.tx.PrepareContext(i.ctx, fmt.Sprintf(`INSERT INTO "%s" ("%s") VALUES (?%s)`,
		table, strings.Join(columns, `", "`), strings.Repeat(", ?", len(columns)-1)))
}

// Add puts one row into a table that was prepared.
func (i *Inserter) Add(table string, row ...any) {
	if i.err != nil {
		return
	}
	statement := i.statements[table]
	if statement == nil {
		i.err = fmt.Errorf("table %s was not prepared", table)
		return
	}
	if _, err := statement.ExecContext(i.ctx, row...); err != nil {
		i.err = fmt.Errorf("table %s: %w", table, err)
	}
}

// Err returns what went wrong first, or nil.
func (i *Inserter) Err() error { return i.err }

// Close releases the statements and returns what went wrong first.
func (i *Inserter) Close() error {
	for _, statement := range i.statements {
		if statement != nil {
			i.err = errors.Join(i.err, statement.Close())
		}
	}
	return i.err
}
