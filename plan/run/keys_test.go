package run_test

import (
	"bytes"
	"testing"

	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"

	"github.com/utdrag/utdrag/plan/pack"
)

// keyPair is an OpenPGP key made on the spot.
func keyPair(t testing.TB) (*pack.Recipient, *pack.Secret) {
	t.Helper()
	entity, err := openpgp.NewEntity("Anna", "", "anna@example.org", &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA})
	if err != nil {
		t.Fatal(err)
	}
	var public, private bytes.Buffer
	if err := entity.Serialize(&public); err != nil {
		t.Fatal(err)
	}
	if err := entity.SerializePrivate(&private, nil); err != nil {
		t.Fatal(err)
	}
	recipient, err := pack.LoadRecipient(&public)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := pack.LoadSecret(&private, nil)
	if err != nil {
		t.Fatal(err)
	}
	return recipient, secret
}
