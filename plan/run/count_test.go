package run_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"testing"

	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"

	"github.com/utdrag/utdrag/examples/pmo"
	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/pack"
	"github.com/utdrag/utdrag/plan/run"
)

// What is counted before a copy is what is copied: with every kind of path, stub and included row, of every provider.
func TestCountedIsCopied(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pmo.db")
	if err := pmo.Generate(t.Context(), path, pmo.Options{}); err != nil {
		t.Fatal(err)
	}
	source := open(t, path)
	c, err := source.Catalog(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	m, found := schemamap.Parse("pmo.hcl", []byte(pmo.Map))
	if found.Refused() {
		t.Fatal(found)
	}
	for _, provider := range pmo.Providers() {
		p, found := plan.Build(m, c, filter.Request{Provider: provider.HsaID})
		if found.Refused() {
			t.Fatal(found)
		}
		var counted []run.Rows
		options := run.Options{Key: testKey(t), Counted: func(_ context.Context, rows []run.Rows) error { counted = rows; return nil }}
		report, err := run.Run(t.Context(), p, source, run.NewDatabase("sqlite:"+filepath.Join(t.TempDir(), "copy.db")), options)
		if err != nil {
			t.Fatal(err)
		}
		for i, table := range report.Tables {
			if want := (run.Rows{Table: table.Name, Rows: table.Rows}); counted[i] != want {
				t.Errorf("%s: counted %+v, copied %+v", provider.HsaID, counted[i], want)
			}
		}
		units, err := run.Units(t.Context(), p, source)
		if err != nil || !slices.Contains(units, provider.UnitHsaID) {
			t.Errorf("%s: %v %v", provider.HsaID, units, err)
		}
		for _, other := range pmo.Providers() {
			if other != provider && slices.Contains(units, other.UnitHsaID) {
				t.Errorf("%s has the unit %s", provider.HsaID, other.UnitHsaID)
			}
		}
	}
	p, found := plan.Build(m, c, filter.Request{Provider: "SE5500000020-9999"})
	if found.Refused() {
		t.Fatal(found)
	}
	if _, err := run.Units(t.Context(), p, source); diag.CodeOf(err) != plan.CodeAnchorRow {
		t.Error("a provider that isn't there:", err)
	}
}

// Units whose keys aren't texts can't be what an order names; without a unit block there are none.
func TestUnitsOfOtherMaps(t *testing.T) {
	const withUnits = `version = 1
provider {
  table = "Provider"
  key   = "HsaId"
  unit {
    table = "Unit"
    key   = "Id"
  }
}
` + unitBlock
	s := newScene(t, ownerSQL, withUnits)
	if _, err := run.Units(t.Context(), s.plan, s.source); diag.CodeOf(err) != run.CodeKeysNotText {
		t.Error(err)
	}
	s = newScene(t, ownerSQL, mapHead+unitBlock)
	if units, err := run.Units(t.Context(), s.plan, s.source); err != nil || len(units) > 0 {
		t.Error(units, err)
	}
}

// An error of whoever counts ends the run before the sink has begun.
func TestCountedRefuses(t *testing.T) {
	s := newScene(t, ownerSQL, mapHead+unitBlock)
	no := errors.New("no")
	began := false
	sink := run.NewStream(func(context.Context) (io.Writer, error) { began = true; return io.Discard, nil }, run.PackageOptions{})
	_, err := run.Run(t.Context(), s.plan, s.source, sink, run.Options{Counted: func(context.Context, []run.Rows) error { return no }})
	if !errors.Is(err, no) || began {
		t.Error(err, began)
	}
}

// A stream gets a whole package; one that fails fails the run.
func TestStream(t *testing.T) {
	e, err := openpgp.NewEntity("Bo", "", "bo@example.org", &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA})
	if err != nil {
		t.Fatal(err)
	}
	var public, private bytes.Buffer
	if err := errors.Join(e.Serialize(&public), e.SerializePrivateWithoutSigning(&private, nil)); err != nil {
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
	s := newScene(t, ownerSQL, mapHead+unitBlock)
	o := run.PackageOptions{Recipients: []*pack.Recipient{recipient}, Tool: "utdrag test"}
	var to bytes.Buffer
	if _, err := run.Run(t.Context(), s.plan, s.source, run.NewStream(func(context.Context) (io.Writer, error) { return &to, nil }, o), run.Options{}); err != nil {
		t.Fatal(err)
	}
	p, err := pack.Open(bytes.NewReader(to.Bytes()), pack.Keys{Secrets: []*pack.Secret{secret}}, pack.Limits{})
	if err != nil || p.Manifest().Provider != "SE1" {
		t.Error(err)
	}
	broken := errors.New("broken")
	_, err = run.Run(t.Context(), s.plan, s.source, run.NewStream(func(context.Context) (io.Writer, error) { return nil, broken }, o), run.Options{})
	if !errors.Is(err, broken) {
		t.Error(err)
	}
}
