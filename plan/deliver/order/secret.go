package order

import (
	"bytes"
	"errors"
	"io"
	"net/url"
	"os"
	"regexp"
	"strings"
	"unicode"

	"github.com/utdrag/utdrag/filter/diag"
)

// Secret says where a secret is; it never holds one. The zero Secret is none.
type Secret struct {
	Env    string // an environment variable's name
	File   string // or a file's
	Prompt bool   // or in somebody's head, who is asked on the terminal
}

const prompted = "prompt"

// String is the place as orders write it: env:NAME, file:PATH, prompt or "".
func (s Secret) String() string {
	switch {
	case s.Env != "":
		return "env:" + s.Env
	case s.File != "":
		return "file:" + s.File
	case s.Prompt:
		return prompted
	}
	return ""
}

// variable is the portable form of an environment variable's name (POSIX.1-2017, Base Definitions 8.1), in capitals or not.
var variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,99}$`)

func readSecret(text string) (Secret, *flaw) {
	problem := &flaw{code: CodeSecret, summary: "this is not a place that a secret is kept at",
		advice: "write env:NAME for an environment variable or file:PATH for a file; the secret itself never stands in an order"}
	if name, ok := strings.CutPrefix(text, "env:"); ok && variable.MatchString(name) {
		return Secret{Env: name}, nil
	}
	if path, ok := strings.CutPrefix(text, "file:"); ok {
		path, bad := checkPath(path)
		if bad == nil {
			return Secret{File: path}, nil
		}
	}
	return Secret{}, problem
}

// readLogin is readSecret, or prompt.
func readLogin(text string) (Secret, *flaw) {
	if text == prompted {
		return Secret{Prompt: true}, nil
	}
	place, problem := readSecret(text)
	if problem != nil {
		problem.advice = "write env:NAME for an environment variable, file:PATH for a file, or prompt to be asked; the secret itself never stands in an order"
	}
	return place, problem
}

// checkPlace is readSecret as a checker, for what somebody may be asked for.
func checkPlace(text string) (string, *flaw) {
	place, problem := readLogin(text)
	return place.String(), problem
}

// maxSecret is far more than a password or a database's URL has.
const maxSecret = 64 << 10

// Secret returns what a secret's place holds, without an end of line. Only the place is told when it can't; the caller
// overwrites what it got after use.
func (o *Order) Secret(s Secret, getenv func(string) string) ([]byte, error) {
	empty := func(what string, cause error) ([]byte, error) {
		return nil, &diag.Error{Code: CodeNoValue, Class: diag.Misuse, Message: what, Advice: "put the secret where the order says that it is", Err: cause}
	}
	if s.Env != "" {
		if text := getenv(s.Env); text != "" {
			return []byte(text), nil
		}
		return empty("an environment variable that the order names is not set", nil)
	}
	if s.Prompt {
		return empty("the order has somebody asked for this secret", nil)
	}
	if s.File == "" {
		return empty("the order names no place for this secret", nil)
	}
	if !isFile(o.Path(s.File)) {
		return empty("what should be a file that holds a secret is none", errNoFile)
	}
	f, err := os.Open(o.Path(s.File))
	if err != nil {
		return empty("a file that should hold a secret can't be read", bare(err))
	}
	text, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return empty("a file that should hold a secret can't be read", bare(err))
	}
	kept := bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r"))
	if len(kept) == 0 || len(text) > maxSecret {
		clear(text)
		return empty("a file that should hold a secret is empty or too large", nil)
	}
	return kept, nil
}

// SourceURL returns the source database's URL, from where the order says that it is. It may hold a password then: it is not for
// logs. A SQLite file's name that the order itself gives begins in the order's folder.
func (o *Order) SourceURL(getenv func(string) string) (string, error) {
	if path, ok := strings.CutPrefix(o.Source, "sqlite:"); ok {
		return "sqlite:" + o.Path(path), nil
	}
	if !strings.HasPrefix(o.Source, "env:") && !strings.HasPrefix(o.Source, "file:") {
		return o.Source, nil
	}
	place, problem := readSecret(o.Source)
	if problem != nil {
		return "", &diag.Error{Code: problem.code, Class: diag.Misuse, Message: problem.summary, Advice: problem.advice}
	}
	text, err := o.Secret(place, getenv)
	if err != nil {
		return "", err
	}
	if scheme(string(text)) == "" {
		clear(text)
		return "", &diag.Error{Code: CodeNoValue, Class: diag.Misuse, Message: "what should hold the source's URL holds something else",
			Advice: "put a URL there: sqlite:FILE, postgres://HOST/NAME or sqlserver://HOST?database=NAME"}
	}
	return string(text), nil
}

// scheme is the kind of database that a URL begins with, or "".
func scheme(text string) string {
	for _, known := range []string{"sqlite:", "postgres://", "postgresql://", "sqlserver://"} {
		if len(text) > len(known) && strings.HasPrefix(text, known) {
			return known
		}
	}
	return ""
}

// letsIn are the parts of a parameter's name that say that its value lets somebody in: those of pgx, libpq and go-mssqldb and
// whatever resembles them.
var letsIn = []string{"pass", "pwd", "secret", "token", "assertion", "credential"}

// checkSource reads the place of the source database. What can't be read as a URL may hide a password, and isn't quoted.
func checkSource(text string) (string, *flaw) {
	wrong := &flaw{code: CodeSource, summary: "this is not a database's URL, or where to find one",
		advice: "write env:NAME or file:PATH of what holds the URL, sqlite:FILE, postgres://HOST/NAME or sqlserver://HOST?database=NAME"}
	hides := &flaw{code: CodeSecret, summary: "the database's URL holds a password, or can't be told not to",
		advice: "put the whole URL into an environment variable or a file and write env:NAME or file:PATH"}
	if strings.HasPrefix(text, "env:") || strings.HasPrefix(text, "file:") {
		if _, problem := readSecret(text); problem != nil {
			return "", wrong
		}
		return text, nil
	}
	known := scheme(text)
	if known == "" {
		if secretLike(text) || strings.Contains(text, "@") {
			return "", hides
		}
		return "", wrong
	}
	if known == "sqlite:" {
		path, problem := checkPath(text[len(known):])
		if problem != nil {
			return "", problem
		}
		if secretLike(path) {
			return "", hides
		}
		return known + path, nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return "", hides
	}
	query, err := url.ParseQuery(u.RawQuery)
	if _, set := u.User.Password(); err != nil || set || u.Fragment != "" || strings.Contains(u.Path, "@") {
		return "", hides
	}
	for name := range query {
		for _, part := range letsIn {
			if strings.Contains(strings.ToLower(name), part) {
				return "", hides
			}
		}
	}
	return text, nil
}

var (
	// inURL is a URL with a name and a password before the host, wherever it stands in a text.
	inURL = regexp.MustCompile(`[A-Za-z][A-Za-z0-9+.-]*://[^/?#\s@]*:[^/?#\s]*@`)
	// named is a secret with its name before it, as in connection strings, options and letters.
	named = regexp.MustCompile(`(?i)(password|passwd|pwd|passphrase|lösenord|lösenfras|secret|token|api-?key)\s*[=:]\s*\S`)
	// option is an argument whose value is a secret and follows in the next argument.
	option = regexp.MustCompile(`(?i)^--?(password|passwd|pwd|pass|passphrase|secret|token|api-?key)$`)
)

// secretLike reports whether a text looks as if it held a secret.
func secretLike(text string) bool { return inURL.MatchString(text) || named.MatchString(text) }

// checkCommand holds a command's arguments against what must not stand there.
func checkCommand(argv []string) *flaw {
	const advice = "let the command read it from its environment or a file"
	for i, argument := range argv {
		if secretLike(argument) || i+1 < len(argv) && option.MatchString(argument) {
			return &flaw{code: CodeSecret, summary: "the command's arguments hold a secret, or look as if they did", advice: advice}
		}
	}
	return nil
}

// bare is what the operating system said, without the file's name: somebody may have written a secret where it belongs.
func bare(err error) error {
	if path, ok := errors.AsType[*os.PathError](err); ok {
		return path.Err
	}
	return err
}

// badCharacter reports whether a text holds what has no business in a form: control characters other than those allowed, broken
// UTF-8, what shows nothing or whatever a font makes of it, and what makes a screen show another order than the text's (Unicode TR36,
// 2.5).
func badCharacter(text, allowed string) bool {
	return strings.ContainsFunc(text, func(c rune) bool {
		return !strings.ContainsRune(allowed, c) && (unicode.IsControl(c) || c == unicode.ReplacementChar || c == '\u2028' || c == '\u2029' || c == blankBraille ||
			unicode.In(c, unicode.Cf, unicode.Co, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector))
	})
}

// blankBraille is a symbol by its class and a blank by its looks.
const blankBraille = '\u2800'
