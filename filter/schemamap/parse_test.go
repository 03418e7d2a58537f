package schemamap

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

func parseFile(t *testing.T, file string) *Map {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	m, found := Parse(file, src)
	if m == nil {
		t.Fatal(found)
	}
	return m
}

// Every attribute ends up where it belongs.
func TestParseEverything(t *testing.T) {
	m := parseFile(t, "testdata/good/everything.hcl")
	if !m.Strict || m.Version != 1 || m.Provider.Table.Table != "CareProvider" || m.Provider.Key.Text != "HsaId" || m.Provider.Unit != nil {
		t.Errorf("the head is read wrong: %+v", m.Provider)
	}
	table := m.Table("a.b", `c"d`)
	if table == nil {
		t.Fatal("the quoted table is not found")
	}
	p := table.Paths[0]
	if p.To.Schema != "dbo" || p.To.Table != "Par]ent" || !p.NullInclude || p.From != nil {
		t.Errorf("the path is read wrong: %+v", p)
	}
	if p.Reason.Text != "rows without an owner belong to the host" || p.Shared.Text != "reviewed" {
		t.Errorf("reasons %q, %q", p.Reason.Text, p.Shared.Text)
	}
	if len(table.Foreigns) != 3 || table.Foreigns[0].Label.Text != "X, Y" || table.Foreigns[1].Outside != OutsideDrop {
		t.Errorf("foreign blocks: %+v", table.Foreigns)
	}
	var args []value.Value
	for _, c := range table.Columns {
		if c.Mask != nil {
			args = append(args, c.Mask.Args...)
		}
	}
	want := []value.Value{value.NewText("a \"${b}\" %{c}\n"), value.NewDecimal("-1.50"), value.NewInt(-1 << 63),
		{}, value.NewBool(true), value.NewBool(false), value.NewInt(0)}
	if !cmp.Equal(args, want, cmp.Comparer(value.Equal)) {
		t.Errorf("mask arguments %v", args)
	}
	if last := table.Columns[5]; !last.Keep || last.Stub == nil || last.Stub.Int() != -3 {
		t.Errorf("a column with a stub only: %+v", last)
	}
	if got := Columns(table.Where.Expr); !cmp.Equal(got, []string{"Begun", "Code", "Ended", "Kind", "order", "Å_1"}) {
		t.Errorf("columns %v", got)
	}
	if got := fmt.Sprint(m.Allowed[0].Functions, m.Allowed[0].Views, m.Allowed[1].Functions, m.Allowed[1].Views); got != `[Queue [a.b].Age dbo.it's] [] [Age] [dbo.Calendar dbo.calendar]` {
		t.Errorf("allowed: %s", got)
	}
	if got := m.Allowed[1].Reason.Text; got != "days of the year, the same for everybody" {
		t.Errorf("the reason for which it is allowed: %q", got)
	}
	for _, a := range m.Allowed {
		for _, n := range append(a.Functions, a.Views...) {
			if at := string(m.Source[n.Range.Start.Byte:n.Range.End.Byte]); !strings.Contains(at, n.Table) {
				t.Errorf("%s stands at %s", n, at)
			}
		}
	}
	if m.Table("", "Queue").Rows != RowsEmpty || m.Table("dbo", "Queue") != nil {
		t.Error("Table finds wrongly")
	}
}

// The map of design.md, with the mask that is the literal null.
func TestParseDesign(t *testing.T) {
	m := parseFile(t, "testdata/good/design.hcl")
	staff := m.Table("dbo", "Staff")
	if staff.Columns[0].Mask.Name != "null" || staff.Columns[2].Mask.Args[0].Text() != "person" {
		t.Errorf("masks: %+v", staff.Columns)
	}
	if m.Provider.Unit.Table.Table != "CareUnit" || len(m.Reference[0].Tables) != 2 || m.Excluded[0].Reason.Text == "" {
		t.Errorf("provider %+v, reference %+v", m.Provider, m.Reference)
	}
	if m.Table("dbo", "Patient").Paths[0].From.Table != "Visit" {
		t.Error("from is lost")
	}
}

// A text reaches the map as it was written: HCL alone would compose é.
func TestTextIsExact(t *testing.T) {
	const decomposed = "e\u0301"
	m, found := Parse("m", []byte("version = 1\nprovider {\n  table = \""+decomposed+"\"\n  key = \"e\\u0301\"\n}\n"))
	if m == nil {
		t.Fatal(found)
	}
	if m.Provider.Table.Table != decomposed || m.Provider.Key.Text != decomposed {
		t.Errorf("table %+q, key %+q", m.Provider.Table.Table, m.Provider.Key.Text)
	}
}

// The place of an error inside a condition is its place in the file, whatever the text went through.
func TestWherePlaces(t *testing.T) {
	for _, c := range []struct {
		title, where  string
		line, column  int
		pointedAtText string
	}{
		{"plain", `"a = 1 AND b = @"`, 8, 26, "@"},
		{"after escapes", `"\"a\" = '$${x}' AND b = @"`, 8, 36, "@"},
		{"after wide characters", `"åäö = 1 AND b = @"`, 8, 28, "@"},
		{"heredoc", "<<EOT\na = 1\n  AND b = @\nEOT", 10, 11, "@"},
		{"indented heredoc", "<<-EOT\n    a = '$${'\n      AND b = @\n    EOT", 10, 15, "@"},
	} {
		t.Run(c.title, func(t *testing.T) {
			src := []byte(wherePrefix + c.where + "\n}\n")
			_, found := Parse("m", src)
			if len(found) != 1 {
				t.Fatal(found)
			}
			at := found[0].Subject
			if at.Start.Line != c.line || at.Start.Column != c.column || string(src[at.Start.Byte:at.End.Byte]) != c.pointedAtText {
				t.Errorf("%v points at %q", found, src[at.Start.Byte:at.End.Byte])
			}
		})
	}
}

// A reason is printed in comments of SQL scripts: nothing in it may end one.
func TestReasonIsOneLine(t *testing.T) {
	src := "version = 1\nprovider {\n  table = \"P\"\n  key = \"K\"\n}\nexcluded {\n  tables = [\"T\"]\n  reason = %s\n}\n"
	m, found := Parse("m", []byte(strings.ReplaceAll(src, "%s", `"a\r\nDROP\n\n b"`)))
	if m == nil || m.Excluded[0].Reason.Text != "a DROP b" {
		t.Errorf("%v", found)
	}
	for _, bad := range []string{`"a\u2028b"`, `"a\u0085b"`, `"a\u0000b"`, `"a\u202eb"`} {
		if m, _ := Parse("m", []byte(strings.ReplaceAll(src, "%s", bad))); m != nil {
			t.Errorf("%s is taken", bad)
		}
	}
}

func TestParseTooLarge(t *testing.T) {
	m, found := Parse("m", make([]byte, MaxSize+1))
	if m != nil || len(found) != 1 || found[0].Code != CodeUnreadable {
		t.Errorf("%v", found)
	}
}

func TestCodesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Codes() {
		if seen[c.Code] || c.Meaning == "" {
			t.Errorf("code %s", c.Code)
		}
		seen[c.Code] = true
	}
}

func TestParseTableName(t *testing.T) {
	for text, want := range map[string][2]string{
		"Visit": {"", "Visit"}, "dbo.Visit": {"dbo", "Visit"}, "[a.b].[c]": {"a.b", "c"}, `"a""b".c`: {`a"b`, "c"},
		"[a]]b]": {"", "a]b"}, "my schema.My Table": {"my schema", "My Table"}, "[ x ]": {"", " x "}, "Å.ä": {"Å", "ä"},
		`["]."]"`: {`"`, "]"},
	} {
		schema, table, err := ParseTableName(text)
		if err != nil || schema != want[0] || table != want[1] {
			t.Errorf("%s: %q, %q, %v", text, schema, table, err)
		}
	}
	for _, text := range []string{"", ".", "a.", ".a", "a..b", "a.b.c", "[a", `"a`, "[a]b", "a]", "a[b", ` a`, "a .b", "[]", `""`, "a\nb", "a\x00"} {
		_, _, err := ParseTableName(text)
		if diag.CodeOf(err) != CodeTableName {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// What a catalog prints, a map reads.
func TestTableNameRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.StringMatching(`[a-zÅ."\[\]][a-z ."\[\]]*[a-z."\[\]]`)
		name := catalog.Name{Schema: part.Draw(t, "schema"), Table: part.Draw(t, "table")}
		schema, table, err := ParseTableName(name.String())
		if err != nil || schema != name.Schema || table != name.Table {
			t.Fatalf("%s: %q, %q, %v", name, schema, table, err)
		}
	})
}

// Windows editors end lines with CR LF; that changes nothing.
func TestParseLineEnds(t *testing.T) {
	src, err := os.ReadFile("testdata/good/design.hcl")
	if err != nil {
		t.Fatal(err)
	}
	m, found := Parse("m", []byte(strings.ReplaceAll(string(src), "\n", "\r\n")))
	if m == nil || !cmp.Equal(m.Tables, parseFile(t, "testdata/good/design.hcl").Tables, sameTree) {
		t.Errorf("%v", found)
	}
}
