package sink

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"regexp"
	"strings"
	"time"
)

// Sink takes a package. Put returns when the package lies whole under its name, with a receipt, or not at all.
type Sink interface {
	Put(ctx context.Context, name string, src Source) (*Receipt, error)
}

// Source is the ciphertext of one package: a [Stream] or a [*Spool].
type Source interface{ source() }

// Stream produces the ciphertext once. It must return the error that w gave, or one that wraps it. Its own error is
// returned by Put as it is, and then nothing was delivered.
type Stream func(w io.Writer) error

// Spool is ciphertext that can be read again.
type Spool struct {
	Content io.ReaderAt // must not change during Put
	Size    int64       // in bytes
	SHA256  [sha256.Size]byte
}

func (Stream) source() {}
func (*Spool) source() {}

// Verify says how what was laid down is verified before it gets its name.
type Verify uint8

// The ways to verify.
const (
	// VerifyIfAllowed reads it back and compares SHA-256. Where the server refuses reading, the size has to do, and the
	// receipt says so.
	VerifyIfAllowed Verify = iota
	// VerifyAlways reads it back, and refuses to deliver where that isn't allowed.
	VerifyAlways
	// VerifySize compares the size alone.
	VerifySize
)

// Options are common to all sinks. The zero value will do, except that Order must be set.
type Options struct {
	// Order names the order, without anything about a person. Leftovers are told apart by it, and the receipt carries it.
	Order string
	// Run tells one delivery of an order from the next, the same in a rerun: "2026-11", for instance. Without it, a
	// streamed delivery that was killed after its package got its name can't be completed by a rerun, and is refused.
	Run string
	// Verify says how the delivery is verified.
	Verify Verify
	// Expect is the size in bytes that a Stream is expected to have, to find out in time that there is no room. 0: unknown.
	Expect int64
	// Leftovers is the age at which unfinished files of the same order, under other names, are removed. 0: 48 hours.
	// Less than 0: never.
	Leftovers time.Duration
	// Attempts is how often to try in a row without getting any further. 0: 6.
	Attempts int
	// Now, Sleep and Random are the clock, the wait between attempts and the randomness of temporary names. nil: the
	// real ones.
	Now    func() time.Time
	Sleep  func(ctx context.Context, d time.Duration) error
	Random io.Reader
	// Progress is told how many bytes of the content have arrived so far. May be nil.
	Progress func(bytes int64)
}

func (o Options) withDefaults() (Options, error) {
	if !identifier.MatchString(o.Order) {
		return o, misuse(codeSettings, "1 to 128 of A-Z a-z 0-9 and . _ : + / -", "the order's name can't be used in a delivery")
	}
	if o.Run != "" && !identifier.MatchString(o.Run) {
		return o, misuse(codeSettings, "at most 128 of A-Z a-z 0-9 and . _ : + / -", "the run's name can't be used in a delivery")
	}
	if o.Verify > VerifySize || o.Expect < 0 || o.Attempts < 0 {
		return o, misuse(codeSettings, "", "the delivery's way to verify, expected size or number of attempts is none")
	}
	if o.Leftovers == 0 {
		o.Leftovers = 48 * time.Hour
	}
	if o.Attempts == 0 {
		o.Attempts = 6
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Progress == nil {
		o.Progress = func(int64) {}
	}
	return o, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

var (
	identifier = regexp.MustCompile(`^[A-Za-z0-9._:+/-]{1,128}$`)
	fileName   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)
	// reserved are names that Windows gives to devices, whatever the extension; servers run on Windows too.
	reserved = regexp.MustCompile(`^(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$`)
)

const receiptSuffix = ".receipt.json"

// CheckName reports why name can't be the name of a package. A name that passes is a plain file name on every system.
func CheckName(name string) error {
	if !fileName.MatchString(name) || strings.HasSuffix(name, ".") || reserved.MatchString(name) {
		return misuse(codeName, "1 to 128 of A-Z a-z 0-9 . _ -, beginning with a letter or digit and not ending with a dot",
			"the package can't have that name")
	}
	if strings.HasSuffix(strings.ToLower(name), receiptSuffix) {
		return misuse(codeName, "choose a name that doesn't end with "+receiptSuffix, "the package has the name of a receipt")
	}
	return nil
}

// partial is the name of an unfinished file of ours.
type partial struct {
	base    string // the name it is to have
	order   string // 8 hex digits that stand for the order
	content string // 16 hex digits of the content's SHA-256, or streamed
	random  string
}

const streamed = "stream"

var partialName = regexp.MustCompile(
	`^\.([A-Za-z0-9][A-Za-z0-9._-]{0,140})\.utdrag-partial-([0-9a-f]{8})-([0-9a-f]{16}|stream)-([0-9a-f]{16})$`)

func (p partial) String() string {
	return "." + p.base + ".utdrag-partial-" + p.order + "-" + p.content + "-" + p.random
}

func parsePartial(name string) (partial, bool) {
	m := partialName.FindStringSubmatch(name)
	if m == nil {
		return partial{}, false
	}
	return partial{m[1], m[2], m[3], m[4]}, true
}

func orderMark(order string) string {
	sum := sha256.Sum256([]byte("utdrag order\x00" + order))
	return hex.EncodeToString(sum[:4])
}

func randomMark(r io.Reader) (string, error) {
	var b [8]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return "", external(codeDisk, "", err, "there is no randomness")
	}
	return hex.EncodeToString(b[:]), nil
}
