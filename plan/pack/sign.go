package pack

import (
	"bytes"
	"crypto"
	"errors"
	"math/bits"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"
)

// Sender is the public part of the key, by which others check what it signed.
func (s *Secret) Sender() *Sender { return &Sender{s.entity} }

func signatureSettings(at time.Time) *packet.Config {
	return &packet.Config{Time: func() time.Time { return at }, DefaultHash: crypto.SHA512, MinRSABits: 2048}
}

// Sign returns a binary detached signature over message that bears the time given, at which the key must be valid.
func (s *Secret) Sign(message []byte, at time.Time) ([]byte, error) {
	if err := canSign(s, signatureSettings(at)); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := openpgp.DetachSign(&b, []*openpgp.Entity{s.entity}, bytes.NewReader(message), signatureSettings(at)); err != nil {
		return nil, unusable(s.entity, "sign with", nil)
	}
	return b.Bytes(), nil
}

var errNotOne = errors.New("not one signature in the form that it was made in")

// Check returns nil if signature is one binary detached signature over message, made by the key at the time given (to the
// second), when the key was valid: one that has expired since is no fault. Not a byte of the signature is free to be changed.
func (s *Sender) Check(message, signature []byte, at time.Time) error {
	r := bytes.NewReader(signature)
	p, err := packet.Read(r)
	if err != nil {
		return errNotOne
	}
	one, ok := p.(*packet.Signature)
	if !ok || r.Len() != 0 || one.SigType != packet.SigTypeBinary || one.CreationTime.Unix() != at.Unix() || !exact(one, message, signature) {
		return errNotOne
	}
	if _, _, err = openpgp.VerifyDetachedSignature(openpgp.EntityList{s.entity}, bytes.NewReader(message),
		bytes.NewReader(signature), signatureSettings(at)); err != nil {
		return errors.New("not a signature by the key at that time") // the cause is in the words of OpenPGP's packets, and may quote them
	}
	return nil
}

// exact reports whether s, which was read from signature, can be written in no other way. OpenPGP signs neither the
// packet's header, the unhashed subpackets, the first two bytes of the digest, nor the lengths of its numbers, and
// go-crypto checks none of them; what can be changed unseen isn't evidence.
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
