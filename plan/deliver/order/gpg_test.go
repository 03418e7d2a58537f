package order

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/utdrag/utdrag/filter/diag"
)

// Keys as GnuPG makes and exports them, with the fingerprint that it shows.
func TestCheckKeysOfGnuPG(t *testing.T) {
	if _, err := exec.LookPath("gpg"); err != nil {
		t.Skip("gpg isn't installed: nothing is proved against its keys")
	}
	for _, test := range []struct {
		why   string
		make  []string // arguments of gpg, run one line after the other
		after time.Duration
		want  string
	}{
		{"Curve25519", []string{"--quick-gen-key it@example.se future-default default 1y"}, 0, ""},
		{"RSA of 3072 bits", []string{"--quick-gen-key it@example.se rsa3072 default 1y", "--quick-add-key FINGERPRINT rsa3072 encr 1y"}, 0, ""},
		{"RSA of 2048 bits", []string{"--quick-gen-key it@example.se rsa2048 default 1y", "--quick-add-key FINGERPRINT rsa2048 encr 1y"}, 0, CodeKeyShort},
		{"DSA and ElGamal", []string{"--quick-gen-key it@example.se dsa1024 default 1y", "--quick-add-key FINGERPRINT elg1024 encr 1y"}, 0, CodeKeyWeak},
		{"for signatures only", []string{"--quick-gen-key it@example.se ed25519 sign 1y"}, 0, CodeKeyUnfit},
		{"ends in twenty days", []string{"--quick-gen-key it@example.se future-default default 20d"}, 0, CodeKeyEnds},
		{"ended yesterday", []string{"--quick-gen-key it@example.se future-default default 20d"}, 21 * 24 * time.Hour, CodeKeyExpired},
		{"made a year ago for a month", []string{"--faked-system-time 20250101T000000 --quick-gen-key it@example.se future-default default 30d"}, 0, CodeKeyExpired},
	} {
		t.Run(test.why, func(t *testing.T) {
			if testing.Short() && strings.Contains(test.why, "SA") {
				t.Skip("primes take seconds to find")
			}
			home, err := os.MkdirTemp("", "gpg") // short: the agent's socket lies in it
			if err != nil {
				t.Fatal(err)
			}
			gpg := func(program string, args ...string) []byte {
				c := exec.Command(program, args...)
				c.Env = append(os.Environ(), "GNUPGHOME="+home, "LC_ALL=C")
				out, err := c.Output()
				if err != nil {
					t.Fatalf("%s %v: %v", program, args, err)
				}
				return out
			}
			t.Cleanup(func() {
				gpg("gpgconf", "--kill", "all")
				_ = os.RemoveAll(home)
			})
			shown := ""
			for _, line := range test.make {
				line = strings.ReplaceAll(line, "FINGERPRINT", shown)
				gpg("gpg", append([]string{"--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""}, strings.Fields(line)...)...)
				for l := range strings.Lines(string(gpg("gpg", "--list-keys", "--with-colons"))) {
					if f := strings.Split(l, ":"); f[0] == "fpr" && shown == "" {
						shown = f[9]
					}
				}
			}
			f := newOffice(t)
			o := f.order("tallmo", tallmo, nil, func(o *Order) { o.Recipient.Fingerprint = shown })
			f.file("tallmo.asc", gpg("gpg", "--armor", "--export", shown))
			found := Check(context.Background(), []*Order{o}, time.Now().Add(test.after), nil)
			judge(t, found)
			if got := diag.CodeOf(found); got != test.want || len(found) > 1 {
				t.Errorf("%v, want %q", found, test.want)
			}
		})
	}
}
