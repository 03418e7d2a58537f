package pack

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// What follows a package, or stands before it, is covered by no check value and no signature: it is refused, even where
// OpenPGP says that a reader skips it. (Found by an attack: markers and private packets passed.)
func TestNothingRidesAlong(t *testing.T) {
	anna, _, cleo := keys(t)
	for _, to := range []ring{anna, cleo} {
		file, _ := packed(t, Options{Info: testInfo("sqlite"), Recipients: []*Recipient{to.recipient}}, sample())
		k := Keys{Secrets: []*Secret{to.secret}}
		if _, _, err := Verify(bytes.NewReader(file), k, Limits{}); err != nil {
			t.Fatal(err)
		}
		for tag := range 64 {
			for _, header := range [][]byte{{0xc0 | byte(tag), 3, 'P', 'G', 'P'}, {0x80 | byte(tag&15)<<2, 3, 'P', 'G', 'P'}, {0x83 | byte(tag&15)<<2, 'P', 'G', 'P'}} {
				for name, altered := range map[string][]byte{"behind": append(bytes.Clone(file), header...), "before": append(bytes.Clone(header), file...)} {
					if key := header[0] == 0xc1 || header[0]&0xfc == 0x84; key && name == "before" {
						continue // a key for somebody else may stand there: the seal itself is no other for it
					}
					if _, _, err := Verify(bytes.NewReader(altered), k, Limits{}); err == nil {
						t.Errorf("a packet of tag %d %s the package passed", tag, name)
					}
				}
			}
		}
		r := rand.New(rand.NewPCG(1, 2))
		for first := range 256 {
			tail := make([]byte, 1+r.IntN(200_000))
			for i := range tail {
				tail[i] = byte(r.Uint32())
			}
			tail[0] = byte(first)
			_, _, err := Verify(bytes.NewReader(append(bytes.Clone(file), tail...)), k, Limits{})
			wantCode(t, err, codeDamaged)
		}
	}
}
