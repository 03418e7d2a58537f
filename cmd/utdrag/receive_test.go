package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/pack"
	"github.com/utdrag/utdrag/plan/run"
)

// ordered makes a package of journal.db that answers an order, made on a day of November 2025, sealed for anna and signed by
// bo: ordered FILE PROVIDER DAY.
func ordered(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: ordered FILE PROVIDER DAY")
	}
	day, err := strconv.Atoi(args[2])
	ts.Check(err)
	ctx := context.Background()
	source, err := run.Open(ctx, "sqlite:"+ts.MkAbs("journal.db"))
	ts.Check(err)
	defer source.Close()
	c, err := source.Catalog(ctx)
	ts.Check(err)
	m, found := schemamap.Parse("plain.hcl", []byte(ts.ReadFile("plain.hcl")))
	ts.Check(found.Err())
	p, found := plan.Build(m, c, filter.Request{Provider: args[1]})
	ts.Check(found.Err())
	anna, err := pack.LoadRecipient(strings.NewReader(ts.ReadFile("anna.asc")))
	ts.Check(err)
	bo, err := pack.LoadSecret(strings.NewReader(ts.ReadFile("bo-private.asc")), nil)
	ts.Check(err)
	order := pack.Order{ID: "tallmo", Hash: "sha256:" + strings.Repeat("ab", 32), Sequence: int64(day), Created: fmt.Sprintf("2025-11-%02dT03:00:00Z", day)}
	_, err = run.Run(ctx, p, source, run.NewPackage(ts.MkAbs(args[0]), run.PackageOptions{Recipients: []*pack.Recipient{anna}, Signer: bo, Tool: "utdrag test", Order: order}), run.Options{})
	ts.Check(err)
}

func TestServerOf(t *testing.T) {
	for text, want := range map[string]string{
		"sftp://u@h":               "u h 0 ",
		"sftp://u@h:2222/in":       "u h 2222 /in",
		"SFTP://u@h/~/in/out":      "u h 0 in/out",
		"sftp://u@[::1]:22/~":      "u ::1 22 ",
		"sftp://u%40x@h/a%20b":     "u@x h 0 /a b",
		"sftp://h/in":              "UA001",
		"sftp://u@/in":             "UA001",
		"sftp://u@h:x/in":          "UA001",
		"sftp://u@h:99999/in":      "UA001",
		"sftp://u@h/in?x=1":        "UA001",
		"sftp://u:canary@h/in":     "UA012",
		"sftp://u:can%ary@h/in":    "UA001",
		"sftp:u@h":                 "UA001",
		"sftp://u@h/in#f":          "UA001",
		"sftp://u@ho st/in":        "UA001",
		"sftp://u:@h/in":           "UA012",
		"sftp://region@sftp.x.se/": "region sftp.x.se 0 /",
	} {
		s, err := serverOf(text)
		got := diag.CodeOf(err)
		if err == nil {
			got = fmt.Sprintf("%s %s %d %s", s.User, s.Host, s.Port, s.Folder)
		} else if strings.Contains(err.Error(), "canary") {
			t.Errorf("an error holds a password: %v", err)
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// The times of a wait are Go's, and the help says them as people write them.
func TestReceiveWait(t *testing.T) {
	c := newReceive(newUI(nil, &strings.Builder{}, &strings.Builder{}))
	if err := c.Flags().Set("wait", "10m"); err != nil {
		t.Fatal(err)
	}
	if d, err := c.Flags().GetDuration("wait"); err != nil || d != 10*time.Minute {
		t.Errorf("%v %v", d, err)
	}
}
