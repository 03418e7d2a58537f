package sqlite

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/sqlite/capi"
	"github.com/utdrag/utdrag/mask/value"
)

func memory(t testing.TB) *capi.Conn {
	t.Helper()
	conn, err := capi.Open(":memory:", capi.Create)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// ask returns the one cell of a query.
func ask(t interface {
	Helper()
	Fatalf(string, ...any)
}, conn *capi.Conn, sql string, args ...value.Value) value.Value {
	t.Helper()
	stmt, err := conn.Prepare(sql)
	if err != nil {
		t.Fatalf("%v in %s", err, sql)
	}
	defer stmt.Close()
	if err := stmt.Bind(args); err != nil {
		t.Fatalf("%v in %s", err, sql)
	}
	if more, err := stmt.Step(); err != nil || !more {
		t.Fatalf("%v in %s", err, sql)
	}
	v, err := stmt.Column(0)
	if err != nil {
		t.Fatalf("%v in %s", err, sql)
	}
	return v
}

// cells generates a cell of any storage class.
func cells() *rapid.Generator[value.Value] {
	return rapid.OneOf(
		rapid.Just(value.Value{}),
		rapid.Map(rapid.Int64(), value.NewInt),
		rapid.Map(rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64, 0, -1}), value.NewInt),
		rapid.Map(rapid.Float64().Filter(func(f float64) bool { return f != 0 }), value.NewFloat),
		rapid.Map(rapid.SampledFrom([]float64{math.Inf(1), math.Inf(-1), math.MaxFloat64, math.SmallestNonzeroFloat64, 0.1, 1e15, 5e-324}), value.NewFloat),
		rapid.Map(rapid.String(), value.NewText),
		rapid.Map(rapid.SampledFrom([]string{"", "'", "a\x00b", "\x00", "''\"`[]", "\xff\xfe not UTF-8", "åäö\U0001f600", "-- x", "NULL"}), value.NewText),
		rapid.Map(rapid.SliceOf(rapid.Byte()), value.NewBytes),
	)
}

// What is bound comes back, and so does what is written as a literal: form and content.
func TestLiteralAndBind(t *testing.T) {
	conn := memory(t)
	rapid.Check(t, func(t *rapid.T) {
		v := cells().Draw(t, "cell")
		if got := ask(t, conn, "SELECT ?", v); !value.Equal(v, got) {
			t.Fatalf("bound: %q %d became %q %d", v.Text(), v.Int(), got.Text(), got.Int())
		}
		literal := Dialect{}.Literal(v, value.Type{})
		if got := ask(t, conn, "SELECT "+literal); !value.Equal(v, got) {
			t.Fatalf("%s: %v %d became %v %d", literal, v, v.Int(), got, got.Int())
		}
	})
	for want, v := range map[string]value.Value{
		"1": value.NewBool(true), "0": value.NewBool(false), "-12.5": value.NewDecimal("-12.50"), "3": value.NewDecimal("3.00"), "-0.05": value.NewDecimal("-0.05"), "'1; DROP'": value.NewDecimal("1; DROP"),
		"'2026-01-31'": value.NewTime("2026-01-31"),
	} {
		if got := (Dialect{}).Literal(v, value.Type{}); got != want {
			t.Errorf("literal %s, want %s", got, want)
		}
	}
}

func TestQuote(t *testing.T) {
	conn := memory(t)
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringN(1, 20, -1).Filter(func(s string) bool { return !strings.ContainsRune(s, 0) }).Draw(t, "name")
		stmt, err := conn.Prepare("SELECT 1 AS " + quote(name))
		if err != nil {
			t.Fatal(err)
		}
		defer stmt.Close()
		if got := stmt.Name(0); got != name {
			t.Fatalf("%q became %q", name, got)
		}
	})
}

func TestTextFunctions(t *testing.T) {
	conn := memory(t)
	d := Dialect{}
	for sql, want := range map[string]string{
		d.Substring("'åäö'", "2", "1"):                 "ä",
		d.Substring("'åäö'", "2", "0"):                 "",
		d.Substring("'åäö'", "3", "-2"):                "",
		d.Substring("'åäö'", "9", "1"):                 "",
		d.Repeat("*", "3"):                             "***",
		d.Repeat("*", "0"):                             "",
		d.Repeat("*", "-1"):                            "",
		d.Repeat("'", "2"):                             "''",
		d.Repeat("å", d.Length("'\U0001f600'")+" + 1"): "åå",
		d.Concat("'a'", "'b'", "'c'"):                  "abc",
		d.Concat():                                     "",
	} {
		if got := ask(t, conn, "SELECT "+sql); got.Form() != value.Text || got.Text() != want {
			t.Errorf("%s is %q, want %q", sql, got.Text(), want)
		}
	}
	if got := ask(t, conn, "SELECT "+d.Length("'å\U0001f600e'")); got.Int() != 3 {
		t.Errorf("length %d", got.Int())
	}
	// As documented: SQLite's functions see a text to its first NUL.
	if got := ask(t, conn, "SELECT "+d.Length(text("ab\x00c"))); got.Int() != 2 {
		t.Errorf("length of a text with NUL is %d", got.Int())
	}
}

// like is what a pattern of the map means.
func like(pattern, s []rune, same func(a, b rune) bool) bool {
	if len(pattern) == 0 {
		return len(s) == 0
	}
	switch pattern[0] {
	case '%':
		return like(pattern[1:], s, same) || len(s) > 0 && like(pattern, s[1:], same)
	case '_':
		return len(s) > 0 && like(pattern[1:], s[1:], same)
	case '\\':
		pattern = pattern[1:]
	}
	return len(s) > 0 && same(pattern[0], s[0]) && like(pattern[1:], s[1:], same)
}

func TestLike(t *testing.T) {
	conn := memory(t)
	alphabet := rapid.SampledFrom([]rune(`aAäÄ%_\*?[]^-'`))
	rapid.Check(t, func(t *rapid.T) {
		pattern := string(rapid.SliceOfN(alphabet, 0, 6).Draw(t, "pattern"))
		s := string(rapid.SliceOfN(alphabet, 0, 6).Draw(t, "text"))
		for _, name := range []string{"BINARY", "NOCASE"} {
			collation, _ := collationOf(name)
			sql, err := Dialect{}.Like(text(s), pattern, value.Type{Kind: value.String, Collation: collation})
			if lone := (len(pattern)-len(strings.TrimRight(pattern, `\`)))%2 == 1; lone != (err != nil) {
				t.Fatalf("%q: %v", pattern, err)
			}
			if err != nil {
				continue
			}
			want := like([]rune(pattern), []rune(s), func(a, b rune) bool {
				return a == b || name == "NOCASE" && fold(string(a)) == fold(string(b))
			})
			if got := ask(t, conn, "SELECT "+sql); got.Int() == 1 != want {
				t.Fatalf("%s: %v, want %v", sql, got.Int(), want)
			}
		}
	})
	for _, name := range []string{"RTRIM", ""} {
		if _, err := (Dialect{}).Like("x", "%", value.Type{Collation: value.Collation{Name: name}}); diag.CodeOf(err) != codeLike {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTypeOf(t *testing.T) {
	for declared, want := range map[string]value.Type{
		"INT": {Kind: value.Integer}, "UNSIGNED BIG INT": {Kind: value.Integer}, "bool": {Kind: value.Boolean},
		"DECIMAL(10, 2)": {Kind: value.Number, Precision: 10, Scale: 2}, "MONEY": {Kind: value.Number}, "double precision": {Kind: value.Real},
		"NVARCHAR(40)": {Kind: value.String, Length: 40}, "VARCHAR(MAX)": {Kind: value.String}, "CLOB": {Kind: value.String},
		"VARBINARY(8)": {Kind: value.Binary, Length: 8}, "BLOB": {Kind: value.Binary}, "IMAGE": {Kind: value.Binary},
		"DATE": {Kind: value.Date}, "TIME": {Kind: value.TimeOfDay}, "DATETIME2(7)": {Kind: value.Timestamp, Scale: 7},
		"TIMESTAMP WITH TIME ZONE": {Kind: value.TimestampTZ}, "timestamptz": {Kind: value.TimestampTZ}, "DATETIMEOFFSET": {Kind: value.TimestampTZ},
		"UNIQUEIDENTIFIER": {Kind: value.UUID}, "JSONB": {Kind: value.JSON}, "XML": {Kind: value.XML}, "": {Kind: value.Variant},
		"ANY": {Kind: value.Number}, "STRING": {Kind: value.Number}, "FLOATING POINT": {Kind: value.Integer},
	} {
		if got := typeOf(declared, false); got != want {
			t.Errorf("%q: %+v, want %+v", declared, got, want)
		}
	}
	if got := typeOf("ANY", true); got.Kind != value.Variant {
		t.Errorf("ANY in a STRICT table: %v", got.Kind)
	}
	for kind := value.Boolean; kind <= value.Variant; kind++ {
		in := value.Type{Kind: kind}
		switch kind {
		case value.Number:
			in.Precision, in.Scale = 9, 2
		case value.String, value.Binary:
			in.Length = 7
		case value.Timestamp, value.TimestampTZ, value.TimeOfDay:
			in.Scale = 3
		}
		name, err := Dialect{}.TypeName(in)
		if out := typeOf(name, false); err != nil || out != in {
			t.Errorf("%v is named %q, which is %+v, %v", in, name, out, err)
		}
	}
	if _, err := (Dialect{}).TypeName(value.Type{}); diag.CodeOf(err) != codeType {
		t.Error(err)
	}
}

// The affinity that the rules give is the one that SQLite uses.
func TestAffinity(t *testing.T) {
	conn := memory(t)
	for _, declared := range []string{"INT", "TEXT", "", "BLOB", "REAL", "NUMERIC", "ANY", "DATE", "STRING", "CHARINT", "FLOATING POINT", "xclobx", "DOUBLE", "BOOLEAN"} {
		for statement := range strings.SplitSeq("DROP TABLE IF EXISTS t;CREATE TABLE t (a "+declared+");INSERT INTO t VALUES ('1')", ";") {
			if err := conn.Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
		want := map[affinity]string{integer: "integer", numeric: "integer", real: "real", textual: "text", none: "text"}
		got := affinityOf(declared, typeOf(declared, false).Kind)
		if stored := ask(t, conn, "SELECT typeof(a) FROM t").Text(); want[got] != stored {
			t.Errorf("%q: affinity %s, but '1' was stored as %s", declared, got, stored)
		}
		if got == none || got == textual { // '1' tells these two apart only as a number does
			if err := conn.Exec("UPDATE t SET a = 1"); err != nil {
				t.Fatal(err)
			}
			if stored := ask(t, conn, "SELECT typeof(a) FROM t").Text(); (stored == "text") != (got == textual) {
				t.Errorf("%q: affinity %s, but 1 was stored as %s", declared, got, stored)
			}
		}
	}
}

// A work table finds what the source's column finds: by its collation and affinity.
func TestWork(t *testing.T) {
	conn := memory(t)
	nocase, _ := collationOf("NOCASE")
	rtrim, _ := collationOf("RTRIM")
	columns := []engine.WorkColumn{
		{Name: `k"1`, Like: &catalog.Column{EngineType: "VARCHAR(9)", Type: value.Type{Kind: value.String, Collation: nocase}}},
		{Name: "k 2", Like: &catalog.Column{EngineType: "DECIMAL(4)", Type: value.Type{Kind: value.Number}}},
		{Name: "k3", Like: &catalog.Column{EngineType: "", Type: value.Type{Kind: value.Variant, Collation: rtrim}}},
	}
	d := Dialect{}
	for _, statement := range []string{
		d.CreateWork("keys å", columns),
		"INSERT INTO " + d.Work("keys å") + " VALUES ('Final', '7', '7'), ('x', 2, x'00')",
		"INSERT OR IGNORE INTO " + d.Work("keys å") + " VALUES ('FINAL', 7.0, '7  ')",
		d.CreateWork("ids", []engine.WorkColumn{{Name: "id"}}),
		"INSERT INTO " + d.Work("ids") + " VALUES (9)",
	} {
		if err := conn.Exec(statement); err != nil {
			t.Fatalf("%v in %s", err, statement)
		}
	}
	if got := ask(t, conn, `SELECT group_concat(typeof("k""1") || typeof("k 2") || typeof(k3)) FROM `+d.Work("keys å")+` WHERE `+
		d.Compare(`"k""1"`, "'fINAL'")+" AND "+d.Compare("k3", "'7 '")).Text(); got != "textintegertext" {
		t.Errorf("got %q", got)
	}
	if got := ask(t, conn, "SELECT rowid FROM "+d.Work("ids")).Int(); got != 9 {
		t.Errorf("got %d", got)
	}
	text := catalog.Column{EngineType: "TEXT"}
	number := catalog.Column{EngineType: "REAL"}
	count := catalog.Column{EngineType: "INT"}
	blob := catalog.Column{EngineType: ""}
	if d.Comparable(text, number) || d.Comparable(text, blob) || d.Comparable(blob, count) || !d.Comparable(number, count) || !d.Comparable(blob, blob) {
		t.Error("comparable columns are told wrong")
	}
}
