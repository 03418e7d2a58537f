package oracle

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/mask/value"
)

func (g *generator) data() {
	for i, t := range g.all {
		count := rapid.IntRange(1, 7).Draw(g.rt, "rows")
		if i == 0 {
			count = 3
		}
		uncoded := false
		for n := range count {
			row := Row{}
			for _, c := range t.columns {
				row[c] = value.Value{}
			}
			switch t.kind {
			case "number", "natural", "norowid":
				row["Id"] = g.key(n, t.types["Id"])
			case "composite":
				row["A"], row["B"] = value.NewInt(int64(n/3)), g.key(n%3, t.types["B"])
			}
			if t.alt && (i == 0 || uncoded && g.collide || g.chance(80, "coded")) {
				row["Code"] = g.code(n, t.types["Code"])
			} else {
				uncoded = true
			}
			if g.chance(80, "N") {
				row["N"] = value.NewInt(int64(rapid.IntRange(0, 9).Draw(g.rt, "n")))
			}
			if g.chance(80, "Txt") {
				row["Txt"] = value.NewText(g.sentence(t.types["Txt"]))
			}
			for _, x := range t.extras {
				if g.chance(80, "extra cell") {
					row[x.name] = rapid.SampledFrom(x.cells).Draw(g.rt, "cell")
				}
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

func (g *generator) sentence(t *columnType) string {
	some := []string{"", "a", "Anna", "björk", "ab'c", `\N`, "100%", "a "}
	if !t.narrow {
		some = append(some, "åäö 😀", "žluťoučký")
	}
	return g.one("txt", some...)
}

// key is the key of a table's nth row.
func (g *generator) key(n int, t *columnType) value.Value {
	switch t.sort {
	case integers:
		return value.NewInt(int64(n + 1))
	case bigIntegers:
		return value.NewInt(int64(n+1) << 40)
	case texts:
		return value.NewText(fmt.Sprintf("%s-%d", g.letters[n], n))
	case uuids:
		return value.NewText(fmt.Sprintf("c0ffee%02d-d9cb-469f-a165-70867728950%x", n, n+8))
	case decimals:
		scale := "50"
		if strings.HasSuffix(t.ddl, ",4)") {
			scale = "0050"
		}
		return value.NewDecimal(fmt.Sprintf("%d.%s", n-3, scale))
	case dates:
		return value.NewTime(fmt.Sprintf("2024-02-2%d", n+3))
	case timestamps:
		return value.NewTime(fmt.Sprintf("2024-02-29T23:59:59.%d", n+1))
	}
	panic("oracle: no key is of this sort")
}

// code is the unique code of a table's nth row.
func (g *generator) code(n int, t *columnType) value.Value {
	switch t.sort {
	case texts:
		return value.NewText(fmt.Sprintf("P%d", n))
	case integers:
		return value.NewInt(int64(100 + n))
	}
	return g.key(n, t)
}

// provider is the key of the first provider.
func (g *generator) provider() string {
	return g.ordered(g.all[0].rows[0]["Code"], g.all[0].types["Code"])
}

// units are the codes of one or two rows of the unit table, whoever they belong to.
func (g *generator) units() (codes []string) {
	for _, row := range g.unit.rows {
		if !row["Code"].IsNull() && len(codes) < 2 && g.chance(50, "ordered") {
			codes = append(codes, g.ordered(row["Code"], g.unit.types["Code"]))
		}
	}
	return codes
}

// ordered is a code as its column holds it, or as somebody may write it.
func (g *generator) ordered(cell value.Value, t *columnType) string {
	switch {
	case cell.Form() == value.Int:
		return fmt.Sprint(cell.Int())
	case t.fold && g.chance(25, "another case"):
		return strings.ToLower(cell.Text())
	}
	return cell.Text()
}

// reference lets a row reference some row of the parent, or none where it may.
func (g *generator) reference(f *genForeign, row Row) {
	if f.self() {
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
		cell, t := parent[f.references[k]], f.parent.types[f.references[k]]
		if t.fold && g.chance(50, "case") {
			other := strings.ToUpper(cell.Text())
			if other == cell.Text() {
				other = strings.ToLower(other)
			}
			cell = value.NewText(other)
		}
		if t.trim && g.chance(50, "spaces") {
			cell = value.NewText(cell.Text() + "  ")
		}
		row[c] = cell
	}
}
