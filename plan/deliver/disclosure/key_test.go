package disclosure

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"
)

// A key that has expired or fails can't write a log.
func TestExpiry(t *testing.T) {
	e, err := openpgp.NewEntity("Region", "", "r@example.org", &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA, KeyLifetimeSecs: 3600,
		Time: func() time.Time { return start }})
	if err != nil {
		t.Fatal(err)
	}
	k := newKey(e)
	o := testOptions()
	o.Signer, o.Keys, o.Now = k, []Verifier{k}, func() time.Time { return start.Add(2 * time.Hour) }
	_, err = Create(filepath.Join(t.TempDir(), "x.log"), o)
	wantCode(t, err, codeSign)
	o.Random = nil
	o.Signer, o.Keys, o.Now = failing{k}, []Verifier{k}, func() time.Time { return start }
	_, err = Create(filepath.Join(t.TempDir(), "x.log"), o)
	wantCode(t, err, codeSign)
}

// failing is a key whose private part can't be used.
type failing struct{ testKey }

func (failing) Sign([]byte, time.Time) ([]byte, error) { return nil, errors.New("no") }

// Stock tools can check a log: sed, sha256sum and gpg, by what the package's comment says of the form.
func TestStockTools(t *testing.T) {
	for _, tool := range []string{"gpg", "sh", "sed", "sha256sum", "base64"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s isn't here", tool)
		}
	}
	l := newTestLog(t, startedFor(tallmo), delivered())
	dir, err := os.MkdirTemp("", "gpg") // a short path: gpg-agent's socket lies in it
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	var key bytes.Buffer
	if err := entities()[0].Serialize(&key); err != nil {
		t.Fatal(err)
	}
	overwrite(t, filepath.Join(dir, "key"), key.Bytes())
	const script = `set -e
gpg --batch --quiet --import "$GNUPGHOME/key"
[ "$(sed -n 2p "$LOG" | sha256sum | cut -c1-64)" = "$(sed -n '3s/.*"previous":"\([0-9a-f]*\)".*/\1/p' "$LOG")" ]
for n in 1 2 3; do
	sed -n "${n}s/,\"signature\":\"[^\"]*\"}\$/}/p" "$LOG" | tr -d '\n' > "$GNUPGHOME/body"
	sed -n "${n}s/.*,\"signature\":\"\([^\"]*\)\"}\$/\1/p" "$LOG" | base64 -d > "$GNUPGHOME/sig"
	gpg --batch --faked-system-time 20260302T000000 --status-fd 1 --verify "$GNUPGHOME/sig" "$GNUPGHOME/body" 2>/dev/null
done
`
	c := exec.Command("sh", "-c", script)
	c.Env = append(os.Environ(), "GNUPGHOME="+dir, "LOG="+l.path)
	out, err := c.CombinedOutput()
	if err != nil || strings.Count(string(out), "VALIDSIG "+region().Fingerprint()) != 3 {
		t.Errorf("%v\n%s", err, out)
	}
}
