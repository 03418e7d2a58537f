package plan_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
)

// integers is a table of integer columns, Id its key.
func integers(name string, columns ...string) catalog.Table {
	whole := value.Type{Kind: value.Integer}
	t := catalog.Table{Name: catalog.Name{Schema: "main", Table: name}, PrimaryKey: &catalog.Key{Columns: []string{"Id"}}, RowID: "rowid",
		Columns: []catalog.Column{{Name: "Id", EngineType: "INTEGER", Type: whole}}}
	for _, c := range columns {
		t.Columns = append(t.Columns, catalog.Column{Name: c, EngineType: "INTEGER", Type: whole, Nullable: true})
	}
	return t
}

func references(t *catalog.Table, column, parent string) {
	t.ForeignKeys = append(t.ForeignKeys, catalog.ForeignKey{Parent: catalog.Name{Schema: "main", Table: parent},
		Columns: []catalog.Pair{{Child: column, Parent: "Id"}}})
}

// diamonds is a chain of diamonds: each has a left and a right table and one that both lead to it.
func diamonds(count int) (string, *catalog.Catalog) {
	c := &catalog.Catalog{Engine: "sqlite", DefaultSchema: "main", FoldsCase: true}
	var m strings.Builder
	m.WriteString("version = 1\nprovider {\n  table = \"A0000\"\n  key = \"Id\"\n}\n")
	c.Tables = append(c.Tables, integers("A0000"))
	for i := 1; i <= count; i++ {
		top, bottom := fmt.Sprintf("A%04d", i-1), fmt.Sprintf("A%04d", i)
		left, right := fmt.Sprintf("L%04d", i), fmt.Sprintf("R%04d", i)
		for _, side := range []string{left, right} {
			t := integers(side, "TopId")
			references(&t, "TopId", top)
			c.Tables = append(c.Tables, t)
			fmt.Fprintf(&m, "table %q {\n  path { via = [\"TopId\"] }\n}\n", side)
		}
		t := integers(bottom, "LeftId", "RightId")
		references(&t, "LeftId", left)
		references(&t, "RightId", right)
		c.Tables = append(c.Tables, t)
		fmt.Fprintf(&m, "table %q {\n  match = \"any\"\n  path { via = [\"LeftId\"] }\n  path { via = [\"RightId\"] }\n"+
			"  foreign \"LeftId\" { outside = \"null\" }\n  foreign \"RightId\" { outside = \"null\" }\n}\n", bottom)
	}
	sorted(c)
	return m.String(), c
}

func sorted(c *catalog.Catalog) {
	slices.SortFunc(c.Tables, func(a, b catalog.Table) int { return a.Name.Compare(b.Name) })
}

// large is a database of count tables with about 2.4 foreign keys each, one of them a path; some lead in circles.
func large(count int) (string, *catalog.Catalog) {
	r := rand.New(rand.NewPCG(1, uint64(count)))
	c := &catalog.Catalog{Engine: "sqlite", DefaultSchema: "main", FoldsCase: true}
	var m strings.Builder
	name := func(i int) string { return fmt.Sprintf("T%05d", i) }
	fmt.Fprintf(&m, "version = 1\nprovider {\n  table = %q\n  key = \"Id\"\n}\n", name(0))
	for i := range count {
		t := integers(name(i), "OwnerId", "OtherId", "ThirdId", "Value")
		if i == 0 {
			c.Tables = append(c.Tables, t)
			continue
		}
		fmt.Fprintf(&m, "table %q {\n", t.Name.Table)
		references(&t, "OwnerId", name(r.IntN(i)))
		m.WriteString("  path { via = [\"OwnerId\"] }\n")
		references(&t, "OtherId", name(r.IntN(i)))
		m.WriteString("  foreign \"OtherId\" { outside = \"null\" }\n")
		if i%5 < 2 {
			references(&t, "ThirdId", name(r.IntN(count)))
			m.WriteString("  foreign \"ThirdId\" { outside = \"null\" }\n")
		}
		m.WriteString("}\n")
		c.Tables = append(c.Tables, t)
	}
	return m.String(), c
}

func size(t testing.TB, text string, c *catalog.Catalog) (steps, size, keys int) {
	t.Helper()
	p := build(t, text, c, filter.Request{Provider: "1"})
	var b bytes.Buffer
	if err := p.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	for _, table := range c.Tables {
		keys += len(table.ForeignKeys)
	}
	return len(p.Steps), b.Len(), keys
}

// Trap 11: computing each key set once keeps plans linear. Another tool takes over a minute for 26 empty tables.
func TestDiamonds(t *testing.T) {
	text, c := diamonds(30)
	steps, bytes, _ := size(t, text, c)
	text, c = diamonds(60)
	stepsTwice, bytesTwice, _ := size(t, text, c)
	t.Logf("30 diamonds: %d steps, %d bytes; 60: %d steps, %d bytes", steps, bytes, stepsTwice, bytesTwice)
	if steps > 30*3*4+8 {
		t.Errorf("30 diamonds take %d steps", steps)
	}
	if stepsTwice > 2*steps {
		t.Errorf("twice the diamonds: %d steps after %d", stepsTwice, steps)
	}
	if float64(bytesTwice) > 2.05*float64(bytes) {
		t.Errorf("twice the diamonds: %d bytes after %d", bytesTwice, bytes)
	}
}

// A plan of a database as large as they come is as many times larger as the database is.
func TestLarge(t *testing.T) {
	text, c := large(2500)
	steps, bytes, _ := size(t, text, c)
	text, c = large(5000)
	stepsTwice, bytesTwice, keys := size(t, text, c)
	t.Logf("2,500 tables: %d steps, %d bytes; 5,000 tables with %d foreign keys: %d steps, %d bytes", steps, bytes, keys, stepsTwice, bytesTwice)
	if keys < 11_900 {
		t.Errorf("only %d foreign keys", keys)
	}
	if float64(stepsTwice) > 2.05*float64(steps) || float64(bytesTwice) > 2.1*float64(bytes) {
		t.Errorf("twice the tables: %d steps after %d, %d bytes after %d", stepsTwice, steps, bytesTwice, bytes)
	}
}

func BenchmarkBuild(b *testing.B) {
	for _, count := range []int{100, 1000, 5000} {
		b.Run(fmt.Sprintf("tables=%d", count), func(b *testing.B) {
			text, c := large(count)
			m, found := schemamap.Parse("map.hcl", []byte(text))
			if found.Refused() {
				b.Fatal(found)
			}
			for b.Loop() {
				if _, found := plan.Build(m, c, filter.Request{Provider: "1"}); found.Refused() {
					b.Fatal(found)
				}
			}
		})
	}
}
