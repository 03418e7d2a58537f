package sqlserver

import "github.com/utdrag/utdrag/filter/catalog"

// Session makes quotes and NULL mean what standard SQL says, whatever the login's defaults are.
func (Dialect) Session() []string {
	return []string{"SET QUOTED_IDENTIFIER ON", "SET ANSI_NULLS ON", "SET ANSI_PADDING ON", "SET ANSI_WARNINGS ON", "SET CONCAT_NULL_YIELDS_NULL ON", "SET ARITHABORT ON"}
}

// Typed casts: an nvarchar argument would have a varchar column converted, and no index found.
func (d Dialect) Typed(parameter string, c *catalog.Column) string {
	return "CAST(" + parameter + " AS " + c.EngineType + ")" + d.collateClause(c, c.EngineType)
}
