package pack

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"slices"
	"sync/atomic"
	"time"

	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"

	"github.com/utdrag/utdrag/internal/durable"
)

// Options say for whom a package is sealed, and how.
type Options struct {
	Info Info
	// Recipients can open it; at least one.
	Recipients []*Recipient
	// Signer signs it; nil for no signature.
	Signer *Secret
	// Compression is zstd unless something else is chosen.
	Compression Compression
	// Now is the time that keys must be valid at and that the signature bears; nil for the clock.
	Now func() time.Time

	// partSize is smaller in tests.
	partSize int
}

// Writer writes one package: first the files, then the tables, then Commit. It is used by one goroutine at a time.
// After an error it takes nothing more, and only Abort is left.
type Writer struct {
	manifest Manifest
	partSize int
	position int // in fileNames
	part     []byte
	table    *TableWriter

	folder     *folder       // for a copy in plaintext; then none of what follows
	file       *durable.File // nil for a stream
	out        *tally
	buffered   *bufio.Writer
	seal       io.WriteCloser
	compressor io.WriteCloser
	archive    *async

	err    error
	closed bool
}

// Sealed says what a finished package is.
type Sealed struct {
	Manifest *Manifest
	// Size and SHA256 are of the sealed file; zero and "" for a copy in plaintext.
	Size   int64
	SHA256 string
}

// Create starts a package that gets the name path when it is committed, never before, and never over something that is
// there. Nothing is on disk but what is sealed; on Linux it has no name at all until then, so that even a killed
// process leaves nothing.
func Create(path string, options Options) (*Writer, error) {
	file, err := createOutput(path)
	if err != nil {
		return nil, err
	}
	w, err := NewWriter(file, options)
	if err != nil {
		file.Abort()
		return nil, err
	}
	w.file = file
	return w, nil
}

// NewWriter starts a package on any stream. Commit doesn't close it.
func NewWriter(stream io.Writer, options Options) (*Writer, error) {
	if err := options.Info.check(); err != nil {
		return nil, err
	}
	if len(options.Recipients) == 0 {
		return nil, misuse(codeNoRecipient, "give at least one recipient's public key", "the package has no recipient")
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	cfg := settings(options.Now)
	var to, signers []*openpgp.Entity
	w := &Writer{partSize: writtenPart, manifest: Manifest{
		Format: Format, Info: options.Info, Compression: options.Compression, Recipients: []string{}, Tables: []Content{},
	}}
	w.manifest.Units = slices.Clone(options.Info.Units)
	if options.partSize > 0 {
		w.partSize = options.partSize
	}
	for _, r := range options.Recipients {
		if err := canReceive(r.entity, cfg); err != nil {
			return nil, err
		}
		if id := r.Fingerprint(); !slices.Contains(w.manifest.Recipients, id) {
			w.manifest.Recipients = append(w.manifest.Recipients, id)
			to = append(to, r.entity)
		}
	}
	if options.Signer != nil {
		if err := canSign(options.Signer, cfg); err != nil {
			return nil, err
		}
		signers = append(signers, options.Signer.entity)
		w.manifest.Signer = options.Signer.Fingerprint()
	}
	w.out = &tally{w: stream, hash: sha256.New()}
	w.buffered = bufio.NewWriterSize(w.out, 64<<10)
	var err error
	// The hints are empty: a file's name and time would stand in the literal packet.
	w.seal, err = openpgp.EncryptWithParams(w.buffered, to, nil, &openpgp.EncryptParams{
		Signers: signers, Hints: &openpgp.FileHints{}, Config: cfg,
	})
	if err != nil {
		if w.out.err != nil {
			return nil, disk("writing the package", w.out.err)
		}
		// The keys were found good above, so this is about them in some way not foreseen. The cause names key ids only.
		return nil, misuse(codeKeyUnfit, "try with each key alone", "the package can't be sealed for these keys")
	}
	if w.compressor, err = options.Compression.compressor(w.seal); err != nil {
		return nil, err
	}
	w.archive = newAsync(w.compressor)
	if err := w.add(readmeName, readme(options.Compression, w.manifest.Engine)); err != nil {
		w.Abort()
		return nil, err
	}
	return w, nil
}

// File adds a file: schema.sql, definition.json, catalog.json, plan.sql or load.sh, in that order and before the tables. Each is
// optional, and at most PartSize bytes.
func (w *Writer) File(name string, content []byte) error {
	if err := w.ready(); err != nil {
		return err
	}
	i := slices.Index(fileNames, name)
	if i < 1 || len(content) > PartSize {
		return w.fail(misuse(codeOrder, "use schema.sql, definition.json, catalog.json, plan.sql or load.sh, of 16 MiB at most",
			"the file %q has no place in a package", name))
	}
	if i < w.position || len(w.manifest.Tables) > 0 {
		return w.fail(misuse(codeOrder, "add schema.sql, definition.json, catalog.json, plan.sql and load.sh once each, in this order, then the tables",
			"the file %q comes too late", name))
	}
	return w.add(name, content)
}

func (w *Writer) add(name string, content []byte) error {
	f, err := w.entry(name, content)
	if err != nil {
		return err
	}
	w.manifest.Files = append(w.manifest.Files, f)
	w.position = slices.Index(fileNames, name) + 1
	return nil
}

// ready reports why nothing can be added now.
func (w *Writer) ready() error {
	switch {
	case w.err != nil:
		return w.err
	case w.closed:
		return misuse(codeOrder, "", "the package was already committed or aborted")
	case w.table != nil:
		return misuse(codeOrder, "", "a table is still being written")
	}
	return nil
}

// fail keeps the first error.
func (w *Writer) fail(err error) error {
	if w.err == nil {
		w.err = err
	}
	return w.err
}

// entry writes one entry of the archive.
func (w *Writer) entry(name string, content []byte) (File, error) {
	if w.folder != nil {
		if err := writeFile(w.folder.root, name, content); err != nil {
			return File{}, w.fail(disk("writing the copy", err))
		}
		return fileOf(name, content), nil
	}
	h := header(name, int64(len(content)))
	for _, b := range [][]byte{h[:], content, zeroBlock[:padding(int64(len(content)))]} {
		if _, err := w.archive.Write(b); err != nil {
			return File{}, w.fail(w.writing(err))
		}
	}
	return fileOf(name, content), nil
}

func fileOf(name string, content []byte) File {
	sum := sha256.Sum256(content)
	return File{Name: name, Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:])}
}

func (w *Writer) writing(err error) error { return disk("writing the package", err) }

// Commit writes the manifest, closes the seal and, for a package made with Create, makes it durable under its name.
// When it fails nothing is there.
func (w *Writer) Commit() (*Sealed, error) {
	if err := w.ready(); err != nil {
		w.Abort()
		return nil, err
	}
	if err := w.finish(); err != nil {
		w.fail(err)
		w.Abort()
		return nil, err
	}
	w.closed = true
	if w.folder != nil {
		if err := w.folder.commit(); err != nil {
			return nil, w.fail(err)
		}
		return &Sealed{Manifest: &w.manifest}, nil
	}
	if w.file != nil {
		if err := disk("giving the package its name", w.file.Commit()); err != nil {
			return nil, w.fail(err)
		}
	}
	return &Sealed{Manifest: &w.manifest, Size: w.out.n, SHA256: hex.EncodeToString(w.out.hash.Sum(nil))}, nil
}

func (w *Writer) finish() error {
	text, err := w.manifest.Encode()
	if err != nil {
		return err
	}
	if _, err := ReadManifest(bytes.NewReader(text)); err != nil {
		return err // what no reader would accept is not sent
	}
	if _, err := w.entry(manifestName, text); err != nil {
		return err
	}
	if w.folder != nil {
		return nil
	}
	for range 2 {
		if _, err := w.archive.Write(zeroBlock[:]); err != nil {
			return w.writing(err)
		}
	}
	archive := w.archive
	w.archive = nil
	for _, end := range []func() error{archive.Close, w.compressor.Close, w.seal.Close, w.buffered.Flush} {
		if err := end(); err != nil {
			return w.writing(err)
		}
	}
	return nil
}

// Abort ends the writing and leaves nothing of a package made with Create. After Commit, or a second time, it does
// nothing.
func (w *Writer) Abort() {
	if w.closed {
		return
	}
	w.closed = true
	w.fail(misuse(codeOrder, "", "the package was aborted"))
	if w.folder != nil {
		w.folder.abort()
		return
	}
	w.out.stop()
	if w.archive != nil {
		_ = w.archive.Close()
	}
	if w.file != nil {
		w.file.Abort()
	}
}

// tally counts and hashes what reaches the stream.
type tally struct {
	w       io.Writer
	hash    hash.Hash
	n       int64
	err     error
	stopped atomic.Bool
}

var errStopped = errors.New("stopped")

func (t *tally) stop() { t.stopped.Store(true) }

func (t *tally) Write(p []byte) (int, error) {
	if t.stopped.Load() {
		return 0, errStopped
	}
	n, err := t.w.Write(p)
	t.hash.Write(p[:n])
	t.n += int64(n)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	t.err = err
	return n, err
}
