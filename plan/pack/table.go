package pack

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"slices"

	"github.com/utdrag/utdrag/mask/value"
)

// TableWriter takes the rows of one table.
type TableWriter struct {
	w       *Writer
	encoder *encoder
	content Content
	dir     string
	whole   hash.Hash
}

// Table starts the next table. Only one is written at a time.
func (w *Writer) Table(table Table) (*TableWriter, error) {
	if err := w.ready(); err != nil {
		return nil, err
	}
	number := len(w.manifest.Tables) + 1
	if err := table.check(); err != nil {
		return nil, w.fail(err)
	}
	if number > maxTables {
		return nil, w.fail(refused(codeTable, "", "a package holds at most %d tables", maxTables))
	}
	if slices.ContainsFunc(w.manifest.Tables, func(c Content) bool { return c.Name == table.Name }) {
		return nil, w.fail(misuse(codeTable, "", "the table %s was already written", table.Name))
	}
	if w.part == nil {
		w.part = make([]byte, 0, w.partSize+2*slack)
	}
	table.Columns = slices.Clone(table.Columns)
	t := &TableWriter{w: w, content: Content{Table: table}, dir: dirName(number, table.Name), whole: sha256.New()}
	t.encoder = newEncoder(table, isLoose(w.manifest.Engine), w.part, w.partSize, t.emit)
	if err := t.encoder.header(); err != nil {
		return nil, w.fail(err)
	}
	w.table = t
	return t, nil
}

// isLoose reports whether the engine stores by affinity: see styleOf.
func isLoose(engine string) bool { return engine == "sqlite" }

// Write adds a row. It keeps nothing of it.
func (t *TableWriter) Write(row []value.Value) error {
	if t.w.err != nil {
		return t.w.err
	}
	if t.w.table != t {
		return misuse(codeOrder, "", "the table %s was already closed", t.content.Name)
	}
	if err := t.encoder.row(row); err != nil {
		return t.w.fail(err)
	}
	t.content.Rows++
	return nil
}

func (t *TableWriter) emit(part []byte) error {
	number := len(t.content.Parts) + 1
	if number > maxParts {
		return refused(codeTable, "", "the table %s has more than %d parts", t.content.Name, maxParts)
	}
	f, err := t.w.entry(partName(t.dir, number), part)
	if err != nil {
		return err
	}
	t.whole.Write(part)
	t.content.Parts = append(t.content.Parts, f)
	t.content.Bytes += f.Size
	return nil
}

// Close finishes the table. keyDigest goes into the manifest as it is; "" for none.
func (t *TableWriter) Close(keyDigest string) (Content, error) {
	if t.w.err != nil {
		return Content{}, t.w.err
	}
	if t.w.table != t {
		return Content{}, misuse(codeOrder, "", "the table %s was already closed", t.content.Name)
	}
	if err := t.encoder.finish(); err != nil {
		return Content{}, t.w.fail(err)
	}
	t.content.SHA256 = hex.EncodeToString(t.whole.Sum(nil))
	t.content.KeyDigest = keyDigest
	t.w.manifest.Tables = append(t.w.manifest.Tables, t.content)
	t.w.table = nil
	return t.content, nil
}

// check refuses a table that can't be written or described.
func (t *Table) check() error {
	if t.Name.Table == "" || !printable(t.Name.Table) || !printable(t.Name.Schema) {
		return refused(codeTable, "", "a table has no usable name")
	}
	if len(t.Columns) == 0 {
		return refused(codeTable, "", "the table %s has no columns to copy", t.Name)
	}
	seen := map[string]bool{}
	for _, c := range t.Columns {
		if c.Name == "" || !printable(c.Name) || !printable(c.EngineType) || !printable(c.Mask) {
			return refused(codeTable, "", "a column of %s has no usable name or description", t.Name)
		}
		if seen[c.Name] {
			return refused(codeTable, "", "the table %s has two columns named %q", t.Name, c.Name)
		}
		seen[c.Name] = true
		if c.Type.Kind == value.Unknown || c.Type.Kind > value.Native {
			return refused(codeTable, "", "the column %q of %s has an unknown type", c.Name, t.Name)
		}
		if c.Type.Length < 0 || c.Type.Precision < 0 || c.Type.Scale < 0 {
			return refused(codeTable, "", "the column %q of %s has a negative length", c.Name, t.Name)
		}
	}
	return nil
}
