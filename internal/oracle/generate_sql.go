package oracle

import (
	"fmt"
	"strings"
)

// schemaText makes the tables.
func (g *generator) schemaText() string {
	var b strings.Builder
	b.WriteString(g.dataTypes)
	for _, t := range g.all {
		var parts []string
		for _, c := range t.columns {
			text := g.quote(c) + " " + t.types[c].ddl
			if t.required[c] && !t.types[c].inline {
				text += " NOT NULL"
			}
			if c == "N" && t.check {
				text += " DEFAULT 7 CHECK (" + g.quote(c) + " >= 0)"
			}
			parts = append(parts, text)
		}
		if t.computed {
			parts = append(parts, g.computed)
		}
		name := func(kind string) string {
			if t.named {
				return fmt.Sprintf("CONSTRAINT %s ", g.quote(fmt.Sprintf("%s %d", kind, t.number)))
			}
			return ""
		}
		switch {
		case t.kind == "composite":
			parts = append(parts, name("PK")+"PRIMARY KEY ("+g.quoted([]string{"B", "A"})+")")
		case t.kind != "none" && !t.types["Id"].inline:
			parts = append(parts, name("PK")+"PRIMARY KEY ("+g.quote("Id")+")")
		}
		if t.alt && !t.uniqueIndex {
			parts = append(parts, name("UQ")+"UNIQUE ("+g.quote("Code")+")")
		}
		if !g.late {
			for _, f := range t.foreigns {
				parts = append(parts, g.foreignText(f))
			}
		}
		b.WriteString("CREATE TABLE " + g.place(t) + " (\n  " + strings.Join(parts, ",\n  ") + "\n)")
		if t.kind == "norowid" {
			b.WriteString(" WITHOUT ROWID")
		}
		b.WriteString(";\n")
		if t.alt && t.uniqueIndex {
			fmt.Fprintf(&b, "CREATE UNIQUE INDEX %s ON %s (%s);\n", g.quote(fmt.Sprintf("UX_%d", t.number)), g.place(t), g.quote("Code"))
		}
		if t.index {
			fmt.Fprintf(&b, "CREATE INDEX %s ON %s (%s);\n", g.quote(fmt.Sprintf("IX %d", t.number)), g.place(t), g.quote("N"))
		}
	}
	return b.String()
}

func (g *generator) foreignText(f *genForeign) string {
	text := "CONSTRAINT " + g.quote(f.name) + " FOREIGN KEY (" + g.quoted(f.columns) + ") REFERENCES " + g.place(f.parent) + " (" + g.quoted(f.references) + ")"
	if f.action != "" {
		text += " ON DELETE " + f.action
	}
	return text
}

// after makes the foreign keys that stand in no table's definition.
func (g *generator) after() string {
	var b strings.Builder
	if g.late {
		for _, t := range g.all {
			for _, f := range t.foreigns {
				b.WriteString("ALTER TABLE " + g.place(t) + " ADD " + g.foreignText(f) + ";\n")
			}
		}
	}
	return b.String()
}

// inserts are the INSERTs of rows, table by table.
func (g *generator) inserts(data Data) string {
	var b strings.Builder
	for _, t := range g.all {
		before, words, after := "", "", ""
		if t.types["Id"] != nil {
			before, words, after = g.numbered(g.place(t), t.types["Id"])
		}
		b.WriteString(before)
		for _, row := range data[t.catalogName().String()] {
			var cells []string
			for _, c := range t.columns {
				cells = append(cells, g.literal(row[c], t.types[c]))
			}
			fmt.Fprintf(&b, "INSERT INTO %s (%s)%s VALUES (%s);\n", g.place(t), g.quoted(t.columns), words, strings.Join(cells, ", "))
		}
		b.WriteString(after)
	}
	return b.String()
}
