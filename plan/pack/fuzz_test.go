package pack

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/utdrag/utdrag/filter/diag"
)

func FuzzPackage(f *testing.F) {
	anna, bo, _ := keys(f)
	file, _ := packed(f, Options{Info: testInfo("sqlite"), Recipients: []*Recipient{anna.recipient}}, sample())
	f.Add(file)
	f.Add(file[:len(file)/2])
	f.Fuzz(func(t *testing.T, file []byte) {
		_, _, err := Verify(bytes.NewReader(file), Keys{Secrets: []*Secret{anna.secret}, Sender: bo.sender}, Limits{Bytes: 1 << 24})
		if err == nil || diag.CodeOf(err) == "" {
			t.Errorf("%v", err)
		}
	})
}

// The archive reader below the seal, where a hostile sender's bytes arrive as they are.
func FuzzArchive(f *testing.F) {
	f.Add(goodArchive().withManifest(f).bytes())
	f.Add(goodArchive().bytes())
	f.Fuzz(func(t *testing.T, content []byte) {
		s, text, err := survey(bytes.NewReader(content))
		if err != nil {
			return
		}
		if m, err := ReadManifest(bytes.NewReader(text)); err == nil && s.compare(m) == nil {
			files := m.Files
			for _, c := range m.Tables {
				files = append(files, c.Parts...)
			}
			for _, f := range files {
				if !filepath.IsLocal(f.Name) {
					t.Errorf("accepted %q", f.Name)
				}
			}
		}
	})
}

func FuzzManifest(f *testing.F) {
	a := goodArchive().withManifest(f)
	f.Add(a.contents[len(a.contents)-1])
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := ReadManifest(bytes.NewReader(text))
		if err != nil {
			if diag.CodeOf(err) == "" {
				t.Errorf("%v", err)
			}
			return
		}
		again, err := m.Encode()
		if err != nil || !bytes.Equal(again, text) {
			t.Errorf("another spelling of a manifest is accepted: %v", err)
		}
	})
}
