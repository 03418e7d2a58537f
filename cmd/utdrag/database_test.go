package main

import (
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/diag"
)

func TestHasPassword(t *testing.T) {
	for text, want := range map[string]bool{
		"postgres://u:p@h/d": true, "postgres://u:@h/d": true, "postgres://h/d?password=p": true, "postgres://h/d?PassWord=p": true, "postgres://h/d?a=%zz&password=p": true,
		"postgres://h/d?sslpassword=p": true, "sqlserver://h?database=d&pwd=p": true, "sqlserver://h?database=d&systemtoken=p": true, "sqlserver://h?clientassertion=p": true,
		"host=h password=p dbname=d": true, "server=h;Password = p": true, "pwd=p": true, "postgres:/u:p@h/d": true, "postgres:u:p@h/d": true, "SQLSERVER:/u:p@h": true,
		"postgres://u@h/d": false, "postgres://h/d": false, "sqlserver://h?database=d": false, "sqlite:password=x.db": false, "copy.tar.zst.pgp": false, "anna@x.pgp": false,
		"my-password.pgp": false, `C:\a@b.pgp`: false,
	} {
		if got := hasPassword(text); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// What stands in a variable and is no URL is not taken for the name of a file, which would be made and printed.
func TestResolve(t *testing.T) {
	for _, text := range []string{"host=h password=hidden dbname=d", "Server=h;Password=hidden", "hidden", "env:HIDDEN", ""} {
		t.Setenv("UTDRAG_TEST_URL", text)
		named := "env:UTDRAG_TEST_URL"
		err := resolve(&named)
		if diag.CodeOf(err) != codeInput || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%q: %v", text, err)
		}
	}
	t.Setenv("UTDRAG_TEST_URL", "postgres://u:p@h/d")
	named := "env:UTDRAG_TEST_URL"
	if err := resolve(&named); err != nil || named != "postgres://u:p@h/d" {
		t.Errorf("%q, %v", named, err)
	}
}
