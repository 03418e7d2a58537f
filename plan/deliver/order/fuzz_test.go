package order

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// FuzzParse holds Parse to its word: an order or a refusal, places inside the file, and what is taken can be written, read to the
// same again, shown, and asked when it is due.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/good/*.hcl", "testdata/good/*.canonical", "testdata/bad/*.hcl", "template.hcl"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			if text, err := os.ReadFile(file); err == nil {
				f.Add(text)
			}
		}
	}
	now := time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text []byte) {
		o, found := Parse("x.order.hcl", text)
		if (o == nil) != found.Refused() {
			t.Fatalf("order %v, diagnostics %v", o != nil, found)
		}
		for _, d := range found {
			if s, e := d.Subject.Start.Byte, d.Subject.End.Byte; s < 0 || e < s || e > len(text) || d.Subject.Start.Line < 1 {
				t.Fatalf("a place outside the file: %+v", d)
			}
		}
		if o == nil {
			return
		}
		sameAgain(t, o)
		var b bytes.Buffer
		if err := o.ShowText(&b); err != nil {
			t.Fatal(err)
		}
		if err := o.ShowHTML(&b); err != nil {
			t.Fatal(err)
		}
		if due, next, missed := o.Due(now, now); due || missed != 0 || !next.IsZero() && !next.After(now) {
			t.Fatal("due at once after it was done:", next, missed)
		}
	})
}

// FuzzHSAID holds HSA-ids to their form.
func FuzzHSAID(f *testing.F) {
	for _, seed := range []string{"SE5500000020-1000", "SE165565594230-1000", "SE5500000020-", "SE-1", "SE155500000020-1", "SE5500000020-Å", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		kept, problem := checkHSAID(text)
		number := OrganisationNumber(text)
		if (problem == nil) != (number != "") {
			t.Fatal("a number of what is no HSA-id, or none of one")
		}
		if problem != nil {
			return
		}
		if kept != text || len(number) != 10 || !strings.Contains(text, number+"-") || len(text) > maxHSAID {
			t.Fatalf("%q: %q", text, number)
		}
		if other := otherForm(text); other != "" && (OrganisationNumber(other) != number || otherForm(other) != text) {
			t.Fatalf("%q: other form %q", text, other)
		}
	})
}

// fields are the texts of an order, one by one.
var fields = []func(o *Order) *string{
	func(o *Order) *string { return &o.ID }, func(o *Order) *string { return &o.Provider.Name }, func(o *Order) *string { return &o.Provider.HSAID },
	func(o *Order) *string { return &o.Units[1].Name }, func(o *Order) *string { return &o.Interval.Every }, func(o *Order) *string { return &o.Interval.Cron },
	func(o *Order) *string { return &o.Interval.Zone }, func(o *Order) *string { return &o.IT.Phone }, func(o *Order) *string { return &o.IT.Email },
	func(o *Order) *string { return &o.Other }, func(o *Order) *string { return &o.Purpose }, func(o *Order) *string { return &o.Orderer.NameInPrint },
	func(o *Order) *string { return &o.Source }, func(o *Order) *string { return &o.Map }, func(o *Order) *string { return &o.Format },
	func(o *Order) *string { return &o.Recipient.Fingerprint }, func(o *Order) *string { return &o.Delivery.SFTP.Host },
	func(o *Order) *string { return &o.Delivery.SFTP.User }, func(o *Order) *string { return &o.Delivery.SFTP.Folder },
	func(o *Order) *string { return &o.Delivery.SFTP.HostKey }, func(o *Order) *string { return &o.Delivery.SFTP.Password.Env },
	func(o *Order) *string { return &o.Delivery.SFTP.Password.File }, func(o *Order) *string { return &o.Hold.Tables[0].Table },
}

// FuzzField writes a text into one field of a good order. What is taken is the same when written and read again, and what is refused
// is refused without being quoted.
func FuzzField(f *testing.F) {
	for i := range fields {
		f.Add(i, "", "")
		f.Add(i, "postgres://u:", "@db.example/x")
	}
	for _, seed := range []string{"a\r\nb \n c", "e\u0301 ${x} %{y} $${", "\\\"\\n", "<<EOT", "\u00a0x", "SFTP.Example.SE.", "[::ffff:10.0.0.1]", "@every 1s", "TZ=UTC", "*/7 * 1-5 jan mon"} {
		for i := range fields {
			f.Add(i, seed, "")
		}
	}
	seed := read(f, "testdata/good/sftp.canonical")
	f.Fuzz(func(t *testing.T, field int, before, after string) {
		for _, text := range []string{before + after, before + canary + after} {
			o, _ := Parse("x.order.hcl", seed)
			at := fields[uint(field)%uint(len(fields))](o)
			*at = text
			if at == &o.Interval.Cron && text != "" {
				o.Interval.Every = ""
			}
			if at == &o.Delivery.SFTP.Password.File {
				o.Delivery.SFTP.Password.Env = ""
			}
			taken, found := Parse("x.order.hcl", Write(o))
			for _, d := range found {
				if strings.Contains(d.Error(), canary) {
					t.Fatalf("it is quoted: %v", d)
				}
			}
			if taken != nil {
				sameAgain(t, taken)
			}
		}
	})
}
