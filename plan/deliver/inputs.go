package deliver

import (
	"bytes"
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/deliver/order"
	"github.com/utdrag/utdrag/plan/pack"
)

const (
	maxKeyFile    = 4 << 20
	maxMaskingKey = 64 << 10
)

// unreadable is about a file that an order names. A name that is wrong is the order's affair, a disk that fails is not.
func unreadable(code string, err error, format string, args ...any) error {
	class, advice := diag.External, ""
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		class, advice = diag.Misuse, "check the name in the order; one that isn't absolute begins in the order's folder"
	}
	return failure(code, class, advice, bare(err), format, args...)
}

// readMap reads an order's map. It is known by its base name: a plan quotes it, and must not change with the folder it stands in.
func readMap(o *order.Order) (*schemamap.Map, error) {
	text, err := readFile(o.Path(o.Map), schemamap.MaxSize)
	if err != nil {
		return nil, unreadable(codeMap, err, "the map of the order %s can't be read", o.ID)
	}
	m, found := schemamap.Parse(filepath.Base(o.Map), text)
	if found.Refused() {
		return nil, found
	}
	return m, nil
}

func readRecipient(o *order.Order) (*pack.Recipient, error) {
	text, err := readFile(o.Path(o.Recipient.KeyFile), maxKeyFile)
	if err != nil {
		return nil, unreadable(codeRecipient, err, "the recipient's key of the order %s can't be read", o.ID)
	}
	return pack.LoadRecipient(bytes.NewReader(text), o.Recipient.Fingerprint)
}

// maskingKey reads the key that the order names, where the plan needs one.
func maskingKey(o *order.Order, p *plan.Plan) (*mask.Key, error) {
	if !p.NeedsKey() {
		return nil, nil
	}
	if o.MaskingKey == "" {
		return nil, misuse(codeMaskingKey, "write masking_key = \"FILE\" into the order; make one with: openssl rand -hex 32", "the map's masks need a masking key, and the order %s names none", o.ID)
	}
	text, err := readFile(o.Path(o.MaskingKey), maxMaskingKey)
	if err != nil {
		return nil, unreadable(codeMaskingKey, err, "the masking key of the order %s can't be read", o.ID)
	}
	defer clear(text)
	key, err := mask.ReadKey(bytes.NewReader(text))
	if err != nil {
		return nil, failure(codeMaskingKey, diag.Misuse, "", err, "the masking key of the order %s can't be used", o.ID)
	}
	return key, nil
}
