package run_test

import (
	"regexp"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

var (
	scriptWords  = regexp.MustCompile(`(?s)"(?:[^"]|"")*"|\[(?:[^\]]|\]\])*\]|'(?:[^']|'')*'|\w+|\s+|.`)
	scriptCopy   = regexp.MustCompile(`(?s)SELECT t\.(.*?)\n  FROM (\S+?(?:"\."|\]\.\[).*?["\]]) t(\n  WHERE .*?)?(\n  ORDER BY [^\n;]*)?(\n\) TO STDOUT|;)`)
	scriptSingle = regexp.MustCompile(`\bt\b`)
)

// snippets are what people and others put into scripts.
var snippets = []string{" OR 1 = 1", " AND 1 = 1", " NOT ", "/*", "*/", "--", "\n", "\nGO\n", "\ngo\n", "\n/\n", ";", " UNION ALL ", " UNION SELECT * FROM ", "(", ")", " LEFT JOIN ", " JOIN ", " ON 1 = 1 ",
	" CASE WHEN ", " END ", " BETWEEN 0 AND ", " EXISTS ", " IN ", ",", " t.", " k.", " p1.", " WHERE ", " HAVING ", " GROUP BY 1", " LIMIT 1", " DISTINCT ", " NULL ", "'", `"`, "[", "]", "$$", `\`, " AS t", " FROM ",
	"\\! true\n", "\n.shell true\n", " SELECT 1 ", " IS NULL", " = 0", " COLLATE \"C\"", "\u00a0", "\u202e", " /* ' */ ", " -- ' \n", "t.*", " INTERSECT ", " EXCEPT ", " DELETE FROM ", " utdrag_kept_0_0 ", " (t.utdrag_kept_0_0 IS NULL) ", " t.utdrag_cell_0 "}

// editScript edits a script once to three times, and says how.
func editScript(rt *rapid.T, script, engine string) (kinds, edited string) {
	for range rapid.IntRange(1, 3).Draw(rt, "edits") {
		e := rapid.SampledFrom(editors).Draw(rt, "edit")
		kinds += e.name + " "
		if e.copy {
			script = editCopy(rt, script, e)
			continue
		}
		words := scriptWords.FindAllString(script, -1)
		at := rapid.IntRange(0, len(words)-1).Draw(rt, "place")
		if rapid.Bool().Draw(rt, "in a copy") { // where it is most likely to be let through
			if copies := scriptCopy.FindAllStringIndex(script, -1); len(copies) > 0 {
				in := rapid.SampledFrom(copies).Draw(rt, "copy")
				offset := rapid.IntRange(in[0], in[1]-1).Draw(rt, "place in it")
				at = len(scriptWords.FindAllString(script[:offset], -1))
			}
		}
		script = strings.Join(e.words(rt, words, min(at, len(words)-1)), "")
	}
	return kinds, script
}

// copyText is one copy in parts.
type copyText struct{ cells, table, where, order, end string }

func (c copyText) text() string {
	return "SELECT t." + c.cells + "\n  FROM " + c.table + " t" + c.where + c.order + c.end
}

func editCopy(rt *rapid.T, script string, e editor) string {
	all := scriptCopy.FindAllStringSubmatchIndex(script, -1)
	if len(all) == 0 {
		return script
	}
	part := func(at []int) copyText {
		group := func(i int) string {
			if at[2*i] < 0 {
				return ""
			}
			return script[at[2*i]:at[2*i+1]]
		}
		return copyText{group(1), group(2), group(3), group(4), group(5)}
	}
	at := rapid.SampledFrom(all).Draw(rt, "copy")
	other := part(rapid.SampledFrom(all).Draw(rt, "other copy"))
	return script[:at[0]] + e.rewrite(rt, part(at), other) + script[at[1]:]
}

type editor struct {
	name    string
	copy    bool
	words   func(rt *rapid.T, words []string, at int) []string
	rewrite func(rt *rapid.T, c, other copyText) string
}

var editors = []editor{
	{name: "delete", words: func(rt *rapid.T, w []string, at int) []string {
		return slices.Delete(w, at, min(len(w), at+rapid.SampledFrom([]int{1, 1, 2, 3, 8, 30}).Draw(rt, "length")))
	}},
	{name: "replace", words: func(rt *rapid.T, w []string, at int) []string {
		w[at] = rapid.SampledFrom(w).Draw(rt, "word")
		return w
	}},
	{name: "insert", words: func(rt *rapid.T, w []string, at int) []string {
		return slices.Insert(w, at, rapid.SampledFrom(snippets).Draw(rt, "snippet"))
	}},
	{name: "swap", words: func(_ *rapid.T, w []string, at int) []string {
		if at+2 < len(w) {
			w[at], w[at+2] = w[at+2], w[at]
		}
		return w
	}},
	{name: "move", words: func(rt *rapid.T, w []string, at int) []string {
		n := min(len(w)-at, rapid.IntRange(1, 60).Draw(rt, "length"))
		moved := slices.Clone(w[at : at+n])
		w = slices.Delete(w, at, at+n)
		return slices.Insert(w, rapid.IntRange(0, len(w)).Draw(rt, "to"), moved...)
	}},
	{name: "case", words: func(_ *rapid.T, w []string, at int) []string {
		w[at] = strings.ToLower(w[at])
		return w
	}},
	{name: "narrow", copy: true, rewrite: func(rt *rapid.T, c, _ copyText) string {
		c.where += rapid.SampledFrom([]string{" AND 1 = 1", " AND t.\"N\" >= 3", " AND (t.\"N\" = 1 OR t.\"N\" IS NULL)", " AND t.\"Txt\" LIKE '%a%'", " OR t.\"N\" = 1", " AND t.\"N\" BETWEEN 1 AND 5"}).Draw(rt, "condition")
		return c.text()
	}},
	{name: "first", copy: true, rewrite: func(rt *rapid.T, c, _ copyText) string {
		c.where = strings.Replace(c.where, "WHERE ", "WHERE "+rapid.SampledFrom([]string{"t.\"N\" >= 3 AND ", "1 = 1 AND ", "1 = 1 OR ", "NOT ", "1 BETWEEN 0 AND ", "t.\"N\" BETWEEN 0 AND 5 AND "}).Draw(rt, "condition"), 1)
		return c.text()
	}},
	{name: "alias", copy: true, rewrite: func(rt *rapid.T, c, _ copyText) string {
		return scriptSingle.ReplaceAllString(c.text(), rapid.SampledFrom([]string{"x", "k", "p1", "c", "o", `"T"`, "d"}).Draw(rt, "alias"))
	}},
	{name: "join", copy: true, rewrite: func(rt *rapid.T, c, other copyText) string {
		kind := rapid.SampledFrom([]string{" JOIN ", ", ", " LEFT JOIN ", " CROSS JOIN ", " RIGHT JOIN "}).Draw(rt, "join")
		on := ""
		if strings.HasSuffix(kind, "T JOIN ") || kind == " JOIN " {
			on = ` ON u."N" = t."N"`
		}
		where := scriptSingle.ReplaceAllString(strings.TrimPrefix(other.where, "\n  WHERE "), "u")
		switch {
		case where != "" && c.where != "" && rapid.IntRange(0, 3).Draw(rt, "confined") > 0:
			c.where += " AND " + where
		case where != "" && c.where == "":
			c.where = "\n  WHERE " + where
		}
		return "SELECT t." + c.cells + "\n  FROM " + c.table + " t" + kind + other.table + " u" + on + c.where + c.order + c.end
	}},
	{name: "exists", copy: true, rewrite: func(rt *rapid.T, c, other copyText) string {
		where := scriptSingle.ReplaceAllString(other.where, "u")
		if rapid.IntRange(0, 3).Draw(rt, "unconfined") == 0 {
			where = ""
		}
		c.where += rapid.SampledFrom([]string{" AND ", " AND NOT "}).Draw(rt, "sign") + "EXISTS (SELECT 1 FROM " + other.table + " u" + where + ")"
		return c.text()
	}},
	{name: "union", copy: true, rewrite: func(rt *rapid.T, c, _ copyText) string {
		second := c
		if rapid.Bool().Draw(rt, "unconfined") {
			second.where = ""
		}
		second.order, c.order = "", ""
		second.end = ""
		text := c.text()
		return strings.TrimSuffix(text, c.end) + rapid.SampledFrom([]string{" UNION ALL ", " UNION ", " EXCEPT ", " INTERSECT "}).Draw(rt, "operator") + second.text() + c.end
	}},
	{name: "within", copy: true, rewrite: func(rt *rapid.T, c, _ copyText) string {
		inner := c
		inner.end, inner.order = "", ""
		return "SELECT * FROM (" + inner.text() + ") t" + c.end
	}},
	{name: "cell", copy: true, rewrite: func(rt *rapid.T, c, _ copyText) string {
		cells := strings.Split(c.cells, ",\n  ")
		at := rapid.IntRange(0, len(cells)-1).Draw(rt, "cell")
		if at == 0 {
			return c.text()
		}
		cells[at] = rapid.SampledFrom([]string{"NULL", "1", `t."N"`, `t."Txt"`, `"N"`, "count(*) OVER ()", `(SELECT max(u."N") FROM ` + c.table + " u" + scriptSingle.ReplaceAllString(c.where, "u") + ")", `max(t."N") OVER ()`}).Draw(rt, "expression")
		c.cells = strings.Join(cells, ",\n  ")
		return c.text()
	}},
	{name: "unordered", copy: true, rewrite: func(_ *rapid.T, c, _ copyText) string {
		c.order = ""
		return c.text()
	}},
	{name: "distinct", copy: true, rewrite: func(_ *rapid.T, c, _ copyText) string {
		c.order = ""
		return strings.Replace(c.text(), "SELECT ", "SELECT DISTINCT ", 1)
	}},
}
