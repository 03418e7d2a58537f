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
			conditions := []string{"N < 5", "N IS NULL OR N BETWEEN 2 AND 8", "Txt LIKE 'a%'", "NOT (Txt = 'Anna')", "N NOT IN (1, 2, 3)", "Txt <> '' AND N >= 1"}
			for _, x := range t.extras {
				conditions = append(conditions, x.wheres...)
			}
			t.where = g.one("condition", slices.DeleteFunc(conditions, func(c string) bool { return g.unlike && strings.Contains(c, "LIKE") })...)
		}
	}
	g.prune()
	for _, t := range g.all[1:] {
		if t.rule == "" && t.alt && g.unit == nil && g.chance(10, "units") {
			g.unit = t
		}
	}
	for _, t := range g.all {
		t.masks["Txt"] = g.mask("", "", "", "null", "redact", "partial(1, 1)", `hash("txt")`, `constant("x")`, "omit")
		if g.chance(20, "dummies") {
			t.dummies["N"], t.dummies["Txt"] = "5", `"dummy"`
			for _, x := range t.extras {
				for _, mask := range x.masks { // what is fit for a constant is fit for a dummy
					if literal, ok := strings.CutPrefix(mask, "constant("); ok {
						t.dummies[x.name] = strings.TrimSuffix(literal, ")")
					}
				}
			}
		}
		for _, x := range t.extras {
			if g.chance(30, "extra mask") {
				t.masks[x.name] = g.mask(append([]string{"omit"}, x.masks...)...)
			}
		}
		t.hashKey = t.types["Id"] != nil && t.types["Id"].hashable && g.chance(15, "hash the key")
		for _, f := range t.foreigns {
			f.policy = g.one("policy", "", "error", "null", "null", "drop", "stub", "stub", "include", "include")
		}
	}
}

// mask draws one of the masks that the engine has.
func (g *generator) mask(options ...string) string {
	return g.one("mask", slices.DeleteFunc(options, func(mask string) bool {
		return g.unmasked != "" && strings.HasPrefix(mask, g.unmasked)
	})...)
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
	if f.nullable || f.self() {
		return "null"
	}
	return "error"
}

func (g *generator) text(policy func(*genForeign) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "version = 1\nprovider {\n  table = %q\n  key   = \"Code\"\n", g.mapName(g.all[0]))
	if g.unit != nil {
		fmt.Fprintf(&b, "  unit {\n    table = %q\n    key   = \"Code\"\n  }\n", g.mapName(g.unit))
	}
	b.WriteString("}\n")
	shared := g.shared()
	for _, t := range g.all {
		fmt.Fprintf(&b, "table %q {\n", g.mapName(t))
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
			g.columns(&b, t)
		}
		b.WriteString("}\n")
	}
	return b.String()
}

// mapName is a table's name in a map: without the schema where that is the default one, but for every other table.
func (g *generator) mapName(t *genTable) string {
	if t.schema == g.home && t.number%2 == 0 {
		return bracketed(t.name)
	}
	return bracketed(t.schema) + "." + bracketed(t.name)
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
		fmt.Fprintf(b, "    from = %q\n", g.mapName(p.foreign.child))
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

func (g *generator) columns(b *strings.Builder, t *genTable) {
	for _, c := range t.columns {
		mask, dummy := t.masks[c], t.dummies[c]
		if mask == "omit" {
			fmt.Fprintf(b, "  column %q {\n    omit = true\n  }\n", c)
			continue
		}
		if mask == "" && dummy == "" {
			continue
		}
		fmt.Fprintf(b, "  column %q {\n", c)
		if mask != "" {
			fmt.Fprintf(b, "    mask = %s\n", mask)
		}
		if dummy != "" {
			fmt.Fprintf(b, "    stub = %s\n", dummy)
		}
		b.WriteString("  }\n")
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
