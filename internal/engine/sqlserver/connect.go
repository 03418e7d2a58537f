// Package sqlserver is the engine for Microsoft SQL Server and Azure SQL.
//
// [Open] opens a database to take rows from, [CreateURL] makes one to load them into, and [Dialect] writes Transact-SQL with
// no server at hand.
//
// # URLs
//
// A URL is sqlserver://USER:PASSWORD@HOST:PORT?database=NAME, or sqlserver://…@HOST/INSTANCE?database=NAME for a named
// instance, which the server's browser service finds. The database must be named. The password is better kept in the
// environment variable UTDRAG_SQLSERVER_PASSWORD, since others can see a command line; it is used where the URL has none.
// What stands behind the question mark is what the driver github.com/microsoft/go-mssqldb knows; a word that it doesn't know
// is refused, which the driver would not do. The ones that matter, of which lock timeout is this package's own:
//
//	encrypt                  true unless written otherwise; strict for TDS 8.0; false or disable send rows in the open
//	TrustServerCertificate   false unless written otherwise: the server's certificate is checked
//	certificate              a file with the certificate of the authority that signed the server's
//	hostNameInCertificate    the name that the server's certificate has, where it isn't HOST
//	ApplicationIntent        ReadOnly reads from a readable secondary replica
//	authenticator            krb5 for Kerberos, with krb5-configfile, krb5-keytabfile, krb5-realm and their kin; winsspi, the
//	                         default on Windows without a user, for the Windows account; ntlm for DOMAIN\USER
//	fedauth                  for Entra ID: ActiveDirectoryDefault, ActiveDirectoryManagedIdentity, ActiveDirectoryServicePrincipal, …
//	app name                 utdrag unless written otherwise
//	lock timeout             for how many seconds a statement waits for a lock, 60 unless written otherwise
//
// # Reading
//
// A source is read over one session per snapshot, which makes its work tables (#temporary ones) before anything else. Then
// the snapshot is, in this order,
//
//   - the database itself, where it is read-only or is a database snapshot already;
//   - a transaction of isolation level SNAPSHOT, where the database allows it (ALTER DATABASE … SET ALLOW_SNAPSHOT_ISOLATION ON);
//     on a readable secondary replica too;
//   - a database snapshot that is made for it and dropped afterwards, where the caller asks for one. It takes the permission
//     CREATE DATABASE and room beside the source's files. A process that is killed leaves it behind: its name begins
//     with the source's and contains _utdrag_;
//   - nothing, where the caller accepts an inconsistent copy; else the source is refused.
//
// The login needs SELECT on every table that is read and VIEW DEFINITION on the database. Its session gives way: it is
// chosen as the victim of a deadlock, and waits for a lock for a minute at most, or as lock timeout in the URL says. A statement that fails makes a snapshot
// unusable if it ended its transaction, since what followed would see another state.
//
// # Cells
//
// Cells are exact. Text from a code page is converted by the server. A cell of sql_variant is written TYPE:CONTENT, as in
// "decimal(10,2):12.50" or "nvarchar(20) COLLATE Finnish_Swedish_CI_AS:Åsa", so that its type survives. hierarchyid,
// geography, geometry and types of an assembly come in the server's binary form. XML is the text that the server makes of
// it. A half surrogate pair in nvarchar, which is no Unicode text, becomes U+FFFD.
//
// Cells are held in memory whole, whatever their size: the driver has no way to read or write one in pieces.
//
// # Loading
//
// See [CreateURL].
package sqlserver

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/microsoft/go-mssqldb/azuread"
	// Kerberos, as an authenticator that a URL can name.
	_ "github.com/microsoft/go-mssqldb/integratedauth/krb5"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
)

// Scheme is what this engine's URLs begin with.
const Scheme = "sqlserver://"

// passwordVariable is the environment variable of the password.
const passwordVariable = "UTDRAG_SQLSERVER_PASSWORD"

const adviceURL = "write sqlserver://USER@HOST:PORT?database=NAME"

// parameters are what may stand in a URL: what the driver's msdsn, azuread and integratedauth packages read, without what
// would change cells (timezone, guid conversion, columnencryption), print them (log) or change the login (change password).
var parameters = []string{
	"app name", "applicationclientid", "applicationintent", "authenticator", "certificate", "clientassertion", "clientcertpath",
	"connection timeout", "database", "dial timeout", "disableinstancediscovery", "disableretry", "encrypt", "epa enabled",
	"additionallyallowedtenants", "failoverpartner", "failoverpartnerspn", "failoverport", "fedauth", "hostnameincertificate", "keepalive",
	"krb5-configfile", "krb5-credcachefile", "krb5-dnslookupkdc", "krb5-keytabfile", "krb5-realm", "krb5-udppreferencelimit",
	lockTimeoutParameter, "multisubnetfailover", "notraceid", "packet size", "password", "protocol", "resource id", "sendcertificatechain",
	"servercertificate", "serverspn", "serviceconnectionid", "systemtoken", "tlsmin", "tokenfilepath", "trustservercertificate",
	"user id", "userassertion", "workstation id",
}

// address is a URL taken apart. It is never printed.
type address struct {
	url      url.URL
	query    map[string]string // by lower-case name
	database string
	// lockTimeout is for how many seconds a statement waits for a lock. It is ours; the driver has none.
	lockTimeout int
}

// lockTimeoutParameter is how a URL says it, and lockTimeout what it is unless it does.
const (
	lockTimeoutParameter = "lock timeout"
	lockTimeout          = 60
)

// parse takes a URL apart. Its errors quote nothing of it but the names of parameters that are known.
func parse(text string) (*address, error) {
	refused := func(format string, args ...any) error {
		return failure(codeURL, diag.Misuse, adviceURL, nil, format, args...)
	}
	if len(text) < len(Scheme) || !strings.EqualFold(text[:len(Scheme)], Scheme) {
		return nil, refused("this is not the URL of a SQL Server")
	}
	u, err := url.Parse(text)
	if err != nil || u.Opaque != "" || u.Fragment != "" {
		return nil, refused("the URL can't be read: characters such as / ? # %% and @ in a user, password or name are written %%2F and so on")
	}
	a := &address{url: *u, query: map[string]string{}}
	a.url.Scheme = "sqlserver"
	if u.Hostname() == "" {
		return nil, refused("the URL names no host")
	}
	values, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, refused("what follows the question mark of the URL can't be read")
	}
	for name, value := range values {
		lower := strings.ToLower(name)
		_, twice := a.query[lower]
		switch {
		case !slices.Contains(parameters, lower):
			advice := diag.DidYouMean(lower, parameters)
			if advice == "" {
				advice = "log, timezone, guid conversion, columnencryption and change password are not allowed"
			}
			return nil, failure(codeURL, diag.Misuse, advice, nil, "the URL has a parameter that is not known or not allowed")
		case twice || len(value) != 1:
			return nil, refused("the URL has parameter %s twice", lower)
		}
		a.query[lower] = value[0]
	}
	if a.database = a.query["database"]; a.database == "" {
		return nil, refused("the URL names no database")
	}
	a.lockTimeout = lockTimeout
	if text, written := a.query[lockTimeoutParameter]; written {
		// 0 would be not to wait at all, and less to wait for ever.
		if a.lockTimeout, err = strconv.Atoi(text); err != nil || a.lockTimeout < 1 || a.lockTimeout > 86400 {
			return nil, failure(codeURL, diag.Misuse, "write a number of seconds, from 1 to 86400", nil, "the URL's "+lockTimeoutParameter+" can't be used")
		}
		delete(a.query, lockTimeoutParameter)
	}
	return a, a.complete()
}

// complete adds what is not written: encryption, the password, the name of this program.
func (a *address) complete() error {
	// Without the word encrypt the driver would encrypt the login only, and check no certificate.
	if _, written := a.query["encrypt"]; !written {
		a.query["encrypt"] = "true"
	}
	if _, written := a.query["app name"]; !written {
		a.query["app name"] = "utdrag"
	}
	// The driver takes no notice of an intent that is written otherwise.
	if intent, written := a.query["applicationintent"]; written {
		switch strings.ToLower(intent) {
		case "readonly":
			a.query["applicationintent"] = "ReadOnly"
		case "readwrite":
			delete(a.query, "applicationintent")
		default:
			return failure(codeURL, diag.Misuse, "write ApplicationIntent=ReadOnly", nil, "the URL's ApplicationIntent is not known")
		}
	}
	_, given := a.query["password"]
	if a.url.User != nil {
		_, inUser := a.url.User.Password()
		given = given || inUser
	}
	if password := os.Getenv(passwordVariable); !given && password != "" {
		a.query["password"] = password
	}
	return nil
}

// dsn is the URL for the driver, leading to the given database.
func (a *address) dsn(database string) string {
	values := url.Values{}
	for name, value := range a.query {
		values.Set(name, value)
	}
	values.Set("database", database)
	u := a.url
	u.RawQuery = values.Encode()
	return u.String()
}

// open prepares connections to a database of the server. None is kept for reuse: what a session holds (a database in use,
// work tables, locks, numbering switched off) ends with it.
func (a *address) open(database string) (*sql.DB, error) {
	connector, err := azuread.NewConnector(a.dsn(database))
	if err != nil {
		return nil, failure(codeURL, diag.Misuse, adviceParameter(err), nil, "the driver can't use the URL")
	}
	connector.SessionInitSQL = "SET LOCK_TIMEOUT " + strconv.Itoa(a.lockTimeout*1000)
	db := sql.OpenDB(connector)
	db.SetMaxIdleConns(-1)
	return db, nil
}

// adviceParameter says which parameter the driver complains of. Its message may quote the parameter's content.
func adviceParameter(err error) string {
	text := strings.ToLower(err.Error())
	for _, name := range parameters {
		if len(name) > 4 && name != "password" && strings.Contains(text, name) {
			return "see " + name + " in the URL"
		}
	}
	return "see the driver's documentation of connection strings"
}

// settings are what every session of ours has: answers that don't depend on the server's configuration, and manners. Texts
// and binaries come whole. https://learn.microsoft.com/sql/t-sql/statements/set-statements-transact-sql
var settings = []string{
	"SET ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL, QUOTED_IDENTIFIER, XACT_ABORT ON",
	"SET NUMERIC_ROUNDABORT, IMPLICIT_TRANSACTIONS, CURSOR_CLOSE_ON_COMMIT, NOCOUNT OFF",
	"SET DEADLOCK_PRIORITY LOW", "SET LANGUAGE us_english", "SET DATEFORMAT ymd", "SET DATEFIRST 7",
	"SET TEXTSIZE 2147483647", "SET ROWCOUNT 0", "SET TRANSACTION ISOLATION LEVEL READ COMMITTED",
}

// session opens a session of its own.
func session(ctx context.Context, db *sql.DB) (*sql.Conn, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, wrap(ctx, err, "connecting to the server")
	}
	if err := batch(ctx, conn, strings.Join(settings, ";\n")); err != nil {
		conn.Close()
		return nil, wrap(ctx, err, "preparing a session")
	}
	return conn, nil
}

// batch runs statements as a batch of their own, so that what they set lasts for the session.
func batch(ctx context.Context, conn *sql.Conn, text string) error {
	_, err := conn.ExecContext(ctx, text)
	return err
}

// one reads the one row of a query.
func one(ctx context.Context, conn *sql.Conn, query string, into ...any) error {
	return conn.QueryRowContext(ctx, query).Scan(into...)
}

type source struct {
	address *address
	db      *sql.DB
}

var _ engine.Source = (*source)(nil)

// Open opens a database by its sqlserver:// URL, to be read.
func Open(ctx context.Context, url string) (engine.Source, error) {
	a, err := parse(url)
	if err != nil {
		return nil, err
	}
	db, err := a.open(a.database)
	if err != nil {
		return nil, err
	}
	conn, err := session(ctx, db)
	if err == nil {
		err = conn.Close()
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &source{address: a, db: db}, nil
}

// Catalog describes the database.
func (s *source) Catalog(ctx context.Context) (*catalog.Catalog, error) {
	if s.db == nil {
		return nil, ended("the source")
	}
	conn, err := session(ctx, s.db)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	c, err := introspect(ctx, conn)
	return c, wrap(ctx, err, "reading the catalog")
}

// Close closes the source. Snapshots that are open stay so.
func (s *source) Close() error {
	if s.db == nil {
		return nil
	}
	err := s.db.Close()
	s.db = nil
	return wrap(context.Background(), err, "closing")
}

func ended(what string) error {
	return failure(codeEnded, diag.Misuse, "", nil, "%s is used after it was closed, or after it failed", what)
}
