package diag

import (
	"errors"
	"fmt"
	"testing"
)

// A list is an error when something is refused, and not for warnings.
func TestListErr(t *testing.T) {
	warned := List{{Code: "X2", Severity: Warning, Summary: "remark"}}
	if warned.Refused() || warned.Err() != nil {
		t.Error("a warning refuses")
	}
	refused := append(warned, Diagnostic{Code: "X1", Summary: "wrong", Advice: "write right",
		Subject: Range{File: "m", Start: Pos{Line: 2, Column: 3, Byte: 9}}})
	refused.Sort()
	const want = "warning X2: remark\nm:2:3: error X1: wrong (write right)"
	if err := refused.Err(); err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
}

func TestSort(t *testing.T) {
	at := func(file string, at int) Range { return Range{File: file, Start: Pos{Line: 1, Column: 1, Byte: at}} }
	l := List{{Code: "B", Subject: at("b", 0)}, {Code: "C", Subject: at("a", 9)}, {Code: "B", Subject: at("a", 9)}, {Code: "A", Subject: at("a", 1)}}
	l.Sort()
	got := ""
	for _, d := range l {
		got += d.Subject.File + d.Code
	}
	if got != "aAaBaCbB" {
		t.Error(got)
	}
}

func TestCodeOf(t *testing.T) {
	cause := errors.New("cause")
	err := fmt.Errorf("outer: %w", &Error{Code: "X1", Message: "broke", Err: cause})
	if CodeOf(err) != "X1" || !errors.Is(err, cause) || CodeOf(cause) != "" || CodeOf(List{{Code: "X9"}}) != "X9" {
		t.Error("CodeOf or Unwrap")
	}
}

func TestNearest(t *testing.T) {
	for name, want := range map[string]string{"tabel": "table", "TABLE": "table", "Patiant": "Patient", "zzz": "", "": ""} {
		if got := Nearest(name, []string{"table", "Patient", "provider"}); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
