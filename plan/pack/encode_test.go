package pack

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/mask/value"
)

func encodeAll(table Table, loose bool, limit int, rows [][]value.Value) (parts [][]byte, err error) {
	e := newEncoder(table, loose, nil, limit, func(p []byte) error {
		parts = append(parts, bytes.Clone(p))
		return nil
	})
	if err := e.header(); err != nil {
		return nil, err
	}
	for _, row := range rows {
		if err := e.row(row); err != nil {
			return nil, err
		}
	}
	err = e.finish()
	return parts, err
}

func decodeAll(r io.Reader, table Table, loose bool) (rows [][]value.Value, err error) {
	d, err := newDecoder(r, table, loose, 1<<20)
	if err != nil {
		return nil, err
	}
	for {
		row := make([]value.Value, len(table.Columns))
		more, err := d.next(row)
		if err != nil || !more {
			return rows, err
		}
		rows = append(rows, row)
	}
}

// The CSV's words, one by one.
func TestCells(t *testing.T) {
	tests := []struct {
		kind  value.Kind
		loose bool
		v     value.Value
		want  string
	}{
		{value.Integer, false, value.Value{}, `\N`},
		{value.Integer, false, value.NewInt(math.MinInt64), `-9223372036854775808`},
		{value.Boolean, false, value.NewBool(true), `true`},
		{value.Boolean, true, value.NewBool(true), `1`},
		{value.Boolean, true, value.NewInt(0), `0`},
		{value.Boolean, true, value.NewText("yes"), `"yes"`},
		{value.Real, false, value.NewFloat(0.1), `0.1`},
		{value.Real, false, value.NewFloat(math.Inf(-1)), `-1e999`},
		{value.Real, false, value.NewFloat(math.NaN()), `NaN`},
		{value.Real, false, value.NewFloat(math.Copysign(0, -1)), `-0`},
		{value.Number, false, value.NewDecimal("-12.50"), `-12.50`},
		{value.Number, false, value.NewDecimal("NaN"), `NaN`},
		{value.Number, true, value.NewFloat(5.5), `5.5e+00`},
		{value.Number, true, value.NewInt(5), `5`},
		{value.String, false, value.NewText(""), `""`},
		{value.String, false, value.NewText(`a"b,` + "\r\n"), `"a""b,` + "\r\n\""},
		{value.String, false, value.NewText(`\N`), `"\\N"`},
		{value.String, false, value.NewText(`\\\N`), `"\\\\N"`},
		{value.String, false, value.NewText(`\Na`), `"\Na"`},
		{value.String, false, value.NewText(`N`), `"N"`},
		{value.Binary, false, value.NewBytes([]byte{0, 0xAB}), `"00ab"`},
		{value.Binary, false, value.NewBytes(nil), `""`},
		{value.Date, false, value.NewTime("2026-01-31"), `2026-01-31`},
		{value.Date, true, value.NewText("2026-01-31"), `"2026-01-31"`},
		{value.JSON, true, value.NewInt(7), `7`},
		{value.Variant, true, value.NewInt(7), `"integer:7"`},
		{value.Variant, true, value.NewFloat(7), `"real:7"`},
		{value.Variant, true, value.NewText(`\N`), `"text:\N"`},
		{value.Variant, true, value.NewBytes([]byte{7}), `"hex:07"`},
		{value.Variant, false, value.NewDecimal("7.0"), `"decimal:7.0"`},
		{value.Variant, false, value.NewTime("08:00:00"), `"time:08:00:00"`},
		{value.Variant, false, value.Value{}, `\N`},
	}
	for _, test := range tests {
		parts, err := encodeAll(table("T", column("a", test.kind)), test.loose, PartSize, [][]value.Value{{test.v}})
		want := "\"a\"\r\n" + test.want + "\r\n"
		if err != nil || string(parts[0]) != want {
			t.Errorf("%s %v: %q, %v, want %q", test.kind, test.v, parts, err, want)
		}
	}
}

// A cell that doesn't belong is refused by table and column, and its content is not told.
func TestCellRefused(t *testing.T) {
	tests := []struct {
		kind  value.Kind
		loose bool
		v     value.Value
		code  string
	}{
		{value.Integer, true, value.NewText("secret"), codeCellForm},
		{value.Integer, true, value.NewFloat(1.5), codeCellForm},
		{value.String, true, value.NewBytes([]byte("secret")), codeCellForm},
		{value.String, true, value.NewInt(1), codeCellForm},
		{value.Binary, true, value.NewText("secret"), codeCellForm},
		{value.Boolean, false, value.NewInt(1), codeCellForm},
		{value.Date, false, value.NewText("secret"), codeCellForm},
		{value.Date, false, value.NewTime("sec,ret"), codeCellForm},
		{value.Date, true, value.NewTime("20260131"), codeCellForm},
		{value.Number, false, value.NewDecimal("1e5"), codeCellForm},
		{value.Number, false, value.NewDecimal("1,5"), codeCellForm},
		{value.Number, true, value.NewFloat(math.NaN()), codeCellForm},
		{value.Real, true, value.NewInt(1), codeCellForm},
		{value.String, false, value.NewText("secret\x00"), codeCellText},
		{value.String, false, value.NewText("secret\xff"), codeCellText},
		{value.Variant, false, value.NewText("secret\xff"), codeCellText},
		{value.String, false, largeValue(value.Text, strings.Repeat("x", piece-1)+"\xc3"), codeCellText},
		{value.String, false, largeValue(value.Text, strings.Repeat("x", piece-1)+"\xc3x"), codeCellText},
		{value.String, false, largeValue(value.Text, strings.Repeat("x", piece+1)+"\x00"), codeCellText},
		{value.String, false, largeValue(value.Bytes, "x"), codeCellForm},
		{value.String, false, value.NewLarge(value.Text, &value.Large{Size: 2, Open: func() (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader("secret")), nil
		}}), codeCellLarge},
		{value.String, false, value.NewLarge(value.Text, &value.Large{Size: 20, Open: func() (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader("secret")), nil
		}}), codeCellLarge},
		{value.String, false, value.NewLarge(value.Text, &value.Large{Size: 20, Open: func() (io.ReadCloser, error) {
			return nil, io.ErrUnexpectedEOF
		}}), codeCellLarge},
	}
	for i, test := range tests {
		_, err := encodeAll(table("T", column("a", test.kind)), test.loose, PartSize, [][]value.Value{{test.v}})
		wantCode(t, err, test.code)
		if err == nil || strings.Contains(err.Error(), "sec") || !strings.Contains(err.Error(), `column "a"`) {
			t.Errorf("%d: %v", i, err)
		}
	}
}

// Large cells are written as they would be from memory, wherever the pieces happen to be cut.
func TestLargeAsSmall(t *testing.T) {
	texts := []string{"", `\N`, `\`, `\\`, `N`, `\\N`, "å", strings.Repeat(`\`, piece) + "N", strings.Repeat(`\`, piece-1) + "N",
		strings.Repeat(`\`, 2*piece) + "N", strings.Repeat(`\`, piece) + "Na", strings.Repeat(`\`, piece-1) + "Na",
		strings.Repeat(`\`, piece-1) + "N" + strings.Repeat("b", piece), strings.Repeat("N", piece) + "N"}
	for i := range 4 {
		texts = append(texts, strings.Repeat("x", i)+strings.Repeat("å🎈\"", piece), strings.Repeat("x", piece-i)+"🎈")
	}
	for i, text := range texts {
		for _, column := range []Column{column("a", value.String), column("a", value.Variant), column("a", value.Binary)} {
			form := value.Text
			small := value.NewText(text)
			if column.Type.Kind == value.Binary {
				form, small = value.Bytes, value.NewBinary(text)
			}
			for _, limit := range []int{1000, PartSize} {
				a, err := encodeAll(table("T", column), false, limit, [][]value.Value{{small}})
				if err != nil {
					t.Fatal(err)
				}
				b, err := encodeAll(table("T", column), false, limit, [][]value.Value{{largeValue(form, text)}})
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(bytes.Join(a, nil), bytes.Join(b, nil)) {
					t.Errorf("text %d, %s: large and small differ", i, column.Type.Kind)
				}
			}
		}
	}
}

// Parts end at a row's end where they can, and are never larger than they may be.
func TestParts(t *testing.T) {
	rows := [][]value.Value{{value.NewText("short")}, {value.NewText(strings.Repeat("long", 100))}, {value.NewText("short")}, {value.NewText("short")}}
	parts, err := encodeAll(table("T", column("a", value.String)), false, 100, rows)
	if err != nil {
		t.Fatal(err)
	}
	var lengths []int
	for _, p := range parts {
		lengths = append(lengths, len(p))
	}
	// The header and a row; the long row in four full parts and a rest with the short rows.
	if fmt.Sprint(lengths) != "[14 100 100 100 100 22]" {
		t.Errorf("%v", lengths)
	}
}

// columnKinds are all kinds with a generator of the cells that come back as they were.
func cells(loose bool) map[value.Kind]*rapid.Generator[value.Value] {
	null := rapid.Just(value.Value{})
	integer := rapid.Map(rapid.Int64(), value.NewInt)
	float := rapid.Map(rapid.Float64(), value.NewFloat)
	text := rapid.Map(rapid.OneOf(rapid.StringOf(rapid.SampledFrom([]rune("\\N\",\r\n aåÖ🎈"))), rapid.Map(rapid.String(), func(s string) string {
		return strings.ReplaceAll(s, "\x00", "")
	})), value.NewText)
	binary := rapid.Map(rapid.SliceOf(rapid.Byte()), value.NewBytes)
	decimal := rapid.Map(rapid.StringMatching(`-?[0-9]{1,20}\.[0-9]{0,10}`), value.NewDecimal)
	time := rapid.Map(rapid.StringMatching(`[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?)?`), value.NewTime)
	boolean := rapid.Map(rapid.Bool(), value.NewBool)
	m := map[value.Kind]*rapid.Generator[value.Value]{
		value.Integer: rapid.OneOf(null, integer), value.Real: rapid.OneOf(null, float), value.String: rapid.OneOf(null, text),
		value.Binary: rapid.OneOf(null, binary), value.Variant: rapid.OneOf(null, integer, float, text, binary, boolean, decimal, time),
	}
	other := map[value.Kind]*rapid.Generator[value.Value]{value.Boolean: boolean, value.Number: decimal, value.UUID: text, value.JSON: text,
		value.XML: text, value.Date: time, value.TimeOfDay: time, value.Timestamp: time, value.TimestampTZ: time}
	for kind, g := range other {
		if loose {
			if kind == value.Boolean {
				g = integer // a Bool comes back as 0 or 1
			}
			g = rapid.OneOf(g, integer, float, text)
		}
		m[kind] = rapid.OneOf(null, g)
	}
	return m
}

// decode(encode(x)) is x, whatever the size of parts.
func TestIdentity(t *testing.T) {
	for _, loose := range []bool{false, true} {
		generators := cells(loose)
		rapid.Check(t, func(t *rapid.T) {
			kinds := rapid.SliceOfN(rapid.IntRange(int(value.Boolean), int(value.Variant)), 1, 5).Draw(t, "kinds")
			var columns []Column
			for i, k := range kinds {
				columns = append(columns, column(fmt.Sprintf("c%d\"", i), value.Kind(k)))
			}
			var rows [][]value.Value
			for range rapid.IntRange(0, 5).Draw(t, "rows") {
				row := make([]value.Value, len(kinds))
				for i, k := range kinds {
					row[i] = generators[value.Kind(k)].Draw(t, "cell")
				}
				rows = append(rows, row)
			}
			limit := rapid.SampledFrom([]int{1, 7, 64, PartSize}).Draw(t, "limit")
			parts, err := encodeAll(table("T", columns...), loose, limit, rows)
			if err != nil {
				t.Fatal(err)
			}
			got, err := decodeAll(bytes.NewReader(bytes.Join(parts, nil)), table("T", columns...), loose)
			if err != nil || len(got) != len(rows) {
				t.Fatalf("%d rows of %d, %v, in %q", len(got), len(rows), err, parts)
			}
			for i := range rows {
				for j := range rows[i] {
					if !value.Equal(got[i][j], rows[i][j]) {
						t.Fatalf("row %d column %d: %v %q became %v %q in %q", i, j, rows[i][j], rows[i][j].Text(), got[i][j], got[i][j].Text(), parts)
					}
				}
			}
		})
	}
}

// What the decoder accepts, the encoder writes byte for byte.
func FuzzDecoder(f *testing.F) {
	for _, s := range []string{"1,\"x\"", `\N,\N`, `"text:a","00ab"`, `true,1.5e+00`, "2026-01-31,\"\\\\N\""} {
		for k := byte(1); k <= byte(value.Variant); k++ {
			f.Add(k, byte(value.Variant)-k, true, s+"\r\n")
		}
	}
	f.Fuzz(func(t *testing.T, a, b byte, loose bool, body string) {
		kind := func(n byte) value.Kind { return value.Kind(n)%value.Variant + 1 }
		columns := table("T", column("a", kind(a)), column("b", kind(b)))
		text := "\"a\",\"b\"\r\n" + body
		rows, err := decodeAll(strings.NewReader(text), columns, loose)
		if err != nil {
			return
		}
		parts, err := encodeAll(columns, loose, 100, rows)
		if err != nil {
			t.Fatalf("%q is read and can't be written: %v", text, err)
		}
		if again := bytes.Join(parts, nil); string(again) != text {
			t.Fatalf("%q became %q", text, again)
		}
	})
}
