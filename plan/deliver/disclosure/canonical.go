package disclosure

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"strings"
)

// maxLine bounds a line, its newline included, and so what a reader ever holds of a log.
const maxLine = 4 << 20

// noPrevious is what the first record has for the hash of the line before.
var noPrevious = strings.Repeat("0", 2*sha256.Size)

// encode is the canonical form: members in the order of the struct, none that is empty, no space between tokens, and in
// texts no escapes but \" and \\ (the checks let in no character that needs another).
func encode(document any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(document); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// decode reads text into document and refuses what encode wouldn't have written. encoding/json alone would let much
// through: members twice or in another case, null, bytes that aren't UTF-8, bits after the end of base64.
func decode(text []byte, document any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(document); err != nil {
		// encoding/json has no type for this one. The member's name is left out: it may be anything.
		if strings.Contains(err.Error(), "unknown field") {
			return refused(codeUnknown, "read it with the version of utdrag that wrote it, or treat it as tampered with",
				"it has a member that this version doesn't know")
		}
		return refused(codeUnreadable, "", "it isn't readable")
	}
	if _, err := d.Token(); err != io.EOF {
		return refused(codeUnreadable, "", "something follows it on its line")
	}
	again, err := encode(document)
	if err != nil || !bytes.Equal(again, text) {
		return refused(codeForm, "", "it isn't written in the canonical form")
	}
	return nil
}

// decodeRecord reads one line without its newline, and returns too what its signature is over.
func decodeRecord(line []byte) (*Record, []byte, error) {
	r := &Record{}
	if err := decode(line, r); err != nil {
		return nil, nil, err
	}
	if err := r.check(); err != nil {
		return nil, nil, err
	}
	return r, unsigned(line, r.Signature), nil
}

// unsigned is a canonical text without its last member, the signature.
func unsigned(text, signature []byte) []byte {
	last := len(`,"signature":""}`) + base64.StdEncoding.EncodedLen(len(signature))
	body := make([]byte, 0, len(text)-last+1)
	return append(append(body, text[:len(text)-last]...), '}')
}

// digest is the hash that chains lines: of the line with its newline.
func digest(line []byte) string {
	h := sha256.New()
	h.Write(line)
	h.Write([]byte{'\n'})
	return hex.EncodeToString(h.Sum(nil))
}
