package catalog

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/utdrag/utdrag/filter/diag"
)

// FormatVersion is the version of the JSON form. Another version is refused, not guessed at.
const FormatVersion = 1

// maxFile bounds what Read takes: some hundred thousand tables.
const maxFile = 256 << 20

// maxDepth bounds how deep objects lie in each other; the deepest that Write makes is seven.
const maxDepth = 16

// The codes of Read's own errors. Those of Validate stand there.
const (
	codeUnreadable = "UC001"
	codeVersion    = "UC002"
	codeTooLarge   = "UC003"
)

// document is the JSON form.
type document struct {
	Version int `json:"utdrag_catalog"`
	Catalog
}

// Write writes c as indented JSON. The same catalog gives the same bytes. A catalog that doesn't hold together is
// refused with a diag.List.
func (c *Catalog) Write(w io.Writer) error {
	if err := c.Validate().Err(); err != nil {
		return err
	}
	text, err := encode(c, "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// Read reads what Write wrote. Unknown and repeated fields, another version, and a catalog that doesn't hold together
// are refused: the latter with a diag.List of everything wrong, the others with a *diag.Error.
func Read(r io.Reader) (*Catalog, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, &diag.Error{Code: codeUnreadable, Class: diag.External, Message: "the catalog file can't be read", Err: err}
	}
	if len(text) > maxFile {
		return nil, refuse(codeTooLarge, "", fmt.Errorf("more than %d bytes", maxFile))
	}
	if err := unrepeated(text); err != nil {
		return nil, refuse(codeUnreadable, "write one with: utdrag catalog", err)
	}
	// The version comes first, so that a newer file is told as such, and not as one with unknown fields.
	var version struct {
		Version *int `json:"utdrag_catalog"`
	}
	if err := json.Unmarshal(text, &version); err != nil {
		return nil, refuse(codeUnreadable, "write one with: utdrag catalog", err)
	}
	if version.Version == nil || *version.Version != FormatVersion {
		return nil, refuse(codeVersion, "write it anew with: utdrag catalog", fmt.Errorf("it is not of version %d", FormatVersion))
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var d document
	if err := decoder.Decode(&d); err != nil {
		return nil, refuse(codeUnreadable, "write one with: utdrag catalog", err)
	}
	if err := d.Validate().Err(); err != nil {
		return nil, err
	}
	return &d.Catalog, nil
}

func refuse(code, advice string, err error) error {
	return &diag.Error{Code: code, Class: diag.Misuse, Message: "this is not a catalog file that can be used", Advice: advice, Err: err}
}

var errTrailing = errors.New("something follows the catalog")

// unrepeated refuses what encoding/json lets pass: a field given twice, of which it would take the last, a field written in
// other letter case (every field of ours is lower case), and text after the end.
func unrepeated(text []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	type level struct {
		object bool
		key    bool
		seen   map[string]bool
	}
	var levels []level
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return io.ErrUnexpectedEOF
		}
		if err != nil {
			return err
		}
		top := len(levels) - 1
		switch t := token.(type) {
		case json.Delim:
			if t == '}' || t == ']' {
				if levels = levels[:top]; top == 0 {
					if _, err := decoder.Token(); err != io.EOF {
						return errTrailing
					}
					return nil
				}
				top--
			} else {
				if len(levels) == maxDepth {
					return fmt.Errorf("more than %d levels", maxDepth)
				}
				levels = append(levels, level{object: t == '{', key: true, seen: map[string]bool{}})
				continue
			}
		case string:
			if top >= 0 && levels[top].object && levels[top].key {
				if levels[top].seen[t] || !lower(t) {
					return fmt.Errorf("the field %q is repeated or unknown", t)
				}
				levels[top].seen[t] = true
				levels[top].key = false
				continue
			}
		}
		if top < 0 {
			return errors.New("a catalog is a JSON object")
		}
		levels[top].key = true
	}
}

func lower(field string) bool {
	for _, r := range field {
		if (r < 'a' || r > 'z') && r != '_' {
			return false
		}
	}
	return true
}

func encode(c *Catalog, indent string) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", indent)
	err := encoder.Encode(document{FormatVersion, *c})
	return b.Bytes(), err
}

// Hash is "sha256:" and the hex digest of the compact JSON of c's definition: it changes when, and only when, what a copy is made
// of does, and so neither with rows nor with views. It is "" where a column's kind is not known, which has no JSON form.
func (c *Catalog) Hash() string {
	text, err := encode(c.Definition(), "")
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// Definition is c without its name, its views and synonyms, and without what it says of the rows that are there: estimates, and
// numbers given last.
func (c *Catalog) Definition() *Catalog {
	without := *c
	without.Database, without.Views, without.Synonyms = "", nil, nil
	without.Tables = slices.Clone(c.Tables)
	for i := range without.Tables {
		t := &without.Tables[i]
		t.RowEstimate = nil
		t.Columns = slices.Clone(t.Columns)
		for j := range t.Columns {
			if n := t.Columns[j].Numbering; n != nil {
				numbering := *n
				numbering.Last = nil
				t.Columns[j].Numbering = &numbering
			}
		}
	}
	return &without
}
