package sink

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

func sample() *Receipt {
	return &Receipt{Format: 1, Package: packageName, Bytes: 7, SHA256: strings.Repeat("0a", 32), Order: "order-1",
		Run: "2026-11", Finished: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), Verified: VerifiedReadBack}
}

func TestReceipt(t *testing.T) {
	text, err := sample().Encode()
	if err != nil {
		t.Fatal(err)
	}
	const want = `{
  "utdrag_receipt": 1,
  "package": "SE5560000001-0001-2026-11.utdrag",
  "bytes": 7,
  "sha256": "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a",
  "order": "order-1",
  "run": "2026-11",
  "finished": "2026-11-22T12:00:00Z",
  "verified": "read back"
}
`
	if string(text) != want {
		t.Errorf("%s", text)
	}
	for name, change := range map[string]func(string) string{
		"empty":         func(string) string { return "" },
		"cut":           func(s string) string { return s[:len(s)-3] },
		"more":          func(s string) string { return s + "{}" },
		"unknown":       func(s string) string { return strings.Replace(s, `"bytes"`, `"patient": "x", "bytes"`, 1) },
		"twice":         func(s string) string { return strings.Replace(s, `"bytes": 7`, `"bytes": 8, "bytes": 7`, 1) },
		"other case":    func(s string) string { return strings.Replace(s, `"bytes"`, `"Bytes"`, 1) },
		"format":        func(s string) string { return strings.Replace(s, `receipt": 1`, `receipt": 2`, 1) },
		"path":          func(s string) string { return strings.Replace(s, packageName, "../x", 1) },
		"negative":      func(s string) string { return strings.Replace(s, `7,`, `-7,`, 1) },
		"hash":          func(s string) string { return strings.Replace(s, `0a`, `0A`, 1) },
		"local time":    func(s string) string { return strings.Replace(s, `00Z`, `00+01:00`, 1) },
		"verified":      func(s string) string { return strings.Replace(s, `read back`, `trusted`, 1) },
		"large":         func(s string) string { return s + strings.Repeat(" ", maxReceipt) },
		"control":       func(s string) string { return strings.Replace(s, `order-1`, `order\u001b`, 1) },
		"half a second": func(s string) string { return strings.Replace(s, `00Z`, `00.5Z`, 1) },
	} {
		_, err := ReadReceipt(strings.NewReader(change(want)))
		if err == nil {
			t.Errorf("%s: it was taken", name)
			continue
		}
		wantCode(t, err, codeReceipt)
	}
	bad := sample()
	bad.Package = "a/b"
	_, err = bad.Encode()
	wantCode(t, err, codeReceipt)
}

// What is accepted is written again to the same bytes.
func FuzzReceipt(f *testing.F) {
	text, _ := sample().Encode()
	f.Add(text)
	f.Add([]byte(`{"utdrag_receipt":1}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := ReadReceipt(bytes.NewReader(text))
		if err != nil {
			return
		}
		again, err := r.Encode()
		if err != nil || !bytes.Equal(again, text) {
			t.Errorf("%q became %q, %v", text, again, err)
		}
	})
}

// What is read as the name of an unfinished file is written again to the same, and what it is to become is a name that
// CheckName or a receipt allows in one folder.
func FuzzPartialName(f *testing.F) {
	f.Add(partial{packageName, orderMark("o"), streamed, "0123456789abcdef"}.String())
	f.Add(".x.utdrag-partial-")
	f.Fuzz(func(t *testing.T, name string) {
		p, ok := parsePartial(name)
		if !ok {
			return
		}
		if p.String() != name || strings.ContainsAny(name, "/\\\x00\n") || strings.HasPrefix(p.base, ".") {
			t.Errorf("%q became %q", name, p)
		}
		if CheckName(name) == nil {
			t.Errorf("%q passes for a package", name)
		}
	})
}

// Every code is met by a test.
func TestCodes(t *testing.T) {
	source, err := os.ReadFile("codes.go")
	if err != nil {
		t.Fatal(err)
	}
	var tests []byte
	for _, name := range names(t, ".") {
		if strings.HasSuffix(name, "_test.go") {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			tests = append(tests, text...)
		}
	}
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\t(code\w+) += "(UD3\d\d)"`).FindAllSubmatch(source, -1) {
		if seen[string(m[2])] {
			t.Errorf("%s is given out twice", m[2])
		}
		seen[string(m[2])] = true
		if !regexp.MustCompile(`wantCode\(.*\b` + string(m[1]) + `\b`).Match(tests) {
			t.Errorf("no test meets %s, %s", m[1], m[2])
		}
	}
	if len(seen) < 30 {
		t.Errorf("only %d codes were found", len(seen))
	}
}
