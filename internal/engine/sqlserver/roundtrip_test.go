package sqlserver

import (
	"math"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

const finnish = "Finnish_Swedish_CI_AS"

// typed is a type with cells that it must take and give back, its extremes among them.
type typed struct {
	words string
	cells []value.Value
	// elsewhere is why Babelfish doesn't take the type, or keep these cells; "" where it does.
	elsewhere string
}

func decimalCells(texts ...string) (cells []value.Value) {
	for _, text := range texts {
		cells = append(cells, value.NewDecimal(text))
	}
	return cells
}

func textCells(texts ...string) (cells []value.Value) {
	for _, text := range texts {
		cells = append(cells, value.NewText(text))
	}
	return cells
}

func timeCells(texts ...string) (cells []value.Value) {
	for _, text := range texts {
		cells = append(cells, value.NewTime(text))
	}
	return cells
}

func integerCells(numbers ...int64) (cells []value.Value) {
	for _, n := range numbers {
		cells = append(cells, value.NewInt(n))
	}
	return cells
}

func binaryCells(texts ...string) (cells []value.Value) {
	for _, text := range texts {
		cells = append(cells, value.NewBinary(text))
	}
	return cells
}

const (
	precise  = "its bulk copy stores decimals of up to 28 digits wrongly"
	six      = "its times have six decimals"
	noType   = "it doesn't have the type"
	smallDay = "its range is another"
)

var matrix = []typed{
	{words: "bit", cells: []value.Value{value.NewBool(true), value.NewBool(false)}},
	{words: "tinyint", cells: integerCells(0, 255, 7)},
	{words: "smallint", cells: integerCells(math.MinInt16, math.MaxInt16, 0)},
	{words: "int", cells: integerCells(math.MinInt32, math.MaxInt32, -1)},
	{words: "bigint", cells: integerCells(math.MinInt64, math.MaxInt64, 5)},
	{words: "decimal(9,4)", cells: decimalCells("5.0000", "-0.0005", "99999.9999"), elsewhere: precise},
	{words: "decimal(19,0)", cells: decimalCells("5", "-9999999999999999999"), elsewhere: precise},
	{words: "decimal(28,10)", cells: decimalCells("0.0000000001", "-999999999999999999.9999999999"), elsewhere: precise},
	{words: "decimal(38,0)", cells: decimalCells("99999999999999999999999999999999999999", "-99999999999999999999999999999999999999", "0")},
	{words: "decimal(38,38)", cells: decimalCells("0.00000000000000000000000000000000000001", "-0.99999999999999999999999999999999999999")},
	{words: "numeric(30,2)", cells: decimalCells("12.50", "-0.05", "1234567890123456789012345678.90")},
	{words: "money", cells: decimalCells("922337203685477.5807", "-922337203685477.5808", "0.0001", "-0.0500")},
	{words: "smallmoney", cells: decimalCells("214748.3647", "-214748.3648", "0.0100")},
	{words: "real", cells: []value.Value{value.NewFloat(float64(math.MaxFloat32)), value.NewFloat(float64(float32(0.1))), value.NewFloat(float64(-float32(1.17549435e-38)))}},
	{words: "float", cells: []value.Value{value.NewFloat(math.MaxFloat64), value.NewFloat(0.1), value.NewFloat(-2.2250738585072014e-308), value.NewFloat(1.0 / 3)}},
	{words: "char(6)", cells: textCells("ab", "åäö", "€uro")},
	{words: "varchar(20)", cells: textCells("", "Åsa Öberg", "trailing ", "é€")},
	{words: "varchar(max)", cells: textCells("", "å", strings.Repeat("ö", 9000))},
	{words: "nchar(4)", cells: textCells("ab", "日本")},
	{words: "nvarchar(20)", cells: textCells("", "Åsa", "日本語", "😀 emoji", "trailing ", "a\r\n\tb")},
	{words: "nvarchar(max)", cells: textCells("", "x", strings.Repeat("å", 100_000))},
	{words: "binary(4)", cells: binaryCells("\x00\x01\xfe\xff", "abcd")},
	{words: "varbinary(10)", cells: binaryCells("", "\x00", "\xff\xfe\x00\x80")},
	{words: "varbinary(max)", cells: binaryCells("", "\x00", strings.Repeat("\x00\xff", 100_000))},
	{words: "date", cells: timeCells("0001-01-01", "9999-12-31", "2026-02-28", "1582-10-10")},
	{words: "time(0)", cells: timeCells("00:00:00", "23:59:59")},
	{words: "time(3)", cells: timeCells("00:00:00.001", "23:59:59.999", "12:00:00")},
	{words: "time(7)", cells: timeCells("00:00:00.0000001", "23:59:59.9999999", "08:00:00.5"), elsewhere: six},
	{words: "datetime", cells: timeCells("1753-01-01T00:00:00", "9999-12-31T23:59:59.997", "2026-01-31T08:00:00.003", "2026-01-31T08:00:00.007", "2026-01-31T08:00:00.01")},
	{words: "smalldatetime", cells: timeCells("1900-01-01T00:00:00", "2079-06-06T23:59:00", "2026-01-31T08:01:00")},
	{words: "datetime2(0)", cells: timeCells("0001-01-01T00:00:00", "9999-12-31T23:59:59")},
	{words: "datetime2(3)", cells: timeCells("2026-01-31T08:00:00.001", "1752-12-31T23:59:59.999")},
	{words: "datetime2(6)", cells: timeCells("2026-01-31T08:00:00.000001")},
	{words: "datetime2(7)", cells: timeCells("0001-01-01T00:00:00.0000001", "9999-12-31T23:59:59.9999999"), elsewhere: six},
	{words: "datetimeoffset(0)", cells: timeCells("2026-01-31T08:00:00+01:00", "2026-01-31T08:00:00-05:30", "2026-01-31T08:00:00+00:00")},
	{words: "datetimeoffset(6)", cells: timeCells("2026-01-31T08:00:00.123456+14:00", "2026-01-31T08:00:00-14:00")},
	{words: "datetimeoffset(7)", cells: timeCells("0001-01-01T00:00:00.0000001+00:00", "9999-12-31T23:59:59.9999999+00:00"), elsewhere: six},
	{words: "uniqueidentifier", cells: textCells("00000000-0000-0000-0000-000000000001", "6f9619ff-8b86-d011-b42d-00cf4fc964ff", "ffffffff-ffff-ffff-ffff-ffffffffffff")},
	{words: "xml", cells: textCells("<a b=\"1\">å</a>", "<a/>", "<a> <b/> </a>")},
	{words: "sql_variant", cells: variantCells, elsewhere: "it doesn't keep the lengths and precisions of variants"},
	{words: "sql_variant", cells: textCells("int:5", "bit:1", "float:0.1", "uniqueidentifier:6f9619ff-8b86-d011-b42d-00cf4fc964ff", "money:12.5000",
		"bigint:-9223372036854775808", "date:2026-01-31", "datetime:2026-01-31T08:00:00.003", "smalldatetime:2026-01-31T08:01:00")},
	{words: "ntext", cells: textCells("å", "日本", strings.Repeat("x", 20_000))},
	{words: "text", cells: textCells("å", "", strings.Repeat("ä", 20_000))},
	{words: "image", cells: binaryCells("", "\x00\x01")},
	{words: "hierarchyid", cells: binaryCells("", "\x58", "\x5a\xc0"), elsewhere: noType},
	{words: "geometry", cells: binaryCells("\x00\x00\x00\x00\x01\x0c\x00\x00\x00\x00\x00\x00\xf0\x3f\x00\x00\x00\x00\x00\x00\x00\x40"), elsewhere: noType},
	{words: "geography", cells: binaryCells("\xe6\x10\x00\x00\x01\x0c\x00\x00\x00\x00\x00\x00\xf0\x3f\x00\x00\x00\x00\x00\x00\x00\x40"), elsewhere: noType},
}

var variantCells = textCells("int:5", "decimal(10,2):12.50", "nvarchar(20) COLLATE "+finnish+":Åsa", "bit:1", "float:0.1",
	"uniqueidentifier:6f9619ff-8b86-d011-b42d-00cf4fc964ff", "datetime2(3):2026-01-31T08:00:00.001", "varbinary(4):0x00FF", "money:12.5000",
	"datetime:2026-01-31T08:00:00.003", "date:2026-01-31", "time(3):08:00:00.5", "smalldatetime:2026-01-31T08:01:00", "bigint:-9223372036854775808")

// numbered is a table with a number and a column of a type, NULL in the last row.
func (own typed) table(i int) (catalog.Table, [][]value.Value) {
	key := column("id", "int", "")
	key.Nullable = false
	base, _ := baseOf(own.words)
	name := catalog.Name{Schema: "dbo", Table: "t_" + base + "_" + string(rune('a'+i%26)) + string(rune('a'+i/26))}
	table := catalog.Table{Name: name, Columns: []catalog.Column{key, column("c", own.words, finnish)}, PrimaryKey: &catalog.Key{Columns: []string{"id"}, Clustered: true}}
	var rows [][]value.Value
	for n, cell := range append(append([]value.Value(nil), own.cells...), value.Value{}) {
		rows = append(rows, []value.Value{value.NewInt(int64(n)), cell})
	}
	return table, rows
}

// TestRoundTrip loads every type with its extremes and reads the very same cells back, from the unfinished copy and from
// the finished one as a source.
func TestRoundTrip(t *testing.T) {
	s := live(t)
	name := s.name()
	target := s.target(name)
	var definition engine.Definition
	var kept []typed
	var rows [][][]value.Value
	for i, own := range matrix {
		if s.babelfish && own.elsewhere != "" {
			t.Logf("not with Babelfish: %s: %s", own.words, own.elsewhere)
			continue
		}
		table, cells := own.table(i)
		definition.Tables = append(definition.Tables, table)
		kept, rows = append(kept, own), append(rows, cells)
	}
	if err := target.Create(t.Context(), definition); err != nil {
		t.Fatal(err)
	}
	for i := range kept {
		if err := load(t.Context(), target, &definition.Tables[i], rows[i]); err != nil {
			t.Fatalf("%s: %v", kept[i].words, err)
		}
	}
	if err := target.Index(t.Context()); err != nil {
		t.Fatal(err)
	}
	loaded, err := target.Verify(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	same(t, loaded, kept, definition.Tables, rows)
	if err := loaded.Close(); err != nil {
		t.Fatal(err)
	}
	if err := target.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	same(t, s.begin(name), kept, definition.Tables, rows)
}

func same(t *testing.T, snap engine.Snapshot, kept []typed, tables []catalog.Table, want [][][]value.Value) {
	t.Helper()
	for i := range kept {
		r, err := snap.Read(t.Context(), wholeCopy(&tables[i]))
		got := rowsOf(t, r, err, 2)
		if len(got) != len(want[i]) {
			t.Errorf("%s: %d rows of %d", kept[i].words, len(got), len(want[i]))
			continue
		}
		for n := range got {
			if !value.Equal(got[n][1], want[i][n][1]) {
				t.Errorf("%s, cell %d: got %v %.80q, want %v %.80q", kept[i].words, n, got[n][1], got[n][1].Text(), want[i][n][1], want[i][n][1].Text())
			}
		}
	}
}
