package sink_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"github.com/utdrag/utdrag/plan/deliver/sink"
)

// A stream is laid into a folder under its name when it is whole; running the same delivery again finds it done.
func ExampleFolder_Put() {
	dir, err := os.MkdirTemp("", "area")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	area := &sink.Folder{Path: dir, Options: sink.Options{Order: "order-7", Run: "2026-11",
		Now: func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }}}

	seal := sink.Stream(func(w io.Writer) error {
		_, err := io.WriteString(w, "ciphertext")
		return err
	})
	for range 2 {
		receipt, err := area.Put(context.Background(), "SE5560000001-0001.utdrag", seal)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(receipt.Bytes, receipt.Verified, receipt.Already)
	}
	// Output:
	// 10 read back false
	// 10 read back true
}

// The provider's server is known by the fingerprint that the provider told, and we to it by a key.
func ExampleSFTP() {
	area := &sink.SFTP{
		Host:    "sftp.vardgivare.example",
		User:    "region-utlamning",
		Folder:  "in",
		HostKey: sink.HostKey{Fingerprints: []string{"SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"}},
		Auth:    sink.Auth{KeyFiles: []string{"delivery.key"}},
		Options: sink.Options{Order: "order-7", Run: "2026-11", Verify: sink.VerifyAlways},
	}
	var _ sink.Sink = area
	var _ sink.Store = area
}
