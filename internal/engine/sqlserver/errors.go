package sqlserver

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"regexp"
	"strconv"
	"strings"
	"syscall"

	mssql "github.com/microsoft/go-mssqldb"

	"github.com/utdrag/utdrag/filter/diag"
)

// The codes of this package's errors. They are stable. The last two digits mean what they mean in other engines.
const (
	codeURL         = "UE301" // the URL can't be used
	codeMissing     = "UE302" // the database is not there, or the login may not open it
	codeLogin       = "UE303" // the login is refused
	codeOpen        = "UE304" // the server can't be reached
	codeStatement   = "UE305" // a statement failed
	codeCanceled    = "UE306" // the caller gave up
	codeBusy        = "UE307" // other sessions hold what is needed
	codeEnded       = "UE308" // used after it was closed, committed, aborted or had failed
	codePermission  = "UE309" // a permission is missing
	codeDefinition  = "UE311" // a table that can't be described or made
	codeCollation   = "UE312" // a collation that is not known
	codeReference   = "UE313" // a foreign key without a table or key that it references
	codeCatalog     = "UE314" // names that no catalog can hold
	codeCertificate = "UE315" // the server's certificate is not trusted
	codeSnapshot    = "UE316" // the database gives no consistent snapshot
	codeLost        = "UE317" // the connection broke
	codeExists      = "UE320" // the target holds something already
	codeTarget      = "UE321" // the target can't be made, written or made final
	codeFull        = "UE322" // the target's disk, file or log is full
	codeConstraint  = "UE323" // a row breaks a constraint of the target
	codeForeign     = "UE324" // copied rows reference rows that were not copied
	codeReplace     = "UE326" // the database that a newer copy is to replace is none of ours, or can't be replaced
	codeLike        = "UE330" // a LIKE pattern that has no exact form
	codeType        = "UE331" // a type or cell that SQL Server can't hold, or that this package doesn't know
	codeLarge       = "UE332" // a large cell where only a small one can be
)

func failure(code string, class diag.Class, advice string, cause error, format string, args ...any) error {
	return &diag.Error{Code: code, Class: class, Message: fmt.Sprintf(format, args...), Advice: advice, Err: cause}
}

// serverError is what is kept of an error that the server sent. Its message is kept only where it holds nothing but names:
// many of the server's messages quote the cell that they are about.
type serverError struct {
	number int32
	state  uint8
	line   int32
	said   string // names from the message, or ""
}

func (e *serverError) Error() string {
	text := fmt.Sprintf("SQL Server error %d, state %d", e.number, e.state)
	if e.said != "" {
		text += ": " + e.said
	}
	return text
}

// meaning is what an error number says, and whether its message may be shown.
type meaning struct {
	code   string
	class  diag.Class
	advice string
	// names picks what may be shown of the message, which begins with a match. nil shows nothing.
	names *regexp.Regexp
}

// whole are messages that quote names of tables, columns, constraints, schemas and databases, and never a cell: the
// texts of sys.messages (https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors).
var whole = regexp.MustCompile(`(?s)^.*$`)

// Of messages that go on to quote a key's value, the part that names the constraint and the table.
var (
	duplicateConstraint = regexp.MustCompile(`(?s)^Violation of (?:PRIMARY|UNIQUE) KEY constraint '.*?'\. Cannot insert duplicate key in object '.*?'`)
	duplicateIndex      = regexp.MustCompile(`(?s)^Cannot insert duplicate key row in object '.*?' with unique index '.*?'`)
	duplicateCreate     = regexp.MustCompile(`(?s)^The CREATE UNIQUE INDEX statement terminated because a duplicate key was found for the object name '.*?' and the index name '.*?'`)
	truncated           = regexp.MustCompile(`(?s)^String or binary data would be truncated in table '.*?', column '.*?'`)
)

const (
	adviceBusy       = "other sessions hold locks on the same rows; try again when the database is less busy"
	adviceSnapshot   = "rows or tables changed under the snapshot in a way that it can't hide; start over"
	adviceFull       = "free space for the target's data and log files, or let them grow"
	adviceDatabase   = "check the database's name in the URL, and that the login has a user in it"
	adviceLogin      = "check the user and the password in the URL or in UTDRAG_SQLSERVER_PASSWORD, and that the server admits this kind of login"
	advicePermission = "grant the permission to the login, or ask the one who owns the database to"
	adviceForeign    = `say what happens to such rows with foreign "COLUMN" { outside = … } in the map`
)

var meanings = map[int32]meaning{
	// Permissions.
	229: {codePermission, diag.External, advicePermission, whole}, 230: {codePermission, diag.External, advicePermission, whole},
	262: {codePermission, diag.External, advicePermission, whole}, 297: {codePermission, diag.External, advicePermission, whole},
	300: {codePermission, diag.External, advicePermission, whole}, 371: {codePermission, diag.External, advicePermission, whole},
	1088: {codePermission, diag.External, advicePermission, whole}, 2760: {codePermission, diag.External, advicePermission, whole},
	3701: {codePermission, diag.External, advicePermission, whole}, 5011: {codePermission, diag.External, advicePermission, whole},
	15151: {codePermission, diag.External, advicePermission, whole}, 15247: {codePermission, diag.External, advicePermission, whole},
	// Logins and databases.
	18456: {codeLogin, diag.External, adviceLogin, nil}, 18452: {codeLogin, diag.External, adviceLogin, nil},
	18470: {codeLogin, diag.External, "the login is disabled", nil}, 18486: {codeLogin, diag.External, "the login is locked out", nil},
	18487: {codeLogin, diag.External, "the login's password has expired", nil}, 18488: {codeLogin, diag.External, "the login's password must be changed first", nil},
	17892: {codeLogin, diag.External, "a logon trigger refuses the login", nil}, 40532: {codeLogin, diag.External, adviceLogin, nil},
	40615: {codeOpen, diag.External, "the server's firewall doesn't admit this address", nil},
	4060:  {codeMissing, diag.External, adviceDatabase, nil}, 4063: {codeMissing, diag.External, adviceDatabase, nil},
	911: {codeMissing, diag.External, adviceDatabase, nil}, 916: {codeMissing, diag.External, adviceDatabase, nil},
	945: {codeMissing, diag.External, "the database is not online", nil}, 927: {codeMissing, diag.External, "the database is being restored", nil},
	978: {codeMissing, diag.External, "the database takes only connections that only read: write ApplicationIntent=ReadOnly in the URL", nil},
	976: {codeMissing, diag.External, "the database takes no connections on this replica", nil},
	// Others at work.
	1205: {codeBusy, diag.External, adviceBusy, nil}, 1222: {codeBusy, diag.External, adviceBusy, nil}, 1204: {codeBusy, diag.External, adviceBusy, nil},
	3960: {codeBusy, diag.External, adviceSnapshot, nil}, 3961: {codeBusy, diag.External, adviceSnapshot, nil},
	3958: {codeBusy, diag.External, adviceSnapshot, nil}, 3966: {codeBusy, diag.External, adviceSnapshot, nil},
	3967: {codeBusy, diag.External, adviceSnapshot, nil}, 3952: {codeSnapshot, diag.Refused, adviceIsolation, nil},
	3957: {codeSnapshot, diag.External, adviceSnapshot, nil}, 596: {codeLost, diag.External, "", nil}, 6005: {codeLost, diag.External, "the server is shutting down", nil},
	17142: {codeOpen, diag.External, "the server is paused", nil}, 10928: {codeBusy, diag.External, adviceBusy, nil}, 10929: {codeBusy, diag.External, adviceBusy, nil},
	// Space.
	1101: {codeFull, diag.External, adviceFull, whole}, 1105: {codeFull, diag.External, adviceFull, whole},
	1121: {codeFull, diag.External, adviceFull, nil}, 5149: {codeFull, diag.External, adviceFull, nil}, 1827: {codeFull, diag.External, "the edition's limit of a database's size is reached", nil},
	9002: {codeFull, diag.External, adviceFull, whole}, 3257: {codeFull, diag.External, adviceFull, nil}, 40544: {codeFull, diag.External, adviceFull, nil},
	701: {codeFull, diag.External, "the server has too little memory", nil}, 802: {codeFull, diag.External, "the server has too little memory", nil},
	// Rows that don't fit.
	547: {codeConstraint, diag.Refused, "", whole}, 515: {codeConstraint, diag.Refused, "", whole},
	2627: {codeConstraint, diag.Refused, "", duplicateConstraint}, 2601: {codeConstraint, diag.Refused, "", duplicateIndex},
	1505: {codeConstraint, diag.Refused, "", duplicateCreate}, 8152: {codeConstraint, diag.Refused, "a mask gives longer text than the column takes", nil},
	2628: {codeConstraint, diag.Refused, "a mask gives longer text than the column takes", truncated},
	220:  {codeConstraint, diag.Refused, "", nil}, 232: {codeConstraint, diag.Refused, "", nil}, 241: {codeConstraint, diag.Refused, "", nil},
	242: {codeConstraint, diag.Refused, "", nil}, 245: {codeConstraint, diag.Refused, "", nil}, 8114: {codeConstraint, diag.Refused, "", nil},
	8115: {codeConstraint, diag.Refused, "", nil}, 8169: {codeConstraint, diag.Refused, "", nil}, 4863: {codeConstraint, diag.Refused, "", nil},
	4815: {codeConstraint, diag.Refused, "", nil}, 4819: {codeConstraint, diag.Refused, "", nil}, 9420: {codeConstraint, diag.Refused, "", nil},
	511: {codeConstraint, diag.Refused, "a row is larger than a page can hold", nil},
	// Statements about things that are not there, or are there already.
	207: {codeStatement, diag.External, "", whole}, 208: {codeStatement, diag.External, "", whole},
	2714: {codeExists, diag.Misuse, "name an empty database", whole}, 1801: {codeExists, diag.Misuse, "name another database", nil},
}

const adviceIsolation = "allow it with ALTER DATABASE … SET ALLOW_SNAPSHOT_ISOLATION ON, ask for a database snapshot, or accept an inconsistent copy"

// wrap makes a coded error of what the server or the driver said while doing something, or returns nil. It keeps no text
// that can hold a cell, a password or a connection string.
func wrap(ctx context.Context, err error, doing string, args ...any) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*diag.Error](err); ok {
		return err
	}
	text := fmt.Sprintf(doing, args...)
	if cause := ctx.Err(); cause != nil {
		return failure(codeCanceled, diag.External, "", context.Cause(ctx), "stopped while %s", text)
	}
	if e, ok := serverSaid(err); ok {
		said := &serverError{number: e.Number, state: e.State, line: e.LineNo}
		m, known := meanings[e.Number]
		if !known {
			m = meaning{code: codeStatement, class: diag.External}
		}
		if own := thrown.FindStringSubmatch(e.Message); e.Number == thrownNumber && own != nil {
			m, said.said = meaning{code: own[1], class: diag.Refused}, own[2]
		}
		if m.names != nil {
			said.said = strings.TrimSuffix(m.names.FindString(e.Message), ".")
		}
		return failure(m.code, m.class, m.advice, said, "%s failed", text)
	}
	code, advice, cause := driverSaid(err)
	return failure(code, diag.External, advice, cause, "%s failed", text)
}

// serverSaid is the error that the server sent, if it was the server: of several the first that is known, else the first that
// says more than that the statement was terminated (3621).
func serverSaid(err error) (mssql.Error, bool) {
	e, ok := errors.AsType[mssql.Error](err)
	if !ok {
		if p, isPointer := errors.AsType[*mssql.Error](err); isPointer {
			e, ok = *p, true
		}
	}
	if ok && e.Number != 0 { // 0 is the driver's own
		for _, one := range e.All {
			if _, known := meanings[one.Number]; known || one.Number == thrownNumber {
				return one, true
			}
		}
		for _, one := range e.All {
			if one.Number != 3621 {
				return one, true
			}
		}
		return e, true
	}
	// While logging in the driver makes a text of the server's error, which ends with its number.
	if at := loginNumber.FindStringSubmatch(err.Error()); at != nil {
		if number, failed := strconv.ParseInt(at[1], 10, 32); failed == nil {
			return mssql.Error{Number: int32(number)}, true
		}
	}
	return mssql.Error{}, false
}

// thrown is an error that a statement of [Dialect]'s raises itself: a code of ours, and names.
var thrown = regexp.MustCompile(`(?s)^(UE3[0-9][0-9]): (.*)$`)

const thrownNumber = 51000

var loginNumber = regexp.MustCompile(`(?s)^login error: .*\((\d+)\)$`)

// driverSaid sorts what did not come from the server.
func driverSaid(err error) (code, advice string, cause error) {
	text := err.Error()
	network, isNetwork := errors.AsType[*net.OpError](err)
	_, isName := errors.AsType[*net.DNSError](err)
	var timeout interface{ Timeout() bool }
	switch {
	case strings.Contains(text, "x509: ") || strings.Contains(text, "certificate"):
		return codeCertificate, adviceCertificate(text), nil
	case strings.Contains(text, "TLS Handshake") || strings.Contains(text, "encrypt"):
		return codeCertificate, "the server and this side agree on no encryption; see encrypt in the URL", nil
	case isName:
		return codeOpen, "no such host is known; check the URL", nil
	case errors.Is(err, syscall.ECONNREFUSED):
		return codeOpen, "nothing listens there; check the host and port in the URL", nil
	case isNetwork && network.Op == "dial":
		return codeOpen, "check the host and port in the URL, and the firewalls between", nil
	case strings.Contains(text, "unable to open tcp connection"), strings.Contains(text, "instance"):
		return codeOpen, "check the host, the instance and the port in the URL, and the firewalls between", nil
	case errors.Is(err, driver.ErrBadConn), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed),
		isNetwork, errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return codeLost, "", errors.New("the connection to the server broke")
	}
	if _, ok := errors.AsType[mssql.StreamError](err); ok {
		return codeLost, "", errors.New("the server's answer can't be read")
	}
	if _, ok := errors.AsType[mssql.ServerError](err); ok {
		return codeLost, "", errors.New("the server ended the connection")
	}
	return codeStatement, "", nil
}

func adviceCertificate(text string) string {
	const alternative = ", or write TrustServerCertificate=true to do without"
	switch {
	case strings.Contains(text, "unknown authority"):
		return "the server's certificate is signed by an authority that this machine doesn't know: name it with certificate=FILE.pem in the URL" + alternative
	case strings.Contains(text, "expired"):
		return "the server's certificate has expired, or is not valid yet" + alternative
	case strings.Contains(text, "is valid for"), strings.Contains(text, "doesn't contain any IP SANs"), strings.Contains(text, "not valid for any names"):
		return "the server's certificate names another host: write hostNameInCertificate=NAME in the URL" + alternative
	}
	return "the server's certificate is not trusted" + alternative
}
