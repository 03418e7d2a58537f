package filter

import (
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/utdrag/utdrag/mask/value"
)

// CheckNamedValue takes values, and nothing that a driver could take for more than one: there are drivers for which an argument
// may be an option, or replace the query's text.
func (c *doorConn) CheckNamedValue(v *driver.NamedValue) error {
	converted, err := driver.DefaultParameterConverter.ConvertValue(v.Value)
	checker, own := c.inner.(driver.NamedValueChecker)
	switch {
	case err == nil:
		v.Value = converted
	case !own || !slice(v.Value):
		return doorError(CodeDoorArgument, "an argument is of a type that no value has", "give texts, numbers, bytes, times, or slices of them")
	}
	if !own {
		return nil
	}
	given := v.Value
	if err := checker.CheckNamedValue(v); err != nil && err != driver.ErrSkip {
		return doorError(CodeDoorArgument, "the driver doesn't take an argument of this type", "convert it to a text or a number")
	}
	if !driver.IsValue(v.Value) && !slice(v.Value) {
		v.Value = given
	}
	return nil
}

// slice reports whether a value is a slice of plain values, of no type that somebody named.
func slice(v any) bool {
	switch v.(type) {
	case []string, []bool, []int16, []int32, []int64, []int, []float32, []float64, []time.Time, [][]byte:
		return true
	}
	return false
}

// bind puts the query's own arguments where its parameters are, exactly one for each, and the filter's with them.
func (q *Query) bind(args []driver.NamedValue) ([]driver.NamedValue, error) {
	highest, numbers := 0, map[string]int{}
	for _, p := range q.Theirs {
		highest = max(highest, p.Number)
		if p.Name != "" {
			numbers[p.Name] = p.Number
		}
	}
	if highest == 0 && len(numbers) > 0 {
		return q.bindNames(args)
	}
	ordered := make([]driver.NamedValue, highest)
	given := make([]bool, highest)
	for _, a := range args {
		number, known := numbers[a.Name]
		if a.Name == "" {
			number, known = a.Ordinal, a.Ordinal >= 1 && a.Ordinal <= highest
		}
		if !known || given[number-1] {
			return nil, mismatch("the query has %d parameters, and an argument is for none of them", highest)
		}
		ordered[number-1], given[number-1] = driver.NamedValue{Value: a.Value}, true
	}
	if slices.Contains(given, false) {
		return nil, mismatch("the query has %d parameters and %d arguments", highest, len(args))
	}
	return q.place(ordered), nil
}

// bindNames is bind for parameters that only have names. An argument without one has that which SQL Server's driver would give
// it, and must be told so, because it may come to stand elsewhere.
func (q *Query) bindNames(args []driver.NamedValue) ([]driver.NamedValue, error) {
	given := map[string]bool{} // by name in lower case, which is how most servers compare them
	for _, p := range q.Theirs {
		given[parameterName(p.Name)] = false
	}
	bound := slices.Clone(args)
	for i, a := range args {
		if a.Name == "" {
			bound[i].Name = fmt.Sprintf("p%d", a.Ordinal)
		}
		name := parameterName(bound[i].Name)
		if twice, known := given[name]; !known || twice {
			return nil, mismatch("the query has %d parameters, and an argument is for none of them", len(given))
		}
		given[name] = true
	}
	if len(args) < len(given) {
		return nil, mismatch("the query has %d parameters and %d arguments", len(given), len(args))
	}
	return q.place(bound), nil
}

func parameterName(name string) string { return strings.ToLower(strings.TrimPrefix(name, "@")) }

func mismatch(format string, a ...any) error {
	return doorError(CodeDoorArgument, fmt.Sprintf(format, a...), "give each of the query's parameters one argument")
}

// place puts the filter's arguments where their parameters are.
func (q *Query) place(args []driver.NamedValue) []driver.NamedValue {
	bound := make([]driver.NamedValue, 0, len(args)+len(q.Args))
	own := named(q.Args)
	for i := range own {
		own[i].Name = q.name(i + 1)
	}
	if q.first {
		bound = append(append(bound, own...), args...)
	} else {
		bound = append(append(bound, args...), own...)
	}
	for i := range bound {
		bound[i].Ordinal = i + 1
	}
	return bound
}

// named are arguments of ours as drivers take them.
func named(args []value.Value) []driver.NamedValue {
	values := make([]driver.NamedValue, len(args))
	for i, a := range args {
		values[i] = driver.NamedValue{Ordinal: i + 1}
		switch a.Form() {
		case value.Int:
			values[i].Value = a.Int()
		case value.Bytes:
			values[i].Value = []byte(a.Text())
		default:
			values[i].Value = a.Text()
		}
	}
	return values
}
