package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/plan/pack"
)

// expand replaces the script's variables in a file: expand FILE….
func expand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: expand FILE…")
	}
	for _, file := range args {
		text := os.Expand(ts.ReadFile(file), ts.Getenv)
		ts.Check(os.WriteFile(ts.MkAbs(file), []byte(text), 0o600))
	}
}

// sealed demands that a folder holds so many packages, each with a receipt, that a key opens, and nothing else: sealed N DIR KEY.
func sealed(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: sealed N DIR KEY")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	entries, err := os.ReadDir(ts.MkAbs(args[1]))
	ts.Check(err)
	packages := 0
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".receipt.json"); ok {
			if _, err := os.Stat(filepath.Join(ts.MkAbs(args[1]), name)); err != nil {
				ts.Fatalf("a receipt without its package: %s", e.Name())
			}
			continue
		}
		packages++
		key, err := pack.LoadSecret(strings.NewReader(ts.ReadFile(args[2])), nil)
		ts.Check(err)
		p, err := pack.OpenFile(filepath.Join(ts.MkAbs(args[1]), e.Name()), pack.Keys{Secrets: []*pack.Secret{key}}, pack.Limits{})
		ts.Check(err)
		ts.Check(p.Close())
	}
	if packages != want || len(entries) != 2*want {
		ts.Fatalf("%d packages and %d files, want %d packages with a receipt each", packages, len(entries), want)
	}
}

var (
	// A call that strace shows, its name and what follows; and the descriptor that it is about, with the file behind it (-y).
	tracedCall = regexp.MustCompile(`^(?:\d+ +)?(?:<\.\.\. )?(\w+)(.*)$`)
	tracedFile = regexp.MustCompile(`[(,] ?\d+<([^>]*)>`)
	tracedText = regexp.MustCompile(`"((?:\\x[0-9a-f]{2})*)"`)
	writing    = regexp.MustCompile(`O_WRONLY|O_RDWR|O_CREAT|O_TMPFILE`)
	sharedMap  = regexp.MustCompile(`PROT_WRITE.*MAP_SHARED`)
)

// canaries demands that no process of a trace (strace -f -y -xx) gave the word "canary" to the system to write, and that no file
// that was opened for writing and is still there holds it. With TARGET, a database that was asked for, it must be written there, or
// to files beside it that bear its name or none, and nowhere else: canaries TRACE [TARGET].
func canaries(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: canaries TRACE [TARGET]")
	}
	target := func(string) bool { return false }
	if len(args) == 2 {
		folder, name := filepath.Split(ts.MkAbs(args[1]))
		target = func(path string) bool {
			base := filepath.Base(path)
			unnamed := strings.HasPrefix(base, "#") // which gets the name, or goes with the process
			return filepath.Dir(path)+"/" == folder && (unnamed || strings.HasPrefix(strings.TrimLeft(base, "."), name))
		}
	}
	found, written, loaded := "", 0, 0
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		m := tracedCall.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if m == nil {
			continue
		}
		var all []byte
		for _, text := range tracedText.FindAllStringSubmatch(m[2], -1) {
			decoded, err := strconv.Unquote(`"` + text[1] + `"`)
			ts.Check(err)
			all = append(all, decoded...)
		}
		file, into := "", ""
		for i, f := range tracedFile.FindAllStringSubmatch(m[2], 2) {
			decoded, err := strconv.Unquote(`"` + f[1] + `"`)
			ts.Check(err)
			if into = decoded; i == 0 {
				file = decoded
			}
		}
		switch m[1] {
		case "open", "openat", "creat":
			if path := ts.MkAbs(string(all)); (writing.MatchString(m[2]) || m[1] == "creat") && !target(path) {
				found += held(ts, path)
			}
		case "mmap":
			// Pages of a file that is mapped to be written don't show in the trace.
			if sharedMap.MatchString(m[2]) && !strings.Contains(m[2], "MAP_ANONYMOUS") {
				found += "a file is mapped for writing; "
			}
		case "copy_file_range": // from one file, which can be looked into, to another
			if target(file) && target(into) {
				continue
			}
			if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() {
				found += "bytes pass unseen from " + file + " to " + into + "; "
			}
			found += held(ts, file)
		case "splice", "vmsplice", "sendfile", "io_uring_setup":
			found += "bytes pass unseen by " + m[1] + "; "
		default:
			written += len(all)
			switch {
			case !bytes.Contains(all, []byte("canary")):
			case target(file):
				loaded++
			default:
				found += m[1] + " to " + file + "; "
			}
		}
	}
	if written < 100 || len(args) == 2 && loaded == 0 {
		ts.Fatalf("the trace shows nothing")
	}
	if (found != "") != neg {
		ts.Fatalf("canaries: %q", found)
	}
}

// held looks into a file that was opened for writing, as far as it is still there.
func held(ts *testscript.TestScript, path string) string {
	if strings.HasPrefix(path, "/dev/") || strings.HasPrefix(path, "/proc/") {
		return ""
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return "" // a file without a name, in that folder
	}
	ts.Check(err)
	if bytes.Contains(text, []byte("canary")) {
		return path + "; "
	}
	return ""
}

// The examples for timers call what there is.
func TestScheduledExamples(t *testing.T) {
	for _, file := range []string{"utdrag.service", "crontab"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "examples", "systemd", file))
		if err != nil {
			t.Fatal(err)
		}
		m := regexp.MustCompile(`(?m)/usr/local/bin/utdrag (.*)$`).FindSubmatch(text)
		if m == nil {
			t.Fatalf("%s doesn't call utdrag", file)
		}
		args := strings.Fields(string(m[1]))
		c, rest, err := newRoot(newUI(nil, &bytes.Buffer{}, &bytes.Buffer{})).Find(args)
		if err != nil || c.Name() != "run" {
			t.Fatalf("%s calls %v: %v", file, args, err)
		}
		if err := c.ParseFlags(rest); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		if err := c.ValidateArgs(c.Flags().Args()); err != nil || demand(c, "sign") != nil {
			t.Errorf("%s lacks something: %v", file, err)
		}
	}
}

// The log keeps who ran something by a client certificate, if it comes from the authority named and its private key is at hand.
func TestActorByCertificate(t *testing.T) {
	folder := t.TempDir()
	now := time.Now()
	authority := certificate(t, folder, "authority", nil, &x509.Certificate{Subject: pkix.Name{CommonName: "Authority"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}, now)
	other := certificate(t, folder, "other", nil, &x509.Certificate{Subject: pkix.Name{CommonName: "Other"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}, now)
	person := &x509.Certificate{Subject: pkix.Name{CommonName: "Ann Alm", SerialNumber: "SE5500000012-E001"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	certificate(t, folder, "ann", authority, person, now)
	file := func(name string) string { return filepath.Join(folder, name) }
	s := &signing{certificate: file("ann.crt"), certificateKey: file("ann.key"), authorities: file("authority.crt")}
	c, err := s.actor(now)
	if err != nil || c.HSAID != "SE5500000012-E001" {
		t.Fatalf("%+v %v", c, err)
	}
	for name, bad := range map[string]*signing{
		"another authority": {certificate: s.certificate, certificateKey: s.certificateKey, authorities: file("other.crt")},
		"another key":       {certificate: s.certificate, certificateKey: file("other.key"), authorities: s.authorities},
		"no authority":      {certificate: s.certificate, certificateKey: s.certificateKey, authorities: file("ann.key")},
	} {
		if c, err := bad.actor(now); c != nil || diag.CodeOf(err) != codeCertificate {
			t.Errorf("%s: %v %v", name, c, err)
		}
	}
	if c, err := s.actor(now.AddDate(1, 0, 0)); c != nil || diag.CodeOf(err) != codeCertificate {
		t.Errorf("a year later: %v %v", c, err)
	}
	if other == authority {
		t.Error("one authority is the other")
	}
}

// pair is a certificate with its key.
type pair struct {
	certificate *x509.Certificate
	key         ed25519.PrivateKey
}

// certificate makes a certificate of a day, by an issuer or by itself, as NAME.crt and NAME.key.
func certificate(t *testing.T, folder, name string, by *pair, template *x509.Certificate, now time.Time) *pair {
	t.Helper()
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template.SerialNumber, template.NotBefore, template.NotAfter = big.NewInt(1), now.Add(-time.Hour), now.Add(24*time.Hour)
	if by == nil {
		by = &pair{template, key}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, by.certificate, public, by.key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{".crt": {Type: "CERTIFICATE", Bytes: der}, ".key": {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(filepath.Join(folder, name+file), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &pair{made, key}
}
