package schemamap

// The codes of everything that reading a map refuses or remarks on. They are stable: a code is never given another
// meaning.
const (
	CodeSyntax         = "UM001"
	CodeUnreadable     = "UM002"
	CodeUnknownBlock   = "UM003"
	CodeUnknownName    = "UM004"
	CodeMissing        = "UM005"
	CodeWrongValue     = "UM006"
	CodeLabels         = "UM007"
	CodeTwice          = "UM008"
	CodeUnknownWord    = "UM009"
	CodeVersion        = "UM010"
	CodeTableName      = "UM011"
	CodeBadText        = "UM012"
	CodeReasonBlank    = "UM013"
	CodeReasonMissing  = "UM014"
	CodeMatchMissing   = "UM015"
	CodeMatchNeedless  = "UM016"
	CodeVirtualKey     = "UM017"
	CodeNullInclude    = "UM018"
	CodeSharedFrom     = "UM019"
	CodeRowsExclude    = "UM020"
	CodeNoRule         = "UM021"
	CodeProviderTable  = "UM022"
	CodeUnitTable      = "UM023"
	CodeColumnConflict = "UM024"
	CodeColumnEmpty    = "UM025"
	CodeMaskForm       = "UM026"
	CodeTableTwice     = "UM027"
	CodeColumnTwice    = "UM028"
	CodeEmptyList      = "UM029"
	CodeReasonNeedless = "UM030"
	CodeNumber         = "UM031"

	CodeWhereSize       = "UM040"
	CodeWhereCharacter  = "UM041"
	CodeWhereConstruct  = "UM042"
	CodeWhereSyntax     = "UM043"
	CodeWhereNull       = "UM044"
	CodeWhereNumber     = "UM045"
	CodeWhereNoColumn   = "UM046"
	CodeWherePattern    = "UM047"
	CodeWhereColumn     = "UM050"
	CodeWhereLiteral    = "UM051"
	CodeWhereColumns    = "UM052"
	CodeWhereOnlyNull   = "UM053"
	CodeWhereOperator   = "UM054"
	CodeWhereFormatting = "UM055"

	CodeAllowedNothing = "UM056"
	CodeAllowedTwice   = "UM057"
	CodeAllowedTable   = "UM058"
)

// A Code is a diagnostic's code and what it means, in one line.
type Code struct {
	Code    string
	Meaning string
}

// Codes returns every code of this package, in order. Documentation and tests walk it.
func Codes() []Code {
	return []Code{
		{CodeSyntax, "the text is not HCL"},
		{CodeUnreadable, "the file is not UTF-8 text, too large, or nested too deeply to be a map"},
		{CodeUnknownBlock, "there is no block of that name here"},
		{CodeUnknownName, "there is no attribute of that name here"},
		{CodeMissing, "a block or attribute that must be written is missing"},
		{CodeWrongValue, "an attribute holds another kind of value than it takes"},
		{CodeLabels, "a block has too few or too many labels"},
		{CodeTwice, "a block that can be written once is written twice"},
		{CodeUnknownWord, "an attribute takes one of a few words, and this is not one of them"},
		{CodeVersion, "the map's version is not one that this program reads"},
		{CodeTableName, "a table name can't be read"},
		{CodeBadText, "a text is empty or holds control characters"},
		{CodeReasonBlank, "a reason is blank"},
		{CodeReasonMissing, "a decision that needs a reason has none"},
		{CodeMatchMissing, "a table has two or more paths and doesn't say how they combine"},
		{CodeMatchNeedless, "match is written where there are not two paths (warning)"},
		{CodeVirtualKey, "a virtual foreign key is incomplete or contradicts itself"},
		{CodeNullInclude, "null = \"include\" stands on a path with from"},
		{CodeSharedFrom, "shared stands on a path with from"},
		{CodeRowsExclude, "rows is written together with what decides rows otherwise"},
		{CodeNoRule, "a table block says neither by which path nor which rows"},
		{CodeProviderTable, "the provider's own table is given paths, rows or a condition"},
		{CodeUnitTable, "the unit table is also named as something else"},
		{CodeColumnConflict, "a column block decides two things at once"},
		{CodeColumnEmpty, "a column block decides nothing"},
		{CodeMaskForm, "a mask is not a word or a call with literal arguments"},
		{CodeTableTwice, "a table is accounted for twice"},
		{CodeColumnTwice, "a column is listed twice"},
		{CodeEmptyList, "a list is empty"},
		{CodeReasonNeedless, "a reason stands where nothing needs one (warning)"},
		{CodeNumber, "a number can't be taken as written"},

		{CodeWhereSize, "a condition is too long or too deeply nested"},
		{CodeWhereCharacter, "a condition holds a character or comment that the language doesn't have"},
		{CodeWhereConstruct, "a condition uses something that the language doesn't have"},
		{CodeWhereSyntax, "a condition can't be read"},
		{CodeWhereNull, "a condition compares with NULL"},
		{CodeWhereNumber, "a number in a condition can't be taken as written"},
		{CodeWhereNoColumn, "a comparison has no column, or not where it must be"},
		{CodeWherePattern, "a LIKE pattern can't be taken as written"},
		{CodeWhereColumn, "a condition names a column that the table doesn't have"},
		{CodeWhereLiteral, "a literal's kind is not the column's"},
		{CodeWhereColumns, "two compared columns are not of the same kind and collation"},
		{CodeWhereOnlyNull, "a column of this kind can only be tested with IS NULL"},
		{CodeWhereOperator, "the comparison does not exist for columns of this kind"},
		{CodeWhereFormatting, "a date, time or UUID is not in the form that every engine reads alike"},

		{CodeAllowedNothing, "an allowed block names neither functions nor views"},
		{CodeAllowedTwice, "a function or view is allowed twice"},
		{CodeAllowedTable, "an allowed view is accounted for as a table"},
	}
}
