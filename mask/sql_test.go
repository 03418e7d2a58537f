package mask_test

import (
	"database/sql"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"testing"

	_ "modernc.org/sqlite"
	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/mask/value"
)

// sqliteDialect is the least that these tests need; the engine's own stands in internal/engine/sqlite.
type sqliteDialect struct{}

func (sqliteDialect) Literal(v value.Value, _ value.Type) string {
	switch v.Form() {
	case value.Null:
		return "NULL"
	case value.Bool:
		return map[bool]string{false: "0", true: "1"}[v.Bool()]
	case value.Int:
		return strconv.FormatInt(v.Int(), 10)
	case value.Float:
		return strconv.FormatFloat(v.Float(), 'g', -1, 64)
	case value.Decimal:
		return v.Text()
	}
	return "'" + strings.ReplaceAll(v.Text(), "'", "''") + "'"
}

func (sqliteDialect) Length(text string) string { return "length(" + text + ")" }

func (sqliteDialect) Substring(text, start, count string) string {
	return fmt.Sprintf("substr(%s, %s, %s)", text, start, count)
}

func (sqliteDialect) Repeat(character, count string) string {
	return fmt.Sprintf("replace(hex(zeroblob(%s)), '00', '%s')", count, character)
}

func (sqliteDialect) Concat(texts ...string) string { return "(" + strings.Join(texts, " || ") + ")" }

func memory(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// What a DBA runs from the script and what the library does are the same.
func TestSQLIsGo(t *testing.T) {
	db := memory(t)
	letters := rapid.StringOf(rapid.SampledFrom([]rune("abåÖ*' \U0001f600\u0301%_\\\n")))
	rapid.Check(t, func(rt *rapid.T) {
		column := textColumn(rapid.SampledFrom([]int{0, 1, 2, 3, 80}).Draw(rt, "length"))
		column.Nullable = rapid.Bool().Draw(rt, "nullable")
		kept := rapid.Int64Range(0, 5)
		rules := []mask.Rule{rule(t, "redact"), rule(t, "null"), rule(t, "constant", text(letters.Draw(rt, "constant"))),
			rule(t, "partial", number(kept.Draw(rt, "first")), number(kept.Draw(rt, "last")))}
		r := rapid.SampledFrom(rules).Draw(rt, "rule")
		if _, err := r.Fit(column); err != nil {
			return
		}
		cell, arg := value.Value{}, any(nil)
		if !column.Nullable || rapid.Bool().Draw(rt, "filled") {
			s := letters.Draw(rt, "cell")
			cell, arg = text(s), s
		}
		expression, ok := r.SQL(sqliteDialect{}, column, "x")
		if !ok {
			rt.Fatalf("%s has no SQL form", r.Spec())
		}
		var got sql.NullString
		if err := db.QueryRow("SELECT "+expression+" FROM (SELECT ? AS x)", arg).Scan(&got); err != nil {
			rt.Fatal(err)
		}
		f, err := r.Func(column, nil)
		if err != nil {
			rt.Fatal(err)
		}
		want, err := f(cell)
		if err != nil {
			rt.Fatal(err)
		}
		if got.Valid == want.IsNull() || got.String != want.Text() {
			rt.Fatalf("%s: SQL %q, Go %q", r.Spec(), got.String, want.Text())
		}
		if !r.Holds(column, want) {
			rt.Fatalf("%s: a result does not hold", r.Spec())
		}
	})
}

// SQLite lets a text column hold anything. The SQL form shows no more of a blob, a number or a text with a zero
// character than the rule keeps; only the Go form can refuse them.
func TestSQLNeverShowsMore(t *testing.T) {
	db := memory(t)
	for _, cell := range []string{"x'534543524554'", "x'00534543524554'", "'S' || char(0) || 'ECRET'", "12345678", "1.2345678", "x''"} {
		for _, r := range []mask.Rule{rule(t, "null"), rule(t, "redact"), rule(t, "constant", text("x")), rule(t, "partial", number(1), number(1))} {
			expression, ok := r.SQL(sqliteDialect{}, textColumn(0), "x")
			if !ok {
				t.Fatalf("%s has no SQL form", r.Spec())
			}
			var got sql.NullString
			if err := db.QueryRow(fmt.Sprintf("SELECT hex(%s) FROM (SELECT %s AS x)", expression, cell)).Scan(&got); err != nil {
				t.Fatal(err)
			}
			content, err := hex.DecodeString(got.String)
			if err != nil {
				t.Fatal(err)
			}
			shown := strings.ReplaceAll(string(content), "*", "")
			if len(shown) > 2 || strings.Contains(shown, "EC") {
				t.Errorf("%s of %s shows %q", r.Spec(), cell, shown)
			}
		}
	}
}

func TestSQLGolden(t *testing.T) {
	notNull := textColumn(2)
	notNull.Nullable = false
	for _, c := range []struct {
		rule   mask.Rule
		column mask.Column
		want   string
	}{
		{rule(t, "null"), textColumn(0), `NULL`},
		{rule(t, "redact"), textColumn(0), `CASE WHEN t."x" IS NULL THEN NULL ELSE '***' END`},
		{rule(t, "redact"), notNull, `'**'`},
		{rule(t, "constant", text("it's")), textColumn(0), `CASE WHEN t."x" IS NULL THEN NULL ELSE 'it''s' END`},
		{rule(t, "partial", number(0), number(0)), textColumn(0),
			`CASE WHEN t."x" IS NULL THEN NULL WHEN length(t."x") <= 0 THEN replace(hex(zeroblob(length(t."x"))), '00', '*') ELSE replace(hex(zeroblob((length(t."x") - 0))), '00', '*') END`},
		{rule(t, "partial", number(2), number(1)), textColumn(0),
			`CASE WHEN t."x" IS NULL THEN NULL WHEN length(t."x") <= 3 THEN replace(hex(zeroblob(length(t."x"))), '00', '*') ELSE (substr(t."x", 1, 2) || replace(hex(zeroblob((length(t."x") - 3))), '00', '*') || substr(t."x", (length(t."x") - 0), 1)) END`},
	} {
		if got, _ := c.rule.SQL(sqliteDialect{}, c.column, `t."x"`); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.rule.Spec(), got, c.want)
		}
	}
}
