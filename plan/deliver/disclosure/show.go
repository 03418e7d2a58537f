package disclosure

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/utdrag/utdrag/filter/diag"
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
	in := newLines(r)
	for {
		line, err := in.read()
		if err == io.EOF {
			return disk("showing the log", out.Flush())
		}
		var record *Record
		switch {
		case err == errNoNewline:
			err = tornLine()
		case err == errLineLong:
			err = refused(codeLong, "", "a line is longer than %d bytes", maxLine)
		case err == nil:
			record, _, err = decodeRecord(line)
		}
		if err != nil {
			_ = out.Flush()
			if code := diag.CodeOf(err); code != "" {
				return failure(code, diag.Refused, "verify the log", err, "line %d can't be shown", in.number)
			}
			return disk("reading the log", err)
		}
		if f.chooses(record) {
			if err := write(out, line, record); err != nil {
				return disk("showing the log", err)
			}
		}
	}
}
