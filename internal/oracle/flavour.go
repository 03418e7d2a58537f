package oracle

import (
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/mask/value"
)

// Flavour is the engine that a case is for: what its tables can be made of, and how its SQL is written.
type Flavour struct {
	// home is the schema of tables that are named without one, and second another one; "" where there is none.
	home, second string
	// names are the tables' names. The first is the anchor's.
	names []string
	// numbers are types for numbered keys, naturals for natural keys, codes for unique columns beside the key and parts
	// for the second column of a composite key.
	numbers, naturals, codes, parts []columnType
	// integer and texts are the types of the columns N and Txt, which every table has. extras are other columns that it may have.
	integer columnType
	texts   []columnType
	extras  []extraColumn
	// dataTypes are statements that make types which extras are of.
	dataTypes string
	// computed is a column that the engine computes of N.
	computed string
	// letters begin the texts of natural keys. Each is another text in another case.
	letters []string
	// rowless is set where a table may do without rowids, keyless where it may do without a key.
	rowless, keyless bool
	// unnumbered is set where no table has an identity column.
	unnumbered bool
	// filtered is set where nobody can tell whether a unique index is filtered, so that none is a key.
	filtered bool
	// unmasked begins masks that the engine has no SQL for; "" where it has SQL for all.
	unmasked string
	// unlike is set where LIKE doesn't stand everywhere that a condition does.
	unlike bool
	// lower is set where names of constraints come back in lower case.
	lower bool
	// late is set where foreign keys are made after the rows, so that circles of them can be loaded.
	late bool
	// collide is set where a unique column takes NULL once.
	collide bool
	// actions are what foreign keys can do on delete, "" for nothing. oneAction is set where only one of them may do
	// anything: SQL Server refuses tables that several cascades can reach.
	actions   []string
	oneAction bool
	quote     func(name string) string
	literal   func(v value.Value, t *columnType) string
	// numbered are the statements around INSERTs that give an identity column its numbers, and words what stands
	// before VALUES.
	numbered func(table string, t *columnType) (before, words, after string)
}

// sort is what the cells of a column are.
type sort uint8

const (
	integers sort = iota
	bigIntegers
	texts
	uuids
	decimals
	reals
	booleans
	dates
	clocks
	timestamps
	zoned
	documents
	binaries
)

// columnType is a column's type in one engine's words.
type columnType struct {
	// ddl stands after the column's name; child after that of a column that references this one, where it differs.
	ddl, child string
	sort       sort
	// fold is set where texts in another case are equal, and trim where texts with more spaces at the end are.
	fold, trim bool
	// narrow is set where text has no character beyond a Western code page.
	narrow bool
	// hashable is set where the mask hash fits, at both ends of a foreign key.
	hashable bool
	// identity is set where the engine numbers the rows, always where it must be told to take numbers that are given.
	identity, always bool
	// inline is set where ddl has the words PRIMARY KEY.
	inline bool
}

// referencing is the type of a column that references one of type t.
func (t columnType) referencing() columnType {
	if t.child != "" {
		t.ddl = t.child
	}
	t.identity, t.always, t.inline = false, false, false
	return t
}

// extraColumn is a column that a table may have, with what a map may say of it.
type extraColumn struct {
	name string
	columnType
	cells  []value.Value
	wheres []string
	masks  []string
}

// name is a table's name as catalogs have it.
func (t *genTable) catalogName() catalog.Name { return catalog.Name{Schema: t.schema, Table: t.name} }

// place is a table's name in SQL.
func (g *generator) place(t *genTable) string {
	if g.second == "" {
		return g.quote(t.name)
	}
	return g.quote(t.schema) + "." + g.quote(t.name)
}

// places lists quoted columns.
func (g *generator) quoted(names []string) string {
	parts := make([]string, len(names))
	for i, n := range names {
		parts[i] = g.quote(n)
	}
	return strings.Join(parts, ", ")
}

func doubleQuoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func singleQuoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

func textCells(texts ...string) (cells []value.Value) {
	for _, s := range texts {
		cells = append(cells, value.NewText(s))
	}
	return cells
}

func timeCells(texts ...string) (cells []value.Value) {
	for _, s := range texts {
		cells = append(cells, value.NewTime(s))
	}
	return cells
}

func decimalCells(texts ...string) (cells []value.Value) {
	for _, s := range texts {
		cells = append(cells, value.NewDecimal(s))
	}
	return cells
}

func intCells(numbers ...int64) (cells []value.Value) {
	for _, n := range numbers {
		cells = append(cells, value.NewInt(n))
	}
	return cells
}

var (
	boolCells = []value.Value{value.NewBool(true), value.NewBool(false)}
	uuidCells = textCells("0f8fad5b-d9cb-469f-a165-70867728950e", "7c9e6679-7425-40de-944b-e07fc1f90ae7", "00000000-0000-0000-0000-000000000001")
	byteCells = []value.Value{value.NewBinary(""), value.NewBinary("\x00\xff'"), value.NewBinary("ett dokument")}
)

const someUUID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
