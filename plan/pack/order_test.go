package pack

import (
	"strings"
	"testing"
	"time"
)

func testOrder() Order {
	return Order{ID: "tallmo", Hash: "sha256:" + strings.Repeat("0a", 32), Sequence: 7, Created: "2026-04-01T08:00:01Z"}
}

// A package says which order it answers and when it was begun; one without an order is as packages were before.
func TestOrderInManifest(t *testing.T) {
	anna, _, _ := keys(t)
	info := testInfo("sqlite")
	file, sealed := packed(t, Options{Info: info, Recipients: []*Recipient{anna.recipient}}, sample())
	if text, err := sealed.Manifest.Encode(); err != nil || strings.Contains(string(text), `"order"`) || len(file) == 0 {
		t.Errorf("%v %s", err, text)
	}
	info.Order = testOrder()
	_, sealed = packed(t, Options{Info: info, Recipients: []*Recipient{anna.recipient}}, sample())
	text, err := sealed.Manifest.Encode()
	if err != nil {
		t.Fatal(err)
	}
	m, err := ReadManifest(strings.NewReader(string(text)))
	if err != nil || m.Order != info.Order || !m.Order.At().Equal(time.Date(2026, 4, 1, 8, 0, 1, 0, time.UTC)) {
		t.Errorf("%v %+v", err, m)
	}
}

// What is said of an order is whole, or the package isn't made and isn't read.
func TestOrderIsWhole(t *testing.T) {
	anna, _, _ := keys(t)
	for name, change := range map[string]func(*Order){
		"no id":               func(o *Order) { o.ID = "" },
		"a control character": func(o *Order) { o.ID = "a\x1b" },
		"no hash":             func(o *Order) { o.Hash = "" },
		"a bare hash":         func(o *Order) { o.Hash = strings.TrimPrefix(o.Hash, "sha256:") },
		"no number":           func(o *Order) { o.Sequence = 0 },
		"a number below":      func(o *Order) { o.Sequence = -1 },
		"no time":             func(o *Order) { o.Created = "" },
		"another zone":        func(o *Order) { o.Created = "2026-04-01T08:00:01+02:00" },
		"parts of a second":   func(o *Order) { o.Created = "2026-04-01T08:00:01.5Z" },
		"before computers":    func(o *Order) { o.Created = "0001-01-01T00:00:00Z" },
	} {
		info := testInfo("sqlite")
		info.Order = testOrder()
		change(&info.Order)
		var b strings.Builder
		if _, err := NewWriter(&b, Options{Info: info, Recipients: []*Recipient{anna.recipient}}); err == nil {
			t.Errorf("%s: a package is made", name)
		} else {
			wantCode(t, err, codeInfo)
		}
		m := Manifest{Format: Format, Info: info, Plaintext: true, Recipients: []string{}, Files: []File{fileOf(readmeName, nil)}, Tables: []Content{}}
		text, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		_, err = ReadManifest(strings.NewReader(string(text)))
		wantCode(t, err, codeManifest)
		m.Order = testOrder()
		if text, err = m.Encode(); err != nil {
			t.Fatal(err)
		}
		if _, err = ReadManifest(strings.NewReader(string(text))); err != nil {
			t.Fatal("the test's manifest is wrong in itself:", err)
		}
	}
}
