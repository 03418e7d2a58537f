package pack

import (
	"bytes"
	"crypto"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"
)

var signedAt = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

func signingEntity(t *testing.T) *openpgp.Entity {
	t.Helper()
	e, err := openpgp.NewEntity("Region Exempel", "", "region@example.org", &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA,
		Time: func() time.Time { return signedAt.Add(-time.Hour) }})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// Keys of every common kind sign and are checked, and of none is a bit of the signature free.
func TestSignatureKinds(t *testing.T) {
	at := signedAt.Add(time.Hour)
	other := &Secret{signingEntity(t)}
	born := func() time.Time { return signedAt }
	for name, cfg := range map[string]*packet.Config{
		"Ed25519, as GnuPG": {Algorithm: packet.PubKeyAlgoEdDSA},
		"Ed25519, RFC 9580": {Algorithm: packet.PubKeyAlgoEd25519},
		"version 6":         {Algorithm: packet.PubKeyAlgoEd25519, V6Keys: true},
		"Ed448":             {Algorithm: packet.PubKeyAlgoEd448, DefaultHash: crypto.SHA512},
		"P-256":             {Algorithm: packet.PubKeyAlgoECDSA, Curve: packet.CurveNistP256},
		"RSA":               {Algorithm: packet.PubKeyAlgoRSA, RSABits: 2048},
	} {
		cfg.Time = born
		e, err := openpgp.NewEntity("Region", "", "r@example.org", cfg)
		if err != nil {
			t.Fatal(name, err)
		}
		k, message := &Secret{e}, []byte("message")
		signature, err := k.Sign(message, at)
		if err != nil {
			t.Fatal(name, err)
		}
		if err := k.Sender().Check(message, signature, at); err != nil {
			t.Fatal(name, err)
		}
		for i := range 8 * len(signature) {
			s := bytes.Clone(signature)
			s[i/8] ^= 1 << (i % 8)
			if k.Sender().Check(message, s, at) == nil {
				t.Errorf("%s: bit %d of byte %d is free", name, i%8, i/8)
			}
		}
		if k.Sender().Check([]byte("another"), signature, at) == nil || other.Sender().Check(message, signature, at) == nil {
			t.Error(name, "anything holds")
		}
	}
}

// What is put into the part of a signature that isn't signed makes it another line, and is refused.
func TestUnhashedSubpacketIsRefused(t *testing.T) {
	message, at := []byte("message"), signedAt
	region := &Secret{signingEntity(t)}
	signature, err := region.Sign(message, at)
	if err != nil {
		t.Fatal(err)
	}
	p, err := packet.Read(bytes.NewReader(signature))
	if err != nil {
		t.Fatal(err)
	}
	s := p.(*packet.Signature)
	head := s.HashSuffix[:len(s.HashSuffix)-6]
	i := bytes.Index(signature, head) + len(head)
	start := bytes.Index(signature, head)
	more := []byte{3, 101, 'h', 'i'} // private use
	body := append(append(append(bytes.Clone(signature[start:i]), 0, byte(len(more))), more...), signature[i+2:]...)
	forged := append([]byte{0xc2, byte(len(body))}, body...)
	if len(body) >= 192 {
		forged = append([]byte{0xc2, byte((len(body)-192)>>8 + 192), byte(len(body) - 192)}, body...)
	}
	if _, _, err := openpgp.VerifyDetachedSignature(openpgp.EntityList{region.entity}, bytes.NewReader(message), bytes.NewReader(forged), signatureSettings(at)); err != nil {
		t.Fatal("the test forges badly:", err)
	}
	if region.Sender().Check(message, forged, at) == nil {
		t.Error("it holds")
	}
}

// A key that expired after it signed is no fault; one that had expired before signs nothing.
func TestSignatureExpiry(t *testing.T) {
	e, err := openpgp.NewEntity("Region", "", "r@example.org", &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA, KeyLifetimeSecs: 3600,
		Time: func() time.Time { return signedAt }})
	if err != nil {
		t.Fatal(err)
	}
	k := &Secret{e}
	signature, err := k.Sign([]byte("m"), signedAt.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Sender().Check([]byte("m"), signature, signedAt.Add(time.Minute)); err != nil {
		t.Error(err)
	}
	if k.Sender().Check([]byte("m"), signature, signedAt.Add(2*time.Minute)) == nil {
		t.Error("a signature holds for another time than its own")
	}
	_, err = k.Sign([]byte("m"), signedAt.Add(2*time.Hour))
	wantCode(t, err, codeKeyExpired)
}
