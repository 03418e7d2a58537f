package catalog

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

// The codes of Validate's diagnostics.
const (
	codeName      = "UC010" // a name that is empty or no text
	codeTwice     = "UC011" // two things of one name
	codeColumns   = "UC012" // a table, view, key or foreign key without columns
	codeColumn    = "UC013" // a column that the table doesn't have
	codeType      = "UC014" // a type that is not known or has a size below zero
	codeParent    = "UC015" // a foreign key to a table that isn't there
	codeCollation = "UC016" // a key with collations for some of its columns only
	codeComputed  = "UC017" // stored, but not computed; or computed, with a default
	codeEstimate  = "UC018" // fewer rows than none
	codeOrder     = "UC019" // tables, views or synonyms that are not sorted
	codeAction    = "UC020" // a foreign key action that is none
	codeDataType  = "UC021" // a data type that isn't there, or that stands before one that it uses
	codeTemporal  = "UC022" // a temporal table without its period's columns or its table of former rows
)

// validation gathers diagnostics. A catalog has no source text to point into: the summary names the place.
type validation struct {
	list  diag.List
	folds bool
	types map[Name]bool
}

func (v *validation) refuse(code, format string, args ...any) {
	v.list = append(v.list, diag.Diagnostic{Code: code, Summary: fmt.Sprintf(format, args...)})
}

// Validate reports everything that keeps c from holding together: names twice, keys and foreign keys over columns or
// tables that aren't there, unknown types. Every engine's catalog satisfies it.
func (c *Catalog) Validate() diag.List {
	v := &validation{folds: c.FoldsCase}
	if c.Engine == "" || c.DefaultSchema == "" {
		v.refuse(codeName, "the catalog names no engine or no default schema")
	}
	tables := map[Name]*Table{}
	seen := map[Name]bool{}
	v.types = map[Name]bool{}
	for i := range c.Tables {
		t := &c.Tables[i]
		v.name(t.Name.Table, "a table")
		v.name(t.Schema, "the schema of table %q", t.Name.Table)
		folded := v.folded(t.Name)
		if seen[folded] {
			v.refuse(codeTwice, "table %s is there twice", t.Name)
		}
		seen[folded] = true
		tables[t.Name] = t
		if i > 0 && c.Tables[i-1].Name.Compare(t.Name) > 0 {
			v.refuse(codeOrder, "table %s stands after %s", t.Name, c.Tables[i-1].Name)
		}
	}
	if !utf8.ValidString(c.Database) {
		v.refuse(codeName, "the database's name is not UTF-8")
	}
	v.dataTypes(c.DataTypes)
	for i := range c.Tables {
		v.table(&c.Tables[i], tables)
	}
	v.views(c)
	v.list.Sort()
	return v.list
}

// Compare orders names by schema, then table, as bytes.
func (n Name) Compare(other Name) int {
	if c := strings.Compare(n.Schema, other.Schema); c != 0 {
		return c
	}
	return strings.Compare(n.Table, other.Table)
}

// fold follows the narrowest rule that an engine has, A to Z: what is the same name to some engine only is not refused.
func (v *validation) fold(s string) string {
	if !v.folds {
		return s
	}
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

func (v *validation) name(name, what string, args ...any) {
	if name == "" || !utf8.ValidString(name) || strings.ContainsRune(name, 0) {
		v.refuse(codeName, what+" has an empty name or one that is no text", args...)
	}
}

// text refuses what JSON can't carry: it would come back as other text.
func (v *validation) text(t *Table, what string, texts ...string) {
	for _, s := range texts {
		if !utf8.ValidString(s) {
			v.refuse(codeName, "%s of table %s is not UTF-8", what, t.Name)
		}
	}
}

func (v *validation) dataTypes(types []DataType) {
	for _, d := range types {
		v.name(d.Name.Table, "a data type")
		v.name(d.Schema, "the schema of data type %q", d.Name.Table)
		if !utf8.ValidString(d.Definition) || d.Definition == "" {
			v.refuse(codeName, "data type %s has no definition, or one that is not UTF-8", d.Name)
		}
		if v.types[d.Name] {
			v.refuse(codeTwice, "data type %s is there twice", d.Name)
		}
		for _, used := range d.Uses {
			if !v.types[used] {
				v.refuse(codeDataType, "data type %s uses %s, which doesn't stand before it", d.Name, used)
			}
		}
		v.types[d.Name] = true
	}
}

func (v *validation) temporal(t *Table, tables map[Name]*Table) {
	for _, name := range []string{t.Temporal.Start, t.Temporal.End} {
		if t.Column(name) == nil {
			v.refuse(codeTemporal, "the period of table %s names column %q, which the table doesn't have", t.Name, name)
		}
	}
	if tables[t.Temporal.History] == nil {
		v.refuse(codeTemporal, "the former rows of table %s are in %s, which isn't there", t.Name, t.Temporal.History)
	}
	v.text(t, "the period", t.Temporal.Retention)
}

func (v *validation) table(t *Table, tables map[Name]*Table) {
	if len(t.Columns) == 0 {
		v.refuse(codeColumns, "table %s has no columns", t.Name)
	}
	seen := map[string]bool{}
	for i := range t.Columns {
		c := &t.Columns[i]
		v.name(c.Name, "a column of table %s", t.Name)
		if seen[v.fold(c.Name)] {
			v.refuse(codeTwice, "column %q is there twice in table %s", c.Name, t.Name)
		}
		seen[v.fold(c.Name)] = true
		v.column(t, c)
	}
	v.text(t, "an option, a trigger or the row id", slices.Concat([]string{t.RowID, t.Partitioning}, t.Options, t.Triggers)...)
	if t.Temporal != nil {
		v.temporal(t, tables)
	}
	if t.PrimaryKey != nil {
		v.key(t, t.PrimaryKey, "the primary key")
	}
	for i := range t.UniqueKeys {
		v.key(t, &t.UniqueKeys[i], "a unique key")
	}
	indexes := map[string]bool{}
	for _, x := range t.Indexes {
		v.name(x.Name, "an index of table %s", t.Name)
		v.text(t, "an index", x.Definition)
		if indexes[v.fold(x.Name)] {
			v.refuse(codeTwice, "index %q is there twice in table %s", x.Name, t.Name)
		}
		indexes[v.fold(x.Name)] = true
		v.columns(t, x.Columns, "an index")
	}
	for _, c := range t.Checks {
		v.text(t, "a check", c.Name, c.Expression)
		v.columns(t, c.Columns, "a check")
	}
	for i := range t.ForeignKeys {
		v.foreign(t, &t.ForeignKeys[i], tables)
	}
	if t.RowEstimate != nil && *t.RowEstimate < 0 {
		v.refuse(codeEstimate, "table %s is said to have fewer rows than none", t.Name)
	}
}

func (v *validation) column(t *Table, c *Column) {
	if _, err := c.Type.Kind.MarshalText(); err != nil || c.Type.Kind == value.Unknown {
		v.refuse(codeType, "column %q of table %s has a type that is not known", c.Name, t.Name)
	}
	if c.Type.Length < 0 || c.Type.Precision < 0 {
		v.refuse(codeType, "column %q of table %s has a size below zero", c.Name, t.Name)
	}
	v.text(t, "a column", append([]string{c.EngineType, c.Computed, c.Default, c.DefaultName, c.Type.Collation.Name}, c.Options...)...)
	if c.DataType != (Name{}) && !v.types[c.DataType] {
		v.refuse(codeDataType, "column %q of table %s is of the data type %s, which isn't there", c.Name, t.Name, c.DataType)
	}
	if c.Numbering != nil && (!c.Identity || c.Numbering.Increment == 0) {
		v.refuse(codeComputed, "column %q of table %s is numbered in a way that can't be", c.Name, t.Name)
	}
	if c.Stored && c.Computed == "" || c.Computed != "" && (c.Default != "" || c.Stamped) {
		v.refuse(codeComputed, "column %q of table %s is stored but not computed, or computed with a default", c.Name, t.Name)
	}
}

// columns reports whether the table has the columns, each once.
func (v *validation) columns(t *Table, names []string, what string) bool {
	ok := true
	seen := map[string]bool{}
	for _, name := range names {
		if t.Column(name) == nil {
			v.refuse(codeColumn, "%s of table %s is over column %q, which the table doesn't have", what, t.Name, name)
			ok = false
		}
		if seen[name] && what != "an index" {
			v.refuse(codeTwice, "%s of table %s is over column %q twice", what, t.Name, name)
			ok = false
		}
		seen[name] = true
	}
	return ok
}

func (v *validation) key(t *Table, k *Key, what string) {
	v.text(t, what, append([]string{k.Name}, k.Collations...)...)
	if len(k.Columns) == 0 {
		v.refuse(codeColumns, "%s of table %s has no columns", what, t.Name)
	}
	v.columns(t, k.Columns, what)
	if len(k.Collations) > 0 && len(k.Collations) != len(k.Columns) {
		v.refuse(codeCollation, "%s of table %s has collations for %d of its %d columns", what, t.Name, len(k.Collations), len(k.Columns))
	}
}

var actions = map[string]bool{"": true, "CASCADE": true, "SET NULL": true, "SET DEFAULT": true, "RESTRICT": true}

func (v *validation) foreign(t *Table, f *ForeignKey, tables map[Name]*Table) {
	what := "a foreign key"
	if f.Name != "" {
		what = fmt.Sprintf("foreign key %q", f.Name)
	}
	v.text(t, "a foreign key", f.Name)
	if !actions[f.OnDelete] || !actions[f.OnUpdate] {
		v.refuse(codeAction, "%s of table %s has an action that is not known", what, t.Name)
	}
	if len(f.Columns) == 0 {
		v.refuse(codeColumns, "%s of table %s has no columns", what, t.Name)
	}
	v.columns(t, f.ChildColumns(), what)
	parent := tables[f.Parent]
	if parent == nil {
		v.refuse(codeParent, "%s of table %s references table %s, which isn't there", what, t.Name, f.Parent)
		return
	}
	for _, name := range f.ParentColumns() {
		if parent.Column(name) == nil {
			v.refuse(codeColumn, "%s of table %s references column %q, which table %s doesn't have", what, t.Name, name, f.Parent)
		}
	}
}
