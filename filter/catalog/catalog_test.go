package catalog

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

// catalogs generates catalogs that hold together.
func catalogs() *rapid.Generator[*Catalog] {
	return rapid.Custom(func(t *rapid.T) *Catalog {
		name := rapid.OneOf(rapid.SampledFrom([]string{"a", "order", "å ä ö", `"`, "]", "a.b", "<&>", " ", "\u2028", "{"}),
			rapid.StringN(1, 8, -1).Filter(func(s string) bool { return !strings.ContainsRune(s, 0) }))
		text := rapid.OneOf(rapid.Just(""), rapid.String())
		c := &Catalog{Engine: "sqlite", DefaultSchema: "main", FoldsCase: false}
		for _, table := range rapid.SliceOfNDistinct(name, 0, 4, rapid.ID[string]).Draw(t, "tables") {
			n := Table{Name: Name{Schema: rapid.SampledFrom([]string{"main", "b"}).Draw(t, "schema"), Table: table}, RowID: text.Draw(t, "row id")}
			for _, column := range rapid.SliceOfNDistinct(name, 1, 4, rapid.ID[string]).Draw(t, "columns") {
				k := Column{Name: column, EngineType: text.Draw(t, "type"), Nullable: rapid.Bool().Draw(t, "null"),
					Identity: rapid.Bool().Draw(t, "identity"), Default: text.Draw(t, "default")}
				k.Type = value.Type{Kind: value.Kind(rapid.IntRange(int(value.Boolean), int(value.Variant)).Draw(t, "kind")), Length: rapid.IntRange(0, 9).Draw(t, "length"),
					Scale: rapid.IntRange(-3, 9).Draw(t, "scale"), Collation: value.Collation{Name: text.Draw(t, "collation"), IgnoresCase: rapid.Bool().Draw(t, "case")}}
				if k.Default == "" {
					k.Computed = text.Draw(t, "computed")
					k.Stored = k.Computed != "" && rapid.Bool().Draw(t, "stored")
				}
				n.Columns = append(n.Columns, k)
			}
			some := rapid.SliceOfNDistinct(rapid.SampledFrom(n.ColumnNames()), 1, 2, rapid.ID[string])
			if rapid.Bool().Draw(t, "keyed") {
				n.PrimaryKey = &Key{Name: text.Draw(t, "key"), Columns: some.Draw(t, "columns")}
				n.PrimaryKey.Collations = slices.Clone(n.PrimaryKey.Columns)
				n.UniqueKeys = []Key{{Columns: some.Draw(t, "columns")}}
				n.Indexes = []Index{{Name: name.Draw(t, "index"), Columns: some.Draw(t, "columns"), Unique: rapid.Bool().Draw(t, "unique"), Definition: text.Draw(t, "definition")}}
				n.Checks = []Check{{Expression: text.Draw(t, "check"), Columns: some.Draw(t, "columns")}}
				n.Options = []string{text.Draw(t, "option")}
				estimate := rapid.Int64Range(0, 1<<62).Draw(t, "estimate")
				n.RowEstimate = &estimate
				f := ForeignKey{Name: text.Draw(t, "foreign"), Parent: n.Name, OnDelete: rapid.SampledFrom([]string{"", "CASCADE"}).Draw(t, "delete"), Untrusted: rapid.Bool().Draw(t, "trust")}
				for _, child := range some.Draw(t, "children") {
					f.Columns = append(f.Columns, Pair{child, rapid.SampledFrom(n.ColumnNames()).Draw(t, "parent")})
				}
				n.ForeignKeys = []ForeignKey{f}
			}
			c.Tables = append(c.Tables, n)
		}
		slices.SortFunc(c.Tables, func(a, b Table) int { return a.Name.Compare(b.Name) })
		return c
	})
}

// What is written is read back equal, and is the same text a second time.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := catalogs().Draw(t, "catalog")
		var first, second bytes.Buffer
		if err := c.Write(&first); err != nil {
			t.Fatal(err)
		}
		back, err := Read(bytes.NewReader(first.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c, back); d != "" {
			t.Fatal(d)
		}
		if err := back.Write(&second); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Fatal("the second text differs", err)
		}
		if c.Hash() != back.Hash() || !strings.HasPrefix(c.Hash(), "sha256:") {
			t.Fatal("the hash differs")
		}
		if d := Compare(c, back); len(d) > 0 {
			t.Fatal(d)
		}
	})
}

func sample() *Catalog {
	n := int64(5)
	return &Catalog{Engine: "sqlite", DefaultSchema: "main", FoldsCase: true, Tables: []Table{
		{Name: Name{"main", "a"}, Columns: []Column{
			{Name: "id", EngineType: "INTEGER", Type: value.Type{Kind: value.Integer}},
			{Name: "t", EngineType: "TEXT", Type: value.Type{Kind: value.String}, Nullable: true}},
			PrimaryKey: &Key{Columns: []string{"id"}}, RowEstimate: &n,
			Checks: []Check{{Expression: "id > 0", Columns: []string{"id"}}}},
		{Name: Name{"main", "b"}, Columns: []Column{{Name: "a", Type: value.Type{Kind: value.Integer}}},
			ForeignKeys: []ForeignKey{{Parent: Name{"main", "a"}, Columns: []Pair{{"a", "id"}}}}},
	}}
}

func TestValidate(t *testing.T) {
	if err := sample().Validate().Err(); err != nil {
		t.Fatal(err)
	}
	minus := int64(-1)
	for want, spoil := range map[string]func(c *Catalog){
		"UC010 engine": func(c *Catalog) { c.Engine = "" },
		"UC010 column": func(c *Catalog) { c.Tables[0].Columns[1].Name = "" },
		"UC010 nul":    func(c *Catalog) { c.Tables[1].Name.Table = "b\x00" },
		"UC010 utf-8":  func(c *Catalog) { c.Tables[0].Columns[1].Default = "\xff" },
		"UC011 table": func(c *Catalog) {
			c.Tables = slices.Insert(c.Tables, 0, Table{Name: Name{"main", "A"}, Columns: c.Tables[0].Columns})
		},
		"UC011 column":  func(c *Catalog) { c.Tables[0].Columns[1].Name = "ID" },
		"UC011 key":     func(c *Catalog) { c.Tables[0].PrimaryKey.Columns = []string{"id", "id"} },
		"UC012 table":   func(c *Catalog) { c.Tables = append(c.Tables, Table{Name: Name{"main", "c"}}) },
		"UC012 key":     func(c *Catalog) { c.Tables[0].PrimaryKey.Columns = nil },
		"UC012 foreign": func(c *Catalog) { c.Tables[1].ForeignKeys[0].Columns = nil },
		"UC013 key":     func(c *Catalog) { c.Tables[0].PrimaryKey.Columns = []string{"x"} },
		"UC013 child":   func(c *Catalog) { c.Tables[1].ForeignKeys[0].Columns[0].Child = "x" },
		"UC013 parent":  func(c *Catalog) { c.Tables[1].ForeignKeys[0].Columns[0].Parent = "x" },
		"UC013 check":   func(c *Catalog) { c.Tables[0].Checks[0].Columns = []string{"x"} },
		"UC014 kind":    func(c *Catalog) { c.Tables[0].Columns[0].Type.Kind = 0 },
		"UC014 many":    func(c *Catalog) { c.Tables[0].Columns[0].Type.Kind = 200 },
		"UC014 length":  func(c *Catalog) { c.Tables[0].Columns[0].Type.Length = -1 },
		"UC015 parent":  func(c *Catalog) { c.Tables[1].ForeignKeys[0].Parent.Table = "x" },
		"UC016 collation": func(c *Catalog) {
			c.Tables[0].UniqueKeys = []Key{{Columns: []string{"id", "t"}, Collations: []string{"X"}}}
		},
		"UC017 stored":   func(c *Catalog) { c.Tables[0].Columns[0].Stored = true },
		"UC018 estimate": func(c *Catalog) { c.Tables[0].RowEstimate = &minus },
		"UC019 order":    func(c *Catalog) { c.Tables[0].Name.Table = "z"; c.Tables[1].ForeignKeys[0].Parent.Table = "z" },
		"UC020 action":   func(c *Catalog) { c.Tables[1].ForeignKeys[0].OnDelete = "; DROP" },
	} {
		c := sample()
		spoil(c)
		list := c.Validate()
		if len(list) == 0 || list[0].Code != want[:5] {
			t.Errorf("%s: %v", want, list)
		}
		if err := c.Write(&bytes.Buffer{}); err == nil {
			t.Errorf("%s was written", want)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	var b bytes.Buffer
	if err := sample().Write(&b); err != nil {
		t.Fatal(err)
	}
	good := b.String()
	for name, test := range map[string][2]string{
		"empty":          {"", "UC001"},
		"not an object":  {"[]", "UC001"},
		"a number":       {"1", "UC001"},
		"cut off":        {good[:len(good)-5], "UC001"},
		"two":            {good + good, "UC001"},
		"unknown field":  {strings.Replace(good, `"engine"`, `"motor"`, 1), "UC001"},
		"repeated field": {strings.Replace(good, `"engine"`, `"engine": "x", "engine"`, 1), "UC001"},
		"other case":     {strings.Replace(good, `"engine"`, `"Engine"`, 1), "UC001"},
		"newer":          {strings.Replace(good, `"utdrag_catalog": 1`, `"utdrag_catalog": 2, "new": 1`, 1), "UC002"},
		"no version":     {`{"engine": "sqlite"}`, "UC002"},
		"unknown kind":   {strings.Replace(good, `"kind": "integer"`, `"kind": "complex"`, 1), "UC001"},
		"deep":           {strings.Repeat("[", 10_000), "UC001"},
		"invalid":        {strings.Replace(good, `"default_schema": "main"`, `"default_schema": ""`, 1), "UC010"},
	} {
		c, err := Read(strings.NewReader(test[0]))
		if diag.CodeOf(err) != test[1] || c != nil {
			t.Errorf("%s: %v, want %s", name, err, test[1])
		}
	}
}

func TestHash(t *testing.T) {
	a, b := sample(), sample()
	b.Tables[0].RowEstimate = nil
	if a.Hash() != b.Hash() || *a.Tables[0].RowEstimate != 5 {
		t.Error("a row estimate changed the hash, or the hash the estimate")
	}
	b.Tables[0].Columns[1].Nullable = false
	if a.Hash() == b.Hash() {
		t.Error("a column's nullability did not change the hash")
	}
}

func TestCompare(t *testing.T) {
	old, changed := sample(), sample()
	old.Tables = append(old.Tables, Table{Name: Name{"main", "gone"}})
	a := &changed.Tables[0]
	a.Columns = []Column{{Name: "id", EngineType: "BIGINT", Type: value.Type{Kind: value.Integer}, Default: "1"},
		{Name: "new", EngineType: "TEXT", Nullable: true}, {Name: "stamp", EngineType: "DATE"}}
	a.PrimaryKey = &Key{Name: "pk", Columns: []string{"id", "new"}}
	a.UniqueKeys = []Key{{Columns: []string{"new"}}}
	a.Checks[0].Expression = "id > 1"
	changed.Tables[1].ForeignKeys[0].OnDelete = "CASCADE"
	changed.Tables[1].Columns[0].Nullable = true
	changed.Tables[1].Options = []string{"STRICT"}
	changed.Tables = append(changed.Tables, Table{Name: Name{"main", "ny"}})
	var lines []string
	for _, d := range Compare(old, changed) {
		lines = append(lines, d.String())
	}
	want := []string{
		`table main.a: check id > 0: removed`,
		`table main.a: check id > 1: added`,
		`table main.a: column "id": default is now 1`,
		`table main.a: column "id": type was INTEGER, is now BIGINT`,
		`table main.a: column "new": added, TEXT, may be NULL`,
		`table main.a: column "stamp": added, DATE, not NULL`,
		`table main.a: column "t": removed`,
		`table main.a: primary key: it was (id), is now "pk" (id, new)`,
		`table main.a: unique key (new): added`,
		`table main.b: options is now STRICT`,
		`table main.b: column "a": may now be NULL`,
		`table main.b: foreign key (a) to main.a (id): it was (a) to main.a (id), is now (a) to main.a (id) on delete cascade`,
		`table main.gone: removed`,
		`table main.ny: added`,
	}
	if d := cmp.Diff(want, lines); d != "" {
		t.Error(d)
	}
}

// Whatever changes the hash is a difference, and the other way round.
func TestCompareAgreesWithHash(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := catalogs().Draw(t, "a"), catalogs().Draw(t, "b")
		if d := Compare(a, b); (len(d) == 0) != (a.Hash() == b.Hash()) {
			t.Fatalf("%v, %s, %s", d, a.Hash(), b.Hash())
		}
	})
}

func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	if err := sample().Write(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(fmt.Sprintf(`{"utdrag_catalog":%d}`, FormatVersion)))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := Read(bytes.NewReader(text))
		if err != nil {
			if diag.CodeOf(err) == "" {
				t.Fatalf("an error without a code: %v", err)
			}
			return
		}
		var b bytes.Buffer
		if err := c.Write(&b); err != nil {
			t.Fatal(err)
		}
		back, err := Read(&b)
		if d := cmp.Diff(c.Hash(), back.Hash()); err != nil || d != "" {
			t.Fatal(err, d)
		}
	})
}
