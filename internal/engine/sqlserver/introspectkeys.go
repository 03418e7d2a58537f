package sqlserver

import (
	"cmp"
	"database/sql"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
)

type foundIndex struct {
	id                  int64
	name                string
	primary, constraint bool
	unique, clustered   bool
	system              bool // its name is the server's own
	filter              string
	columns, included   []string
	descending          []bool
}

// The types of indexes that a copy has: https://learn.microsoft.com/en-us/sql/relational-databases/system-catalog-views/sys-indexes-transact-sql
const (
	clusteredIndex    = "1"
	nonclusteredIndex = "2"
)

// otherIndexes are those that it hasn't.
var otherIndexes = map[string]string{"3": "XML", "4": "spatial", "5": "clustered columnstore", "6": "columnstore", "7": "hash"}

// readIndexes takes keys and indexes that are in use, with their columns: first those of the key in its order.
func (in *introspection) readIndexes() error {
	return in.ofTable("indexes", `SELECT i.object_id, i.index_id, i.name, i.type, i.is_primary_key, i.is_unique_constraint, i.is_unique, i.has_filter, i.filter_definition,
		i.is_disabled, k.is_system_named, c.name, x.is_descending_key, x.is_included_column, x.key_ordinal
		FROM sys.indexes i
		JOIN sys.index_columns x ON x.object_id = i.object_id AND x.index_id = i.index_id
		JOIN sys.columns c ON c.object_id = x.object_id AND c.column_id = x.column_id
		LEFT JOIN sys.key_constraints k ON k.parent_object_id = i.object_id AND k.unique_index_id = i.index_id
		WHERE i.type IN (1, 2) AND i.is_hypothetical = 0
		ORDER BY i.object_id, i.index_id, x.is_included_column, x.key_ordinal, x.index_column_id`, func(f *found, row []sql.NullString) {
		if set(row[8]) { // nobody keeps it
			note := notMade + "index " + row[1].String + ", which is disabled"
			if !slices.Contains(f.table.Options, note) {
				f.table.Options = append(f.table.Options, note)
			}
			return
		}
		id := number(row[0])
		if n := len(f.index); n == 0 || f.index[n-1].id != id {
			x := foundIndex{id: id, name: row[1].String, primary: set(row[3]), constraint: set(row[4]), unique: set(row[5]),
				clustered: row[2].String == clusteredIndex, system: set(row[9]), filter: in.expression(row[7].String)}
			if set(row[6]) && !row[7].Valid {
				in.refuse(codePermission, "grant VIEW DEFINITION on the table", "the login may not see the condition of index %q of table %s", x.name, f.table.Name)
			}
			f.index = append(f.index, x)
		}
		x := &f.index[len(f.index)-1]
		column := in.written(f.table.Schema, f.table.Name.Table, row[10].String)
		switch {
		case set(row[12]):
			x.included = append(x.included, column)
		case number(row[13]) > 0: // 0 is a column that only divides the index into partitions
			x.columns = append(x.columns, column)
			x.descending = append(x.descending, set(row[11]))
		}
	})
}

// readOtherIndexes notes indexes that a copy doesn't have, and how the table is divided.
func (in *introspection) readOtherIndexes() error {
	err := in.ofTable("other indexes", "SELECT object_id, name, type FROM sys.indexes WHERE type NOT IN (0, 1, 2) AND is_hypothetical = 0 ORDER BY object_id, name", func(f *found, row []sql.NullString) {
		kind, known := otherIndexes[row[1].String]
		if !known {
			in.refuse(codeDefinition, "extract from a copy of the database in which it is dropped", "index %q of table %s is of a kind that is not known", row[0].String, f.table.Name)
			return
		}
		f.table.Options = append(f.table.Options, notMade+kind+" index "+row[0].String)
	})
	if err == nil && in.view("fulltext_indexes", "object_id") {
		err = in.ofTable("full-text indexes", "SELECT object_id FROM sys.fulltext_indexes", func(f *found, _ []sql.NullString) {
			f.table.Options = append(f.table.Options, notMade+"its full-text index")
		})
	}
	if err == nil && in.genuine {
		err = in.ofTable("partitions", `SELECT i.object_id, d.name, c.name FROM sys.indexes i JOIN sys.data_spaces d ON d.data_space_id = i.data_space_id AND d.type = 'PS'
			JOIN sys.index_columns x ON x.object_id = i.object_id AND x.index_id = i.index_id AND x.partition_ordinal = 1
			JOIN sys.columns c ON c.object_id = x.object_id AND c.column_id = x.column_id WHERE i.index_id IN (0, 1)`, func(f *found, row []sql.NullString) {
			f.table.Partitioning = "ON " + quote(row[0].String) + " (" + quote(row[1].String) + ")"
		})
	}
	return err
}

// keys fills in a table's keys and indexes from what was found.
func (in *introspection) keys(f *found) {
	t := &f.table
	for i := range f.index {
		x := &f.index[i]
		key := catalog.Key{Name: x.name, Columns: x.columns, Clustered: x.clustered}
		if x.system {
			key.Name = ""
		}
		switch {
		case len(x.columns) == 0:
			in.refuse(codeDefinition, "", "index %q of table %s has no columns", x.name, t.Name)
		case x.primary:
			t.PrimaryKey = &key
		case x.unique && !x.constraint && !in.genuine && nullable(t, &key):
			// A server that doesn't tell which indexes are filtered: this one may be, and then it is no key.
			x.unique = false
			t.Indexes = append(t.Indexes, catalog.Index{Name: x.name, Columns: x.columns, Definition: x.definition(t.Name)})
		case x.constraint, x.unique && x.filter == "": // a unique index is a key too, and a copy makes it a constraint
			t.UniqueKeys = append(t.UniqueKeys, key)
		default:
			t.Indexes = append(t.Indexes, catalog.Index{Name: x.name, Columns: x.columns, Unique: x.unique, Definition: x.definition(t.Name)})
		}
	}
	slices.SortStableFunc(t.UniqueKeys, func(a, b catalog.Key) int {
		return cmp.Or(slices.Compare(a.Columns, b.Columns), cmp.Compare(a.Name, b.Name))
	})
	slices.SortFunc(t.Indexes, func(a, b catalog.Index) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(t.Checks, func(a, b catalog.Check) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Expression, b.Expression))
	})
	slices.SortStableFunc(t.ForeignKeys, func(a, b catalog.ForeignKey) int { return cmp.Compare(a.Name, b.Name) })
	slices.Sort(t.Options)
}

// definition is the statement that makes the index.
func (x *foundIndex) definition(table catalog.Name) string {
	columns := make([]string, len(x.columns))
	for i, name := range x.columns {
		columns[i] = quote(name)
		if x.descending[i] {
			columns[i] += " DESC"
		}
	}
	text := indexPrefix(x.name, x.unique, x.clustered, Dialect{}.Table(table)) + "(" + strings.Join(columns, ", ") + ")"
	if len(x.included) > 0 {
		text += " INCLUDE (" + quoteAll(x.included) + ")"
	}
	if x.filter != "" {
		text += " WHERE " + x.filter
	}
	return text
}

// readChecks takes the constraints that the engine keeps. One that is disabled says nothing of any row.
func (in *introspection) readChecks() error {
	return in.ofTable("checks", "SELECT parent_object_id, name, definition, is_system_named, is_disabled FROM sys.check_constraints", func(f *found, row []sql.NullString) {
		if set(row[3]) {
			f.table.Options = append(f.table.Options, notMade+"check "+row[0].String+", which is disabled")
			return
		}
		if !row[1].Valid {
			in.refuse(codePermission, "grant VIEW DEFINITION on the table", "the login may not see the definition of check %q of table %s", row[0].String, f.table.Name)
			return
		}
		expression := unwrapped(in.expression(row[1].String))
		check := catalog.Check{Name: row[0].String, Expression: expression, Columns: mentioned(&f.table, expression, in.folds)}
		if set(row[2]) {
			check.Name = ""
		}
		f.table.Checks = append(f.table.Checks, check)
	})
}

// actionWords are the actions in words.
var actionWords = map[string]string{"0": "", "1": "CASCADE", "2": "SET NULL", "3": "SET DEFAULT"}

// readForeign takes foreign keys with their columns by the constraint's own ordinals.
func (in *introspection) readForeign() error {
	id := int64(0)
	return in.ofTable("foreign keys", `SELECT f.parent_object_id, f.object_id, f.name, f.referenced_object_id, f.delete_referential_action, f.update_referential_action,
		f.is_disabled, f.is_not_trusted, a.name, b.name, s.name, o.name
		FROM sys.foreign_keys f
		JOIN sys.foreign_key_columns c ON c.constraint_object_id = f.object_id
		JOIN sys.columns a ON a.object_id = c.parent_object_id AND a.column_id = c.parent_column_id
		JOIN sys.columns b ON b.object_id = c.referenced_object_id AND b.column_id = c.referenced_column_id
		JOIN sys.objects o ON o.object_id = f.referenced_object_id
		JOIN sys.schemas s ON s.schema_id = o.schema_id
		WHERE f.is_ms_shipped = 0
		ORDER BY f.parent_object_id, f.object_id, c.constraint_column_id`, func(f *found, row []sql.NullString) {
		t := &f.table
		parent := in.byID[number(row[2])]
		if parent == nil {
			in.refuse(codeReference, "see why that table can't be copied", "foreign key %q of table %s references %s.%s, which is not described", row[1].String, t.Name, row[9].String, row[10].String)
			return
		}
		if number(row[0]) != id {
			id = number(row[0])
			onDelete, known1 := actionWords[row[3].String]
			onUpdate, known2 := actionWords[row[4].String]
			if !known1 || !known2 {
				in.refuse(codeReference, "", "foreign key %q of table %s has an action that is not known", row[1].String, t.Name)
			}
			t.ForeignKeys = append(t.ForeignKeys, catalog.ForeignKey{Name: row[1].String, Parent: parent.table.Name, OnDelete: onDelete, OnUpdate: onUpdate,
				Disabled: set(row[5]), Untrusted: set(row[6])})
		}
		last := &t.ForeignKeys[len(t.ForeignKeys)-1]
		last.Columns = append(last.Columns, catalog.Pair{Child: in.written(t.Schema, t.Name.Table, row[7].String),
			Parent: in.written(parent.table.Schema, parent.table.Name.Table, row[8].String)})
	})
}
