package engine_test

import (
	"fmt"
	"testing"

	"github.com/utdrag/utdrag/internal/engine"
)

func TestInline(t *testing.T) {
	literal := func(i int) string { return fmt.Sprintf("<%d>", i) }
	for _, c := range []struct{ sql, prefix, want string }{
		{"a = ?1 AND b = ?2", "?", "a = <0> AND b = <1>"},
		{"a = $2 OR $1 = '$1'", "$", "a = <1> OR <0> = '$1'"},
		{"[x @p1 ]] @p2] = @p1", "@p", "[x @p1 ]] @p2] = <0>"},
		{"\"a\"\"$1\" = $1", "$", "\"a\"\"$1\" = <0>"},
		{"'it''s $1' || $2", "$", "'it''s $1' || <1>"},
		{"$3 $0 $ $1x $12", "$", "$3 $0 $ <0>x $12"},
		{"'open $1", "$", "'open $1"},
		{"", "$", ""},
	} {
		if got := engine.Inline(c.sql, c.prefix, 2, literal); got != c.want {
			t.Errorf("%s: got %s, want %s", c.sql, got, c.want)
		}
	}
	if got := engine.Inline("?1", "?", 0, literal); got != "?1" {
		t.Errorf("without arguments: %s", got)
	}
}
