package postgres

import (
	"os"
	"testing"

	"github.com/utdrag/utdrag/internal/engine/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Run(m)) }

// What is read once is read again in the same way: the canonical text is its own.
func TestCanonicalTextIsItsOwn(t *testing.T) {
	for _, sql := range accepted {
		s, err := Syntax{}.Read(sql)
		if err != nil {
			t.Errorf("%s\n%v", sql, err)
			continue
		}
		again, err := Syntax{}.Read(s.Text)
		if err != nil || again.Text != s.Text || dump(again) != dump(s) {
			t.Errorf("%s\nread again: %v\n%s\n%s", sql, err, dump(s), dump(again))
		}
	}
}

func TestParameterFollowsTheQuerysOwn(t *testing.T) {
	if got := (Syntax{}).Parameter(2, 3); got != "$5" {
		t.Error(got)
	}
}

func TestFold(t *testing.T) {
	if got := (Syntax{}).Fold("ABCÅ_x"); got != "abcÅ_x" {
		t.Error(got)
	}
}
