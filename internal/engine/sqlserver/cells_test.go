package sqlserver

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

func TestConverters(t *testing.T) {
	zone := time.FixedZone("", -5*3600-1800)
	tests := []struct {
		name string
		from any
		want value.Value
	}{
		{"BIT", true, value.NewBool(true)}, {"INT", int64(-5), value.NewInt(-5)}, {"REAL", 0.5, value.NewFloat(0.5)},
		{"DECIMAL", []byte("-0.050"), value.NewDecimal("-0.050")}, {"SMALLMONEY", []byte("1.0000"), value.NewDecimal("1.0000")},
		{"NCHAR", "å  ", value.NewText("å")}, {"XML", "<a/>", value.NewText("<a/>")}, {"IMAGE", []byte{0, 1}, value.NewBinary("\x00\x01")},
		{"UNIQUEIDENTIFIER", []byte{0xff, 0x19, 0x96, 0x6f, 0x86, 0x8b, 0x11, 0xd0, 0xb4, 0x2d, 0, 0xcf, 0x4f, 0xc9, 0x64, 0xff}, value.NewText("6f9619ff-8b86-d011-b42d-00cf4fc964ff")},
		{"DATE", time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), value.NewTime("0001-01-01")},
		{"TIME", time.Date(1, 1, 1, 23, 59, 59, 999999900, time.UTC), value.NewTime("23:59:59.9999999")},
		{"DATETIME2", time.Date(9999, 12, 31, 8, 0, 0, 0, time.UTC), value.NewTime("9999-12-31T08:00:00")},
		{"DATETIME", time.Date(2026, 1, 31, 8, 0, 0, 10e6, time.UTC), value.NewTime("2026-01-31T08:00:00.01")},
		{"DATETIMEOFFSET", time.Date(2026, 1, 31, 8, 0, 0, 100, zone), value.NewTime("2026-01-31T08:00:00.0000001-05:30")},
		{"DATETIMEOFFSET", time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC), value.NewTime("2026-01-31T08:00:00+00:00")},
	}
	for _, test := range tests {
		got, err := converters[test.name](test.from)
		if err != nil || !value.Equal(got, test.want) {
			t.Errorf("%s: %v %q, %v", test.name, got, got.Text(), err)
		}
	}
	for name, convert := range converters {
		if _, err := convert(struct{}{}); err == nil {
			t.Errorf("%s takes anything", name)
		}
	}
	back, ok := bytesOfUUID("6F9619FF-8b86-d011-b42d-00cf4fc964ff")
	if again, err := ofUUID(back); !ok || err != nil || again.Text() != "6f9619ff-8b86-d011-b42d-00cf4fc964ff" {
		t.Error(again, err)
	}
	for _, text := range []string{"", "6f9619ff8b86d011b42d00cf4fc964ff", "6f9619ff-8b86-d011-b42d-00cf4fc964fg", "6f96-19ff8b86-d011-b42d-00cf4fc964ff"} {
		if _, ok := bytesOfUUID(text); ok {
			t.Errorf("%q is a uuid", text)
		}
	}
}

// What a column would round, cut off or turn around is refused before the driver does so in silence.
func TestEncodeRefuses(t *testing.T) {
	tests := []struct {
		words string
		cells []value.Value
	}{
		{"bit", []value.Value{value.NewInt(2), value.NewText("true"), value.NewFloat(1)}},
		{"tinyint", []value.Value{value.NewInt(256), value.NewInt(-1), value.NewText("1"), value.NewDecimal("1")}},
		{"smallint", integerCells(1<<15, -1<<15-1)}, {"int", integerCells(1<<31, -1<<31-1)},
		{"decimal(5,2)", append(decimalCells("1000.00", "-1000.00", "1.234", "1e2", "", "NaN", "+1", "0x1", "1_0", ".5", "1/2"), value.NewFloat(1), value.NewText("1"), value.NewInt(1000))},
		{"money", decimalCells("922337203685477.5808", "-922337203685477.5809", "0.00001")},
		{"smallmoney", decimalCells("214748.3648", "-214748.3649", "4294967.2960")},
		{"real", []value.Value{value.NewFloat(0.1), value.NewFloat(1e39), value.NewFloat(math.NaN()), value.NewDecimal("1")}},
		{"float", []value.Value{value.NewFloat(math.Inf(1)), value.NewInt(1<<53 + 1)}},
		{"nvarchar(3)", append(textCells("abcd", "😀😀", "\xff"), value.NewInt(1), value.NewBinary("a"))},
		{"char(3)", textCells("abcd", "\xff")},
		{"varbinary(2)", append(binaryCells("abc"), value.NewText("a"))},
		{"uniqueidentifier", textCells("", "6f9619ff")},
		{"date", append(timeCells("2026-02-30", "2026-01-31T08:00:00", "0000-01-01", "10000-01-01", " 2026-01-31"), value.NewText("2026-01-31"))},
		{"time(3)", timeCells("08:00:00.0001", "24:00:00", "08:00", "2026-01-31")},
		{"datetime", timeCells("1752-12-31T00:00:00", "2026-01-31T08:00:00.001", "2026-01-31T08:00:00.0033", "2026-01-31 08:00:00")},
		{"smalldatetime", timeCells("1899-12-31T23:59:00", "2079-06-07T00:00:00", "2026-01-31T08:00:01")},
		{"datetime2(0)", timeCells("2026-01-31T08:00:00.5", "2026-01-31")},
		{"datetime2(7)", timeCells("2026-01-31T08:00:00.00000001")},
		{"datetimeoffset(0)", timeCells("2026-01-31T08:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-31T08:00:00+14:01")},
		{"xml", textCells("<a/>")},
	}
	for _, test := range tests {
		base, numbers := baseOf(test.words)
		c := loadColumn{name: "c", words: test.words, base: base, numbers: numbers, collation: finnish, nullable: true}
		for _, cell := range test.cells {
			_, err := c.encode(t.Context(), cell, &codePages{})
			if err == nil {
				t.Errorf("%s takes %v %q", test.words, cell, cell.Text())
				continue
			}
			wants(t, err, codeType)
			if len(cell.Text()) > 4 && strings.Contains(err.Error(), cell.Text()) {
				t.Errorf("%v quotes the cell", err)
			}
		}
	}
}

func TestEncodeTakes(t *testing.T) {
	for _, own := range matrix {
		base, numbers := baseOf(own.words)
		c := loadColumn{name: "c", words: own.words, base: base, numbers: numbers, collation: finnish}
		for _, cell := range own.cells {
			if !c.bulk() || narrow[base] && !ascii(cell.Text()) {
				continue // what the server converts: see TestRoundTrip
			}
			if _, err := c.encode(t.Context(), cell, &codePages{}); err != nil {
				t.Errorf("%s: %v %q: %v", own.words, cell, cell.Text(), err)
			}
		}
	}
	utf8 := loadColumn{base: "varchar", collation: "Latin1_General_100_CI_AS_SC_UTF8"}
	if utf8.bulk() {
		t.Error("a text in UTF-8 is bulk copied")
	}
	money := loadColumn{base: "decimal", words: "decimal(9,4)", numbers: []int{9, 4}}
	if got, err := money.encode(t.Context(), value.NewInt(5), nil); err != nil || got != any("5") {
		t.Errorf("an integer for a decimal column is %v, %v: only text keeps its scale", got, err)
	}
}

func TestVariants(t *testing.T) {
	for _, cell := range variantCells {
		v, err := parseVariant(cell.Text())
		if err != nil {
			t.Errorf("%s: %v", cell.Text(), err)
			continue
		}
		if got := v.expression("@p1"); !strings.HasPrefix(got, "CONVERT(sql_variant, C") {
			t.Errorf("%s: %s", cell.Text(), got)
		}
	}
	v, err := parseVariant("nvarchar(20) COLLATE " + finnish + ":a:b")
	if err != nil || v.content.Text() != "a:b" || v.expression("@p7") != "CONVERT(sql_variant, CONVERT(nvarchar(20), @p7 COLLATE "+finnish+") COLLATE "+finnish+")" {
		t.Error(v, err)
	}
	for _, text := range []string{"", "5", "int", ":5", "int);DROP TABLE x--:5", "xml:<a/>", "int :5", "varchar(max):a", "nvarchar(20) COLLATE a b:c", "float:x", "varbinary(2):00",
		"varbinary(2):0x0", "sql_variant:1", "geometry:0x00"} {
		if _, err := parseVariant(text); err == nil {
			t.Errorf("%q is a variant", text)
		}
	}
	cell, err := variantCell("varbinary(2)", []byte{0, 255})
	if err != nil || cell.Text() != "varbinary(2):0x00FF" {
		t.Error(cell.Text(), err)
	}
	if _, err := variantCell("hierarchyid", []byte{}); err == nil {
		t.Error("a variant of a type that is not known")
	}
}

func TestCompose(t *testing.T) {
	table := &catalog.Table{Columns: []catalog.Column{column("id", "int", ""), column("n", "varchar(10)", finnish), column("long", "varchar(8000)", finnish),
		column("x", "xml", ""), column("g", "geography", ""), column("v", "sql_variant", "")}}
	c := engine.Copy{Table: table, From: "FROM [dbo].[t] t", Order: []string{"t.[id]"}, Columns: []engine.CopyColumn{{Name: "id", SQL: "t.[id]", Plain: true},
		{Name: "v", SQL: "t.[v]", Plain: true}, {Name: "n", SQL: "LEFT(t.[n], 1)"}, {Name: "long", SQL: "t.[long]", Plain: true}, {Name: "x", SQL: "t.[x]", Plain: true},
		{Name: "g", SQL: "NULL"}}}
	got, l := compose(c)
	want := "SELECT t.[id] AS [id], t.[v] AS [v], CAST(LEFT(t.[n], 1) AS nvarchar(10)) AS [n], CAST(t.[long] AS nvarchar(max)) AS [long], CAST(t.[x] AS nvarchar(max)) AS [x], NULL AS [g], " +
		variantType("t.[v]") + " FROM [dbo].[t] t ORDER BY t.[id]"
	if got != want || l.visible != 6 || l.variants[1] != 6 || len(l.variants) != 1 {
		t.Errorf("%s\n%+v", got, l)
	}
	if got, _ := compose(engine.Copy{From: "FROM t"}); got != "SELECT NULL FROM t" {
		t.Error(got)
	}
}

func TestCut(t *testing.T) {
	if got := cut("a😀b", 3); got != "a😀" {
		t.Error(got)
	}
	if got := cut("a😀b", 2); got != "a" {
		t.Error(got)
	}
}
