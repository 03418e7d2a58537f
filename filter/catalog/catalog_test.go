package catalog

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
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
		names := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Name {
			return Name{rapid.SampledFrom([]string{"main", "b"}).Draw(t, "schema"), name.Draw(t, "name")}
		}), 0, 3)
		var views []View
		for _, n := range names.Draw(t, "views") {
			views = append(views, View{Name: n, Columns: rapid.SliceOfN(name, 0, 3).Draw(t, "columns"), Definition: text.Draw(t, "definition")})
		}
		c.SetViews(views, names.Draw(t, "synonyms"))
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
	},
		Views:    []View{{Name{"main", "v"}, []string{"x", "y"}, "SELECT 1 AS x, 2 AS y"}, {Name{"main", "w"}, []string{"x"}, ""}},
		Synonyms: []Name{{"main", "s"}, {"main", "t"}}}
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
		"UC017 stored":           func(c *Catalog) { c.Tables[0].Columns[0].Stored = true },
		"UC018 estimate":         func(c *Catalog) { c.Tables[0].RowEstimate = &minus },
		"UC019 order":            func(c *Catalog) { c.Tables[0].Name.Table = "z"; c.Tables[1].ForeignKeys[0].Parent.Table = "z" },
		"UC010 view":             func(c *Catalog) { c.Views[0].Name.Table = "" },
		"UC010 view's schema":    func(c *Catalog) { c.Views[0].Schema = "" },
		"UC010 view's column":    func(c *Catalog) { c.Views[0].Columns[1] = "" },
		"UC010 view's text":      func(c *Catalog) { c.Views[0].Definition = "\xff" },
		"UC010 synonym":          func(c *Catalog) { c.Synonyms[0].Table = "s\x00" },
		"UC010 synonym's schema": func(c *Catalog) { c.Synonyms[0].Schema = "" },
		"UC011 views":            func(c *Catalog) { c.Views[0].Name.Table = "W" },
		"UC011 view and table":   func(c *Catalog) { c.Views[0].Name.Table = "A" },
		"UC011 view's columns":   func(c *Catalog) { c.Views[0].Columns[1] = "X" },
		"UC011 synonyms":         func(c *Catalog) { c.Synonyms[0].Table = "T" },
		"UC011 synonym, table":   func(c *Catalog) { c.Synonyms[0].Table = "b" },
		"UC011 synonym and view": func(c *Catalog) { c.Synonyms[1].Table = "V" },
		"UC012 view":             func(c *Catalog) { c.Views[1].Columns = nil },
		"UC019 views":            func(c *Catalog) { slices.Reverse(c.Views) },
		"UC019 synonyms":         func(c *Catalog) { slices.Reverse(c.Synonyms) },
		"UC020 action":           func(c *Catalog) { c.Tables[1].ForeignKeys[0].OnDelete = "; DROP" },
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

// A view is no part of a copy: neither the catalog's hash, which plans are pinned to, nor its comparison, which stops a run, is
// about views.
func TestViewsAreBeside(t *testing.T) {
	with, without := sample(), sample()
	without.Views, without.Synonyms = nil, nil
	other := sample()
	other.Views[0].Definition, other.Views[1].Columns, other.Synonyms = "SELECT 3 AS x, 4 AS y", []string{"z"}, other.Synonyms[:1]
	for name, c := range map[string]*Catalog{"none": without, "others": other} {
		if with.Hash() != c.Hash() || c.Hash() == "" {
			t.Errorf("%s: the hash differs", name)
		}
		if d := slices.Concat(Compare(with, c), Compare(c, with)); len(d) > 0 {
			t.Errorf("%s: %v", name, d)
		}
	}
	if d := with.Definition(); d.Views != nil || d.Synonyms != nil || len(with.Views) != 2 || len(with.Synonyms) != 2 {
		t.Error("the definition has views, or the catalog lost its own")
	}
	var b bytes.Buffer
	if err := with.Write(&b); err != nil {
		t.Fatal(err)
	}
	back, err := Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(with, back); d != "" {
		t.Error(d)
	}
}

// What can't be described is left out, and the tables stay.
func TestSetViews(t *testing.T) {
	c := sample()
	x := []string{"x"}
	views := []View{{Name{"main", "w"}, x, ""}, {Name{"main", "A"}, x, "named like a table"}, {Name{"main", "W"}, x, "comes first as bytes"},
		{Name{"main", "none"}, nil, ""}, {Name{"main", "blank"}, []string{""}, ""}, {Name{"main", "twice"}, []string{"x", "X"}, ""}, {Name{"main", ""}, x, ""},
		{Name{"main", "text"}, x, "\xff"}, {Name{"main", "\xff"}, x, ""}, {Name{"", "bare"}, x, ""}, {Name{"b", "a"}, x, "another schema's"}}
	given := slices.Clone(views)
	c.SetViews(views, []Name{{"main", "z"}, {"main", "b"}, {"main", "Z"}, {"b", "A"}, {"b", "c"}})
	if d := cmp.Diff(given, views); d != "" {
		t.Errorf("the caller's views changed: %s", d)
	}
	want := sample()
	want.Views = []View{{Name{"b", "a"}, x, "another schema's"}, {Name{"main", "W"}, x, "comes first as bytes"}}
	want.Synonyms = []Name{{"b", "c"}, {"main", "Z"}}
	if d := cmp.Diff(want, c); d != "" {
		t.Error(d)
	}
	if err := c.Validate().Err(); err != nil {
		t.Error(err)
	}
	c.SetViews(nil, nil)
	if c.Views != nil || c.Synonyms != nil {
		t.Error("views are left from before")
	}
}

// Names are found as the catalog compares them, and a name without a schema is in the default one.
func TestFindViews(t *testing.T) {
	c := sample()
	for _, folds := range []bool{true, false} {
		c.FoldsCase = folds
		for name, want := range map[Name]bool{{"main", "v"}: true, {"", "v"}: true, {"MAIN", "V"}: folds, {"", "V"}: folds, {"b", "v"}: false, {"main", "a"}: false, {"main", "s"}: false, {}: false} {
			if v := c.View(name); (v != nil) != want || want && v != &c.Views[0] {
				t.Errorf("folds %v: view %s is %v", folds, name, v)
			}
		}
		for name, want := range map[Name]bool{{"main", "s"}: true, {"", "s"}: true, {"MAIN", "S"}: folds, {"b", "s"}: false, {"main", "v"}: false} {
			if c.HasSynonym(name) != want {
				t.Errorf("folds %v: synonym %s is not %v", folds, name, want)
			}
		}
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
	for _, beside := range []string{
		`"views":[{"schema":"s","table":"v","columns":["x"],"definition":"SELECT 1 AS x"}],"synonyms":[{"schema":"s","table":"n"}]`,
		`"views":[{"schema":"s","table":"V","columns":["x"]},{"schema":"s","table":"v","columns":["x","X"]}]`,
		`"views":[{"schema":"s","table":"t","columns":["x"]}]`,
		`"views":[{"schema":"s","table":"v","columns":null}],"synonyms":[{"schema":"","table":""}]`,
		`"views":null,"synonyms":[{"schema":"s","table":"v"},{"schema":"s","table":"a"}]`,
	} {
		f.Add([]byte(`{"utdrag_catalog":1,"engine":"e","default_schema":"s","folds_case":true,"tables":[{"schema":"s","table":"T","columns":[{"name":"x","engine_type":"","type":{"kind":"integer"}}]}],` + beside + `}`))
	}
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
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c.Hash(), back.Hash()); d != "" {
			t.Fatal(d)
		}
		if d := cmp.Diff(c.Views, back.Views, cmpopts.EquateEmpty()) + cmp.Diff(c.Synonyms, back.Synonyms, cmpopts.EquateEmpty()); d != "" {
			t.Fatal(d)
		}
	})
}
