package sqlserver

import (
	"context"
	"crypto/x509"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"

	mssql "github.com/microsoft/go-mssqldb"

	"github.com/utdrag/utdrag/filter/diag"
)

// secret stands for a cell, a password or a user in what a server or driver says.
const secret = "19121212-1212"

func TestServerErrors(t *testing.T) {
	tests := []struct {
		number  int32
		message string
		code    string
		class   diag.Class
		shows   string // what must be in the error
	}{
		{229, "The SELECT permission was denied on the object 'person', database 'care', schema 'dbo'.", codePermission, diag.External, "'person', database 'care'"},
		{230, "The SELECT permission was denied on the column 'ssn' of the object 'person', database 'care', schema 'dbo'.", codePermission, diag.External, "'ssn'"},
		{262, "CREATE DATABASE permission denied in database 'master'.", codePermission, diag.External, "CREATE DATABASE"},
		{297, "The user does not have permission to perform this action.", codePermission, diag.External, ""},
		{300, "VIEW SERVER STATE permission was denied on object 'server', database 'master'.", codePermission, diag.External, "VIEW SERVER STATE"},
		{18456, "Login failed for user '" + secret + "'.", codeLogin, diag.External, "18456"},
		{4060, "Cannot open database \"" + secret + "\" requested by the login. The login failed.", codeMissing, diag.External, ""},
		{1205, "Transaction (Process ID 52) was deadlocked on lock resources with another process and has been chosen as the deadlock victim.", codeBusy, diag.External, ""},
		{1222, "Lock request time out period exceeded.", codeBusy, diag.External, ""},
		{3960, "Snapshot isolation transaction aborted due to update conflict.", codeBusy, diag.External, ""},
		{3961, "Snapshot isolation transaction failed in database 'care' because the object accessed by the statement has been modified.", codeBusy, diag.External, ""},
		{3952, "Snapshot isolation transaction failed accessing database 'care' because snapshot isolation is not allowed.", codeSnapshot, diag.Refused, ""},
		{1105, "Could not allocate space for object 'dbo.person' in database 'care' because the 'PRIMARY' filegroup is full.", codeFull, diag.External, "'PRIMARY' filegroup"},
		{9002, "The transaction log for database 'care' is full due to 'ACTIVE_TRANSACTION'.", codeFull, diag.External, "'ACTIVE_TRANSACTION'"},
		{2627, "Violation of PRIMARY KEY constraint 'PK_person'. Cannot insert duplicate key in object 'dbo.person'. The duplicate key value is (" + secret + ").", codeConstraint, diag.Refused, "'PK_person'"},
		{2601, "Cannot insert duplicate key row in object 'dbo.person' with unique index 'UX_ssn'. The duplicate key value is (" + secret + ").", codeConstraint, diag.Refused, "'UX_ssn'"},
		{1505, "The CREATE UNIQUE INDEX statement terminated because a duplicate key was found for the object name 'dbo.person' and the index name 'UX'. The duplicate key value is (" + secret + ").", codeConstraint, diag.Refused, "'UX'"},
		{2628, "String or binary data would be truncated in table 'care.dbo.person', column 'name'. Truncated value: '" + secret + "'.", codeConstraint, diag.Refused, "column 'name'"},
		{547, "The INSERT statement conflicted with the CHECK constraint \"CK_age\". The conflict occurred in database \"care\", table \"dbo.person\", column 'age'.", codeConstraint, diag.Refused, "CK_age"},
		{515, "Cannot insert the value NULL into column 'name', table 'care.dbo.person'; column does not allow nulls. INSERT fails.", codeConstraint, diag.Refused, "'name'"},
		{245, "Conversion failed when converting the nvarchar value '" + secret + "' to data type int.", codeConstraint, diag.Refused, "245"},
		{8114, "Error converting data type nvarchar to numeric.", codeConstraint, diag.Refused, ""},
		{51000, "UE312: column x of [dbo].[t] got another collation", codeCollation, diag.Refused, "got another collation"},
		{50000, "something that a trigger says of " + secret, codeStatement, diag.External, "50000"},
		{102, "Incorrect syntax near '" + secret + "'.", codeStatement, diag.External, "102"},
	}
	for _, test := range tests {
		for _, err := range []error{
			mssql.Error{Number: test.number, State: 3, Message: test.message},
			fmt.Errorf("wrapped: %w", &mssql.Error{Number: test.number, State: 3, Message: test.message}),
			// The server says afterwards that the statement was terminated.
			mssql.Error{Number: 3621, Message: "The statement has been terminated.", All: []mssql.Error{{Number: test.number, State: 3, Message: test.message}, {Number: 3621}}},
		} {
			got := wrap(t.Context(), err, "loading table %s", "dbo.person")
			coded, ok := errors.AsType[*diag.Error](got)
			if !ok || coded.Code != test.code || coded.Class != test.class {
				t.Errorf("%d: %v", test.number, got)
				continue
			}
			if text := got.Error() + coded.Advice; strings.Contains(text, secret) || !strings.Contains(text, test.shows) || !strings.Contains(text, "loading table dbo.person") {
				t.Errorf("%d: %s", test.number, text)
			}
		}
	}
}

func TestDriverErrors(t *testing.T) {
	dial := &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	tests := []struct {
		err    error
		code   string
		advice string
	}{
		{fmt.Errorf("login error: mssql: Login failed for user '%s'. (18456)", secret), codeLogin, "UTDRAG_SQLSERVER_PASSWORD"},
		{fmt.Errorf("login error: mssql: Cannot open database \"%s\"\nmssql: Login failed (4060)", secret), codeMissing, "URL"},
		{fmt.Errorf("TLS Handshake failed: %v", x509.UnknownAuthorityError{}), codeCertificate, "authority"},
		{fmt.Errorf("TLS Handshake failed: %w", x509.CertificateInvalidError{Reason: x509.Expired, Detail: secret}), codeCertificate, "expired"},
		{errors.New("TLS Handshake failed: x509: certificate is valid for db.example, not localhost"), codeCertificate, "hostNameInCertificate"},
		{errors.New("server does not support encryption"), codeCertificate, "encrypt"},
		{fmt.Errorf("unable to open tcp connection with host '%s:1433': %w", secret, dial), codeOpen, "port"},
		{fmt.Errorf("unable to open tcp connection with host '%s:1433': dial tcp: lookup: no such host", secret), codeOpen, "host"},
		{&net.DNSError{Err: "no such host", Name: secret, IsNotFound: true}, codeOpen, "host"},
		{driver.ErrBadConn, codeLost, ""}, {io.EOF, codeLost, ""}, {io.ErrUnexpectedEOF, codeLost, ""},
		{&net.OpError{Op: "read", Err: syscall.ECONNRESET}, codeLost, ""},
		{mssql.StreamError{InnerError: errors.New(secret)}, codeLost, ""}, {mssql.ServerError{}, codeLost, ""},
		{fmt.Errorf("bulkcopy: can't parse %q as a decimal number", secret), codeStatement, ""},
	}
	for _, test := range tests {
		got := wrap(t.Context(), test.err, "connecting")
		coded, ok := errors.AsType[*diag.Error](got)
		if !ok || coded.Code != test.code || coded.Class != diag.External || !strings.Contains(coded.Advice, test.advice) {
			t.Errorf("%T: %v (%s)", test.err, got, coded.Advice)
		}
		if strings.Contains(got.Error()+coded.Advice, secret) {
			t.Errorf("%v says too much", got)
		}
	}
	if wrap(t.Context(), nil, "x") != nil {
		t.Error("an error of none")
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("the user went home"))
	if got := wrap(ctx, mssql.Error{Number: 1205}, "reading"); diag.CodeOf(got) != codeCanceled || !strings.Contains(got.Error(), "went home") {
		t.Error(got)
	}
}
