package disclosure

import (
	"fmt"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
)

// The numbers below are made up of dates and digits; those with right check digits are Skatteverket's for tests.
func TestPersonalNumbers(t *testing.T) {
	for _, s := range []string{
		"191212121212", "19121212-1212", "121212-1212", "1212121212", "121212+1212", "om 19121212-1212.", "(121212-1212)",
		"1912-12-12-1212", "19121212 1212", "121212 - 1212", "19121272-1212", "19121212–1212", "pat19121212-1212",
		"2 121212-1212", "nr 5500000020 och 121212-1213", "2026-01-01 - 2026-12-31 121212-1212",
	} {
		if !personal(s) {
			t.Errorf("%q passes", s)
		}
	}
	for _, s := range []string{
		"", "uppföljning 2026", "2026-01-01 - 2026-12-31", "2026-01-01--2026-12-31", "20260101-20260131", "SE5500000020-1000", "550000-0020", "165500000020",
		"20260301T080000Z", "20260301080000", "073-123 45 67", "12345", "121212-121", "121212-12123", "20261301-1234", "191232-1212", "v2.10.3",
	} {
		if personal(s) {
			t.Errorf("%q is refused", s)
		}
	}
}

// Each field has a rule, and what breaks it is refused without being quoted.
func TestRules(t *testing.T) {
	const secret = "hemligt"
	long := strings.Repeat("å", maxText)
	for name, x := range map[string]struct {
		code   string
		change func(*Disclosure)
	}{
		"no outcome":           {codeField, func(d *Disclosure) { d.Outcome = "" }},
		"unknown outcome":      {codeField, func(d *Disclosure) { d.Outcome = secret }},
		"a code that succeeds": {codeField, func(d *Disclosure) { d.Code = "UM012" }},
		"no code":              {codeField, func(d *Disclosure) { d.Outcome = Held }},
		"a code with words":    {codeField, func(d *Disclosure) { d.Outcome, d.Code = Held, "UM012 "+secret }},
		"no provider":          {codeField, func(d *Disclosure) { d.Provider = "" }},
		"provider":             {codeField, func(d *Disclosure) { d.Provider = secret }},
		"provider too long":    {codeField, func(d *Disclosure) { d.Provider = tallmo + strings.Repeat("A", 20) }},
		"unit":                 {codeField, func(d *Disclosure) { d.Units = []string{"SE5500000020-Å"} }},
		"unit twice":           {codeField, func(d *Disclosure) { d.Units = []string{angso, angso} }},
		"units without end":    {codeLong, func(d *Disclosure) { d.Units = make([]string, maxUnits+1) }},
		"no order":             {codeField, func(d *Disclosure) { d.Order = Order{} }},
		"order's hash":         {codeField, func(d *Disclosure) { d.Order.Hash = strings.Repeat("a", 64) }},
		"order's id":           {codePersonal, func(d *Disclosure) { d.Order.ID = "121212-1212" }},
		"purpose in two lines": {codeField, func(d *Disclosure) { d.Purpose = "a\nb" }},
		"purpose hides":        {codeField, func(d *Disclosure) { d.Purpose = "a\u202eb" }},
		"purpose in bytes":     {codeField, func(d *Disclosure) { d.Purpose = "a\xff" }},
		"other digits":         {codeField, func(d *Disclosure) { d.Purpose = "１２１２１２-１２１２" }},
		"purpose about one":    {codePersonal, func(d *Disclosure) { d.Purpose = secret + " 19121212-1212" }},
		"purpose too long":     {codeLong, func(d *Disclosure) { d.Purpose = long + "å" }},
		"map":                  {codeField, func(d *Disclosure) { d.Map = "" }},
		"plan":                 {codeField, func(d *Disclosure) { d.Plan = "sha256:" + strings.Repeat("A", 64) }},
		"recipient":            {codeField, func(d *Disclosure) { d.Recipient = strings.Repeat("ab", 20) }},
		"sender":               {codeField, func(d *Disclosure) { d.Sender = "region" }},
		"no tables":            {codeField, func(d *Disclosure) { d.Tables = nil }},
		"tables without end":   {codeLong, func(d *Disclosure) { d.Tables = make([]Table, maxTables+1) }},
		"table twice":          {codeField, func(d *Disclosure) { d.Tables = append(d.Tables, d.Tables[0]) }},
		"table's name":         {codePersonal, func(d *Disclosure) { d.Tables[0].Name.Table = "Patient 121212-1212" }},
		"table without name":   {codeField, func(d *Disclosure) { d.Tables[0].Name = catalog.Name{Schema: "dbo"} }},
		"table's count":        {codeField, func(d *Disclosure) { d.Tables[0].Rows = -1 }},
		"package's name":       {codeField, func(d *Disclosure) { d.Package.Name = "../x" }},
		"package's person":     {codePersonal, func(d *Disclosure) { d.Package.Name = "19121212-1212.gpg" }},
		"package's size":       {codeField, func(d *Disclosure) { d.Package.Size = 0 }},
		"package's hash":       {codeField, func(d *Disclosure) { d.Package.SHA256 = hash("e") }},
		"no destination":       {codeField, func(d *Disclosure) { d.Destination = Destination{} }},
		"kind of destination":  {codeField, func(d *Disclosure) { d.Destination.Kind = "ftp" }},
		"host with password":   {codeField, func(d *Disclosure) { d.Destination.Host = "u:" + secret + "@sftp.example.org" }},
		"host with zone":       {codeField, func(d *Disclosure) { d.Destination.Host = "fe80::1%" + secret }},
		"address as folder":    {codeField, func(d *Disclosure) { d.Destination.Folder = "sftp://u:" + secret + "@h/in" }},
		"settings": {codeField, func(d *Disclosure) {
			d.Destination = Destination{Kind: Database, Host: "db", Folder: "x;password=" + secret}
		}},
		"no port":          {codeField, func(d *Disclosure) { d.Destination.Port = 0 }},
		"port":             {codeField, func(d *Disclosure) { d.Destination.Port = 65536 }},
		"folder with host": {codeField, func(d *Disclosure) { d.Destination.Kind = Folder }},
		"number in a path": {codePersonal, func(d *Disclosure) { d.Destination = Destination{Kind: Folder, Folder: "/ut/031212-3456/in"} }},
		"command line":     {codeField, func(d *Disclosure) { d.Destination = Destination{Kind: Command, Folder: "/bin/send " + secret} }},
		"started later":    {codeField, func(d *Disclosure) { d.Started = 2 }},
	} {
		t.Run(name, func(t *testing.T) {
			l := newTestLog(t)
			d := delivered()
			x.change(&d)
			_, err := l.Append(t.Context(), d)
			wantCode(t, err, x.code)
			if text := fmt.Sprintf("%v %+v", err, err); strings.Contains(text, secret) || strings.Contains(text, "1212") {
				t.Error("the error quotes the field:", text)
			}
			wantSound(t, verifyLog(t, l), 1)
		})
	}
}

// Every outcome passes with what it needs, and fails without each of them.
func TestOutcomes(t *testing.T) {
	whole := delivered()
	whole.Purpose = strings.Repeat("å", maxText)
	for outcome, need := range rules {
		d := whole
		d.Outcome = outcome
		if need.code {
			d.Code = "UM012"
		}
		ok := func() error { c := &checks{}; d.check(c); return c.err }
		if err := ok(); err != nil {
			t.Error(outcome, err)
		}
		if err := func() error { d.Destination.Host = "2001:db8::1"; return ok() }(); err != nil {
			t.Error(outcome, err)
		}
		if need.provider {
			d.Provider = ""
			if diag.CodeOf(ok()) != codeField {
				t.Error(outcome, "without a provider")
			}
		}
	}
	for _, d := range []Destination{{Kind: Command}, {Kind: Folder, Folder: `D:\ut\tallmö`}, {Kind: Database, Folder: "journal.sqlite"}, {Kind: Folder, Folder: "/tmp/out0312123456/001"}, {Kind: Database, Host: "db1", Port: 1433, Folder: "Kopia"}} {
		c := &checks{}
		if d.check(c); c.err != nil {
			t.Error(d, c.err)
		}
	}
}

// The largest record that the bounds allow fits on a line or is refused, and isn't written in part.
func TestLargestRecord(t *testing.T) {
	l := newTestLog(t)
	d := delivered()
	for i := range maxTables {
		d.Tables = append(d.Tables[:min(i, len(d.Tables))], Table{Name: catalog.Name{Schema: "dbo", Table: fmt.Sprintf("T%d", i)}, Rows: 1})
	}
	if _, err := l.Append(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Append(t.Context(), refusal()); err != nil { // it reads the large one back from the end
		t.Fatal(err)
	}
	for i := range d.Tables {
		d.Tables[i].Name.Schema = strings.Repeat("å", 128)
	}
	_, err := l.Append(t.Context(), d)
	wantCode(t, err, codeLong)
	wantSound(t, verifyLog(t, l), 3)
}
