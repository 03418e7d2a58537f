package mask

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
)

// KeySize is the least number of bytes of a masking key.
const KeySize = 32

const (
	keyText          = "[masking key]"
	fingerprintLabel = "utdrag masking key fingerprint 1"
)

// Key is the secret masking key. However it is printed, logged or marshalled, it is the words "[masking key]".
//
// The secret stands behind a function, because fmt prints a function as an address, even where it can't call a method
// of a Key: as a private field of a struct that is printed with the wrong verb, fmt follows pointers.
type Key struct{ secret func() []byte }

// NewKey returns the key of a secret of at least [KeySize] random bytes. The secret is copied; the caller may wipe it.
func NewKey(secret []byte) (*Key, error) {
	if len(secret) < KeySize {
		return nil, fmt.Errorf("the masking key has %d bytes and needs at least %d", len(secret), KeySize)
	}
	if monotone(secret) {
		return nil, errors.New("the masking key is one byte over and over, not random")
	}
	secret = bytes.Clone(secret)
	return &Key{secret: func() []byte { return secret }}, nil
}

func monotone(secret []byte) bool { return bytes.Count(secret, secret[:1]) == len(secret) }

// Fingerprint is a short identifier, for manifests, by which two runs can be seen to have used the same key. The key
// can't be found from it. It is empty for a key that was wiped.
func (k Key) Fingerprint() string {
	if !k.usable() {
		return ""
	}
	return hex.EncodeToString(k.mac([]byte(fingerprintLabel)))[:16]
}

// Pads are the two keys of HMAC (RFC 2104): the key in one block of SHA-256, each byte mixed with 0x36 for the inner hash and
// with 0x5C for the outer. They are as secret as the key, and meant for statements' bound arguments: an engine that has
// SHA-256 computes a keyed hash of them. The error says that there is no key.
func (k *Key) Pads() (inner, outer []byte, err error) {
	if !k.usable() {
		return nil, nil, errors.New("no masking key is given")
	}
	block := make([]byte, sha256.BlockSize)
	if secret := k.secret(); len(secret) > len(block) {
		short := sha256.Sum256(secret)
		copy(block, short[:])
	} else {
		copy(block, secret)
	}
	inner, outer = make([]byte, len(block)), make([]byte, len(block))
	for i, b := range block {
		inner[i], outer[i] = b^0x36, b^0x5c
	}
	clear(block)
	return inner, outer, nil
}

// Wipe overwrites the key in memory. What [Rule.Func] made with it fails afterwards, and must not be running meanwhile.
func (k Key) Wipe() {
	if k.secret != nil {
		clear(k.secret())
	}
}

// usable reports whether there is a key and it has not been wiped.
func (k *Key) usable() bool { return k != nil && k.secret != nil && !monotone(k.secret()) }

func (k Key) mac(message []byte) []byte {
	h := hmac.New(sha256.New, k.secret())
	h.Write(message)
	return h.Sum(nil)
}

// String is "[masking key]".
func (Key) String() string { return keyText }

// GoString is "[masking key]".
func (Key) GoString() string { return keyText }

// Format writes "[masking key]" whatever the verb.
func (Key) Format(f fmt.State, _ rune) { fmt.Fprint(f, keyText) }

// MarshalText gives "[masking key]".
func (Key) MarshalText() ([]byte, error) { return []byte(keyText), nil }

// LogValue is "[masking key]".
func (Key) LogValue() slog.Value { return slog.StringValue(keyText) }
