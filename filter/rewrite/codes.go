package rewrite

import "github.com/utdrag/utdrag/filter/diag"

// Code is the stable code of a refusal or warning. [Codes] lists them all.
type Code string

// The codes. A code is never given another meaning.
const (
	CodeSize        Code = "UR001"
	CodeCharacter   Code = "UR002"
	CodeSyntax      Code = "UR003"
	CodeStatements  Code = "UR004"
	CodeNotSelect   Code = "UR005"
	CodeConstruct   Code = "UR006"
	CodeUnaccounted Code = "UR007"
	CodeWrites      Code = "UR008"
	CodeReserved    Code = "UR009"

	CodeUnknownTable  Code = "UR010"
	CodeExcluded      Code = "UR011"
	CodeElsewhere     Code = "UR012"
	CodeSystem        Code = "UR013"
	CodeTemporary     Code = "UR014"
	CodeView          Code = "UR015"
	CodeSynonym       Code = "UR016"
	CodeRowset        Code = "UR017"
	CodeTableCall     Code = "UR018"
	CodeNamesTable    Code = "UR019"
	CodeFunction      Code = "UR020"
	CodePseudo        Code = "UR021"
	CodeCommonScope   Code = "UR022"
	CodeQualifier     Code = "UR023"
	CodeHint          Code = "UR024"
	CodeHistory       Code = "UR025"
	CodeParameter     Code = "UR026"
	CodeMask          Code = "UR027"
	CodeDialect       Code = "UR028"
	CodeAliasTwice    Code = "UR029"
	CodeRecheck       Code = "UR030"
	CodeExpansion     Code = "UR031"
	CodeUnknownColumn Code = "UR032"

	CodeMaskedPredicate Code = "UR040"
	CodeUnchecked       Code = "UR041"

	CodeScriptMissing   Code = "UR050"
	CodeScriptStatement Code = "UR051"
	CodeScriptTable     Code = "UR052"
	CodeScriptColumn    Code = "UR053"
	CodeScriptJoin      Code = "UR054"
	CodeScriptTarget    Code = "UR055"
	CodeScriptClient    Code = "UR056"
	CodeScriptPlan      Code = "UR057"
)

// Explanation is what the documentation says of a code.
type Explanation struct {
	Code Code
	// Title says in a few words what it is about, and Why what could go wrong if it were let through.
	Title, Why string
	// Advice says what to write instead.
	Advice  string
	Warning bool
}

// Codes explains every code of this package, in order.
var Codes = []Explanation{
	{Code: CodeSize, Title: "the query is empty, too long or too deeply nested", Why: "a reader that runs out of stack or time guards nothing", Advice: "split the query, or make a view of a part of it"},
	{Code: CodeCharacter, Title: "a character or an open quote that no query needs", Why: "control characters, odd spaces and unclosed quotes are read in different ways by different readers", Advice: "type the character anew, or write it inside a text literal"},
	{Code: CodeSyntax, Title: "the query can't be read", Why: "what isn't understood can't be confined", Advice: "check the query against the dialect of the database"},
	{Code: CodeStatements, Title: "more than one statement, or something after it", Why: "only one SELECT is confined at a time", Advice: "send one statement at a time"},
	{Code: CodeNotSelect, Title: "not a SELECT", Why: "only reading can be confined", Advice: "write a SELECT"},
	{Code: CodeConstruct, Title: "a construct that is not on the list", Why: "it may read or do something that nobody has looked at", Advice: "write the query without it"},
	{Code: CodeUnaccounted, Title: "a part of the query that its parser passed over", Why: "what the parser doesn't see, nothing confines", Advice: "write that part in a plainer way"},
	{Code: CodeWrites, Title: "a SELECT that writes or locks", Why: "a confined query only reads", Advice: "leave INTO and the locking clause out"},
	{Code: CodeReserved, Title: "a name that begins with utdrag_", Why: "such names are kept for what the rewriting adds", Advice: "choose another name"},
	{Code: CodeUnknownTable, Title: "a table that the catalog doesn't have", Why: "nobody has said whose its rows are", Advice: "check the name, or take the catalog again"},
	{Code: CodeExcluded, Title: "a table that the map leaves out", Why: "the map says that no row of it is for providers", Advice: "leave it out of the query"},
	{Code: CodeElsewhere, Title: "a table of another database or server", Why: "the map describes one database only", Advice: "name tables of this database"},
	{Code: CodeSystem, Title: "a system table or view", Why: "it tells of other providers' rows, of statements and of users", Advice: "ask the catalog file instead"},
	{Code: CodeTemporary, Title: "a temporary table or table variable", Why: "nobody can say what was put there", Advice: "write the query over the tables themselves, with common table expressions"},
	{Code: CodeView, Title: "a view that can't be expanded", Why: "it reads tables that must be confined, out of sight", Advice: "write its SELECT into the query, or declare the view in an allowed block of the map if what it shows is for everyone"},
	{Code: CodeSynonym, Title: "a synonym", Why: "what it stands for may change", Advice: "name the table itself"},
	{Code: CodeRowset, Title: "a rowset from outside the database", Why: "it reads files, other servers, or runs any SQL", Advice: "name tables of this database"},
	{Code: CodeTableCall, Title: "a table function that is not on the list", Why: "it may read tables out of sight", Advice: "use tables, or a function that works on its arguments only"},
	{Code: CodeNamesTable, Title: "a function that takes the name of a table", Why: "it reads that table past the filter", Advice: "use LIKE, or another predicate over columns"},
	{Code: CodeFunction, Title: "a function that is not on the list", Why: "its body may read tables out of sight, or do something", Advice: "declare the function in an allowed block of the map if it only computes, or write the query without it"},
	{Code: CodePseudo, Title: "a pseudo column", Why: "it tells where a row is stored, or names a column that the map may hide", Advice: "name the table's columns"},
	{Code: CodeCommonScope, Title: "a common table expression whose scope is not clear", Why: "the same name could be a table", Advice: "give each common table expression a name of its own, before its use"},
	{Code: CodeQualifier, Title: "a qualified column that could mean more than one thing", Why: "the table it names is replaced, and the name must still lead there", Advice: "give the table an alias and use that"},
	{Code: CodeHint, Title: "a hint that is not on the list", Why: "some hints change what is read, or lock rows for others", Advice: "leave the hint out"},
	{Code: CodeHistory, Title: "former rows that can't be confined", Why: "whose a row was then is not what it is now", Advice: "ask for the present rows"},
	{Code: CodeParameter, Title: "bound arguments that can't be kept apart from ours", Why: "an argument in the wrong place is another query", Advice: "use one kind of parameter throughout"},
	{Code: CodeMask, Title: "a mask that the query can't apply", Why: "the column would be shown as it is", Advice: "give the masking key, or omit the column in the map"},
	{Code: CodeDialect, Title: "a database whose SQL is not read here", Why: "what isn't understood can't be confined", Advice: "use SQL Server, PostgreSQL, SQLite or the MySQL family"},
	{Code: CodeAliasTwice, Title: "two tables under one name", Why: "columns of the one could be taken for columns of the other", Advice: "give each table an alias of its own"},
	{Code: CodeRecheck, Title: "the rewritten query did not pass its own check", Why: "nothing is run that was not proven to be confined", Advice: "report it with the query; write the query in a plainer way meanwhile"},
	{Code: CodeExpansion, Title: "views that lead to each other, or too many of them", Why: "an expansion must end", Advice: "write the SELECT of the view that is meant"},
	{Code: CodeUnknownColumn, Title: "a column that its table doesn't have, or that the map omits", Why: "PostgreSQL reads such a name as a call of a function with the whole row", Advice: "check the name against the catalog and the map"},
	{Code: CodeMaskedPredicate, Warning: true, Title: "a masked column decides which rows there are", Why: "the query sees the masked value: rows may match that didn't, or the other way about", Advice: "filter by another column"},
	{Code: CodeUnchecked, Warning: true, Title: "a reference that the map says never leads outside", Why: `a run checks that and stops; a single query doesn't, and may show a key of a row that is not the provider's`, Advice: `write outside = "null" for it`},
	{Code: CodeScriptMissing, Title: "a statement that an edited script can't do without", Why: "checks, key sets and the snapshot are what the copies after them stand on", Advice: "put the statement back where the plan has it, or write the script anew with utdrag plan --format sql"},
	{Code: CodeScriptStatement, Title: "a statement of an edited script that is neither the plan's nor a copy", Why: "only copies can be proven", Advice: "take the statement out, or put the plan's own back"},
	{Code: CodeScriptTable, Title: "a table that a copy reads without exactly its condition", Why: "rows of other providers would be copied", Advice: "write the condition as the plan has it for that table into WHERE, word for word, and add to it with AND only"},
	{Code: CodeScriptColumn, Title: "a column that a copy may not use so", Why: "it is masked, blanked or left out, and only the plan's own expression hides what is to be hidden", Advice: "use the plan's expression for the column as it stands, or leave the column out"},
	{Code: CodeScriptJoin, Title: "a join that the conditions don't confine", Why: "in an outer join other providers' rows can decide what is copied", Advice: "use inner joins, or LEFT JOIN reference tables to one confined table that comes first"},
	{Code: CodeScriptTarget, Title: "a copy that doesn't go into a table of the copy", Why: "rows may only go where the plan puts such rows", Advice: "insert into a table that the plan copies rows into, and name its columns"},
	{Code: CodeScriptClient, Title: "a line that the database's client may take for a command of its own", Why: "what the client does to a script comes before anything that was read in it", Advice: "write the line in another way"},
	{Code: CodeScriptPlan, Warning: true, Title: "a script of another plan", Why: "its statements are held against those of the plan that map, catalog and order give now", Advice: "check the script against the map, catalog and order that it was made of"},
}

// explain returns the explanation of a code.
func (c Code) explain() Explanation {
	for _, e := range Codes {
		if e.Code == c {
			return e
		}
	}
	return Explanation{Code: c}
}

// Diagnostic is a refusal, or a warning where the code is one, at a place of a query or map.
func (c Code) Diagnostic(at diag.Range, summary string) diag.Diagnostic {
	e := c.explain()
	d := diag.Diagnostic{Code: string(c), Subject: at, Summary: summary, Advice: e.Advice}
	if e.Warning {
		d.Severity = diag.Warning
	}
	return d
}
