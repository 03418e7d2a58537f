package order

import (
	"encoding/base64"
	"fmt"
	"net/mail"
	"net/netip"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/robfig/cron/v3"

	_ "time/tzdata" // the zone's rules must be there on a machine without them

	"github.com/utdrag/utdrag/filter/diag"
)

// A checker takes a value as somebody wrote it and returns it as it is kept, or what is wrong with it. The same checkers serve
// the reader and the questions on a terminal.
type checker func(text string) (string, *flaw)

const (
	maxLine  = 200
	maxProse = 4000
)

// checkLine takes one line of text; spaces around it don't count.
func checkLine(text string) (string, *flaw) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return "", &flaw{code: CodeText, summary: "the field is empty", advice: "fill it in"}
	case utf8.RuneCountInString(text) > maxLine:
		return "", &flaw{code: CodeText, summary: fmt.Sprintf("the text is longer than %d characters", maxLine), advice: "shorten it"}
	case badCharacter(text, ""):
		return "", &flaw{code: CodeText, summary: "the text holds a line break, a control character or an invisible one", advice: "write it without"}
	}
	return text, nil
}

// checkProse takes text of several lines; it may be empty.
func checkProse(text string) (string, *flaw) {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t")
	}
	text = strings.TrimSpace(strings.Join(lines, "\n"))
	switch {
	case utf8.RuneCountInString(text) > maxProse:
		return "", &flaw{code: CodeText, summary: fmt.Sprintf("the text is longer than %d characters", maxProse), advice: "shorten it"}
	case badCharacter(text, "\n\t"):
		return "", &flaw{code: CodeText, summary: "the text holds a control character or an invisible one", advice: "write it without"}
	}
	return text, nil
}

var id = regexp.MustCompile(`^[a-z0-9]+([._-][a-z0-9]+)*$`)

// device is what Windows takes for a device whatever follows the first dot (Microsoft, Naming Files, Paths, and Namespaces).
var device = regexp.MustCompile(`^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)`)

// checkID takes an order's id: it names files of state, so it is of letters that every file system takes and tells apart.
func checkID(text string) (string, *flaw) {
	if !id.MatchString(text) || len(text) > 60 {
		return "", &flaw{code: CodeID, summary: "the order's id is not a plain word",
			advice: "write at most 60 of a to z and 0 to 9, with single hyphens, dots or underscores between: tallmo-month"}
	}
	if device.MatchString(text) {
		return "", &flaw{code: CodeID, summary: "the order's id is what Windows calls a device", advice: "choose another: files are named by it"}
	}
	return text, nil
}

var phone = regexp.MustCompile(`^\+?[0-9][0-9 ()/-]*[0-9]$`)

func checkPhone(text string) (string, *flaw) {
	text = strings.Join(strings.Fields(text), " ")
	digits := len(strings.Map(func(c rune) rune {
		if '0' <= c && c <= '9' {
			return c
		}
		return -1
	}, text))
	// E.164 has at most 15 digits; the shortest Swedish numbers in use have 5 or more behind the prefix.
	if !phone.MatchString(text) || digits < 5 || digits > 15 {
		return "", &flaw{code: CodeContact, summary: "this is not a phone number", advice: "write 5 to 15 digits: 070-174 06 05 or +46 70 174 06 05"}
	}
	return text, nil
}

func checkEmail(text string) (string, *flaw) {
	text = strings.TrimSpace(text)
	address, err := mail.ParseAddress(text)
	if err != nil || address.Address != text || !strings.Contains(text[strings.LastIndexByte(text, '@')+1:], ".") || len(text) > 254 || badCharacter(text, "") {
		return "", &flaw{code: CodeContact, summary: "this is not an e-mail address", advice: "write it alone: anna@example.se"}
	}
	return text, nil
}

func checkPath(text string) (string, *flaw) {
	if text == "" || strings.TrimSpace(text) != text || len(text) > 1024 || badCharacter(text, "") || strings.Contains(text, "://") {
		return "", &flaw{code: CodePath, summary: "this is not a file's name", advice: "write a path; one that isn't absolute begins in the order's folder"}
	}
	return text, nil
}

func checkDate(text string) (string, *flaw) {
	d, problem := readDate(text)
	return d.String(), problem
}

// checkFingerprint takes the primary key's fingerprint: 40 hex digits of a version 4 key or 64 of a version 6 key (RFC 9580, 5.5.4).
func checkFingerprint(text string) (string, *flaw) {
	digits := strings.ToUpper(strings.NewReplacer(" ", "", ":", "", "0x", "").Replace(text))
	if strings.Trim(digits, "0123456789ABCDEF") != "" || len(digits) != 40 && len(digits) != 64 {
		return "", &flaw{code: CodeFingerprint, summary: "this is not a whole fingerprint of a key",
			advice: "write its 40 or 64 hex digits; gpg --show-keys FILE shows them, and the provider confirms them by another way than the file came"}
	}
	return digits, nil
}

// checkHostKey takes a host key's fingerprint as OpenSSH prints it: base64 without padding over SHA-256.
func checkHostKey(text string) (string, *flaw) {
	hash, ok := strings.CutPrefix(text, "SHA256:")
	sum, err := base64.RawStdEncoding.Strict().DecodeString(hash)
	if !ok || err != nil || len(sum) != 32 || strings.ContainsAny(hash, "\r\n") {
		return "", &flaw{code: CodeHostKey, summary: "this is not a host key's fingerprint",
			advice: "write SHA256: and 43 characters, as ssh-keygen -l -f prints it, confirmed by the server's owner"}
	}
	return text, nil
}

var hostName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$`)

// checkHost takes a host's name or address (RFC 1123, 2.1). One host is spelt in one way, so that accounts can be compared.
func checkHost(text string) (string, *flaw) {
	host := strings.ToLower(strings.TrimSuffix(text, "."))
	if address, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil && address.Zone() == "" {
		return address.Unmap().String(), nil
	}
	if !hostName.MatchString(host) || len(host) > 253 || strings.Trim(host, "0123456789.") == "" {
		return "", &flaw{code: CodeDelivery, summary: "this is not a host's name or address", advice: "write the name or address alone; port, user and folder have their own attributes"}
	}
	return host, nil
}

var user = regexp.MustCompile(`^[\pL\pN._@\\+-]+$`)

func checkUser(text string) (string, *flaw) {
	if !user.MatchString(text) || len(text) > 100 {
		return "", &flaw{code: CodeDelivery, summary: "this is not a user's name", advice: "write the account's name alone"}
	}
	return text, nil
}

// checkRemoteFolder takes a folder at an SFTP server. It doesn't lead upwards, and has one spelling.
func checkRemoteFolder(text string) (string, *flaw) {
	wrong := &flaw{code: CodeDelivery, summary: "this is not a folder at the server",
		advice: "write its path with / between, without .. and without a / at the end"}
	if text == "." || text == "/" {
		return text, nil
	}
	if len(text) > 1024 || badCharacter(text, "") || strings.Contains(text, "\\") || strings.TrimSpace(text) != text {
		return "", wrong
	}
	for _, part := range strings.Split(strings.TrimPrefix(text, "/"), "/") {
		if part == "" || part == "." || part == ".." {
			return "", wrong
		}
	}
	return text, nil
}

func checkZone(text string) (string, *flaw) {
	if _, err := time.LoadLocation(text); err != nil || text == "" || text == "Local" {
		return "", &flaw{code: CodeZone, summary: "the time zone is not known", advice: "write its name in the IANA database: " + defaultZone}
	}
	return text, nil
}

// checkCron takes the five fields of crontab(5). robfig/cron's other forms are refused: @every counts from when a program began,
// TZ= is what zone is for, and the rest have words of their own.
func checkCron(text string) (string, *flaw) {
	fields := strings.Fields(text)
	wrong := &flaw{code: CodeInterval, summary: "the cron expression can't be read",
		advice: `write minute, hour, day of month, month and day of week: "0 1 * * 1" is 01:00 on Mondays`}
	if len(fields) != 5 || badCharacter(text, " \t") || len(text) > maxLine {
		return "", wrong
	}
	expression := strings.Join(fields, " ")
	s, err := cron.ParseStandard(expression)
	if err != nil {
		return "", wrong
	}
	if s.Next(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return "", &flaw{code: CodeInterval, summary: "the cron expression names a day that never comes", advice: "check day of month and month"}
	}
	return expression, nil
}

func readDuration(text string) (time.Duration, *flaw) {
	d, err := time.ParseDuration(text)
	if err != nil || d < time.Second || d > 24*time.Hour || d%time.Second != 0 {
		return 0, &flaw{code: CodeDuration, summary: "this is not a duration of 1 second to 24 hours", advice: `write "30s", "5m" or "1h30m"`}
	}
	return d, nil
}

// choose is a checker of a few words. The word isn't quoted: it may be a secret in the wrong place.
func choose(words ...string) checker {
	return func(text string) (string, *flaw) {
		for _, w := range words {
			if w == text {
				return w, nil
			}
		}
		advice := diag.DidYouMean(text, words)
		if advice == "" {
			advice = "known here: " + strings.Join(words, ", ")
		}
		return "", &flaw{code: CodeUnknownWord, summary: "this word is not known here", advice: advice}
	}
}
