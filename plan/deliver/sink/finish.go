package sink

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"time"

	"github.com/utdrag/utdrag/filter/diag"
)

// digestOf reads a file back. A refusal to read is an error that isn't transient.
func digestOf(ctx context.Context, s shelf, name string, size int64) (sum [sha256.Size]byte, err error) {
	f, err := s.open(name)
	if err != nil {
		return sum, err
	}
	defer f.Close()
	h := sha256.New()
	// A file that ends early is one that holds something else, not one that can't be read.
	if _, err := copyTo(ctx, h, &contents{file: f, size: size}); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return sum, err
	}
	return [sha256.Size]byte(h.Sum(nil)), nil
}

// verify holds what the shelf kept against what was sent.
func (d *delivery) verify(ctx context.Context, s shelf) error {
	e, err := s.lstat(d.partial)
	if errors.Is(err, fs.ErrNotExist) {
		return d.overtaken(s)
	}
	if err != nil {
		return err
	}
	if !e.regular || e.size != d.size {
		return d.altered(s)
	}
	how := VerifiedSize
	if d.Verify != VerifySize {
		sum, err := digestOf(ctx, s, d.partial, d.size)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case transient(err):
			return err
		case err != nil && d.Verify == VerifyAlways:
			d.spoiled = true
			return refused(codeUnread, "have the recipient allow the account to read its own files, or let the size do",
				"%s doesn't let us read %s back", s.where(), d.name)
		case err != nil:
			d.remark("the package can't be read back here, so only its size was verified")
		case sum != d.digest:
			return d.altered(s)
		default:
			how = VerifiedReadBack
		}
	}
	d.out.Verified = how
	d.describe()
	return nil
}

func (d *delivery) altered(s shelf) error {
	d.spoiled = true
	return refused(codeAltered, "the recipient's server or its disk alters files: have it examined before anything is delivered there",
		"%s didn't keep %s as it was sent", s.where(), d.name)
}

// prepareReceipt lays the receipt down under a temporary name.
func (d *delivery) prepareReceipt(s shelf) error {
	if d.receipt != "" {
		if err := s.remove(d.receipt); err != nil && transient(err) {
			return err
		}
	}
	text, err := d.out.Encode()
	if err != nil {
		return err
	}
	name, err := d.temporary(d.name+receiptSuffix, hex.EncodeToString(d.digest[:8]))
	if err != nil {
		return err
	}
	d.receipt = name
	f, err := s.create(name)
	if err != nil {
		return err
	}
	if _, err := f.WriteAt(text, 0); err != nil {
		_ = f.Close()
		return d.broken(s, err)
	}
	if err := d.close(f); err != nil {
		return err
	}
	if e, err := s.lstat(name); err != nil {
		return err
	} else if e.size != int64(len(text)) {
		return d.altered(s)
	}
	return nil
}

// finish lays down the receipt if it isn't there, and cleans up. The package has its name.
func (d *delivery) finish(s shelf) error {
	if d.partial != "" { // its link was made, and the connection broke before it was removed
		if err := s.remove(d.partial); transient(err) {
			return err
		}
		d.partial = ""
	}
	name := d.name + receiptSuffix
	_, err := s.lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		if d.receipt != "" {
			_, err := s.lstat(d.receipt)
			if transient(err) {
				return err
			}
			if err != nil {
				d.receipt = ""
			}
		}
		if d.receipt == "" {
			if err := d.prepareReceipt(s); err != nil {
				return err
			}
		}
		var remark string
		remark, err = s.publish(d.receipt, name)
		d.remark(remark)
		if err == nil {
			d.receipt = ""
		}
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := d.checkReceipt(s, name); err != nil {
		return err
	}
	if d.receipt != "" {
		if err := s.remove(d.receipt); err == nil {
			d.receipt = ""
		}
	}
	if e, err := s.lstat(name); err == nil {
		d.clean(s, e.changed)
	}
	return nil
}

// checkReceipt makes sure that the receipt that stands speaks of this package.
func (d *delivery) checkReceipt(s shelf, name string) error {
	r, err := readReceipt(s, name)
	switch {
	case transient(err):
		return err
	case err == nil && r.Package == d.name && r.SHA256 == d.out.SHA256 && r.Bytes == d.out.Bytes:
		if d.out.Already {
			d.out.Finished, d.out.Verified = r.Finished, r.Verified
		}
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return nil // the recipient was quick
	case err != nil && diag.CodeOf(err) != codeReceipt && d.Verify != VerifyAlways:
		return nil // it can't be read here
	}
	return d.taken(s, name)
}

func readReceipt(s shelf, name string) (*Receipt, error) {
	e, err := s.lstat(name)
	if err != nil {
		return nil, err
	}
	if !e.regular { // opening a pipe would wait for ever
		return nil, refused(codeReceipt, "ask who put it there", "the receipt is no file")
	}
	f, err := s.open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ReadReceipt(&contents{file: f, size: e.size})
}

// clean removes what earlier runs of the same order left: at once what was to become this package, if it has its name
// now; else what hasn't changed for long. now is by the shelf's clock, as are the times of its files.
func (d *delivery) clean(s shelf, now time.Time) {
	all, err := s.list()
	if err != nil {
		return
	}
	for _, e := range all {
		p, ok := parsePartial(e.name)
		if !ok || !e.regular || p.order != orderMark(d.Order) || e.name == d.partial || e.name == d.receipt {
			continue
		}
		ours := d.published && (p.base == d.name || p.base == d.name+receiptSuffix)
		old := d.Leftovers > 0 && e.changed.Unix() > 0 && now.Sub(e.changed) > d.Leftovers
		if ours || old {
			if err := s.remove(e.name); err != nil && !errors.Is(err, fs.ErrNotExist) {
				d.remark("an unfinished file of an earlier run couldn't be removed")
			}
		}
	}
}

// drop removes our unfinished files as far as they aren't worth keeping.
func (d *delivery) drop(s shelf) {
	if d.receipt != "" && !d.published && s.remove(d.receipt) == nil {
		d.receipt = ""
	}
	if d.partial != "" && (d.spoiled || !d.resumable()) && s.remove(d.partial) == nil {
		d.partial = ""
	}
}

func (d *delivery) resumable() bool {
	_, ok := d.source.(*Spool)
	return ok
}

// sweep drops over a connection of its own, when the delivery was given up and the other one is gone.
func (d *delivery) sweep(ctx context.Context) {
	unwanted := d.partial != "" && (d.spoiled || !d.resumable()) || d.receipt != "" && !d.published
	if !unwanted || d.doubt {
		// While it isn't known whether the package got its name, the receipt beside it is what a rerun needs.
		return
	}
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer stop()
	s, err := d.connect(ctx)
	if err != nil {
		return
	}
	defer s.close()
	d.drop(s)
}
