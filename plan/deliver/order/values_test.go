package order

import (
	"strings"
	"testing"
)

// cases are texts that a checker takes, with what it keeps, and texts that it refuses with a code.
type cases struct {
	check   checker
	takes   map[string]string
	refuses []string
	code    string
}

func TestValues(t *testing.T) {
	same := func(texts ...string) map[string]string {
		m := map[string]string{}
		for _, text := range texts {
			m[text] = text
		}
		return m
	}
	fingerprint := strings.Repeat("0123456789ABCDEF", 4)
	for name, test := range map[string]cases{
		"HSA-id": {checkHSAID, same("SE5500000020-1000", "SE165565594230-1000", "SE5500000020-a", "SE5500000020-"+strings.Repeat("X", 18)),
			[]string{"", "SE", "5500000020-1", "se5500000020-1", "SE5500000020", "SE5500000020-", "SE550000002-1", "SE55000000201-1", "SE195500000020-1", "SE5500000020-å",
				"SE5500000020-a@b", "SE5500000020-a-b", "SE5500000020-1 ", "SE５500000020-1", "SE5500000020-" + strings.Repeat("X", 19)}, CodeHSAID},
		"host": {checkHost, map[string]string{"SFTP.Example.se.": "sftp.example.se", "[2001:DB8::0:1]": "2001:db8::1", "::ffff:10.0.0.1": "10.0.0.1", "10.0.0.1": "10.0.0.1", "h": "h"},
			[]string{"", "a b", "u@h", "h:22", "sftp://h", "-h", "h..se", "10.0.0.256", "10.1", "fe80::1%eth0", "å.se"}, CodeDelivery},
		"folder at the server": {checkRemoteFolder, same(".", "/", "in", "/in/journal", "in journal/åäö"), []string{"", "..", "a/../b", "a//b", "a/", "./a", "a\\b", "a\nb"}, CodeDelivery},
		"host key": {checkHostKey, same("SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"),
			[]string{"", "SHA256:", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU", "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV",
				"MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48", "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSu\nFU"}, CodeHostKey},
		"fingerprint": {checkFingerprint, map[string]string{fingerprint: fingerprint, strings.ToLower(fingerprint[:40]): fingerprint[:40], "0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567": fingerprint[:40]},
			[]string{"", "89ABCDEF", fingerprint[:39], fingerprint + "0", strings.Repeat("G", 40)}, CodeFingerprint},
		"source": {checkSource, same("env:URL", "file:/run/secrets/url", "sqlite:a.db", "postgres://reader@h:5432/d?sslmode=verify-full", "sqlserver://h?database=d&user id=sa"),
			[]string{"", "a.db", "env:", "env:a b", "file:", "mysql://h/d", "sqlite:", "postgres:"}, CodeSource},
		"source with a password": {checkSource, nil, []string{"postgres://u:p@h/d", "postgres://u:@h/d", "sqlserver://h?password=p", "sqlserver://h?user id=sa&Pwd=p", "postgres://h/d?sslpassword=p",
			"host=h password=p", "postgres:/u:p@h/d", "mysql://u:p@h/d", "postgres://u:p/w@h/d", "postgres://h/d?%zz", "sqlite:a.db?password=p", "sqlserver://h?fedauth=x&ClientAssertion=p"}, CodeSecret},
		"cron": {checkCron, map[string]string{"0 1 * * 1": "0 1 * * 1", " 0  1\t* * MON-fri ": "0 1 * * MON-fri", "*/15 0-6 1,15 1/3 ?": "*/15 0-6 1,15 1/3 ?"},
			[]string{"", "@daily", "@every 1s", "TZ=UTC", "CRON_TZ=UTC 0 1 * * 1", "0 0 1 * * 1", "60 * * * *", "* * 0 * *", "* * 31 2 *", "0 1 * * 8"}, CodeInterval},
		"zone":    {checkZone, same("Europe/Stockholm", "UTC"), []string{"", "Local", "CET/x", "../x", "Sverige"}, CodeZone},
		"phone":   {checkPhone, map[string]string{"08-46500401": "08-46500401", "+46 8 465 00 401": "+46 8 465 00 401"}, []string{"", "112", "070", "+", "a070174", "1234567890123456"}, CodeContact},
		"e-mail":  {checkEmail, map[string]string{" a.b@c.example ": "a.b@c.example"}, []string{"", "a", "a@b", "a@b.se, c@d.se", "A <a@b.se>", "a@b.se\nBcc: c@d.se"}, CodeContact},
		"id":      {checkID, same("a", "tallmo-month.2"), []string{"", "A", "a b", "-a", "a--b", "../a", "a/b", "å", strings.Repeat("a", 61)}, CodeID},
		"line":    {checkLine, map[string]string{"\u00a0 a ": "a", "Åsa Öberg": "Åsa Öberg"}, []string{"", " ", "a\nb", "a\x00", "a\u202eb", "a\u200bb", "\xff", strings.Repeat("å", 201)}, CodeText},
		"prose":   {checkProse, map[string]string{"": "", " a \r\n  b\t\n\n": "a\n  b"}, []string{"a\rb", "a\x1b[2J", strings.Repeat("å", 4001)}, CodeText},
		"format":  {choose(Formats()...), same("sqlserver", "postgres", "sqlite"), []string{"", "SQLite", "oracle"}, CodeUnknownWord},
		"a user":  {checkUser, same("in", "DOMAIN\\in", "åsa@x"), []string{"", "a b", "u:p", "a/b"}, CodeDelivery},
		"a place": {checkPlace, same("env:A_1", "file:/a b"), []string{"", "hunter2", "env:", "env:1A", "env:A-B", "file:", "file: x", "ENV:A", "pass:x", "env:A\n"}, CodeSecret},
	} {
		t.Run(name, func(t *testing.T) {
			for text, want := range test.takes {
				kept, problem := test.check(text)
				if problem != nil || kept != want {
					t.Errorf("%q: %q, %v", text, kept, problem)
					continue
				}
				if again, problem := test.check(kept); problem != nil || again != kept {
					t.Errorf("%q is not taken as it was kept: %q, %v", kept, again, problem)
				}
			}
			for _, text := range test.refuses {
				if kept, problem := test.check(text); problem == nil || problem.code != test.code || kept != "" {
					t.Errorf("%q: %q, %v", text, kept, problem)
				}
			}
		})
	}
}

// The check digit is that of the organisation number, in both forms. 556559-4230 is Inera's own number.
func TestCheckDigit(t *testing.T) {
	for text, wrong := range map[string]bool{"SE5500000012-1": false, "SE5500000061-1": false, "SE165565594230-1000": false, "SE5565594230-1000": false,
		"SE5500000013-1": true, "SE165565594231-1000": true, "SE5500000102-1": true, "": false} {
		if problem := checkDigit(text); (problem != nil) != wrong {
			t.Errorf("%s: %v", text, problem)
		}
	}
}

func TestCommandSecrets(t *testing.T) {
	for argument, secret := range map[string]bool{
		"--password=x": true, "Token: x": true, "https://u:p@h/": true, "curl -u x; PWD=1": true, "lösenord:x": true,
		"--password-file=x": false, "https://h/a:b@c": false, "https://u@h/": false, "--password": false, "": false,
	} {
		if problem := checkCommand([]string{"x", argument}); (problem != nil) != secret {
			t.Errorf("%q: %v", argument, problem)
		}
	}
	if checkCommand([]string{"x", "--password", "p"}) == nil || checkCommand([]string{"x", "-token", "p"}) == nil {
		t.Error("a secret after its option's name is taken")
	}
}
