package disclosure

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"time"
)

// Filter chooses records. A zero field chooses all.
type Filter struct {
	Provider string
	Order    string
	From, To time.Time // From is within, To is not
}

func (f *Filter) chooses(r *Record) bool {
	at, d := r.At(), r.Disclosure
	switch {
	case !f.From.IsZero() && at.Before(f.From), !f.To.IsZero() && !at.Before(f.To):
		return false
	case f.Provider == "" && f.Order == "":
		return true
	}
	return d != nil && (f.Provider == "" || d.Provider == f.Provider) && (f.Order == "" || d.Order.ID == f.Order)
}

// Show writes the chosen records as a table, one line each. It checks no signature and no chain: verify does, and first.
func Show(w io.Writer, r io.Reader, f Filter) error {
	const form = "%6s  %-24s  %-9s  %-5s  %-21s  %10s  %s\n"
	return show(w, r, f, form, func(out io.Writer, _ []byte, r *Record) error {
		what, code, provider, rows, rest := "opened", "-", "-", "-", r.Actor.User+" on "+r.Actor.Host
		if c := r.Actor.Certificate; c != nil {
			rest += ", " + c.HSAID
		}
		if r.ClockBack {
			rest += "; the clock went back"
		}
		switch d := r.Disclosure; {
		case r.Repaired != nil:
			what, rest = "repaired", rest+"; "+r.Repaired.File
		case d != nil:
			what, code, provider = string(d.Outcome), orDash(d.Code), orDash(d.Provider)
			if len(d.Tables) > 0 {
				rows = d.rows()
			}
			if d.Order.ID != "" {
				rest = d.Order.ID + "; " + rest
			}
			if d.Package.Name != "" {
				rest += "; " + d.Package.Name
			}
		}
		_, err := fmt.Fprintf(out, form, strconv.FormatInt(r.Sequence, 10), r.Time, what, code, provider, rows, rest)
		return err
	})
}

// rows adds up the tables. The sum may be more than an int64 holds in a log that lies.
func (d *Disclosure) rows() string {
	var sum uint64
	for _, t := range d.Tables {
		if sum += uint64(t.Rows); sum > 1<<63 {
			return "many"
		}
	}
	return strconv.FormatUint(sum, 10)
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// ShowJSON writes the chosen records as the lines that they are in the log, byte for byte.
func ShowJSON(w io.Writer, r io.Reader, f Filter) error {
	return show(w, r, f, "", func(out io.Writer, line []byte, _ *Record) error {
		_, err := out.Write(append(line[:len(line):len(line)], '\n'))
		return err
	})
}

func show(w io.Writer, r io.Reader, f Filter, header string, write func(io.Writer, []byte, *Record) error) error {
	out := bufio.NewWriter(w)
	if header != "" {
		fmt.Fprintf(out, header, "number", "time", "outcome", "code", "provider", "rows", "order; who; package")
	}
	err := each(r, func(line []byte, r *Record) error {
		if !f.chooses(r) {
			return nil
		}
		return disk("showing the log", write(out, line, r))
	})
	if flushed := disk("showing the log", out.Flush()); err == nil {
		err = flushed
	}
	return err
}
