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

// readIndexes takes keys and indexes that are in use. Nobody keeps one that is disabled.
func (in *introspection) readIndexes() error {
	err := in.ofTable("indexes", `SELECT object_id, index_id, name, type, is_primary_key, is_unique_constraint, is_unique, has_filter, filter_definition, is_disabled
		FROM sys.indexes WHERE type IN (`+clusteredIndex+`, `+nonclusteredIndex+`) AND is_hypothetical = 0 ORDER BY object_id, index_id`, func(f *found, row []sql.NullString) {
		if set(row[8]) {
			f.table.Options = append(f.table.Options, notMade+"index "+row[1].String+", which is disabled")
			return
		}
		x := foundIndex{id: number(row[0]), name: row[1].String, primary: set(row[3]), constraint: set(row[4]), unique: set(row[5]),
			clustered: row[2].String == clusteredIndex, filter: in.expression(row[7].String)}
		if set(row[6]) && !row[7].Valid {
			in.refuse(codePermission, "grant VIEW DEFINITION on the table", "the login may not see the condition of index %q of table %s", x.name, f.table.Name)
		}
		f.index = append(f.index, x)
	})
	if err != nil {
		return err
	}
	return in.ofTable("keys", "SELECT parent_object_id, unique_index_id, is_system_named FROM sys.key_constraints", func(f *found, row []sql.NullString) {
		if x := f.indexOf(row[0]); x != nil {
			x.system = set(row[1])
		}
	})
}

func (f *found) indexOf(id sql.NullString) *foundIndex {
	if at := slices.IndexFunc(f.index, func(x foundIndex) bool { return x.id == number(id) }); at >= 0 {
		return &f.index[at]
	}
	return nil
}

// readIndexColumns takes the columns of keys in their order, and then those that are only carried along.
func (in *introspection) readIndexColumns() error {
	return in.ofTable("columns of indexes", `SELECT object_id, index_id, column_id, is_descending_key, is_included_column, key_ordinal FROM sys.index_columns
		ORDER BY object_id, index_id, is_included_column, key_ordinal, index_column_id`, func(f *found, row []sql.NullString) {
		x, c := f.indexOf(row[0]), f.column(row[1])
		switch {
		case x == nil || c == nil:
		case set(row[3]):
			x.included = append(x.included, c.Name)
		case number(row[4]) > 0: // 0 is a column that only divides the index into partitions
			x.columns = append(x.columns, c.Name)
			x.descending = append(x.descending, set(row[2]))
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

// readForeign takes foreign keys. Their order, and so that of their columns, is by the constraint's id until keys sorts them.
func (in *introspection) readForeign() error {
	return in.ofTable("foreign keys", `SELECT parent_object_id, object_id, name, referenced_object_id, delete_referential_action, update_referential_action, is_disabled, is_not_trusted
		FROM sys.foreign_keys WHERE is_ms_shipped = 0 ORDER BY parent_object_id, object_id`, func(f *found, row []sql.NullString) {
		parent := in.byID[number(row[2])]
		if parent == nil {
			in.refuse(codeReference, "see why that table can't be copied", "foreign key %q of table %s references a table that is not described", row[1].String, f.table.Name)
			return
		}
		onDelete, known1 := actionWords[row[3].String]
		onUpdate, known2 := actionWords[row[4].String]
		if !known1 || !known2 {
			in.refuse(codeReference, "", "foreign key %q of table %s has an action that is not known", row[1].String, f.table.Name)
		}
		in.foreign[number(row[0])] = foundForeign{f, len(f.table.ForeignKeys), parent}
		f.table.ForeignKeys = append(f.table.ForeignKeys, catalog.ForeignKey{Name: row[1].String, Parent: parent.table.Name, OnDelete: onDelete, OnUpdate: onUpdate,
			Disabled: set(row[5]), Untrusted: set(row[6])})
	})
}

// foundForeign is where a foreign key stands, and its parent.
type foundForeign struct {
	child  *found
	at     int
	parent *found
}

// readForeignColumns pairs the columns by the constraint's own ordinals.
func (in *introspection) readForeignColumns() error {
	return in.each("columns of foreign keys", `SELECT constraint_object_id, parent_column_id, referenced_column_id FROM sys.foreign_key_columns
		ORDER BY constraint_object_id, constraint_column_id`, func(row []sql.NullString) {
		f, ok := in.foreign[number(row[0])]
		if !ok {
			return
		}
		key := &f.child.table.ForeignKeys[f.at]
		child, parent := f.child.column(row[1]), f.parent.column(row[2])
		if child == nil || parent == nil {
			in.refuse(codeReference, "", "foreign key %q of table %s is over a column that is not described", key.Name, f.child.table.Name)
			return
		}
		key.Columns = append(key.Columns, catalog.Pair{Child: child.Name, Parent: parent.Name})
	})
}
