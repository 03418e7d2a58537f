package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan/run"
)

// answers are the forms of a query's answer, the first of which is the usual one.
var answers = []string{"table", "csv", "json"}

// querying is what the flags of query say.
type querying struct {
	asked
	format  string
	limit   int
	timeout time.Duration
}

// usualLimit is how many rows are shown unless told.
const usualLimit = 1000

func newQuery(u *ui) *cobra.Command {
	q := &querying{}
	c := &cobra.Command{
		Use:   "query --map FILE --source URL --provider ID (-e SQL | FILE | -)",
		Short: "run a query that sees one care provider's rows",
		Long: `Query rewrites a SELECT as utdrag rewrite does, and runs it. What the database says
when a query fails may quote rows that the query must not see, so it is kept back.

The forms:
  table  columns in line, for a terminal
  csv    RFC 4180, with a header line; NULL is an empty field
  json   an array of objects, one a row; columns without a name, or with one that
         occurs twice, are called column1, column2 and so on

What comes out: at most 1000 rows unless --limit says otherwise; where there are
more, a warning says so. Unlike everything else here, the answer is patient data in
clear: it goes to standard output and nowhere else.

` + exitCodes,
		Example: `  utdrag query --map journal.hcl --source sqlite:journal.db --provider SE5500000020-1000 \
      --mask-key mask.key -e 'SELECT COUNT(*) FROM Visit'
  utdrag query --map journal.hcl --source env:JOURNAL --provider SE5500000020-1000 \
      --format csv --limit 0 --timeout 5m report.sql`,
		Args: q.oneQuery,
		RunE: func(c *cobra.Command, args []string) error {
			if err := demand(c, "map", "source", "provider"); err != nil {
				return err
			}
			switch {
			case !slices.Contains(answers, q.format):
				return misuse(codeUsage, "choose table, csv or json", "an answer has no such format")
			case q.limit < 0:
				return misuse(codeUsage, "write 0 for no limit", "--limit can't be negative")
			case q.timeout < 0:
				return misuse(codeUsage, "write 0 for no limit", "--timeout can't be negative")
			}
			return u.answer(c.Context(), q, args)
		},
	}
	q.flags(c)
	q.sourceFlag(c, "the database, a `URL`: "+databases)
	c.Flags().StringVar(&q.format, "format", answers[0], "the `FORM` of the answer: table, csv or json")
	completeWords(c, "format", answers...)
	c.Flags().IntVar(&q.limit, "limit", usualLimit, "show at most `N` rows; 0 for all")
	c.Flags().DurationVar(&q.timeout, "timeout", 0, "give up after this `TIME`, such as 30s; 0 for never")
	return c
}

func (u *ui) answer(ctx context.Context, q *querying, args []string) (err error) {
	text, err := u.query(&q.asked, args)
	if err != nil {
		return err
	}
	f, err := u.filter(ctx, &q.asked)
	if err != nil {
		return err
	}
	confined, err := f.Rewrite(text)
	if err != nil {
		return err
	}
	u.diagnostics(confined.Warnings)
	if q.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, q.timeout, errTimeout)
		defer cancel()
		defer func() {
			if err != nil && context.Cause(ctx) == error(errTimeout) {
				err = errTimeout // and not how each part of the work ended by it
			}
		}()
	}
	source, err := run.Open(ctx, q.source) // which taking its catalog has resolved
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	rows, err := run.Query(ctx, source, f, confined)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	out := u.out
	buffer := bufio.NewWriterSize(out, 1<<16)
	u.out = &latched{w: buffer}
	defer func() {
		_ = buffer.Flush()
		if u.out = out; out.err != nil {
			err = nil // end says it
		}
	}()
	write := map[string]func(*run.Answer, *limited) error{"table": u.table, "csv": u.csv, "json": u.json}[q.format]
	limit := &limited{most: q.limit}
	if err := write(rows, limit); err != nil {
		return err
	}
	if limit.more {
		u.warn("give --limit a greater number, or 0 for all", "only the first %d rows are shown", q.limit)
	}
	return nil
}

var errTimeout = &diag.Error{Code: codeTimeout, Class: diag.External, Message: "the query took longer than --timeout allows"}

// limited counts rows out.
type limited struct {
	most, shown int
	more        bool
}

// next is the next row that may be shown.
func (l *limited) next(rows *run.Answer) ([]value.Value, error) {
	row, err := rows.Next()
	if row == nil || err != nil {
		return nil, err
	}
	if l.most > 0 && l.shown == l.most {
		l.more = true
		return nil, nil
	}
	l.shown++
	return row, nil
}

// cell is a cell as text. Bytes are hexadecimal.
func cell(v value.Value) string {
	switch v.Form() {
	case value.Null:
		return ""
	case value.Bool:
		return strconv.FormatBool(v.Bool())
	case value.Int:
		return strconv.FormatInt(v.Int(), 10)
	case value.Float:
		return strconv.FormatFloat(v.Float(), 'g', -1, 64)
	case value.Bytes:
		return hex.EncodeToString([]byte(v.Text()))
	}
	return v.Text()
}

func (u *ui) csv(rows *run.Answer, limit *limited) error {
	record := slices.Clone(rows.Columns)
	var text []byte
	for first := true; ; first = false {
		row, err := limit.next(rows)
		if err != nil {
			return err
		}
		if first { // a query that fails at once has no answer, not even a header
			text = csvLine(text[:0], record)
			if _, err := u.out.Write(text); err != nil {
				return err
			}
		}
		if row == nil {
			return nil
		}
		for i, v := range row {
			record[i] = cell(v)
		}
		text = csvLine(text[:0], record)
		if _, err := u.out.Write(text); err != nil {
			return err
		}
	}
}

// csvLine appends one line of RFC 4180. Package encoding/csv would change the ends of lines inside of cells. One empty field alone is
// quoted: a reader would take an empty line for nothing.
func csvLine(text []byte, record []string) []byte {
	for i, field := range record {
		if i > 0 {
			text = append(text, ',')
		}
		if len(record) == 1 && field == "" || strings.ContainsAny(field, "\",\r\n") {
			field = `"` + strings.ReplaceAll(field, `"`, `""`) + `"`
		}
		text = append(text, field...)
	}
	return append(text, "\r\n"...)
}

func (u *ui) json(rows *run.Answer, limit *limited) error {
	names := make([][]byte, len(rows.Columns))
	for i, name := range unlike(rows.Columns) {
		text, err := json.Marshal(name)
		if err != nil {
			return err
		}
		names[i] = text
	}
	var line []byte
	for {
		row, err := limit.next(rows)
		switch {
		case err != nil: // an answer that was cut short is no whole array
			return err
		case row == nil && limit.shown == 0:
			_, err := io.WriteString(u.out, "[]\n")
			return err
		case row == nil:
			_, err := io.WriteString(u.out, "\n]\n")
			return err
		}
		line = append(line[:0], ",\n{"...)
		if limit.shown == 1 {
			line = append(line[:0], "[\n{"...)
		}
		for i, v := range row {
			if i > 0 {
				line = append(line, ", "...)
			}
			text, err := jsonCell(v)
			if err != nil {
				return err
			}
			line = append(append(append(line, names[i]...), ": "...), text...)
		}
		if _, err := u.out.Write(append(line, '}')); err != nil {
			return err
		}
	}
}

// unlike are column names of which no two are the same and none is empty.
func unlike(columns []string) []string {
	seen := map[string]int{}
	for _, name := range columns {
		seen[name]++
	}
	names := slices.Clone(columns)
	for i, name := range columns {
		if name != "" && seen[name] == 1 {
			continue
		}
		names[i] = "column" + strconv.Itoa(i+1)
		for seen[names[i]] > 0 { // somebody's own
			names[i] += "_"
		}
		seen[names[i]]++
	}
	return names
}

func jsonCell(v value.Value) ([]byte, error) {
	switch v.Form() {
	case value.Null:
		return []byte("null"), nil
	case value.Bool, value.Int:
		return []byte(cell(v)), nil
	case value.Float:
		if text, err := json.Marshal(v.Float()); err == nil {
			return text, nil
		}
	}
	return json.Marshal(cell(v))
}

// widest is how many rows decide the widths of a table's columns. Rows after them are not kept waiting.
const widest = 200

func (u *ui) table(rows *run.Answer, limit *limited) error {
	names := slices.Clone(rows.Columns)
	for i, name := range names {
		names[i] = clean(inLine(name))
	}
	lines := [][]string{names}
	widths := make([]int, len(rows.Columns))
	measure := func(line []string) {
		for i, text := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(text))
		}
	}
	measure(names)
	flush := func() {
		for _, line := range lines {
			for i, text := range line {
				if i > 0 {
					u.print("  ")
				}
				if i == len(line)-1 {
					u.print("%s", text)
				} else {
					u.print("%-*s", widths[i], text)
				}
			}
			u.print("\n")
		}
		lines = lines[:0]
	}
	for {
		row, err := limit.next(rows)
		if err != nil {
			if limit.shown > 0 {
				flush()
			}
			return err
		}
		if row == nil {
			flush()
			return nil
		}
		line := make([]string, len(row))
		for i, v := range row {
			if line[i] = clean(inLine(cell(v))); v.IsNull() {
				line[i] = "NULL"
			}
		}
		lines = append(lines, line)
		if limit.shown <= widest {
			measure(line)
		}
		if limit.shown >= widest {
			flush()
		}
	}
}
