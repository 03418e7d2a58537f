package filter

// The codes of everything that binding and compiling refuse. They are stable.
const (
	CodeUnknownTable     = "UF001" // the map names a table that the catalog doesn't have
	CodeUnmappedTable    = "UF002" // the catalog has tables that the map doesn't account for
	CodeUnknownColumn    = "UF003" // the map names a column that the table doesn't have
	CodeNoForeignKey     = "UF004" // no foreign key runs over a path's columns
	CodeAmbiguousPath    = "UF005" // more than one foreign key could be meant
	CodeAnchorKey        = "UF006" // the provider's or unit's key is not a unique key of its table
	CodeSharedParent     = "UF007" // a path goes up to a shared table without saying why
	CodeUnreached        = "UF008" // no path of a table leads to the provider
	CodePathNowhere      = "UF009" // a path leads to a table of which every row, or none, is copied
	CodeUnclassified     = "UF010" // a strict map leaves columns unclassified
	CodeMaskUnknown      = "UF011" // no such mask, or wrong arguments
	CodeMaskUnfit        = "UF012" // the mask can't be used on the column
	CodeMaskReference    = "UF013" // the two ends of a foreign key are not masked alike
	CodeOmit             = "UF014" // the column can't be left out
	CodeUnknownForeign   = "UF015" // a foreign block names no foreign key of the table
	CodeNullRefused      = "UF016" // outside = "null" on columns that can't be NULL
	CodeDropOnCycle      = "UF017" // outside = "drop" on a cycle
	CodeStubRefused      = "UF018" // outside = "stub" or "include" can't work here
	CodeNotComparable    = "UF019" // the columns of a path or foreign key don't compare without a conversion
	CodeNoIdentity       = "UF020" // nothing names a row of a table whose key set is needed
	CodeDuplicateMapping = "UF021" // two names in the map are the same table, function or view
	CodeComputedMasked   = "UF022" // a computed column can't be masked
	CodeSharedNeedless   = "UF023" // a path says shared though its parent is not
	CodeNoUnits          = "UF024" // the order names units and the map declares no unit table
	CodeNoProvider       = "UF025" // the order names no provider
	CodeWhere            = "UF026" // a where condition has no form on this engine
	CodeNotAKey          = "UF027" // a path or foreign key references columns that are no key of their table
	CodeNullsCollide     = "UF028" // outside = "null" or "stub" would put NULL twice into a key that takes it once
	CodeUnknownView      = "UF029" // the map allows a view that the catalog doesn't have
)
