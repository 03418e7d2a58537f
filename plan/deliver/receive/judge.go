package receive

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"github.com/utdrag/utdrag/plan/pack"
)

// ahead is how far the sender's clock may be before ours.
const ahead = 24 * time.Hour

// judge holds a verified package against what was asked for and what came before. What the caller allowed is a remark.
type judge struct {
	options Options
	state   *State
	now     time.Time
	remarks []string
}

func manifestHash(m *pack.Manifest) (string, error) {
	text, err := m.Encode()
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), err
}

// weigh refuses, or returns nil.
func (j *judge) weigh(m *pack.Manifest, e *Entry) error {
	if m.Provider != j.options.Provider {
		return refused(codeProvider, "don't load it; tell the sender, and erase it", "the package was made for another care provider than %s", j.options.Provider)
	}
	if j.options.Order != "" && m.Order.ID != j.options.Order {
		return refused(codeOrder, "name the package, or the order that it answers", "the package answers another order than %s", j.options.Order)
	}
	ours := slices.ContainsFunc(j.options.Keys.Secrets, func(s *pack.Secret) bool { return slices.Contains(m.Recipients, s.Fingerprint()) })
	if !ours || m.Signer != j.options.Keys.Sender.Fingerprint() {
		return refused(codeAddressee, "don't load it; ask the sender what was sent",
			"the package's manifest says that it was sealed for others or signed by others: somebody sealed it again")
	}
	if e.Order == (pack.Order{}) {
		if err := j.allow(codeUndated, "have it made by utdrag deliver; or compare it with what you have, and allow it with --allow-older",
			"the package doesn't say when it was made, so that nobody can tell it from an older one"); err != nil {
			return err
		}
	} else if e.Order.At().After(j.now.Add(ahead)) {
		if err := j.allow(codeFuture, "set this machine's clock, or tell the sender that theirs is wrong; --allow-older loads it all the same",
			"the package bears a time that is more than a day ahead of this machine's clock"); err != nil {
			return err
		}
	}
	return j.before(e)
}

// before compares with what came before.
func (j *judge) before(e *Entry) error {
	var last *Entry // the newest of the same provider and order
	for i := range j.state.Packages {
		p := &j.state.Packages[i]
		same := p.SHA256 == e.SHA256 || p.Manifest == e.Manifest && e.Order != (pack.Order{})
		if same && !p.Loaded.IsZero() {
			if err := j.allow(codeReplay, "wait for the next one, or load it again with --allow-older", "the package was received and loaded before, on %s",
				p.Received.Format(time.RFC3339)); err != nil {
				return err
			}
		}
		if !same && p.Provider == e.Provider && p.Order.ID == e.Order.ID && p.Order != (pack.Order{}) &&
			(last == nil || p.Order.At().After(last.Order.At())) {
			last = p
		}
	}
	if last == nil || e.Order == (pack.Order{}) {
		return nil
	}
	// The time decides, which the sender signed. The number, which goes on with the sender's log, is a second witness.
	later, further := e.Order.At().After(last.Order.At()), e.Order.Sequence > last.Order.Sequence
	switch {
	case later && !further:
		j.remarks = append(j.remarks, "the package is newer than the last one by its time, and not by its number: the sender's disclosure log was begun anew")
		return nil
	case later:
		return nil
	case !further:
		return j.allow(codeOlder, "ask the sender for the newest; --allow-older loads this one", "the package was made on %s, and one that was made on %s was received",
			e.Order.Created, last.Order.Created)
	}
	return j.allow(codeSetBack, "ask the sender whether their clock was set back; --allow-older loads it",
		"by its time the package is older than one that was received, and by its number newer")
}

// allow refuses unless the caller allowed older packages.
func (j *judge) allow(code, advice, format string, args ...any) error {
	err := refused(code, advice, format, args...)
	if !j.options.AllowOlder {
		return err
	}
	j.remarks = append(j.remarks, err.Error())
	return nil
}
