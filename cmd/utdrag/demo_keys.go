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
	recipient, err := openpgp.NewEntity("Invented Recipient", "", "recipient@example.org", &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA})
	if err != nil {
		return err
	}
	stranger, err := openpgp.NewEntity("Invented Stranger", "", "stranger@example.org", &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA})
	if err != nil {
		return err
	}
	for _, key := range []struct {
		file, kind string
		write      func(io.Writer) error
	}{
		{demoPublic, openpgp.PublicKeyType, recipient.Serialize},
		{demoPrivate, openpgp.PrivateKeyType, func(w io.Writer) error { return recipient.SerializePrivateWithoutSigning(w, nil) }},
		{demoStranger, openpgp.PrivateKeyType, func(w io.Writer) error { return stranger.SerializePrivateWithoutSigning(w, nil) }},
	} {
		text, err := armored(key.kind, key.write)
		if err != nil {
			return err
		}
		if err := os.WriteFile(d.path(key.file), text, 0o600); err != nil {
			return err
		}
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return err
	}
	return os.WriteFile(d.path(demoMaskKey), []byte(hex.EncodeToString(secret)+"\n"), 0o600)
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
