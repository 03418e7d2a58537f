package oracle

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// maps draws what the map says of each table.
func (g *generator) maps() {
	for _, t := range g.all[1:] {
		t.rule = g.one("rule", "", "", "", "", "", "", "", "", "all", "none", "empty")
	}
	for _, t := range g.all[1:] {
		if t.rule == "" {
			g.paths(t)
		}
		if g.chance(20, "where") && t.rule == "" {
			t.where = g.one("condition", "N < 5", "N IS NULL OR N BETWEEN 2 AND 8", "Txt LIKE 'a%'", "NOT (Txt = 'Anna')", "N NOT IN (1, 2, 3)", "Txt <> '' AND N >= 1")
		}
	}
	g.prune()
	for _, t := range g.all {
		t.mask = g.one("mask", "", "", "", "null", "redact", "partial(1, 1)", `hash("txt")`, `constant("x")`, "omit")
		t.hashKey = t.types["Id"] == "TEXT" && g.chance(15, "hash the key")
		for _, f := range t.foreigns {
			f.policy = g.one("policy", "", "error", "null", "null", "drop", "stub", "stub", "include", "include")
		}
	}
}

func (g *generator) paths(t *genTable) {
	var candidates []*genPath
	for _, f := range t.foreigns {
		candidates = append(candidates, &genPath{up: true, foreign: f, nullInclude: g.chance(12, "null include")})
	}
	for _, child := range g.all[1:] {
		for _, f := range child.foreigns {
			if f.parent == t {
				candidates = append(candidates, &genPath{foreign: f})
			}
		}
	}
	for _, p := range candidates {
		if len(t.paths) < 3 && (len(t.paths) == 0 || g.chance(40, "another path")) {
			t.paths = append(t.paths, p)
		}
	}
	t.all = g.chance(25, "all")
}

// prune leaves out, again and again, paths that lead nowhere and tables that no path connects to the provider.
func (g *generator) prune() {
	for changed := true; changed; {
		changed = false
		reached := map[*genTable]bool{g.all[0]: true}
		for range g.all {
			for _, t := range g.all[1:] {
				leads := func(p *genPath) bool { return reached[p.other()] || p.up && p.nullInclude }
				some := slices.ContainsFunc(t.paths, leads)
				every := len(t.paths) > 0 && !slices.ContainsFunc(t.paths, func(p *genPath) bool { return !leads(p) })
				if t.rule == "" && (every || some && !t.all) {
					reached[t] = true
				}
			}
		}
		for _, t := range g.all[1:] {
			if t.rule != "" {
				continue
			}
			kept := slices.DeleteFunc(slices.Clone(t.paths), func(p *genPath) bool { return p.other().rule != "" })
			if len(kept) != len(t.paths) {
				t.paths, changed = kept, true
			}
			if !reached[t] || len(t.paths) == 0 {
				t.rule, t.paths, t.where, changed = rapid.SampledFrom([]string{"all", "none"}).Draw(g.rt, "pruned"), nil, "", true
			}
		}
	}
}

// shared are the tables whose rows may belong to several providers.
func (g *generator) shared() map[*genTable]bool {
	shared := map[*genTable]bool{}
	for range g.all {
		for _, t := range g.all {
			for _, p := range t.paths {
				if !p.up || shared[p.other()] {
					shared[t] = true
				}
			}
		}
	}
	return shared
}

// plainPolicy is one that can be planned whatever the paths are: null where something can be NULL, else error.
func (g *generator) plainPolicy(f *genForeign) string {
	if f.nullable && !strings.HasSuffix(f.name, "_self") {
		return "null"
	}
	if strings.HasSuffix(f.name, "_self") {
		return "null"
	}
	return "error"
}

func (g *generator) text(policy func(*genForeign) string) string {
	var b strings.Builder
	b.WriteString("version = 1\nprovider {\n  table = \"Provider\"\n  key   = \"Code\"\n}\n")
	shared := g.shared()
	for i, t := range g.all {
		fmt.Fprintf(&b, "table %q {\n", bracketed(t.name))
		if t.rule != "" {
			fmt.Fprintf(&b, "  rows   = %q\n  reason = \"drawn\"\n", t.rule)
		}
		if len(t.paths) > 1 {
			fmt.Fprintf(&b, "  match = %q\n", map[bool]string{true: "all", false: "any"}[t.all])
		}
		for _, p := range t.paths {
			g.path(&b, p, shared)
		}
		if t.where != "" {
			fmt.Fprintf(&b, "  where = %q\n", t.where)
		}
		if t.rule != "none" {
			for _, f := range t.foreigns {
				if word := policy(f); word != "" && t.rule != "empty" {
					fmt.Fprintf(&b, "  foreign %q {\n    outside = %q\n  }\n", f.name, word)
				}
			}
			g.columns(&b, t, i)
		}
		b.WriteString("}\n")
	}
	return b.String()
}

func bracketed(name string) string {
	if strings.ContainsAny(name, ".[]\" ") {
		return "[" + strings.ReplaceAll(name, "]", "]]") + "]"
	}
	return name
}

func (g *generator) path(b *strings.Builder, p *genPath, shared map[*genTable]bool) {
	b.WriteString("  path {\n")
	if !p.up {
		fmt.Fprintf(b, "    from = %q\n", bracketed(p.foreign.child.name))
	}
	columns := make([]string, len(p.foreign.columns))
	for i, c := range p.foreign.columns {
		columns[i] = fmt.Sprintf("%q", c)
	}
	fmt.Fprintf(b, "    via = [%s]\n    constraint = %q\n", strings.Join(columns, ", "), p.foreign.name)
	if p.up && p.nullInclude {
		b.WriteString("    null = \"include\"\n    reason = \"drawn\"\n")
	}
	if p.up && shared[p.other()] {
		b.WriteString("    shared = \"drawn\"\n")
	}
	b.WriteString("  }\n")
}

func (g *generator) columns(b *strings.Builder, t *genTable, _ int) {
	switch t.mask {
	case "":
	case "omit":
		b.WriteString("  column \"Txt\" {\n    omit = true\n  }\n")
	default:
		fmt.Fprintf(b, "  column \"Txt\" {\n    mask = %s\n  }\n", t.mask)
	}
	if t.hashKey {
		b.WriteString("  column \"Id\" {\n    mask = hash(\"key\")\n  }\n")
	}
	for _, f := range t.foreigns {
		if f.parent.hashKey && f.references[0] == "Id" {
			fmt.Fprintf(b, "  column %q {\n    mask = hash(\"key\")\n  }\n", f.columns[0])
		}
	}
}
