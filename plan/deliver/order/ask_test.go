package order

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// answers are what a person says to the questions of an order; some of it won't do, and is asked for again.
var answers = []string{
	"Tallmo", "tallmo",
	"Tallmo Läkargrupp AB", "SE55000000-1000", "SE5500000021-1000",
	"Tallmo vårdcentral", "SE5500000020-U002", "kanske", "j",
	"Tallmo barn", "SE5500000020-U003", "",
	"weekly", "25:00", "", "2026-02-30", "2026-02-02", "Europe/Stokholm", "",
	"Åsa Öberg", "ring mig", "070-1740605", "asa", "asa@tallmo.example",
	"Bo Ek", "08-46500401", "bo@tallmo.example",
	"", "Uppföljning", "Ingen",
	"Åsa Öberg", "Tallmo", "i dag", "2026-01-12", "",
	"postgres://u:" + canary + "@h/d", "env:JOURNAL_URL", "journal.hcl", "", "",
	"tallmo.asc", "ABC", "0123456789ABCDEF0123456789ABCDEF01234567",
	"", "tallmo example", "sftp.tallmo.example", "0", "", "tallmo", "in", "", "known_hosts",
	"", canary, "env:TALLMO_SFTP",
}

func TestAsk(t *testing.T) {
	var shown bytes.Buffer
	o, found, err := Ask(NewTerminal(strings.NewReader(strings.Join(answers, "\n")), &shown), "tallmo.order.hcl")
	if err != nil {
		t.Fatalf("%v\n%s", err, shown.String())
	}
	judge(t, found)
	if len(found) != 1 || found[0].Code != CodeCheckDigit {
		t.Error("the check digit isn't remarked on:", found)
	}
	golden(t, "testdata/ask.order.hcl", string(Write(o)))
	golden(t, "testdata/ask.txt", shown.String())
	if strings.Contains(shown.String(), canary) {
		t.Error("an answer that may be a secret is shown again")
	}
	sameAgain(t, o)
}

// The other ways through the questions.
func TestAskOtherWays(t *testing.T) {
	delivery := slices.Index(answers, "tallmo example") - 1
	for name, change := range map[string]func(lines []string) []string{
		"key":                  func(l []string) []string { return append(l[:len(l)-3], "key", "id_ed25519", "file:phrase") },
		"key without a phrase": func(l []string) []string { return append(l[:len(l)-3], "key", "id_ed25519", "") },
		"agent":                func(l []string) []string { return append(l[:len(l)-3], "agent") },
		"folder":               func(l []string) []string { return append(l[:delivery], "folder", "out") },
		"command": func(l []string) []string {
			return append(l[:delivery], "command", "deliver", "--to", "--password=x", "x", "")
		},
		"cron": func(l []string) []string {
			l = append(l[:12:12], append([]string{"cron", "0 1 * *", "0 1 * * 1"}, l[15:]...)...)
			return l
		},
	} {
		t.Run(name, func(t *testing.T) {
			var shown bytes.Buffer
			text := strings.Join(change(append([]string(nil), answers...)), "\n") + "\n"
			o, _, err := Ask(NewTerminal(strings.NewReader(text), &shown), "x.order.hcl")
			if err != nil {
				t.Fatalf("%v\n%s", err, shown.String())
			}
			sameAgain(t, o)
		})
	}
}

// Somebody who goes away leaves no order, and a machine that answers nonsense isn't asked for ever.
func TestAskGivesUp(t *testing.T) {
	for n := range len(answers) - 1 {
		o, _, err := Ask(NewTerminal(strings.NewReader(strings.Join(answers[:n], "\n")), &bytes.Buffer{}), "x.order.hcl")
		if o != nil {
			t.Fatalf("an order of %d answers", n)
		}
		wantCode(t, err, CodeAnswer)
	}
	_, _, err := Ask(NewTerminal(strings.NewReader(strings.Repeat("?\n", 1000)), &bytes.Buffer{}), "x.order.hcl")
	wantCode(t, err, CodeAnswer)
}
