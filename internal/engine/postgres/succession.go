package postgres

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
)

// succession replaces a database by renaming two in one transaction. Tables are not swapped within a database: a transaction
// that began before the newer rows were committed would find the new tables empty.
type succession struct {
	config                   *pgconn.Config // of the maintenance database
	conn                     *pgconn.PgConn // there; holds the lock against other runs
	url                      string         // of the incoming database
	final, incoming, earlier string
	terms                    engine.SwapTerms
	kept, swapped            bool
}

// successionLock is the first key of the advisory lock of a replacement, in the maintenance database: "utdr".
const successionLock = "1970562162"

// Succeed begins to replace the copy in the database that a URL names. The newer one is made as NAME_incoming, and the older
// one is kept as NAME_previous.
//
// A database can be renamed when nobody is connected to it. Swap waits for sessions to end, or ends them; new ones wait for
// the transaction that renames. Privileges that were granted in the older database don't come along: grant those of roles
// that are the same in every database, such as pg_read_all_data.
func Succeed(ctx context.Context, address string, terms engine.SwapTerms) (engine.Succession, error) {
	config, err := configure(address)
	if err != nil {
		return nil, err
	}
	s := &succession{final: config.Database, incoming: config.Database + "_incoming", earlier: config.Database + "_previous", terms: terms}
	if s.final == maintenance || strings.HasPrefix(s.final, "template") || short(s.incoming) != nil || strings.ContainsRune(s.final, 0) {
		return nil, failure(codeReplace, diag.Misuse, "name another, of at most 54 bytes", nil, "the target database can't be replaced under its name")
	}
	if s.url, err = inDatabase(address, s.incoming); err != nil {
		return nil, err
	}
	s.config = config.Copy()
	s.config.Database = maintenance
	if s.conn, err = connect(ctx, s.config); err != nil {
		return nil, err
	}
	if err := s.begin(ctx, config); err != nil {
		hangUp(s.conn)
		return nil, err
	}
	return s, nil
}

// inDatabase is the URL with another database in it.
func inDatabase(address, database string) (string, error) {
	_, rest, _ := strings.Cut(address, ":")
	u, err := url.Parse("postgres:" + rest)
	if err != nil {
		return "", failure(codeURL, diag.Misuse, "write postgres://USER@HOST/DATABASE", nil, "this is not the URL of a PostgreSQL database")
	}
	query := u.Query()
	query.Del("dbname")
	query.Del("database")
	u.Path, u.RawPath, u.RawQuery = "/"+database, "", query.Encode()
	return u.String(), nil
}

func (s *succession) begin(ctx context.Context, of *pgconn.Config) error {
	if err := lock(ctx, s.conn, "replacing", successionLock+", hashtext($1)", s.final); err != nil {
		return err
	}
	able, err := cells(ctx, s.conn, "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user")
	if err != nil {
		return wrap(ctx, err, "looking at the role")
	}
	if len(able) != 1 || able[0][0] != "t" {
		return failure(codePermission, diag.External, "grant the role CREATEDB", nil, "the role may not make or rename databases")
	}
	if err := s.replaceable(ctx, of, s.final, s.earlier); err != nil {
		return err
	}
	return s.clear(ctx, of)
}

// exists reports whether there is a database of that name, and whether it is ours to rename.
func (s *succession) exists(ctx context.Context, name string) (there, ours bool, err error) {
	rows, err := cells(ctx, s.conn, "SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = $1", name)
	if err != nil {
		return false, false, wrap(ctx, err, "looking for the target")
	}
	return len(rows) > 0, len(rows) > 0 && rows[0][0] == "t", nil
}

// replaceable refuses databases that are there and no copies of ours, or somebody else's.
func (s *succession) replaceable(ctx context.Context, of *pgconn.Config, names ...string) error {
	for _, name := range names {
		there, ours, err := s.exists(ctx, name)
		if err != nil || !there {
			if err != nil {
				return err
			}
			continue
		}
		if !ours {
			return failure(codePermission, diag.External, "load as the role that owns it", nil, "database %s belongs to another role, and can't be replaced", quote(name))
		}
		tables, err := s.holds(ctx, of, name, "c.relname IN ('"+engine.CopyMark+"')")
		if err != nil {
			return err
		}
		if tables == 0 {
			return failure(codeReplace, diag.Misuse, "name another database, or rename it", nil, "database %s is no copy that utdrag made, and isn't replaced", quote(name))
		}
	}
	return nil
}

// holds counts tables and views of a database.
func (s *succession) holds(ctx context.Context, of *pgconn.Config, name, condition string) (int, error) {
	config := of.Copy()
	config.Database = name
	conn, err := connect(ctx, config)
	if err != nil {
		return 0, err
	}
	defer hangUp(conn)
	rows, err := cells(ctx, conn, askRelations+" AND "+condition)
	return len(rows), wrap(ctx, err, "looking at database %s", quote(name))
}

// clear drops what a killed run left at the incoming name: a database with a mark of ours, or an empty one.
func (s *succession) clear(ctx context.Context, of *pgconn.Config) error {
	there, _, err := s.exists(ctx, s.incoming)
	if err != nil || !there {
		return err
	}
	all, err := s.holds(ctx, of, s.incoming, "true")
	if err != nil {
		return err
	}
	marks, err := s.holds(ctx, of, s.incoming, "c.relname IN ('"+engine.CopyMark+"', '"+marker+"')")
	if err != nil {
		return err
	}
	if all > 0 && marks == 0 {
		return failure(codeReplace, diag.Misuse, "rename it, or name another target", nil, "database %s, which the new copy is made in, holds tables of somebody else's", quote(s.incoming))
	}
	return s.drop(ctx, s.incoming)
}

// drop drops a database. Sessions that were ended take a moment to be gone.
func (s *succession) drop(ctx context.Context, name string) error {
	for deadline := time.Now().Add(5 * time.Second); ; {
		err := run(ctx, s.conn, "DROP DATABASE IF EXISTS "+quote(name))
		if sqlState(err) != "55006" || time.Now().After(deadline) {
			return wrap(ctx, err, "dropping database %s", quote(name))
		}
		if err := s.pause(ctx); err != nil {
			return err
		}
	}
}

func (s *succession) pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return wrap(ctx, ctx.Err(), "replacing the target")
	case <-time.After(100 * time.Millisecond):
		return nil
	}
}

func (s *succession) Incoming() string { return s.url }

func (s *succession) Previous() string {
	if !s.kept {
		return ""
	}
	return s.earlier
}

// Swap renames both in one transaction. The first rename keeps new sessions waiting, and fails while there are others.
func (s *succession) Swap(ctx context.Context) error {
	there, _, err := s.exists(ctx, s.final)
	if err != nil {
		return err
	}
	statements := "BEGIN; SET LOCAL lock_timeout = '2s'; "
	if there {
		of := s.config.Copy()
		if err := s.replaceable(ctx, of, s.final, s.earlier); err != nil { // again: a load takes hours
			return err
		}
		if s.terms.Disconnect {
			if err := s.disconnect(ctx, s.conn, s.earlier); err != nil {
				return err
			}
		}
		if err := s.drop(ctx, s.earlier); err != nil {
			return err
		}
		statements += "ALTER DATABASE " + quote(s.final) + " RENAME TO " + quote(s.earlier) + "; "
	}
	statements += "ALTER DATABASE " + quote(s.incoming) + " RENAME TO " + quote(s.final) + "; COMMIT"
	for deadline := time.Now().Add(s.terms.Patience); ; {
		err := s.rename(ctx, statements)
		if err == nil {
			s.kept, s.swapped = there, true
			return nil
		}
		if rolled := run(context.WithoutCancel(ctx), s.conn, "ROLLBACK"); rolled != nil {
			return wrap(ctx, errors.Join(err, rolled), "replacing the target")
		}
		state := sqlState(err)
		if state != "55006" && state != "55P03" && state != "40P01" { // in use; a lock that isn't to be had
			return wrap(ctx, err, "replacing the target")
		}
		if time.Now().After(deadline) {
			return failure(codeBusy, diag.External, "have them end, allow more time with --wait, or end them with --disconnect", nil,
				"other sessions use the database that is to be replaced")
		}
		if err := s.pause(ctx); err != nil {
			return err
		}
	}
}

// rename runs the transaction. The server waits for five seconds for sessions to end, with new ones kept out; meanwhile they
// are ended, where that was asked for.
func (s *succession) rename(ctx context.Context, statements string) error {
	if !s.terms.Disconnect {
		return run(ctx, s.conn, statements)
	}
	other, err := connect(ctx, s.config)
	if err != nil {
		return err
	}
	defer hangUp(other)
	done, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		for {
			if err := s.disconnect(ctx, other, s.final); err != nil {
				ended <- err
				return
			}
			select {
			case <-done:
				ended <- nil
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	}()
	err = run(ctx, s.conn, statements)
	close(done)
	return errors.Join(err, <-ended)
}

func (s *succession) disconnect(ctx context.Context, conn *pgconn.PgConn, name string) error {
	_, err := cells(ctx, conn, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()", name)
	return wrap(ctx, err, "ending other sessions")
}

// Close drops what was not swapped in, and gives the lock back.
func (s *succession) Close() error {
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	defer func() { hangUp(s.conn) }()
	if s.swapped {
		return nil
	}
	if s.conn.IsClosed() || s.conn.IsBusy() {
		conn, err := connect(ctx, s.config)
		if err != nil {
			return err
		}
		hangUp(s.conn)
		s.conn = conn
		// The lock went with the session: what lies there may be another run's by now.
		locked, err := cells(ctx, conn, "SELECT pg_try_advisory_lock("+successionLock+", hashtext($1))", s.final)
		if err != nil || locked[0][0] != "t" {
			return wrap(ctx, err, "locking the target")
		}
	}
	return s.drop(ctx, s.incoming)
}
