package sqlite

import (
	"errors"
	"strings"
)

// definition is what a CREATE TABLE text says that the PRAGMAs don't.
type definition struct {
	columns     []columnDefinition
	primary     *keyDefinition
	uniques     []keyDefinition
	foreign     []foreignDefinition
	checks      []checkDefinition
	options     []string
	numbered    bool // AUTOINCREMENT
	constraints int  // how many were read, to be held against what the PRAGMAs count
}

type columnDefinition struct {
	name      string
	collation string
	notNull   bool
	computed  string
	stored    bool
	defaults  []token
}

type keyDefinition struct {
	name       string
	columns    []string
	collations []string // "" where not written
}

type foreignDefinition struct {
	name    string
	columns []string
	parent  string
}

type checkDefinition struct {
	name       string
	expression []token
}

// parser reads one CREATE TABLE text as SQLite keeps it. It follows https://www.sqlite.org/lang_createtable.html, and
// fails on whatever that page doesn't show.
type parser struct {
	tokens []token
	at     int
	table  definition
}

// errDefinition wraps nothing of the text, which may hold literals.
type errDefinition struct{ expected string }

func (e errDefinition) Error() string { return "expected " + e.expected }

func parseTable(sql string) (d *definition, err error) {
	tokens, err := tokenize(sql)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens}
	defer func() {
		// The grammar is recursive only in the helpers below, which stop at the first thing unexpected.
		if r := recover(); r != nil {
			e, ok := r.(errDefinition)
			if !ok {
				panic(r)
			}
			d, err = nil, e
		}
	}()
	p.statement()
	return &p.table, nil
}

func (p *parser) fail(expected string) { panic(errDefinition{expected}) }

func (p *parser) peek() token {
	if p.at >= len(p.tokens) {
		return token{kind: symbol}
	}
	return p.tokens[p.at]
}

func (p *parser) next() token {
	t := p.peek()
	p.at++
	return t
}

// accept takes the words if they all come next.
func (p *parser) accept(words ...string) bool {
	for i, w := range words {
		if p.at+i >= len(p.tokens) || !p.tokens[p.at+i].is(w) {
			return false
		}
	}
	p.at += len(words)
	return true
}

func (p *parser) expect(words ...string) {
	if !p.accept(words...) {
		p.fail(strings.Join(words, " "))
	}
}

func (p *parser) acceptSign(s string) bool {
	if p.peek().sign(s) {
		p.at++
		return true
	}
	return false
}

func (p *parser) expectSign(s string) {
	if !p.acceptSign(s) {
		p.fail(s)
	}
}

// identifier takes a name in any of the four quotings, or none.
func (p *parser) identifier() string {
	t := p.next()
	if t.kind != word && t.kind != quoted && t.kind != str {
		p.fail("a name")
	}
	return t.name
}

// inside takes a balanced text in parentheses and returns what is between them.
func (p *parser) inside() []token {
	p.expectSign("(")
	start, depth := p.at, 1
	for ; p.at < len(p.tokens); p.at++ {
		switch t := p.tokens[p.at]; {
		case t.sign("("):
			depth++
		case t.sign(")"):
			depth--
		}
		if depth == 0 {
			p.at++
			return p.tokens[start : p.at-1]
		}
	}
	p.fail(")")
	return nil
}

func (p *parser) statement() {
	p.expect("CREATE", "TABLE")
	p.identifier()
	p.expectSign("(")
	p.columnDefinition()
	for p.acceptSign(",") {
		if p.peek().is("CONSTRAINT") || p.isTableConstraint() {
			for !p.peek().sign(")") {
				p.tableConstraint(p.constraintName())
				p.acceptSign(",") // SQLite lets commas between table constraints be left out
			}
			break
		}
		p.columnDefinition()
	}
	p.expectSign(")")
	p.tableOptions()
}

// constraintName takes CONSTRAINT and a name. A name may stand alone; SQLite then keeps the last one.
func (p *parser) constraintName() string {
	name := ""
	for p.accept("CONSTRAINT") {
		name = p.identifier()
	}
	return name
}

func (p *parser) isTableConstraint() bool {
	t := p.peek()
	return t.is("PRIMARY") || t.is("UNIQUE") || t.is("CHECK") || t.is("FOREIGN")
}

func (p *parser) tableConstraint(name string) {
	p.table.constraints++
	switch {
	case p.accept("PRIMARY", "KEY"):
		key := p.keyColumns(name)
		p.table.primary = &key
		p.conflict()
	case p.accept("UNIQUE"):
		p.table.uniques = append(p.table.uniques, p.keyColumns(name))
		p.conflict()
	case p.accept("CHECK"):
		p.table.checks = append(p.table.checks, checkDefinition{name, p.inside()})
		p.conflict()
	case p.accept("FOREIGN", "KEY"):
		columns := p.names()
		p.references(name, columns)
	case name != "" && (p.peek().sign(")") || p.peek().sign(",")): // a name and nothing named: SQLite takes it
	default:
		p.fail("a table constraint")
	}
}

func (p *parser) keyColumns(name string) keyDefinition {
	key := keyDefinition{name: name}
	p.expectSign("(")
	for {
		key.columns = append(key.columns, p.identifier())
		collation := ""
		if p.accept("COLLATE") {
			collation = p.identifier()
		}
		key.collations = append(key.collations, collation)
		if !p.accept("ASC") {
			p.accept("DESC")
		}
		if p.accept("AUTOINCREMENT") {
			p.table.numbered = true
		}
		if p.acceptSign(")") {
			return key
		}
		p.expectSign(",")
	}
}

func (p *parser) names() []string {
	var names []string
	p.expectSign("(")
	for {
		names = append(names, p.identifier())
		if p.acceptSign(")") {
			return names
		}
		p.expectSign(",")
	}
}

func (p *parser) conflict() {
	if p.accept("ON", "CONFLICT") {
		p.identifier()
	}
}

func (p *parser) references(name string, columns []string) {
	p.expect("REFERENCES")
	f := foreignDefinition{name: name, columns: columns, parent: p.identifier()}
	if p.peek().sign("(") {
		p.names()
	}
	for {
		switch {
		case p.accept("ON", "DELETE"), p.accept("ON", "UPDATE"):
			if !p.accept("SET", "NULL") && !p.accept("SET", "DEFAULT") && !p.accept("CASCADE") && !p.accept("RESTRICT") &&
				!p.accept("NO", "ACTION") {
				p.fail("a foreign key action")
			}
		case p.accept("ON", "INSERT"):
			p.fail("ON DELETE or ON UPDATE")
		case p.accept("MATCH"):
			p.identifier()
		case p.accept("NOT", "DEFERRABLE"), p.accept("DEFERRABLE"):
			if !p.accept("INITIALLY", "DEFERRED") {
				p.accept("INITIALLY", "IMMEDIATE")
			}
		default:
			p.table.foreign = append(p.table.foreign, f)
			return
		}
	}
}

func (p *parser) tableOptions() {
	for p.at < len(p.tokens) {
		switch {
		case p.accept("WITHOUT"):
			p.expect("ROWID")
			p.table.options = append(p.table.options, withoutRowidOption)
		case p.accept("STRICT"):
			p.table.options = append(p.table.options, strictOption)
		default:
			p.fail("STRICT or WITHOUT ROWID")
		}
		if p.at < len(p.tokens) {
			p.expectSign(",")
		}
	}
}

var errIndex = errors.New("expected CREATE INDEX … ON … (…)")

// parseIndex returns the text of a CREATE INDEX from its opening parenthesis on, without comments.
func parseIndex(sql string) (string, error) {
	tokens, err := tokenize(sql)
	if err != nil {
		return "", err
	}
	i := 0
	accept := func(w string) bool {
		if i < len(tokens) && tokens[i].is(w) {
			i++
			return true
		}
		return false
	}
	if !accept("CREATE") {
		return "", errIndex
	}
	accept("UNIQUE")
	if !accept("INDEX") {
		return "", errIndex
	}
	for i++; i < len(tokens) && tokens[i].sign("."); i += 2 { // the name, with a schema or without
	}
	if !accept("ON") {
		return "", errIndex
	}
	if i++; i >= len(tokens) || !tokens[i].sign("(") {
		return "", errIndex
	}
	return join(tokens[i:]), nil
}

// indexBody is parseIndex for a text that may be another engine's.
func indexBody(definition string) (string, bool) {
	body, err := parseIndex(definition)
	return body, err == nil
}
