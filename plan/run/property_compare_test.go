package run_test

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/run"
)

// tables are the rows of a copy by table, as it holds them.
type tables = map[string][][]value.Value

// compare compares tables as bags of rows.
func compare(rt *rapid.T, what string, p *plan.Plan, want, got tables, story func() string) {
	if diff := cmp.Diff(printable(unpadded(p, stored(p, want))), printable(unpadded(p, got))); diff != "" {
		rt.Fatalf("%s (-oracle +%s):\n%s\n%s", what, what, diff, story())
	}
}

func printable(all tables) map[string][]string {
	printed := map[string][]string{}
	for name, rows := range all {
		lines := []string{}
		for _, row := range rows {
			var cells []string
			for _, v := range row {
				cells = append(cells, printableCell(v))
			}
			lines = append(lines, strings.Join(cells, "|"))
		}
		slices.Sort(lines)
		printed[name] = lines
	}
	return printed
}

// printableCell prints a cell with its form, so that nothing looks the same that differs.
func printableCell(v value.Value) string {
	switch v.Form() {
	case value.Null:
		return "NULL"
	case value.Bool:
		return strconv.FormatBool(v.Bool())
	case value.Int:
		return fmt.Sprint(v.Int())
	case value.Float:
		return strconv.FormatFloat(v.Float(), 'g', -1, 64) + "f"
	case value.Text:
		return fmt.Sprintf("%q", v.Text())
	}
	return fmt.Sprintf("%s %q", v.Form(), v.Text())
}

// stored are tables with every cell that a map declares, by a mask or a dummy, as its column stores it: decimals in the
// column's scale, and in PostgreSQL points in time in UTC.
func stored(p *plan.Plan, all tables) tables {
	return each(p, all, func(c *plan.Column, v value.Value) value.Value {
		switch v.Form() {
		case value.Decimal:
			if exact, ok := new(big.Rat).SetString(v.Text()); ok && c.Mask != "" {
				return value.NewDecimal(exact.FloatString(c.Type.Scale))
			}
		case value.Time:
			at, err := time.Parse(time.RFC3339Nano, v.Text())
			if err == nil && c.Type.Kind == value.TimestampTZ && p.Engine == "postgres" {
				return value.NewTime(at.UTC().Format("2006-01-02T15:04:05.999999999-07:00"))
			}
		}
		return v
	})
}

// unpadded are tables without the spaces by which columns of a fixed length may or may not fill their cells.
func unpadded(p *plan.Plan, all tables) tables {
	return each(p, all, func(c *plan.Column, v value.Value) value.Value {
		if v.Form() == value.Text && fixedLength(c) {
			return value.NewText(strings.TrimRight(v.Text(), " "))
		}
		return v
	})
}

// each changes every cell.
func each(p *plan.Plan, all tables, change func(*plan.Column, value.Value) value.Value) tables {
	changed := tables{}
	for name, rows := range all {
		columns := p.Tables[slices.IndexFunc(p.Tables, func(t plan.Table) bool { return t.Name.String() == name })].Columns
		changed[name] = [][]value.Value{}
		for _, row := range rows {
			cells := slices.Clone(row)
			for i := range cells {
				cells[i] = change(&columns[i], cells[i])
			}
			changed[name] = append(changed[name], cells)
		}
	}
	return changed
}

func fixedLength(c *plan.Column) bool {
	word, _, _ := strings.Cut(strings.ToLower(c.EngineType), "(")
	return slices.Contains([]string{"char", "character", "nchar", "bpchar"}, word)
}

// memorySink keeps what it is given.
type memorySink struct{ tables map[string][][]value.Value }

func (s *memorySink) Begin(context.Context, *plan.Plan, *run.Report) error {
	s.tables = map[string][][]value.Value{}
	return nil
}

func (s *memorySink) Table(_ context.Context, t *plan.Table) (run.RowWriter, error) {
	s.tables[t.Name.String()] = [][]value.Value{}
	return &memoryTable{s, t.Name.String()}, nil
}

func (s *memorySink) Finish(context.Context, *run.Report) error { return nil }
func (s *memorySink) Abort() error                              { return nil }

type memoryTable struct {
	sink *memorySink
	name string
}

func (t *memoryTable) Write(row []value.Value) error {
	t.sink.tables[t.name] = append(t.sink.tables[t.name], slices.Clone(row))
	return nil
}

func (t *memoryTable) Close() error { return nil }
