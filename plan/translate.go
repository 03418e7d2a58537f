package plan

import (
	"fmt"
	"slices"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/engines"
	"github.com/utdrag/utdrag/mask/value"
)

// CodeNoImage refuses a column whose cells the engine of the copy can't keep exactly.
const CodeNoImage = "UP010"

// In returns the plan of the same copy as it is made in another engine: the same tables, columns and rows, in the other
// engine's types. What the source's engine says in its own words is not made there: checks, defaults, computed columns,
// plain indexes, names of constraints; the plan says so in each table's Changes. Every column that the other engine has no
// exact type for is refused. For the plan's own engine, In returns the plan itself.
//
// The steps of the plan that In returns are not for running: rows are read by those of p, and handed over in their neutral
// form (see package value).
func (p *Plan) In(name string) (*Plan, diag.List) {
	if name == p.Engine {
		return p, nil
	}
	d, found := imager(name, p.schema.Catalog.DefaultSchema)
	if found.Refused() {
		return nil, found
	}
	translated, problems := translate(p.schema.Catalog, d)
	for i := range p.Tables {
		t := &p.Tables[i]
		for _, c := range t.Columns {
			problem := problems[cell{t.Name, c.Name}]
			f := t.source.Field(c.Name)
			if problem == "" || f.Mask != nil && f.Effect.Blanks {
				continue
			}
			found = append(found, diag.Diagnostic{Code: CodeNoImage, Subject: f.Cause, Summary: noImage(c.Name, t.Name, c.EngineType, problem, name),
				Advice: `leave it out with column "` + c.Name + `" { omit = true }, mask it with null, or make the copy in ` + p.Engine})
		}
	}
	for i := range p.Tables {
		found = append(found, oneName(p.Tables[:i], &p.Tables[i], d)...)
	}
	if found.Refused() {
		found.Sort()
		return nil, found
	}
	other, found := build(p.schema.Map, translated, p.Request, d)
	if other == nil {
		return nil, found
	}
	other.elsewhere = true
	for i := range other.Tables {
		t := &other.Tables[i]
		for j := range t.Columns { // cells come in the neutral form that the source's type gives them
			t.Columns[j].Type = p.Table(t.Name).Columns[j].Type
		}
		t.Changes = append(t.Changes, lost(p.Table(t.Name).Definition)...)
		unnamed(&t.Definition)
		t.Definition.Columns = slices.DeleteFunc(t.Definition.Columns, func(c catalog.Column) bool { return !c.Inserted() })
	}
	return other, nil
}

// Translate is a copy's catalog in the types of another engine, where its tables stand as engines.At places them, or
// everything that has no exact type there.
func Translate(c *catalog.Catalog, name string) (*catalog.Catalog, diag.List) {
	if c.Engine == name {
		return c, nil
	}
	d, found := imager(name, c.DefaultSchema)
	if found.Refused() {
		return nil, found
	}
	translated, problems := translate(c, d)
	for i := range c.Tables {
		t := &c.Tables[i]
		for _, column := range t.Columns {
			if problem := problems[cell{t.Name, column.Name}]; problem != "" && column.Inserted() {
				found = append(found, diag.Diagnostic{Code: CodeNoImage, Summary: noImage(column.Name, t.Name, column.EngineType, problem, name),
					Advice: "load it into " + c.Engine + ", or ask the sender to leave the column out"})
			}
		}
		made := &translated.Tables[i]
		unnamed(made)
		made.Columns = slices.DeleteFunc(made.Columns, func(c catalog.Column) bool { return !c.Inserted() })
	}
	if found.Refused() {
		found.Sort()
		return nil, found
	}
	return translated, nil
}

// oneName refuses a table whose name, or whose columns' names, the engine of the copy can't tell from those of another, because it
// folds case and the source doesn't.
func oneName(before []Table, t *Table, d engine.Imager) (found diag.List) {
	if !d.FoldsNames() {
		return nil
	}
	refuse := func(format string, args ...any) {
		found = append(found, diag.Diagnostic{Code: CodeNoImage, Subject: t.Cause, Summary: fmt.Sprintf(format, args...) + " are one name in " + d.Name(),
			Advice: "leave one of them out, or make the copy in the source's engine"})
	}
	folded := func(name catalog.Name) catalog.Name {
		name = d.Place(name)
		return catalog.Name{Schema: catalog.FoldName(name.Schema), Table: catalog.FoldName(name.Table)}
	}
	for _, other := range before {
		if folded(other.Name) == folded(t.Name) {
			refuse("tables %s and %s", other.Name, t.Name)
		}
	}
	for i, c := range t.Columns {
		for _, other := range t.Columns[:i] {
			if catalog.FoldName(other.Name) == catalog.FoldName(c.Name) {
				refuse("columns %s and %s of %s", other.Name, c.Name, t.Name)
			}
		}
	}
	return found
}

func noImage(column string, table catalog.Name, engineType, problem, name string) string {
	return fmt.Sprintf("column %s of %s, of type %s, %s: a copy in %s can't hold it exactly", column, table, engineType, problem, name)
}

// imager is the dialect for copies, in the engine of that name, of a database whose default schema is home.
func imager(name, home string) (engine.Imager, diag.List) {
	d, err := engines.At(name, home)
	if err != nil {
		return nil, diag.List{{Code: CodeEngine, Summary: "the engine of the copy is not known here"}}
	}
	i, ok := d.(engine.Imager)
	if !ok {
		return nil, diag.List{{Code: CodeEngine, Summary: "a copy of another engine's database can't be made in " + name}}
	}
	return i, nil
}

// cell is a column of a table.
type cell struct {
	table  catalog.Name
	column string
}

// translate describes the tables of c in another engine. Names stay as they are: the dialect knows where tables stand.
// A column without an exact type there is in problems, with the reason, and stands in as text.
func translate(c *catalog.Catalog, d engine.Imager) (other *catalog.Catalog, problems map[cell]string) {
	other = &catalog.Catalog{Engine: d.Name(), DefaultSchema: c.DefaultSchema, FoldsCase: c.FoldsCase, Tables: make([]catalog.Table, len(c.Tables))}
	problems = map[cell]string{}
	for i := range c.Tables {
		from, to := &c.Tables[i], &other.Tables[i]
		to.Name, to.RowEstimate = from.Name, from.RowEstimate
		for _, column := range from.Columns {
			made := catalog.Column{Name: column.Name, Nullable: column.Nullable, Computed: column.Computed, Stored: column.Stored, Stamped: column.Stamped}
			var problem string
			made.EngineType, made.Type, problem = d.Image(column.Type, inKey(from, column.Name))
			if problem != "" {
				problems[cell{from.Name, column.Name}] = problem
				made.EngineType, made.Type, _ = d.Image(value.Type{Kind: value.String}, false)
			}
			to.Columns = append(to.Columns, made)
		}
		if from.PrimaryKey != nil {
			to.PrimaryKey = &catalog.Key{Columns: from.PrimaryKey.Columns}
		}
		for _, k := range from.UniqueKeys {
			to.UniqueKeys = append(to.UniqueKeys, catalog.Key{Columns: k.Columns})
		}
		for _, f := range from.ForeignKeys {
			to.ForeignKeys = append(to.ForeignKeys, catalog.ForeignKey{Name: f.Name, Parent: f.Parent, Columns: f.Columns, Untrusted: true})
		}
		to.RowID = d.HiddenRowID(to)
	}
	return other, problems
}

// unnamed takes the names of constraints away: what is one name in one engine may be two in another.
func unnamed(t *catalog.Table) {
	for i := range t.ForeignKeys {
		t.ForeignKeys[i].Name = ""
	}
}

// inKey reports whether a column belongs to a key or foreign key.
func inKey(t *catalog.Table, name string) bool {
	return slices.ContainsFunc(t.Keys(), func(k catalog.Key) bool { return slices.Contains(k.Columns, name) }) ||
		slices.ContainsFunc(t.ForeignKeys, func(f catalog.ForeignKey) bool { return slices.Contains(f.ChildColumns(), name) })
}

// lost says what of a definition only its own engine could make.
func lost(t catalog.Table) (changes []string) {
	for _, c := range t.Columns {
		switch {
		case !c.Inserted():
			changes = append(changes, "column "+c.Name+" is not made: the source's engine computes it")
		case c.Default != "":
			changes = append(changes, "column "+c.Name+" has no default")
		case c.Identity:
			changes = append(changes, "column "+c.Name+" is not numbered by the engine")
		}
	}
	for _, c := range t.Checks {
		changes = append(changes, "CHECK "+c.Name+" is not made: it is in another engine's words")
	}
	for _, i := range t.Indexes {
		changes = append(changes, "index "+i.Name+" is not made")
	}
	if t.Temporal != nil {
		changes = append(changes, "former rows are kept in "+t.Temporal.History.String()+" as they were, and no more are added")
	}
	return changes
}
