package oracle

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"
)

// Case is a generated database and a map for it: schemas with cycles, composite and self-referencing keys, keys to
// UNIQUE columns in another case, diamonds, several foreign keys between the same tables, tables without a primary
// key, NULLs wherever they may stand; maps with every kind of path and policy.
type Case struct {
	// Schemas are the schemas that the tables stand in beside the default one.
	Schemas []string
	// Schema is SQL for the case's engine that makes the tables, Rows its INSERTs, and After makes what rows can't be
	// loaded with.
	Schema, Rows, After string
	// Map is the map; Plain is the same map with policies that can always be planned.
	Map, Plain string
	// Provider and Units are what is ordered. The units may be none of the provider's.
	Provider string
	Units    []string
	Data     Data
	// Inserts are the INSERTs of other rows for the same tables.
	Inserts func(Data) string
}

type genTable struct {
	schema, name string
	number       int
	kind         string // "number", "natural", "composite", "norowid", "none"
	alt          bool   // has a unique column Code
	columns      []string
	types        map[string]*columnType
	required     map[string]bool
	extras       []*extraColumn
	keys         [][]string // what foreign keys can reference
	foreigns     []*genForeign
	rows         []Row
	// named is set where keys have names; uniqueIndex where Code is unique by an index; the others where the table has one.
	named, uniqueIndex, index, check, computed bool

	rule    string // "", "all", "none", "empty"
	paths   []*genPath
	all     bool
	where   string
	masks   map[string]string // by column; "omit" for one that is left out
	dummies map[string]string // by column
	hashKey bool
}

type genForeign struct {
	child, parent *genTable
	columns       []string
	references    []string
	nullable      bool
	name          string
	action        string
	policy        string
}

type genPath struct {
	up          bool
	foreign     *genForeign
	nullInclude bool
}

func (p *genPath) other() *genTable {
	if p.up {
		return p.foreign.parent
	}
	return p.foreign.child
}

// Generate draws a case for an engine: for SQLite where none is named.
func Generate(rt *rapid.T, engine ...*Flavour) *Case {
	g := &generator{rt: rt, Flavour: SQLite}
	if len(engine) > 0 {
		g.Flavour = engine[0]
	}
	g.tables()
	g.foreignKeys()
	g.data()
	g.maps()
	c := &Case{Schema: g.schemaText(), After: g.after(), Provider: g.provider(), Data: Data{}, Inserts: g.inserts}
	if g.unit != nil {
		c.Units = g.units()
	}
	if g.second != "" {
		c.Schemas = []string{g.second}
	}
	c.Map = g.text(func(f *genForeign) string { return f.policy })
	c.Plain = g.text(g.plainPolicy)
	for _, t := range g.all {
		c.Data[t.catalogName().String()] = t.rows
	}
	c.Rows = g.inserts(c.Data)
	return c
}

type generator struct {
	*Flavour
	rt   *rapid.T
	all  []*genTable
	unit *genTable // the table of care units, or nil
}

func (g *generator) chance(percent int, what string) bool {
	return rapid.IntRange(0, 99).Draw(g.rt, what) < percent
}

func (g *generator) one(what string, options ...string) string {
	return rapid.SampledFrom(options).Draw(g.rt, what)
}

func (g *generator) oneType(what string, options []columnType) columnType {
	return rapid.SampledFrom(options).Draw(g.rt, what)
}

func (g *generator) tables() {
	kinds := []string{"number", "number", "natural", "composite"}
	if g.rowless {
		kinds = append(kinds, "norowid")
	}
	if g.keyless {
		kinds = append(kinds, "none")
	}
	count := rapid.IntRange(2, len(g.names)).Draw(g.rt, "tables")
	for i := range count {
		t := &genTable{schema: g.home, name: g.names[i], number: i, types: map[string]*columnType{}, required: map[string]bool{}, masks: map[string]string{}, dummies: map[string]string{}}
		t.kind = g.one("kind", kinds...)
		if i == 0 {
			t.kind = "number"
		}
		if g.second != "" && g.chance(25, "schema") {
			t.schema = g.second
			if i > 1 && g.all[i-1].schema == g.home && g.chance(50, "one name") { // as another table of the default schema has
				t.name = g.all[i-1].name
			}
		}
		switch t.kind {
		case "number":
			number := g.oneType("number", g.numbers)
			if number.identity && g.unnumbered {
				number = number.referencing()
			}
			t.column("Id", number, true)
			t.keys = append(t.keys, []string{"Id"})
		case "natural", "norowid":
			t.column("Id", g.oneType("natural", g.naturals), true)
			t.keys = append(t.keys, []string{"Id"})
		case "composite":
			t.column("A", g.integer, true)
			t.column("B", g.oneType("part", g.parts), true)
			t.keys = append(t.keys, []string{"B", "A"})
		}
		if t.alt = i == 0 || g.chance(50, "alt"); t.alt {
			t.column("Code", g.oneType("code", g.codes), false)
			t.keys = append(t.keys, []string{"Code"})
		}
		t.column("N", g.integer, false)
		t.column("Txt", g.oneType("text", g.texts), false)
		for x := range g.extras {
			if g.chance(15, "extra") {
				t.column(g.extras[x].name, g.extras[x].columnType, false)
				t.extras = append(t.extras, &g.extras[x])
			}
		}
		t.named, t.uniqueIndex, t.index = g.chance(50, "named"), !g.filtered && g.chance(20, "unique index"), g.chance(20, "index")
		t.check, t.computed = g.chance(20, "check"), g.chance(20, "computed")
		g.all = append(g.all, t)
	}
}

// plain reports whether a name is a word of the letters A to Z.
func (t *genTable) column(name string, typ columnType, required bool) {
	t.columns, t.types[name], t.required[name] = append(t.columns, name), &typ, required
}

func (g *generator) foreignKeys() {
	for i, t := range g.all {
		count := rapid.IntRange(0, 3).Draw(g.rt, "foreign keys")
		if i > 0 {
			count = max(count, 1)
		}
		for j := range count {
			parent := rapid.SampledFrom(g.all).Draw(g.rt, "parent")
			if len(parent.keys) == 0 {
				continue
			}
			f := &genForeign{child: t, parent: parent, nullable: g.chance(70, "nullable"), name: g.constraint("FK_%d_%d", i, j)}
			f.references = rapid.SampledFrom(parent.keys).Draw(g.rt, "references")
			for k, r := range f.references {
				name := fmt.Sprintf("f%d_%d", j, k)
				t.column(name, parent.types[r].referencing(), !f.nullable)
				f.columns = append(f.columns, name)
			}
			t.foreigns = append(t.foreigns, f)
		}
		if t.kind == "composite" && g.chance(40, "composite self reference") { // shares a column with the key
			t.column("PrevB", t.types["B"].referencing(), false)
			t.foreigns = append(t.foreigns, &genForeign{child: t, parent: t, nullable: true, name: g.constraint("FK_%d_self", i),
				columns: []string{"PrevB", "A"}, references: []string{"B", "A"}})
		}
	}
	g.onDelete()
}

func (g *generator) constraint(format string, numbers ...any) string {
	name := fmt.Sprintf(format, numbers...)
	if g.lower {
		name = strings.ToLower(name)
	}
	return name
}

// onDelete draws what foreign keys do when their parent goes.
func (g *generator) onDelete() {
	used := false
	for _, t := range g.all {
		for _, f := range t.foreigns {
			action := g.one("action", g.actions...)
			if g.oneAction && (used || f.parent == t || action == "SET NULL" && !f.nullable) {
				continue
			}
			f.action, used = action, used || action != ""
		}
	}
}

// self tells a reference of a composite key to its own table, which shares a column with the key.
func (f *genForeign) self() bool { return strings.HasSuffix(f.name, "_self") }
