package sink

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"time"
)

// delivery brings one package to one shelf. Its state outlives connections.
type delivery struct {
	Options
	name    string
	source  Source
	connect connector

	digest [sha256.Size]byte // of the content, once known
	size   int64
	known  bool // digest and size are
	asked  bool // the stream was asked for its content, which it gives once

	partial   string // our unfinished file, or ""
	receipt   string // our unfinished receipt, or ""
	arrived   int64  // bytes of the content that the shelf answered for
	spoiled   bool   // the partial isn't worth keeping
	doubt     bool   // the package may have got its name by us, for the answer didn't come
	published bool   // it has
	out       Receipt
}

func put(ctx context.Context, name string, source Source, options Options, connect connector) (*Receipt, error) {
	options, err := options.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := CheckName(name); err != nil {
		return nil, err
	}
	d := &delivery{Options: options, name: name, source: source, connect: connect}
	if err := d.checkSource(ctx); err != nil {
		return nil, err
	}
	return d.run(ctx)
}

// run attempts until it is done, or until nothing is gained any more.
func (d *delivery) run(ctx context.Context) (_ *Receipt, err error) {
	finished := false
	defer func() {
		if !finished {
			d.sweep(ctx)
		}
	}()
	for failures := 0; ; {
		before := d.arrived
		d.out.Attempts++
		err := d.once(ctx)
		switch {
		case err == nil:
			finished = true
			return &d.out, nil
		case ctx.Err() != nil:
			return nil, canceled(ctx, "the delivery of "+d.name)
		case !transient(err) || d.asked && !d.known:
			return nil, err
		}
		if d.arrived > before {
			failures = 0
		}
		failures++
		if failures >= d.Attempts {
			return nil, err
		}
		wait, random := d.backoff(failures)
		if random != nil {
			return nil, random
		}
		if d.Sleep(ctx, wait) != nil {
			return nil, canceled(ctx, "the delivery of "+d.name)
		}
	}
}

// backoff doubles from a second to a minute, and takes off up to half, so that those who broke together don't come back
// together.
func (d *delivery) backoff(failures int) (time.Duration, error) {
	full := min(time.Second<<min(failures-1, 10), time.Minute)
	var b [1]byte
	if _, err := d.Random.Read(b[:]); err != nil {
		return 0, external(codeDisk, "", err, "there is no randomness")
	}
	return full - full/2*time.Duration(b[0])/255, nil
}

// once is one attempt over one connection. Every step finds out what earlier attempts did.
func (d *delivery) once(ctx context.Context) error {
	s, err := d.connect(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	err = d.steps(ctx, s)
	if err != nil && !transient(err) && ctx.Err() == nil {
		d.drop(s)
	}
	return err
}

func (d *delivery) steps(ctx context.Context, s shelf) error {
	done, err := d.standing(ctx, s)
	if err != nil {
		return err
	}
	if !done {
		if err := d.transfer(ctx, s); err != nil {
			return err
		}
		if err := d.verify(ctx, s); err != nil {
			return err
		}
		if err := d.prepareReceipt(s); err != nil {
			return err
		}
		if err := d.publish(ctx, s); err != nil {
			return err
		}
	}
	return d.finish(s)
}

// standing reports whether the final name already holds what is delivered; something else there is an error.
func (d *delivery) standing(ctx context.Context, s shelf) (bool, error) {
	e, err := s.lstat(d.name)
	if errors.Is(err, fs.ErrNotExist) {
		if d.published {
			return true, nil // the recipient was quick
		}
		if _, err := s.lstat(d.name + receiptSuffix); err == nil {
			return false, d.taken(s, d.name+receiptSuffix)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return false, err
		}
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if !e.regular {
		return false, d.taken(s, d.name)
	}
	if d.published {
		return true, nil
	}
	if !d.known {
		return d.standingStream(ctx, s, e)
	}
	same, err := d.same(ctx, s, e, d.size, d.digest)
	switch {
	case transient(err):
		return false, err
	case same:
		d.out.Verified = VerifiedReadBack
		d.out.Already = !d.doubt
	case err != nil && d.doubt && d.Verify != VerifyAlways && e.size == d.size:
		// The answer to our own link or rename was lost, the name was free before it, and reading isn't allowed.
		d.remark("the connection broke while the package got its name, and it can't be read back; its size is right")
	default:
		return false, d.taken(s, d.name)
	}
	d.published = true
	d.describe()
	return true, nil
}

// standingStream compares what stands with what an earlier run of this delivery wrote into its receipt, finished or not.
func (d *delivery) standingStream(ctx context.Context, s shelf, e entry) (bool, error) {
	if d.Run == "" {
		return false, d.taken(s, d.name)
	}
	names := []string{d.name + receiptSuffix}
	all, err := s.list()
	if err != nil && transient(err) {
		return false, err
	}
	for _, other := range all {
		if p, ok := parsePartial(other.name); ok && p.base == d.name+receiptSuffix && p.order == orderMark(d.Order) {
			names = append(names, other.name)
		}
	}
	for _, name := range names {
		r, err := readReceipt(s, name)
		if transient(err) {
			return false, err
		}
		if err != nil || r.Package != d.name || r.Order != d.Order || r.Run != d.Run || r.Bytes != e.size {
			continue
		}
		var digest [sha256.Size]byte
		if _, err := hex.Decode(digest[:], []byte(r.SHA256)); err != nil {
			continue
		}
		same, err := d.same(ctx, s, e, r.Bytes, digest)
		if transient(err) {
			return false, err
		}
		if same {
			d.digest, d.size, d.known, d.published = digest, r.Bytes, true, true
			attempts := d.out.Attempts
			d.out = *r
			d.out.Already, d.out.Attempts = true, attempts
			return true, nil
		}
	}
	return false, d.taken(s, d.name)
}

// same reports whether the file has that size and hash. An error means that it couldn't be told.
func (d *delivery) same(ctx context.Context, s shelf, e entry, size int64, digest [sha256.Size]byte) (bool, error) {
	if e.size != size {
		return false, nil
	}
	got, err := digestOf(ctx, s, e.name, size)
	return err == nil && got == digest, err
}

func (d *delivery) taken(s shelf, name string) error {
	d.spoiled = true // under this name it can't be delivered any more
	return refused(codeTaken, "nothing was overwritten; ask the recipient to move it away, or deliver under another name",
		"%s: %s holds something else", s.where(), name)
}

// publish gives the package its name.
func (d *delivery) publish(ctx context.Context, s shelf) error {
	remark, err := s.publish(d.partial, d.name)
	switch {
	case errors.Is(err, fs.ErrExist):
		// A server may carry out late what an earlier connection asked for, so it is looked at whose it is.
		if done, err := d.standing(ctx, s); done || err != nil {
			return err
		}
		return d.taken(s, d.name)
	case errors.Is(err, fs.ErrNotExist):
		return d.overtaken(s)
	case err != nil:
		d.doubt = true
		return err
	}
	d.remark(remark)
	d.published, d.partial = true, ""
	return nil
}

func (d *delivery) overtaken(s shelf) error {
	d.partial = ""
	return refused(codeOvertaken, "see that each order is delivered by one run at a time, and run it again",
		"%s: the unfinished file of %s was taken over or removed by someone else", s.where(), d.name)
}

// describe fills in what the receipt says.
func (d *delivery) describe() {
	d.out.Format, d.out.Package, d.out.Order, d.out.Run = receiptFormat, d.name, d.Order, d.Run
	d.out.Bytes, d.out.SHA256 = d.size, hex.EncodeToString(d.digest[:])
	if d.out.Finished.IsZero() {
		d.out.Finished = d.Now().UTC().Truncate(time.Second)
	}
	if d.out.Verified == "" {
		d.out.Verified = VerifiedSize
	}
}

func (d *delivery) remark(text string) {
	if text == "" {
		return
	}
	for _, r := range d.out.Remarks {
		if r == text {
			return
		}
	}
	d.out.Remarks = append(d.out.Remarks, text)
}
