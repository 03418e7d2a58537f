package order

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/utdrag/utdrag/filter/diag"
)

var update = flag.Bool("update", false, "write the golden files anew")

// exercised are the codes that some test has met.
var exercised = map[string]bool{}

func TestMain(m *testing.M) {
	flag.Parse()
	result := m.Run()
	// A run of all tests must have met every code.
	if run := flag.Lookup("test.run"); result == 0 && run.Value.String() == "" && flag.Lookup("test.fuzz").Value.String() == "" && flag.Lookup("test.list").Value.String() == "" {
		known := map[string]bool{}
		for _, c := range Codes() {
			known[c.Code] = true
			if !exercised[c.Code] {
				fmt.Printf("no test meets %s: %s\n", c.Code, c.Meaning)
				result = 1
			}
		}
		for code := range exercised {
			if !known[code] {
				fmt.Printf("%s is not in Codes\n", code)
				result = 1
			}
		}
	}
	os.Exit(result)
}

// canary is the password of the orders in testdata. Nothing must ever tell it.
const canary = "hunter2"

// judge holds diagnostics against the rules of the house.
func judge(t *testing.T, found diag.List) {
	t.Helper()
	for _, d := range found {
		exercised[d.Code] = true
		switch text := d.Error(); {
		case d.Subject.File == "" || d.Subject.Start.Line < 1 || d.Subject.Start.Column < 1:
			t.Errorf("%s has no place: %v", d.Code, d)
		case d.Summary == "" || d.Advice == "":
			t.Errorf("%s says too little: %v", d.Code, d)
		case strings.HasSuffix(d.Summary, ".") || strings.HasSuffix(d.Advice, ".") || strings.ContainsAny(text, "\n\x00"):
			t.Errorf("%s is more than a line, or ends in a full stop: %q", d.Code, text)
		case strings.Contains(text, canary):
			t.Errorf("%s tells a secret", d.Code)
		}
	}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if got := diag.CodeOf(err); got != code {
		t.Errorf("code %q (%v), want %s", got, err, code)
	}
	exercised[code] = true
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; -update writes it):\n%s", file, diff)
	}
}

// lines is a list of diagnostics as a golden file has it.
func lines(found diag.List) string {
	if len(found) == 0 {
		return ""
	}
	return found.Error() + "\n"
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func good(t testing.TB, name string) *Order {
	t.Helper()
	o, found := Parse(name, read(t, "testdata/good/"+name))
	if o == nil {
		t.Fatal(found)
	}
	return o
}

var goodOrders = []string{"sftp.order.hcl", "key.order.hcl", "command.order.hcl", "folder.order.hcl"}

// What is wrong with each of the bad orders is told whole, with its place, and without what stands there.
func TestRefused(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*" + Extension)
	if err != nil || len(files) == 0 {
		t.Fatal("no bad orders", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			o, found := Parse(filepath.Base(file), read(t, file))
			if o != nil || !found.Refused() {
				t.Error("it is taken")
			}
			judge(t, found)
			golden(t, strings.TrimSuffix(file, Extension)+".diag", lines(found))
		})
	}
}

// A good order is taken without a word, and its canonical text, form and hash don't change.
func TestTaken(t *testing.T) {
	for _, name := range goodOrders {
		t.Run(name, func(t *testing.T) {
			o, found := Parse(name, read(t, "testdata/good/"+name))
			if o == nil || len(found) > 0 {
				t.Fatal(found)
			}
			base := "testdata/good/" + strings.TrimSuffix(name, Extension)
			golden(t, base+".canonical", string(Write(o)))
			var text, page bytes.Buffer
			if err := o.ShowText(&text); err != nil {
				t.Fatal(err)
			}
			if err := o.ShowHTML(&page); err != nil {
				t.Fatal(err)
			}
			golden(t, base+".txt", text.String())
			golden(t, base+".html", page.String())
			sameAgain(t, o)
		})
	}
}

// sameAgain holds that an order, written and read, is the same order.
func sameAgain(t *testing.T, o *Order) {
	t.Helper()
	text := Write(o)
	again, found := Parse(o.file, text)
	if again == nil {
		t.Fatalf("the canonical text is refused: %v\n%s", found, text)
	}
	if diff := cmp.Diff(o, again, cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".places" }, cmp.Ignore()), cmp.AllowUnexported(Order{})); diff != "" {
		t.Fatalf("another order was read (-was +is):\n%s\n%s", diff, text)
	}
	if !bytes.Equal(text, Write(again)) { // which is what hashes and equality are of
		t.Fatal("two canonical texts differ")
	}
}

// The template is HCL; all that is refused in it are its blanks.
func TestTemplate(t *testing.T) {
	var b bytes.Buffer
	if err := Template(&b); err != nil {
		t.Fatal(err)
	}
	o, found := Parse("new.order.hcl", b.Bytes())
	if o != nil {
		t.Fatal("the template is taken as it is")
	}
	judge(t, found)
	for _, d := range found {
		if d.Code != CodeText {
			t.Errorf("not a blank: %v", d)
		}
	}
	golden(t, "testdata/template.diag", lines(found))
}
