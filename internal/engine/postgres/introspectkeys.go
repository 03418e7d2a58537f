package postgres

import (
	"cmp"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
)

const (
	askIndexes = `SELECT i.indrelid, i.indexrelid, x.relname, i.indisprimary, i.indisunique, i.indisexclusion, i.indnkeyatts,
		i.indpred IS NOT NULL, i.indexprs IS NOT NULL, coalesce(k.conname, ''), m.amname, pg_get_indexdef(i.indexrelid),
		coalesce(to_jsonb(i) ->> 'indnullsnotdistinct', 'false'),
		(SELECT bool_and(o.opcdefault) FROM pg_opclass o WHERE o.oid = ANY (i.indclass)),
		CASE WHEN i.indisexclusion THEN pg_get_constraintdef(k.oid) ELSE '' END,
		'CREATE ' || CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END || 'INDEX ' || quote_ident(x.relname) || ' ON ' ||
			CASE WHEN c.relkind = 'p' THEN 'ONLY ' ELSE '' END || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ' USING '
		FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_class x ON x.oid = i.indexrelid
		JOIN pg_am m ON m.oid = x.relam LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x') AND k.conrelid = i.indrelid
		WHERE i.indisvalid AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND ` + ownSchemas + ` ORDER BY x.relname COLLATE "C"`
	askIndexColumns = `SELECT i.indexrelid, k.number, k.attribute, CASE WHEN k.number <= i.indnkeyatts THEN i.indcollation[k.number - 1] ELSE 0 END
		FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace,
		unnest(i.indkey) WITH ORDINALITY AS k (attribute, number) WHERE c.relkind IN ('r', 'p') AND ` + ownSchemas + ` ORDER BY i.indexrelid, k.number`
	askChecks = `SELECT k.conrelid, k.conname, pg_get_expr(k.conbin, k.conrelid), array_to_string(k.conkey, ','), k.convalidated
		FROM pg_constraint k WHERE k.contype = 'c' AND k.conrelid <> 0 ORDER BY k.conname COLLATE "C"`
	askForeign = `SELECT k.conrelid, k.oid, k.conname, k.confrelid, p.child, p.parent, k.confmatchtype, k.confdeltype, k.confupdtype, k.convalidated,
		coalesce(to_jsonb(k) ->> 'conenforced', 'true'), to_jsonb(k) ->> 'confdelsetcols' IS NOT NULL,
		EXISTS (SELECT FROM pg_trigger t WHERE t.tgconstraint = k.oid AND t.tgenabled IN ('D', 'R'))
		FROM pg_constraint k, unnest(k.conkey, k.confkey) WITH ORDINALITY AS p (child, parent, number)
		WHERE k.contype = 'f' AND k.conparentid = 0 ORDER BY k.conname COLLATE "C", k.oid, p.number`
)

// The words of Table.Options for a check that the engine doesn't promise, so that a copy doesn't have it, and the prefixes of
// Index.Definition: what follows the table's name in CREATE INDEX, or a constraint.
const (
	notValid  = "NOT VALID CHECK "
	using     = "USING "
	exclusion = "EXCLUDE "
)

// readIndexes tells keys from other indexes.
func (in *introspection) readIndexes() error {
	columns, err := in.grouped(askIndexColumns)
	if err != nil {
		return err
	}
	rows, err := in.ask(askIndexes)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if f := in.byOID[row[0]]; f != nil {
			in.index(f, row, columns[row[1]])
		}
	}
	return nil
}

// index takes one index. A key is one over plain columns, whole and compared in the usual way; NULLS NOT DISTINCT makes no
// difference where no column can be NULL.
func (in *introspection) index(f *found, row []string, columns [][]string) {
	names := []string{}
	var collations []string
	own := true // compared as the columns are
	for i, column := range columns {
		name, ok := f.columns[column[1]]
		if !ok {
			continue // an expression
		}
		names = append(names, name)
		if i < atoi(row[6]) && column[2] != "0" {
			collations = append(collations, in.collations[column[2]].name)
			own = own && column[2] == f.types[column[1]]
		} else if i < atoi(row[6]) {
			collations = append(collations, "")
		}
	}
	primary, unique, partial, expression := row[3] == "t", row[4] == "t", row[7] == "t", row[8] == "t"
	if unique && !partial && !expression && row[13] == "t" && (row[12] != "true" || f.table.NotNull(names[:atoi(row[6])])) {
		key := catalog.Key{Name: row[9], Columns: names[:atoi(row[6])]}
		if key.Name == "" {
			key.Name = row[2]
		}
		if !own {
			key.Collations = collations
		}
		if primary {
			f.table.PrimaryKey = &key
		} else {
			f.table.UniqueKeys = append(f.table.UniqueKeys, key)
		}
		return
	}
	x := catalog.Index{Name: row[2], Columns: names, Unique: unique, Definition: row[14]}
	if row[5] != "t" {
		body, ok := strings.CutPrefix(row[11], row[15])
		if !ok {
			in.refuse(codeDefinition, "", "index %s of table %s has a definition that can't be read", quote(x.Name), f.table.Name)
		}
		x.Definition = using + body
	}
	f.table.Indexes = append(f.table.Indexes, x)
}

func atoi(digits string) int {
	n := 0
	for _, d := range digits {
		n = 10*n + int(d-'0')
	}
	return n
}

func (in *introspection) readConstraints() error {
	rows, err := in.ask(askChecks)
	if err != nil {
		return err
	}
	for _, row := range rows {
		f := in.byOID[row[0]]
		if f == nil {
			continue
		}
		if row[4] != "t" {
			f.table.Options = append(f.table.Options, notValid+row[1])
			continue
		}
		check := catalog.Check{Name: row[1], Expression: row[2], Columns: []string{}}
		for number := range strings.SplitSeq(row[3], ",") {
			if name, ok := f.columns[number]; ok {
				check.Columns = append(check.Columns, name)
			}
		}
		f.table.Checks = append(f.table.Checks, check)
	}
	return in.readForeign()
}

var actions = map[string]string{"a": "", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}

// readForeign reads foreign keys, one row a pair of columns.
func (in *introspection) readForeign() error {
	rows, err := in.ask(askForeign)
	if err != nil {
		return err
	}
	last := ""
	for _, row := range rows {
		f := in.byOID[row[0]]
		if f == nil {
			continue
		}
		parent := in.byOID[row[3]]
		if parent == nil {
			if last != row[1] {
				in.refuse(codeReference, "reference the whole table", "foreign key %s of table %s references %s, which is a partition or no table that is copied", quote(row[2]), f.table.Name,
					cmp.Or(in.hidden[row[3]], "a table"))
			}
			last = row[1]
			continue
		}
		pair := catalog.Pair{Child: f.columns[row[4]], Parent: parent.columns[row[5]]}
		if last == row[1] {
			foreign := &f.table.ForeignKeys[len(f.table.ForeignKeys)-1]
			foreign.Columns = append(foreign.Columns, pair)
			if row[6] == "f" && len(foreign.Columns) == 2 {
				in.refuse(codeReference, "make it MATCH SIMPLE", "foreign key %s of table %s is MATCH FULL, whose NULLs mean something else", quote(row[2]), f.table.Name)
			}
			continue
		}
		last = row[1]
		foreign := catalog.ForeignKey{Name: row[2], Parent: parent.table.Name, Columns: []catalog.Pair{pair}, OnDelete: actions[row[7]], OnUpdate: actions[row[8]]}
		foreign.Disabled = row[10] != "true" || row[12] == "t"
		foreign.Untrusted = foreign.Disabled || row[9] != "t"
		if row[11] == "t" {
			in.refuse(codeReference, "name no columns after SET NULL", "foreign key %s of table %s sets some of its columns only", quote(row[2]), f.table.Name)
		}
		f.table.ForeignKeys = append(f.table.ForeignKeys, foreign)
	}
	for _, f := range in.tables {
		slices.SortStableFunc(f.table.ForeignKeys, func(a, b catalog.ForeignKey) int { return strings.Compare(a.Name, b.Name) })
	}
	return nil
}
