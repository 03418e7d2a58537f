package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Difference is one thing that two catalogs say differently.
type Difference struct {
	// Table is the table that it is about; the zero Name means the database as a whole.
	Table Name `json:"table,omitzero"`
	// Part is what of the table: `column "X"`, "primary key", `foreign key (A) to dbo.B`. It is "" for the table itself.
	Part string `json:"part,omitempty"`
	// Change is what happened to it, in words.
	Change string `json:"change"`
}

// String is the difference as one line.
func (d Difference) String() string {
	parts := []string{}
	if d.Table != (Name{}) {
		parts = append(parts, "table "+d.Table.String())
	}
	if d.Part != "" {
		parts = append(parts, d.Part)
	}
	return strings.Join(append(parts, d.Change), ": ")
}

// Compare says what changed from old to new, sorted by table and part. Row estimates don't count, nor do views and
// synonyms, of which no copy has anything. Names are compared exactly: a name in other letter case is another name, because a map or
// a plan may print it.
func Compare(old, new *Catalog) []Difference {
	c := &comparison{}
	c.text("", "engine", old.Engine, new.Engine)
	c.text("", "default schema", old.DefaultSchema, new.DefaultSchema)
	c.flag("", "names that differ in case only are the same name", old.FoldsCase, new.FoldsCase)
	c.flag("", "a unique key takes NULL once", old.NullsCollide, new.NullsCollide)
	dataType := func(d *DataType) (string, string) { return "data type " + d.Name.String(), d.Definition }
	c.set(pieces(old.DataTypes, dataType), pieces(new.DataTypes, dataType))
	before, after := byName(old), byName(new)
	for name, t := range before {
		c.table = name
		if other := after[name]; other == nil {
			c.say("", "removed")
		} else {
			c.tables(t, other)
		}
	}
	for name := range after {
		if before[name] == nil {
			c.table = name
			c.say("", "added")
		}
	}
	slices.SortStableFunc(c.found, func(a, b Difference) int {
		return cmp.Or(a.Table.Compare(b.Table), strings.Compare(a.Part, b.Part), strings.Compare(a.Change, b.Change))
	})
	return c.found
}

func byName(c *Catalog) map[Name]*Table {
	tables := make(map[Name]*Table, len(c.Tables))
	for i := range c.Tables {
		tables[c.Tables[i].Name] = &c.Tables[i]
	}
	return tables
}

type comparison struct {
	table Name
	found []Difference
}

func (c *comparison) say(part, format string, args ...any) {
	c.found = append(c.found, Difference{c.table, part, fmt.Sprintf(format, args...)})
}

// text compares two texts; none is said as such.
func (c *comparison) text(part, what, old, new string) {
	switch {
	case old == new:
	case old == "":
		c.say(part, "%s is now %s", what, new)
	case new == "":
		c.say(part, "%s was %s, is now none", what, old)
	default:
		c.say(part, "%s was %s, is now %s", what, old, new)
	}
}

func (c *comparison) flag(part, what string, old, new bool) {
	if old != new {
		c.say(part, "%s: was %s, is now %s", what, yes(old), yes(new))
	}
}

func yes(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

func (c *comparison) tables(old, new *Table) {
	c.columns(old, new)
	c.text("", "row id", old.RowID, new.RowID)
	c.text("", "options", strings.Join(old.Options, ", "), strings.Join(new.Options, ", "))
	c.text("", "partitioning", old.Partitioning, new.Partitioning)
	c.text("", "former rows", temporal(old.Temporal), temporal(new.Temporal))
	c.text("", "triggers", strings.Join(old.Triggers, ", "), strings.Join(new.Triggers, ", "))
	c.text("primary key", "it", key(old.PrimaryKey), key(new.PrimaryKey))
	c.set(pieces(old.UniqueKeys, func(k *Key) (string, string) { return "unique key " + key(k), "" }),
		pieces(new.UniqueKeys, func(k *Key) (string, string) { return "unique key " + key(k), "" }))
	index := func(x *Index) (string, string) {
		return fmt.Sprintf("index %q", x.Name), fmt.Sprintf("(%s) unique %s, %s", strings.Join(x.Columns, ", "), yes(x.Unique), x.Definition)
	}
	c.set(pieces(old.Indexes, index), pieces(new.Indexes, index))
	c.set(pieces(old.ForeignKeys, foreign), pieces(new.ForeignKeys, foreign))
	check := func(k *Check) (string, string) { return "check " + named(k.Name, k.Expression), k.Expression }
	c.set(pieces(old.Checks, check), pieces(new.Checks, check))
}

func (c *comparison) columns(old, new *Table) {
	for i := range old.Columns {
		a := &old.Columns[i]
		part := fmt.Sprintf("column %q", a.Name)
		b := new.Column(a.Name)
		if b == nil {
			c.say(part, "removed")
			continue
		}
		c.text(part, "type", orNone(a.EngineType), orNone(b.EngineType))
		if a.EngineType == b.EngineType && a.Type != b.Type {
			c.text(part, "type as understood", fmt.Sprintf("%+v", a.Type), fmt.Sprintf("%+v", b.Type))
		}
		if a.Nullable != b.Nullable {
			c.say(part, "%s", map[bool]string{true: "may now be NULL", false: "may no longer be NULL"}[b.Nullable])
		}
		c.text(part, "default", a.Default, b.Default)
		c.text(part, "computed as", a.Computed, b.Computed)
		c.flag(part, "stored", a.Stored, b.Stored)
		c.text(part, "name of the default", a.DefaultName, b.DefaultName)
		c.flag(part, "numbered by the engine", a.Identity, b.Identity)
		c.text(part, "numbering", numbering(a.Numbering), numbering(b.Numbering))
		c.flag(part, "stamped by the engine", a.Stamped, b.Stamped)
		c.text(part, "data type", a.DataType.String(), b.DataType.String())
		c.text(part, "options", strings.Join(a.Options, ", "), strings.Join(b.Options, ", "))
	}
	for i := range new.Columns {
		if b := &new.Columns[i]; old.Column(b.Name) == nil {
			null := "not NULL"
			if b.Nullable {
				null = "may be NULL"
			}
			c.say(fmt.Sprintf("column %q", b.Name), "added, %s, %s", orNone(b.EngineType), null)
		}
	}
	if kept(old, new) != kept(new, old) {
		c.say("", "columns stand in another order")
	}
}

func temporal(t *Temporal) string {
	if t == nil {
		return ""
	}
	return fmt.Sprintf("those between %s and %s are in %s, kept %q", t.Start, t.End, t.History, t.Retention)
}

func numbering(n *Numbering) string {
	if n == nil {
		return ""
	}
	return fmt.Sprintf("from %d by %d, always %s, serial %s", n.Start, n.Increment, yes(n.Always), yes(n.Serial))
}

// kept is the order of those of a's columns that b has too.
func kept(a, b *Table) string {
	var text strings.Builder
	for _, column := range a.Columns {
		if b.Column(column.Name) != nil {
			fmt.Fprintf(&text, "%q", column.Name)
		}
	}
	return text.String()
}

func orNone(engineType string) string {
	if engineType == "" {
		return "no type"
	}
	return engineType
}

// piece is something a table has, by the words for it, with the words for what it says.
type piece struct{ name, says string }

func pieces[T any](of []T, words func(*T) (string, string)) []piece {
	list := make([]piece, len(of))
	for i := range of {
		list[i].name, list[i].says = words(&of[i])
	}
	return list
}

// set compares two lists without regard to their order. Of equal parts each counts once.
func (c *comparison) set(old, new []piece) {
	for _, a := range old {
		same := func(b piece) bool { return b.name == a.name }
		if slices.Contains(new, a) {
			continue
		}
		if i := slices.IndexFunc(new, same); i >= 0 && !slices.Contains(old, new[i]) {
			c.text(a.name, "it", a.says, new[i].says)
		} else {
			c.say(a.name, "removed")
		}
	}
	for _, b := range new {
		if !slices.ContainsFunc(old, func(a piece) bool { return a.name == b.name }) {
			c.say(b.name, "added")
		}
	}
	for _, b := range new {
		if n, m := count(old, b), count(new, b); n > 0 && n != m && slices.Index(new, b) >= 0 {
			c.say(b.name, "there %d times, was %d", m, n)
			return
		}
	}
}

func count(list []piece, p piece) int {
	n := 0
	for _, other := range list {
		if other == p {
			n++
		}
	}
	return n
}

func key(k *Key) string {
	if k == nil {
		return ""
	}
	columns := slices.Clone(k.Columns)
	for i, collation := range k.Collations {
		columns[i] += " COLLATE " + collation
	}
	text := named(k.Name, "("+strings.Join(columns, ", ")+")")
	if k.Clustered {
		text += " clustered"
	}
	return text
}

func named(name, otherwise string) string {
	if name == "" {
		return otherwise
	}
	return fmt.Sprintf("%q %s", name, otherwise)
}

func foreign(f *ForeignKey) (string, string) {
	says := fmt.Sprintf("(%s) to %s (%s)", strings.Join(f.ChildColumns(), ", "), f.Parent, strings.Join(f.ParentColumns(), ", "))
	name := "foreign key " + says
	if f.Name != "" {
		name = fmt.Sprintf("foreign key %q", f.Name)
	}
	if f.OnDelete != "" {
		says += " on delete " + strings.ToLower(f.OnDelete)
	}
	if f.OnUpdate != "" {
		says += " on update " + strings.ToLower(f.OnUpdate)
	}
	if f.Untrusted {
		says += ", untrusted"
	}
	if f.Disabled {
		says += ", disabled"
	}
	return name, says
}
