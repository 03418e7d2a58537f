package postgres

import "github.com/utdrag/utdrag/filter/rewrite"

// The limits that keep the parser's stack and time in bounds. It goes down one step for every parenthesis, CASE and prefix
// operator, and for some JOINs and NOTs; it reads what stands in doubled parentheses before a SELECT, and the arguments
// of SUBSTRING, OVERLAY and JSON_OBJECT, more than once, which multiplies when they are nested.
const (
	maxNots       = 2000
	maxOperations = 1000      // UNION, EXCEPT and INTERSECT
	maxChain      = 5000      // operators one after another, such as a + a + a
	maxReading    = 2_000_000 // tokens, counted as often as they are read
)

// brackets holds, for every bracket token, which one belongs to it; -1 for other tokens.
type brackets []int

// measure pairs brackets, and refuses what would lead the parser too deep.
func measure(s *rewrite.Source) (brackets, error) {
	pairs := make(brackets, len(s.Tokens))
	type open struct {
		token, cases int
		weight       int
	}
	stack := []open{{token: -1, weight: 1}}
	cases, prefixes, nots, joins, operations, reading := 0, 0, 0, 0, 0, 0
	for i, t := range s.Tokens {
		pairs[i] = -1
		top := &stack[len(stack)-1]
		reading += top.weight
		prefix := false
		switch t.Kind {
		case rewrite.Operator:
			switch t.Value {
			case "(", "[":
				weight := top.weight
				if t.Value == "(" {
					weight *= readings(s.Tokens, i)
				}
				stack = append(stack, open{token: i, weight: min(weight, maxReading)})
			case ")", "]":
				if top.token < 0 || (s.Tokens[top.token].Value == "(") != (t.Value == ")") {
					return nil, s.Refuse(rewrite.CodeSyntax, t.Span, "a bracket that closes nothing")
				}
				pairs[i], pairs[top.token] = top.token, i
				cases -= top.cases
				stack = stack[:len(stack)-1]
			case ",", ".":
			default:
				prefix = true
			}
		case rewrite.Word:
			switch t.Value {
			case "case":
				cases++
				top.cases++
			case "end":
				if top.cases > 0 {
					cases--
					top.cases--
				}
			case "not":
				nots++
				prefix = true
			case "join":
				joins++
			case "union", "except", "intersect":
				operations++
			}
		}
		if prefix {
			prefixes++
		} else {
			prefixes = 0
		}
		if len(stack)-1+cases+prefixes > rewrite.MaxDepth || nots > maxNots || joins > 2*rewrite.MaxTables || operations > maxOperations || reading > maxReading {
			return nil, s.Refuse(rewrite.CodeSize, t.Span, "the query is too deeply nested")
		}
	}
	if top := stack[len(stack)-1]; top.token >= 0 {
		return nil, s.Refuse(rewrite.CodeSyntax, s.Tokens[top.token].Span, "a bracket that nothing closes")
	}
	return pairs, nil
}

// readings is how often the parser may read what stands in the parenthesis at i, for each time it comes there.
func readings(tokens []rewrite.Token, i int) int {
	if i > 0 && tokens[i-1].Kind == rewrite.Word {
		switch tokens[i-1].Value {
		case "substring", "overlay", "json_object":
			return 2
		}
	}
	// Of several parentheses before a SELECT, each but the last may be tried and given up.
	if i+1 >= len(tokens) || tokens[i+1].Value != "(" || tokens[i+1].Kind != rewrite.Operator {
		return 1
	}
	for i < len(tokens) && tokens[i].Kind == rewrite.Operator && tokens[i].Value == "(" {
		i++
	}
	if i < len(tokens) && tokens[i].Kind == rewrite.Word {
		switch tokens[i].Value {
		case "select", "values", "table", "with":
			return 2
		}
	}
	return 1
}
