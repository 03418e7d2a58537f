package pack

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
)

// Verify reads a package to its end and holds everything in it against everything else: the seal, the signature, the
// archive's shape, the manifest, every size, digest and row count. It keeps nothing and writes nothing.
func Verify(r io.Reader, keys Keys, limits Limits) (*Manifest, Signature, error) {
	u, err := unseal(r, keys, limits.withDefaults())
	if err != nil {
		return nil, Signature{}, err
	}
	seen, text, err := survey(u)
	if err != nil {
		return nil, Signature{}, u.explain(err)
	}
	// The seal before the manifest: an altered package is called altered, whatever else is wrong with it.
	signature, err := u.finish()
	if err != nil {
		return nil, Signature{}, err
	}
	m, err := ReadManifest(bytes.NewReader(text))
	if err != nil {
		return nil, Signature{}, err
	}
	if m.Plaintext {
		return nil, Signature{}, badManifest("it calls a sealed package plaintext")
	}
	if m.Compression != u.compression {
		return nil, Signature{}, mismatch("compression")
	}
	if err := seen.compare(m); err != nil {
		return nil, Signature{}, err
	}
	return m, signature, nil
}

func mismatch(what string) error {
	return refused(codeMismatch, "don't use it; ask the sender for it again", "the package's content isn't what its manifest says: %s", what)
}

// sight is what was seen of a package, without its manifest's help.
type sight struct {
	files  []File
	tables []seenTable
}

type seenTable struct {
	parts []File
	whole hash.Hash
	lines lineCounter
}

// survey reads the archive and returns what was in it, and the manifest's text.
func survey(r io.Reader) (*sight, []byte, error) {
	s := &sight{}
	var p position
	for {
		name, size, err := readHeader(r)
		if err == io.EOF {
			return nil, nil, refused(codeManifest, "", "the package has no manifest")
		}
		if err != nil {
			return nil, nil, err
		}
		newTable, err := p.move(name)
		if err != nil {
			return nil, nil, err
		}
		if p.done {
			text, err := readManifestEntry(r, size)
			return s, text, err
		}
		if size > PartSize {
			return nil, nil, refused(codeLimit, "", "an entry is larger than %d bytes", PartSize)
		}
		if newTable {
			s.tables = append(s.tables, seenTable{whole: sha256.New()})
		}
		one := sha256.New()
		to := io.Writer(one)
		if n := len(s.tables); n > 0 {
			to = io.MultiWriter(one, s.tables[n-1].whole, &s.tables[n-1].lines)
		}
		if _, err := io.CopyN(to, r, size); err != nil {
			return nil, nil, cut(err)
		}
		if err := skipPadding(r, size); err != nil {
			return nil, nil, err
		}
		f := File{Name: name, Size: size, SHA256: hex.EncodeToString(one.Sum(nil))}
		if n := len(s.tables); n > 0 {
			s.tables[n-1].parts = append(s.tables[n-1].parts, f)
		} else {
			s.files = append(s.files, f)
		}
	}
}

// readManifestEntry reads the last entry and the archive's end.
func readManifestEntry(r io.Reader, size int64) ([]byte, error) {
	if size > maxManifest {
		return nil, refused(codeLimit, "", "the manifest is larger than %d bytes", maxManifest)
	}
	var text bytes.Buffer
	if _, err := io.CopyN(&text, r, size); err != nil {
		return nil, cut(err)
	}
	if err := skipPadding(r, size); err != nil {
		return nil, err
	}
	switch _, _, err := readHeader(r); err {
	case io.EOF:
		return text.Bytes(), nil
	case nil:
		return nil, refused(codeEntry, "", "an entry follows the manifest")
	default:
		return nil, err
	}
}

func skipPadding(r io.Reader, size int64) error {
	var b block
	pad := b[:padding(size)]
	if _, err := io.ReadFull(r, pad); err != nil {
		return cut(err)
	}
	if b != zeroBlock {
		return foreign()
	}
	return nil
}

func (s *sight) compare(m *Manifest) error {
	if !equalFiles(s.files, m.Files) {
		return mismatch("the files")
	}
	if len(s.tables) != len(m.Tables) {
		return mismatch("the number of tables")
	}
	for i := range s.tables {
		seen, said := &s.tables[i], &m.Tables[i]
		switch {
		case !equalFiles(seen.parts, said.Parts):
			return mismatch("the parts of " + said.Name.String())
		case hex.EncodeToString(seen.whole.Sum(nil)) != said.SHA256:
			return mismatch("the digest of " + said.Name.String())
		case seen.lines.n != said.Rows+1 || seen.lines.open:
			return mismatch("the rows of " + said.Name.String())
		}
	}
	return nil
}

func equalFiles(a, b []File) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// lineCounter counts a CSV's line ends outside quotes: its header and its rows.
type lineCounter struct {
	n    int64
	open bool // within quotes
}

func (c *lineCounter) Write(p []byte) (int, error) {
	for rest := p; ; {
		i := bytes.IndexByte(rest, '"')
		stretch := rest
		if i >= 0 {
			stretch = rest[:i]
		}
		if !c.open {
			for _, b := range stretch {
				if b == '\n' {
					c.n++
				}
			}
		}
		if i < 0 {
			return len(p), nil
		}
		c.open = !c.open
		rest = rest[i+1:]
	}
}
