package mysql

import (
	"encoding/hex"
	"math/big"
	"strings"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// cover holds the tree against the tokens. The tree says of nothing but an expression where it stood, so each name, literal
// and number of the tree claims the first token that is the same and that nothing has claimed; the walk goes through the
// tree in the order of the text. Afterwards no name or literal may be left over, and no word but the keywords that the
// reader knows.
type cover struct {
	source  *rewrite.Source
	claimed []bool
	// waiting are the indexes of tokens by what claims them.
	waiting map[string][]int
}

func newCover(s *rewrite.Source) *cover {
	c := &cover{source: s, claimed: make([]bool, len(s.Tokens)), waiting: make(map[string][]int, len(s.Tokens))}
	for i, t := range s.Tokens {
		switch t.Kind {
		case rewrite.Word:
			switch upper := strings.ToUpper(t.Value); {
			case !keywords[upper] || i > 0 && s.Tokens[i-1].Value == ".":
				c.wait("name "+t.Value, i)
			case !reserved[upper]:
				c.wait("perhaps "+t.Value, i)
			}
			c.wait("word "+strings.ToLower(t.Value), i)
		case rewrite.Quoted:
			c.wait("name "+t.Value, i)
			c.wait("quoted "+strings.ToLower(t.Value), i)
		case rewrite.String:
			c.wait(literalKey(s.Slice(t.Span), t.Value), i)
		case rewrite.Number:
			c.wait(numberKey(t.Value), i)
		case rewrite.Variable, rewrite.Operator:
			c.wait("sign "+t.Value, i)
		}
	}
	return c
}

func (c *cover) wait(key string, token int) { c.waiting[key] = append(c.waiting[key], token) }

// claim returns the token that a part of the tree stands for.
func (c *cover) claim(key string) (int, bool) {
	queue := c.waiting[key]
	for len(queue) > 0 && c.claimed[queue[0]] {
		queue = queue[1:]
	}
	if len(queue) == 0 {
		delete(c.waiting, key)
		return 0, false
	}
	c.waiting[key] = queue[1:]
	c.claimed[queue[0]] = true
	return queue[0], true
}

// name claims a name as it is written, quoted or not. A word that can be a keyword comes last: it may be one.
func (c *cover) name(name string) (int, bool) {
	if i, ok := c.claim("name " + name); ok {
		return i, true
	}
	return c.claim("perhaps " + name)
}

// function claims the name of a function, whose case doesn't matter.
func (c *cover) function(name string) (int, bool) {
	if i, ok := c.claim("word " + strings.ToLower(name)); ok {
		return i, true
	}
	return c.claim("quoted " + strings.ToLower(name))
}

// between marks the tokens of a type name, which the tree has in another form.
func (c *cover) between(from, to int) {
	for i := from; i < to; i++ {
		c.claimed[i] = true
	}
}

// has reports whether one of the words stands among some tokens.
func (c *cover) has(from, to int, words ...string) bool {
	for _, t := range c.source.Tokens[from:to] {
		for _, w := range words {
			if t.Kind == rewrite.Word && strings.EqualFold(t.Value, w) {
				return true
			}
		}
	}
	return false
}

// closing returns the token that closes the parenthesis at or after a token, and the last token of the words or signs given
// that stands directly inside.
func (c *cover) closing(open int, separators ...string) (end, last int) {
	depth, last := 0, -1
	for i := open; i < len(c.source.Tokens); i++ {
		t := c.source.Tokens[i]
		if t.Kind != rewrite.Operator && t.Kind != rewrite.Word {
			continue
		}
		switch {
		case t.Value == "(":
			depth++
		case t.Value == ")":
			if depth--; depth == 0 {
				return i, last
			}
		case depth == 1:
			for _, s := range separators {
				if strings.EqualFold(t.Value, s) {
					last = i
				}
			}
		}
	}
	return len(c.source.Tokens), last
}

// unclaimed returns the first token that the tree has no place for.
func (c *cover) unclaimed() (rewrite.Token, bool) {
	for i, t := range c.source.Tokens {
		if c.claimed[i] {
			continue
		}
		switch t.Kind {
		case rewrite.Quoted, rewrite.String, rewrite.Number, rewrite.Variable:
			return t, true
		case rewrite.Word:
			if !keywords[strings.ToUpper(t.Value)] {
				return t, true
			}
		}
	}
	return rewrite.Token{}, false
}

// literalKey tells texts and binary literals apart.
func literalKey(written, value string) string {
	if strings.HasPrefix(written, "'") {
		return "text " + value
	}
	return numberKey(value)
}

// numberKey is what spellings of one number have in common: 1.50 and 1.5, 0x0A and x'0a'.
func numberKey(written string) string {
	switch {
	case strings.HasPrefix(written, "0x"):
		return "bytes " + bytesOf(written[2:], 16)
	case strings.HasPrefix(written, "x'"):
		return "bytes " + bytesOf(strings.Trim(written[1:], "'"), 16)
	case strings.HasPrefix(written, "0b"):
		return "bytes " + bytesOf(written[2:], 2)
	case strings.HasPrefix(written, "b'"):
		return "bytes " + bytesOf(strings.Trim(written[1:], "'"), 2)
	}
	whole := strings.TrimLeft(written, "0") // a leading zero would be another base
	if whole == "" || whole[0] < '0' || whole[0] > '9' {
		whole = "0" + whole
	}
	if number, ok := new(big.Rat).SetString(whole); ok {
		return "number " + number.RatString()
	}
	return "number " + written
}

// bytesOf is what a binary literal stands for, in hexadecimal digits without leading zeros.
func bytesOf(digits string, base int) string {
	if n, ok := new(big.Int).SetString("0"+digits, base); ok {
		return n.Text(16)
	}
	return digits
}

func binaryKey(b []byte) string { return "bytes " + bytesOf(hex.EncodeToString(b), 16) }

// reserved are keywords that are names only after a dot.
var reserved = set(`
	ALL AND AS BETWEEN BY CASE CROSS DISTINCT DIV ELSE EXCEPT EXISTS FALSE FOR FROM GROUP HAVING IN INNER INTERSECT INTERVAL IS
	JOIN LATERAL LEFT LIKE LIMIT MOD NATURAL NOT NULL ON OR ORDER OVER RECURSIVE REGEXP RIGHT RLIKE SELECT STRAIGHT_JOIN THEN TRUE
	UNION USING WHEN WHERE WINDOW WITH XOR
`)

// keywords are the words of a SELECT that are no names. A word that is neither here nor in the tree refuses the query.
var keywords = set(`
	ALL AND ANY AS ASC BETWEEN BINARY BOTH BY CASE COLLATE CROSS CURRENT DESC DISTINCT DISTINCTROW DIV DUAL ELSE END ESCAPE
	EXCEPT EXISTS FALSE FOLLOWING FOR FORCE FROM GROUP HAVING IGNORE IN INDEX INNER INTERSECT INTERVAL IS JOIN KEY LATERAL
	LEADING LEFT LIKE LIMIT MINUS MOD NATURAL NOT NULL OFFSET ON OR ORDER OUTER OVER PARTITION PRECEDING RANGE RECURSIVE REGEXP
	RIGHT RLIKE ROLLUP ROW ROWS SELECT SEPARATOR SOME SQL_BIG_RESULT SQL_BUFFER_RESULT SQL_NO_CACHE SQL_SMALL_RESULT
	STRAIGHT_JOIN THEN TRAILING TRUE UNBOUNDED UNION UNKNOWN USE USING WHEN WHERE WINDOW WITH XOR
	DATE TIME TIMESTAMP DATETIME _UTF8MB4 _UTF8 _BINARY
	MICROSECOND SECOND MINUTE HOUR DAY WEEK MONTH QUARTER YEAR SECOND_MICROSECOND MINUTE_MICROSECOND MINUTE_SECOND
	HOUR_MICROSECOND HOUR_SECOND HOUR_MINUTE DAY_MICROSECOND DAY_SECOND DAY_MINUTE DAY_HOUR YEAR_MONTH
	SQL_TSI_SECOND SQL_TSI_MINUTE SQL_TSI_HOUR SQL_TSI_DAY SQL_TSI_WEEK SQL_TSI_MONTH SQL_TSI_QUARTER SQL_TSI_YEAR
`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
