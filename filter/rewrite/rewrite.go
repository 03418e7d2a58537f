// Package rewrite replaces the tables of a SELECT by what may be seen of them.
//
// Every base-table reference of a query becomes a derived table under the same alias. A filter in ON or WHERE is wrong:
// with outer joins the one lets strangers' rows through, and the other loses own rows. Names are resolved by scope, never
// by looking for text, and whatever is not on a list is refused.
//
// A [Syntax] reads one dialect into a [Statement], which says where everything that matters stands: tables, columns, calls,
// parameters. It has refused by then what no query may hold. [Confine] asks a [Resolver] what may be seen of each table,
// puts that in its place, and reads its own answer again: every base table must then stand inside text that it wrote itself.
//
// No parser is trusted alone. The dialects' readers make a canonical text first, with a strict lexer of their own, and
// afterwards hold every token of it against the tree that the parser made of it.
package rewrite

// Reserved begins every name that a rewritten query defines for itself. A query that uses such a name is refused, so that
// none of its own can stand in for one of ours.
const Reserved = "utdrag_"

// The limits of what is read. They are far above any query that a person or a report writes.
const (
	MaxLength = 1 << 20 // bytes of a query
	MaxDepth  = 200     // of parentheses, and of nested expressions
	MaxTables = 500     // references in one query, those of expanded views included
)

// Syntax is the grammar of one dialect.
type Syntax interface {
	// Read reads exactly one SELECT. The error is a diag.List that points into sql.
	Read(sql string) (*Statement, error)
	// View reads the definition of a view, as the catalog has it, into its SELECT and the names of its columns, which are nil
	// where the SELECT names them.
	View(definition string) (*Statement, []string, error)
	// Parameter writes one of our own bound arguments: number counts from 1, and theirs is how many the query has itself.
	Parameter(number, theirs int) string
	// Fold is what two spellings of one unquoted name have in common.
	Fold(name string) string
}

// Statement is a SELECT, and where in it everything stands that confining it needs to know. All spans are in Text.
type Statement struct {
	*Source
	// Tables are the references to anything in FROM that is a name and no common table expression: the ones to confine.
	Tables []Table
	// Common are the references to common table expressions.
	Common []Common
	// Columns are the references to columns, be they of this query or of one around it.
	Columns []Column
	// Calls are the calls of functions that are not on the dialect's own list.
	Calls []Call
	// Pseudo are the references to pseudo columns, such as a row's place: none of the map's columns, whatever they are called.
	Pseudo []Span
	// Parameters are the query's own bound arguments.
	Parameters []Parameter
	// Scopes are the query blocks, each after the one around it. Scope 0 is the outermost.
	Scopes []Scope
	// With is where common table expressions of ours go.
	With With
	// Output are the columns of the result.
	Output []Output
	// Render puts edits into the statement where that takes more than splicing Text; nil where it doesn't. It returns the
	// new text.
	Render func(Edits) (string, error)
	// Check proves that the text which Render made holds no base table but inside what edits put there. It is set where
	// Render is.
	Check func(text string, e Edits) error
}

// Table is one reference to a table or view.
type Table struct {
	// Span is the whole reference: name, alias, and what stands inside the derived table.
	Span Span
	// Name are the parts of the name without quotes, the table's own last, in the form in which the dialect compares them.
	Name []string
	// Alias is the name under which columns are referenced: the alias, or the table's own name. Text is the alias as it must
	// be written after AS, quoted where need be.
	Alias, Text string
	// Bare is set where there is no alias: columns may then be qualified by more than one name.
	Bare bool
	// Columns is the list of new column names after the alias, with its parentheses, or "".
	Columns string
	// Before and After are what belongs to the base table, inside: between its name and its alias (FOR SYSTEM_TIME,
	// PARTITION), and after its alias (TABLESAMPLE, hints).
	Before, After string
	// History is set where former rows are asked for.
	History bool
	// Scope is the query block whose FROM clause the reference is in.
	Scope int
}

// Common is one reference to a common table expression. Definition is the span of its name where it is defined.
type Common struct {
	Span, Definition Span
	Name             string
	Scope            int
}

// Column is one reference to a column.
type Column struct {
	Span Span
	// Parts are the names without quotes, the column's own last, as Table.Name has them. A star has the last part "*".
	Parts []string
	// Qualifier is the span of all parts but the last, without the dot before that.
	Qualifier Span
	Scope     int
	// Predicate is set where the value decides which rows there are or how they are grouped or sorted, rather than being shown.
	Predicate bool
}

// Call is a call of a function, or a conversion to a type, that somebody defined.
type Call struct {
	Span Span // of its name
	Name []string
	// Table is set where the call stands in FROM, and Type where the name is a type's.
	Table, Type bool
}

// Parameter is a bound argument of the query's own.
type Parameter struct {
	Span Span
	// Name is the parameter's name without its mark, or "" for one that has none.
	Name string
	// Number is the argument's number, counted from 1, for dialects that count them; 0 for those that only name them.
	Number int
}

// Scope is one query block: a SELECT with its FROM clause.
type Scope struct {
	// Parent is the block around this one whose columns it can see, or -1.
	Parent int
	// Sources are what its FROM clause names, in order.
	Sources []From
}

// From is one item of a FROM clause, joins taken apart.
type From struct {
	// Alias is the name under which columns are referenced; "" for one that has none.
	Alias string
	// Table is the index in Statement.Tables, or -1.
	Table int
	// Output are the columns of a subquery or common table expression.
	Output []Output
	// Renamed are the column names that an alias gives.
	Renamed []string
}

// Output is one column of a result. Either it has a name, which may be "" for an expression that the engine names itself,
// or it is a star.
type Output struct {
	Name string
	Star bool
	// Qualifier is the last name before the dot of a star, or "".
	Qualifier string
	// Scope is the block that a star is of.
	Scope int
}

// With is where common table expressions of ours go.
type With struct {
	// At is where they are inserted. Has is set where others follow: a comma is then due, and no WITH. After is set where
	// something other than common table expressions comes before them in the same WITH, as XMLNAMESPACES does in T-SQL, and
	// none of them follow: a comma is then due first.
	At         int
	Has, After bool
}

// Edits are what Confine changes.
type Edits struct {
	// With are the common table expressions to define first.
	With []Definition
	// Tables are the texts that take the place of Statement.Tables; every one of them is replaced.
	Tables []string
	// Qualifiers are the new qualifiers of some of Statement.Columns, and Calls the new names of some of Statement.Calls, by
	// index. Statements with a Render of their own needn't have the latter.
	Qualifiers, Calls map[int]string
}

// Definition is one common table expression. Name is quoted; Columns is its list of column names, with parentheses, or "".
type Definition struct{ Name, Columns, Body string }
