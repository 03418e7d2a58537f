// Package postgres is the engine for PostgreSQL servers, of version 12 and later, and databases in UTF-8.
//
// [Open] opens a database to take rows from, [CreateURL] makes one to load them into, and [Dialect] writes PostgreSQL's
// SQL with no server at hand.
//
// # Connections
//
// A URL is one of libpq's; a password may also come from PGPASSWORD or a password file. Connections to other hosts are
// encrypted, and the server's certificate is verified, unless the URL or PGSSLMODE says sslmode itself. Sessions have
// settings of their own, so that cells are written in one way whatever the server's configuration; row_security is off, so
// that a policy which would hide rows is an error; and no statement waits for a lock for longer than a quarter of a minute, or
// than lock_timeout in the URL says, so that nobody queues up behind us.
//
// # Snapshots
//
// A snapshot is one REPEATABLE READ, READ ONLY transaction. A table that is altered, truncated or rewritten between its beginning
// and the reading of the table is noticed, and is an error. Work tables are temporary tables, made before it. Other
// connections join it by its exported snapshot (pg_export_snapshot) with copies of the work tables.
//
// A hot standby takes no temporary tables, nor does a database from a role without the privilege TEMPORARY. There the work
// tables are kept in this process, as arrays in the text
// form: a statement that fills one is run as its SELECT, and one that reads one gets the arrays as parameters.
// Such an array is limited to a gigabyte, some fifty million keys.
//
// # Cells
//
// Cells of types that only PostgreSQL has (arrays, ranges, enumerations, inet, interval …) are in its own text form, with
// DateStyle and IntervalStyle ISO and "postgres" and lc_monetary C. So are those of types that extensions bring; a target
// needs the extension first. A character(n) comes without its padding, which means nothing to PostgreSQL. Dates before
// the year 1 and after 9999 have the expanded form of ISO 8601 (-0043-03-15 is in 44 BC); infinity has the word. NaN and
// Infinity in a numeric column are Text. Of timestamptz the moment is kept, in UTC, as in PostgreSQL itself.
//
// # Keys
//
// Rows of tables without a usable key are named by ctid, which stays for as long as a snapshot that sees them. Packages are
// read in the order of the primary key, so that the same rows make the same package. All text compares by
// bytes, save under nondeterministic collations, which are taken to ignore case and accents because nobody can know what
// they ignore.
package postgres

import (
	"context"
	"errors"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
)

// Name is the engine's name.
const Name = "postgres"

// Scheme and LongScheme are what its URLs begin with.
const (
	Scheme     = "postgres://"
	LongScheme = "postgresql://"
)

// oldest is the first version with all that introspection asks for.
const oldest = 120000

// lockTimeout is the one setting that a URL may have otherwise: who knows the database knows how long a wait is too long.
const lockTimeout = "lock_timeout"

// settings make every session write and read cells in the same way. pg_catalog alone is searched, so that every name that
// the server prints is qualified; pg_temp comes last, so that no work table hides another table.
var settings = []string{
	"client_encoding = 'UTF8'",
	"search_path = pg_catalog, pg_temp",
	"standard_conforming_strings = on",
	"row_security = off",
	"synchronize_seqscans = off",
	"jit = off",         // each statement runs once, and many are short
	"work_mem = '64MB'", // copies are sorted by their key
	"datestyle = 'ISO, YMD'",
	"intervalstyle = 'postgres'",
	"timezone = 'UTC'",
	"extra_float_digits = 3",
	"bytea_output = 'hex'",
	"xmloption = content",
	"xmlbinary = base64",
	"lc_monetary = 'C'",
	lockTimeout + " = '15s'",
	"statement_timeout = 0",
	"idle_in_transaction_session_timeout = 0", // a consumer may be slow; tcp_keepalives end the session of a process that is gone
	"tcp_keepalives_idle = 60",
	"tcp_keepalives_interval = 10",
	"tcp_keepalives_count = 6",
	"transform_null_equals = off",
	"quote_all_identifiers = off",
	"check_function_bodies = off",
}

// configure reads a URL. The error holds nothing of it: it may carry a password.
func configure(address string) (*pgconn.Config, error) {
	bad := failure(codeURL, diag.Misuse, "write postgres://USER@HOST/DATABASE", nil, "this is not the URL of a PostgreSQL database")
	lower := strings.ToLower(address)
	if !strings.HasPrefix(lower, Scheme) && !strings.HasPrefix(lower, LongScheme) {
		return nil, bad
	}
	scheme, rest, _ := strings.Cut(address, ":")
	u, err := url.Parse(strings.ToLower(scheme) + ":" + rest)
	if err != nil {
		return nil, bad
	}
	config, err := pgconn.ParseConfig(u.String())
	if err != nil {
		return nil, bad
	}
	query := u.Query()
	if !query.Has("sslmode") && !query.Has("ssl") && os.Getenv("PGSSLMODE") == "" && remote(config) {
		query.Set("sslmode", "verify-full")
		u.RawQuery = query.Encode()
		if config, err = pgconn.ParseConfig(u.String()); err != nil {
			return nil, bad
		}
	}
	if config.Database == "" {
		config.Database = config.User
	}
	config.RuntimeParams["application_name"] = "utdrag"
	config.RuntimeParams["client_encoding"] = "UTF8"
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 30 * time.Second
	}
	// A statement that is given up is canceled at the server; the connection ends if it doesn't give up soon.
	config.BuildContextWatcherHandler = func(conn *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: conn, DeadlineDelay: 5 * time.Second}
	}
	return config, nil
}

// remote reports whether any of the hosts is another machine.
func remote(config *pgconn.Config) bool {
	away := func(host string) bool {
		if strings.HasPrefix(host, "/") || strings.HasPrefix(host, "@") || host == "localhost" {
			return false
		}
		address := net.ParseIP(strings.Trim(host, "[]"))
		return address == nil || !address.IsLoopback()
	}
	if away(config.Host) {
		return true
	}
	for _, f := range config.Fallbacks {
		if away(f.Host) {
			return true
		}
	}
	return false
}

// connect opens a session with our settings.
func connect(ctx context.Context, config *pgconn.Config) (*pgconn.PgConn, error) {
	conn, err := pgconn.ConnectConfig(ctx, config.Copy())
	if err != nil {
		return nil, refused(ctx, err)
	}
	if err := prepareConn(ctx, conn, config); err != nil {
		hangUp(conn)
		return nil, err
	}
	return conn, nil
}

func prepareConn(ctx context.Context, conn *pgconn.PgConn, config *pgconn.Config) error {
	version, err := cells(ctx, conn, "SHOW server_version_num")
	if err != nil {
		return wrap(ctx, err, "looking at the server")
	}
	if number, err := strconv.Atoi(version[0][0]); err != nil || number < oldest {
		return failure(codeServer, diag.External, "PostgreSQL 12 is the oldest that is supported", nil, "the server is too old, or no PostgreSQL")
	}
	if encoding, err := cells(ctx, conn, "SHOW server_encoding"); err != nil {
		return wrap(ctx, err, "looking at the server")
	} else if encoding[0][0] != "UTF8" {
		return failure(codeServer, diag.External, "copy it into a database in UTF8 first, with pg_dump", nil, "the database is in %s, and only UTF8 is supported", encoding[0][0])
	}
	var b strings.Builder
	for _, setting := range settings {
		if name, _, _ := strings.Cut(setting, " "); name == lockTimeout && config.RuntimeParams[name] != "" {
			continue
		}
		b.WriteString("SET " + setting + ";")
	}
	return wrap(ctx, run(ctx, conn, b.String()), "setting up the session")
}

// hangUp closes a connection, whatever its state.
func hangUp(conn *pgconn.PgConn) {
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
	defer stop()
	_ = conn.Close(ctx) // there is nothing to do about a connection that doesn't close
}

// run runs statements without arguments.
func run(ctx context.Context, conn *pgconn.PgConn, sql string) error {
	_, err := conn.Exec(ctx, sql).ReadAll()
	return err
}

// cells are the rows of a query as text. A NULL is "".
func cells(ctx context.Context, conn *pgconn.PgConn, sql string, args ...string) ([][]string, error) {
	parameters := make([][]byte, len(args))
	for i, a := range args {
		parameters[i] = []byte(a)
	}
	result := conn.ExecParams(ctx, sql, parameters, nil, nil, nil)
	var rows [][]string
	for result.NextRow() {
		values := result.Values()
		row := make([]string, len(values))
		for i, v := range values {
			row[i] = string(v)
		}
		rows = append(rows, row)
	}
	_, err := result.Close()
	return rows, err
}

// Source is an open database.
type Source struct {
	config *pgconn.Config
	conn   *pgconn.PgConn
}

var _ engine.Source = (*Source)(nil)

// Open opens a database by its URL, to be read. It creates nothing.
func Open(ctx context.Context, url string) (engine.Source, error) {
	config, err := configure(url)
	if err != nil {
		return nil, err
	}
	conn, err := connect(ctx, config)
	if err != nil {
		return nil, err
	}
	return &Source{config: config, conn: conn}, nil
}

// Catalog describes the database.
func (s *Source) Catalog(ctx context.Context) (*catalog.Catalog, error) {
	if s.conn == nil {
		return nil, ended("the source")
	}
	if err := run(ctx, s.conn, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); err != nil {
		return nil, wrap(ctx, err, "beginning to read")
	}
	c, err := introspect(ctx, s.conn)
	return c, wrap(ctx, errors.Join(err, run(ctx, s.conn, "ROLLBACK")), "reading the catalog")
}

// Begin opens a snapshot on a connection of its own.
func (s *Source) Begin(ctx context.Context, terms engine.Terms) (engine.Snapshot, error) {
	if s.conn == nil {
		return nil, ended("the source")
	}
	return begin(ctx, s.config, terms, "")
}

// Close closes the source. Snapshots that are open stay so.
func (s *Source) Close() error {
	if s.conn == nil {
		return nil
	}
	hangUp(s.conn)
	s.conn = nil
	return nil
}
