package sink

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"time"
)

// Receipt says what was delivered. Its JSON lies beside the package as NAME.receipt.json. It holds nothing about the
// content but its size and hash.
type Receipt struct {
	Format   int       `json:"utdrag_receipt"` // 1
	Package  string    `json:"package"`
	Bytes    int64     `json:"bytes"`
	SHA256   string    `json:"sha256"` // hex, lowercase
	Order    string    `json:"order"`
	Run      string    `json:"run,omitempty"`
	Finished time.Time `json:"finished"` // UTC, whole seconds
	Verified string    `json:"verified"` // VerifiedReadBack, VerifiedSize or VerifiedByCommand

	// What follows is for the sender alone.

	// Already is set if an earlier run had delivered it, and at most the receipt was missing.
	Already bool `json:"-"`
	// Attempts counts connections; Resumed is how many bytes an earlier attempt or run had brought there.
	Attempts int   `json:"-"`
	Resumed  int64 `json:"-"`
	// Remarks says what is weaker than it could be, and why.
	Remarks []string `json:"-"`
}

// What Receipt.Verified says.
const (
	VerifiedReadBack  = "read back"
	VerifiedSize      = "size"
	VerifiedByCommand = "command's exit status"
)

const (
	receiptFormat = 1
	maxReceipt    = 4 << 10
)

// Encode returns the receipt's JSON.
func (r *Receipt) Encode() ([]byte, error) {
	if !r.sound() {
		return nil, misuse(codeReceipt, "", "the receipt lacks something or holds what a receipt can't say")
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return nil, misuse(codeReceipt, "", "the receipt can't be written")
	}
	return append(text, '\n'), nil
}

func (r *Receipt) sound() bool {
	sum, err := hex.DecodeString(r.SHA256)
	return r.Format == receiptFormat && CheckName(r.Package) == nil && r.Bytes >= 0 &&
		err == nil && len(sum) == sha256.Size && hex.EncodeToString(sum) == r.SHA256 &&
		identifier.MatchString(r.Order) && (r.Run == "" || identifier.MatchString(r.Run)) &&
		r.Finished.Location() == time.UTC && r.Finished.Nanosecond() == 0 &&
		r.Finished.Year() >= 2000 && r.Finished.Year() <= 9999 &&
		(r.Verified == VerifiedReadBack || r.Verified == VerifiedSize || r.Verified == VerifiedByCommand)
}

// ReadReceipt reads a receipt. Only what Encode wrote is one, to the byte: so no key comes twice, and none is unknown.
func ReadReceipt(r io.Reader) (*Receipt, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxReceipt+1))
	if err != nil {
		return nil, err
	}
	bad := func(why string) error {
		return refused(codeReceipt, "compare it with the one that the sender's disclosure log tells of", "the receipt %s", why)
	}
	if len(text) > maxReceipt {
		return nil, bad("is too large")
	}
	var receipt Receipt
	if err := json.Unmarshal(text, &receipt); err != nil {
		return nil, bad("isn't one of Utdrag's")
	}
	if receipt.Format != receiptFormat {
		return nil, bad("is of another format than this version's")
	}
	again, err := receipt.Encode()
	if err != nil || !bytes.Equal(again, text) {
		return nil, bad("isn't as Utdrag writes it")
	}
	return &receipt, nil
}
