package filter

import (
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

// StepKind says what a step does.
type StepKind string

// The kinds of step that fill key sets.
const (
	StepMake     StepKind = "make"     // makes a work table
	StepStage    StepKind = "stage"    // makes a work table for the rows that a strict query may see
	StepFill     StepKind = "fill"     // inserts into a work table
	StepClear    StepKind = "clear"    // empties a work table
	StepFixpoint StepKind = "fixpoint" // repeats its rounds while its SQL yields 1
	StepCheck    StepKind = "check"    // its SQL yields one number, which must be Expect
)

// Step is one statement of a plan. It is data: nothing happens until somebody runs it.
type Step struct {
	Kind StepKind
	// Table is the table concerned, and Work the short name of the work table that the step changes, if any.
	Table string
	Work  string
	// SQL is the statement. Args are its bound arguments, in order.
	SQL  string
	Args []value.Value
	// Rounds are the statements of one round of a fixpoint.
	Rounds []Step
	// Expect is the number that a check must yield; Code and Message say what it means if it doesn't, and Advice what
	// to do then.
	Expect  int64
	Code    string
	Message string
	Advice  string
	// Comment says in words what the step does. Cause is the piece of the map that asked for it.
	Comment string
	Cause   diag.Range
}
