package disclosure

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/utdrag/utdrag/filter/diag"
)

func verifyText(t testing.TB, text []byte, a *Anchor, witnesses ...*Anchor) *Report {
	t.Helper()
	r, err := Verify(bytes.NewReader(text), Verification{Name: "log", Keys: []Verifier{region()}, Anchor: a, Beside: a != nil, Witnesses: witnesses})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Every byte of a small log, changed in two ways, is found, without the anchor too: no byte of a signature is free.
func TestEveryByteCounts(t *testing.T) {
	l := newTestLog(t, delivered(), refusal())
	text := read(t, l.path)
	if r := verifyText(t, text, nil); r.Findings.Refused() {
		t.Fatal(r.Findings)
	}
	for i := range text {
		for _, flip := range []byte{1 << (i % 8), 0x20} {
			changed := bytes.Clone(text)
			changed[i] ^= flip
			if r := verifyText(t, changed, nil); !r.Findings.Refused() {
				t.Fatalf("byte %d with bits %#x flipped isn't found", i, flip)
			}
		}
		if i%7 == 0 {
			if r := verifyText(t, append(text[:i:i], text[i+1:]...), nil); !r.Findings.Refused() {
				t.Fatalf("byte %d taken out isn't found", i)
			}
		}
	}
	anchor := read(t, l.anchor)
	for i := range anchor {
		changed := bytes.Clone(anchor)
		changed[i] ^= 0x01
		_, err := ReadAnchor(bytes.NewReader(changed), l.options.Keys)
		wantCode(t, err, codeAnchor)
	}
}

// Every bit of the raw signature: base64 and JSON aren't all that holds it.
func TestEveryBitOfASignatureCounts(t *testing.T) {
	l := newTestLog(t, refusal())
	line := bytes.TrimSuffix(linesOf(read(t, l.path))[1], []byte("\n"))
	r, body, err := decodeRecord(line)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 8 * len(r.Signature) {
		s := bytes.Clone(r.Signature)
		s[i/8] ^= 1 << (i % 8)
		if region().Check(body, s, r.At()) == nil {
			t.Errorf("bit %d of the signature's byte %d is free", i%8, i/8)
		}
	}
	for name, s := range map[string][]byte{"twice": append(bytes.Clone(r.Signature), r.Signature...), "none": nil,
		"cut": r.Signature[:len(r.Signature)-1]} {
		if region().Check(body, s, r.At()) == nil {
			t.Error(name)
		}
	}
	if region().Check(body, r.Signature, r.At().Add(time.Second)) == nil {
		t.Error("a signature of another time holds")
	}
}

// resigned makes a record of a line as somebody with the key would who doesn't know of the chain.
func resigned(t testing.TB, key testKey, line []byte, change func(*Record)) []byte {
	t.Helper()
	r, _, err := decodeRecord(bytes.TrimSuffix(line, []byte("\n")))
	if err != nil {
		t.Fatal(err)
	}
	r.Signature = nil
	change(r)
	r.Signer = key.Fingerprint()
	body, err := encode(r)
	if err != nil {
		t.Fatal(err)
	}
	if r.Signature, err = key.Sign(body, r.At()); err != nil {
		t.Fatal(err)
	}
	text, err := encode(r)
	if err != nil {
		t.Fatal(err)
	}
	return append(text, '\n')
}

func TestWhatIsDoneToALog(t *testing.T) {
	l := newTestLog(t, startedFor(tallmo), delivered(), startedFor(angso), refusal())
	text := read(t, l.path)
	n := linesOf(text)
	o := testOptions()
	o.Random = bytes.NewReader(bytes.Repeat([]byte{9}, 16))
	other, err := Create(t.TempDir()+"/other.log", o)
	if err != nil {
		t.Fatal(err)
	}
	for range 4 {
		if _, err := other.Append(t.Context(), refusal()); err != nil {
			t.Fatal(err)
		}
	}
	foreign := linesOf(read(t, other.path))
	edit := func(line []byte, from, to string) []byte {
		if !bytes.Contains(line, []byte(from)) {
			t.Fatal("nothing to edit")
		}
		return bytes.Replace(line, []byte(from), []byte(to), 1)
	}
	sign := func(key testKey, i int, change func(*Record)) []byte { return resigned(t, key, n[i], change) }
	anchor := anchorOf(t, l)
	for name, x := range map[string]struct {
		code  string
		lines [][]byte
		line  int // where it is reported; 0 for the log as a whole
	}{
		"first removed":         {codeFirst, [][]byte{n[1], n[2], n[3], n[4]}, 1},
		"middle removed":        {codeMissing, [][]byte{n[0], n[1], n[3], n[4]}, 3},
		"last removed":          {codeCut, [][]byte{n[0], n[1], n[2], n[3]}, 0},
		"all removed":           {codeFirst, nil, 0},
		"swapped":               {codeMoved, [][]byte{n[0], n[2], n[1], n[3], n[4]}, 3},
		"twice":                 {codeTwice, [][]byte{n[0], n[1], n[1], n[2], n[3], n[4]}, 3},
		"edited":                {codeSignature, [][]byte{n[0], n[1], edit(n[2], `"rows":120`, `"rows":12`), n[3], n[4]}, 3},
		"edited and signed":     {codeChain, [][]byte{n[0], n[1], sign(region(), 2, func(r *Record) { r.Disclosure.Tables[0].Rows = 12 }), n[3], n[4]}, 4},
		"last edited, signed":   {codeAnchor, [][]byte{n[0], n[1], n[2], n[3], sign(region(), 4, func(r *Record) { r.Disclosure.Code = "UM013" })}, 0},
		"two writers":           {codeTwice, [][]byte{n[0], n[1], n[2], sign(region(), 2, func(r *Record) { r.Disclosure = new(refusal()) }), n[3], n[4]}, 4},
		"put in":                {codeTwice, [][]byte{n[0], n[1], sign(region(), 1, func(r *Record) { r.Previous = digest(n[1][:len(n[1])-1]) }), n[2], n[3], n[4]}, 3},
		"another log's record":  {codeForeign, [][]byte{n[0], n[1], foreign[2], n[3], n[4]}, 3},
		"another log's end":     {codeForeign, [][]byte{n[0], n[1], n[2], foreign[3], foreign[4]}, 4},
		"another log":           {codeForeign, foreign, 0},
		"a stranger's":          {codeSigner, [][]byte{n[0], n[1], n[2], n[3], sign(stranger(), 4, func(*Record) {})}, 5},
		"a stranger's in name":  {codeSignature, [][]byte{n[0], n[1], n[2], n[3], edit(sign(stranger(), 4, func(*Record) {}), stranger().Fingerprint(), region().Fingerprint())}, 5},
		"unknown member":        {codeUnknown, [][]byte{n[0], n[1], edit(n[2], `"provider":`, `"patient":"x","provider":`), n[3], n[4]}, 3},
		"member twice":          {codeForm, [][]byte{n[0], n[1], edit(n[2], `"started":1,`, `"started":1,"started":1,`), n[3], n[4]}, 3},
		"member in other case":  {codeForm, [][]byte{n[0], n[1], edit(n[2], `"started":1`, `"Started":1`), n[3], n[4]}, 3},
		"space":                 {codeForm, [][]byte{n[0], n[1], edit(n[2], `"started":1`, `"started": 1`), n[3], n[4]}, 3},
		"null":                  {codeForm, [][]byte{n[0], n[1], edit(n[2], `"disclosure":`, `"repaired":null,"disclosure":`), n[3], n[4]}, 3},
		"escape":                {codeForm, [][]byte{n[0], n[1], edit(n[2], "ö", `\u00f6`), n[3], n[4]}, 3},
		"carriage return":       {codeForm, [][]byte{n[0], n[1], edit(n[2], "}\n", "}\r\n"), n[3], n[4]}, 3},
		"bytes after":           {codeUnreadable, [][]byte{n[0], n[1], edit(n[2], "}\n", "}{}\n"), n[3], n[4]}, 3},
		"not UTF-8":             {codeForm, [][]byte{n[0], n[1], edit(n[2], "ö", "\xf6"), n[3], n[4]}, 3},
		"no JSON":               {codeUnreadable, [][]byte{n[0], n[1], []byte("hello\n"), n[3], n[4]}, 3},
		"empty line":            {codeUnreadable, [][]byte{n[0], n[1], n[2], n[3], n[4], []byte("\n")}, 6},
		"person number, signed": {codePersonal, [][]byte{n[0], n[1], sign(region(), 2, func(r *Record) { r.Disclosure.Purpose = "om 19121212-1212" }), n[3], n[4]}, 3},
		"field, signed":         {codeField, [][]byte{n[0], n[1], sign(region(), 2, func(r *Record) { r.Disclosure.Provider = "tallmö" }), n[3], n[4]}, 3},
		"other version":         {codeField, [][]byte{n[0], n[1], edit(n[2], `"disclosure_log":1`, `"disclosure_log":2`), n[3], n[4]}, 3},
		"clock hidden":          {codeClockHidden, [][]byte{n[0], n[1], n[2], n[3], sign(region(), 4, func(r *Record) { r.Time = start.Format(timeForm) })}, 5},
		"clock cried":           {codeClockHidden, [][]byte{n[0], n[1], n[2], n[3], sign(region(), 4, func(r *Record) { r.ClockBack = true })}, 5},
		"newline cut":           {codeTorn, [][]byte{text[:len(text)-1]}, 5},
		"half a record":         {codeTorn, [][]byte{text[:len(text)-100]}, 5},
		"zeros":                 {codeTorn, [][]byte{text, []byte("\x00\x00\x00\n")}, 6},
		"long line":             {codeLong, [][]byte{n[0], n[1], n[2], n[3], bytes.Repeat([]byte("x"), maxLine+1), []byte("\n")}, 5},
	} {
		t.Run(name, func(t *testing.T) {
			r := verifyText(t, bytes.Join(x.lines, nil), anchor)
			wantFinding(t, r, x.code, diag.Refusal)
			if r.Findings.Err() == nil {
				t.Error("not an error")
			}
			first := true
			for _, d := range r.Findings {
				if d.Code == x.code && first && d.Subject.Start.Line != x.line {
					t.Errorf("%s at line %d, want %d", d.Code, d.Subject.Start.Line, x.line)
				}
				first = first && d.Code != x.code
				if strings.Contains(d.Error(), "1912") || strings.Contains(d.Error(), "patient\"") {
					t.Error("a finding quotes the log:", d)
				}
			}
		})
	}
}

// One broken line is one finding, not one for each line after it.
func TestFindingsAreFew(t *testing.T) {
	l := newTestLog(t, startedFor(tallmo), refusal(), refusal(), refusal())
	text := bytes.Replace(read(t, l.path), []byte(tallmo), []byte(angso), 1)
	r := verifyText(t, text, anchorOf(t, l))
	if len(r.Findings) != 2 || r.Findings[0].Code != codeSignature || r.Findings[1].Code != codeChain {
		t.Error(r.Findings)
	}
	if got := r.Findings[1].Error(); got != "log:3:1: error UD207: record 3 doesn't follow the line before it (the record before it was changed, or this one was put there)" {
		t.Error(got)
	}
}

// A witness, of whatever age, tells of a log that was cut back together with its anchor, or written anew with the key.
func TestWitness(t *testing.T) {
	l := newTestLog(t, refusal())
	oldText, oldAnchor := read(t, l.path), anchorOf(t, l)
	for range 2 {
		if _, err := l.Append(t.Context(), refusal()); err != nil {
			t.Fatal(err)
		}
	}
	newest := anchorOf(t, l)
	if r := verifyText(t, read(t, l.path), newest, oldAnchor); len(r.Findings) != 0 {
		t.Error(r.Findings)
	}
	if r := verifyText(t, oldText, oldAnchor); len(r.Findings) != 0 {
		t.Error(r.Findings)
	}
	wantFinding(t, verifyText(t, oldText, oldAnchor, newest), codeCut, diag.Refusal)

	again := newTestLog(t, startedFor(tallmo), refusal())
	wantFinding(t, verifyText(t, read(t, again.path), anchorOf(t, again), oldAnchor), codeAnchor, diag.Refusal)
}

func TestNoAnchor(t *testing.T) {
	l := newTestLog(t, refusal())
	wantFinding(t, verifyText(t, read(t, l.path), nil), codeNoAnchor, diag.Warning)
	if err := os.Remove(l.anchor); err != nil {
		t.Fatal(err)
	}
	wantFinding(t, verifyLog(t, l), codeNoAnchor, diag.Refusal)
}

// What is found is bounded, and the count of the rest is a refusal if one of them is.
func TestManyFindings(t *testing.T) {
	r := verifyText(t, bytes.Repeat([]byte("x\n"), 5000), nil)
	wantFinding(t, r, codeMore, diag.Refusal)
	if len(r.Findings) != maxFindings+1 || r.Findings[maxFindings].Summary != "4902 more findings are not listed" {
		t.Error(len(r.Findings), r.Findings[len(r.Findings)-1])
	}
}

func TestReadFails(t *testing.T) {
	_, err := Verify(iotest.ErrReader(errors.New("broken")), Verification{Keys: []Verifier{region()}})
	wantCode(t, err, codeDisk)
	wantCode(t, Show(io.Discard, iotest.ErrReader(errors.New("broken")), Filter{}), codeDisk)
	_, err = ReadAnchor(iotest.ErrReader(errors.New("broken")), []Verifier{region()})
	wantCode(t, err, codeDisk)
}

// endless repeats lines without holding them.
type endless struct {
	line []byte
	left int64
	at   int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(int64(len(p)), e.left)], e.line[e.at:])
	e.at, e.left = (e.at+n)%len(e.line), e.left-int64(n)
	return n, nil
}

// A log of any size, or one line of any length, is read in bounded memory.
func TestMemory(t *testing.T) {
	for name, line := range map[string]string{"lines": strings.Repeat("x", 5000) + "\n", "one line": "xxxxxxxxxxxxxxxx"} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		r, err := Verify(&endless{line: []byte(line), left: 128 << 20}, Verification{Keys: []Verifier{region()}})
		runtime.GC()
		runtime.ReadMemStats(&after)
		if err != nil || !r.Findings.Refused() {
			t.Fatal(err)
		}
		if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 32<<20 {
			t.Errorf("%s: the heap grew by %d bytes", name, grown)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	l := newTestLog(b)
	for range 100 {
		if _, err := l.Append(b.Context(), delivered()); err != nil {
			b.Fatal(err)
		}
	}
	text, a := read(b, l.path), anchorOf(b, l)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if r := verifyText(b, text, a); len(r.Findings) != 0 {
			b.Fatal(r.Findings)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/101, "µs/record")
}

func ExampleVerify() {
	log := strings.NewReader("not a log\n")
	report, err := Verify(log, Verification{Name: "disclosures.log", Keys: []Verifier{region()}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, finding := range report.Findings {
		fmt.Println(finding.Severity, finding.Code)
	}
	// Output:
	// error UD201
	// error UD214
	// warning UD218
}
