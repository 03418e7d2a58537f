package filter

import (
	"fmt"
	"sort"
	"unicode/utf8"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/rewrite"
)

// checkedFile is a script that is being checked.
type checkedFile struct {
	name, text string
	units      []scriptUnit
	lines      []int // where each line begins
	// proofs are those of inserts that were looked at, by where they begin.
	proofs map[int]proof
}

type proof struct {
	what  string
	found diag.List
}

func newCheckedFile(name, text string) *checkedFile {
	f := &checkedFile{name: name, text: text, lines: []int{0}, proofs: map[int]proof{}}
	for i := range len(text) {
		if text[i] == '\n' {
			f.lines = append(f.lines, i+1)
		}
	}
	return f
}

func (f *checkedFile) position(at int) diag.Pos {
	at = min(at, len(f.text))
	line := sort.Search(len(f.lines), func(i int) bool { return f.lines[i] > at }) - 1
	return diag.Pos{Line: line + 1, Column: utf8.RuneCountInString(f.text[f.lines[line]:at]) + 1, Byte: at}
}

func (f *checkedFile) refuse(code rewrite.Code, at int, format string, args ...any) diag.List {
	pos := f.position(at)
	return diag.List{code.Diagnostic(diag.Range{File: f.name, Start: pos, End: pos}, fmt.Sprintf(format, args...))}
}

// check reads a file and finds a way through it and the plan's script at once.
func (c *checker) check(name, text string) *Checked {
	f := newCheckedFile(name, text)
	var found diag.List
	if f.units, found = c.client.split(name, text); len(found) > 0 {
		return &Checked{Found: found}
	}
	if steps, ok := c.way(f); ok {
		return c.tell(f, steps)
	}
	return c.explain(f)
}

// wayState is a place in both scripts: so many items of the plan's and so many units of the file are passed.
type wayState struct{ item, unit int }

// wayStep is how a state was come to.
type wayStep struct {
	from    wayState
	verdict CheckVerdict
	what    string
	cost    int
}

// maxWay is how many places are looked at, which is far more than any edited script has in doubt.
const maxWay = 1 << 20

// way finds the cheapest way from the beginning of both scripts to their ends on which every unit of the file is the plan's or
// proven, and every item of the plan is there or may be missing. Ways that differ lead to the same judgement: each of them is a
// proof.
func (c *checker) way(f *checkedFile) ([]wayStep, bool) {
	best := map[wayState]wayStep{{}: {}}
	queue := [][]wayState{{{}}} // by cost
	goal := wayState{len(c.items), len(f.units)}
	done := map[wayState]bool{}
	for cost := 0; cost < len(queue); cost++ {
		for k := 0; k < len(queue[cost]); k++ {
			s := queue[cost][k]
			if done[s] {
				continue
			}
			done[s] = true
			if s == goal {
				return steps(best, goal), true
			}
			if len(done) > maxWay {
				return nil, false
			}
			c.moves(f, s, func(to wayState, more int, verdict CheckVerdict, what string) {
				total := cost + more
				if old, met := best[to]; met && old.cost <= total || done[to] {
					return
				}
				best[to] = wayStep{s, verdict, what, total}
				for len(queue) <= total {
					queue = append(queue, nil)
				}
				queue[total] = append(queue[total], to)
			})
		}
	}
	return nil, false
}

// steps are the states that a way leads through, each with how it was come to.
func steps(best map[wayState]wayStep, goal wayState) []wayStep {
	var back []wayStep
	for at := goal; at != (wayState{}); {
		step := best[at]
		back = append(back, step)
		at = step.from
	}
	for i, j := 0, len(back)-1; i < j; i, j = i+1, j-1 {
		back[i], back[j] = back[j], back[i]
	}
	return back
}

// moves are the ways on from a place.
func (c *checker) moves(f *checkedFile, s wayState, to func(wayState, int, CheckVerdict, string)) {
	rest := f.units[s.unit:]
	if s.item < len(c.items) {
		item := &c.items[s.item]
		next := wayState{s.item + 1, s.unit + len(item.units)}
		if sameUnits(item.units, rest) {
			to(next, 0, VerdictEqual, item.What)
			if !item.Kind.optional() {
				return
			}
		} else if inserts, ok, _ := c.edited(item, rest, f); ok {
			if what, found := c.proveAll(f, inserts); found == nil {
				to(next, 2, VerdictProven, what)
			}
		}
		if item.Kind.optional() {
			to(wayState{s.item + 1, s.unit}, 3, VerdictMissing, item.What)
		}
	}
	if len(rest) == 0 || s.item < c.first || s.item > c.last || c.first < 0 {
		return
	}
	// Among the copies, others may stand: one of the plan's in another place, or one that somebody wrote.
	if item := c.elsewhere(rest); item != nil {
		to(wayState{s.item, s.unit + len(item.units)}, 3, VerdictProven, "moved: "+item.What)
	} else if inserts, ok := c.added(&rest[0], f); ok {
		if what, found := c.proveAll(f, inserts); found == nil {
			to(wayState{s.item, s.unit + 1}, 4, VerdictProven, what)
		}
	}
}

func sameUnits(of, in []scriptUnit) bool {
	if len(in) < len(of) {
		return false
	}
	for i := range of {
		if of[i].key != in[i].key {
			return false
		}
	}
	return true
}

// elsewhere finds the copy of the plan's that the units begin with.
func (c *checker) elsewhere(units []scriptUnit) *scriptItem {
	for i := c.first; i < c.last; i++ {
		if c.items[i].Copy != nil && sameUnits(c.items[i].units, units) {
			return &c.items[i]
		}
	}
	return nil
}

// added reads a statement that the plan doesn't have. Where copies are more than one statement, or are sent in batches whose end
// is watched, it can't stand by itself.
func (c *checker) added(u *scriptUnit, f *checkedFile) ([]scriptInsert, bool) {
	if u.end != ";" || c.client.batches || c.client.dollars {
		return nil, false
	}
	inserts, found := c.inserts(f, u.tokens)
	return inserts, found == nil && len(inserts) == 1
}

// proveAll proves inserts and says in words what they do.
func (c *checker) proveAll(f *checkedFile, inserts []scriptInsert) (string, diag.List) {
	what := "copies nothing"
	for i, insert := range inserts {
		p, met := f.proofs[insert.target.at]
		if !met {
			p = c.prove(f, insert)
			f.proofs[insert.target.at] = p
		}
		if p.found != nil {
			return "", p.found
		}
		if i > 0 {
			what += "; " + p.what
			continue
		}
		what = p.what
	}
	return what, nil
}

// tell writes down what was found on the way.
func (c *checker) tell(f *checkedFile, steps []wayStep) *Checked {
	result := &Checked{}
	for i, step := range steps {
		to := wayState{len(c.items), len(f.units)}
		if i+1 < len(steps) {
			to = steps[i+1].from
		}
		statement := CheckedStatement{Verdict: step.verdict, What: step.what}
		switch {
		case to.item > step.from.item:
			statement.Kind = c.items[step.from.item].Kind
		default:
			statement.Kind = PartCopy
		}
		if to.unit == step.from.unit {
			pos := f.position(f.begin(step.from.unit))
			statement.Line, statement.Column = pos.Line, pos.Column
			result.Statements = append(result.Statements, statement)
			continue
		}
		for i, u := range f.units[step.from.unit:to.unit] {
			pos := f.position(u.at)
			statement.Line, statement.Column = pos.Line, pos.Column
			one := statement
			if item := to.item - 1; to.item > step.from.item && u.key == c.items[item].units[i].key {
				one.Verdict, one.What = VerdictEqual, c.items[item].What
			} else if to.item == step.from.item && i > 0 { // what belongs to a copy that was moved
				one.Verdict = VerdictEqual
			}
			result.Statements = append(result.Statements, one)
		}
	}
	return result
}

// begin is where a unit begins, or the end of the file.
func (f *checkedFile) begin(unit int) int {
	if unit < len(f.units) {
		return f.units[unit].at
	}
	return len(f.text)
}
