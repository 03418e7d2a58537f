package disclosure

import (
	"bytes"
	"crypto"
	"encoding/hex"
	"errors"
	"io"
	"math/bits"
	"strings"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"
)

// Signer signs records: the region's private key. It need not be safe for use by several goroutines.
type Signer interface {
	// Fingerprint is that of the primary key in uppercase hex.
	Fingerprint() string
	// Sign returns a detached binary OpenPGP signature made at the time given, which the key must be valid at.
	Sign(message []byte, at time.Time) ([]byte, error)
}

// Verifier checks records: a public key that is trusted to have signed them.
type Verifier interface {
	// Fingerprint is that of the primary key in uppercase hex.
	Fingerprint() string
	// Check returns nil if signature is one detached binary OpenPGP signature over message, made by the key at the time
	// given, when the key was valid. A key that has expired since is no fault. Not a byte of it may be free to be changed.
	Check(message, signature []byte, at time.Time) error
}

// Key is an OpenPGP key as Signer, if it holds the private key unlocked, and as Verifier.
type Key struct{ entity *openpgp.Entity }

// NewKey makes a Key of an entity, which stays the caller's.
func NewKey(entity *openpgp.Entity) *Key { return &Key{entity} }

// Fingerprint is that of the primary key in uppercase hex.
func (k *Key) Fingerprint() string {
	return strings.ToUpper(hex.EncodeToString(k.entity.PrimaryKey.Fingerprint))
}

func keySettings(at time.Time) *packet.Config {
	return &packet.Config{Time: func() time.Time { return at }, DefaultHash: crypto.SHA512, MinRSABits: 2048}
}

// Sign implements [Signer].
func (k *Key) Sign(message []byte, at time.Time) ([]byte, error) {
	var b bytes.Buffer
	if err := openpgp.DetachSign(&b, []*openpgp.Entity{k.entity}, bytes.NewReader(message), keySettings(at)); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

var errNotOne = errors.New("not one signature in the form that it was made in")

// Check implements [Verifier].
func (k *Key) Check(message, signature []byte, at time.Time) error {
	r := bytes.NewReader(signature)
	p, err := packet.Read(r)
	if err != nil {
		return err
	}
	s, ok := p.(*packet.Signature)
	if !ok || r.Len() != 0 || s.SigType != packet.SigTypeBinary || s.CreationTime.Unix() != at.Unix() {
		return errNotOne
	}
	if !exact(s, message, signature) {
		return errNotOne
	}
	_, _, err = openpgp.VerifyDetachedSignature(openpgp.EntityList{k.entity}, io.Reader(bytes.NewReader(message)),
		bytes.NewReader(signature), keySettings(at))
	return err
}

// exact reports whether s, which was read from signature, can be written in no other way. OpenPGP signs neither the
// packet's header, the unhashed subpackets, the first two bytes of the digest, nor the lengths of its numbers, and
// go-crypto checks none of them; a log in which they can be changed unseen isn't evidence.
func exact(s *packet.Signature, message, signature []byte) bool {
	var again bytes.Buffer
	if err := s.Serialize(&again); err != nil || !bytes.Equal(again.Bytes(), signature) {
		return false
	}
	h, err := s.PrepareVerify()
	if err != nil {
		return false
	}
	h.Write(message)
	if packet.VerifyHashTag(h, s) != nil || !allHashed(s, signature) {
		return false
	}
	for _, n := range []interface {
		Bytes() []byte
		BitLength() uint16
	}{s.RSASignature, s.DSASigR, s.DSASigS, s.ECDSASigR, s.ECDSASigS, s.EdDSASigR, s.EdDSASigS} {
		if n == nil {
			continue
		}
		if b := n.Bytes(); len(b) == 0 || int(n.BitLength()) != 8*(len(b)-1)+bits.Len8(b[0]) {
			return false
		}
	}
	return true
}

// allHashed reports whether s has no unhashed subpackets: their length follows what is hashed, which in turn is followed
// by six bytes of trailer where it is hashed (RFC 9580, sections 5.2.3 and 5.2.4).
func allHashed(s *packet.Signature, signature []byte) bool {
	width := map[int]int{4: 2, 6: 4}[s.Version]
	if width == 0 || len(s.HashSuffix) < 6 {
		return false
	}
	_, rest, ok := bytes.Cut(signature, s.HashSuffix[:len(s.HashSuffix)-6])
	return ok && bytes.HasPrefix(rest, make([]byte, width))
}

// find returns the trusted key of a fingerprint, or nil.
func find(keys []Verifier, fingerprint string) Verifier {
	for _, k := range keys {
		if k.Fingerprint() == fingerprint {
			return k
		}
	}
	return nil
}

// checkSignature holds a signature against the trusted keys.
func checkSignature(keys []Verifier, signer string, body, signature []byte, at time.Time) error {
	k := find(keys, signer)
	if k == nil {
		return refused(codeSigner, "give the key if it was the region's at the time; if not, it is a forgery", "it is signed by a key that isn't trusted here")
	}
	// The cause is left out: it is in the words of OpenPGP packets, and may quote them.
	if k.Check(body, signature, at) != nil {
		return refused(codeSignature, "", "its signature doesn't hold")
	}
	return nil
}
