package mask

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"regexp"
	"strings"
	"sync"

	"github.com/utdrag/utdrag/mask/value"
)

// The hash's lengths in hexadecimal digits: all of SHA-256, and the least to which a short column may cut it. 128 bits
// keep a collision among a thousand million values less likely than 10^-20.
const (
	hashDigits    = 2 * sha256.Size
	minHashDigits = 32
	maxDomain     = 64
)

var hashDefinition = definition{
	Description: Description{
		Name:    "hash",
		Usage:   `hash("domain")`,
		Summary: "replaces every value by a keyed hash: equal values stay equal, and nobody without the key can go back",
		Details: "HMAC-SHA-256 under the masking key, in 64 hexadecimal digits, or cut to the column's length of at least 32; a UUID becomes another UUID. Fits text and UUID columns, those of keys and foreign keys included. Values of one domain can be joined across tables, those of different domains can't; a hash that was cut is the beginning of one that was not.",
		Example: `column "PersonId" { mask = hash("person") }`,
	},
	build: newHash,
}

type hashRule struct{ domain string }

var domainForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

func newHash(args []value.Value) (Rule, error) {
	advice := `write hash("person"): every column that holds the same kind of value names the same domain`
	switch {
	case len(args) != 1:
		return nil, &BadRule{Name: "hash", Reason: fmt.Sprintf("it takes one argument, a domain, and %d are given", len(args)), Advice: advice}
	case args[0].Form() != value.Text || args[0].Large() != nil:
		return nil, &BadRule{Name: "hash", Reason: fmt.Sprintf("its domain is a %s, not a text", args[0].Form()), Advice: advice}
	}
	domain := args[0].Text()
	if len(domain) > maxDomain || !domainForm.MatchString(domain) {
		return nil, &BadRule{Name: "hash", Reason: fmt.Sprintf("a domain is one to %d of the letters A to Z, digits, and . _ - inside", maxDomain), Advice: advice}
	}
	return hashRule{domain}, nil
}

func (hashRule) Name() string   { return "hash" }
func (r hashRule) Spec() string { return fmt.Sprintf("hash(%s)", quote(r.domain)) }
func (hashRule) NeedsKey() bool { return true }

func (r hashRule) Fit(c Column) (Effect, error) {
	unfit := func(reason, advice string) (Effect, error) {
		return Effect{}, &Unfit{Rule: "hash", Reason: reason, Advice: advice}
	}
	effect := Effect{Type: c.Type, Deterministic: true}
	switch c.Type.Kind {
	case value.UUID:
		effect.Form = "UUID"
		return effect, nil
	case value.String:
		if c.Type.Collation.IgnoresAccents {
			return unfit("the column's collation ignores accents, so that texts which the database holds equal would differ",
				"change the column's collation, or use redact, or omit the column")
		}
		if c.Type.Length > 0 && c.Type.Length < minHashDigits {
			return unfit(fmt.Sprintf("the column holds %d characters, and a hash needs at least %d", c.Type.Length, minHashDigits),
				fmt.Sprintf("widen the column to %d characters, or use redact, or omit the column", hashDigits))
		}
		if effect.Type.Length > 0 && effect.Type.Length < hashDigits {
			effect.Type.Length = digits(c)
		}
		effect.Form = fmt.Sprintf("text %s, %d digits", normalOf(c.Type.Collation), digits(c))
		return effect, nil
	case value.Integer, value.Number:
		return unfit(fmt.Sprintf("the column holds %s, and a hash that fits could be the same for two values", c.Type.Kind),
			"keep a surrogate key as it is: it names nobody; else use constant(0), or omit the column")
	}
	return unfit(fmt.Sprintf("the column holds %s, not text", c.Type.Kind), "use null or constant(x), or omit the column")
}

// digits is how many digits of the hash a text column takes.
func digits(c Column) int {
	if c.Type.Length == 0 {
		return hashDigits
	}
	return min(hashDigits, c.Type.Length)
}

// SQL has no form: the text would have to hold the key.
func (hashRule) SQL(Dialect, Column, string) (string, bool) { return "", false }

// Keyed is a rule that an engine may compute by itself where it can get at the masking key: every result is made of
// HMAC-SHA-256, under the key, of a message that [Hashing] describes. It is found by assertion on a [Rule].
type Keyed interface {
	Rule
	// Hashing describes the message of a column's cells and the result. The error is an *Unfit.
	Hashing(c Column) (Hashing, error)
}

// Hashing is how one column's cells are hashed. A cell that is no text, or in a UUID column no UUID, is an error.
type Hashing struct {
	// Prefix are the first bytes of every message. What follows is a text's normal form in UTF-8, or a UUID's sixteen bytes.
	Prefix []byte
	// TrimSpaces leaves trailing spaces (U+0020) out of the normal form. FoldASCII lowers A to Z in it, and FoldUnicode
	// folds every letter's case as package mask does, which SQL can't be expected to.
	TrimSpaces, FoldASCII, FoldUnicode bool
	// UUID is set where the cells are UUIDs: the result is a UUID of version 8 made of the first sixteen bytes of the
	// digest, six bits aside. Otherwise the result is the first Digits digits of the digest in lower-case hexadecimal.
	UUID   bool
	Digits int
}

var _ Keyed = hashRule{}

// Hashing gives messages that begin with the label "utdrag mask hash 1" and a zero byte; the length of the domain as
// eight bytes, the greatest first, and the domain; "t" for a text or "u" for a UUID.
func (r hashRule) Hashing(c Column) (Hashing, error) {
	if _, err := r.Fit(c); err != nil {
		return Hashing{}, err
	}
	prefix := append([]byte("utdrag mask hash 1"), 0)
	prefix = binary.BigEndian.AppendUint64(prefix, uint64(len(r.domain)))
	prefix = append(prefix, r.domain...)
	if c.Type.Kind == value.UUID {
		return Hashing{Prefix: append(prefix, 'u'), UUID: true}, nil
	}
	form := normalOf(c.Type.Collation)
	return Hashing{Prefix: append(prefix, 't'), Digits: digits(c),
		TrimSpaces: form.trim, FoldASCII: form.foldASCII, FoldUnicode: form.foldUnicode}, nil
}

// Func is HMAC-SHA-256 over the message that Hashing describes.
func (r hashRule) Func(c Column, key *Key) (Func, error) {
	hashing, err := r.Hashing(c)
	if err != nil {
		return nil, err
	}
	if !key.usable() {
		return nil, errors.New("mask hash: no masking key is given")
	}
	secret := key.secret()
	macs := sync.Pool{New: func() any { return hmac.New(sha256.New, secret) }}
	sum := func(write func(io.Writer) error) (digest [sha256.Size]byte, err error) {
		if !key.usable() {
			return digest, errors.New("mask hash: the masking key was wiped")
		}
		mac := macs.Get().(hash.Hash)
		defer macs.Put(mac)
		mac.Reset()
		mac.Write(hashing.Prefix)
		if err := write(mac); err != nil {
			return digest, err
		}
		mac.Sum(digest[:0])
		return digest, nil
	}
	if hashing.UUID {
		return func(v value.Value) (value.Value, error) { return hashUUID(v, sum) }, nil
	}
	form, length := normalOf(c.Type.Collation), hashing.Digits
	return func(v value.Value) (value.Value, error) {
		if v.IsNull() {
			return v, nil
		}
		digest, err := sum(func(w io.Writer) error { return writeText(w, form, v) })
		if err != nil {
			return value.Value{}, err
		}
		return value.NewText(hex.EncodeToString(digest[:])[:length]), nil
	}, nil
}

// writeText writes the normal form of a text cell, be it in memory or large.
func writeText(w io.Writer, form normal, v value.Value) (err error) {
	if v.Form() != value.Text {
		return fmt.Errorf("mask hash: a cell of a text column holds %s", v.Form())
	}
	large := v.Large()
	if large == nil {
		err = form.writeString(w, v.Text())
	} else {
		var r io.ReadCloser
		if r, err = large.Open(); err == nil {
			err = errors.Join(form.writeFrom(w, r), r.Close())
		}
	}
	if err != nil {
		return fmt.Errorf("mask hash: %w", err)
	}
	return nil
}

// hashUUID gives a UUID of version 8, whose other 122 bits RFC 9562 leaves to us.
func hashUUID(v value.Value, sum func(func(io.Writer) error) ([sha256.Size]byte, error)) (value.Value, error) {
	if v.IsNull() {
		return v, nil
	}
	id, ok := parseUUID(v.Text())
	if v.Form() != value.Text || !ok {
		return value.Value{}, errors.New("mask hash: a cell of a UUID column holds no UUID")
	}
	digest, err := sum(func(w io.Writer) error {
		_, err := w.Write(id[:])
		return err
	})
	if err != nil {
		return value.Value{}, err
	}
	copy(id[:], digest[:])
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	return value.NewText(formatUUID(id)), nil
}

func (r hashRule) Holds(c Column, v value.Value) bool {
	if v.IsNull() {
		return true
	}
	if v.Form() != value.Text || v.Large() != nil {
		return false
	}
	if c.Type.Kind == value.UUID {
		id, ok := parseUUID(v.Text())
		return ok && id[6]>>4 == 8 && id[8]>>6 == 2
	}
	text := unpadded(c, v.Text())
	return len(text) == digits(c) && strings.Trim(text, "0123456789abcdef") == ""
}
