package filter

import (
	"fmt"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
)

// Bind holds a map against a catalog. The list holds everything found wrong, in the order of the map's text; the
// schema is nil when it refuses.
func Bind(m *schemamap.Map, c *catalog.Catalog) (*Schema, diag.List) {
	b := &binder{schema: &Schema{Map: m, Catalog: c}, blocks: map[*Table]*schemamap.Table{}}
	b.tables()
	b.allowed()
	b.references()
	b.paths()
	b.columns()
	if !b.found.Refused() {
		b.policies()
		b.schema.order(b)
		b.reach()
		b.sharing()
	}
	b.found.Sort()
	if b.found.Refused() {
		return nil, b.found
	}
	return b.schema, b.found
}

type binder struct {
	schema *Schema
	blocks map[*Table]*schemamap.Table // the map's block of a table, where it has one
	found  diag.List
}

func (b *binder) refuse(code string, at diag.Range, advice, format string, args ...any) {
	b.found = append(b.found, diag.Diagnostic{Code: code, Subject: at, Advice: advice, Summary: fmt.Sprintf(format, args...)})
}

// tables accounts for every table of the catalog.
func (b *binder) tables() {
	s := b.schema
	s.byName = map[catalog.Name]*Table{}
	for i := range s.Catalog.Tables {
		t := &Table{Table: &s.Catalog.Tables[i], index: i}
		s.Tables = append(s.Tables, t)
		s.byName[s.key(t.Name)] = t
	}
	claim := func(name schemamap.TableName) *Table {
		t := b.named(&name)
		if t == nil {
			return nil
		}
		if t.Cause != (diag.Range{}) {
			b.refuse(CodeDuplicateMapping, name.Range, "account for each table once", "table %s is already accounted for at %s", t.Name, t.Cause)
			return nil
		}
		t.Cause = name.Range
		return t
	}
	for i := range s.Map.Tables {
		block := &s.Map.Tables[i]
		t := claim(block.Name)
		if t == nil {
			continue
		}
		b.blocks[t] = block
		t.Match, t.Where, t.Reason = block.Match, block.Where, block.Reason.Text
		t.Rule = map[schemamap.Rows]Rule{"": ByPaths, schemamap.RowsAll: AllRows, schemamap.RowsNone: NoRows, schemamap.RowsEmpty: NoneKept}[block.Rows]
	}
	for _, listings := range []struct {
		blocks []schemamap.Listing
		rule   Rule
	}{{s.Map.Reference, AllRows}, {s.Map.Excluded, NoRows}} {
		for _, l := range listings.blocks {
			for _, name := range l.Tables {
				if t := claim(name); t != nil {
					t.Rule, t.Reason = listings.rule, l.Reason.Text
				}
			}
		}
	}
	s.Anchor, s.AnchorKey = b.keyed(s.Map.Provider.Table, s.Map.Provider.Key)
	if s.Anchor != nil {
		b.alone(s.Anchor)
		s.Anchor.Rule = Anchor
		if s.Anchor.Cause == (diag.Range{}) {
			s.Anchor.Cause = s.Map.Provider.Range
		}
	}
	if u := s.Map.Provider.Unit; u != nil {
		s.Unit, s.UnitKey = b.keyed(u.Table, u.Key)
		if s.Unit != nil && s.Unit.Rule != ByPaths {
			b.refuse(CodeAnchorKey, u.Range, "name the table of care units, with a path to the provider", "the rows of the unit table %s are not decided by paths", s.Unit.Name)
		}
	}
	b.unmapped()
}

// alone refuses to have the provider's own rows decided by anything else. The map's reader has looked for that, but
// knows the table only by one spelling.
func (b *binder) alone(anchor *Table) {
	block := b.blocks[anchor]
	if anchor.Rule == ByPaths && (block == nil || len(block.Paths) == 0 && block.Where == nil) {
		return
	}
	b.refuse(CodeDuplicateMapping, anchor.Cause, "write no paths, rows or condition for it, and don't list it",
		"table %s is the provider's own, whose one row the order names", anchor.Name)
	if block != nil { // said once is enough
		alone := *block
		alone.Paths, alone.Where = nil, nil
		b.blocks[anchor], anchor.Where = &alone, nil
	}
}

// keyed binds the provider's or unit's table and key. The key must be unique: an order names one row by it.
func (b *binder) keyed(name schemamap.TableName, key schemamap.Word) (*Table, *catalog.Column) {
	t := b.named(&name)
	if t == nil {
		return nil, nil
	}
	column := b.column(t, key)
	if column == nil {
		return t, nil
	}
	unique := slices.ContainsFunc(t.Keys(), func(k catalog.Key) bool { return slices.Equal(k.Columns, []string{column.Name}) })
	if !unique {
		b.refuse(CodeAnchorKey, key.Range, "name a column with a primary key or unique constraint of its own",
			"column %s of %s is not a unique key, so an order can't name one row by it", column.Name, t.Name)
	}
	return t, column
}

func (b *binder) unmapped() {
	var missing []string
	for _, t := range b.schema.Tables {
		if t.Cause == (diag.Range{}) {
			missing = append(missing, t.Name.String())
		}
	}
	if len(missing) == 0 {
		return
	}
	b.refuse(CodeUnmappedTable, b.schema.Map.Provider.Range,
		"write a table block with a path for each, or list it under reference or excluded with a reason",
		"the map doesn't account for %d of the catalog's %d tables: %s", len(missing), len(b.schema.Tables), strings.Join(missing, ", "))
}

// column finds a column by its name as written, in the catalog's own way with case.
func (b *binder) column(t *Table, name schemamap.Word) *catalog.Column {
	if c := t.Column(name.Text); c != nil {
		return c
	}
	if b.schema.Catalog.FoldsCase {
		for i := range t.Columns {
			if catalog.FoldName(t.Columns[i].Name) == catalog.FoldName(name.Text) {
				return &t.Columns[i]
			}
		}
	}
	b.refuse(CodeUnknownColumn, name.Range, diag.DidYouMean(name.Text, t.ColumnNames()), "table %s has no column %q", t.Name, name.Text)
	return nil
}

// columnList finds several columns, or none if one is unknown.
func (b *binder) columnList(t *Table, names []schemamap.Word) []string {
	found := make([]string, 0, len(names))
	for _, name := range names {
		if c := b.column(t, name); c != nil {
			found = append(found, c.Name)
		}
	}
	if len(found) != len(names) {
		return nil
	}
	return found
}

func (b *binder) tableNames() []string {
	var names []string
	for _, t := range b.schema.Catalog.Tables {
		names = append(names, t.Name.String(), t.Name.Table)
	}
	return names
}

func written(n schemamap.TableName) string {
	return catalog.Name{Schema: n.Schema, Table: n.Table}.String()
}

func columnsLabel(columns []string) string { return strings.Join(columns, ", ") }
