package pack

import (
	"bytes"
	"testing"

	"github.com/utdrag/utdrag/filter/diag"
)

// A flipped byte or a cut anywhere is a coded refusal, and nothing is on disk; the sealed length of a package says
// where to flip.
func TestTampering(t *testing.T) {
	anna, bo, cleo := keys(t)
	for name, to := range map[string]ring{"mdc": anna, "aead": cleo} {
		t.Run(name, func(t *testing.T) {
			k := Keys{Secrets: []*Secret{to.secret}}
			file, _ := packed(t, Options{Info: testInfo("sqlite"), Recipients: []*Recipient{to.recipient}, Signer: bo.secret}, sample())
			signed := Keys{Secrets: []*Secret{to.secret}, Sender: bo.sender}
			step := max(1, len(file)/400)
			for i := 0; i < len(file); i += step {
				bad := bytes.Clone(file)
				bad[i] ^= 1 << (i % 8)
				for _, k := range []Keys{k, signed} {
					if _, _, err := Verify(bytes.NewReader(bad), k, Limits{}); err == nil {
						t.Errorf("flipped at %d: accepted", i)
					} else if diag.CodeOf(err) == "" {
						t.Errorf("flipped at %d: %v", i, err)
					}
				}
				if _, _, err := Verify(bytes.NewReader(file[:i]), k, Limits{}); err == nil || diag.CodeOf(err) == "" {
					t.Errorf("cut at %d: %v", i, err)
				}
			}
			for cut := 1; cut < 300; cut++ {
				if _, _, err := Verify(bytes.NewReader(file[:len(file)-cut]), k, Limits{}); err == nil || diag.CodeOf(err) == "" {
					t.Errorf("cut by %d: %v", cut, err)
				}
			}
			refusedEverywhere(t, file[:len(file)-30], k, codeDamaged)
		})
	}
}

// Who may open it, and whose signature counts.
func TestKeysAndSignatures(t *testing.T) {
	anna, bo, cleo := keys(t)
	o := Options{Info: testInfo("sqlite"), Recipients: []*Recipient{anna.recipient, cleo.recipient}}
	unsigned, _ := packed(t, o, sample())
	o.Signer = bo.secret
	signed, _ := packed(t, o, sample())

	refusedEverywhere(t, unsigned, Keys{Secrets: []*Secret{bo.secret}}, codeNoKey)
	refusedEverywhere(t, unsigned, Keys{}, codeNoKey)
	refusedEverywhere(t, unsigned, Keys{Secrets: []*Secret{anna.secret}, Sender: bo.sender}, codeSignature)
	refusedEverywhere(t, signed, Keys{Secrets: []*Secret{anna.secret}, Sender: cleo.sender}, codeSignature)
	refusedEverywhere(t, signed, Keys{Secrets: []*Secret{anna.secret}, Sender: anna.sender}, codeSignature)
	for _, to := range []ring{anna, cleo} {
		_, s, err := Verify(bytes.NewReader(signed), Keys{Secrets: []*Secret{to.secret}}, Limits{})
		if err != nil || s.State != Unknown || s.Fingerprint != bo.sender.Fingerprint() {
			t.Errorf("%v, %v", s, err)
		}
		_, s, err = Verify(bytes.NewReader(signed), Keys{Secrets: []*Secret{to.secret}, Sender: bo.sender}, Limits{})
		if err != nil || s.State != Good {
			t.Errorf("%v, %v", s, err)
		}
	}
	// Sealed for oneself: the same key in both roles.
	own, _ := packed(t, Options{Info: testInfo("sqlite"), Recipients: []*Recipient{bo.recipient}, Signer: bo.secret}, sample())
	if _, s, err := Verify(bytes.NewReader(own), Keys{Secrets: []*Secret{bo.secret}, Sender: bo.sender}, Limits{}); err != nil || s.State != Good {
		t.Errorf("%v, %v", s, err)
	}
}

// No clear byte tells what is inside.
func TestNothingInClear(t *testing.T) {
	anna, bo, _ := keys(t)
	file, _ := packed(t, Options{Info: testInfo("sqlite"), Recipients: []*Recipient{anna.recipient}, Signer: bo.secret, Compression: None}, sample())
	for _, word := range []string{"SE2321000016", "Patient", "Öberg", "README", "utdrag", "test@example.org"} {
		if bytes.Contains(file, []byte(word)) {
			t.Errorf("%q stands in clear", word)
		}
	}
}
