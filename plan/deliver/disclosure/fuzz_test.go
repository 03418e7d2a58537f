package disclosure

import (
	"bytes"
	"io"
	"testing"
)

// What is read as a record is written again to the same bytes.
func FuzzRecord(f *testing.F) {
	l := newTestLog(f, startedFor(tallmo), delivered(), refusal())
	for _, line := range linesOf(read(f, l.path)) {
		f.Add(bytes.TrimSuffix(line, []byte("\n")))
	}
	f.Add([]byte(`{"disclosure_log":1,"disclosure_log":1}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		r, body, err := decodeRecord(line)
		if err != nil {
			return
		}
		again, err := encode(r)
		if err != nil || !bytes.Equal(again, line) {
			t.Fatalf("read %q, wrote %q, %v", line, again, err)
		}
		r.Signature = nil
		if again, err = encode(r); err != nil || !bytes.Equal(again, body) {
			t.Fatalf("signed is %q, not %q, %v", body, again, err)
		}
		if bytes.IndexByte(line, '\n') >= 0 || personal(r.Actor.Key) {
			t.Fatal("a record of two lines")
		}
	})
}

// Verify and Show take any input.
func FuzzVerify(f *testing.F) {
	l := newTestLog(f, startedFor(tallmo), refusal(), refusal())
	text := read(f, l.path)
	f.Add(text)
	f.Add(text[:len(text)-1])
	f.Add(append(bytes.Clone(text), text...))
	f.Add([]byte("\n\n"))
	f.Fuzz(func(t *testing.T, other []byte) {
		r, err := Verify(bytes.NewReader(other), Verification{Keys: l.options.Keys})
		if err != nil {
			t.Fatal(err)
		}
		// Showing what verifies succeeds, and is the same.
		var shown bytes.Buffer
		if err := ShowJSON(&shown, bytes.NewReader(other), Filter{}); err == nil && !bytes.Equal(shown.Bytes(), other) || err != nil && !r.Findings.Refused() {
			t.Fatalf("%v, shown %q", err, shown.Bytes())
		}
		if err := Show(io.Discard, bytes.NewReader(other), Filter{}); err != nil && !r.Findings.Refused() {
			t.Fatal(err)
		}
	})
}

// A piece of the log or of the anchor replaced by another: sound only if the bytes are the same, or the log ends earlier.
// The edit, not the text, is what is mutated: the test's keys, and so its texts, are others in each process.
func FuzzEdit(f *testing.F) {
	l := newTestLog(f, startedFor(tallmo), refusal(), refusal())
	text, anchorText := read(f, l.path), read(f, l.anchor)
	f.Add(uint16(40), uint16(1), []byte("8"))
	f.Add(uint16(500), uint16(0), []byte(" "))
	f.Add(uint16(700), uint16(900), []byte{})
	f.Add(uint16(0), uint16(0), []byte("\n"))
	f.Fuzz(func(t *testing.T, at, cut uint16, put []byte) {
		edit := func(text []byte) []byte {
			from := min(int(at), len(text))
			to := min(from+int(cut), len(text))
			return bytes.Join([][]byte{text[:from], put, text[to:]}, nil)
		}
		other := edit(text)
		r, err := Verify(bytes.NewReader(other), Verification{Keys: l.options.Keys})
		if err != nil {
			t.Fatal(err)
		}
		if !r.Findings.Refused() && (!bytes.HasPrefix(text, other) || !bytes.HasSuffix(other, []byte("\n"))) {
			t.Fatalf("%q passes", other)
		}
		anchor := edit(anchorText)
		if _, err := ReadAnchor(bytes.NewReader(anchor), l.options.Keys); err == nil && !bytes.Equal(anchor, anchorText) {
			t.Fatalf("%q passes", anchor)
		}
	})
}

// No text that passes holds a number in its plain forms, wherever it stands.
func FuzzPersonal(f *testing.F) {
	f.Add("om ", "19121212-1212", ".")
	f.Add("2026-01-01 - ", "121212-1212", " 2026-12-31")
	f.Fuzz(func(t *testing.T, before, _, after string) {
		for _, number := range []string{"191212121212", "19121212-1212", "121212-1212", "121212+1212"} {
			edge := func(s string, at int) bool { return s != "" && (s[at] >= '0' && s[at] <= '9') }
			if edge(before, max(0, len(before)-1)) || edge(after, 0) || restOfDate.MatchString(after) {
				continue
			}
			if !personal(before + number + after) {
				t.Fatalf("%q passes", before+number+after)
			}
		}
	})
}
