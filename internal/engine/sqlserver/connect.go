// Package sqlserver is the engine for Microsoft SQL Server.
package sqlserver

import (
	_ "github.com/microsoft/go-mssqldb"
	_ "github.com/microsoft/go-mssqldb/azuread"
	_ "github.com/microsoft/go-mssqldb/integratedauth/krb5"
)
