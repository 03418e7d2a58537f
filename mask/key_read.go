package mask

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode"
	"unicode/utf8"
)

// maxKeyText bounds what is read as a key: a file that is larger is some other file.
const maxKeyText = 4096

var errKeyText = fmt.Errorf("the masking key is text, but neither hex nor base64 of at least %d bytes: make one with `openssl rand -hex %d`", KeySize, KeySize)

// ReadKeyFile reads a masking key from a file, as [ReadKey] does.
func ReadKeyFile(path string) (*Key, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("masking key: %w", err)
	}
	key, err := ReadKey(f)
	return key, errors.Join(err, f.Close())
}

// ReadKey reads a masking key of at least [KeySize] bytes, written in hex, in base64 (either alphabet, with or without
// padding), or as raw bytes. White space around hex and base64 doesn't count. A pass phrase is refused: it is easier
// to guess than what it hides. What was read is wiped.
func ReadKey(r io.Reader) (*Key, error) {
	text := make([]byte, maxKeyText+1)
	defer clear(text)
	n, err := io.ReadFull(r, text)
	switch {
	case err == nil:
		return nil, fmt.Errorf("the masking key is longer than %d bytes", maxKeyText)
	case !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fmt.Errorf("masking key: %w", err)
	}
	secret, err := decodeKey(text[:n])
	if err != nil {
		return nil, err
	}
	defer clear(secret)
	return NewKey(secret)
}

// decodeKey returns the bytes that a key's text stands for, in memory of their own.
func decodeKey(raw []byte) ([]byte, error) {
	if !utf8.Valid(raw) || bytes.ContainsFunc(raw, func(r rune) bool { return !unicode.IsPrint(r) && !unicode.IsSpace(r) }) {
		return bytes.Clone(raw), nil
	}
	text := bytes.TrimSpace(raw)
	if len(text) == 0 {
		return nil, errors.New("the masking key is empty")
	}
	decoders := []func(dst, src []byte) (int, error){
		hex.Decode, base64.StdEncoding.Decode, base64.RawStdEncoding.Decode, base64.URLEncoding.Decode, base64.RawURLEncoding.Decode,
	}
	if len(bytes.Trim(text, "0123456789abcdefABCDEF")) == 0 {
		decoders = decoders[:1] // hex of the wrong length is not base64
	}
	for _, decode := range decoders {
		secret := make([]byte, len(text))
		if n, err := decode(secret, text); err == nil && n >= KeySize {
			return secret[:n], nil
		}
		clear(secret)
	}
	return nil, errKeyText
}
