package filter

import (
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/rewrite"
	"github.com/utdrag/utdrag/internal/engine/engines"
)

// scriptTarget is where a copy's rows go.
type scriptTarget struct {
	name    string // canonical
	columns []scriptToken
	at      int
}

// scriptInsert is one copy: where to, and the SELECT.
type scriptInsert struct {
	target scriptTarget
	query  []scriptToken
}

// target finds where the copy of the plan's own unit leads.
func (c *checker) target(item *scriptItem, u *scriptUnit) (*scriptTarget, error) {
	head := u.tokens[:item.head]
	switch c.script.Dialect.Name() {
	case engines.Postgres:
		t, _, found := c.copyCommand(u)
		if found != nil {
			return nil, found
		}
		return t, nil
	case engines.SQLServer:
		item.head = beginsInsert(head)
	default:
		item.head = 0
	}
	if item.head < 0 {
		return nil, diag.List{rewrite.CodeScriptTarget.Diagnostic(diag.Range{}, "no INSERT")}
	}
	inserts, found := c.inserts(newCheckedFile("", ""), u.tokens[item.head:len(u.tokens)-item.tail])
	if found != nil {
		return nil, found
	}
	return &inserts[0].target, nil
}

// beginsInsert is where the last INSERT of some tokens begins, or -1.
func beginsInsert(tokens []scriptToken) int {
	for i := len(tokens) - 1; i >= 0; i-- {
		if tokens[i].is("INSERT") {
			return i
		}
	}
	return -1
}

// copyCommand reads psql's \g with the COPY that takes the rows, and returns what comes before that.
func (c *checker) copyCommand(u *scriptUnit) (*scriptTarget, string, diag.List) {
	refuse := func(what string) diag.List {
		return diag.List{rewrite.CodeScriptTarget.Diagnostic(diag.Range{}, what)}
	}
	before, word, ok := strings.Cut(u.end, " -c '")
	if !ok || !strings.HasSuffix(word, "'") {
		return nil, "", refuse("the copy isn't taken by a COPY")
	}
	statement := strings.ReplaceAll(strings.TrimSuffix(word, "'"), `'\''`, "'")
	if "'"+strings.ReplaceAll(statement, "'", `'\''`)+"'" != "'"+word {
		return nil, "", refuse("the copy isn't taken by a COPY")
	}
	tokens, found := c.client.lex("", statement)
	if found != nil || len(tokens) < 2 || !tokens[0].is("COPY") {
		return nil, "", refuse("the copy isn't taken by a COPY")
	}
	t, rest, ok := readTarget(tokens[1:])
	if !ok || len(rest) != 2 || !rest[0].is("FROM") || !rest[1].is("STDIN") {
		return nil, "", refuse("the copy isn't taken by a COPY")
	}
	// What the shell and psql make of the line is only known of lines that are written just so.
	var columns []string
	for _, name := range t.columns {
		if name.kind != rewrite.Quoted {
			return nil, "", refuse("columns are named in double quotes here")
		}
		columns = append(columns, name.text)
	}
	var table strings.Builder
	for _, token := range tokens[1 : len(tokens)-len(rest)-2*len(columns)-1] {
		table.WriteString(token.text)
	}
	if statement != "COPY "+table.String()+" ("+strings.Join(columns, ", ")+") FROM STDIN" {
		return nil, "", refuse("the COPY that takes the rows is written in another way than the plan's")
	}
	t.at = u.at
	for i := range t.columns {
		t.columns[i].at = u.at
	}
	return &t, before, nil
}

// readTarget reads a table and a list of its columns.
func readTarget(tokens []scriptToken) (t scriptTarget, rest []scriptToken, ok bool) {
	i := 0
	for i < len(tokens) && (tokens[i].name() || tokens[i].is(".")) && !tokens[i].is("WITH") {
		t.name += tokens[i].same
		i++
	}
	if i == 0 {
		return t, nil, false
	}
	t.at = tokens[0].at
	if i+3 < len(tokens) && tokens[i].is("WITH") && tokens[i+1].is("(") && tokens[i+2].is("TABLOCK") && tokens[i+3].is(")") {
		i += 4
	}
	if i >= len(tokens) || !tokens[i].is("(") {
		return t, nil, false
	}
	for i++; i+1 < len(tokens); i += 2 {
		if !tokens[i].name() {
			return t, nil, false
		}
		t.columns = append(t.columns, tokens[i])
		if tokens[i+1].is(")") {
			return t, tokens[i+2:], true
		}
		if !tokens[i+1].is(",") {
			return t, nil, false
		}
	}
	return t, nil, false
}

// inserts takes statements apart, each INSERT INTO a table with its columns and a SELECT. Where they are batches, semicolons
// stand between them.
func (c *checker) inserts(file *checkedFile, tokens []scriptToken) ([]scriptInsert, diag.List) {
	var all []scriptInsert
	for len(tokens) > 0 {
		end := slices.IndexFunc(tokens, func(t scriptToken) bool { return t.kind == rewrite.Semicolon })
		one := tokens
		if end >= 0 {
			one, tokens = tokens[:end], tokens[end+1:]
		} else {
			tokens = nil
		}
		if len(one) == 0 {
			continue
		}
		if len(one) < 3 || !one[0].is("INSERT") || !one[1].is("INTO") {
			return nil, file.refuse(rewrite.CodeScriptStatement, one[0].at, "this is neither the plan's statement nor INSERT INTO a table of the copy")
		}
		t, query, ok := readTarget(one[2:])
		if !ok || len(query) == 0 {
			return nil, file.refuse(rewrite.CodeScriptTarget, one[2].at, "INSERT INTO isn't followed by a table and a list of its columns")
		}
		if !query[0].is("SELECT", "WITH") {
			return nil, file.refuse(rewrite.CodeScriptStatement, query[0].at, "rows of a copy come from a SELECT")
		}
		all = append(all, scriptInsert{t, query})
	}
	return all, nil
}

// edited takes the copies out of an edited part: units that stand where those of item would. ok is false where it is not the part,
// edited, and found says why where it seems to be meant as one.
func (c *checker) edited(item *scriptItem, units []scriptUnit, file *checkedFile) (inserts []scriptInsert, ok bool, found diag.List) {
	if item.edit < 0 || len(units) < len(item.units) {
		return nil, false, nil
	}
	units = units[:len(item.units)]
	for i := range units {
		if i != item.edit && units[i].key != item.units[i].key {
			return nil, false, nil
		}
	}
	u, own := &units[item.edit], &item.units[item.edit]
	if c.script.Dialect.Name() == engines.Postgres {
		if !strings.HasPrefix(u.end, `\g |`) || len(u.tokens) < item.head+item.tail {
			return nil, false, nil
		}
		_, ownBefore, _ := c.copyCommand(own)
		t, before, found := c.copyCommand(u)
		if found != nil || before != ownBefore {
			return nil, false, file.refuse(rewrite.CodeScriptTarget, u.at, "the line that takes the rows of this copy is not written as the plan's")
		}
		if ownTarget, _, _ := c.copyCommand(own); t.name != ownTarget.name {
			return nil, false, file.refuse(rewrite.CodeScriptTarget, u.at, "the rows go into another table than the one whose rows are counted")
		}
		query, ok := between(u.tokens, own.tokens, item)
		if !ok {
			return nil, false, nil
		}
		return []scriptInsert{{*t, query}}, true, nil
	}
	if u.end != own.end {
		return nil, false, nil
	}
	middle, ok := between(u.tokens, own.tokens, item)
	if !ok {
		return nil, false, nil
	}
	inserts, found = c.inserts(file, middle)
	return inserts, found == nil, found
}

// between is what stands between the head and the tail that an edited copy has in common with the plan's.
func between(tokens, own []scriptToken, item *scriptItem) ([]scriptToken, bool) {
	end := len(tokens) - item.tail
	if end < item.head || !sameTokens(tokens[:item.head], own[:item.head]) || !sameTokens(tokens[end:], own[len(own)-item.tail:]) {
		return nil, false
	}
	return tokens[item.head:end], true
}
