package oracle

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/mask/value"
)

// Case is a generated database and a map for it: schemas with cycles, composite and self-referencing keys, keys to
// UNIQUE columns in another case, diamonds, several foreign keys between the same tables, tables without a primary
// key, NULLs wherever they may stand; maps with every kind of path and policy.
type Case struct {
	// Schema is SQL for SQLite, and Rows its INSERTs.
	Schema, Rows string
	// Map is the map; Plain is the same map with policies that can always be planned.
	Map, Plain string
	Provider   string
	Data       Data
}

type genTable struct {
	name     string
	kind     string // "integer", "text", "composite", "norowid", "none", "weak"
	alt      bool   // has Code TEXT COLLATE NOCASE UNIQUE
	columns  []string
	types    map[string]string
	required map[string]bool
	keys     [][]string // what foreign keys can reference
	foreigns []*genForeign
	rows     []Row

	rule    string // "", "all", "none", "empty"
	paths   []*genPath
	all     bool
	where   string
	mask    string
	hashKey bool
}

type genForeign struct {
	child, parent *genTable
	columns       []string
	references    []string
	nullable      bool
	name          string
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

// Generate draws a case.
func Generate(rt *rapid.T) *Case {
	g := &generator{rt: rt}
	g.tables()
	g.foreignKeys()
	g.data()
	g.maps()
	c := &Case{Schema: g.schema(), Rows: g.inserts(), Provider: "P0", Data: Data{}}
	c.Map = g.text(func(f *genForeign) string { return f.policy })
	c.Plain = g.text(g.plainPolicy)
	for _, t := range g.all {
		c.Data["main."+part(t.name)] = t.rows
	}
	return c
}

func part(name string) string {
	if strings.ContainsAny(name, ".[]\"") {
		return "[" + strings.ReplaceAll(name, "]", "]]") + "]"
	}
	return name
}

type generator struct {
	rt  *rapid.T
	all []*genTable
}

func (g *generator) chance(percent int, what string) bool {
	return rapid.IntRange(0, 99).Draw(g.rt, what) < percent
}

func (g *generator) one(what string, options ...string) string {
	return rapid.SampledFrom(options).Draw(g.rt, what)
}

func (g *generator) tables() {
	names := []string{"Provider", "Unit", "order", "Vårdkontakt", `a"b.c`, "x y", "Z]", "log"}
	count := rapid.IntRange(2, len(names)).Draw(g.rt, "tables")
	for i := range count {
		t := &genTable{name: names[i], types: map[string]string{}, required: map[string]bool{}}
		t.kind = g.one("kind", "integer", "integer", "text", "composite", "norowid", "none")
		if i == 0 {
			t.kind = "integer"
		}
		switch t.kind {
		case "integer":
			t.column("Id", "INTEGER PRIMARY KEY", true)
			t.keys = append(t.keys, []string{"Id"})
		case "text", "norowid":
			t.column("Id", g.one("collation", "TEXT", "TEXT", "TEXT COLLATE NOCASE", "TEXT COLLATE RTRIM"), true)
			t.keys = append(t.keys, []string{"Id"})
		case "composite":
			t.column("A", "INTEGER", true)
			t.column("B", "TEXT", true)
			t.keys = append(t.keys, []string{"B", "A"})
		}
		if t.alt = i == 0 || g.chance(50, "alt"); t.alt {
			t.column("Code", "TEXT COLLATE NOCASE", false)
			t.keys = append(t.keys, []string{"Code"})
		}
		t.column("N", "INTEGER", false)
		t.column("Txt", "TEXT", false)
		g.all = append(g.all, t)
	}
}

func (t *genTable) column(name, typ string, required bool) {
	t.columns, t.types[name], t.required[name] = append(t.columns, name), typ, required
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
			f := &genForeign{child: t, parent: parent, nullable: g.chance(70, "nullable"), name: fmt.Sprintf("FK_%d_%d", i, j)}
			f.references = rapid.SampledFrom(parent.keys).Draw(g.rt, "references")
			for k, r := range f.references {
				name := fmt.Sprintf("f%d_%d", j, k)
				typ, _, _ := strings.Cut(parent.types[r], " ")
				t.column(name, typ, !f.nullable)
				f.columns = append(f.columns, name)
			}
			t.foreigns = append(t.foreigns, f)
		}
		if t.kind == "composite" && g.chance(40, "composite self reference") { // shares a column with the key
			t.column("PrevB", "TEXT", false)
			t.foreigns = append(t.foreigns, &genForeign{child: t, parent: t, nullable: true, name: fmt.Sprintf("FK_%d_self", i),
				columns: []string{"PrevB", "A"}, references: []string{"B", "A"}})
		}
	}
}

func (g *generator) data() {
	for i, t := range g.all {
		count := rapid.IntRange(1, 7).Draw(g.rt, "rows")
		if i == 0 {
			count = 3
		}
		for n := range count {
			row := Row{}
			for _, c := range t.columns {
				row[c] = value.Value{}
			}
			switch t.kind {
			case "integer":
				row["Id"] = value.NewInt(int64(n + 1))
			case "text", "norowid":
				row["Id"] = value.NewText(fmt.Sprintf("%s-%d", string(rune('a'+n)), n))
			case "composite":
				row["A"], row["B"] = value.NewInt(int64(n/3)), value.NewText(string(rune('p'+n%3)))
			}
			if t.alt && (i == 0 || g.chance(80, "coded")) {
				row["Code"] = value.NewText(fmt.Sprintf("P%d", n))
			}
			if g.chance(80, "N") {
				row["N"] = value.NewInt(int64(rapid.IntRange(0, 9).Draw(g.rt, "n")))
			}
			if g.chance(80, "Txt") {
				row["Txt"] = value.NewText(g.one("txt", "", "a", "Anna", "björk", "ab'c", `\N`, "åäö 😀", "100%"))
			}
			t.rows = append(t.rows, row)
		}
	}
	for _, t := range g.all {
		for _, row := range t.rows {
			for _, f := range t.foreigns {
				g.reference(f, row)
			}
		}
	}
}

// reference lets a row reference some row of the parent, or none where it may.
func (g *generator) reference(f *genForeign, row Row) {
	if strings.HasSuffix(f.name, "_self") {
		for _, other := range f.parent.rows {
			if Same(nil, other["A"], row["A"]) && g.chance(40, "previous") {
				row["PrevB"] = other["B"]
			}
		}
		return
	}
	var candidates []Row
	for _, r := range f.parent.rows {
		if !slices.ContainsFunc(f.references, func(c string) bool { return r[c].IsNull() }) {
			candidates = append(candidates, r)
		}
	}
	if f.nullable && g.chance(25, "null") || len(candidates) == 0 {
		if len(f.columns) > 1 && len(candidates) > 0 && g.chance(50, "half null") {
			row[f.columns[0]] = candidates[0][f.references[0]]
		}
		if len(candidates) == 0 {
			f.nullable = true
			for _, c := range f.columns {
				f.child.required[c] = false
			}
		}
		return
	}
	parent := rapid.SampledFrom(candidates).Draw(g.rt, "referenced")
	for k, c := range f.columns {
		cell := parent[f.references[k]]
		switch _, collation, _ := strings.Cut(f.parent.types[f.references[k]], " "); {
		case collation == "COLLATE NOCASE" && g.chance(50, "case"):
			other := strings.ToUpper(cell.Text())
			if other == cell.Text() {
				other = strings.ToLower(other)
			}
			cell = value.NewText(other)
		case collation == "COLLATE RTRIM" && g.chance(50, "spaces"):
			cell = value.NewText(cell.Text() + "  ")
		}
		row[c] = cell
	}
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func quoted(names []string) string {
	parts := make([]string, len(names))
	for i, n := range names {
		parts[i] = quote(n)
	}
	return strings.Join(parts, ", ")
}

func (g *generator) schema() string {
	var b strings.Builder
	for _, t := range g.all {
		var parts []string
		for _, c := range t.columns {
			text := quote(c) + " " + t.types[c]
			if t.required[c] && t.types[c] != "INTEGER PRIMARY KEY" {
				text += " NOT NULL"
			}
			parts = append(parts, text)
		}
		switch t.kind {
		case "text", "norowid":
			parts = append(parts, `PRIMARY KEY ("Id")`)
		case "composite":
			parts = append(parts, `PRIMARY KEY ("B", "A")`)
		}
		if t.alt {
			parts = append(parts, `UNIQUE ("Code")`)
		}
		for _, f := range t.foreigns {
			parts = append(parts, "CONSTRAINT "+f.name+" FOREIGN KEY ("+quoted(f.columns)+") REFERENCES "+quote(f.parent.name)+" ("+quoted(f.references)+")")
		}
		b.WriteString("CREATE TABLE " + quote(t.name) + " (\n  " + strings.Join(parts, ",\n  ") + "\n)")
		if t.kind == "norowid" {
			b.WriteString(" WITHOUT ROWID")
		}
		b.WriteString(";\n")
	}
	return b.String()
}

func (g *generator) inserts() string {
	var b strings.Builder
	for _, t := range g.all {
		for _, row := range t.rows {
			var cells []string
			for _, c := range t.columns {
				switch v := row[c]; v.Form() {
				case value.Null:
					cells = append(cells, "NULL")
				case value.Int:
					cells = append(cells, fmt.Sprint(v.Int()))
				default:
					cells = append(cells, "'"+strings.ReplaceAll(v.Text(), "'", "''")+"'")
				}
			}
			fmt.Fprintf(&b, "INSERT INTO %s (%s) VALUES (%s);\n", quote(t.name), quoted(t.columns), strings.Join(cells, ", "))
		}
	}
	return b.String()
}
