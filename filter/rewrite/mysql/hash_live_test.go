package mysql

import (
	"encoding/hex"
	"strings"
	"testing"

	engine "github.com/utdrag/utdrag/internal/engine/mysql"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/mask/value"
)

// The server computes the same hash as package mask, in words that the reader takes.
func TestHash(t *testing.T) {
	s := mariadb(t)
	key, err := mask.NewKey([]byte("0123456789abcdefghijklmnopqrstuv"))
	if err != nil {
		t.Fatal(err)
	}
	inner, outer, err := key.Pads()
	if err != nil {
		t.Fatal(err)
	}
	rule, bad := mask.New("hash", value.NewText("person"))
	if bad != nil {
		t.Fatal(bad)
	}
	for _, spaces := range []bool{false, true} {
		c := mask.Column{Type: value.Type{Kind: value.String, Length: 40, Collation: value.Collation{Name: "utf8mb4_bin", IgnoresTrailingSpace: spaces}}}
		hashing, err := rule.(mask.Keyed).Hashing(c)
		if err != nil {
			t.Fatal(err)
		}
		of, err := rule.Func(c, key)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"", "191212121212", "Åsa  ", "it's \U0001f600"} {
			want, err := of(value.NewText(text))
			if err != nil {
				t.Fatal(err)
			}
			sql, ok := engine.Dialect{}.Hash(hashing, "t.`x`", "X'"+hex.EncodeToString(inner)+"'", "X'"+hex.EncodeToString(outer)+"'")
			if !ok {
				t.Fatal("no hash")
			}
			query := "SELECT " + sql + " AS h FROM (SELECT '" + strings.ReplaceAll(text, "'", "''") + "' AS `x`) AS t"
			if _, err := (Syntax{}).Read(query); err != nil {
				t.Errorf("the reader: %v", err)
			}
			out, err := s.run("", "SET NAMES utf8mb4; "+query)
			if got := strings.TrimPrefix(strings.TrimSpace(out), "h\n"); err != nil || got != want.Text() {
				t.Errorf("%q: %s, want %s (%v)", text, got, want.Text(), err)
			}
		}
	}
}
