package receive

import (
	"bytes"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/plan/pack"
)

// A manifest that names other keys than those that opened the package and signed it was sealed by somebody in between.
func TestWeighAddressee(t *testing.T) {
	e, err := openpgp.NewEntity("own", "", "own@example.org", &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA})
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := e.SerializePrivateWithoutSigning(&text, nil); err != nil {
		t.Fatal(err)
	}
	own, err := pack.LoadSecret(&text, nil)
	if err != nil {
		t.Fatal(err)
	}
	at := pack.Order{ID: "o", Sequence: 1, Created: "2025-11-01T00:00:00Z"}
	const stranger = "0123456789ABCDEF0123456789ABCDEF01234567"
	for _, c := range []struct {
		recipients []string
		signer     string
		want       string
	}{
		{[]string{own.Fingerprint()}, own.Fingerprint(), ""},
		{[]string{stranger, own.Fingerprint()}, own.Fingerprint(), ""},
		{[]string{stranger}, own.Fingerprint(), codeAddressee},
		{[]string{own.Fingerprint()}, stranger, codeAddressee},
		{[]string{own.Fingerprint()}, "", codeAddressee},
	} {
		j := &judge{state: &State{}, now: time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC),
			options: Options{Provider: "p", AllowOlder: true, Keys: pack.Keys{Secrets: []*pack.Secret{own}, Sender: own.Sender()}}}
		m := &pack.Manifest{Info: pack.Info{Provider: "p"}, Recipients: c.recipients, Signer: c.signer}
		if got := diag.CodeOf(j.weigh(m, &Entry{Provider: "p", Order: at})); got != c.want {
			t.Errorf("recipients %q, signer %q: %q, want %q", c.recipients, c.signer, got, c.want)
		}
	}
}
