package filter

import (
	"fmt"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/rewrite"
	"github.com/utdrag/utdrag/internal/engine"
)

// Script is a copy plan's script as package plan writes it, in parts. An edited script is held against it.
type Script struct {
	// Schema is what the plan was made of, and Dialect the SQL of its source.
	Schema  *Schema
	Dialect engine.Dialect
	Parts   []ScriptPart
}

// PartKind says what a part of a script is for.
type PartKind string

// The kinds of part.
const (
	PartOpen       PartKind = "open"       // settings, and an empty target
	PartTable      PartKind = "table"      // makes a table of the copy, or what one needs
	PartKeys       PartKind = "keys"       // makes or fills key sets
	PartCheck      PartKind = "check"      // stops the script where something doesn't hold
	PartSnapshot   PartKind = "snapshot"   // begins or ends the snapshot
	PartMasking    PartKind = "masking"    // makes ready what masks need, and removes it
	PartCopy       PartKind = "copy"       // copies rows
	PartIndex      PartKind = "index"      // makes an index
	PartConstraint PartKind = "constraint" // makes what holds rows together, or checks it
	PartClose      PartKind = "close"      // the last checks and a summary
)

// optional reports whether a script may do without such a part: the copy then holds less, or is slower.
func (k PartKind) optional() bool { return k == PartCopy || k == PartIndex }

// ScriptPart is one part: statements that belong together.
type ScriptPart struct {
	Kind PartKind
	// What says in words what the part does.
	What string
	Text string
	// Copy is set on a part that copies rows.
	Copy *ScriptCopy
}

// ScriptCopy is the SELECT of a part that copies rows. The table is in scope under the alias t.
type ScriptCopy struct {
	Table *Table
	// Stubs is set where only the key of the rows is copied.
	Stubs bool
	// Condition is true for exactly the rows that are copied; "" where all rows are.
	Condition string
	// Cells are the expressions that are copied, masks applied, by column; Order is what the rows are sorted by.
	Cells []ScriptCell
	Order []string
	Query string
}

// ScriptCell is the expression of one copied column.
type ScriptCell struct{ Column, SQL string }

// Checked is what became of a script that somebody edited.
type Checked struct {
	// Statements are those of the file in its order, and where others are missing, those.
	Statements []CheckedStatement `json:"statements"`
	// Found are refusals and warnings. Where one refuses, the script must not be run.
	Found diag.List `json:"diagnostics"`
}

// CheckVerdict says what is known of one statement.
type CheckVerdict string

// The verdicts.
const (
	VerdictEqual   CheckVerdict = "equal"   // it is the plan's own
	VerdictProven  CheckVerdict = "proven"  // it was edited or added, and copies nothing that the plan's doesn't
	VerdictMissing CheckVerdict = "missing" // the plan has it, and the script can do without
	VerdictRefused CheckVerdict = "refused" // nobody can say what it does, or the script can't do without it
)

// CheckedStatement is one statement of a script.
type CheckedStatement struct {
	// Line and Column are where the statement begins; where it is missing, where it should stand.
	Line   int `json:"line"`
	Column int `json:"column"`
	// Kind is that of the part; "" for a statement that belongs to none.
	Kind    PartKind     `json:"kind,omitempty"`
	Verdict CheckVerdict `json:"verdict"`
	// What says in words what it does, or why it is allowed.
	What string `json:"what,omitempty"`
}

// Count is how many statements have a verdict.
func (c *Checked) Count(v CheckVerdict) int {
	n := 0
	for _, s := range c.Statements {
		if s.Verdict == v {
			n++
		}
	}
	return n
}

// maxScript is how many bytes a script may have.
const maxScript = 64 << 20

// Check holds a script that somebody edited against the plan's own, and proves statement by statement that what it copies
// is still confined. name is the file's name in diagnostics.
//
// A statement that the plan has is proven if it is there, in its place, token by token; comments and white space don't
// count. Copies, and indexes, may be missing. An edited or added copy is proven if its SELECT reads every table under
// exactly the table's own condition, and every column that is masked, blanked or left out in no other way than the plan does. All
// else is refused. The error tells of a script of the plan's own that can't be read; what the file has to answer for is in Found.
func Check(s *Script, name, text string) (*Checked, error) {
	c, err := newChecker(s)
	if err != nil {
		return nil, err
	}
	return c.check(name, text), nil
}

// checker holds what is known of the plan's own script.
type checker struct {
	script *Script
	client *scriptClient
	syntax rewrite.Syntax
	items  []scriptItem
	// forms are the ways in which rows of a table may be copied, and tables the names of source tables that there are.
	forms   []*copyForm
	tables  map[*Table][]scriptToken
	targets map[string]*Table // by the canonical text of its name in the script
	// first and last are the first item that copies rows, and the one after the last that does.
	first, last int
}

// scriptItem is a part with its statements.
type scriptItem struct {
	*ScriptPart
	units []scriptUnit
	// edit is the unit that has the SELECT of a copy, or -1; head and tail are how many of its tokens come before and after that.
	edit       int
	head, tail int
}

func newChecker(s *Script) (*checker, error) {
	client := scriptClients[s.Dialect.Name()]
	if client == nil {
		return nil, diag.List{rewrite.CodeDialect.Diagnostic(diag.Range{}, "no script of engine "+s.Dialect.Name()+" is read here")}
	}
	_, syntax := dialect(s.Dialect.Name())
	c := &checker{script: s, client: client, syntax: syntax, tables: map[*Table][]scriptToken{}, targets: map[string]*Table{}, first: -1}
	for i := range s.Parts {
		part := &s.Parts[i]
		units, found := client.split("the plan's own script", part.Text)
		if len(found) > 0 {
			return nil, fmt.Errorf("filter: %s can't be read: %w", part.What, found)
		}
		item := scriptItem{ScriptPart: part, units: units, edit: -1}
		if part.Copy != nil {
			if err := c.copied(&item); err != nil {
				return nil, err
			}
			if c.first < 0 {
				c.first = i
			}
			c.last = i + 1
		}
		c.items = append(c.items, item)
	}
	for _, t := range s.Schema.Tables {
		tokens, err := c.tokens(s.Dialect.Table(t.Name))
		if err != nil {
			return nil, err
		}
		c.tables[t] = tokens
	}
	return c, nil
}

// tokens reads a piece of the plan's own SQL.
func (c *checker) tokens(sql string) ([]scriptToken, error) {
	tokens, found := c.client.lex("the plan's own script", sql)
	if len(found) > 0 {
		return nil, fmt.Errorf("filter: the plan's own SQL can't be read: %w", found)
	}
	return tokens, nil
}
