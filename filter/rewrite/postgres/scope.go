package postgres

import "github.com/utdrag/utdrag/filter/rewrite"

// frame is one WITH clause. An unqualified name in FROM is looked up in the innermost first
// (https://www.postgresql.org/docs/current/queries-with.html).
type frame struct {
	outer     *frame
	recursive bool
	commons   []*common
	byName    map[string]*common
}

// common is one common table expression.
type common struct {
	name    string
	span    rewrite.Span
	state   state
	known   bool // whether output is
	renamed []string
	output  []rewrite.Output
}

// state is how far the definition of a common table expression has been read.
type state uint8

const (
	ahead state = iota
	current
	done
)

// find returns the common table expression that a name in FROM means, or nil where it is a table.
func (r *reader) find(name string, at rewrite.Span) *common {
	for f := r.commons; f != nil; f = f.outer {
		c := f.byName[name]
		switch {
		case c == nil:
		case c.state == done, c.state == current && f.recursive && c.known:
			return c
		case c.state == current && !f.recursive: // the name is not visible in its own definition
		default:
			// Without RECURSIVE this would be a table, and with it an expression that is not known yet.
			r.refuse(rewrite.CodeCommonScope, at, "%s is a common table expression that is not defined yet", name)
		}
	}
	return nil
}

// define makes the output of a common table expression known.
func (c *common) define(output []rewrite.Output) {
	if c.known {
		return
	}
	c.known, c.output = true, output
}

// rename puts names over the first of others.
func rename(names, others []string) []string {
	if len(others) > len(names) {
		return append(append([]string(nil), names...), others[len(names):]...)
	}
	return names
}
