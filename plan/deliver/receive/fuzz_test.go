package receive_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/plan/deliver/receive"
)

// What is accepted as a state is written again as the same bytes.
func FuzzReadState(f *testing.F) {
	hash := strings.Repeat("0f", 32)
	at := time.Date(2025, 11, 1, 3, 0, 0, 0, time.UTC)
	for _, s := range []receive.State{
		{Format: 1, Packages: []receive.Entry{}},
		{Format: 1, Packages: []receive.Entry{{Package: "p.pgp", Bytes: 7, SHA256: hash, Manifest: hash, Provider: provider, Order: orderAt(1), Received: at, Loaded: at},
			{Package: "Å.pgp", Bytes: 1, SHA256: hash, Manifest: hash, Provider: "x", Received: at}}},
	} {
		text, err := s.Encode()
		check(f, err)
		f.Add(text)
		f.Add(bytes.Replace(text, []byte("2025"), []byte("1925"), 1))
		f.Add(text[:len(text)-1])
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := receive.ReadState(bytes.NewReader(text))
		if err != nil {
			if diag.CodeOf(err) != "UD511" {
				t.Fatalf("refused without the code for it: %v", err)
			}
			return
		}
		again, err := s.Encode()
		if err != nil || !bytes.Equal(again, text) {
			t.Fatalf("%q was accepted and is written as %q: %v", text, again, err)
		}
	})
}
