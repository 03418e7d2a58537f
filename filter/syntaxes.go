package filter

import (
	"github.com/utdrag/utdrag/filter/rewrite"
	mysqlsyntax "github.com/utdrag/utdrag/filter/rewrite/mysql"
	"github.com/utdrag/utdrag/filter/rewrite/postgres"
	"github.com/utdrag/utdrag/filter/rewrite/sqlite"
	"github.com/utdrag/utdrag/filter/rewrite/tsql"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/engines"
	"github.com/utdrag/utdrag/internal/engine/mysql"
)

// syntaxes are the readers of queries by engine. dialect is set for engines that are only queried.
var syntaxes = []struct {
	engine  string
	syntax  rewrite.Syntax
	dialect engine.Dialect
}{
	{engine: engines.SQLite, syntax: sqlite.Syntax{}},
	{engine: engines.Postgres, syntax: postgres.Syntax{}},
	{engine: engines.SQLServer, syntax: tsql.Syntax{}},
	{engine: mysql.Name, syntax: mysqlsyntax.Syntax{}, dialect: mysql.Dialect{}},
}
