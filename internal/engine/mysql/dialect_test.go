package mysql

import (
	"math"
	"testing"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

// What is written is tried on a server, and read by the reader of confined queries, in package filter/rewrite/mysql.
func TestNames(t *testing.T) {
	d := Dialect{}
	for got, want := range map[string]string{
		d.Quote("a`b"): "`a``b`",
		d.Quote(`a"\`): "`a\"\\`",
		d.Table(catalog.Name{Schema: "db", Table: "t"}): "`db`.`t`",
		d.Table(catalog.Name{Table: "t"}):               "`t`",
		d.Work("keys"):                                  "`keys`",
		d.Parameter(7):                                  "?",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	table := catalog.Table{PrimaryKey: &catalog.Key{Columns: []string{"a", "b"}}}
	if got := d.ReadOrder(&table, "t"); len(got) != 2 || got[1] != "t.`b`" {
		t.Errorf("got %v", got)
	}
	if d.ReadOrder(&catalog.Table{}, "t") != nil {
		t.Error("a table without a key has an order")
	}
}

func TestLiteral(t *testing.T) {
	d := Dialect{}
	for _, test := range []struct {
		v    value.Value
		want string
	}{
		{value.Value{}, "NULL"}, {value.NewBool(false), "FALSE"}, {value.NewInt(-5), "(-5)"}, {value.NewInt(math.MinInt64), "(-9223372036854775807 - 1)"},
		{value.NewText("it's"), "'it''s'"}, {value.NewText(`\'`), "CONVERT(X'5C27' USING utf8mb4)"}, {value.NewBytes([]byte{1, 255}), "X'01FF'"},
		{value.NewDecimal("-1.50"), "(-1.50)"}, {value.NewDecimal("1); DROP"), "<no number>"}, {value.NewFloat(math.Inf(1)), "<no number>"},
		{value.NewTime("2020-01-02"), "'2020-01-02'"},
	} {
		if got := d.Literal(test.v, value.Type{}); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}

func TestTypes(t *testing.T) {
	d := Dialect{}
	swedish := value.Type{Kind: value.String, Length: 3, Collation: value.Collation{Name: "latin1_swedish_ci"}}
	binary := value.Type{Kind: value.String, Length: 3, Collation: value.Collation{Name: "utf8mb4_bin"}}
	column := func(t value.Type) catalog.Column { return catalog.Column{Type: t} }
	number, integer := value.Type{Kind: value.Number}, value.Type{Kind: value.Integer}
	for _, test := range []struct {
		a, b value.Type
		want bool
	}{{swedish, swedish, true}, {swedish, binary, false}, {number, integer, true}, {binary, integer, false}, {value.Type{Kind: value.Real}, value.Type{Kind: value.Real}, false}} {
		if d.Comparable(column(test.a), column(test.b)) != test.want {
			t.Errorf("%v and %v", test.a, test.b)
		}
	}
	for _, test := range []struct {
		text string
		t    value.Type
		want bool
	}{{"abc", swedish, true}, {"é", swedish, false}, {"é😀", binary, true}, {"abcd", binary, false}, {"a\x00", binary, false}, {"12", integer, true}, {"012", integer, false},
		{"1 OR 1", integer, false}, {"\xff", binary, false}} {
		c := column(test.t)
		if d.Representable(test.text, &c) != test.want {
			t.Errorf("%q in %v", test.text, test.t)
		}
	}
	for kind, want := range map[value.Kind]string{value.Integer: "BIGINT", value.JSON: "JSON", value.Timestamp: "DATETIME"} {
		if got, err := d.TypeName(value.Type{Kind: kind}); err != nil || got != want {
			t.Errorf("%s: %s, %v", kind, got, err)
		}
	}
	if _, err := d.TypeName(value.Type{Kind: value.XML}); diag.CodeOf(err) != codeType {
		t.Errorf("got %v", err)
	}
}

func TestNoCopies(t *testing.T) {
	d := Dialect{}
	_, prepare := d.Prepare(engine.Definition{})
	_, table := d.CreateTable("", &catalog.Table{})
	_, index := d.CreateIndex("", &catalog.Table{}, catalog.Index{})
	_, complete := d.Complete("", &catalog.Table{})
	for _, err := range []error{prepare, table, index, complete} {
		if diag.CodeOf(err) != codeCopy {
			t.Errorf("got %v", err)
		}
	}
	work := d.CreateWork("keys", []engine.WorkColumn{{Name: "a", Like: &catalog.Column{EngineType: "varchar(3)", Type: value.Type{Collation: value.Collation{Name: "utf8mb4_bin"}}}}, {Name: "row"}})
	if want := "CREATE TEMPORARY TABLE `keys` (`a` varchar(3) COLLATE `utf8mb4_bin`, `row` BIGINT, PRIMARY KEY (`a`, `row`))"; work != want {
		t.Errorf("got %s", work)
	}
}
