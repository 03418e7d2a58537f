package sqlite

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/utdrag/utdrag/filter/catalog"
)

// keys fills in a table's keys, indexes, checks and row id from what was found.
func (in *introspection) keys(f *found) {
	t := &f.table
	hasKeyIndex := slices.ContainsFunc(f.index, func(x foundIndex) bool { return x.origin == "pk" })
	in.primaryKey(f, hasKeyIndex)
	in.uniqueKeys(f)
	if f.keyless {
		t.RowID = rowID(t)
	}
	for _, c := range f.definition.checks {
		t.Checks = append(t.Checks, catalog.Check{Name: c.name, Expression: join(c.expression), Columns: mentioned(t, c.expression)})
	}
	slices.SortStableFunc(t.Checks, func(a, b catalog.Check) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Expression, b.Expression))
	})
}

func (in *introspection) primaryKey(f *found, hasIndex bool) {
	t := &f.table
	columns := make([]string, len(f.pk))
	for i := range columns {
		columns[i] = f.pk[i+1]
	}
	declared := f.definition.primary
	if (declared == nil) != (len(columns) == 0) || declared != nil && !sameColumns(declared.columns, columns) {
		in.disagree(f, "its text and SQLite don't agree on the primary key")
		return
	}
	if declared == nil {
		return
	}
	t.PrimaryKey = &catalog.Key{Name: declared.name, Columns: columns}
	for _, x := range f.index {
		if x.origin == "pk" {
			t.PrimaryKey.Collations = differing(t, x.columns, x.collations)
		}
	}
	// A rowid table whose primary key has no index of its own has the row id for key: it is never NULL.
	if f.keyless && !hasIndex {
		if c := t.Column(columns[0]); c != nil && len(columns) == 1 {
			c.Nullable = false
			c.Identity = f.definition.numbered
		}
	}
}

// uniqueKeys tells keys from other indexes, and gives a key its constraint's name.
func (in *introspection) uniqueKeys(f *found) {
	t := &f.table
	claimed := make([]bool, len(f.definition.uniques))
	for _, x := range f.index {
		switch {
		case x.origin == "pk":
		case x.origin == "u":
			key := catalog.Key{Columns: x.columns, Collations: differing(t, x.columns, x.collations)}
			at := slices.IndexFunc(f.definition.uniques, func(k keyDefinition) bool { return sameColumns(k.columns, x.columns) && sameCollations(t, k, x) })
			if at < 0 {
				in.disagree(f, "SQLite has a unique constraint on ("+quoteAll(x.columns)+") that its text doesn't have")
				continue
			}
			claimed[at] = true
			key.Name = f.definition.uniques[at].name
			t.UniqueKeys = append(t.UniqueKeys, key)
		case x.unique && !x.partial && !x.expression:
			t.UniqueKeys = append(t.UniqueKeys, catalog.Key{Name: x.name, Columns: x.columns, Collations: differing(t, x.columns, x.collations)})
		default:
			body, err := parseIndex(x.sql)
			if err != nil {
				in.disagree(f, "index "+quote(x.name)+" can't be read: "+err.Error())
				continue
			}
			index := catalog.Index{Name: x.name, Columns: x.columns, Unique: x.unique}
			unique := ""
			if x.unique {
				unique = "UNIQUE "
			}
			index.Definition = fmt.Sprintf("CREATE %sINDEX %s ON %s %s", unique, quote(x.name), quote(t.Name.Table), body)
			t.Indexes = append(t.Indexes, index)
		}
	}
	slices.SortStableFunc(t.UniqueKeys, func(a, b catalog.Key) int {
		return cmp.Or(slices.Compare(a.Columns, b.Columns), slices.Compare(a.Collations, b.Collations), cmp.Compare(a.Name, b.Name))
	})
	// The same key twice is one key, and SQLite itself makes one of two equal constraints.
	t.UniqueKeys = slices.CompactFunc(t.UniqueKeys, func(a, b catalog.Key) bool {
		return slices.Equal(a.Columns, b.Columns) && slices.Equal(a.Collations, b.Collations)
	})
	if t.PrimaryKey != nil && !inlineKey(t) {
		t.UniqueKeys = slices.DeleteFunc(t.UniqueKeys, func(k catalog.Key) bool {
			return slices.Equal(k.Columns, t.PrimaryKey.Columns) && slices.Equal(k.Collations, t.PrimaryKey.Collations)
		})
	}
	if len(t.UniqueKeys) == 0 {
		t.UniqueKeys = nil
	}
	// A constraint that got no index must be the same as one that did, or as the primary key.
	for i, k := range f.definition.uniques {
		if !claimed[i] && !slices.ContainsFunc(f.index, func(x foundIndex) bool { return sameColumns(k.columns, x.columns) && sameCollations(t, k, x) }) {
			in.disagree(f, "its text has a unique constraint on ("+quoteAll(k.columns)+") that SQLite doesn't have")
		}
	}
}

// differing returns the collations where at least one is not its column's own, else nil.
func differing(t *catalog.Table, columns, collations []string) []string {
	for i, name := range columns {
		if c := t.Column(name); c != nil && c.Type.Collation.Name != collations[i] && (c.Type.Collation.Name != "" || collations[i] != "BINARY") {
			return collations
		}
	}
	return nil
}

func sameColumns(a, b []string) bool {
	return slices.EqualFunc(a, b, func(x, y string) bool { return fold(x) == fold(y) })
}

func sameCollations(t *catalog.Table, k keyDefinition, x foundIndex) bool {
	for i, written := range k.collations {
		if written == "" {
			written = "BINARY"
			if c := t.Column(x.columns[i]); c != nil && c.Type.Collation.Name != "" {
				written = c.Type.Collation.Name
			}
		}
		if fold(written) != fold(x.collations[i]) {
			return false
		}
	}
	return true
}

// rowID is a name by which the row id can be asked for, which a column of that name hides.
func rowID(t *catalog.Table) string {
	for _, name := range []string{"rowid", "_rowid_", "oid"} {
		if !slices.ContainsFunc(t.Columns, func(c catalog.Column) bool { return fold(c.Name) == name }) {
			return name
		}
	}
	return ""
}

// mentioned returns the columns that an expression names, in ordinal order. A function of a column's name doesn't count;
// a bare word that is a keyword here and a column's name there does, which errs on the side of more.
func mentioned(t *catalog.Table, expression []token) []string {
	names := map[string]bool{}
	for i, tok := range expression {
		if tok.kind != word && tok.kind != quoted || i+1 < len(expression) && expression[i+1].sign("(") && tok.kind == word {
			continue
		}
		names[fold(tok.name)] = true
	}
	columns := []string{}
	for _, c := range t.Columns {
		if names[fold(c.Name)] {
			columns = append(columns, c.Name)
		}
	}
	return columns
}

// references fills in a table's foreign keys, once every table's keys are known.
func (in *introspection) references(f *found) {
	t := &f.table
	if len(f.foreign) != len(f.definition.foreign) {
		in.disagree(f, fmt.Sprintf("its text has %d foreign keys, SQLite %d", len(f.definition.foreign), len(f.foreign)))
		return
	}
	// SQLite numbers foreign keys from the last one written; they were asked for in the order of the text.
	for i, x := range f.foreign {
		d := f.definition.foreign[i]
		if !sameColumns(d.columns, x.from) || fold(d.parent) != fold(x.parent) {
			in.disagree(f, "its text and SQLite don't agree on foreign key number "+fmt.Sprint(i+1))
			continue
		}
		parent := in.byName[fold(x.parent)]
		if parent == nil {
			in.refuse(codeReference, "create the table, or drop the foreign key", "a foreign key of table %s references a table that isn't there: %s",
				t.Name, x.parent)
			continue
		}
		fk := catalog.ForeignKey{Name: d.name, Parent: parent.table.Name, OnDelete: x.onDelete, OnUpdate: x.onUpdate, Untrusted: true}
		to := x.to
		if to[0] == "" { // no columns were written: the parent's primary key, in its own order
			to = nil
			if parent.table.PrimaryKey != nil {
				to = parent.table.PrimaryKey.Columns
			}
		}
		if len(to) != len(x.from) {
			in.refuse(codeReference, "name the columns that it references", "a foreign key of table %s on (%s) names no columns of %s, whose primary key doesn't fit",
				t.Name, quoteAll(x.from), parent.table.Name)
			continue
		}
		ok := true
		for j, child := range x.from {
			own, other := column(t, child), column(&parent.table, to[j])
			if own == nil || other == nil {
				in.refuse(codeReference, "correct the foreign key", "a foreign key of table %s on (%s) names a column that isn't there",
					t.Name, quoteAll(x.from))
				ok = false
				break
			}
			fk.Columns = append(fk.Columns, catalog.Pair{Child: own.Name, Parent: other.Name})
		}
		if ok {
			t.ForeignKeys = append(t.ForeignKeys, fk)
		}
	}
}

// column finds a column as SQLite does, without regard to the case of A to Z.
func column(t *catalog.Table, name string) *catalog.Column {
	for i := range t.Columns {
		if fold(t.Columns[i].Name) == fold(name) {
			return &t.Columns[i]
		}
	}
	return nil
}
