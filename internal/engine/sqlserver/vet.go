package sqlserver

import (
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
)

var _ engine.Vetter = Dialect{}

// Vet refuses a definition with an expression that does more than compute: the server would run it, with the rights of whoever
// loads the copy. Nothing is called but functions of the server's own that are listed here, and no query is made.
func (d Dialect) Vet(definition engine.Definition) error {
	for i := range definition.Tables {
		t := &definition.Tables[i]
		for _, c := range t.Columns {
			if c.Default != "" && !harmless(c.Default) || c.Computed != "" && c.Computed != optionColumnSet && !harmless(c.Computed) {
				return d.unvetted(t, "the default or expression of column "+quote(c.Name))
			}
		}
		for _, c := range t.Checks {
			if !harmless(c.Expression) {
				return d.unvetted(t, "check "+quote(c.Name))
			}
		}
		for _, x := range t.Indexes {
			if own, ok := readIndex(x, t); ok && own.where != "" && !harmless(own.where) {
				return d.unvetted(t, "index "+quote(x.Name))
			}
		}
	}
	return nil
}

func (d Dialect) unvetted(t *catalog.Table, what string) error {
	return failure(codeDefinition, diag.Refused, "ask the sender to leave it out, or load the package into another engine, which makes no such thing", nil,
		"%s of table %s is no plain expression: it calls a function that is not known to only compute", what, t.Name)
}

// lexeme is a word, a quoted piece or one character of an expression.
type lexeme struct {
	text  string
	quote byte
}

func lexemes(s string) (list []lexeme) {
	parts, _ := pieces(s)
	for _, p := range parts {
		if p.quote != 0 {
			list = append(list, lexeme{p.content, p.quote})
			continue
		}
		for rest := p.text; rest != ""; {
			n := strings.IndexFunc(rest, func(r rune) bool { return strings.ContainsRune(" \t\r\n()+-*/%<>=!,.&|^~:", r) })
			switch {
			case n < 0:
				n = len(rest)
			case n == 0:
				n = 1
			}
			if word := strings.TrimSpace(rest[:n]); word != "" {
				list = append(list, lexeme{text: strings.ToLower(word)})
			}
			rest = rest[n:]
		}
	}
	return list
}

// harmless reports whether a text is one expression, and calls nothing but what is listed.
func harmless(s string) bool {
	if !isExpression(s) {
		return false
	}
	list := lexemes(s)
	depth := 0
	for i, x := range list {
		if x.quote != 0 && x.quote != '[' && x.quote != '"' {
			continue
		}
		switch {
		case x.quote != 0:
		case x.text == "(":
			depth++
			continue
		case x.text == ")":
			depth--
			continue
		case x.text == "," && depth == 0:
			return false
		case x.text == "select" || x.text == ":":
			return false
		}
		if i+1 == len(list) || list[i+1] != (lexeme{text: "("}) {
			continue
		}
		if x.quote == 0 && strings.Trim(x.text, "+-*/%<>=!,&|^~") == "" {
			continue // an operator
		}
		_, isType := ownTypes[strings.ToLower(x.text)]
		known := isType || x.quote == 0 && slices.Contains(functions, x.text)
		if !known || i > 0 && list[i-1] == (lexeme{text: "."}) {
			return false
		}
	}
	return true
}

// functions are those that only compute, tell the time or make an identifier, and the keywords that a parenthesis follows.
var functions = strings.Fields(`and or not in like between is then else when case end as escape exists null
	abs acos ascii asin atan atn2 avg cast ceiling char charindex checksum choose coalesce concat concat_ws convert cos cot current_timestamp datalength date_bucket dateadd
	datediff datediff_big datefromparts datename datepart datetime2fromparts datetimefromparts datetimeoffsetfromparts datetrunc day degrees difference
	eomonth exp floor format getdate getutcdate greatest hashbytes iif isdate isjson isnull isnumeric json_array json_object json_query json_value left least len log log10 lower
	ltrim month nchar newid newsequentialid nullif parse patindex pi power quotename radians rand replace replicate reverse right round rtrim sign sin
	smalldatetimefromparts soundex space sqrt square str string_escape stuff substring switchoffset sysdatetime sysdatetimeoffset sysutcdatetime tan timefromparts todatetimeoffset
	translate trim try_cast try_convert try_parse unicode upper year`)

// ownIndex is an index as SQL Server defines it: body is what follows the table's name, and where its condition, in parentheses.
type ownIndex struct {
	clustered   bool
	body, where string
}

// readIndex reads the definition of an index. Its columns, those that are carried along and its condition each are in
// parentheses, so that nothing can follow: what ends a statement here is no more than the next one's first word.
func readIndex(index catalog.Index, t *catalog.Table) (own ownIndex, ok bool) {
	for _, clustered := range []bool{false, true} {
		body, found := strings.CutPrefix(index.Definition, indexPrefix(index.Name, index.Unique, clustered, Dialect{}.Table(t.Name)))
		if !found {
			continue
		}
		columns, rest, ok := cutGroup(body)
		ok = ok && onlyColumns(columns)
		if included, found := strings.CutPrefix(rest, " INCLUDE "); found && ok {
			columns, rest, ok = cutGroup(included)
			ok = ok && onlyColumns(columns)
		}
		own = ownIndex{clustered: clustered, body: body}
		if condition, found := strings.CutPrefix(rest, " WHERE "); found && ok {
			own.where, rest, ok = cutGroup(condition)
		}
		return own, ok && rest == ""
	}
	return own, false
}

// onlyColumns reports whether a text in parentheses holds names of columns and their order, and nothing else.
func onlyColumns(group string) bool {
	return !slices.ContainsFunc(lexemes(group), func(x lexeme) bool {
		return x.quote != '[' && !slices.Contains([]string{"(", ")", ",", "desc"}, x.text)
	})
}

// cutGroup cuts the parentheses that s begins with off, with what is in them.
func cutGroup(s string) (group, rest string, ok bool) {
	if !strings.HasPrefix(s, "(") {
		return "", s, false
	}
	for i := range len(s) {
		if s[i] == ')' && isExpression(s[:i+1]) {
			return s[:i+1], s[i+1:], true
		}
	}
	return "", s, false
}
