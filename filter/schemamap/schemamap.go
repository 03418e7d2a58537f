// Package schemamap reads the schema map: the HCL text that says how each table reaches the care-provider key, what
// is masked, and what is left out and why.
//
// [Parse] turns text into a [Map], or says everything that is wrong with it at once, each with its place, a code (see
// [Codes]) and what to write instead. A Map holds names as they were written; package filter binds them to a catalog.
//
// # The language
//
//	version = 1                              the only version there is
//	strict  = true                           every column must be kept, omitted or masked
//
//	provider {
//	  table = "dbo.CareProvider"             the anchor: an order supplies its key
//	  key   = "HsaId"
//	  unit {                                 optional: lets an order narrow to units
//	    table = "dbo.CareUnit"
//	    key   = "HsaId"
//	  }
//	}
//
//	table "dbo.Visit" {
//	  match = "any"                          or "all"; required as soon as there are two paths
//	  path { via = ["CareUnitId"] }          from child to parent
//	  path "seen" {                          from parent to child's rows; the label is optional
//	    from = "dbo.Note"
//	    via  = ["VisitId"]
//	  }
//	  foreign "StaffId" { outside = "null" } or "error", "stub", "drop", "include"
//	  column "Remark"   { mask = partial(1, 0) }
//	  where = "Cancelled = 0 AND Begun >= '2020-01-01'"
//	}
//
//	table "dbo.Queue" {
//	  rows   = "empty"                       or "all", "none": instead of paths
//	  reason = "filled by the host"
//	}
//
//	reference {                              every row of these
//	  tables = ["code.Icd10"]
//	  reason = "national code systems"
//	}
//
//	excluded {                               no row; the tables are not made
//	  tables = ["dbo.EventLog"]
//	  reason = "operational log of the host"
//	}
//
//	allowed {                                what queries may use as it is, beside tables; no copy has it
//	  functions = ["dbo.Age"]                they compute from their arguments and read nothing
//	  views     = ["dbo.Calendar"]           they show everybody the same, and are not confined
//	  reason    = "reviewed: neither reads a table with patients in it"
//	}
//
// A path may further say constraint, to choose among foreign keys; to and references, to write a foreign key that the
// catalog lacks; null = "include" with a reason; and shared with a reason as its value. A column block says keep,
// omit or mask, and stub for its dummy in a stub row. A mask is null, a bare word, or a call with literal arguments.
//
// Nothing in a map is evaluated: no variables, no functions, no ${ }. Texts keep every byte that was written, where
// HCL would normalize them. Names hold no control characters, and a reason is one line, so that neither can end the
// comment that it is printed in. Table names follow [ParseTableName].
//
// Functions and views are named as tables are: without a schema, they are those of the default one. The functions that a query
// language itself has need no block, and on SQLite, whose functions have no schema, a name is that of one which the application
// defines. Whether a function reads tables can't be seen from outside: to allow one is to have read it. A view that no block allows is
// taken apart, and the tables below it are confined.
//
// # Conditions
//
// A where text is a condition on the columns of its own table:
//
//	comparison   Cancelled = 0 · Begun >= '2020-01-01' · Begun <= Ended       = <> != < <= > >=
//	list         Kind IN ('visit', 'call') · Kind NOT IN (1, 2)               literals only
//	range        Begun BETWEEN '2020-01-01' AND '2020-12-31'
//	pattern      Code LIKE 'F3%' · Code NOT LIKE '\_%'                         % _ and a backslash before either
//	missing      Ended IS NULL · Ended IS NOT NULL
//	joined       AND, OR, NOT and brackets
//
// A literal is 'text', a whole or decimal number, TRUE or FALSE; dates and times are texts in ISO 8601 form. A column is
// a bare word, or "quoted". Everything else of SQL is refused: functions, arithmetic, subqueries, CASE, COLLATE,
// comments, parameters, columns with a table. [Where.Bind] holds a condition against the catalog, [Print] writes it as
// SQL through an engine's dialect, and [Eval] says what it is for one row with no database.
//
// A condition is read by our own lexer. tidb's parser, which knows the grammar, sees columns and literals only by their
// numbers, and its tree is walked through an allow-list. Thus no text of the map reaches a database as SQL.
package schemamap

import (
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

// Map is a schema map as written. Tables keep the order of the text.
type Map struct {
	Version  int
	Strict   bool
	Provider Provider
	Tables   []Table
	// Reference and Excluded list tables that need no block of their own.
	Reference []Listing
	Excluded  []Listing
	// Allowed is what queries may use beside tables.
	Allowed []Allowed
	// Source is the map's text, byte for byte; hashes cover it.
	Source []byte
	File   string
}

// Allowed lists functions and views that queries may use as they are: functions that only compute, and views that show
// everybody the same.
type Allowed struct {
	// Functions are named as tables are. No catalog has them, so that nothing says whether they are there.
	Functions []TableName
	Views     []TableName
	Reason    Word
	Range     diag.Range
}

// TableName is a table's name as written: "dbo.Visit" or "Visit". Schema is "" where none was written.
type TableName struct {
	Schema string
	Table  string
	Range  diag.Range
}

// Provider names the anchor: the table whose key an order supplies.
type Provider struct {
	Table TableName
	Key   Word
	// Unit is nil where orders can't be narrowed to care units.
	Unit  *Unit
	Range diag.Range
}

// Unit names the table of care units, for orders that name some of them.
type Unit struct {
	Table TableName
	Key   Word
	Range diag.Range
}

// Table returns the block of the table with that name as written, or nil.
func (m *Map) Table(schema, table string) *Table {
	for i := range m.Tables {
		if t := &m.Tables[i]; t.Name.Schema == schema && t.Name.Table == table {
			return t
		}
	}
	return nil
}

// Word is a piece of text with its place.
type Word struct {
	Text  string
	Range diag.Range
}

// Listing is one reference or excluded block.
type Listing struct {
	Tables []TableName
	Reason Word
	Range  diag.Range
}

// Match says how the paths of a table combine.
type Match string

// The matches. The empty Match stands where a table has at most one path and none is written.
const (
	MatchAny Match = "any"
	MatchAll Match = "all"
)

// Rows is the single-table form of reference and excluded.
type Rows string

// The row rules. The empty Rows means that paths decide.
const (
	RowsAll   Rows = "all"   // every row
	RowsNone  Rows = "none"  // no row, and the table is not made
	RowsEmpty Rows = "empty" // no row, and the table is made
)

// Table is one table block.
type Table struct {
	Name     TableName
	Match    Match
	Paths    []Path
	Foreigns []Foreign
	Columns  []Column
	Where    *Where
	Rows     Rows
	Reason   Word
	Range    diag.Range
}

// Path is one path block. From is nil for a path from child to parent.
type Path struct {
	// Label is the optional name after the word path.
	Label Word
	// From is the child table of a path from parent to child.
	From *TableName
	// Via are the child's columns.
	Via []Word
	// Constraint tells two foreign keys on the same columns, or to the same parent, apart.
	Constraint Word
	// To and References write a virtual foreign key: the parent and its columns, in the order of Via.
	To         *TableName
	References []Word
	// NullInclude is set by null = "include": rows with NULL in the path's columns are included by it.
	NullInclude bool
	// Reason says why NULL is included.
	Reason Word
	// Shared says why going up and down through a shared table is right, or is empty.
	Shared Word
	Range  diag.Range
}

// Outside says what happens to a copied row whose reference leads to a row that is not copied.
type Outside string

// The policies. OutsideError must be written to be a check at run time; unwritten, the plan needs a proof.
const (
	OutsideError   Outside = "error"
	OutsideNull    Outside = "null"
	OutsideStub    Outside = "stub"
	OutsideDrop    Outside = "drop"
	OutsideInclude Outside = "include"
)

// Foreign is one foreign block. Its label is a column, columns separated by commas, or a constraint's name.
type Foreign struct {
	Label   Word
	Outside Outside
	Range   diag.Range
}

// Column is one column block.
type Column struct {
	Name Word
	// Exactly one of Keep, Omit and Mask is set; a block that only gives Stub keeps its column.
	Keep bool
	Omit bool
	Mask *Mask
	// Stub is the declared dummy of this column in a stub row, or nil.
	Stub  *value.Value
	Range diag.Range
}

// Mask is a mask as written: a name and its literal arguments. Package mask knows what it means.
type Mask struct {
	Name  string
	Args  []value.Value
	Range diag.Range
}

// Where is a parsed where text.
type Where struct {
	Text  string
	Expr  Expr
	Range diag.Range
}
