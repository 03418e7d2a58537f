package mask

import (
	"fmt"
	"strings"

	"github.com/agext/levenshtein"

	"github.com/utdrag/utdrag/mask/value"
)

// definition is what a rule's file registers.
type definition struct {
	Description
	build func(args []value.Value) (Rule, error)
}

// definitions are all rules, in the order in which help texts name them.
var definitions = []definition{nullDefinition, constantDefinition, redactDefinition, partialDefinition, hashDefinition}

// Description says what a rule is for, for help texts.
type Description struct {
	// Name is the word in the map.
	Name string
	// Usage is the name with its arguments: "partial(first, last)".
	Usage string
	// Summary says what the rule does in one line, lowercase, without a full stop.
	Summary string
	// Details is a paragraph: what it fits, and what it doesn't hide.
	Details string
	// Example is a column block of a map.
	Example string
}

// BadRule says why a map's words make no rule.
type BadRule struct {
	// Name is the name as written.
	Name   string
	Reason string
	Advice string
}

// Error is the name and the reason.
func (b *BadRule) Error() string { return fmt.Sprintf("mask %q: %s", b.Name, b.Reason) }

// Names returns the names of all rules.
func Names() []string {
	names := make([]string, len(definitions))
	for i, d := range definitions {
		names[i] = d.Name
	}
	return names
}

// Describe returns the description of the rule of that name, and false where there is none.
func Describe(name string) (Description, bool) {
	for _, d := range definitions {
		if d.Name == name {
			return d.Description, true
		}
	}
	return Description{}, false
}

// New returns the rule of that name with its literal arguments. The error is a *BadRule.
func New(name string, args ...value.Value) (Rule, error) {
	for _, d := range definitions {
		if d.Name == name {
			return d.build(args)
		}
	}
	return nil, &BadRule{Name: name, Reason: "there is no such mask", Advice: didYouMean(name)}
}

// didYouMean names the nearest rule, where one is near, and all of them.
func didYouMean(name string) string {
	best, distance := "", 1+len([]rune(name))/3
	var usages []string
	for _, d := range definitions {
		usages = append(usages, d.Usage)
		if n := levenshtein.Distance(strings.ToLower(name), d.Name, nil); n <= distance && (best == "" || n < distance) {
			best, distance = d.Name, n
		}
	}
	all := "the masks are " + strings.Join(usages, ", ")
	if best == "" {
		return all
	}
	return fmt.Sprintf("did you mean %q? %s", best, all)
}

// noArguments refuses arguments to a rule that takes none.
func noArguments(name string, args []value.Value) error {
	if len(args) > 0 {
		return &BadRule{Name: name, Reason: fmt.Sprintf("it takes no arguments, and %d are given", len(args)), Advice: "write mask = " + name}
	}
	return nil
}
