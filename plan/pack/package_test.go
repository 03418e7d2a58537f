package pack

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/mask/value"
)

// What is written is read again, for every compression and both kinds of seal, signed or not.
func TestRoundTrip(t *testing.T) {
	anna, bo, cleo := keys(t)
	for _, c := range []Compression{Zstd, Gzip, None} {
		for name, to := range map[string]ring{"mdc": anna, "aead": cleo} {
			for _, signed := range []bool{false, true} {
				t.Run(c.String()+" "+name, func(t *testing.T) {
					o := Options{Info: testInfo("sqlite"), Recipients: []*Recipient{to.recipient, to.recipient}, Compression: c}
					k := Keys{Secrets: []*Secret{bo.secret, to.secret}}
					want := Unsigned
					if signed {
						o.Signer, k.Sender, want = bo.secret, bo.sender, Good
					}
					file, sealed := packed(t, o, sample())
					if sum := sha256.Sum256(file); sealed.SHA256 != hex.EncodeToString(sum[:]) || sealed.Size != int64(len(file)) {
						t.Error("size or digest of the sealed file")
					}
					p, err := Open(bytes.NewReader(file), k, Limits{})
					if err != nil {
						t.Fatal(err)
					}
					if p.Signature().State != want {
						t.Errorf("signature %v", p.Signature())
					}
					if len(p.Manifest().Recipients) != 1 {
						t.Error("a recipient that was named twice counts twice")
					}
					readBack(t, p, sample())
					if text, err := p.ReadFile("plan.sql"); err != nil || string(text) != "-- plan\n" {
						t.Errorf("plan.sql: %q, %v", text, err)
					}
				})
			}
		}
	}
}

func readBack(t testing.TB, p *Package, want []data) {
	t.Helper()
	r, err := p.Rows()
	if err != nil {
		t.Fatal(err)
	}
	tables := 0
	for r.NextTable() {
		d := want[tables]
		tables++
		row := make([]value.Value, len(d.table.Columns))
		n := 0
		for r.Next(row) {
			for i := range row {
				if n >= len(d.rows) || !value.Equal(row[i], d.rows[n][i]) {
					t.Fatalf("table %d, row %d, column %d: %v", tables, n, i, row[i])
				}
			}
			n++
		}
		if r.Err() == nil && n != len(d.rows) {
			t.Errorf("table %d: %d rows, want %d", tables, n, len(d.rows))
		}
	}
	if r.Err() != nil || tables != len(want) {
		t.Fatalf("%d tables, %v", tables, r.Err())
	}
	if r.NextTable() || r.Err() != nil {
		t.Errorf("after the end: %v", r.Err())
	}
}

// Reading may stop within a table and go on with the next.
func TestSkipTables(t *testing.T) {
	anna, _, _ := keys(t)
	file, _ := packed(t, Options{Info: testInfo("sqlite"), Recipients: []*Recipient{anna.recipient}, partSize: 64}, sample())
	p, err := Open(bytes.NewReader(file), Keys{Secrets: []*Secret{anna.secret}}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Rows()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for r.NextTable() {
		n++
		if n == 1 {
			r.Next(make([]value.Value, 2))
		}
	}
	if n != 3 || r.Err() != nil {
		t.Errorf("%d tables, %v", n, r.Err())
	}
}

// The same copy gives the same manifest, whoever it is sealed for and whenever.
func TestManifestHasNoClock(t *testing.T) {
	anna, _, _ := keys(t)
	var texts [][]byte
	for _, now := range []int{2031, 2037} {
		_, sealed := packed(t, Options{Info: testInfo("sqlite"), Recipients: []*Recipient{anna.recipient}, Now: at(now)}, sample())
		text, err := sealed.Manifest.Encode()
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	if !bytes.Equal(texts[0], texts[1]) {
		t.Error("two manifests of the same copy differ")
	}
}

// Create, verify, extract: the files have the modes and names they should, and the parts make one CSV.
func TestExtract(t *testing.T) {
	anna, _, _ := keys(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "utdrag.tar.zst.gpg")
	w, err := Create(path, Options{Info: testInfo("sqlite"), Recipients: []*Recipient{anna.recipient}, partSize: 100})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(path); err == nil {
		t.Error("the package has its name before it is whole")
	}
	write(t, w, sample())
	w.Abort() // does nothing any more
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info, err)
	}
	p, err := OpenFile(path, Keys{Secrets: []*Secret{anna.secret}}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	readBack(t, p, sample())
	out := filepath.Join(dir, "out")
	if err := p.Extract(out); err != nil {
		t.Fatal(err)
	}
	for i, c := range p.Manifest().Tables {
		whole := sha256.New()
		for _, f := range c.Parts {
			content, err := os.ReadFile(filepath.Join(out, f.Name))
			if err != nil {
				t.Fatal(err)
			}
			whole.Write(content)
		}
		if hex.EncodeToString(whole.Sum(nil)) != c.SHA256 {
			t.Errorf("table %d: the parts in a row have another digest", i)
		}
	}
	if info, err := os.Stat(filepath.Join(out, "manifest.json")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	wantCode(t, p.Extract(out), codeExists)
	wantCode(t, p.Extract(path), codeExists)
	onlyThese(t, dir, "out", "utdrag.tar.zst.gpg")
}

func onlyThese(t testing.TB, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, e := range entries {
		found = append(found, e.Name())
	}
	if strings.Join(found, " ") != strings.Join(names, " ") {
		t.Errorf("in the folder: %q, want %q", found, names)
	}
}

// A file that changes between the two readings is never let out.
func TestChangedBetweenReadings(t *testing.T) {
	anna, _, _ := keys(t)
	o := Options{Info: testInfo("sqlite"), Recipients: []*Recipient{anna.recipient}}
	first, _ := packed(t, o, sample())
	other := sample()
	other[0].rows[1][1] = value.NewText("smuggled")
	second, _ := packed(t, o, other)
	s := &switching{first: bytes.NewReader(first), second: bytes.NewReader(second)}
	p, err := Open(s, Keys{Secrets: []*Secret{anna.secret}}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	wantCode(t, p.Extract(filepath.Join(dir, "out")), codeMismatch)
	onlyThese(t, dir)
	r, err := p.Rows()
	if err != nil {
		t.Fatal(err)
	}
	if r.NextTable() {
		t.Error("a changed table is read")
	}
	wantCode(t, r.Err(), codeMismatch)
}

// switching gives another content after Seek.
type switching struct{ first, second *bytes.Reader }

func (s *switching) Read(p []byte) (int, error) { return s.first.Read(p) }

func (s *switching) Seek(offset int64, whence int) (int64, error) {
	s.first = s.second
	return s.first.Seek(offset, whence)
}

// The writer refuses what would make no package, says why, and takes nothing after an error.
func TestWriterMisuse(t *testing.T) {
	anna, _, _ := keys(t)
	good := Options{Info: testInfo("sqlite"), Recipients: []*Recipient{anna.recipient}}
	_, err := NewWriter(io.Discard, Options{Info: testInfo("sqlite")})
	wantCode(t, err, codeNoRecipient)
	_, err = NewWriter(io.Discard, Options{Recipients: good.Recipients})
	wantCode(t, err, codeInfo)
	tests := map[string]struct {
		code string
		do   func(w *Writer) error
	}{
		"foreign file":        {codeOrder, func(w *Writer) error { return w.File("../x", nil) }},
		"readme":              {codeOrder, func(w *Writer) error { return w.File("README.txt", nil) }},
		"manifest":            {codeOrder, func(w *Writer) error { return w.File("manifest.json", nil) }},
		"large file":          {codeOrder, func(w *Writer) error { return w.File("plan.sql", make([]byte, PartSize+1)) }},
		"file order":          {codeOrder, func(w *Writer) error { _ = w.File("plan.sql", nil); return w.File("schema.sql", nil) }},
		"file twice":          {codeOrder, func(w *Writer) error { _ = w.File("plan.sql", nil); return w.File("plan.sql", nil) }},
		"no columns":          {codeTable, func(w *Writer) error { _, err := w.Table(table("T")); return err }},
		"no kind":             {codeTable, func(w *Writer) error { _, err := w.Table(table("T", column("a", value.Unknown))); return err }},
		"control in name":     {codeTable, func(w *Writer) error { _, err := w.Table(table("T\n", column("a", value.Integer))); return err }},
		"column twice":        {codeTable, func(w *Writer) error { _, err := w.Table(table("T", column("a", 2), column("a", 2))); return err }},
		"too few cells":       {codeRow, func(w *Writer) error { tw, _ := w.Table(table("T", column("a", 2))); return tw.Write(nil) }},
		"commit inside table": {codeOrder, func(w *Writer) error { _, _ = w.Table(table("T", column("a", 2))); _, err := w.Commit(); return err }},
		"table twice": {codeTable, func(w *Writer) error {
			tw, _ := w.Table(table("T", column("a", 2)))
			_, _ = tw.Close("")
			_, err := w.Table(table("T", column("a", 2)))
			return err
		}},
		"table in table": {codeOrder, func(w *Writer) error {
			_, _ = w.Table(table("T", column("a", 2)))
			_, err := w.Table(table("U", column("a", 2)))
			return err
		}},
		"write after close": {codeOrder, func(w *Writer) error {
			tw, _ := w.Table(table("T", column("a", 2)))
			_, _ = tw.Close("")
			return tw.Write([]value.Value{value.NewInt(1)})
		}},
		"after commit": {codeOrder, func(w *Writer) error { _, _ = w.Commit(); return w.File("plan.sql", nil) }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w, err := NewWriter(io.Discard, good)
			if err != nil {
				t.Fatal(err)
			}
			wantCode(t, test.do(w), test.code)
			w.Abort()
			if _, err := w.Commit(); err == nil {
				t.Error("commit after an error")
			}
		})
	}
}
