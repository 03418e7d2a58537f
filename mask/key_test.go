package mask_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/mask"
)

// secret is the bytes 0 to 31: the key of every vector.
func secret() []byte {
	s := make([]byte, mask.KeySize)
	for i := range s {
		s[i] = byte(i)
	}
	return s
}

func testKey(t testing.TB) *mask.Key {
	t.Helper()
	key, err := mask.NewKey(secret())
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// A key that is easy to guess hides nothing.
func TestNewKeyRefuses(t *testing.T) {
	for name, s := range map[string][]byte{
		"empty":     nil,
		"short":     secret()[:31],
		"all zero":  make([]byte, 32),
		"all alike": bytes.Repeat([]byte{7}, 64),
	} {
		if key, err := mask.NewKey(s); err == nil || key != nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// The same key is read whichever way it was written.
func TestReadKey(t *testing.T) {
	want := testKey(t).Fingerprint()
	odd := append([]byte{0xfb, 0xff}, secret()...) // gives + and / in base64
	oddKey, err := mask.NewKey(odd)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ text, fingerprint string }{
		"hex":             {hex.EncodeToString(secret()), want},
		"hex with line":   {strings.ToUpper(hex.EncodeToString(secret())) + "\r\n", want},
		"base64":          {base64.StdEncoding.EncodeToString(secret()) + "\n", want},
		"base64 unpadded": {base64.RawStdEncoding.EncodeToString(secret()), want},
		"raw":             {string(secret()), want},
		"base64 std":      {base64.StdEncoding.EncodeToString(odd), oddKey.Fingerprint()},
		"base64 url":      {base64.URLEncoding.EncodeToString(odd), oddKey.Fingerprint()},
	} {
		key, err := mask.ReadKey(strings.NewReader(c.text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := key.Fingerprint(); got != c.fingerprint {
			t.Errorf("%s: another key", name)
		}
	}
	for name, text := range map[string]string{
		"empty":           "",
		"blank":           " \n",
		"short hex":       hex.EncodeToString(secret()[:31]),
		"pass phrase":     "correct horse battery staple, and then some more of it",
		"Swedish phrase":  "rätt häst batteri häftstift, och sedan lite mer av det",
		"zero hex":        strings.Repeat("0", 64),
		"too long":        strings.Repeat("ab", 4000),
		"raw and too few": "\x00\x01\x02",
	} {
		key, err := mask.ReadKey(strings.NewReader(text))
		if err == nil {
			t.Errorf("%s: accepted as %v", name, key)
		} else if len(strings.TrimSpace(text)) > 8 && strings.Contains(err.Error(), strings.TrimSpace(text)[:8]) {
			t.Errorf("%s: the error quotes the key", name)
		}
	}
}

func TestReadKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte(hex.EncodeToString(secret())), 0o600); err != nil {
		t.Fatal(err)
	}
	key, err := mask.ReadKeyFile(path)
	if err != nil || key.Fingerprint() != testKey(t).Fingerprint() {
		t.Errorf("not the key that was written: %v", err)
	}
	if _, err := mask.ReadKeyFile(path + ".absent"); err == nil {
		t.Error("an absent file is a key")
	}
}

// Computed with Python's hmac.
func TestFingerprint(t *testing.T) {
	if got := testKey(t).Fingerprint(); got != "9da8b6a67b73ae27" {
		t.Errorf("fingerprint %s", got)
	}
}

// Trap 12: the key must not reach a log or a plan, whoever prints it.
func TestKeyIsNeverPrinted(t *testing.T) {
	key := testKey(t)
	type holder struct {
		Key     *mask.Key
		Copy    mask.Key
		private mask.Key
	}
	var printed strings.Builder
	for _, x := range []any{key, *key, holder{key, *key, *key}, &holder{key, *key, *key}, []*mask.Key{key}, map[string]mask.Key{"k": *key}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%c", "%o", "%b", "%U", "%t", "%e"} {
			fmt.Fprintf(&printed, verb+"\n", x)
		}
		text, err := json.Marshal(x)
		if err != nil {
			t.Fatal(err)
		}
		printed.Write(text)
		slog.New(slog.NewTextHandler(&printed, nil)).Info("m", "key", x)
		slog.New(slog.NewJSONHandler(&printed, nil)).Info("m", "key", x)
	}
	for _, leak := range []string{string(secret()[:4]), "00010203", "0 1 2 3", "0, 1, 2", "0x0, 0x1", "AAECAw", `\x00\x01`} {
		if strings.Contains(printed.String(), leak) {
			t.Errorf("the key shows as %q", leak)
		}
	}
	for _, got := range []string{fmt.Sprint(key), fmt.Sprintf("%#v", *key), fmt.Sprintf("%x", key)} {
		if got != "[masking key]" {
			t.Errorf("printed as %q", got)
		}
	}
}

func TestWipe(t *testing.T) {
	key := testKey(t)
	f, err := rule(t, "hash", text("person")).Func(textColumn(0), key)
	if err != nil {
		t.Fatal(err)
	}
	key.Wipe()
	if _, err := f(text("x")); err == nil {
		t.Error("a wiped key still hashes")
	}
	if got := key.Fingerprint(); got != "" {
		t.Errorf("a wiped key has the fingerprint %s", got)
	}
}
