package sqlserver

import (
	"math"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

const swedish = "Finnish_Swedish_CI_AS"

// ofType is a column of the words for a type, as introspection describes it.
func ofType(t testing.TB, words string) *catalog.Column {
	t.Helper()
	base, numbers := baseOf(words)
	length, precision, scale := 0, 0, 0
	switch ownTypes[base].shape {
	case sized, sizedWide:
		length = numbers[0]
		if ownTypes[base].shape == sizedWide && length > 0 {
			length *= 2
		}
	case exact:
		precision, scale = numbers[0], numbers[1]
	case fraction:
		scale = numbers[0]
	}
	engineType, neutral, known := typeOf(base, length, precision, scale, swedish)
	if !known || engineType != words {
		t.Fatalf("%s became %q, known %v", words, engineType, known)
	}
	return &catalog.Column{Name: "C", EngineType: engineType, Type: neutral}
}

// names are what people and programs call things.
var names = []string{"Visit", "a]b", "a]]b", "[x]", `a"b`, "a'b", "it's -- not", "two words", "Vårdenhet åäö ÅÄÖ", "select", "from", "\U0001f600", "@p1", "a;b", "/* x */", "GO", "$(x)"}

func TestQuote(t *testing.T) {
	for _, name := range names {
		parts, ok := pieces(quote(name))
		if !ok || len(parts) != 1 || parts[0].content != name {
			t.Errorf("%q is read back as %+v", name, parts)
		}
	}
	for want, got := range map[string]string{
		"[dbo].[T]":           Dialect{}.Table(catalog.Name{Table: "T"}),
		"[code å].[a]]b]":     Dialect{}.Table(catalog.Name{Schema: "code å", Table: "a]b"}),
		"[main].[T]":          Dialect{}.Table(catalog.Name{Schema: "main", Table: "T"}),
		"[dbo].[U]":           Dialect{Home: "main"}.Table(catalog.Name{Schema: "main", Table: "U"}),
		"[code].[U]":          Dialect{Home: "main"}.Table(catalog.Name{Schema: "code", Table: "U"}),
		"[#keys]":             Dialect{}.Work("keys"),
		"[copy].[dbo].[Copy]": Dialect{}.at("copy", catalog.Name{Schema: "dbo", Table: "Copy"}),
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestLiteral(t *testing.T) {
	narrowText, wideText := ofType(t, "varchar(20)").Type, ofType(t, "nvarchar(20)").Type
	for _, c := range []struct {
		v    value.Value
		t    value.Type
		want string
	}{
		{value.Value{}, wideText, "NULL"},
		{value.NewBool(true), ofType(t, "bit").Type, "CONVERT(bit, 1)"},
		{value.NewBool(false), value.Type{}, "CONVERT(bit, 0)"},
		{value.NewInt(0), value.Type{}, "0"},
		{value.NewInt(-5), value.Type{}, "(-5)"},
		{value.NewInt(math.MaxInt32), value.Type{}, "2147483647"},
		{value.NewInt(math.MaxInt32 + 1), value.Type{}, "CONVERT(bigint, 2147483648)"},
		{value.NewInt(math.MinInt64), value.Type{}, "CONVERT(bigint, '-9223372036854775808')"},
		{value.NewFloat(0.1), ofType(t, "float").Type, "CONVERT(float, 1.0000000000000001E-01)"},
		{value.NewFloat(-1.5), ofType(t, "real").Type, "CONVERT(real, -1.50000000E+00)"},
		{value.NewFloat(math.NaN()), ofType(t, "float").Type, unfit},
		{value.NewFloat(math.Inf(-1)), ofType(t, "float").Type, unfit},
		{value.NewDecimal("12.50"), ofType(t, "decimal(10,2)").Type, "CONVERT(decimal(10,2), 12.50)"},
		{value.NewDecimal("-0.05"), ofType(t, "money").Type, "CONVERT(decimal(19,4), -0.05)"},
		{value.NewDecimal("12.505"), ofType(t, "decimal(10,2)").Type, "12.505"},
		{value.NewDecimal("-123"), ofType(t, "decimal(2,0)").Type, "(-123)"},
		{value.NewDecimal(strings.Repeat("9", 38)), ofType(t, "decimal(38,0)").Type, "CONVERT(decimal(38,0), " + strings.Repeat("9", 38) + ")"},
		{value.NewDecimal(strings.Repeat("9", 39)), ofType(t, "decimal(38,0)").Type, unfit},
		{value.NewDecimal("1; DROP TABLE x"), value.Type{}, unfit},
		{value.NewBytes(nil), value.Type{}, "0x"},
		{value.NewBytes([]byte{0, 255}), value.Type{}, "0x00FF"},
		{value.NewText(""), wideText, "N''"},
		{value.NewText("it's"), narrowText, "'it''s'"},
		{value.NewText("it's"), wideText, "N'it''s'"},
		{value.NewText("Åsa"), narrowText, "N'Åsa'"},
		{value.NewText("a\nGO\nb"), wideText, "(CONVERT(nvarchar(max), N'a') + NCHAR(10) + N'GO' + NCHAR(10) + N'b')"},
		{value.NewText("\n"), narrowText, "CHAR(10)"},
		{value.NewText("a\x00"), narrowText, "(CONVERT(varchar(max), 'a') + CHAR(0))"},
		{value.NewText("00112233-4455-6677-8899-AABBCCDDEEFF"), ofType(t, "uniqueidentifier").Type, "CONVERT(uniqueidentifier, '00112233-4455-6677-8899-AABBCCDDEEFF')"},
		{value.NewTime("2026-01-31"), ofType(t, "date").Type, "CONVERT(date, '2026-01-31', 126)"},
		{value.NewTime("08:00:00.5"), ofType(t, "time(3)").Type, "CONVERT(time(3), '08:00:00.5', 126)"},
		{value.NewTime("08:00"), ofType(t, "time(0)").Type, "CONVERT(time(0), '08:00:00', 126)"},
		{value.NewTime("2026-01-31T08:00:00"), ofType(t, "datetime2(7)").Type, "CONVERT(datetime2(7), '2026-01-31T08:00:00', 126)"},
		{value.NewTime("2026-01-31T08:00:00.1234567"), ofType(t, "datetime2(0)").Type, "CONVERT(datetime2(7), '2026-01-31T08:00:00.1234567', 126)"},
		{value.NewTime("2026-01-31 08:00:00.003"), ofType(t, "datetime").Type, "CAST('2026-01-31T08:00:00.003' AS datetime)"},
		// datetime would round these, and the comparison would have another answer.
		{value.NewTime("2026-01-31T08:00:00.001"), ofType(t, "datetime").Type, "CONVERT(datetime2(7), '2026-01-31T08:00:00.001', 126)"},
		{value.NewTime("1700-01-01T00:00:00"), ofType(t, "datetime").Type, "CONVERT(datetime2(7), '1700-01-01T00:00:00', 126)"},
		{value.NewTime("2026-01-31"), ofType(t, "datetime").Type, "CAST('2026-01-31T00:00:00' AS datetime)"},
		{value.NewTime("2026-01-31T08:01:00"), ofType(t, "smalldatetime").Type, "CAST('2026-01-31T08:01:00' AS smalldatetime)"},
		{value.NewTime("2026-01-31T08:01:01"), ofType(t, "smalldatetime").Type, "CONVERT(datetime2(7), '2026-01-31T08:01:01', 126)"},
		{value.NewTime("2026-01-31T08:00:00.5+01:00"), ofType(t, "datetimeoffset(3)").Type, "CONVERT(datetimeoffset(3), '2026-01-31T08:00:00.5+01:00', 127)"},
		{value.NewTime("2026-01-31T08:00:00Z"), ofType(t, "datetimeoffset(3)").Type, "CONVERT(datetimeoffset(3), '2026-01-31T08:00:00+00:00', 127)"},
		{value.NewTime("2026-01-31T08:00:00' OR 1=1 --"), ofType(t, "datetime2(3)").Type, unfit},
		{value.NewTime("31/1 2026"), ofType(t, "date").Type, unfit},
		{value.NewLarge(value.Text, &value.Large{}), wideText, unfit},
	} {
		if got := (Dialect{}).Literal(c.v, c.t); got != c.want {
			t.Errorf("%s of %s: %s, want %s", c.v, c.t.Kind, got, c.want)
		}
	}
	// A long text is joined of pieces that are not cut.
	long := (Dialect{}).Literal(value.NewText(strings.Repeat("å'", 5000)), wideText)
	if !strings.HasPrefix(long, "(CONVERT(nvarchar(max), N'å''") || strings.Count(long, "å") != 5000 || strings.Count(long, " + ") != 2 {
		t.Error("a long text is", long[:60], strings.Count(long, " + "))
	}
}

func TestTypes(t *testing.T) {
	d := Dialect{}
	for _, words := range []string{"bit", "tinyint", "smallint", "int", "bigint", "decimal(38,10)", "numeric(5,0)", "money", "smallmoney", "real", "float",
		"date", "time(0)", "time(7)", "datetime", "smalldatetime", "datetime2(3)", "datetimeoffset(7)", "char(10)", "varchar(31)", "varchar(max)", "text",
		"nchar(4)", "nvarchar(4000)", "nvarchar(max)", "ntext", "binary(16)", "varbinary(900)", "varbinary(max)", "image", "uniqueidentifier", "xml",
		"sql_variant", "hierarchyid", "geography", "geometry", "rowversion"} {
		c := ofType(t, words)
		if c.Type.Kind == value.Unknown {
			t.Errorf("%s has no kind", words)
		}
		if isText := c.Type.Kind == value.String; isText != (c.Type.Collation.Name == swedish) || c.Type.Narrow != narrow[strings.Split(words, "(")[0]] {
			t.Errorf("%s: %+v", words, c.Type)
		}
		name, err := d.TypeName(c.Type)
		if c.Type.Kind == value.Native {
			if diag.CodeOf(err) != codeType {
				t.Errorf("%s: %q, %v", words, name, err)
			}
			continue
		}
		if base, _ := baseOf(name); err != nil || ownTypes[base].kind != c.Type.Kind {
			t.Errorf("%s becomes %s, %v", words, name, err)
		}
	}
	for _, words := range []string{"", "point", "int(4)", "varchar", "varchar(x)", "varchar(10", "decimal(3)", "geometry; DROP TABLE x", "timestamp"} {
		if base, _ := baseOf(words); base != "" {
			t.Errorf("%q is taken for %s", words, base)
		}
	}
	if _, _, known := typeOf("vector", 0, 0, 0, ""); known {
		t.Error("an unknown type is known")
	}
	if words, neutral, _ := typeOf("varchar", 31, 0, 0, "Latin1_General_100_CI_AI_SC_UTF8"); words != "varchar(31)" || neutral.Narrow || !neutral.Collation.IgnoresAccents {
		t.Errorf("%s %+v", words, neutral)
	}
}

func TestCollations(t *testing.T) {
	for name, want := range map[string]value.Collation{
		"Finnish_Swedish_CI_AS":            {IgnoresCase: true},
		"Finnish_Swedish_100_CS_AS_KS_WS":  {},
		"SQL_Latin1_General_CP1_CI_AI":     {IgnoresCase: true, IgnoresAccents: true},
		"Latin1_General_100_CI_AS_SC_UTF8": {IgnoresCase: true},
		"Latin1_General_BIN":               {},
		"Latin1_General_100_BIN2_UTF8":     {},
		"Japanese_CS_AI_KS_WS":             {IgnoresAccents: true},
	} {
		want.Name, want.IgnoresTrailingSpace = name, true
		if got, ok := collationOf(name); !ok || got != want {
			t.Errorf("%s: %+v, %v", name, got, ok)
		}
	}
	for _, name := range []string{"", "NOCASE", "Latin1_General", "Latin1_General_CI", "a_CI_CS_AS", "Latin1_General_CI_AS; DROP TABLE x", "sv_SE"} {
		if _, ok := collationOf(name); ok {
			t.Errorf("%q is known", name)
		}
	}
}

func TestComparable(t *testing.T) {
	same := func(a, b string) bool { return Dialect{}.Comparable(*ofType(t, a), *ofType(t, b)) }
	for _, pair := range [][2]string{{"int", "bigint"}, {"tinyint", "smallint"}, {"varchar(10)", "char(3)"}, {"varchar(10)", "nvarchar(10)"}, {"nvarchar(max)", "nchar(3)"},
		{"decimal(10,2)", "numeric(18,4)"}, {"money", "smallmoney"}, {"datetime2(0)", "datetime2(7)"}, {"uniqueidentifier", "uniqueidentifier"}, {"binary(8)", "rowversion"}} {
		if !same(pair[0], pair[1]) || !same(pair[1], pair[0]) {
			t.Errorf("%v don't compare", pair)
		}
	}
	for _, pair := range [][2]string{{"int", "varchar(10)"}, {"int", "bit"}, {"int", "decimal(10,0)"}, {"datetime", "datetime2(3)"}, {"datetime", "smalldatetime"}, {"date", "datetime"},
		{"text", "varchar(10)"}, {"xml", "xml"}, {"geometry", "geometry"}, {"money", "decimal(19,4)"}, {"decimal(38,38)", "decimal(38,0)"}, {"binary(16)", "uniqueidentifier"}} {
		if same(pair[0], pair[1]) || same(pair[1], pair[0]) {
			t.Errorf("%v compare", pair)
		}
	}
	a, b := *ofType(t, "varchar(10)"), *ofType(t, "varchar(10)")
	if b.Type.Collation.Name = "Finnish_Swedish_CS_AS"; (Dialect{}).Comparable(a, b) {
		t.Error("two collations compare")
	}
	old, wide := *ofType(t, "varchar(10)"), *ofType(t, "nvarchar(10)")
	old.Type.Collation.Name, wide.Type.Collation.Name = "SQL_Latin1_General_CP1_CI_AS", "SQL_Latin1_General_CP1_CI_AS"
	if (Dialect{}).Comparable(old, wide) || !(Dialect{}).Comparable(old, old) {
		t.Error("the older collations compare a code page in another way than Unicode")
	}
}

func TestRepresentable(t *testing.T) {
	for _, c := range []struct {
		words, text string
		want        bool
	}{
		{"varchar(5)", "abcde", true}, {"varchar(5)", "abcdef", false}, {"varchar(5)", "åäö", false}, {"nvarchar(5)", "åäö", true},
		{"nvarchar(3)", "a\U0001f600", true}, {"nvarchar(2)", "a\U0001f600", false}, {"nvarchar(max)", strings.Repeat("x", 9000), true},
		{"nvarchar(9)", "a\x00b", false}, {"nvarchar(9)", "\xff", false}, {"uniqueidentifier", "00112233-4455-6677-8899-AABBCCDDEEFF", true},
		{"uniqueidentifier", "{00112233-4455-6677-8899-AABBCCDDEEFF}", false}, {"uniqueidentifier", "00112233-4455-6677-8899-AABBCCDDEEFFx", false},
		{"tinyint", "255", true}, {"tinyint", "256", false}, {"smallint", "-32768", true}, {"int", "2147483648", false}, {"bigint", "9223372036854775807", true},
	} {
		if got := (Dialect{}).Representable(c.text, ofType(t, c.words)); got != c.want {
			t.Errorf("%q in %s: %v", c.text, c.words, got)
		}
	}
	c := ofType(t, "varchar(5)")
	c.Type.Collation.Name, c.Type.Narrow = "Latin1_General_100_CI_AS_SC_UTF8", false
	if !(Dialect{}).Representable("åä", c) || (Dialect{}).Representable("åäö", c) {
		t.Error("UTF-8's bytes are not counted")
	}
}

func TestLike(t *testing.T) {
	of := ofType(t, "varchar(50)").Type
	for pattern, want := range map[string]string{
		"a%_b":     `x LIKE N'a%_b' ESCAPE N'\'`,
		`100\%`:    `x LIKE N'100\%' ESCAPE N'\'`,
		"[a-z]":    `x LIKE N'\[a\-z\]' ESCAPE N'\'`,
		`a\\b`:     `x LIKE N'a\\b' ESCAPE N'\'`,
		"^it's å":  `x LIKE N'\^it''s å' ESCAPE N'\'`,
		"":         `x LIKE N'' ESCAPE N'\'`,
		"a\nGO\nb": `x LIKE (CONVERT(nvarchar(max), N'a') + NCHAR(10) + N'GO' + NCHAR(10) + N'b') ESCAPE N'\'`,
	} {
		if got, err := (Dialect{}).Like("x", pattern, of); err != nil || got != want {
			t.Errorf("%q: %s, %v", pattern, got, err)
		}
	}
	for _, pattern := range []string{`a\`, "a\x00", strings.Repeat("x", 4001), strings.Repeat("[", 2001)} {
		if _, err := (Dialect{}).Like("x", pattern, of); diag.CodeOf(err) != codeLike {
			t.Errorf("a pattern of %d: %v", len(pattern), err)
		}
	}
	if _, err := (Dialect{}).Like("x", "a%", ofType(t, "int").Type); diag.CodeOf(err) != codeLike {
		t.Error("LIKE of a number:", err)
	}
}

func TestExpressions(t *testing.T) {
	for s, want := range map[string]bool{"(0)": true, "getdate()": true, "N'a;b--c/*'": true, "[a;b]>(0)": true, "": false, " ": false, "1)": false, "(1": false,
		"1; DROP TABLE x": false, "1 -- x": false, "1 /* x */": false, "'a": false, "[a": false, "')'": true, "1) OR (1=1": false} {
		if isExpression(s) != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
	for s, want := range map[string]string{"((0))": "0", "([a]>(0))": "[a]>(0)", "(1)+(2)": "(1)+(2)", "('(')": "'('", "getdate()": "getdate()"} {
		if got := unwrapped(s); got != want {
			t.Errorf("%q: %q", s, got)
		}
	}
	table := &catalog.Table{Columns: []catalog.Column{{Name: "Amount"}, {Name: "a]b"}, {Name: "Å"}, {Name: "Other"}}}
	if got := strings.Join(mentioned(table, "[a]]b]>(0) AND amount<>'Other' AND å=1", true), "|"); got != "Amount|a]b|Å" {
		t.Error(got)
	}
}
