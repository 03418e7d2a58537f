package order

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/utdrag/utdrag/filter/diag"
)

// A folder's orders come in the order of their names; one that is refused refuses the folder, and all is told.
func TestLoadFolder(t *testing.T) {
	text := read(t, "testdata/good/sftp.order.hcl")
	folder := t.TempDir()
	if _, _, err := LoadFolder(folder); err != nil {
		wantCode(t, err, CodeFolder)
	} else {
		t.Error("an empty folder is taken")
	}
	for _, name := range []string{"b.order.hcl", "a.order.hcl", ".hidden.order.hcl", "note.txt"} {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	orders, found, err := LoadFolder(folder)
	if err != nil || len(found) > 0 || len(orders) != 2 || orders[0].File() != filepath.Join(folder, "a.order.hcl") {
		t.Fatal(orders, found, err)
	}
	// An order by another name isn't taken, and isn't passed over in silence.
	if err := os.WriteFile(filepath.Join(folder, "z.hcl"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "journal.hcl"), []byte("version = 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	orders, found, err = LoadFolder(folder)
	judge(t, found)
	if err != nil || len(orders) != 2 || len(found) != 1 || found[0].Subject.File != filepath.Join(folder, "z.hcl") {
		t.Error(orders, found, err)
	}
	if err := os.Remove(filepath.Join(folder, "z.hcl")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"c.order.hcl", "d.order.hcl"} {
		if err := os.WriteFile(filepath.Join(folder, name), bytes.Replace(text, []byte("monthly"), []byte("montly"), 1), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	orders, found, err = LoadFolder(folder)
	if list, ok := errors.AsType[diag.List](err); !ok || len(list) != 2 || len(found) != 2 || len(orders) != 2 {
		t.Error(orders, found, err)
	}
	if err := os.Mkdir(filepath.Join(folder, "e.order.hcl"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, _, err := LoadFolder(folder); err == nil {
		t.Error("an order that can't be read is passed over")
	}
	_, _, err = LoadFolder(filepath.Join(folder, "none"))
	wantCode(t, err, CodeFolder)
	_, _, err = Load(filepath.Join(folder, "none"))
	wantCode(t, err, CodeFolder)
	_, found, err = Load("testdata/bad/latin.order.hcl")
	judge(t, found)
	wantCode(t, err, CodeUnreadable)
	large := filepath.Join(t.TempDir(), "large.order.hcl")
	if err := os.WriteFile(large, bytes.Repeat([]byte("#"), MaxSize+1), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err = Load(large)
	wantCode(t, err, CodeUnreadable)
}

// Paths begin in the order's folder, and places are known by the field's name.
func TestPathsAndPlaces(t *testing.T) {
	o := good(t, "sftp.order.hcl")
	o.file = filepath.Join("orders", "x.order.hcl")
	if got := o.Path("keys/a.asc"); got != filepath.Join("orders", "keys", "a.asc") {
		t.Error(got)
	}
	if absolute := filepath.Join(t.TempDir(), "a"); o.Path(absolute) != absolute || o.Path("") != "" {
		t.Error("an absolute path, or none, is changed")
	}
	for field, line := range map[string]int{"id": 3, "unit[1].hsa_id": 14, "unit[1].nothing": 12, "delivery.sftp.password": 54, "retry.attempts": 62, "nothing": 0} {
		if got := o.Place(field).Start.Line; got != line {
			t.Errorf("%s is at line %d, want %d", field, got, line)
		}
	}
	if o.Hold.Of("dbo.Visit") != 50 || o.Hold.Of("dbo.Patient") != 20 {
		t.Error("a table's bound isn't found")
	}
}

// A secret comes from where the order says, and is never told when it doesn't come.
func TestSecret(t *testing.T) {
	o := good(t, "sftp.order.hcl")
	o.file = filepath.Join(t.TempDir(), "x.order.hcl")
	environment := func(name string) string {
		return map[string]string{"SET": canary, "URL": "postgres://u:" + canary + "@h/d"}[name]
	}
	if err := os.WriteFile(o.Path("secret"), []byte(canary+"\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(o.Path("empty"), []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, place := range []Secret{{Env: "SET"}, {File: "secret"}} {
		if got, err := o.Secret(place, environment); err != nil || string(got) != canary {
			t.Error(place, err)
		}
	}
	for _, place := range []Secret{{}, {Env: "UNSET"}, {File: "empty"}, {File: "missing-" + canary}, {File: "."}} {
		_, err := o.Secret(place, environment)
		wantCode(t, err, CodeNoValue)
		if strings.Contains(fmt.Sprint(err), canary) {
			t.Error("a secret is told")
		}
	}
	for source, want := range map[string]string{
		"env:URL": "postgres://u:" + canary + "@h/d", "postgres://h/d": "postgres://h/d", "sqlite:a.db": "sqlite:" + o.Path("a.db"),
	} {
		o.Source = source
		if got, err := o.SourceURL(environment); err != nil || got != want {
			t.Error(source, err)
		}
	}
	for source, code := range map[string]string{"env:SET": CodeNoValue, "env:UNSET": CodeNoValue, "file:secret": CodeNoValue, "env:not a name": CodeSecret} {
		o.Source = source
		got, err := o.SourceURL(environment)
		wantCode(t, err, code)
		if got != "" || strings.Contains(fmt.Sprint(err), canary) {
			t.Error("a secret is told")
		}
	}
}

// The hash is of what the order says, not of how it is written.
func TestHash(t *testing.T) {
	o := good(t, "sftp.order.hcl")
	text := read(t, "testdata/good/sftp.order.hcl")
	other, _ := Parse("elsewhere.hcl", append([]byte("# comment\n"), bytes.Replace(text, []byte(`"90s"`), []byte(`"1m30s"`), 1)...))
	if other == nil || other.Hash() != o.Hash() || !other.Equal(o) {
		t.Error("another layout has another hash")
	}
	hashes := map[string]bool{o.Hash(): true}
	for _, change := range []func(o *Order){
		func(o *Order) { o.Units = o.Units[:1] }, func(o *Order) { o.Other = "" }, func(o *Order) { o.Delivery.SFTP.Port = 23 },
		func(o *Order) { o.Hold.Tables = nil }, func(o *Order) { o.Retry.Longest += time.Second }, func(o *Order) { o.Interval.Start = Date{} },
		func(o *Order) { o.Recipient.Fingerprint = strings.Repeat("A", 40) }, func(o *Order) { o.MaskingKey = "" },
	} {
		o := good(t, "sftp.order.hcl")
		change(o)
		if hashes[o.Hash()] {
			t.Error("two orders have one hash")
		}
		hashes[o.Hash()] = true
	}
}

// The page holds nothing that runs or loads, whatever the order says.
func TestPageIsInert(t *testing.T) {
	o := good(t, "sftp.order.hcl")
	o.Other = `<script src="https://x.example/"></script><img src=x onerror=alert(1)>`
	o.Provider.Name = `" onclick="x`
	var b bytes.Buffer
	if err := o.ShowHTML(&b); err != nil {
		t.Fatal(err)
	}
	for _, not := range []string{"<script", "<img", "<link", "url(", "@import", "<iframe", "<form", ` onclick="`} {
		if strings.Contains(b.String(), not) {
			t.Errorf("the page holds %s", not)
		}
	}
	if !strings.Contains(b.String(), "&lt;script") {
		t.Error("what the order says isn't shown")
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestDiskFails(t *testing.T) {
	o := good(t, "sftp.order.hcl")
	wantCode(t, o.ShowText(broken{}), CodeDisk)
	wantCode(t, o.ShowHTML(broken{}), CodeDisk)
	wantCode(t, Template(broken{}), CodeDisk)
}
