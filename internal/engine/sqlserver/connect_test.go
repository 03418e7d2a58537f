package sqlserver

import (
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/microsoft/go-mssqldb/msdsn"

	"github.com/utdrag/utdrag/filter/diag"
)

const password = "s3cret/%pass"

func config(t *testing.T, url string) msdsn.Config {
	t.Helper()
	a, err := parse(url)
	if err != nil {
		t.Fatal(err)
	}
	c, err := msdsn.Parse(a.dsn(a.database))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Rows travel encrypted to a server whose certificate is checked, unless the URL says otherwise.
func TestEncryptionIsTheDefault(t *testing.T) {
	tests := []struct {
		parameters string
		encryption msdsn.Encryption
		trust      bool
	}{
		{"", msdsn.EncryptionRequired, false},
		{"&encrypt=true", msdsn.EncryptionRequired, false},
		{"&Encrypt=strict", msdsn.EncryptionStrict, false},
		{"&TrustServerCertificate=true", msdsn.EncryptionRequired, true},
		{"&encrypt=false", msdsn.EncryptionOff, false},
		{"&encrypt=disable", msdsn.EncryptionDisabled, false},
	}
	for _, test := range tests {
		c := config(t, "sqlserver://u:p@host?database=care"+test.parameters)
		skips := c.TLSConfig != nil && c.TLSConfig.InsecureSkipVerify
		if c.Encryption != test.encryption || c.TrustServerCertificate != test.trust || skips != test.trust {
			t.Errorf("%s: encryption %d, trust %v, skips verification %v", test.parameters, c.Encryption, c.TrustServerCertificate, skips)
		}
	}
}

func TestURL(t *testing.T) {
	c := config(t, "SQLSERVER://sa:p%2Fw@db.example:1444/PROD?Database=care&applicationintent=readonly&packet+size=8000")
	if c.Host != "db.example" || c.Port != 1444 || c.Instance != "PROD" || c.Database != "care" || c.User != "sa" || c.Password != "p/w" ||
		!c.ReadOnlyIntent || c.AppName != "utdrag" || c.PacketSize != 8000 || c.LogFlags != 0 {
		t.Errorf("%+v", c.Parameters["app name"])
	}
	t.Setenv(passwordVariable, password)
	if c := config(t, "sqlserver://sa@host?database=care&app+name=mine"); c.Password != password || c.AppName != "mine" {
		t.Error("the password of the environment isn't used")
	}
	if c := config(t, "sqlserver://sa:own@host?database=care"); c.Password != "own" {
		t.Error("the URL's own password isn't used")
	}
	if c := config(t, "sqlserver://sa@host?database=care&password=own"); c.Password != "own" {
		t.Error("the URL's own password isn't used")
	}
}

// How long to wait for a lock is said to the server, and not to the driver, which would refuse it.
func TestLockTimeoutOfURL(t *testing.T) {
	for url, want := range map[string]int{"sqlserver://host?database=care": 60, "sqlserver://host?database=care&Lock+Timeout=5": 5} {
		a, err := parse(url)
		if err != nil || a.lockTimeout != want || strings.Contains(strings.ToLower(a.dsn("care")), "lock") {
			t.Errorf("%s: %d seconds, %v", url, a.lockTimeout, err)
		}
	}
}

// What is wrong with a URL is said without quoting it.
func TestBadURLs(t *testing.T) {
	urls := []string{
		"", "sqlserver:", "sqlite:x", "sqlserver://", "sqlserver://u:" + secret + "@host", "sqlserver://u:" + secret + "@?database=care",
		"sqlserver://u:" + secret + "/%zz@host?database=care", "sqlserver://u:" + secret + "@host?database=care&log=63",
		"sqlserver://u:" + secret + "@host?database=care&timezone=Europe/Stockholm", "sqlserver://u:" + secret + "@host?database=care&columnencryption=true",
		"sqlserver://u:" + secret + "@host?database=care&guid+conversion=true", "sqlserver://u:" + secret + "@host?database=care&change+password=x",
		"sqlserver://u:" + secret + "@host?database=care&encrpyt=disable", "sqlserver://u:" + secret + "@host?database=care&database=x",
		"sqlserver://u:" + secret + "@host?database=care&Database=x", "sqlserver://u:" + secret + "@host?database=care&ApplicationIntent=Sometimes",
		"sqlserver://u:" + secret + "@host?database=care#" + secret, "sqlserver://u:" + secret + "@host?database=care&a=%zz",
		"sqlserver://u:" + secret + "@host:port?database=care", "sqlserver://u@host?database=care&" + secret + "=1",
		"sqlserver://u:" + secret + "@host?database=care&encrypt=" + secret, "sqlserver://u:" + secret + "@host?database=care&packet+size=" + secret,
		"sqlserver://u:" + secret + "@host?database=care&fedauth=" + secret, "sqlserver://u:" + secret + "@host?database=care&dial+timeout=" + secret,
		"sqlserver://u:" + secret + "@host?database=care&lock+timeout=" + secret, "sqlserver://u:" + secret + "@host?database=care&lock+timeout=0",
		"sqlserver://u:" + secret + "@host?database=care&certificate=/nowhere/" + secret + ".pem",
	}
	for _, url := range urls {
		for _, do := range []func() error{
			func() error { _, err := Open(t.Context(), url); return err },
			func() error { _, err := CreateURL(t.Context(), url, ""); return err },
		} {
			err := do()
			coded, ok := errors.AsType[*diag.Error](err)
			if !ok || coded.Code != codeURL || coded.Class != diag.Misuse || coded.Advice == "" {
				t.Errorf("%q: %v", url, err)
				continue
			}
			if strings.Contains(err.Error()+coded.Advice, secret) {
				t.Errorf("%v quotes the URL", err)
			}
		}
	}
	_, err := parse("sqlserver://h?database=x&encrpyt=disable")
	if coded, ok := errors.AsType[*diag.Error](err); !ok || coded.Advice != `did you mean "encrypt"?` {
		t.Error(err)
	}
}

func TestNobodyIsThere(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := listener.Addr().String()
	listener.Close()
	url := "sqlserver://u:" + secret + "@" + nobody + "?database=care"
	_, err = Open(t.Context(), url)
	wants(t, err, codeOpen)
	if strings.Contains(err.Error(), secret) {
		t.Error(err)
	}
	_, err = CreateURL(t.Context(), url, "")
	wants(t, err, codeOpen)
}

func TestServerRefuses(t *testing.T) {
	s := live(t)
	wrong := *s.address
	wrong.query = map[string]string{}
	for name, value := range s.address.query {
		wrong.query[name] = value
	}
	_, err := Open(t.Context(), wrong.dsn("h3_no_such_database"))
	wants(t, err, codeMissing)
	wrong.url.User = nil
	wrong.query["user id"], wrong.query["password"] = "nobody", secret
	_, err = Open(t.Context(), wrong.dsn("master"))
	wants(t, err, codeLogin)
	if strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), "nobody") {
		t.Errorf("%v quotes the login", err)
	}
	_, err = CreateURL(t.Context(), wrong.dsn("h3_never_made"), "")
	wants(t, err, codeLogin)
	source := s.open("master")
	if err := source.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = source.Catalog(t.Context())
	wants(t, err, codeEnded)
}
