package order

import (
	"strings"
	"testing"
	"time"

	"github.com/utdrag/utdrag/filter/diag"
)

// Ids that Windows opens a device for, and words that only begin like one.
func TestAttackIdsThatNameDevices(t *testing.T) {
	for _, text := range []string{"con", "nul", "aux", "prn", "com1", "lpt9", "con.month", "nul.2026"} {
		if _, problem := checkID(text); problem == nil || problem.code != CodeID {
			t.Errorf("%q is taken: a state of that name is lost on Windows", text)
		}
	}
	for _, text := range []string{"conny", "null", "com10", "con-month", "tallmo.con"} {
		if _, problem := checkID(text); problem != nil {
			t.Errorf("%q is refused: %v", text, problem)
		}
	}
}

// Characters that a form must not show, by HCL's escapes: what moves the cursor, turns the text around or can't be seen.
func TestAttackCharactersInTheForm(t *testing.T) {
	text := string(read(t, "testdata/good/sftp.order.hcl"))
	for _, c := range []string{`\u001b[2J`, `\u0007`, `\r`, `\n`, `\u009b`, `\u202e`, `\u2066`, `\u2028`, `\u200b`, `\u00ad`, `\ufeff`, `\ufff9`, `\U000e0041`, `\u3164`, `\u115f`, `\u2800`, `\ue000`} {
		hostile := strings.Replace(text, `Tallmo Läkargrupp`, `Tallmo`+c+`Läkargrupp`, 1)
		if hostile == text {
			t.Fatal("the sample has no such name any more")
		}
		if _, found := Parse("x.order.hcl", []byte(hostile)); diag.CodeOf(found.Err()) != CodeText {
			t.Errorf("%s: %v", c, found)
		}
	}
}

// An order of nothing but blocks is refused in the time that it takes to read.
func TestAttackManyUnits(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a second")
	}
	began := time.Now()
	if _, found := Parse("x.order.hcl", []byte(strings.Repeat("unit {}\n", 100_000))); !found.Refused() {
		t.Error("it is taken")
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
}
