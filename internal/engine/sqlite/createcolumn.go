package sqlite

import "strings"

// columnWords begin a column constraint, and so end a column's type.
var columnWords = []string{"CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES",
	"GENERATED", "AS", "DEFERRABLE", "ON"}

func (p *parser) columnDefinition() {
	c := columnDefinition{name: p.identifier()}
	p.typeName()
	for {
		name := p.constraintName()
		switch t := p.peek(); {
		case p.accept("PRIMARY", "KEY"):
			if !p.accept("ASC") {
				p.accept("DESC")
			}
			p.conflict()
			if p.accept("AUTOINCREMENT") {
				p.table.numbered = true
			}
			p.table.primary = &keyDefinition{name: name, columns: []string{c.name}, collations: []string{""}}
		case p.accept("NOT", "NULL"):
			c.notNull = true
			p.conflict()
		case p.accept("NULL"):
			p.conflict()
		case p.accept("UNIQUE"):
			p.table.uniques = append(p.table.uniques, keyDefinition{name: name, columns: []string{c.name}, collations: []string{""}})
			p.conflict()
		case p.accept("CHECK"):
			p.table.checks = append(p.table.checks, checkDefinition{name, p.inside()})
			p.conflict()
		case p.accept("DEFAULT"):
			c.defaults = p.defaultValue()
		case p.accept("COLLATE"):
			c.collation = p.identifier()
		case t.is("REFERENCES"):
			p.references(name, []string{c.name})
		case p.accept("GENERATED"):
			p.expect("ALWAYS", "AS")
			p.computed(&c)
		case p.accept("AS"):
			p.computed(&c)
		case t.is("DEFERRABLE"), t.is("NOT"):
			p.fail("a column constraint")
		default:
			p.table.columns = append(p.table.columns, c)
			return
		}
		p.table.constraints++
	}
}

func (p *parser) computed(c *columnDefinition) {
	c.computed = join(p.inside())
	if p.accept("STORED") {
		c.stored = true
	} else {
		p.accept("VIRTUAL")
	}
}

// typeName takes the words of a type, and its one or two signed numbers or words in parentheses.
func (p *parser) typeName() {
	words := 0
	for {
		t := p.peek()
		if t.kind == symbol || t.kind == number || t.kind == word && isColumnWord(t.text) {
			break
		}
		p.at++
		words++
	}
	if words > 0 && p.peek().sign("(") {
		p.inside()
	}
}

func isColumnWord(s string) bool {
	for _, w := range columnWords {
		if strings.EqualFold(w, s) {
			return true
		}
	}
	return false
}

// defaultValue takes a default: an expression in parentheses, a signed number, a text, or a word.
func (p *parser) defaultValue() []token {
	start := p.at
	if p.peek().sign("(") {
		return p.inside()
	}
	if !p.acceptSign("-") {
		p.acceptSign("+")
	}
	if p.next().kind == symbol {
		p.fail("a default")
	}
	return p.tokens[start:p.at]
}

// isTypeName reports whether the text, written where SQLite expects a type, is that type to it. No text is a type too.
// SQLite takes the quotes off a type that is one quoted word, and "generated always" off its end.
func isTypeName(s string) bool {
	tokens, err := tokenize(s)
	if err != nil || strings.HasSuffix(fold(s), "generated always") {
		return false
	}
	switch n := len(tokens); {
	case n == 0:
		return s == ""
	case tokens[0].start != 0 || tokens[n-1].end != len(s):
		return false
	case n == 1 && tokens[0].kind != word:
		return false
	}
	p := &parser{tokens: tokens}
	ok := true
	func() {
		defer func() {
			if recover() != nil {
				ok = false
			}
		}()
		p.typeName()
	}()
	return ok && p.at == len(tokens) && !strings.Contains(s, "--") && !strings.Contains(s, "/*") && numbersOnly(tokens)
}

// numbersOnly reports whether the parentheses of a type, if any, hold one or two words or signed numbers.
func numbersOnly(tokens []token) bool {
	for i, t := range tokens {
		if !t.sign("(") {
			continue
		}
		parts, inside := 0, tokens[i+1:len(tokens)-1]
		for j := 0; j < len(inside); j++ {
			if parts > 0 {
				if !inside[j].sign(",") {
					return false
				}
				j++
			}
			if j < len(inside) && (inside[j].sign("-") || inside[j].sign("+")) {
				j++
			}
			if j >= len(inside) || inside[j].kind == symbol {
				return false
			}
			parts++
		}
		return parts == 1 || parts == 2
	}
	return true
}
