package pack

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/utdrag/utdrag/internal/durable"
)

// Package is a package that was verified from end to end. What it hands out is read a second time and held against the
// verified manifest an entry at a time, so that nothing is let out unchecked even if the file changes in between. It is
// used by one goroutine at a time, and by one Reader at a time.
type Package struct {
	source    io.ReadSeeker
	closer    io.Closer
	keys      Keys
	limits    Limits
	manifest  *Manifest
	signature Signature
}

// Open verifies a package, as Verify does, and makes it ready to be read. The source stays the caller's.
func Open(source io.ReadSeeker, keys Keys, limits Limits) (*Package, error) {
	p := &Package{source: source, keys: keys, limits: limits.withDefaults()}
	var err error
	p.manifest, p.signature, err = Verify(source, keys, limits)
	if err != nil {
		return nil, err
	}
	return p, nil
}

// OpenFile is Open on a file, which Close closes.
func OpenFile(path string, keys Keys, limits Limits) (*Package, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, disk("opening the package", err)
	}
	p, err := Open(f, keys, limits)
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	p.closer = f
	return p, nil
}

// Close closes the file that OpenFile opened.
func (p *Package) Close() error {
	if p.closer == nil {
		return nil
	}
	return disk("closing the package", p.closer.Close())
}

// Manifest is the verified manifest. It is shared: don't change it.
func (p *Package) Manifest() *Manifest { return p.manifest }

// Signature says what is known of the signature.
func (p *Package) Signature() Signature { return p.signature }

// ReadFile returns one of the files before the tables: "schema.sql". It refuses a file that isn't there.
func (p *Package) ReadFile(name string) ([]byte, error) {
	if !slices.ContainsFunc(p.manifest.Files, func(f File) bool { return f.Name == name }) {
		return nil, misuse(codeOrder, "", "the package holds no file %q", name)
	}
	s, err := p.second()
	if err != nil {
		return nil, err
	}
	for {
		f, content, err := s.next()
		if err != nil {
			return nil, err
		}
		if f.Name == name {
			return bytes.Clone(content), nil
		}
	}
}

// Extract writes every entry below dir, which must not exist: dir appears when everything is there, 0700 with files
// 0600, and not at all otherwise.
func (p *Package) Extract(dir string) error {
	dir, err := absent(dir)
	if err != nil {
		return err
	}
	temporary := durable.Partial(dir)
	if err := os.Mkdir(temporary, 0o700); err != nil {
		return disk("making the folder", err)
	}
	if err := p.extract(temporary); err != nil {
		_ = os.RemoveAll(temporary)
		return err
	}
	return nameFolder(temporary, dir)
}

func (p *Package) extract(dir string) error {
	s, err := p.second()
	if err != nil {
		return err
	}
	// A root keeps every name below the folder. The names are ours, checked one by one: this is the second lock.
	root, err := os.OpenRoot(dir)
	if err != nil {
		return disk("making the folder", err)
	}
	defer root.Close()
	for {
		f, content, err := s.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := writeFile(root, f.Name, content); err != nil {
			return disk("writing what the package holds", err)
		}
	}
}

func writeFile(root *os.Root, name string, content []byte) error {
	name = filepath.FromSlash(name)
	if err := root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}

// second is another reading of a verified package.
type second struct {
	sealed   *unsealed
	expected []File
	manifest []byte
	buf      []byte
	ended    bool
}

func (p *Package) second() (*second, error) {
	if _, err := p.source.Seek(0, io.SeekStart); err != nil {
		return nil, disk("reading the package again", err)
	}
	u, err := unseal(p.source, p.keys, p.limits)
	if err != nil {
		return nil, err
	}
	s := &second{sealed: u, expected: slices.Clone(p.manifest.Files)}
	for _, t := range p.manifest.Tables {
		s.expected = append(s.expected, t.Parts...)
	}
	s.manifest, err = p.manifest.Encode()
	return s, err
}

// next returns the next entry, checked against the manifest, and at last the manifest itself; then io.EOF, when the
// seal has been checked again. The content is valid until the next call.
func (s *second) next() (File, []byte, error) {
	if s.ended {
		if s.sealed == nil {
			return File{}, nil, io.EOF
		}
		_, err := s.sealed.finish()
		if err == nil {
			s.sealed, err = nil, io.EOF
		}
		return File{}, nil, err
	}
	name, size, err := readHeader(s.sealed)
	if err == io.EOF {
		return File{}, nil, changed()
	}
	if err != nil {
		return File{}, nil, s.sealed.explain(err)
	}
	if len(s.expected) == 0 {
		if name != manifestName || size != int64(len(s.manifest)) {
			return File{}, nil, changed()
		}
		text, err := readManifestEntry(s.sealed, size)
		if err != nil {
			return File{}, nil, s.sealed.explain(err)
		}
		if !bytes.Equal(text, s.manifest) {
			return File{}, nil, changed()
		}
		s.ended = true
		return File{Name: name, Size: size}, text, nil
	}
	want := s.expected[0]
	s.expected = s.expected[1:]
	if name != want.Name || size != want.Size {
		return File{}, nil, changed()
	}
	if int64(cap(s.buf)) < size {
		s.buf = make([]byte, size)
	}
	s.buf = s.buf[:size]
	if _, err := io.ReadFull(s.sealed, s.buf); err != nil {
		return File{}, nil, s.sealed.explain(cut(err))
	}
	if err := skipPadding(s.sealed, size); err != nil {
		return File{}, nil, s.sealed.explain(err)
	}
	if sum := sha256.Sum256(s.buf); hex.EncodeToString(sum[:]) != want.SHA256 {
		return File{}, nil, changed()
	}
	return want, s.buf, nil
}

func changed() error {
	return refused(codeMismatch, "keep others from writing to it, and try again", "the package was changed while it was read")
}
