package sqlserver

import (
	_ "github.com/sqlc-dev/teesql/parser"
)
