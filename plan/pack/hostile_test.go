package pack

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"

	"github.com/utdrag/utdrag/mask/value"
)

// sealRaw seals any content as a package, as a hostile sender could.
func sealRaw(t testing.TB, c Compression, content []byte, hints openpgp.FileHints, to ...ring) []byte {
	t.Helper()
	var b bytes.Buffer
	var entities []*openpgp.Entity
	for _, r := range to {
		entities = append(entities, r.recipient.entity)
	}
	seal, err := openpgp.EncryptWithParams(&b, entities, nil, &openpgp.EncryptParams{Hints: &hints, Config: settings(at(2030))})
	if err != nil {
		t.Fatal(err)
	}
	z, err := c.compressor(seal)
	if err != nil {
		t.Fatal(err)
	}
	_, err = z.Write(content)
	for _, err := range []error{err, z.Close(), seal.Close()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// archive is the content of a good package, in pieces that a test can change.
type archive struct {
	names    []string
	contents [][]byte
	manifest Manifest
}

func (a *archive) add(name string, content string) {
	a.names, a.contents = append(a.names, name), append(a.contents, []byte(content))
}

// goodArchive is a package with one table. Its manifest is not yet among the entries.
func goodArchive() *archive {
	a := &archive{}
	a.add("README.txt", "hej")
	a.add("schema.sql", "")
	a.add("data/0001-t/part-000001.csv", "\"a\"\r\n1\r\n")
	a.add("data/0001-t/part-000002.csv", "2\r\n")
	file := func(i int) File {
		sum := sha256.Sum256(a.contents[i])
		return File{Name: a.names[i], Size: int64(len(a.contents[i])), SHA256: hex.EncodeToString(sum[:])}
	}
	whole := sha256.Sum256(bytes.Join(a.contents[2:], nil))
	a.manifest = Manifest{Format: 1, Info: testInfo("sqlite"), Compression: None,
		Recipients: []string{strings.Repeat("A", 40)}, Files: []File{file(0), file(1)}, Tables: []Content{{
			Table: table("T", column("a", value.Integer)), Rows: 2, Bytes: 11, SHA256: hex.EncodeToString(whole[:]), Parts: []File{file(2), file(3)},
		}}}
	return a
}

func (a *archive) withManifest(t testing.TB) *archive {
	text, err := a.manifest.Encode()
	if err != nil {
		t.Fatal(err)
	}
	a.add(manifestName, string(text))
	return a
}

func (a *archive) bytes() []byte {
	var b bytes.Buffer
	for i, name := range a.names {
		h := header(name, int64(len(a.contents[i])))
		b.Write(h[:])
		b.Write(a.contents[i])
		b.Write(make([]byte, padding(int64(len(a.contents[i])))))
	}
	b.Write(make([]byte, 2*blockSize))
	return b.Bytes()
}

// asTar is the archive as Go's archive/tar writes it after change.
func (a *archive) asTar(t testing.TB, change func(i int, h *tar.Header)) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i, name := range a.names {
		h := &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(a.contents[i])), Mode: 0o644, Format: tar.FormatUSTAR}
		if change != nil {
			change(i, h)
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		if _, err := w.Write(a.contents[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Our header is the one that archive/tar would write.
func TestHeader(t *testing.T) {
	a := goodArchive().withManifest(t)
	ours, theirs := a.bytes(), a.asTar(t, nil)
	if !bytes.Equal(ours, theirs) {
		t.Error("the archive differs from archive/tar's")
	}
}

// refusedEverywhere opens a package in every way and wants the code each time, and nothing on disk.
func refusedEverywhere(t *testing.T, file []byte, k Keys, codes ...string) {
	t.Helper()
	_, _, err := Verify(bytes.NewReader(file), k, Limits{})
	wantCode(t, err, codes...)
	dir := t.TempDir()
	path := filepath.Join(dir, "p")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := OpenFile(path, k, Limits{})
	wantCode(t, err, codes...)
	if p != nil {
		t.Error("a refused package is open")
	}
	onlyThese(t, dir, "p")
}

// Whatever a sender puts into the archive besides what belongs there is refused.
func TestHostileArchives(t *testing.T) {
	anna, _, _ := keys(t)
	k := Keys{Secrets: []*Secret{anna.secret}}
	rename := func(i int, name string) func(t *testing.T) []byte {
		return func(t *testing.T) []byte {
			a := goodArchive().withManifest(t)
			a.names[i] = name
			return a.bytes()
		}
	}
	change := func(f func(i int, h *tar.Header)) func(t *testing.T) []byte {
		return func(t *testing.T) []byte { return goodArchive().withManifest(t).asTar(t, f) }
	}
	manifest := func(f func(m *Manifest)) func(t *testing.T) []byte {
		return func(t *testing.T) []byte {
			a := goodArchive()
			f(&a.manifest)
			return a.withManifest(t).bytes()
		}
	}
	raw := func(f func(good []byte) []byte) func(t *testing.T) []byte {
		return func(t *testing.T) []byte { return f(goodArchive().withManifest(t).bytes()) }
	}
	tests := []struct {
		name string
		code string
		make func(t *testing.T) []byte
	}{
		{"traversal", codeEntry, rename(2, "data/../../evil/part-000001.csv")},
		{"traversal in the label", codeEntry, rename(2, "data/0001-../part-000001.csv")},
		{"absolute", codeEntry, rename(2, "/etc/passwd")},
		{"backslash", codeEntry, rename(2, `data\0001-t\part-000001.csv`)},
		{"other file", codeEntry, rename(1, "evil.sh")},
		{"other case", codeEntry, rename(1, "Schema.sql")},
		{"case-fold duplicate", codeEntry, rename(1, "readme.txt")},
		{"duplicate", codeEntry, rename(1, "README.txt")},
		{"duplicate part", codeEntry, rename(3, "data/0001-t/part-000001.csv")},
		{"part missing", codeEntry, rename(3, "data/0001-t/part-000003.csv")},
		{"table number", codeEntry, rename(2, "data/0002-t/part-000001.csv")},
		{"table name", codeManifest, func(t *testing.T) []byte {
			a := goodArchive()
			for i, name := range []string{"data/0001-u/part-000001.csv", "data/0001-u/part-000002.csv"} {
				a.names[i+2], a.manifest.Tables[0].Parts[i].Name = name, name
			}
			return a.withManifest(t).bytes()
		}},
		{"dot", codeEntry, rename(2, "./data/0001-t/part-000001.csv")},
		{"file after tables", codeEntry, rename(3, "plan.sql")},
		{"no readme", codeEntry, func(t *testing.T) []byte {
			a := goodArchive().withManifest(t)
			a.names, a.contents = a.names[1:], a.contents[1:]
			return a.bytes()
		}},
		{"no manifest", codeManifest, func(t *testing.T) []byte { return goodArchive().bytes() }},
		{"entry after the manifest", codeEntry, func(t *testing.T) []byte {
			a := goodArchive().withManifest(t)
			a.add("data/0002-u/part-000001.csv", "x")
			return a.bytes()
		}},
		{"two manifests", codeEntry, func(t *testing.T) []byte { return goodArchive().withManifest(t).withManifest(t).bytes() }},
		{"extra table", codeMismatch, func(t *testing.T) []byte {
			a := goodArchive()
			a.add("data/0002-u/part-000001.csv", "x")
			return a.withManifest(t).bytes()
		}},
		{"symlink", codeEntry, change(func(i int, h *tar.Header) {
			if i == 2 {
				h.Typeflag, h.Linkname, h.Size = tar.TypeSymlink, "/etc/passwd", 0
			}
		})},
		{"hard link", codeEntry, change(func(i int, h *tar.Header) {
			if i == 2 {
				h.Typeflag, h.Linkname, h.Size = tar.TypeLink, "README.txt", 0
			}
		})},
		{"device", codeEntry, change(func(i int, h *tar.Header) {
			if i == 2 {
				h.Typeflag, h.Devmajor, h.Size = tar.TypeChar, 1, 0
			}
		})},
		{"folder", codeEntry, change(func(i int, h *tar.Header) {
			if i == 2 {
				h.Typeflag, h.Size = tar.TypeDir, 0
			}
		})},
		{"fifo", codeEntry, change(func(i int, h *tar.Header) {
			if i == 2 {
				h.Typeflag, h.Size = tar.TypeFifo, 0
			}
		})},
		{"mode", codeEntry, change(func(i int, h *tar.Header) { h.Mode = 0o755 })},
		{"owner", codeEntry, change(func(i int, h *tar.Header) { h.Uid = 1000 })},
		{"owner's name", codeEntry, change(func(i int, h *tar.Header) { h.Uname = "root" })},
		{"pax", codeEntry, change(func(i int, h *tar.Header) {
			h.Format = tar.FormatPAX
			h.PAXRecords = map[string]string{"path": "evil"}
			h.PAXRecords = map[string]string{"EVIL.x": "y"}
		})},
		{"gnu", codeEntry, change(func(i int, h *tar.Header) { h.Format = tar.FormatGNU })},
		{"long name", codeEntry, change(func(i int, h *tar.Header) {
			if i == 2 {
				h.Name = strings.Repeat("a/", 80) + "b"
			}
		})},
		{"huge size", codeLimit, raw(func(good []byte) []byte { h := header("README.txt", 8<<30-1); return append(h[:], good...) })},
		{"huge manifest", codeLimit, raw(func(good []byte) []byte {
			h := header(manifestName, maxManifest+1)
			return append(good[:3*blockSize:3*blockSize], h[:]...)
		})},
		{"checksum", codeEntry, raw(func(good []byte) []byte { good[150]++; return good })},
		{"padding", codeEntry, raw(func(good []byte) []byte { good[2*blockSize-1] = 1; return good })},
		{"half an end", codeDamaged, raw(func(good []byte) []byte { return good[:len(good)-blockSize] })},
		{"no end", codeDamaged, raw(func(good []byte) []byte { return good[:len(good)-2*blockSize] })},
		{"cut", codeDamaged, raw(func(good []byte) []byte { return good[:len(good)/2] })},
		{"after the end", codeEntry, raw(func(good []byte) []byte { return append(good, make([]byte, 512)...) })},
		{"between the end", codeEntry, raw(func(good []byte) []byte { good[len(good)-1] = 1; return good })},
		{"empty", codeDamaged, raw(func(good []byte) []byte { return nil })},
		{"no archive", codeEntry, raw(func(good []byte) []byte { return bytes.Repeat([]byte("text\n"), 500) })},

		{"version", codeVersion, manifest(func(m *Manifest) { m.Format = 2 })},
		{"wrong sum", codeMismatch, manifest(func(m *Manifest) { m.Files[0].SHA256 = strings.Repeat("0", 64) })},
		{"wrong size", codeMismatch, manifest(func(m *Manifest) { m.Files[0].Size++ })},
		{"wrong table sum", codeMismatch, manifest(func(m *Manifest) { m.Tables[0].SHA256 = strings.Repeat("0", 64) })},
		{"wrong rows", codeMismatch, manifest(func(m *Manifest) { m.Tables[0].Rows++ })},
		{"negative rows", codeManifest, manifest(func(m *Manifest) { m.Tables[0].Rows = -1 })},
		{"wrong bytes", codeManifest, manifest(func(m *Manifest) { m.Tables[0].Bytes++ })},
		{"missing part", codeManifest, manifest(func(m *Manifest) { m.Tables[0].Parts = m.Tables[0].Parts[:1] })},
		{"missing table", codeMismatch, manifest(func(m *Manifest) { m.Tables = m.Tables[:0] })},
		{"missing file", codeMismatch, manifest(func(m *Manifest) { m.Files = m.Files[:1] })},
		{"part elsewhere", codeManifest, manifest(func(m *Manifest) { m.Tables[0].Parts[1].Name = "/etc/passwd" })},
		{"huge part", codeManifest, manifest(func(m *Manifest) { m.Tables[0].Parts[1].Size = 1 << 40 })},
		{"compression", codeMismatch, manifest(func(m *Manifest) { m.Compression = Gzip })},
		{"plaintext", codeManifest, manifest(func(m *Manifest) { m.Plaintext, m.Recipients = true, []string{} })},
		{"nobody", codeManifest, manifest(func(m *Manifest) { m.Recipients = []string{} })},
		{"no provider", codeManifest, manifest(func(m *Manifest) { m.Provider = "" })},
		{"column twice", codeTable, manifest(func(m *Manifest) {
			m.Tables[0].Columns = append(m.Tables[0].Columns, m.Tables[0].Columns[0])
		})},
	}
	if _, _, err := Verify(bytes.NewReader(sealRaw(t, None, goodArchive().withManifest(t).bytes(), openpgp.FileHints{}, anna)), k, Limits{}); err != nil {
		t.Fatal(err) // or the cases below would prove nothing
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			refusedEverywhere(t, sealRaw(t, None, test.make(t), openpgp.FileHints{}, anna), k, test.code)
		})
	}
}

// What follows the compressed content, or hides in the OpenPGP packets, is refused too.
func TestHostileSeals(t *testing.T) {
	anna, _, _ := keys(t)
	k := Keys{Secrets: []*Secret{anna.secret}}
	a := goodArchive()
	a.manifest.Compression = Gzip
	good := a.withManifest(t).bytes()
	gz := func(content []byte) []byte {
		var b bytes.Buffer
		z, _ := Gzip.compressor(&b)
		_, _ = z.Write(content)
		_ = z.Close()
		return b.Bytes()
	}
	seal := func(content []byte) []byte { return sealRaw(t, None, content, openpgp.FileHints{}, anna) }
	if _, _, err := Verify(bytes.NewReader(seal(gz(good))), k, Limits{}); err != nil {
		t.Fatal(err)
	}
	refusedEverywhere(t, seal(append(gz(good), "more"...)), k, codeEntry)
	refusedEverywhere(t, seal(append(gz(good), gz(nil)...)), k, codeEntry)
	refusedEverywhere(t, sealRaw(t, Gzip, good, openpgp.FileHints{FileName: "../x"}, anna), k, codeDamaged)
	refusedEverywhere(t, sealRaw(t, Gzip, good, openpgp.FileHints{IsUTF8: true}, anna), k, codeDamaged)
	refusedEverywhere(t, append(seal(gz(good)), seal(gz(good))...), k, codeDamaged)
	refusedEverywhere(t, append(seal(gz(good)), "more"...), k, codeDamaged)
	refusedEverywhere(t, gz(good), k, codeDamaged)
	refusedEverywhere(t, nil, k, codeDamaged)
	refusedEverywhere(t, []byte("-----BEGIN PGP MESSAGE-----"), k, codeDamaged)
}

// A bomb is refused by its size or its ratio, in bounded memory.
func TestBomb(t *testing.T) {
	anna, _, _ := keys(t)
	k := Keys{Secrets: []*Secret{anna.secret}}
	for _, c := range []Compression{Zstd, Gzip} {
		bomb := bombOf(t, c, anna, 200<<20)
		_, _, err := Verify(bytes.NewReader(bomb), k, Limits{Ratio: 500, ratioFrom: 10 << 20})
		wantCode(t, err, codeLimit)
		_, _, err = Verify(bytes.NewReader(bomb), k, Limits{Bytes: 100 << 20})
		wantCode(t, err, codeLimit)
	}
}

func bombOf(t *testing.T, c Compression, to ring, size int64) []byte {
	var b bytes.Buffer
	w, err := NewWriter(&b, Options{Info: testInfo("sqlite"), Recipients: []*Recipient{to.recipient}, Compression: c})
	if err != nil {
		t.Fatal(err)
	}
	tw, err := w.Table(table("Bomb", column("a", value.Binary)))
	if err != nil {
		t.Fatal(err)
	}
	v := value.NewLarge(value.Bytes, &value.Large{Size: size / 2, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(io.LimitReader(zeros{}, size/2)), nil
	}})
	if err := tw.Write([]value.Value{v}); err != nil {
		t.Fatal(err)
	}
	if _, err := tw.Close(""); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
