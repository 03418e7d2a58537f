package mysql

import (
	"encoding/hex"
	"fmt"
	"math"
	"strings"
	"testing"

	dialect "github.com/utdrag/utdrag/internal/engine/mysql"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/mask/value"
)

var hostile = []string{"", "a", "it's", `\`, `a\'; DROP TABLE t; -- `, "'", "''", `"`, "`", "--", "/*", "é", "😀", "a\nb", " x ", "\x00", "%_|", "100%"}

// Every literal of the dialect is read, printed and read again as what it is, and the server has the same text of it under
// any sql_mode.
func TestLiterals(t *testing.T) {
	d := dialect.Dialect{}
	text := value.Type{Kind: value.String}
	var asked []string
	var want strings.Builder
	for _, s := range hostile {
		asked = append(asked, "HEX("+d.Literal(value.NewText(s), text)+") = '"+strings.ToUpper(hex.EncodeToString([]byte(s)))+"'")
	}
	for _, n := range []int64{0, -1, math.MaxInt64, math.MinInt64} {
		asked = append(asked, fmt.Sprintf("CAST(%s AS CHAR) = '%d'", d.Literal(value.NewInt(n), value.Type{Kind: value.Integer}), n))
	}
	asked = append(asked, "5 - "+d.Literal(value.NewInt(-1), value.Type{})+" = 6", d.Literal(value.NewFloat(-1.5e10), value.Type{})+" = 0 - 15000000000",
		"CAST("+d.Literal(value.NewDecimal("-12.50"), value.Type{})+" AS CHAR) = '-12.50'", d.Literal(value.NewBool(true), value.Type{})+" = 1",
		d.Literal(value.Value{}, value.Type{})+" IS NULL", "HEX("+d.Literal(value.NewBytes([]byte{0, 255}), value.Type{})+") = '00FF'",
		"LENGTH("+d.Literal(value.NewBytes(nil), value.Type{})+") = 0")
	query := "SELECT " + strings.Join(asked, ", ") + " FROM t"
	printed := rewritten(t, query)
	printed = "SELECT " + printed[strings.Index(printed, "SELECT HEX")+len("SELECT "):strings.LastIndex(printed, " FROM (SELECT `t`.*")]
	s := mariadb(t)
	for range asked {
		want.WriteString("1\t")
	}
	for _, mode := range []string{"", "SET sql_mode = '';"} {
		for _, sql := range []string{"SELECT " + strings.Join(asked, ", "), printed} {
			got, err := s.run("", mode+sql)
			if err != nil {
				t.Fatalf("%s: %v", sql, err)
			}
			if lines := strings.Split(got, "\n"); lines[len(lines)-2]+"\t" != want.String() {
				t.Errorf("%s%s\n%s", mode, sql, got)
			}
		}
	}
}

// LIKE of the map language means the same on the server, and as the reader prints it, under any sql_mode.
func TestLike(t *testing.T) {
	d := dialect.Dialect{}
	s := mariadb(t)
	for _, test := range []struct {
		operand, pattern string
		want             string
	}{
		{"abc", "a%", "1"}, {"abc", "a_c", "1"}, {"a%c", `a\%c`, "1"}, {"abc", `a\%c`, "0"}, {"a|c", "a|c", "1"}, {"a_c", `a\_c`, "1"}, {"abc", `a\_c`, "0"},
		{`a\c`, `a\\c`, "1"}, {"it's", "it's", "1"}, {"a|%", `a|\%`, "1"}, {"a|b", `a|\%`, "0"}, {"ABC", "abc", "1"},
	} {
		like, err := d.Like(d.Literal(value.NewText(test.operand), value.Type{}), test.pattern, value.Type{Kind: value.String, Collation: value.Collation{Name: "utf8mb4_general_ci"}})
		if err != nil {
			t.Fatal(err)
		}
		rewritten(t, "SELECT a FROM t WHERE "+like)
		for _, mode := range []string{"", "SET sql_mode = '';"} {
			got, err := s.run("", mode+"SELECT "+like+" AS x")
			if err != nil || got != "x\n"+test.want+"\n" {
				t.Errorf("%s%s: %q, %v", mode, like, got, err)
			}
		}
	}
	for _, pattern := range []string{`a\`, "a\x00"} {
		if _, err := d.Like("a", pattern, value.Type{Collation: value.Collation{Name: "x"}}); err == nil {
			t.Errorf("%q is written", pattern)
		}
	}
	if _, err := d.Like("a", "a", value.Type{Kind: value.Integer}); err == nil {
		t.Error("LIKE of a number is written")
	}
}

// What masks print is read, and gives on the server what the mask gives in Go.
func TestMasks(t *testing.T) {
	d := dialect.Dialect{}
	s := mariadb(t)
	column := mask.Column{Type: value.Type{Kind: value.String, Length: 40, Collation: value.Collation{Name: "utf8mb4_bin"}}, Nullable: true}
	for name, args := range map[string][]value.Value{"redact": nil, "null": nil, "partial": {value.NewInt(1), value.NewInt(2)}, "constant": {value.NewText(`it's \`)}} {
		rule, err := mask.New(name, args...)
		if err != nil {
			t.Fatal(err)
		}
		f, err := rule.Func(column, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range hostile {
			if strings.ContainsRune(text, 0) {
				continue
			}
			sql, ok := rule.SQL(d, column, d.Literal(value.NewText(text), column.Type))
			if !ok {
				t.Fatalf("%s has no SQL", name)
			}
			rewritten(t, "SELECT "+sql+" AS x FROM t")
			masked, err := f(value.NewText(text))
			if err != nil {
				t.Fatal(err)
			}
			want := "NULL"
			if !masked.IsNull() {
				want = strings.ToUpper(hex.EncodeToString([]byte(masked.Text())))
			}
			if got, err := s.run("", "SELECT HEX("+sql+") AS x"); err != nil || got != "x\n"+want+"\n" {
				t.Errorf("%s: %q, want %s, %v", sql, got, want, err)
			}
		}
	}
}
