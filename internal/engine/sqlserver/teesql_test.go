package sqlserver

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sqlc-dev/teesql/ast"
	"github.com/sqlc-dev/teesql/parser"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

// parsed reads T-SQL with another parser, and returns the identifiers and texts that it found. That parser takes much that
// SQL Server doesn't ("SELECT 1 FROM"), so what it is held to is not only that it reads a text, but what it read.
func parsed(t testing.TB, sql string) (script *ast.Script, identifiers, texts []string) {
	t.Helper()
	script, err := parser.Parse(context.Background(), strings.NewReader(sql))
	if err != nil {
		t.Fatalf("%v in\n%s", err, sql)
	}
	encoded, err := parser.MarshalScript(script)
	if err != nil {
		t.Fatalf("%v in\n%s", err, sql)
	}
	var tree any
	if err := json.Unmarshal(encoded, &tree); err != nil {
		t.Fatal(err)
	}
	var walk func(node any)
	walk = func(node any) {
		switch n := node.(type) {
		case map[string]any:
			value, _ := n["Value"].(string)
			switch n["$type"] {
			case "Identifier":
				if n["QuoteType"] == "SquareBracket" {
					identifiers = append(identifiers, value)
				}
			case "StringLiteral":
				texts = append(texts, value)
			}
			for _, child := range n {
				walk(child)
			}
		case []any:
			for _, child := range n {
				walk(child)
			}
		}
	}
	walk(tree)
	return script, identifiers, texts
}

// statements counts the statements of a script as that parser sees them, so that none is taken for a part of another.
func statements(script *ast.Script) (n int) {
	for _, batch := range script.Batches {
		n += len(batch.Statements)
	}
	return n
}

// definitions is a database in which everything has the name, and every feature is there that a copy keeps.
func definitions(name string) engine.Definition {
	text, _ := collationOf(swedish)
	of := func(column, words string) catalog.Column {
		base, _ := baseOf(words)
		c := catalog.Column{Name: column, EngineType: words, Type: value.Type{Kind: ownTypes[base].kind, Narrow: narrow[base]}, Nullable: true}
		if c.Type.Kind == value.String {
			c.Type.Collation = text
		}
		return c
	}
	must := func(c catalog.Column) catalog.Column { c.Nullable = false; return c }
	id := must(of("Id", "int"))
	id.Identity, id.Numbering = true, &catalog.Numbering{Start: 10, Increment: 5, Always: true}
	down := must(of("Id", "bigint"))
	down.Identity, down.Numbering = true, &catalog.Numbering{Start: -1, Increment: -1, Always: true}
	person := must(of(name, "varchar(13)"))
	person.DataType = catalog.Name{Schema: name, Table: name + " type"}
	stamp := must(of("Stamp", "rowversion"))
	stamp.Stamped = true
	computed := must(of("Twice", "int"))
	computed.Computed, computed.Stored = "([Id]*(2))", true
	sparse := of("Sparse", "int")
	sparse.Options = []string{optionSparse}
	all := of("All", "xml")
	all.Computed, all.Options = optionColumnSet, []string{optionColumnSet}
	guid := must(of("Guid", "uniqueidentifier"))
	guid.Options, guid.Default, guid.DefaultName = []string{optionRowGUID}, "(newsequentialid())", "DF "+name
	from, to := must(of("ValidFrom", "datetime2(7)")), must(of("ValidTo", "datetime2(7)"))
	from.Options, to.Options = []string{optionHidden}, []string{optionHidden}
	formerFrom, formerTo := must(of("ValidFrom", "datetime2(7)")), must(of("ValidTo", "datetime2(7)"))

	parent, child, history := catalog.Name{Schema: name, Table: name}, catalog.Name{Schema: "dbo", Table: name + " child"}, catalog.Name{Schema: "dbo", Table: name + " history"}
	parents := catalog.Table{Name: parent, Columns: []catalog.Column{id, person, stamp, computed, sparse, all, guid, of("Note", "nvarchar(max)"), from, to},
		PrimaryKey:  &catalog.Key{Name: "PK " + name, Columns: []string{"Id"}, Clustered: true},
		UniqueKeys:  []catalog.Key{{Name: "UQ " + name, Columns: []string{name, "Guid"}}},
		Checks:      []catalog.Check{{Name: "CK " + name, Expression: quote(name) + "<>'it''s'", Columns: []string{name}}},
		ForeignKeys: []catalog.ForeignKey{{Name: "FK self " + name, Parent: parent, Columns: []catalog.Pair{{Child: "Sparse", Parent: "Id"}}}},
		Temporal:    &catalog.Temporal{Start: "ValidFrom", End: "ValidTo", History: history, Retention: "6 MONTHS"},
		Options:     []string{notMade + "its full-text index"},
	}
	parents.Indexes = []catalog.Index{{Name: "IX " + name, Columns: []string{name}, Unique: true, Definition: indexPrefix("IX "+name, true, false, Dialect{}.Table(parent)) +
		"(" + quote(name) + " DESC) INCLUDE ([Guid]) WHERE ([Sparse] IS NOT NULL)"}}
	children := catalog.Table{Name: child, Columns: []catalog.Column{down, of("P", "int"), of("F", "float"), of("M", "money"), of("B", "varbinary(max)"), of("T", "ntext")},
		PrimaryKey:  &catalog.Key{Columns: []string{"Id"}},
		ForeignKeys: []catalog.ForeignKey{{Name: "FK " + name, Parent: parent, Columns: []catalog.Pair{{Child: "P", Parent: "Id"}}, OnDelete: "CASCADE", OnUpdate: "SET NULL", Untrusted: true}}}
	former := catalog.Table{Name: history, Columns: []catalog.Column{must(of("Id", "int")), must(of(name, "varchar(13)")), formerFrom, formerTo}}
	return engine.Definition{
		DataTypes: []catalog.DataType{{Name: person.DataType, Definition: "CREATE TYPE " + quote(name) + "." + quote(name+" type") + " FROM varchar(13) NOT NULL"}},
		Tables:    []catalog.Table{parents, history2(former), children}}
}

// history2 has the index that the server makes for former rows.
func history2(t catalog.Table) catalog.Table {
	t.Indexes = []catalog.Index{{Name: "ix_former", Columns: []string{"ValidTo", "ValidFrom"},
		Definition: indexPrefix("ix_former", false, true, Dialect{}.Table(t.Name)) + "([ValidTo], [ValidFrom])"}}
	return t
}

// printed are all statements that make a definition, and all others that a dialect prints.
func printed(t testing.TB, target string, d engine.Definition) (list []string) {
	t.Helper()
	dialect := Dialect{}
	list, err := dialect.Prepare(d)
	if err != nil {
		t.Fatal(err)
	}
	for i := range d.Tables {
		table := &d.Tables[i]
		text, err := dialect.CreateTable(target, table)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, text)
		for _, x := range table.Indexes {
			if text, err = dialect.CreateIndex(target, table, x); err != nil {
				t.Fatal(err)
			}
			list = append(list, text)
		}
		complete, err := dialect.Complete(target, table)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, complete...)
		like := &table.Columns[1]
		list = append(list, dialect.CreateWork("keys_"+table.Name.Table, []engine.WorkColumn{{Name: like.Name, Like: like}, {Name: "row"}}),
			"SELECT "+dialect.Count()+" FROM "+dialect.Table(table.Name)+" t WHERE "+dialect.Compare("t."+quote(like.Name), dialect.Parameter(1)))
	}
	return list
}

// Whatever a thing is called, it is called so in every statement.
func TestNamesSurvive(t *testing.T) {
	for _, name := range names {
		for _, target := range []string{"", "copy of " + name} {
			for _, statement := range printed(t, target, definitions(name)) {
				script, identifiers, texts := parsed(t, statement)
				if n := statements(script); n != 1 && !strings.HasPrefix(statement, "DECLARE ") {
					t.Errorf("%d statements: %s", n, statement)
				}
				parts, _ := pieces(statement)
				for _, p := range parts {
					if p.quote == '[' && !slices.Contains(identifiers, p.content) {
						t.Errorf("%q is not among the identifiers %q of\n%s", p.content, identifiers, statement)
					}
					if p.quote == '\'' && p.content != "" && !slices.Contains(texts, p.content) {
						t.Errorf("%q is not among the texts %q of\n%s", p.content, texts, statement)
					}
				}
			}
		}
	}
}

// Conditions and masks parse, each kind of literal among them.
func TestExpressionsParse(t *testing.T) {
	d := Dialect{}
	list := []string{d.Length("x"), d.Substring("x", "1", "LEN(y)"), d.Repeat("*", "3"), d.Concat("N'a'", "x"), d.Concat()}
	for words, v := range map[string]value.Value{"bit": value.NewBool(true), "bigint": value.NewInt(-1 << 63), "int": value.NewInt(-3), "float": value.NewFloat(-1e300), "real": value.NewFloat(1.5),
		"decimal(10,2)": value.NewDecimal("-1.50"), "varchar(max)": value.NewText("a\nGO\nb"), "nvarchar(10)": value.NewText("å'"), "varbinary(5)": value.NewBytes([]byte{1, 255}), "date": value.NewTime("2026-01-31"),
		"time(3)": value.NewTime("08:00:00.5"), "datetime": value.NewTime("2026-01-31T08:00:00"), "datetimeoffset(3)": value.NewTime("2026-01-31T08:00:00Z"), "xml": {}} {
		list = append(list, d.Literal(v, ofType(t, words).Type))
	}
	for _, expression := range list {
		parsed(t, "SELECT "+expression+" AS a FROM b")
	}
	like, err := d.Like("t.[x]", `å%\_`, ofType(t, "varchar(10)").Type)
	if err != nil {
		t.Fatal(err)
	}
	parsed(t, "SELECT 1 FROM b WHERE "+like)
}

// lineOfGO is where clients split a script.
var lineOfGO = regexp.MustCompile(`(?m)^GO$`)

func batches(script string) (list []string) {
	for _, b := range lineOfGO.Split(script, -1) {
		if strings.TrimSpace(b) != "" {
			list = append(list, b)
		}
	}
	return list
}
