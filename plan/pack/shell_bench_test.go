package pack

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// BenchmarkArchiveAndSeal and BenchmarkShellPipeline do the same work on the same table data: the one archives,
// compresses and seals parts that are CSV already, the other is what people would type. Both are for a Curve25519 key.
func BenchmarkArchiveAndSeal(b *testing.B) {
	anna, _, cleo := keys(b)
	content := csvOfVisits(b)
	for _, to := range []struct {
		name string
		ring
	}{{"mdc", anna}, {"aead", cleo}} {
		b.Run(to.name, func(b *testing.B) {
			b.SetBytes(int64(len(content)))
			dir := b.TempDir()
			for b.Loop() {
				path := filepath.Join(dir, "package")
				w, err := Create(path, Options{Info: testInfo("postgres"), Recipients: []*Recipient{to.recipient}})
				if err != nil {
					b.Fatal(err)
				}
				tw, err := w.Table(visits(1).table)
				if err != nil {
					b.Fatal(err)
				}
				for rest := content; len(rest) > 0; {
					n := min(len(rest), w.partSize)
					if err := tw.emit(rest[:n]); err != nil {
						b.Fatal(err)
					}
					rest = rest[n:]
				}
				if _, err := tw.Close(""); err != nil {
					b.Fatal(err)
				}
				if _, err := w.Commit(); err != nil {
					b.Fatal(err)
				}
				if err := os.Remove(path); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func csvOfVisits(b *testing.B) []byte {
	d := visits(400_000)
	content, err := encodeAll(d.table, false, PartSize, d.rows)
	if err != nil {
		b.Fatal(err)
	}
	return bytes.Join(content, nil)
}

func BenchmarkShellPipeline(b *testing.B) {
	for _, tool := range []string{"gpg", "tar", "zstd"} {
		if _, err := exec.LookPath(tool); err != nil {
			b.Skip("no " + tool)
		}
	}
	content := csvOfVisits(b)
	dir, home := b.TempDir(), b.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "Visit.csv"), content, 0o600); err != nil {
		b.Fatal(err)
	}
	shell := func(script string) {
		c := exec.Command("sh", "-ec", script)
		c.Env = append(os.Environ(), "GNUPGHOME="+home)
		if out, err := c.CombinedOutput(); err != nil {
			b.Fatalf("%v: %s", err, out)
		}
	}
	shell("chmod 700 $GNUPGHOME; gpg --batch --quiet --passphrase '' --quick-gen-key bench@example.org future-default default never")
	b.Cleanup(func() { shell("gpgconf --kill all") })
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		shell("tar -C " + dir + " -c Visit.csv | zstd -q | gpg --batch --quiet --yes --trust-model always -z 0 -r bench@example.org -o " + home + "/out --encrypt")
	}
}
