package postgres

import (
	"slices"
	"strconv"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/mask/value"
)

// The words of Column.Options for a default that a copy doesn't get, because its sequence serves several columns or belongs to
// none: the numbers that such a sequence gave elsewhere are not known to a copy.
const numberedBy = "NUMBERED BY "

func (in *introspection) readColumns() error {
	rows, err := in.ask(askColumns)
	if err != nil {
		return err
	}
	for _, row := range rows {
		f := in.byOID[row[0]]
		if f == nil {
			continue
		}
		number, expression := row[1], row[9]
		modifier, _ := strconv.Atoi(row[4])
		c := catalog.Column{Name: row[2], EngineType: row[5], Nullable: row[6] != "t"}
		f.columns[number], f.types[number] = c.Name, row[10]
		in.typeColumn(f, &c, row[3], modifier)
		if own, ok := in.collations[row[10]]; ok && (c.Type.Kind == value.String || c.Type.Kind == value.Native) {
			c.Type.Collation.Name = own.name
			c.Type.Collation.IgnoresCase, c.Type.Collation.IgnoresAccents = own.nondeterminstic, own.nondeterminstic
		}
		switch row[8] {
		case "":
			c.Default = expression
		case "s":
			c.Computed, c.Stored = expression, true
		case "v": // since version 18
			c.Computed = expression
		default:
			in.refuse(codeDefinition, "", "column %s of table %s is generated in a way that is not known", quote(c.Name), f.table.Name)
		}
		in.number(f, &c, number, row[7], row[11], row[12])
		f.table.Columns = append(f.table.Columns, c)
	}
	return nil
}

// number says how the engine numbers a column.
func (in *introspection) number(f *found, c *catalog.Column, number, identity, usedSequence, sequences string) {
	own, owned := in.sequences[f.oid+"."+number]
	switch {
	case identity != "":
		if !owned || !own.identity {
			in.refuse(codeDefinition, "", "column %s of table %s has no sequence for its numbers", quote(c.Name), f.table.Name)
			return
		}
		c.Identity = true
		c.Numbering = &catalog.Numbering{Start: own.start, Increment: own.increment, Always: identity == "a", Last: own.last}
	case sequences == "1" && owned && own.oid == usedSequence && isNextval(c.Default) && serials[c.EngineType] != "":
		c.Identity, c.Default = true, ""
		c.Numbering = &catalog.Numbering{Start: own.start, Increment: own.increment, Serial: true, Last: own.last}
	case sequences != "0" || strings.Contains(c.Default, "nextval("):
		c.Options = append(c.Options, numberedBy+c.Default)
		c.Default = ""
	}
}

// serials are the words that make a column with a sequence of its own.
var serials = map[string]string{"smallint": "smallserial", "integer": "serial", "bigint": "bigserial"}

// isNextval reports whether a default is one call of nextval and nothing else.
func isNextval(expression string) bool {
	inside, ok := strings.CutPrefix(expression, "nextval('")
	name, ok2 := strings.CutSuffix(inside, "'::regclass)")
	return ok && ok2 && !strings.Contains(strings.ReplaceAll(name, "''", ""), "'")
}

// typeColumn finds the neutral type of a column, through domains.
func (in *introspection) typeColumn(f *found, c *catalog.Column, oid string, modifier int) {
	t, reason := in.resolve(oid, modifier)
	if reason != "" {
		in.refuse(codeType, "give the column another type, or extract from a copy without it", "column %s of table %s is of type %s, %s", quote(c.Name), f.table.Name,
			c.EngineType, reason)
		t = value.Type{Kind: value.Native}
	}
	c.Type = t
	if d := in.defined(oid); d != nil {
		c.DataType = d.name
	}
}

// resolve is the neutral type of a type; reason says why there is none.
func (in *introspection) resolve(oid string, modifier int) (t value.Type, reason string) {
	found := in.types[oid]
	if found == nil {
		return t, "which is not known"
	}
	switch {
	case found.unknownBecause != "":
		return t, found.unknownBecause
	case found.class == "d":
		if modifier < 0 {
			modifier = found.modifier
		}
		return in.resolve(found.base, modifier)
	case found.isTable:
		return t, "the type of a table's rows"
	case found.class == "c" || found.class == "e" || found.class == "r" || found.class == "m":
		return value.Type{Kind: value.Native}, ""
	case found.class != "b":
		return t, "which is no type of cells"
	case found.element != "0" && found.system && strings.HasPrefix(found.name.Table, "_") || found.element != "0" && !found.system && in.types[found.element] != nil:
		if _, reason := in.resolve(found.element, -1); reason != "" {
			return t, reason
		}
		return value.Type{Kind: value.Native}, ""
	case !found.system: // an extension's
		return value.Type{Kind: value.Native}, ""
	}
	if t, ok := neutral(found.name.Table, modifier); ok {
		return t, ""
	}
	if slices.Contains(natives, found.name.Table) {
		return value.Type{Kind: value.Native}, ""
	}
	return t, "whose cells mean nothing in another database"
}

// defined is the type that somebody defined in this database that a type is, or is an array of.
func (in *introspection) defined(oid string) *foundType {
	t := in.types[oid]
	if t == nil {
		return nil
	}
	if t.definition != "" {
		return t
	}
	if t.class == "b" && t.element != "0" {
		return in.defined(t.element)
	}
	if t.rangeOf != "" {
		return in.defined(t.rangeOf)
	}
	return nil
}
