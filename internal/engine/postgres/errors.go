package postgres

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/utdrag/utdrag/filter/diag"
)

// The codes of this package's errors. They are stable.
const (
	codeURL         = "UE201" // the URL is none that leads to a database
	codeMissing     = "UE202" // the source database is not there
	codeServer      = "UE203" // a server or database that isn't supported: its version, its encoding
	codeOpen        = "UE204" // the server can't be reached, or refuses the login
	codeStatement   = "UE205" // a statement failed
	codeCanceled    = "UE206" // the caller gave up
	codeBusy        = "UE207" // a lock wasn't to be had in time
	codeEnded       = "UE208" // used after it was closed, committed, aborted or had failed
	codePermission  = "UE209" // the role may not do something
	codeKind        = "UE210" // a table of a kind that isn't copied
	codeDefinition  = "UE211" // a table's definition can't be made or can't be relied on
	codeReference   = "UE213" // a foreign key that can't be followed
	codeCatalog     = "UE214" // names that no catalog can hold
	codeRowSecurity = "UE215" // a policy would hide rows
	codeLost        = "UE216" // the connection was lost
	codeReplica     = "UE217" // the replica gave up the snapshot
	codeAltered     = "UE218" // a table was altered under the snapshot
	codeExists      = "UE220" // the target holds something
	codeTarget      = "UE221" // the target can't be made, written or made final
	codeFull        = "UE222" // the disk is full
	codeConstraint  = "UE223" // a row breaks a constraint of the target
	codeForeign     = "UE224" // copied rows reference rows that were not copied
	codeLacks       = "UE225" // the target lacks a function, type or extension that a definition names
	codeReplace     = "UE226" // the database that a newer copy is to replace is none of ours, or can't be replaced
	codeLike        = "UE230" // a LIKE pattern that has no exact form
	codeType        = "UE231" // a type that is not known, or that PostgreSQL has no name for
	codeLarge       = "UE232" // a large cell where only a small one can be
	codeScript      = "UE233" // what a script can't say
)

func failure(code string, class diag.Class, advice string, cause error, format string, args ...any) error {
	return &diag.Error{Code: code, Class: class, Message: fmt.Sprintf(format, args...), Advice: advice, Err: cause}
}

func ended(what string) error {
	return failure(codeEnded, diag.Misuse, "", nil, "%s is used after it was closed, or after it failed", what)
}

// Failure is what of a server's error can be told: its code, and the names of what it is about. Its message and detail can
// quote cells and are left out, save where the server writes nothing but names of objects in it.
type Failure struct {
	// SQLState is the five-character code (https://www.postgresql.org/docs/15/errcodes-appendix.html).
	SQLState string
	// About is a table, column or constraint that the server names, or a message that quotes nothing else; "" if none.
	About string
}

// Error is the code and the names.
func (f *Failure) Error() string {
	if f.About == "" {
		return "SQLSTATE " + f.SQLState
	}
	return "SQLSTATE " + f.SQLState + ": " + f.About
}

// redacted is the part of a server's error that can be told.
func redacted(e *pgconn.PgError) *Failure {
	f := &Failure{SQLState: e.Code}
	if onlyNames(e) {
		f.About = e.Message
		return f
	}
	if e.Routine == "exec_stmt_raise" { // RAISE of PL/pgSQL says what these are, too
		return f
	}
	var parts []string
	for _, part := range [][2]string{{"table", e.TableName}, {"column", e.ColumnName}, {"constraint", e.ConstraintName}, {"data type", e.DataTypeName}} {
		if part[1] != "" {
			parts = append(parts, part[0]+" "+quote(part[1]))
		}
	}
	f.About = strings.Join(parts, ", ")
	return f
}

// onlyNames reports whether the message of an error quotes names of objects at most, and no cells or literals. The routine
// is the server's function that wrote it. Where somebody's function was running, it may have put together from a cell what it
// names, or said anything at all.
func onlyNames(e *pgconn.PgError) bool {
	if e.Where != "" && !strings.HasPrefix(e.Where, "COPY ") || strings.Contains(e.Where, "function ") || e.Routine == "exec_stmt_raise" {
		return false
	}
	switch e.Code {
	case "42501": // insufficient_privilege
		return e.Routine == "aclcheck_error" || e.Routine == "check_enable_rls"
	case "42883", "42704", "42P01", "3F000", "42703", "42P06", "42P07", "42710", "42723", "0A000": // objects that are, or aren't, there
		return true
	}
	return false
}

// sqlState is the server's code of an error, or "".
func sqlState(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	if e, ok := errors.AsType[*Failure](err); ok {
		return e.SQLState
	}
	return ""
}

// meaning is what a server's error comes to.
func meaning(e *pgconn.PgError) (code string, class diag.Class, advice string) {
	switch {
	case e.Code == "42501" && e.Routine == "check_enable_rls":
		return codeRowSecurity, diag.External, "a policy would hide rows: read as the tables' owner without FORCE, or as a role with BYPASSRLS"
	case e.Code == "42501":
		return codePermission, diag.External, "grant the role what it lacks: SELECT on the tables and USAGE on their schemas of a source; CREATE on a target"
	case e.Code == "55P03":
		return codeBusy, diag.External, "another session holds a lock, as ALTER TABLE takes; try again when it is done"
	case e.Code == "40P01":
		return codeBusy, diag.External, "two sessions waited for each other, and this one gave way; try again"
	case e.Code == "40001" || e.Code == "72000":
		return codeReplica, diag.External, "a replica gives up a reader's snapshot for changes that wait too long: set hot_standby_feedback or max_standby_streaming_delay there, or read the primary"
	case e.Code == "57014":
		return codeCanceled, diag.External, "somebody, or a statement_timeout, canceled the statement"
	case strings.HasPrefix(e.Code, "57P") || strings.HasPrefix(e.Code, "08"):
		return codeLost, diag.External, "the server ended the session; try again"
	case e.Code == "53100":
		return codeFull, diag.External, "free space on the server"
	case strings.HasPrefix(e.Code, "53"):
		return codeStatement, diag.External, "the server is out of memory, connections or locks: see max_connections and max_locks_per_transaction"
	case e.Code == "23503":
		return codeForeign, diag.Refused, `say what happens to such rows with foreign "COLUMN" { outside = … } in the map`
	case strings.HasPrefix(e.Code, "23"):
		return codeConstraint, diag.Refused, ""
	case e.Code == "42883" || e.Code == "42704":
		return codeLacks, diag.Refused, "functions, extensions and collations are not copied: make them in the target database first, or omit the column"
	case strings.HasPrefix(e.Code, "22"):
		return codeConstraint, diag.Refused, ""
	}
	return codeStatement, diag.External, ""
}

// wrap makes a coded error of what went wrong while doing something, or returns nil.
func wrap(ctx context.Context, err error, doing string, args ...any) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*diag.Error](err); ok {
		return err
	}
	text := fmt.Sprintf(doing, args...)
	if ctx.Err() != nil {
		return failure(codeCanceled, diag.External, "", context.Cause(ctx), "stopped while %s", text)
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		code, class, advice := meaning(e)
		return failure(code, class, advice, redacted(e), "%s failed", text)
	}
	if lost(err) {
		return failure(codeLost, diag.External, "the connection to the server was lost; try again", network(err), "%s failed", text)
	}
	return failure(codeStatement, diag.External, "", errors.New("the driver gave up"), "%s failed", text)
}

// lost reports whether an error is that of a connection.
func lost(err error) bool {
	_, operation := errors.AsType[*net.OpError](err)
	return operation || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || errors.Is(err, syscall.EPIPE) ||
		errors.Is(err, syscall.ECONNRESET) || pgconn.SafeToRetry(err)
}

// network is the cause of a connection's error without addresses, or nil.
func network(err error) error {
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errno
	}
	if e, ok := errors.AsType[*net.DNSError](err); ok && e.IsNotFound {
		return errors.New("the host's name is not known")
	}
	if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
		return errors.New("timeout")
	}
	return nil
}

// refused makes a coded error of why no connection came about.
func refused(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return failure(codeCanceled, diag.External, "", context.Cause(ctx), "stopped while connecting")
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch e.Code {
		case "28P01", "28000":
			return failure(codeOpen, diag.External, "check the role and its password: in the URL, PGPASSWORD or ~/.pgpass; and the server's pg_hba.conf", redacted(e), "the server refuses the login")
		case "3D000":
			return failure(codeMissing, diag.External, "check the database's name in the URL; a source is never created", redacted(e), "there is no such database")
		case "42501":
			return failure(codePermission, diag.External, "grant the role CONNECT on the database", redacted(e), "the role may not connect to the database")
		}
		return failure(codeOpen, diag.External, "", redacted(e), "the server refuses the connection")
	}
	if certificate(err) {
		return failure(codeOpen, diag.External, "name the authority's certificate with sslrootcert=FILE in the URL, and the host as the certificate does; sslmode=require encrypts without knowing the server", nil,
			"the server's certificate can't be verified")
	}
	if strings.Contains(err.Error(), "server refused TLS connection") {
		return failure(codeOpen, diag.External, "switch TLS on at the server, or write sslmode=disable in the URL to send everything in the clear", nil, "the server doesn't encrypt connections")
	}
	return failure(codeOpen, diag.External, "check host and port in the URL, and that the server runs", network(err), "the server can't be reached")
}

func certificate(err error) bool {
	_, verification := errors.AsType[*tls.CertificateVerificationError](err)
	_, authority := errors.AsType[x509.UnknownAuthorityError](err)
	_, host := errors.AsType[x509.HostnameError](err)
	_, invalid := errors.AsType[x509.CertificateInvalidError](err)
	return verification || authority || host || invalid
}
