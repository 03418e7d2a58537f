// Package mask holds the rules that change a column's content before it leaves the source.
//
// A [Rule] is made from the words of a schema map by [New]. It has a SQL form, for engines that can express it, and a
// Go form; both give the same result. What a rule does to a column's type, and whether it can be used on the column at
// all, is settled by [Rule.Fit] when a plan is made, never hours into a copy. After a copy, [Rule.Holds] is the
// post-condition that verification checks.
//
// NULL stays NULL under every rule: that something is missing is not what masks hide.
//
// # The rules
//
//	null                 the column is blanked: every cell becomes NULL
//	constant(x)          every cell becomes the literal x
//	redact               every text becomes "***", so that not even its length shows
//	partial(first, last) the first and last characters stay, each other character becomes "*"
//	hash("domain")       every text becomes a keyed hash: equal texts stay equal, and nobody can go back
//
// [Names] lists them and [Describe] explains one; each is one file of this package.
//
// # What hash promises
//
// hash is HMAC-SHA-256 under a secret [Key] that comes from outside and is in no map, plan, log or package. Within one
// domain and under one key the same text gives the same hash in every table, so that a person can be followed through a
// copy without being named; another domain, or another key, gives hashes that can't be compared. Texts that the
// column's collation holds equal give the same hash; see [Effect.Form] for when two columns agree. Without the key a
// hash can't be computed, so that trying every person number, which are few, leads nowhere. Whoever holds the key can:
// keep it as safe as the data, and use one key for each recipient unless recipients are meant to compare.
//
// # What partial does not promise
//
// A kept character is a character shown. Where few originals are possible, two of them may tell who it is; a length
// shows too. Use redact or hash where that matters.
package mask

import (
	"fmt"

	"github.com/utdrag/utdrag/mask/value"
)

// Column is what a rule may know of the column that it masks.
type Column struct {
	Type     value.Type
	Nullable bool
	// Unique is set where the column alone, or with others, is a primary or unique key, or is referenced by a foreign
	// key: masked values must then differ wherever the originals do.
	Unique bool
	// Reference is set where the column belongs to a foreign key.
	Reference bool
}

// Effect is what a rule does to a column that it fits.
type Effect struct {
	// Type is the column's type after the mask.
	Type value.Type
	// Deterministic is set when equal originals give equal results, so that joins on the column still work.
	Deterministic bool
	// Blanks is set when every result is NULL.
	Blanks bool
	// Form says, in words that are only meant to be compared, how results are formed. Where the two ends of a foreign key
	// have rules of the same Spec and effects of the same Form, equal originals stay equal: neither end is folded or cut
	// in another way than the other. It is empty for a rule that is unfit on keys.
	Form string
}

// Rule is one mask as a map writes it.
type Rule interface {
	// Name is the word in the map: "hash".
	Name() string
	// Spec is the rule with its arguments in canonical form, as manifests and plans print it: `hash("person")`.
	Spec() string
	// NeedsKey reports whether the rule needs the secret masking key.
	NeedsKey() bool
	// Fit settles whether the rule can be used on a column. The error is an *Unfit.
	Fit(Column) (Effect, error)
	// SQL returns the masked form of a SQL expression that yields the column's value, or false where the dialect can't
	// express the rule. The text never holds the key.
	SQL(d Dialect, c Column, expression string) (string, bool)
	// Func returns the Go form for a column. key is ignored by rules that need none.
	Func(c Column, key *Key) (Func, error)
	// Holds reports whether v can be a result of the rule for the column.
	Holds(c Column, v value.Value) bool
}

// Func masks one cell. It may be used by several goroutines at a time. The error never quotes the cell. A large cell's
// result may be large too; its handle is valid for as long as the original's.
type Func func(value.Value) (value.Value, error)

// Unfit says why a rule can't be used on a column, and what to write instead.
type Unfit struct {
	Rule   string
	Reason string
	Advice string
}

// Error is the rule and the reason.
func (u *Unfit) Error() string { return fmt.Sprintf("mask %s: %s", u.Rule, u.Reason) }

// Dialect is what a rule needs of an engine to write its SQL form.
type Dialect interface {
	// Literal writes a value as a constant of the column's type; NULL too.
	Literal(v value.Value, t value.Type) string
	// Length counts the characters (code points) of text, those of trailing spaces included.
	Length(text string) string
	// Substring takes count characters from start, which counts from 1. All three are SQL expressions.
	Substring(text, start, count string) string
	// Repeat repeats a character count times. character is the bare character, such as *, which the dialect quotes; count
	// is a SQL expression that is never negative.
	Repeat(character, count string) string
	// Concat joins texts.
	Concat(texts ...string) string
}
