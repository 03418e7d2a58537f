package sqlserver

import (
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine"
)

// CreateStage takes types and collations from the shape. The union keeps an identity column from becoming one of the work
// table's, which would refuse rows.
func (d Dialect) CreateStage(name string, _ []engine.StageColumn, shape string) string {
	return "SELECT * INTO " + d.Work(name) + " FROM (" + shape + " UNION ALL " + shape + ") shape WHERE 1 = 0"
}

// DropWork removes a work table.
func (d Dialect) DropWork(name string) string {
	return "IF OBJECT_ID(N'tempdb.." + d.Work(name) + "') IS NOT NULL DROP TABLE " + d.Work(name)
}

// Shape casts, and gives text the column's collation.
func (d Dialect) Shape(expression, engineType string, c *catalog.Column) string {
	if engineType == "" {
		return expression
	}
	return "CAST(" + expression + " AS " + engineType + ")" + d.collateClause(c, engineType)
}
