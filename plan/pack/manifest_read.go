package pack

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// ReadManifest reads a manifest and holds it against every rule of the format. It takes only what [Manifest.Encode]
// would write, byte for byte: no unknown field, no field twice, no other spelling.
func ReadManifest(r io.Reader) (*Manifest, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxManifest+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxManifest {
		return nil, refused(codeLimit, "", "the manifest is larger than %d bytes", maxManifest)
	}
	var version struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(text, &version); err != nil {
		return nil, badManifest("it isn't JSON")
	}
	if version.Format != Format {
		return nil, refused(codeVersion, "open it with the version of Utdrag that made it, or a later one",
			"the package has format %d, and this version reads format %d", version.Format, Format)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	m := &Manifest{}
	if err := d.Decode(m); err != nil {
		return nil, badManifest("a field is unknown or has the wrong type")
	}
	if again, err := m.Encode(); err != nil || !bytes.Equal(again, text) {
		return nil, badManifest("it isn't written as manifests are")
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	return m, nil
}

func badManifest(what string) error {
	return refused(codeManifest, "", "the manifest is wrong: %s", what)
}

func (m *Manifest) check() error {
	if err := m.Info.check(); err != nil {
		return badManifest("a field is missing or isn't text")
	}
	if m.Plaintext == (len(m.Recipients) > 0) {
		return badManifest("it is sealed for nobody, or it is both sealed and plaintext")
	}
	for i, id := range m.Recipients {
		if !isHex(id, "0123456789ABCDEF", 40, 64) || slices.Contains(m.Recipients[:i], id) {
			return badManifest("a recipient's fingerprint")
		}
	}
	if m.Signer != "" && !isHex(m.Signer, "0123456789ABCDEF", 40, 64) {
		return badManifest("the signer's fingerprint")
	}
	at := 0
	for _, f := range m.Files {
		i := slices.Index(fileNames, f.Name)
		if i < at || (at == 0 && i > 0) || !f.sound(0) {
			return badManifest("its list of files")
		}
		at = i + 1
	}
	if at == 0 || len(m.Tables) > maxTables {
		return badManifest("its list of files or tables")
	}
	seen := map[string]bool{}
	for i, c := range m.Tables {
		if err := c.check(); err != nil {
			return err
		}
		if name := c.Name.String(); seen[name] {
			return badManifest("a table stands in it twice")
		} else {
			seen[name] = true
		}
		if err := c.checkParts(i + 1); err != nil {
			return err
		}
	}
	return nil
}

func (c *Content) checkParts(number int) error {
	if c.Rows < 0 || !isHex(c.SHA256, lowerHex, 64) || len(c.Parts) == 0 || len(c.Parts) > maxParts || !utf8.ValidString(c.KeyDigest) {
		return badManifest("what it says of a table's content")
	}
	var sum int64
	dir := dirName(number, c.Name)
	for j, p := range c.Parts {
		if p.Name != partName(dir, j+1) || !p.sound(1) {
			return badManifest("what it says of a table's parts")
		}
		sum += p.Size
	}
	if sum != c.Bytes || (len(c.Parts) == 1 && c.Parts[0].SHA256 != c.SHA256) {
		return badManifest("what it says of a table's size")
	}
	return nil
}

const lowerHex = "0123456789abcdef"

func (f *File) sound(least int64) bool {
	return f.Size >= least && f.Size <= PartSize && isHex(f.SHA256, lowerHex, 64)
}

func isHex(s, digits string, lengths ...int) bool {
	return slices.Contains(lengths, len(s)) && strings.Trim(s, digits) == ""
}

// check asks for what a manifest can't be without.
func (i *Info) check() error {
	missing := ""
	for _, f := range []struct{ name, text string }{
		{"tool", i.Tool}, {"provider", i.Provider}, {"engine", i.Engine}, {"snapshot", i.Snapshot},
	} {
		if f.text == "" {
			missing = f.name
		}
	}
	if missing != "" {
		return misuse(codeInfo, "", "the manifest needs the %s", missing)
	}
	texts := append([]string{i.Tool, i.Provider, i.Engine, i.Snapshot, i.MapHash, i.CatalogHash, i.PlanHash}, i.Units...)
	if slices.ContainsFunc(texts, func(s string) bool { return !utf8.ValidString(s) }) {
		return misuse(codeInfo, "", "the manifest takes UTF-8 only")
	}
	if i.Order != (Order{}) && !i.Order.sound() {
		return misuse(codeInfo, "", "what the manifest says of the order is incomplete or can't be")
	}
	return nil
}

func (o Order) sound() bool {
	hash, hashed := strings.CutPrefix(o.Hash, "sha256:")
	at := o.At()
	return o.ID != "" && printable(o.ID) && hashed && isHex(hash, lowerHex, 64) && o.Sequence > 0 && o.Sequence < 1<<53 &&
		at.Format(time.RFC3339) == o.Created && at.Year() >= 2000
}

// printable reports whether s is a name that can be shown and written in a script: UTF-8 without control characters.
func printable(s string) bool {
	return utf8.ValidString(s) && len(s) <= 1024 && !strings.ContainsFunc(s, unicode.IsControl)
}
