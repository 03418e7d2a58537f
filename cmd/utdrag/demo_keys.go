package main

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"os"

	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"
)

// keys makes the key pairs of two invented people and a masking key. The private keys are not locked: they protect
// nothing real.
func (d *demo) keys() error {
	recipient, err := newKey("Invented Recipient", "recipient@example.org")
	if err != nil {
		return err
	}
	stranger, err := newKey("Invented Stranger", "stranger@example.org")
	if err != nil {
		return err
	}
	return errors.Join(
		d.publicKey(demoPublic, recipient),
		d.privateKey(demoPrivate, recipient),
		d.privateKey(demoStranger, stranger),
		d.secretFile(demoMaskKey, 32),
	)
}

func newKey(name, mail string) (*openpgp.Entity, error) {
	return openpgp.NewEntity(name, "", mail, &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA})
}

func (d *demo) publicKey(name string, key *openpgp.Entity) error {
	text, err := armored(openpgp.PublicKeyType, key.Serialize)
	if err != nil {
		return err
	}
	return os.WriteFile(d.path(name), text, 0o600)
}

func (d *demo) privateKey(name string, key *openpgp.Entity) error {
	text, err := armored(openpgp.PrivateKeyType, func(w io.Writer) error { return key.SerializePrivateWithoutSigning(w, nil) })
	if err != nil {
		return err
	}
	return os.WriteFile(d.path(name), text, 0o600)
}

// secretFile makes a file with so many random bytes, in hex.
func (d *demo) secretFile(name string, bytes int) error {
	secret := make([]byte, bytes)
	if _, err := rand.Read(secret); err != nil {
		return err
	}
	return os.WriteFile(d.path(name), []byte(hex.EncodeToString(secret)+"\n"), 0o600)
}

// armored is a key as text.
func armored(kind string, write func(io.Writer) error) ([]byte, error) {
	var b bytes.Buffer
	w, err := armor.Encode(&b, kind, nil)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(write(w), w.Close()); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
