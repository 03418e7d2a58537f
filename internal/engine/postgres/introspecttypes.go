package postgres

import (
	"slices"
	"strconv"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
)

const (
	// A table's type, and the array of it, are asked for only to be refused where a column is of it.
	askTypes = `SELECT t.oid, n.nspname, t.typname, t.typtype, t.typbasetype, CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE 0 END, t.typtypmod, t.typnotnull, ` + ofType + `,
		t.typtype = 'c' AND c.relkind <> 'c', t.typcollation, coalesce(t.typdefault, ''), format_type(t.oid, NULL),
		CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) ELSE '' END
		FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
		WHERE t.typtype <> 'p' OR n.nspname = 'pg_catalog'`
	askLabels     = `SELECT enumtypid, enumlabel FROM pg_enum ORDER BY enumtypid, enumsortorder`
	askAttributes = `SELECT t.oid, a.attname, a.atttypid, format_type(a.atttypid, a.atttypmod), a.attcollation FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid
		AND c.relkind = 'c' JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY t.oid, a.attnum`
	askRanges = `SELECT r.rngtypid, r.rngsubtype, format_type(r.rngsubtype, NULL), r.rngcollation, o.opcdefault, r.rngcanonical::oid <> 0,
		CASE WHEN p.pronamespace = 'pg_catalog'::regnamespace THEN p.proname ELSE '' END, r.rngsubdiff::oid <> 0, coalesce((to_jsonb(r) ->> 'rngmultitypid'), '0')
		FROM pg_range r JOIN pg_opclass o ON o.oid = r.rngsubopc LEFT JOIN pg_proc p ON p.oid = r.rngsubdiff::oid`
	askDomainChecks = `SELECT contypid, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contypid <> 0 AND contype = 'c' AND convalidated ORDER BY contypid, conname COLLATE "C"`
)

// readTypes reads all types, and writes the statements that make those that somebody defined here.
func (in *introspection) readTypes() error {
	rows, err := in.ask(askTypes)
	if err != nil {
		return err
	}
	in.types = make(map[string]*foundType, len(rows))
	order := make([]string, 0, len(rows))
	bases := map[string]string{}
	for _, row := range rows {
		t := &foundType{oid: row[0], name: catalog.Name{Schema: row[1], Table: row[2]}, class: row[3], base: row[4], element: row[5], notNull: row[7] == "t",
			ofExtension: row[8] == "t", isTable: row[9] == "t", collation: row[10], defaultValue: row[11], printed: row[12]}
		t.modifier, _ = strconv.Atoi(row[6])
		t.system = t.name.Schema == "pg_catalog" || t.name.Schema == "information_schema"
		bases[t.oid] = row[13]
		in.types[t.oid] = t
		order = append(order, t.oid)
	}
	for _, step := range []func() error{in.defineEnums, in.defineComposites, in.defineRanges, func() error { return in.defineDomains(bases) }} {
		if err := step(); err != nil {
			return err
		}
	}
	in.orderTypes(order)
	return nil
}

// ours reports whether a type is one that somebody defined in this database, by a statement of its own.
func (t *foundType) ours() bool { return !t.system && !t.ofExtension && !t.isTable }

func (t *foundType) statement(kind string) string { return "CREATE " + kind + " " + qualified(t.name) }

// grouped are the rows of a query by their first cell.
func (in *introspection) grouped(sql string) (map[string][][]string, error) {
	rows, err := in.ask(sql)
	groups := map[string][][]string{}
	for _, row := range rows {
		groups[row[0]] = append(groups[row[0]], row[1:])
	}
	return groups, err
}

func (in *introspection) defineEnums() error {
	labels, err := in.grouped(askLabels)
	for _, t := range in.types {
		if t.class != "e" || !t.ours() {
			continue
		}
		var parts []string
		for _, row := range labels[t.oid] {
			parts = append(parts, text(row[0]))
		}
		t.definition = t.statement("TYPE") + " AS ENUM (" + strings.Join(parts, ", ") + ")"
	}
	return err
}

func (in *introspection) defineComposites() error {
	attributes, err := in.grouped(askAttributes)
	for _, t := range in.types {
		if t.class != "c" || !t.ours() {
			continue
		}
		var parts []string
		for _, row := range attributes[t.oid] {
			parts = append(parts, quote(row[0])+" "+row[2]+collate(in.collations[row[3]].name))
			t.uses = append(t.uses, row[1])
			if _, reason := in.resolve(row[1], -1); reason != "" {
				t.unknownBecause = "with a part " + quote(row[0]) + " of type " + row[2] + ", " + reason
			}
		}
		t.definition = t.statement("TYPE") + " AS (" + strings.Join(parts, ", ") + ")"
	}
	return err
}

func (in *introspection) defineRanges() error {
	ranges, err := in.grouped(askRanges)
	for oid, rows := range ranges {
		t, row := in.types[oid], rows[0]
		if t == nil {
			continue
		}
		multirange := in.types[row[7]]
		if multirange != nil {
			multirange.rangeOf = oid
		}
		if !t.ours() {
			continue
		}
		options := []string{"SUBTYPE = " + row[1]}
		if row[3] != "t" || row[4] == "t" {
			t.unknownBecause = "a range with an operator class or a canonical function of its own"
		}
		if name := in.collations[row[2]].name; collate(name) != "" {
			options = append(options, "COLLATION = "+strings.TrimPrefix(collate(name), " COLLATE "))
		}
		if row[5] != "" { // a function of somebody's own only makes indexes better, and isn't there in a copy
			options = append(options, "SUBTYPE_DIFF = pg_catalog."+quote(row[5]))
		}
		if multirange != nil {
			options = append(options, "MULTIRANGE_TYPE_NAME = "+qualified(multirange.name))
		}
		t.uses = append(t.uses, row[0])
		t.definition = t.statement("TYPE") + " AS RANGE (" + strings.Join(options, ", ") + ")"
	}
	return err
}

func (in *introspection) defineDomains(bases map[string]string) error {
	checks, err := in.grouped(askDomainChecks)
	for _, t := range in.types {
		if t.class != "d" || !t.ours() {
			continue
		}
		statement := t.statement("DOMAIN") + " AS " + bases[t.oid] + collate(in.collations[t.collation].name)
		if t.defaultValue != "" {
			statement += " DEFAULT " + t.defaultValue
		}
		if t.notNull {
			statement += " NOT NULL"
		}
		for _, row := range checks[t.oid] {
			statement += " CONSTRAINT " + quote(row[0]) + " " + row[1]
		}
		t.definition = statement
		t.uses = append(t.uses, t.base)
	}
	return err
}

// orderTypes puts each type after those that it uses, and sorts by name otherwise.
func (in *introspection) orderTypes(oids []string) {
	slices.SortFunc(oids, func(a, b string) int { return in.types[a].name.Compare(in.types[b].name) })
	done := map[string]bool{}
	var add func(oid string)
	add = func(oid string) {
		t := in.types[oid]
		if done[oid] {
			return
		}
		done[oid] = true
		d := catalog.DataType{Name: t.name, Definition: t.definition}
		for _, used := range t.uses {
			if other := in.defined(used); other != nil && !slices.Contains(d.Uses, other.name) {
				add(other.oid)
				d.Uses = append(d.Uses, other.name)
			}
		}
		in.dataTypes = append(in.dataTypes, d)
	}
	for _, oid := range oids {
		if t := in.types[oid]; t.definition != "" && t.unknownBecause == "" {
			add(oid)
		}
	}
}
